//! The committed files are what the generator makes, and the town is one that people can live in.

#![allow(clippy::expect_used, reason = "a test says what it expected")]

use std::path::Path;

use serde_json::Value;

use crate::ASSETS;

#[test]
fn the_committed_files_are_what_we_draw() {
    for (path, bytes) in crate::files().expect("drawing works") {
        let committed =
            std::fs::read(Path::new(ASSETS).join(&path)).expect("the file is committed");
        assert!(
            committed == bytes,
            "assets/{} differs: run `cargo run -p hamlet-art` and commit",
            path.display()
        );
    }
}

#[test]
fn every_place_can_be_reached() {
    let town = Town::load();
    for place in &town.places {
        let open: Vec<_> = place.tiles().filter(|&at| !town.blocked(at)).collect();
        assert!(!open.is_empty(), "{} has no walkable tile", place.name);
        let lost: Vec<_> = open
            .iter()
            .filter(|&&at| !town.reached[town.index(at)])
            .collect();
        assert!(
            lost.is_empty(),
            "{} can't be reached at {lost:?}",
            place.name
        );
    }
    let pockets = (0..town.reached.len()).filter(|&i| !town.closed[i] && !town.reached[i]);
    assert_eq!(pockets.count(), 0, "walkable tiles that nobody can walk to");
}

#[test]
fn places_hold_their_crowds() {
    let town = Town::load();
    let room = |kind: &str| -> Vec<usize> {
        let places = town.places.iter().filter(|place| place.kind == kind);
        places
            .map(|place| place.tiles().filter(|&at| !town.blocked(at)).count())
            .collect()
    };
    for (kind, least) in [
        ("cafe", 25),
        ("market", 60),
        ("board", 10),
        ("town_hall", 25),
        ("workshop", 15),
        ("park", 40),
        ("library", 25),
        ("clinic", 10),
        ("place", 10),
        ("home", 6),
    ] {
        let rooms = room(kind);
        assert!(!rooms.is_empty(), "no {kind}");
        assert!(
            rooms.iter().all(|&tiles| tiles >= least),
            "a {kind} is too small: {rooms:?}"
        );
    }
}

#[test]
fn fifty_people_have_a_bed() {
    let town = Town::load();
    let homes: Vec<_> = town
        .places
        .iter()
        .filter(|place| place.kind == "home")
        .collect();
    assert!(
        homes.iter().all(|home| (1..=4).contains(&home.beds)),
        "a home for one to four"
    );
    let beds: i64 = homes.iter().map(|home| home.beds).sum();
    assert!(beds >= 50, "{beds} beds in {} homes", homes.len());
}

#[test]
fn every_tile_is_in_the_tileset_and_every_name_is_used_once() {
    let town = Town::load();
    let tileset = &town.json["tilesets"][0];
    let count = tileset["tilecount"].as_i64().expect("a tile count");
    for layer in town.json["layers"].as_array().expect("layers") {
        let name = layer["name"].as_str().expect("a name").to_lowercase();
        let taken_for_collision = name.contains("wall") || name.contains("collision");
        assert_eq!(
            taken_for_collision,
            name == "collision",
            "readers take {name} for collision"
        );
        for gid in layer["data"].as_array().unwrap_or(&Vec::new()) {
            assert!((0..=count).contains(&gid.as_i64().expect("a number")));
        }
    }
    let mut names: Vec<_> = town
        .places
        .iter()
        .map(|place| place.name.to_lowercase())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), town.places.len());
}

struct Place {
    name: String,
    kind: String,
    beds: i64,
    x: i64,
    y: i64,
    w: i64,
    h: i64,
}

impl Place {
    fn tiles(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        (self.y..self.y + self.h).flat_map(move |y| (self.x..self.x + self.w).map(move |x| (x, y)))
    }
}

/// The committed map, read with nothing but a JSON parser.
struct Town {
    json: Value,
    width: i64,
    height: i64,
    places: Vec<Place>,
    closed: Vec<bool>,
    reached: Vec<bool>,
}

impl Town {
    fn load() -> Self {
        let text = std::fs::read_to_string(Path::new(ASSETS).join("maps/town.tmj"))
            .expect("the map is committed");
        let json: Value = serde_json::from_str(&text).expect("the map is JSON");
        let layer = |name: &str| {
            let layers = json["layers"].as_array().expect("layers");
            layers
                .iter()
                .find(|layer| layer["name"] == name)
                .expect("the layer")
                .clone()
        };
        let collision = layer("collision");
        let closed = collision["data"]
            .as_array()
            .expect("tiles")
            .iter()
            .map(|gid| *gid != 0)
            .collect();
        let places = layer("landmarks")["objects"]
            .as_array()
            .expect("objects")
            .iter()
            .map(place)
            .collect();
        let (width, height) = (
            json["width"].as_i64().expect("width"),
            json["height"].as_i64().expect("height"),
        );
        let mut town = Self {
            json,
            width,
            height,
            places,
            closed,
            reached: Vec::new(),
        };
        town.flood((0, 32));
        town
    }

    fn index(&self, (x, y): (i64, i64)) -> usize {
        (y * self.width + x) as usize
    }

    fn blocked(&self, at: (i64, i64)) -> bool {
        self.closed[self.index(at)]
    }

    fn flood(&mut self, from: (i64, i64)) {
        self.reached = vec![false; self.closed.len()];
        let mut open = vec![from];
        while let Some((x, y)) = open.pop() {
            if !(0..self.width).contains(&x) || !(0..self.height).contains(&y) {
                continue;
            }
            let i = self.index((x, y));
            if self.closed[i] || self.reached[i] {
                continue;
            }
            self.reached[i] = true;
            open.extend([(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]);
        }
    }
}

fn place(object: &Value) -> Place {
    let property = |name: &str| {
        let properties = object["properties"].as_array().expect("properties");
        properties
            .iter()
            .find(|property| property["name"] == name)
            .map(|property| property["value"].clone())
    };
    let tiles = |name: &str| object[name].as_i64().expect("pixels") / 16;
    Place {
        name: object["name"].as_str().expect("a name").to_owned(),
        kind: property("kind")
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .expect("a kind"),
        beds: property("beds").and_then(|beds| beds.as_i64()).unwrap_or(0),
        x: tiles("x"),
        y: tiles("y"),
        w: tiles("width"),
        h: tiles("height"),
    }
}
