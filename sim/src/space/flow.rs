//! Flow fields: for one goal, the good directions on every tile of the map.
//!
//! Whoever goes to a landmark asks the field one tile at a time, so ten thousand people on their way to the market cost
//! one search. A field takes half a byte per tile; a cache holds as many as its budget allows.

use std::collections::BTreeMap;
use std::mem::size_of;

use hamlet_protocol::agent::Facing;
use hamlet_protocol::map::Point;

use super::grid::{FACINGS, Grid};

/// A tile of the goal. No other tile has this mark: where all four directions are good, [`ALL_GOOD`] leaves one out.
const ARRIVED: u8 = 0b1111;
const ALL_GOOD: u8 = 0b0111;

// During a search, a tile also remembers its level (modulo three, plus one; 0: not reached) and whether it is a target.
const LEVEL_SHIFT: u32 = 4;
const LEVEL: u8 = 3 << LEVEL_SHIFT;
const TARGET: u8 = 1 << 6;

/// The ways to one goal, from everywhere.
#[derive(Clone, Debug)]
pub struct FlowField {
    width: u32,
    height: u32,
    /// Two tiles per byte, the even one in the low half: a bit per good direction, 0 where the goal is out of reach.
    ways: Vec<u8>,
}

impl FlowField {
    /// The field for a goal of one or several tiles; those that may not be entered are left out.
    #[must_use]
    pub fn new(grid: &Grid, targets: impl IntoIterator<Item = Point>) -> Self {
        Self::with_scratch(grid, targets, &mut Scratch::default())
    }

    /// The next step: the same for everybody on this tile, and such that long ways look straight.
    /// `None` on a tile of the goal, and where it is out of reach.
    #[must_use]
    pub fn next(&self, at: Point) -> Option<Facing> {
        self.choices(at).next()
    }

    /// All steps that bring one nearer, the best first: where the first is taken by others, try the second.
    pub fn choices(&self, at: Point) -> impl Iterator<Item = Facing> + use<> {
        let ways = match self.mark(at) {
            ARRIVED => 0,
            ways => ways,
        };
        // Taking turns between the axes makes a slanting way a stair, not a corner.
        let first = usize::from(at.x ^ at.y) & 1;
        (0..4)
            .map(move |n| FACINGS[(first + n) % 4])
            .filter(move |&facing| ways >> facing as u8 & 1 == 1)
    }

    /// Whether a tile belongs to the goal.
    #[must_use]
    pub fn is_goal(&self, at: Point) -> bool {
        self.mark(at) == ARRIVED
    }

    /// Whether the goal can be reached from a tile.
    #[must_use]
    pub fn reaches(&self, at: Point) -> bool {
        self.mark(at) != 0
    }

    /// Steps to the goal, found by walking there: costs as many look-ups.
    #[must_use]
    pub fn distance(&self, from: Point) -> Option<u32> {
        let (mut at, mut steps) = (from, 0);
        while let Some(facing) = self.next(at) {
            at = super::grid::step(at, facing)?;
            steps += 1;
        }
        self.is_goal(at).then_some(steps)
    }

    /// Memory of one field of this grid, in bytes.
    #[must_use]
    pub fn memory_bytes(grid: &Grid) -> usize {
        (grid.width() as usize * grid.height() as usize).div_ceil(2) + size_of::<Self>()
    }

    fn mark(&self, p: Point) -> u8 {
        let (x, y) = (u32::from(p.x), u32::from(p.y));
        if x >= self.width || y >= self.height {
            return 0;
        }
        let index = (y * self.width + x) as usize;
        self.ways[index / 2] >> (index % 2 * 4) & 0xF
    }

    /// Breadth first from the goal. A tile remembers its level modulo three, which tells a neighbour that is one step
    /// farther from one that is as far or nearer.
    fn with_scratch(
        grid: &Grid,
        targets: impl IntoIterator<Item = Point>,
        scratch: &mut Scratch,
    ) -> Self {
        let Scratch {
            marks,
            wave,
            next_wave,
        } = scratch;
        marks.clear();
        marks.resize(grid.padded_len(), 0);
        wave.clear();
        for target in targets.into_iter().filter(|&target| grid.walkable(target)) {
            let tile = grid.tile(target);
            if marks[tile as usize] == 0 {
                marks[tile as usize] = TARGET | 1 << LEVEL_SHIFT;
                wave.push(tile);
            }
        }
        let mut level = 1;
        while !wave.is_empty() {
            let next_level = level % 3 + 1;
            next_wave.clear();
            for &tile in &*wave {
                for (way, offset) in grid.offsets().into_iter().enumerate() {
                    let beside = tile.wrapping_sub(offset);
                    let mark = &mut marks[beside as usize];
                    if *mark == 0 && !grid.blocked().get(beside) {
                        *mark = next_level << LEVEL_SHIFT | 1 << way;
                        next_wave.push(beside);
                    } else if *mark & LEVEL == next_level << LEVEL_SHIFT {
                        *mark |= 1 << way;
                    }
                }
            }
            level = next_level;
            std::mem::swap(wave, next_wave);
        }
        Self::pack(grid, marks)
    }

    fn pack(grid: &Grid, marks: &[u8]) -> Self {
        let (width, height) = (grid.width(), grid.height());
        let mut ways = vec![0; (width as usize * height as usize).div_ceil(2)];
        let mut index = 0;
        for y in 0..height {
            let row = grid.tile(Point::new(0, y as u16)) as usize;
            for &mark in &marks[row..row + width as usize] {
                let ways_here = match mark & 0xF {
                    _ if mark & TARGET != 0 => ARRIVED,
                    0b1111 => ALL_GOOD,
                    some => some,
                };
                ways[index / 2] |= ways_here << (index % 2 * 4);
                index += 1;
            }
        }
        Self {
            width,
            height,
            ways,
        }
    }
}

/// Memory of a search, used again for the next.
#[derive(Clone, Debug, Default)]
struct Scratch {
    /// By tile of the padded layout: good directions in the low four bits, level and target above.
    marks: Vec<u8>,
    wave: Vec<u32>,
    next_wave: Vec<u32>,
}

/// Fields kept for the next who ask. What it forgets it makes again, so it never changes a result.
#[derive(Clone, Debug)]
pub struct FlowCache {
    fields_max: usize,
    /// By goal: when it was last asked for, and the field.
    fields: BTreeMap<u32, (u64, FlowField)>,
    /// By when: the goal. The first is the one to forget.
    uses: BTreeMap<u64, u32>,
    clock: u64,
    scratch: Scratch,
    built: u64,
}

impl FlowCache {
    /// A cache for fields of this grid within a budget of memory; it keeps one field at least.
    #[must_use]
    pub fn new(grid: &Grid, memory_max_bytes: usize) -> Self {
        Self {
            fields_max: (memory_max_bytes / FlowField::memory_bytes(grid)).max(1),
            fields: BTreeMap::new(),
            uses: BTreeMap::new(),
            clock: 0,
            scratch: Scratch::default(),
            built: 0,
        }
    }

    /// The field for a goal, known by a number such as its landmark's; `targets` are its tiles, asked for only if needed
    /// and always the same for one number.
    pub fn field<T: IntoIterator<Item = Point>>(
        &mut self,
        grid: &Grid,
        goal: u32,
        targets: impl FnOnce() -> T,
    ) -> &FlowField {
        self.clock += 1;
        if let Some((used, _)) = self.fields.get_mut(&goal) {
            self.uses.remove(&std::mem::replace(used, self.clock));
        } else {
            self.make_room();
            self.built += 1;
            let field = FlowField::with_scratch(grid, targets(), &mut self.scratch);
            self.fields.insert(goal, (self.clock, field));
        }
        self.uses.insert(self.clock, goal);
        &self.fields[&goal].1
    }

    /// Fields held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether no field is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Memory that the fields held take, in bytes.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        let bytes = |(_, field): &(u64, FlowField)| field.ways.len() + size_of::<FlowField>();
        self.fields.values().map(bytes).sum()
    }

    /// Fields it holds at most.
    #[must_use]
    pub fn fields_max(&self) -> usize {
        self.fields_max
    }

    /// Fields made so far; many more than goals means that the budget is too small.
    #[must_use]
    pub fn built(&self) -> u64 {
        self.built
    }

    fn make_room(&mut self) {
        while self.fields.len() >= self.fields_max {
            let Some((_, goal)) = self.uses.pop_first() else {
                return;
            };
            self.fields.remove(&goal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::grid::step;
    use crate::space::grid::tests::{drawn, rubble};

    /// Distances by a plain flood, by row-major index.
    pub(crate) fn distances(grid: &Grid, targets: &[Point]) -> Vec<Option<u32>> {
        let width = grid.width() as usize;
        let index = |p: Point| usize::from(p.y) * width + usize::from(p.x);
        let mut far = vec![None; width * grid.height() as usize];
        let mut wave: std::collections::VecDeque<_> = targets.iter().map(|&p| (p, 0)).collect();
        while let Some((p, steps)) = wave.pop_front() {
            if grid.walkable(p) && far[index(p)].is_none() {
                far[index(p)] = Some(steps);
                wave.extend(
                    FACINGS
                        .into_iter()
                        .filter_map(|way| Some((step(p, way)?, steps + 1))),
                );
            }
        }
        far
    }

    fn tiles(grid: &Grid) -> impl Iterator<Item = Point> + use<> {
        let (width, height) = (grid.width() as u16, grid.height() as u16);
        (0..height).flat_map(move |y| (0..width).map(move |x| Point::new(x, y)))
    }

    #[test]
    fn every_choice_is_a_step_nearer_and_none_is_missing() {
        for seed in 0..30 {
            let grid = Grid::new(&rubble(40 + seed as u32, 33, seed, 10 + seed as u32));
            let free: Vec<_> = tiles(&grid).filter(|&p| grid.walkable(p)).collect();
            let targets = [free[7], free[free.len() / 2], Point::new(900, 2)];
            let field = FlowField::new(&grid, targets);
            let far = distances(&grid, &targets);
            let far = |p: Point| {
                grid.contains(p)
                    .then(|| far[usize::from(p.y) * grid.width() as usize + usize::from(p.x)])
            };
            for p in tiles(&grid) {
                let here = far(p).flatten();
                assert_eq!(field.reaches(p), here.is_some(), "{p} seed {seed}");
                assert_eq!(field.is_goal(p), here == Some(0));
                assert_eq!(field.distance(p), here);
                let nearer = |way: Facing| {
                    step(p, way)
                        .and_then(far)
                        .flatten()
                        .is_some_and(|there| Some(there + 1) == here)
                };
                let good = FACINGS.into_iter().filter(|&way| nearer(way)).count();
                assert!(field.choices(p).all(nearer));
                assert_eq!(field.choices(p).count(), good.min(3), "{p} seed {seed}");
                assert_eq!(field.next(p), field.choices(p).next());
            }
        }
    }

    #[test]
    fn a_tile_between_four_goals_is_no_goal() {
        let grid = Grid::new(&drawn(&["...", "...", "..."]));
        let goals = [(1, 0), (0, 1), (2, 1), (1, 2)].map(|(x, y)| Point::new(x, y));
        let field = FlowField::new(&grid, goals);
        let middle = Point::new(1, 1);
        assert!(!field.is_goal(middle) && field.reaches(middle));
        assert_eq!(field.choices(middle).count(), 3);
        assert!(field.next(goals[0]).is_none() && field.is_goal(goals[0]));
        assert_eq!(field.next(Point::new(7, 7)), None);
    }

    #[test]
    fn a_cache_forgets_the_field_unused_for_longest_and_gives_the_same_answers() {
        let grid = Grid::new(&rubble(30, 30, 4, 20));
        let mut cache = FlowCache::new(&grid, 2 * FlowField::memory_bytes(&grid) + 1);
        let target = |goal: u32| {
            vec![
                Point::new(goal as u16 % 30, goal as u16 / 7),
                Point::new(3, 3),
            ]
        };
        for n in 0..500_u32 {
            let goal = n * n % 11 % 4;
            let cached = cache.field(&grid, goal, || target(goal)).clone();
            assert_eq!(cached.ways, FlowField::new(&grid, target(goal)).ways);
            assert!(cache.len() <= 2 && cache.fields_max() == 2);
        }
        for goal in [1, 2, 1] {
            cache.field(&grid, goal, || target(goal));
        }
        let built = cache.built();
        cache.field(&grid, 3, || target(3));
        cache.field(&grid, 1, || target(1));
        assert_eq!(
            cache.built(),
            built + 1,
            "1 was used after 2, so 2 made room"
        );
    }
}
