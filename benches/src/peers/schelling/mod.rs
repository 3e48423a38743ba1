//! Schelling's segregation: whoever has too few neighbours of their own kind moves to a random empty cell.

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
    people: u32,
    radius: u16,
    /// Neighbours of one's own group that make one happy.
    wanted: u32,
    steps: u64,
}

const SMALL: Params = Params {
    side: 40,
    people: 1000,
    radius: 1,
    wanted: 3,
    steps: 20,
};
const LARGE: Params = Params {
    side: 100,
    people: 8000,
    radius: 2,
    wanted: 8,
    steps: 20,
};

/// Small and large.
pub(super) fn cases() -> Vec<Case> {
    [
        ("schelling_small", SMALL, 101),
        ("schelling_large", LARGE, 31),
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
        bounds: vec![("alike", 0.65, 1.0), ("happy", 0.8, 1.0)],
        compared: &["alike", "happy"],
        tolerance: 0.1,
    })
    .into()
}

/// Looks at the finished grid, row by row (0: empty, else the group), in the same way for every arm.
fn outcome(params: Params, groups: &[u8], cells_taken_once: bool) -> Outcome {
    let side = i32::from(params.side);
    let radius = i32::from(params.radius);
    let (mut people, mut happy, mut alike, mut neighbours) = (0_u32, 0_u32, 0_u32, 0_u32);
    for (at, &own) in groups.iter().enumerate().filter(|&(_, &group)| group != 0) {
        let (x, y) = (at as i32 % side, at as i32 / side);
        let mut own_alike = 0;
        for (dx, dy) in (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy)))
        {
            let (x, y) = (x + dx, y + dy);
            if (dx, dy) == (0, 0) || !(0..side).contains(&x) || !(0..side).contains(&y) {
                continue;
            }
            let other = groups[(y * side + x) as usize];
            neighbours += u32::from(other != 0);
            own_alike += u32::from(other == own);
        }
        people += 1;
        alike += own_alike;
        happy += u32::from(own_alike >= params.wanted);
    }
    assert!(
        cells_taken_once && people == params.people,
        "{people} of {} people are left",
        params.people
    );
    vec![
        ("alike", f64::from(alike) / f64::from(neighbours)),
        ("happy", f64::from(happy) / f64::from(people)),
    ]
}
