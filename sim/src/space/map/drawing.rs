//! A map as it was drawn: what the Tiled formats have in common, groups flattened.

use std::collections::BTreeMap;

use hamlet_protocol::map::MAP_SIDE_MAX;

use super::collision;
use super::reading::{Flaw, Reading};
use super::tileset::PlacedTileset;

/// The bits of a global tile id that name the tile; those above say how it is turned.
pub(super) const GID_MASK: u32 = 0x0FFF_FFFF;
/// Tiles of all layers together: sixteen layers of the largest map.
pub(super) const LAYER_TILES_MAX: usize = 1 << 28;
/// Deepest nesting of group layers.
pub(super) const GROUP_DEPTH_MAX: usize = 32;
/// Largest side of a tile, in pixels.
pub(super) const TILE_PX_MAX: u32 = 4096;

/// One map file and the tilesets it uses.
#[derive(Debug)]
pub(super) struct Drawing {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) tile_px: (u32, u32),
    /// Bottom first.
    pub(super) layers: Vec<Layer>,
    /// By first global id.
    pub(super) tilesets: Vec<PlacedTileset>,
}

/// A layer that means something to us; image layers don't.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) opacity: f32,
    pub(super) visible: bool,
    pub(super) properties: Properties,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// Row-major global tile ids, flip bits included; as many as the map has tiles.
    Tiles(Vec<u32>),
    Objects(Vec<Object>),
}

/// A thing placed freely, in pixels from the map's top left corner.
#[derive(Debug)]
pub(super) struct Object {
    /// For people: usually a number, but some maps have been edited by hand.
    pub(super) id: String,
    pub(super) name: String,
    /// `class`, in older files `type`.
    pub(super) class: String,
    /// Left, top, right, bottom; equal for a point.
    pub(super) bounds: [f64; 4],
    /// A caption on the map, no place.
    pub(super) is_text: bool,
    pub(super) properties: Properties,
}

/// Custom properties with simple values, by name in lower case.
#[derive(Debug, Default)]
pub(super) struct Properties(BTreeMap<String, String>);

impl Properties {
    pub(super) fn insert(&mut self, name: &str, value: String) {
        self.0.insert(name.to_lowercase(), value);
    }

    /// A value without the blanks around it, unless nothing is left.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

/// What a group hands down to its layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) opacity: f32,
    pub(super) visible: bool,
    /// Pixels to the right and down.
    pub(super) offset: (f64, f64),
    pub(super) depth: usize,
}

impl Group {
    pub(super) const MAP: Self = Self {
        opacity: 1.0,
        visible: true,
        offset: (0.0, 0.0),
        depth: 0,
    };

    pub(super) fn inner(self, opacity: f32, visible: bool, offset: (f64, f64)) -> Self {
        Self {
            opacity: self.opacity
                * if opacity.is_finite() {
                    opacity.clamp(0.0, 1.0)
                } else {
                    1.0
                },
            visible: self.visible && visible,
            offset: (self.offset.0 + offset.0, self.offset.1 + offset.1),
            depth: self.depth + 1,
        }
    }
}

/// The frame of a map, before anything is allocated for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) tile_px: (u32, u32),
}

impl Frame {
    /// Checks the sides of a map and of its tiles; all faults at once.
    pub(super) fn check(sides: (i64, i64), tile_px: (i64, i64)) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        for (what, side) in [("width", sides.0), ("height", sides.1)] {
            if !(1..=i64::from(MAP_SIDE_MAX)).contains(&side) {
                flaws.push(Flaw::new(
                    format!("the map's {what} is {side} tiles"),
                    format!("a side of a map has 1 to {MAP_SIDE_MAX} tiles; use Map > Resize Map in Tiled"),
                ));
            }
        }
        for (what, side) in [("tile width", tile_px.0), ("tile height", tile_px.1)] {
            if !(1..=i64::from(TILE_PX_MAX)).contains(&side) {
                flaws.push(Flaw::new(
                    format!("the map's {what} is {side} pixels"),
                    format!("a side of a tile has 1 to {TILE_PX_MAX} pixels; see Map > Map Properties in Tiled"),
                ));
            }
        }
        if !flaws.is_empty() {
            return Err(flaws);
        }
        Ok(Self {
            width: sides.0 as u32,
            height: sides.1 as u32,
            tile_px: (tile_px.0 as u32, tile_px.1 as u32),
        })
    }

    pub(super) fn tiles(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Whether a layer is as large as the map.
    pub(super) fn check_layer(&self, width: Option<i64>, height: Option<i64>) -> Result<(), Flaw> {
        let own = (i64::from(self.width), i64::from(self.height));
        let found = (width.unwrap_or(own.0), height.unwrap_or(own.1));
        if found == own {
            return Ok(());
        }
        Err(Flaw::new(
            format!(
                "the layer is {} × {} tiles, the map {} × {}",
                found.0, found.1, own.0, own.1
            ),
            "layers of a finite map are as large as the map; open it in Tiled and save it again",
        ))
    }

    /// Whether one more layer is allowed after so many.
    pub(super) fn check_room(&self, layers: usize) -> Result<(), Flaw> {
        if (layers + 1).saturating_mul(self.tiles()) <= LAYER_TILES_MAX {
            return Ok(());
        }
        Err(Flaw::new(
            format!(
                "more than {layers} tile layers of {} tiles are too many",
                self.tiles()
            ),
            format!(
                "all layers together may have {LAYER_TILES_MAX} tiles; merge layers or make the map smaller"
            ),
        ))
    }

    /// Moves a tile layer by the whole tiles of its offset; what is left of it only moves the picture and is not kept.
    pub(super) fn shift(&self, gids: Vec<u32>, offset: (f64, f64)) -> Vec<u32> {
        let tiles = |pixels: f64, tile: u32| (pixels / f64::from(tile)) as i64;
        let (dx, dy) = (
            tiles(offset.0, self.tile_px.0),
            tiles(offset.1, self.tile_px.1),
        );
        if (dx, dy) == (0, 0) {
            return gids;
        }
        let (width, height) = (i64::from(self.width), i64::from(self.height));
        let mut shifted = vec![0; gids.len()];
        for (index, gid) in gids.into_iter().enumerate() {
            let (x, y) = (index as i64 % width + dx, index as i64 / width + dy);
            if (0..width).contains(&x) && (0..height).contains(&y) {
                shifted[(y * width + x) as usize] = gid;
            }
        }
        shifted
    }
}

impl Drawing {
    /// Warns of tiles of the picture that no tileset has: they are drawn empty.
    pub(super) fn check_gids(&self, reading: &mut Reading<'_>) {
        for layer in self
            .layers
            .iter()
            .filter(|layer| !collision::is_mark(&layer.name))
        {
            let Body::Tiles(gids) = &layer.body else {
                continue;
            };
            let ids = gids.iter().map(|gid| gid & GID_MASK);
            let unknown: Vec<u32> = ids.filter(|&gid| gid != 0 && !self.knows(gid)).collect();
            if let Some(first) = unknown.first() {
                reading.warning(
                    format!(
                        "{} tiles of layer `{}` belong to no tileset, such as tile id {first}",
                        unknown.len(),
                        layer.name
                    ),
                    "they are drawn empty; add the tileset, make it as large as it was, or erase the tiles",
                );
            }
        }
    }

    fn knows(&self, gid: u32) -> bool {
        let after = self
            .tilesets
            .partition_point(|set| set.tileset.first_gid <= gid);
        let Some(set) = after.checked_sub(1).map(|at| &self.tilesets[at].tileset) else {
            return false;
        };
        // Only a sheet has its tiles without gaps; a collection of images may number them as it likes.
        let is_sheet = set.columns > 0 && set.tile_count > 0;
        !is_sheet || gid - set.first_gid < set.tile_count
    }
}

/// The bounding box of a shape: corners relative to (`x`, `y`), turned clockwise round it by `degrees`.
pub(super) fn bounds(x: f64, y: f64, degrees: f64, corners: &[(f64, f64)]) -> [f64; 4] {
    // Quarter turns come out exact, others by libm: the same on every platform.
    let (sin, cos) = match degrees.rem_euclid(360.0) {
        0.0 => (0.0, 1.0),
        90.0 => (1.0, 0.0),
        180.0 => (0.0, -1.0),
        270.0 => (-1.0, 0.0),
        other => libm::sincos(other.to_radians()),
    };
    let start = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    corners
        .iter()
        .fold(start, |[left, top, right, bottom], (cx, cy)| {
            let (px, py) = (x + cx * cos - cy * sin, y + cx * sin + cy * cos);
            [left.min(px), top.min(py), right.max(px), bottom.max(py)]
        })
}

/// The corners of a rectangle whose top left corner is the origin.
pub(super) fn corners(width: f64, height: f64) -> [(f64, f64); 4] {
    [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn sides_are_checked_all_at_once() {
        let flaws = Frame::check((0, 1_000_000_000), (16, -1)).unwrap_err();
        assert_eq!(flaws.len(), 3);
        assert!(flaws[1].message.contains("1000000000") && flaws[1].help.contains("4096"));
        assert!(Frame::check((1, 4096), (1, 1)).is_ok());
    }

    #[test]
    fn layers_have_limits() {
        let frame = Frame::check((4096, 4096), (16, 16)).unwrap();
        assert!(frame.check_room(15).is_ok() && frame.check_room(16).is_err());
        assert!(frame.check_layer(None, Some(4096)).is_ok());
        assert!(frame.check_layer(Some(4095), None).is_err());
    }

    #[test]
    fn turned_rectangles_keep_their_bounds() {
        assert_eq!(
            bounds(10.0, 20.0, 0.0, &corners(4.0, 2.0)),
            [10.0, 20.0, 14.0, 22.0]
        );
        assert_eq!(
            bounds(10.0, 20.0, 90.0, &corners(4.0, 2.0)),
            [8.0, 20.0, 10.0, 24.0]
        );
        assert_eq!(
            bounds(10.0, 20.0, -90.0, &corners(4.0, 2.0)),
            [10.0, 16.0, 12.0, 20.0]
        );
        assert_eq!(
            bounds(10.0, 20.0, 180.0, &corners(4.0, 2.0)),
            [6.0, 18.0, 10.0, 20.0]
        );
        let [left, top, right, bottom] = bounds(0.0, 0.0, 45.0, &corners(5.0, 5.0));
        assert!(
            (left + 3.535_5).abs() < 1e-3 && top.abs() < 1e-9 && (right - 3.535_5).abs() < 1e-3
        );
        assert!((bottom - 7.071).abs() < 1e-3);
    }

    #[test]
    fn layers_move_by_whole_tiles() {
        let frame = Frame::check((3, 2), (16, 16)).unwrap();
        assert_eq!(
            frame.shift(vec![1, 2, 3, 4, 5, 6], (16.0, -16.0)),
            [0, 4, 5, 0, 0, 0]
        );
        assert_eq!(
            frame.shift(vec![1, 2, 3, 4, 5, 6], (15.0, -8.0)),
            [1, 2, 3, 4, 5, 6]
        );
    }
}
