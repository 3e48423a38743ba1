//! A grid with room for one agent per cell.

use std::ops::{Deref, DerefMut};

use super::digest::{Digest, Digested};
use super::id::{Id, Roster};
use super::lattice::Lattice;
use super::shape::{Cell, Shape};
use crate::rng::Stream;

/// Agents on a grid, at most one per cell.
/// They stand in the cells themselves, so that looking round reads memory in order; make `T` small.
#[derive(Clone, Debug)]
pub struct SingleGrid<T> {
    agents: Lattice<Option<T>>,
    /// Of a taken cell: the index of who is in it. Of an empty one: its place in `empties`.
    notes: Vec<u32>,
    empties: Vec<Cell>,
    roster: Roster,
}

impl<T> SingleGrid<T> {
    /// An empty grid.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self {
            agents: Lattice::new(shape, |_| None),
            notes: (0..shape.area() as u32).collect(),
            empties: shape.cells().collect(),
            roster: Roster::default(),
        }
    }

    /// Puts a new agent into a cell; `None`, and no agent, when the cell is taken.
    pub fn spawn(&mut self, at: Cell, agent: T) -> Option<Id> {
        let note = self.notes[self.shape().index(at)];
        self.agents[at]
            .is_none()
            .then(|| self.settle_in(at, note, agent))
    }

    /// Puts a new agent into any empty cell; `None`, and no agent, when the grid is full.
    pub fn spawn_anywhere(&mut self, rng: &mut Stream, agent: T) -> Option<Id> {
        let (note, at) = self.random_empty(rng)?;
        Some(self.settle_in(at, note, agent))
    }

    /// Takes an agent out; `None` when it is gone already.
    pub fn remove(&mut self, id: Id) -> Option<T> {
        let at = Cell::unpacked(self.roster.leave(id)?);
        self.notes[self.agents.shape().index(at)] = self.empties.len() as u32;
        self.empties.push(at);
        self.agents[at].take()
    }

    /// An agent on its turn, or `None` when it is gone: looked up once, for several things done to it.
    #[inline]
    pub fn turn(&mut self, id: Id) -> Option<SingleTurn<'_, T>> {
        let at = self.cell(id)?;
        self.agents[at]
            .is_some()
            .then_some(SingleTurn { id, at, grid: self })
    }

    /// Where an agent is, or `None` when it is gone.
    #[must_use]
    #[inline]
    pub fn cell(&self, id: Id) -> Option<Cell> {
        self.roster.place(id).map(Cell::unpacked)
    }

    /// An agent, or `None` when it is gone.
    #[must_use]
    #[inline]
    pub fn get(&self, id: Id) -> Option<&T> {
        self.agents[self.cell(id)?].as_ref()
    }

    /// An agent to be changed, or `None` when it is gone.
    #[inline]
    pub fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        let at = self.cell(id)?;
        self.agents[at].as_mut()
    }

    /// Who is in a cell.
    #[must_use]
    pub fn at(&self, cell: Cell) -> Option<Id> {
        let taken = self.agents[cell].is_some();
        taken.then(|| self.roster.id(self.notes[self.shape().index(cell)]))
    }

    /// Moves an agent; `false`, and nothing moves, when the cell is taken or the agent gone.
    pub fn move_to(&mut self, id: Id, to: Cell) -> bool {
        let (Some(from), None) = (self.cell(id), &self.agents[to]) else {
            return false;
        };
        let note = self.notes[self.shape().index(to)];
        self.relocate(id, from, to, note);
        true
    }

    /// Moves an agent to any empty cell and says where; `None`, and nothing moves, when there is none or the agent is gone.
    #[inline]
    pub fn move_anywhere(&mut self, id: Id, rng: &mut Stream) -> Option<Cell> {
        let from = self.cell(id)?;
        let (note, to) = self.random_empty(rng)?;
        self.relocate(id, from, to, note);
        Some(to)
    }

    /// How many of those up to `radius` columns and rows away are wanted.
    #[inline]
    pub fn count(&self, around: Cell, radius: u16, mut wanted: impl FnMut(&T) -> bool) -> u32 {
        self.agents.count(around, radius, |agent| {
            agent.as_ref().is_some_and(&mut wanted)
        })
    }

    /// The cells with who is in them.
    #[must_use]
    pub fn cells(&self) -> &Lattice<Option<T>> {
        &self.agents
    }

    /// Shape of the grid.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.agents.shape()
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

    /// Everybody's ids, in the order of arrival as far as nobody left.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        self.roster.living().map(|(id, _)| id)
    }

    fn random_empty(&self, rng: &mut Stream) -> Option<(u32, Cell)> {
        let note = rng.below(self.empties.len() as u32);
        self.empties.get(note as usize).map(|&cell| (note, cell))
    }

    /// Puts a new agent into a cell that is the `note`-th of the empty ones.
    fn settle_in(&mut self, at: Cell, note: u32, agent: T) -> Id {
        let id = self.roster.enter(at.packed());
        let shape = self.shape();
        self.empties.swap_remove(note as usize);
        if let Some(&moved) = self.empties.get(note as usize) {
            self.notes[shape.index(moved)] = note;
        }
        self.notes[shape.index(at)] = id.index() as u32;
        self.agents[at] = Some(agent);
        id
    }

    /// Moves an agent into a cell that is the `note`-th of the empty ones; the one it leaves takes its place among them.
    #[inline]
    fn relocate(&mut self, id: Id, from: Cell, to: Cell, note: u32) {
        let shape = self.shape();
        self.agents[to] = self.agents[from].take();
        self.notes[shape.index(to)] = id.index() as u32;
        self.notes[shape.index(from)] = note;
        self.empties[note as usize] = from;
        self.roster.set_place(id, to.packed());
    }
}

/// An agent on its turn. Its own fields are reached as if it were the agent itself.
#[derive(Debug)]
pub struct SingleTurn<'a, T> {
    grid: &'a mut SingleGrid<T>,
    id: Id,
    at: Cell,
}

impl<T> SingleTurn<'_, T> {
    /// Who it is.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// Where it is.
    #[must_use]
    pub fn cell(&self) -> Cell {
        self.at
    }

    /// The grid, to see the others on it.
    #[must_use]
    pub fn grid(&self) -> &SingleGrid<T> {
        self.grid
    }

    /// How many of the others up to `radius` columns and rows away are wanted.
    #[inline]
    pub fn count(&self, radius: u16, wanted: impl FnMut(&T) -> bool) -> u32 {
        self.grid.count(self.at, radius, wanted)
    }

    /// Moves it; `false`, and it stays, when the cell is taken.
    pub fn move_to(&mut self, to: Cell) -> bool {
        let moves = self.grid.move_to(self.id, to);
        if moves {
            self.at = to;
        }
        moves
    }

    /// Moves it to any empty cell; `false`, and it stays, when there is none.
    #[inline]
    pub fn move_anywhere(&mut self, rng: &mut Stream) -> bool {
        let Some((note, to)) = self.grid.random_empty(rng) else {
            return false;
        };
        self.grid.relocate(self.id, self.at, to, note);
        self.at = to;
        true
    }

    /// Takes it out.
    pub fn remove(self) {
        self.grid.remove(self.id);
    }
}

impl<T> Deref for SingleTurn<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.grid.agents[self.at].as_ref().expect(SOMEBODY)
    }
}

impl<T> DerefMut for SingleTurn<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.grid.agents[self.at].as_mut().expect(SOMEBODY)
    }
}

/// Why a turn may look into its cell: it began with somebody in it and moves along.
const SOMEBODY: &str = "an agent on its turn is in its cell";

impl<T: Digested> Digested for SingleGrid<T> {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.len());
        for (id, place) in self.roster.living() {
            into.add(&id);
            into.add(&place);
            into.add(&self.agents[Cell::unpacked(place)]);
        }
        into.add(&self.empties);
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::Edge;
    use super::*;
    use crate::rng::Purpose;

    fn check<T>(grid: &SingleGrid<T>) {
        let shape = grid.shape();
        let taken = shape
            .cells()
            .filter(|&cell| grid.at(cell).is_some())
            .count();
        assert_eq!(taken, grid.len());
        assert_eq!(taken + grid.empties.len(), shape.area());
        assert!(
            grid.ids()
                .all(|id| grid.cell(id).and_then(|cell| grid.at(cell)) == Some(id))
        );
        for (note, &cell) in grid.empties.iter().enumerate() {
            assert!(grid.at(cell).is_none());
            assert_eq!(grid.notes[shape.index(cell)] as usize, note);
        }
    }

    #[test]
    fn a_cell_holds_one() {
        let shape = Shape::new(3, 2, Edge::Bounded);
        let mut grid = SingleGrid::new(shape);
        let ann = grid.spawn(shape.cell(0, 0), "ann").expect("empty");
        let bob = grid.spawn(shape.cell(1, 0), "bob").expect("empty");
        assert_eq!(grid.spawn(shape.cell(1, 0), "cat"), None);
        assert!(!grid.move_to(ann, shape.cell(1, 0)));
        assert!(grid.move_to(ann, shape.cell(2, 1)));
        assert_eq!(grid.cell(ann), Some(shape.cell(2, 1)));
        assert_eq!(grid.count(shape.cell(2, 1), 1, |_| true), 1);
        check(&grid);
        assert_eq!(grid.remove(bob), Some("bob"));
        assert_eq!((grid.remove(bob), grid.get(bob)), (None, None));
        assert_eq!(grid.move_anywhere(bob, &mut rng()), None);
        check(&grid);
    }

    #[test]
    fn a_full_grid_takes_no_more() {
        let shape = Shape::new(4, 4, Edge::Wrapped);
        let mut grid = SingleGrid::new(shape);
        let mut rng = rng();
        for n in 0..16 {
            assert!(grid.spawn_anywhere(&mut rng, n).is_some());
            check(&grid);
        }
        assert_eq!(grid.spawn_anywhere(&mut rng, 16), None);
        let somebody = grid.at(shape.cell(0, 0)).expect("full");
        assert_eq!(grid.move_anywhere(somebody, &mut rng), None);
        assert_eq!(grid.cell(somebody), Some(shape.cell(0, 0)));
    }

    #[test]
    fn a_life_of_moves_keeps_the_books_right() {
        let shape = Shape::new(7, 5, Edge::Wrapped);
        let mut grid = SingleGrid::new(shape);
        let mut rng = rng();
        for n in 0..3000_u32 {
            let id = grid.at(shape.random_cell(&mut rng));
            match (n % 4, id) {
                (0 | 1, _) => drop(grid.spawn_anywhere(&mut rng, n)),
                (2, Some(id)) => drop(grid.move_anywhere(id, &mut rng)),
                (3, Some(id)) => drop(grid.remove(id)),
                _ => {}
            }
        }
        check(&grid);
        assert!(!grid.is_empty());
    }

    fn rng() -> Stream {
        Stream::new(1, Purpose::Model, 0, 0)
    }
}
