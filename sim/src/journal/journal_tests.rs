//! A journal's whole life: written, read, exported from rows, broken off and resumed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Command, StampedCommand};
use hamlet_protocol::time::ClockAnchor;

use super::frame::{FRAME_RAW_BYTES_MAX, decode_frame};
use super::hash::{StateHash, run_digest, state_hash};
use super::image::encode_image;
use super::prefix::{copy_good_prefix, good_prefix};
use super::reader::{End, JournalError, JournalReader};
use super::record::{FRAME_TICKS_MAX, FrameBuilder, Record, decode_records};
use super::samples::{
    commands, empty_world, full_world, full_world_of_format_1, full_world_of_format_2,
};
use super::writer::{JournalHeader, JournalWriter};

fn header() -> JournalHeader {
    JournalHeader::new(empty_world(), 100, "hamlet 0.1.0")
}

fn read(bytes: &[u8]) -> (JournalHeader, Vec<Record>, End) {
    let mut reader = JournalReader::open(bytes).unwrap();
    let records = reader.by_ref().collect::<Result<Vec<_>, _>>().unwrap();
    (
        reader.header().clone(),
        records,
        reader.end().unwrap().clone(),
    )
}

/// Records of a run of so many ticks, in the order they happen.
fn records(ticks: u64) -> Vec<Record> {
    let commands = commands();
    let mut records = Vec::new();
    for tick in 0..=ticks {
        if tick % 100 == 0 && tick > 0 {
            records.push(Record::Hash {
                tick,
                hash: StateHash(u128::from(tick) << 64 | 1),
            });
        }
        if tick % 150 == 0 {
            records.push(Record::Anchor(ClockAnchor::for_next(tick, 5_000, 100_000)));
        }
        for order in 0..(tick % 7).saturating_sub(4) as u32 {
            let stamped = commands[(tick as usize + order as usize) % commands.len()].clone();
            records.push(Record::Command {
                after_tick: tick,
                order,
                stamped,
            });
        }
    }
    records
}

fn write(writer: &mut JournalWriter<impl Write>, records: &[Record]) -> io::Result<()> {
    for record in records {
        match record {
            Record::Command {
                after_tick,
                order,
                stamped,
            } => {
                assert_eq!(writer.command(*after_tick, stamped)?, *order);
            }
            Record::Hash { tick, hash } => writer.hash(*tick, *hash)?,
            Record::Anchor(anchor) => writer.anchor(*anchor)?,
        }
    }
    Ok(())
}

#[test]
fn a_journal_gives_back_what_it_was_given() {
    let world = full_world();
    let start = world.state.tick;
    let final_hash = state_hash(&world.state, run_digest(&world.scenario, &world.map));
    let header = JournalHeader::new(world, 0, "hamlet 0.1.0");
    let mut writer = JournalWriter::create(Vec::new(), &header).unwrap();
    for stamped in commands() {
        writer.command(start, &stamped).unwrap();
    }
    let bytes = writer.finish(start + 3, final_hash).unwrap();
    let (read_header, records, end) = read(&bytes);
    assert_eq!(read_header, header);
    let wanted: Vec<_> = (header.first_order..)
        .zip(commands())
        .map(|(order, stamped)| Record::Command {
            after_tick: start,
            order,
            stamped,
        })
        .collect();
    assert_eq!(records, wanted);
    assert_eq!(
        end,
        End::Finished {
            last_tick: start + 3,
            final_hash,
            frames: 3
        }
    );
}

#[test]
fn a_long_run_takes_several_frames() {
    let records = records(30_000);
    let mut writer = JournalWriter::create(Vec::new(), &header()).unwrap();
    write(&mut writer, &records).unwrap();
    let bytes = writer.finish(30_000, StateHash(30_000 << 64 | 1)).unwrap();
    let (_, back, end) = read(&bytes);
    assert!(back == records);
    assert!(
        matches!(
            end,
            End::Finished {
                last_tick: 30_000,
                frames: 20..,
                ..
            }
        ),
        "{end:?}"
    );
}

#[test]
fn a_million_quiet_ticks_cost_next_to_nothing() {
    let start = JournalWriter::create(Vec::new(), &header())
        .unwrap()
        .finish(0, StateHash(0))
        .unwrap();
    let mut writer = JournalWriter::create(Vec::new(), &header()).unwrap();
    for tick in 1..=1_000_000 {
        writer.tick(tick).unwrap();
    }
    let bytes = writer.finish(1_000_000, StateHash(1)).unwrap();
    let (_, records, end) = read(&bytes);
    assert!(records.is_empty());
    assert_eq!(
        end,
        End::Finished {
            last_tick: 1_000_000,
            final_hash: StateHash(1),
            frames: 2 + 1_000_000 / FRAME_TICKS_MAX
        }
    );
    assert!(bytes.len() - start.len() < 8_000, "{}", bytes.len());
}

#[test]
fn a_writer_refuses_what_a_reader_would() {
    let commands = commands();
    let refused = |result: io::Result<()>| {
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::InvalidInput);
    };
    let mut writer = JournalWriter::create(Vec::new(), &header()).unwrap();
    writer.command(5, &commands[0]).unwrap();
    refused(writer.command(4, &commands[0]).map(|_| ()));
    refused(writer.hash(4, StateHash(0)));
    refused(writer.anchor(ClockAnchor::sim_time(4)));
    refused(writer.tick(4));
    assert_eq!(writer.command(5, &commands[0]).unwrap(), 1);
    writer.hash(6, StateHash(6)).unwrap();
    refused(writer.finish(6, StateHash(7)).map(|_| ()));

    let mut stale = header();
    stale.start.format = 0;
    refused(JournalWriter::create(Vec::new(), &stale).map(|_| ()));
}

#[test]
fn a_command_as_large_as_a_frame_fits_and_a_larger_one_is_refused() {
    let say = |chars: usize| {
        let Command::Act { agent, .. } = commands()[0].command else {
            panic!("the first sample is an act");
        };
        StampedCommand {
            stamp_ms: 0,
            command: Command::Act {
                agent,
                act: Act::Say {
                    text: "x".repeat(chars),
                },
            },
        }
    };
    let mut writer = JournalWriter::create(Vec::new(), &header()).unwrap();
    writer.command(0, &say(10)).unwrap();
    writer.command(0, &say(FRAME_RAW_BYTES_MAX - 200)).unwrap();
    let error = writer.command(0, &say(FRAME_RAW_BYTES_MAX)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    assert_eq!(writer.command(0, &say(20)).unwrap(), 2);
    let bytes = writer.finish(1, StateHash(0)).unwrap();
    assert_eq!(read(&bytes).1.len(), 3);
}

#[test]
fn a_journal_of_other_rules_is_refused_with_the_way_out() {
    let mut header = header();
    header.rules_version = RULES_VERSION + 2;
    header.created_by = "hamlet 9.9.9".to_owned();
    let bytes = JournalWriter::create(Vec::new(), &header)
        .unwrap()
        .finish(0, StateHash(0))
        .unwrap();
    let error = JournalReader::open(&bytes[..]).unwrap_err();
    assert!(
        matches!(error, JournalError::OtherRules { found, ours: RULES_VERSION, .. } if found == RULES_VERSION + 2)
    );
    let text = error.to_string();
    assert!(
        text.contains("replay it with the version that wrote it (hamlet 9.9.9)"),
        "{text}"
    );
    assert_eq!(
        JournalReader::open_any_rules(&bytes[..]).unwrap().header(),
        &header
    );
}

#[test]
fn a_start_from_older_rules_is_no_hindrance() {
    let mut header = header();
    header.start.rules_version = 0;
    let bytes = JournalWriter::create(Vec::new(), &header)
        .unwrap()
        .finish(0, StateHash(0))
        .unwrap();
    assert_eq!(read(&bytes).0, header);
}

#[test]
fn what_is_no_journal_is_called_so() {
    let image = encode_image(&empty_world()).unwrap();
    for (bytes, what) in [
        (&b"tick,agent,event\n1,ada,said\n"[..], "does not begin"),
        (b"no", "does not begin"),
        (&image, "an image"),
    ] {
        let error = JournalReader::open(bytes).unwrap_err();
        assert!(
            matches!(&error, JournalError::NotAJournal { what: found } if found.contains(what)),
            "{error}"
        );
    }
}

#[test]
fn rows_of_a_table_become_a_file() {
    // A live village closes a frame per batch, several in one tick, and pruned what lies before frame 40.
    let commands = commands();
    let mut builder = FrameBuilder::new(40, 0, 3);
    let mut rows = Vec::new();
    for (tick, stamped) in [0, 0, 1, 2, 2, 2, 9].into_iter().zip(&commands) {
        builder.command(tick, stamped).unwrap();
        rows.push(builder.close().unwrap().unwrap());
    }
    assert!(builder.close().unwrap().is_none());

    let mut header = header();
    header.first_frame = 40;
    header.first_order = 3;
    let mut writer = JournalWriter::create(Vec::new(), &header).unwrap();
    for row in &rows {
        writer.append_frame(row).unwrap();
    }
    let error = writer.append_frame(&rows[6]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    let bytes = writer.finish(12, StateHash(12)).unwrap();

    let from_rows: Vec<_> = rows
        .iter()
        .flat_map(|row| decode_records(&decode_frame(row).unwrap()).unwrap())
        .collect();
    let (_, records, end) = read(&bytes);
    assert_eq!(records, from_rows);
    let orders: Vec<_> = records
        .iter()
        .map(|record| matches!(record, Record::Command { order: 0, .. }))
        .collect();
    assert_eq!(orders, [false, false, true, true, false, false, true]);
    assert!(
        matches!(
            end,
            End::Finished {
                last_tick: 12,
                frames: 10,
                ..
            }
        ),
        "{end:?}"
    );
    for row in &rows {
        assert!(
            bytes.windows(row.len()).any(|window| window == row),
            "rows stand in the file as they are"
        );
    }
}

#[test]
fn a_journal_broken_off_goes_on_where_it_was_good() {
    let all = records(400);
    let mut writer = JournalWriter::create(Vec::new(), &header()).unwrap();
    for chunk in all.chunks(40) {
        write(&mut writer, chunk).unwrap();
        writer.flush().unwrap();
    }
    let whole = writer.finish(401, StateHash(4)).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let (cut, good) = (folder.path().join("cut.hj"), folder.path().join("good.hj"));
    std::fs::write(&cut, &whole[..whole.len() * 2 / 3]).unwrap();
    let prefix = copy_good_prefix(&cut, &good).unwrap();
    let mut bytes = std::fs::read(&good).unwrap();
    assert_eq!(bytes.len() as u64, prefix.bytes);
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        2,
        "nothing else is left in the folder"
    );
    let (_, first, end) = read(&bytes);
    assert!(
        matches!(end, End::Truncated { good_until_tick, .. } if good_until_tick == prefix.until_tick)
    );
    assert!(!first.is_empty() && first.len() < all.len() && first.len().is_multiple_of(40));

    let mut writer = JournalWriter::resume(&mut bytes, &prefix).unwrap();
    write(&mut writer, &all[first.len()..]).unwrap();
    writer.finish(401, StateHash(4)).unwrap();
    let (_, records, end) = read(&bytes);
    assert_eq!(records, all);
    assert!(
        matches!(end, End::Finished { last_tick: 401, .. }),
        "{end:?}"
    );

    let finished = good_prefix(&bytes[..]).unwrap();
    assert_eq!(finished.bytes, bytes.len() as u64);
    assert_eq!(
        JournalWriter::resume(Vec::new(), &finished)
            .unwrap_err()
            .kind(),
        io::ErrorKind::InvalidInput
    );
}

/// Takes so many bytes, then has no room left, and gets room again once.
struct Disk {
    bytes: Vec<u8>,
    room: usize,
}

impl Write for &mut Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        self.bytes.extend(&bytes[..taken]);
        match taken {
            0 => Err(io::Error::new(io::ErrorKind::StorageFull, "no space left")),
            _ => Ok(taken),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_leaves_a_journal_that_was_cut_short_never_a_damaged_one() {
    let records = records(300);
    let mut whole = JournalWriter::create(Vec::new(), &header()).unwrap();
    let start = whole.finish(0, StateHash(0)).unwrap().len();
    whole = JournalWriter::create(Vec::new(), &header()).unwrap();
    write(&mut whole, &records).unwrap();
    let len = whole
        .finish(300, StateHash(300 << 64 | 1))
        .map_or(start + 400, |bytes| bytes.len());
    for room in (start..len).step_by(13) {
        let mut disk = Disk {
            bytes: Vec::new(),
            room,
        };
        let mut writer = JournalWriter::create(&mut disk, &header()).unwrap();
        let mut failed = None;
        for chunk in records.chunks(30) {
            failed = write(&mut writer, chunk)
                .and_then(|()| writer.flush())
                .err();
            if failed.is_some() {
                break;
            }
        }
        if failed.is_some_and(|error| error.kind() == io::ErrorKind::StorageFull) {
            // Trying again, though there might be room now, must not write behind a torn frame.
            writer.tick(1000).unwrap();
            assert!(writer.flush().is_err());
        }
        drop(writer);
        let mut reader = JournalReader::open(&disk.bytes[..]).unwrap();
        while reader.next_record().unwrap().is_some() {}
        assert!(
            matches!(reader.end(), Some(End::Truncated { .. })),
            "{room}"
        );
    }
}

/// Set `HAMLET_WRITE_FIXTURES` to write the newest fixture anew; see `sim/tests/fixtures/README.md`.
#[test]
fn the_fixture_of_rules_3_reads() {
    let header = JournalHeader::new(full_world(), 100, "hamlet 0.1.0");
    let path = fixture("journal-v3.hj");
    if std::env::var_os("HAMLET_WRITE_FIXTURES").is_some() {
        let first = header.start.state.tick;
        let mut writer = JournalWriter::create(Vec::new(), &header).unwrap();
        for stamped in commands() {
            writer.command(first + 1, &stamped).unwrap();
        }
        writer.anchor(fixture_anchor(first)).unwrap();
        writer.hash(first + 2, StateHash(2)).unwrap();
        std::fs::write(&path, writer.finish(first + 2, StateHash(2)).unwrap()).unwrap();
    }
    check_fixture(&path, 3, &header, &commands());
}

#[test]
fn the_fixture_of_rules_2_can_be_looked_at() {
    let header = JournalHeader {
        rules_version: 2,
        ..JournalHeader::new(full_world_of_format_2(), 100, "hamlet 0.1.0")
    };
    check_fixture(
        &fixture("journal-v2.hj"),
        2,
        &header,
        &commands()[..COMMANDS_OF_RULES_1],
    );
}

#[test]
fn the_fixture_of_rules_1_can_be_looked_at() {
    let header = JournalHeader {
        rules_version: 1,
        ..JournalHeader::new(full_world_of_format_1(), 100, "hamlet 0.1.0")
    };
    check_fixture(
        &fixture("journal-v1.hj"),
        1,
        &header,
        &commands()[..COMMANDS_OF_RULES_1],
    );
}

/// A journal that an older program wrote of a town's day is refused with the way out.
#[test]
fn a_day_by_rules_1_is_refused_with_the_way_out() {
    let bytes = std::fs::read(fixture("lived-v1.hj")).unwrap();
    let error = JournalReader::open(&bytes[..]).unwrap_err();
    assert!(
        matches!(error, JournalError::OtherRules { found: 1, .. }),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains("replay it with the version that wrote it (hamlet 0.1.0)"),
        "{text}"
    );
}

/// Commands that the fixtures of rules 1 and 2 hold; samples of later commands come after them.
const COMMANDS_OF_RULES_1: usize = 11;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

fn fixture_anchor(first: u64) -> ClockAnchor {
    ClockAnchor::for_next(first + 1, 1_769_929_300_000, 100_000)
}

fn check_fixture(path: &Path, rules: u32, header: &JournalHeader, wanted: &[StampedCommand]) {
    let first = header.start.state.tick;
    let bytes = std::fs::read(path).unwrap();
    let mut reader = JournalReader::open_by(&bytes[..], Some(rules)).unwrap();
    let records = reader.by_ref().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(reader.header(), header);
    assert_eq!(records.len(), wanted.len() + 2);
    assert_eq!(records[wanted.len()], Record::Anchor(fixture_anchor(first)));
    for (record, wanted) in records.iter().zip(wanted) {
        assert!(
            matches!(record, Record::Command { stamped, .. } if stamped == wanted),
            "{record:?}"
        );
    }
    assert_eq!(
        reader.end(),
        Some(&End::Finished {
            last_tick: first + 2,
            final_hash: StateHash(2),
            frames: 3
        })
    );
}
