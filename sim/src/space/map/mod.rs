//! Reading maps: Tiled files and maze folders.
//!
//! Three readers (`tmj`, `tmx`, `maze`) say in the same words what somebody drew (`drawing`);
//! `collision` and `landmarks` then read the town from the drawing by the rules written down there,
//! and `settle` gives every place a unique name and an entrance that can be reached.

mod collision;
mod data;
mod drawing;
mod entrance;
mod kind;
mod landmarks;
mod maze;
mod outline;
mod paths;
mod reading;
mod settle;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tileset;
mod tmj;
mod tmx;
mod xml;

use std::path::Path;

use hamlet_protocol::map::TownMap;

use self::drawing::Drawing;
use self::reading::Reading;
use crate::fault::Fault;
use crate::files::Files;
use crate::space::grid::Grid;

/// Largest map file, in bytes.
pub const MAP_FILE_BYTES_MAX: usize = 1 << 30;

/// A map and what its maker should know about it.
#[derive(Clone, Debug)]
pub struct LoadedMap {
    /// The map.
    pub map: TownMap,
    /// Faults that one may live with.
    pub warnings: Vec<Fault>,
}

/// Reads a map: a Tiled `.tmj`, `.json` or `.tmx` file, or a folder (or its `maze_meta_info.json`) of maze CSV.
/// `path` is already resolved; what the map refers to is read relative to it.
///
/// # Errors
/// Every fault found, warnings included, when at least one of them makes the map unusable.
pub fn load_map(path: &Path, files: &dyn Files) -> Result<LoadedMap, Vec<Fault>> {
    match look_at_map(path, files) {
        (Some(map), warnings) if !warnings.iter().any(Fault::is_error) => {
            Ok(LoadedMap { map, warnings })
        }
        (_, faults) => Err(faults),
    }
}

/// A map as far as it can be read, and every fault of it: with an error among them it is good for finding more faults and for nothing else.
pub(crate) fn look_at_map(path: &Path, files: &dyn Files) -> (Option<TownMap>, Vec<Fault>) {
    let mut reading = Reading::new(path, files);
    let map = read(path, &mut reading);
    (map, reading.faults)
}

/// `None` when a fault says why; a map may come back beside errors that were found later.
fn read(path: &Path, reading: &mut Reading<'_>) -> Option<TownMap> {
    if reading.files.is_dir(path) {
        return maze::read_folder(path, reading);
    }
    let Some(bytes) = reading.read_whole(path, MAP_FILE_BYTES_MAX) else {
        reading.faults.iter_mut().for_each(|fault| {
            fault.help.get_or_insert_with(|| {
                "name a Tiled map (.tmj, .json, .tmx) or a folder of maze CSV; paths are sought beside the scenario, then in assets/".to_owned()
            });
        });
        return None;
    };
    let drawing = match sniff(path, &bytes) {
        Format::Json => tmj::read(&bytes, reading),
        Format::Xml => tmx::read(&bytes, reading),
        Format::MazeMeta => return maze::read_meta(path, reading),
        Format::Unknown => {
            reading.error(
                "this is no map: it begins neither like JSON nor like XML",
                "save it in Tiled as .tmj (JSON) or .tmx (XML)",
            );
            None
        }
    }?;
    town(path, drawing, reading)
}

enum Format {
    Json,
    Xml,
    MazeMeta,
    Unknown,
}

/// By content: a renamed file is still what it is.
fn sniff(path: &Path, bytes: &[u8]) -> Format {
    let bytes = without_mark(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'<') => Format::Xml,
        Some(b'{') if path.file_name().is_some_and(|name| name == maze::META_FILE) => {
            Format::MazeMeta
        }
        Some(b'{') => Format::Json,
        _ => Format::Unknown,
    }
}

/// Some editors begin a file with a byte order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// The town in a drawing.
fn town(path: &Path, drawing: Drawing, reading: &mut Reading<'_>) -> Option<TownMap> {
    drawing.check_gids(reading);
    let blocked = collision::blocked(&drawing);
    let (candidates, zones) = landmarks::read(&drawing, reading);
    let landmarks = settle::settle(
        candidates,
        &Grid::of(drawing.width, drawing.height, &blocked),
        reading,
    )?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Some(TownMap {
        name,
        width: drawing.width,
        height: drawing.height,
        tile_px: drawing.tile_px,
        blocked,
        landmarks,
        zones,
        tilesets: drawing
            .tilesets
            .iter()
            .map(|set| set.tileset.clone())
            .collect(),
        layers: collision::picture(drawing),
    })
}
