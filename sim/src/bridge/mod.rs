//! The way in and out of a running village: a bounded inbox, a bounded outbox, one thread between them.
//!
//! A client puts an [`Envelope`] into the inbox through a [`SimHandle`]. The thread that owns the [`crate::Village`]
//! drains it between ticks and sends what happened as [`Emission`]s, which block rather than drop:
//! a slow consumer slows the village and loses nothing.

mod anchor;
mod awaited;
mod emission;
mod handle;
mod pace;
mod runner;

pub use emission::{Emission, PendingReply};
pub use handle::{Control, Envelope, InboxError, Reply, SideRows, SimHandle};
pub use pace::{Pace, Stamps, WallClock};
pub use runner::{BridgeOptions, Outcome, spawn};

#[cfg(test)]
mod tests;
