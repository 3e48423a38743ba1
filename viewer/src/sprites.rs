//! The pictures of people, drawn by `hamlet-art` and carried in the program.

use std::sync::LazyLock;

use bevy_egui::egui;
use egui::{ColorImage, Pos2, Rect, TextureHandle, TextureOptions};
use hamlet_protocol::agent::{Activity, Facing};
use image::RgbaImage;

use crate::mirror::Person;

/// Width and height of a picture in pixels.
pub(crate) const SIZE: (u32, u32) = (16, 24);
/// Pictures of a look.
const FRAMES: u32 = 10;
/// Looks on the sheet.
const LOOKS: u32 = 128;
/// Looks in a row of the sheet.
const LOOKS_IN_ROW: u32 = 8;
/// The picture of somebody asleep.
const ASLEEP: u32 = 9;
/// Seconds between two pictures of a walk.
const STEP_SECS: f64 = 0.14;

/// The sheet with everybody.
pub(crate) static SHEET: LazyLock<RgbaImage> = LazyLock::new(|| {
    let bytes = include_bytes!("../../assets/sprites/people.png");
    // A test reads the very same bytes.
    image::load_from_memory(bytes).map_or_else(
        |_| {
            RgbaImage::new(
                LOOKS_IN_ROW * FRAMES * SIZE.0,
                LOOKS / LOOKS_IN_ROW * SIZE.1,
            )
        },
        |it| it.to_rgba8(),
    )
});

/// Pictures in a row of the sheet, and rows.
pub(crate) const GRID: (u32, u32) = (LOOKS_IN_ROW * FRAMES, LOOKS / LOOKS_IN_ROW);

/// How somebody with this number looks: the first hundred and twenty-eight all differ.
fn look(no: u32) -> u32 {
    no.wrapping_mul(37).wrapping_add(5) % LOOKS
}

/// Which picture of the sheet shows somebody now, and whether it is mirrored.
pub(crate) fn frame(person: &Person, now: f64) -> (u32, bool) {
    let steps = person.steps(now);
    let asleep = person.activity == Activity::Sleeping && !steps;
    let (first, mirrored) = match person.facing {
        Facing::South => (0, false),
        Facing::East => (3, false),
        Facing::North => (6, false),
        Facing::West => (3, true),
    };
    let step = match (steps, (now / STEP_SECS) as u64 % 4) {
        (true, 0) => 1,
        (true, 2) => 2,
        _ => 0,
    };
    let picture = if asleep { ASLEEP } else { first + step };
    (index(person.no, picture), mirrored && !asleep)
}

/// The picture for a portrait.
pub(crate) fn portrait(no: u32) -> u32 {
    index(no, 0)
}

/// A picture's number on the sheet, row by row.
fn index(no: u32, picture: u32) -> u32 {
    let look = look(no);
    let row = look / LOOKS_IN_ROW;
    row * GRID.0 + look % LOOKS_IN_ROW * FRAMES + picture
}

/// Where a picture is on the sheet, from 0 to 1.
pub(crate) fn uv(index: u32) -> Rect {
    let (column, row) = (index % GRID.0, index / GRID.0);
    let at = |x: u32, y: u32| Pos2::new(x as f32 / GRID.0 as f32, y as f32 / GRID.1 as f32);
    Rect::from_min_max(at(column, row), at(column + 1, row + 1))
}

/// The sheet as a texture of panels; loaded once.
pub(crate) fn texture(ctx: &egui::Context) -> TextureHandle {
    let id = egui::Id::new("people");
    if let Some(texture) = ctx.data(|it| it.get_temp::<TextureHandle>(id)) {
        return texture;
    }
    let size = [SHEET.width() as usize, SHEET.height() as usize];
    let image = ColorImage::from_rgba_unmultiplied(size, SHEET.as_raw());
    let texture = ctx.load_texture("people", image, TextureOptions::NEAREST);
    ctx.data_mut(|it| it.insert_temp(id, texture.clone()));
    texture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheet_is_the_one_that_is_meant() {
        assert_eq!(SHEET.width(), GRID.0 * SIZE.0);
        assert_eq!(SHEET.height(), GRID.1 * SIZE.1);
        assert!(SHEET.pixels().any(|it| it[3] == 255));
    }

    #[test]
    fn neighbours_look_different() {
        let mut looks: Vec<u32> = (0..LOOKS).map(look).collect();
        looks.sort_unstable();
        looks.dedup();
        assert_eq!(looks.len(), LOOKS as usize);
    }
}
