//! A journal, run again: the same start and the same commands make the same world.

use std::io::Read;

use hamlet_protocol::command::Rejection;

use crate::journal::{End, JournalError, JournalReader, Record, StateHash};
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
    village: Village,
    /// Read but not yet due.
    next: Option<Record>,
    first: u64,
    hashes: u64,
    last: Option<StateHash>,
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
            village,
            next: None,
            first,
            hashes: 0,
            last: None,
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
        &mut self.village
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
            let due = tick_of(&record);
            if due > until {
                self.next = Some(record);
                self.tick_to(until, &mut progress);
                return Ok(self.agreed());
            }
            self.tick_to(due, &mut progress);
            if let Some(diverged) = self.meet(record)? {
                return Ok(self.done.insert(diverged).clone());
            }
        }
        self.finish(until, &mut progress)
    }

    fn next_record(&mut self) -> Result<Option<Record>, JournalError> {
        match self.next.take() {
            Some(record) => Ok(Some(record)),
            None => self.journal.next_record(),
        }
    }

    fn tick_to(&mut self, tick: u64, progress: &mut impl FnMut(u64)) {
        while self.village.tick_count() < tick {
            self.village.tick(None);
            // Nobody listens, but what is not taken piles up.
            drop(self.village.take_events());
            drop(self.village.take_sample());
            progress(self.village.tick_count());
        }
    }

    fn meet(&mut self, record: Record) -> Result<Option<Verdict>, ReplayError> {
        match record {
            Record::Command {
                after_tick,
                stamped,
                ..
            } => {
                self.village
                    .apply(&stamped)
                    .map_err(|why| ReplayError::Refused {
                        tick: after_tick,
                        why,
                    })?;
                Ok(None)
            }
            Record::Hash { tick, hash } => Ok(self.compare(tick, hash)),
        }
    }

    fn compare(&mut self, tick: u64, recorded: StateHash) -> Option<Verdict> {
        let found = self.village.state_hash();
        self.hashes += 1;
        self.last = Some(found);
        (found != recorded).then_some(Verdict::Diverged {
            tick,
            recorded,
            found,
        })
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
                self.tick_to(ticks.min(until), progress);
                if ticks > until {
                    return Ok(self.agreed());
                }
                let diverged = self.compare(ticks, final_hash);
                let verdict = diverged.unwrap_or_else(|| self.agreed());
                Ok(self.done.insert(verdict).clone())
            }
            Some(End::Truncated {
                good_until_tick,
                what,
                ..
            }) => {
                self.tick_to(good_until_tick.min(until), progress);
                if good_until_tick >= until {
                    return Ok(self.agreed());
                }
                Ok(Verdict::CutOff {
                    tick: self.village.tick_count(),
                    hashes: self.hashes,
                    what,
                })
            }
            None => Ok(self.agreed()),
        }
    }

    fn agreed(&self) -> Verdict {
        let ticks = self.village.tick_count() - self.first;
        Verdict::Agreed {
            ticks,
            hashes: self.hashes,
            last: self.last,
        }
    }
}

/// The tick after which a record has its place.
fn tick_of(record: &Record) -> u64 {
    match record {
        Record::Command { after_tick, .. } => *after_tick,
        Record::Hash { tick, .. } => *tick,
    }
}
