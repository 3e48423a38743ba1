//! The series of a run, thinned as it grows: a chart has room for a thousand points.

use hamlet_protocol::metrics::{Sample, metric_index};

/// Samples kept at most; when they are too many every second one goes.
const KEPT_MAX: usize = 2000;

/// The samples kept so far.
#[derive(Debug)]
pub(crate) struct Samples {
    kept: Vec<Measured>,
    /// Only every so manieth sample is kept.
    stride: u64,
    seen: u64,
    last: Option<Measured>,
}

/// A sample without positions.
#[derive(Clone, Debug, PartialEq)]
struct Measured {
    tick: u64,
    values: Vec<f64>,
}

impl Default for Samples {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            stride: 1,
            seen: 0,
            last: None,
        }
    }
}

impl Samples {
    /// Takes a sample in.
    pub(crate) fn add(&mut self, sample: &Sample) {
        let measured = Measured {
            tick: sample.tick,
            values: sample.values.clone(),
        };
        if self.seen.is_multiple_of(self.stride) {
            self.kept.push(measured.clone());
        }
        self.seen += 1;
        self.last = Some(measured);
        if self.kept.len() > KEPT_MAX {
            self.stride *= 2;
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
        }
    }

    /// At most `points` ticks, evenly spread, the first and the last among them.
    pub(crate) fn ticks(&self, points: usize) -> Vec<u64> {
        self.chosen(points).map(|measured| measured.tick).collect()
    }

    /// The values of a metric at [`Samples::ticks`]; `NaN` where it was not measured.
    pub(crate) fn values(&self, metric: &str, points: usize) -> Vec<f64> {
        let index = metric_index(metric);
        self.chosen(points)
            .map(|measured| value(measured, index))
            .collect()
    }

    /// The value of a metric in the first sample kept.
    pub(crate) fn first(&self, metric: &str) -> Option<f64> {
        finite(value(self.kept.first()?, metric_index(metric)))
    }

    /// The value of a metric in the last sample.
    pub(crate) fn last(&self, metric: &str) -> Option<f64> {
        finite(value(self.last.as_ref()?, metric_index(metric)))
    }

    /// The tick and value of the sample where a metric was highest (`sign` 1) or lowest (−1).
    pub(crate) fn extreme(&self, metric: &str, sign: f64) -> Option<(u64, f64)> {
        let index = metric_index(metric);
        let points = self.all().map(|m| (m.tick, value(m, index)));
        points
            .filter(|(_, value)| value.is_finite())
            .reduce(|best, next| match (next.1 - best.1) * sign > 0.0 {
                true => next,
                false => best,
            })
    }

    /// The mean of a metric over the samples kept, where it was measured.
    pub(crate) fn mean(&self, metric: &str) -> Option<f64> {
        let index = metric_index(metric);
        let values = self.kept.iter().map(|measured| value(measured, index));
        let (sum, count) = values
            .filter(|value| value.is_finite())
            .fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
        (count > 0).then(|| sum / f64::from(count))
    }

    /// Whether a metric was ever measured.
    pub(crate) fn has(&self, metric: &str) -> bool {
        self.extreme(metric, 1.0).is_some()
    }

    fn chosen(&self, points: usize) -> impl Iterator<Item = &Measured> {
        let step = self.kept.len().div_ceil(points.max(2) - 1).max(1);
        let last = self.last.as_ref();
        let spread = self
            .kept
            .iter()
            .step_by(step)
            .filter(move |measured| last.is_none_or(|last| last.tick != measured.tick));
        spread.chain(last)
    }

    fn all(&self) -> impl Iterator<Item = &Measured> {
        self.kept.iter().chain(self.last.as_ref())
    }
}

fn value(measured: &Measured, index: Option<usize>) -> f64 {
    let value = index.and_then(|index| measured.values.get(index));
    value.copied().unwrap_or(f64::NAN)
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use hamlet_protocol::metrics::METRICS;

    use super::*;

    fn filled(count: u64) -> Samples {
        let posts = metric_index("posts").unwrap();
        let mut samples = Samples::default();
        for n in 0..count {
            let mut values = vec![f64::NAN; METRICS.len()];
            values[posts] = n as f64;
            samples.add(&Sample {
                tick: n * 10,
                values,
                positions: Vec::new(),
            });
        }
        samples
    }

    #[test]
    fn a_long_run_keeps_its_ends_and_an_even_spread() {
        let samples = filled(100_001);
        assert!(samples.kept.len() <= KEPT_MAX);
        let ticks = samples.ticks(1000);
        assert!((400..=1000).contains(&ticks.len()), "{}", ticks.len());
        assert_eq!((ticks[0], *ticks.last().unwrap()), (0, 1_000_000));
        assert!(ticks.is_sorted_by(|a, b| a < b));
        let values = samples.values("posts", 1000);
        assert_eq!(values.len(), ticks.len());
        assert!(
            ticks
                .iter()
                .zip(&values)
                .all(|(t, v)| *t as f64 == v * 10.0)
        );
        assert_eq!(samples.extreme("posts", 1.0), Some((1_000_000, 100_000.0)));
        assert_eq!(samples.extreme("posts", -1.0), Some((0, 0.0)));
    }

    #[test]
    fn few_samples_stay_as_they_are() {
        assert!(filled(0).ticks(1000).is_empty());
        assert_eq!(filled(0).last("posts"), None);
        assert_eq!(filled(1).ticks(1000), [0]);
        assert_eq!(filled(3).values("posts", 1000), [0.0, 1.0, 2.0]);
        assert_eq!(filled(3).last("votes"), None);
        assert_eq!(filled(1500).ticks(1000).len(), 751);
    }
}
