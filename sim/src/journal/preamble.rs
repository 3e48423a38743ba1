//! The first sixteen bytes of a file: what it is, which version of the container, and a check on both.

use std::io::{self, Read};

use xxhash_rust::xxh3::xxh3_64;

use super::frame::{FrameKind, FrameReader, read_up_to};

/// Version of the layout of files and frames. It says nothing about what is inside an image: that has a format number of its own.
pub const CONTAINER_VERSION: u32 = 1;

/// Bytes of the preamble.
pub(super) const PREAMBLE_BYTES: usize = 16;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// An image.
    Image,
    /// A journal.
    Journal,
}

impl FileKind {
    fn magic(self) -> [u8; 8] {
        match self {
            Self::Image => *b"HAMLETIM",
            Self::Journal => *b"HAMLETHJ",
        }
    }

    /// How a person calls such a file.
    fn name(self) -> &'static str {
        match self {
            Self::Image => "an image",
            Self::Journal => "a journal",
        }
    }
}

/// Why a file does not begin as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BadStart {
    /// It is something else; what, as far as one can tell.
    NotOurs(String),
    /// Written by a newer Hamlet, with this version of the container.
    Newer(u32),
    /// The file ends, or turns to zeros and ends, within the preamble.
    Cut,
    /// The byte at this offset is wrong, in what else is a file of ours.
    Damaged(u64),
}

/// The preamble of a file of this build.
pub(super) fn preamble(kind: FileKind) -> [u8; PREAMBLE_BYTES] {
    preamble_of(kind, CONTAINER_VERSION)
}

fn preamble_of(kind: FileKind, version: u32) -> [u8; PREAMBLE_BYTES] {
    let mut bytes = [0; PREAMBLE_BYTES];
    bytes[..8].copy_from_slice(&kind.magic());
    bytes[8..12].copy_from_slice(&version.to_le_bytes());
    let check = xxh3_64(&bytes[..12]) as u32;
    bytes[12..].copy_from_slice(&check.to_le_bytes());
    bytes
}

/// Reads the first bytes of a file that should be of this kind.
pub(super) fn read_preamble(
    kind: FileKind,
    input: &mut impl Read,
) -> io::Result<Result<(), BadStart>> {
    let mut buffer = [0; PREAMBLE_BYTES];
    let read = read_up_to(input, &mut buffer)?;
    let (bytes, ours) = (&buffer[..read], preamble(kind));
    let wrong = bytes
        .iter()
        .zip(&ours)
        .position(|(found, wanted)| found != wanted);
    let Some(wrong) = wrong else {
        return Ok(if read == PREAMBLE_BYTES {
            Ok(())
        } else {
            Err(BadStart::Cut)
        });
    };
    let mut rest = FrameReader::new(input, PREAMBLE_BYTES as u64);
    let only_zeros = bytes[wrong..].iter().all(|&byte| byte == 0);
    if only_zeros && rest.rest_is_zero()? {
        return Ok(Err(BadStart::Cut));
    }
    let magic_is_right = wrong >= 8;
    if !magic_is_right {
        let leads_to_frames =
            matches!(rest.next_frame()?, Ok(Some(header)) if header.kind == FrameKind::Head);
        let other = [FileKind::Image, FileKind::Journal]
            .into_iter()
            .find(|other| bytes.starts_with(&other.magic()));
        return Ok(Err(match other {
            Some(other) => BadStart::NotOurs(format!("it is {}", other.name())),
            None if leads_to_frames => BadStart::Damaged(wrong as u64),
            None => BadStart::NotOurs("it does not begin like one".to_owned()),
        }));
    }
    let version = u32::from_le_bytes([buffer[8], buffer[9], buffer[10], buffer[11]]);
    if version > CONTAINER_VERSION && bytes == preamble_of(kind, version) {
        return Ok(Err(BadStart::Newer(version)));
    }
    Ok(Err(BadStart::Damaged(wrong as u64)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    #[test]
    fn tells_damage_from_other_files_and_from_newer_ones() {
        let ours = preamble(FileKind::Journal);
        let look = |bytes: &[u8]| read_preamble(FileKind::Journal, &mut &bytes[..]).unwrap();
        assert_eq!(look(&ours), Ok(()));
        for len in 0..PREAMBLE_BYTES {
            assert_eq!(look(&ours[..len]), Err(BadStart::Cut), "{len}");
            let zeros = [&ours[..len], &[0; 100][..]].concat();
            assert_eq!(look(&zeros), Err(BadStart::Cut), "{len}");
        }
        let mut flipped = ours;
        flipped[9] ^= 4;
        assert_eq!(look(&flipped), Err(BadStart::Damaged(9)));
        for text in [
            &b"name = \"market\"\n"[..],
            b"HAMLETx",
            &[&[0; 20][..], b"zeros and text"].concat(),
        ] {
            assert!(matches!(look(text), Err(BadStart::NotOurs(_))), "{text:?}");
        }
        assert_eq!(
            look(&preamble(FileKind::Image)),
            Err(BadStart::NotOurs("it is an image".to_owned()))
        );
        assert_eq!(
            look(&preamble_of(FileKind::Journal, 7)),
            Err(BadStart::Newer(7))
        );
    }
}
