//! What stands in homes.

use crate::canvas::{Canvas, Px, rgb, tint};
use crate::palette::{
    BLUE, BRASS, GREEN, IRON, LEAF, LINEN, OCHRE, PALE, PLUM, RED, Ramp, STONE, WOOD,
};
use crate::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet) {
    for (name, ramp) in [
        ("red", RED),
        ("blue", BLUE),
        ("green", GREEN),
        ("plum", PLUM),
        ("ochre", OCHRE),
    ] {
        sheet.flat(format!("bed {name}"), bed(&ramp, 1));
        sheet.flat(format!("double bed {name}"), bed(&ramp, 2));
        sheet.flat(format!("rug {name}"), rug(&ramp));
    }
    sheet.solid("table", table(1, false));
    sheet.solid("long table", table(2, true));
    sheet.flat("chair", chair(false));
    sheet.flat("chair up", chair(true));
    sheet.flat("stool", stool());
    sheet.partly("bookshelf", shelf(&BOOKS), "./#");
    sheet.partly("cupboard", cupboard(), "./#");
    sheet.partly("wardrobe", wardrobe(), "./#");
    sheet.partly("stove", stove(), "./#");
    sheet.partly("hearth", hearth(), "../##");
    sheet.solid("counter", counter(false));
    sheet.solid("sink", counter(true));
    sheet.solid("pot plant", pot_plant());
    sheet.solid("chest", chest());
    sheet.solid("desk", desk());
}

/// A block seen from above and in front: top and front face in a material's shades.
pub(super) fn block(
    c: &mut Canvas,
    (x, y): (i32, i32),
    (w, top): (i32, i32),
    front: i32,
    ramp: &Ramp,
) {
    c.rect(x, y, w, top + front, ramp[0]);
    c.rect(x + 1, y + 1, w - 2, top - 1, ramp[3]);
    c.rect(x + 1, y + 1, w - 2, 1, ramp[4]);
    c.rect(x + 1, y + top, w - 2, front - 1, ramp[1]);
    c.rect(x + 1, y + top, w - 2, 1, ramp[2]);
}

/// The soft shadow that a thing throws on what it stands on.
pub(super) fn footing(c: &mut Canvas, cx: i32, cy: i32, rx: i32, ry: i32) {
    c.disc(cx, cy, rx, ry, tint(0x1d2a3a, 60));
}

fn bed(ramp: &Ramp, wide: i32) -> Canvas {
    let mut c = Canvas::tiles(wide, 2);
    let (x, w) = (
        if wide == 1 { 2 } else { 3 },
        if wide == 1 { 12 } else { 26 },
    );
    c.rect(x - 1, 6, w + 3, 26, tint(0x1d2a3a, 45));
    c.rect(x, 1, w, 6, WOOD[0]);
    c.rect(x + 1, 2, w - 2, 3, WOOD[3]);
    c.rect(x + 1, 2, w - 2, 1, WOOD[4]);
    c.rect(x, 6, w, 24, LINEN[0]);
    c.rect(x + 1, 6, w - 2, 7, LINEN[3]);
    let pillow = if wide == 1 { w - 4 } else { 10 };
    for i in 0..wide {
        let left = x + 2 + i * 12;
        c.rect(left, 7, pillow, 5, LINEN[4]);
        c.rect(left, 11, pillow, 1, LINEN[1]);
        c.rect(left + pillow - 1, 8, 1, 3, LINEN[2]);
    }
    c.rect(x, 13, w, 15, ramp[0]);
    c.rect(x + 1, 13, w - 2, 14, ramp[2]);
    c.rect(x + 1, 13, w - 2, 2, ramp[4]);
    c.rect(x + 1, 15, w - 2, 1, ramp[1]);
    for y in [18, 22] {
        for i in 0..(w - 3) / 4 {
            c.rect(x + 2 + i * 4 + (y / 2) % 2 * 2, y, 2, 2, ramp[3]);
        }
    }
    c.rect(x + w - 2, 15, 1, 12, ramp[1]);
    c.rect(x, 27, w, 3, WOOD[0]);
    c.rect(x + 1, 27, w - 2, 2, WOOD[2]);
    c.rect(x + 1, 27, w - 2, 1, WOOD[4]);
    c
}

fn rug(ramp: &Ramp) -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    c.rect(3, 5, 26, 22, ramp[1]);
    c.rect(4, 6, 24, 20, ramp[2]);
    c.frame(6, 8, 20, 16, ramp[4], false);
    for (x, y) in [(16, 16), (10, 16), (22, 16)] {
        for d in 0..3 {
            c.rect(x - 3 + d, y - d, 6 - 2 * d, 1 + 2 * d, ramp[3]);
        }
        c.rect(x - 1, y, 2, 1, ramp[4]);
    }
    for y in (6..26).step_by(2) {
        c.rect(2, y, 1, 1, ramp[4]);
        c.rect(29, y, 1, 1, ramp[4]);
    }
    c
}

fn table(wide: i32, laid: bool) -> Canvas {
    let mut c = Canvas::tiles(wide, 1);
    let w = wide * 16;
    footing(&mut c, w, 28, w - 3, 6);
    c.rect(2, 10, 2, 5, WOOD[0]);
    c.rect(w - 4, 10, 2, 5, WOOD[0]);
    block(&mut c, (0, 1), (w, 9), 3, &PALE);
    c.rect(3, 4, w - 8, 1, PALE[2]);
    c.rect(5, 7, w - 8, 1, PALE[2]);
    if laid {
        plate(&mut c, 5, 4);
        plate(&mut c, 21, 4);
        c.letters(13, 2, &[".rgr.", "rgyg.", ".bbb.", ".bBb."], &FLOWERS);
    } else {
        plate(&mut c, 3, 4);
        c.rect(10, 4, 3, 4, BLUE[1]);
        c.rect(10, 4, 3, 1, BLUE[4]);
    }
    c
}

const FLOWERS: [(char, Px); 5] = [
    ('r', rgb(0xd9655b)),
    ('g', LEAF[3]),
    ('y', rgb(0xf3cf63)),
    ('b', BLUE[2]),
    ('B', BLUE[4]),
];

fn plate(c: &mut Canvas, x: i32, y: i32) {
    c.letters(
        x,
        y,
        &[".www.", "wlllw", ".wsw."],
        &[('w', LINEN[4]), ('l', LINEN[2]), ('s', LINEN[1])],
    );
}

fn chair(up: bool) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 16, 26, 11, 5);
    c.rect(4, 11, 2, 4, WOOD[0]);
    c.rect(10, 11, 2, 4, WOOD[0]);
    c.rect(3, 5, 10, 7, WOOD[0]);
    c.rect(4, 6, 8, 4, RED[2]);
    c.rect(4, 6, 8, 1, RED[3]);
    if up {
        c.rect(3, 9, 10, 5, WOOD[0]);
        c.rect(4, 9, 8, 2, WOOD[3]);
        c.rect(4, 12, 8, 1, WOOD[2]);
    } else {
        c.rect(3, 1, 10, 5, WOOD[0]);
        c.rect(4, 2, 8, 1, WOOD[4]);
        c.rect(4, 4, 8, 1, WOOD[2]);
    }
    c
}

fn stool() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 24, 11, 6);
    c.disc(16, 19, 10, 9, WOOD[0]);
    c.disc(16, 16, 10, 8, WOOD[1]);
    c.disc(16, 16, 8, 6, WOOD[3]);
    c.disc(14, 15, 4, 2, WOOD[4]);
    c
}

const BOOKS: [Px; 7] = [
    RED[2], BLUE[2], OCHRE[2], GREEN[2], PLUM[2], LINEN[2], RED[3],
];

/// A bookcase of 16×32 whose books come in these colours.
pub(super) fn shelf(books: &[Px]) -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    block(&mut c, (0, 4), (16, 4), 23, &WOOD);
    for (row, y) in [9, 15, 21].into_iter().enumerate() {
        c.rect(2, y, 12, 5, WOOD[0]);
        for i in 0..6 {
            let px = books[(i * 3 + row * 2 + i / 2) % books.len()];
            let tall = if (i + row) % 3 == 0 { 4 } else { 5 };
            c.rect(2 + 2 * i as i32, y + 5 - tall, 2, tall, px);
            c.rect(3 + 2 * i as i32, y + 5 - tall, 1, tall, tint(0x000000, 40));
        }
        c.rect(1, y + 5, 14, 1, WOOD[3]);
    }
    c.rect(1, 27, 14, 3, WOOD[1]);
    c
}

fn cupboard() -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    block(&mut c, (0, 6), (16, 4), 21, &PALE);
    c.rect(2, 11, 12, 6, WOOD[0]);
    for x in [3, 7, 11] {
        c.rect(x, 12, 3, 3, LINEN[3]);
        c.rect(x, 12, 3, 1, BLUE[3]);
    }
    c.rect(2, 15, 12, 1, PALE[4]);
    for x in [2, 8] {
        c.rect(x, 19, 6, 9, PALE[2]);
        c.frame(x, 19, 6, 9, PALE[0], false);
    }
    c.set(6, 23, BRASS[4]);
    c.set(9, 23, BRASS[4]);
    c
}

fn wardrobe() -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    block(&mut c, (0, 2), (16, 4), 25, &WOOD);
    for x in [2, 8] {
        c.rect(x, 8, 6, 19, WOOD[2]);
        c.frame(x, 8, 6, 19, WOOD[0], false);
        c.rect(x + 2, 10, 2, 6, WOOD[3]);
        c.rect(x + 2, 18, 2, 6, WOOD[3]);
    }
    c.rect(6, 17, 1, 2, BRASS[4]);
    c.rect(9, 17, 1, 2, BRASS[4]);
    c
}

fn stove() -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    c.rect(9, 0, 4, 17, IRON[0]);
    c.rect(10, 0, 1, 17, IRON[3]);
    block(&mut c, (1, 15), (14, 6), 10, &IRON);
    c.disc(10, 36, 5, 4, IRON[0]);
    c.disc(22, 36, 5, 4, IRON[0]);
    c.rect(3, 14, 5, 4, RED[1]);
    c.rect(3, 14, 5, 1, RED[3]);
    c.rect(4, 24, 8, 4, IRON[0]);
    c.letters(
        4,
        24,
        &["..o..o..", ".oyo.oo.", "oyyooyyo", "rooroorr"],
        &FIRE,
    );
    c
}

/// Letters of flames.
pub(super) const FIRE: [(char, Px); 3] = [
    ('o', rgb(0xe8893a)),
    ('y', rgb(0xfbdc76)),
    ('r', rgb(0xb8452f)),
];

fn hearth() -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    block(&mut c, (3, 0), (26, 3), 12, &STONE);
    block(&mut c, (0, 11), (32, 5), 15, &STONE);
    for (i, y) in [17, 20, 23, 26].into_iter().enumerate() {
        for x in (1..30).step_by(6) {
            c.rect(x + (i as i32 % 2) * 3, y, 1, 3, STONE[0]);
        }
        c.rect(1, y + 2, 30, 1, STONE[0]);
    }
    c.rect(8, 17, 16, 14, IRON[0]);
    c.rect(9, 28, 14, 2, WOOD[1]);
    c.letters(
        11,
        19,
        &[
            "....y.....",
            "...oy..o..",
            "..ooyo.oo.",
            "..oyyo.oo.",
            ".ooyyyooyo",
            ".oyyyyyoyo",
            "ooyyyyyyoo",
            "royyyyyoor",
            "rrooyyoorr",
        ],
        &FIRE,
    );
    c.rect(2, 9, 28, 3, WOOD[1]);
    c.rect(2, 9, 28, 1, WOOD[3]);
    c.rect(6, 5, 3, 4, BRASS[3]);
    c.rect(22, 6, 4, 3, BLUE[2]);
    c
}

fn counter(basin: bool) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    block(&mut c, (0, 0), (16, 8), 8, &PALE);
    c.rect(1, 1, 14, 7, STONE[3]);
    c.rect(1, 1, 14, 1, STONE[4]);
    c.rect(2, 10, 12, 4, PALE[2]);
    c.frame(2, 10, 6, 5, PALE[0], false);
    c.frame(8, 10, 6, 5, PALE[0], false);
    if basin {
        c.rect(4, 3, 8, 4, STONE[1]);
        c.rect(5, 4, 6, 3, rgb(0x7cbfd0));
        c.rect(7, 1, 2, 3, IRON[3]);
    } else {
        c.rect(2, 3, 5, 3, WOOD[3]);
        c.rect(2, 5, 5, 1, WOOD[1]);
        c.rect(3, 3, 2, 1, rgb(0xd9655b));
        c.rect(10, 2, 3, 4, LINEN[3]);
        c.rect(10, 5, 3, 1, LINEN[0]);
    }
    c
}

fn pot_plant() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 9, 4);
    c.rect(5, 10, 6, 5, RED[1]);
    c.rect(4, 9, 8, 2, RED[2]);
    c.rect(4, 9, 8, 1, RED[3]);
    c.disc(16, 11, 11, 10, LEAF[0]);
    c.letters(
        3,
        1,
        &[
            "...bb...a.",
            ".abb..bba.",
            "abcb.bcba.",
            ".bbcabcbb.",
            "a.bbcbb..a",
            ".ba.cbabb.",
            "..bacbab..",
        ],
        &[('a', LEAF[1]), ('b', LEAF[2]), ('c', LEAF[4])],
    );
    c
}

fn chest() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 15, 5);
    block(&mut c, (1, 3), (14, 6), 6, &WOOD);
    c.rect(1, 8, 14, 1, BRASS[2]);
    c.rect(7, 7, 2, 4, BRASS[3]);
    c
}

fn desk() -> Canvas {
    let mut c = Canvas::tiles(2, 1);
    footing(&mut c, 32, 28, 30, 5);
    block(&mut c, (0, 1), (32, 8), 6, &WOOD);
    c.rect(4, 3, 8, 5, LINEN[4]);
    for y in [4, 6] {
        c.rect(5, y, 6, 1, LINEN[0]);
    }
    c.rect(16, 3, 4, 3, rgb(0x5b80ab));
    c.rect(24, 2, 3, 4, BRASS[3]);
    c.rect(25, 1, 1, 1, rgb(0xffe9a8));
    c.rect(22, 10, 8, 3, WOOD[2]);
    c.set(26, 11, BRASS[4]);
    c
}
