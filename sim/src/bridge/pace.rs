//! How fast ticks follow each other, and where stamps come from.
//!
//! Pace decides only *when* a tick runs, never what it computes. This is the one place of the crate that looks at the wall clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How fast ticks follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As fast as they can.
    Fast,
    /// This many per second. Missed ticks are not made up for.
    Realtime {
        /// Ticks per second.
        hz: f64,
    },
    /// Not at all.
    Paused,
}

/// Where stamps come from.
pub trait Stamps: Send {
    /// The stamp of something that happens now, UTC milliseconds; `None` for sim time.
    fn now_ms(&self) -> Option<i64>;
}

/// Stamps of headless runs: sim time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SimStamps;

impl Stamps for SimStamps {
    fn now_ms(&self) -> Option<i64> {
        None
    }
}

/// Stamps of a live village: the wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct WallClock;

impl Stamps for WallClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "a stamp enters here as data, is journalled and never read again from the clock"
    )]
    fn now_ms(&self) -> Option<i64> {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).ok()
    }
}

/// The deadline of the next tick.
#[derive(Debug)]
pub(super) struct Metronome {
    next: Instant,
}

impl Metronome {
    pub(super) fn start() -> Self {
        Self { next: now() }
    }

    /// When the next tick is due.
    pub(super) fn due(&self) -> Instant {
        self.next
    }

    /// How long ago the deadline was.
    pub(super) fn late(&self) -> Duration {
        now().saturating_duration_since(self.next)
    }

    /// Sets the deadline after a tick. After a long pause the next tick follows one period later: no burst.
    pub(super) fn advance(&mut self, hz: f64) {
        self.next = (self.next + period(hz)).max(now());
    }
}

/// From one tick to the next.
pub(super) fn period(hz: f64) -> Duration {
    Duration::from_secs_f64(1.0 / hz.clamp(0.001, 100_000.0))
}

/// Measures how long something took, and how much of a processor it cost.
#[derive(Debug)]
pub(super) struct Stopwatch {
    began: Instant,
    cpu: Option<Duration>,
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self {
            began: now(),
            cpu: thread_cpu(),
        }
    }

    pub(super) fn elapsed(&self) -> Duration {
        now().saturating_duration_since(self.began)
    }

    /// Processor time of this thread since the start, where the system tells.
    pub(super) fn cpu(&self) -> Option<Duration> {
        Some(thread_cpu()?.saturating_sub(self.cpu?))
    }
}

/// Processor time that this thread has had.
#[cfg(unix)]
fn thread_cpu() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let secs = u64::try_from(time.tv_sec).ok()?;
    Some(Duration::new(secs, u32::try_from(time.tv_nsec).ok()?))
}

#[cfg(not(unix))]
fn thread_cpu() -> Option<Duration> {
    None
}

#[allow(
    clippy::disallowed_methods,
    reason = "deadlines decide when a tick runs, not what it computes"
)]
fn now() -> Instant {
    Instant::now()
}
