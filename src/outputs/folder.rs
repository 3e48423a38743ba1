//! The folder a run writes into: nothing half-written ever stands under a final name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::error::{OutputError, Result};

/// What a file is called while it is being written: its name and this.
const PARTIAL: &str = ".partial";

/// The file by which a folder is tried.
const PROBE: &str = ".hamlet-probe.partial";

/// Bytes gathered before they go to the disk.
const BUFFER_BYTES: usize = 128 * 1024;

/// Every file a run may write; what a forced run may clear away.
pub(crate) const OUTPUT_NAMES: [&str; 8] = [
    "events.parquet",
    "events.csv",
    "series.parquet",
    "series.csv",
    "journal.hj",
    "final.image",
    "summary.json",
    "report.html",
];

/// A folder that exists, can be written to, and that no other run writes into.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    dir: PathBuf,
    /// Held as long as the run writes; the system lets go of it however the run ends.
    _lock: Option<File>,
    /// Unfinished files of a run that died, cleared away.
    swept: u64,
    /// Bytes that still fit, for tests of full disks.
    #[cfg(test)]
    room: Option<std::sync::Arc<std::sync::atomic::AtomicU64>>,
}

impl OutputFolder {
    /// Makes the folder, or takes one that is there and writable, empty but for unfinished files of a run that died: they are cleared away.
    /// With `force` a folder with files is taken too: an earlier run's files are replaced one by one when this run ends, other files stay.
    ///
    /// # Errors
    /// When the folder holds files and `force` is off, when the path is no folder, when another run writes there, when it can't be written to.
    pub(crate) fn prepare(dir: &Path, force: bool) -> Result<Self> {
        if dir.exists() && !dir.is_dir() {
            return Err(OutputError::NotAFolder {
                path: dir.to_owned(),
            });
        }
        fs::create_dir_all(dir).map_err(OutputError::io("make the folder", dir))?;
        let lock = lock(dir)?;
        // Only where the lock is ours is it certain that nobody is still writing them.
        let may_sweep = lock.is_some();
        if !force && !(is_empty(dir, |name| may_sweep && is_unfinished(name))?) {
            return Err(OutputError::NotEmpty {
                dir: dir.to_owned(),
            });
        }
        let mut folder = Self {
            dir: dir.to_owned(),
            _lock: lock,
            swept: 0,
            #[cfg(test)]
            room: None,
        };
        for name in OUTPUT_NAMES {
            let partial = folder.path(&format!("{name}{PARTIAL}"));
            folder.swept += u64::from(partial.exists());
            remove_if_there(&partial)?;
        }
        folder.probe()?;
        Ok(folder)
    }

    /// How many unfinished files of a run that died were cleared away.
    pub(crate) fn swept(&self) -> u64 {
        self.swept
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Begins a file that gets its name when it is whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn create(&self, name: &str) -> Result<AtomicFile> {
        let path = self.path(name);
        let partial = self.path(&format!("{name}{PARTIAL}"));
        remove_if_there(&partial)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&partial)
            .map_err(OutputError::io("write", &partial))?;
        Ok(AtomicFile {
            path,
            partial,
            writer: Some(BufWriter::with_capacity(BUFFER_BYTES, file)),
            #[cfg(test)]
            room: self.room.clone(),
        })
    }

    /// Writes a whole file: under a temporary name first, flushed to the disk, then renamed.
    /// After an error the temporary file is gone and an older file of that name is untouched.
    ///
    /// # Errors
    /// When the disk or `fill` refuses.
    pub(crate) fn write_atomic(
        &self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<PathBuf> {
        let mut file = self.create(name)?;
        fill(&mut file).map_err(OutputError::io("write", &file.path))?;
        file.commit()
    }

    /// Removes a file of an earlier run that this one did not write again, so that old and new never stand side by side.
    ///
    /// # Errors
    /// When it is there and can't be removed.
    pub(crate) fn clear(&self, name: &str) -> Result<()> {
        remove_if_there(&self.path(name))
    }

    /// Finds out at the start, not after an hour, that the folder can't be written to.
    fn probe(&self) -> Result<()> {
        let path = self.path(PROBE);
        remove_if_there(&path)?;
        let tried = File::create_new(&path).and_then(|mut file| file.write_all(b"probe"));
        let removed = remove_if_there(&path);
        tried.map_err(OutputError::io("write into", &self.dir))?;
        removed
    }

    /// From now on only so many bytes fit.
    #[cfg(test)]
    pub(crate) fn limit(&mut self, bytes: u64) {
        self.room = Some(std::sync::Arc::new(bytes.into()));
    }
}

/// A file under its temporary name. Dropped without [`AtomicFile::commit`], it vanishes.
#[derive(Debug)]
pub(crate) struct AtomicFile {
    path: PathBuf,
    partial: PathBuf,
    /// `None` once the file has its name.
    writer: Option<BufWriter<File>>,
    #[cfg(test)]
    room: Option<std::sync::Arc<std::sync::atomic::AtomicU64>>,
}

impl AtomicFile {
    /// The name it will have.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Flushes everything to the disk and gives the file its name.
    ///
    /// # Errors
    /// When the disk refuses; the temporary file is removed when this is dropped.
    pub(crate) fn commit(&mut self) -> Result<PathBuf> {
        let path = self.path.clone();
        self.flush_and_rename()
            .map_err(OutputError::io("write", &path))?;
        Ok(path)
    }

    fn flush_and_rename(&mut self) -> io::Result<()> {
        let writer = self.writer()?;
        writer.flush()?;
        writer.get_ref().sync_all()?;
        fs::rename(&self.partial, &self.path)?;
        self.writer = None;
        sync_parent(&self.path)
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

/// Whether nothing lies in a folder but what may be overlooked.
fn is_empty(dir: &Path, overlooked: impl Fn(&std::ffi::OsStr) -> bool) -> Result<bool> {
    let entries = fs::read_dir(dir).map_err(OutputError::io("look into", dir))?;
    for entry in entries {
        let entry = entry.map_err(OutputError::io("look into", dir))?;
        if !overlooked(&entry.file_name()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a run calls a file so while it is writing it.
fn is_unfinished(name: &std::ffi::OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    let whole = name.strip_suffix(PARTIAL);
    name == PROBE || whole.is_some_and(|whole| OUTPUT_NAMES.contains(&whole))
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(OutputError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// A rename is on the disk only when its folder is.
#[cfg(unix)]
fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync_parent(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Locks the folder itself, so that no lock file lies about.
#[cfg(unix)]
fn lock(dir: &Path) -> Result<Option<File>> {
    let handle = File::open(dir).map_err(OutputError::io("look into", dir))?;
    match handle.try_lock() {
        Ok(()) => Ok(Some(handle)),
        Err(fs::TryLockError::WouldBlock) => Err(OutputError::Busy {
            dir: dir.to_owned(),
        }),
        // Some network disks know no locks; a run there is as safe as it can be.
        Err(fs::TryLockError::Error(_)) => Ok(None),
    }
}

#[cfg(not(unix))]
fn lock(_dir: &Path) -> Result<Option<File>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_folder_is_made_with_its_parents() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a/b");
        let folder = OutputFolder::prepare(&dir, false).unwrap();
        assert_eq!(folder.path("x"), dir.join("x"));
        assert!(names(&dir).is_empty());
    }

    #[test]
    fn a_folder_with_files_is_refused_unless_forced() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("mine.txt"), "mine").unwrap();
        fs::write(temp.path().join("report.html"), "old").unwrap();
        fs::write(temp.path().join("events.parquet.partial"), "torn").unwrap();
        let error = OutputFolder::prepare(temp.path(), false).unwrap_err();
        assert!(matches!(error, OutputError::NotEmpty { .. }));
        assert!(error.to_string().contains("--force"), "{error}");
        OutputFolder::prepare(temp.path(), true).unwrap();
        assert_eq!(names(temp.path()), ["mine.txt", "report.html"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_dead_run_left_unfinished_is_cleared_away_and_nothing_else_is() {
        let temp = tempfile::tempdir().unwrap();
        let torn = ["events.parquet", "journal.hj"];
        for name in torn {
            fs::write(temp.path().join(format!("{name}.partial")), "torn").unwrap();
        }
        fs::write(temp.path().join(PROBE), "probe").unwrap();
        // A run that is still alive keeps them.
        let alive = lock(temp.path()).unwrap();
        let error = OutputFolder::prepare(temp.path(), false).unwrap_err();
        assert!(matches!(error, OutputError::Busy { .. }));
        assert_eq!(names(temp.path()).len(), 3);
        drop(alive);
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        assert_eq!(folder.swept(), 2);
        assert!(names(temp.path()).is_empty());
        drop(folder);
        // Files that are whole, or somebody else's, are not a dead run's.
        for name in ["journal.hj", "thesis.partial"] {
            fs::write(temp.path().join(name), "kept").unwrap();
            fs::write(temp.path().join("events.csv.partial"), "torn").unwrap();
            let error = OutputFolder::prepare(temp.path(), false).unwrap_err();
            assert!(matches!(error, OutputError::NotEmpty { .. }), "{name}");
            assert_eq!(names(temp.path()).len(), 2, "{name}");
            fs::remove_file(temp.path().join(name)).unwrap();
        }
    }

    #[test]
    fn a_file_in_the_way_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("out");
        fs::write(&path, "a file").unwrap();
        let error = OutputFolder::prepare(&path, true).unwrap_err();
        assert!(matches!(error, OutputError::NotAFolder { .. }));
        let error = OutputFolder::prepare(&path.join("deeper"), true).unwrap_err();
        assert!(error.to_string().contains("--out"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn two_runs_do_not_share_a_folder() {
        let temp = tempfile::tempdir().unwrap();
        let first = OutputFolder::prepare(temp.path(), false).unwrap();
        let error = OutputFolder::prepare(temp.path(), true).unwrap_err();
        assert!(matches!(error, OutputError::Busy { .. }));
        drop(first);
        OutputFolder::prepare(temp.path(), false).unwrap();
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        let mut file = folder.create("final.image").unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(names(temp.path()), ["final.image.partial"]);
        file.write_all(b" and half").unwrap();
        file.commit().unwrap();
        assert_eq!(names(temp.path()), ["final.image"]);
        assert_eq!(
            fs::read(folder.path("final.image")).unwrap(),
            b"half and half"
        );
    }

    #[test]
    fn after_an_error_the_old_file_stands_and_no_partial_does() {
        let temp = tempfile::tempdir().unwrap();
        let mut folder = OutputFolder::prepare(temp.path(), false).unwrap();
        let write = |folder: &OutputFolder, text: &'static [u8]| {
            folder.write_atomic("summary.json", |out| out.write_all(text))
        };
        write(&folder, b"old").unwrap();
        folder.limit(2);
        let error = write(&folder, b"new").unwrap_err().to_string();
        assert!(error.contains("summary.json"), "{error}");
        assert!(error.contains("the disk is full: make room"), "{error}");
        assert_eq!(names(temp.path()), ["summary.json"]);
        assert_eq!(fs::read(folder.path("summary.json")).unwrap(), b"old");
    }
}
