//! Images of older formats, brought up to date one format at a time.
//!
//! To change the image: change `hamlet_protocol::image`, raise `IMAGE_FORMAT`, append the step from the old number to `STEPS`,
//! and add a fixture of the new format beside the old ones (`sim/tests/fixtures/README.md`).

use std::io::Read;

use hamlet_protocol::image::{IMAGE_FORMAT, WorldImage};
use rmpv::Value;

/// Most bytes, unpacked, of an image of an older format: it is held whole while it is changed, at many times this size.
pub const IMAGE_MIGRATE_BYTES_MAX: u64 = 512 << 20;

/// Changes the whole image from one format to the next. The field `format` is taken care of.
pub(super) type Step = fn(Value) -> Result<Value, String>;

/// One step per format that ever was, by the format it starts from.
pub(super) const STEPS: &[(u32, Step)] = &[(1, from_1), (2, from_2)];

/// Format 2 added fields, each with a default that says what an older world had: nothing needs to be moved.
fn from_1(image: Value) -> Result<Value, String> {
    Ok(image)
}

/// Format 3 added money; a world without it founds its economy in its next tick.
fn from_2(image: Value) -> Result<Value, String> {
    Ok(image)
}

/// Reads an image of an older format.
///
/// # Errors
/// What is wrong with it, as a phrase.
pub(super) fn read_older(
    format: u32,
    steps: &[(u32, Step)],
    mut input: &mut dyn Read,
) -> Result<WorldImage, String> {
    let mut value = rmpv::decode::read_value(&mut input).map_err(|source| source.to_string())?;
    for from in format..IMAGE_FORMAT {
        let Some((_, step)) = steps.iter().find(|(start, _)| *start == from) else {
            return Err(format!(
                "this build knows no way from format {from} to {}",
                from + 1
            ));
        };
        value = step(value)?;
        set_format(&mut value, from + 1)?;
    }
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
