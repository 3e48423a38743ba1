//! Sim time: the clock that needs, opening hours and scripted minds live by.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Seconds in a day.
pub const DAY_SECS: i64 = 86_400;

/// How ticks turn into sim time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeSpec {
    /// Ticks per second of wall clock, live pace only.
    pub tick_hz: f64,
    /// Seconds of sim time that one tick lasts.
    pub sim_secs_per_tick: u32,
    /// Sim time at tick 0.
    pub start: DateTime<Utc>,
}

impl TimeSpec {
    /// Sim time at the beginning of a tick.
    #[must_use]
    pub fn at(&self, tick: u64) -> SimTime {
        SimTime(self.start.timestamp() + tick as i64 * i64::from(self.sim_secs_per_tick))
    }

    /// Ticks that a span of sim time lasts, at least one.
    #[must_use]
    pub fn ticks(&self, secs: u32) -> u64 {
        u64::from(secs.div_ceil(self.sim_secs_per_tick)).max(1)
    }
}

/// A moment of sim time: whole seconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SimTime(pub i64);

impl SimTime {
    /// Seconds since midnight.
    #[must_use]
    pub fn second_of_day(self) -> u32 {
        self.0.rem_euclid(DAY_SECS) as u32
    }

    /// Days since the epoch.
    #[must_use]
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY_SECS)
    }

    /// Hour of the day, 0–23.
    #[must_use]
    pub fn hour(self) -> u32 {
        self.second_of_day() / 3600
    }

    /// The same moment as a date and time.
    #[must_use]
    pub fn datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).unwrap_or_default()
    }

    /// Milliseconds since the epoch: the stamp of a headless run.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0 * 1000
    }
}

/// A span of the day in seconds since midnight; it may wrap past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// First second it holds.
    pub from: u32,
    /// First second it no longer holds; equal to `from` means the whole day.
    pub to: u32,
}

impl Hours {
    /// Round the clock.
    pub const ALWAYS: Self = Self { from: 0, to: 0 };

    /// From one full hour to another.
    #[must_use]
    pub const fn between(from_hour: u32, to_hour: u32) -> Self {
        Self {
            from: from_hour * 3600,
            to: to_hour * 3600,
        }
    }

    /// Whether a moment lies inside.
    #[must_use]
    pub fn contains(self, time: SimTime) -> bool {
        let now = time.second_of_day();
        match self.from.cmp(&self.to) {
            std::cmp::Ordering::Equal => true,
            std::cmp::Ordering::Less => (self.from..self.to).contains(&now),
            std::cmp::Ordering::Greater => now >= self.from || now < self.to,
        }
    }
}

/// Where the stamps of ticks come from until the next anchor: so that a journal need not keep one per tick.
///
/// It is made when the wall clock and its prediction have drifted apart, and is in force for the ticks after its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockAnchor {
    /// Ticks done when it came into force: the first it is for is the next one.
    pub after_tick: u64,
    /// UTC milliseconds that it counts from.
    pub stamp_ms: i64,
    /// Microseconds from one tick to the next.
    pub period_us: u64,
}

impl ClockAnchor {
    /// An anchor that leaves stamps to sim time, for a run without a clock that goes on with a journal that has anchors.
    #[must_use]
    pub fn sim_time(after_tick: u64) -> Self {
        Self {
            after_tick,
            stamp_ms: i64::MIN,
            period_us: 0,
        }
    }

    /// The anchor by which the tick after `after_tick` has this stamp.
    #[must_use]
    pub fn for_next(after_tick: u64, stamp_ms: i64, period_us: u64) -> Self {
        let period_ms = i64::try_from(period_us / 1000).unwrap_or(i64::MAX);
        Self {
            after_tick,
            stamp_ms: stamp_ms.saturating_sub(period_ms),
            period_us,
        }
    }

    /// The stamp it predicts for a tick, UTC milliseconds. What is in force is never behind the stamp before.
    #[must_use]
    pub fn stamp_of(&self, tick: u64) -> i64 {
        let ticks = u128::from(tick.saturating_sub(self.after_tick));
        let millis = ticks * u128::from(self.period_us) / 1000;
        self.stamp_ms
            .saturating_add(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_predicts_whole_milliseconds_and_never_overflows() {
        let anchor = ClockAnchor::for_next(10, 5_000, 1_500);
        assert_eq!(anchor.stamp_of(11), 5_000);
        // 4999 + 4.5 and + 6 ms.
        assert_eq!([13, 14].map(|tick| anchor.stamp_of(tick)), [5_003, 5_005]);
        let never = ClockAnchor::sim_time(10);
        assert_eq!(never.stamp_of(u64::MAX), i64::MIN);
        let far = ClockAnchor {
            after_tick: 0,
            stamp_ms: i64::MAX - 1,
            period_us: u64::MAX,
        };
        assert_eq!(far.stamp_of(u64::MAX), i64::MAX);
    }

    #[test]
    fn hours_wrap_past_midnight() {
        let night = Hours::between(22, 6);
        let at = |hour: i64| SimTime(hour * 3600);
        assert!(night.contains(at(23)) && night.contains(at(5)) && !night.contains(at(6)));
        assert!(Hours::ALWAYS.contains(at(12)));
        assert!(Hours::between(8, 9).contains(at(-16)));
    }
}
