//! Every drawing of the tileset, by what it shows.

mod blob;
mod food;
mod furniture;
mod ground;
mod nature;
pub(crate) mod people;
mod people_parts;
mod roofs;
mod shops;
mod sights;
mod streets;
mod trees;
mod walls;

pub(crate) use blob::{NEIGHBOURS, blob_index};

use crate::canvas::{Canvas, rgb, tint};
use crate::sheet::{Packed, Sheet};

/// Draws the whole tileset. The order is part of the format: generated towns know the first tiles by number.
pub(crate) fn tileset() -> Packed {
    let mut sheet = Sheet::default();
    sheet.flat("blocked", blocked());
    ground::grass(&mut sheet);
    ground::full_tiles(&mut sheet);
    walls::draw(&mut sheet);
    ground::blobs(&mut sheet);
    furniture::draw(&mut sheet);
    food::draw(&mut sheet);
    shops::draw(&mut sheet);
    streets::draw(&mut sheet);
    nature::draw(&mut sheet);
    sheet.pack()
}

/// What the collision layer shows in a map editor.
fn blocked() -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(0, 0, 16, 16, tint(0xc0392b, 90));
    for i in 2..14 {
        c.set(i, i, rgb(0xc0392b));
        c.set(15 - i, i, rgb(0xc0392b));
    }
    c
}
