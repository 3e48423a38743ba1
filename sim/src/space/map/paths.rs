//! Paths that a map names: always relative to its folder, with forward slashes, and never far away from it.

use std::path::{Component, Path, PathBuf};

use super::reading::Flaw;

/// Folders that a reference may climb above the map's own: `../../tilesets/town.tsx` is usual, more is an escape.
pub(super) const CLIMB_MAX: usize = 2;

/// A reference made in `folder` (itself relative to the map's), as a path relative to the map's folder.
pub(super) fn join(folder: &str, reference: &str) -> Result<String, Flaw> {
    let reference = reference.replace('\\', "/");
    let absolute = reference.starts_with('/') || reference.contains(':');
    if absolute || reference.is_empty() {
        return Err(Flaw::new(
            format!("the path `{reference}` is not relative to the map"),
            "put the file beside the map and let Tiled save the map again, so that it writes a relative path",
        ));
    }
    let mut parts = Vec::new();
    for part in folder.split('/').chain(reference.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    if parts.iter().filter(|part| **part == "..").count() > CLIMB_MAX {
        return Err(Flaw::new(
            format!("the path `{reference}` leads more than {CLIMB_MAX} folders above the map"),
            "put the file nearer to the map",
        ));
    }
    Ok(parts.join("/"))
}

/// The folder of a path made by [`join`].
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Where a path made by [`join`] lies.
/// `..` is resolved by name, so that files carried in the binary are found too.
pub(super) fn locate(map_folder: &Path, path: &str) -> PathBuf {
    let mut place = PathBuf::new();
    for component in map_folder.join(path).components() {
        let can_pop = matches!(place.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::CurDir => {}
            Component::ParentDir if can_pop => {
                place.pop();
            }
            other => place.push(other),
        }
    }
    place
}

/// The extension in lower case, without its dot.
pub(super) fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.')
        .map(|(_, end)| end.to_ascii_lowercase())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn references_are_followed_by_name() {
        assert_eq!(join("", "town.png").unwrap(), "town.png");
        assert_eq!(join("sets", "../img/./a.png").unwrap(), "img/a.png");
        assert_eq!(join("", "..\\tiles\\a.png").unwrap(), "../tiles/a.png");
        assert_eq!(join("..", "../a.png").unwrap(), "../../a.png");
        assert_eq!(folder_of("../sets/a.tsj"), "../sets");
        assert_eq!(extension("../sets.old/A.TSX"), "tsx");
    }

    #[test]
    fn what_leads_away_is_refused() {
        for path in [
            "/etc/passwd",
            "C:\\a.png",
            "https://example.org/a.png",
            "../../../a.png",
            "a/../../../../b",
            "",
        ] {
            assert!(join("", path).is_err(), "{path}");
        }
    }

    #[test]
    fn parents_are_resolved_by_name() {
        assert_eq!(
            locate(Path::new("maps"), "../tiles/a.png"),
            Path::new("tiles/a.png")
        );
        assert_eq!(locate(Path::new(""), "../a.png"), Path::new("../a.png"));
        assert_eq!(
            locate(Path::new("../maps"), "../../a.png"),
            Path::new("../../a.png")
        );
        assert_eq!(locate(Path::new("/m"), "./a.png"), Path::new("/m/a.png"));
    }
}
