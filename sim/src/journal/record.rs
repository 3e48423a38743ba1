//! Records: what a journal remembers of a run, gathered into frames and read out of them again.

use std::io;

use hamlet_protocol::command::StampedCommand;
use hamlet_protocol::time::ClockAnchor;
use serde::{Deserialize, Serialize};

use super::frame::{FRAME_RAW_BYTES_MAX, Frame, FrameError, FrameHeader, FrameKind, encode_frame};
use super::hash::StateHash;

/// Bytes of records after which a frame is full.
pub const FRAME_RECORD_BYTES: usize = 64 << 10;

/// Ticks after which a frame is full, however little happened.
pub const FRAME_TICKS_MAX: u64 = 10_000;

/// One thing a journal remembers, in the order it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A command was given to the world.
    Command {
        /// Tick after which it was given; 0: before the first.
        after_tick: u64,
        /// Its number among the commands after that tick, from 0.
        order: u32,
        /// The command and its stamp.
        stamped: StampedCommand,
    },
    /// The state had this hash: after this tick and after every record before this one.
    Hash {
        /// Ticks done.
        tick: u64,
        /// The hash.
        hash: StateHash,
    },
    /// Ticks after this place have their stamps from this anchor. Before the first one stamps are those of sim time.
    Anchor(ClockAnchor),
}

impl Record {
    /// Ticks done at its place.
    #[must_use]
    pub fn tick(&self) -> u64 {
        match self {
            Self::Command { after_tick, .. } => *after_tick,
            Self::Hash { tick, .. } => *tick,
            Self::Anchor(anchor) => anchor.after_tick,
        }
    }
}

/// [`Record`] without owning the command; both have the same bytes.
#[derive(Serialize)]
#[serde(rename = "Record", rename_all = "snake_case")]
enum RecordRef<'a> {
    Command {
        after_tick: u64,
        order: u32,
        stamped: &'a StampedCommand,
    },
    Hash {
        tick: u64,
        hash: StateHash,
    },
    Anchor(ClockAnchor),
}

/// Gathers records into frames. A live village writes what it closes as rows of a table, a run as a file.
#[derive(Debug)]
pub struct FrameBuilder {
    place: Place,
    first_tick: u64,
    raw: Vec<u8>,
}

impl FrameBuilder {
    /// A builder that begins with frame number `seq` where the world has done `tick` ticks and, after the last of them, `order` commands.
    #[must_use]
    pub fn new(seq: u64, tick: u64, order: u32) -> Self {
        Self::at(Place {
            seq,
            tick,
            order,
            hash: None,
        })
    }

    /// A builder that goes on from a place.
    pub(super) fn at(place: Place) -> Self {
        Self::behind(place, place.tick)
    }

    /// A builder that goes on from a place where the frame before ended at an earlier tick, without a record since.
    pub(crate) fn behind(place: Place, first_tick: u64) -> Self {
        Self {
            place,
            first_tick,
            raw: Vec::new(),
        }
    }

    /// Adds a command and gives back its number among those after this tick.
    ///
    /// # Errors
    /// `InvalidInput` when the tick lies before one already recorded, `FileTooLarge` when the frame would grow beyond
    /// [`FRAME_RAW_BYTES_MAX`]: close it and try again. A command that does not fit into an empty frame cannot be recorded.
    pub fn command(&mut self, after_tick: u64, stamped: &StampedCommand) -> io::Result<u32> {
        let mut place = self.place;
        place.reach(after_tick).map_err(invalid_input)?;
        let order = place.order;
        place.command(after_tick, order).map_err(invalid_input)?;
        self.push(&RecordRef::Command {
            after_tick,
            order,
            stamped,
        })?;
        self.place = place;
        Ok(order)
    }

    /// Adds a state hash.
    ///
    /// # Errors
    /// As [`FrameBuilder::command`].
    pub fn hash(&mut self, tick: u64, hash: StateHash) -> io::Result<()> {
        let mut place = self.place;
        place.hash(tick, hash).map_err(invalid_input)?;
        self.push(&RecordRef::Hash { tick, hash })?;
        self.place = place;
        Ok(())
    }

    /// Adds an anchor for the ticks to come.
    ///
    /// # Errors
    /// As [`FrameBuilder::command`].
    pub fn anchor(&mut self, anchor: ClockAnchor) -> io::Result<()> {
        let mut place = self.place;
        place.anchor(anchor).map_err(invalid_input)?;
        self.push(&RecordRef::Anchor(anchor))?;
        self.place = place;
        Ok(())
    }

    /// Notes that the world has done so many ticks.
    ///
    /// # Errors
    /// `InvalidInput` when that lies before a tick already recorded.
    pub fn tick(&mut self, tick: u64) -> io::Result<()> {
        self.place.reach(tick).map_err(invalid_input)
    }

    /// Whether the frame should be closed: it has [`FRAME_RECORD_BYTES`] or [`FRAME_TICKS_MAX`].
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.raw.len() >= FRAME_RECORD_BYTES || self.place.tick - self.first_tick >= FRAME_TICKS_MAX
    }

    /// Number of the frame being built.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.place.seq
    }

    /// Tick the world had reached when the frame was begun.
    #[must_use]
    pub fn first_tick(&self) -> u64 {
        self.first_tick
    }

    /// Ticks the world has done, as far as recorded.
    #[must_use]
    pub fn last_tick(&self) -> u64 {
        self.place.tick
    }

    /// Commands recorded after the last of those ticks.
    #[must_use]
    pub fn order(&self) -> u32 {
        self.place.order
    }

    /// Closes the frame and begins the next; `None` when nothing has happened since the last was closed.
    ///
    /// # Errors
    /// What the compressor says.
    pub fn close(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.raw.is_empty() && self.place.tick == self.first_tick {
            return Ok(None);
        }
        let header = FrameHeader {
            kind: FrameKind::Data,
            last: false,
            seq: self.place.seq,
            first_tick: self.first_tick,
            last_tick: self.place.tick,
        };
        let frame = encode_frame(header, &self.raw)?;
        self.raw.clear();
        self.place.seq += 1;
        self.first_tick = self.place.tick;
        Ok(Some(frame))
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    fn push(&mut self, record: &RecordRef<'_>) -> io::Result<()> {
        let before = self.raw.len();
        let written =
            rmp_serde::encode::write_named(&mut self.raw, record).map_err(io::Error::other);
        let fits = self.raw.len() <= FRAME_RAW_BYTES_MAX;
        if written.is_err() || !fits {
            self.raw.truncate(before);
        }
        written?;
        if fits {
            return Ok(());
        }
        let what = format!(
            "a journal frame holds at most {FRAME_RAW_BYTES_MAX} bytes, and this record would not fit"
        );
        Err(io::Error::new(io::ErrorKind::FileTooLarge, what))
    }
}

fn invalid_input(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

/// The records of a frame, such as a row of a journal table.
///
/// # Errors
/// [`FrameError::Bad`] when it is no frame of records, or they are not in order.
pub fn decode_records(frame: &Frame) -> Result<Vec<Record>, FrameError> {
    // Its predecessors are not known here, so the number of the first command is taken as it is.
    let records = parse(&frame.raw).map_err(FrameError::Bad)?;
    let order = match records
        .iter()
        .find(|record| matches!(record, Record::Command { .. }))
    {
        Some(Record::Command {
            after_tick, order, ..
        }) if *after_tick == frame.header.first_tick => *order,
        _ => 0,
    };
    let mut place = Place {
        seq: frame.header.seq,
        tick: frame.header.first_tick,
        order,
        hash: None,
    };
    place
        .follow(frame.header, &records)
        .map_err(FrameError::Bad)?;
    Ok(records)
}

/// How far a journal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Number of the next frame.
    pub(crate) seq: u64,
    /// Ticks done.
    pub(crate) tick: u64,
    /// Commands given since the last of them.
    pub(crate) order: u32,
    /// The state's hash, if the last record is one and no tick came after it.
    pub(crate) hash: Option<StateHash>,
}

impl Place {
    /// Takes the next frame, or says why it cannot be the next one.
    pub(crate) fn accept(
        &mut self,
        header: FrameHeader,
        raw: &[u8],
    ) -> Result<Vec<Record>, String> {
        let records = parse(raw)?;
        self.follow(header, &records)?;
        Ok(records)
    }

    fn follow(&mut self, header: FrameHeader, records: &[Record]) -> Result<(), String> {
        if header.kind != FrameKind::Data || header.last {
            return Err("a frame of records should stand here".to_owned());
        }
        if header.seq != self.seq {
            return Err(format!(
                "frame {} should stand here, not {}",
                self.seq, header.seq
            ));
        }
        if header.first_tick != self.tick {
            return Err(format!(
                "a frame from tick {} should stand here, not from {}",
                self.tick, header.first_tick
            ));
        }
        for record in records {
            match record {
                Record::Command {
                    after_tick, order, ..
                } => self.command(*after_tick, *order)?,
                Record::Hash { tick, hash } => self.hash(*tick, *hash)?,
                Record::Anchor(anchor) => self.anchor(*anchor)?,
            }
            if self.tick > header.last_tick {
                return Err(format!(
                    "a record of tick {} stands in a frame up to {}",
                    self.tick, header.last_tick
                ));
            }
        }
        self.reach(header.last_tick)?;
        self.seq += 1;
        Ok(())
    }

    fn reach(&mut self, tick: u64) -> Result<(), String> {
        if tick < self.tick {
            return Err(format!("tick {tick} comes after tick {}", self.tick));
        }
        if tick > self.tick {
            self.tick = tick;
            self.order = 0;
            self.hash = None;
        }
        Ok(())
    }

    fn command(&mut self, after_tick: u64, order: u32) -> Result<(), String> {
        self.reach(after_tick)?;
        if order != self.order {
            return Err(format!(
                "command {} after tick {after_tick} should stand here, not {order}",
                self.order
            ));
        }
        self.order = order
            .checked_add(1)
            .ok_or("too many commands after one tick")?;
        self.hash = None;
        Ok(())
    }

    fn hash(&mut self, tick: u64, hash: StateHash) -> Result<(), String> {
        self.reach(tick)?;
        self.hash = Some(hash);
        Ok(())
    }

    fn anchor(&mut self, anchor: ClockAnchor) -> Result<(), String> {
        self.reach(anchor.after_tick)?;
        self.hash = None;
        Ok(())
    }
}

fn parse(mut raw: &[u8]) -> Result<Vec<Record>, String> {
    let mut records = Vec::new();
    while !raw.is_empty() {
        let mut one = rmp_serde::Deserializer::new(&mut raw);
        let record = Record::deserialize(&mut one)
            .map_err(|source| format!("a record makes no sense: {source}"))?;
        records.push(record);
    }
    Ok(records)
}
