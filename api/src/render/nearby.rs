//! Who is near a place: bodies by the square they stand in, kept up to date with the view that is read.
//!
//! Whoever asks brings the squares up to their view first, which looks at pages alone that were written to since.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hamlet_protocol::agent::Presence;
use hamlet_protocol::map::Point;
use hamlet_protocol::pages::{PAGE_LEN, Pages};
use hamlet_protocol::view::{BodyView, WorldView};

/// Tiles of a square's side.
const SIDE: u16 = 16;

/// A square, from the left and from the top.
type Square = (u16, u16);

/// Where everybody is.
#[derive(Debug, Default)]
pub(crate) struct Nearby(Mutex<Index>);

#[derive(Debug, Default)]
struct Index {
    tick: u64,
    seq: u64,
    bodies: Pages<BodyView>,
    squares: HashMap<Square, Vec<u32>>,
}

impl Nearby {
    /// Distances and numbers of those who are within so many tiles, nearest first, the same number at most.
    pub(crate) fn within(
        &self,
        view: &WorldView,
        from: Point,
        tiles: u32,
        most: usize,
    ) -> Vec<(u32, usize)> {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        index.catch_up(view);
        let mut found = index.around(view, from, tiles);
        drop(index);
        found.sort_unstable();
        found.truncate(most);
        found
    }
}

impl Index {
    /// Takes in what a view has that is not in here yet. An older view changes nothing: its bodies are looked at where they are.
    fn catch_up(&mut self, view: &WorldView) {
        if (view.tick, view.seq) < (self.tick, self.seq) {
            return;
        }
        let earlier = std::mem::replace(&mut self.bodies, view.bodies.clone());
        for first in view.bodies.changed_pages(&earlier) {
            for no in first..view.bodies.len().min(first + PAGE_LEN) {
                let before = earlier.get(no).and_then(square_of);
                let now = view.bodies.get(no).and_then(square_of);
                self.put(no, before, now);
            }
        }
        (self.tick, self.seq) = (view.tick, view.seq);
    }

    fn put(&mut self, no: usize, before: Option<Square>, now: Option<Square>) {
        if before == now {
            return;
        }
        let number = u32::try_from(no).unwrap_or(u32::MAX);
        if let Some(there) = before.and_then(|square| self.squares.get_mut(&square))
            && let Some(at) = there.iter().position(|other| *other == number)
        {
            there.swap_remove(at);
        }
        if let Some(square) = now {
            self.squares.entry(square).or_default().push(number);
        }
    }

    fn around(&self, view: &WorldView, from: Point, tiles: u32) -> Vec<(u32, usize)> {
        let span = u16::try_from(tiles).unwrap_or(u16::MAX);
        let squares = |at: u16| at.saturating_sub(span) / SIDE..=at.saturating_add(span) / SIDE;
        let mut found = Vec::new();
        for x in squares(from.x) {
            for y in squares(from.y) {
                for &no in self.squares.get(&(x, y)).into_iter().flatten() {
                    let no = no as usize;
                    let Some(body) = view.bodies.get(no) else {
                        continue;
                    };
                    let distance = body.at.chebyshev(from);
                    if distance <= tiles && body.presence != Presence::Gone {
                        found.push((distance, no));
                    }
                }
            }
        }
        found
    }
}

/// The square that somebody stands in, if they are there.
fn square_of(body: &BodyView) -> Option<Square> {
    (body.presence != Presence::Gone).then_some((body.at.x / SIDE, body.at.y / SIDE))
}
