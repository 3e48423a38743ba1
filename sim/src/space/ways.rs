//! All that is known of ways across one map, in one place: regions, paths to points, flow fields to landmarks.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hamlet_protocol::map::Point;

use super::flow::{FlowCache, FlowField};
use super::grid::Grid;
use super::path::{PathFinder, Search};
use super::regions::Regions;

/// Memory that flow fields may take when nobody says otherwise: five hundred fields of a 512×512 map.
pub const FLOW_MEMORY_MAX_BYTES: usize = 64 << 20;

/// Ways across a map. Nothing in here is part of the world's state: all of it can be made again from the map.
#[derive(Debug, Resource)]
pub struct Ways {
    grid: Arc<Grid>,
    regions: Regions,
    paths: PathFinder,
    flows: FlowCache,
}

impl Ways {
    /// Ways across this grid, with flow fields taking up to `flow_memory_max_bytes`.
    #[must_use]
    pub fn new(grid: &Arc<Grid>, flow_memory_max_bytes: usize) -> Self {
        Self {
            grid: Arc::clone(grid),
            regions: Regions::new(grid),
            paths: PathFinder::new(Arc::clone(grid)),
            flows: FlowCache::new(grid, flow_memory_max_bytes),
        }
    }

    /// Which tiles can be reached from which.
    #[must_use]
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// Whether one can walk from one tile to the other.
    #[must_use]
    pub fn same_region(&self, a: Point, b: Point) -> bool {
        self.regions.same_region(a, b)
    }

    /// A shortest way between two tiles; see [`PathFinder::find`].
    pub fn find(&mut self, from: Point, to: Point, nodes_max: u32) -> Search {
        self.paths.find(&self.regions, from, to, nodes_max)
    }

    /// The flow field to a goal known by a number; see [`FlowCache::field`].
    pub fn flow<T: IntoIterator<Item = Point>>(
        &mut self,
        goal: u32,
        targets: impl FnOnce() -> T,
    ) -> &FlowField {
        self.flows.field(&self.grid, goal, targets)
    }

    /// The flow fields at hand.
    #[must_use]
    pub fn flows(&self) -> &FlowCache {
        &self.flows
    }
}
