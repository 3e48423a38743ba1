//! Places, zones, names and entrances.

use hamlet_protocol::map::{LandmarkKind, Point};
use hamlet_protocol::time::Hours;
use serde_json::json;

use super::*;

#[test]
fn layers_and_classes_make_landmarks() {
    let with_class = |name: &str, class: &str| {
        let mut object = rectangle(name, [1, 0, 1, 1]);
        object["class"] = json!(class);
        object
    };
    let mut typed = rectangle("Typed hall", [0, 0, 1, 1]);
    typed["type"] = json!("Building");
    let mut kind_zone = with_class("Zoned", "zone");
    kind_zone["properties"] = json!([{"name": "kind", "type": "string", "value": "market"}]);
    let mut text = rectangle("Welcome", [0, 0, 1, 1]);
    text["text"] = json!({"text": "Welcome"});
    let layers = json!([
        object_layer(
            "Zones",
            json!([
                rectangle("Plain", [0, 0, 2, 2]),
                with_class("Old quarter", "zone"),
                kind_zone,
                text
            ])
        ),
        object_layer(
            "stuff",
            json!([
                typed,
                with_class("Landing", "place"),
                with_class("Ann", "npc"),
                with_class("Bo", "Zone")
            ])
        ),
        object_layer("landmarks", json!([with_class("Anything", "cafe")])),
    ]);
    let map = map_of(&tmj(4, 4, layers, json!([])));
    let names: Vec<_> = map
        .landmarks
        .iter()
        .map(|l| (l.name.as_str(), l.kind.as_str()))
        .collect();
    let expected = [
        ("Plain", "place"),
        ("Zoned", "market"),
        ("Typed hall", "place"),
        ("Landing", "place"),
        ("Anything", "cafe"),
    ];
    assert_eq!(names, expected);
    let zones: Vec<_> = map.zones.iter().map(|zone| zone.name.as_str()).collect();
    assert_eq!(zones, ["Old quarter", "Bo"]);
}

#[test]
fn shapes_and_properties() {
    let objects = json!([
        {"id": 1, "name": "Well", "x": 20.5, "y": 20.5, "point": true, "width": 0, "height": 0},
        {"id": 2, "name": "Pond", "x": 32, "y": 32, "width": 0, "height": 0,
         "polygon": [{"x": 0, "y": 0}, {"x": 32, "y": 16}, {"x": -16, "y": 48}]},
        {"id": 3, "name": "Sign", "x": 0, "y": 64, "width": 16, "height": 32, "gid": 5},
        {"id": 4, "name": "Bar", "x": 96, "y": 0, "width": 32, "height": 16, "rotation": 90,
         "properties": [{"name": "hours", "type": "string", "value": "18:00-02:00"},
                        {"name": "entrance", "type": "string", "value": "5,2"},
                        {"name": "kind", "type": "string", "value": "Tavern"},
                        {"name": "description", "type": "string", "value": "  Loud.  "},
                        {"name": "seats", "type": "class", "value": {"n": 3}}]},
    ]);
    let map = map_of(&town(&["......"; 6], objects));
    let areas: Vec<_> = map
        .landmarks
        .iter()
        .map(|l| (l.area.x, l.area.y, l.area.width, l.area.height))
        .collect();
    assert_eq!(
        areas,
        [(1, 1, 1, 1), (1, 2, 3, 3), (0, 2, 1, 2), (5, 0, 1, 2)]
    );
    let bar = landmark(&map, "Bar");
    assert_eq!(
        (bar.kind.clone(), bar.hours),
        (LandmarkKind::Cafe, Some(Hours::between(18, 2)))
    );
    assert_eq!(
        (bar.entrance, bar.description.as_str()),
        (Point::new(5, 2), "Loud.")
    );
    assert_eq!(landmark(&map, "Well").description, "A place in town.");
}

#[test]
fn names_become_unique_with_one_warning_each() {
    let objects = json!([
        rectangle("House", [0, 0, 1, 1]),
        rectangle(" house\n", [1, 0, 1, 1]),
        rectangle("House 2", [2, 0, 1, 1]),
        rectangle("House", [3, 0, 1, 1]),
        rectangle("", [0, 1, 1, 1]),
        rectangle("\u{0}  ", [1, 1, 1, 1]),
        rectangle("Place 1", [2, 1, 1, 1]),
    ]);
    let files = one_file(&town(&["....", "...."], objects));
    let (map, warnings) = loaded(&files, "maps/town.tmj");
    let names: Vec<_> = map.landmarks.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "House", "house 3", "House 2", "House 4", "Place 2", "Place 3", "Place 1"
        ]
    );
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].message.contains("landmarks without a name: 2"));
    assert!(
        warnings[1]
            .message
            .contains("3 landmarks have the name `House`")
    );
    assert!(warnings[1].help.as_deref().unwrap().contains("`house 3`"));
}

#[test]
fn unreachable_places_are_named_all_at_once() {
    let rows = ["........", ".###.##.", ".#.#.##.", ".###.##.", "........"];
    let objects = json!([
        rectangle("Ann's home", [2, 2, 1, 1]),
        rectangle("Vault", [2, 2, 1, 1]),
        rectangle("Tower", [5, 1, 2, 3]),
        rectangle("Café", [0, 0, 2, 1]),
    ]);
    let faults = faults_of(&town(&rows, objects));
    assert!(
        faults.contains("`Ann's home` (home) cannot be reached"),
        "{faults}"
    );
    assert!(
        faults.contains("`Vault` (place) cannot be reached"),
        "{faults}"
    );
    assert!(
        faults.contains("clear a way to the 1 × 1 tiles at (2, 2)"),
        "{faults}"
    );
    assert!(
        !faults.contains("Tower") && !faults.contains("Café"),
        "{faults}"
    );

    let faults = faults_of(&town(&rows, json!([rectangle("Bo's home", [1, 1, 3, 3])])));
    assert!(
        faults.contains("`Bo's home` (home) cannot be reached: it is walled off"),
        "{faults}"
    );
    let (map, warnings) = loaded(
        &one_file(&town(&rows, json!([rectangle("Vault", [1, 1, 3, 3])]))),
        "maps/town.tmj",
    );
    assert_eq!(map.landmarks[0].entrance, Point::new(2, 4));
    assert!(
        warnings[0]
            .message
            .contains("people stop before it, at (2, 4)")
    );
}

#[test]
fn wished_entrances_are_checked() {
    let rows = ["....#.", "....#.", "######"];
    let wish = |name: &str, wish: &str| {
        let mut object = rectangle(name, [0, 0, 2, 1]);
        object["properties"] = json!([{"name": "entrance", "type": "string", "value": wish}]);
        object
    };
    let map = map_of(&town(&rows, json!([wish("A", "2,1"), wish("B", "")])));
    assert_eq!(
        [map.landmarks[0].entrance, map.landmarks[1].entrance],
        [Point::new(2, 1), Point::new(0, 0)]
    );
    let faults = faults_of(&town(
        &rows,
        json!([
            wish("Wall", "0,2"),
            wish("Cut off", "5,0"),
            wish("Far", "3,1"),
            wish("Off", "9,9"),
            wish("Odd", "x")
        ]),
    ));
    for part in [
        "`Wall` (place): its entrance (0, 2) is blocked or off the map",
        "`Cut off` (place): its entrance (5, 0) cannot be reached",
        "`Far` (place): its entrance (3, 1) is not in or beside its area",
        "`Off` (place): its entrance (9, 9) is blocked or off",
    ] {
        assert!(faults.contains(part), "{part}\n{faults}");
    }
    // What cannot be read is told before what cannot be reached.
    assert!(
        faults.contains("`Odd` (object 7 in layer `landmarks`): its entrance is `x`"),
        "{faults}"
    );
}

#[test]
fn faults_of_objects_are_told_together() {
    let mut hours = rectangle("Shop", [0, 0, 1, 1]);
    hours["properties"] = json!([{"name": "hours", "type": "string", "value": "late"}]);
    let mut long = rectangle("Long", [0, 0, 1, 1]);
    long["properties"] =
        json!([{"name": "description", "type": "string", "value": "x".repeat(4001)}]);
    let objects = json!([
        hours,
        long,
        rectangle(&"n".repeat(121), [0, 0, 1, 1]),
        rectangle("Away", [9, 9, 1, 1])
    ]);
    let faults = faults_of(&town(&["..", ".."], objects));
    for part in [
        "its hours are `late`",
        "description has 4001",
        "name has 121",
        "`Away` (object 7 in layer `landmarks`): it lies outside the map",
    ] {
        assert!(faults.contains(part), "{part}\n{faults}");
    }
}

#[test]
fn a_fenced_town_in_empty_land_is_the_town() {
    let rows = [
        "..............",
        "..##########..",
        "..#........#..",
        "..#........#..",
        "..#........#..",
        "..#..#####.#..",
        "..#..#...#.#..",
        "..##########..",
        "..............",
        "..............",
    ];
    let places = |names: &[(&str, [u32; 4])]| {
        Value::from_iter(names.iter().map(|(name, area)| rectangle(name, *area)))
    };
    let inside = [("Inn", [4, 2, 2, 2]), ("Park", [7, 2, 2, 2])];
    let map = map_of(&town(&rows, places(&inside)));
    assert_eq!(map.landmarks[0].entrance, Point::new(4, 3));
    let faults = faults_of(&town(
        &rows,
        places(&[inside[0], inside[1], ("Camp", [0, 0, 1, 1])]),
    ));
    assert!(
        faults.contains("`Camp` (place) cannot be reached"),
        "{faults}"
    );
    // Two rooms of a walled-off house are not a town.
    let rooms = [
        ("Ann's room", [6, 6, 1, 1]),
        ("Bo's room", [7, 6, 1, 1]),
        ("Inn", [4, 2, 2, 2]),
    ];
    let faults = faults_of(&town(&rows, places(&rooms)));
    assert!(
        faults.contains("`Ann's room` (home) cannot be reached") && faults.contains("`Bo's room`"),
        "{faults}"
    );
}
