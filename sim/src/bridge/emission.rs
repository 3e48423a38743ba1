//! What leaves the village after a drain or a tick.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hamlet_protocol::command::{Answer, StampedCommand};
use hamlet_protocol::event::EventRecord;
use hamlet_protocol::image::WorldImage;
use hamlet_protocol::metrics::Sample;
use hamlet_protocol::minds::ThoughtAsk;
use hamlet_protocol::time::ClockAnchor;
use hamlet_protocol::view::WorldView;

use super::handle::{Reply, SideRows};
use crate::journal::StateHash;

/// Everything that one drain or one tick brought, in order: what a consumer makes durable as one.
#[derive(Debug, Default)]
pub struct Emission {
    /// Ticks done.
    pub tick: u64,
    /// Stamp of the last thing that happened, UTC milliseconds.
    pub stamp_ms: i64,
    /// Whether a tick ended here; else commands were applied between ticks.
    pub ticked: bool,
    /// Time that the tick took to compute; for whoever measures, never for the world.
    pub took: Duration,
    /// Processor time of the village's own thread in that tick; the same as `took` where the system does not tell.
    pub cpu: Duration,
    /// How long after its deadline the tick began; zero where it has none.
    pub late: Duration,
    /// The anchor by which this tick and those after it have their stamps, where a new one was made.
    /// Only an emission that ends a tick has one, and its place is *before* that tick: its `after_tick` is `tick - 1`.
    /// A consumer writes the anchor, then the tick, then the rest.
    pub anchor: Option<ClockAnchor>,
    /// Commands that took effect, in order: what the journal keeps.
    pub commands: Vec<StampedCommand>,
    /// What happened, in order.
    pub events: Vec<EventRecord>,
    /// Answers to release once all of this is durable.
    pub replies: Vec<PendingReply>,
    /// The series, where this tick was one to sample.
    pub sample: Option<Sample>,
    /// The state's hash, where this tick was one to record it.
    pub hash: Option<StateHash>,
    /// Questions to minds outside the tick, in order of agent numbers; the view beside them shows the world that they are about.
    pub asks: Vec<ThoughtAsk>,
    /// The world for readers.
    pub view: Option<Arc<WorldView>>,
    /// An image that was asked for.
    pub image: Option<Box<WorldImage>>,
    /// Why the run is over, in the last emission.
    pub ended: Option<String>,
}

/// An answer on its way to whoever asked.
pub struct PendingReply {
    /// The answer.
    pub answer: Answer,
    /// Rows of the same act that do not belong to the world.
    pub side: Option<SideRows>,
    /// Where the answer goes.
    pub reply: Reply,
}

impl PendingReply {
    /// Sends the answer off. The consumer calls it when everything before is durable.
    pub fn release(self) {
        (self.reply)(self.answer);
    }
}

impl fmt::Debug for PendingReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingReply")
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}
