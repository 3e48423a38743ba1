//! Where people live.

use crate::plan::building::{Building, build};
use crate::plan::rooms::{LARGE, MIDDLE, SMALL};
use crate::plan::town::place;
use crate::plan::{Plan, Terrain};

/// Name, description, left column and row of the eave, room, door, walls, roof, cloth.
pub(super) type Home = (
    &'static str,
    &'static str,
    (i32, i32),
    &'static [&'static str],
    i32,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
pub(super) const HOMES: [Home; 21] = [
    ("1 Thistle Lane", "A farmhouse at the end of the lane, with a hearth that is never cold.",
     (3, 4), LARGE[1], 3, "timber", "red", "red"),
    ("2 Thistle Lane", "A tidy house behind hollyhocks.",
     (18, 4), MIDDLE[0], 3, "board", "slate", "blue"),
    ("3 Thistle Lane", "A house full of clocks and cats.",
     (26, 4), MIDDLE[1], 3, "brick", "ochre", "ochre"),
    ("1 Baker's Row", "The old baker's house; the oven still works.",
     (3, 14), LARGE[0], 3, "brick", "plum", "plum"),
    ("2 Baker's Row", "A narrow house with a wide table.",
     (18, 14), MIDDLE[2], 2, "timber", "green", "green"),
    ("3 Baker's Row", "A house with a view of the town hall's clock.",
     (26, 14), MIDDLE[3], 3, "stone", "red", "red"),
    ("1 Mill Street", "A roomy house on the main street, rarely quiet.",
     (3, 24), LARGE[2], 3, "stone", "blue", "blue"),
    ("2 Mill Street", "A house of readers: lamps burn late.",
     (18, 24), LARGE[3], 3, "timber", "slate", "green"),
    ("1 Meadow Lane", "A house among vegetable beds.",
     (3, 37), LARGE[0], 3, "timber", "green", "ochre"),
    ("2 Meadow Lane", "A house with a piano that nobody admits to playing.",
     (18, 37), MIDDLE[1], 3, "board", "red", "plum"),
    ("1 Long Acre", "The fields begin behind its kitchen.",
     (3, 48), LARGE[1], 3, "brick", "slate", "blue"),
    ("2 Long Acre", "A low house that smells of apples in autumn.",
     (18, 48), SMALL[0], 3, "timber", "ochre", "red"),
    ("1 Heron Walk", "The northernmost house by the river; one hears the weir.",
     (79, 4), SMALL[0], 3, "board", "blue", "blue"),
    ("2 Heron Walk", "A painter's house, blue inside and out.",
     (89, 4), SMALL[1], 3, "timber", "plum", "plum"),
    ("3 Heron Walk", "A house with rods and nets on every hook.",
     (79, 14), SMALL[1], 3, "stone", "green", "green"),
    ("4 Heron Walk", "A house with more plants than chairs.",
     (89, 14), SMALL[2], 3, "brick", "red", "ochre"),
    ("5 Bridge End", "The first house across the bridge.",
     (79, 24), SMALL[2], 1, "timber", "slate", "red"),
    ("6 Bridge End", "A house whose door stands open on warm evenings.",
     (89, 24), SMALL[0], 3, "board", "ochre", "blue"),
    ("7 Otter Bank", "A house opposite the forge; its people sleep soundly all the same.",
     (89, 37), SMALL[1], 3, "brick", "green", "green"),
    ("8 Otter Bank", "A house on the bank; otters have been seen.",
     (79, 48), SMALL[2], 2, "timber", "blue", "plum"),
    ("9 Otter Bank", "The last house before the woods.",
     (89, 48), SMALL[0], 3, "stone", "red", "ochre"),
];

/// Builds them all, with a path from each door to its lane.
pub(super) fn homes(plan: &mut Plan<'_>) {
    for (name, description, at, room, door, style, roof, cloth) in HOMES {
        let w = room[0].len() as i32 + 2;
        build(
            plan,
            Building {
                place: place(name, "home", None, description),
                at,
                size: (w, 7),
                style,
                roof,
                cloth,
                room,
                floor: if style == "brick" || style == "stone" {
                    "dark planks"
                } else {
                    "planks"
                },
                door: (door, 1),
                side_door: None,
                sign: None,
            },
        );
        let (x, front) = (at.0 + door, at.1 + 6);
        match front {
            30 => {}
            _ if at.0 == 79 => plan.way(Terrain::Dirt, 1, &[(x, front + 1), (86, front + 1)]),
            _ if at.0 == 89 => plan.way(Terrain::Dirt, 1, &[(x, front + 1), (87, front + 1)]),
            _ => plan.way(Terrain::Dirt, 1, &[(x, front + 1), (x, front + 2)]),
        }
    }
    plan.way(Terrain::Dirt, 1, &[(82, 44), (87, 44)]);
}
