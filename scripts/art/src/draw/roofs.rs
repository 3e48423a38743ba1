//! Roofs, chimneys, floors, and the shadows that walls throw.

use crate::canvas::{Canvas, Px, hash, rgb, tint};
use crate::palette::{HALF_SHADOW, IRON, PALE, RED, Ramp, SHADOW, STONE, WOOD};
use crate::sheet::Sheet;

pub(super) fn roof(sheet: &mut Sheet, name: &str, ramp: &Ramp) {
    for (part, dx) in [("middle", 0), ("left", -1), ("right", 1)] {
        let mut ridge = Canvas::tiles(1, 1);
        shingles(&mut ridge, ramp, 7, 16);
        ridge.rect(0, 5, 16, 1, ramp[0]);
        ridge.rect(0, 6, 16, 2, ramp[3]);
        ridge.rect(0, 6, 16, 1, ramp[4]);
        ridge.rect(0, 8, 16, 1, ramp[0]);
        gable(&mut ridge, dx, 5, ramp);
        sheet.solid(format!("{name} ridge {part}"), ridge);
        let mut eave = Canvas::tiles(1, 1);
        shingles(&mut eave, ramp, 0, 14);
        eave.rect(0, 13, 16, 1, ramp[3]);
        eave.rect(0, 14, 16, 1, ramp[1]);
        eave.rect(0, 15, 16, 1, ramp[0]);
        gable(&mut eave, dx, 0, ramp);
        sheet.solid(format!("{name} roof {part}"), eave);
    }
}

fn shingles(c: &mut Canvas, ramp: &Ramp, from: i32, to: i32) {
    for y in from..to {
        let course = (y + 16) / 4;
        for x in 0..16 {
            let shifted = x + course % 2 * 3;
            let tone = hash(shifted.rem_euclid(18) / 6, course % 4, 83) % 5;
            let base = if tone == 0 { 3 } else { 2 };
            let px = match y % 4 {
                3 => ramp[1],
                _ if shifted % 6 == 5 => ramp[1],
                0 if shifted % 6 < 3 => ramp[base + 1],
                _ => ramp[base],
            };
            c.set(x, y, px);
        }
    }
}

fn gable(c: &mut Canvas, side: i32, top: i32, ramp: &Ramp) {
    if side == 0 {
        return;
    }
    let x = if side < 0 { 0 } else { 13 };
    c.rect(x, top, 3, 16 - top, ramp[3]);
    c.rect(if side < 0 { 0 } else { 15 }, top, 1, 16 - top, ramp[0]);
    c.rect(if side < 0 { 2 } else { 13 }, top + 1, 1, 15 - top, ramp[1]);
}

pub(super) fn floors(sheet: &mut Sheet) {
    for (name, ramp) in [("planks", PALE), ("dark planks", WOOD)] {
        for variant in 0..2 {
            sheet.flat(format!("{name} {variant}"), planks(&ramp, variant));
        }
    }
    for (name, a, b, joint) in [
        ("flags", STONE[3], rgb(0xbab7b2), STONE[2]),
        ("checker", rgb(0xe8dcc3), rgb(0xc98f72), rgb(0xb89a80)),
        ("tiles", rgb(0xe6ecea), rgb(0xd3e2e2), rgb(0xb9cccd)),
        ("carpet", rgb(0x8c4f4c), rgb(0x92544f), rgb(0x965a52)),
    ] {
        let mut c = Canvas::tiles(1, 1);
        for y in 0..16 {
            for x in 0..16 {
                let chosen = if (x / 8 + y / 8) % 2 == 0 { a } else { b };
                c.set(
                    x,
                    y,
                    if x % 8 == 7 || y % 8 == 7 {
                        joint
                    } else {
                        chosen
                    },
                );
            }
        }
        sheet.flat(name, c);
    }
}

fn planks(ramp: &Ramp, variant: u32) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for y in 0..16 {
        let board = y / 4;
        for x in 0..16 {
            let seam = (hash(board, variant as i32, 91) % 16) as i32;
            let base = if hash(board, variant as i32, 93).is_multiple_of(3) {
                3
            } else {
                2
            };
            let px = if y % 4 == 3 || (x == seam && (board + variant as i32) % 2 == 0) {
                mid(ramp[1], ramp[2])
            } else if y % 4 == 0 {
                mid(ramp[base], ramp[base + 1])
            } else if hash(x / 4, y, 97 + variant).is_multiple_of(11) {
                mid(ramp[base], ramp[1])
            } else {
                ramp[base]
            };
            c.set(x, y, px);
        }
    }
    c
}

fn mid(a: Px, b: Px) -> Px {
    let half = |i: usize| ((u16::from(a[i]) + u16::from(b[i])) / 2) as u8;
    [half(0), half(1), half(2), 255]
}

/// Shadows of walls: the sun stands in the north-west.
pub(super) fn shades(sheet: &mut Sheet) {
    let shade = |x, y, w, h| {
        let mut c = Canvas::tiles(1, 1);
        c.rect(x, y, w, h, SHADOW);
        c
    };
    let mut top = shade(0, 0, 16, 3);
    top.rect(0, 3, 16, 2, HALF_SHADOW);
    sheet.flat("shade top", top);
    sheet.flat("shade east", shade(0, 0, 6, 16));
    let mut start = Canvas::tiles(1, 1);
    for y in 0..16 {
        start.rect(0, y, (y - 4).clamp(0, 6), 1, SHADOW);
    }
    sheet.flat("shade east top", start);
    let mut end = Canvas::tiles(1, 1);
    for y in 0..4 {
        end.rect(0, y, 6 - y, 1, SHADOW);
    }
    sheet.flat("shade south east", end);
    sheet.flat("shade south", shade(0, 0, 16, 2));
}

pub(super) fn chimney() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(4, 4, 8, 12, RED[1]);
    courses_at(&mut c, 5, 5, 6, 11);
    c.rect(3, 2, 10, 3, STONE[2]);
    c.rect(3, 2, 10, 1, STONE[4]);
    c.rect(5, 2, 6, 1, IRON[0]);
    c.frame(3, 1, 10, 5, STONE[0], false);
    c.rect(4, 6, 1, 10, RED[0]);
    c.rect(11, 6, 1, 10, RED[0]);
    c
}

fn courses_at(c: &mut Canvas, x: i32, y: i32, w: i32, h: i32) {
    for row in 0..h {
        for column in 0..w {
            let joint = row % 3 == 2 || (column + row / 3 * 2) % 4 == 3;
            c.set(x + column, y + row, if joint { RED[1] } else { RED[2] });
        }
    }
}

pub(super) fn smoke() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.disc(18, 28, 5, 5, tint(0xf4f1ea, 120));
    c.disc(21, 20, 7, 6, tint(0xf4f1ea, 95));
    c.disc(16, 11, 8, 7, tint(0xf4f1ea, 65));
    c
}
