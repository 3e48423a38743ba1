//! What grows by itself: meadows, woods, flowers and reeds, wherever nobody built anything.

use crate::canvas::hash;
use crate::plan::{HEIGHT, Plan, Terrain, WIDTH};

/// Lighter patches of lawn.
pub(crate) fn meadows(plan: &mut Plan<'_>) {
    for i in 0..46 {
        let n = hash(i, 0, 201);
        let (cx, cy) = ((n % WIDTH as u32) as i32, (n / 128 % HEIGHT as u32) as i32);
        let (rx, ry) = (2 + (n / 8192 % 5) as i32, 2 + (n / 65536 % 3) as i32);
        for dy in -ry..=ry {
            for dx in -rx..=rx {
                let ragged = (hash(cx + dx, cy + dy, 203) % 30) as i32;
                if dx * dx * 100 / (rx * rx) + dy * dy * 100 / (ry * ry) <= 90 + ragged {
                    plan.mark(Terrain::Meadow, cx + dx, cy + dy);
                }
            }
        }
    }
}

/// A belt of trees round the town.
pub(crate) fn woods(plan: &mut Plan<'_>) {
    for row in 0..HEIGHT {
        for column in (-1..WIDTH).step_by(2) {
            let (x, y) = (column + row % 2, row);
            let edge = x.min(WIDTH - 1 - x).min(y + 1).min(HEIGHT - 1 - y);
            let n = hash(x, y, 211);
            let dense = match edge {
                e if e <= 0 => 90,
                1 => 60,
                2 => 14,
                _ => 0,
            };
            if n % 100 >= dense || row % 2 == 1 && edge > 0 {
                continue;
            }
            if plan.free(x, y) && plan.free(x + 1, y) && clear_above(plan, x, y, 2) {
                let tree = ["pine", "pine", "young oak", "young birch", "young oak"]
                    [(n / 128 % 5) as usize];
                let h = plan.art.sprite(tree).h;
                plan.put(tree, x, y + 1 - h);
            }
        }
    }
}

/// Single trees on lawns.
pub(crate) fn trees(plan: &mut Plan<'_>) {
    for y in 3..HEIGHT - 1 {
        for x in 1..WIDTH - 2 {
            let n = hash(x, y, 223);
            if n % 1000 >= 110
                || !clear_above(plan, x - 1, y, 3)
                || !roomy(plan, x - 1, y - 2, 3, 3)
            {
                continue;
            }
            let wet = (-5..=5).any(|d| plan.is(Terrain::Water, x + d, y));
            let tree = if wet && n / 1024 % 3 < 2 {
                "willow"
            } else {
                ["oak", "birch", "oak", "maple", "cherry", "oak", "birch"][(n / 1024 % 7) as usize]
            };
            plan.put(tree, x - 1, y - 2);
            plan.keep(crate::plan::Area::new(x - 2, y - 1, 5, 3));
        }
    }
    for y in 2..HEIGHT {
        for x in 1..WIDTH - 1 {
            let n = hash(x, y, 227);
            if n % 1000 < 30 && roomy(plan, x, y, 1, 1) {
                plan.put(
                    [
                        "bush",
                        "light bush",
                        "berry bush",
                        "rock",
                        "bush",
                        "hydrangea",
                        "stump",
                    ][(n / 1024 % 7) as usize],
                    x,
                    y,
                );
            }
        }
    }
}

fn roomy(plan: &Plan<'_>, x: i32, y: i32, w: i32, h: i32) -> bool {
    (y..y + h).all(|ty| (x..x + w).all(|tx| plan.free(tx, ty)))
}

/// A crown must not hang over a street or into a room.
fn clear_above(plan: &Plan<'_>, x: i32, y: i32, w: i32) -> bool {
    (y - 2..=y).all(|ty| {
        (x..x + w).all(|tx| {
            ty < 0
                || plan.free(tx, ty)
                || !plan.walkable(tx, ty) && !plan.is(Terrain::Water, tx, ty)
        })
    })
}

/// Flowers and grasses in the lawns, reeds and lilies along the water.
pub(crate) fn small_things(plan: &mut Plan<'_>) {
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let n = hash(x, y, 229);
            if plan.is(Terrain::Water, x, y) {
                water_plant(plan, x, y, n);
            } else if plan.free(x, y) {
                lawn_plant(plan, x, y, n);
            }
        }
    }
}

fn lawn_plant(plan: &mut Plan<'_>, x: i32, y: i32, n: u32) {
    // Flowers of one kind stand together: patches of eight tiles share a kind.
    let patch = hash(x / 6, y / 5, 233);
    let kind = [
        "daisies few",
        "buttercups few",
        "tulips few",
        "lavender few",
        "bluebells few",
    ][(patch % 5) as usize];
    let thing = match (n % 100, patch / 8 % 3) {
        (0..=13, 0) | (20..=21, _) => kind,
        (0..=3, _) => "clover",
        (14..=19, 0 | 1) => "long grass",
        (22, _) => "mushrooms",
        (23, _) => "pebbles",
        _ => return,
    };
    plan.detail(thing, x, y);
}

fn water_plant(plan: &mut Plan<'_>, x: i32, y: i32, n: u32) {
    if !plan.walkable(x, y) {
        let shore = !plan.is(Terrain::Water, x - 1, y) || !plan.is(Terrain::Water, x + 1, y);
        if shore && n % 100 < 22 {
            plan.detail("reeds", x, y);
        } else if !shore && n % 100 < 4 {
            plan.detail("lilies", x, y);
        } else if !shore && n % 100 == 4 {
            plan.detail("ducks", x, y);
        }
    }
}
