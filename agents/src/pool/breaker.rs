//! Leaves a sick endpoint alone for a while, then tries it with one request.

/// Failures in a row that make an endpoint sick.
const FAILURES_MAX: u32 = 3;
/// First and longest rest of a sick endpoint, in milliseconds.
const REST_FIRST_MS: u64 = 1_000;
const REST_LONGEST_MS: u64 = 30_000;
/// Rest of one that is set up wrongly.
const REST_SETUP_MS: u64 = 60_000;

/// How an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// Well.
    Well,
    /// Left alone until this time.
    Resting {
        /// Milliseconds since the pool's beginning.
        until_ms: u64,
    },
    /// One request is on its way to see.
    Trying,
}

impl Health {
    /// The worse of two: the longer rest, or what is being tried, before what is well.
    pub(super) fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Resting { until_ms }, Self::Resting { until_ms: other }) => Self::Resting {
                until_ms: until_ms.max(other),
            },
            (Self::Resting { .. }, _) | (Self::Trying, Self::Well | Self::Trying) => self,
            (_, Self::Resting { .. }) | (Self::Well, _) => other,
        }
    }
}

/// The breaker of one endpoint.
#[derive(Clone, Debug)]
pub(super) struct Breaker {
    health: Health,
    failures: u32,
    rests: u32,
    /// Since when it is not well.
    down_since_ms: Option<u64>,
    /// Whether it will not mend by itself.
    down_for_good: bool,
}

impl Breaker {
    pub(super) fn new() -> Self {
        Self {
            health: Health::Well,
            failures: 0,
            rests: 0,
            down_since_ms: None,
            down_for_good: false,
        }
    }

    pub(super) fn health(&self) -> Health {
        self.health
    }

    /// Whether a request may go there now.
    pub(super) fn lets(&self, now_ms: u64) -> bool {
        match self.health {
            Health::Well => true,
            Health::Resting { until_ms } => until_ms <= now_ms,
            Health::Trying => false,
        }
    }

    /// How long it has been down, in milliseconds; for ever where it will not mend by itself. `None`: it is well.
    pub(super) fn down_ms(&self, now_ms: u64) -> Option<u64> {
        match self.down_for_good {
            true => Some(u64::MAX),
            false => Some(now_ms.saturating_sub(self.down_since_ms?)),
        }
    }

    /// A request goes there.
    pub(super) fn sent(&mut self) {
        if self.health != Health::Well {
            self.health = Health::Trying;
        }
    }

    /// It answered, if only to say that it has too much to do.
    pub(super) fn answered(&mut self) {
        *self = Self::new();
    }

    /// It failed. Says whether it is sick from now on.
    pub(super) fn failed(&mut self, now_ms: u64) -> bool {
        if matches!(self.health, Health::Resting { .. }) {
            // What was under way when it fell sick says nothing new.
            return false;
        }
        self.down_for_good = false;
        self.failures += 1;
        let sick = self.health == Health::Trying || self.failures >= FAILURES_MAX;
        if sick {
            let rest = REST_FIRST_MS << self.rests.min(10);
            self.rest(now_ms, rest.min(REST_LONGEST_MS));
        }
        sick
    }

    /// It is set up wrongly. `for_good`: so that only its settings can mend it.
    pub(super) fn set_up_wrongly(&mut self, now_ms: u64, for_good: bool) {
        self.rest(now_ms, REST_SETUP_MS);
        self.down_for_good = for_good;
    }

    /// It asks to be left alone for so long.
    pub(super) fn asked_to_wait(&mut self, now_ms: u64, wait_ms: u64) {
        let until_ms = now_ms + wait_ms;
        self.health = Health::Resting { until_ms };
        // It has answered; it is missed only once it does not after that.
        self.down_since_ms = Some(until_ms);
    }

    /// A request was taken back before it was answered: nothing is known.
    pub(super) fn withdrawn(&mut self, now_ms: u64) {
        if self.health == Health::Trying {
            self.health = Health::Resting { until_ms: now_ms };
        }
    }

    fn rest(&mut self, now_ms: u64, rest_ms: u64) {
        self.rests += 1;
        self.failures = 0;
        self.down_since_ms.get_or_insert(now_ms);
        self.health = Health::Resting {
            until_ms: now_ms + rest_ms,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_make_it_rest_and_one_request_tries_it() {
        let mut breaker = Breaker::new();
        assert!(!breaker.failed(0) && !breaker.failed(0));
        assert!(breaker.lets(0));
        assert!(breaker.failed(0));
        assert!(!breaker.lets(999) && breaker.lets(1_000));
        breaker.sent();
        assert!(!breaker.lets(1_000), "one alone");
        assert!(breaker.failed(1_000), "the trial failed");
        assert!(!breaker.lets(2_999) && breaker.lets(3_000));
        breaker.sent();
        breaker.answered();
        assert_eq!(breaker.health(), Health::Well);
    }

    #[test]
    fn it_is_down_from_the_third_failure_to_the_next_answer() {
        let mut breaker = Breaker::new();
        assert_eq!(breaker.down_ms(5), None);
        while !breaker.failed(10) {}
        assert!(!breaker.failed(20) && !breaker.failed(20) && !breaker.failed(20));
        assert!(
            breaker.lets(1_010),
            "what was under way makes no rest longer"
        );
        breaker.sent();
        assert!(breaker.failed(1_010));
        assert_eq!(breaker.down_ms(1_020), Some(1_010));
        breaker.answered();
        assert_eq!(breaker.down_ms(2_000), None);
        breaker.asked_to_wait(2_000, 500);
        assert_eq!(breaker.down_ms(2_400), Some(0));
        breaker.set_up_wrongly(3_000, true);
        assert_eq!(breaker.down_ms(3_000), Some(u64::MAX));
    }

    #[test]
    fn an_answer_in_between_forgets_failures() {
        let mut breaker = Breaker::new();
        for _ in 0..10 {
            assert!(!breaker.failed(0) && !breaker.failed(0));
            breaker.answered();
        }
        assert!(breaker.lets(0));
    }

    #[test]
    fn a_rest_never_lasts_longer_than_half_a_minute() {
        let mut breaker = Breaker::new();
        let mut now = 0;
        for _ in 0..20 {
            breaker.sent();
            while !breaker.failed(now) {}
            let Health::Resting { until_ms } = breaker.health() else {
                panic!("it rests");
            };
            assert!(until_ms - now <= 30_000);
            now = until_ms;
        }
    }
}
