//! How many requests an endpoint bears at once: found out by measuring, never more than its setting.
//!
//! It doubles while nothing gets slower, then grows by one in a round; it shrinks when the endpoint says that it is too much, or gets slow.

use std::time::Duration;

/// Where no limit is set: what one begins with, and the most.
const BEGIN: f64 = 8.0;
const MOST: f64 = 512.0;
/// An answer this many times slower than the quickest usual one means that requests wait inside the endpoint.
const SLOW_FACTOR: f64 = 3.0;
/// What is left after a refusal for too much load, and after a slow answer.
const AFTER_REFUSAL: f64 = 0.5;
const AFTER_SLOW: f64 = 0.95;
/// How fast the notion of a quick answer follows.
const FOLLOW: f64 = 0.02;

/// The limit of one endpoint.
#[derive(Clone, Debug)]
pub(super) struct Limiter {
    limit: f64,
    most: f64,
    quick_secs: Option<f64>,
    doubling: bool,
}

impl Limiter {
    pub(super) fn new(concurrency: Option<u32>) -> Self {
        let most = concurrency.map_or(MOST, f64::from);
        Self {
            // Who sets a number knows the endpoint.
            limit: concurrency.map_or(BEGIN, f64::from),
            most,
            quick_secs: None,
            doubling: true,
        }
    }

    /// Requests it bears now, at least one.
    pub(super) fn now(&self) -> usize {
        (self.limit as usize).max(1)
    }

    /// An answer came. `full`: as many as it bears were on their way.
    pub(super) fn answered(&mut self, took: Duration, output_tokens: u64, full: bool) {
        // Long answers take longer anywhere; the first token counts for twenty.
        let secs = took.as_secs_f64() / (20.0 + output_tokens as f64);
        let quick = *self.quick_secs.get_or_insert(secs);
        self.quick_secs = Some(if secs < quick {
            secs
        } else {
            quick + (secs - quick) * FOLLOW
        });
        if secs > quick * SLOW_FACTOR {
            self.shrink(AFTER_SLOW);
        } else if full {
            self.limit += if self.doubling { 1.0 } else { 1.0 / self.limit };
            self.limit = self.limit.min(self.most);
        }
    }

    /// It said that it is too much.
    pub(super) fn overloaded(&mut self) {
        self.shrink(AFTER_REFUSAL);
    }

    fn shrink(&mut self, to: f64) {
        self.doubling = false;
        self.limit = (self.limit * to).max(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(50);

    #[test]
    fn it_grows_while_nothing_gets_slower_and_stops_at_its_most() {
        let mut limiter = Limiter::new(None);
        for _ in 0..200 {
            limiter.answered(QUICK, 10, true);
        }
        assert!(limiter.now() > 200, "{}", limiter.now());
        for _ in 0..2_000 {
            limiter.answered(QUICK, 10, true);
        }
        assert_eq!(limiter.now(), 512);
    }

    #[test]
    fn answers_with_room_left_say_nothing() {
        let mut limiter = Limiter::new(None);
        for _ in 0..100 {
            limiter.answered(QUICK, 10, false);
        }
        assert_eq!(limiter.now(), 8);
    }

    #[test]
    fn too_much_halves_it_and_slowness_lowers_it() {
        let mut limiter = Limiter::new(Some(64));
        limiter.answered(QUICK, 10, true);
        limiter.overloaded();
        assert_eq!(limiter.now(), 32);
        for _ in 0..20 {
            limiter.answered(QUICK * 10, 10, true);
        }
        assert!(limiter.now() < 20, "{}", limiter.now());
        for _ in 0..10 {
            limiter.overloaded();
        }
        assert_eq!(limiter.now(), 1, "one always goes");
    }
}
