//! Reading a journal, frame by frame, and telling a write that was cut short from damage.
//!
//! A file that ends too early, or turns to zeros and ends, is *truncated*: everything before the first incomplete frame is good.
//! Anything else that does not fit is *corruption*, because it happened to what had once been written.

use std::collections::VecDeque;
use std::io::{self, Read};

use hamlet_protocol::RULES_VERSION;

use super::frame::{Damage, FrameHeader, FrameKind, FrameReader};
use super::hash::StateHash;
use super::image::{ImageError, read_head, read_image_frames};
use super::migrate::Way;
use super::preamble::{BadStart, CONTAINER_VERSION, FileKind, PREAMBLE_BYTES, read_preamble};
use super::record::{Place, Record};
use super::writer::{JournalHead, JournalHeader, Trailer};

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The source failed.
    #[error("cannot read the journal: {0}")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("this is no journal: {what}")]
    NotAJournal {
        /// What it is instead, as far as one can tell.
        what: String,
    },
    /// The file's layout is of a later version than this build knows.
    #[error(
        "the journal was written by a newer Hamlet (file version {found}, this build reads up to {ours}): replay it with that version"
    )]
    NewerFormat {
        /// Version in the file.
        found: u32,
        /// [`CONTAINER_VERSION`].
        ours: u32,
    },
    /// Another version of the rules computed it, so that a replay would come out differently.
    #[error(
        "recorded by rules {found}, this build has rules {ours}: replay it with the version that wrote it ({created_by}); \
         for a live village, start that version once and stop it cleanly, so that it leaves an image to go on from"
    )]
    OtherRules {
        /// Rules in the file.
        found: u32,
        /// [`RULES_VERSION`].
        ours: u32,
        /// Program that wrote the file.
        created_by: String,
    },
    /// The file was cut short before the world it starts from was complete.
    #[error(
        "the journal is cut short at byte {offset}, within its header, and there is nothing to recover: {what}"
    )]
    NothingToRecover {
        /// Where the first incomplete piece begins.
        offset: u64,
        /// What is missing.
        what: String,
    },
    /// The file is damaged.
    #[error("the journal is damaged at byte {offset}: {what}")]
    Corrupt {
        /// Where the first damaged piece begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// The world it starts from cannot be read.
    #[error("the journal's start: {0}")]
    Start(ImageError),
}

impl JournalError {
    /// Whether the file was merely cut short: a write that was never completed, not damage.
    #[must_use]
    pub fn is_truncation(&self) -> bool {
        matches!(self, Self::NothingToRecover { .. })
    }

    fn in_header(damage: Damage) -> Self {
        let Damage {
            offset,
            what,
            to_the_end,
        } = damage;
        if to_the_end {
            Self::NothingToRecover { offset, what }
        } else {
            Self::Corrupt { offset, what }
        }
    }
}

impl From<ImageError> for JournalError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Io(source) => Self::Io(source),
            ImageError::Truncated { offset, what } => Self::NothingToRecover { offset, what },
            ImageError::Corrupt { offset, what } => Self::Corrupt { offset, what },
            other => Self::Start(other),
        }
    }
}

impl From<BadStart> for JournalError {
    fn from(bad: BadStart) -> Self {
        match bad {
            BadStart::NotOurs(what) => Self::NotAJournal { what },
            BadStart::Newer(found) => Self::NewerFormat {
                found,
                ours: CONTAINER_VERSION,
            },
            BadStart::Cut => Self::NothingToRecover {
                offset: 0,
                what: "there is only the very beginning".to_owned(),
            },
            BadStart::Damaged(offset) => Self::Corrupt {
                offset,
                what: "the file's first bytes are wrong".to_owned(),
            },
        }
    }
}

/// How a journal ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With a trailer that agrees with all before it.
    Finished {
        /// Ticks the world had done.
        last_tick: u64,
        /// Hash of its state then.
        final_hash: StateHash,
        /// Frames before the trailer.
        frames: u64,
    },
    /// Too early: the file was cut short.
    Truncated {
        /// Ticks the world had done at the end of the last good frame.
        good_until_tick: u64,
        /// Good frames, of every kind.
        good_frames: u64,
        /// Where the first incomplete frame begins: the length of the good part.
        offset: u64,
        /// What is missing.
        what: String,
    },
}

/// Reads a journal; what it needs beside the start is one frame. An iterator over its records.
///
/// After the last record, [`JournalReader::end`] says how the journal ends.
#[derive(Debug)]
pub struct JournalReader<R> {
    frames: FrameReader<R>,
    header: JournalHeader,
    records: VecDeque<Record>,
    place: Place,
    good_frames: u64,
    end: Option<End>,
    failed: bool,
}

impl<R: Read> JournalReader<R> {
    /// Opens a journal of this build's rules.
    ///
    /// # Errors
    /// See [`JournalError`].
    pub fn open(input: R) -> Result<Self, JournalError> {
        Self::open_by(input, Some(RULES_VERSION))
    }

    /// Opens a journal of whatever rules, to look at it: a replay by other rules comes out differently.
    ///
    /// # Errors
    /// See [`JournalError`].
    pub fn open_any_rules(input: R) -> Result<Self, JournalError> {
        Self::open_by(input, None)
    }

    pub(super) fn open_by(mut input: R, rules: Option<u32>) -> Result<Self, JournalError> {
        read_preamble(FileKind::Journal, &mut input)??;
        let mut frames = FrameReader::new(input, PREAMBLE_BYTES as u64);
        let head: JournalHead = read_head(&mut frames)?.map_err(JournalError::in_header)?;
        if let Some(ours) = rules.filter(|ours| *ours != head.rules_version) {
            return Err(JournalError::OtherRules {
                found: head.rules_version,
                ours,
                created_by: head.created_by,
            });
        }
        let (start, pieces) =
            read_image_frames(Way::ours(), &mut frames, head.image_format, head.tick)?;
        let header = JournalHeader {
            rules_version: head.rules_version,
            start,
            hash_every_ticks: head.hash_every_ticks,
            created_by: head.created_by,
            first_frame: head.first_frame,
            first_order: head.first_order,
        };
        Ok(Self {
            frames,
            place: header.place(),
            header,
            records: VecDeque::new(),
            good_frames: 1 + pieces,
            end: None,
            failed: false,
        })
    }

    /// What the journal begins with.
    #[must_use]
    pub fn header(&self) -> &JournalHeader {
        &self.header
    }

    /// The next record; `None` at the end, or after an error.
    ///
    /// # Errors
    /// [`JournalError::Io`] and [`JournalError::Corrupt`]. A journal that was cut short is no error: see [`JournalReader::end`].
    pub fn next_record(&mut self) -> Result<Option<Record>, JournalError> {
        while self.records.is_empty() && self.end.is_none() && !self.failed {
            if let Err(error) = self.read_frame() {
                self.failed = true;
                return Err(error);
            }
        }
        Ok(self.records.pop_front())
    }

    /// How the journal ends, once all records were read.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Ticks the world had done at the end of the frames read so far, which are good.
    #[must_use]
    pub fn good_until_tick(&self) -> u64 {
        self.place.tick
    }

    /// Bytes of the file read so far that are good.
    pub(super) fn good_bytes(&self) -> u64 {
        self.frames.offset
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    fn read_frame(&mut self) -> Result<(), JournalError> {
        let offset = self.frames.offset;
        let header = match self.frames.next_frame()? {
            Ok(Some(header)) => header,
            Ok(None) => {
                self.end =
                    Some(self.truncated(offset, "the file ends without a trailer".to_owned()));
                return Ok(());
            }
            Err(Damage {
                what,
                to_the_end: true,
                ..
            }) => {
                self.end = Some(self.truncated(offset, what));
                return Ok(());
            }
            Err(Damage { offset, what, .. }) => return Err(JournalError::Corrupt { offset, what }),
        };
        let corrupt = |what| JournalError::Corrupt { offset, what };
        if header.kind == FrameKind::Trailer {
            let end = self.check_trailer(header).map_err(corrupt)?;
            let offset = self.frames.offset;
            if self.frames.next_frame()? != Ok(None) {
                let what = "something follows the journal's end".to_owned();
                return Err(JournalError::Corrupt { offset, what });
            }
            self.end = Some(end);
            return Ok(());
        }
        let mut place = self.place;
        self.records = place
            .accept(header, &self.frames.raw)
            .map_err(corrupt)?
            .into();
        self.place = place;
        self.good_frames += 1;
        Ok(())
    }

    fn truncated(&self, offset: u64, what: String) -> End {
        End::Truncated {
            good_until_tick: self.place.tick,
            good_frames: self.good_frames,
            offset,
            what,
        }
    }

    fn check_trailer(&self, header: FrameHeader) -> Result<End, String> {
        let trailer: Trailer = rmp_serde::from_slice(&self.frames.raw)
            .map_err(|source| format!("the trailer makes no sense: {source}"))?;
        let Trailer {
            frames,
            last_tick,
            final_hash,
        } = trailer;
        let Place {
            seq, tick, hash, ..
        } = self.place;
        let wanted = FrameHeader {
            kind: FrameKind::Trailer,
            last: false,
            seq,
            first_tick: tick,
            last_tick: tick,
        };
        if header != wanted || frames != self.good_frames || last_tick != tick {
            return Err(format!(
                "the trailer speaks of {frames} frames up to tick {last_tick}, but there are {} up to tick {tick}",
                self.good_frames
            ));
        }
        match hash {
            Some(hash) if hash != final_hash => Err(format!(
                "the trailer's final hash is {final_hash}, but the last one recorded is {hash}"
            )),
            _ => Ok(End::Finished {
                last_tick,
                final_hash,
                frames,
            }),
        }
    }
}

impl<R: Read> Iterator for JournalReader<R> {
    type Item = Result<Record, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().transpose()
    }
}
