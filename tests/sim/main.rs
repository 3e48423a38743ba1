//! Whole villages over the public surface of `hamlet-sim`: a scenario goes in, events and a hash come out.
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic, and its line says where"
)]

mod bridged;
mod determinism;
mod interventions;
mod shipped;
mod sim;
