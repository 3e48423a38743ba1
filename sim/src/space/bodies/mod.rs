//! All bodies on the map: residents and the crowd, where they stand and how they move without ever sharing a tile.
//!
//! [`Space`] keeps twelve bytes per body in one dense store, sorted by chunks of the map so that neighbours on the
//! map are neighbours in memory, one bit per tile for "taken" and one number per tile for "by whom".
//! A tick is two passes over the store (`advance.rs`): everybody looks round and says where they want to go, then each
//! contested tile is given to one of those who want it.
//! A third pass, over residents alone (`passing.rs`), lets people follow, swap and squeeze past each other.
//! Neither the order of the store nor the number of threads can be seen in the result.

mod advance;
mod body;
mod crew;
mod image;
mod near;
mod order;
mod passing;
mod spread;
#[cfg(test)]
mod tests;
pub mod walker;

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hamlet_protocol::agent::Facing;
use hamlet_protocol::image::BodyKind;
use hamlet_protocol::map::{Point, TownMap};

use self::advance::Lane;
use self::body::{Body, State};
use self::crew::Crew;
use self::order::Order;
use super::grid::{Bits, Grid};

/// Numbers from here on are never given out: the store needs the top bit.
const NUMBERS_MAX: usize = 1 << 31;
/// Marks an entry of `slot_of` that is an index into `gone`.
const GONE: u32 = 1 << 31;

/// A resident's step in the last tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Agent number.
    pub no: u32,
    /// The tile left.
    pub from: Point,
    /// The tile entered.
    pub to: Point,
    /// Which way the resident looks now; who was pushed aside looks on as before.
    pub facing: Facing,
}

/// The grid and all bodies on it: at most one per tile, never in a blocked one.
#[derive(Debug, Resource)]
pub struct Space {
    grid: Arc<Grid>,
    /// Blocked or occupied tiles.
    taken: Bits,
    /// Agent number plus one of whoever stands on a tile, or 0.
    occupant: Vec<u32>,
    bodies: Vec<Body>,
    /// By agent number: index into `bodies`, or `GONE` and an index into `gone`.
    slot_of: Vec<u32>,
    /// Agent numbers of the residents who are there, ascending.
    residents: Vec<u32>,
    /// Last place of those who left.
    gone: Vec<(Point, Facing)>,
    /// By tile: who stands here wants to go that way in this beat (see `advance.rs`).
    intents: Vec<u16>,
    beat: u16,
    moved: Vec<Moved>,
    steps_walked: u64,
    /// Scratch of `passing.rs`.
    pending: Vec<u32>,
    order: Order,
    lanes: Vec<Lane>,
    crew: Crew,
}

impl Space {
    /// An empty map. It works on one thread until [`Space::set_threads`] says otherwise.
    #[must_use]
    pub fn new(map: &TownMap) -> Self {
        let grid = Grid::new(map);
        let tiles = grid.padded_len();
        Self {
            taken: grid.blocked().clone(),
            occupant: vec![0; tiles],
            bodies: Vec::new(),
            slot_of: Vec::new(),
            residents: Vec::new(),
            gone: Vec::new(),
            intents: vec![0; tiles],
            beat: 0,
            moved: Vec::new(),
            steps_walked: 0,
            pending: Vec::new(),
            order: Order::default(),
            lanes: Vec::new(),
            crew: Crew::default(),
            grid: Arc::new(grid),
        }
    }

    /// Lets [`Space::advance`] work on this many threads, at least one: the calling thread and `threads - 1` others.
    /// The result of a tick doesn't depend on it. Small worlds stay on the calling thread all the same.
    ///
    /// # Errors
    /// When the system gives no more threads; the old number stays in force.
    pub fn set_threads(&mut self, threads: usize) -> Result<(), String> {
        self.crew.resize(threads)
    }

    /// The shape of the map, shared with whoever looks for ways on it.
    #[must_use]
    pub fn grid(&self) -> &Arc<Grid> {
        &self.grid
    }

    /// Puts a new body on a tile and gives its number, the next one.
    /// `None` when the tile is not free, when numbers have run out, or when the kind is [`BodyKind::Gone`].
    pub fn spawn(&mut self, kind: BodyKind, at: Point) -> Option<u32> {
        if kind == BodyKind::Gone || !self.is_free(at) || self.slot_of.len() >= NUMBERS_MAX {
            return None;
        }
        let no = self.slot_of.len() as u32;
        self.settle(
            State::new(kind == BodyKind::Resident, Facing::default()),
            self.grid.tile(at),
        );
        Some(no)
    }

    /// Gives the next number to somebody who has no body and never will.
    pub fn reserve(&mut self) -> u32 {
        let no = self.slot_of.len() as u32;
        self.slot_of.push(GONE | self.gone.len() as u32);
        self.gone.push((Point::default(), Facing::default()));
        no
    }

    /// Takes a body off the map for good; its number is never used again. False when it is not there.
    pub fn remove(&mut self, no: u32) -> bool {
        let Some(slot) = self.slot(no) else {
            return false;
        };
        let body = self.bodies.swap_remove(slot);
        if let Some(filler) = self.bodies.get(slot) {
            self.slot_of[filler.no as usize] = slot as u32;
        }
        self.slot_of[no as usize] = GONE | self.gone.len() as u32;
        self.gone
            .push((self.grid.point(body.tile), body.state.facing()));
        self.occupant[body.tile as usize] = 0;
        self.taken.clear(body.tile);
        if let Ok(index) = self.residents.binary_search(&no) {
            self.residents.remove(index);
        }
        true
    }

    /// Puts a body on another tile at once. False when it is not there or the tile is neither free nor its own.
    pub fn place(&mut self, no: u32, to: Point) -> bool {
        let Some(slot) = self.slot(no) else {
            return false;
        };
        let from = self.bodies[slot].tile;
        if self.grid.contains(to) && self.grid.tile(to) == from {
            return true;
        }
        if !self.is_free(to) {
            return false;
        }
        self.bodies[slot].state.set_stuck(0);
        self.shift(slot, self.grid.tile(to));
        true
    }

    /// Bodies on the map.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether nobody is on the map.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    /// Agent numbers given out so far; the next one.
    #[must_use]
    pub fn numbers(&self) -> u32 {
        self.slot_of.len() as u32
    }

    /// Numbers of the residents on the map, ascending.
    #[must_use]
    pub fn residents(&self) -> &[u32] {
        &self.residents
    }

    /// Where a body is; `None` when it is gone or never was.
    #[must_use]
    pub fn at(&self, no: u32) -> Option<Point> {
        self.slot(no)
            .map(|slot| self.grid.point(self.bodies[slot].tile))
    }

    /// Where a body is, or where it was last.
    ///
    /// # Panics
    /// When the number was never given out.
    #[must_use]
    pub fn last_at(&self, no: u32) -> Point {
        match self.whereabouts(no) {
            Whereabouts::Here(body) => self.grid.point(body.tile),
            Whereabouts::Gone(at, _) => at,
        }
    }

    /// Which way a body looks, or looked last.
    ///
    /// # Panics
    /// When the number was never given out.
    #[must_use]
    pub fn facing(&self, no: u32) -> Facing {
        match self.whereabouts(no) {
            Whereabouts::Here(body) => body.state.facing(),
            Whereabouts::Gone(_, facing) => facing,
        }
    }

    /// Turns a body; nothing happens when it is gone.
    pub fn set_facing(&mut self, no: u32, facing: Facing) {
        if let Some(slot) = self.slot(no) {
            self.bodies[slot].state.set_facing(facing);
        }
    }

    /// What kind of body this is.
    ///
    /// # Panics
    /// When the number was never given out.
    #[must_use]
    pub fn kind(&self, no: u32) -> BodyKind {
        match self.whereabouts(no) {
            Whereabouts::Here(body) if body.state.is_resident() => BodyKind::Resident,
            Whereabouts::Here(_) => BodyKind::Walker,
            Whereabouts::Gone(..) => BodyKind::Gone,
        }
    }

    /// Who stands on a tile.
    #[must_use]
    pub fn occupant(&self, p: Point) -> Option<u32> {
        if !self.grid.contains(p) {
            return None;
        }
        self.occupant[self.grid.tile(p) as usize].checked_sub(1)
    }

    /// Whether a tile may be entered and nobody stands on it.
    #[must_use]
    pub fn is_free(&self, p: Point) -> bool {
        self.grid.contains(p) && !self.taken.get(self.grid.tile(p))
    }

    /// Whether a tile lies on the map and may be entered, by whomever.
    #[must_use]
    pub fn walkable(&self, p: Point) -> bool {
        self.grid.walkable(p)
    }

    /// A resident's wish for the next [`Space::advance`], which uses it up.
    /// Wishes are no part of an image: they are made and granted within one tick. Walkers have a will of their own.
    pub fn want(&mut self, no: u32, wish: Option<Facing>) {
        if let Some(slot) = self.slot(no) {
            let state = &mut self.bodies[slot].state;
            if state.is_resident() {
                state.set_want(wish.map_or(0, |facing| facing as u32 + 1));
            }
        }
    }

    /// Residents that moved in the last [`Space::advance`], by number.
    #[must_use]
    pub fn moved(&self) -> &[Moved] {
        &self.moved
    }

    /// Steps that residents and walkers took in the last [`Space::advance`].
    #[must_use]
    pub fn steps_walked(&self) -> u64 {
        self.steps_walked
    }

    /// Memory in use for the grid, all bodies and the scratch of a tick, in bytes.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let by_tile = self.grid.blocked().memory_bytes()
            + self.taken.memory_bytes()
            + self.occupant.capacity() * size_of::<u32>()
            + self.intents.capacity() * size_of::<u16>();
        let by_body = self.bodies.capacity() * size_of::<Body>()
            + (self.slot_of.capacity() + self.residents.capacity() + self.pending.capacity())
                * size_of::<u32>()
            + self.gone.capacity() * size_of::<(Point, Facing)>()
            + self.moved.capacity() * size_of::<Moved>();
        let by_lane: usize = self.lanes.iter().map(Lane::memory_bytes).sum();
        by_tile + by_body + by_lane + self.order.memory_bytes()
    }

    fn slot(&self, no: u32) -> Option<usize> {
        let &entry = self.slot_of.get(no as usize)?;
        (entry & GONE == 0).then_some(entry as usize)
    }

    fn whereabouts(&self, no: u32) -> Whereabouts {
        let entry = self.slot_of[no as usize];
        if entry & GONE == 0 {
            return Whereabouts::Here(self.bodies[entry as usize]);
        }
        let (at, facing) = self.gone[(entry ^ GONE) as usize];
        Whereabouts::Gone(at, facing)
    }

    /// Gives the next number to a new body on a tile that is free.
    fn settle(&mut self, state: State, tile: u32) {
        let no = self.slot_of.len() as u32;
        self.slot_of.push(self.bodies.len() as u32);
        self.bodies.push(Body { tile, no, state });
        self.occupant[tile as usize] = no + 1;
        self.taken.set(tile);
        if state.is_resident() {
            self.residents.push(no);
        }
    }

    /// Moves a body to a tile that is free.
    fn shift(&mut self, slot: usize, to: u32) {
        let body = &mut self.bodies[slot];
        self.occupant[body.tile as usize] = 0;
        self.taken.clear(body.tile);
        body.tile = to;
        self.occupant[to as usize] = body.no + 1;
        self.taken.set(to);
    }
}

enum Whereabouts {
    Here(Body),
    Gone(Point, Facing),
}
