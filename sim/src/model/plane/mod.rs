//! Continuous space: agents at points of a rectangle, stored cell by cell, so that looking round is fast.

mod index;
mod look;
#[cfg(test)]
mod tests;

use self::index::{Extent, Index};
pub use self::look::Near;
use super::digest::{Digest, Digested};
use super::id::{Id, Roster};
use super::shape::Edge;

/// Agents at points of a rectangle, each with `C` numbers that others see of it (a velocity, a charge, an opinion).
///
/// Everything is stored in columns, and [`Plane::settle`] puts neighbours in space beside each other in memory.
/// What is found never depends on when that was done: an agent that moves before the next settling is found where it is.
#[derive(Clone, Debug)]
pub struct Plane<const C: usize> {
    extent: Extent,
    reach: f64,
    index: Index,
    bodies: Vec<Body<C>>,
    ids: Vec<Id>,
    /// Where the settled agents were when they were settled.
    home: Vec<[f64; 2]>,
    /// How far at most a settled agent has moved since, along either side.
    drift: f64,
    gone: usize,
    roster: Roster,
    scratch: Scratch<C>,
}

/// All of an agent that others see, side by side in memory.
#[derive(Clone, Copy, Debug)]
struct Body<const C: usize> {
    /// A settled agent that has crossed an edge since is noted beyond it; one that is gone is nowhere (NaN).
    at: [f64; 2],
    data: [f64; C],
}

impl<const C: usize> Body<C> {
    fn is_gone(&self) -> bool {
        self.at[0].is_nan()
    }
}

/// Memory that is used again at each settling.
#[derive(Clone, Debug)]
struct Scratch<const C: usize> {
    slots: Vec<u32>,
    bodies: Vec<Body<C>>,
    ids: Vec<Id>,
}

impl<const C: usize> Plane<C> {
    /// An empty plane. `reach` is how far agents usually look.
    ///
    /// # Panics
    /// When a length is not a positive number.
    #[must_use]
    pub fn new(width: f64, height: f64, edge: Edge, reach: f64) -> Self {
        for length in [width, height, reach] {
            assert!(
                length.is_finite() && length > 0.0,
                "lengths of a plane are positive numbers, not {length}"
            );
        }
        let extent = Extent {
            width,
            height,
            edge,
        };
        let mut index = Index::default();
        index.divide(extent, reach, 0);
        index.count(&mut []);
        Self {
            extent,
            reach: reach.min(width.min(height) / 2.0),
            index,
            bodies: Vec::new(),
            ids: Vec::new(),
            home: Vec::new(),
            drift: 0.0,
            gone: 0,
            roster: Roster::default(),
            scratch: Scratch {
                slots: Vec::new(),
                bodies: Vec::new(),
                ids: Vec::new(),
            },
        }
    }

    /// Puts a new agent at a point; one outside is brought inside.
    pub fn spawn(&mut self, at: [f64; 2], data: [f64; C]) -> Id {
        let id = self.roster.enter(0);
        self.append(id, self.extent.inside(at), data);
        self.settle_if_scattered();
        id
    }

    /// Takes an agent out; `false` when it is gone already.
    pub fn remove(&mut self, id: Id) -> bool {
        let Some(slot) = self.roster.leave(id) else {
            return false;
        };
        self.erase(slot as usize);
        true
    }

    /// Where an agent is, or `None` when it is gone.
    #[must_use]
    pub fn at(&self, id: Id) -> Option<[f64; 2]> {
        let slot = self.slot(id)?;
        Some(self.extent.inside(self.bodies[slot].at))
    }

    /// An agent's numbers, or `None` when it is gone.
    #[must_use]
    pub fn data(&self, id: Id) -> Option<[f64; C]> {
        let slot = self.slot(id)?;
        Some(self.bodies[slot].data)
    }

    /// Changes an agent's numbers; `false` when it is gone.
    pub fn set_data(&mut self, id: Id, data: [f64; C]) -> bool {
        let Some(slot) = self.slot(id) else {
            return false;
        };
        self.bodies[slot].data = data;
        true
    }

    /// Moves an agent along a vector, over a wrapped edge or up to a bounded one; `false` when it is gone.
    #[inline]
    pub fn move_by(&mut self, id: Id, [dx, dy]: [f64; 2]) -> bool {
        let Some(slot) = self.slot(id) else {
            return false;
        };
        let [x, y] = self.bodies[slot].at;
        self.place(id, slot, [x + dx, y + dy]);
        true
    }

    /// Moves an agent to a point; `false` when it is gone.
    pub fn move_to(&mut self, id: Id, to: [f64; 2]) -> bool {
        let Some(slot) = self.slot(id) else {
            return false;
        };
        let [to_x, to_y] = self.extent.inside(to);
        let [x, y] = self.bodies[slot].at;
        let near = |to: f64, from: f64, side: f64| from + self.extent.shortest(to - from, side);
        let to = [
            near(to_x, x, self.extent.width),
            near(to_y, y, self.extent.height),
        ];
        self.place(id, slot, to);
        true
    }

    /// The way from one point to another, the shortest over the edges where they wrap.
    #[must_use]
    pub fn way(&self, from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
        let (from, to) = (self.extent.inside(from), self.extent.inside(to));
        [
            self.extent.shortest(to[0] - from[0], self.extent.width),
            self.extent.shortest(to[1] - from[1], self.extent.height),
        ]
    }

    /// Everybody acts at once: new points and numbers are made from all the present ones.
    pub fn simultaneously(&mut self, mut next: impl FnMut(&Self, Id) -> ([f64; 2], [f64; C])) {
        let turns: Vec<Id> = self.ids().collect();
        let decided: Vec<_> = turns.iter().map(|&id| next(self, id)).collect();
        for (&id, (to, data)) in turns.iter().zip(decided) {
            self.move_to(id, to);
            self.set_data(id, data);
        }
        self.settle();
    }

    /// How many agents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.roster.len()
    }

    /// Whether there are no agents.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everybody's ids, in the order of storage.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.ids
            .iter()
            .zip(&self.bodies)
            .filter(|(_, body)| !body.is_gone())
            .map(|(&id, _)| id)
    }

    /// Puts neighbours beside each other in memory: to be called once per tick when most agents move.
    /// Does nothing as long as that would gain nothing.
    pub fn settle(&mut self) {
        let all_settled = self.gone == 0 && self.home.len() == self.bodies.len();
        if all_settled && self.drift <= self.reach * SETTLE_FROM {
            return;
        }
        self.drop_gone();
        self.index
            .divide(self.extent, self.reach * CELL, self.bodies.len());
        let Self {
            extent,
            index,
            bodies,
            ids,
            scratch,
            roster,
            home,
            ..
        } = self;
        scratch.slots.clear();
        for body in bodies.iter_mut() {
            body.at = extent.inside(body.at);
            scratch.slots.push(index.cell(body.at));
        }
        index.count(&mut scratch.slots);
        scratch.bodies.clone_from(bodies);
        scratch.ids.clone_from(ids);
        home.resize(bodies.len(), [0.0; 2]);
        for ((&slot, &body), &id) in scratch.slots.iter().zip(&scratch.bodies).zip(&scratch.ids) {
            bodies[slot as usize] = body;
            home[slot as usize] = body.at;
            ids[slot as usize] = id;
            roster.set_place(id, slot);
        }
        self.drift = 0.0;
    }

    #[inline]
    fn slot(&self, id: Id) -> Option<usize> {
        self.roster.place(id).map(|slot| slot as usize)
    }

    /// Puts an agent at a point that may lie beyond a wrapped edge.
    #[inline]
    fn place(&mut self, id: Id, slot: usize, to: [f64; 2]) {
        let to = if self.extent.edge == Edge::Bounded {
            self.extent.inside(to)
        } else {
            to
        };
        assert_finite(to);
        let Some(home) = self.home.get(slot) else {
            self.bodies[slot].at = self.extent.inside(to);
            return;
        };
        let drift = (to[0] - home[0]).abs().max((to[1] - home[1]).abs());
        if drift <= self.reach * DRIFT_MAX {
            self.drift = self.drift.max(drift);
            self.bodies[slot].at = to;
        } else {
            let data = self.bodies[slot].data;
            self.erase(slot);
            self.append(id, self.extent.inside(to), data);
            self.settle_if_scattered();
        }
    }

    /// Adds an agent behind the settled ones.
    fn append(&mut self, id: Id, at: [f64; 2], data: [f64; C]) {
        assert_finite(at);
        self.roster.set_place(id, self.bodies.len() as u32);
        self.bodies.push(Body { at, data });
        self.ids.push(id);
    }

    /// Leaves a slot to nobody until the next settling: no distance to it is within anything.
    fn erase(&mut self, slot: usize) {
        self.bodies[slot].at = [f64::NAN; 2];
        self.gone += 1;
    }

    /// Settles when so many are not where their cell says that looking for them costs more.
    fn settle_if_scattered(&mut self) {
        if self.bodies.len() - self.home.len() > 32 + self.home.len() / 8 {
            self.settle();
        }
    }

    fn drop_gone(&mut self) {
        if self.gone > 0 {
            let mut bodies = self.bodies.iter();
            self.ids
                .retain(|_| bodies.next().is_some_and(|body| !body.is_gone()));
            self.bodies.retain(|body| !body.is_gone());
            self.gone = 0;
        }
    }
}

/// Side of a cell, in reaches: so much more than one that agents may stray a little and are still found in the next cell.
const CELL: f64 = 1.25;
/// How far agents have to have moved, in reaches, before settling them gains something.
const SETTLE_FROM: f64 = 0.1;
/// How far a settled agent may stray, in reaches, before it counts as unsettled.
const DRIFT_MAX: f64 = 0.5;

impl<const C: usize> Digested for Plane<C> {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.len());
        for (id, slot) in self.roster.living() {
            let slot = slot as usize;
            into.add(&id);
            into.add(&self.extent.inside(self.bodies[slot].at));
            into.add(&self.bodies[slot].data);
        }
    }
}

/// A position that is no number would make its agent vanish.
#[inline]
fn assert_finite([x, y]: [f64; 2]) {
    assert!(
        x.is_finite() && y.is_finite(),
        "an agent's position became ({x}, {y})"
    );
}
