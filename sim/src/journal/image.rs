//! The world as a file: written from a [`WorldImage`], read back into an equal one, of this format or an older.

use std::io::{self, Read, Write};

use hamlet_protocol::image::{IMAGE_FORMAT, WorldImage};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::chunks::{ChunkFault, ChunkReader, ChunkWriter, IMAGE_RAW_BYTES_MAX};
use super::frame::{Damage, FrameHeader, FrameKind, FrameReader, encode_frame};
use super::migrate::{Way, decode_world, read_changed};
use super::preamble::{
    BadStart, CONTAINER_VERSION, FileKind, PREAMBLE_BYTES, preamble, read_preamble,
};
use super::shape::check_shape;

/// Why a file could not be read as an image.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The source failed.
    #[error("cannot read the image: {0}")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("this is no image of a world: {what}")]
    NotAnImage {
        /// What it is instead, as far as one can tell.
        what: String,
    },
    /// The file's layout is of a later version than this build knows.
    #[error(
        "written by a newer Hamlet (file version {found}, this build reads up to {ours}): open it with that version or a later one"
    )]
    NewerContainer {
        /// Version in the file.
        found: u32,
        /// [`CONTAINER_VERSION`].
        ours: u32,
    },
    /// The image is of a later format than this build knows.
    #[error(
        "written by a newer Hamlet (format {found}, this build reads up to {ours}): open it with that version or a later one"
    )]
    NewerFormat {
        /// Format in the file.
        found: u32,
        /// [`IMAGE_FORMAT`].
        ours: u32,
    },
    /// The file ends before the image does.
    #[error("the image is cut short at byte {offset}: {what}; take an older one")]
    Truncated {
        /// Where the first incomplete piece begins.
        offset: u64,
        /// What is missing.
        what: String,
    },
    /// The file is damaged.
    #[error("the image is damaged at byte {offset}: {what}; take an older one")]
    Corrupt {
        /// Where the first damaged piece begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// There is more of it than this build is willing to unpack.
    #[error("the image unpacks to more than {limit} bytes, the most that is read")]
    TooLarge {
        /// [`IMAGE_RAW_BYTES_MAX`].
        limit: u64,
    },
    /// It is of an older format, in which something moved since, and there is no room to change so much at once.
    #[error(
        "the image of format {from} unpacks to more than {limit} bytes, the most that this machine's memory lets be changed to format {IMAGE_FORMAT}: open it once on a machine with more memory, and stop it cleanly there"
    )]
    NoRoomToMigrate {
        /// Its format.
        from: u32,
        /// Bytes, unpacked.
        limit: u64,
    },
    /// It is of an older format and could not be brought up to date.
    #[error("the image of format {from} could not be brought to format {IMAGE_FORMAT}: {what}")]
    Migrate {
        /// Its format.
        from: u32,
        /// What went wrong.
        what: String,
    },
}

impl From<Damage> for ImageError {
    fn from(damage: Damage) -> Self {
        let Damage {
            offset,
            what,
            to_the_end,
        } = damage;
        if to_the_end {
            Self::Truncated { offset, what }
        } else {
            Self::Corrupt { offset, what }
        }
    }
}

impl From<ChunkFault> for ImageError {
    fn from(fault: ChunkFault) -> Self {
        match fault {
            ChunkFault::Io(source) => Self::Io(source),
            ChunkFault::Damage(damage) => damage.into(),
            ChunkFault::TooLarge(limit) => Self::TooLarge { limit },
        }
    }
}

impl From<BadStart> for ImageError {
    fn from(bad: BadStart) -> Self {
        match bad {
            BadStart::NotOurs(what) => Self::NotAnImage { what },
            BadStart::Newer(found) => Self::NewerContainer {
                found,
                ours: CONTAINER_VERSION,
            },
            BadStart::Cut => Self::Truncated {
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

/// The first frame of an image file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ImageHead {
    pub(super) image_format: u32,
    pub(super) rules_version: u32,
    pub(super) tick: u64,
}

/// An image as the bytes of a file.
///
/// # Errors
/// `InvalidInput` when it is not of [`IMAGE_FORMAT`] or needs more than [`IMAGE_RAW_BYTES_MAX`] bytes.
pub fn encode_image(image: &WorldImage) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_image(image, &mut bytes)?;
    Ok(bytes)
}

/// Writes an image, piece by piece.
///
/// # Errors
/// As [`encode_image`], and whatever the writer says.
pub fn write_image(image: &WorldImage, mut out: impl Write) -> io::Result<()> {
    out.write_all(&preamble(FileKind::Image))?;
    let tick = image.state.tick;
    let head = ImageHead {
        image_format: image.format,
        rules_version: image.rules_version,
        tick,
    };
    write_head(&mut out, tick, &head)?;
    write_image_frames(image, &mut out)?;
    out.flush()
}

/// Reads an image from the bytes of a file. The image may be of other rules: `rules_version` says so.
///
/// # Errors
/// See [`ImageError`].
pub fn decode_image(bytes: &[u8]) -> Result<WorldImage, ImageError> {
    read_image(bytes)
}

/// Reads an image, piece by piece; what it needs beside the image itself is one piece.
///
/// # Errors
/// See [`ImageError`].
pub fn read_image(input: impl Read) -> Result<WorldImage, ImageError> {
    read_image_with(Way::ours(), input)
}

pub(super) fn read_image_with(
    way: Way<'_>,
    mut input: impl Read,
) -> Result<WorldImage, ImageError> {
    read_preamble(FileKind::Image, &mut input)??;
    let mut frames = FrameReader::new(input, PREAMBLE_BYTES as u64);
    frames.ends_with_last = true;
    let head: ImageHead = read_head(&mut frames)??;
    let (image, _) = read_image_frames(way, &mut frames, head.image_format, head.tick)?;
    if image.rules_version != head.rules_version {
        let what = "head and image name different rules".to_owned();
        return Err(ImageError::Corrupt {
            offset: PREAMBLE_BYTES as u64,
            what,
        });
    }
    let offset = frames.offset;
    match frames.next_frame()? {
        Ok(None) => Ok(image),
        _ => Err(ImageError::Corrupt {
            offset,
            what: "something follows the end of the image".to_owned(),
        }),
    }
}

/// Writes the first frame of a file.
pub(super) fn write_head(out: &mut impl Write, tick: u64, head: &impl Serialize) -> io::Result<()> {
    let raw = rmp_serde::to_vec_named(head).map_err(io::Error::other)?;
    let header = FrameHeader {
        kind: FrameKind::Head,
        last: false,
        seq: 0,
        first_tick: tick,
        last_tick: tick,
    };
    out.write_all(&encode_frame(header, &raw)?)
}

/// Reads the first frame of a file.
pub(super) fn read_head<R: Read, T: DeserializeOwned>(
    frames: &mut FrameReader<R>,
) -> io::Result<Result<T, Damage>> {
    let at_its_start = |what: String, to_the_end| Damage {
        offset: PREAMBLE_BYTES as u64,
        what,
        to_the_end,
    };
    let header = match frames.next_frame()? {
        Ok(Some(header)) => header,
        Ok(None) => {
            return Ok(Err(at_its_start(
                "the file ends before its head".to_owned(),
                true,
            )));
        }
        Err(damage) => return Ok(Err(damage)),
    };
    if header.kind != FrameKind::Head || header.seq != 0 || header.last {
        return Ok(Err(at_its_start(
            "the file's head should stand here".to_owned(),
            false,
        )));
    }
    let head = rmp_serde::from_slice(&frames.raw);
    Ok(head
        .map_err(|source| at_its_start(format!("the file's head makes no sense: {source}"), false)))
}

/// Writes the frames of an image and gives back how many there are.
pub(super) fn write_image_frames(image: &WorldImage, out: &mut dyn Write) -> io::Result<u64> {
    if image.format != IMAGE_FORMAT {
        let what = format!(
            "only images of format {IMAGE_FORMAT} can be written, not of {}",
            image.format
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    let mut chunks = ChunkWriter::new(out, image.state.tick);
    let written = image.serialize(&mut rmp_serde::Serializer::new(&mut chunks).with_struct_map());
    match written {
        Ok(()) => chunks.finish(),
        Err(source) => Err(chunks
            .failed
            .take()
            .unwrap_or_else(|| io::Error::other(source))),
    }
}

/// Reads the frames of an image and gives back how many there are.
pub(super) fn read_image_frames<R: Read>(
    way: Way<'_>,
    frames: &mut FrameReader<R>,
    format: u32,
    tick: u64,
) -> Result<(WorldImage, u64), ImageError> {
    if format > IMAGE_FORMAT {
        return Err(ImageError::NewerFormat {
            found: format,
            ours: IMAGE_FORMAT,
        });
    }
    let start = frames.offset;
    let migrate = |what| ImageError::Migrate { from: format, what };
    let changes = way.changes(format).map_err(migrate)?;
    let raw_max = if changes.is_empty() {
        IMAGE_RAW_BYTES_MAX
    } else {
        way.room()
    };
    let mut chunks = ChunkReader::new(frames, tick, raw_max);
    let image = if changes.is_empty() {
        read_as_it_comes(format, &mut chunks)
    } else {
        read_changed(&changes, &mut chunks).map_err(migrate)
    };
    let mut image = match (chunks.failed.take(), image) {
        (Some(ChunkFault::TooLarge(limit)), _) if !changes.is_empty() => {
            return Err(ImageError::NoRoomToMigrate {
                from: format,
                limit,
            });
        }
        (Some(fault), _) => return Err(fault.into()),
        (None, image) => image?,
    };
    let count = chunks.finish()?;
    let named = if changes.is_empty() {
        format
    } else {
        IMAGE_FORMAT
    };
    if image.format != named || image.state.tick != tick {
        let what = "head and image name different formats or ticks".to_owned();
        return Err(ImageError::Corrupt {
            offset: start,
            what,
        });
    }
    image.format = IMAGE_FORMAT;
    check_shape(&image).map_err(|what| ImageError::Corrupt {
        offset: start,
        what,
    })?;
    Ok((image, count))
}

/// Reads an image in which nothing has moved since its format, piece by piece.
fn read_as_it_comes<R: Read>(
    format: u32,
    chunks: &mut ChunkReader<'_, R>,
) -> Result<WorldImage, ImageError> {
    let read = decode_world(chunks);
    read.map_err(|source| match format {
        IMAGE_FORMAT => ImageError::Corrupt {
            offset: chunks.offset,
            what: format!("the image makes no sense: {source}"),
        },
        from => ImageError::Migrate {
            from,
            what: source.to_string(),
        },
    })
}
