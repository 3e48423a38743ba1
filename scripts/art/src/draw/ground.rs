//! Grass, paths, streets, squares, water and tilled soil.

use crate::canvas::{CLEAR, Canvas, Px, hash, rgb};
use crate::draw::blob::{depth, masks};
use crate::palette::{COBBLE, DIRT, GRASS, MEADOW, Ramp, SLAB, SOIL, WATER};
use crate::sheet::Sheet;

/// Eight tiles of lawn, from plain to tufty.
pub(super) fn grass(sheet: &mut Sheet) {
    for variant in 0..8 {
        let mut c = Canvas::tiles(1, 1);
        c.rect(0, 0, 16, 16, GRASS[2]);
        for i in 0..variant {
            let n = hash(i, variant, 11);
            let (x, y) = (1 + (n % 13) as i32, 2 + (n / 16 % 12) as i32);
            if (n / 256).is_multiple_of(3) {
                blade(&mut c, x, y, GRASS[3]);
            } else {
                tuft(&mut c, x, y);
            }
        }
        sheet.flat(format!("grass {variant}"), c);
    }
}

fn tuft(c: &mut Canvas, x: i32, y: i32) {
    c.letters(
        x,
        y - 2,
        &["a.b", "ab.", ".a."],
        &[('a', GRASS[1]), ('b', GRASS[3])],
    );
}

fn blade(c: &mut Canvas, x: i32, y: i32, px: Px) {
    c.rect(x, y, 2, 1, px);
    c.set(x + 2, y - 1, px);
}

/// Tiles without edges, in four variants each.
pub(super) fn full_tiles(sheet: &mut Sheet) {
    for terrain in &TERRAINS {
        for variant in 0..4 {
            sheet.flat(
                format!("{} full {variant}", terrain.name),
                terrain_tile(terrain, 255, variant),
            );
        }
    }
}

/// The 47 tiles of each terrain.
pub(super) fn blobs(sheet: &mut Sheet) {
    for terrain in &TERRAINS {
        for (index, mask) in masks().enumerate() {
            sheet.flat(
                format!("{} {index}", terrain.name),
                terrain_tile(terrain, mask, 0),
            );
        }
    }
}

struct Terrain {
    name: &'static str,
    /// Rounding of corners.
    radius: f32,
    /// How far edges wander, in pixels.
    rough: f32,
    paint: fn(Spot) -> Px,
}

/// One pixel of a terrain.
struct Spot {
    x: i32,
    y: i32,
    /// Distance to the edge, in pixels.
    depth: f32,
    /// Distance to an edge in the north, in pixels.
    north: f32,
    variant: u32,
}

const TERRAINS: [Terrain; 6] = [
    Terrain {
        name: "cobble",
        radius: 10.0,
        rough: 0.3,
        paint: cobble,
    },
    Terrain {
        name: "dirt",
        radius: 13.0,
        rough: 1.0,
        paint: dirt,
    },
    Terrain {
        name: "slab",
        radius: 10.0,
        rough: 0.0,
        paint: slab,
    },
    Terrain {
        name: "water",
        radius: 13.0,
        rough: 0.8,
        paint: water,
    },
    Terrain {
        name: "meadow",
        radius: 13.0,
        rough: 1.8,
        paint: meadow,
    },
    Terrain {
        name: "soil",
        radius: 3.5,
        rough: 0.5,
        paint: soil,
    },
];

fn terrain_tile(terrain: &Terrain, mask: u8, variant: u32) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    let wobble = |side: usize, along: i32| {
        let noise =
            |at: i32| (hash(at.rem_euclid(16) / 2, side as i32, 3) % 200) as f32 / 100.0 - 1.0;
        (noise(along) + noise(along + 1)) / 2.0 * terrain.rough
    };
    for y in 0..16 {
        for x in 0..16 {
            let depth = depth(x, y, mask, terrain.radius, &wobble);
            let north = if mask & 1 == 0 {
                y as f32 + 0.5 - wobble(0, x)
            } else {
                16.0
            };
            c.set(
                x,
                y,
                (terrain.paint)(Spot {
                    x,
                    y,
                    depth,
                    north,
                    variant,
                }),
            );
        }
    }
    c
}

/// Rounded stones in mortar: cells round sixteen points that repeat with the tile.
fn cobble(s: Spot) -> Px {
    match s.depth {
        d if d < 0.8 => return CLEAR,
        d if d < 1.8 => return COBBLE[0],
        _ => {}
    }
    let (cell, edge, dx, dy) = stone(s.x, s.y);
    if edge < 1.15 {
        return COBBLE[1];
    }
    let tone = hash(cell, s.variant as i32, 21) % 8;
    let base = if tone == 0 {
        1
    } else if tone < 6 {
        2
    } else {
        3
    };
    let lit = dx + dy < -1.6;
    if s.depth < 3.2 {
        COBBLE[base.min(2)]
    } else {
        COBBLE[base + usize::from(lit)]
    }
}

fn stone(x: i32, y: i32) -> (i32, f32, f32, f32) {
    let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
    let (mut near, mut next) = ((0, f32::MAX, 0.0, 0.0), f32::MAX);
    for i in 0..9 {
        let n = hash(i, 0, 5);
        let (cx, cy) = (i % 3, i / 3);
        let sx = (cx as f32 + 0.5) * 16.0 / 3.0 + (n % 5) as f32 * 0.6 - 1.2
            + if cy == 1 { 2.6 } else { 0.0 };
        let sy = (cy as f32 + 0.5) * 16.0 / 3.0 + (n / 8 % 5) as f32 * 0.5 - 1.0;
        for (ox, oy) in [
            (-16.0, -16.0),
            (0.0, -16.0),
            (16.0, -16.0),
            (-16.0, 0.0),
            (0.0, 0.0),
            (16.0, 0.0),
            (-16.0, 16.0),
            (0.0, 16.0),
            (16.0, 16.0),
        ] {
            let (dx, dy) = (px - sx - ox, py - sy - oy);
            let d = (dx * dx + dy * dy).sqrt();
            if d < near.1 {
                next = near.1;
                near = (i, d, dx, dy);
            } else if d < next {
                next = d;
            }
        }
    }
    (near.0, next - near.1, near.2, near.3)
}

fn dirt(s: Spot) -> Px {
    match s.depth {
        d if d < 1.3 => return CLEAR,
        d if d < 2.3 => return DIRT[1],
        _ if s.north < 3.4 => return DIRT[1],
        _ => {}
    }
    match hash(s.x, s.y, 31 + s.variant) % 64 {
        0 => DIRT[4],
        1 | 2 => DIRT[3],
        3..=5 => DIRT[1],
        _ if hash(s.x / 3, s.y / 2, 77 + s.variant).is_multiple_of(9) => DIRT[3],
        _ => DIRT[2],
    }
}

fn slab(s: Spot) -> Px {
    match s.depth {
        d if d < 0.7 => return CLEAR,
        d if d < 1.7 => return SLAB[0],
        d if d < 2.7 => return SLAB[4],
        _ => {}
    }
    let row = s.y / 8;
    let shifted = (s.x + row * 4) % 16;
    let joint = s.y % 8 == 7 || shifted % 8 == 7;
    let tone = hash(shifted / 8, row, 41 + s.variant) % 6;
    let base = if tone < 2 { 3 } else { 2 };
    if joint {
        SLAB[1]
    } else if s.y % 8 == 0 && !hash(s.x, s.y, 43).is_multiple_of(4) {
        SLAB[base + 1]
    } else if hash(s.x, s.y, 47 + s.variant).is_multiple_of(50) {
        SLAB[1]
    } else {
        SLAB[base]
    }
}

fn water(s: Spot) -> Px {
    let bank = s.depth.min(s.north);
    if bank < 0.8 {
        return CLEAR;
    }
    // Seen from the south, the northern bank shows its face.
    if s.north < 5.8 {
        return match s.north {
            n if n < 1.8 => GRASS[1],
            n if n < 2.8 => DIRT[0],
            n if n < 5.0 => {
                if hash(s.x, s.y, 51).is_multiple_of(5) {
                    DIRT[0]
                } else {
                    DIRT[1]
                }
            }
            _ => WATER[0],
        };
    }
    match s.depth {
        d if d < 1.8 => GRASS[1],
        d if d < 3.4 => DIRT[3],
        d if d < 4.3 => WATER[4],
        d if d < 6.4 => WATER[3],
        _ => deep_water(s),
    }
}

fn deep_water(s: Spot) -> Px {
    let wave = |row: i32, from: i32, len: i32, shift: u32| {
        s.y == row && (s.x + 16 - from - shift as i32 * 5).rem_euclid(16) < len
    };
    let shift = s.variant;
    if s.north < 8.0 {
        WATER[1]
    } else if wave(3, 2, 4, shift) || wave(10, 9, 5, shift) {
        WATER[3]
    } else if wave(4, 3, 4, shift) || wave(11, 10, 5, shift) || (shift == 2 && wave(14, 1, 3, 0)) {
        WATER[1]
    } else {
        WATER[2]
    }
}

fn meadow(s: Spot) -> Px {
    let dither = (s.x + s.y) % 2 == 0;
    match s.depth {
        d if d < 2.0 => return CLEAR,
        d if d < 4.0 && dither => return CLEAR,
        _ => {}
    }
    match hash(s.x, s.y, 61 + s.variant) % 48 {
        0 => MEADOW[3],
        1 => MEADOW[1],
        _ => rgb(0x81b358),
    }
}

fn soil(s: Spot) -> Px {
    match s.depth {
        d if d < 1.0 => return CLEAR,
        d if d < 2.0 => return SOIL[0],
        _ => {}
    }
    match s.y % 5 {
        0 => SOIL[3],
        1 | 2 => {
            if hash(s.x, s.y, 71 + s.variant).is_multiple_of(7) {
                SOIL[3]
            } else {
                SOIL[2]
            }
        }
        3 => SOIL[1],
        _ => rgb(0x5b402f),
    }
}

/// A ramp's tones for what grows, shared with the gardens.
pub(super) fn sprig(c: &mut Canvas, x: i32, y: i32, leaf: &Ramp) {
    c.letters(
        x,
        y,
        &[".a.", "aba", ".c."],
        &[('a', leaf[2]), ('b', leaf[4]), ('c', leaf[0])],
    );
}
