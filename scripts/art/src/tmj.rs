//! The plan as a Tiled map file.

use serde_json::{Value, json};

use crate::canvas::TILE;
use crate::plan::{HEIGHT, LAYERS, Place, Plan, WIDTH};
use crate::sheet::{COLUMNS, Packed};

/// The whole file: JSON as Tiled reads it, one row of tiles to a line.
pub(crate) fn write(plan: &Plan<'_>) -> String {
    let mut layers: Vec<String> = LAYERS
        .iter()
        .enumerate()
        .map(|(i, name)| tile_layer(i, name, &plan.layers[i]))
        .collect();
    let places = objects(&plan.places, 1);
    let zones = objects(&plan.zones, 1 + plan.places.len());
    layers.push(object_layer(LAYERS.len() + 1, "landmarks", &places));
    layers.push(object_layer(LAYERS.len() + 2, "zones", &zones));
    let head = json!({
        "type": "map", "version": "1.10", "tiledversion": "1.11.0", "orientation": "orthogonal", "renderorder": "right-down",
        "infinite": false, "compressionlevel": -1, "width": WIDTH, "height": HEIGHT, "tilewidth": TILE, "tileheight": TILE,
        "nextlayerid": LAYERS.len() + 3, "nextobjectid": plan.places.len() + plan.zones.len() + 1,
        "tilesets": [tileset(plan.art)],
    });
    let head = head.to_string();
    let open = head.strip_suffix('}').unwrap_or(&head);
    format!("{open},\n\"layers\":[\n{}\n]}}\n", layers.join(",\n"))
}

fn tileset(art: &Packed) -> Value {
    let tiles: Vec<Value> = art
        .names
        .iter()
        .map(|(id, name)| json!({ "id": id, "type": name }))
        .collect();
    json!({
        "firstgid": 1, "name": "town", "image": "../tilesets/town.png", "imagewidth": art.picture.w, "imageheight": art.picture.h,
        "tilewidth": TILE, "tileheight": TILE, "columns": COLUMNS, "tilecount": art.tile_count(), "margin": 0, "spacing": 0,
        "tiles": tiles,
    })
}

fn tile_layer(index: usize, name: &str, gids: &[u32]) -> String {
    let rows: Vec<String> = gids
        .chunks(WIDTH as usize)
        .map(|row| row.iter().map(u32::to_string).collect::<Vec<_>>().join(","))
        .collect();
    let shown = name != "collision";
    let head = json!({
        "type": "tilelayer", "id": index + 1, "name": name, "x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "opacity": 1,
        "visible": shown,
    });
    let head = head.to_string();
    format!(
        "{},\n\"data\":[{}]}}",
        head.strip_suffix('}').unwrap_or(&head),
        rows.join(",\n")
    )
}

fn object_layer(id: usize, name: &str, objects: &[String]) -> String {
    let head = json!({
        "type": "objectgroup", "id": id, "name": name, "x": 0, "y": 0, "draworder": "topdown", "opacity": 1, "visible": true,
    });
    let head = head.to_string();
    format!(
        "{},\n\"objects\":[\n{}]}}",
        head.strip_suffix('}').unwrap_or(&head),
        objects.join(",\n")
    )
}

fn objects(places: &[Place], first_id: usize) -> Vec<String> {
    let object = |(i, place): (usize, &Place)| {
        let mut properties = Vec::new();
        if place.beds > 0 {
            properties.push(json!({ "name": "beds", "type": "int", "value": place.beds }));
        }
        properties
            .push(json!({ "name": "description", "type": "string", "value": place.description }));
        if let Some(hours) = place.hours {
            properties.push(json!({ "name": "hours", "type": "string", "value": hours }));
        }
        let zone = place.kind == "zone";
        if !zone {
            properties.push(json!({ "name": "kind", "type": "string", "value": place.kind }));
        }
        let area = place.area;
        json!({
            "id": first_id + i, "name": place.name, "type": if zone { "zone" } else { "landmark" }, "rotation": 0, "visible": true,
            "x": area.x * TILE, "y": area.y * TILE, "width": area.w * TILE, "height": area.h * TILE, "properties": properties,
        })
        .to_string()
    };
    places.iter().enumerate().map(object).collect()
}
