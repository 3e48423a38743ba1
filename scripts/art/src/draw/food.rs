//! Café, market stalls and what grows in gardens.

use crate::canvas::{CLEAR, Canvas, Px, hash, rgb};
use crate::draw::furniture::{block, footing};
use crate::draw::ground::sprig;
use crate::palette::{
    BLUE, BRASS, GREEN, IRON, LEAF, LINEN, OCHRE, PALE, PLUM, RED, Ramp, SOIL, STONE, WOOD,
};
use crate::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet) {
    sheet.solid("cafe table", cafe_table());
    sheet.solid("bar", bar(0));
    sheet.solid("bar cakes", bar(1));
    sheet.solid("bar machine", bar(2));
    for (name, ramp) in [
        ("red", RED),
        ("blue", BLUE),
        ("green", GREEN),
        ("ochre", OCHRE),
        ("plum", PLUM),
    ] {
        sheet.solid(format!("stall {name}"), stall(&ramp, name));
        sheet.partly(format!("parasol {name}"), parasol(&ramp), "../##");
    }
    for (name, draw) in [
        ("cabbages", cabbage as fn(&mut Canvas)),
        ("carrots", carrots),
        ("tomatoes", tomatoes),
        ("pumpkins", pumpkin),
        ("wheat", wheat),
    ] {
        let mut c = Canvas::tiles(1, 1);
        draw(&mut c);
        sheet.flat(name, c);
    }
    sheet.solid("crate apples", goods_crate(rgb(0xc94f43), rgb(0xe98a6d)));
    sheet.solid("crate pears", goods_crate(rgb(0xb7bf4b), rgb(0xdde28a)));
    sheet.solid("crate", goods_crate(CLEAR, CLEAR));
    sheet.solid("barrel", barrel());
    sheet.solid("sacks", sacks());
}

fn cafe_table() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 26, 14, 6);
    c.rect(7, 11, 2, 4, IRON[0]);
    c.disc(16, 17, 15, 11, LINEN[0]);
    c.disc(16, 14, 15, 11, LINEN[3]);
    c.disc(16, 13, 12, 8, LINEN[4]);
    c.rect(3, 6, 4, 3, BLUE[3]);
    c.rect(4, 6, 2, 1, WOOD[1]);
    c.rect(10, 7, 4, 2, RED[2]);
    c.rect(10, 7, 4, 1, RED[4]);
    c.letters(
        7,
        3,
        &["ry", "gg", "bb"],
        &[
            ('r', rgb(0xd9655b)),
            ('y', rgb(0xf3cf63)),
            ('g', LEAF[2]),
            ('b', BLUE[2]),
        ],
    );
    c
}

fn bar(what: i32) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    block(&mut c, (-1, 1), (18, 7), 8, &WOOD);
    c.rect(0, 2, 16, 6, PALE[3]);
    c.rect(0, 2, 16, 1, PALE[4]);
    for x in [0, 8] {
        c.frame(x, 10, 8, 5, WOOD[2], false);
    }
    match what {
        1 => {
            c.rect(2, 2, 12, 5, LINEN[4]);
            for (i, px) in [rgb(0xe7a1a5), rgb(0x8a5a3c), rgb(0xf1d58a)]
                .into_iter()
                .enumerate()
            {
                c.rect(3 + 4 * i as i32, 3, 3, 3, px);
                c.rect(3 + 4 * i as i32, 3, 3, 1, LINEN[3]);
            }
        }
        2 => {
            c.rect(3, 0, 10, 7, IRON[0]);
            c.rect(4, 0, 8, 3, IRON[3]);
            c.rect(4, 0, 8, 1, IRON[4]);
            c.rect(5, 4, 2, 2, LINEN[4]);
            c.rect(9, 4, 2, 2, LINEN[4]);
        }
        _ => {
            c.rect(4, 4, 3, 2, LINEN[4]);
            c.rect(10, 3, 3, 3, LINEN[4]);
            c.rect(10, 3, 3, 1, WOOD[1]);
        }
    }
    c
}

/// A stall of 48×32: striped awning above, goods on the counter below.
fn stall(ramp: &Ramp, goods: &str) -> Canvas {
    let mut c = Canvas::tiles(3, 2);
    c.rect(2, 10, 2, 21, WOOD[0]);
    c.rect(44, 10, 2, 21, WOOD[0]);
    c.rect(4, 14, 40, 8, rgb(0x5a4537));
    block(&mut c, (2, 18), (44, 7), 6, &WOOD);
    let colours = match goods {
        "red" => [rgb(0xc94f43), rgb(0xe3a13c), rgb(0xb7bf4b)],
        "blue" => [rgb(0x9fb9c4), rgb(0xc5d3d6), rgb(0x7fa0b0)],
        "green" => [rgb(0x7fae55), rgb(0xdf8a3f), rgb(0xa5548a)],
        "ochre" => [rgb(0xcf9a52), rgb(0xe2b878), rgb(0xb57c3d)],
        _ => [rgb(0xd98bb0), rgb(0x8e7ec4), rgb(0xf0d38f)],
    };
    for (tray, px) in colours.into_iter().enumerate() {
        let x = 4 + 14 * tray as i32;
        c.rect(x, 19, 12, 5, WOOD[0]);
        for i in 0..8 {
            let (gx, gy) = (x + 1 + i % 4 * 3 - i / 4 % 2, 19 + i / 4 * 2);
            c.rect(gx, gy, 2, 2, px);
            c.set(gx, gy, lighter(px));
        }
    }
    for x in 0..48 {
        let stripe = x / 6 % 2 == 0;
        let (light, base, dark) = if stripe {
            (ramp[3], ramp[2], ramp[1])
        } else {
            (LINEN[4], LINEN[3], LINEN[1])
        };
        c.rect(x, 1, 1, 3, light);
        c.rect(x, 4, 1, 8, base);
        c.rect(x, 12, 1, if x % 6 == 0 || x % 6 == 5 { 2 } else { 4 }, dark);
    }
    c.rect(0, 0, 48, 1, ramp[0]);
    c.rect(0, 1, 1, 13, ramp[0]);
    c.rect(47, 1, 1, 13, ramp[0]);
    c.rect(3, 16, 42, 2, crate::palette::HALF_SHADOW);
    c
}

fn lighter(px: Px) -> Px {
    px.map(|v| v.saturating_add(28))
}

/// A café table under a parasol, 32×32; guests sit round it.
fn parasol(ramp: &Ramp) -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    footing(&mut c, 34, 54, 26, 8);
    c.rect(15, 14, 2, 16, WOOD[0]);
    c.disc(32, 50, 18, 9, LINEN[0]);
    c.disc(32, 48, 18, 8, LINEN[4]);
    c.rect(9, 23, 3, 2, BLUE[2]);
    c.rect(20, 23, 4, 2, RED[3]);
    for y in 0..17 {
        let half = [
            3, 6, 8, 10, 11, 12, 13, 13, 14, 14, 14, 15, 15, 15, 15, 15, 14,
        ][y as usize];
        for x in 16 - half..16 + half {
            let wedge = (x - 16 + half) * 7 / (2 * half) % 2 == 0;
            let shade = if x < 12 {
                3
            } else if x < 21 {
                2
            } else {
                1
            };
            c.set(x, y, if wedge { ramp[shade] } else { LINEN[shade + 1] });
        }
    }
    for x in 1..31 {
        if x % 5 != 0 {
            c.set(x, 17, ramp[1]);
        }
    }
    c.rect(15, 0, 2, 2, BRASS[3]);
    c
}

fn cabbage(c: &mut Canvas) {
    for (x, y) in [(4, 4), (12, 4), (4, 12), (12, 12)] {
        c.disc(2 * x, 2 * y + 1, 7, 6, LEAF[1]);
        c.disc(2 * x, 2 * y, 6, 5, LEAF[3]);
        c.disc(2 * x - 1, 2 * y - 1, 3, 3, LEAF[4]);
    }
}

fn carrots(c: &mut Canvas) {
    for i in 0..6 {
        let (x, y) = (1 + i % 3 * 5, 2 + i / 3 * 8);
        sprig(c, x, y - 1, &LEAF);
        c.rect(x + 1, y + 2, 1, 2, rgb(0xe08a3c));
    }
}

fn tomatoes(c: &mut Canvas) {
    for (x, y) in [(3, 1), (10, 1), (3, 9), (10, 9)] {
        c.rect(x + 1, y, 1, 6, WOOD[2]);
        c.disc(2 * x + 3, 2 * y + 6, 6, 6, LEAF[1]);
        c.disc(2 * x + 2, 2 * y + 5, 4, 4, LEAF[3]);
        c.rect(x, y + 3, 1, 1, rgb(0xd9554a));
        c.rect(x + 2, y + 4, 1, 1, rgb(0xd9554a));
        c.rect(x + 2, y + 1, 1, 1, rgb(0xe8776a));
    }
}

fn pumpkin(c: &mut Canvas) {
    c.disc(8, 24, 6, 4, LEAF[2]);
    c.disc(26, 8, 5, 4, LEAF[2]);
    for (x, y) in [(5, 5), (11, 11)] {
        c.disc(2 * x, 2 * y, 8, 7, rgb(0xb5622a));
        c.disc(2 * x, 2 * y - 1, 7, 6, rgb(0xdd8636));
        c.rect(x - 2, y - 2, 1, 3, rgb(0xf0ab5a));
        c.rect(x, y - 4, 1, 2, LEAF[0]);
    }
}

fn wheat(c: &mut Canvas) {
    for i in 0..28 {
        let (x, y) = (i % 7 * 2 + i / 7 % 2 + hash(i, 0, 5) as i32 % 2, i / 7 * 4);
        c.rect(x, y, 1, 4, if i % 3 == 0 { OCHRE[1] } else { OCHRE[3] });
        c.set(x, y, OCHRE[4]);
        c.set(x + 1, y + 1, OCHRE[2]);
    }
}

fn goods_crate(fruit: Px, gleam: Px) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 15, 5);
    block(&mut c, (1, 3), (14, 6), 6, &PALE);
    c.rect(1, 11, 14, 1, PALE[0]);
    if fruit[3] == 0 {
        c.rect(3, 5, 10, 3, PALE[2]);
        c.rect(7, 4, 2, 5, PALE[2]);
        return c;
    }
    c.rect(2, 4, 12, 5, SOIL[0]);
    for i in 0..8 {
        let (x, y) = (2 + i % 4 * 3, 3 + i / 4 * 3);
        c.rect(x, y, 3, 3, fruit);
        c.set(x, y, gleam);
        c.set(x + 2, y + 2, SOIL[1]);
    }
    c
}

fn barrel() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 13, 5);
    c.disc(16, 25, 11, 6, WOOD[0]);
    c.rect(2, 4, 12, 9, WOOD[0]);
    c.rect(3, 4, 10, 9, WOOD[2]);
    c.rect(4, 5, 2, 9, WOOD[3]);
    c.rect(10, 5, 2, 9, WOOD[1]);
    c.rect(3, 7, 10, 1, IRON[2]);
    c.rect(3, 12, 10, 1, IRON[2]);
    c.disc(16, 8, 12, 6, WOOD[0]);
    c.disc(16, 8, 10, 4, WOOD[3]);
    c
}

fn sacks() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 27, 15, 6);
    for (x, y) in [(11, 7), (5, 10), (11, 12)] {
        c.disc(2 * x, 2 * y, 9, 7, PLUM[0]);
        c.disc(2 * x, 2 * y, 8, 6, LINEN[1]);
        c.disc(2 * x - 1, 2 * y - 1, 5, 4, LINEN[2]);
        c.rect(x - 1, y - 4, 2, 2, LINEN[0]);
    }
    c.set(4, 9, STONE[4]);
    c
}
