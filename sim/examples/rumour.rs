//! How a rumour spreads among people who stroll about: a model in one file.
//!
//! `cargo run --release -p hamlet-sim --example rumour -- 7` runs seed 7 and prints its series as CSV.

use std::io::{self, Write};

use hamlet_sim::model::{Digest, Edge, Model, MultiGrid, Run, Series, Shape, Step, Stream};

/// How likely it is that one believes it when one meets somebody who knows it.
const BELIEF: f64 = 0.3;

struct Rumour {
    people: MultiGrid<bool>,
}

impl Rumour {
    fn new(rng: &mut Stream) -> Self {
        let shape = Shape::new(60, 60, Edge::Wrapped);
        let mut people = MultiGrid::new(shape);
        for n in 0..500 {
            people.spawn(shape.random_cell(rng), n == 0);
        }
        Self { people }
    }

    fn knowing(&self) -> usize {
        self.people.iter().filter(|(_, _, knows)| **knows).count()
    }
}

impl Model for Rumour {
    fn step(&mut self, step: &mut Step) {
        let shape = self.people.shape();
        for id in step.shuffled(self.people.ids()) {
            let Some(mut person) = self.people.turn(id) else {
                continue;
            };
            let to = shape.random_neighbour(person.cell(), &mut step.rng);
            person.move_to(to);
            let grid = person.grid();
            let heard = grid.here(to).any(|other| grid.get(other) == Some(&true));
            *person |= heard && step.rng.happens(BELIEF);
        }
        if self.knowing() == self.people.len() {
            step.stop();
        }
    }

    fn observe(&self, series: &mut Series) {
        series.record("knowing", self.knowing() as f64);
    }

    fn digest(&self, digest: &mut Digest) {
        digest.add(&self.people);
    }
}

fn main() -> io::Result<()> {
    let seed = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 1,
        Some(Ok(seed)) => seed,
        Some(Err(_)) => return Err(io::Error::other("the seed is a whole number, such as 7")),
    };
    let run = Run::from_seed(seed, Rumour::new).every(10).ticks(10_000);
    let mut out = io::stdout().lock();
    run.series().write_csv(&mut out)?;
    writeln!(
        out,
        "# seed {seed}: {} ticks, state hash {:016x}",
        run.done(),
        run.state_hash()
    )
}
