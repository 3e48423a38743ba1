//! The order of the store: by chunks of 32×4 tiles, row of chunks by row of chunks.
//! It is put right every few ticks, for the caches' sake alone.

use std::ops::Range;

use super::body::{Body, State};
use super::{GONE, Space};

/// Columns of a chunk, as a power of two.
const CHUNK_COLUMNS_SHIFT: u32 = 5;
/// Rows of a chunk, as a power of two. Wide and low measured best: a pass then runs along a few rows of the map, and
/// the machine foresees what it reads.
const CHUNK_ROWS_SHIFT: u32 = 2;
/// Ticks from one sorting to the next.
const SORT_EVERY: u32 = 8;
/// Worlds with fewer bodies are never sorted and never leave the calling thread: they fit the caches, and waking
/// another thread costs as much as their tick.
const CROWD_MIN: usize = 16_384;
/// Spans per thread, so that a thread that was held up leaves work for the others.
const SPANS_PER_THREAD: usize = 4;

/// A part of a tick's work: neighbouring bodies, and the rows of the padded layout most of them stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) bodies: Range<usize>,
    pub(super) rows: Range<u32>,
}

#[derive(Debug)]
pub(super) struct Order {
    pub(super) crowd_min: usize,
    pub(super) sort_every: u32,
    /// Ticks since the last sorting.
    age: u32,
    /// Threads the spans were cut for; 0 before the first sorting.
    threads: usize,
    /// First body of each chunk row, then the number of bodies, as of the last sorting.
    row_starts: Vec<u32>,
    starts: Vec<u32>,
    scratch: Vec<Body>,
    /// Cuts between spans, in chunk rows.
    cuts: Vec<u32>,
}

impl Default for Order {
    fn default() -> Self {
        Self {
            crowd_min: CROWD_MIN,
            sort_every: SORT_EVERY,
            age: 0,
            threads: 0,
            row_starts: Vec::new(),
            starts: Vec::new(),
            scratch: Vec::new(),
            cuts: Vec::new(),
        }
    }
}

impl Order {
    pub(super) fn memory_bytes(&self) -> usize {
        (self.row_starts.capacity() + self.starts.capacity() + self.cuts.capacity())
            * size_of::<u32>()
            + self.scratch.capacity() * size_of::<Body>()
    }
}

impl Space {
    /// Sorts the store when it is large and has aged.
    pub(super) fn keep_order(&mut self) {
        if !self.is_crowd() {
            return;
        }
        self.order.age += 1;
        let threads = self.crew.threads();
        if self.order.threads == 0 || self.order.age >= self.order.sort_every {
            self.sort();
            self.order.age = 0;
            self.order.threads = 0;
        }
        if self.order.threads != threads {
            self.cut(threads);
        }
    }

    /// Whether there are so many bodies that order and threads pay.
    pub(super) fn is_crowd(&self) -> bool {
        self.bodies.len() >= self.order.crowd_min
    }

    /// The parts of a tick's work: together all bodies and all rows.
    pub(super) fn spans(&self) -> Vec<Span> {
        let order = &self.order;
        let bodies = self.bodies.len();
        let mut spans = Vec::with_capacity(order.cuts.len() + 1);
        let mut from = (0, 0);
        for &cut in &order.cuts {
            // Bodies may have left since the last sorting.
            let to = (
                (order.row_starts[cut as usize] as usize).min(bodies),
                cut << CHUNK_ROWS_SHIFT,
            );
            spans.push(Span {
                bodies: from.0..to.0,
                rows: from.1..to.1,
            });
            from = to;
        }
        spans.push(Span {
            bodies: from.0..bodies,
            rows: from.1..self.grid.padded_rows(),
        });
        spans
    }

    /// A counting sort by chunk, row of chunks by row of chunks.
    fn sort(&mut self) {
        let stride = self.grid.stride();
        let chunks_per_row = stride >> CHUNK_COLUMNS_SHIFT;
        let chunk_rows = self.grid.padded_rows().div_ceil(1 << CHUNK_ROWS_SHIFT);
        let chunk = |tile: u32| {
            let row = tile / stride;
            ((row >> CHUNK_ROWS_SHIFT) * chunks_per_row
                + ((tile - row * stride) >> CHUNK_COLUMNS_SHIFT)) as usize
        };
        let Order {
            starts,
            scratch,
            row_starts,
            ..
        } = &mut self.order;
        starts.clear();
        starts.resize((chunks_per_row * chunk_rows) as usize, 0);
        for body in &self.bodies {
            starts[chunk(body.tile)] += 1;
        }
        let mut sum = 0;
        for start in starts.iter_mut() {
            sum += std::mem::replace(start, sum);
        }
        row_starts.clear();
        row_starts.extend(starts.iter().step_by(chunks_per_row as usize));
        row_starts.push(sum);

        scratch.resize(
            self.bodies.len(),
            Body {
                tile: 0,
                no: GONE,
                state: State::default(),
            },
        );
        for &body in &self.bodies {
            let slot = &mut starts[chunk(body.tile)];
            scratch[*slot as usize] = body;
            self.slot_of[body.no as usize] = *slot;
            *slot += 1;
        }
        std::mem::swap(&mut self.bodies, scratch);
    }

    /// Cuts the sorted store into spans of about as many bodies each, between rows of chunks.
    fn cut(&mut self, threads: usize) {
        let order = &mut self.order;
        order.threads = threads;
        order.cuts.clear();
        if threads == 1 {
            return;
        }
        let spans = threads * SPANS_PER_THREAD;
        for n in 1..spans {
            let goal = (self.bodies.len() * n / spans) as u32;
            let cut = order.row_starts.partition_point(|&start| start < goal) as u32;
            let last = order.cuts.last().copied().unwrap_or(0);
            if cut > last && ((cut as usize) < order.row_starts.len() - 1) {
                order.cuts.push(cut);
            }
        }
    }
}
