//! Minds and the village together: a town in lockstep with scripted servers of models, and what its hash does not depend on.
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic, and its line says where"
)]

mod costs;
mod hostile;
mod lockstep;
mod memories;
mod money;
mod survey;
mod talks;
mod tasks;
mod tiers;
mod town;
