//! Every cut and every flipped byte of a small journal, and what is to be said about it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::ops::Range;

use super::frame::{FRAME_HEADER_BYTES, FrameHeader, FrameKind, FrameReader, encode_frame};
use super::hash::StateHash;
use super::preamble::PREAMBLE_BYTES;
use super::reader::{End, JournalError, JournalReader};
use super::samples::{commands, empty_world};
use super::writer::{JournalHeader, JournalWriter};
use crate::rng::{Purpose, Stream};

/// A journal of three frames of records, without its trailer or with it.
fn journal(finished: bool) -> Vec<u8> {
    let header = JournalHeader::new(empty_world(), 5, "hamlet 0.1.0");
    let mut writer = JournalWriter::create(Vec::new(), &header).unwrap();
    let commands = commands();
    writer.command(0, &commands[0]).unwrap();
    writer.command(3, &commands[1]).unwrap();
    writer.tick(4).unwrap();
    writer.flush().unwrap();
    writer.hash(5, StateHash(55)).unwrap();
    writer.command(5, &commands[2]).unwrap();
    writer.flush().unwrap();
    writer.tick(9).unwrap();
    writer.flush().unwrap();
    if finished {
        return writer.finish(9, StateHash(99)).unwrap();
    }
    // What a writer leaves that is killed here.
    let finished = writer.finish(9, StateHash(99)).unwrap();
    let spans = spans(&finished);
    finished[..spans.last().unwrap().bytes.start].to_vec()
}

struct Span {
    header: FrameHeader,
    bytes: Range<usize>,
}

fn spans(journal: &[u8]) -> Vec<Span> {
    let mut frames = FrameReader::new(&journal[PREAMBLE_BYTES..], PREAMBLE_BYTES as u64);
    let mut spans = Vec::new();
    loop {
        let start = frames.offset as usize;
        let Some(header) = frames.next_frame().unwrap().unwrap() else {
            return spans;
        };
        spans.push(Span {
            header,
            bytes: start..frames.offset as usize,
        });
    }
}

/// What reading a file comes to.
#[derive(Debug, PartialEq)]
enum Verdict {
    Finished,
    /// Ticks and bytes that are good.
    Truncated(u64, u64),
    NothingToRecover,
    Corrupt(u64),
    Other(String),
}

fn read(bytes: &[u8]) -> Verdict {
    match read_on(bytes) {
        Ok(End::Finished {
            last_tick: 9,
            final_hash: StateHash(99),
            ..
        }) => Verdict::Finished,
        Ok(End::Truncated {
            good_until_tick,
            offset,
            ..
        }) => Verdict::Truncated(good_until_tick, offset),
        Ok(end) => Verdict::Other(format!("{end:?}")),
        Err(JournalError::NothingToRecover { .. }) => Verdict::NothingToRecover,
        Err(JournalError::Corrupt { offset, .. }) => Verdict::Corrupt(offset),
        Err(error) => Verdict::Other(error.to_string()),
    }
}

fn read_on(bytes: &[u8]) -> Result<End, JournalError> {
    let mut reader = JournalReader::open(bytes)?;
    while reader.next_record()?.is_some() {}
    assert!(reader.next_record().unwrap().is_none());
    Ok(reader.end().unwrap().clone())
}

/// What a journal of which the first `len` bytes are left must come to.
fn verdict_of_cut(spans: &[Span], len: usize) -> Verdict {
    let whole: Vec<_> = spans
        .iter()
        .take_while(|span| span.bytes.end <= len)
        .collect();
    match whole.last() {
        Some(Span { header, .. }) if header.kind == FrameKind::Trailer => Verdict::Finished,
        Some(Span { header, bytes }) if header.kind == FrameKind::Data || header.last => {
            Verdict::Truncated(header.last_tick, bytes.end as u64)
        }
        _ => Verdict::NothingToRecover,
    }
}

#[test]
fn the_journal_has_all_kinds_of_frames() {
    let kinds: Vec<_> = spans(&journal(true))
        .iter()
        .map(|span| span.header.kind)
        .collect();
    use FrameKind::{Data, Head, Image, Trailer};
    assert_eq!(kinds, [Head, Image, Data, Data, Data, Trailer]);
    assert_eq!(read(&journal(true)), Verdict::Finished);
    assert!(matches!(read(&journal(false)), Verdict::Truncated(9, _)));
}

#[test]
fn a_journal_cut_anywhere_is_truncated() {
    let bytes = journal(true);
    let spans = spans(&bytes);
    for len in 0..=bytes.len() {
        assert_eq!(read(&bytes[..len]), verdict_of_cut(&spans, len), "{len}");
    }
}

#[test]
fn a_journal_that_turns_to_zeros_anywhere_is_truncated() {
    let bytes = journal(true);
    let spans = spans(&bytes);
    let trailer = spans.last().unwrap().bytes.clone();
    for cut in 0..=bytes.len() {
        for zeros in [1, 2, 7, 8, 55, 56, 57, 300, 10_000] {
            let mut file = bytes[..cut].to_vec();
            file.resize(cut + zeros, 0);
            // Zeros that stood there anyway are no damage.
            let same = bytes.iter().zip(&file).take_while(|(a, b)| a == b).count();
            let wanted = if same == trailer.end && file.len() > trailer.end {
                Verdict::Corrupt(trailer.end as u64)
            } else if same > trailer.start + FRAME_HEADER_BYTES
                && same < trailer.end
                && file.len() >= trailer.end
            {
                // All of the trailer's bytes are there and some are wrong: it could be a flipped byte.
                Verdict::Corrupt(trailer.start as u64)
            } else {
                verdict_of_cut(&spans, same)
            };
            assert_eq!(read(&file), wanted, "{cut} bytes and {zeros} zeros");
        }
    }
}

/// Every way to damage one byte that is tried: each bit, all bits, and zero.
fn flips(byte: u8) -> impl Iterator<Item = u8> {
    let flips = (0..8).map(|bit| 1 << bit).chain([0xFF, byte]);
    flips.filter(|&flip| flip != 0).map(move |flip| byte ^ flip)
}

#[test]
fn a_flipped_byte_in_a_finished_journal_is_corruption() {
    let bytes = journal(true);
    let spans = spans(&bytes);
    for at in 0..bytes.len() {
        let place = spans
            .iter()
            .find(|span| span.bytes.contains(&at))
            .map_or(at, |span| span.bytes.start);
        for byte in flips(bytes[at]) {
            let mut bad = bytes.clone();
            bad[at] = byte;
            assert_eq!(
                read(&bad),
                Verdict::Corrupt(place as u64),
                "byte {at} as {byte:#04x}"
            );
        }
    }
}

#[test]
fn a_flipped_byte_in_an_unfinished_journal_is_corruption_except_in_the_last_payload() {
    let bytes = journal(false);
    let spans = spans(&bytes);
    let last = &spans[spans.len() - 1];
    for at in 0..bytes.len() {
        let place = spans
            .iter()
            .find(|span| span.bytes.contains(&at))
            .map_or(at, |span| span.bytes.start);
        let wanted = if at >= last.bytes.start + FRAME_HEADER_BYTES {
            verdict_of_cut(&spans, last.bytes.start)
        } else {
            Verdict::Corrupt(place as u64)
        };
        for byte in flips(bytes[at]) {
            let mut bad = bytes.clone();
            bad[at] = byte;
            assert_eq!(read(&bad), wanted, "byte {at} as {byte:#04x}");
        }
    }
}

#[test]
fn a_flipped_byte_in_a_journal_of_a_start_alone() {
    let whole = journal(false);
    let start = spans(&whole)
        .into_iter()
        .find(|span| span.header.last)
        .unwrap();
    let bytes = &whole[..start.bytes.end];
    for at in 0..bytes.len() {
        for byte in flips(bytes[at]) {
            let mut bad = bytes.to_vec();
            bad[at] = byte;
            let verdict = read(&bad);
            if at >= start.bytes.start + FRAME_HEADER_BYTES {
                assert_eq!(verdict, Verdict::NothingToRecover, "byte {at}");
            } else {
                assert!(
                    matches!(verdict, Verdict::Corrupt(_)),
                    "byte {at}: {verdict:?}"
                );
            }
        }
    }
}

#[test]
fn damage_before_a_cut_is_corruption() {
    let bytes = journal(true);
    let spans = spans(&bytes);
    let mut bad = bytes[..bytes.len() - 3].to_vec();
    bad[spans[2].bytes.end - 1] ^= 0x10;
    assert_eq!(read(&bad), Verdict::Corrupt(spans[2].bytes.start as u64));
}

#[test]
fn frames_that_are_missing_repeated_or_out_of_order_are_corruption() {
    let bytes = journal(true);
    let spans = spans(&bytes);
    let join = |order: &[usize]| {
        let frames = order.iter().flat_map(|&n| &bytes[spans[n].bytes.clone()]);
        bytes[..PREAMBLE_BYTES]
            .iter()
            .chain(frames)
            .copied()
            .collect::<Vec<u8>>()
    };
    assert_eq!(read(&join(&[0, 1, 2, 3, 4, 5])), Verdict::Finished);
    let orders: [(&[usize], usize); 10] = [
        (&[0, 1, 3, 4, 5], 2),
        (&[0, 1, 2, 4, 5], 3),
        (&[0, 1, 2, 3, 5], 4),
        (&[0, 1, 5], 2),
        (&[0, 1, 2, 2, 3, 4, 5], 3),
        (&[0, 1, 3, 2, 4, 5], 2),
        (&[0, 2, 3, 4, 5], 1),
        (&[1, 2, 3, 4, 5], 0),
        (&[0, 1, 2, 3, 4, 5, 5], 6),
        (&[0, 1, 0, 1, 2, 3, 4, 5], 2),
    ];
    for (order, wrong) in orders {
        let offset = PREAMBLE_BYTES
            + order[..wrong]
                .iter()
                .map(|&n| spans[n].bytes.len())
                .sum::<usize>();
        assert_eq!(
            read(&join(order)),
            Verdict::Corrupt(offset as u64),
            "{order:?}"
        );
    }
}

#[test]
fn a_trailer_that_disagrees_is_corruption() {
    #[derive(serde::Serialize)]
    struct Trailer {
        frames: u64,
        last_tick: u64,
        final_hash: StateHash,
    }
    let bytes = journal(false);
    let with = |seq, tick, trailer: Trailer| {
        let raw = rmp_serde::to_vec_named(&trailer).unwrap();
        let header = FrameHeader {
            kind: FrameKind::Trailer,
            last: false,
            seq,
            first_tick: tick,
            last_tick: tick,
        };
        read(&[bytes.clone(), encode_frame(header, &raw).unwrap()].concat())
    };
    let final_hash = StateHash(99);
    let corrupt = Verdict::Corrupt(bytes.len() as u64);
    assert_eq!(
        with(
            3,
            9,
            Trailer {
                frames: 5,
                last_tick: 9,
                final_hash
            }
        ),
        Verdict::Finished
    );
    assert_eq!(
        with(
            3,
            9,
            Trailer {
                frames: 4,
                last_tick: 9,
                final_hash
            }
        ),
        corrupt
    );
    assert_eq!(
        with(
            3,
            9,
            Trailer {
                frames: 5,
                last_tick: 8,
                final_hash
            }
        ),
        corrupt
    );
    assert_eq!(
        with(
            4,
            9,
            Trailer {
                frames: 5,
                last_tick: 9,
                final_hash
            }
        ),
        corrupt
    );
    assert_eq!(
        with(
            3,
            8,
            Trailer {
                frames: 5,
                last_tick: 9,
                final_hash
            }
        ),
        corrupt
    );
}

#[test]
fn whatever_stands_in_a_frame_with_good_checksums_nothing_panics() {
    let bytes = journal(true);
    let mut frames = FrameReader::new(&bytes[PREAMBLE_BYTES..], PREAMBLE_BYTES as u64);
    let mut parts = Vec::new();
    while let Some(header) = frames.next_frame().unwrap().unwrap() {
        parts.push((header, frames.raw.clone()));
    }
    let mut chance = Stream::new(1, Purpose::Model, 0, 0);
    let mut refused = 0;
    for _ in 0..4000 {
        let victim = chance.below(parts.len() as u32) as usize;
        let mut file = bytes[..PREAMBLE_BYTES].to_vec();
        for (n, (header, raw)) in parts.iter().enumerate() {
            let mut raw = raw.clone();
            if n == victim && !raw.is_empty() {
                for _ in 0..=chance.below(3) {
                    let at = chance.below(raw.len() as u32) as usize;
                    raw[at] = chance.bits() as u8;
                }
                if chance.chance(2000) {
                    raw.truncate(chance.below(raw.len() as u32) as usize);
                }
            }
            file.extend(encode_frame(*header, &raw).unwrap());
        }
        refused += u32::from(read(&file) != Verdict::Finished);
    }
    assert!(refused > 1000, "{refused}");
}
