//! Keeps the anchor of a live village's stamps: one line in the journal while the wall clock goes as expected.

use hamlet_protocol::time::ClockAnchor;

use super::pace::{Pace, period};

/// How far the wall clock and the prediction may be apart before a new anchor is made, in milliseconds.
const DRIFT_MS: u64 = 1_000;

/// The anchor in force, and whether it still is.
#[derive(Debug, Default)]
pub(super) struct Anchorage {
    anchor: Option<ClockAnchor>,
}

impl Anchorage {
    /// The next tick needs a new anchor, whatever the clock says.
    pub(super) fn weigh(&mut self) {
        self.anchor = None;
    }

    /// The stamp of the tick after `after_tick`, and the anchor if a new one was needed.
    pub(super) fn stamp(
        &mut self,
        after_tick: u64,
        now_ms: i64,
        pace: Pace,
    ) -> (i64, Option<ClockAnchor>) {
        let predicted = self.anchor.map(|anchor| anchor.stamp_of(after_tick + 1));
        if let Some(stamp_ms) = predicted.filter(|stamp_ms| stamp_ms.abs_diff(now_ms) < DRIFT_MS) {
            return (stamp_ms, None);
        }
        let anchor = ClockAnchor::for_next(after_tick, now_ms, period_us(pace));
        self.anchor = Some(anchor);
        (anchor.stamp_of(after_tick + 1), Some(anchor))
    }
}

/// Microseconds between two ticks. Where nobody knows it is 0, and the clock is looked at again and again.
fn period_us(pace: Pace) -> u64 {
    match pace {
        Pace::Realtime { hz } => period(hz).as_micros().try_into().unwrap_or(u64::MAX),
        Pace::Fast | Pace::Paused => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stamps and anchors of ten ticks a second by a clock that says this.
    fn stamps(clock: &[i64]) -> (Vec<i64>, Vec<u64>) {
        let mut anchorage = Anchorage::default();
        let (mut stamps, mut anchored) = (Vec::new(), Vec::new());
        for (tick, &now_ms) in (0..).zip(clock) {
            let (stamp_ms, anchor) = anchorage.stamp(tick, now_ms, Pace::Realtime { hz: 10.0 });
            stamps.push(stamp_ms);
            anchored.extend(anchor.map(|anchor| anchor.after_tick));
        }
        (stamps, anchored)
    }

    #[test]
    fn a_clock_that_goes_well_needs_one_anchor() {
        let clock: Vec<i64> = (0..50).map(|n| 7_000 + 100 * n + n % 9).collect();
        let (stamps, anchored) = stamps(&clock);
        assert_eq!(anchored, [0]);
        let expected: Vec<i64> = (0..50).map(|n| 7_000 + 100 * n).collect();
        assert_eq!(stamps, expected);
    }

    #[test]
    fn a_clock_that_jumps_gets_a_new_anchor_at_a_second() {
        let (stamps, anchored) = stamps(&[0, 1_099, 1_200, 301, 401]);
        // 1 099 is 999 ms from what was expected, 1 200 is 1 000.
        assert_eq!(anchored, [0, 2]);
        assert_eq!(stamps, [0, 100, 1_200, 1_300, 1_400]);
    }
}
