//! Wolves, sheep and grass: agents of two kinds that are born and die.
//!
//! In each step first all sheep act in random order, then all wolves, then the grass grows.
//! Animals die when their energy falls below 0, as in the comparison's Agents.jl code; newborns wait for the next step.

#[cfg(feature = "peers")]
mod krabmaga;
mod ours;
mod plain;

use super::{Case, Look, Outcome};

/// What the model is told.
#[derive(Clone, Copy, Debug)]
struct Params {
    /// Columns and rows of the bounded grid.
    side: u16,
    sheep: u32,
    wolves: u32,
    /// Steps that eaten grass takes to grow.
    regrowth: u8,
    sheep_births: f64,
    wolf_births: f64,
    steps: u64,
}

const SMALL: Params = Params {
    side: 25,
    sheep: 60,
    wolves: 40,
    regrowth: 20,
    sheep_births: 0.2,
    wolf_births: 0.1,
    steps: 100,
};
const LARGE: Params = Params {
    side: 100,
    sheep: 1000,
    wolves: 500,
    regrowth: 10,
    sheep_births: 0.4,
    wolf_births: 0.2,
    steps: 100,
};

/// Energy of a meal.
const SHEEP_GAIN: f64 = 5.0;
const WOLF_GAIN: f64 = 13.0;

/// What sheep and wolves alike have; the comparison asks for all three.
#[derive(Clone, Copy, Debug)]
struct Animal {
    energy: f64,
    births: f64,
    gain: f64,
}

/// Small and large.
pub(super) fn cases() -> Vec<Case> {
    [
        ("wolf_sheep_small", SMALL, 101),
        ("wolf_sheep_large", LARGE, 31),
    ]
    .map(|(name, params, rounds)| Case {
        name,
        rounds,
        arms: vec![
            ("ours", Box::new(move |seed| ours::run(params, seed))),
            ("plain", Box::new(move |seed| plain::run(params, seed))),
            #[cfg(feature = "peers")]
            (
                "krabmaga",
                Box::new(move |seed| krabmaga::run(params, seed)),
            ),
        ],
        bounds: vec![
            ("sheep left", 10.0, f64::INFINITY),
            ("wolves left", 10.0, f64::INFINITY),
        ],
        compared: &["sheep", "wolves"],
        tolerance: 0.2,
    })
    .into()
}

/// How many there were in a mean step, and how many are left in the end.
fn outcome(params: Params, left: [usize; 2], acts: [u64; 2]) -> Outcome {
    let [sheep, wolves] = acts.map(|acts| acts as f64 / params.steps as f64);
    let [sheep_left, wolves_left] = left.map(|left| left as f64);
    vec![
        ("sheep", sheep),
        ("wolves", wolves),
        ("sheep left", sheep_left),
        ("wolves left", wolves_left),
    ]
}
