#![doc = include_str!("../README.md")]

mod board;
pub mod bridge;
mod clock;
mod community;
mod doing;
pub mod economy;
pub mod fault;
pub mod files;
mod image;
mod interventions;
mod inventory;
pub mod journal;
mod lifecycle;
mod log;
mod metrics;
mod minds;
pub mod model;
mod moderation;
mod movement;
mod news;
mod people;
mod places;
mod profile;
pub mod replay;
pub mod reputation;
mod resident;
pub mod rng;
mod roster;
pub mod scenario;
mod schedule;
mod social;
pub mod space;
mod standing;
mod talk;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod ties;
mod town;
mod view;
pub mod village;

pub use schedule::{Tick, TickSet};
pub use village::{Village, VillageError, VillageOptions};

/// Every feature of the village.
fn plugins(app: &mut bevy_app::App) {
    app.add_plugins((
        schedule::plugin,
        clock::plugin,
        interventions::plugin,
        places::plugin,
        doing::plugin,
        minds::plugin,
        talk::plugin,
        movement::plugin,
        metrics::plugin,
        moderation::plugin,
        economy::plugin,
    ));
}
