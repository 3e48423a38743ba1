//! Where scenarios, maps and templates are read from: the disk, or what the binary carries.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// A source of files by path.
pub trait Files {
    /// The whole file.
    ///
    /// # Errors
    /// `NotFound` when there is none, else what the source says.
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>>;

    /// Whether a file or folder stands at this path.
    fn exists(&self, path: &Path) -> bool;

    /// Whether the path is a folder.
    fn is_dir(&self, path: &Path) -> bool;

    /// The entries of a folder, sorted by name; empty when there is no such folder.
    fn list(&self, path: &Path) -> Vec<PathBuf>;
}

/// The disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>> {
        std::fs::read(path).map(Cow::Owned)
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn list(&self, path: &Path) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(path) else {
            return Vec::new();
        };
        let mut found: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        found.sort();
        found
    }
}
