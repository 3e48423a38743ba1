//! Ways to a point: A* over the four neighbours, round walls, past bodies as if they were air (they move).
//!
//! With steps of one length and the distance along the axes as the estimate, a step either keeps the estimate of the
//! whole way or adds two to it. So the queue is two stacks: tiles as good as the best, and tiles two worse.
//! In the open a search looks at little more than the tiles of the way itself.

use std::sync::Arc;

use hamlet_protocol::agent::Facing;
use hamlet_protocol::map::Point;

use super::grid::{FACINGS, Grid};
use super::regions::Regions;

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// A shortest way.
    Found {
        /// Its steps, *last first*: popping gives the next one to take. Empty when one is there already.
        steps: Vec<Facing>,
        /// Tiles looked at.
        nodes: u32,
    },
    /// There is no way.
    Unreachable {
        /// Tiles looked at: none, the map's regions say it at once.
        nodes: u32,
    },
    /// The search was broken off. Asking again with more nodes gives the same way as if there had been no limit.
    TooFar {
        /// Tiles looked at: as many as were allowed.
        nodes: u32,
    },
}

impl Search {
    /// Tiles looked at: what the search cost.
    #[must_use]
    pub fn nodes(&self) -> u32 {
        match self {
            Self::Found { nodes, .. } | Self::Unreachable { nodes } | Self::TooFar { nodes } => {
                *nodes
            }
        }
    }
}

/// Searches for ways, with memory that is used again; four bytes per tile.
#[derive(Clone, Debug)]
pub struct PathFinder {
    grid: Arc<Grid>,
    /// By tile: number of the search that last saw it (from bit 4), whether it is done (bit 3), the parity of its layer
    /// (bit 2) and the direction it was entered by (bits 0 and 1).
    marks: Vec<u32>,
    search: u32,
    /// Tiles of this layer and of the next.
    open: [Vec<u32>; 2],
}

const DONE: u32 = 1 << 3;
const LAYER_SHIFT: u32 = 2;
const SEARCH_SHIFT: u32 = 4;
const SEARCHES: u32 = 1 << (32 - SEARCH_SHIFT);

impl PathFinder {
    /// A finder for this grid.
    #[must_use]
    pub fn new(grid: Arc<Grid>) -> Self {
        // Memory is taken with the first search.
        Self {
            grid,
            marks: Vec::new(),
            search: 0,
            open: [Vec::new(), Vec::new()],
        }
    }

    /// A shortest way between two tiles, looking at `nodes_max` tiles at most.
    /// Among ways of equal length the choice depends on the two tiles alone.
    pub fn find(&mut self, regions: &Regions, from: Point, to: Point, nodes_max: u32) -> Search {
        if !regions.same_region(from, to) {
            return Search::Unreachable { nodes: 0 };
        }
        self.begin();
        let grid = Arc::clone(&self.grid);
        let (start, goal) = (grid.tile(from), grid.tile(to));
        self.marks[start as usize] = self.search << SEARCH_SHIFT;
        self.open[0].push(start);
        let (mut layer, mut nodes) = (0, 0);
        loop {
            let Some(tile) = self.open[layer as usize & 1].pop() else {
                layer += 1;
                if self.open[layer as usize & 1].is_empty() {
                    return Search::Unreachable { nodes };
                }
                continue;
            };
            if self.marks[tile as usize] & DONE != 0 {
                continue;
            }
            if tile == goal {
                return Search::Found {
                    steps: self.walk_back(start, goal),
                    nodes,
                };
            }
            if nodes == nodes_max {
                return Search::TooFar { nodes };
            }
            nodes += 1;
            self.marks[tile as usize] |= DONE;
            self.expand(tile, to, layer);
        }
    }

    fn begin(&mut self) {
        self.marks.resize(self.grid.padded_len(), 0);
        self.search += 1;
        if self.search == SEARCHES {
            self.marks.fill(0);
            self.search = 1;
        }
        self.open.iter_mut().for_each(Vec::clear);
    }

    /// Puts the neighbours of a tile into this layer when they are nearer to the goal, else into the next.
    fn expand(&mut self, tile: u32, to: Point, layer: u32) {
        let at = self.grid.point(tile);
        let (dx, dy) = (
            i32::from(to.x) - i32::from(at.x),
            i32::from(to.y) - i32::from(at.y),
        );
        let across = if dx < 0 { Facing::West } else { Facing::East };
        let along = if dy < 0 { Facing::North } else { Facing::South };
        // The last one pushed is looked at first: the step along the longer of the two ways that are left.
        let [first, second] = if dx.abs() > dy.abs() {
            [across, along]
        } else {
            [along, across]
        };
        let offsets = self.grid.offsets();
        for facing in [
            super::grid::opposite(first),
            super::grid::opposite(second),
            second,
            first,
        ] {
            let beside = tile.wrapping_add(offsets[facing as usize]);
            if self.grid.blocked().get(beside) {
                continue;
            }
            let nearer = match facing {
                Facing::North => dy < 0,
                Facing::East => dx > 0,
                Facing::South => dy > 0,
                Facing::West => dx < 0,
            };
            self.reach(
                beside,
                facing,
                if nearer { layer } else { layer + 1 },
                layer,
            );
        }
    }

    fn reach(&mut self, tile: u32, by: Facing, layer: u32, now: u32) {
        let mark = &mut self.marks[tile as usize];
        let seen = *mark >> SEARCH_SHIFT == self.search;
        let in_this_layer = *mark >> LAYER_SHIFT & 1 == now & 1;
        if seen && (*mark & DONE != 0 || in_this_layer || layer > now) {
            return;
        }
        *mark = self.search << SEARCH_SHIFT | (layer & 1) << LAYER_SHIFT | by as u32;
        self.open[layer as usize & 1].push(tile);
    }

    fn walk_back(&self, start: u32, goal: u32) -> Vec<Facing> {
        let offsets = self.grid.offsets();
        let (mut tile, mut steps) = (goal, Vec::new());
        while tile != start {
            let by = (self.marks[tile as usize] & 3) as usize;
            steps.push(FACINGS[by]);
            tile = tile.wrapping_sub(offsets[by]);
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};
    use crate::space::flow::FlowField;
    use crate::space::grid::step;
    use crate::space::grid::tests::{drawn, rubble};

    fn finder(map: &hamlet_protocol::map::TownMap) -> (PathFinder, Regions) {
        let grid = Arc::new(Grid::new(map));
        let regions = Regions::new(&grid);
        (PathFinder::new(grid), regions)
    }

    #[test]
    fn ways_are_shortest_and_keep_to_walkable_tiles() {
        for seed in 0..40 {
            let map = rubble(50, 40 + seed as u32, seed, seed as u32);
            let (mut finder, regions) = finder(&map);
            let mut chance = Stream::new(seed, Purpose::Model, 0, 0);
            for _ in 0..30 {
                let mut point =
                    || Point::new(chance.below(50) as u16, chance.below(map.height) as u16);
                let (from, to) = (point(), point());
                let field = FlowField::new(&Grid::new(&map), [to]);
                let shortest = map.walkable(from).then(|| field.distance(from)).flatten();
                match finder.find(&regions, from, to, u32::MAX) {
                    Search::Found { mut steps, nodes } => {
                        assert_eq!(
                            Some(steps.len() as u32),
                            shortest,
                            "{from} → {to} seed {seed}"
                        );
                        assert!(nodes >= steps.len() as u32 && nodes <= 50 * map.height);
                        let mut at = from;
                        while let Some(facing) = steps.pop() {
                            at = step(at, facing).expect("a way stays on the map");
                            assert!(map.walkable(at));
                        }
                        assert_eq!(at, to);
                    }
                    Search::Unreachable { nodes } => assert_eq!((nodes, shortest), (0, None)),
                    Search::TooFar { .. } => panic!("there was no limit"),
                }
            }
        }
    }

    #[test]
    fn a_limit_breaks_the_search_off_and_asking_with_more_gives_the_same_way() {
        let map = rubble(60, 60, 9, 25);
        let (mut finder, regions) = finder(&map);
        let region = regions.largest();
        let mut tiles = (0..60).flat_map(|y| (0..60).map(move |x| Point::new(x, y)));
        let from = tiles
            .clone()
            .find(|&p| regions.region(p) == region)
            .expect("a tile");
        let to = tiles
            .rfind(|&p| regions.region(p) == region)
            .expect("a tile");
        let whole = finder.find(&regions, from, to, u32::MAX);
        let needed = whole.nodes();
        assert_eq!(
            finder.find(&regions, from, to, needed - 1),
            Search::TooFar { nodes: needed - 1 }
        );
        assert_eq!(finder.find(&regions, from, to, needed), whole);
    }

    #[test]
    fn in_the_open_a_search_looks_at_the_way_alone() {
        let (mut finder, regions) = finder(&rubble(200, 200, 1, 0));
        let search = finder.find(&regions, Point::new(190, 3), Point::new(5, 150), u32::MAX);
        assert_eq!(search.nodes(), 185 + 147);
    }

    #[test]
    fn there_is_no_way_into_a_wall_or_another_region_and_none_is_needed_to_where_one_is() {
        let (mut finder, regions) = finder(&drawn(&["..#..", "..#.."]));
        let mut find = |from: (u16, u16), to: (u16, u16)| {
            finder.find(
                &regions,
                Point::new(from.0, from.1),
                Point::new(to.0, to.1),
                1000,
            )
        };
        for to in [(2, 0), (3, 0), (0, 2), (4000, 4000)] {
            assert_eq!(find((0, 0), to), Search::Unreachable { nodes: 0 });
            assert_eq!(find(to, (0, 0)), Search::Unreachable { nodes: 0 });
        }
        assert_eq!(
            find((1, 1), (1, 1)),
            Search::Found {
                steps: vec![],
                nodes: 0
            }
        );
        assert_eq!(
            find((0, 0), (1, 0)),
            Search::Found {
                steps: vec![Facing::East],
                nodes: 1
            }
        );
    }

    #[test]
    fn memory_of_old_searches_does_not_leak_into_new_ones() {
        let map = rubble(30, 30, 2, 20);
        let (mut used, regions) = finder(&map);
        used.search = SEARCHES - 20;
        let mut chance = Stream::new(2, Purpose::Model, 0, 0);
        for _ in 0..60 {
            let mut point = || Point::new(chance.below(30) as u16, chance.below(30) as u16);
            let (from, to) = (point(), point());
            let mut fresh = PathFinder::new(Arc::clone(&used.grid));
            assert_eq!(
                used.find(&regions, from, to, 10_000),
                fresh.find(&regions, from, to, 10_000)
            );
        }
        assert!(used.search < 60);
    }
}
