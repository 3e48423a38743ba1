//! A first pass over Tiled's XML, before the `tiled` crate reads it.
//!
//! That crate unpacks layer data without a limit, reserves memory for as many tiles as a tileset claims, follows nested
//! elements and templates without a limit, and forgets where a tileset's ids begin.
//! So this pass checks what must be checked first, decodes the layer data itself, and hands on a text in which the data,
//! references to tileset files, and parts of tilesets that nobody needs are cut out.

use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::drawing::Frame;
use super::reading::Flaw;
use super::tileset::{SHEET_TILES_MAX, points_on};
use super::xml::{Stop, attribute, bad_xml, local_name, number, truncated};
use super::{data, tmj};
use crate::fault::Fault;

/// Deepest nesting of elements.
const DEPTH_MAX: usize = 64;
/// Stands for an external tileset, so that ids keep their meaning.
const STUB: &str = r#" name="" tilecount="0" tilewidth="1" tileheight="1" columns="1"/>"#;

/// What kind of file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Map,
    Tileset,
    Template,
}

impl Role {
    fn root(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Tileset => "tileset",
            Self::Template => "template",
        }
    }
}

/// What the pass found.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The text without what was cut out.
    pub(super) xml: String,
    /// Size of the map; always there when a map had no faults.
    pub(super) frame: Option<Frame>,
    /// Tile ids of the tile layers in the order of the file.
    pub(super) layers: Vec<Vec<u32>>,
    /// The map's tilesets in the order of the file.
    pub(super) tilesets: Vec<TilesetReference>,
    pub(super) faults: Vec<LocalFault>,
}

#[derive(Debug)]
pub(super) struct TilesetReference {
    pub(super) first_gid: u32,
    /// Its file, when it has one of its own.
    pub(super) source: Option<String>,
}

/// A fault with its place in the file.
#[derive(Debug)]
pub(super) struct LocalFault {
    at: (u32, u32),
    flaw: Flaw,
}

impl LocalFault {
    pub(super) fn named(self, file: &str) -> Fault {
        self.flaw.into_fault(file).at(self.at.0, self.at.1)
    }
}

/// Reads over a file. When it has faults, the rest of the outline is not to be used.
pub(super) fn outline(text: &str, role: Role) -> Outline {
    let mut pass = Pass {
        text,
        role,
        reader: Reader::from_str(text),
        open: Vec::new(),
        layer_name: String::new(),
        layer_data: 0,
        copied: 0,
        out: Outline::default(),
    };
    if let Err((offset, flaw)) = pass.run() {
        pass.fault(offset, flaw);
    }
    pass.out
}

struct Pass<'t> {
    text: &'t str,
    role: Role,
    reader: Reader<&'t [u8]>,
    /// Names of the open elements, the root first.
    open: Vec<String>,
    /// Name of the layer that is open, and how often it had data.
    layer_name: String,
    layer_data: usize,
    /// Up to where the text has been copied.
    copied: usize,
    out: Outline,
}

impl<'t> Pass<'t> {
    fn run(&mut self) -> Result<(), Stop> {
        loop {
            let start = self.reader.buffer_position();
            match self.next(start)? {
                Event::Start(element) => {
                    if !self.enter(&element, start, false)? {
                        self.open.push(local_name(&element));
                    }
                    if self.open.len() > DEPTH_MAX {
                        let message = format!("elements are nested deeper than {DEPTH_MAX}");
                        return Err((start, Flaw::new(message, "flatten the map's groups")));
                    }
                }
                Event::Empty(element) => {
                    self.enter(&element, start, true)?;
                }
                Event::End(_) => {
                    let is_layer = self.open.last().is_some_and(|name| name == "layer");
                    if is_layer && self.in_layer() && self.layer_data != 1 {
                        self.layer_fault(start, no_data());
                    }
                    self.open.pop();
                    if self.open.is_empty() {
                        break;
                    }
                }
                Event::Eof => return Err((start, truncated())),
                _ => {}
            }
        }
        self.out.xml.push_str(&self.text[self.copied..]);
        Ok(())
    }

    fn next(&mut self, start: usize) -> Result<Event<'t>, Stop> {
        self.reader
            .read_event()
            .map_err(|fault| (start, bad_xml(&fault)))
    }

    /// Looks at an element; true when it has been cut out to its end.
    fn enter(
        &mut self,
        element: &BytesStart<'t>,
        start: usize,
        is_empty: bool,
    ) -> Result<bool, Stop> {
        let name = local_name(element);
        let parent = self.open.last().map_or("", String::as_str);
        match (parent, name.as_str()) {
            ("", _) => self.root(element, &name, start, is_empty)?,
            ("layer", "data") if self.in_layer() => {
                self.layer_data += 1;
                self.layer(element, start, is_empty)?;
                self.cut(start);
                return Ok(true);
            }
            ("tileset", "wangsets") | ("tile", "objectgroup" | "animation") => {
                self.skip(element, is_empty, start)?;
                self.cut(start);
                return Ok(true);
            }
            (_, "tileset") => return self.tileset(element, start, is_empty),
            (_, "layer") if self.groups_only() => {
                self.layer_name = attribute(element, "name", start)?.unwrap_or_default();
                self.layer_data = 0;
                let (width, height) = (
                    number(element, "width", start)?,
                    number(element, "height", start)?,
                );
                if let Some(Err(flaw)) =
                    self.out.frame.map(|frame| frame.check_layer(width, height))
                {
                    self.layer_fault(start, flaw);
                }
                if is_empty {
                    self.layer_fault(start, no_data());
                }
            }
            (_, "object")
                if self.role == Role::Template
                    && attribute(element, "template", start)?.is_some() =>
            {
                let flaw = Flaw::new(
                    "this template is made from another",
                    "a template stands for itself; save it again from an object without a template",
                );
                return Err((start, flaw));
            }
            _ => {}
        }
        Ok(false)
    }

    fn root(
        &mut self,
        element: &BytesStart<'_>,
        name: &str,
        start: usize,
        is_empty: bool,
    ) -> Result<(), Stop> {
        if name != self.role.root() {
            let flaw = Flaw::new(
                format!(
                    "the file begins with <{name}>, not with <{}>",
                    self.role.root()
                ),
                "name a file that Tiled saved as such",
            );
            return Err((start, flaw));
        }
        if is_empty {
            return Err((
                start,
                Flaw::new(format!("<{name}> is empty"), "save the file again in Tiled"),
            ));
        }
        match self.role {
            Role::Map => self.map(element, start),
            Role::Tileset => self.sheet(element, start),
            Role::Template => Ok(()),
        }
    }

    fn map(&mut self, element: &BytesStart<'_>, start: usize) -> Result<(), Stop> {
        let side = |name| {
            number(element, name, start)?.ok_or_else(|| {
                (
                    start,
                    Flaw::new(
                        format!("<map> has no `{name}`"),
                        "open the map in Tiled and save it again",
                    ),
                )
            })
        };
        let frame = Frame::check(
            (side("width")?, side("height")?),
            (side("tilewidth")?, side("tileheight")?),
        );
        let orientation =
            attribute(element, "orientation", start)?.unwrap_or_else(|| "orthogonal".to_owned());
        let infinite = attribute(element, "infinite", start)?.is_some_and(|value| value == "1");
        let mut flaws = tmj::check_shape(&orientation, infinite);
        match frame {
            Ok(frame) => self.out.frame = Some(frame),
            Err(more) => flaws.extend(more),
        }
        let last = flaws.pop();
        flaws.into_iter().for_each(|flaw| self.fault(start, flaw));
        last.map_or(Ok(()), |flaw| Err((start, flaw)))
    }

    fn tileset(
        &mut self,
        element: &BytesStart<'t>,
        start: usize,
        is_empty: bool,
    ) -> Result<bool, Stop> {
        let source = attribute(element, "source", start)?;
        let first_gid = number(element, "firstgid", start)?.unwrap_or(0);
        let first_gid = u32::try_from(first_gid).unwrap_or(0);
        let of_map = self.role == Role::Map && self.open.len() == 1;
        if of_map {
            self.out.tilesets.push(TilesetReference {
                first_gid,
                source: source.clone(),
            });
        }
        if source.is_none() {
            self.sheet(element, start)?;
            return Ok(false);
        }
        self.skip(element, is_empty, start)?;
        self.cut(start);
        // Writing to a string cannot fail.
        write!(self.out.xml, r#"<tileset firstgid="{first_gid}"{STUB}"#).unwrap_or_default();
        Ok(true)
    }

    /// Checks what the `tiled` crate reckons with unchecked.
    fn sheet(&self, element: &BytesStart<'_>, start: usize) -> Result<(), Stop> {
        if self.role == Role::Tileset
            && let Some(source) = attribute(element, "source", start)?
        {
            return Err((start, points_on(&source)));
        }
        let count = number(element, "tilecount", start)?.unwrap_or(0);
        if !(0..=i64::from(SHEET_TILES_MAX)).contains(&count) {
            let message = format!("the tileset has {count} tiles");
            return Err((
                start,
                Flaw::new(
                    message,
                    format!("a tileset has at most {SHEET_TILES_MAX} tiles"),
                ),
            ));
        }
        match number(element, "columns", start)? {
            Some(_) => Ok(()),
            None => Err((
                start,
                Flaw::new(
                    "the tileset does not say its `columns`",
                    "open it in Tiled (0.15 or newer) and save it again",
                ),
            )),
        }
    }

    /// Whether only the map and groups are open.
    fn groups_only(&self) -> bool {
        self.role == Role::Map && self.open.iter().skip(1).all(|name| name == "group")
    }

    /// Whether a tile layer is open that means something: the one around it is the map or a group.
    fn in_layer(&self) -> bool {
        self.role == Role::Map
            && self.open[1..self.open.len() - 1]
                .iter()
                .all(|name| name == "group")
    }

    fn layer(
        &mut self,
        element: &BytesStart<'_>,
        start: usize,
        is_empty: bool,
    ) -> Result<(), Stop> {
        let encoding = attribute(element, "encoding", start)?;
        let compression = attribute(element, "compression", start)?;
        let Some(frame) = self.out.frame else {
            return Ok(());
        };
        if is_empty {
            self.layer_fault(start, no_data());
            return Ok(());
        }
        let (text, gids) = self.data_content(frame.tiles())?;
        let gids =
            frame
                .check_room(self.out.layers.len())
                .and_then(|()| match encoding.as_deref() {
                    None => data::plain(gids, frame.tiles()),
                    encoding => {
                        data::decode(&text, encoding, compression.as_deref(), frame.tiles())
                    }
                });
        match gids {
            Ok(gids) => self.out.layers.push(gids),
            Err(flaw) => self.layer_fault(start, flaw),
        }
        Ok(())
    }

    /// The text inside `<data>`, and the ids of its `<tile>` elements (one more than can be right, at most).
    fn data_content(&mut self, tiles: usize) -> Result<(String, Vec<u32>), Stop> {
        let (mut text, mut gids) = (String::new(), Vec::new());
        loop {
            let start = self.reader.buffer_position();
            match self.next(start)? {
                Event::Text(part) => {
                    let part = part.unescape().map_err(|fault| (start, bad_xml(&fault)))?;
                    text.push_str(&part);
                }
                Event::CData(part) => text.push_str(&String::from_utf8_lossy(&part)),
                Event::Start(element) | Event::Empty(element) if local_name(&element) == "tile" => {
                    let gid = number(&element, "gid", start)?.unwrap_or(0);
                    gids.push(u32::try_from(gid).unwrap_or(0));
                    gids.truncate(tiles + 1);
                }
                Event::Start(element) => {
                    let message = format!("<{}> in a layer's data", local_name(&element));
                    let help =
                        "clear Map > Map Properties > Infinite in Tiled and save the map again";
                    return Err((start, Flaw::new(message, help)));
                }
                Event::End(end) if end.local_name().as_ref() == b"data" => return Ok((text, gids)),
                Event::Eof => return Err((start, truncated())),
                _ => {}
            }
        }
    }

    fn skip(&mut self, element: &BytesStart<'t>, is_empty: bool, start: usize) -> Result<(), Stop> {
        if !is_empty {
            self.reader
                .read_to_end(element.name())
                .map_err(|fault| (start, bad_xml(&fault)))?;
        }
        Ok(())
    }

    /// Leaves out the text from `start` to where the reader is.
    fn cut(&mut self, start: usize) {
        self.out.xml.push_str(&self.text[self.copied..start]);
        self.copied = self.reader.buffer_position();
    }

    fn layer_fault(&mut self, offset: usize, flaw: Flaw) {
        let message = format!("layer `{}`: {}", self.layer_name, flaw.message);
        self.fault(offset, Flaw { message, ..flaw });
    }

    fn fault(&mut self, offset: usize, flaw: Flaw) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        self.out.faults.push(LocalFault {
            at: (line as u32, column as u32),
            flaw,
        });
    }
}

fn no_data() -> Flaw {
    Flaw::new(
        "the layer does not have its data once",
        "open the map in Tiled and save it again",
    )
}
