//! Flocking laid out for vector instructions: columns of numbers, sorted by cell, two neighbours at a time.
//!
//! Written for this model alone: cells are one step wider than sight,
//! so that a cell's list made at the beginning of a step is good until its end.

use hamlet_sim::rng::{Purpose, Stream};

use super::{COHERE, Look, MATCH, Params, SEPARATE, SEPARATION, SPEED, outcome};

#[derive(Default)]
struct Flock {
    x: Vec<f64>,
    y: Vec<f64>,
    vx: Vec<f64>,
    vy: Vec<f64>,
    /// First bird of each cell, and the end of the last.
    starts: Vec<usize>,
    scratch: Vec<[f64; 4]>,
    across: i32,
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let mut rng = Stream::new(seed, Purpose::Model, 0, 0);
    let across = (params.side / (params.sight + SPEED)) as i32;
    let mut flock = Flock {
        across,
        ..Flock::default()
    };
    for _ in 0..params.birds {
        flock.x.push(rng.between(0.0, params.side));
        flock.y.push(rng.between(0.0, params.side));
        let [vx, vy] = rng.direction();
        flock.vx.push(vx);
        flock.vy.push(vy);
    }
    let mut order: Vec<u32> = (0..params.birds).collect();
    let mut cells = Vec::new();
    for _ in 0..params.steps {
        flock.sort(params, &mut cells);
        rng.shuffle(&mut order);
        for &who in &order {
            flock.fly(params, who as usize, cells[who as usize]);
        }
    }
    let birds: Vec<_> = (0..flock.x.len())
        .map(|n| ([flock.x[n], flock.y[n]], [flock.vx[n], flock.vy[n]]))
        .collect();
    Box::new(move || outcome(params, &birds))
}

impl Flock {
    /// Sorts the birds by cell and notes each one's column and row.
    fn sort(&mut self, params: Params, cells: &mut Vec<(i32, i32)>) {
        let per_unit = f64::from(self.across) / params.side;
        let inside = |x: f64| {
            if x < 0.0 {
                x + params.side
            } else if x >= params.side {
                x - params.side
            } else {
                x
            }
        };
        self.scratch.clear();
        for n in 0..self.x.len() {
            self.scratch
                .push([inside(self.x[n]), inside(self.y[n]), self.vx[n], self.vy[n]]);
        }
        let along = |x: f64| ((x * per_unit) as i32).min(self.across - 1);
        let key = |bird: &[f64; 4]| (along(bird[1]) * self.across + along(bird[0])) as usize;
        self.starts.clear();
        self.starts
            .resize((self.across * self.across) as usize + 1, 0);
        for bird in &self.scratch {
            self.starts[key(bird)] += 1;
        }
        let mut end = 0;
        for start in &mut self.starts {
            end += *start;
            *start = end;
        }
        cells.resize(self.x.len(), (0, 0));
        for bird in self.scratch.iter().rev() {
            let start = &mut self.starts[key(bird)];
            *start -= 1;
            [
                self.x[*start],
                self.y[*start],
                self.vx[*start],
                self.vy[*start],
            ] = *bird;
            cells[*start] = (along(bird[0]), along(bird[1]));
        }
    }

    fn fly(&mut self, params: Params, who: usize, (column, row): (i32, i32)) {
        let mut sums = [[0.0; 2]; 5];
        for y in row - 1..=row + 1 {
            let (y, shift_y) = turned(y, self.across, params.side);
            let first = y * self.across;
            let middle = (column - 1).max(0)..(column + 2).min(self.across);
            self.look(params, who, first, middle, [0.0, shift_y], &mut sums);
            if column == 0 {
                self.look(
                    params,
                    who,
                    first,
                    self.across - 1..self.across,
                    [-params.side, shift_y],
                    &mut sums,
                );
            } else if column == self.across - 1 {
                self.look(params, who, first, 0..1, [params.side, shift_y], &mut sums);
            }
        }
        let [number, x, y, vx, vy] = sums.map(|lanes| lanes[0] + lanes[1]);
        let share = 1.0 / number.max(1.0);
        let (vx, vy) = (
            self.vx[who] + (x + vx) * share,
            self.vy[who] + (y + vy) * share,
        );
        let length = (vx * vx + vy * vy).sqrt();
        (self.vx[who], self.vy[who]) = (vx / length, vy / length);
        self.x[who] += self.vx[who] * SPEED;
        self.y[who] += self.vy[who] * SPEED;
    }

    #[inline]
    fn look(
        &self,
        params: Params,
        who: usize,
        first: i32,
        columns: std::ops::Range<i32>,
        shift: [f64; 2],
        sums: &mut [[f64; 2]; 5],
    ) {
        let from = self.starts[(first + columns.start) as usize];
        let to = self.starts[(first + columns.end) as usize];
        let (x, y) = (self.x[who] - shift[0], self.y[who] - shift[1]);
        if (from..to).contains(&who) {
            self.add(params, from..who, x, y, sums);
            self.add(params, who + 1..to, x, y, sums);
        } else {
            self.add(params, from..to, x, y, sums);
        }
    }

    #[inline]
    fn add(
        &self,
        params: Params,
        birds: std::ops::Range<usize>,
        x: f64,
        y: f64,
        sums: &mut [[f64; 2]; 5],
    ) {
        let (xs, last_x) = self.x[birds.clone()].as_chunks::<2>();
        let (ys, last_y) = self.y[birds.clone()].as_chunks::<2>();
        let (vxs, last_vx) = self.vx[birds.clone()].as_chunks::<2>();
        let (vys, last_vy) = self.vy[birds].as_chunks::<2>();
        let mut local = *sums;
        let mut one = |lane: usize, bx: f64, by: f64, vx: f64, vy: f64| {
            let (dx, dy) = (bx - x, by - y);
            let d2 = dx * dx + dy * dy;
            let seen = if d2 <= params.sight * params.sight {
                1.0
            } else {
                0.0
            };
            let pull = seen
                * if d2 < SEPARATION * SEPARATION {
                    COHERE - SEPARATE
                } else {
                    COHERE
                };
            local[0][lane] += seen;
            local[1][lane] += pull * dx;
            local[2][lane] += pull * dy;
            local[3][lane] += seen * MATCH * vx;
            local[4][lane] += seen * MATCH * vy;
        };
        for (((bx, by), vx), vy) in xs.iter().zip(ys).zip(vxs).zip(vys) {
            for lane in 0..2 {
                one(lane, bx[lane], by[lane], vx[lane], vy[lane]);
            }
        }
        if let ([bx], [by], [vx], [vy]) = (last_x, last_y, last_vx, last_vy) {
            one(0, *bx, *by, *vx, *vy);
        }
        *sums = local;
    }
}

fn turned(row: i32, rows: i32, side: f64) -> (i32, f64) {
    match row {
        row if row < 0 => (row + rows, -side),
        row if row >= rows => (row - rows, side),
        row => (row, 0.0),
    }
}
