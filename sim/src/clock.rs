//! The village's two clocks: sim time, which ticks make, and the stamp, which comes from outside.

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::time::{SimTime, TimeSpec};

use crate::schedule::{Tick, TickSet};

/// Where the village is in time.
#[derive(Resource, Clone, Debug)]
pub(crate) struct Clock {
    /// Ticks begun; inside a tick, that tick's number (the first is 1).
    pub(crate) tick: u64,
    /// Commands applied since the last tick.
    pub(crate) order: u32,
    /// UTC milliseconds of the last thing that happened; never goes back.
    pub(crate) stamp_ms: i64,
    spec: TimeSpec,
}

impl Clock {
    pub(crate) fn new(spec: TimeSpec, tick: u64, stamp_ms: i64) -> Self {
        Self {
            tick,
            order: 0,
            stamp_ms,
            spec,
        }
    }

    /// Sim time now.
    pub(crate) fn now(&self) -> SimTime {
        self.spec.at(self.tick)
    }

    /// Ticks that a span of sim time lasts, at least one.
    pub(crate) fn ticks(&self, secs: u32) -> u64 {
        self.spec.ticks(secs)
    }

    /// How much of something that goes at `per_hour` passes in this tick.
    /// Summed over ticks it is exact, so slow rates are not lost to rounding.
    pub(crate) fn flow(&self, per_hour: i32) -> i32 {
        let at = |time: SimTime| (i64::from(per_hour) * time.0).div_euclid(3600);
        (at(self.now()) - at(self.spec.at(self.tick.saturating_sub(1)))) as i32
    }

    /// The stamp of the next tick where nobody gives one, UTC milliseconds: its sim time.
    pub(crate) fn next_sim_stamp(&self) -> i64 {
        self.spec.at(self.tick + 1).millis()
    }

    /// Moves the stamp on; a clock that was set back does not move it back.
    pub(crate) fn advance_stamp(&mut self, stamp_ms: i64) {
        self.stamp_ms = self.stamp_ms.max(stamp_ms);
    }
}

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(Tick, begin_tick.in_set(TickSet::Perceive));
}

pub(crate) fn begin_tick(mut clock: ResMut<Clock>) {
    clock.tick += 1;
    clock.order = 0;
}
