//! The order of a tick, declared here and nowhere else.

use bevy_app::App;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SingleThreadedExecutor};

/// The schedule of one tick. It runs when [`crate::village::Village::tick`] says so, never by itself.
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tick;

/// The steps of a tick, in this order.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TickSet {
    /// Time passes: the clock, scheduled interventions, opening hours, needs.
    Perceive,
    /// Minds choose.
    Decide,
    /// What they chose is validated and done; conversations go on.
    Act,
    /// Bodies move.
    Resolve,
    /// The village is measured.
    Emit,
}

pub(crate) fn plugin(app: &mut App) {
    let mut schedule = Schedule::new(Tick);
    schedule
        .set_executor(SingleThreadedExecutor::new())
        .set_build_settings(ScheduleBuildSettings {
            ambiguity_detection: LogLevel::Error,
            ..ScheduleBuildSettings::default()
        })
        .configure_sets(
            (
                TickSet::Perceive,
                TickSet::Decide,
                TickSet::Act,
                TickSet::Resolve,
                TickSet::Emit,
            )
                .chain(),
        );
    app.add_schedule(schedule);
}
