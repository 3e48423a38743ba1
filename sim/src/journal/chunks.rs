//! An image cut into frames: a stream of bytes that is written and read piece by piece, so that neither side holds all of it.

use std::io::{self, Read, Write};

use super::frame::{Damage, FrameHeader, FrameKind, FrameReader, encode_frame};

/// Bytes of an image in one frame, unpacked.
/// Damage is named to within one of them, and with a header of 56 bytes to each, no file unpacks to more than 4700 times its size.
pub const IMAGE_CHUNK_BYTES: usize = 256 << 10;

/// Most bytes of an image, unpacked: some millions of residents with all they remember.
pub const IMAGE_RAW_BYTES_MAX: u64 = 2 << 30;

/// Cuts what is written to it into frames.
pub(super) struct ChunkWriter<W> {
    out: W,
    buffer: Vec<u8>,
    seq: u64,
    tick: u64,
    total: u64,
    /// What went wrong, in full: an encoder in between may tell less.
    pub(super) failed: Option<io::Error>,
}

impl<W: Write> ChunkWriter<W> {
    /// The pieces of an image of this tick; the first is number 1, since the head of the file is number 0.
    pub(super) fn new(out: W, tick: u64) -> Self {
        Self {
            out,
            buffer: Vec::with_capacity(IMAGE_CHUNK_BYTES),
            seq: 1,
            tick,
            total: 0,
            failed: None,
        }
    }

    /// Writes the last piece and gives back how many there are.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.write_chunk(true)?;
        Ok(self.seq - 1)
    }

    fn write_chunk(&mut self, last: bool) -> io::Result<()> {
        let header = FrameHeader {
            kind: FrameKind::Image,
            last,
            seq: self.seq,
            first_tick: self.tick,
            last_tick: self.tick,
        };
        self.out.write_all(&encode_frame(header, &self.buffer)?)?;
        self.seq += 1;
        self.buffer.clear();
        Ok(())
    }

    fn push(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() == IMAGE_CHUNK_BYTES {
            self.write_chunk(false)?;
        }
        let taken = bytes.len().min(IMAGE_CHUNK_BYTES - self.buffer.len());
        self.total += taken as u64;
        if self.total > IMAGE_RAW_BYTES_MAX {
            let what = format!(
                "an image holds at most {IMAGE_RAW_BYTES_MAX} bytes, this world needs more"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        self.buffer.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }
}

impl<W: Write> Write for ChunkWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes).map_err(|source| {
            let kind = source.kind();
            self.failed = Some(source);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why the pieces of an image could not be read.
#[derive(Debug)]
pub(super) enum ChunkFault {
    /// The source failed.
    Io(io::Error),
    /// The file is damaged.
    Damage(Damage),
    /// There is more of it than this many bytes.
    TooLarge(u64),
}

/// Puts the pieces of an image together again.
pub(super) struct ChunkReader<'a, R> {
    frames: &'a mut FrameReader<R>,
    tick: u64,
    raw_max: u64,
    seq: u64,
    at: usize,
    ended: bool,
    total: u64,
    /// Offset of the piece being read.
    pub(super) offset: u64,
    /// What went wrong, in full: the decoder in between only knows that something did.
    pub(super) failed: Option<ChunkFault>,
}

impl<'a, R: Read> ChunkReader<'a, R> {
    /// The pieces of an image of this tick, of at most `raw_max` bytes.
    pub(super) fn new(frames: &'a mut FrameReader<R>, tick: u64, raw_max: u64) -> Self {
        let offset = frames.offset;
        frames.raw.clear();
        Self {
            frames,
            tick,
            raw_max,
            seq: 1,
            at: 0,
            ended: false,
            total: 0,
            offset,
            failed: None,
        }
    }

    /// Makes sure that nothing is left, and gives back how many pieces there were.
    pub(super) fn finish(mut self) -> Result<u64, ChunkFault> {
        match self.read(&mut [0; 1]) {
            Ok(0) => Ok(self.seq - 1),
            Ok(_) => {
                let what = "an image goes on after its end".to_owned();
                Err(ChunkFault::Damage(Damage {
                    offset: self.offset,
                    what,
                    to_the_end: false,
                }))
            }
            Err(source) => Err(self.failed.take().unwrap_or(ChunkFault::Io(source))),
        }
    }

    fn next_chunk(&mut self) -> Result<(), ChunkFault> {
        self.offset = self.frames.offset;
        let header = match self.frames.next_frame().map_err(ChunkFault::Io)? {
            Ok(Some(header)) => header,
            Ok(None) => {
                let what = "the file ends between two frames of an image";
                return Err(ChunkFault::Damage(self.frames.damage(what, true)));
            }
            Err(damage) => return Err(ChunkFault::Damage(damage)),
        };
        let wanted = FrameHeader {
            kind: FrameKind::Image,
            last: header.last,
            seq: self.seq,
            first_tick: self.tick,
            last_tick: self.tick,
        };
        let len = self.frames.raw.len();
        if header != wanted || len > IMAGE_CHUNK_BYTES || (!header.last && len != IMAGE_CHUNK_BYTES)
        {
            let what = format!("piece {} of an image should stand here", self.seq);
            return Err(ChunkFault::Damage(Damage {
                offset: self.offset,
                what,
                to_the_end: false,
            }));
        }
        self.total += len as u64;
        if self.total > self.raw_max {
            return Err(ChunkFault::TooLarge(self.raw_max));
        }
        self.seq += 1;
        self.at = 0;
        self.ended = header.last;
        Ok(())
    }
}

impl<R: Read> Read for ChunkReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.frames.raw.len() && !self.ended {
            if let Err(fault) = self.next_chunk() {
                self.failed = Some(fault);
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        let rest = &self.frames.raw[self.at..];
        let taken = rest.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&rest[..taken]);
        self.at += taken;
        Ok(taken)
    }
}
