//! A grid with room for any number of agents per cell.

use std::ops::{Deref, DerefMut};

use super::digest::{Digest, Digested};
use super::id::Id;
use super::population::Population;
use super::shape::{Cell, Shape};

/// Agents on a grid, any number per cell: one grid for each kind of agent.
#[derive(Clone, Debug)]
pub struct MultiGrid<T> {
    shape: Shape,
    agents: Population<Placed<T>>,
    /// A ring for each cell: first come the cells themselves, then the agents by index.
    /// A ring always has its cell in it, so that nobody has to be asked whether they are first or last.
    links: Vec<Link>,
}

#[derive(Clone, Debug)]
struct Placed<T> {
    agent: T,
    at: Cell,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    newer: u32,
    older: u32,
}

impl<T> MultiGrid<T> {
    /// An empty grid.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let links = (0..shape.area() as u32)
            .map(|cell| Link {
                newer: cell,
                older: cell,
            })
            .collect();
        Self {
            shape,
            agents: Population::new(),
            links,
        }
    }

    /// Puts a new agent into a cell.
    pub fn spawn(&mut self, at: Cell, agent: T) -> Id {
        let id = self.agents.spawn(Placed { agent, at });
        let ring = self.ring(id);
        if ring as usize == self.links.len() {
            self.links.push(Link {
                newer: ring,
                older: ring,
            });
        }
        self.link(ring, at);
        id
    }

    /// Takes an agent out; `None` when it is gone already.
    pub fn remove(&mut self, id: Id) -> Option<T> {
        let placed = self.agents.remove(id)?;
        self.unlink(self.ring(id));
        Some(placed.agent)
    }

    /// An agent on its turn, or `None` when it is gone: looked up once, for several things done to it.
    #[inline]
    pub fn turn(&mut self, id: Id) -> Option<MultiTurn<'_, T>> {
        let place = self.agents.place(id)?;
        Some(MultiTurn {
            id,
            place,
            grid: self,
        })
    }

    /// An agent, or `None` when it is gone.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&T> {
        self.agents.get(id).map(|placed| &placed.agent)
    }

    /// An agent to be changed, or `None` when it is gone.
    pub fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        self.agents.get_mut(id).map(|placed| &mut placed.agent)
    }

    /// Where an agent is, or `None` when it is gone.
    #[must_use]
    pub fn cell(&self, id: Id) -> Option<Cell> {
        self.agents.get(id).map(|placed| placed.at)
    }

    /// Moves an agent; `false` when it is gone.
    pub fn move_to(&mut self, id: Id, to: Cell) -> bool {
        self.turn(id).map(|mut agent| agent.move_to(to)).is_some()
    }

    /// Who came last of those in a cell.
    #[must_use]
    #[inline]
    pub fn newest(&self, cell: Cell) -> Option<Id> {
        self.here(cell).next()
    }

    /// Who is in a cell, the last to come first.
    #[inline]
    pub fn here(&self, cell: Cell) -> impl Iterator<Item = Id> {
        let area = self.shape.area() as u32;
        let agent = move |ring: u32| (ring >= area).then_some(ring);
        let newest = self.links[self.shape.index(cell)].older;
        std::iter::successors(agent(newest), move |&ring| {
            agent(self.links[ring as usize].older)
        })
        .map(move |ring| self.agents.id_of_index(ring - area))
    }

    /// Who is up to `radius` columns and rows away, or in the cell itself.
    pub fn near(&self, cell: Cell, radius: u16) -> impl Iterator<Item = Id> {
        std::iter::once(cell)
            .chain(self.shape.around(cell, radius))
            .flat_map(|cell| self.here(cell))
    }

    /// Shape of the grid.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// How many agents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.agents.len()
    }

    /// Whether there are no agents.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty()
    }

    /// Everybody's ids, in the order of storage.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = Id> {
        self.agents.ids()
    }

    /// Everybody, in the order of storage.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Id, Cell, &T)> {
        self.agents
            .iter()
            .map(|(id, placed)| (id, placed.at, &placed.agent))
    }

    /// An agent's place among the links.
    #[inline]
    fn ring(&self, id: Id) -> u32 {
        (self.shape.area() + id.index()) as u32
    }

    #[inline]
    fn link(&mut self, ring: u32, at: Cell) {
        let newer = self.shape.index(at) as u32;
        let older = std::mem::replace(&mut self.links[newer as usize].older, ring);
        self.links[older as usize].newer = ring;
        self.links[ring as usize] = Link { newer, older };
    }

    #[inline]
    fn unlink(&mut self, ring: u32) {
        let Link { newer, older } = self.links[ring as usize];
        self.links[newer as usize].older = older;
        self.links[older as usize].newer = newer;
    }
}

/// An agent on its turn. Its own fields are reached as if it were the agent itself.
#[derive(Debug)]
pub struct MultiTurn<'a, T> {
    grid: &'a mut MultiGrid<T>,
    id: Id,
    place: usize,
}

impl<T> MultiTurn<'_, T> {
    /// Who it is.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// Where it is.
    #[must_use]
    #[inline]
    pub fn cell(&self) -> Cell {
        self.grid.agents.at_place(self.place).at
    }

    /// Moves it.
    #[inline]
    pub fn move_to(&mut self, to: Cell) {
        let ring = self.grid.ring(self.id);
        self.grid.unlink(ring);
        self.grid.link(ring, to);
        self.grid.agents.at_place_mut(self.place).at = to;
    }

    /// The grid, to see the others on it.
    #[must_use]
    pub fn grid(&self) -> &MultiGrid<T> {
        self.grid
    }

    /// Puts a new agent of its kind beside it, into the same cell.
    pub fn spawn(&mut self, child: T) -> Id {
        self.grid.spawn(self.cell(), child)
    }

    /// Takes it out.
    pub fn remove(self) {
        self.grid.remove(self.id);
    }
}

impl<T> Deref for MultiTurn<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.grid.agents.at_place(self.place).agent
    }
}

impl<T> DerefMut for MultiTurn<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.grid.agents.at_place_mut(self.place).agent
    }
}

impl<T: Digested> Digested for MultiGrid<T> {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.agents);
        for cell in self.shape.cells() {
            for id in self.here(cell) {
                into.add(&id);
            }
        }
    }
}

impl<T: Digested> Digested for Placed<T> {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.agent);
        into.add(&self.at);
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::Edge;
    use super::*;
    use crate::rng::{Purpose, Stream};

    fn check<T>(grid: &MultiGrid<T>) {
        let listed: Vec<(Id, Cell)> = grid
            .shape()
            .cells()
            .flat_map(|cell| grid.here(cell).map(move |id| (id, cell)))
            .collect();
        assert_eq!(listed.len(), grid.len());
        assert!(listed.iter().all(|&(id, cell)| grid.cell(id) == Some(cell)));
    }

    #[test]
    fn a_cell_holds_many_the_last_to_come_first() {
        let shape = Shape::new(3, 3, Edge::Bounded);
        let mut grid = MultiGrid::new(shape);
        let (here, there) = (shape.cell(1, 1), shape.cell(2, 2));
        let [ann, bob, cat] = ["ann", "bob", "cat"].map(|name| grid.spawn(here, name));
        assert_eq!(grid.here(here).collect::<Vec<_>>(), [cat, bob, ann]);
        assert!(grid.move_to(bob, there));
        assert_eq!(grid.here(here).collect::<Vec<_>>(), [cat, ann]);
        assert_eq!(grid.near(there, 1).collect::<Vec<_>>(), [bob, cat, ann]);
        assert_eq!(
            grid.near(shape.cell(0, 0), 1).collect::<Vec<_>>(),
            [cat, ann]
        );
        assert_eq!(grid.remove(cat), Some("cat"));
        assert_eq!(grid.here(here).collect::<Vec<_>>(), [ann]);
        assert!(!grid.move_to(cat, there));
        check(&grid);
    }

    #[test]
    fn a_life_of_births_moves_and_deaths_keeps_the_lists_right() {
        let shape = Shape::new(4, 3, Edge::Wrapped);
        let mut grid = MultiGrid::new(shape);
        let mut rng = Stream::new(1, Purpose::Model, 0, 0);
        for _ in 0..30 {
            grid.spawn(shape.random_cell(&mut rng), 0_u32);
        }
        for _ in 0..200 {
            let turns: Vec<Id> = grid.ids().collect();
            for id in turns {
                let Some(mut agent) = grid.turn(id) else {
                    continue;
                };
                let to = shape.random_neighbour(agent.cell(), &mut rng);
                agent.move_to(to);
                *agent += 1;
                match rng.below(8) {
                    0 | 3 if agent.grid.len() < 60 => drop(agent.spawn(0)),
                    1 => agent.remove(),
                    2 if grid.len() > 20 => {
                        let other = grid.here(to).last().expect("itself at least");
                        grid.remove(other);
                    }
                    _ => {}
                }
            }
            check(&grid);
        }
        assert!(!grid.is_empty());
        assert!(grid.iter().all(|(id, cell, _)| grid.cell(id) == Some(cell)));
    }
}
