//! One file of a run, under a temporary name until all of them are ready.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::remove_if_there;
use crate::outputs::error::{OutputError, Result};

/// Bytes gathered before they go to the disk.
const BUFFER_BYTES: usize = 128 * 1024;

/// Names of the files that are whole and wait for the others, in the order they were finished.
#[derive(Clone, Debug, Default)]
pub(super) struct Ready(Arc<Mutex<Vec<String>>>);

impl Ready {
    pub(super) fn names(&self) -> MutexGuard<'_, Vec<String>> {
        // A name is pushed or it is not: a panic elsewhere leaves nothing half-done here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file under its temporary name. Dropped without [`AtomicFile::commit`], it vanishes.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    name: String,
    path: PathBuf,
    partial: PathBuf,
    /// `None` once the file is whole.
    writer: Option<BufWriter<File>>,
    ready: Ready,
    #[cfg(test)]
    pub(super) room: Option<Arc<std::sync::atomic::AtomicU64>>,
}

impl AtomicFile {
    /// Begins a file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn create(
        name: &str,
        path: PathBuf,
        partial: PathBuf,
        ready: Ready,
    ) -> Result<Self> {
        remove_if_there(&partial)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&partial)
            .map_err(OutputError::io("write", &partial))?;
        Ok(Self {
            name: name.to_owned(),
            path,
            partial,
            writer: Some(BufWriter::with_capacity(BUFFER_BYTES, file)),
            ready,
            #[cfg(test)]
            room: None,
        })
    }

    /// The name it will have.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Flushes everything to the disk. The file is whole then, and waits for the run's others: all get their names together.
    ///
    /// # Errors
    /// When the disk refuses; the temporary file is removed when this is dropped.
    pub(crate) fn commit(&mut self) -> Result<PathBuf> {
        let path = self.path.clone();
        self.flush_to_disk()
            .map_err(OutputError::io("write", &path))?;
        self.ready.names().push(self.name.clone());
        Ok(path)
    }

    fn flush_to_disk(&mut self) -> io::Result<()> {
        let writer = self.writer()?;
        writer.flush()?;
        writer.get_ref().sync_all()?;
        self.writer = None;
        Ok(())
    }

    fn writer(&mut self) -> io::Result<&mut BufWriter<File>> {
        let closed = || io::Error::other("the file is closed");
        self.writer.as_mut().ok_or_else(closed)
    }

    #[cfg(test)]
    fn take_room(&self, bytes: usize) -> io::Result<()> {
        use std::sync::atomic::Ordering;
        let Some(room) = &self.room else {
            return Ok(());
        };
        let take = |left: u64| left.checked_sub(bytes as u64);
        match room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take) {
            Ok(_) => Ok(()),
            Err(_) => Err(io::ErrorKind::StorageFull.into()),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(test)]
        self.take_room(bytes.len())?;
        self.writer()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer()?.flush()
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        let Some(writer) = self.writer.take() else {
            return;
        };
        // What was gathered is not worth writing any more; the parts close the file without a last flush.
        drop(writer.into_parts());
        // The error that led here is being reported; that the rest of the file could not be removed would only hide it.
        fs::remove_file(&self.partial).ok();
    }
}
