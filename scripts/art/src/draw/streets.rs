//! What stands in the open: lamps, fences, hedges, benches and signs.

use crate::canvas::{Canvas, Px, hash, rgb, tint};
use crate::draw::furniture::{block, footing};
use crate::draw::sights::{arbour, board, bridge, clock_gable, fountain, well};
use crate::palette::{BRASS, GLOW, GREEN, HALF_SHADOW, IRON, LEAF, LINEN, OCHRE, PALE, RED, WOOD};
use crate::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet) {
    for mask in 0..16 {
        sheet.solid(format!("fence {mask}"), fence(mask));
        sheet.solid(format!("hedge {mask}"), hedge(mask));
    }
    sheet.partly("lamp", lamp(), "./#");
    sheet.flat("bench", bench());
    sheet.partly("board", board(), ".../###");
    sheet.solid("fountain", fountain());
    sheet.partly("well", well(), "../##");
    sheet.partly("clock gable", clock_gable(), ".../...");
    for (name, rows, px) in [
        ("cup", CUP, LINEN[4]),
        ("book", BOOK, LINEN[4]),
        ("cross", CROSS, rgb(0xd3f0dc)),
        ("hammer", HAMMER, BRASS[4]),
        ("pot", POT, RED[4]),
    ] {
        sheet.flat(format!("sign {name}"), sign(rows, px));
    }
    bridge(sheet);
    sheet.solid("cart", cart());
    sheet.solid("hay", hay());
    sheet.partly("signpost", signpost(), "./#");
    sheet.partly("arbour", arbour(), "..../..../#..#");
}

fn fence(mask: i32) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    let has = |bit: i32| mask >> bit & 1 == 1;
    let rail = |c: &mut Canvas, x: i32, w: i32| {
        for y in [5, 9] {
            c.rect(x, y, w, 2, PALE[0]);
            c.rect(x, y, w, 1, PALE[3]);
        }
    };
    if has(0) {
        c.rect(7, 0, 2, 6, PALE[0]);
        c.rect(7, 0, 1, 6, PALE[3]);
    }
    if has(1) {
        rail(&mut c, 8, 8);
    }
    if has(3) {
        rail(&mut c, 0, 8);
    }
    if has(2) {
        c.rect(7, 8, 2, 8, PALE[0]);
        c.rect(7, 8, 1, 8, PALE[3]);
    }
    let mut picket = |x: i32| {
        c.rect(x, 2, 3, 11, PALE[0]);
        c.rect(x, 3, 2, 9, PALE[4]);
        c.rect(x + 1, 3, 1, 9, PALE[3]);
        c.rect(x, 13, 4, 1, HALF_SHADOW);
    };
    picket(7);
    if has(3) {
        picket(1);
    }
    if has(1) {
        picket(12);
    }
    c
}

fn hedge(mask: i32) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    let has = |bit: i32| mask >> bit & 1 == 1;
    let (left, right) = (if has(3) { 0 } else { 2 }, if has(1) { 16 } else { 14 });
    let (top, bottom) = (if has(0) { 0 } else { 1 }, if has(2) { 16 } else { 15 });
    for y in top..bottom {
        for x in left..right {
            let rim =
                (!has(3) && x == left) || (!has(1) && x == right - 1) || (!has(0) && y == top);
            let corner = (x == left && !has(3) || x == right - 1 && !has(1))
                && (y == top && !has(0) || y == bottom - 1 && !has(2));
            if corner {
                continue;
            }
            let front = !has(2) && y > 10;
            let n = hash(x / 2 + y % 3, y / 2, 13) % 6;
            let shade = if rim || (!has(2) && y == bottom - 1) {
                0
            } else if front {
                1 + usize::from(n == 0)
            } else if n == 0 {
                4
            } else if n < 3 {
                3
            } else {
                2
            };
            c.set(x, y, LEAF[shade]);
        }
    }
    c
}

fn lamp() -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    c.disc(16, 17, 15, 15, tint(0xffe9a8, 40));
    c.disc(16, 17, 10, 10, tint(0xffe9a8, 50));
    footing(&mut c, 17, 60, 8, 4);
    c.rect(7, 12, 2, 18, IRON[0]);
    c.rect(7, 13, 1, 15, IRON[3]);
    c.rect(5, 28, 6, 2, IRON[0]);
    c.rect(6, 28, 3, 1, IRON[3]);
    c.rect(5, 4, 6, 8, IRON[0]);
    c.rect(6, 5, 4, 6, GLOW);
    c.rect(6, 5, 1, 6, rgb(0xfff7dc));
    c.rect(4, 3, 8, 2, IRON[1]);
    c.rect(6, 1, 4, 2, IRON[1]);
    c.rect(4, 3, 8, 1, IRON[3]);
    c
}

fn bench() -> Canvas {
    let mut c = Canvas::tiles(2, 1);
    footing(&mut c, 33, 27, 30, 5);
    for x in [2, 27] {
        c.rect(x, 10, 3, 5, IRON[0]);
    }
    block(&mut c, (1, 1), (30, 2), 3, &WOOD);
    block(&mut c, (1, 6), (30, 5), 2, &WOOD);
    c.rect(2, 9, 28, 1, WOOD[1]);
    c
}

const CUP: [&str; 6] = ["..s.s.", "......", "wwwwww", "wwwww.", "wwwww.", ".www.."];
const BOOK: [&str; 6] = ["......", "ww..ww", "wwwwww", "wwwwww", "wwwwww", ".w..w."];
const CROSS: [&str; 6] = ["..ww..", "..ww..", "wwwwww", "wwwwww", "..ww..", "..ww.."];
const HAMMER: [&str; 6] = [".wwww.", "wwwwww", "..ww..", "..ww..", "..ww..", "..ww.."];
const POT: [&str; 6] = ["..ww..", ".wwww.", "wwwwww", "wwwwww", ".wwww.", "..ww.."];

fn sign(rows: [&str; 6], px: Px) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(2, 5, 12, 10, WOOD[0]);
    c.rect(3, 6, 10, 8, GREEN[1]);
    c.rect(3, 6, 10, 1, GREEN[3]);
    c.letters(5, 7, &rows, &[('w', px), ('s', LINEN[2])]);
    c
}

fn cart() -> Canvas {
    let mut c = Canvas::tiles(2, 1);
    footing(&mut c, 32, 28, 28, 5);
    block(&mut c, (4, 2), (24, 6), 5, &WOOD);
    c.rect(0, 7, 5, 2, WOOD[1]);
    for i in 0..6 {
        c.rect(
            6 + i * 4,
            1 + i % 2,
            3,
            4,
            [OCHRE[3], rgb(0xc94f43), LEAF[3]][i as usize % 3],
        );
    }
    for x in [18, 46] {
        c.disc(x, 24, 8, 8, WOOD[0]);
        c.disc(x, 24, 5, 5, PALE[2]);
        c.disc(x, 24, 2, 2, IRON[0]);
    }
    c
}

fn hay() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 17, 28, 15, 5);
    block(&mut c, (1, 3), (14, 6), 6, &OCHRE);
    for i in 0..14 {
        let n = hash(i, 1, 2);
        c.rect(
            2 + (n % 11) as i32,
            4 + (n / 16 % 9) as i32,
            2,
            1,
            if i % 2 == 0 { OCHRE[4] } else { OCHRE[1] },
        );
    }
    c.rect(5, 3, 1, 11, WOOD[1]);
    c.rect(10, 3, 1, 11, WOOD[1]);
    c
}

fn signpost() -> Canvas {
    let mut c = Canvas::tiles(1, 2);
    footing(&mut c, 17, 60, 7, 4);
    c.rect(7, 4, 3, 26, WOOD[0]);
    c.rect(8, 5, 1, 24, WOOD[3]);
    for (x, y, w) in [(3, 6, 12), (1, 13, 11)] {
        c.rect(x, y, w, 6, PALE[0]);
        c.rect(x + 1, y + 1, w - 2, 4, PALE[3]);
        c.rect(x + 2, y + 2, w - 5, 1, PALE[0]);
        c.rect(x + 2, y + 4, w - 6, 1, PALE[1]);
    }
    c
}
