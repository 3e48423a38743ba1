//! The larger sights: board, fountain, well, clock, arbour and bridges.

use crate::canvas::{Canvas, Px, hash, rgb, tint};
use crate::draw::furniture::footing;
use crate::palette::{
    BIRCH, BLUE, BRASS, HALF_SHADOW, IRON, LEAF, LINEN, PALE, RED, Ramp, STONE, WATER, WOOD,
};
use crate::sheet::Sheet;

/// The bulletin board: the heart of the town, 48×32.
pub(super) fn board() -> Canvas {
    let mut c = Canvas::tiles(3, 2);
    footing(&mut c, 50, 60, 44, 5);
    for x in [3, 42] {
        c.rect(x, 5, 3, 26, WOOD[0]);
        c.rect(x + 1, 6, 1, 24, WOOD[3]);
    }
    c.rect(4, 8, 40, 18, WOOD[0]);
    c.rect(6, 9, 36, 15, rgb(0xb98b58));
    for y in 9..24 {
        for x in 6..42 {
            if hash(x, y, 3).is_multiple_of(9) {
                c.set(x, y, rgb(0xa67a4a));
            }
        }
    }
    let mut note = |x: i32, y: i32, w: i32, h: i32, paper: Px| {
        c.rect(x + 1, y + 1, w, h, tint(0x000000, 60));
        c.rect(x, y, w, h, paper);
        for line in (y + 2..y + h - 1).step_by(2) {
            c.rect(x + 1, line, w - 2 - (line + x) % 2, 1, LINEN[0]);
        }
        c.set(x + w / 2, y, RED[2]);
    };
    note(8, 10, 7, 8, LINEN[4]);
    note(17, 11, 6, 6, rgb(0xf5e2a0));
    note(25, 10, 8, 9, LINEN[3]);
    note(35, 11, 5, 6, rgb(0xbcd8e0));
    note(10, 19, 5, 4, rgb(0xe9b9a8));
    note(18, 18, 6, 5, LINEN[4]);
    note(34, 18, 6, 5, rgb(0xc9dfb4));
    for y in 0..8 {
        let inset = (7 - y) / 2;
        c.rect(
            inset,
            y,
            48 - 2 * inset,
            1,
            if y % 3 == 2 { RED[1] } else { RED[2] },
        );
    }
    c.rect(4, 0, 40, 1, RED[4]);
    c.rect(0, 8, 48, 1, RED[0]);
    c.rect(4, 9, 40, 1, HALF_SHADOW);
    c
}

pub(super) fn fountain() -> Canvas {
    let mut c = Canvas::tiles(4, 4);
    c.disc(66, 70, 62, 56, tint(0x1d2a3a, 60));
    c.disc(64, 66, 61, 55, STONE[0]);
    c.disc(64, 64, 60, 54, STONE[2]);
    c.disc(64, 61, 59, 51, STONE[4]);
    c.disc(64, 62, 57, 49, STONE[3]);
    c.disc(64, 62, 48, 40, STONE[0]);
    c.disc(64, 65, 46, 38, WATER[1]);
    c.disc(64, 68, 43, 34, WATER[2]);
    for (x, y) in [(14, 30), (44, 36), (20, 42), (38, 24), (30, 46), (24, 22)] {
        c.rect(x, y, 5, 1, WATER[4]);
        c.rect(x + 1, y + 1, 5, 1, WATER[3]);
    }
    c.disc(64, 74, 18, 9, WATER[3]);
    c.disc(64, 72, 13, 6, STONE[0]);
    c.rect(28, 20, 8, 16, STONE[0]);
    c.rect(29, 20, 6, 15, STONE[3]);
    c.rect(29, 20, 2, 15, STONE[4]);
    c.disc(64, 40, 20, 9, STONE[0]);
    c.disc(64, 37, 20, 8, STONE[3]);
    c.disc(64, 36, 17, 5, WATER[3]);
    c.rect(31, 8, 2, 10, WATER[4]);
    for (x, y, h) in [
        (27, 9, 9),
        (36, 9, 9),
        (24, 13, 16),
        (39, 13, 16),
        (29, 6, 5),
        (34, 6, 5),
    ] {
        c.rect(x, y, 1, h, tint(0xd6f0f2, 190));
    }
    for (x, y) in [
        (31, 4),
        (33, 5),
        (30, 5),
        (22, 30),
        (41, 30),
        (24, 33),
        (39, 33),
    ] {
        c.set(x, y, rgb(0xe9f8f8));
    }
    for i in 0..10 {
        c.set(6 + i * 5, 53 - (i - 5).abs() * (i - 5).abs() / 3, STONE[1]);
    }
    c
}

pub(super) fn well() -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    footing(&mut c, 34, 58, 28, 7);
    c.disc(32, 52, 26, 12, STONE[0]);
    c.rect(3, 20, 26, 6, STONE[0]);
    c.rect(4, 20, 24, 8, STONE[2]);
    c.disc(32, 42, 26, 10, STONE[3]);
    c.disc(32, 42, 18, 6, WATER[0]);
    for x in [5, 25] {
        c.rect(x, 7, 2, 15, WOOD[0]);
    }
    c.rect(15, 9, 1, 10, IRON[3]);
    c.rect(13, 16, 5, 4, WOOD[2]);
    for y in 0..9 {
        let inset = 6 - y * 2 / 3;
        c.rect(
            inset,
            y,
            32 - 2 * inset,
            1,
            if y % 3 == 2 { RED[1] } else { RED[2] },
        );
    }
    c.rect(6, 0, 20, 1, RED[4]);
    c.rect(0, 9, 32, 1, RED[0]);
    c
}

/// The gable over the town hall's roof, 48×32.
pub(super) fn clock_gable() -> Canvas {
    let mut c = Canvas::tiles(3, 2);
    for y in 4..30 {
        let half = (y - 2).min(17);
        c.rect(24 - half, y, 2 * half, 1, LINEN[2]);
    }
    for y in 2..20 {
        let half = y - 1;
        c.rect(24 - half - 2, y, 3, 2, BLUE[1]);
        c.rect(24 + half - 1, y, 3, 2, BLUE[0]);
        c.set(24 - half - 2, y, BLUE[3]);
    }
    c.rect(7, 20, 1, 11, WOOD[1]);
    c.rect(40, 20, 1, 11, WOOD[1]);
    c.rect(8, 28, 32, 2, WOOD[2]);
    c.disc(48, 38, 17, 17, WOOD[0]);
    c.disc(48, 38, 15, 15, BRASS[2]);
    c.disc(48, 38, 13, 13, LINEN[4]);
    for (x, y) in [(24, 14), (24, 23), (19, 19), (28, 19)] {
        c.set(x, y, IRON[0]);
    }
    c.rect(24, 15, 1, 5, IRON[0]);
    c.rect(24, 19, 3, 1, IRON[0]);
    c.rect(23, 0, 2, 3, BRASS[3]);
    c
}

/// A rose arbour of 64×48 that a path leads through.
pub(super) fn arbour() -> Canvas {
    let mut c = Canvas::tiles(4, 3);
    for x in [4, 56] {
        c.rect(x, 10, 4, 36, WOOD[0]);
        c.rect(x + 1, 11, 1, 34, PALE[4]);
        c.rect(x + 2, 11, 1, 34, PALE[2]);
    }
    let mut leafy =
        |ramp: &Ramp, cx: i32, cy: i32, r: i32| c.disc(2 * cx, 2 * cy, 2 * r, 2 * r - 1, ramp[0]);
    for i in 0..13 {
        let x = 3 + i * 58 / 12;
        let y = 5 + (i - 6) * (i - 6) / 6;
        leafy(&LEAF, x, y + 1, 6);
    }
    for i in 0..60 {
        let n = hash(i, 4, 6);
        let x = 1 + i;
        let along = (x - 31).abs();
        let y = 2 + along * along / 150 + (n % 8) as i32;
        let ramp = if n.is_multiple_of(3) { &BIRCH } else { &LEAF };
        c.rect(x, y, 3, 2, ramp[2]);
        c.rect(x, y, 2, 1, ramp[3]);
        if n.is_multiple_of(5) {
            c.rect(x, y, 2, 2, rgb(0xd87088));
            c.set(x, y, rgb(0xf3b3bd));
        }
    }
    for (x, y) in [(3, 18), (7, 26), (4, 34), (57, 20), (60, 28), (57, 37)] {
        c.rect(x - 1, y, 4, 3, LEAF[2]);
        c.rect(x, y, 2, 2, rgb(0xd87088));
    }
    c
}

/// Pieces of a bridge for a street that runs from west to east.
pub(super) fn bridge(sheet: &mut Sheet) {
    let mut deck = Canvas::tiles(1, 1);
    for y in 0..16 {
        for x in 0..16 {
            let tone = hash(x / 4, 0, 7) % 3;
            let px = match x % 4 {
                3 => WOOD[0],
                0 => PALE[if tone == 0 { 2 } else { 3 }],
                _ if hash(x, y / 3, 9).is_multiple_of(10) => PALE[1],
                _ => PALE[if tone == 1 { 1 } else { 2 }],
            };
            deck.set(x, y, px);
        }
    }
    sheet.flat("bridge", deck.clone());
    let mut rail = Canvas::tiles(1, 1);
    rail.rect(0, 7, 16, 3, WOOD[0]);
    rail.rect(0, 7, 16, 2, WOOD[3]);
    rail.rect(0, 7, 16, 1, WOOD[4]);
    for x in [2, 10] {
        rail.rect(x, 4, 3, 12, WOOD[0]);
        rail.rect(x + 1, 5, 1, 10, WOOD[3]);
    }
    let mut north = Canvas::tiles(1, 1);
    for x in 0..16 {
        for y in 12..16 {
            north.set(x, y, deck.get(x, y));
        }
    }
    north.stamp(&rail, 0, 0);
    sheet.solid("bridge north", north);
    let mut south = Canvas::tiles(1, 1);
    south.rect(0, 0, 16, 4, WOOD[1]);
    south.rect(0, 4, 16, 2, WOOD[0]);
    south.rect(0, 6, 16, 5, tint(0x16324a, 110));
    south.stamp(&rail, 0, -5);
    for x in [1, 12] {
        south.rect(x, 4, 3, 9, WOOD[0]);
    }
    sheet.solid("bridge south", south);
}
