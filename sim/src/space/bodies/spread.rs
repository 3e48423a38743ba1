//! Many walkers at once, scattered over the map.

use std::ops::Range;

use hamlet_protocol::map::Point;

use super::body::State;
use super::{NUMBERS_MAX, Space};
use crate::rng::{Purpose, Stream};
use crate::space::grid::FACINGS;

impl Space {
    /// Scatters walkers evenly over the free tiles and gives their numbers: as many as asked for, or as there is room.
    /// Where they stand depends on the seed, the number of bodies made before and the tiles that are free.
    pub fn spawn_walkers(&mut self, count: u32, seed: u64) -> Range<u32> {
        let first = self.slot_of.len() as u32;
        let mut free = self.count_free();
        let mut left = count
            .min(free)
            .min((NUMBERS_MAX - self.slot_of.len()) as u32);
        self.slot_of.reserve_exact(left as usize);
        self.bodies.reserve_exact(left as usize);
        let mut chance = Stream::new(seed, Purpose::Spawn, u64::from(first), u64::from(count));
        for y in 0..self.grid.height() {
            for x in (0..self.grid.width()).step_by(64) {
                let tile = self.grid.tile(Point::new(x as u16, y as u16));
                self.spawn_in_word(tile, &mut free, &mut left, &mut chance);
            }
        }
        first..self.slot_of.len() as u32
    }

    /// Selection sampling (Knuth, volume 2, algorithm S): each free tile is taken with the chance that makes every
    /// set of tiles as likely as any other.
    fn spawn_in_word(&mut self, first: u32, free: &mut u32, left: &mut u32, chance: &mut Stream) {
        // Beyond the right edge everything is blocked.
        let mut open = !self.taken.word(first);
        while open != 0 {
            let tile = first + open.trailing_zeros();
            open &= open - 1;
            if chance.below(*free) < *left {
                let facing = FACINGS[*left as usize % FACINGS.len()];
                self.settle(State::new(false, facing), tile);
                *left -= 1;
            }
            *free -= 1;
        }
    }

    /// Tiles that may be entered and have nobody on them.
    #[must_use]
    pub fn count_free(&self) -> u32 {
        let rows = 0..self.grid.height();
        let words = rows.flat_map(|y| {
            let row = self.grid.tile(Point::new(0, y as u16));
            (0..self.grid.width()).step_by(64).map(move |x| row + x)
        });
        words
            .map(|tile| (!self.taken.word(tile)).count_ones())
            .sum()
    }
}
