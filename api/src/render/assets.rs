//! Pictures of the map and of its people, by the hash of what is in them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::http::HeaderValue;
use bytes::Bytes;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::scenario::MapSource;
use sha2::{Digest, Sha256};

use crate::state::Assets;

/// A sheet of little pictures of one size.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// What it shows.
    pub(crate) name: &'static str,
    /// Where it lies among the shipped files.
    path: &'static str,
    /// Pixels of a picture.
    pub(crate) frame_px: (u32, u32),
    /// Pictures of one look, beside each other.
    pub(crate) frames: u32,
    /// Looks in a row of the sheet.
    pub(crate) looks_in_row: u32,
    /// Looks in all.
    pub(crate) looks: u32,
}

/// The sheets that there are; `hamlet-art` draws them.
pub(crate) const SHEETS: [Sheet; 1] = [Sheet {
    name: "people",
    path: "sprites/people.png",
    frame_px: (16, 24),
    frames: 10,
    looks_in_row: 8,
    looks: 128,
}];

/// Files of the map's tilesets, and the sheets of people.
#[derive(Debug, Default)]
pub(crate) struct AssetShelf {
    /// By hash.
    files: BTreeMap<String, Asset>,
    /// Hashes by the path the map names.
    hashes: BTreeMap<String, String>,
    /// Hashes by the sheet's name.
    sheets: BTreeMap<&'static str, String>,
}

/// A file.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    /// What is in it.
    pub(crate) bytes: Bytes,
    /// Its media type.
    pub(crate) kind: HeaderValue,
}

impl AssetShelf {
    /// Reads what the map's tilesets need, and the sheets; a file that is missing is left out.
    pub(crate) fn of(map: &TownMap, source: &MapSource, assets: &dyn Assets) -> Self {
        let mut shelf = Self::default();
        for path in map.tilesets.iter().filter_map(|set| set.image.as_ref()) {
            let read = beside(source, path).and_then(|path| assets.read(&path));
            if let Some(hash) = shelf.put(path, read) {
                shelf.hashes.insert(path.clone(), hash);
            }
        }
        for sheet in &SHEETS {
            if let Some(hash) = shelf.put(sheet.path, assets.read(sheet.path)) {
                shelf.sheets.insert(sheet.name, hash);
            }
        }
        shelf
    }

    /// Puts a file on the shelf, and gives back its hash.
    fn put(&mut self, path: &str, read: Option<Cow<'static, [u8]>>) -> Option<String> {
        let Some(bytes) = read else {
            tracing::warn!(path, "a picture is missing");
            return None;
        };
        let hash = hex(&Sha256::digest(&bytes));
        let asset = Asset {
            bytes: Bytes::from(bytes.into_owned()),
            kind: kind_of(path),
        };
        self.files.insert(hash.clone(), asset);
        Some(hash)
    }

    /// The file with this hash: SHA-256 in lower-case hexadecimal digits.
    pub(crate) fn get(&self, hash: &str) -> Option<&Asset> {
        self.files.get(hash)
    }

    /// The hash of a sheet.
    pub(crate) fn sheet(&self, sheet: &Sheet) -> Option<&str> {
        self.sheets.get(sheet.name).map(String::as_str)
    }

    /// The hash of the file at a path.
    pub(crate) fn hash(&self, path: &str) -> Option<&str> {
        self.hashes.get(path).map(String::as_str)
    }
}

/// The path of a picture, which the map names as seen from its own folder, as the village's files are named; `None` outside of them.
fn beside(source: &MapSource, image: &str) -> Option<String> {
    let MapSource::File(map) = source else {
        return Some(image.to_owned());
    };
    let folder = map.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(image.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn kind_of(path: &str) -> HeaderValue {
    let ending = path.rsplit('.').next().unwrap_or_default();
    HeaderValue::from_static(match ending.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        _ => "application/octet-stream",
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string never fails.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_lie_where_the_map_sees_them() {
        let town = MapSource::File("maps/town.tmj".to_owned());
        for (image, path) in [
            ("../tilesets/town.png", Some("tilesets/town.png")),
            ("./town.png", Some("maps/town.png")),
            ("../../secret", None),
        ] {
            assert_eq!(beside(&town, image).as_deref(), path, "{image}");
        }
    }
}
