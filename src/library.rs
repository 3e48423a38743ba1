//! Where files are read from: the disk first, then what the binary carries, so that it runs from any folder.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use hamlet_sim::files::{Disk, Files};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/"]
#[prefix = "assets/"]
struct Assets;

#[derive(RustEmbed)]
#[folder = "scenarios/"]
#[prefix = "scenarios/"]
struct Scenarios;

#[derive(RustEmbed)]
#[folder = "agents/templates/"]
#[prefix = "agents/templates/"]
struct Templates;

/// The disk, and behind it the shipped `assets/`, `scenarios/` and `agents/templates/`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Library;

impl Files for Library {
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>> {
        match Disk.read(path) {
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                shipped(path).ok_or(missing)
            }
            read => read,
        }
    }

    fn exists(&self, path: &Path) -> bool {
        Disk.exists(path) || shipped(path).is_some() || self.is_dir(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        Disk.is_dir(path) || !shipped_below(path).is_empty()
    }

    fn list(&self, path: &Path) -> Vec<PathBuf> {
        let mut entries: BTreeSet<PathBuf> = Disk.list(path).into_iter().collect();
        entries.extend(shipped_below(path).into_iter().map(|name| path.join(name)));
        entries.into_iter().collect()
    }
}

fn shipped(path: &Path) -> Option<Cow<'static, [u8]>> {
    let key = key(path)?;
    let file = Assets::get(&key)
        .or_else(|| Scenarios::get(&key))
        .or_else(|| Templates::get(&key))?;
    Some(file.data)
}

/// Names of the entries right below a shipped folder.
fn shipped_below(path: &Path) -> BTreeSet<String> {
    let Some(folder) = key(path).filter(|key| !key.is_empty()) else {
        return BTreeSet::new();
    };
    let all = Assets::iter()
        .chain(Scenarios::iter())
        .chain(Templates::iter());
    let below = all.filter_map(|name| {
        let rest = name.strip_prefix(&folder)?.strip_prefix('/')?;
        Some(rest.split('/').next().unwrap_or(rest).to_owned())
    });
    below.collect()
}

/// The path as a shipped file's name: relative, with `..` resolved and forward slashes.
fn key(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_files_are_found_by_their_path_in_the_repository() {
        assert_eq!(
            key(Path::new("./scenarios/../assets/maps/town.tmj")).as_deref(),
            Some("assets/maps/town.tmj")
        );
        assert_eq!(key(Path::new("../assets/x")), None);
        assert!(shipped(Path::new("scenarios/town.toml")).is_some());
        assert!(shipped(Path::new("assets/maps/../tilesets/town.png")).is_some());
        assert!(shipped_below(Path::new("assets")).contains("maps"));
        assert!(shipped(Path::new("scenarios/none.toml")).is_none());
    }
}
