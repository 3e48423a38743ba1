//! Which tiles can be reached from which.

use hamlet_protocol::map::{Bitmap, Point};

/// The connected walkable parts of a map; steps go along the axes.
#[derive(Clone, Debug)]
pub struct Regions {
    width: u32,
    height: u32,
    /// Region of each tile plus one, 0 when blocked.
    labels: Vec<u32>,
    sizes: Vec<u32>,
    main: Option<u32>,
}

impl Regions {
    /// Number of regions. They are numbered in the order of their first tiles, row by row.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// The region of a tile; `None` when it is blocked or off the map.
    #[must_use]
    pub fn of(&self, p: Point) -> Option<u32> {
        let (x, y) = (u32::from(p.x), u32::from(p.y));
        if x >= self.width || y >= self.height {
            return None;
        }
        self.labels[(y * self.width + x) as usize].checked_sub(1)
    }

    /// Tiles of a region; 0 when there is no such region.
    #[must_use]
    pub fn size(&self, region: u32) -> u32 {
        self.sizes.get(region as usize).copied().unwrap_or(0)
    }

    /// The region that is the town: the largest one, the first of those if several are.
    /// On a loaded map it can be a smaller one that has the landmarks, when the largest is the empty land round a fenced town.
    /// `None` when all is blocked.
    #[must_use]
    pub fn main(&self) -> Option<u32> {
        self.main
    }

    /// Whether a tile belongs to the town ([`Self::main`]).
    #[must_use]
    pub fn in_main(&self, p: Point) -> bool {
        self.main.is_some() && self.of(p) == self.main
    }

    /// Makes another region the town.
    pub(super) fn set_main(&mut self, region: u32) {
        self.main = Some(region);
    }

    /// Columns of the map.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows of the map.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }
}

/// Finds the connected walkable parts of a map of `width` × `height` tiles.
/// Time and memory grow with the number of tiles: runs of walkable tiles are joined to those they touch in the row above.
#[must_use]
pub fn connected_regions(width: u32, height: u32, blocked: &Bitmap) -> Regions {
    let runs = runs(width, height, blocked);
    let mut parents: Vec<u32> = (0..runs.len() as u32).collect();
    join_rows(&runs, &mut parents);

    let mut regions = Regions {
        width,
        height,
        labels: vec![0; width as usize * height as usize],
        sizes: Vec::new(),
        main: None,
    };
    let mut label_of_root = vec![0; runs.len()];
    for (index, run) in runs.iter().enumerate() {
        let root = root(&mut parents, index as u32) as usize;
        if label_of_root[root] == 0 {
            regions.sizes.push(0);
            label_of_root[root] = regions.sizes.len() as u32;
        }
        let label = label_of_root[root];
        regions.sizes[label as usize - 1] += run.end - run.start;
        let row = run.row as usize * width as usize;
        regions.labels[row + run.start as usize..row + run.end as usize].fill(label);
    }
    let largest = regions.sizes.iter().max().copied();
    regions.main = regions
        .sizes
        .iter()
        .position(|&size| Some(size) == largest)
        .map(|index| index as u32);
    regions
}

/// Walkable tiles beside each other in one row.
struct Run {
    row: u32,
    start: u32,
    end: u32,
}

fn runs(width: u32, height: u32, blocked: &Bitmap) -> Vec<Run> {
    let mut runs = Vec::new();
    for row in 0..height {
        let first = row as usize * width as usize;
        let mut start = None;
        for column in 0..width {
            match (start, blocked.get(first + column as usize)) {
                (None, false) => start = Some(column),
                (Some(from), true) => {
                    runs.push(Run {
                        row,
                        start: from,
                        end: column,
                    });
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(from) = start {
            runs.push(Run {
                row,
                start: from,
                end: width,
            });
        }
    }
    runs
}

fn join_rows(runs: &[Run], parents: &mut [u32]) {
    let mut above = 0;
    for (index, run) in runs.iter().enumerate() {
        while runs[above].row + 1 < run.row
            || (runs[above].row + 1 == run.row && runs[above].end <= run.start)
        {
            above += 1;
        }
        let mut touching = above;
        while runs[touching].row + 1 == run.row && runs[touching].start < run.end {
            let (one, other) = (root(parents, index as u32), root(parents, touching as u32));
            parents[one.max(other) as usize] = one.min(other);
            touching += 1;
        }
    }
}

fn root(parents: &mut [u32], mut run: u32) -> u32 {
    while parents[run as usize] != run {
        parents[run as usize] = parents[parents[run as usize] as usize];
        run = parents[run as usize];
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&str]) -> Regions {
        let width = rows[0].len();
        let mut blocked = Bitmap::new(width * rows.len());
        for (i, tile) in rows.iter().flat_map(|row| row.bytes()).enumerate() {
            blocked.set(i, tile == b'#');
        }
        connected_regions(width as u32, rows.len() as u32, &blocked)
    }

    #[test]
    fn a_spiral_is_one_region() {
        let regions = of(&[
            ".......", //
            "######.", ".....#.", ".###.#.", ".#...#.", ".#####.", ".......",
        ]);
        assert_eq!((regions.count(), regions.size(0)), (1, 31));
        assert_eq!(regions.of(Point::new(1, 1)), None);
        assert_eq!(regions.of(Point::new(7, 0)), None);
    }

    #[test]
    fn corners_do_not_connect() {
        let regions = of(&["..#", "##.", "#.."]);
        assert_eq!(regions.count(), 2);
        assert_eq!(regions.main(), Some(1));
        assert!(regions.in_main(Point::new(2, 1)) && !regions.in_main(Point::new(0, 0)));
    }

    #[test]
    fn the_first_of_equals_is_the_main_one() {
        let regions = of(&["..#..", "..#.."]);
        assert_eq!((regions.count(), regions.main()), (2, Some(0)));
        assert_eq!(of(&["###"]).main(), None);
        assert!(!of(&["###"]).in_main(Point::new(0, 0)));
    }

    /// Against a flood fill, on fields of chance.
    #[test]
    fn agrees_with_flood_fill() {
        use crate::rng::{Purpose, Stream};
        for seed in 0..60 {
            let (width, height) = (1 + seed as u32 % 17, 1 + seed as u32 % 11);
            let mut chance = Stream::new(seed, Purpose::Map, 0, 0);
            let mut blocked = Bitmap::new((width * height) as usize);
            (0..(width * height) as usize).for_each(|tile| blocked.set(tile, chance.chance(4000)));
            let regions = connected_regions(width, height, &blocked);
            let tiles = || {
                (0..height)
                    .flat_map(move |y| (0..width).map(move |x| Point::new(x as u16, y as u16)))
            };
            let mut seen = std::collections::BTreeSet::new();
            let mut count = 0;
            for start in tiles().filter(|p| regions.of(*p).is_some()) {
                if !seen.insert(start) {
                    continue;
                }
                let (mut stack, mut size) = (vec![start], 0);
                while let Some(p) = stack.pop() {
                    size += 1;
                    assert_eq!(regions.of(p), Some(count), "seed {seed} at {p}");
                    for (dx, dy) in [(0, 1), (1, 0), (0, -1), (-1, 0)] {
                        let next =
                            Point::new(p.x.wrapping_add_signed(dx), p.y.wrapping_add_signed(dy));
                        if regions.of(next).is_some() && seen.insert(next) {
                            stack.push(next);
                        }
                    }
                }
                assert_eq!(regions.size(count), size);
                count += 1;
            }
            assert_eq!(regions.count() as u32, count);
            let walkable = tiles()
                .filter(|p| !blocked.get((u32::from(p.y) * width + u32::from(p.x)) as usize));
            assert_eq!(walkable.count(), seen.len());
        }
    }
}
