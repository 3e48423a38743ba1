//! The reader for Tiled's XML maps (`.tmx`), by the `tiled` crate.

use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::path::Path;
use std::str;

use tiled::{LayerType, Loader, ObjectShape, PropertyValue};

use super::drawing::{
    Body, Drawing, Frame, GROUP_DEPTH_MAX, Group, Layer, Object, Properties, bounds, corners,
};
use super::outline::{Outline, Role, outline};
use super::reading::{Flaw, Reading};
use super::tileset::{COLLIDES, Sheet, Tilesets};
use super::tmj::TEMPLATE_FILE_BYTES_MAX;
use super::{paths, without_mark};
use crate::fault::Fault;
use crate::files::Files;

/// The names under which the `tiled` crate gets texts: with no folder, so that its paths stay relative to the file.
const MAP: &str = "map.tmx";
const TILESET: &str = "tileset.tsx";

/// What is drawn; `None` after faults that say why it can't be read.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Option<Drawing> {
    let text = match text(without_mark(bytes), &reading.file) {
        Ok(text) => text,
        Err(faults) => {
            reading.faults.extend(faults);
            return None;
        }
    };
    let Outline {
        xml,
        frame,
        layers,
        tilesets: references,
        faults,
    } = outline(text, Role::Map);
    let file = reading.file.clone();
    reading
        .faults
        .extend(faults.into_iter().map(|fault| fault.named(&file)));
    let frame = frame.filter(|_| !reading.failed())?;

    let resources = Resources {
        map: &xml,
        folder: &reading.folder,
        files: reading.files,
    };
    let map = match Loader::with_reader(|path: &Path| resources.read(path)).load_tmx_map(MAP) {
        Ok(map) => map,
        Err(fault) => {
            reading
                .faults
                .push(tiled_flaw(&fault).into_fault(&reading.file));
            return None;
        }
    };
    let mut tilesets = Tilesets::new();
    for (reference, tileset) in references.iter().zip(map.tilesets()) {
        match &reference.source {
            Some(source) => tilesets.external(reference.first_gid, source, reading),
            None => tilesets.embedded(reference.first_gid, sheet(tileset), reading),
        }
    }
    let tilesets = tilesets.finish(reading);
    let mut flattener = Flattener {
        frame,
        gids: layers.into_iter(),
        layers: Vec::new(),
    };
    if let Err(flaw) = flattener.flatten(map.layers(), Group::MAP) {
        reading.faults.push(flaw.into_fault(&reading.file));
    }
    let layers = flattener.layers;
    (!reading.failed()).then_some(Drawing {
        width: frame.width,
        height: frame.height,
        tile_px: frame.tile_px,
        layers,
        tilesets,
    })
}

/// The text of an XML file.
pub(super) fn text<'b>(bytes: &'b [u8], file: &str) -> Result<&'b str, Vec<Fault>> {
    str::from_utf8(bytes).map_err(|fault| {
        vec![
            Fault::error(file, format!("no UTF-8 text: {fault}"))
                .help("save the file as UTF-8, as Tiled does"),
        ]
    })
}

/// The tileset in the outline of a `.tsx` file.
pub(super) fn sheet_of_file(xml: &str) -> Result<Sheet, Flaw> {
    let reader = |_: &Path| Ok::<_, io::Error>(Cursor::new(xml.as_bytes().to_vec()));
    let tileset = Loader::with_reader(reader)
        .load_tsx_tileset(TILESET)
        .map_err(|fault| tiled_flaw(&fault))?;
    Ok(sheet(&tileset))
}

/// What the `tiled` crate asks for: the map's outline, and the templates it names.
struct Resources<'a> {
    map: &'a str,
    folder: &'a Path,
    files: &'a dyn Files,
}

impl Resources<'_> {
    fn read(&self, path: &Path) -> io::Result<Cursor<Vec<u8>>> {
        if path == Path::new(MAP) {
            return Ok(Cursor::new(self.map.as_bytes().to_vec()));
        }
        let reference = path.to_string_lossy();
        let path = paths::join("", &reference).map_err(|flaw| io::Error::other(flaw.message))?;
        if paths::extension(&path) == "tj" {
            return Err(io::Error::other(
                "a .tmx map needs its templates as .tx; save the template again",
            ));
        }
        let bytes = self.files.read(&paths::locate(self.folder, &path))?;
        if bytes.len() > TEMPLATE_FILE_BYTES_MAX {
            return Err(io::Error::other(format!(
                "a template has at most {TEMPLATE_FILE_BYTES_MAX} bytes"
            )));
        }
        let text = str::from_utf8(without_mark(&bytes)).map_err(io::Error::other)?;
        let mut outline = outline(text, Role::Template);
        match outline.faults.pop() {
            Some(fault) => Err(io::Error::other(fault.named(&path).to_string())),
            None => Ok(Cursor::new(outline.xml.into_bytes())),
        }
    }
}

fn tiled_flaw(fault: &tiled::Error) -> Flaw {
    Flaw::new(
        format!("not as Tiled writes it: {fault}"),
        "open the file in Tiled and save it again; files that it names must be there",
    )
}

fn sheet(tileset: &tiled::Tileset) -> Sheet {
    let collides =
        |properties: &tiled::Properties| properties_of(properties).flag(COLLIDES) == Some(true);
    let mut colliding: Vec<u32> = tileset
        .tiles()
        .filter(|(_, tile)| collides(&tile.properties))
        .map(|(id, _)| id)
        .collect();
    colliding.sort_unstable();
    let image_px = tileset
        .image
        .as_ref()
        .map(|image| (image.width.max(0) as u32, image.height.max(0) as u32));
    Sheet {
        name: tileset.name.clone(),
        image: tileset
            .image
            .as_ref()
            .map(|image| image.source.to_string_lossy().into_owned()),
        image_px: image_px.unwrap_or_default(),
        tile_px: (tileset.tile_width, tileset.tile_height),
        columns: tileset.columns,
        tile_count: tileset.tilecount,
        margin: tileset.margin,
        spacing: tileset.spacing,
        colliding,
    }
}

struct Flattener {
    frame: Frame,
    /// Tile layers as the outline read them, in the order of the file.
    gids: std::vec::IntoIter<Vec<u32>>,
    layers: Vec<Layer>,
}

impl Flattener {
    fn flatten<'m>(
        &mut self,
        layers: impl Iterator<Item = tiled::Layer<'m>>,
        group: Group,
    ) -> Result<(), Flaw> {
        if group.depth > GROUP_DEPTH_MAX {
            return Err(Flaw::new(
                format!("groups are nested deeper than {GROUP_DEPTH_MAX}"),
                "flatten the groups",
            ));
        }
        for layer in layers {
            let offset = (f64::from(layer.offset_x), f64::from(layer.offset_y));
            let inner = group.inner(layer.opacity, layer.visible, offset);
            let body = match layer.layer_type() {
                LayerType::Group(group) => {
                    // Boxed: the iterator's type would otherwise contain itself.
                    let layers: Box<dyn Iterator<Item = tiled::Layer<'m>>> =
                        Box::new(group.layers());
                    self.flatten(layers, inner)?;
                    continue;
                }
                LayerType::Tiles(_) => match self.gids.next() {
                    Some(gids) => Body::Tiles(self.frame.shift(gids, inner.offset)),
                    None => {
                        let message = format!("layer `{}` has no data", layer.name);
                        return Err(Flaw::new(
                            message,
                            "open the map in Tiled and save it again",
                        ));
                    }
                },
                LayerType::Objects(objects) => Body::Objects(
                    objects
                        .objects()
                        .map(|found| object(&found, inner.offset))
                        .collect(),
                ),
                LayerType::Image(_) => continue,
            };
            self.layers.push(Layer {
                name: layer.name.clone(),
                opacity: inner.opacity,
                visible: inner.visible,
                properties: properties_of(&layer.properties),
                body,
            });
        }
        Ok(())
    }
}

fn object(object: &tiled::Object<'_>, offset: (f64, f64)) -> Object {
    let is_tile = object.tile_data().is_some();
    let corners = match &object.shape {
        ObjectShape::Polygon { points } | ObjectShape::Polyline { points } => points
            .iter()
            .map(|(x, y)| (f64::from(*x), f64::from(*y)))
            .collect(),
        ObjectShape::Point(..) => vec![(0.0, 0.0)],
        ObjectShape::Rect { width, height }
        | ObjectShape::Ellipse { width, height }
        | ObjectShape::Capsule { width, height }
        | ObjectShape::Text { width, height, .. } => {
            // The place of a tile is its bottom left corner.
            let height = if is_tile { -height } else { *height };
            corners(f64::from(*width), f64::from(height)).to_vec()
        }
    };
    let (x, y) = (
        f64::from(object.x) + offset.0,
        f64::from(object.y) + offset.1,
    );
    Object {
        id: object.id().to_string(),
        name: object.name.clone(),
        class: object.user_type.clone(),
        bounds: bounds(x, y, f64::from(object.rotation), &corners),
        is_text: matches!(object.shape, ObjectShape::Text { .. }),
        properties: properties_of(&object.properties),
    }
}

fn properties_of(found: &tiled::Properties) -> Properties {
    // Sorted first: the crate keeps them in an order of chance, and two names may differ in case only.
    let sorted: BTreeMap<_, _> = found.iter().collect();
    let mut properties = Properties::default();
    for (name, value) in sorted {
        let value = match value {
            PropertyValue::BoolValue(flag) => flag.to_string(),
            PropertyValue::FloatValue(number) => number.to_string(),
            PropertyValue::IntValue(number) => number.to_string(),
            PropertyValue::StringValue(text) | PropertyValue::FileValue(text) => text.clone(),
            PropertyValue::ObjectValue(id) => id.to_string(),
            PropertyValue::ColorValue(_)
            | PropertyValue::ListValue(_)
            | PropertyValue::ClassValue { .. } => continue,
        };
        properties.insert(name, value);
    }
    properties
}
