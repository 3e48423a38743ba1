//! Cells over a plane, and which stretches of its storage a look round has to read.

use std::ops::Range;

use crate::model::shape::Edge;

/// The rectangle agents live in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) edge: Edge,
}

impl Extent {
    /// The same point inside: wrapped or, beyond a bounded edge, moved back to it.
    #[inline]
    pub(super) fn inside(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self.edge {
            Edge::Bounded => [x.clamp(0.0, self.width), y.clamp(0.0, self.height)],
            Edge::Wrapped => [wrapped(x, self.width), wrapped(y, self.height)],
        }
    }

    /// The shortest way along one side, between two points at most one and a half sides apart.
    #[inline]
    pub(super) fn shortest(self, d: f64, side: f64) -> f64 {
        match self.edge {
            Edge::Wrapped if d > side / 2.0 => d - side,
            Edge::Wrapped if d < -side / 2.0 => d + side,
            Edge::Bounded | Edge::Wrapped => d,
        }
    }
}

fn wrapped(at: f64, side: f64) -> f64 {
    if (0.0..side).contains(&at) {
        return at;
    }
    let inside = at - side * (at / side).floor();
    if inside < side { inside } else { 0.0 }
}

/// Which storage slots belong to which cell, row by row of cells, after the last sorting.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    columns: i32,
    rows: i32,
    columns_per_unit: f64,
    rows_per_unit: f64,
    /// First slot of each cell, and the end of the last.
    starts: Vec<u32>,
}

/// A stretch of storage to be read, and what to add to positions in it to have them near the one who looks.
pub(super) struct Stretch {
    pub(super) slots: Range<usize>,
    pub(super) shift: [f64; 2],
}

impl Index {
    /// Divides the extent into cells of about `side`, not many more than there are agents.
    pub(super) fn divide(&mut self, extent: Extent, side: f64, agents: usize) {
        let most = ((agents * 4 + 16) as f64).sqrt();
        let along = |length: f64| (length / side).clamp(1.0, most).floor();
        let (columns, rows) = (along(extent.width), along(extent.height));
        self.columns = columns as i32;
        self.rows = rows as i32;
        self.columns_per_unit = columns / extent.width;
        self.rows_per_unit = rows / extent.height;
    }

    /// Number of the cell of a point inside.
    #[inline]
    pub(super) fn cell(&self, [x, y]: [f64; 2]) -> u32 {
        let column = ((x * self.columns_per_unit) as i32).min(self.columns - 1);
        let row = ((y * self.rows_per_unit) as i32).min(self.rows - 1);
        (row * self.columns + column) as u32
    }

    /// Notes how many agents each cell has and turns their cells' numbers into the slots they get (a counting sort).
    pub(super) fn count(&mut self, cells: &mut [u32]) {
        let number = (self.columns * self.rows) as usize;
        self.starts.clear();
        self.starts.resize(number + 1, 0);
        for &cell in cells.iter() {
            self.starts[cell as usize] += 1;
        }
        let mut end = 0;
        for start in &mut self.starts {
            end += *start;
            *start = end;
        }
        for slot in cells.iter_mut().rev() {
            let start = &mut self.starts[*slot as usize];
            *start -= 1;
            *slot = *start;
        }
    }

    /// The stretches of storage that hold everybody within a box round a point.
    /// `None` when the box is so large that everybody has to be looked at.
    #[inline]
    pub(super) fn stretches(
        &self,
        extent: Extent,
        [x, y]: [f64; 2],
        reach: f64,
    ) -> Option<Stretches<'_>> {
        let across = |at: f64| floor(at * self.columns_per_unit);
        let down = |at: f64| floor(at * self.rows_per_unit);
        let (mut left, mut right, mut top, mut bottom);
        if reach * self.columns_per_unit <= 1.0 && reach * self.rows_per_unit <= 1.0 {
            // Always three by three: a little more to read, but a processor guesses right how much.
            let (column, row) = (across(x), down(y));
            (left, right, top, bottom) = (column - 1, column + 1, row - 1, row + 1);
        } else {
            (left, right) = (across(x - reach), across(x + reach));
            (top, bottom) = (down(y - reach), down(y + reach));
        }
        match extent.edge {
            Edge::Bounded => {
                (left, right) = (left.max(0), right.min(self.columns - 1));
                (top, bottom) = (top.max(0), bottom.min(self.rows - 1));
            }
            Edge::Wrapped if right - left >= self.columns || bottom - top >= self.rows => {
                return None;
            }
            Edge::Wrapped => {}
        }
        Some(Stretches {
            index: self,
            extent,
            left,
            right,
            column: left,
            row: top,
            bottom,
        })
    }
}

/// Walks over the columns `left..=right` of the rows up to `bottom`; those outside lie one world away.
pub(super) struct Stretches<'a> {
    index: &'a Index,
    extent: Extent,
    left: i32,
    right: i32,
    column: i32,
    row: i32,
    bottom: i32,
}

impl Iterator for Stretches<'_> {
    type Item = Stretch;

    #[inline]
    fn next(&mut self) -> Option<Stretch> {
        if self.row > self.bottom {
            return None;
        }
        let &Index {
            columns,
            rows,
            ref starts,
            ..
        } = self.index;
        let (row, shift_y) = turned(self.row, rows, self.extent.height);
        let (column, shift_x) = turned(self.column, columns, self.extent.width);
        let last = (column + self.right - self.column).min(columns - 1);
        let start = starts[(row * columns + column) as usize] as usize;
        let end = starts[(row * columns + last + 1) as usize] as usize;
        self.column += last + 1 - column;
        if self.column > self.right {
            self.column = self.left;
            self.row += 1;
        }
        Some(Stretch {
            slots: start..end,
            shift: [shift_x, shift_y],
        })
    }
}

/// A column or row that may lie one world away, brought inside, and how far that was.
#[inline]
fn turned(at: i32, number: i32, side: f64) -> (i32, f64) {
    if at < 0 {
        (at + number, -side)
    } else if at >= number {
        (at - number, side)
    } else {
        (at, 0.0)
    }
}

/// `floor` without the library call that it is on processors of 2003.
#[inline]
fn floor(x: f64) -> i32 {
    let whole = x as i32;
    whole - i32::from(x < f64::from(whole))
}
