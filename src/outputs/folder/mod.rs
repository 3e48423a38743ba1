//! The folder a run writes into: nothing half-written ever stands under a final name, and never the files of two runs.

mod adopted;
mod file;
mod publish;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) use self::adopted::Adopted;
pub(crate) use self::file::AtomicFile;
use self::file::Ready;
use self::publish::PREVIOUS;
use super::error::{OutputError, Result};

/// What a file is called while it is being written: its name and this.
const PARTIAL: &str = ".partial";

/// The file by which a folder is tried.
const PROBE: &str = ".hamlet-probe.partial";

/// Every file a run may write; what a forced run may clear away.
pub(crate) const OUTPUT_NAMES: [&str; 10] = [
    "events.parquet",
    "events.csv",
    "series.parquet",
    "series.csv",
    "thoughts.jsonl",
    "minds.db",
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
    /// Whether files of an earlier run are in it.
    replaces: bool,
    /// What is whole and has no name yet.
    ready: Ready,
    /// Bytes that still fit, for tests of full disks.
    #[cfg(test)]
    room: Option<std::sync::Arc<std::sync::atomic::AtomicU64>>,
}

impl OutputFolder {
    /// Makes the folder, or takes one that is there and writable, empty but for unfinished files of a run that died: they are cleared away.
    /// With `force` a folder with files is taken too: an earlier run's files are replaced all together when this run ends, other files stay.
    ///
    /// # Errors
    /// When the folder holds files and `force` is off, when the path is no folder, when another run writes there, when it can't be written to,
    /// when a folder has the name of a file that a run writes.
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
        if may_sweep {
            publish::recover(dir)?;
        }
        if !force && !(is_empty(dir, |name| may_sweep && is_unfinished(name))?) {
            return Err(OutputError::NotEmpty {
                dir: dir.to_owned(),
            });
        }
        let mut folder = Self {
            dir: dir.to_owned(),
            _lock: lock,
            swept: 0,
            replaces: false,
            ready: Ready::default(),
            #[cfg(test)]
            room: None,
        };
        for name in OUTPUT_NAMES {
            let path = folder.path(name);
            if path.is_dir() {
                let taken = io::ErrorKind::IsADirectory.into();
                return Err(OutputError::io("write", &path)(taken));
            }
            folder.replaces |= path.exists();
            let partial = folder.path(&format!("{name}{PARTIAL}"));
            folder.swept += u64::from(partial.exists());
            remove_if_there(&partial)?;
            remove_if_there(&folder.path(&format!("{name}{PREVIOUS}")))?;
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

    /// Begins a file that gets its name when it and all others of the run are whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn create(&self, name: &str) -> Result<AtomicFile> {
        let partial = self.path(&format!("{name}{PARTIAL}"));
        let ready = self.ready.clone();
        let file = AtomicFile::create(name, self.path(name), partial, ready);
        #[cfg(test)]
        let file = file.map(|mut file| {
            file.room.clone_from(&self.room);
            file
        });
        file
    }

    /// Makes room for a file that something else writes; it gets its name when it and all others of the run are whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn adopt(&self, name: &str) -> Result<Adopted> {
        let partial = self.path(&format!("{name}{PARTIAL}"));
        remove_if_there(&partial)?;
        Ok(Adopted::new(name, partial, self.ready.clone()))
    }

    /// Writes a whole file under a temporary name; it gets its own with all others.
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
        fill(&mut file).map_err(OutputError::io("write", file.path()))?;
        file.commit()
    }

    /// Gives all files that are whole their names. An earlier run's files go, also those that this run did not write again,
    /// so that old and new never stand side by side.
    ///
    /// # Errors
    /// When the disk refuses; nothing of this run has a name then, and the earlier run's files are as they were, unless the error says otherwise.
    pub(crate) fn publish(&self) -> Result<()> {
        let mut ready = self.ready.names();
        publish::publish(&self.dir, &ready)?;
        ready.clear();
        Ok(())
    }

    /// What stands in the folder after a failure, as half a sentence.
    pub(crate) fn what_is_left(&self) -> &'static str {
        if self.replaces {
            "none of its files is left, and the earlier run's are as they were"
        } else {
            "none of its files is left"
        }
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

impl Drop for OutputFolder {
    fn drop(&mut self) {
        for name in self.ready.names().iter() {
            // As in `AtomicFile`: the error that led here matters more.
            fs::remove_file(self.path(&format!("{name}{PARTIAL}"))).ok();
        }
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
    let whole = name
        .strip_suffix(PREVIOUS)
        .or_else(|| name.strip_suffix(PARTIAL));
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
