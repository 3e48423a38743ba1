//! Writing a journal: the world it starts from, then every command in its place, then a trailer.

use std::io::{self, Write};

use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::command::StampedCommand;
use hamlet_protocol::image::WorldImage;
use hamlet_protocol::time::ClockAnchor;
use serde::{Deserialize, Serialize};

use super::frame::{FrameHeader, FrameKind, decode_frame, encode_frame};
use super::hash::StateHash;
use super::image::{write_head, write_image_frames};
use super::preamble::{FileKind, preamble};
use super::prefix::GoodPrefix;
use super::reader::End;
use super::record::{FrameBuilder, Place};

/// What a journal begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalHeader {
    /// The rules that computed what follows.
    pub rules_version: u32,
    /// The world it starts from, with the resolved scenario and the map. It may come from older rules.
    pub start: WorldImage,
    /// Ticks between two state hashes; 0: none.
    pub hash_every_ticks: u64,
    /// The program that wrote it, with its version, for people.
    pub created_by: String,
    /// Number of the first frame of records: 0, or later where older frames of a table were pruned.
    pub first_frame: u64,
    /// Commands given after the start's tick that the start already contains.
    pub first_order: u32,
}

impl JournalHeader {
    /// The header of a journal of this build's rules that starts anew from an image.
    pub fn new(start: WorldImage, hash_every_ticks: u64, created_by: impl Into<String>) -> Self {
        Self {
            rules_version: RULES_VERSION,
            first_order: start.state.order,
            start,
            hash_every_ticks,
            created_by: created_by.into(),
            first_frame: 0,
        }
    }

    pub(super) fn place(&self) -> Place {
        Place {
            seq: self.first_frame,
            tick: self.start.state.tick,
            order: self.first_order,
            hash: None,
        }
    }
}

/// The first frame of a journal: the header without the image, whose frames follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct JournalHead {
    pub(super) rules_version: u32,
    pub(super) image_format: u32,
    pub(super) tick: u64,
    pub(super) hash_every_ticks: u64,
    pub(super) created_by: String,
    pub(super) first_frame: u64,
    pub(super) first_order: u32,
}

/// The last frame of a journal.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trailer {
    /// Frames before it.
    pub(super) frames: u64,
    pub(super) last_tick: u64,
    pub(super) final_hash: StateHash,
}

/// Writes a journal.
///
/// Records are gathered and written as frames of [`super::FRAME_RECORD_BYTES`] or [`super::FRAME_TICKS_MAX`], whatever comes first;
/// [`JournalWriter::flush`] writes what there is.
/// A writer that is dropped without [`JournalWriter::finish`] leaves a journal without a trailer, good up to the last frame written.
#[derive(Debug)]
pub struct JournalWriter<W> {
    out: W,
    builder: FrameBuilder,
    /// Frames written, of every kind.
    frames: u64,
    /// Whether a write failed, perhaps in the middle of a frame: whatever came after it would turn a cut file into a damaged one.
    broken: bool,
}

impl<W: Write> JournalWriter<W> {
    /// Begins a journal.
    ///
    /// # Errors
    /// Whatever the writer says, and what [`super::write_image`] says of the start.
    pub fn create(mut out: W, header: &JournalHeader) -> io::Result<Self> {
        out.write_all(&preamble(FileKind::Journal))?;
        let head = JournalHead {
            rules_version: header.rules_version,
            image_format: header.start.format,
            tick: header.start.state.tick,
            hash_every_ticks: header.hash_every_ticks,
            created_by: header.created_by.clone(),
            first_frame: header.first_frame,
            first_order: header.first_order,
        };
        write_head(&mut out, head.tick, &head)?;
        let frames = 1 + write_image_frames(&header.start, &mut out)?;
        out.flush()?;
        let Place {
            seq, tick, order, ..
        } = header.place();
        Ok(Self {
            out,
            builder: FrameBuilder::new(seq, tick, order),
            frames,
            broken: false,
        })
    }

    /// Goes on with a journal that was cut short. A run without a clock that goes on with a live one first records
    /// [`ClockAnchor::sim_time`], for the anchor in force stays so. `out` must stand at the end of the good prefix, with nothing behind it.
    ///
    /// # Errors
    /// `InvalidInput` when that journal was finished.
    pub fn resume(out: W, prefix: &GoodPrefix) -> io::Result<Self> {
        if let End::Finished { last_tick, .. } = prefix.end {
            return Err(invalid_input(format!(
                "this journal was finished at tick {last_tick}; begin a new one from its final image"
            )));
        }
        let builder = FrameBuilder::new(prefix.next_frame, prefix.until_tick, prefix.next_order);
        Ok(Self {
            out,
            builder,
            frames: prefix.frames,
            broken: false,
        })
    }

    /// Records a command given after this tick; 0: before the first. Gives back its number among those after this tick.
    ///
    /// # Errors
    /// `InvalidInput` when the tick lies before one already recorded, `FileTooLarge` when the command is larger than a frame
    /// ([`super::FRAME_RAW_BYTES_MAX`]); else whatever the writer says.
    /// After an error of the writer every later call fails too: the journal is good up to the last whole frame.
    pub fn command(&mut self, tick: u64, stamped: &StampedCommand) -> io::Result<u32> {
        let order = match self.builder.command(tick, stamped) {
            // It may fit into a frame of its own.
            Err(source)
                if source.kind() == io::ErrorKind::FileTooLarge && self.write_frame()? =>
            {
                self.builder.command(tick, stamped)?
            }
            other => other?,
        };
        self.write_if_full()?;
        Ok(order)
    }

    /// Records the state's hash: after this tick and everything recorded before.
    ///
    /// # Errors
    /// As [`JournalWriter::command`].
    pub fn hash(&mut self, tick: u64, hash: StateHash) -> io::Result<()> {
        self.builder.hash(tick, hash)?;
        self.write_if_full()
    }

    /// Records the anchor by which the ticks to come have their stamps.
    ///
    /// # Errors
    /// As [`JournalWriter::command`].
    pub fn anchor(&mut self, anchor: ClockAnchor) -> io::Result<()> {
        self.builder.anchor(anchor)?;
        self.write_if_full()
    }

    /// Records that the world has done so many ticks. It costs nothing; calling it after every tick is fine.
    ///
    /// # Errors
    /// As [`JournalWriter::command`].
    pub fn tick(&mut self, tick: u64) -> io::Result<()> {
        self.builder.tick(tick)?;
        self.write_if_full()
    }

    /// Adds a frame as it is, such as a row of a live village's journal table. It must be the next one.
    ///
    /// # Errors
    /// `InvalidInput` when it is not; else whatever the writer says.
    pub fn append_frame(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_frame()?;
        let frame = decode_frame(bytes).map_err(|source| invalid_input(source.to_string()))?;
        let mut place = self.builder.place();
        place
            .accept(frame.header, &frame.raw)
            .map_err(invalid_input)?;
        self.write(bytes)?;
        self.builder = FrameBuilder::at(place);
        Ok(())
    }

    /// Writes what was recorded since the last frame.
    ///
    /// # Errors
    /// Whatever the writer says.
    pub fn flush(&mut self) -> io::Result<()> {
        self.write_frame()?;
        self.out.flush()
    }

    /// Ends the journal: the world did so many ticks and its state has this hash.
    ///
    /// # Errors
    /// `InvalidInput` when that contradicts what was recorded; else whatever the writer says.
    pub fn finish(mut self, last_tick: u64, final_hash: StateHash) -> io::Result<W> {
        self.builder.tick(last_tick)?;
        self.write_frame()?;
        let place = self.builder.place();
        if let Some(hash) = place.hash.filter(|hash| *hash != final_hash) {
            return Err(invalid_input(format!(
                "the last recorded hash is {hash}, the final one {final_hash}"
            )));
        }
        let trailer = Trailer {
            frames: self.frames,
            last_tick,
            final_hash,
        };
        let raw = rmp_serde::to_vec_named(&trailer).map_err(io::Error::other)?;
        let header = FrameHeader {
            kind: FrameKind::Trailer,
            last: false,
            seq: place.seq,
            first_tick: last_tick,
            last_tick,
        };
        self.write(&encode_frame(header, &raw)?)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_if_full(&mut self) -> io::Result<()> {
        if self.builder.is_full() {
            self.write_frame()?;
        }
        Ok(())
    }

    /// Writes the frame being built, if there is anything in it; whether there was.
    fn write_frame(&mut self) -> io::Result<bool> {
        let Some(frame) = self.builder.close()? else {
            return Ok(false);
        };
        self.write(&frame)?;
        Ok(true)
    }

    fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other(
                "an earlier write to the journal failed, so it cannot go on",
            ));
        }
        self.broken = true;
        self.out.write_all(frame)?;
        self.broken = false;
        self.frames += 1;
        Ok(())
    }
}

fn invalid_input(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}
