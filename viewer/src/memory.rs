//! What one window leaves to the next: where panels stood, dark or light, the size of letters.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// Where panels stood.
    pub(crate) layout: Option<String>,
    /// Dark or light.
    pub(crate) dark: Option<bool>,
    /// Size of letters.
    pub(crate) scale: Option<f32>,
    /// Whether the map moves at its edge.
    pub(crate) edge_pan: bool,
    /// Title and text of a post that was not sent.
    pub(crate) post: Option<(String, String)>,
}

/// The file it is kept in.
pub(crate) fn place() -> Option<PathBuf> {
    Some(crate::link::place()?.join("window.json"))
}

/// What was kept; nothing where that makes no sense any more.
pub(crate) fn read(place: &Path) -> Kept {
    let text = fs::read_to_string(place).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Keeps it.
pub(crate) fn write(place: &Path, kept: &Kept) {
    let written = || -> std::io::Result<()> {
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(place, serde_json::to_string(kept)?)
    };
    if let Err(why) = written() {
        tracing::warn!(%why, "the window's layout cannot be kept");
    }
}
