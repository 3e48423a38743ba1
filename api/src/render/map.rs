//! The map for those who draw it or plan ways on it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hamlet_protocol::map::{Bitmap, TownMap};
use hamlet_protocol::time::Hours;
use hamlet_protocol::view::WorldView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::assets::{AssetShelf, SHEETS};
use super::place::{AreaBody, PointBody, ZoneBody, both, zones};
use crate::router::BASE;

/// The map. It never changes while the village lives.
#[derive(Serialize, ToSchema)]
pub(crate) struct MapBody<'a> {
    /// Always true.
    success: bool,
    /// File name or generator's name.
    name: &'a str,
    /// Tiles wide.
    width: u32,
    /// Tiles high.
    height: u32,
    /// Pixels of a tile.
    tile_px: SizeBody,
    /// Tiles nobody may enter, in base64: one bit per tile, row by row, tile `i` is bit `i % 8` (lowest first) of byte `i / 8`.
    blocked: String,
    /// All landmarks.
    landmarks: Vec<MapLandmarkBody<'a>>,
    /// All zones.
    zones: Vec<ZoneBody<'a>>,
    /// The picture, bottom first.
    layers: Vec<LayerBody<'a>>,
    /// Where the picture's tiles are cut from.
    tilesets: Vec<TilesetBody<'a>>,
    /// What people look like.
    sprites: Vec<SpritesBody<'a>>,
}

/// Width and height.
#[derive(Serialize, ToSchema)]
pub(crate) struct SizeBody {
    width: u32,
    height: u32,
}

/// A landmark as the map has it; whether it is open now stands in `GET /world`.
#[derive(Serialize, ToSchema)]
pub(crate) struct MapLandmarkBody<'a> {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: &'a str,
    /// `home`, `cafe`, `market`, `board` …
    kind: &'a str,
    /// What it is like.
    description: &'a str,
    /// Its tiles.
    area: AreaBody,
    /// The tile by which one comes in.
    entrance: PointBody,
    /// Its own hours; null leaves them to the habit of its kind.
    hours: Option<HoursBody>,
}

/// A span of the day; it may wrap past midnight, and `from` equal to `to` is the whole day.
#[derive(Serialize, ToSchema)]
pub(crate) struct HoursBody {
    /// First second since midnight.
    from: u32,
    /// First second that no longer belongs to it.
    to: u32,
}

impl From<Hours> for HoursBody {
    fn from(hours: Hours) -> Self {
        Self {
            from: hours.from,
            to: hours.to,
        }
    }
}

/// One layer of the picture.
#[derive(Serialize, ToSchema)]
pub(crate) struct LayerBody<'a> {
    /// Name in the map editor.
    name: &'a str,
    /// 0 to 1.
    opacity: f32,
    /// Whether the editor shows it.
    visible: bool,
    /// Global tile ids in base64, row by row, four bytes each, lowest byte first; 0 is empty, the top bits are Tiled's flip flags.
    gids: String,
}

/// Where tiles are cut from.
#[derive(Serialize, ToSchema)]
pub(crate) struct TilesetBody<'a> {
    /// Name.
    name: &'a str,
    /// Global id of its first tile.
    first_gid: u32,
    /// Pixels of a tile.
    tile_px: SizeBody,
    /// Tiles in a row.
    columns: u32,
    /// Tiles in all.
    tile_count: u32,
    /// Pixels round the image.
    margin: u32,
    /// Pixels between tiles.
    spacing: u32,
    /// SHA-256 of the image; null where it is missing.
    sha256: Option<&'a str>,
    /// Path of the image on this server; null where it is missing.
    image_url: Option<String>,
}

/// A sheet of people: `looks` of them, `looks_in_row` beside each other, each of `frames` pictures from left to right.
///
/// The pictures of a look: standing and two steps to the south, the same to the east (mirrored: to the west), the same to the north, and asleep.
/// Somebody's look is whichever a client gives them; this server's window takes `(no * 37 + 5) % looks`.
#[derive(Serialize, ToSchema)]
pub(crate) struct SpritesBody<'a> {
    /// `people`.
    name: &'a str,
    /// Pixels of a picture.
    frame_px: SizeBody,
    /// Pictures of one look.
    frames: u32,
    /// Looks in a row.
    looks_in_row: u32,
    /// Looks in all.
    looks: u32,
    /// SHA-256 of the image; null where it is missing.
    sha256: Option<&'a str>,
    /// Path of the image on this server; null where it is missing.
    image_url: Option<String>,
}

impl<'a> MapBody<'a> {
    /// The map of a view.
    pub(crate) fn of(view: &'a WorldView, shelf: &'a AssetShelf) -> Self {
        let map = &*view.map;
        Self {
            success: true,
            name: &map.name,
            width: map.width,
            height: map.height,
            tile_px: size(map.tile_px),
            blocked: bits(&map.blocked, map.tiles()),
            landmarks: map_landmarks(view),
            zones: zones(map),
            layers: layers(map),
            tilesets: tilesets(map, shelf),
            sprites: sprites(shelf),
        }
    }
}

fn map_landmarks(view: &WorldView) -> Vec<MapLandmarkBody<'_>> {
    both(view)
        .map(|(place, now)| MapLandmarkBody {
            id: now.id.0,
            name: &place.name,
            kind: place.kind.as_str(),
            description: &place.description,
            area: place.area.into(),
            entrance: place.entrance.into(),
            hours: place.hours.map(HoursBody::from),
        })
        .collect()
}

fn layers(map: &TownMap) -> Vec<LayerBody<'_>> {
    map.layers
        .iter()
        .map(|layer| LayerBody {
            name: &layer.name,
            opacity: layer.opacity,
            visible: layer.visible,
            gids: base64(
                layer
                    .gids
                    .iter()
                    .flat_map(|gid| gid.to_le_bytes())
                    .collect(),
            ),
        })
        .collect()
}

fn tilesets<'a>(map: &'a TownMap, shelf: &'a AssetShelf) -> Vec<TilesetBody<'a>> {
    map.tilesets
        .iter()
        .map(|set| {
            let hash = set.image.as_deref().and_then(|path| shelf.hash(path));
            TilesetBody {
                name: &set.name,
                first_gid: set.first_gid,
                tile_px: size(set.tile_px),
                columns: set.columns,
                tile_count: set.tile_count,
                margin: set.margin,
                spacing: set.spacing,
                sha256: hash,
                image_url: hash.map(asset_url),
            }
        })
        .collect()
}

fn sprites(shelf: &AssetShelf) -> Vec<SpritesBody<'_>> {
    let sheets = SHEETS.iter().map(|sheet| {
        let hash = shelf.sheet(sheet);
        SpritesBody {
            name: sheet.name,
            frame_px: size(sheet.frame_px),
            frames: sheet.frames,
            looks_in_row: sheet.looks_in_row,
            looks: sheet.looks,
            sha256: hash,
            image_url: hash.map(asset_url),
        }
    });
    sheets.collect()
}

/// Where a picture is on this server.
fn asset_url(hash: &str) -> String {
    format!("{BASE}/world/assets/{hash}")
}

fn size((width, height): (u32, u32)) -> SizeBody {
    SizeBody { width, height }
}

/// A bitmap's bits in base64, lowest first.
fn bits(bitmap: &Bitmap, tiles: usize) -> String {
    let mut bytes: Vec<u8> = bitmap
        .words()
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .collect();
    bytes.truncate(tiles.div_ceil(8));
    base64(bytes)
}

fn base64(bytes: Vec<u8>) -> String {
    STANDARD.encode(bytes)
}
