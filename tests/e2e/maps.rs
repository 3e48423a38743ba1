//! Maps as users bring them: where they are sought, what is read, what is refused.

use std::io::Write;

use serde_json::{Value, json};

use crate::desk::Desk;

const SIDE: usize = 10;

/// A field of 10×10 tiles as Tiled writes it; its tileset's image is not there.
fn field() -> Value {
    json!({
        "type": "map", "version": "1.10", "orientation": "orthogonal", "renderorder": "right-down",
        "infinite": false, "width": SIDE, "height": SIDE, "tilewidth": 16, "tileheight": 16,
        "layers": [tiles("ground", json!(vec![1; SIDE * SIDE]))],
        "tilesets": [{
            "firstgid": 1, "name": "t", "image": "t.png", "imagewidth": 32, "imageheight": 32,
            "tilewidth": 16, "tileheight": 16, "columns": 2, "tilecount": 4, "margin": 0, "spacing": 0
        }]
    })
}

fn tiles(name: &str, data: Value) -> Value {
    json!({
        "type": "tilelayer", "id": 1, "name": name, "width": SIDE, "height": SIDE,
        "x": 0, "y": 0, "opacity": 1, "visible": true, "data": data
    })
}

/// The field with one of its fields changed.
fn with(key: &str, value: Value) -> Value {
    let mut map = field();
    map[key] = value;
    map
}

/// The field with another layer on top.
fn with_layer(layer: Value) -> Value {
    let mut map = field();
    map["layers"].as_array_mut().unwrap().push(layer);
    map
}

/// The error of a map that is checked.
fn refusal(map: &Value) -> String {
    let desk = Desk::new();
    desk.write("m.tmj", map.to_string());
    desk.bad("check m.tmj", 1)
}

const ON_MY_MAP: &str = "[[population]]\ncount = 3\n[stop]\nafter_ticks = 20\n";

#[test]
fn a_missing_picture_is_a_warning_and_a_missing_tileset_an_error() {
    let desk = Desk::new();
    desk.write("m.tmj", field().to_string());
    desk.write("s.toml", format!("map = \"m.tmj\"\n{ON_MY_MAP}"));
    let said = desk.good("run s.toml --out out");
    assert!(
        said.err
            .contains("warning: the image `t.png` of tileset `t` is missing"),
        "{said:?}"
    );
    // Without homes people sleep where they are: no fault.
    assert_eq!(desk.summary("out", "agents"), 3);

    let external = |source: &str| json!([{ "firstgid": 1, "source": source }]);
    desk.write("m.tmj", with("tilesets", external("none.tsj")).to_string());
    let err = desk.bad("run s.toml", 1);
    assert!(
        err.contains("none.tsj: error: external tileset of m.tmj: there is no such file"),
        "{err}"
    );
    // Tilesets that name each other end somewhere.
    for (from, to) in [("a.tsj", "b.tsj"), ("b.tsj", "a.tsj")] {
        desk.write(from, json!({ "firstgid": 1, "source": to }).to_string());
    }
    desk.write("m.tmj", with("tilesets", external("a.tsj")).to_string());
    let err = desk.bad("run s.toml", 1);
    assert!(err.contains("points on to another, `b.tsj`"), "{err}");
}

#[test]
fn maps_of_no_size_and_of_every_size_are_refused() {
    for (key, value, words) in [
        ("width", json!(0), "width is 0 tiles"),
        ("height", json!(-5), "height is -5 tiles"),
        ("width", json!(100_000_000), "1 to 4096 tiles"),
        ("infinite", json!(true), "the map is infinite"),
        (
            "orientation",
            json!("isometric"),
            "orientation is `isometric`",
        ),
    ] {
        let err = refusal(&with(key, value));
        assert!(err.contains(words) && err.contains("help:"), "{key}: {err}");
    }
}

#[test]
fn a_layer_that_unpacks_without_end_is_refused_at_once() {
    let zeros = vec![0_u8; 64 << 20];
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&zeros).unwrap();
    let bomb = base64_of(&packer.finish().unwrap());
    let mut layer = tiles("ground", json!(bomb));
    layer["encoding"] = json!("base64");
    layer["compression"] = json!("zlib");
    let err = refusal(&with("layers", json!([layer.clone()])));
    assert!(err.contains("unpacks to more than 400 bytes"), "{err}");

    layer["compression"] = json!("lzma");
    let err = refusal(&with("layers", json!([layer])));
    assert!(
        err.contains("`lzma` is unknown (zlib, gzip and zstd are known)"),
        "{err}"
    );
    let err = refusal(&with("layers", json!([tiles("ground", json!([1, 1, 1]))])));
    assert!(err.contains("only 3 tiles, the map 100"), "{err}");
}

/// Base64 without a library: three bytes are four letters.
fn base64_of(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |bits: u32| char::from(LETTERS[(bits & 63) as usize]);
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        text.extend([letter(bits >> 18), letter(bits >> 12)]);
        text.push(if three.len() > 1 {
            letter(bits >> 6)
        } else {
            '='
        });
        text.push(if three.len() > 2 { letter(bits) } else { '=' });
    }
    text
}

#[test]
fn homes_nobody_can_reach_are_named() {
    let mut walls = vec![0; SIDE * SIDE];
    for (x, y) in [
        (1, 1),
        (2, 1),
        (3, 1),
        (1, 2),
        (3, 2),
        (1, 3),
        (2, 3),
        (3, 3),
    ] {
        walls[y * SIDE + x] = 1;
    }
    let mut map = with_layer(tiles("Collisions", json!(walls)));
    map["layers"].as_array_mut().unwrap().push(json!({
        "type": "objectgroup", "name": "landmarks",
        "objects": [{ "id": 1, "name": "Home Alone", "x": 32, "y": 32, "width": 16, "height": 16 }]
    }));
    let err = refusal(&map);
    assert!(
        err.contains("`Home Alone` (home) cannot be reached"),
        "{err}"
    );
    let err = refusal(&with_layer(tiles(
        "Collisions",
        json!(vec![1; SIDE * SIDE]),
    )));
    assert!(err.contains("every tile is blocked"), "{err}");
}

#[test]
fn a_map_is_sought_beside_the_scenario_then_in_assets_and_may_be_absolute() {
    let desk = Desk::new();
    let map = field().to_string();
    let beside = desk.write("town/beside.tmj", &map);
    desk.write("assets/maps/kept.tmj", &map);
    let absolute = toml_text(beside.to_str().unwrap());
    for (name, found) in [
        ("\"beside.tmj\"", true),
        ("\"maps/kept.tmj\"", true),
        ("\"../assets/maps/kept.tmj\"", true),
        ("\"maps/town.tmj\"", true),
        (absolute.as_str(), true),
        ("\"maps/beside.tmj\"", false),
        ("\"\"", false),
        ("\".\"", false),
    ] {
        desk.write("town/s.toml", format!("map = {name}\n{ON_MY_MAP}"));
        let said = desk.call("run town/s.toml");
        assert_eq!(said.code, Some(i32::from(!found)), "{name}: {said:?}");
    }
    desk.write(
        "town/s.toml",
        format!("map = \"maps/beside.tmj\"\n{ON_MY_MAP}"),
    );
    let err = desk.bad("run town/s.toml", 1);
    assert!(
        err.contains("town/s.toml:1:7: error: there is no file"),
        "{err}"
    );
    assert!(
        err.contains("sought as town/maps/beside.tmj and as assets/maps/beside.tmj"),
        "{err}"
    );
}

fn toml_text(text: &str) -> String {
    format!("'{text}'")
}

/// Generative Agents' maze: one row of ids per file, addresses in tables.
#[test]
fn a_maze_folder_is_a_map() {
    let desk = Desk::new();
    let (width, height) = (12, 10);
    let maze = |ids: &dyn Fn(usize, usize) -> u32| -> String {
        let tiles = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let ids: Vec<String> = tiles.map(|(x, y)| ids(x, y).to_string()).collect();
        ids.join(", ")
    };
    let rim = |x: usize, y: usize| x == 0 || y == 0 || x == width - 1 || y == height - 1;
    let in_home = |x: usize, y: usize| (2..5).contains(&x) && (2..5).contains(&y);
    let meta = json!({
        "world_name": "the hill", "maze_width": width, "maze_height": height,
        "sq_tile_size": 32, "special_constraint": ""
    });
    desk.write("hill/maze_meta_info.json", meta.to_string());
    let files = [
        (
            "collision_maze",
            maze(&|x, y| if rim(x, y) { 32125 } else { 0 }),
        ),
        (
            "sector_maze",
            maze(&|x, y| if in_home(x, y) { 32135 } else { 0 }),
        ),
        (
            "arena_maze",
            maze(&|x, y| if in_home(x, y) { 32138 } else { 0 }),
        ),
        (
            "game_object_maze",
            maze(&|x, y| if (x, y) == (3, 3) { 32227 } else { 0 }),
        ),
        ("spawning_location_maze", maze(&|_, _| 0)),
    ];
    for (name, text) in files {
        desk.write(format!("hill/maze/{name}.csv"), text);
    }
    for (name, rows) in [
        ("world", "32134, the Hill\n"),
        ("sector", "32135, the Hill, Mira's apartment\n"),
        ("arena", "32138, the Hill, Mira's apartment, main room\n"),
        ("game_object", "32227, the Hill, <all>, bed\n"),
        ("spawning_location", ""),
    ] {
        desk.write(format!("hill/special_blocks/{name}_blocks.csv"), rows);
    }
    let said = desk.good("check hill");
    assert!(said.out.contains("hill: ok"), "{said:?}");
    desk.write(
        "s.toml",
        format!(
            "map = \"hill\"\n{ON_MY_MAP}[[intervention]]\ntick = 2\nclose = \"Mira's apartment\"\n"
        ),
    );
    desk.good("run s.toml --out out --csv");
    let closed = desk.rows("out/events.csv");
    assert!(
        closed
            .iter()
            .any(|row| row["kind"] == "open" && row["landmark"] == "Mira's apartment"),
        "{closed:?}"
    );
    // A row that is too short for the maze is no map.
    desk.write("hill/maze/collision_maze.csv", "0, 0, 0");
    let err = desk.bad("check hill", 1);
    assert!(err.contains("collision_maze.csv"), "{err}");
}
