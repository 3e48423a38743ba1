//! Places under the open sky.

use crate::plan::town::place;
use crate::plan::{Area, Place, Plan, Terrain};

/// The square with its stalls, and the board in the yard of the hall.
pub(super) fn square(plan: &mut Plan<'_>) {
    for (x, y) in Area::new(30, 25, 22, 14).tiles() {
        let (dx, dy) = (2 * x + 1 - 82, 2 * y + 1 - 64);
        if dx * dx + dy * dy <= 74 {
            plan.clear(Terrain::Slab, x, y);
            plan.mark(Terrain::Cobble, x, y);
        }
    }
    plan.put("fountain", 39, 30);
    for (x, y) in [(35, 29), (45, 29), (35, 34), (45, 34)] {
        plan.put("planter tree", x, y);
    }
    for (x, y) in [(39, 25), (42, 25), (33, 29), (48, 29), (33, 34), (48, 34)] {
        plan.put("planter", x, y);
    }
    for (x, y, colour) in [
        (32, 27, "red"),
        (36, 26, "blue"),
        (44, 26, "green"),
        (48, 27, "ochre"),
        (32, 36, "plum"),
        (36, 36, "green"),
        (44, 36, "red"),
        (48, 36, "blue"),
    ] {
        plan.put(&format!("stall {colour}"), x, y);
    }
    for (name, x, y) in [
        ("crate apples", 35, 28),
        ("crate pears", 31, 28),
        ("sacks", 47, 27),
        ("barrel", 51, 28),
        ("crate", 31, 37),
        ("crate apples", 47, 37),
        ("barrel", 39, 37),
    ] {
        plan.put(name, x, y);
    }
    for (x, y) in [(33, 30), (33, 33), (47, 30), (47, 33)] {
        plan.put("bench", x, y);
    }
    plan.put("board", 45, 23);
    plan.places.push(Place { area: Area::new(43, 23, 7, 3), ..place("Town Board", "board", None, "The town's bulletin board in the yard of the hall: everybody's notes under one small roof.") });
    plan.places.push(Place { area: Area::new(30, 26, 22, 13), ..place("Market Square", "market", Some("07:00-20:00"), "The market: eight stalls round the fountain, with fruit, bread, cloth, fish and flowers.") });
    for (x, y) in [(33, 24), (49, 24)] {
        plan.put("hydrangea", x, y);
    }
}

/// The café's tables in the open.
pub(super) fn terrace(plan: &mut Plan<'_>) {
    plan.fill(Terrain::Slab, Area::new(54, 34, 13, 5));
    for (x, y, colour) in [
        (55, 34, "red"),
        (59, 34, "ochre"),
        (63, 34, "green"),
        (57, 36, "blue"),
        (61, 36, "red"),
    ] {
        plan.put(&format!("parasol {colour}"), x, y);
        plan.put("stool", x - 1, y + 1);
        plan.put("stool", x + 2, y + 1);
    }
    plan.fence("hedge", &[(67, 34), (67, 39), (59, 39)]);
    plan.fence("hedge", &[(55, 39), (53, 39), (53, 35)]);
    plan.places.push(Place {
        area: Area::new(54, 34, 13, 5),
        ..place(
            "Kettle Terrace",
            "cafe",
            Some("09:00-21:00"),
            "The café's terrace above the river, with parasols and a view of the bridge.",
        )
    });
}

/// The park with its pond.
pub(super) fn park(plan: &mut Plan<'_>) {
    for dy in -4..=4_i32 {
        let half = [7, 7, 6, 5, 3][dy.unsigned_abs() as usize];
        let shift = if dy > 0 { 1 } else { 0 };
        plan.fill(
            Terrain::Water,
            Area::new(57 - half + shift, 51 + dy, 2 * half, 1),
        );
    }
    plan.way(
        Terrain::Dirt,
        2,
        &[
            (43, 50),
            (46, 50),
            (48, 46),
            (53, 44),
            (61, 44),
            (65, 48),
            (66, 50),
            (65, 54),
            (61, 57),
            (53, 58),
            (48, 55),
            (46, 51),
        ],
    );
    plan.way(Terrain::Dirt, 2, &[(56, 39), (57, 44)]);
    plan.way(Terrain::Dirt, 2, &[(66, 50), (68, 50)]);
    plan.way(Terrain::Dirt, 2, &[(75, 50), (80, 46), (86, 46)]);
    plan.fence("hedge", &[(44, 40), (44, 61), (67, 61)]);
    plan.gate(Area::new(44, 50, 1, 2));
    plan.put("arbour", 55, 39);
    for (x, y) in [(50, 47), (62, 46), (50, 57), (63, 55), (57, 57)] {
        plan.put("bench", x, y);
    }
    for (name, area) in [
        ("tulips bed", Area::new(46, 43, 4, 2)),
        ("lavender bed", Area::new(62, 41, 4, 2)),
        ("buttercups bed", Area::new(46, 58, 4, 2)),
        ("bluebells bed", Area::new(53, 55, 3, 1)),
        ("daisies bed", Area::new(60, 60, 6, 1)),
        ("tulips bed", Area::new(51, 41, 3, 2)),
    ] {
        for (x, y) in area.tiles() {
            plan.detail(name, x, y);
        }
    }
    for (name, x, y) in [
        ("cherry", 45, 45),
        ("cherry", 64, 42),
        ("maple", 46, 54),
        ("oak", 62, 57),
        ("cherry", 51, 59),
        ("birch", 58, 58),
        ("young cherry", 52, 46),
    ] {
        plan.put(name, x, y);
    }
    plan.keep(Area::new(54, 40, 6, 4));
    plan.places.push(Place {
        area: Area::new(45, 40, 22, 21),
        ..place(
            "Willow Park",
            "park",
            None,
            "A park with a pond full of lilies, cherry trees, benches and flower beds.",
        )
    });
    plan.places.push(Place {
        area: Area::new(67, 31, 9, 3),
        ..place(
            "Withy Bridge",
            "place",
            None,
            "The wooden bridge over the Withy; people stop here to look at the water.",
        )
    });
}

/// The orchard in the north.
pub(super) fn orchard(plan: &mut Plan<'_>) {
    plan.fence("fence", &[(34, 2), (48, 2), (48, 8), (34, 8), (34, 2)]);
    plan.gate(Area::new(41, 8, 2, 1));
    plan.way(Terrain::Dirt, 2, &[(41, 8), (41, 10)]);
    for (i, x) in [35, 38, 44].into_iter().enumerate() {
        plan.put("apple", x, 2 + i as i32 % 2);
        plan.put("young apple", x + 1 - i as i32 % 2, 6);
    }
    plan.put("bench", 41, 4);
    plan.put("crate apples", 43, 7);
    plan.put("crate apples", 47, 7);
    plan.put("hay", 47, 4);
    plan.keep(Area::new(34, 2, 15, 7));
    plan.places.push(Place {
        area: Area::new(35, 3, 13, 5),
        ..place(
            "Old Orchard",
            "park",
            None,
            "Apple trees older than anybody's grandmother. Windfalls are for everyone.",
        )
    });
}

/// The farm in the south-west.
pub(super) fn fields(plan: &mut Plan<'_>) {
    plan.fence("fence", &[(18, 58), (18, 62), (38, 62), (38, 58), (18, 58)]);
    plan.gate(Area::new(27, 58, 2, 1));
    plan.way(Terrain::Dirt, 2, &[(27, 56), (27, 58)]);
    for (x, w, crop) in [
        (19, 4, "wheat"),
        (23, 4, "cabbages"),
        (29, 4, "pumpkins"),
        (33, 4, "carrots"),
    ] {
        let area = Area::new(x, 59, w, 3);
        plan.fill(Terrain::Soil, area);
        for (tx, ty) in area.tiles() {
            plan.detail(crop, tx, ty);
        }
    }
    plan.keep(Area::new(18, 58, 21, 5));
    plan.put("hay", 37, 59);
    plan.put("hay", 37, 60);
    plan.put("cart", 30, 57);
    plan.put("well", 13, 58);
    plan.places.push(Place {
        area: Area::new(19, 59, 19, 3),
        ..place(
            "Long Acre Farm",
            "workshop",
            Some("06:00-19:00"),
            "Wheat, cabbages, pumpkins and carrots in long rows; there is always weeding to do.",
        )
    });
}
