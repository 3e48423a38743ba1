//! What stands in the workshops, the library, the clinic and the town hall.

use crate::canvas::{Canvas, rgb};
use crate::draw::furniture::{FIRE, block, footing, shelf};
use crate::palette::{BLUE, BRASS, GREEN, IRON, LINEN, OCHRE, PALE, PLUM, RED, STONE, WATER, WOOD};
use crate::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet) {
    sheet.solid("workbench", workbench());
    sheet.solid("anvil", anvil());
    sheet.partly("forge", forge(), "../##");
    sheet.partly("kiln", kiln(), "../##");
    sheet.solid("wheel", potters_wheel());
    sheet.solid("pots", pots());
    sheet.solid("logs", logs());
    sheet.solid("planks pile", planks_pile());
    sheet.partly("loom", loom(), "../##");
    sheet.partly(
        "library shelf",
        shelf(&[PLUM[2], BLUE[2], BLUE[1], GREEN[2], LINEN[2]]),
        "./#",
    );
    sheet.partly(
        "library shelf warm",
        shelf(&[RED[2], OCHRE[2], OCHRE[1], LINEN[2], RED[1]]),
        "./#",
    );
    sheet.solid("reading desk", reading_desk());
    sheet.solid("globe", globe());
    sheet.flat("clinic bed", clinic_bed());
    sheet.partly("medicine", medicine(), "./#");
    sheet.solid("screen", screen());
    sheet.solid("rostrum", rostrum());
    sheet.partly("banner", banner(), ".");
    sheet.solid("council table", council_table());
}

fn workbench() -> Canvas {
    let mut c = Canvas::tiles(2, 1);
    footing(&mut c, 32, 28, 30, 5);
    block(&mut c, (0, 1), (32, 9), 5, &PALE);
    c.letters(
        3,
        3,
        &["ss......", "sswwwww.", "ss......"],
        &[('s', IRON[2]), ('w', WOOD[1])],
    );
    c.letters(
        14,
        3,
        &[".iiiiii", "wwiiiii", "..i.i.i"],
        &[('i', IRON[3]), ('w', WOOD[1])],
    );
    c.rect(24, 3, 5, 2, WOOD[2]);
    c.rect(23, 5, 6, 2, WOOD[3]);
    c.rect(5, 8, 3, 1, PALE[4]);
    c.rect(2, 12, 2, 4, PALE[0]);
    c.rect(28, 12, 2, 4, PALE[0]);
    c
}

fn anvil() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 12, 5);
    block(&mut c, (4, 9), (8, 3), 4, &WOOD);
    c.rect(2, 3, 13, 4, IRON[0]);
    c.rect(5, 7, 6, 3, IRON[0]);
    c.rect(1, 4, 3, 2, IRON[0]);
    c.rect(3, 3, 11, 2, IRON[3]);
    c.rect(3, 3, 11, 1, IRON[4]);
    c.rect(6, 6, 4, 3, IRON[2]);
    c
}

fn forge() -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    block(&mut c, (6, 0), (20, 3), 12, &STONE);
    block(&mut c, (0, 13), (32, 8), 11, &STONE);
    c.rect(4, 15, 24, 6, IRON[0]);
    c.letters(
        6,
        13,
        &[
            "...y......y.....y...",
            "..oyo..o.oyo...oyo..",
            ".oyyoooyooyyo.ooyyo.",
            "oyyyyoyyyyyyyooyyyoo",
            "royyyyyyyyyyyyyyyyor",
            "rrooyyoooyyoooyyoorr",
        ],
        &FIRE,
    );
    for x in (2..30).step_by(7) {
        c.rect(x, 25, 1, 3, STONE[0]);
        c.rect(x + 3, 28, 1, 3, STONE[0]);
    }
    c.rect(1, 27, 30, 1, STONE[0]);
    c
}

fn kiln() -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    footing(&mut c, 34, 60, 30, 6);
    c.disc(32, 36, 30, 34, RED[0]);
    c.rect(1, 18, 30, 13, RED[0]);
    c.disc(32, 36, 28, 32, RED[1]);
    c.rect(2, 18, 28, 12, RED[1]);
    c.disc(29, 33, 22, 27, RED[2]);
    c.disc(24, 24, 10, 10, RED[3]);
    for y in [12, 17, 22, 27] {
        c.rect(4, y, 24, 1, RED[0]);
    }
    c.rect(10, 20, 12, 11, STONE[0]);
    c.rect(11, 21, 10, 10, IRON[0]);
    c.letters(
        12,
        24,
        &["...y....", "..oyo.o.", ".oyyooyo", "royyyyor", "rrooyorr"],
        &FIRE,
    );
    c.rect(12, 0, 8, 3, STONE[1]);
    c
}

fn potters_wheel() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 13, 5);
    block(&mut c, (3, 8), (10, 3), 4, &WOOD);
    c.disc(16, 15, 13, 8, STONE[0]);
    c.disc(16, 14, 12, 6, STONE[3]);
    c.rect(5, 2, 6, 6, rgb(0xa8643f));
    c.rect(6, 1, 4, 2, rgb(0x7a4228));
    c.rect(6, 3, 1, 4, rgb(0xd09067));
    c
}

fn pots() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 15, 5);
    for (x, y, a, b) in [
        (3, 3, BLUE[2], BLUE[4]),
        (10, 4, OCHRE[2], OCHRE[4]),
        (6, 9, RED[2], RED[4]),
    ] {
        c.rect(x - 1, y + 1, 6, 5, rgb(0x4a3127));
        c.rect(x, y, 4, 6, a);
        c.rect(x, y, 4, 1, rgb(0x4a3127));
        c.rect(x, y + 2, 1, 3, b);
    }
    c
}

fn logs() -> Canvas {
    let mut c = Canvas::tiles(2, 1);
    footing(&mut c, 32, 28, 30, 5);
    for (x, y) in [(1, 8), (11, 8), (21, 8), (6, 2), (16, 2)] {
        c.rect(x, y, 10, 7, WOOD[0]);
        c.rect(x + 1, y + 1, 8, 3, WOOD[2]);
        c.rect(x + 1, y + 4, 8, 2, WOOD[1]);
        c.disc(2 * x + 4, 2 * y + 7, 5, 6, WOOD[0]);
        c.disc(2 * x + 4, 2 * y + 7, 4, 5, PALE[3]);
        c.set(x + 2, y + 3, PALE[1]);
    }
    c
}

fn planks_pile() -> Canvas {
    let mut c = Canvas::tiles(2, 1);
    footing(&mut c, 32, 28, 31, 5);
    for (i, y) in [11, 8, 5, 2].into_iter().enumerate() {
        let x = 1 + i as i32 % 2;
        block(&mut c, (x, y), (28, 3), 2, &PALE);
    }
    c
}

fn loom() -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    footing(&mut c, 33, 58, 28, 6);
    for x in [3, 26] {
        c.rect(x, 3, 3, 27, WOOD[0]);
        c.rect(x + 1, 4, 1, 25, WOOD[3]);
    }
    for y in [3, 24] {
        c.rect(3, y, 26, 4, WOOD[0]);
        c.rect(4, y + 1, 24, 1, WOOD[4]);
    }
    for x in (6..26).step_by(2) {
        c.rect(x, 7, 1, 17, LINEN[3]);
    }
    for (i, y) in (14..24).step_by(2).enumerate() {
        c.rect(
            6,
            y,
            20,
            2,
            [RED[2], OCHRE[3], BLUE[2], OCHRE[3], RED[2]][i % 5],
        );
    }
    c
}

fn reading_desk() -> Canvas {
    let mut c = Canvas::tiles(2, 1);
    footing(&mut c, 32, 28, 30, 5);
    block(&mut c, (0, 1), (32, 10), 4, &WOOD);
    c.letters(
        4,
        3,
        &[
            "wwww.wwww",
            "wllwwwllw",
            "wwwwwwwww",
            "wllw.wllw",
            "gggg.gggg",
        ],
        &[('w', LINEN[4]), ('l', LINEN[1]), ('g', LINEN[0])],
    );
    c.rect(19, 4, 6, 4, BLUE[2]);
    c.rect(19, 4, 6, 1, BLUE[4]);
    c.letters(
        27,
        2,
        &[".g.", "ggg", ".b.", ".b.", "bbb"],
        &[('g', rgb(0x63a06a)), ('b', BRASS[3])],
    );
    c
}

fn globe() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 10, 5);
    c.rect(7, 11, 2, 3, BRASS[1]);
    c.rect(4, 13, 8, 2, BRASS[1]);
    c.disc(16, 13, 11, 11, BRASS[1]);
    c.disc(16, 13, 9, 9, WATER[2]);
    c.letters(
        5,
        3,
        &[".gg...", "gggg..", ".gg.gg", "..g.gg", "....g."],
        &[('g', rgb(0x7fae55))],
    );
    c.set(5, 4, WATER[4]);
    c
}

fn clinic_bed() -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    c.rect(1, 5, 15, 26, crate::palette::HALF_SHADOW);
    c.rect(2, 2, 12, 28, IRON[2]);
    c.rect(3, 3, 10, 25, LINEN[4]);
    c.rect(4, 5, 8, 5, LINEN[3]);
    c.rect(4, 9, 8, 1, LINEN[1]);
    c.rect(3, 13, 10, 14, rgb(0xa5cfc8));
    c.rect(3, 13, 10, 2, rgb(0xc9e5df));
    c.rect(12, 15, 1, 12, rgb(0x82b3ab));
    c.rect(2, 28, 12, 2, IRON[3]);
    c
}

fn medicine() -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    block(&mut c, (0, 4), (16, 4), 23, &LINEN);
    for y in [10, 16] {
        c.rect(2, y, 12, 5, rgb(0x6d8f93));
        for (i, px) in [rgb(0x7fae55), rgb(0xd9a13c), rgb(0xc25d6a), rgb(0x5b80ab)]
            .into_iter()
            .enumerate()
        {
            c.rect(3 + 3 * i as i32, y + 2, 2, 3, px);
            c.rect(3 + 3 * i as i32, y + 1, 1, 1, LINEN[4]);
        }
    }
    c.rect(6, 23, 4, 6, rgb(0x4f9d78));
    c.rect(4, 25, 8, 2, rgb(0x4f9d78));
    c
}

fn screen() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for x in [1, 6, 11] {
        c.rect(x, 1, 5, 13, rgb(0x8fb8b0));
        c.rect(x + 1, 2, 3, 11, rgb(0xd6e8e2));
        c.rect(x + 3, 2, 1, 11, rgb(0xb7d3cc));
    }
    c.rect(0, 14, 16, 1, crate::palette::SHADOW);
    c
}

fn rostrum() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 13, 5);
    block(&mut c, (2, 2), (12, 5), 8, &WOOD);
    c.rect(4, 3, 8, 3, LINEN[4]);
    c.rect(6, 9, 4, 4, BRASS[2]);
    c.rect(7, 10, 2, 2, BRASS[4]);
    c
}

fn banner() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(3, 2, 10, 1, BRASS[1]);
    c.rect(4, 3, 8, 10, BLUE[1]);
    c.rect(4, 3, 7, 9, BLUE[2]);
    c.letters(4, 12, &["bbb..bbb", "bb....bb"], &[('b', BLUE[1])]);
    c.letters(6, 5, &[".yy.", "yyyy", ".yy.", "y..y"], &[('y', BRASS[4])]);
    c
}

fn council_table() -> Canvas {
    let mut c = Canvas::tiles(4, 2);
    footing(&mut c, 66, 56, 62, 8);
    c.rect(3, 22, 4, 9, WOOD[0]);
    c.rect(57, 22, 4, 9, WOOD[0]);
    block(&mut c, (0, 2), (64, 20), 6, &WOOD);
    c.rect(14, 4, 36, 16, GREEN[1]);
    c.frame(14, 4, 36, 16, OCHRE[3], false);
    for x in [6, 20, 34, 54] {
        c.rect(x, 7, 5, 6, LINEN[4]);
        c.rect(x + 1, 9, 3, 1, LINEN[0]);
        c.rect(x + 1, 11, 3, 1, LINEN[0]);
    }
    c.rect(43, 9, 3, 5, BRASS[3]);
    c.rect(44, 8, 1, 1, rgb(0xffe9a8));
    c
}
