//! Trees and bushes.

use crate::canvas::{Canvas, Px, hash, rgb, tint};
use crate::draw::furniture::{block, footing};
use crate::palette::{BIRCH, LEAF, PINE, Ramp, STONE, WOOD};

/// A crown made of round tufts, lit from the north-west: discs from the back to the front, each with light and shade of its own.
fn crown(c: &mut Canvas, (cx, cy): (i32, i32), (rx, ry): (i32, i32), ramp: &Ramp, seed: u32) {
    const TUFTS: [(i32, i32, i32); 9] = [
        (0, -52, 50),
        (-46, -26, 46),
        (46, -22, 46),
        (-58, 22, 40),
        (58, 24, 40),
        (0, -6, 58),
        (-26, 40, 44),
        (30, 42, 42),
        (4, 58, 36),
    ];
    let tuft = |(x, y, r): (i32, i32, i32)| {
        let part = |percent: i32, of: i32| percent as f32 * of as f32 / 100.0;
        (
            cx as f32 + part(x, rx),
            cy as f32 + part(y, ry),
            part(r, rx),
            part(r, ry) * 1.06,
        )
    };
    for y in 0..c.h {
        for x in 0..c.w {
            let front = TUFTS
                .iter()
                .rev()
                .map(|&t| tuft(t))
                .find_map(|(tx, ty, trx, try_)| {
                    let (dx, dy) = ((x as f32 + 0.5 - tx) / trx, (y as f32 + 0.5 - ty) / try_);
                    (dx * dx + dy * dy <= 1.0).then_some((dx, dy))
                });
            let Some((dx, dy)) = front else {
                continue;
            };
            let (ox, oy) = ((x - cx) as f32 / rx as f32, (y - cy) as f32 / ry as f32);
            let grain = (hash(x / 2, y / 2, seed) % 100) as f32 / 100.0 - 0.5;
            let light = -0.42 * dx - 0.55 * dy - 0.38 * ox - 0.62 * oy + 0.34 * grain;
            let shade = match light {
                l if l > 0.66 => 4,
                l if l > 0.16 => 3,
                l if l > -0.42 => 2,
                l if l > -0.95 => 1,
                _ => 0,
            };
            c.set(x, y, ramp[shade]);
        }
    }
    rim(c, ramp[0]);
}

/// Darkens the outermost pixels, so that a crown stands out from the lawn.
fn rim(c: &mut Canvas, px: Px) {
    let before = c.clone();
    for y in 0..c.h {
        for x in 0..c.w {
            let outside = |dx: i32, dy: i32| before.get(x + dx, y + dy)[3] < 255;
            let crown = before.get(x, y)[3] == 255
                && before.get(x, y) != WOOD[0]
                && before.get(x, y) != WOOD[2];
            if crown && (outside(1, 0) || outside(0, 1) || outside(-1, 0) || outside(0, -1)) {
                c.set(x, y, px);
            }
        }
    }
}

fn trunk(c: &mut Canvas, cx: i32, top: i32, bottom: i32, half: i32) {
    c.rect(cx - half, top, 2 * half, bottom - top, WOOD[0]);
    c.rect(cx - half + 1, top, 2 * half - 2, bottom - top - 1, WOOD[2]);
    c.rect(cx - half + 1, top, 1, bottom - top - 1, WOOD[3]);
    c.rect(cx + half - 2, top, 1, bottom - top - 1, WOOD[1]);
    c.rect(cx - half - 1, bottom - 2, 2 * half + 2, 1, WOOD[0]);
    c.rect(cx - half - 1, bottom - 1, 1, 1, WOOD[0]);
    c.rect(cx + half, bottom - 1, 1, 1, WOOD[0]);
}

pub(super) fn big_tree(ramp: &Ramp, fruit: Option<Px>) -> Canvas {
    let mut c = Canvas::tiles(3, 3);
    c.disc(52, 88, 36, 13, tint(0x1d2a3a, 66));
    trunk(&mut c, 24, 30, 46, 4);
    c.rect(20, 30, 8, 6, tint(0x1d2a3a, 110));
    crown(&mut c, (24, 19), (22, 18), ramp, 17);
    fruits(&mut c, fruit, (24, 19), (18, 14), 12);
    c
}

pub(super) fn small_tree(ramp: &Ramp, fruit: Option<Px>) -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    c.disc(36, 57, 24, 9, tint(0x1d2a3a, 66));
    trunk(&mut c, 16, 19, 30, 3);
    c.rect(13, 19, 6, 4, tint(0x1d2a3a, 110));
    crown(&mut c, (16, 12), (14, 12), ramp, 29);
    fruits(&mut c, fruit, (16, 12), (11, 9), 7);
    c
}

fn fruits(
    c: &mut Canvas,
    fruit: Option<Px>,
    (cx, cy): (i32, i32),
    (rx, ry): (i32, i32),
    count: i32,
) {
    let Some(px) = fruit else {
        return;
    };
    for i in 0..count {
        let n = hash(i, count, 23);
        let (dx, dy) = ((n % 201) as i32 - 100, (n / 256 % 201) as i32 - 100);
        if dx * dx + dy * dy > 10_000 {
            continue;
        }
        let (x, y) = (cx + dx * rx / 100, cy + dy * ry / 100);
        if c.get(x, y)[3] == 255 && c.get(x + 1, y + 1)[3] == 255 {
            c.rect(x, y, 2, 2, px);
            c.blend(x + 1, y + 1, tint(0x401818, 70));
        }
    }
}

pub(super) fn pine() -> Canvas {
    let mut c = Canvas::tiles(2, 3);
    c.disc(36, 88, 26, 10, tint(0x1d2a3a, 66));
    trunk(&mut c, 16, 38, 46, 3);
    for (tier, (top, bottom)) in [(24, 41), (14, 31), (6, 22), (0, 13)]
        .into_iter()
        .enumerate()
    {
        let widest = 14 - 3 * tier as i32;
        for y in top..bottom {
            let half = (y - top) * widest / (bottom - top) + 1 - i32::from(y % 3 == 2);
            for x in 16 - half..16 + half {
                let along = x - 16;
                let edge = y == bottom - 1 || along == -half || along == half - 1;
                let n = hash(x / 2, y / 2, 37) % 5;
                let shade = if edge {
                    0
                } else if along * 2 < -half && y > top + 1 {
                    3 + usize::from(n == 0)
                } else if along * 3 > half {
                    1
                } else {
                    2
                };
                c.set(x, y, PINE[shade]);
            }
        }
    }
    c
}

/// A weeping willow: long strands from a broad crown.
pub(super) fn willow() -> Canvas {
    let mut c = Canvas::tiles(3, 3);
    c.disc(50, 88, 38, 13, tint(0x1d2a3a, 66));
    trunk(&mut c, 24, 26, 46, 4);
    crown(&mut c, (24, 14), (20, 13), &BIRCH, 53);
    for i in 0..23_i32 {
        let x = 2 + i * 2;
        let along = (x - 24).abs();
        let top = 6 + along * along / 32;
        let length = 20 + (hash(i, 6, 57) % 9) as i32 - along / 3;
        for y in top..(top + length).min(43) {
            let shade = if (y - top) < 4 {
                3
            } else if i % 3 == 0 {
                1
            } else {
                2 + usize::from(hash(x, y / 3, 59).is_multiple_of(4))
            };
            c.set(x, y, BIRCH[if along < 4 && y > 30 { 1 } else { shade }]);
            if i % 2 == 0 && y < top + length - 5 {
                c.set(x + 1, y, BIRCH[1]);
            }
        }
    }
    c
}

pub(super) fn planter_tree() -> Canvas {
    let mut c = Canvas::tiles(2, 2);
    c.rect(4, 24, 26, 8, tint(0x1d2a3a, 50));
    block(&mut c, (3, 20), (26, 5), 6, &STONE);
    c.rect(5, 21, 22, 3, LEAF[1]);
    for x in (6..27).step_by(4) {
        c.rect(
            x,
            21,
            2,
            2,
            if x % 8 == 6 {
                rgb(0xf2cb55)
            } else {
                rgb(0xdf6a5e)
            },
        );
    }
    trunk(&mut c, 16, 14, 24, 2);
    crown(&mut c, (16, 9), (11, 9), &LEAF, 31);
    c
}

pub(super) fn bush(ramp: &Ramp, berry: Option<Px>) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    footing(&mut c, 18, 26, 15, 7);
    crown(&mut c, (8, 8), (8, 7), ramp, 41);
    fruits(&mut c, berry, (8, 8), (6, 5), 9);
    c
}
