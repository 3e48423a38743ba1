//! Folders of maze CSV.

use hamlet_protocol::map::{LandmarkKind, Point};

use super::super::testing::Memory;
use super::*;

/// A village of 8 × 4 tiles: a house of two bedrooms and a kitchen, a café of one room, and a college with a library.
fn maze() -> Memory {
    let grid = |rows: [&str; 4], id: fn(char) -> u32| -> String {
        let ids = rows
            .iter()
            .flat_map(|row| row.chars())
            .map(|tile| id(tile).to_string());
        ids.collect::<Vec<_>>().join(", ")
    };
    let collision = grid(["........", "...#....", "...#....", "........"], |tile| {
        if tile == '#' { 32125 } else { 0 }
    });
    let sector = grid(
        ["HHH..CC.", "HHH..CC.", "OOOO....", "OOOO...."],
        |tile| match tile {
            'H' => 101,
            'C' => 102,
            'O' => 103,
            _ => 0,
        },
    );
    let arena = grid(
        ["abk..cc.", "abk..cc.", "lx......", "lx......"],
        |tile| match tile {
            'a' => 201,
            'b' => 202,
            'k' => 203,
            'c' => 204,
            'l' => 205,
            'x' => 206,
            _ => 0,
        },
    );
    Memory::default()
        .with("v/matrix/maze_meta_info.json", r#"{"world_name":"the Vale","maze_width":8,"maze_height":4,"sq_tile_size":32,"special_constraint":""}"#)
        .with("v/matrix/maze/collision_maze.csv", collision)
        .with("v/matrix/maze/sector_maze.csv", sector)
        .with("v/matrix/maze/arena_maze.csv", arena)
        .with("v/matrix/special_blocks/sector_blocks.csv", "101, the Vale, Moor family's house\n102, the Vale, Blue Cafe\n103, the Vale, Hill College\n")
        .with(
            "v/matrix/special_blocks/arena_blocks.csv",
            "201, the Vale, Moor family's house, Ann's bedroom\n202, the Vale, Moor family's house, Bo's room\n\
             203, the Vale, Moor family's house, kitchen\n204, the Vale, Blue Cafe, cafe\n205, the Vale, Hill College, library\n\
             206, the Vale, Hill College, seminar room\n",
        )
}

#[test]
fn sectors_and_arenas_become_landmarks() {
    let (map, warnings) = loaded(&maze(), "v");
    assert_eq!(warnings, []);
    assert_eq!(
        (map.name.as_str(), map.width, map.height, map.tile_px),
        ("the Vale", 8, 4, (32, 32))
    );
    assert_eq!(
        sketch(&map),
        ["........", "...#....", "...#....", "........"]
    );
    let found: Vec<_> = map
        .landmarks
        .iter()
        .map(|l| (l.name.as_str(), l.kind.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("Moor family's house", "place"),
            ("Ann's bedroom, Moor family's house", "home"),
            ("Bo's room, Moor family's house", "home"),
            ("kitchen, Moor family's house", "place"),
            ("Blue Cafe", "cafe"),
            ("Hill College", "place"),
            ("library, Hill College", "library"),
            ("seminar room, Hill College", "place"),
        ]
    );
    let cafe = landmark(&map, "Blue Cafe");
    assert_eq!(
        (cafe.area.x, cafe.area.y, cafe.area.width, cafe.area.height),
        (5, 0, 2, 2)
    );
    assert_eq!(cafe.entrance, Point::new(5, 1));
}

#[test]
fn a_house_without_rooms_is_one_home() {
    let files = maze().with("v/matrix/maze/arena_maze.csv", "0,".repeat(32));
    let (map, _) = loaded(&files, "v");
    assert_eq!(
        landmark(&map, "Moor family's house").kind,
        LandmarkKind::Home
    );
    assert_eq!(map.landmarks.len(), 3);
}

#[test]
fn folder_matrix_and_meta_file_are_the_same() {
    let (map, _) = loaded(&maze(), "v");
    for path in ["v/matrix", "v/matrix/maze_meta_info.json"] {
        assert_eq!(loaded(&maze(), path).0, map, "{path}");
    }
}

#[test]
fn rooms_that_cannot_be_reached() {
    let mut ids = vec!["0"; 32];
    // The kitchen's walls: column 2 of rows 0 and 1 is free, all round it is not.
    for tile in [1, 9, 3, 11, 18] {
        ids[tile] = "32125";
    }
    let files = maze().with("v/matrix/maze/collision_maze.csv", ids.join(", "));
    let (map, warnings) = loaded(&files, "v");
    assert!(
        map.landmarks
            .iter()
            .all(|landmark| !landmark.name.starts_with("kitchen"))
    );
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0]
            .message
            .contains("`kitchen, Moor family's house` (place)"),
        "{warnings:?}"
    );
    assert!(warnings[0].message.contains("left out"));
}

#[test]
fn faults_name_the_file() {
    let fault = |path: &str, content: &str| {
        maze()
            .with(&format!("v/matrix/{path}"), content)
            .faults("v")
    };
    let faults = fault("maze/collision_maze.csv", "0, 0");
    assert!(
        faults.contains("v/matrix/maze/collision_maze.csv: error: there are only 2 of 32 ids"),
        "{faults}"
    );
    assert!(fault("maze/sector_maze.csv", &"0,".repeat(33)).contains("more than 32 ids"));
    assert!(fault("maze/arena_maze.csv", "0, x").contains("value 2, `x`"));
    let faults = fault(
        "special_blocks/sector_blocks.csv",
        "101, the Vale, House\n\n102, the Vale\nx, a, b",
    );
    assert!(
        faults.contains("sector_blocks.csv:3:1: error: this row is not `id, world, sector`"),
        "{faults}"
    );
    assert!(faults.contains("sector_blocks.csv:4:1: error"), "{faults}");
    assert!(
        fault(
            "maze_meta_info.json",
            r#"{"maze_width": 0, "maze_height": 99999}"#
        )
        .contains("height is 99999")
    );
    assert!(
        fault("maze_meta_info.json", "{\"maze_width\":\n \"x\"}")
            .contains("maze_meta_info.json:2:")
    );
    assert!(fault("maze/collision_maze.csv", &"1,".repeat(32)).contains("every tile is blocked"));

    let unknown = maze().with(
        "v/matrix/special_blocks/sector_blocks.csv",
        "101, the Vale, Moor family's house",
    );
    let (map, warnings) = loaded(&unknown, "v");
    assert!(
        warnings[0]
            .message
            .contains("2 ids of the maze have no name here, the first is 102"),
        "{warnings:?}"
    );
    assert!(
        map.landmarks
            .iter()
            .any(|landmark| landmark.name == "cafe, Blue Cafe")
    );
}

#[test]
fn a_maze_of_collision_alone_is_a_map() {
    let files = Memory::default()
        .with(
            "m/maze_meta_info.json",
            r#"{"maze_width":2,"maze_height":1}"#,
        )
        .with("m/maze/collision_maze.csv", "0,1");
    let (map, warnings) = loaded(&files, "m");
    assert_eq!(
        (sketch(&map), map.landmarks.len(), warnings.len()),
        (vec![".#".to_owned()], 0, 2)
    );
    assert!(
        Memory::default()
            .with(
                "m/maze_meta_info.json",
                r#"{"maze_width":2,"maze_height":1}"#
            )
            .faults("m")
            .contains("collision_maze.csv: error: there is no such file")
    );
}
