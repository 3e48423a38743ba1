//! Where things are: the map, the grid, bodies on it, ways across it.

pub mod bodies;
pub mod flow;
pub mod generate;
pub mod grid;
pub mod map;
pub mod path;
pub mod regions;
pub mod ways;

pub use bodies::{Moved, Space};
pub use ways::Ways;
