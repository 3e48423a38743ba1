//! What grows: trees and bushes from their own file, flowers, and what floats on water.

use crate::canvas::{Canvas, Px, hash, rgb, tint};
use crate::draw::furniture::{block, footing};
use crate::draw::ground::sprig;
use crate::draw::trees::{big_tree, bush, pine, planter_tree, small_tree, willow};
use crate::palette::{AUTUMN, BIRCH, BLOSSOM, GRASS, LEAF, OCHRE, STONE, WOOD};
use crate::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet) {
    for (name, ramp, fruit) in [
        ("oak", LEAF, None),
        ("birch", BIRCH, None),
        ("cherry", BLOSSOM, Some(rgb(0xfdeeee))),
        ("maple", AUTUMN, None),
        ("apple", LEAF, Some(rgb(0xd5493f))),
    ] {
        sheet.partly(name, big_tree(&ramp, fruit), ".../.../.#.");
        sheet.partly(format!("young {name}"), small_tree(&ramp, fruit), "../##");
    }
    sheet.partly("pine", pine(), "../../##");
    sheet.partly("willow", willow(), ".../.../.#.");
    sheet.partly("planter tree", planter_tree(), "../##");
    sheet.solid("planter", planter());
    sheet.flat("ducks", ducks());
    for (name, ramp, berry) in [
        ("bush", LEAF, None),
        ("berry bush", LEAF, Some(rgb(0xc94f5f))),
        ("light bush", BIRCH, None),
        ("hydrangea", LEAF, Some(rgb(0x93a8dc))),
    ] {
        sheet.solid(name, bush(&ramp, berry));
    }
    for (name, petals, eye) in [
        ("tulips", rgb(0xdf6a5e), rgb(0xf3a48f)),
        ("daisies", rgb(0xf6f3e6), rgb(0xf0c34e)),
        ("lavender", rgb(0x9a86c9), rgb(0xc4b5e3)),
        ("buttercups", rgb(0xf2cb55), rgb(0xd99a35)),
        ("bluebells", rgb(0x7d9fd8), rgb(0xb9d0ef)),
    ] {
        sheet.flat(format!("{name} few"), flowers(petals, eye, 4));
        sheet.flat(format!("{name} bed"), flower_bed(petals, eye));
    }
    sheet.flat("clover", clover());
    sheet.flat("long grass", long_grass());
    sheet.flat("mushrooms", mushrooms());
    sheet.flat("pebbles", pebbles());
    sheet.solid("rock", rock());
    sheet.solid("stump", stump());
    sheet.flat("lilies", lilies());
    sheet.flat("reeds", reeds());
    sheet.flat("stepping stone", stepping_stone());
    sheet.flat("leaves", fallen_leaves());
}

fn planter() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 14, 5);
    block(&mut c, (1, 6), (14, 4), 5, &STONE);
    for i in 0..5 {
        let x = 2 + i * 5 / 2;
        c.letters(
            x,
            1 + i % 2,
            &[".p.", "pep", ".p.", "ls.", ".s."],
            &[
                (
                    'p',
                    if i % 2 == 0 {
                        rgb(0xe07a6c)
                    } else {
                        rgb(0xf4efe2)
                    },
                ),
                ('e', OCHRE[3]),
                ('s', LEAF[2]),
                ('l', LEAF[1]),
            ],
        );
    }
    c.rect(3, 6, 10, 2, LEAF[2]);
    c
}

fn ducks() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    let key = [
        ('w', rgb(0xf6f1e4)),
        ('g', rgb(0xd7cdb8)),
        ('o', rgb(0xe39a3b)),
        ('b', rgb(0x3f6b4a)),
        ('n', rgb(0x9a7a5a)),
        ('s', tint(0x1d2a3a, 70)),
    ];
    c.letters(
        1,
        3,
        &[".ww....", "oww...w", ".wwwww.", ".wwwgg.", "..sss.."],
        &key,
    );
    c.letters(
        8,
        9,
        &["....bb.", "n...bbo", ".nnnnn.", ".gnnnn.", "..sss.."],
        &key,
    );
    c
}

fn flowers(petals: Px, eye: Px, count: i32) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for i in 0..count {
        let n = hash(i, count, 59);
        let (x, y) = (
            1 + (i % 2) * 8 + (n % 5) as i32,
            1 + (i / 2) * 7 + (n / 8 % 4) as i32,
        );
        c.letters(
            x,
            y,
            &[".p.", "pep", ".p.", ".s.", "ls."],
            &[('p', petals), ('e', eye), ('s', GRASS[0]), ('l', GRASS[1])],
        );
    }
    c
}

fn flower_bed(petals: Px, eye: Px) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for y in 0..16 {
        for x in 0..16 {
            let rim = x == 0 || y == 0 || x == 15 || y == 15;
            if !rim || hash(x, y, 61).is_multiple_of(2) {
                c.set(
                    x,
                    y,
                    LEAF[if hash(x, y, 67).is_multiple_of(3) {
                        3
                    } else {
                        2
                    }],
                );
            }
        }
    }
    for i in 0..16 {
        let n = hash(i, 3, 71);
        let (x, y) = (i % 4 * 4 + (n % 2) as i32, i / 4 * 4 + (n / 8 % 2) as i32);
        c.letters(
            x,
            y,
            &[".p.", "pep", "spl"],
            &[('p', petals), ('e', eye), ('s', LEAF[1]), ('l', LEAF[0])],
        );
    }
    c
}

fn clover() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for i in 0..7 {
        let n = hash(i, 5, 73);
        let (x, y) = (1 + (n % 12) as i32, 1 + (n / 16 % 12) as i32);
        c.letters(
            x,
            y,
            &["a.a", ".b.", "a.a"],
            &[('a', GRASS[1]), ('b', GRASS[4])],
        );
    }
    c
}

fn long_grass() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for i in 0..6 {
        let n = hash(i, 7, 79);
        let (x, y) = (
            1 + i % 3 * 5 + (n % 2) as i32,
            1 + i / 3 * 7 + (n / 8 % 2) as i32,
        );
        c.letters(
            x,
            y,
            &["a..b", "ab.b", ".bba", ".ba.", ".aa."],
            &[('a', GRASS[1]), ('b', GRASS[4])],
        );
    }
    c
}

fn mushrooms() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for (x, y) in [(3, 4), (9, 8), (5, 11)] {
        c.letters(
            x,
            y,
            &[".rr.", "rwrr", "rrrw", ".ss.", ".ss."],
            &[
                ('r', rgb(0xc2574a)),
                ('w', rgb(0xf6ead8)),
                ('s', rgb(0xe6d9bf)),
            ],
        );
    }
    sprig(&mut c, 11, 3, &GRASS);
    c
}

fn pebbles() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for (x, y, w) in [(3, 4, 3), (10, 9, 2), (6, 12, 2), (12, 3, 2)] {
        c.rect(x, y, w, 2, STONE[1]);
        c.rect(x, y, w - 1, 1, STONE[3]);
    }
    c
}

fn rock() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 27, 15, 6);
    c.disc(16, 18, 14, 11, STONE[0]);
    c.disc(16, 17, 12, 10, STONE[2]);
    c.disc(13, 14, 8, 6, STONE[3]);
    c.disc(12, 12, 4, 3, STONE[4]);
    c.rect(9, 9, 3, 1, STONE[1]);
    c.rect(3, 12, 4, 1, GRASS[1]);
    c
}

fn stump() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 27, 14, 6);
    c.rect(3, 7, 10, 7, WOOD[0]);
    c.rect(4, 8, 8, 5, WOOD[1]);
    c.disc(16, 14, 11, 7, WOOD[0]);
    c.disc(16, 14, 9, 5, OCHRE[3]);
    c.disc(16, 14, 5, 3, WOOD[3]);
    c
}

fn lilies() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for (x, y) in [(4, 5), (11, 10), (12, 3)] {
        c.disc(2 * x, 2 * y + 1, 6, 4, LEAF[1]);
        c.disc(2 * x, 2 * y, 5, 4, LEAF[3]);
        c.rect(x, y, 2, 1, LEAF[1]);
    }
    c.letters(
        3,
        3,
        &[".p.", "pyp", ".p."],
        &[('p', rgb(0xf6cdd6)), ('y', rgb(0xf5e27d))],
    );
    c
}

fn reeds() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for i in 0..6 {
        let (x, top) = (2 + i * 2 + i / 3, 1 + (hash(i, 2, 83) % 5) as i32);
        c.rect(
            x,
            top,
            1,
            14 - top,
            if i % 2 == 0 { LEAF[2] } else { LEAF[3] },
        );
        if i % 2 == 0 {
            c.rect(x, top, 1, 4, WOOD[1]);
        }
    }
    c
}

fn stepping_stone() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.disc(16, 18, 12, 10, GRASS[0]);
    c.disc(16, 16, 12, 10, STONE[2]);
    c.disc(15, 14, 9, 7, STONE[3]);
    c
}

fn fallen_leaves() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    for i in 0..7 {
        let n = hash(i, 9, 89);
        c.rect(
            (n % 14) as i32,
            (n / 16 % 14) as i32,
            2,
            1,
            AUTUMN[1 + (n / 4096 % 4) as usize],
        );
    }
    c
}
