//! Fields: grids with one value per cell.

use std::ops::{Index, IndexMut};

use super::digest::{Digest, Digested};
use super::shape::{Cell, Edge, Shape};

/// A field: a value in every cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Lattice<T> {
    shape: Shape,
    values: Vec<T>,
}

impl<T> Lattice<T> {
    /// A field whose values are made cell by cell, row by row.
    pub fn new(shape: Shape, value: impl FnMut(Cell) -> T) -> Self {
        Self {
            shape,
            values: shape.cells().map(value).collect(),
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// All values, row by row.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// All values, to be changed.
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// How many of the cells around one (see [`Shape::around`]) have a value that is wanted.
    #[inline]
    pub fn count(&self, around: Cell, radius: u16, mut wanted: impl FnMut(&T) -> bool) -> u32 {
        let itself = u32::from(wanted(&self[around]));
        let inside = self.shape.is_inside(around, radius);
        let all = match radius {
            1 if inside => self.count_square::<3>(around, wanted),
            2 if inside => self.count_square::<5>(around, wanted),
            3 if inside => self.count_square::<7>(around, wanted),
            _ => {
                let mut all = 0;
                self.each_row(around, radius, |row| {
                    all += row.iter().filter(|value| wanted(value)).count() as u32;
                });
                all
            }
        };
        all - itself
    }

    /// The values up to `radius` columns and rows away, the cell's own among them, as pieces of rows.
    pub fn each_row(&self, around: Cell, radius: u16, mut take: impl FnMut(&[T])) {
        let (width, height) = (
            i32::from(self.shape.width()),
            i32::from(self.shape.height()),
        );
        let (left, right) = self.shape.span(radius, self.shape.width());
        let (up, down) = self.shape.span(radius, self.shape.height());
        let columns = pieces(
            i32::from(around.x()) - left,
            i32::from(around.x()) + right,
            width,
            self.shape.edge(),
        );
        let rows = pieces(
            i32::from(around.y()) - up,
            i32::from(around.y()) + down,
            height,
            self.shape.edge(),
        );
        for (first, last) in rows {
            for y in first..=last {
                for (from, to) in columns {
                    if from <= to {
                        let row = (y * width) as usize;
                        take(&self.values[row + from as usize..=row + to as usize]);
                    }
                }
            }
        }
    }

    /// Every cell changes at once: each next value is made from all the present ones.
    pub fn simultaneously(&mut self, mut next: impl FnMut(&Self, Cell) -> T) {
        self.values = self.shape.cells().map(|cell| next(self, cell)).collect();
    }

    /// Counts in a square that lies inside; its side is known to the compiler, so that nothing loops.
    #[inline]
    fn count_square<const SIDE: usize>(
        &self,
        around: Cell,
        mut wanted: impl FnMut(&T) -> bool,
    ) -> u32 {
        let width = usize::from(self.shape.width());
        let first = self.shape.index(around) - SIDE / 2 * (width + 1);
        let square = &self.values[first..first + (SIDE - 1) * width + SIDE];
        (0..SIDE)
            .map(|row| {
                square[row * width..][..SIDE]
                    .iter()
                    .map(|value| u32::from(wanted(value)))
                    .sum::<u32>()
            })
            .sum()
    }
}

impl<T> Index<Cell> for Lattice<T> {
    type Output = T;

    #[inline]
    fn index(&self, cell: Cell) -> &T {
        &self.values[self.shape.index(cell)]
    }
}

impl<T> IndexMut<Cell> for Lattice<T> {
    #[inline]
    fn index_mut(&mut self, cell: Cell) -> &mut T {
        &mut self.values[self.shape.index(cell)]
    }
}

impl<T: Digested> Digested for Lattice<T> {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.shape.width());
        into.add(&self.values);
    }
}

/// The inclusive range `first..=last` of a side, as up to two ranges that lie inside; an empty one has its ends swapped.
fn pieces(first: i32, last: i32, side: i32, edge: Edge) -> [(i32, i32); 2] {
    const EMPTY: (i32, i32) = (1, 0);
    let inside = (first.max(0), last.min(side - 1));
    match edge {
        Edge::Wrapped if first < 0 => [inside, (first + side, side - 1)],
        Edge::Wrapped if last >= side => [inside, (0, last - side)],
        _ => [inside, EMPTY],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Edge;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn count_agrees_with_around_everywhere() {
        for edge in [Edge::Bounded, Edge::Wrapped] {
            let shape = Shape::new(9, 11, edge);
            let mut rng = Stream::new(1, Purpose::Model, 0, 0);
            let field = Lattice::new(shape, |_| rng.happens(0.4));
            for cell in shape.cells() {
                for radius in 0..7 {
                    let slow = shape
                        .around(cell, radius)
                        .filter(|&near| field[near])
                        .count() as u32;
                    assert_eq!(
                        field.count(cell, radius, |&value| value),
                        slow,
                        "{cell:?} {radius} {edge:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn cells_may_change_all_at_once() {
        let shape = Shape::new(4, 1, Edge::Wrapped);
        let mut row = Lattice::new(shape, Cell::x);
        row.simultaneously(|old, cell| shape.offset(cell, 1, 0).map_or(0, |next| old[next]));
        assert_eq!(row.values(), [1, 2, 3, 0]);
    }
}
