//! What is committed as one, and the place in history that every commit moves.

use hamlet_protocol::event::EventRecord;

use crate::rows::Write;

/// Where the store stands. Every commit moves it, and is refused where it is not what the committer believes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// How many servers have taken this world so far; the present one has this number.
    pub epoch: i64,
    /// How many batches were committed.
    pub batch: i64,
    /// Number of the last durable event.
    pub last_seq: i64,
    /// The last tick that is durable.
    pub tick: i64,
    /// The stamp in force, UTC milliseconds.
    pub stamp_ms: i64,
    /// Number of the next journal frame.
    pub next_frame: i64,
    /// Order of the next command after `tick`.
    pub next_order: i32,
}

/// What is committed in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Where the store must stand.
    pub before: Head,
    /// Where it stands afterwards: the same epoch, the next batch.
    pub after: Head,
    /// Journal frames.
    pub frames: Vec<FrameRow>,
    /// Events in order of their numbers; transient ones are passed over.
    pub events: Vec<EventRecord>,
    /// Rows beside the world; of two with one key the later wins.
    pub writes: Vec<Write>,
}

/// A frame of the journal, as the bytes it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameRow {
    /// Its number.
    pub seq: i64,
    /// First tick it speaks of.
    pub first_tick: i64,
    /// Last tick it speaks of.
    pub last_tick: i64,
    /// The frame.
    pub bytes: Vec<u8>,
}
