//! A town to get lost in: blocks of walled houses along streets, parted by long walls with one gate in each
//! stretch.

use hamlet_protocol::map::{Area, Bitmap, TownMap};
use hamlet_sim::rng::{Purpose, Stream};

/// Columns and rows of a block: a house, its yard and half of the streets round it.
const BLOCK: u32 = 16;
/// Columns and rows of a house, walls included.
const HOUSE: u32 = 11;
/// Blocks from one town wall to the next.
const QUARTER: u32 = 8;
/// Columns and rows of a place one goes to.
const PLACE: u16 = 6;

/// A town and the places in it, which are open squares.
pub(super) fn town(side: u32, places: usize, seed: u64) -> (TownMap, Vec<Area>) {
    let mut chance = Stream::new(seed, Purpose::Map, 0, 0);
    let mut drawing = Drawing {
        side,
        blocked: Bitmap::new((side * side) as usize),
    };
    let blocks = side / BLOCK;
    let squares: Vec<(u32, u32)> = (0..places)
        .map(|_| (chance.below(blocks), chance.below(blocks)))
        .collect();
    for row in 0..blocks {
        for column in 0..blocks {
            if !squares.contains(&(column, row)) {
                drawing.house(column * BLOCK + 3, row * BLOCK + 3, &mut chance);
            }
        }
    }
    for wall in (QUARTER..blocks).step_by(QUARTER as usize) {
        drawing.wall(wall * BLOCK, &mut chance);
    }
    let area = |(column, row)| Area {
        x: (column * BLOCK + 5) as u16,
        y: (row * BLOCK + 5) as u16,
        width: PLACE,
        height: PLACE,
    };
    (drawing.map(), squares.into_iter().map(area).collect())
}

struct Drawing {
    side: u32,
    blocked: Bitmap,
}

impl Drawing {
    fn set(&mut self, x: u32, y: u32, blocked: bool) {
        self.blocked.set((y * self.side + x) as usize, blocked);
    }

    /// Four walls with a door in one of them, and one wall across the inside with a gap.
    fn house(&mut self, x: u32, y: u32, chance: &mut Stream) {
        for n in 0..HOUSE {
            for (dx, dy) in [
                (n, 0),
                (n, HOUSE - 1),
                (0, n),
                (HOUSE - 1, n),
                (n, HOUSE / 2),
            ] {
                self.set(x + dx, y + dy, true);
            }
        }
        let gap = 1 + chance.below(HOUSE - 2);
        self.set(x + gap, y + HOUSE / 2, false);
        let door = 1 + chance.below(HOUSE / 2 - 1);
        let (dx, dy) = match chance.below(4) {
            0 => (door, 0),
            1 => (HOUSE - 1, door),
            2 => (door, HOUSE - 1),
            _ => (0, door),
        };
        self.set(x + dx, y + dy, false);
    }

    /// A wall from edge to edge in each direction, with a gate into every quarter it touches.
    fn wall(&mut self, at: u32, chance: &mut Stream) {
        for n in 0..self.side {
            self.set(at, n, true);
            self.set(n, at, true);
        }
        for quarter in (0..self.side / BLOCK).step_by(QUARTER as usize) {
            for gate in 0..2 {
                let street = (quarter + chance.below(QUARTER)) * BLOCK + 1;
                for n in street..(street + 2).min(self.side) {
                    let (x, y) = if gate == 0 { (at, n) } else { (n, at) };
                    self.set(x, y, false);
                }
            }
        }
    }

    fn map(self) -> TownMap {
        TownMap {
            name: "walled town".into(),
            width: self.side,
            height: self.side,
            tile_px: (16, 16),
            blocked: self.blocked,
            landmarks: vec![],
            zones: vec![],
            layers: vec![],
            tilesets: vec![],
        }
    }
}
