//! Maps made by rule instead of by hand.
//!
//! A field is grass and nothing else.
//! A town is a grid of streets: columns of lots, each 7 tiles wide, in bands of 10 rows, of which 3 are street.
//! A home takes one lot; a public place takes several, and all front on a street in the south.
//! For every 400 homes there is one district with its own café, market, board, workshops, park, library and clinic.

mod build;
mod layout;
mod names;
mod places;
mod tiles;
mod town;

use hamlet_protocol::map::{Bitmap, MAP_SIDE_MAX, TownMap};
use hamlet_protocol::scenario::{GeneratedMap, Landscape};

use crate::fault::Fault;

/// Tiles for which a town has a home where nobody says how many.
const TILES_PER_HOME: u32 = 120;

/// What faults of a generated map are filed under; a scenario puts its own place instead.
const FILE: &str = "generated map";

/// Makes a map. It depends on nothing but `spec`, on every machine alike.
///
/// # Errors
/// When a side is not 1 to [`MAP_SIDE_MAX`] tiles, or a town of so many homes does not fit; the help says what does.
pub fn generate(spec: &GeneratedMap) -> Result<TownMap, Fault> {
    for (name, side) in [("width", spec.width), ("height", spec.height)] {
        if !(1..=MAP_SIDE_MAX).contains(&side) {
            let message = format!("a map can't have a {name} of {side} tiles");
            return Err(
                Fault::error(FILE, message).help(format!("give a {name} from 1 to {MAP_SIDE_MAX}"))
            );
        }
    }
    match spec.kind {
        Landscape::Field => Ok(field(spec)),
        Landscape::Town => town::town(spec),
    }
}

/// The most homes of a town that fit on a map of this size, with all the public places they need.
/// `None` when not even the public places do.
#[must_use]
pub fn homes_max(width: u32, height: u32, seed: u64) -> Option<u32> {
    layout::homes_max(width, height, seed)
}

/// The homes of a town where nobody says how many: one per 120 tiles, or as many as fit.
#[must_use]
pub fn homes_by_default(width: u32, height: u32, seed: u64) -> u32 {
    let usual = (width * height / TILES_PER_HOME).max(1);
    if layout::Layout::new(width, height, usual, seed).is_some() {
        return usual;
    }
    // Where not even the public places fit, `generate` says so.
    homes_max(width, height, seed).unwrap_or(usual)
}

fn field(spec: &GeneratedMap) -> TownMap {
    let tiles = spec.width as usize * spec.height as usize;
    TownMap {
        name: format!("field {}×{}", spec.width, spec.height),
        width: spec.width,
        height: spec.height,
        tile_px: (tiles::TILE_PX, tiles::TILE_PX),
        blocked: Bitmap::new(tiles),
        landmarks: Vec::new(),
        zones: Vec::new(),
        layers: Vec::new(),
        tilesets: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
