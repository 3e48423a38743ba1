//! A village that is brought up to date by records: what a replay does, and a server at boot.

use hamlet_protocol::time::ClockAnchor;

use super::ReplayError;
use crate::journal::{FrameBuilder, FrameError, Place, Record, StateHash, decode_frame};
use crate::village::Village;

/// Applies a journal's records to the village of its image.
///
/// A server resumes its newest image, gives it every later row of its journal table with [`Replayer::frame`],
/// ticks on to where its tables end, and takes the village out:
/// what was a running world is one again, bit for bit.
/// Whoever takes an image closes the frame with it, so that a frame lies wholly before it or wholly after.
pub struct Replayer {
    village: Village,
    anchor: Option<ClockAnchor>,
    /// Number of the next frame, once one was read.
    next_frame: Option<u64>,
    /// Where the frames read so far end.
    frames_until: u64,
    hashes: u64,
    last: Option<StateHash>,
}

impl Replayer {
    /// Begins where a village stands: resumed from an image, before the first of its ticks.
    #[must_use]
    pub fn new(village: Village) -> Self {
        let frames_until = village.tick_count();
        Self {
            village,
            anchor: None,
            next_frame: None,
            frames_until,
            hashes: 0,
            last: None,
        }
    }

    /// Applies the next frame, such as a row of a journal table: its records and its ticks.
    /// The first may have any number, and must begin where the image was made.
    ///
    /// # Errors
    /// [`ReplayError::Frame`] when the bytes are damaged or it is not the next frame; nothing has changed then.
    /// Else as [`Replayer::record`].
    pub fn frame(&mut self, bytes: &[u8]) -> Result<(), ReplayError> {
        let bad = |source| ReplayError::Frame {
            next_frame: self.next_frame.unwrap_or(0),
            source,
        };
        let frame = decode_frame(bytes).map_err(bad)?;
        let mut place = Place {
            seq: self.next_frame.unwrap_or(frame.header.seq),
            tick: self.frames_until,
            order: self.village.order(),
            hash: None,
        };
        let records = place
            .accept(frame.header, &frame.raw)
            .map_err(|what| bad(FrameError::Bad(what)))?;
        for record in &records {
            self.record(record)?;
        }
        self.tick_to(place.tick);
        (self.next_frame, self.frames_until) = (Some(place.seq), place.tick);
        Ok(())
    }

    /// Ticks up to a record's place and applies it.
    ///
    /// # Errors
    /// When its place is already past, a command is refused, or the state's hash is not the recorded one.
    /// The village is of no use then.
    pub fn record(&mut self, record: &Record) -> Result<(), ReplayError> {
        let (tick, done) = (record.tick(), self.village.tick_count());
        if tick < done {
            return Err(ReplayError::Past {
                record: tick,
                village: done,
            });
        }
        self.tick_to(tick);
        match record {
            Record::Command { stamped, .. } => match self.village.apply(stamped) {
                Ok(_applied) => Ok(()),
                Err(why) => Err(ReplayError::Refused { tick, why }),
            },
            Record::Hash { hash, .. } => self.compare(tick, *hash),
            Record::Anchor(anchor) => {
                self.anchor = Some(*anchor);
                Ok(())
            }
        }
    }

    /// Compares the state's hash with what was recorded.
    pub(super) fn compare(&mut self, tick: u64, recorded: StateHash) -> Result<(), ReplayError> {
        let found = self.village.state_hash();
        self.hashes += 1;
        self.last = Some(found);
        if found == recorded {
            return Ok(());
        }
        Err(ReplayError::Diverged {
            tick,
            recorded,
            found,
        })
    }

    /// Runs ticks until so many are done, with the stamps of the anchor in force. A tick already done is no error.
    pub fn tick_to(&mut self, tick: u64) {
        self.tick_to_and_tell(tick, &mut |_done| {});
    }

    /// The same, and `progress` hears of ticks done.
    pub(super) fn tick_to_and_tell(&mut self, tick: u64, progress: &mut impl FnMut(u64)) {
        while self.village.tick_count() < tick {
            let next = self.village.tick_count() + 1;
            self.village
                .tick(self.anchor.map(|anchor| anchor.stamp_of(next)));
            progress(next);
            self.discard();
        }
    }

    /// Nobody listens, but what is not taken piles up.
    fn discard(&mut self) {
        drop(self.village.take_events());
        drop(self.village.take_sample());
    }

    /// Ticks done.
    #[must_use]
    pub fn tick_count(&self) -> u64 {
        self.village.tick_count()
    }

    /// Hashes compared so far; every one of them agreed.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.hashes
    }

    /// The last hash computed.
    pub(super) fn last_hash(&self) -> Option<StateHash> {
        self.last
    }

    /// The village as far as it has come.
    pub fn village(&mut self) -> &mut Village {
        &mut self.village
    }

    /// Goes on with the journal where it ended. `first_frame` is the number of its next frame where none was read here.
    #[must_use]
    pub fn frame_builder(&self, first_frame: u64) -> FrameBuilder {
        let place = Place {
            seq: self.next_frame.unwrap_or(first_frame),
            tick: self.village.tick_count(),
            order: self.village.order(),
            hash: None,
        };
        FrameBuilder::behind(place, self.frames_until)
    }

    /// The village, brought up to date, with nothing left over of what has happened before.
    #[must_use]
    pub fn into_village(mut self) -> Village {
        self.discard();
        self.village
    }
}
