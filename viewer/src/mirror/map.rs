//! The map, decoded: what is drawn, and what places are called.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::wire::{MapShape, Place, Size, Tiles, TilesetShape, ZoneShape};

/// Most tiles of a map.
const TILES_MAX: u64 = 4096 * 4096;

/// The map as the window draws it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TownPicture {
    /// Tiles wide.
    pub(crate) width: u32,
    /// Tiles high.
    pub(crate) height: u32,
    /// Pixels of a tile.
    pub(crate) tile_px: Size,
    /// Bottom first.
    pub(crate) layers: Vec<Layer>,
    /// Where tiles are cut from.
    pub(crate) tilesets: Vec<TilesetShape>,
    /// All landmarks.
    pub(crate) places: Vec<Place>,
    /// All zones.
    pub(crate) zones: Vec<ZoneShape>,
    /// Which tiles nobody may enter, row by row.
    pub(crate) blocked: Vec<bool>,
    /// What was wrong with it, for people.
    pub(crate) faults: Vec<String>,
}

/// A layer of the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layer {
    /// Name in the map editor.
    pub(crate) name: String,
    /// 0 to 1.
    pub(crate) opacity: f32,
    /// Global tile ids with flip flags, row by row.
    pub(crate) gids: Vec<u32>,
    /// Whether it hangs over people's heads.
    pub(crate) above: bool,
}

impl TownPicture {
    /// Decodes a map; what cannot be read is left out and said.
    pub(crate) fn read(shape: MapShape) -> Self {
        let tiles = u64::from(shape.width) * u64::from(shape.height);
        let mut faults = Vec::new();
        if tiles == 0 || tiles > TILES_MAX {
            faults.push(format!(
                "The map is {} × {} tiles large, which cannot be drawn.",
                shape.width, shape.height
            ));
            return Self {
                faults,
                ..Self::default()
            };
        }
        let tiles = tiles as usize;
        let mut layers = Vec::new();
        for layer in shape.layers.into_iter().filter(|it| it.visible) {
            match gids(&layer.gids, tiles) {
                Some(gids) => layers.push(Layer {
                    above: layer.name.starts_with("overhang"),
                    name: layer.name,
                    opacity: layer.opacity,
                    gids,
                }),
                None => faults.push(format!(
                    "The map's layer {} cannot be read and is left out.",
                    layer.name
                )),
            }
        }
        for set in shape.tilesets.iter().filter(|it| it.image_url.is_none()) {
            faults.push(format!(
                "The picture of the map's tileset {} is missing; its tiles are drawn as squares.",
                set.name
            ));
        }
        Self {
            width: shape.width,
            height: shape.height,
            tile_px: shape.tile_px,
            layers,
            tilesets: shape.tilesets,
            places: shape.landmarks,
            zones: shape.zones,
            blocked: blocked(&shape.blocked, tiles),
            faults,
        }
    }

    /// The smallest landmark on a tile.
    pub(crate) fn landmark_at(&self, x: u16, y: u16) -> Option<&Place> {
        let size = |area: Tiles| u32::from(area.width) * u32::from(area.height);
        let here =
            |it: &&Place| it.area.contains(x, y) || (it.entrance.x == x && it.entrance.y == y);
        self.places
            .iter()
            .filter(here)
            .min_by_key(|it| size(it.area))
    }

    /// What a tile is called: its landmark, else its zone.
    pub(crate) fn place_at(&self, x: u16, y: u16) -> Option<&str> {
        let zone = || self.zones.iter().find(|zone| zone.area.contains(x, y));
        self.landmark_at(x, y)
            .map(|it| it.name.as_str())
            .or_else(|| zone().map(|it| it.name.as_str()))
    }
}

fn gids(text: &str, tiles: usize) -> Option<Vec<u32>> {
    let bytes = STANDARD.decode(text).ok()?;
    let (words, rest) = bytes.as_chunks::<4>();
    (words.len() == tiles && rest.is_empty())
        .then(|| words.iter().map(|it| u32::from_le_bytes(*it)).collect())
}

fn blocked(text: &str, tiles: usize) -> Vec<bool> {
    let bytes = STANDARD.decode(text).unwrap_or_default();
    let bit = |i: usize| bytes.get(i / 8).is_some_and(|it| it >> (i % 8) & 1 == 1);
    (0..tiles).map(bit).collect()
}
