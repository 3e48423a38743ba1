//! The town's map as the world uses it: walkable tiles, landmarks, zones, and the picture layers for those who look.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Hours;

/// Longest side of a map, in tiles: a coordinate fits 12 bits.
pub const MAP_SIDE_MAX: u32 = 4096;

/// A tile's place: column and row, from the top left.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Point {
    /// Column, from the left.
    pub x: u16,
    /// Row, from the top.
    pub y: u16,
}

impl Point {
    /// The tile in column `x` and row `y`.
    #[must_use]
    pub const fn new(x: u16, y: u16) -> Self {
        Self { x, y }
    }

    /// Steps between two tiles when one may walk along the axes only.
    #[must_use]
    pub fn manhattan(self, other: Self) -> u32 {
        u32::from(self.x.abs_diff(other.x)) + u32::from(self.y.abs_diff(other.y))
    }

    /// The larger of the distances along the two axes.
    #[must_use]
    pub fn chebyshev(self, other: Self) -> u32 {
        u32::from(self.x.abs_diff(other.x).max(self.y.abs_diff(other.y)))
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}, {})", self.x, self.y)
    }
}

/// A rectangle of tiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns, at least 1.
    pub width: u16,
    /// Rows, at least 1.
    pub height: u16,
}

impl Area {
    /// Whether a tile lies inside.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        (self.x..self.x + self.width).contains(&p.x)
            && (self.y..self.y + self.height).contains(&p.y)
    }

    /// All its tiles, row by row.
    pub fn tiles(&self) -> impl Iterator<Item = Point> + use<> {
        let Self {
            x,
            y,
            width,
            height,
        } = *self;
        (y..y + height)
            .flat_map(move |row| (x..x + width).map(move |column| Point::new(column, row)))
    }
}

/// What a landmark is for. Residents seek places by kind, so that a scenario runs on any map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum LandmarkKind {
    /// Where people live and sleep.
    Home,
    /// Where people eat and meet.
    Cafe,
    /// Where goods are traded.
    Market,
    /// The bulletin board.
    Board,
    /// The town hall.
    TownHall,
    /// Where people make things.
    Workshop,
    /// Where people rest and stroll.
    Park,
    /// Where people read.
    Library,
    /// Where people get well.
    Clinic,
    /// Any other place.
    Place,
    /// A kind of the map maker's own.
    Other(String),
}

impl LandmarkKind {
    /// The kinds the town's rules know.
    pub const KNOWN: [Self; 10] = [
        Self::Home,
        Self::Cafe,
        Self::Market,
        Self::Board,
        Self::TownHall,
        Self::Workshop,
        Self::Park,
        Self::Library,
        Self::Clinic,
        Self::Place,
    ];

    /// Its word in files and in the API.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Home => "home",
            Self::Cafe => "cafe",
            Self::Market => "market",
            Self::Board => "board",
            Self::TownHall => "town_hall",
            Self::Workshop => "workshop",
            Self::Park => "park",
            Self::Library => "library",
            Self::Clinic => "clinic",
            Self::Place => "place",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for LandmarkKind {
    fn from(word: String) -> Self {
        let known = Self::KNOWN.iter().find(|kind| kind.as_str() == word);
        known.cloned().unwrap_or(Self::Other(word))
    }
}

impl From<LandmarkKind> for String {
    fn from(kind: LandmarkKind) -> Self {
        kind.as_str().to_owned()
    }
}

impl fmt::Display for LandmarkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A named place that means something to residents. Its id is derived from its index in [`TownMap::landmarks`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landmark {
    /// Unique name, as people say it.
    pub name: String,
    /// What it is for.
    pub kind: LandmarkKind,
    /// A sentence that a mind reads.
    pub description: String,
    /// Its tiles.
    pub area: Area,
    /// A walkable tile of the area (or beside it) that can be reached from the rest of the town.
    pub entrance: Point,
    /// When it is open; `None` leaves it to the kind's habit.
    pub hours: Option<Hours>,
}

/// A named part of the map that is no place to go to: a district, a square.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Name.
    pub name: String,
    /// A sentence that a mind reads.
    pub description: String,
    /// Its tiles.
    pub area: Area,
}

/// One layer of the picture, bottom first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TileLayer {
    /// Name in the map editor.
    pub name: String,
    /// Row-major global tile ids, 0 = empty, with Tiled's flip flags in the top bits as the editor wrote them.
    pub gids: Vec<u32>,
    /// 0 to 1.
    pub opacity: f32,
    /// Whether the editor shows it.
    pub visible: bool,
}

/// Where a layer's tiles are cut from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tileset {
    /// Name.
    pub name: String,
    /// Global id of its first tile.
    pub first_gid: u32,
    /// Image file, relative to the map's folder with forward slashes; `None` when it is missing.
    pub image: Option<String>,
    /// Size of a tile in pixels.
    pub tile_px: (u32, u32),
    /// Tiles in a row of the image.
    pub columns: u32,
    /// Tiles in all.
    pub tile_count: u32,
    /// Pixels round the image.
    pub margin: u32,
    /// Pixels between tiles.
    pub spacing: u32,
}

/// One bit per tile, row-major, packed in words; bit `i % 64` of word `i / 64` is tile `i = y * width + x`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// All zero, for this many tiles.
    #[must_use]
    pub fn new(tiles: usize) -> Self {
        Self {
            words: vec![0; tiles.div_ceil(64)],
        }
    }

    /// The bit of a tile.
    #[must_use]
    pub fn get(&self, tile: usize) -> bool {
        self.words[tile / 64] >> (tile % 64) & 1 == 1
    }

    /// Sets or clears the bit of a tile.
    pub fn set(&mut self, tile: usize, on: bool) {
        let bit = 1 << (tile % 64);
        if on {
            self.words[tile / 64] |= bit;
        } else {
            self.words[tile / 64] &= !bit;
        }
    }

    /// The packed words.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

/// A map, resolved: no file is needed to run on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TownMap {
    /// File name or generator's name, for people.
    pub name: String,
    /// Columns, 1 to [`MAP_SIDE_MAX`].
    pub width: u32,
    /// Rows, 1 to [`MAP_SIDE_MAX`].
    pub height: u32,
    /// Size of a tile in pixels.
    pub tile_px: (u32, u32),
    /// Tiles nobody may enter.
    pub blocked: Bitmap,
    /// Places that mean something; homes come as they stand in the file.
    pub landmarks: Vec<Landmark>,
    /// Named parts of the map.
    pub zones: Vec<Zone>,
    /// The picture, bottom first. Empty for generated fields.
    pub layers: Vec<TileLayer>,
    /// Where the picture's tiles come from.
    pub tilesets: Vec<Tileset>,
}

impl TownMap {
    /// Number of tiles.
    #[must_use]
    pub fn tiles(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Index of a tile in row-major order.
    #[must_use]
    pub fn index(&self, p: Point) -> usize {
        usize::from(p.y) * self.width as usize + usize::from(p.x)
    }

    /// Whether a tile lies on the map and may be entered.
    #[must_use]
    pub fn walkable(&self, p: Point) -> bool {
        u32::from(p.x) < self.width
            && u32::from(p.y) < self.height
            && !self.blocked.get(self.index(p))
    }
}
