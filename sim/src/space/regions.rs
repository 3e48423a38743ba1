//! Which tiles can be reached from which, known once the map is: an unreachable goal is refused without a search.
//!
//! A row is kept as its runs of walkable tiles, so an open field costs a few bytes per row.

use hamlet_protocol::map::Point;

use super::grid::Grid;

/// A part of the map within which every tile can be reached from every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(u32);

/// All regions of a map.
#[derive(Clone, Debug)]
pub struct Regions {
    /// By row: index of its first run; one more entry than rows.
    rows: Vec<u32>,
    runs: Vec<Run>,
    /// By region: its tiles.
    tiles: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    /// First column.
    from: u16,
    /// First column no longer in it.
    to: u16,
    region: u32,
}

impl Regions {
    /// Finds the regions of a map.
    #[must_use]
    pub fn new(grid: &Grid) -> Self {
        let mut regions = Self {
            rows: vec![0],
            runs: Vec::new(),
            tiles: Vec::new(),
        };
        // The forest of runs: each one's parent, the smallest index of a region being its root.
        let mut parents = Vec::new();
        for y in 0..grid.height() {
            regions.read_row(grid, y as u16, &mut parents);
            regions.join_last_rows(&mut parents);
        }
        regions.label(&mut parents);
        regions
    }

    /// The region of a tile; `None` when it may not be entered.
    #[must_use]
    pub fn region(&self, p: Point) -> Option<Region> {
        let y = usize::from(p.y);
        let runs = &self.runs[*self.rows.get(y)? as usize..*self.rows.get(y + 1)? as usize];
        let run = runs[..runs.partition_point(|run| run.from <= p.x)].last()?;
        (p.x < run.to).then_some(Region(run.region))
    }

    /// Whether one can walk from one tile to the other.
    #[must_use]
    pub fn same_region(&self, a: Point, b: Point) -> bool {
        self.region(a)
            .is_some_and(|region| self.region(b) == Some(region))
    }

    /// How many regions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// Whether there is not one walkable tile.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// Tiles of a region.
    #[must_use]
    pub fn tiles(&self, region: Region) -> u32 {
        self.tiles[region.0 as usize]
    }

    /// The region with the most tiles; the first of them from the top left where several have as many.
    #[must_use]
    pub fn largest(&self) -> Option<Region> {
        let largest = self.tiles.iter().max()?;
        let index = self.tiles.iter().position(|tiles| tiles == largest)?;
        Some(Region(index as u32))
    }

    fn read_row(&mut self, grid: &Grid, y: u16, parents: &mut Vec<u32>) {
        let width = grid.width();
        let mut x = next(grid, y, 0, false);
        while x < width {
            let to = next(grid, y, x, true);
            self.runs.push(Run {
                from: x as u16,
                to: to as u16,
                region: 0,
            });
            parents.push(parents.len() as u32);
            x = next(grid, y, to, false);
        }
        self.rows.push(self.runs.len() as u32);
    }

    /// Joins the runs of the last row with those they touch in the row above.
    fn join_last_rows(&self, parents: &mut [u32]) {
        let [.., above, below, end] = self.rows[..] else {
            return;
        };
        let (mut upper, mut lower) = (above as usize, below as usize);
        while upper < below as usize && lower < end as usize {
            let (a, b) = (self.runs[upper], self.runs[lower]);
            if a.from < b.to && b.from < a.to {
                let (a, b) = (root(parents, upper as u32), root(parents, lower as u32));
                parents[a.max(b) as usize] = a.min(b);
            }
            if a.to < b.to {
                upper += 1;
            } else {
                lower += 1;
            }
        }
    }

    fn label(&mut self, parents: &mut [u32]) {
        for run in 0..self.runs.len() {
            let root = root(parents, run as u32) as usize;
            let region = if root == run {
                self.tiles.len() as u32
            } else {
                self.runs[root].region
            };
            if root == run {
                self.tiles.push(0);
            }
            let run = &mut self.runs[run];
            run.region = region;
            self.tiles[region as usize] += u32::from(run.to - run.from);
        }
    }
}

/// The first column from `x` on whose tile is blocked, or is not; the width when there is none.
fn next(grid: &Grid, y: u16, mut x: u32, blocked: bool) -> u32 {
    let row = grid.tile(Point::new(0, y));
    while x < grid.width() {
        let word = grid.blocked().word(row + x / 64 * 64);
        let word = if blocked { word } else { !word } >> (x % 64);
        if word != 0 {
            return (x + word.trailing_zeros()).min(grid.width());
        }
        x = (x / 64 + 1) * 64;
    }
    grid.width()
}

fn root(parents: &mut [u32], mut run: u32) -> u32 {
    while parents[run as usize] != run {
        let parent = parents[run as usize];
        parents[run as usize] = parents[parent as usize];
        run = parent;
    }
    run
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::space::grid::tests::{drawn, rubble};
    use crate::space::grid::{FACINGS, step};

    #[test]
    fn a_wall_parts_two_regions() {
        let regions = Regions::new(&Grid::new(&drawn(&["..#..", "..#..", "..#.#"])));
        let at = Point::new;
        assert!(regions.same_region(at(0, 0), at(1, 2)));
        assert!(!regions.same_region(at(0, 0), at(3, 0)));
        assert!(
            !regions.same_region(at(2, 0), at(2, 1)),
            "walls belong to no region"
        );
        assert!(!regions.same_region(at(0, 0), at(0, 9)));
        assert_eq!(regions.len(), 2);
        let left = regions.region(at(0, 0));
        assert_eq!(regions.largest(), left);
        assert_eq!(left.map(|region| regions.tiles(region)), Some(6));
    }

    fn of(rows: &[&str]) -> Regions {
        Regions::new(&Grid::new(&drawn(rows)))
    }

    #[test]
    fn a_spiral_is_one_region() {
        let regions = of(&[
            ".......", //
            "######.", ".....#.", ".###.#.", ".#...#.", ".#####.", ".......",
        ]);
        let whole = regions.largest().expect("there is ground");
        assert_eq!((regions.len(), regions.tiles(whole)), (1, 31));
        assert_eq!(regions.region(Point::new(0, 2)), Some(whole));
        assert_eq!(regions.region(Point::new(1, 1)), None);
        assert_eq!(regions.region(Point::new(7, 0)), None);
    }

    #[test]
    fn corners_do_not_connect() {
        let regions = of(&["..#", "##.", "#.."]);
        assert_eq!(regions.len(), 2);
        assert_eq!(regions.largest(), regions.region(Point::new(2, 1)));
        assert!(!regions.same_region(Point::new(1, 0), Point::new(2, 1)));
    }

    #[test]
    fn the_first_of_equals_is_the_largest() {
        let regions = of(&["..#..", "..#.."]);
        assert_eq!(regions.largest(), regions.region(Point::new(0, 0)));
        let walls = of(&["###"]);
        assert_eq!((walls.largest(), walls.is_empty()), (None, true));
    }

    #[test]
    fn regions_are_what_a_flood_finds() {
        for seed in 0..40 {
            let map = rubble(70 + seed as u32, 30, seed, 35 + seed as u32 % 20);
            let (grid, mut flooded) = (Grid::new(&map), BTreeMap::new());
            let points =
                || (0..30).flat_map(|y| (0..map.width as u16).map(move |x| Point::new(x, y)));
            for start in points().filter(|&p| map.walkable(p)) {
                let mut open = vec![start];
                while let Some(p) = open.pop() {
                    if map.walkable(p) && !flooded.contains_key(&p) {
                        flooded.insert(p, start);
                        open.extend(FACINGS.into_iter().filter_map(|facing| step(p, facing)));
                    }
                }
            }
            let regions = Regions::new(&grid);
            let mut names = BTreeMap::new();
            for p in points() {
                let region = regions.region(p);
                assert_eq!(region.is_some(), map.walkable(p), "{p} seed {seed}");
                if let Some(region) = region {
                    assert_eq!(
                        *names.entry(region).or_insert(flooded[&p]),
                        flooded[&p],
                        "{p} seed {seed}"
                    );
                }
            }
            let floods: std::collections::BTreeSet<_> = flooded.values().collect();
            assert_eq!(floods.len(), regions.len(), "seed {seed}");
        }
    }
}
