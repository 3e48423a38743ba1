//! Gives every landmark a name of its own and an entrance that people reach.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use hamlet_protocol::map::{Landmark, LandmarkKind, Point};

use super::entrance::{self, Entrance, Ground};
use super::landmarks::Candidate;
use super::reading::Reading;
use crate::space::grid::Grid;
use crate::space::regions::{Region, Regions};

/// How much smaller than the largest region the town may be.
const TOWN_SHARE: u32 = 8;

/// The landmarks of a town, in the order they were drawn; `None` after a fault when nobody can walk anywhere.
pub(super) fn settle(
    mut candidates: Vec<Candidate>,
    grid: &Grid,
    reading: &mut Reading<'_>,
) -> Option<Vec<Landmark>> {
    let regions = Regions::new(grid);
    let Some(largest) = regions.largest() else {
        let help = "clear tiles where the map says what blocks";
        reading.error("every tile is blocked: nobody could walk anywhere", help);
        return None;
    };
    let ground = Ground {
        town: town(&candidates, &regions, largest),
        regions,
    };
    name(&mut candidates, reading);
    let landmark = |candidate: Candidate| {
        let entrance = enter(&candidate, &ground, reading)?;
        let Candidate {
            name,
            kind,
            description,
            area,
            hours,
            ..
        } = candidate;
        Some(Landmark {
            name,
            kind,
            description,
            area,
            entrance,
            hours,
        })
    };
    Some(candidates.into_iter().filter_map(landmark).collect())
}

/// Which region is the town: the largest, unless the landmarks lie in a smaller one.
///
/// A fenced town stands in empty land that may be larger than itself.
/// So a region with at least two landmarks, with more of them than the largest region, and not much smaller, comes first;
/// a walled-off house is never taken for the town.
fn town(candidates: &[Candidate], regions: &Regions, largest: Region) -> Region {
    let mut landmarks: BTreeMap<Region, u32> = BTreeMap::new();
    for candidate in candidates {
        for region in entrance::regions_of(candidate.area, candidate.own.as_deref(), regions) {
            *landmarks.entry(region).or_default() += 1;
        }
    }
    let of_largest = landmarks.get(&largest).copied().unwrap_or(0);
    let can_be_town = |region: Region, count: u32| {
        count >= 2
            && count > of_largest
            && regions.tiles(region) >= regions.tiles(largest) / TOWN_SHARE
    };
    let better = landmarks
        .into_iter()
        .filter(|(region, count)| can_be_town(*region, *count));
    let best =
        better.max_by_key(|(region, count)| (*count, regions.tiles(*region), Reverse(*region)));
    best.map_or(largest, |(region, _)| region)
}

/// Numbers what has no name (`Home 1`) and what shares one (`Bakery`, `Bakery 2`); names that differ in case only are the same.
fn name(candidates: &mut [Candidate], reading: &mut Reading<'_>) {
    let mut taken: BTreeSet<String> = candidates
        .iter()
        .map(|candidate| candidate.name.to_lowercase())
        .collect();
    let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut unnamed = 0;
    for candidate in candidates.iter_mut() {
        if candidate.name.is_empty() {
            unnamed += 1;
            candidate.name = free(&title(&candidate.kind), 1, &mut taken);
            continue;
        }
        let same = used.entry(candidate.name.to_lowercase()).or_default();
        if !same.is_empty() {
            candidate.name = free(&candidate.name, same.len() as u32 + 1, &mut taken);
        }
        same.push(candidate.name.clone());
    }
    if unnamed > 0 {
        reading.warning(
            format!("landmarks without a name: {unnamed}"),
            "they are called after their kind, such as `Home 1`; name them in Tiled",
        );
    }
    for names in used.values().filter(|names| names.len() > 1) {
        let shown: Vec<_> = names
            .iter()
            .take(4)
            .map(|name| format!("`{name}`"))
            .collect();
        let more = if names.len() > shown.len() {
            ", …"
        } else {
            ""
        };
        reading.warning(
            format!("{} landmarks have the name `{}`", names.len(), names[0]),
            format!(
                "they are now {}{more}; give each its own name in Tiled",
                shown.join(", ")
            ),
        );
    }
}

/// The first name of this form that nobody has, from a number on.
fn free(stem: &str, from: u32, taken: &mut BTreeSet<String>) -> String {
    let mut number = from;
    loop {
        let name = format!("{stem} {number}");
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

/// A kind's word as a name begins.
fn title(kind: &LandmarkKind) -> String {
    let word = kind.as_str().replace('_', " ");
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or(word)
}

/// The entrance of a landmark; `None` after a fault says that there is none.
fn enter(candidate: &Candidate, ground: &Ground, reading: &mut Reading<'_>) -> Option<Point> {
    let what = format!("`{}` ({})", candidate.name, candidate.kind);
    if let Some(wish) = candidate.entrance {
        return wished(candidate, wish, &what, ground, reading);
    }
    match entrance::find(candidate.area, candidate.own.as_deref(), ground) {
        Entrance::Inside(p) | Entrance::Before(p) => Some(p),
        Entrance::WalledOff(_) if candidate.can_be_left_out => {
            reading.warning(
                format!("{what} is walled off and left out"),
                "open a door in the collision layer",
            );
            None
        }
        Entrance::WalledOff(_) if candidate.kind == LandmarkKind::Home => {
            reading.error(
                format!("{what} cannot be reached: it is walled off from the town"),
                "open a door in the collision layer; or block all its tiles, then people stop before it",
            );
            None
        }
        Entrance::WalledOff(p) => {
            reading.warning(
                format!("{what} is walled off: people stop before it, at {p}"),
                "open a door in the collision layer",
            );
            Some(p)
        }
        Entrance::None if candidate.can_be_left_out => {
            reading.warning(
                format!("{what} cannot be reached and is left out"),
                "clear a way in the collision layer",
            );
            None
        }
        Entrance::None => {
            let area = candidate.area;
            reading.error(
                format!("{what} cannot be reached: no tile in or beside it belongs to the town's walkable part"),
                format!(
                    "clear a way to the {} × {} tiles at ({}, {}) in the collision layer, move the landmark, or remove it",
                    area.width, area.height, area.x, area.y
                ),
            );
            None
        }
    }
}

/// The entrance that the map maker wrote down.
fn wished(
    candidate: &Candidate,
    wish: Point,
    what: &str,
    ground: &Ground,
    reading: &mut Reading<'_>,
) -> Option<Point> {
    let help = "write column and row of a walkable tile in or beside the landmark, or leave the property out";
    let wrong = if ground.regions.region(wish).is_none() {
        "is blocked or off the map"
    } else if !ground.in_town(wish) {
        "cannot be reached from the rest of the town"
    } else if !entrance::touches(candidate.area, wish) {
        "is not in or beside its area"
    } else {
        return Some(wish);
    };
    reading.error(format!("{what}: its entrance {wish} {wrong}"), help);
    None
}
