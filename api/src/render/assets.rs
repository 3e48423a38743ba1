//! Pictures of the map, by the hash of what is in them.

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use bytes::Bytes;
use hamlet_protocol::map::TownMap;
use sha2::{Digest, Sha256};

use crate::state::Assets;

/// Files of the map's tilesets.
#[derive(Debug, Default)]
pub(crate) struct AssetShelf {
    /// By hash.
    files: BTreeMap<String, Asset>,
    /// Hashes by the path the map names.
    hashes: BTreeMap<String, String>,
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
    /// Reads what the map's tilesets need; a file that is missing is left out.
    pub(crate) fn of(map: &TownMap, assets: &dyn Assets) -> Self {
        let mut shelf = Self::default();
        for path in map.tilesets.iter().filter_map(|set| set.image.as_ref()) {
            let Some(bytes) = assets.read(path) else {
                tracing::warn!(path, "a picture of the map is missing");
                continue;
            };
            let hash = hex(&Sha256::digest(&bytes));
            let asset = Asset {
                bytes: Bytes::from(bytes.into_owned()),
                kind: kind_of(path),
            };
            shelf.hashes.insert(path.clone(), hash.clone());
            shelf.files.insert(hash, asset);
        }
        shelf
    }

    /// The file with this hash: SHA-256 in lower-case hexadecimal digits.
    pub(crate) fn get(&self, hash: &str) -> Option<&Asset> {
        self.files.get(hash)
    }

    /// The hash of the file at a path.
    pub(crate) fn hash(&self, path: &str) -> Option<&str> {
        self.hashes.get(path).map(String::as_str)
    }
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
