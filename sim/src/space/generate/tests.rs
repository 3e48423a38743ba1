#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hamlet_protocol::map::{LandmarkKind, Point};

use super::*;

fn town(width: u32, height: u32, homes: u32, seed: u64) -> TownMap {
    generate(&GeneratedMap {
        kind: Landscape::Town,
        width,
        height,
        homes,
        seed,
    })
    .unwrap()
}

/// Walkable tiles of all places of each kind.
fn room(map: &TownMap) -> BTreeMap<LandmarkKind, usize> {
    let mut room = BTreeMap::new();
    for landmark in &map.landmarks {
        *room.entry(landmark.kind.clone()).or_default() +=
            landmark.area.tiles().filter(|&p| map.walkable(p)).count();
    }
    room
}

fn count(map: &TownMap, kind: &LandmarkKind) -> usize {
    map.landmarks
        .iter()
        .filter(|landmark| landmark.kind == *kind)
        .count()
}

/// Everything that can be walked to from the first entrance, by a flood fill that shares nothing with the generator's.
fn reached(map: &TownMap) -> BTreeSet<Point> {
    let mut seen = BTreeSet::from([map.landmarks[0].entrance]);
    let mut open: Vec<Point> = seen.iter().copied().collect();
    while let Some(p) = open.pop() {
        let beside =
            [(1, 0), (-1, 0), (0, 1), (0, -1)]
                .into_iter()
                .filter_map(|(dx, dy): (i16, i16)| {
                    Some(Point::new(
                        p.x.checked_add_signed(dx)?,
                        p.y.checked_add_signed(dy)?,
                    ))
                });
        open.extend(beside.filter(|&next| map.walkable(next) && seen.insert(next)));
    }
    seen
}

fn assert_all_reachable(map: &TownMap) {
    let reached = reached(map);
    for landmark in &map.landmarks {
        assert!(
            reached.contains(&landmark.entrance),
            "the entrance of {}",
            landmark.name
        );
        let open: Vec<Point> = landmark.area.tiles().filter(|&p| map.walkable(p)).collect();
        assert!(
            open.len() >= 4,
            "{} has room for {}",
            landmark.name,
            open.len()
        );
        assert!(
            open.iter().all(|p| reached.contains(p)),
            "all of {}",
            landmark.name
        );
    }
    let walkable = (0..map.tiles()).filter(|&i| !map.blocked.get(i)).count();
    assert_eq!(walkable, reached.len(), "no pockets");
}

#[test]
fn a_field_is_all_grass() {
    let spec = GeneratedMap {
        kind: Landscape::Field,
        width: 2048,
        height: 2048,
        homes: 0,
        seed: 1,
    };
    let map = generate(&spec).unwrap();
    assert!(map.blocked.words().iter().all(|&word| word == 0));
    assert_eq!(
        (map.tiles(), map.landmarks.len(), map.layers.len()),
        (2048 * 2048, 0, 0)
    );
    assert!(map.walkable(Point::new(2047, 2047)) && !map.walkable(Point::new(2048, 0)));
}

#[test]
fn a_field_may_be_one_tile() {
    let spec = GeneratedMap {
        kind: Landscape::Field,
        width: 1,
        height: 1,
        homes: 0,
        seed: 1,
    };
    assert!(generate(&spec).unwrap().walkable(Point::new(0, 0)));
}

#[test]
fn everyone_can_walk_everywhere() {
    for (width, height, homes) in [
        (512, 512, 2500),
        (96, 64, 24),
        (128, 200, 120),
        (300, 150, 350),
        (80, 80, 0),
        (256, 256, 500),
    ] {
        for seed in [1, 2, 77] {
            assert_all_reachable(&town(width, height, homes, seed));
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_town() {
    assert_eq!(town(200, 160, 150, 7), town(200, 160, 150, 7));
    assert_ne!(town(200, 160, 150, 7), town(200, 160, 150, 8));
}

#[test]
fn ten_thousand_people_find_room() {
    let map = town(512, 512, 2500, 1);
    let room = room(&map);
    for (kind, least) in [
        (LandmarkKind::Cafe, 1500),
        (LandmarkKind::Workshop, 4000),
        (LandmarkKind::Market, 3500),
        (LandmarkKind::Park, 5000),
        (LandmarkKind::Library, 1000),
        (LandmarkKind::Clinic, 1000),
        (LandmarkKind::Board, 500),
        (LandmarkKind::TownHall, 200),
        (LandmarkKind::Home, 10_000),
    ] {
        assert!(
            room[&kind] >= least,
            "{kind}: {} tiles instead of {least}",
            room[&kind]
        );
    }
    assert_eq!(count(&map, &LandmarkKind::Home), 2500);
    assert_eq!(
        (
            count(&map, &LandmarkKind::Cafe),
            count(&map, &LandmarkKind::Board)
        ),
        (7, 7)
    );
    assert_eq!(
        (count(&map, &LandmarkKind::TownHall), map.zones.len()),
        (1, 7)
    );
}

#[test]
fn a_small_town_has_every_kind_of_place() {
    let map = town(96, 64, 24, 3);
    for kind in LandmarkKind::KNOWN
        .iter()
        .filter(|kind| **kind != LandmarkKind::Place)
    {
        assert!(count(&map, kind) >= 1, "{kind}");
    }
    assert_eq!(count(&map, &LandmarkKind::Home), 24);
}

#[test]
fn names_are_unique() {
    let map = town(512, 512, 2500, 1);
    let names: BTreeSet<String> = map
        .landmarks
        .iter()
        .map(|landmark| landmark.name.to_lowercase())
        .collect();
    assert_eq!(names.len(), map.landmarks.len());
    let zones: BTreeSet<&String> = map.zones.iter().map(|zone| &zone.name).collect();
    assert_eq!(zones.len(), map.zones.len());
}

#[test]
fn places_do_not_overlap() {
    let map = town(300, 300, 700, 5);
    let mut seen = BTreeSet::new();
    for landmark in &map.landmarks {
        assert!(
            landmark.area.tiles().all(|p| seen.insert(p)),
            "{} lies on another place",
            landmark.name
        );
    }
}

#[test]
fn streets_are_three_tiles_wide() {
    let map = town(200, 200, 200, 5);
    let layout = layout::Layout::new(200, 200, 200, 5).unwrap();
    for &x in &layout.street_x {
        let rows = layout.extent.1..layout.extent.1 + layout.extent.3;
        assert!(
            rows.clone()
                .all(|y| (x..x + 3).all(|x| map.walkable(Point::new(x as u16, y as u16))))
        );
    }
}

#[test]
fn too_many_homes_are_refused_with_a_way_out() {
    let spec = GeneratedMap {
        kind: Landscape::Town,
        width: 128,
        height: 128,
        homes: 5000,
        seed: 1,
    };
    let fault = generate(&spec).unwrap_err();
    let most = homes_max(128, 128, 1).unwrap();
    assert_eq!(
        fault.message,
        format!("a town of 5000 homes does not fit on 128×128 tiles: {most} homes do")
    );
    let help = fault.help.unwrap();
    let side: u32 = help.rsplit('×').next().unwrap().parse().unwrap();
    assert!(
        help.starts_with(&format!("ask for at most {most} homes, or make the map")),
        "{help}"
    );
    assert_eq!(
        count(&town(128, 128, most, 1), &LandmarkKind::Home) as u32,
        most
    );
    assert_eq!(count(&town(side, side, 5000, 1), &LandmarkKind::Home), 5000);
    assert!(
        generate(&GeneratedMap {
            width: side - 16,
            height: side - 16,
            ..spec
        })
        .is_err()
    );
}

#[test]
fn a_map_without_room_for_any_town_says_how_large_it_must_be() {
    let spec = GeneratedMap {
        kind: Landscape::Town,
        width: 20,
        height: 20,
        homes: 1,
        seed: 1,
    };
    let fault = generate(&spec).unwrap_err();
    assert_eq!(
        fault.message,
        "20×20 tiles are too few for a town with its public places"
    );
    let side: u32 = fault
        .help
        .unwrap()
        .rsplit('×')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(side <= 96 && count(&town(side, side, 1, 1), &LandmarkKind::Home) == 1);
}

#[test]
fn sides_out_of_range_are_refused() {
    for (kind, width, height) in [
        (Landscape::Field, 0, 5),
        (Landscape::Town, 5, 0),
        (Landscape::Field, 4097, 1),
        (Landscape::Town, 9, u32::MAX),
    ] {
        let fault = generate(&GeneratedMap {
            kind,
            width,
            height,
            homes: 1,
            seed: 1,
        })
        .unwrap_err();
        assert!(
            fault.is_error() && fault.message.contains("can't have a"),
            "{fault}"
        );
        assert!(fault.help.unwrap().ends_with("from 1 to 4096"));
    }
}

#[test]
fn tiles_are_those_of_our_tileset() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/maps/town.tmj");
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let tileset = &json["tilesets"][0];
    let ours = tiles::tileset();
    assert_eq!(tileset["tilecount"], ours.tile_count);
    assert_eq!(tileset["columns"], ours.columns);
    assert_eq!(tileset["image"], ours.image.unwrap());
    let entries = tileset["tiles"].as_array().unwrap();
    let names: BTreeMap<u64, &str> = entries
        .iter()
        .map(|tile| {
            (
                tile["id"].as_u64().unwrap() + 1,
                tile["type"].as_str().unwrap(),
            )
        })
        .collect();
    for (gid, name) in tiles::named() {
        assert_eq!(
            names.get(&u64::from(gid)).copied(),
            Some(name.as_str()),
            "global id {gid}"
        );
    }
}

#[test]
fn every_layer_covers_the_map_with_known_tiles() {
    let map = town(128, 96, 60, 9);
    let most = map.tilesets[0].tile_count;
    for layer in &map.layers {
        assert_eq!(layer.gids.len(), map.tiles());
        assert!(layer.gids.iter().all(|&gid| gid <= most), "{}", layer.name);
    }
    assert!(
        map.layers[0].gids.iter().all(|&gid| gid > 0),
        "the ground has no holes"
    );
}
