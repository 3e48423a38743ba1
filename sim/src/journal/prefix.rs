//! What is left of a journal that was cut short.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use super::reader::{End, JournalError, JournalReader};
use super::record::Place;

/// The good part of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodPrefix {
    /// Bytes of it, from the beginning of the file.
    pub bytes: u64,
    /// Frames in it, of every kind.
    pub frames: u64,
    /// Ticks the world had done at its end.
    pub until_tick: u64,
    /// Number of the next frame of records.
    pub next_frame: u64,
    /// Commands given after the last of the ticks.
    pub next_order: u32,
    /// How the journal ends; when finished, all of it is good.
    pub end: End,
}

/// Finds the good part of a journal, of whatever rules.
///
/// # Errors
/// Damage is not cut off: only a journal that was cut short has a prefix that is known to be all there was.
pub fn good_prefix(input: impl Read) -> Result<GoodPrefix, JournalError> {
    let mut reader = JournalReader::open_any_rules(input)?;
    while reader.next_record()?.is_some() {}
    let Place {
        seq, tick, order, ..
    } = reader.place();
    let end = reader
        .end()
        .cloned()
        .ok_or_else(|| io::Error::other("the journal has no end"))?;
    let (bytes, frames) = match &end {
        End::Finished { frames, .. } => (reader.good_bytes(), frames + 1),
        End::Truncated {
            good_frames,
            offset,
            ..
        } => (*offset, *good_frames),
    };
    Ok(GoodPrefix {
        bytes,
        frames,
        until_tick: tick,
        next_frame: seq,
        next_order: order,
        end,
    })
}

/// Copies the good part of a journal into a new file: a journal without a trailer that ends between two frames.
/// The copy takes its name when it is complete; until then it is called `….partial`.
///
/// # Errors
/// As [`good_prefix`], and what the disk says.
pub fn copy_good_prefix(from: &Path, to: &Path) -> Result<GoodPrefix, JournalError> {
    let prefix = good_prefix(BufReader::new(File::open(from)?))?;
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = to.with_file_name(name);
    let copied = copy_bytes(from, &partial, prefix.bytes).and_then(|()| fs::rename(&partial, to));
    if let Err(source) = copied {
        // What is left of the attempt is of no use; that it could not be removed matters less than why it failed.
        drop(fs::remove_file(&partial));
        return Err(source.into());
    }
    Ok(prefix)
}

fn copy_bytes(from: &Path, to: &Path, bytes: u64) -> io::Result<()> {
    let mut out = File::create(to)?;
    let copied = io::copy(&mut File::open(from)?.take(bytes), &mut out)?;
    if copied != bytes {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the journal grew shorter while it was copied",
        ));
    }
    out.flush()?;
    out.sync_all()
}
