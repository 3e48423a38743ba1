//! `map`: a file, a folder, or a generated landscape.

use hamlet_protocol::map::{MAP_SIDE_MAX, TownMap};
use hamlet_protocol::scenario::{GeneratedMap, Landscape, MapSource};

use super::context::Context;
use super::reader::Reader;
use super::tree::{Place, Value};
use crate::space::generate::{generate, homes_by_default};
use crate::space::map::look_at_map;

/// Where the map comes from, and the map itself when it can be had.
/// A map with faults, or the one that was most likely meant where there is none, comes too: places are checked against it, and the faults keep the run from starting.
pub(super) fn read(document: &Reader<'_>, context: &Context<'_>) -> (MapSource, Option<TownMap>) {
    document.need("map", "map = \"maps/town.tmj\"");
    let place = document.place("map");
    match document.node("map").map(|node| &node.value) {
        Some(Value::Text(name)) => (MapSource::File(name.clone()), load(name, place, context)),
        Some(Value::Table(_)) => match document.table("map", "`map`").and_then(asked) {
            Some(asked) => {
                let map = make(&asked, place, context);
                (MapSource::Generated(asked), map)
            }
            None => (MapSource::File(String::new()), None),
        },
        Some(_) => {
            let help = "write map = \"maps/town.tmj\" or map = { generate = \"town\", width = 128, height = 128 }";
            context.faults.error(
                place,
                "`map` must be a file's name or a table",
                help.to_owned(),
            );
            (MapSource::File(String::new()), None)
        }
        None => (MapSource::File(String::new()), None),
    }
}

fn load(name: &str, place: &Place, context: &Context<'_>) -> Option<TownMap> {
    let Some(path) = context.find(name, place) else {
        let (map, _) = look_at_map(&context.meant(name)?, context.files);
        return map;
    };
    let (map, faults) = look_at_map(&path, context.files);
    faults
        .into_iter()
        .for_each(|fault| context.faults.push(fault));
    map
}

fn make(asked: &GeneratedMap, place: &Place, context: &Context<'_>) -> Option<TownMap> {
    match generate(asked) {
        Ok(map) => Some(map),
        Err(mut fault) => {
            fault.file = place.file.to_string();
            fault.at = place.at;
            context.faults.push(fault);
            None
        }
    }
}

fn asked(reader: Reader<'_>) -> Option<GeneratedMap> {
    reader.need("generate", "generate = \"town\"");
    reader.need("width", "width = 128");
    reader.need("height", "height = 128");
    let kind = reader.word("generate", &["field", "town"]);
    let width = reader.whole("width", 1..=MAP_SIDE_MAX);
    let height = reader.whole("height", 1..=MAP_SIDE_MAX);
    let homes = reader.whole("homes", 0..=1_000_000_u32);
    let seed_given = reader.whole("seed", 0..=i64::MAX as u64);
    let (kind, width, height) = match (kind, width, height) {
        (Some(0), Some(width), Some(height)) => (Landscape::Field, width, height),
        (Some(_), Some(width), Some(height)) => (Landscape::Town, width, height),
        _ => {
            reader.finish();
            return None;
        }
    };
    if kind == Landscape::Field && homes.is_some_and(|homes| homes > 0) {
        let help = "remove `homes`, or write generate = \"town\"".to_owned();
        reader
            .faults()
            .error(reader.place("homes"), "a field has no homes", help);
    }
    reader.finish();
    let seed = seed_given.unwrap_or(1);
    let homes = homes.unwrap_or_else(|| match kind {
        Landscape::Town => homes_by_default(width, height, seed),
        Landscape::Field => 0,
    });
    Some(GeneratedMap {
        kind,
        width,
        height,
        homes,
        seed,
    })
}
