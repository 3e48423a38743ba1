//! What Tiled writes, in both formats and all encodings.

use hamlet_protocol::map::{LandmarkKind, Point};
use serde_json::json;

use super::super::testing::{Memory, gzip, pack, zlib};
use super::*;

const GROUND: [u32; 6] = [1, 2, 0x8000_0003, 4, 0xE000_0001, 2];
const COLLISION: [u32; 6] = [0, 0, 1, 0, 0, 0x4000_0001];

const TSX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" tiledversion="1.12.0" name="outside" tilewidth="16" tileheight="16" spacing="1" margin="2" tilecount="8" columns="4">
 <image source="../img/outside.png" width="70" height="36"/>
 <tile id="2"><properties><property name="collides" type="bool" value="true"/></properties>
  <objectgroup><object id="1" template="missing.tx" x="0" y="0"/></objectgroup>
  <animation><frame tileid="0" duration="100"/></animation>
 </tile>
 <wangsets><wangset name="broken" type="corner" tile="-1"><wangtile tileid="0" wangid="1"/></wangset></wangsets>
</tileset>"#;

fn with_sets(files: Memory) -> Memory {
    let tsj = json!({
        "type": "tileset", "name": "outside", "image": "../img/outside.png", "imagewidth": 70, "imageheight": 36,
        "tilewidth": 16, "tileheight": 16, "columns": 4, "tilecount": 8, "margin": 2, "spacing": 1,
        "tiles": [{"id": 2, "properties": [{"name": "collides", "type": "bool", "value": true}]}],
    });
    files
        .with("sets/outside.tsx", TSX)
        .with("sets/outside.tsj", tsj.to_string())
        .with("img/outside.png", "PNG")
}

/// The same small town in JSON, in XML, and in every encoding.
fn variants() -> Vec<(String, Memory)> {
    let mut variants = Vec::new();
    let packed = |gids: &[u32], name: &str| match name {
        "zlib" => encode(&zlib(&pack(gids))),
        "gzip" => encode(&gzip(&pack(gids))),
        "zstd" => encode(&zstd::encode_all(&pack(gids)[..], 3).unwrap()),
        "none" => encode(&pack(gids)),
        _ => gids
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(","),
    };
    for encoding in ["plain", "csv", "none", "zlib", "gzip", "zstd"] {
        for source in ["../sets/outside.tsj", "..\\sets\\outside.tsx"] {
            let layer = |name: &str, gids: &[u32]| {
                let mut layer = tile_layer(name, 3, 2, json!(gids));
                if encoding != "plain" {
                    layer["data"] = json!(packed(gids, encoding));
                    layer["encoding"] = json!(if encoding == "csv" { "csv" } else { "base64" });
                    layer["compression"] = json!(if ["csv", "none"].contains(&encoding) {
                        ""
                    } else {
                        encoding
                    });
                }
                layer
            };
            let mut home = rectangle("Ann's home", [0, 0, 1, 1]);
            home["properties"] =
                json!([{"name": "Description", "type": "string", "value": "Small & warm."}]);
            let group = json!({"type": "group", "id": 5, "name": "all", "opacity": 0.5, "visible": true,
                               "layers": [layer("Ground", &GROUND), layer("Collisions", &COLLISION)]});
            let layers = json!([group, object_layer("SemanticZones", json!([home]))]);
            let content = tmj(3, 2, layers, json!([{"firstgid": 1, "source": source}]));
            let files = with_sets(Memory::default().with("maps/town", &content));
            variants.push((format!("tmj {encoding} {source}"), files));

            let layer = |name: &str, gids: &[u32]| {
                let data = match encoding {
                    "plain" => {
                        let tiles: String = gids
                            .iter()
                            .map(|gid| format!("<tile gid=\"{gid}\"/>\n"))
                            .collect();
                        format!("<data>\n{tiles}</data>")
                    }
                    "csv" => format!("<data encoding=\"csv\">\n{}\n</data>", packed(gids, "csv")),
                    "none" => format!(
                        "<data encoding=\"base64\">\n  {}\n </data>",
                        packed(gids, "none")
                    ),
                    other => format!(
                        "<data encoding=\"base64\" compression=\"{other}\"><![CDATA[{}]]></data>",
                        packed(gids, other)
                    ),
                };
                format!(
                    "<layer id=\"1\" name=\"{name}\" width=\"3\" height=\"2\">\n{data}\n</layer>\n"
                )
            };
            let content = format!(
                "<tileset firstgid=\"1\" source=\"{source}\"/>\n<group id=\"5\" name=\"all\" opacity=\"0.5\">{}{}</group>\n\
                 <objectgroup id=\"2\" name=\"SemanticZones\"><object id=\"7\" name=\"Ann's home\" x=\"0\" y=\"0\" width=\"16\" \
                 height=\"16\"><properties><property name=\"Description\" value=\"Small &amp; warm.\"/></properties></object>\
                 </objectgroup>",
                layer("Ground", &GROUND),
                layer("Collisions", &COLLISION)
            );
            let files = with_sets(Memory::default().with("maps/town", tmx(3, 2, &content)));
            variants.push((format!("tmx {encoding} {source}"), files));
        }
    }
    variants
}

#[test]
fn every_format_and_encoding_reads_the_same() {
    let variants = variants();
    assert_eq!(variants.len(), 24);
    let (first, _) = loaded(&variants[0].1, "maps/town");
    for (name, files) in &variants {
        let (map, warnings) = loaded(files, "maps/town");
        assert_eq!(map, first, "{name}");
        assert_eq!(warnings, [], "{name}");
    }
    // The tile with id 3, flipped, has `collides`; so has not tile 1, turned.
    assert_eq!(sketch(&first), ["..#", "..#"]);
    assert_eq!(first.layers.len(), 1, "collision layers are not drawn");
    let ground = &first.layers[0];
    assert_eq!(
        (ground.name.as_str(), ground.gids.as_slice(), ground.opacity),
        ("Ground", &GROUND[..], 0.5)
    );
    let set = &first.tilesets[0];
    assert_eq!(
        (set.name.as_str(), set.image.as_deref()),
        ("outside", Some("../img/outside.png"))
    );
    assert_eq!(
        (
            set.first_gid,
            set.columns,
            set.tile_count,
            set.margin,
            set.spacing
        ),
        (1, 4, 8, 2, 1)
    );
    let home = &first.landmarks[0];
    assert_eq!(
        (home.kind.clone(), home.description.as_str()),
        (LandmarkKind::Home, "Small & warm.")
    );
    assert_eq!(home.entrance, Point::new(0, 0));
}

#[test]
fn embedded_tilesets_and_ids_of_several() {
    let set = |name: &str, first: u32, image: &str| {
        json!({"firstgid": first, "name": name, "image": image, "imagewidth": 64, "imageheight": 32,
               "tilewidth": 16, "tileheight": 16, "columns": 0, "tilecount": 0, "margin": 0, "spacing": 0,
               "tiles": [{"id": 1, "class": "wall", "properties": [{"name": "collides", "type": "bool", "value": true}]}]})
    };
    let layers = json!([tile_layer("Ground", 4, 1, json!([2, 10, 3, 0x2000_000A]))]);
    let content = tmj(
        4,
        1,
        layers,
        json!([set("b", 9, "b.png"), set("a", 1, "a.png")]),
    );
    let (map, warnings) = loaded(&one_file(&content).with("maps/a.png", ""), "maps/town.tmj");
    assert_eq!(sketch(&map), ["##.#"]);
    let names: Vec<_> = map
        .tilesets
        .iter()
        .map(|set| (set.name.as_str(), set.image.is_some()))
        .collect();
    assert_eq!(names, [("a", true), ("b", false)]);
    assert_eq!(
        (map.tilesets[0].columns, map.tilesets[0].tile_count),
        (4, 8)
    );
    assert!(
        !warnings[0].is_error()
            && warnings[0]
                .message
                .contains("`b.png` of tileset `b` is missing")
    );
    assert_eq!(warnings.len(), 1);
}

#[test]
fn embedded_tilesets_in_xml() {
    let content = r#"<tileset firstgid="1" name="a" tilewidth="16" tileheight="16" tilecount="8" columns="4">
          <image source="tiles/a.png" width="64" height="32"/>
          <tile id="1"><properties><property name="collides" type="bool" value="true"/></properties></tile></tileset>
        <tileset firstgid="9" source="gone/../b.tsj"/>
        <layer id="1" name="Ground" width="3" height="1"><data encoding="csv">2,9,10</data></layer>"#;
    let tsj = r#"{"name":"b","image":"b.png","tilewidth":16,"tileheight":16,"columns":4,"tilecount":8,
                  "tiles":[{"id":0,"properties":[{"name":"collides","type":"bool","value":true}]}]}"#;
    let files = Memory::default()
        .with("town.tmx", tmx(3, 1, content))
        .with("b.tsj", tsj);
    let (map, warnings) = loaded(&files.with("tiles/a.png", "").with("b.png", ""), "town.tmx");
    assert_eq!(sketch(&map), ["##."]);
    assert_eq!(map.tilesets[0].image.as_deref(), Some("tiles/a.png"));
    assert_eq!(map.tilesets[1].image.as_deref(), Some("b.png"));
    assert_eq!(warnings, []);
}

#[test]
fn layers_block_by_name_by_property_and_by_tile() {
    let mut bridge = tile_layer("Walls over water", 3, 1, json!([1, 0, 0]));
    bridge["properties"] = json!([{"name": "collides", "type": "bool", "value": false}]);
    let mut fence = tile_layer("Fence", 3, 1, json!([0, 0x8000_0001_u32, 0]));
    fence["properties"] = json!([{"name": "collides", "type": "bool", "value": true}]);
    let objmap = tile_layer("objmap", 3, 1, json!([0, 0, 5]));
    let (map, warnings) = loaded(
        &one_file(&tmj(3, 1, json!([bridge, fence, objmap]), json!([]))),
        "maps/town.tmj",
    );
    assert_eq!(sketch(&map), [".##"]);
    assert_eq!(map.layers.len(), 3);
    assert_eq!(warnings.len(), 3, "tiles without a tileset: {warnings:?}");
}

#[test]
fn offsets_move_whole_tiles_and_objects() {
    let mut layer = tile_layer("collision", 3, 2, json!([1, 0, 0, 0, 0, 0]));
    layer["offsety"] = json!(16);
    let mut objects = object_layer("places", json!([rectangle("Park", [0, 0, 1, 1])]));
    objects["offsetx"] = json!(16.0);
    let group =
        json!({"type": "group", "name": "g", "id": 3, "offsetx": 16, "layers": [layer, objects]});
    let map = map_of(&tmj(3, 2, json!([group]), json!([])));
    assert_eq!(sketch(&map), ["...", ".#."]);
    assert_eq!(map.landmarks[0].area.x, 2);
}

#[test]
fn tiles_of_any_size_and_a_byte_order_mark() {
    let content = r#"{"width":2,"height":2,"tilewidth":7,"tileheight":33,
        "layers":[{"type":"objectgroup","name":"Places","objects":[{"id":1,"name":"Pub","x":7,"y":33,"width":7,"height":33}]},
                  {"type":"imagelayer","name":"sky","image":"sky.png"}]}"#;
    let map = map_of(&format!("\u{FEFF}{content}"));
    assert_eq!(
        (map.tile_px, map.landmarks[0].entrance),
        ((7, 33), Point::new(1, 1))
    );
    assert_eq!(map.name, "town.tmj");
}

#[test]
fn templates_give_what_an_object_leaves_out() {
    let object = json!({"id": 3, "template": "parts/house.tj", "x": 16, "y": 0, "name": "Bo's"});
    let content = tmj(
        4,
        2,
        json!([object_layer("any", json!([object]))]),
        json!([]),
    );
    let template = json!({"type": "template", "object": {"id": 1, "name": "House", "type": "building", "width": 32,
        "height": 16, "rotation": 0, "properties": [{"name": "kind", "type": "string", "value": "home"}]}});
    let files = one_file(&content).with("maps/parts/house.tj", template.to_string());
    let (map, _) = loaded(&files, "maps/town.tmj");
    let bo = landmark(&map, "Bo's");
    assert_eq!(
        (bo.kind.clone(), bo.area.x, bo.area.width),
        (LandmarkKind::Home, 1, 2)
    );

    let tx = r#"<template><tileset firstgid="1" source="gone.tsx"/><object name="House" type="building" width="32" height="16">
        <properties><property name="kind" value="home"/></properties></object></template>"#;
    let content = tmx(
        4,
        2,
        r#"<objectgroup name="any"><object id="3" template="parts/house.tx" name="Bo's" x="16" y="0"/></objectgroup>"#,
    );
    let files = Memory::default()
        .with("maps/town.tmx", content)
        .with("maps/parts/house.tx", tx);
    let (other, _) = loaded(&files, "maps/town.tmx");
    assert_eq!(other.landmarks, map.landmarks);
}

#[test]
fn reads_from_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let sub = folder.path().join("maps");
    std::fs::create_dir_all(&sub).unwrap();
    std::fs::write(
        folder.path().join("outside.tsx"),
        TSX.replace("../img/", ""),
    )
    .unwrap();
    std::fs::write(folder.path().join("outside.png"), "PNG").unwrap();
    let content = tmx(
        2,
        1,
        r#"<tileset firstgid="1" source="../outside.tsx"/><layer name="g" width="2" height="1"><data encoding="csv">3,1</data></layer>"#,
    );
    std::fs::write(sub.join("town.tmx"), content).unwrap();
    let loaded = crate::space::map::load_map(&sub.join("town.tmx"), &crate::files::Disk).unwrap();
    assert_eq!(sketch(&loaded.map), ["#."]);
    assert_eq!(
        loaded.map.tilesets[0].image.as_deref(),
        Some("../outside.png")
    );
}

/// The largest map there may be, as Tiled's own default encoding and as plain numbers.
#[test]
fn the_largest_map_loads() {
    let side = 4096_u32;
    let mut gids = vec![0_u32; (side * side) as usize];
    (0..gids.len())
        .filter(|tile| tile % 97 == 0)
        .for_each(|tile| gids[tile] = 1);
    let mut layer = tile_layer("Collisions", side, side, json!(encode(&zlib(&pack(&gids)))));
    layer["encoding"] = json!("base64");
    layer["compression"] = json!("zlib");
    let objects = object_layer(
        "places",
        json!([rectangle("Everywhere", [0, 0, side, side])]),
    );
    let content = tmj(side, side, json!([layer, objects]), json!([]));
    let map = map_of(&content);
    assert_eq!(map.landmarks[0].area.width, 4096);
    assert_eq!(
        map.blocked
            .words()
            .iter()
            .map(|word| word.count_ones())
            .sum::<u32>(),
        (side * side).div_ceil(97)
    );

    let numbers = gids
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(",");
    let content = content
        .replace("\"encoding\":\"base64\"", "\"encoding\":\"csv\"")
        .replace("\"compression\":\"zlib\",", "");
    let start = content.find("\"data\":\"").unwrap() + 7;
    let end = start + 2 + content[start + 1..].find('"').unwrap();
    let plain = format!("{}[{numbers}]{}", &content[..start], &content[end..]);
    assert_eq!(map_of(&plain), map);
}
