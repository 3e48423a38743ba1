//! Timing arms against each other on a machine that does other things too.

use std::time::Instant;

/// Runs every arm once per round, one after the other, so that whatever slows the machine slows all of them,
/// and gives each arm's median in milliseconds with what came out, which `finish` makes of the result after the clock has stopped.
/// The first round warms up and is not counted.
pub(crate) fn interleaved<R, T>(
    rounds: usize,
    arms: &[&dyn Fn(u64) -> R],
    finish: impl Fn(R) -> T,
    seed: u64,
) -> Vec<(f64, Vec<T>)> {
    let mut results: Vec<(Vec<f64>, Vec<T>)> =
        arms.iter().map(|_| (Vec::new(), Vec::new())).collect();
    for round in 0..=rounds as u64 {
        // Each round begins with another arm, so that none always follows the same one.
        for turn in 0..arms.len() {
            let arm = (turn + round as usize) % arms.len();
            let start = Instant::now();
            let result = arms[arm](seed + round);
            let millis = start.elapsed().as_secs_f64() * 1e3;
            if round > 0 {
                results[arm].0.push(millis);
                results[arm].1.push(finish(result));
            }
        }
    }
    results
        .into_iter()
        .map(|(times, outcomes)| (median(times), outcomes))
        .collect()
}

/// The middle value, the upper of two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arms_take_turns_with_the_same_seeds() {
        let results = interleaved(3, &[&|seed| seed, &|seed| seed * 10], |result| result, 100);
        assert_eq!(results[0].1, [101, 102, 103]);
        assert_eq!(results[1].1, [1010, 1020, 1030]);
        assert!(results.iter().all(|(millis, _)| *millis >= 0.0));
    }

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert!(median(Vec::new()).is_nan());
    }
}
