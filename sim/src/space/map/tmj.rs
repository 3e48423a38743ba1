//! The reader for Tiled's JSON maps (`.tmj`, `.json`).

use std::fmt;

use hamlet_protocol::map::MAP_SIDE_MAX;
use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::drawing::{
    Body, Drawing, Frame, GROUP_DEPTH_MAX, Group, Layer, Object, Properties, bounds, corners,
};
use super::reading::{Flaw, Reading};
use super::tileset::{JsonProperty, JsonTileset, Tilesets, json_fault};
use super::{data, paths, without_mark};
use crate::fault::Fault;

/// Size of an object template's file, in bytes.
pub(super) const TEMPLATE_FILE_BYTES_MAX: usize = 1 << 20;

/// What is drawn; `None` after faults that say why it can't be read.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Option<Drawing> {
    let map: JsonMap = match serde_json::from_slice(without_mark(bytes)) {
        Ok(map) => map,
        Err(fault) => {
            reading.faults.push(json_fault(&fault, &reading.file));
            return None;
        }
    };
    let frame = match map.check() {
        Ok(frame) => frame,
        Err(flaws) => {
            reading
                .faults
                .extend(flaws.into_iter().map(|flaw| flaw.into_fault(&reading.file)));
            return None;
        }
    };
    let mut tilesets = Tilesets::new();
    for tileset in map.tilesets {
        let first_gid = tileset.firstgid;
        match &tileset.source {
            Some(source) => tilesets.external(first_gid, source, reading),
            None => tilesets.embedded(first_gid, tileset.into_sheet(), reading),
        }
    }
    let tilesets = tilesets.finish(reading);
    let mut layers = Flattener {
        frame,
        reading,
        layers: Vec::new(),
        tile_layers: 0,
    };
    layers.flatten(map.layers, Group::MAP);
    let layers = layers.layers;
    (!reading.failed()).then_some(Drawing {
        width: frame.width,
        height: frame.height,
        tile_px: frame.tile_px,
        layers,
        tilesets,
    })
}

/// What is wrong with a map that is not finite and orthogonal.
pub(super) fn check_shape(orientation: &str, infinite: bool) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if orientation != "orthogonal" {
        flaws.push(Flaw::new(
            format!("the map's orientation is `{orientation}`"),
            "only orthogonal maps are read; set Map > Map Properties > Orientation to Orthogonal in Tiled",
        ));
    }
    if infinite {
        flaws.push(Flaw::new(
            "the map is infinite",
            "only finite maps are read; clear Map > Map Properties > Infinite in Tiled and save it again",
        ));
    }
    flaws
}

#[derive(Deserialize)]
struct JsonMap {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    orientation: Option<String>,
    #[serde(default)]
    infinite: bool,
    width: i64,
    height: i64,
    tilewidth: i64,
    tileheight: i64,
    layers: Vec<JsonLayer>,
    #[serde(default)]
    tilesets: Vec<JsonTileset>,
}

impl JsonMap {
    fn check(&self) -> Result<Frame, Vec<Flaw>> {
        let mut flaws = check_shape(
            self.orientation.as_deref().unwrap_or("orthogonal"),
            self.infinite,
        );
        if let Some(kind) = self.kind.as_deref().filter(|kind| *kind != "map") {
            flaws.push(Flaw::new(
                format!("this is a Tiled file of type `{kind}`, no map"),
                "name the map file instead",
            ));
        }
        let frame = Frame::check((self.width, self.height), (self.tilewidth, self.tileheight));
        match (frame, flaws.is_empty()) {
            (Ok(frame), true) => Ok(frame),
            (Ok(_), false) => Err(flaws),
            (Err(more), _) => Err(flaws.into_iter().chain(more).collect()),
        }
    }
}

#[derive(Deserialize)]
struct JsonLayer {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    width: Option<i64>,
    #[serde(default)]
    height: Option<i64>,
    #[serde(default = "one")]
    opacity: f32,
    #[serde(default = "yes")]
    visible: bool,
    #[serde(default)]
    offsetx: f64,
    #[serde(default)]
    offsety: f64,
    #[serde(default)]
    properties: Vec<JsonProperty>,
    #[serde(default)]
    data: Option<Data>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    compression: Option<String>,
    #[serde(default)]
    chunks: Option<IgnoredAny>,
    #[serde(default)]
    objects: Vec<JsonObject>,
    #[serde(default)]
    layers: Vec<Self>,
}

fn one() -> f32 {
    1.0
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct JsonObject {
    #[serde(default)]
    id: Value,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    class: Option<String>,
    #[serde(default)]
    x: f64,
    #[serde(default)]
    y: f64,
    width: Option<f64>,
    height: Option<f64>,
    rotation: Option<f64>,
    gid: Option<u32>,
    polygon: Option<Vec<JsonPoint>>,
    polyline: Option<Vec<JsonPoint>>,
    text: Option<IgnoredAny>,
    template: Option<String>,
    #[serde(default)]
    properties: Vec<JsonProperty>,
}

/// A file that an object is made from.
#[derive(Deserialize)]
struct JsonTemplate {
    object: JsonObject,
}

impl JsonObject {
    /// The object with what it leaves to its template.
    fn over(self, base: Self) -> Self {
        let mut properties = base.properties;
        properties.extend(self.properties);
        Self {
            name: self.name.or(base.name),
            kind: self.kind.or(base.kind),
            class: self.class.or(base.class),
            width: self.width.or(base.width),
            height: self.height.or(base.height),
            rotation: self.rotation.or(base.rotation),
            gid: self.gid.or(base.gid),
            polygon: self.polygon.or(base.polygon),
            polyline: self.polyline.or(base.polyline),
            text: self.text.or(base.text),
            properties,
            ..self
        }
    }

    fn finish(self, offset: (f64, f64)) -> Object {
        let (width, height) = (self.width.unwrap_or(0.0), self.height.unwrap_or(0.0));
        let corners = match (self.polygon.or(self.polyline), self.gid) {
            (Some(points), _) if !points.is_empty() => {
                points.iter().map(|point| (point.x, point.y)).collect()
            }
            // The place of a tile is its bottom left corner.
            (_, Some(_)) => corners(width, -height).to_vec(),
            (_, None) => corners(width, height).to_vec(),
        };
        let class = self.class.filter(|class| !class.is_empty()).or(self.kind);
        Object {
            id: self.id.to_string(),
            bounds: bounds(
                self.x + offset.0,
                self.y + offset.1,
                self.rotation.unwrap_or(0.0),
                &corners,
            ),
            is_text: self.text.is_some(),
            name: self.name.unwrap_or_default(),
            class: class.unwrap_or_default(),
            properties: properties(self.properties),
        }
    }
}

#[derive(Deserialize)]
struct JsonPoint {
    x: f64,
    y: f64,
}

/// A layer's data: numbers, or a text that says its encoding elsewhere.
enum Data {
    Gids(Vec<u32>),
    Text(String),
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tile ids or a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Data, E> {
        Ok(Data::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Data, E> {
        Ok(Data::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Data, A::Error> {
        let tiles_max = (MAP_SIDE_MAX * MAP_SIDE_MAX) as usize;
        let mut gids = Vec::new();
        while let Some(gid) = values.next_element()? {
            if gids.len() == tiles_max {
                return Err(A::Error::custom(format!(
                    "a layer has more than {tiles_max} tiles"
                )));
            }
            gids.push(gid);
        }
        Ok(Data::Gids(gids))
    }
}

struct Flattener<'r, 'f> {
    frame: Frame,
    reading: &'r mut Reading<'f>,
    layers: Vec<Layer>,
    tile_layers: usize,
}

impl Flattener<'_, '_> {
    fn flatten(&mut self, layers: Vec<JsonLayer>, group: Group) {
        if group.depth > GROUP_DEPTH_MAX {
            self.reading.error(
                format!("groups are nested deeper than {GROUP_DEPTH_MAX}"),
                "flatten the groups",
            );
            return;
        }
        for mut layer in layers {
            let inner = group.inner(layer.opacity, layer.visible, (layer.offsetx, layer.offsety));
            match layer.kind.as_str() {
                "group" => self.flatten(std::mem::take(&mut layer.layers), inner),
                "tilelayer" => self.tile_layer(layer, inner),
                "objectgroup" => {
                    let objects = std::mem::take(&mut layer.objects);
                    let objects = objects
                        .into_iter()
                        .filter_map(|object| self.object(object, inner.offset))
                        .collect();
                    self.push(layer, inner, Body::Objects(objects));
                }
                // Image layers, and whatever comes later: nobody walks on them.
                _ => {}
            }
        }
    }

    fn push(&mut self, layer: JsonLayer, place: Group, body: Body) {
        self.layers.push(Layer {
            name: layer.name,
            opacity: place.opacity,
            visible: place.visible,
            properties: properties(layer.properties),
            body,
        });
    }

    fn tile_layer(&mut self, mut layer: JsonLayer, place: Group) {
        match self.gids(&mut layer) {
            Ok(gids) => {
                let gids = self.frame.shift(gids, place.offset);
                self.tile_layers += 1;
                self.push(layer, place, Body::Tiles(gids));
            }
            Err(flaw) => {
                let message = format!("layer `{}`: {}", layer.name, flaw.message);
                self.reading.error(message, flaw.help);
            }
        }
    }

    fn gids(&self, layer: &mut JsonLayer) -> Result<Vec<u32>, Flaw> {
        self.frame.check_layer(layer.width, layer.height)?;
        self.frame.check_room(self.tile_layers)?;
        match layer.data.take() {
            Some(Data::Gids(gids)) => data::plain(gids, self.frame.tiles()),
            Some(Data::Text(text)) => data::decode(
                &text,
                layer.encoding.as_deref(),
                layer.compression.as_deref(),
                self.frame.tiles(),
            ),
            None if layer.chunks.is_some() => Err(Flaw::new(
                "the layer has chunks, as infinite maps have",
                "clear Map > Map Properties > Infinite in Tiled and save the map again",
            )),
            None => Err(Flaw::new(
                "the layer has no data",
                "open the map in Tiled and save it again",
            )),
        }
    }

    fn object(&mut self, object: JsonObject, offset: (f64, f64)) -> Option<Object> {
        let Some(template) = object.template.clone() else {
            return Some(object.finish(offset));
        };
        match self.template(&template) {
            Ok(base) => Some(object.over(base).finish(offset)),
            Err(fault) => {
                self.reading.faults.extend(fault);
                None
            }
        }
    }

    /// `None` as an error when the fault has been told already.
    fn template(&mut self, reference: &str) -> Result<JsonObject, Option<Fault>> {
        let path =
            paths::join("", reference).map_err(|flaw| Some(flaw.into_fault(&self.reading.file)))?;
        let place = paths::locate(&self.reading.folder, &path);
        let file = place.display().to_string();
        let bytes = self
            .reading
            .read_whole(&place, TEMPLATE_FILE_BYTES_MAX)
            .ok_or(None)?;
        let template: JsonTemplate = serde_json::from_slice(without_mark(&bytes)).map_err(|fault| {
            let help = "save the template in Tiled as .tj, or detach the object (right click > Detach Template)";
            Some(json_fault(&fault, &file).help(help))
        })?;
        match template.object.template {
            None => Ok(template.object),
            Some(other) => Err(Some(
                Fault::error(
                    file,
                    format!("this template is made from another, `{other}`"),
                )
                .help(
                    "a template stands for itself; save it again from an object without a template",
                ),
            )),
        }
    }
}

fn properties(list: Vec<JsonProperty>) -> Properties {
    let mut properties = Properties::default();
    for property in list {
        let value = match property.value {
            Value::String(text) => text,
            Value::Bool(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        properties.insert(&property.name, value);
    }
    properties
}
