//! Tilesets, embedded in the map or in files of their own, of both formats.

use hamlet_protocol::map::Tileset;
use serde::Deserialize;

use super::drawing::{GID_MASK, TILE_PX_MAX};
use super::outline::{Role, outline};
use super::reading::{Flaw, Reading};
use super::{paths, tmx, without_mark};
use crate::fault::Fault;

/// Tiles of one tileset.
pub(super) const SHEET_TILES_MAX: u32 = 1 << 18;
/// Tilesets of one map.
pub(super) const TILESETS_MAX: usize = 1024;
/// Size of a tileset's file, in bytes.
pub(super) const TILESET_FILE_BYTES_MAX: usize = 1 << 26;
/// The tile property that blocks, as the engine Phaser has it.
pub(super) const COLLIDES: &str = "collides";

const IMAGES: [&str; 6] = ["png", "jpg", "jpeg", "webp", "gif", "bmp"];

/// A tileset in its place among the map's global ids.
#[derive(Debug)]
pub(super) struct PlacedTileset {
    pub(super) tileset: Tileset,
    /// Global ids of its tiles that block, in order.
    pub(super) colliding: Vec<u32>,
}

/// A tileset as its file has it.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// As written: relative to the file it stands in.
    pub(super) image: Option<String>,
    pub(super) image_px: (u32, u32),
    pub(super) tile_px: (u32, u32),
    pub(super) columns: u32,
    pub(super) tile_count: u32,
    pub(super) margin: u32,
    pub(super) spacing: u32,
    /// Local ids of tiles that block.
    pub(super) colliding: Vec<u32>,
}

/// A tileset in JSON: embedded, a file of its own, or (in a map) a reference to one.
#[derive(Deserialize)]
pub(super) struct JsonTileset {
    #[serde(default)]
    pub(super) firstgid: u32,
    #[serde(default)]
    pub(super) source: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    imagewidth: u32,
    #[serde(default)]
    imageheight: u32,
    #[serde(default)]
    tilewidth: u32,
    #[serde(default)]
    tileheight: u32,
    #[serde(default)]
    columns: u32,
    #[serde(default)]
    tilecount: u32,
    #[serde(default)]
    margin: u32,
    #[serde(default)]
    spacing: u32,
    #[serde(default)]
    tiles: Vec<JsonTile>,
}

#[derive(Deserialize)]
struct JsonTile {
    id: u32,
    #[serde(default)]
    properties: Vec<JsonProperty>,
}

/// A custom property in JSON.
#[derive(Deserialize)]
pub(super) struct JsonProperty {
    pub(super) name: String,
    #[serde(default)]
    pub(super) value: serde_json::Value,
}

impl JsonTileset {
    pub(super) fn into_sheet(self) -> Sheet {
        let collides = |property: &JsonProperty| {
            property.name.eq_ignore_ascii_case(COLLIDES)
                && property.value == serde_json::Value::Bool(true)
        };
        let colliding = self
            .tiles
            .iter()
            .filter(|tile| tile.properties.iter().any(collides))
            .map(|tile| tile.id);
        Sheet {
            colliding: colliding.collect(),
            name: self.name,
            image: self.image,
            image_px: (self.imagewidth, self.imageheight),
            tile_px: (self.tilewidth, self.tileheight),
            columns: self.columns,
            tile_count: self.tilecount,
            margin: self.margin,
            spacing: self.spacing,
        }
    }
}

/// The map's tilesets in order of their ids. References are followed; what is wrong becomes a fault.
pub(super) struct Tilesets {
    placed: Vec<PlacedTileset>,
}

impl Tilesets {
    pub(super) fn new() -> Self {
        Self { placed: Vec::new() }
    }

    /// A tileset that stands in the map itself.
    pub(super) fn embedded(&mut self, first_gid: u32, sheet: Sheet, reading: &mut Reading<'_>) {
        let file = reading.file.clone();
        self.place(first_gid, sheet, "", &file, reading);
    }

    /// A tileset in a file of its own.
    pub(super) fn external(&mut self, first_gid: u32, source: &str, reading: &mut Reading<'_>) {
        let path = match paths::join("", source) {
            Ok(path) => path,
            Err(flaw) => return reading.faults.push(flaw.into_fault(&reading.file)),
        };
        if let Some((sheet, file)) = read_external(&path, reading) {
            self.place(first_gid, sheet, paths::folder_of(&path), &file, reading);
        }
    }

    fn place(
        &mut self,
        first_gid: u32,
        sheet: Sheet,
        folder: &str,
        file: &str,
        reading: &mut Reading<'_>,
    ) {
        match check(first_gid, sheet) {
            Ok(sheet) => {
                let image = image(&sheet, folder, file, reading);
                self.placed.push(finish(first_gid, sheet, image));
            }
            Err(flaw) => reading.faults.push(flaw.into_fault(file)),
        }
    }

    pub(super) fn finish(mut self, reading: &mut Reading<'_>) -> Vec<PlacedTileset> {
        if self.placed.len() > TILESETS_MAX {
            reading.error(
                format!("{} tilesets are too many", self.placed.len()),
                format!("use at most {TILESETS_MAX}"),
            );
        }
        self.placed.sort_by_key(|set| set.tileset.first_gid);
        for pair in self.placed.windows(2) {
            let (low, high) = (&pair[0].tileset, &pair[1].tileset);
            // Overlaps are no fault: a tileset may have grown since the map was saved, and the higher one wins.
            if low.first_gid == high.first_gid {
                reading.error(
                    format!(
                        "the tilesets `{}` and `{}` begin at the same tile id",
                        low.name, high.name
                    ),
                    "open the map in Tiled and save it again",
                );
            }
        }
        self.placed
    }
}

fn read_external(path: &str, reading: &mut Reading<'_>) -> Option<(Sheet, String)> {
    let place = paths::locate(&reading.folder, path);
    let file = place.display().to_string();
    let extension = paths::extension(path);
    if !["tsj", "json", "tsx", "xml"].contains(&extension.as_str()) {
        reading.error(
            format!("the external tileset `{path}` is neither .tsj nor .tsx"),
            "save the tileset in Tiled as .tsj or .tsx",
        );
        return None;
    }
    let Some(bytes) = reading.read_whole(&place, TILESET_FILE_BYTES_MAX) else {
        if let Some(fault) = reading.faults.last_mut() {
            fault.message = format!("external tileset of {}: {}", reading.file, fault.message);
            fault.help = Some(
                "put the file there, or embed the tileset (Map > Embed Tilesets in Tiled)"
                    .to_owned(),
            );
        }
        return None;
    };
    let sheet = if without_mark(&bytes).first() == Some(&b'<') {
        read_tsx(without_mark(&bytes), &file)
    } else {
        read_tsj(without_mark(&bytes), &file)
    };
    match sheet {
        Ok(sheet) => Some((sheet, file)),
        Err(faults) => {
            reading.faults.extend(faults);
            None
        }
    }
}

fn read_tsj(bytes: &[u8], file: &str) -> Result<Sheet, Vec<Fault>> {
    let tileset: JsonTileset =
        serde_json::from_slice(bytes).map_err(|fault| vec![json_fault(&fault, file)])?;
    match tileset.source {
        Some(source) => Err(vec![points_on(&source).into_fault(file)]),
        None => Ok(tileset.into_sheet()),
    }
}

fn read_tsx(bytes: &[u8], file: &str) -> Result<Sheet, Vec<Fault>> {
    let text = tmx::text(bytes, file)?;
    let outline = outline(text, Role::Tileset);
    if !outline.faults.is_empty() {
        return Err(outline
            .faults
            .into_iter()
            .map(|fault| fault.named(file))
            .collect());
    }
    tmx::sheet_of_file(&outline.xml).map_err(|flaw| vec![flaw.into_fault(file)])
}

/// A tileset file that is itself a reference; a cycle needs one, so none is followed.
pub(super) fn points_on(source: &str) -> Flaw {
    Flaw::new(
        format!("this tileset file points on to another, `{source}`"),
        "let the map name the tileset itself; open it in Tiled and save it again",
    )
}

/// What serde says, with its place.
pub(super) fn json_fault(fault: &serde_json::Error, file: &str) -> Fault {
    let text = fault.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text);
    let fault_at = Fault::error(file, format!("not the JSON that Tiled writes: {message}"))
        .help("open it in Tiled (1.2 or newer) and save it again");
    if fault.line() == 0 {
        fault_at
    } else {
        fault_at.at(fault.line() as u32, fault.column() as u32)
    }
}

/// Fills in what older files leave out, and refuses what no image could have.
fn check(first_gid: u32, mut sheet: Sheet) -> Result<Sheet, Flaw> {
    let again = "open the tileset in Tiled and save it again";
    let name = &sheet.name;
    if first_gid == 0 || first_gid > GID_MASK - SHEET_TILES_MAX {
        return Err(Flaw::new(
            format!("the tileset `{name}` begins at tile id {first_gid}"),
            again,
        ));
    }
    let sizes = [sheet.tile_px.0, sheet.tile_px.1];
    if sheet.image.is_some() && sizes.iter().any(|side| !(1..=TILE_PX_MAX).contains(side)) {
        return Err(Flaw::new(
            format!(
                "the tiles of tileset `{name}` are {} × {} pixels",
                sizes[0], sizes[1]
            ),
            format!("a side of a tile has 1 to {TILE_PX_MAX} pixels"),
        ));
    }
    if sheet.margin > TILE_PX_MAX || sheet.spacing > TILE_PX_MAX {
        return Err(Flaw::new(
            format!("the tileset `{name}` has a margin or spacing beyond {TILE_PX_MAX}"),
            again,
        ));
    }
    if sheet.columns == 0 && sheet.image.is_some() {
        let inner = (sheet.image_px.0 + sheet.spacing).saturating_sub(sheet.margin * 2);
        sheet.columns = (inner / (sheet.tile_px.0 + sheet.spacing)).max(1);
    }
    if sheet.tile_count == 0 && sheet.image.is_some() {
        let inner = (sheet.image_px.1 + sheet.spacing).saturating_sub(sheet.margin * 2);
        sheet.tile_count =
            (inner / (sheet.tile_px.1 + sheet.spacing)).saturating_mul(sheet.columns);
    }
    if sheet.tile_count > SHEET_TILES_MAX || sheet.columns > SHEET_TILES_MAX {
        return Err(Flaw::new(
            format!(
                "the tileset `{name}` has {} tiles in {} columns",
                sheet.tile_count, sheet.columns
            ),
            format!("a tileset has at most {SHEET_TILES_MAX} tiles"),
        ));
    }
    Ok(sheet)
}

/// The image's path from the map's folder; `None` after a warning when it can't be drawn.
fn image(sheet: &Sheet, folder: &str, file: &str, reading: &mut Reading<'_>) -> Option<String> {
    let name = &sheet.name;
    let warning = |message: String, help: &str| Fault::warning(file, message).help(help);
    let found = match &sheet.image {
        None => Err(warning(
            format!("the tileset `{name}` has no image of its own"),
            "its tiles are not drawn; use a tileset based on one image",
        )),
        Some(reference) => match paths::join(folder, reference) {
            Err(flaw) => Err(warning(
                format!(
                    "the image of tileset `{name}` is not used: {}",
                    flaw.message
                ),
                &flaw.help,
            )),
            Ok(path) if !IMAGES.contains(&paths::extension(&path).as_str()) => Err(warning(
                format!("`{path}` of tileset `{name}` is no image that can be drawn"),
                "use a PNG image",
            )),
            Ok(path) if !reading.files.exists(&paths::locate(&reading.folder, &path)) => {
                Err(warning(
                    format!("the image `{path}` of tileset `{name}` is missing"),
                    "the town runs without it, but its tiles are not drawn; put the image there",
                ))
            }
            Ok(path) => Ok(path),
        },
    };
    found.map_err(|fault| reading.faults.push(fault)).ok()
}

fn finish(first_gid: u32, sheet: Sheet, image: Option<String>) -> PlacedTileset {
    let mut colliding: Vec<u32> = sheet
        .colliding
        .iter()
        .map(|id| first_gid.saturating_add(*id))
        .collect();
    colliding.sort_unstable();
    let tileset = Tileset {
        name: sheet.name,
        first_gid,
        image,
        tile_px: sheet.tile_px,
        columns: sheet.columns,
        tile_count: sheet.tile_count,
        margin: sheet.margin,
        spacing: sheet.spacing,
    };
    PlacedTileset { tileset, colliding }
}
