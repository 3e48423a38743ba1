//! Furniture by letters: a room is drawn as rows of text.

use crate::plan::{Area, Plan};

/// Rooms of homes, by columns: a row of letters for each row of the room. Every letter stands for the top left tile of a thing that
/// lies flat, or the bottom left tile of a thing that stands.
pub(crate) const SMALL: [&[&str]; 3] = [
    &["D.kv", "....", ".r.t", "p..s"],
    &["bwbv", "....", ".r.s", "p..t"],
    &["uD.v", "....", "sts.", "...x"],
];
pub(crate) const MIDDLE: [&[&str]; 4] = [
    &["D.bkv", ".....", ".r.st", "p...s"],
    &["h.bwb", "..r..", "b...t", "...s."],
    &["bxbKv", ".....", "b..T.", "...Cc"],
    &["bubkv", ".....", "sts.b", "....."],
];
pub(crate) const LARGE: [&[&str]; 4] = [
    &["D.wbkv", "......", ".r..st", "p....s"],
    &["bubBh.", "....r.", "b..sts", "......"],
    &["D.bKkv", "......", ".r.T..", "p..Cc."],
    &["bxbwh.", "....r.", "b..T..", "...Cc."],
];

/// Puts the things in; answers how many people can sleep here.
pub(crate) fn furnish(plan: &mut Plan<'_>, inside: Area, room: &[&str], cloth: &str) -> i32 {
    assert_eq!(
        room.len() as i32,
        inside.h,
        "the room {room:?} has another height"
    );
    let mut beds = 0;
    for (dy, row) in room.iter().enumerate() {
        assert_eq!(
            row.len() as i32,
            inside.w,
            "the row {row} of a room has another width"
        );
        for (dx, letter) in row.chars().enumerate() {
            let Some(thing) = thing(letter, cloth) else {
                continue;
            };
            let (x, y) = (inside.x + dx as i32, inside.y + dy as i32);
            beds += match letter {
                'b' => 1,
                'D' => 2,
                _ => 0,
            };
            let sprite = plan.art.sprite(&thing);
            let top = if sprite.solid.iter().any(|&s| s) {
                y + 1 - sprite.h
            } else {
                y
            };
            if thing.starts_with("rug") {
                plan.detail(&thing, x, y);
            } else {
                plan.put(&thing, x, top);
            }
        }
    }
    beds
}

fn thing(letter: char, cloth: &str) -> Option<String> {
    let name = match letter {
        'b' => return Some(format!("bed {cloth}")),
        'D' => return Some(format!("double bed {cloth}")),
        'r' => return Some(format!("rug {cloth}")),
        't' => "table",
        'T' => "long table",
        'c' | 'C' => "chair up",
        'i' => "chair",
        's' => "stool",
        'k' => "counter",
        'K' => "sink",
        'v' => "stove",
        'h' => "hearth",
        'B' => "bookshelf",
        'u' => "cupboard",
        'w' => "wardrobe",
        'p' => "pot plant",
        'x' => "chest",
        'd' => "desk",
        'o' => "cafe table",
        'm' => "bar machine",
        'M' => "bar",
        'n' => "bar cakes",
        'L' => "library shelf",
        'l' => "library shelf warm",
        'R' => "reading desk",
        'g' => "globe",
        'e' => "clinic bed",
        'y' => "medicine",
        'z' => "screen",
        'W' => "workbench",
        'A' => "anvil",
        'F' => "forge",
        'N' => "kiln",
        'q' => "wheel",
        'Q' => "pots",
        'j' => "logs",
        'J' => "planks pile",
        'O' => "loom",
        'f' => "council table",
        'S' => "rostrum",
        'H' => "bench",
        '1' => "rug green",
        '2' => "rug ochre",
        'a' => "barrel",
        'E' => "crate",
        _ => return None,
    };
    Some(name.to_owned())
}
