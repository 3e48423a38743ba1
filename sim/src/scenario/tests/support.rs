//! Files in memory over the repository's own, and a small town to run in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::fault::Fault;
use crate::files::{Disk, Files};
use crate::scenario::{Loaded, Overrides, load};

/// The repository's files, with others laid over them. Paths are relative to its root.
#[derive(Default)]
pub(super) struct Overlay {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Overlay {
    /// With a small town in `assets/maps/town.tmj`.
    pub(super) fn with_town() -> Self {
        let image = "not looked into, only looked for";
        Self::default()
            .file("assets/maps/town.tmj", &small_town())
            .file("assets/maps/plain.png", image)
    }

    /// With one more file.
    pub(super) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(PathBuf::from(path), text.into());
        self
    }

    fn on_disk(path: &Path) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
    }

    fn is_above(&self, path: &Path) -> bool {
        self.files
            .keys()
            .any(|file| file != path && file.starts_with(path))
    }
}

impl Files for Overlay {
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>> {
        match self.files.get(path) {
            Some(bytes) => Ok(Cow::Owned(bytes.clone())),
            None => Disk.read(&Self::on_disk(path)),
        }
    }

    fn exists(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.is_above(path) || Disk.exists(&Self::on_disk(path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.is_above(path) || Disk.is_dir(&Self::on_disk(path))
    }

    fn list(&self, path: &Path) -> Vec<PathBuf> {
        let on_disk = Disk.list(&Self::on_disk(path)).into_iter();
        let here = on_disk.filter_map(|entry| Some(path.join(entry.file_name()?)));
        let over = self
            .files
            .keys()
            .filter_map(|file| Some(path.join(file.strip_prefix(path).ok()?.iter().next()?)));
        let mut entries: Vec<_> = here.chain(over).collect();
        entries.sort();
        entries.dedup();
        entries
    }
}

/// Loads a scenario that stands in `test.toml` and runs in the small town.
pub(super) fn load_text(text: &str) -> Result<Loaded, Vec<Fault>> {
    load_with(text, Overlay::with_town(), &Overrides::default())
}

/// [`load_text`] with other files and overrides.
pub(super) fn load_with(
    text: &str,
    files: Overlay,
    overrides: &Overrides,
) -> Result<Loaded, Vec<Fault>> {
    load(
        Path::new("test.toml"),
        &files.file("test.toml", text),
        overrides,
    )
}

/// The faults of a scenario as they are printed.
pub(super) fn faults_of(text: &str) -> String {
    match load_text(text) {
        Ok(loaded) => print(&loaded.warnings),
        Err(faults) => print(&faults),
    }
}

/// Faults as they are printed.
pub(super) fn print(faults: &[Fault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// 24 × 16 tiles of 16 pixels, the tile (0, 0) blocked; one place of most kinds, no library and no clinic.
fn small_town() -> String {
    let (width, height) = (24, 16);
    let collision: Vec<u32> = (0..width * height)
        .map(|tile| u32::from(tile == 0))
        .collect();
    let places = [
        ("Rose Cottage", "home", 2, 2),
        ("Moss Cottage", "home", 6, 2),
        ("The Copper Kettle", "cafe", 10, 2),
        ("Market Square", "market", 14, 2),
        ("Notice Board", "board", 2, 8),
        ("Town Hall", "town_hall", 6, 8),
        ("Old Workshop", "workshop", 10, 8),
        ("River Park", "park", 14, 8),
    ];
    let objects: Vec<_> = places
        .iter()
        .zip(1..)
        .map(|((name, kind, x, y), id)| {
            json!({
                "id": id, "name": name, "type": "landmark", "x": x * 16, "y": y * 16, "width": 32, "height": 32,
                "rotation": 0, "visible": true,
                "properties": [{"name": "kind", "type": "string", "value": kind}]
            })
        })
        .collect();
    let map = json!({
        "type": "map", "version": "1.10", "tiledversion": "1.11.0", "orientation": "orthogonal",
        "renderorder": "right-down", "infinite": false, "width": width, "height": height,
        "tilewidth": 16, "tileheight": 16, "nextlayerid": 3, "nextobjectid": 20, "tilesets": [
            {"firstgid": 1, "name": "plain", "tilewidth": 16, "tileheight": 16, "tilecount": 4, "columns": 2,
             "margin": 0, "spacing": 0, "image": "plain.png", "imagewidth": 32, "imageheight": 32}
        ],
        "layers": [
            {"type": "tilelayer", "id": 1, "name": "collision", "x": 0, "y": 0, "width": width, "height": height,
             "opacity": 1, "visible": false, "data": collision},
            {"type": "objectgroup", "id": 2, "name": "landmarks", "draworder": "topdown", "x": 0, "y": 0,
             "opacity": 1, "visible": true, "objects": objects}
        ]
    });
    map.to_string()
}
