//! Buildings that are everybody's.

use crate::plan::Plan;
use crate::plan::building::{Building, build};
use crate::plan::town::place;

/// Town hall, café, library and clinic.
pub(super) fn public_buildings(plan: &mut Plan<'_>) {
    build(
        plan,
        Building {
            place: place(
                "Town Hall",
                "town_hall",
                Some("08:00-18:00"),
                "The town hall, with the council's table, the archive and a clock that is nearly right.",
            ),
            at: (34, 14),
            size: (14, 9),
            style: "stone",
            roof: "slate",
            floor: "carpet",
            door: (6, 2),
            side_door: None,
            room: &[
                "LlB..S...BlL",
                "............",
                "..i.i...H.H.",
                "p.f.....H.H.",
                "..C.C...H.H.",
                "p..........p",
            ],
            cloth: "blue",
            sign: None,
        },
    );
    plan.hang("clock gable", 39, 12);
    for x in [36, 45] {
        plan.hang("banner", x, 15);
    }
    build(
        plan,
        Building {
            place: place(
                "Copper Kettle Café",
                "cafe",
                Some("07:00-21:00"),
                "A warm café with round tables, cakes under glass and the smell of coffee.",
            ),
            at: (54, 23),
            size: (12, 8),
            style: "timber",
            roof: "red",
            floor: "checker",
            door: (5, 2),
            side_door: Some((false, 4)),
            room: &[
                "vkKu....hp",
                "MnmM......",
                "....so.os.",
                ".s........",
                ".o...so.so",
            ],
            cloth: "red",
            sign: Some("cup"),
        },
    );
    build(
        plan,
        Building {
            place: place(
                "Lantern Library",
                "library",
                Some("09:00-20:00"),
                "The library: tall shelves, long desks, green lamps, and whispering.",
            ),
            at: (54, 11),
            size: (12, 9),
            style: "brick",
            roof: "green",
            floor: "dark planks",
            door: (5, 2),
            side_door: None,
            room: &[
                "LlLL..lLlg",
                "....1.....",
                "sR.s..sR.s",
                "....2.....",
                "sR.s..sR.s",
                "p........p",
            ],
            cloth: "green",
            sign: Some("book"),
        },
    );
    build(
        plan,
        Building {
            place: place(
                "Fernhill Clinic",
                "clinic",
                None,
                "The clinic: white beds, clean curtains, somebody always awake.",
            ),
            at: (54, 1),
            size: (12, 7),
            style: "board",
            roof: "blue",
            floor: "tiles",
            door: (5, 2),
            side_door: None,
            room: &["yyeze.ezey", "..........", "d.........", "sp.......p"],
            cloth: "blue",
            sign: Some("cross"),
        },
    );
}

/// Where people make things.
pub(super) fn workshops(plan: &mut Plan<'_>) {
    build(
        plan,
        Building {
            place: place(
                "Shavings Workshop",
                "workshop",
                Some("07:00-19:00"),
                "A joiner's and weaver's workshop: benches, planks, two looms, sawdust in the light.",
            ),
            at: (25, 47),
            size: (13, 8),
            style: "timber",
            roof: "ochre",
            floor: "planks",
            door: (5, 2),
            side_door: None,
            room: &[
                "jaW.W.O.O.B",
                "...........",
                "W.s2...W.s.",
                ".......W.s.",
                "J.J......aE",
            ],
            cloth: "ochre",
            sign: Some("hammer"),
        },
    );
    build(
        plan,
        Building {
            place: place(
                "Ember Forge",
                "workshop",
                Some("07:00-19:00"),
                "The smithy and pottery by the river: a forge, a kiln, and somebody hammering.",
            ),
            at: (78, 36),
            size: (8, 8),
            style: "stone",
            roof: "plum",
            floor: "flags",
            door: (4, 1),
            side_door: None,
            room: &["F.N.QB", "......", "A.sqsq", "......", "W.a..."],
            cloth: "plum",
            sign: Some("pot"),
        },
    );
}
