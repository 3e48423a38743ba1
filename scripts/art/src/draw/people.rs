//! The people of the town: many looks, each with the pictures of its walk.
//!
//! A picture is 16 pixels wide and 24 high; the feet stand in the lower 16. A look has [`FRAMES`] of them:
//! three towards us, three to the right, three away from us (standing, and a step with either foot), and one asleep.
//! To the left one is the mirror of to the right.

use super::people_parts::{Look, body, face, hair, legs, shadow};
use crate::canvas::{Canvas, hash};
use crate::palette::{
    AUTUMN, BLOSSOM, BLUE, BRASS, GREEN, IRON, LEAF, LINEN, OCHRE, PINE, PLUM, RED, Ramp, SLATE,
    SOIL, WATER, WOOD,
};

/// Width of a picture in pixels.
pub(crate) const WIDTH: i32 = 16;
/// Height of a picture in pixels.
pub(crate) const HEIGHT: i32 = 24;
/// Pictures of a look.
pub(crate) const FRAMES: i32 = 10;
/// How many looks there are.
pub(crate) const LOOKS: i32 = 128;
/// Looks in a row of the sheet.
const LOOKS_IN_ROW: i32 = 8;

/// Which way somebody looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    South,
    East,
    North,
}

/// The foot that is in the air.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Stand,
    Left,
    Right,
}

const TOPS: [Ramp; 14] = [
    RED, BLUE, GREEN, PLUM, OCHRE, SLATE, LINEN, WOOD, LEAF, BLOSSOM, WATER, BRASS, PINE, AUTUMN,
];
const BOTTOMS: [Ramp; 8] = [SLATE, WOOD, IRON, SOIL, BLUE, PLUM, GREEN, OCHRE];

/// The sheet of everybody: looks from left to right and row by row, each with its pictures side by side.
pub(crate) fn sheet() -> Canvas {
    let rows = LOOKS / LOOKS_IN_ROW;
    let mut out = Canvas::new(LOOKS_IN_ROW * FRAMES * WIDTH, rows * HEIGHT);
    for no in 0..LOOKS {
        let (column, row) = (no % LOOKS_IN_ROW, no / LOOKS_IN_ROW);
        for (frame, picture) in pictures(&look(no)).iter().enumerate() {
            let x = (column * FRAMES + frame as i32) * WIDTH;
            out.stamp(picture, x, row * HEIGHT);
        }
    }
    out
}

/// How somebody looks: the number decides, and neighbours have little in common.
fn look(no: i32) -> Look {
    let pick = |what: i32, of: usize| hash(no, what, 77) as usize % of;
    Look {
        skin: pick(0, 6),
        hair: pick(1, 9),
        cut: pick(2, 8),
        // The first looks wear different colours for certain, for they are seen most.
        top: TOPS[(no as usize * 5 + pick(3, 2)) % TOPS.len()],
        bottom: BOTTOMS[pick(4, BOTTOMS.len())],
        dress: pick(5, 3) == 0,
        trim: pick(6, 4),
    }
}

fn pictures(look: &Look) -> Vec<Canvas> {
    let mut out = Vec::new();
    for way in [Way::South, Way::East, Way::North] {
        for step in [Step::Stand, Step::Left, Step::Right] {
            out.push(standing(look, way, step));
        }
    }
    out.push(asleep(look));
    out
}

fn standing(look: &Look, way: Way, step: Step) -> Canvas {
    let mut c = Canvas::new(WIDTH, HEIGHT);
    let lift = i32::from(step != Step::Stand);
    shadow(&mut c);
    legs(&mut c, look, way, step);
    body(&mut c, look, way, step, -lift);
    face(&mut c, look, way, -lift, true);
    hair(&mut c, look, way, -lift);
    c
}

/// On one's back, the blanket up to the chin.
fn asleep(look: &Look) -> Canvas {
    let mut c = Canvas::new(WIDTH, HEIGHT);
    let cloth = &look.top;
    c.rect(3, 15, 10, 8, cloth[0]);
    c.rect(4, 16, 8, 6, cloth[2]);
    c.rect(4, 16, 8, 1, cloth[4]);
    c.rect(4, 17, 8, 1, cloth[3]);
    c.rect(10, 18, 2, 4, cloth[1]);
    face(&mut c, look, Way::South, 1, false);
    hair(&mut c, look, Way::South, 1);
    c
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_looks_different() {
        let mut seen = std::collections::BTreeMap::new();
        for no in 0..LOOKS {
            let bytes: Vec<u8> = pictures(&look(no))
                .iter()
                .flat_map(|it| it.bytes().to_vec())
                .collect();
            if let Some(other) = seen.insert(bytes, no) {
                panic!("{no} looks like {other}");
            }
        }
    }

    #[test]
    fn nobody_is_cut_off_at_the_edge() {
        for no in 0..LOOKS {
            for picture in pictures(&look(no)) {
                let edge = (0..HEIGHT).flat_map(|y| [(0, y), (WIDTH - 1, y)]);
                let top = (0..WIDTH).map(|x| (x, 0));
                let clear = edge.chain(top).all(|(x, y)| picture.get(x, y)[3] == 0);
                assert!(clear, "look {no} touches the edge of its picture");
            }
        }
    }
}
