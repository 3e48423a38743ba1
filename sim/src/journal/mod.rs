//! The journal: how a run is written down so that it can be run again.
//!
//! Two kinds of files come from here, and both consist of the same frames: an *image* is the whole world at one tick, a *journal*
//! is an image and every command that came after it. `docs/formats.md` has both byte by byte.
//! Nothing here knows a rule of the village: plain data goes in, bytes come out, and back.

mod canonical;
mod chunks;
#[cfg(test)]
mod damage_tests;
mod frame;
mod hash;
mod image;
#[cfg(test)]
mod image_tests;
#[cfg(test)]
mod journal_tests;
mod migrate;
mod preamble;
mod prefix;
mod reader;
mod record;
#[cfg(test)]
mod samples;
mod shape;
mod writer;

pub use chunks::{IMAGE_CHUNK_BYTES, IMAGE_RAW_BYTES_MAX};
pub use frame::{
    FRAME_HEADER_BYTES, FRAME_RAW_BYTES_MAX, FRAME_STORED_BYTES_MAX, Frame, FrameError,
    FrameHeader, FrameKind, decode_frame, encode_frame,
};
pub use hash::{ParseHashError, StateHash, digest, run_digest, state_hash};
pub use image::{ImageError, decode_image, encode_image, read_image, write_image};
pub use preamble::CONTAINER_VERSION;
pub use prefix::{GoodPrefix, copy_good_prefix, good_prefix};
pub use reader::{End, JournalError, JournalReader};
pub(crate) use record::Place;
pub use record::{FRAME_RECORD_BYTES, FRAME_TICKS_MAX, FrameBuilder, Record, decode_records};
pub use writer::{JournalHeader, JournalWriter};
