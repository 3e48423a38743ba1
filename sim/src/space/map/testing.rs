//! Help for tests: files in memory, packed data, and small maps.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{LoadedMap, load_map};
use crate::fault::Fault;
use crate::files::Files;

/// A folder that exists only in memory.
#[derive(Default)]
pub(super) struct Memory(BTreeMap<PathBuf, Vec<u8>>);

impl Memory {
    pub(super) fn with(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.0.insert(path.into(), content.as_ref().to_vec());
        self
    }

    pub(super) fn load(&self, path: &str) -> Result<LoadedMap, Vec<Fault>> {
        load_map(Path::new(path), self)
    }

    /// All faults of a map that must not load, as one text.
    pub(super) fn faults(&self, path: &str) -> String {
        match self.load(path) {
            Ok(loaded) => panic!("loaded with {:?}", loaded.warnings),
            Err(faults) => faults.iter().map(|fault| format!("{fault}\n")).collect(),
        }
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>> {
        self.0
            .get(path)
            .cloned()
            .map(Cow::Owned)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn exists(&self, path: &Path) -> bool {
        self.0.contains_key(path) || self.is_dir(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.0
            .keys()
            .any(|file| file != path && file.starts_with(path))
    }

    fn list(&self, path: &Path) -> Vec<PathBuf> {
        self.0
            .keys()
            .filter(|file| file.parent() == Some(path))
            .cloned()
            .collect()
    }
}

/// Little-endian words, as Tiled packs them.
pub(super) fn pack(gids: &[u32]) -> Vec<u8> {
    gids.iter().flat_map(|gid| gid.to_le_bytes()).collect()
}

pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}
