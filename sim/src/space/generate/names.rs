//! Names and descriptions of a generated town, from word lists of our own.

use crate::rng::{Purpose, Stream};
use crate::space::generate::layout::Use;

const TREES: [&str; 40] = [
    "Willow", "Alder", "Hazel", "Rowan", "Linden", "Juniper", "Bramble", "Clover", "Fern",
    "Heather", "Thistle", "Sorrel", "Sage", "Lavender", "Poppy", "Tansy", "Yarrow", "Mallow",
    "Larch", "Aspen", "Maple", "Quince", "Cherry", "Damson", "Walnut", "Elder", "Holly", "Ivy",
    "Moss", "Reed", "Heron", "Otter", "Wren", "Finch", "Swallow", "Badger", "Hare", "Lark",
    "Plover", "Teal",
];

const WAYS: [&str; 12] = [
    "Lane", "Street", "Row", "Walk", "Way", "Road", "Path", "Rise", "Alley", "Terrace", "Drive",
    "Close",
];

const FRONTS: [&str; 32] = [
    "Amber", "Ash", "Barley", "Birch", "Black", "Bright", "Brook", "Copper", "Crane", "Dove",
    "East", "Fair", "Fox", "Gold", "Green", "Grey", "High", "Honey", "King", "Lower", "Mill",
    "Moon", "North", "Old", "Raven", "Silver", "South", "Stone", "Sun", "Upper", "West", "Wind",
];

const BACKS: [&str; 32] = [
    "acre", "barrow", "beck", "bridge", "brook", "bury", "church", "cote", "croft", "dale", "den",
    "field", "fold", "ford", "gate", "ham", "haven", "hill", "holm", "ley", "mead", "mere", "mill",
    "moor", "port", "ridge", "stead", "ton", "vale", "well", "wick", "wood",
];

const LOOKS: [&str; 12] = [
    "small",
    "tidy",
    "crooked",
    "sunny",
    "whitewashed",
    "narrow",
    "old",
    "cheerful",
    "quiet",
    "sturdy",
    "weathered",
    "snug",
];

const TRAITS: [&str; 16] = [
    "with herbs on the sill",
    "with a creaking gate",
    "with a bench by the door",
    "where bread is baked on Sundays",
    "with a cat in the window",
    "whose chimney leans",
    "with a blue door",
    "full of books",
    "with boots in the porch",
    "where somebody always hums",
    "with wind chimes",
    "with a pear tree behind it",
    "where the lamp burns late",
    "with a rain barrel",
    "with patched shutters",
    "that smells of soap and apples",
];

/// The town's words, shuffled by its seed. No name comes twice.
pub(super) struct Names {
    streets: Vec<(&'static str, &'static str)>,
    districts: Vec<(&'static str, &'static str)>,
    stream: Stream,
}

impl Names {
    /// The words of one town.
    pub(super) fn new(seed: u64) -> Self {
        let mut stream = Stream::new(seed, Purpose::Map, u64::MAX, 1);
        let mut streets: Vec<_> = WAYS
            .iter()
            .flat_map(|&way| TREES.iter().map(move |&tree| (tree, way)))
            .collect();
        let mut districts: Vec<_> = FRONTS
            .iter()
            .flat_map(|&front| BACKS.iter().map(move |&back| (front, back)))
            .collect();
        stream.shuffle(&mut streets);
        stream.shuffle(&mut districts);
        Self {
            streets,
            districts,
            stream,
        }
    }

    /// The name of a street from west to east.
    pub(super) fn street(&self, number: u32) -> String {
        let (tree, way) = self.streets[number as usize % self.streets.len()];
        // No map is so high that words run out; a number keeps names apart all the same.
        match number as usize / self.streets.len() {
            0 => format!("{tree} {way}"),
            again => format!("{tree} {way} {}", again + 1),
        }
    }

    /// The name of a district.
    pub(super) fn district(&self, number: u32) -> String {
        let (front, back) = self.districts[number as usize % self.districts.len()];
        match number as usize / self.districts.len() {
            0 => format!("{front}{back}"),
            again => format!("{front}{back} {}", again + 1),
        }
    }

    /// A sentence about a home.
    pub(super) fn home(&mut self, street: &str) -> String {
        let look = LOOKS[self.stream.below(LOOKS.len() as u32) as usize];
        let has = TRAITS[self.stream.below(TRAITS.len() as u32) as usize];
        let article = if look.starts_with('o') { "An" } else { "A" };
        format!("{article} {look} house {has}, on {street}.")
    }
}

/// Name and description of a public place.
pub(super) fn place(purpose: Use, district: &str) -> (String, String) {
    let (name, about) = match purpose {
        Use::Cafe => (
            "Café",
            "A large café with small tables, where half the district has its meals",
        ),
        Use::Market => ("Market", "The market square, with stalls round a fountain"),
        Use::Board => (
            "Board",
            "The bulletin board, on a paved corner with room to stand and read",
        ),
        Use::Joinery => (
            "Joinery",
            "A workshop of joiners and weavers, long benches in rows",
        ),
        Use::Smithy => ("Smithy", "A workshop of smiths and potters, loud and warm"),
        Use::Park => ("Park", "A park with a pond, trees and benches"),
        Use::Library => (
            "Library",
            "A library with long desks and shelves to the ceiling",
        ),
        Use::Clinic => (
            "Clinic",
            "A clinic with white beds; somebody is always awake",
        ),
        Use::TownHall => {
            return (
                "Town Hall".to_owned(),
                "The town hall, where the council's table stands and everybody may listen."
                    .to_owned(),
            );
        }
    };
    (
        format!("{district} {name}"),
        format!("{about}, in {district}."),
    )
}
