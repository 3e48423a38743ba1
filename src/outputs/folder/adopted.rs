//! A file of a run that something else writes, such as a database.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::file::Ready;
use crate::outputs::error::{OutputError, Result};

/// A file under its temporary name. Dropped without [`Adopted::commit`], it vanishes.
#[derive(Debug)]
pub(crate) struct Adopted {
    name: String,
    partial: PathBuf,
    ready: Ready,
    is_whole: bool,
}

impl Adopted {
    pub(super) fn new(name: &str, partial: PathBuf, ready: Ready) -> Self {
        Self {
            name: name.to_owned(),
            partial,
            ready,
            is_whole: false,
        }
    }

    /// Where it is written.
    pub(crate) fn path(&self) -> &Path {
        &self.partial
    }

    /// Flushes everything to the disk. The file is whole then, and waits for the run's others: all get their names together.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn commit(mut self) -> Result<()> {
        File::open(&self.partial)
            .and_then(|file| file.sync_all())
            .map_err(OutputError::io("write", &self.partial))?;
        self.is_whole = true;
        self.ready.names().push(self.name.clone());
        Ok(())
    }
}

impl Drop for Adopted {
    fn drop(&mut self) {
        if !self.is_whole {
            // The error that led here is being reported.
            fs::remove_file(&self.partial).ok();
        }
    }
}
