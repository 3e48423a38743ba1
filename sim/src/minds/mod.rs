//! Minds inside the tick: habits, and the words that go with them.
//!
//! Whatever kind of mind decides, its acts are the same and are done in [`act_out`], in order of agent number.

mod external;
mod halting;
mod paying;
mod resting;
pub(crate) mod scripted;
pub(crate) mod speech;
mod thinking;
pub(crate) mod words;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::act::Act;

use crate::schedule::{Tick, TickSet};
use crate::town::Town;

pub(crate) use paying::THOUGHT;
pub(crate) use thinking::Thinking;

/// What minds chose to do in this tick, in order of agent number.
#[derive(Resource, Debug, Default)]
pub(crate) struct Intents(pub(crate) Vec<(u32, Act)>);

/// Does what was chosen. An act that has become impossible since is dropped: the mind sees the world as it is next time.
pub(crate) fn act_out(mut town: Town, mut intents: ResMut<Intents>) {
    for (no, act) in intents.0.drain(..) {
        if !town.is_resident(no) {
            continue;
        }
        if let Err(refused) = town.act_by_habit(no, &act) {
            town.totals.refused += 1;
            scripted::refused(&mut town, no, &act, &refused);
        }
    }
}

pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<Intents>().add_systems(
        Tick,
        (
            (
                external::look_after,
                thinking::ask_for_thoughts,
                scripted::decide,
            )
                .chain()
                .in_set(TickSet::Decide),
            act_out.in_set(TickSet::Act),
        ),
    );
}
