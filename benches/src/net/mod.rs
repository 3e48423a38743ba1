//! What the benches of the server share: the product in this process, reference servers beside it, and one lean load generator for all.

pub(crate) mod grown;
pub(crate) mod load;
pub(crate) mod ours;
#[cfg(feature = "pg")]
pub(crate) mod postgres;
pub(crate) mod reference;
pub(crate) mod rows;

use std::time::Duration;

use crate::net::load::Answered;
use crate::report::Bench;

/// Connections that ask at once.
pub(crate) const CONNECTIONS: usize = 64;

/// How long each arm runs in a round: warming up, and measured.
pub(crate) fn spans(quick: bool) -> (Duration, Duration) {
    if quick {
        (Duration::from_millis(100), Duration::from_millis(300))
    } else {
        (Duration::from_millis(700), Duration::from_secs(3))
    }
}

/// What an arm did in all rounds.
#[derive(Default)]
pub(crate) struct Rounds {
    rates: Vec<f64>,
    p99s: Vec<f64>,
    faults: u64,
}

impl Rounds {
    /// Takes in a round.
    pub(crate) fn add(&mut self, answered: &Answered) {
        self.rates.push(answered.rate);
        self.p99s.push(answered.p99_ms);
        self.faults += answered.faults;
    }

    /// The median of the rounds' rates, per second.
    pub(crate) fn rate(&self) -> f64 {
        crate::measure::median(self.rates.clone())
    }

    /// The median of the rounds' 99th percentiles of latency, in milliseconds.
    pub(crate) fn p99(&self) -> f64 {
        crate::measure::median(self.p99s.clone())
    }

    /// Writes both into the table.
    pub(crate) fn report(&self, bench: &mut Bench, name: &str, unit: &'static str) {
        bench.arm(name, self.rate(), unit);
        bench.arm(format!("{name}_p99"), self.p99(), "ms");
        if self.faults > 0 {
            bench.fault(format!("{name}: {} answers were refusals", self.faults));
        }
    }
}
