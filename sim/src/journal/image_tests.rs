//! Images round trip, age, break and are refused.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::image::{IMAGE_FORMAT, WorldImage};
use hamlet_protocol::map::{Bitmap, Point};
use rmpv::Value;

use super::chunks::ChunkWriter;
use super::frame::FrameReader;
use super::image::*;
use super::migrate::{Step, Way};
use super::preamble::{FileKind, PREAMBLE_BYTES, preamble};
use super::samples::{empty_world, full_world, full_world_of_format_1, full_world_of_format_2};
use crate::village::{Village, VillageOptions};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[test]
fn a_world_comes_back_as_it_was() {
    for world in [empty_world(), full_world()] {
        assert_eq!(decode_image(&encode_image(&world).unwrap()).unwrap(), world);
    }
}

#[test]
fn every_bit_of_a_float_comes_back() {
    let mut world = full_world();
    let map = Arc::make_mut(&mut world.map);
    map.layers[0].opacity = f32::from_bits(0x7FC0_1234);
    let scenario = Arc::make_mut(&mut world.scenario);
    scenario.time.tick_hz = f64::from_bits(0x8000_0000_0000_0001);
    let back = decode_image(&encode_image(&world).unwrap()).unwrap();
    assert_eq!(back.map.layers[0].opacity.to_bits(), 0x7FC0_1234);
    assert_eq!(back.scenario.time.tick_hz.to_bits(), 0x8000_0000_0000_0001);
}

#[test]
fn a_large_world_takes_several_frames() {
    let world = crowded_world(60_000);
    let bytes = encode_image(&world).unwrap();
    let mut frames = FrameReader::new(&bytes[PREAMBLE_BYTES..], PREAMBLE_BYTES as u64);
    let mut starts = vec![frames.offset];
    while frames.next_frame().unwrap().unwrap().is_some() {
        starts.push(frames.offset);
    }
    assert!(starts.len() > 5, "{starts:?}");
    assert_eq!(decode_image(&bytes).unwrap(), world);
    // Damage in a late piece is named by that piece's place.
    let mut bad = bytes.clone();
    let at = bytes.len() * 3 / 4;
    bad[at] ^= 1;
    let Err(ImageError::Corrupt { offset, .. }) = decode_image(&bad) else {
        panic!("the damage should be seen");
    };
    let piece = starts.iter().rposition(|&start| start <= at as u64);
    assert!(piece > Some(1), "{at} of {starts:?}");
    assert_eq!(piece.map(|piece| starts[piece]), Some(offset));
}

fn crowded_world(walkers: usize) -> WorldImage {
    use hamlet_protocol::agent::Facing;
    use hamlet_protocol::image::BodyKind;
    let mut world = empty_world();
    let bodies = &mut world.state.bodies;
    bodies.at = (0..walkers)
        .map(|n| Point::new((n % 2) as u16, (n / 2 % 2) as u16))
        .collect();
    bodies.facing = vec![Facing::South; walkers];
    bodies.kind = vec![BodyKind::Walker; walkers];
    bodies.stuck = vec![0; walkers];
    world
}

#[test]
fn the_fixture_of_format_1_is_brought_up_to_date() {
    let bytes = std::fs::read(fixture("image-v1.image")).unwrap();
    assert_eq!(decode_image(&bytes).unwrap(), full_world_of_format_1());
}

#[test]
fn the_fixture_of_format_2_is_brought_up_to_date() {
    let bytes = std::fs::read(fixture("image-v2.image")).unwrap();
    assert_eq!(decode_image(&bytes).unwrap(), full_world_of_format_2());
}

/// Set `HAMLET_WRITE_FIXTURES` to write the fixture of the present format anew; see `sim/tests/fixtures/README.md`.
#[test]
fn the_fixture_of_format_3_decodes() {
    let path = fixture("image-v3.image");
    if std::env::var_os("HAMLET_WRITE_FIXTURES").is_some() {
        std::fs::write(&path, encode_image(&full_world()).unwrap()).unwrap();
    }
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(decode_image(&bytes).unwrap(), full_world());
}

/// A town that an older program let live for a day, with a board full of life, goes on living.
#[test]
fn a_world_of_format_1_lives_on() {
    let bytes = std::fs::read(fixture("lived-v1.image")).unwrap();
    let image = decode_image(&bytes).unwrap();
    assert_eq!((image.format, image.rules_version), (IMAGE_FORMAT, 1));
    assert_eq!(image.state.board.posts.len(), 37);
    let mut village = Village::resume(image, VillageOptions::default()).unwrap();
    let before = village.tick_count();
    for _ in 0..1_000 {
        village.tick(None);
    }
    let image = village.image();
    assert_eq!(image.state.tick, before + 1_000);
    assert_eq!(image.rules_version, RULES_VERSION);
    assert!(image.state.board.posts.len() > 37);
    assert_eq!(decode_image(&encode_image(&image).unwrap()).unwrap(), image);
}

/// An imagined format 0, in which the seed was called `chance` and directions were numbers.
fn older(world: &WorldImage) -> Value {
    let mut value =
        rmpv::decode::read_value(&mut &rmp_serde::to_vec_named(world).unwrap()[..]).unwrap();
    *entry(&mut value, "format") = 0.into();
    let state = entry(&mut value, "state");
    rename(state, "seed", "chance");
    for facing in list(entry(entry(state, "bodies"), "facing")) {
        let number = NAMES
            .iter()
            .position(|name| facing.as_str() == Some(name))
            .unwrap();
        *facing = number.into();
    }
    value
}

fn from_0_to_1(mut value: Value) -> Result<Value, String> {
    let state = entry(&mut value, "state");
    rename(state, "chance", "seed");
    for facing in list(entry(entry(state, "bodies"), "facing")) {
        let name = facing
            .as_u64()
            .and_then(|n| NAMES.get(n as usize))
            .ok_or("no direction")?;
        *facing = (*name).into();
    }
    Ok(value)
}

const NAMES: [&str; 4] = ["north", "east", "south", "west"];

fn entry<'a>(map: &'a mut Value, name: &str) -> &'a mut Value {
    let Value::Map(fields) = map else {
        panic!("{name} should be in a map");
    };
    &mut fields
        .iter_mut()
        .find(|(key, _)| key.as_str() == Some(name))
        .unwrap()
        .1
}

fn list(value: &mut Value) -> &mut Vec<Value> {
    let Value::Array(items) = value else {
        panic!("a list should stand here");
    };
    items
}

fn rename(map: &mut Value, from: &str, to: &str) {
    let Value::Map(fields) = map else {
        panic!("{from} should be in a map");
    };
    fields
        .iter_mut()
        .find(|(key, _)| key.as_str() == Some(from))
        .unwrap()
        .0 = to.into();
}

/// A file of any format that holds any value.
fn file_of(format: u32, value: &Value) -> Vec<u8> {
    file_with(format, full_world().state.tick, value)
}

/// The same, of a tick.
fn file_with(format: u32, tick: u64, value: &Value) -> Vec<u8> {
    let mut out = preamble(FileKind::Image).to_vec();
    let head = ImageHead {
        image_format: format,
        rules_version: full_world().rules_version,
        tick,
    };
    write_head(&mut out, head.tick, &head).unwrap();
    let mut chunks = ChunkWriter::new(&mut out, head.tick);
    rmpv::encode::write_value(&mut chunks, value).unwrap();
    chunks.finish().unwrap();
    out
}

#[test]
fn an_older_format_is_brought_up_to_date() {
    let world = full_world();
    let bytes = file_of(0, &older(&world));
    let way = imagined(u64::MAX);
    assert_eq!(read_image_with(way, &bytes[..]).unwrap(), world);
    // Without the step there is no way, and what is not of that format is not bent into shape.
    let none = Way { steps: &[], ..way };
    let error = read_image_with(none, &bytes[..]).unwrap_err();
    assert!(
        matches!(&error, ImageError::Migrate { from: 0, what } if what.contains("from format 0 to 1")),
        "{error}"
    );
    let mut strange = older(&world);
    *entry(entry(&mut strange, "state"), "seq") = "many".into();
    let error = read_image_with(way, &file_of(0, &strange)[..]).unwrap_err();
    assert!(matches!(error, ImageError::Migrate { .. }), "{error}");
}

/// The way from the imagined format 0.
fn imagined(change_bytes_max: u64) -> Way<'static> {
    const STEPS: [(u32, Step); 3] = [(0, Some(from_0_to_1)), (1, None), (2, None)];
    Way {
        steps: &STEPS,
        change_bytes_max: Some(change_bytes_max),
    }
}

#[test]
fn where_something_moves_memory_is_the_limit() {
    let world = crowded_world(60_000);
    let bytes = file_with(0, world.state.tick, &older(&world));
    let whole = rmp_serde::to_vec_named(&world).unwrap().len() as u64;
    let error = read_image_with(imagined(whole / 2), &bytes[..]).unwrap_err();
    assert!(
        matches!(error, ImageError::NoRoomToMigrate { from: 0, limit } if limit == whole / 2),
        "{error}"
    );
    assert!(error.to_string().contains("more memory"), "{error}");
    assert_eq!(
        read_image_with(imagined(whole * 2), &bytes[..]).unwrap(),
        world
    );
}

#[test]
fn where_nothing_moves_an_older_image_is_as_large_as_any() {
    let world = crowded_world(60_000);
    let mut value =
        rmpv::decode::read_value(&mut &rmp_serde::to_vec_named(&world).unwrap()[..]).unwrap();
    for format in [1, 2] {
        *entry(&mut value, "format") = format.into();
        let bytes = file_with(format, world.state.tick, &value);
        // Not a byte may be changed in memory, and none needs to be.
        assert_eq!(read_image_with(imagined(0), &bytes[..]).unwrap(), world);
    }
    // Damage of such an image is damage, and what makes no sense cannot be brought over.
    *entry(&mut value, "state") = "none".into();
    let bytes = file_with(2, world.state.tick, &value);
    let error = read_image_with(imagined(0), &bytes[..]).unwrap_err();
    assert!(
        matches!(error, ImageError::Migrate { from: 2, .. }),
        "{error}"
    );
    // One that names another format than its head is not believed.
    let mut value =
        rmpv::decode::read_value(&mut &rmp_serde::to_vec_named(&world).unwrap()[..]).unwrap();
    *entry(&mut value, "format") = 1.into();
    let bytes = file_with(2, world.state.tick, &value);
    let error = read_image_with(imagined(0), &bytes[..]).unwrap_err();
    assert!(matches!(error, ImageError::Corrupt { .. }), "{error}");
}

#[test]
fn damage_in_an_older_image_is_damage_not_a_failed_migration() {
    let mut bytes = file_of(0, &older(&full_world()));
    let at = bytes.len() - 1;
    bytes[at] ^= 1;
    let error = read_image_with(imagined(u64::MAX), &bytes[..]).unwrap_err();
    assert!(
        matches!(
            error,
            ImageError::Truncated { .. } | ImageError::Corrupt { .. }
        ),
        "{error}"
    );
}

#[test]
fn a_newer_format_is_refused_with_the_way_out() {
    let error = decode_image(&file_of(IMAGE_FORMAT + 1, &Value::Nil)).unwrap_err();
    let text = format!(
        "written by a newer Hamlet (format {}, this build reads up to {IMAGE_FORMAT})",
        IMAGE_FORMAT + 1
    );
    assert!(error.to_string().starts_with(&text), "{error}");
}

#[test]
fn every_cut_and_every_flip_is_seen() {
    let bytes = encode_image(&empty_world()).unwrap();
    for len in 0..bytes.len() {
        let error = decode_image(&bytes[..len]).unwrap_err();
        assert!(
            matches!(error, ImageError::Truncated { .. }),
            "{len}: {error}"
        );
    }
    for at in 0..bytes.len() {
        for flip in [1, 0x80, 0xFF] {
            let mut bad = bytes.clone();
            bad[at] ^= flip;
            let error = decode_image(&bad).unwrap_err();
            // Every byte is there: nothing has been cut off.
            let ImageError::Corrupt { offset, .. } = &error else {
                panic!("{at}: {error}");
            };
            assert!(*offset <= at as u64, "{at}: {error}");
        }
    }
    let mut longer = bytes.clone();
    longer.push(0);
    let error = decode_image(&longer).unwrap_err();
    assert!(
        matches!(error, ImageError::Corrupt { offset, .. } if offset == bytes.len() as u64),
        "{error}"
    );
}

#[test]
fn what_is_no_image_is_called_so() {
    for bytes in [
        &b"name = \"market-day\"\nseed = 7\n"[..],
        b"x",
        &preamble(FileKind::Journal),
    ] {
        let error = decode_image(bytes).unwrap_err();
        assert!(matches!(error, ImageError::NotAnImage { .. }), "{error}");
    }
}

#[test]
fn an_image_that_does_not_hang_together_is_refused() {
    let breaks: [fn(&mut WorldImage); 6] = [
        |world| world.state.bodies.stuck.push(0),
        |world| world.state.bodies.kind.truncate(1),
        |world| Arc::make_mut(&mut world.map).blocked = Bitmap::new(0),
        |world| Arc::make_mut(&mut world.map).width = 1 << 30,
        |world| world.state.bodies.at[0] = Point::new(3, 0),
        |world| world.state.residents[0].no = 3,
    ];
    for break_it in breaks {
        let mut world = full_world();
        break_it(&mut world);
        let error = decode_image(&encode_image(&world).unwrap()).unwrap_err();
        assert!(matches!(error, ImageError::Corrupt { .. }), "{error}");
    }
}

#[test]
fn an_image_of_other_rules_is_read_and_says_so() {
    let mut world = full_world();
    world.rules_version = 99;
    assert_eq!(
        decode_image(&encode_image(&world).unwrap())
            .unwrap()
            .rules_version,
        99
    );
}

#[test]
fn a_length_that_promises_too_much_costs_nothing() {
    // A list of 2³² − 1 elements, and a text of as many bytes, with nothing behind them.
    for start in [
        [0xDD, 0xFF, 0xFF, 0xFF, 0xFF],
        [0xDB, 0xFF, 0xFF, 0xFF, 0xFF],
    ] {
        let mut out = preamble(FileKind::Image).to_vec();
        let head = ImageHead {
            image_format: IMAGE_FORMAT,
            rules_version: 1,
            tick: 0,
        };
        write_head(&mut out, 0, &head).unwrap();
        let mut chunks = ChunkWriter::new(&mut out, 0);
        chunks.write_all(&start).unwrap();
        chunks.finish().unwrap();
        let error = decode_image(&out).unwrap_err();
        assert!(matches!(error, ImageError::Corrupt { .. }), "{error}");
    }
}

#[test]
fn a_full_disk_is_reported_as_what_it_is() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if bytes.len() > self.0 {
                return Err(io::Error::new(io::ErrorKind::StorageFull, "no space left"));
            }
            self.0 -= bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let world = crowded_world(60_000);
    let len = encode_image(&world).unwrap().len();
    for room in [0, 100, len / 2, len - 1] {
        let error = write_image(&world, Full(room)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{room}");
        assert_eq!(error.to_string(), "no space left");
    }
}
