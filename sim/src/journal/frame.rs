//! Frames: the pieces that files and journal tables are made of, each with a checksum for its header and one for its payload.

use std::io::{self, Read};

use xxhash_rust::xxh3::xxh3_64;

/// Bytes of a frame's header.
pub const FRAME_HEADER_BYTES: usize = 56;

/// Most bytes a frame may hold unpacked.
pub const FRAME_RAW_BYTES_MAX: usize = 4 << 20;

/// Most bytes a frame may hold as stored: what zstd needs when nothing can be compressed, and a little.
pub const FRAME_STORED_BYTES_MAX: usize = FRAME_RAW_BYTES_MAX + (FRAME_RAW_BYTES_MAX >> 8) + 1024;

/// Level of compression: fast, and most of what slower ones gain.
const ZSTD_LEVEL: i32 = 3;

const MAGIC: [u8; 4] = *b"HmFr";
const FLAG_LAST: u8 = 1;
/// Where the header's checksum lies; it covers everything before.
const CHECK_AT: usize = FRAME_HEADER_BYTES - 8;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// What the file is about: the first frame of it.
    Head = 1,
    /// A piece of an image.
    Image = 2,
    /// Records of a journal.
    Data = 3,
    /// The end of a journal that was finished.
    Trailer = 4,
}

impl FrameKind {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Head, Self::Image, Self::Data, Self::Trailer]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
    }
}

/// What a frame's header says, sizes and checksums apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHeader {
    /// What it holds.
    pub kind: FrameKind,
    /// Whether it is the last piece of an image.
    pub last: bool,
    /// Its number in its part of the file, without gaps.
    pub seq: u64,
    /// Tick the world had reached when the frame began.
    pub first_tick: u64,
    /// Tick the world had reached when the frame was closed.
    pub last_tick: u64,
}

/// A frame, unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What its header says.
    pub header: FrameHeader,
    /// What it holds.
    pub raw: Vec<u8>,
}

/// Why bytes are no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// They end before the frame does.
    #[error("the frame is cut short: {0}")]
    Cut(String),
    /// They are damaged, or were never a frame.
    #[error("the frame is damaged: {0}")]
    Bad(String),
}

/// Packs a frame: header and payload, as they stand in files and in a journal table.
///
/// # Errors
/// `InvalidInput` when `raw` is longer than [`FRAME_RAW_BYTES_MAX`]; else what the compressor says.
pub fn encode_frame(header: FrameHeader, raw: &[u8]) -> io::Result<Vec<u8>> {
    if raw.len() > FRAME_RAW_BYTES_MAX {
        let what = format!(
            "a frame holds at most {FRAME_RAW_BYTES_MAX} bytes, not {}",
            raw.len()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    let stored = zstd::bulk::compress(raw, ZSTD_LEVEL)?;
    let mut bytes = Vec::with_capacity(FRAME_HEADER_BYTES + stored.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.push(header.kind as u8);
    bytes.push(if header.last { FLAG_LAST } else { 0 });
    bytes.extend_from_slice(&[0; 2]);
    for number in [header.seq, header.first_tick, header.last_tick] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    // Both lengths lie below the limits above, far below 2³².
    bytes.extend_from_slice(&(stored.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&(raw.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&xxh3_64(&stored).to_le_bytes());
    bytes.extend_from_slice(&xxh3_64(&bytes).to_le_bytes());
    bytes.extend_from_slice(&stored);
    Ok(bytes)
}

/// Unpacks exactly one frame, such as a row of a journal table.
///
/// # Errors
/// [`FrameError`] when the bytes are shorter, longer or otherwise not the frame that was written.
pub fn decode_frame(bytes: &[u8]) -> Result<Frame, FrameError> {
    let mut frames = FrameReader::new(bytes, 0);
    let header = match frames.next_frame() {
        Ok(Ok(Some(header))) => header,
        Ok(Ok(None)) => return Err(FrameError::Cut("there is nothing".to_owned())),
        Ok(Err(damage)) if damage.to_the_end => return Err(FrameError::Cut(damage.what)),
        Ok(Err(damage)) => return Err(FrameError::Bad(damage.what)),
        Err(source) => return Err(FrameError::Bad(source.to_string())),
    };
    if frames.offset != bytes.len() as u64 {
        return Err(FrameError::Bad("something follows the frame".to_owned()));
    }
    Ok(Frame {
        header,
        raw: frames.raw,
    })
}

/// A place where frames stop making sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    /// Offset in the file of the frame it lies in.
    pub(super) offset: u64,
    /// What is wrong.
    pub(super) what: String,
    /// Whether it goes on to the end of the file, as when a write was never completed.
    pub(super) to_the_end: bool,
}

/// The lengths and the checksum a header names for its payload.
struct Payload {
    stored_len: usize,
    raw_len: usize,
    check: u64,
}

/// Reads frame after frame, holding one in memory.
#[derive(Debug)]
pub(super) struct FrameReader<R> {
    input: R,
    /// Offset of the next frame.
    pub(super) offset: u64,
    /// Whether nothing follows the last piece of an image: in a journal, records do.
    pub(super) ends_with_last: bool,
    stored: Vec<u8>,
    /// What the last frame held.
    pub(super) raw: Vec<u8>,
}

impl<R: Read> FrameReader<R> {
    /// A reader for what follows `offset` in a file.
    pub(super) fn new(input: R, offset: u64) -> Self {
        Self {
            input,
            offset,
            ends_with_last: false,
            stored: Vec::new(),
            raw: Vec::new(),
        }
    }

    /// Unpacks the next frame into `raw`; `None` at the end of the input.
    pub(super) fn next_frame(&mut self) -> io::Result<Result<Option<FrameHeader>, Damage>> {
        let mut bytes = [0; FRAME_HEADER_BYTES];
        let read = read_up_to(&mut self.input, &mut bytes)?;
        if read == 0 {
            return Ok(Ok(None));
        }
        if read < FRAME_HEADER_BYTES {
            return Ok(Err(
                self.damage("the file ends within a frame's header", true)
            ));
        }
        let (header, payload) = match parse_header(&bytes) {
            Ok(parts) => parts,
            Err(HeaderFault::Checksum) => {
                // A header that was only begun leaves zeros from somewhere inside it to the end of the file.
                let to_the_end = bytes[FRAME_HEADER_BYTES - 1] == 0 && self.rest_is_zero()?;
                let what = if to_the_end {
                    "the file ends in zeros within a frame's header"
                } else {
                    "the checksum of a frame's header does not match"
                };
                return Ok(Err(self.damage(what, to_the_end)));
            }
            Err(HeaderFault::Value(what)) => return Ok(Err(self.damage(&what, false))),
        };
        self.stored.clear();
        // Grows with what is really there, whatever the header claims.
        (&mut self.input)
            .take(payload.stored_len as u64)
            .read_to_end(&mut self.stored)?;
        if self.stored.len() < payload.stored_len {
            return Ok(Err(self.damage("the file ends within a frame", true)));
        }
        if xxh3_64(&self.stored) != payload.check {
            // A journal's trailer, or the last piece of an image's file, is written last: all of its bytes are there, so this is no unfinished write, unless none of them arrived.
            let closes = header.kind == FrameKind::Trailer || (self.ends_with_last && header.last);
            let unfinished = !closes || self.stored.iter().all(|&byte| byte == 0);
            let to_the_end = unfinished && self.rest_is_zero()?;
            let what = "the checksum of a frame's payload does not match";
            return Ok(Err(self.damage(what, to_the_end)));
        }
        if let Err(what) = self.unpack(payload.raw_len) {
            return Ok(Err(self.damage(&what, false)));
        }
        self.offset += (FRAME_HEADER_BYTES + payload.stored_len) as u64;
        Ok(Ok(Some(header)))
    }

    fn unpack(&mut self, raw_len: usize) -> Result<(), String> {
        self.raw = zstd::bulk::decompress(&self.stored, raw_len).map_err(|source| {
            format!("a frame does not unpack to the {raw_len} bytes it names: {source}")
        })?;
        if self.raw.len() != raw_len {
            return Err(format!(
                "a frame unpacks to {} bytes, not to the {raw_len} it names",
                self.raw.len()
            ));
        }
        Ok(())
    }

    /// Whether nothing but zeros is left; reads on to the first other byte.
    pub(super) fn rest_is_zero(&mut self) -> io::Result<bool> {
        let mut bytes = [0; 4096];
        loop {
            match read_up_to(&mut self.input, &mut bytes)? {
                0 => return Ok(true),
                read if bytes[..read].iter().any(|&byte| byte != 0) => return Ok(false),
                _ => {}
            }
        }
    }

    /// Damage in the frame that begins at the present offset.
    pub(super) fn damage(&self, what: &str, to_the_end: bool) -> Damage {
        Damage {
            offset: self.offset,
            what: what.to_owned(),
            to_the_end,
        }
    }
}

enum HeaderFault {
    /// The bytes are not those that were written.
    Checksum,
    /// They are, and make no sense to this build.
    Value(String),
}

fn parse_header(bytes: &[u8; FRAME_HEADER_BYTES]) -> Result<(FrameHeader, Payload), HeaderFault> {
    if bytes[..4] != MAGIC || xxh3_64(&bytes[..CHECK_AT]) != u64_at(bytes, CHECK_AT) {
        return Err(HeaderFault::Checksum);
    }
    let fault = |what: String| Err(HeaderFault::Value(what));
    let Some(kind) = FrameKind::from_byte(bytes[4]) else {
        return fault(format!("there is no kind {} of frames", bytes[4]));
    };
    let flags = bytes[5];
    if flags & !FLAG_LAST != 0 || bytes[6..8] != [0; 2] {
        return fault("a frame has flags that this version does not know".to_owned());
    }
    let (stored_len, raw_len) = (u32_at(bytes, 32) as usize, u32_at(bytes, 36) as usize);
    if stored_len > FRAME_STORED_BYTES_MAX || raw_len > FRAME_RAW_BYTES_MAX {
        return fault(format!(
            "a frame of {stored_len} bytes that unpacks to {raw_len} is larger than any may be ({FRAME_RAW_BYTES_MAX})"
        ));
    }
    let header = FrameHeader {
        kind,
        last: flags & FLAG_LAST != 0,
        seq: u64_at(bytes, 8),
        first_tick: u64_at(bytes, 16),
        last_tick: u64_at(bytes, 24),
    };
    if header.last_tick < header.first_tick {
        return fault(format!(
            "a frame runs from tick {} back to {}",
            header.first_tick, header.last_tick
        ));
    }
    Ok((
        header,
        Payload {
            stored_len,
            raw_len,
            check: u64_at(bytes, 40),
        },
    ))
}

fn u64_at(bytes: &[u8; FRAME_HEADER_BYTES], at: usize) -> u64 {
    bytes[at..at + 8]
        .iter()
        .rev()
        .fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn u32_at(bytes: &[u8; FRAME_HEADER_BYTES], at: usize) -> u32 {
    bytes[at..at + 4]
        .iter()
        .rev()
        .fold(0, |number, &byte| number << 8 | u32::from(byte))
}

/// Fills the buffer as far as the input reaches.
pub(super) fn read_up_to(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match input.read(&mut buffer[read..]) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(source) if source.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(source),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;

    const HEADER: FrameHeader = FrameHeader {
        kind: FrameKind::Data,
        last: false,
        seq: 1 << 33,
        first_tick: 5,
        last_tick: u64::MAX,
    };

    /// Writes the checksums anew, so that a lie passes for truth.
    fn reseal(frame: &mut [u8]) {
        let payload = xxh3_64(&frame[FRAME_HEADER_BYTES..]);
        frame[40..48].copy_from_slice(&payload.to_le_bytes());
        let header = xxh3_64(&frame[..CHECK_AT]);
        frame[CHECK_AT..FRAME_HEADER_BYTES].copy_from_slice(&header.to_le_bytes());
    }

    fn decode_resealed(mut frame: Vec<u8>, change: impl FnOnce(&mut Vec<u8>)) -> String {
        change(&mut frame);
        reseal(&mut frame);
        decode_frame(&frame).unwrap_err().to_string()
    }

    #[test]
    fn a_frame_comes_back_as_it_was() {
        for raw in [vec![], vec![1, 2, 3], vec![0; FRAME_RAW_BYTES_MAX]] {
            let bytes = encode_frame(HEADER, &raw).unwrap();
            assert_eq!(
                decode_frame(&bytes).unwrap(),
                Frame {
                    header: HEADER,
                    raw
                }
            );
        }
    }

    #[test]
    fn what_cannot_be_compressed_still_fits() {
        let mut state = 1_u64;
        let noise = (0..FRAME_RAW_BYTES_MAX).map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        });
        let noise: Vec<u8> = noise.collect();
        let bytes = encode_frame(HEADER, &noise).unwrap();
        assert!(
            bytes.len() > FRAME_RAW_BYTES_MAX
                && bytes.len() <= FRAME_HEADER_BYTES + FRAME_STORED_BYTES_MAX
        );
        assert_eq!(decode_frame(&bytes).unwrap().raw, noise);
    }

    #[test]
    fn a_frame_that_is_too_large_is_neither_written_nor_read() {
        let error = encode_frame(HEADER, &vec![0; FRAME_RAW_BYTES_MAX + 1]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        let good = encode_frame(HEADER, &[7; 100]).unwrap();
        for (at, len) in [
            (32, FRAME_STORED_BYTES_MAX + 1),
            (36, FRAME_RAW_BYTES_MAX + 1),
            (36, u32::MAX as usize),
        ] {
            let error = decode_resealed(good.clone(), |frame| {
                frame[at..at + 4].copy_from_slice(&(len as u32).to_le_bytes());
            });
            assert!(error.contains("larger than any may be"), "{error}");
        }
    }

    #[test]
    fn a_bomb_unpacks_to_no_more_than_its_header_says() {
        let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).unwrap();
        for claimed in [0_u32, 100, FRAME_RAW_BYTES_MAX as u32] {
            let error = decode_resealed(encode_frame(HEADER, &[]).unwrap(), |frame| {
                frame.truncate(FRAME_HEADER_BYTES);
                frame.extend(&bomb);
                frame[32..36].copy_from_slice(&(bomb.len() as u32).to_le_bytes());
                frame[36..40].copy_from_slice(&claimed.to_le_bytes());
            });
            assert!(error.contains("does not unpack"), "{error}");
        }
    }

    #[test]
    fn a_frame_that_says_what_cannot_be_is_refused() {
        let good = || encode_frame(HEADER, &[7; 100]).unwrap();
        for (at, byte, what) in [
            (4, 9, "no kind 9"),
            (5, 2, "flags"),
            (7, 1, "flags"),
            (36, 99, "does not unpack"),
        ] {
            let error = decode_resealed(good(), |frame| frame[at] = byte);
            assert!(error.contains(what), "{error}");
        }
        let error = decode_resealed(good(), |frame| frame[36] = 101);
        assert!(error.contains("unpacks to 100 bytes"), "{error}");
        let error = decode_resealed(good(), |frame| {
            frame[24..32].copy_from_slice(&[4, 0, 0, 0, 0, 0, 0, 0]);
        });
        assert!(error.contains("back to 4"), "{error}");
        let error = decode_frame(&[good(), vec![0]].concat())
            .unwrap_err()
            .to_string();
        assert!(error.contains("something follows"), "{error}");
    }

    #[test]
    fn a_frame_cut_short_is_called_so() {
        let bytes = encode_frame(HEADER, &[7; 100]).unwrap();
        for len in 0..bytes.len() {
            assert!(
                matches!(decode_frame(&bytes[..len]), Err(FrameError::Cut(_))),
                "{len}"
            );
        }
    }
}
