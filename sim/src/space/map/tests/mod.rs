//! Maps as a user has them, through the one door [`super::load_map`].
#![allow(clippy::unwrap_used, reason = "tests")]

mod bad;
mod landmarks;
mod maze;
mod tiled;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hamlet_protocol::map::{Landmark, TownMap};
use serde_json::{Value, json};

use super::testing::Memory;
use crate::fault::Fault;

/// A map of 16 pixel tiles in JSON.
fn tmj(width: u32, height: u32, layers: Value, tilesets: Value) -> String {
    json!({
        "type": "map", "version": "1.10", "tiledversion": "1.12.0", "orientation": "orthogonal",
        "renderorder": "right-down", "infinite": false, "width": width, "height": height,
        "tilewidth": 16, "tileheight": 16, "layers": layers, "tilesets": tilesets,
        "nextlayerid": 9, "nextobjectid": 99, "compressionlevel": -1,
    })
    .to_string()
}

/// A map of 16 pixel tiles in XML.
fn tmx(width: u32, height: u32, content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<map version=\"1.10\" tiledversion=\"1.12.0\" \
         orientation=\"orthogonal\" renderorder=\"right-down\" width=\"{width}\" height=\"{height}\" \
         tilewidth=\"16\" tileheight=\"16\" infinite=\"0\" nextlayerid=\"9\" nextobjectid=\"99\">\n{content}\n</map>\n"
    )
}

fn tile_layer(name: &str, width: u32, height: u32, data: Value) -> Value {
    json!({"type": "tilelayer", "id": 1, "name": name, "width": width, "height": height, "x": 0, "y": 0,
           "opacity": 1, "visible": true, "data": data})
}

/// A collision layer from a sketch: `#` blocks.
fn collision(rows: &[&str]) -> Value {
    let data: Vec<u32> = rows
        .iter()
        .flat_map(|row| row.bytes())
        .map(|tile| u32::from(tile == b'#'))
        .collect();
    tile_layer(
        "Collisions",
        rows[0].len() as u32,
        rows.len() as u32,
        json!(data),
    )
}

fn object_layer(name: &str, objects: Value) -> Value {
    json!({"type": "objectgroup", "id": 2, "name": name, "draworder": "topdown", "objects": objects})
}

/// A rectangle in tiles.
fn rectangle(name: &str, area: [u32; 4]) -> Value {
    let [x, y, width, height] = area.map(|side| side * 16);
    json!({"id": 7, "name": name, "type": "", "x": x, "y": y, "width": width, "height": height,
           "rotation": 0, "visible": true})
}

/// A map with a collision layer and objects in the layer `landmarks`.
fn town(rows: &[&str], objects: Value) -> String {
    let layers = json!([collision(rows), object_layer("landmarks", objects)]);
    tmj(rows[0].len() as u32, rows.len() as u32, layers, json!([]))
}

fn one_file(content: &str) -> Memory {
    Memory::default().with("maps/town.tmj", content)
}

fn map_of(content: &str) -> TownMap {
    loaded(&one_file(content), "maps/town.tmj").0
}

fn faults_of(content: &str) -> String {
    one_file(content).faults("maps/town.tmj")
}

fn loaded(files: &Memory, path: &str) -> (TownMap, Vec<Fault>) {
    match files.load(path) {
        Ok(loaded) => (loaded.map, loaded.warnings),
        Err(faults) => panic!(
            "{}",
            faults
                .iter()
                .map(|fault| format!("{fault}\n"))
                .collect::<String>()
        ),
    }
}

/// The blocked tiles as a sketch.
fn sketch(map: &TownMap) -> Vec<String> {
    let tiles: Vec<char> = (0..map.tiles())
        .map(|tile| if map.blocked.get(tile) { '#' } else { '.' })
        .collect();
    tiles
        .chunks(map.width as usize)
        .map(|row| row.iter().collect())
        .collect()
}

fn landmark<'m>(map: &'m TownMap, name: &str) -> &'m Landmark {
    map.landmarks
        .iter()
        .find(|landmark| landmark.name == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
