//! Running a model: ticks, chance, series and the state hash.

use rayon::prelude::*;

use super::digest::{Digest, Digested};
use super::series::Series;
use crate::rng::{Purpose, Stream};

/// A model: what it is, and what one tick of it does.
pub trait Model {
    /// One tick.
    fn step(&mut self, step: &mut Step);

    /// Records what is worth watching; called before the first tick and after every [`Run::every`]-th.
    fn observe(&self, _series: &mut Series) {}

    /// Adds all that matters to the state hash.
    /// Without it [`Run::state_hash`] still covers the tick, the series and the state of chance.
    fn digest(&self, _digest: &mut Digest) {}
}

/// What a model is given for one tick.
#[derive(Clone, Debug)]
pub struct Step {
    /// Chance: one sequence for the whole run, to be drawn from in an order that is always the same.
    pub rng: Stream,
    tick: u64,
    seed: u64,
    stopped: bool,
}

/// In what order agents act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As they are stored: always the same for one seed.
    InOrder,
    /// Drawn anew in every tick.
    #[default]
    Random,
}

impl Step {
    fn new(seed: u64) -> Self {
        Self {
            rng: Stream::new(seed, Purpose::Model, 0, 0),
            tick: 0,
            seed,
            stopped: false,
        }
    }

    /// Number of this tick, from 0.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// Chance for one agent in this tick, whatever the others draw: for agents that decide in parallel.
    #[must_use]
    pub fn stream(&self, who: u64) -> Stream {
        Stream::new(self.seed, Purpose::Model, who.wrapping_add(1), self.tick)
    }

    /// Whose turn it is, one after the other.
    /// The list is a copy: those who die meanwhile are still in it (their ids find nobody), those who are born are not.
    pub fn turns<T>(&mut self, order: Order, whom: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut turns: Vec<T> = whom.into_iter().collect();
        if order == Order::Random {
            self.rng.shuffle(&mut turns);
        }
        turns
    }

    /// [`Step::turns`] in random order.
    pub fn shuffled<T>(&mut self, whom: impl IntoIterator<Item = T>) -> Vec<T> {
        self.turns(Order::Random, whom)
    }

    /// Makes this tick the last.
    pub fn stop(&mut self) {
        self.stopped = true;
    }
}

/// A model with its clock, its chance and what was seen of it.
#[derive(Clone, Debug)]
pub struct Run<M> {
    /// The model.
    pub model: M,
    step: Step,
    series: Series,
    every: u64,
}

impl<M: Model> Run<M> {
    /// A run of a model that is ready.
    pub fn new(model: M, seed: u64) -> Self {
        Self {
            model,
            step: Step::new(seed),
            series: Series::default(),
            every: 1,
        }
    }

    /// A run of a model that needs chance to be made; its seed governs both.
    pub fn from_seed(seed: u64, make: impl FnOnce(&mut Stream) -> M) -> Self {
        Self::new(make(&mut Stream::new(seed, Purpose::Spawn, 0, 0)), seed)
    }

    /// Samples the series every so many ticks; 0: never. One is the default.
    #[must_use]
    pub fn every(mut self, ticks: u64) -> Self {
        self.every = ticks;
        self
    }

    /// Runs so many ticks, or fewer if the model stops.
    #[must_use]
    pub fn ticks(mut self, ticks: u64) -> Self {
        self.advance(ticks);
        self
    }

    /// Like [`Run::ticks`], on a run that is kept.
    pub fn advance(&mut self, ticks: u64) {
        for _ in 0..ticks {
            if self.step.stopped {
                return;
            }
            self.tick();
        }
    }

    /// One tick, whether or not the model has stopped.
    pub fn tick(&mut self) {
        if self.step.tick == 0 {
            self.sample();
        }
        self.model.step(&mut self.step);
        self.step.tick += 1;
        self.sample();
    }

    /// Ticks done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.step.tick
    }

    /// Whether the model has stopped.
    #[must_use]
    pub fn stopped(&self) -> bool {
        self.step.stopped
    }

    /// What was seen of the run so far.
    #[must_use]
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// One number for the whole state: two runs with equal hashes are equal and go on equally.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut digest = Digest::default();
        digest.add(&self.step);
        digest.add(&self.series);
        self.model.digest(&mut digest);
        digest.finish()
    }

    fn sample(&mut self) {
        if self.every > 0 && self.step.tick.is_multiple_of(self.every) {
            self.series.begin(self.step.tick);
            self.model.observe(&mut self.series);
        }
    }
}

impl Digested for Step {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.tick);
        into.add(&self.stopped);
        into.add(&self.rng.clone().bits());
    }
}

/// Runs a model once per seed, on all cores; each run is the same as if it ran alone.
pub fn replicate<M: Model + Send>(
    seeds: impl IntoIterator<Item = u64>,
    ticks: u64,
    make: impl Fn(&mut Stream) -> M + Sync,
) -> Vec<Run<M>> {
    let seeds: Vec<u64> = seeds.into_iter().collect();
    seeds
        .into_par_iter()
        .map(|seed| Run::from_seed(seed, &make).ticks(ticks))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks by chance; stops when far from home.
    #[derive(Default)]
    struct Drunkard {
        at: i64,
        far: i64,
    }

    impl Model for Drunkard {
        fn step(&mut self, step: &mut Step) {
            self.at += i64::from(step.rng.below(3)) - 1;
            if self.at.abs() == self.far {
                step.stop();
            }
        }

        fn observe(&self, series: &mut Series) {
            series.record("at", self.at as f64);
        }
    }

    fn drunkard(_: &mut Stream) -> Drunkard {
        Drunkard { at: 0, far: 1000 }
    }

    #[test]
    fn one_seed_is_one_run() {
        let hash = |seed| Run::from_seed(seed, drunkard).ticks(50).state_hash();
        assert_eq!(hash(1), hash(1));
        assert_ne!(hash(1), hash(2));
    }

    #[test]
    fn a_run_in_two_parts_is_one_run() {
        let mut parts = Run::from_seed(3, drunkard).ticks(20);
        parts.advance(30);
        assert_eq!(
            parts.state_hash(),
            Run::from_seed(3, drunkard).ticks(50).state_hash()
        );
    }

    #[test]
    fn series_begin_before_the_first_tick_and_follow_the_interval() {
        let run = Run::from_seed(1, drunkard).every(10).ticks(35);
        assert_eq!(run.series().ticks(), [0, 10, 20, 30]);
        assert_eq!(run.series().column("at").map(|column| column[0]), Some(0.0));
        assert_eq!(
            Run::from_seed(1, drunkard)
                .every(0)
                .ticks(5)
                .series()
                .ticks(),
            [0_u64; 0]
        );
    }

    #[test]
    fn a_model_may_stop() {
        let run = Run::from_seed(1, |_| Drunkard { at: 0, far: 3 }).ticks(100_000);
        assert!(run.stopped() && run.done() < 100_000);
        assert_eq!(run.model.at.abs(), 3);
    }

    #[test]
    fn replicates_equal_runs_alone() {
        let together: Vec<u64> = replicate(5..9, 40, drunkard)
            .iter()
            .map(Run::state_hash)
            .collect();
        let alone: Vec<u64> = (5..9)
            .map(|seed| Run::from_seed(seed, drunkard).ticks(40).state_hash())
            .collect();
        assert_eq!(together, alone);
    }

    #[test]
    fn turns_are_everybodys() {
        let mut step = Step::new(1);
        assert_eq!(step.turns(Order::InOrder, 0..5), [0, 1, 2, 3, 4]);
        let mut turns = step.shuffled(0..100);
        assert_ne!(turns, (0..100).collect::<Vec<_>>());
        turns.sort_unstable();
        assert_eq!(turns, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn streams_of_agents_differ_and_return() {
        let step = Step::new(1);
        assert_eq!(step.stream(4).bits(), step.stream(4).bits());
        assert_ne!(step.stream(4).bits(), step.stream(5).bits());
    }
}
