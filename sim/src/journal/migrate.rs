//! Images of older formats, brought up to date one format at a time.
//!
//! To change the image: change `hamlet_protocol::image`, raise `IMAGE_FORMAT`, append the step from the old number to `STEPS`,
//! and add a fixture of the new format beside the old ones (`sim/tests/fixtures/README.md`).
//!
//! A format that only added fields needs no change: such an image is read as it comes, however large it is.
//! Where something moves, the whole image is held in memory while it is changed, and the memory of the machine is the limit.

use std::io::Read;

use hamlet_protocol::image::{IMAGE_FORMAT, WorldImage};
use rmpv::Value;

use super::chunks::IMAGE_RAW_BYTES_MAX;

/// Bytes of memory that one byte of an image takes, about, while the image is changed: each number and each field's name is a value of its own.
const MEMORY_EACH: u64 = 32;
/// Most bytes, unpacked, of an image that is changed, where the system does not tell how much memory there is.
const CHANGE_BYTES_USUAL: u64 = 512 << 20;
/// The same on a machine with hardly any memory.
const CHANGE_BYTES_MIN: u64 = 64 << 20;

/// Changes the whole image from one format to the next. The field `format` is taken care of.
pub(super) type Change = fn(Value) -> Result<Value, String>;

/// What leads from one format to the next. `None`: fields were added, each with a default that says what an older world had, and nothing moves.
pub(super) type Step = Option<Change>;

/// One step per format that ever was, by the format it starts from.
/// Format 2 added fields. Format 3 added money; a world without it founds its economy in its next tick.
const STEPS: &[(u32, Step)] = &[(1, None), (2, None)];

/// How older images are brought up to date.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    /// By the format that a step starts from.
    pub(super) steps: &'a [(u32, Step)],
    /// Most bytes, unpacked, of an image that is changed; `None`: as this machine's memory says when something moves.
    pub(super) change_bytes_max: Option<u64>,
}

impl Way<'static> {
    /// The way of this build.
    pub(super) fn ours() -> Self {
        Self {
            steps: STEPS,
            change_bytes_max: None,
        }
    }
}

impl Way<'_> {
    /// Most bytes, unpacked, of an image that is changed.
    pub(super) fn room(&self) -> u64 {
        self.change_bytes_max.unwrap_or_else(change_bytes_max)
    }

    /// The changes from a format to ours, each with the format it leads to.
    ///
    /// # Errors
    /// Where a step is missing, as a phrase.
    pub(super) fn changes(&self, format: u32) -> Result<Vec<(u32, Change)>, String> {
        let mut changes = Vec::new();
        for from in format..IMAGE_FORMAT {
            let Some((_, step)) = self.steps.iter().find(|(start, _)| *start == from) else {
                return Err(format!(
                    "this build knows no way from format {from} to {}",
                    from + 1
                ));
            };
            changes.extend(step.map(|change| (from + 1, change)));
        }
        Ok(changes)
    }
}

/// Most bytes, unpacked, of an image that is changed on this machine: as much as there is memory for, and never more than an image may have.
fn change_bytes_max() -> u64 {
    let known = std::fs::read_to_string("/proc/meminfo").ok();
    let available = known.as_deref().and_then(memory_available);
    available.map_or(CHANGE_BYTES_USUAL, room_in)
}

/// The same, by the bytes of memory that are free to use.
fn room_in(available: u64) -> u64 {
    (available / MEMORY_EACH).clamp(CHANGE_BYTES_MIN, IMAGE_RAW_BYTES_MAX)
}

/// Bytes of memory that are free to use, as Linux tells them.
fn memory_available(meminfo: &str) -> Option<u64> {
    let mut lines = meminfo.lines();
    let line = lines.find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    kib.checked_mul(1024)
}

/// Reads an image in which something moves.
///
/// # Errors
/// What is wrong with it, as a phrase.
pub(super) fn read_changed(
    changes: &[(u32, Change)],
    mut input: &mut dyn Read,
) -> Result<WorldImage, String> {
    let mut value = rmpv::decode::read_value(&mut input).map_err(|source| source.to_string())?;
    for (to, change) in changes {
        value = change(value)?;
        set_format(&mut value, *to)?;
    }
    // What was only added since then has its defaults.
    set_format(&mut value, IMAGE_FORMAT)?;
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &value).map_err(|source| source.to_string())?;
    drop(value);
    decode_world(&mut bytes.as_slice()).map_err(|source| source.to_string())
}

/// The one place where an image is decoded. Decoding is most of this crate's machine code, once for every type it reads from:
/// so it reads from a trait object, which costs less than it saves.
pub(super) fn decode_world(input: &mut dyn Read) -> Result<WorldImage, rmp_serde::decode::Error> {
    rmp_serde::from_read(input)
}

fn set_format(image: &mut Value, format: u32) -> Result<(), String> {
    let Value::Map(fields) = image else {
        return Err("an image is a map of fields".to_owned());
    };
    let field = fields
        .iter_mut()
        .find(|(name, _)| name.as_str() == Some("format"));
    let (_, value) = field.ok_or("an image has a field `format`")?;
    *value = format.into();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_follows_the_memory() {
        let meminfo = "MemTotal:       24684000 kB\nMemAvailable:   20971520 kB\nCached: 1 kB\n";
        assert_eq!(memory_available(meminfo), Some(20 << 30));
        assert_eq!(room_in(20 << 30), 640 << 20);
        assert_eq!(room_in(1 << 30), CHANGE_BYTES_MIN);
        assert_eq!(room_in(1 << 40), IMAGE_RAW_BYTES_MAX);
        for strange in ["", "MemAvailable: many kB", "MemAvailable:"] {
            assert_eq!(memory_available(strange), None);
        }
    }
}
