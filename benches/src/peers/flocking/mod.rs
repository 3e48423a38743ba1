//! Flocking: birds that keep together, fly alike and do not collide.
//!
//! In each step the birds act one after the other in an order drawn anew, each at once seeing what those before it did.
//! krABMaga's field knows two states only, so there each bird sees the last step; its numbers have 32 bits, ours 64.

#[cfg(feature = "peers")]
mod krabmaga;
mod ours;
mod plain;
mod simd;

use super::{Case, Look, Outcome};

/// What the model is told.
#[derive(Clone, Copy, Debug)]
struct Params {
    /// Length of both sides of the wrapped plane.
    side: f64,
    birds: u32,
    /// How far they see.
    sight: f64,
    steps: u64,
}

const SMALL: Params = Params {
    side: 100.0,
    birds: 200,
    sight: 5.0,
    steps: 100,
};
const LARGE: Params = Params {
    side: 150.0,
    birds: 400,
    sight: 15.0,
    steps: 100,
};

const SPEED: f64 = 1.0;
const COHERE: f64 = 0.03;
const MATCH: f64 = 0.05;
const SEPARATE: f64 = 0.015;
/// Nearer than this they shun each other.
const SEPARATION: f64 = 1.0;

/// Small and large.
pub(super) fn cases() -> Vec<Case> {
    [
        ("flocking_small", SMALL, 51, (3.0, 6.0)),
        ("flocking_large", LARGE, 31, (30.0, 80.0)),
    ]
    .map(|(name, params, rounds, (least, most))| Case {
        name,
        rounds,
        arms: vec![
            ("ours", Box::new(move |seed| ours::run(params, seed))),
            ("plain", Box::new(move |seed| plain::run(params, seed))),
            ("simd", Box::new(move |seed| simd::run(params, seed))),
            #[cfg(feature = "peers")]
            (
                "krabmaga",
                Box::new(move |seed| krabmaga::run(params, seed)),
            ),
        ],
        bounds: vec![("alignment", 0.05, 1.0), ("neighbours", least, most)],
        compared: &["neighbours"],
        tolerance: 0.25,
    })
    .into()
}

/// Looks at the finished flock in the same way for every arm: how much neighbours fly alike, and how many they are.
fn outcome(params: Params, birds: &[([f64; 2], [f64; 2])]) -> Outcome {
    assert!(
        birds.len() == params.birds as usize,
        "{} of {} birds are left",
        birds.len(),
        params.birds
    );
    let way = |from: f64, to: f64| {
        let d = (to - from).rem_euclid(params.side);
        d.min(params.side - d)
    };
    let (mut pairs, mut alike) = (0_u32, 0.0);
    for (at, velocity) in birds {
        for (other_at, other) in birds {
            let (dx, dy) = (way(at[0], other_at[0]), way(at[1], other_at[1]));
            if dx * dx + dy * dy <= params.sight * params.sight {
                pairs += 1;
                alike += velocity[0] * other[0] + velocity[1] * other[1];
            }
        }
    }
    // Every bird is in its own sight, and flies as it does.
    let itself = birds.len() as f64;
    let seen = f64::from(pairs) - itself;
    vec![
        ("alignment", (alike - itself) / seen),
        ("neighbours", seen / itself),
    ]
}
