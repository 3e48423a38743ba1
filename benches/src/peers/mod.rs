//! Three models that every framework is compared by, written on our modelling surface and in other ways.
//!
//! Parameters, rules and numbers of steps are those of `ABMFrameworksComparison` (small and large).
//! A run is timed whole: making the model and all its steps.
//! What comes out is compared too, so that no arm is fast because it does something else.

mod flocking;
mod schelling;
mod wolf_sheep;

use anyhow::Result;

use crate::measure::interleaved;
use crate::options::Options;
use crate::report::Bench;

/// Figures that tell whether a run came out as it should.
type Outcome = Vec<(&'static str, f64)>;

/// What looks at a finished run, outside the time taken.
type Look = Box<dyn FnOnce() -> Outcome>;

/// One way to run a model, by seed.
type Arm = (&'static str, Box<dyn Fn(u64) -> Look>);

/// A model with its parameters, and all the ways to run it.
struct Case {
    name: &'static str,
    rounds: usize,
    /// Ours first.
    arms: Vec<Arm>,
    /// Bounds that the mean of a figure must keep in every arm.
    bounds: Vec<(&'static str, f64, f64)>,
    /// Figures whose means must be near ours in every arm.
    compared: &'static [&'static str],
    /// How near, in relation to ours.
    tolerance: f64,
}

/// Runs all models, small and large.
pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("peers");
    for case in schelling::cases()
        .into_iter()
        .chain(flocking::cases())
        .chain(wolf_sheep::cases())
    {
        run_case(&case, options, &mut bench);
    }
    if cfg!(not(feature = "peers")) {
        bench.note(
            "krABMaga is off: `cargo run --release -p hamlet-bench --features peers -- peers` builds it and runs it beside ours",
        );
    }
    Ok(bench)
}

fn run_case(case: &Case, options: Options, bench: &mut Bench) {
    let arms: Vec<&dyn Fn(u64) -> Look> = case.arms.iter().map(|(_, run)| run.as_ref()).collect();
    let results = interleaved(
        options.rounds(case.rounds),
        &arms,
        |look| look(),
        options.seed,
    );
    let ours = means(&results[0].1);
    for ((arm, _), (millis, outcomes)) in case.arms.iter().zip(&results) {
        bench.arm(format!("{arm}_{}", case.name), *millis, "ms");
        if *arm != "ours" {
            bench.ratio(
                format!("rate_vs_{arm}_{}", case.name),
                millis / results[0].0,
            );
        }
        let means = means(outcomes);
        bench.note(format!("{} {arm}: {}", case.name, shown(&means)));
        for fault in faults(case, &means, &ours) {
            bench.fault(format!("{} {arm}: {fault}", case.name));
        }
    }
}

/// Each figure's mean over the rounds.
fn means(outcomes: &[Outcome]) -> Outcome {
    let mean = |at: usize| {
        outcomes.iter().map(|outcome| outcome[at].1).sum::<f64>() / outcomes.len() as f64
    };
    outcomes.first().map_or_else(Vec::new, |first| {
        first
            .iter()
            .enumerate()
            .map(|(at, (name, _))| (*name, mean(at)))
            .collect()
    })
}

/// What shows that an arm did not run the same model.
fn faults(case: &Case, means: &Outcome, ours: &Outcome) -> Vec<String> {
    let mut faults = Vec::new();
    let figure = |of: &Outcome, name: &str| {
        of.iter()
            .find(|(known, _)| *known == name)
            .map_or(f64::NAN, |(_, mean)| *mean)
    };
    for name in case.compared {
        let (mean, our_mean) = (figure(means, name), figure(ours, name));
        if (mean - our_mean).abs() > case.tolerance * our_mean.abs() {
            faults.push(format!(
                "{name} is {mean:.4}, ours {our_mean:.4}: not the same model"
            ));
        }
    }
    for (name, least, most) in &case.bounds {
        let mean = figure(means, name);
        if !(least..=most).contains(&&mean) {
            faults.push(format!("{name} is {mean:.4}, expected {least} to {most}"));
        }
    }
    faults
}

fn shown(outcome: &Outcome) -> String {
    outcome
        .iter()
        .map(|(name, value)| format!("{name} {value:.3}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases() -> impl Iterator<Item = Case> {
        schelling::cases()
            .into_iter()
            .chain(flocking::cases())
            .chain(wolf_sheep::cases())
    }

    #[test]
    fn small_models_come_out_alike_in_every_arm() {
        for case in cases().filter(|case| case.name.ends_with("small")) {
            let outcomes =
                |(_, run): &Arm| means(&(0..16).map(|seed| run(seed)()).collect::<Vec<_>>());
            let ours = outcomes(&case.arms[0]);
            for arm in &case.arms {
                assert_eq!(
                    faults(&case, &outcomes(arm), &ours),
                    Vec::<String>::new(),
                    "{} {}",
                    case.name,
                    arm.0
                );
            }
        }
    }

    #[test]
    fn our_models_run_the_same_for_the_same_seed() {
        for case in cases().filter(|case| case.name.ends_with("small")) {
            let (_, run) = &case.arms[0];
            assert_eq!(run(7)(), run(7)(), "{}", case.name);
            assert_ne!(run(7)(), run(8)(), "{}", case.name);
        }
    }

    #[test]
    fn an_arm_that_does_something_else_is_found_out() {
        let case = cases().next().expect("there are cases");
        let ours = vec![("alike", 0.86), ("happy", 0.99)];
        assert!(faults(&case, &ours, &ours).is_empty());
        let idle = vec![("alike", 0.5), ("happy", 0.4)];
        assert_eq!(faults(&case, &idle, &ours).len(), 4);
    }
}
