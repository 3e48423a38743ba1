//! Our own town: fifty beds between the mill lane and the river.

use crate::plan::homes::{HOMES, homes};
use crate::plan::outdoors::{fields, orchard, park, square, terrace};
use crate::plan::public::{public_buildings, workshops};
use crate::plan::{Area, Place, Plan, Terrain, wild};
use crate::sheet::Packed;

/// Lays the whole town out.
pub(crate) fn town(art: &Packed) -> Plan<'_> {
    let mut plan = Plan::new(art);
    river(&mut plan);
    streets(&mut plan);
    public_buildings(&mut plan);
    workshops(&mut plan);
    homes(&mut plan);
    square(&mut plan);
    terrace(&mut plan);
    park(&mut plan);
    orchard(&mut plan);
    fields(&mut plan);
    gardens(&mut plan);
    lamps(&mut plan);
    zones(&mut plan);
    for (x, y) in Area::new(0, 0, super::WIDTH, super::HEIGHT).tiles() {
        if plan.is(Terrain::Water, x, y) && !plan.deck(x, y) {
            plan.block(x, y);
        }
    }
    groves(&mut plan);
    wild::meadows(&mut plan);
    wild::woods(&mut plan);
    wild::trees(&mut plan);
    wild::small_things(&mut plan);
    plan.finish((40, 29));
    plan
}

const RIVER: [(i32, i32); 10] = [
    (74, 0),
    (70, 7),
    (73, 15),
    (70, 23),
    (70, 29),
    (71, 34),
    (74, 41),
    (71, 49),
    (71, 54),
    (76, 63),
];

fn river(plan: &mut Plan<'_>) {
    for pair in RIVER.windows(2) {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        for y in ay..=by {
            let middle = ax + ((bx - ax) * (y - ay) * 2 + (by - ay)).div_euclid(2 * (by - ay));
            plan.fill(Terrain::Water, Area::new(middle - 2, y, 6, 1));
        }
    }
}

fn streets(plan: &mut Plan<'_>) {
    plan.way(Terrain::Cobble, 3, &[(0, 31), (95, 31)]);
    plan.way(Terrain::Cobble, 3, &[(50, 0), (50, 26)]);
    plan.way(Terrain::Cobble, 3, &[(40, 38), (40, 63)]);
    for lane in [
        &[
            (3, 11),
            (13, 11),
            (17, 12),
            (22, 11),
            (32, 11),
            (37, 10),
            (44, 10),
            (50, 9),
        ][..],
        &[(3, 21), (13, 21), (17, 22), (23, 21), (31, 21), (33, 23)],
        &[(15, 11), (16, 16), (15, 21), (16, 26), (15, 31)],
        &[(15, 33), (16, 38), (15, 44), (16, 49), (15, 55), (16, 61)],
        &[(3, 44), (12, 44), (20, 44), (27, 45), (33, 44), (40, 45)],
        &[(3, 55), (13, 55), (20, 55), (28, 55), (36, 55), (40, 56)],
        &[(86, 4), (87, 9), (86, 15), (87, 22), (86, 31)],
        &[(86, 33), (87, 38), (87, 44), (86, 50), (86, 60)],
        &[(52, 8), (64, 8)],
        &[(52, 20), (65, 20)],
    ] {
        plan.way(Terrain::Dirt, 2, lane);
    }
    plan.fill(Terrain::Slab, Area::new(30, 25, 22, 14));
    plan.fill(Terrain::Slab, Area::new(33, 23, 17, 2));
    plan.bridge(31, 3);
    plan.bridge(50, 2);
}

impl Plan<'_> {
    /// Whether a bridge's deck lies here.
    fn deck(&self, x: i32, y: i32) -> bool {
        let gid = self.layers[super::DETAILS][(y * super::WIDTH + x) as usize];
        gid == self.art.gid("bridge")
    }

    /// A bridge over the river for a street in these rows.
    fn bridge(&mut self, y: i32, rows: i32) {
        let wet = |plan: &Self, x: i32| (y - 1..=y + rows).any(|ty| plan.is(Terrain::Water, x, ty));
        let from = (60..90).find(|&x| wet(self, x)).unwrap_or(60) - 1;
        let to = (from + 1..90).find(|&x| !wet(self, x)).unwrap_or(90);
        for x in from..=to {
            for row in y..y + rows {
                self.detail("bridge", x, row);
                for terrain in [Terrain::Cobble, Terrain::Dirt] {
                    if self.is(Terrain::Water, x, row) {
                        self.clear(terrain, x, row);
                    }
                }
            }
            self.put("bridge north", x, y - 1);
            self.put("bridge south", x, y + rows);
        }
    }
}

/// A place whose area is set when it is built.
pub(super) fn place(
    name: &'static str,
    kind: &'static str,
    hours: Option<&'static str>,
    description: &'static str,
) -> Place {
    Place {
        name,
        kind,
        description,
        area: Area::new(0, 0, 1, 1),
        hours,
        beds: 0,
    }
}

fn gardens(plan: &mut Plan<'_>) {
    for (area, crop) in [
        (Area::new(12, 5, 2, 4), "tomatoes"),
        (Area::new(12, 16, 2, 3), "cabbages"),
        (Area::new(12, 26, 2, 3), "carrots"),
        (Area::new(12, 39, 2, 3), "pumpkins"),
        (Area::new(12, 50, 2, 3), "tomatoes"),
        (Area::new(27, 39, 2, 4), "carrots"),
        (Area::new(31, 41, 3, 2), "cabbages"),
        (Area::new(35, 41, 3, 2), "tomatoes"),
        (Area::new(28, 26, 1, 4), "cabbages"),
    ] {
        plan.fill(Terrain::Soil, area);
        for (x, y) in area.tiles() {
            plan.detail(crop, x, y);
        }
    }
    let flowers = ["tulips", "daisies", "lavender", "buttercups", "bluebells"];
    for (i, &(_, _, (x, y), room, door, ..)) in HOMES.iter().enumerate() {
        let w = room[0].len() as i32 + 2;
        for dx in 0..w {
            if (dx - door).abs() > 1 && plan.bare(x + dx, y + 7) {
                plan.detail(&format!("{} bed", flowers[i % 5]), x + dx, y + 7);
            }
        }
        for (dx, dy) in [(-1, 3), (-1, 5), (w, 2), (w, 4)] {
            if plan.bare(x + dx, y + dy) && (x + dx) % 96 > 0 {
                plan.put(
                    ["hydrangea", "light bush", "berry bush"][(i + dy as usize) % 3],
                    x + dx,
                    y + dy,
                );
            }
        }
    }
}

impl Plan<'_> {
    /// Whether a tile is grass with nothing on it, kept or not.
    fn bare(&self, x: i32, y: i32) -> bool {
        let tile = (y * super::WIDTH + x) as usize;
        [
            Terrain::Water,
            Terrain::Soil,
            Terrain::Dirt,
            Terrain::Cobble,
            Terrain::Slab,
        ]
        .iter()
        .all(|&t| !self.is(t, x, y))
            && [super::DETAILS, super::WALLS, super::OBJECTS]
                .iter()
                .all(|&layer| self.layers[layer].get(tile) == Some(&0))
    }
}

/// Trees that somebody planted.
fn groves(plan: &mut Plan<'_>) {
    for (name, x, y) in [
        ("oak", 27, 34),
        ("maple", 36, 42),
        ("birch", 10, 33),
        ("oak", 30, 32),
        ("cherry", 53, 28),
        ("oak", 66, 2),
        ("willow", 76, 6),
        ("birch", 77, 17),
        ("oak", 92, 58),
        ("maple", 82, 56),
        ("birch", 89, 57),
        ("cherry", 9, 58),
        ("oak", 4, 58),
        ("birch", 27, 0),
        ("maple", 31, 0),
        ("oak", 11, 0),
        ("birch", 83, 0),
        ("oak", 91, 0),
        ("oak", 66, 12),
        ("willow", 75, 20),
        ("cherry", 80, 32),
        ("oak", 90, 32),
        ("birch", 9, 17),
        ("cherry", 75, 56),
        ("oak", 36, 43),
        ("birch", 3, 33),
        ("oak", 67, 36),
        ("maple", 21, 33),
    ] {
        let clear = Area::new(x, y + 1, 3, 2)
            .tiles()
            .all(|(tx, ty)| plan.bare(tx, ty) && plan.walkable(tx, ty));
        if clear && plan.bare(x + 1, y) {
            plan.put(name, x, y);
            plan.keep(Area::new(x, y, 3, 3));
        }
    }
}

fn lamps(plan: &mut Plan<'_>) {
    for x in [2, 8, 13, 19, 25, 78, 84, 90] {
        plan.put("lamp", x, 33);
    }
    for (x, y) in [
        (30, 24),
        (51, 24),
        (30, 37),
        (51, 37),
        (53, 4),
        (49, 12),
        (53, 16),
        (43, 43),
        (39, 51),
        (43, 57),
        (14, 8),
        (14, 46),
        (24, 45),
        (88, 5),
        (88, 15),
        (88, 49),
        (88, 58),
        (52, 43),
        (59, 42),
    ] {
        plan.put("lamp", x, y);
    }
    plan.put("signpost", 53, 33);
    plan.put("signpost", 14, 28);
    plan.put("signpost", 77, 28);
}

fn zones(plan: &mut Plan<'_>) {
    for (name, area, description) in [
        (
            "Old Town",
            Area::new(0, 2, 34, 29),
            "The oldest lanes of the town, west of the square.",
        ),
        (
            "Town Square",
            Area::new(30, 23, 23, 16),
            "The paved heart of the town, between the hall and the market stalls.",
        ),
        (
            "Scholars' Rise",
            Area::new(53, 0, 15, 23),
            "The quiet street with the library and the clinic.",
        ),
        (
            "Meadow End",
            Area::new(0, 34, 40, 29),
            "Gardens, workshops and fields in the south-west.",
        ),
        (
            "Riverside",
            Area::new(76, 0, 20, 64),
            "The houses east of the Withy.",
        ),
        (
            "The Withy",
            Area::new(67, 0, 10, 64),
            "The river that runs through the town from north to south.",
        ),
    ] {
        plan.zones.push(Place {
            area,
            ..place(name, "zone", None, description)
        });
    }
}
