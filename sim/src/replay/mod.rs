//! A journal, run again: the same start and the same commands make the same world.

mod replayer;
#[cfg(test)]
mod tests;

use std::io::Read;

use hamlet_protocol::command::Rejection;

pub use self::replayer::Replayer;
use crate::journal::{End, FrameError, JournalError, JournalReader, Record, StateHash};
use crate::village::{Village, VillageError, VillageOptions};

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every hash on the way is the recorded one.
    Agreed {
        /// Ticks replayed.
        ticks: u64,
        /// Hashes compared.
        hashes: u64,
        /// The last of them.
        last: Option<StateHash>,
    },
    /// The world is another than the recorded one.
    Diverged {
        /// First tick with another hash.
        tick: u64,
        /// What the journal says.
        recorded: StateHash,
        /// What this build computes.
        found: StateHash,
    },
    /// Every hash agrees up to where the journal is cut off.
    CutOff {
        /// Last tick that is whole.
        tick: u64,
        /// Hashes compared.
        hashes: u64,
        /// What is missing.
        what: String,
    },
}

/// Why a replay can't go on.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It does not begin with a world.
    #[error(transparent)]
    Village(#[from] VillageError),
    /// A row of a journal table is damaged, or it is not the one that comes next.
    #[error(
        "frame {next_frame} of the journal can't follow here: {source}; restore the journal, or go on from an older image"
    )]
    Frame {
        /// Number of the frame that should stand here; 0 where none was read yet.
        next_frame: u64,
        /// What is wrong with it.
        source: FrameError,
    },
    /// A record lies before what the village has already done.
    #[error(
        "a record of tick {record} comes when the village has done {village} ticks: give the replay the frames after its image, in order"
    )]
    Past {
        /// Tick of the record.
        record: u64,
        /// Ticks done.
        village: u64,
    },
    /// The world is another than the recorded one.
    #[error(
        "the world differs at tick {tick}: recorded {recorded}, found {found}; the journal is of another build or damaged"
    )]
    Diverged {
        /// First tick with another hash.
        tick: u64,
        /// What the journal says.
        recorded: StateHash,
        /// What this build computes.
        found: StateHash,
    },
    /// A recorded command is refused now: the world has diverged before.
    #[error(
        "the command recorded after tick {tick} is refused now ({why}): the replay has diverged since the last hash"
    )]
    Refused {
        /// The tick it came after.
        tick: u64,
        /// The refusal.
        why: Rejection,
    },
}

/// A journal being run again.
pub struct Replay<R> {
    journal: JournalReader<R>,
    replayer: Replayer,
    /// Read but not yet due.
    next: Option<Record>,
    first: u64,
    /// What came out, once there is nothing left to run.
    done: Option<Verdict>,
}

impl<R: Read> Replay<R> {
    /// Sets the village up as the journal begins.
    ///
    /// # Errors
    /// When the journal's image is no world.
    pub fn begin(journal: JournalReader<R>, options: VillageOptions) -> Result<Self, ReplayError> {
        let village = Village::resume(journal.header().start.clone(), options)?;
        let first = village.tick_count();
        Ok(Self {
            journal,
            replayer: Replayer::new(village),
            next: None,
            first,
            done: None,
        })
    }

    /// Tick the journal begins at.
    #[must_use]
    pub fn first_tick(&self) -> u64 {
        self.first
    }

    /// The village as far as it has come.
    pub fn village(&mut self) -> &mut Village {
        self.replayer.village()
    }

    /// Runs up to a tick, or to the journal's end, and compares every hash on the way. `progress` hears of ticks done.
    /// Called again, it goes on from where it is.
    ///
    /// # Errors
    /// When the journal is damaged, or a recorded command is refused.
    pub fn run(
        &mut self,
        until: Option<u64>,
        mut progress: impl FnMut(u64),
    ) -> Result<Verdict, ReplayError> {
        if let Some(verdict) = &self.done {
            return Ok(verdict.clone());
        }
        let until = until.unwrap_or(u64::MAX);
        while let Some(record) = self.next_record()? {
            let due = record.tick();
            if due > until {
                self.next = Some(record);
                self.replayer.tick_to_and_tell(until, &mut progress);
                return Ok(self.agreed());
            }
            self.replayer.tick_to_and_tell(due, &mut progress);
            if let Some(diverged) = verdict_of(self.replayer.record(&record))? {
                return Ok(self.done.insert(diverged).clone());
            }
        }
        self.finish(until, &mut progress)
    }

    /// Reads what is left of the journal without running it, and says how it ends. Nothing can be run afterwards.
    ///
    /// # Errors
    /// When the rest is damaged.
    pub fn look_ahead(&mut self) -> Result<Option<End>, JournalError> {
        while self.next_record()?.is_some() {}
        Ok(self.journal.end().cloned())
    }

    fn next_record(&mut self) -> Result<Option<Record>, JournalError> {
        match self.next.take() {
            Some(record) => Ok(Some(record)),
            None => self.journal.next_record(),
        }
    }

    /// The journal is read to its end.
    fn finish(
        &mut self,
        until: u64,
        progress: &mut impl FnMut(u64),
    ) -> Result<Verdict, ReplayError> {
        match self.journal.end().cloned() {
            Some(End::Finished {
                last_tick: ticks,
                final_hash,
                ..
            }) => {
                self.replayer.tick_to_and_tell(ticks.min(until), progress);
                if ticks > until {
                    return Ok(self.agreed());
                }
                let diverged = verdict_of(self.replayer.compare(ticks, final_hash))?;
                let verdict = diverged.unwrap_or_else(|| self.agreed());
                Ok(self.done.insert(verdict).clone())
            }
            Some(End::Truncated {
                good_until_tick,
                what,
                ..
            }) => {
                self.replayer
                    .tick_to_and_tell(good_until_tick.min(until), progress);
                if good_until_tick >= until {
                    return Ok(self.agreed());
                }
                Ok(Verdict::CutOff {
                    tick: self.replayer.tick_count(),
                    hashes: self.replayer.hashes(),
                    what,
                })
            }
            None => Ok(self.agreed()),
        }
    }

    fn agreed(&self) -> Verdict {
        Verdict::Agreed {
            ticks: self.replayer.tick_count() - self.first,
            hashes: self.replayer.hashes(),
            last: self.replayer.last_hash(),
        }
    }
}

/// That a world has come out differently is what one wants to know, not a failure to find out.
fn verdict_of(met: Result<(), ReplayError>) -> Result<Option<Verdict>, ReplayError> {
    match met {
        Ok(()) => Ok(None),
        Err(ReplayError::Diverged {
            tick,
            recorded,
            found,
        }) => Ok(Some(Verdict::Diverged {
            tick,
            recorded,
            found,
        })),
        Err(other) => Err(other),
    }
}
