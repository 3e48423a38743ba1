//! What people are made of, from the feet up. All places are in pixels of a picture of 16 × 24.

use super::people::{Step, Way};
use crate::canvas::{Canvas, Px, rgb, tint};
use crate::palette::{BRASS, LINEN, Ramp};

/// How somebody looks.
pub(super) struct Look {
    pub(super) skin: usize,
    pub(super) hair: usize,
    /// The cut of the hair, or what is worn on it.
    pub(super) cut: usize,
    pub(super) top: Ramp,
    pub(super) bottom: Ramp,
    pub(super) dress: bool,
    /// Apron, belt, collar, or nothing.
    pub(super) trim: usize,
}

/// Outline, shade and light of skins.
const SKINS: [[Px; 3]; 6] = [
    [rgb(0x8a5a48), rgb(0xe0a98a), rgb(0xf6cfb0)],
    [rgb(0x7c4d38), rgb(0xcf9169), rgb(0xe8b48b)],
    [rgb(0x6a402c), rgb(0xb27a50), rgb(0xd09a6c)],
    [rgb(0x533223), rgb(0x8d5b3c), rgb(0xac7750)],
    [rgb(0x3d2419), rgb(0x6a422d), rgb(0x87593e)],
    [rgb(0x2e1c16), rgb(0x4e3125), rgb(0x694435)],
];
/// Outline, base and gleam of hair.
const HAIRS: [[Px; 3]; 9] = [
    [rgb(0x1d1a20), rgb(0x35303a), rgb(0x564e5c)],
    [rgb(0x2c1d18), rgb(0x4f3427), rgb(0x75503b)],
    [rgb(0x4a2c1b), rgb(0x7f4f2e), rgb(0xab7446)],
    [rgb(0x6b3a1a), rgb(0xb8662b), rgb(0xdd9048)],
    [rgb(0x8a6427), rgb(0xd5a847), rgb(0xf0d27e)],
    [rgb(0x5e2420), rgb(0x9c3f33), rgb(0xc4634f)],
    [rgb(0x6d6c70), rgb(0xa9a8aa), rgb(0xd6d5d4)],
    [rgb(0x8d8a86), rgb(0xd8d4cc), rgb(0xf4f1ea)],
    [rgb(0x2f3a5c), rgb(0x4f6293), rgb(0x7d90bd)],
];
const EYE: Px = rgb(0x2a2028);
const SHOE: Px = rgb(0x33262a);
const SHOE_LIGHT: Px = rgb(0x5a4440);

/// What lies on the ground below them.
pub(super) fn shadow(c: &mut Canvas) {
    c.disc(16, 44, 11, 4, tint(0x1d2a3a, 70));
}

/// Legs and shoes, or the hem of a dress.
pub(super) fn legs(c: &mut Canvas, look: &Look, way: Way, step: Step) {
    let cloth = if look.dress { look.top } else { look.bottom };
    if way == Way::East {
        let (back, front) = match step {
            Step::Stand => (6, 7),
            Step::Left => (4, 9),
            Step::Right => (7, 6),
        };
        leg(c, back, 0, [cloth[0], cloth[0], cloth[1]]);
        leg(c, front, 0, [cloth[0], cloth[1], cloth[2]]);
    } else {
        let lift = |foot: Step| i32::from(step == foot);
        leg(c, 5, lift(Step::Left), [cloth[0], cloth[1], cloth[2]]);
        leg(c, 8, lift(Step::Right), [cloth[0], cloth[1], cloth[2]]);
    }
}

/// One leg, three pixels wide: its dark side, its shade and its light.
fn leg(c: &mut Canvas, x: i32, lift: i32, [dark, shade, light]: [Px; 3]) {
    c.rect(x, 18, 3, 4 - lift, dark);
    c.rect(x + 1, 18, 1, 3 - lift, light);
    c.rect(x, 18, 1, 3 - lift, shade);
    c.rect(x, 21 - lift, 3, 2, SHOE);
    c.rect(x, 21 - lift, 2, 1, SHOE_LIGHT);
}

/// Shirt or dress, arms and hands.
pub(super) fn body(c: &mut Canvas, look: &Look, way: Way, step: Step, dy: i32) {
    let [outline, shade, base, light, gleam] = look.top;
    let (x, w) = if way == Way::East { (5, 6) } else { (4, 8) };
    c.rect(x, 13 + dy, w, 6, outline);
    c.rect(x + 1, 13 + dy, w - 2, 5, base);
    c.rect(x + 1, 13 + dy, w - 2, 1, light);
    c.rect(x + w - 2, 14 + dy, 1, 4, shade);
    if look.dress {
        c.rect(x - 1, 17 + dy, w + 2, 4, outline);
        c.rect(x, 17 + dy, w, 3, base);
        c.rect(x + 1, 17 + dy, 2, 3, light);
        c.rect(x + w - 2, 17 + dy, 2, 3, shade);
    }
    trim(c, look, way, (x, w), dy);
    arms(c, look, way, step, dy, [outline, base, gleam]);
}

fn trim(c: &mut Canvas, look: &Look, way: Way, (x, w): (i32, i32), dy: i32) {
    match look.trim {
        0 if way != Way::North => {
            // An apron.
            c.rect(x + 2, 14 + dy, w - 4, 5, LINEN[2]);
            c.rect(x + 2, 14 + dy, w - 4, 1, LINEN[4]);
        }
        1 => {
            // A belt.
            c.rect(x + 1, 17 + dy, w - 2, 1, look.bottom[0]);
            if way == Way::South {
                c.rect(x + w / 2 - 1, 17 + dy, 2, 1, BRASS[3]);
            }
        }
        2 if way == Way::South => {
            // A collar.
            c.rect(x + 2, 13 + dy, w - 4, 1, LINEN[3]);
            c.rect(x + w / 2 - 1, 14 + dy, 2, 1, LINEN[2]);
        }
        _ => {}
    }
}

fn arms(
    c: &mut Canvas,
    look: &Look,
    way: Way,
    step: Step,
    dy: i32,
    [outline, base, gleam]: [Px; 3],
) {
    let skin = SKINS[look.skin];
    let swing = match step {
        Step::Stand => 0,
        Step::Left => 1,
        Step::Right => -1,
    };
    if way == Way::East {
        let x = 7 + 2 * swing;
        c.rect(x, 14 + dy, 2, 4, outline);
        c.rect(x, 14 + dy, 1, 3, gleam);
        c.rect(x, 17 + dy, 2, 1, skin[1]);
        return;
    }
    for (x, inner, swing) in [(3, 3, swing), (11, 11, -swing)] {
        let drop = i32::from(swing > 0);
        c.rect(x, 14 + dy, 2, 4 - drop, outline);
        c.rect(inner, 14 + dy, 1, 3 - drop, base);
        c.rect(x, 17 + dy - drop, 2, 1, skin[1]);
    }
}

/// The head without its hair.
pub(super) fn face(c: &mut Canvas, look: &Look, way: Way, dy: i32, awake: bool) {
    let [outline, shade, light] = SKINS[look.skin];
    let y = 5 + dy;
    c.frame(4, y, 8, 9, outline, true);
    c.rect(5, y + 1, 6, 7, light);
    c.rect(4, y + 2, 1, 4, outline);
    c.rect(5, y + 7, 6, 1, shade);
    match way {
        Way::South => {
            for x in [6, 9] {
                if awake {
                    c.rect(x, y + 4, 1, 2, EYE);
                } else {
                    c.rect(x - i32::from(x == 6), y + 5, 2, 1, EYE);
                }
            }
            c.set(5, y + 6, shade);
            c.set(10, y + 6, shade);
            if awake {
                c.rect(7, y + 7, 2, 1, outline);
            }
        }
        Way::East => {
            c.rect(9, y + 4, 1, 2, EYE);
            c.set(11, y + 5, light);
            c.rect(5, y + 5, 1, 2, shade);
        }
        Way::North => {}
    }
}

/// Hair, or a hat over it.
pub(super) fn hair(c: &mut Canvas, look: &Look, way: Way, dy: i32) {
    let [dark, base, gleam] = HAIRS[look.hair];
    let y = 4 + dy;
    let crown = |c: &mut Canvas, deep: i32| {
        c.rect(5, y, 6, 1, dark);
        c.rect(4, y + 1, 8, deep, dark);
        c.rect(5, y + 1, 6, deep, base);
        c.rect(6, y + 1, 3, 1, gleam);
    };
    let back = |c: &mut Canvas, long: i32| {
        // From behind, hair covers the head.
        c.rect(4, y + 1, 8, 6 + long, dark);
        c.rect(5, y + 1, 6, 5 + long, base);
        c.rect(6, y + 2, 3, 1, gleam);
        c.rect(6, y + 4, 1, 2 + long, dark);
        c.rect(9, y + 4, 1, 2 + long, dark);
    };
    let nape = |c: &mut Canvas, long: i32| {
        // From the side, it falls over the back of the head.
        c.rect(3, y + 2, 1, 3 + long, dark);
        c.rect(4, y + 1, 3, 5 + long, base);
        c.rect(4, y + 6 + long, 3, 1, dark);
        c.rect(7, y + 3, 1, 2, dark);
    };
    let sides = |c: &mut Canvas, long: i32| {
        c.rect(4, y + 3, 1, 2 + long, dark);
        c.rect(11, y + 3, 1, 2 + long, dark);
        if long > 2 {
            c.rect(3, y + 4, 1, long, dark);
            c.rect(12, y + 4, 1, long, dark);
            c.rect(4, y + 3, 1, 1 + long, base);
            c.rect(11, y + 3, 1, 1 + long, base);
        }
    };
    let long = match look.cut {
        1 | 4 => 5,
        2 => 2,
        _ => 0,
    };
    match look.cut {
        // Bald, with a rim.
        5 => {
            sides(c, 2);
            if way == Way::North {
                c.rect(4, y + 5, 8, 3, base);
                c.rect(4, y + 7, 8, 1, dark);
            }
            return;
        }
        // A cap with a peak, or a straw hat.
        6 | 7 => {
            if way == Way::North {
                back(c, 0);
            }
            hat(c, look, way, y);
            return;
        }
        _ => {}
    }
    crown(c, 2);
    match way {
        Way::North => back(c, long),
        Way::East => nape(c, long),
        Way::South => sides(c, long),
    }
    match look.cut {
        // A bun.
        3 => {
            let x = if way == Way::East { 3 } else { 6 };
            c.rect(x, y - 2, 4, 3, dark);
            c.rect(x + 1, y - 1, 2, 1, base);
        }
        // A fringe.
        4 if way == Way::South => c.rect(5, y + 3, 6, 1, base),
        // Curls.
        0 => {
            for x in [4, 7, 10] {
                c.rect(x, y - 1, 2, 1, dark);
                c.set(x, y, gleam);
            }
        }
        _ => {}
    }
}

fn hat(c: &mut Canvas, look: &Look, way: Way, y: i32) {
    let ramp = if look.cut == 7 { BRASS } else { look.bottom };
    c.rect(5, y - 1, 6, 1, ramp[0]);
    c.rect(4, y, 8, 3, ramp[0]);
    c.rect(5, y, 6, 2, ramp[2]);
    c.rect(6, y, 3, 1, ramp[4]);
    match (look.cut, way) {
        (7, _) => {
            c.rect(2, y + 3, 12, 1, ramp[0]);
            c.rect(3, y + 2, 10, 1, ramp[3]);
            c.rect(5, y + 1, 6, 1, look.top[1]);
        }
        (_, Way::South) => c.rect(4, y + 3, 8, 1, ramp[1]),
        (_, Way::East) => c.rect(10, y + 2, 4, 1, ramp[0]),
        (_, Way::North) => {}
    }
}
