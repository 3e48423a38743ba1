//! Files that no village can stand on: each says what is wrong and what to do.

use serde_json::json;

use super::super::testing::{Memory, zlib};
use super::*;

fn assert_faults(faults: &str, parts: &[&str]) {
    for part in parts {
        assert!(faults.contains(part), "no `{part}` in\n{faults}");
    }
    let helps = faults.matches("\n  help: ").count();
    let errors = faults
        .lines()
        .filter(|line| line.contains(": error: "))
        .count();
    assert!(
        helps >= errors && errors > 0,
        "every error says what to do:\n{faults}"
    );
}

#[test]
fn sides_of_nothing_and_of_everything() {
    for (width, height, part) in [
        (0, 5, "width is 0"),
        (5, 1_000_000_000, "height is 1000000000"),
        (4097, 1, "4097"),
    ] {
        assert_faults(
            &faults_of(&tmj(width, height, json!([]), json!([]))),
            &["maps/town.tmj: error", part, "1 to 4096"],
        );
        let files = Memory::default().with("town.tmx", tmx(width, height, ""));
        assert_faults(
            &files.faults("town.tmx"),
            &["town.tmx:2:1: error", part, "1 to 4096"],
        );
    }
    let negative = tmj(5, 5, json!([]), json!([]))
        .replace("\"width\":5", "\"width\":-5")
        .replace("\"tilewidth\":16", "\"tilewidth\":0");
    assert_faults(&faults_of(&negative), &["width is -5", "tile width is 0"]);
}

#[test]
fn infinite_and_other_orientations() {
    let content = tmj(2, 2, json!([]), json!([]))
        .replace("\"infinite\":false", "\"infinite\":true")
        .replace("orthogonal", "isometric");
    assert_faults(
        &faults_of(&content),
        &[
            "the map is infinite",
            "Infinite in Tiled",
            "`isometric`",
            "Orthogonal",
        ],
    );
    let content = tmx(2, 2, "")
        .replace("infinite=\"0\"", "infinite=\"1\"")
        .replace("orthogonal", "hexagonal");
    let files = Memory::default().with("town.tmx", content);
    assert_faults(
        &files.faults("town.tmx"),
        &["the map is infinite", "`hexagonal`"],
    );
    let chunks =
        json!([{"type": "tilelayer", "name": "g", "width": 2, "height": 2, "chunks": [{"x": 0}]}]);
    assert_faults(
        &faults_of(&tmj(2, 2, chunks, json!([]))),
        &["layer `g`: the layer has chunks"],
    );
}

#[test]
fn what_is_no_map() {
    let files = Memory::default()
        .with("a.tmj", "PK\x03\x04")
        .with("b.tmj", "")
        .with("c/d.tmj", "{}");
    assert_faults(
        &files.faults("a.tmj"),
        &["a.tmj: error: this is no map", ".tmj (JSON)"],
    );
    assert_faults(&files.faults("b.tmj"), &["no map"]);
    assert_faults(
        &files.faults("none.tmj"),
        &[
            "none.tmj: error: there is no such file",
            "beside the scenario",
        ],
    );
    assert_faults(
        &files.faults("c"),
        &["the folder is no maze", "did you mean c/d.tmj?"],
    );
    assert_faults(
        &faults_of(
            r#"{"type": "tileset", "width":1,"height":1,"tilewidth":1,"tileheight":1,"layers":[]}"#,
        ),
        &["type `tileset`"],
    );
}

#[test]
fn broken_json_is_told_with_its_place() {
    let content = tmj(2, 2, json!([]), json!([])).replace("\"width\"", "\n  \"width\"");
    assert_faults(
        &faults_of(&content[..content.len() - 8]),
        &["maps/town.tmj:2:", "EOF", "save it again"],
    );
    assert_faults(
        &faults_of(&content.replace("\"width\":2", "\"width\":\"two\"")),
        &["maps/town.tmj:2:15: error", "invalid type"],
    );
    assert_faults(&faults_of("{\"width\": 3}"), &["missing field `height`"]);
    assert_faults(
        &faults_of(&format!(
            "{{{}",
            "\"layers\":[{\"type\":\"group\",".repeat(100_000)
        )),
        &["recursion limit"],
    );
    let groups = (0..40).fold(
        json!([]),
        |inner, _| json!([{"type": "group", "layers": inner}]),
    );
    assert_faults(
        &faults_of(&tmj(2, 2, groups, json!([]))),
        &["deeper than 32"],
    );
}

#[test]
fn broken_xml_is_told_with_its_place() {
    let good = tmx(
        2,
        1,
        "<layer name=\"g\" width=\"2\" height=\"1\">\n <data encoding=\"csv\">1,1</data>\n</layer>",
    );
    let fault = |content: &str| {
        Memory::default()
            .with("town.tmx", content)
            .faults("town.tmx")
    };
    assert_faults(
        &fault(&good[..good.len() - 7]),
        &[
            "town.tmx:5:9: error: the file ends too early",
            "save it again",
        ],
    );
    assert_faults(
        &fault(&good.replace("</layer>", "</lair>")),
        &["town.tmx:5:1: error"],
    );
    assert_faults(
        &fault(&good.replace("1,1", "1,x")),
        &["town.tmx:4:2: error: layer `g`: value 2 of the layer, `x`"],
    );
    assert_faults(
        &fault(&good.replace("<data encoding=\"csv\">1,1</data>", "")),
        &["layer `g`: the layer does not have its data"],
    );
    assert_faults(
        &fault(&good.replace("1,1</data>", "<chunk x=\"0\">1</chunk></data>")),
        &["<chunk> in a layer's data"],
    );
    assert_faults(
        &fault(&good.replace("name=\"g\" width=\"2\"", "name=\"g\" width=\"3\"")),
        &["town.tmx:3:1", "3 × 1 tiles, the map 2 × 1"],
    );
    assert_faults(&fault("<tileset></tileset>"), &["begins with <tileset>"]);
    assert_faults(&fault("<map/>"), &["<map> is empty"]);
    assert_faults(
        &fault("<map width='x' height='1' tilewidth='1' tileheight='1'></map>"),
        &["`width` = `x`"],
    );
    assert_faults(&fault("<map width='1'></map>"), &["no `height`"]);
    assert_faults(
        &fault(&tmx(1, 1, &"<group>".repeat(100_000))),
        &["deeper than 64"],
    );
    let deep = format!("{}{}", "<group>".repeat(40), "</group>".repeat(40));
    assert_faults(&fault(&tmx(1, 1, &deep)), &["deeper than 32"]);
    assert_faults(
        &fault(&tmx(
            1,
            1,
            "<properties><property name='a' type='odd' value='1'/></properties>",
        )),
        &["odd"],
    );
    let files = Memory::default().with("town.tmx", b"<map name='\xFF'>");
    assert_faults(&files.faults("town.tmx"), &["no UTF-8"]);
}

#[test]
fn bombs_in_layers() {
    let bomb = encode(&zlib(&vec![0; 1 << 25]));
    let mut layer = tile_layer("g", 2, 2, json!(bomb));
    layer["encoding"] = json!("base64");
    layer["compression"] = json!("zlib");
    let second = tile_layer("h", 2, 2, json!([1]));
    let faults = faults_of(&tmj(2, 2, json!([layer, second]), json!([])));
    assert_faults(
        &faults,
        &[
            "layer `g`: the layer's data unpacks to more than 16 bytes",
            "layer `h`: the layer has only 1 tiles",
        ],
    );
    let content = format!(
        "<layer name=\"g\" width=\"2\" height=\"2\"><data encoding=\"base64\" compression=\"zlib\">{bomb}</data></layer>\
         <layer name=\"h\" width=\"2\" height=\"2\"><data>{}</data></layer>",
        "<tile gid=\"1\"/>".repeat(50)
    );
    let faults = Memory::default()
        .with("town.tmx", tmx(2, 2, &content))
        .faults("town.tmx");
    assert_faults(
        &faults,
        &[
            "layer `g`: the layer's data unpacks to more than 16 bytes",
            "layer `h`: the layer has more than 4 tiles",
        ],
    );
    let layers: Vec<_> = (0..17)
        .map(|_| {
            let mut layer = tile_layer("huge", 4096, 4096, json!(encode(&zlib(&[]))));
            layer["encoding"] = json!("base64");
            layer
        })
        .collect();
    assert_faults(
        &faults_of(&tmj(4096, 4096, json!(layers), json!([]))),
        &["the layer's data unpacks to only"],
    );
}

#[test]
fn tileset_files() {
    let map = |source: &str| tmj(1, 1, json!([]), json!([{"firstgid": 1, "source": source}]));
    let gone = Memory::default()
        .with("maps/a.tmj", map("gone.tsx"))
        .faults("maps/a.tmj");
    assert_faults(
        &gone,
        &[
            "maps/gone.tsx: error: external tileset of maps/a.tmj: there is no such file",
            "Embed Tilesets",
        ],
    );
    let gone = tmx(
        1,
        1,
        "<tileset firstgid=\"1\" source=\"gone.tsx\"/>\n<tileset firstgid=\"9\" source=\"also.tsj\"/>",
    );
    let gone = Memory::default()
        .with("maps/a.tmx", gone)
        .faults("maps/a.tmx");
    assert_faults(
        &gone,
        &[
            "maps/gone.tsx: error: external tileset",
            "maps/also.tsj: error: external",
        ],
    );

    for source in [
        "/etc/passwd",
        "../../../x.tsx",
        "http://example.org/a.tsx",
        "a.png",
        "",
    ] {
        let faults = one_file(&map(source))
            .with("maps/a.png", "")
            .faults("maps/town.tmj");
        assert_faults(&faults, &["maps/town.tmj: error"]);
    }
    let cycle = r#"{"firstgid": 1, "source": "a.tsj"}"#;
    let faults = one_file(&map("a.tsj"))
        .with("maps/a.tsj", cycle)
        .faults("maps/town.tmj");
    assert_faults(
        &faults,
        &["maps/a.tsj: error: this tileset file points on to another, `a.tsj`"],
    );
    let cycle = "<tileset firstgid=\"1\" source=\"a.tsx\" columns=\"1\"> </tileset>";
    let faults = one_file(&map("a.tsx"))
        .with("maps/a.tsx", cycle)
        .faults("maps/town.tmj");
    assert_faults(
        &faults,
        &["maps/a.tsx:1:1: error: this tileset file points on to another"],
    );
    let faults = one_file(&map("town.tmj")).faults("maps/town.tmj");
    assert_faults(&faults, &["neither .tsj nor .tsx"]);
}

#[test]
fn tilesets_of_impossible_sizes() {
    let huge = "<tileset name=\"h\" tilewidth=\"16\" tileheight=\"16\" tilecount=\"4000000000\" columns=\"1\"><image source=\"a.png\" width=\"1\" height=\"1\"/></tileset>";
    let map = tmj(1, 1, json!([]), json!([{"firstgid": 1, "source": "a.tsx"}]));
    let faults = one_file(&map)
        .with("maps/a.tsx", huge)
        .faults("maps/town.tmj");
    assert_faults(
        &faults,
        &[
            "maps/a.tsx:1:1: error: the tileset has 4000000000 tiles",
            "at most 262144",
        ],
    );
    let faults = one_file(&map)
        .with("maps/a.tsx", huge.replace(" columns=\"1\"", ""))
        .faults("maps/town.tmj");
    assert_faults(&faults, &["4000000000"]);
    let faults = one_file(&map)
        .with(
            "maps/a.tsx",
            "<tileset tilecount=\"1\" tilewidth=\"1\" tileheight=\"1\"> </tileset>",
        )
        .faults("maps/town.tmj");
    assert_faults(&faults, &["does not say its `columns`"]);
    let faults = Memory::default()
        .with(
            "a.tmx",
            tmx(1, 1, &huge.replace("name=", "firstgid=\"1\" name=")),
        )
        .faults("a.tmx");
    assert_faults(
        &faults,
        &["a.tmx:3:1: error: the tileset has 4000000000 tiles"],
    );

    let set = |first: u32, tile: u32, count: u32| json!({"firstgid": first, "name": "s", "image": "s.png", "tilewidth": tile, "tileheight": 16, "columns": 1, "tilecount": count});
    let faults = |sets: Value| faults_of(&tmj(1, 1, json!([]), sets));
    assert_faults(&faults(json!([set(0, 16, 1)])), &["begins at tile id 0"]);
    assert_faults(
        &faults(json!([set(4_000_000_000, 16, 1)])),
        &["begins at tile id 4000000000"],
    );
    assert_faults(&faults(json!([set(1, 0, 1)])), &["0 × 16 pixels"]);
    assert_faults(
        &faults(json!([set(1, 16, 4_000_000_000)])),
        &["4000000000 tiles"],
    );
    assert_faults(
        &faults(json!([set(1, 16, 1), set(1, 16, 1)])),
        &["begin at the same tile id"],
    );
}

#[test]
fn tiles_beyond_their_tileset_are_warnings() {
    let sheet = |first: u32, count: u32| json!({"firstgid": first, "name": "s", "tilewidth": 16, "tileheight": 16, "columns": 2, "tilecount": count});
    let layer = |gids: Value| json!([{"type": "tilelayer", "name": "ground", "width": 3, "height": 2, "data": gids}]);
    let warned = |gids: Value, sets: Value| {
        let map = tmj(3, 2, layer(gids), sets);
        let loaded = Memory::default().with("a.tmj", map).load("a.tmj");
        let warnings = loaded.expect("warnings only").warnings;
        let texts = warnings.iter().map(ToString::to_string);
        texts
            .filter(|text| text.contains("belong to no tileset"))
            .collect::<Vec<_>>()
    };
    let flipped = 0x8000_0000_u32 + 9;
    let beyond = warned(json!([1, 4, 5, 6, flipped, 0]), json!([sheet(1, 4)]));
    assert_eq!(beyond.len(), 1, "{beyond:?}");
    assert!(
        beyond[0].contains("3 tiles of layer `ground` belong to no tileset, such as tile id 5"),
        "{beyond:?}"
    );
    assert!(
        warned(
            json!([1, 4, 5, 6, flipped, 0]),
            json!([sheet(1, 4), sheet(5, 5)])
        )
        .is_empty()
    );
    // A collection of images numbers them as it likes.
    let collection = json!([{"firstgid": 1, "name": "c", "tilewidth": 16, "tileheight": 16, "columns": 0, "tilecount": 2}]);
    assert!(warned(json!([1, 4, 5, 6, flipped, 0]), collection).is_empty());
}

#[test]
fn images_that_cannot_be_drawn_are_warnings() {
    for image in ["gone.png", "/etc/shadow", "../../../a.png", "notes.txt"] {
        let set = json!({"firstgid": 1, "name": "s", "image": image, "tilewidth": 16, "tileheight": 16, "columns": 1, "tilecount": 1});
        let files = one_file(&tmj(1, 1, json!([]), json!([set]))).with("maps/notes.txt", "");
        let (map, warnings) = loaded(&files, "maps/town.tmj");
        assert_eq!(
            (map.tilesets[0].image.as_deref(), warnings.len()),
            (None, 1),
            "{image}"
        );
        assert!(!warnings[0].is_error());
    }
}

#[test]
fn templates_that_lead_nowhere() {
    let object = |template: &str| {
        format!(
            "<objectgroup name=\"places\"><object id=\"1\" template=\"{template}\" x=\"0\" y=\"0\"/></objectgroup>"
        )
    };
    let nested = "<template><object template=\"a.tx\"/></template>";
    let files = Memory::default()
        .with("a.tmx", tmx(1, 1, &object("a.tx")))
        .with("a.tx", nested)
        .with("b.tmx", tmx(1, 1, &object("gone.tx")))
        .with("c.tmx", tmx(1, 1, &object("../../../../x.tx")))
        .with("d.tmx", tmx(1, 1, &object("x.tj")));
    assert_faults(&files.faults("a.tmx"), &["made from another"]);
    assert_faults(&files.faults("b.tmx"), &["gone.tx"]);
    assert_faults(&files.faults("c.tmx"), &["leads more than 2 folders"]);
    assert_faults(&files.faults("d.tmx"), &["as .tx"]);

    let map = |template: &str| {
        town(
            &["."],
            json!([{"id": 1, "template": template, "x": 0, "y": 0}]),
        )
    };
    let files = Memory::default()
        .with("a.tmj", map("a.tj"))
        .with("a.tj", r#"{"object": {"template": "a.tj"}}"#);
    assert_faults(
        &files.faults("a.tmj"),
        &["a.tj: error: this template is made from another"],
    );
    assert!(
        Memory::default()
            .with("a.tmj", map("gone.tj"))
            .faults("a.tmj")
            .contains("gone.tj: error: there is no such file")
    );
}

#[test]
fn nowhere_to_walk() {
    let faults = faults_of(&town(
        &["##", "##"],
        json!([rectangle("Home", [0, 0, 1, 1])]),
    ));
    assert_faults(&faults, &["every tile is blocked"]);
    assert_eq!(faults.matches(": error: ").count(), 1, "{faults}");
}

/// Whatever the bytes are, the answer is faults or a map, never a panic.
#[test]
fn damaged_files_never_panic() {
    use crate::rng::{Purpose, Stream};
    let objects = json!([rectangle("Home", [0, 0, 1, 1])]);
    let json = town(&["...", "..#"], objects);
    let xml = tmx(
        3,
        2,
        r#"<tileset firstgid="1" name="a" tilewidth="16" tileheight="16" tilecount="8" columns="4"><image source="a.png" width="64" height="32"/></tileset>
           <layer name="collision" width="3" height="2"><data encoding="csv">0,0,0,0,0,1</data></layer>
           <objectgroup name="places"><object id="1" name="Home" x="0" y="0" width="16" height="16"><polygon points="0,0 3,4"/></object></objectgroup>"#,
    );
    let mut chance = Stream::new(1, Purpose::Model, 0, 0);
    for round in 0..20_000 {
        let mut bytes = if round % 2 == 0 {
            json.clone()
        } else {
            xml.clone()
        }
        .into_bytes();
        for _ in 0..=chance.below(4) {
            let at = chance.below(bytes.len() as u32) as usize;
            match chance.below(3) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = chance.bits() as u8,
                _ => bytes[at] = *chance.pick(b"0123456789-.<>\"{}[],&").unwrap(),
            }
        }
        if let Err(faults) = Memory::default().with("town", bytes).load("town") {
            assert!(faults.iter().any(Fault::is_error));
        }
    }
}
