//! The grid: which tiles may be entered, packed so that a window of tiles is a few shifts.
//!
//! Tiles are numbered in a *padded* layout: three rows of blocked tiles above and below the map and at least two blocked
//! columns to the right of it (which are also the two to the left of the next row).
//! So a 5×5 window round any tile of the map, and any neighbour of it, can be read without asking where the map ends.

use hamlet_protocol::agent::Facing;
use hamlet_protocol::map::{Bitmap, Point, TownMap};

/// Blocked rows above and below the map; three, so that a window's first bit never lies before the first row.
const PAD_ROWS: u32 = 3;
/// Blocked columns to the right of the map, at least.
const PAD_COLUMNS: u32 = 2;

/// All directions, in the order of their numbers.
pub const FACINGS: [Facing; 4] = [Facing::North, Facing::East, Facing::South, Facing::West];

/// The direction with this number (0 to 3, as `facing as u8`).
#[must_use]
pub fn facing_of(number: u8) -> Option<Facing> {
    FACINGS.get(usize::from(number)).copied()
}

/// The other way round.
#[must_use]
pub fn opposite(facing: Facing) -> Facing {
    FACINGS[facing as usize ^ 2]
}

/// The tile one step further; `None` beyond the left or upper edge. It may lie beyond the map's right or lower edge.
#[must_use]
pub fn step(from: Point, facing: Facing) -> Option<Point> {
    let Point { x, y } = from;
    Some(match facing {
        Facing::North => Point::new(x, y.checked_sub(1)?),
        Facing::East => Point::new(x.checked_add(1)?, y),
        Facing::South => Point::new(x, y.checked_add(1)?),
        Facing::West => Point::new(x.checked_sub(1)?, y),
    })
}

/// The direction of the step between two neighbouring tiles; `None` when they are no neighbours.
#[must_use]
pub fn direction(from: Point, to: Point) -> Option<Facing> {
    FACINGS
        .into_iter()
        .find(|&facing| step(from, facing) == Some(to))
}

/// The shape of a map and its blocked tiles. It never changes, and is shared by everything that asks for ways and room.
#[derive(Clone, Debug)]
pub struct Grid {
    width: u32,
    height: u32,
    stride: u32,
    blocked: Bits,
}

impl Grid {
    /// The grid of a map.
    #[must_use]
    pub fn new(map: &TownMap) -> Self {
        Self::of(map.width, map.height, &map.blocked)
    }

    /// A grid of so many columns and rows with these tiles blocked.
    #[must_use]
    pub fn of(width: u32, height: u32, blocked: &Bitmap) -> Self {
        let stride = (width + PAD_COLUMNS).next_multiple_of(64);
        let mut grid = Self {
            width,
            height,
            stride,
            blocked: Bits::ones(stride * (height + 2 * PAD_ROWS)),
        };
        for y in 0..height {
            for x in (0..width).step_by(64) {
                let beyond = if width - x < 64 {
                    u64::MAX << (width - x)
                } else {
                    0
                };
                let tile = (y + PAD_ROWS) * stride + x;
                grid.blocked
                    .set_word(tile, word_of(blocked.words(), y * width + x) | beyond);
            }
        }
        grid
    }

    /// Columns.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Whether a tile lies on the map.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        u32::from(p.x) < self.width && u32::from(p.y) < self.height
    }

    /// Whether a tile lies on the map and may be entered.
    #[must_use]
    pub fn walkable(&self, p: Point) -> bool {
        self.contains(p) && !self.blocked.get(self.tile(p))
    }

    /// Tiles in the padded layout.
    pub(crate) fn padded_len(&self) -> usize {
        (self.stride * (self.height + 2 * PAD_ROWS)) as usize
    }

    /// Tiles from one row to the next in the padded layout; a multiple of 64.
    pub(crate) fn stride(&self) -> u32 {
        self.stride
    }

    /// Rows of the padded layout, the padding included.
    pub(crate) fn padded_rows(&self) -> u32 {
        self.height + 2 * PAD_ROWS
    }

    /// Number of a tile in the padded layout. The tile must lie on the map.
    pub(crate) fn tile(&self, p: Point) -> u32 {
        (u32::from(p.y) + PAD_ROWS) * self.stride + u32::from(p.x)
    }

    /// The place of a tile of the padded layout that lies on the map.
    pub(crate) fn point(&self, tile: u32) -> Point {
        Point::new(
            (tile % self.stride) as u16,
            (tile / self.stride - PAD_ROWS) as u16,
        )
    }

    /// What to add (wrapping) to a tile's number to go one step, by direction.
    pub(crate) fn offsets(&self) -> [u32; 4] {
        [
            self.stride.wrapping_neg(),
            1,
            self.stride,
            1_u32.wrapping_neg(),
        ]
    }

    pub(crate) fn blocked(&self) -> &Bits {
        &self.blocked
    }
}

/// The 64 bits from a bit on; beyond the last word they are 0.
fn word_of(words: &[u64], bit: u32) -> u64 {
    let (at, shift) = ((bit / 64) as usize, bit % 64);
    let low = words[at] >> shift;
    match words.get(at + 1) {
        Some(next) if shift > 0 => low | next << (64 - shift),
        _ => low,
    }
}

/// One bit per tile of a padded layout.
#[derive(Clone, Debug)]
pub(crate) struct Bits(Vec<u8>);

/// Bytes after the last tile, so that a word can be read from any tile on.
const SLACK_BYTES: usize = 8;

impl Bits {
    pub(crate) fn ones(tiles: u32) -> Self {
        Self(vec![0xFF; tiles as usize / 8 + SLACK_BYTES])
    }

    #[inline]
    pub(crate) fn get(&self, tile: u32) -> bool {
        self.0[(tile >> 3) as usize] >> (tile & 7) & 1 == 1
    }

    #[inline]
    pub(crate) fn set(&mut self, tile: u32) {
        self.0[(tile >> 3) as usize] |= 1 << (tile & 7);
    }

    #[inline]
    pub(crate) fn clear(&mut self, tile: u32) {
        self.0[(tile >> 3) as usize] &= !(1 << (tile & 7));
    }

    /// The five bits from a tile on, lowest first. Higher bits of the result are noise.
    #[inline]
    pub(crate) fn five(&self, tile: u32) -> u32 {
        let at = (tile >> 3) as usize;
        let pair = &self.0[at..at + 2];
        u32::from(u16::from_le_bytes([pair[0], pair[1]])) >> (tile & 7)
    }

    /// The bits of the 64 tiles from a tile on; its number must be a multiple of 8.
    #[inline]
    pub(crate) fn word(&self, tile: u32) -> u64 {
        let at = (tile >> 3) as usize;
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0[at..at + 8]);
        u64::from_le_bytes(bytes)
    }

    /// Sets the bits of 64 tiles; the first one's number must be a multiple of 8.
    fn set_word(&mut self, tile: u32, word: u64) {
        let at = (tile >> 3) as usize;
        self.0[at..at + 8].copy_from_slice(&word.to_le_bytes());
    }

    /// The bytes, for those who change a part of them: tile `t` is bit `t % 8` of byte `t / 8`.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.0.capacity()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A map drawn with `#` for blocked tiles.
    pub(crate) fn drawn(rows: &[&str]) -> TownMap {
        let (width, height) = (rows[0].len() as u32, rows.len() as u32);
        let mut blocked = Bitmap::new((width * height) as usize);
        for (y, row) in rows.iter().enumerate() {
            for (x, letter) in row.bytes().enumerate() {
                blocked.set(y * width as usize + x, letter == b'#');
            }
        }
        map_of(width, height, blocked)
    }

    /// A map with nothing on it but its blocked tiles.
    pub(crate) fn map_of(width: u32, height: u32, blocked: Bitmap) -> TownMap {
        TownMap {
            name: "test".into(),
            width,
            height,
            tile_px: (16, 16),
            blocked,
            landmarks: vec![],
            zones: vec![],
            layers: vec![],
            tilesets: vec![],
        }
    }

    /// A map of scattered walls.
    pub(crate) fn rubble(width: u32, height: u32, seed: u64, walls_of_100: u32) -> TownMap {
        let mut chance = crate::rng::Stream::new(seed, crate::rng::Purpose::Map, 0, 0);
        let mut blocked = Bitmap::new((width * height) as usize);
        for i in 0..(width * height) as usize {
            blocked.set(i, chance.below(100) < walls_of_100);
        }
        map_of(width, height, blocked)
    }

    #[test]
    fn the_grid_says_what_the_map_says() {
        for (width, height) in [(1, 1), (5, 3), (62, 7), (63, 2), (130, 9)] {
            let map = rubble(width, height, 3, 30);
            let grid = Grid::new(&map);
            for y in 0..height as u16 + 4 {
                for x in 0..width as u16 + 70 {
                    let p = Point::new(x, y);
                    assert_eq!(grid.walkable(p), map.walkable(p), "{p} of {width}×{height}");
                    if grid.contains(p) {
                        assert_eq!(grid.point(grid.tile(p)), p);
                    }
                }
            }
        }
    }

    #[test]
    fn a_window_at_the_edge_is_blocked_beyond_it() {
        let grid = Grid::new(&rubble(62, 4, 1, 0));
        for y in 0..4_i32 {
            for x in 0..62_i32 {
                let tile = grid.tile(Point::new(x as u16, y as u16)) as i32;
                for row in -2..=2 {
                    let bits = grid
                        .blocked()
                        .five((tile + row * grid.stride() as i32 - 2) as u32);
                    for column in -2..=2 {
                        let inside = (0..62).contains(&(x + column)) && (0..4).contains(&(y + row));
                        assert_eq!(
                            bits >> (column + 2) & 1 == 0,
                            inside,
                            "({x}, {y}) {column} {row}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn steps_lead_where_directions_say() {
        let p = Point::new(4, 4);
        for facing in FACINGS {
            let to = step(p, facing).expect("in range");
            assert_eq!(direction(p, to), Some(facing));
            assert_eq!(step(to, opposite(facing)), Some(p));
            assert_eq!(facing_of(facing as u8), Some(facing));
        }
        assert_eq!(step(Point::new(0, 0), Facing::West), None);
        assert_eq!(step(Point::new(0, 0), Facing::North), None);
        assert_eq!(direction(p, p), None);
    }
}
