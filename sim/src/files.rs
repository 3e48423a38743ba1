//! Where scenarios, maps and templates are read from: the disk, or what the binary carries.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes of the largest file that is read at all; what it is read for may set a lower limit.
pub const FILE_BYTES_MAX: u64 = 1 << 30;

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
    /// Neither a device nor a pipe is read, which may have no end, and nothing larger than [`FILE_BYTES_MAX`].
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>> {
        let kind = std::fs::metadata(path)?;
        if !kind.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is no ordinary file",
            ));
        }
        let mut bytes = Vec::new();
        File::open(path)?
            .take(FILE_BYTES_MAX + 1)
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it has more than {FILE_BYTES_MAX} bytes"),
            ));
        }
        Ok(Cow::Owned(bytes))
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
