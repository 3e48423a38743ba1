//! The file: nobody else may read it, and one server at a time has it.

use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// Makes folder and file where they are missing, for their owner alone.
pub(super) fn prepare(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(folder)
            .map_err(|error| unusable(folder, &error))?;
    }
    private()
        .open(path)
        .map(drop)
        .map_err(|error| unusable(path, &error))
}

/// The write-ahead log beside the file.
pub(super) fn wal(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

/// Locks the world of this file for this process.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let path = beside(path, ".lock");
    let file = private()
        .open(&path)
        .map_err(|error| unusable(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) => Err(unusable(&path, &error)),
    }
}

/// Makes an empty file for its owner alone; it must not be there yet.
pub(crate) fn make_private(path: &Path) -> Result<File, StoreError> {
    private()
        .create_new(true)
        .open(path)
        .map_err(|error| unusable(path, &error))
}

/// Opens a file to write, or makes it for its owner alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

fn unusable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable {
        what: format!("{}: {error}", path.display()),
    }
}
