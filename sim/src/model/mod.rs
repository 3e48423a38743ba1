//! The modelling surface: a researcher writes a new agent-based model in one file.
//!
//! The village is one world with many rules; this is for worlds with few.
//! A [`Model`] is data and a [`Model::step`]; a [`Run`] gives it a clock, chance and series.
//! One seed is one run, bit for bit, on every platform: chance comes from [`Step::rng`] only,
//! nothing iterates over hash maps, and sums are added up in an order that does not change.
//!
//! | where agents are | with |
//! |---|---|
//! | nowhere in particular | [`Population`] |
//! | on a grid, one per cell | [`SingleGrid`] |
//! | on a grid, any number per cell, one grid per kind | [`MultiGrid`] |
//! | at points of a rectangle | [`Plane`] |
//! | cells themselves (grass, heat, a cellular automaton) | [`Lattice`] |
//!
//! All of them name agents by [`Id`].
//! The id of somebody gone finds nobody, so agents may be born and die while others take their turns:
//!
//! ```
//! use hamlet_sim::model::*;
//!
//! /// A rumour among people who stroll about a square and tell whoever they meet.
//! struct Rumour {
//!     people: MultiGrid<bool>,
//! }
//!
//! impl Rumour {
//!     fn new(rng: &mut Stream) -> Self {
//!         let shape = Shape::new(40, 40, Edge::Wrapped);
//!         let mut people = MultiGrid::new(shape);
//!         for n in 0..400 {
//!             people.spawn(shape.random_cell(rng), n == 0);
//!         }
//!         Self { people }
//!     }
//!
//!     fn knowing(&self) -> usize {
//!         self.people.iter().filter(|(_, _, knows)| **knows).count()
//!     }
//! }
//!
//! impl Model for Rumour {
//!     fn step(&mut self, step: &mut Step) {
//!         let shape = self.people.shape();
//!         for id in step.shuffled(self.people.ids()) {
//!             let Some(mut person) = self.people.turn(id) else { continue };
//!             let to = shape.random_neighbour(person.cell(), &mut step.rng);
//!             person.move_to(to);
//!             let grid = person.grid();
//!             let heard = grid.here(to).any(|other| grid.get(other) == Some(&true));
//!             *person |= heard && step.rng.happens(0.5);
//!         }
//!         if self.knowing() == self.people.len() {
//!             step.stop();
//!         }
//!     }
//!
//!     fn observe(&self, series: &mut Series) {
//!         series.record("knowing", self.knowing() as f64);
//!     }
//!
//!     fn digest(&self, digest: &mut Digest) {
//!         digest.add(&self.people);
//!     }
//! }
//!
//! let run = Run::from_seed(1, Rumour::new).ticks(1000);
//! assert!(run.stopped(), "everybody has heard it");
//! assert_eq!(run.series().last("knowing"), Some(400.0));
//! assert_eq!(run.state_hash(), Run::from_seed(1, Rumour::new).ticks(1000).state_hash());
//! run.series().write_csv(&mut Vec::new())?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Absent on purpose: networks (keep lists of [`Id`]s in the agents), space in three dimensions,
//! and threads inside a tick; [`replicate`] runs many seeds on all cores instead.

mod digest;
mod id;
mod lattice;
mod multi_grid;
mod plane;
mod plugin;
mod population;
mod run;
mod series;
mod shape;
mod single_grid;

pub use self::digest::{Digest, Digested};
pub use self::id::Id;
pub use self::lattice::Lattice;
pub use self::multi_grid::{MultiGrid, MultiTurn};
pub use self::plane::{Near, Plane};
pub use self::plugin::{ModelPlugin, Running};
pub use self::population::Population;
pub use self::run::{Model, Order, Run, Step, replicate};
pub use self::series::Series;
pub use self::shape::{Cell, Edge, Shape};
pub use self::single_grid::{SingleGrid, SingleTurn};
pub use crate::rng::Stream;

/// The how-to's code is compiled and run with the doc tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/how-to/write-a-model.md")]
struct HowTo;
