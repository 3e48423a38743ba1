//! Shapes of grids, their cells, and what is round them.

use super::digest::{Digest, Digested};
use crate::rng::Stream;

/// What is beyond the edge of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Nothing.
    Bounded,
    /// The opposite edge.
    Wrapped,
}

/// A cell of a grid. Made by its [`Shape`] only, so that it lies inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    x: u16,
    y: u16,
}

impl Cell {
    /// Column, from 0.
    #[must_use]
    pub fn x(self) -> u16 {
        self.x
    }

    /// Row, from 0.
    #[must_use]
    pub fn y(self) -> u16 {
        self.y
    }

    /// Both in one word, for storages of words.
    pub(super) fn packed(self) -> u32 {
        u32::from(self.x) | u32::from(self.y) << 16
    }

    pub(super) fn unpacked(word: u32) -> Self {
        Self {
            x: word as u16,
            y: (word >> 16) as u16,
        }
    }
}

/// Size and edge of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    width: u16,
    height: u16,
    edge: Edge,
}

/// The eight steps to adjacent cells.
const MOORE: [(i32, i32); 8] = [
    (-1, -1),
    (0, -1),
    (1, -1),
    (-1, 0),
    (1, 0),
    (-1, 1),
    (0, 1),
    (1, 1),
];

impl Shape {
    /// A grid of this many columns and rows.
    ///
    /// # Panics
    /// When either is 0.
    #[must_use]
    pub fn new(width: u16, height: u16, edge: Edge) -> Self {
        assert!(
            width > 0 && height > 0,
            "a grid needs at least one column and one row, not {width}×{height}"
        );
        Self {
            width,
            height,
            edge,
        }
    }

    /// Columns.
    #[must_use]
    pub fn width(self) -> u16 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(self) -> u16 {
        self.height
    }

    /// What is beyond the last of them.
    #[must_use]
    pub fn edge(self) -> Edge {
        self.edge
    }

    /// Cells.
    #[must_use]
    pub fn area(self) -> usize {
        usize::from(self.width) * usize::from(self.height)
    }

    /// The cell in this column and row.
    ///
    /// # Panics
    /// When it lies outside.
    #[must_use]
    pub fn cell(self, x: u16, y: u16) -> Cell {
        assert!(
            x < self.width && y < self.height,
            "({x}, {y}) lies outside {}×{}",
            self.width,
            self.height
        );
        Cell { x, y }
    }

    /// All cells, row by row.
    pub fn cells(self) -> impl Iterator<Item = Cell> {
        (0..self.height).flat_map(move |y| (0..self.width).map(move |x| Cell { x, y }))
    }

    /// Any cell.
    pub fn random_cell(self, rng: &mut Stream) -> Cell {
        let at = rng.below(self.area() as u32);
        Cell {
            x: (at % u32::from(self.width)) as u16,
            y: (at / u32::from(self.width)) as u16,
        }
    }

    /// The cell so many columns and rows away; `None` beyond a bounded edge.
    #[must_use]
    #[inline]
    pub fn offset(self, from: Cell, dx: i32, dy: i32) -> Option<Cell> {
        let (x, y) = (i32::from(from.x) + dx, i32::from(from.y) + dy);
        let (width, height) = (i32::from(self.width), i32::from(self.height));
        if (0..width).contains(&x) && (0..height).contains(&y) {
            return Some(Cell {
                x: x as u16,
                y: y as u16,
            });
        }
        match self.edge {
            Edge::Bounded => None,
            Edge::Wrapped => Some(Cell {
                x: x.rem_euclid(width) as u16,
                y: y.rem_euclid(height) as u16,
            }),
        }
    }

    /// One of the up to eight adjacent cells, each as likely as the others.
    #[inline]
    pub fn random_neighbour(self, of: Cell, rng: &mut Stream) -> Cell {
        if self.area() == 1 {
            return of;
        }
        loop {
            let (dx, dy) = MOORE[rng.below(8) as usize];
            if let Some(cell) = self.offset(of, dx, dy) {
                return cell;
            }
        }
    }

    /// The cells up to `radius` columns and rows away, diagonals included, without the cell itself (Moore).
    pub fn around(self, of: Cell, radius: u16) -> impl Iterator<Item = Cell> {
        let (left, right) = self.span(radius, self.width);
        let (up, down) = self.span(radius, self.height);
        (-up..=down)
            .flat_map(move |dy| (-left..=right).map(move |dx| (dx, dy)))
            .filter(|&offset| offset != (0, 0))
            .filter_map(move |(dx, dy)| self.offset(of, dx, dy))
    }

    /// The cells up to `radius` steps away when steps go along rows and columns, without the cell itself (von Neumann).
    pub fn around_by_steps(self, of: Cell, radius: u16) -> impl Iterator<Item = Cell> {
        let (left, right) = self.span(radius, self.width);
        let (up, down) = self.span(radius, self.height);
        let steps = i32::from(radius);
        (-up..=down)
            .flat_map(move |dy| {
                let rest = steps - dy.abs();
                (-left.min(rest)..=right.min(rest)).map(move |dx| (dx, dy))
            })
            .filter(|&offset| offset != (0, 0))
            .filter_map(move |(dx, dy)| self.offset(of, dx, dy))
    }

    /// Place of a cell in storage, row by row.
    #[inline]
    pub(super) fn index(self, cell: Cell) -> usize {
        debug_assert!(
            cell.x < self.width && cell.y < self.height,
            "{cell:?} belongs to another grid"
        );
        usize::from(cell.y) * usize::from(self.width) + usize::from(cell.x)
    }

    /// How far one may look each way without meeting a cell twice.
    pub(super) fn span(self, radius: u16, side: u16) -> (i32, i32) {
        let radius = i32::from(radius);
        match self.edge {
            Edge::Bounded => (radius, radius),
            Edge::Wrapped => (
                radius.min((i32::from(side) - 1) / 2),
                radius.min(i32::from(side) / 2),
            ),
        }
    }

    /// Whether all cells around this one are there and nothing wraps.
    #[inline]
    pub(super) fn is_inside(self, cell: Cell, radius: u16) -> bool {
        let clear = |at: u16, side: u16| {
            at >= radius && u32::from(at) + u32::from(radius) < u32::from(side)
        };
        clear(cell.x, self.width) & clear(cell.y, self.height)
    }
}

impl Digested for Cell {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.packed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn sorted(cells: impl Iterator<Item = Cell>) -> Vec<(u16, u16)> {
        let mut cells: Vec<_> = cells.map(|cell| (cell.x, cell.y)).collect();
        cells.sort_unstable();
        cells
    }

    #[test]
    fn a_corner_has_three_neighbours_or_eight() {
        let bounded = Shape::new(5, 4, Edge::Bounded);
        assert_eq!(
            sorted(bounded.around(bounded.cell(0, 0), 1)),
            [(0, 1), (1, 0), (1, 1)]
        );
        let wrapped = Shape::new(5, 4, Edge::Wrapped);
        assert_eq!(
            sorted(wrapped.around(wrapped.cell(0, 0), 1)),
            [
                (0, 1),
                (0, 3),
                (1, 0),
                (1, 1),
                (1, 3),
                (4, 0),
                (4, 1),
                (4, 3)
            ]
        );
        assert_eq!(
            sorted(wrapped.around_by_steps(wrapped.cell(0, 0), 1)),
            [(0, 1), (0, 3), (1, 0), (4, 0)]
        );
        assert_eq!(
            bounded.around_by_steps(bounded.cell(2, 2), 2).count(),
            11,
            "one of twelve lies below the edge"
        );
    }

    #[test]
    fn a_wide_look_round_a_small_world_meets_every_cell_once() {
        for (width, height) in [(1, 1), (2, 3), (4, 4), (5, 2)] {
            let shape = Shape::new(width, height, Edge::Wrapped);
            for cell in shape.cells() {
                let met = sorted(shape.around(cell, 9));
                let mut once = met.clone();
                once.dedup();
                assert_eq!(met, once);
                assert_eq!(met.len(), shape.area() - 1);
            }
        }
    }

    #[test]
    fn random_neighbours_are_neighbours_and_all_of_them() {
        for edge in [Edge::Bounded, Edge::Wrapped] {
            let shape = Shape::new(6, 6, edge);
            let mut rng = Stream::new(1, Purpose::Model, 0, 0);
            for cell in [shape.cell(0, 0), shape.cell(5, 2), shape.cell(3, 3)] {
                let mut seen: Vec<_> = (0..400)
                    .map(|_| shape.random_neighbour(cell, &mut rng))
                    .collect();
                seen.sort_unstable();
                seen.dedup();
                assert_eq!(sorted(seen.into_iter()), sorted(shape.around(cell, 1)));
            }
        }
    }
}
