//! The reader for folders of maze CSV, as the village of Generative Agents has them.
//!
//! `maze_meta_info.json` gives the size, `maze/*.csv` one id per tile, `special_blocks/*.csv` a name for each id.
//! Sectors (buildings) and arenas (their rooms) become landmarks with their bounding boxes.
//! An arena that is all there is of its sector is left out.
//! In a home, those arenas are homes whose names say so (`Ann's room`, `main room`); the sector itself is then just a place,
//! so that people get rooms of their own; a home without such arenas is one home.
//! Game objects are not kept, and there is no picture.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hamlet_protocol::map::{Area, Bitmap, LandmarkKind, Point, TownMap};
use serde::Deserialize;

use super::drawing::Frame;
use super::landmarks::{Candidate, LANDMARKS_MAX, NAME_CHARS_MAX, clean};
use super::reading::Reading;
use super::tileset::json_fault;
use super::{MAP_FILE_BYTES_MAX, kind, settle, without_mark};
use crate::fault::Fault;
use crate::space::grid::Grid;

/// The file that makes a folder a maze.
pub(super) const META_FILE: &str = "maze_meta_info.json";

#[derive(Deserialize)]
struct Meta {
    world_name: Option<String>,
    maze_width: i64,
    maze_height: i64,
    #[serde(default = "usual_tile_size")]
    sq_tile_size: i64,
}

fn usual_tile_size() -> i64 {
    32
}

/// Reads the maze in a folder, or in its subfolder `matrix`.
pub(super) fn read_folder(path: &Path, reading: &mut Reading<'_>) -> Option<TownMap> {
    let metas = [path.join(META_FILE), path.join("matrix").join(META_FILE)];
    if let Some(meta) = metas.iter().find(|meta| reading.files.exists(meta)) {
        return read_meta(meta, reading);
    }
    let is_map = |file: &&PathBuf| {
        file.extension()
            .is_some_and(|end| end == "tmj" || end == "tmx")
    };
    let maps: Vec<_> = reading
        .files
        .list(path)
        .iter()
        .filter(is_map)
        .map(|map| map.display().to_string())
        .collect();
    let help = match maps.is_empty() {
        true => format!(
            "name a Tiled map (.tmj, .tmx), or a folder with {META_FILE}, maze/ and special_blocks/"
        ),
        false => format!("did you mean {}?", maps.join(" or ")),
    };
    reading.error(
        format!("the folder is no maze: it has no {META_FILE}"),
        help,
    );
    None
}

/// Reads the maze that a meta file belongs to.
pub(super) fn read_meta(path: &Path, reading: &mut Reading<'_>) -> Option<TownMap> {
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    reading.file = path.display().to_string();
    let bytes = reading.read_whole(path, 1 << 20)?;
    let meta: Meta = match serde_json::from_slice(without_mark(&bytes)) {
        Ok(meta) => meta,
        Err(fault) => {
            let help = "it needs maze_width and maze_height, as whole numbers";
            reading
                .faults
                .push(json_fault(&fault, &reading.file).help(help));
            return None;
        }
    };
    let sides = (meta.maze_width, meta.maze_height);
    let frame = match Frame::check(sides, (meta.sq_tile_size, meta.sq_tile_size)) {
        Ok(frame) => frame,
        Err(flaws) => {
            let file = reading.file.clone();
            reading
                .faults
                .extend(flaws.into_iter().map(|flaw| flaw.into_fault(&file)));
            return None;
        }
    };
    let mut maze = Maze {
        folder,
        frame,
        reading,
    };
    let collision = maze.grid("collision");
    let sectors = maze.places("sector");
    let arenas = maze.places("arena");
    let mut blocked = Bitmap::new(frame.tiles());
    for (tile, id) in collision?.iter().enumerate() {
        blocked.set(tile, *id != 0);
    }
    let candidates = candidates(sectors, arenas);
    if candidates.len() > LANDMARKS_MAX {
        reading.error(
            format!("{} places are too many", candidates.len()),
            format!("at most {LANDMARKS_MAX} are read"),
        );
        return None;
    }
    let grid = Grid::of(frame.width, frame.height, &blocked);
    let landmarks = settle::settle(candidates, &grid, reading)?;
    Some(TownMap {
        name: clean(meta.world_name.as_deref().unwrap_or("maze"), NAME_CHARS_MAX),
        width: frame.width,
        height: frame.height,
        tile_px: frame.tile_px,
        blocked,
        landmarks,
        zones: Vec::new(),
        layers: Vec::new(),
        tilesets: Vec::new(),
    })
}

/// A named part of the maze.
struct Part {
    /// Sector, for an arena also its own name.
    address: Vec<String>,
    tiles: Vec<Point>,
}

struct Maze<'r, 'f> {
    folder: PathBuf,
    frame: Frame,
    reading: &'r mut Reading<'f>,
}

impl Maze<'_, '_> {
    /// One id per tile; `None` after a fault.
    fn grid(&mut self, level: &str) -> Option<Vec<u32>> {
        let path = self.folder.join("maze").join(format!("{level}_maze.csv"));
        let text = self.text(&path)?;
        let tiles = self.frame.tiles();
        let mut ids = Vec::with_capacity(tiles.min(text.len()));
        let values = text
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|value| !value.is_empty());
        for value in values {
            match value.parse() {
                Ok(id) if ids.len() < tiles => ids.push(id),
                Ok(_) => return self.fault(&path, &format!("there are more than {tiles} ids")),
                Err(fault) => {
                    let shown: String = value.chars().take(20).collect();
                    return self.fault(
                        &path,
                        &format!("value {}, `{shown}`: {fault}", ids.len() + 1),
                    );
                }
            }
        }
        if ids.len() < tiles {
            return self.fault(
                &path,
                &format!("there are only {} of {tiles} ids", ids.len()),
            );
        }
        Some(ids)
    }

    /// The named parts of one level, by their first tiles.
    fn places(&mut self, level: &str) -> Vec<Part> {
        let file =
            |folder: &str, what: &str| self.folder.join(folder).join(format!("{level}_{what}.csv"));
        let (grid, blocks) = (file("maze", "maze"), file("special_blocks", "blocks"));
        if let Some(missing) = [grid, blocks.clone()]
            .iter()
            .find(|path| !self.reading.files.exists(path))
        {
            let fault = Fault::warning(
                missing.display().to_string(),
                format!("there is no such file, so no {level}s"),
            );
            self.reading
                .faults
                .push(fault.help("add the file if the maze should have them as landmarks"));
            return Vec::new();
        }
        let (Some(ids), Some(text)) = (self.grid(level), self.text(&blocks)) else {
            return Vec::new();
        };
        let names = self.names(&blocks, &text, if level == "arena" { 2 } else { 1 });
        let mut parts: BTreeMap<u32, Part> = BTreeMap::new();
        let mut order = Vec::new();
        let mut unknown = BTreeSet::new();
        for (tile, id) in ids.iter().enumerate().filter(|(_, id)| **id != 0) {
            let Some(address) = names.get(id) else {
                unknown.insert(id);
                continue;
            };
            let part = parts.entry(*id).or_insert_with(|| {
                order.push(*id);
                Part {
                    address: address.clone(),
                    tiles: Vec::new(),
                }
            });
            let width = self.frame.width as usize;
            part.tiles
                .push(Point::new((tile % width) as u16, (tile / width) as u16));
        }
        if let Some(first) = unknown.first() {
            let message = format!(
                "{} ids of the maze have no name here, the first is {first}",
                unknown.len()
            );
            let fault = Fault::warning(blocks.display().to_string(), message);
            self.reading
                .faults
                .push(fault.help("add a row for each, or nobody knows these places"));
        }
        order.iter().filter_map(|id| parts.remove(id)).collect()
    }

    /// Rows of `id, world, sector[, arena]`: the `levels` names after the world's, by id.
    fn names(&mut self, path: &Path, text: &str, levels: usize) -> BTreeMap<u32, Vec<String>> {
        let mut names = BTreeMap::new();
        for (index, row) in text
            .lines()
            .enumerate()
            .filter(|(_, row)| !row.trim().is_empty())
        {
            let fields: Vec<_> = row
                .splitn(levels + 2, ',')
                .map(|field| clean(field, NAME_CHARS_MAX))
                .collect();
            let id = fields[0].parse();
            match id {
                Ok(id) if fields.len() == levels + 2 => {
                    names.insert(id, fields[2..].to_vec());
                }
                _ => {
                    let form = if levels == 1 {
                        "id, world, sector"
                    } else {
                        "id, world, sector, arena"
                    };
                    let fault = Fault::error(
                        path.display().to_string(),
                        format!("this row is not `{form}`"),
                    );
                    self.reading.faults.push(
                        fault
                            .at(index as u32 + 1, 1)
                            .help("write the id as a whole number"),
                    );
                }
            }
        }
        names
    }

    fn text(&mut self, path: &Path) -> Option<String> {
        let bytes = self.reading.read_whole(path, MAP_FILE_BYTES_MAX)?;
        match std::str::from_utf8(without_mark(&bytes)) {
            Ok(text) => Some(text.to_owned()),
            Err(fault) => self.fault(path, &format!("no UTF-8 text: {fault}")),
        }
    }

    fn fault<T>(&mut self, path: &Path, message: &str) -> Option<T> {
        let Frame { width, height, .. } = self.frame;
        let help = format!(
            "the file has one id for each of the {width} × {height} tiles, with commas between, row by row"
        );
        self.reading
            .faults
            .push(Fault::error(path.display().to_string(), message).help(help));
        None
    }
}

/// Sectors, each followed by its arenas, then arenas of no sector.
fn candidates(sectors: Vec<Part>, arenas: Vec<Part>) -> Vec<Candidate> {
    let mut rooms: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for arena in arenas {
        rooms
            .entry(arena.address[0].clone())
            .or_default()
            .push(arena);
    }
    let mut candidates = Vec::new();
    for sector in sectors {
        let name = sector.address[0].clone();
        let mut rooms = rooms.remove(&name).unwrap_or_default();
        if rooms.len() == 1 {
            rooms.clear();
        }
        let mut kind = kind::of_name(&name);
        let rooms: Vec<_> = rooms.into_iter().map(|room| arena(room, &kind)).collect();
        if rooms.iter().any(|room| room.kind == LandmarkKind::Home) {
            kind = LandmarkKind::Place;
        }
        let description = kind::description(&kind);
        candidates.push(candidate(name, kind, description, sector.tiles, false));
        candidates.extend(rooms);
    }
    candidates.extend(
        rooms
            .into_values()
            .flatten()
            .map(|room| arena(room, &LandmarkKind::Place)),
    );
    candidates
}

/// A room. It is a home only within one, and is left out rather than fatal when it is no home and cannot be reached.
fn arena(part: Part, sector: &LandmarkKind) -> Candidate {
    let [sector_name, name] = [&part.address[0], &part.address[1]];
    let kind = match kind::of_name(name) {
        LandmarkKind::Home if *sector != LandmarkKind::Home => LandmarkKind::Place,
        kind => kind,
    };
    let description = format!("Part of {sector_name}: {name}.");
    let full_name = clean(&format!("{name}, {sector_name}"), NAME_CHARS_MAX);
    let can_be_left_out = kind != LandmarkKind::Home;
    candidate(full_name, kind, description, part.tiles, can_be_left_out)
}

fn candidate(
    name: String,
    kind: LandmarkKind,
    description: String,
    tiles: Vec<Point>,
    can_be_left_out: bool,
) -> Candidate {
    let first = tiles.first().copied().unwrap_or_default();
    let last_y = tiles.last().map_or(first.y, |last| last.y);
    let (left, right) = tiles.iter().fold((first.x, first.x), |(left, right), p| {
        (left.min(p.x), right.max(p.x))
    });
    let area = Area {
        x: left,
        y: first.y,
        width: right - left + 1,
        height: last_y - first.y + 1,
    };
    Candidate {
        name,
        kind,
        description,
        area,
        own: Some(tiles),
        entrance: None,
        hours: None,
        can_be_left_out,
    }
}
