//! The moment in which a run's files take the place of an earlier run's: all of them, or none.
//!
//! The earlier files are set aside, the new ones get their names, and only then the earlier ones go.
//! A mark in the folder says what to undo, so that even a run that dies in between leaves one run's files, not two.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{OUTPUT_NAMES, PARTIAL, remove_if_there};
use crate::outputs::error::{OutputError, Result};

/// What an earlier run's file is called while the new one's take their names, after its own name.
pub(super) const PREVIOUS: &str = ".previous.partial";

/// The file that stands in the folder meanwhile: one line for each new file that replaces none.
pub(super) const MARK: &str = ".hamlet-publishing.partial";

/// Gives all files of a run their names and removes those of an earlier run.
///
/// # Errors
/// When the disk refuses; the earlier run's files are then as they were, unless the error says otherwise.
pub(super) fn publish(dir: &Path, names: &[String]) -> Result<()> {
    let fresh = names.iter().filter(|name| !is_there(&dir.join(name)));
    let fresh: Vec<&str> = fresh.map(String::as_str).collect();
    let placed = mark(dir, &fresh)
        .and_then(|()| set_aside(dir))
        .and_then(|()| place(dir, names))
        // From here on the new run stands.
        .and_then(|()| remove_if_there(&dir.join(MARK)));
    if let Err(error) = placed {
        return match undo(dir) {
            Ok(()) => Err(error),
            Err(why) => Err(OutputError::Torn {
                dir: dir.to_owned(),
                error: error.to_string(),
                why: why.to_string(),
            }),
        };
    }
    for name in OUTPUT_NAMES {
        // What stays is in nobody's way, and the next run clears it away.
        fs::remove_file(previous(dir, name)).ok();
    }
    Ok(())
}

/// Puts an earlier run's files back where a run died while its own took their names. Says whether there was something to do.
///
/// # Errors
/// When the disk refuses.
pub(super) fn recover(dir: &Path) -> Result<bool> {
    if !dir.join(MARK).exists() {
        return Ok(false);
    }
    undo(dir).map(|()| true)
}

/// Undoes whatever part of [`publish`] has been done. Done twice, it does no harm.
fn undo(dir: &Path) -> Result<()> {
    let marked = dir.join(MARK);
    let fresh = match fs::read_to_string(&marked) {
        Ok(text) => text,
        // Without a mark nothing has been touched yet.
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(OutputError::io("read", &marked)(error)),
    };
    for name in fresh.lines().filter(|name| OUTPUT_NAMES.contains(name)) {
        if !is_there(&dir.join(format!("{name}{PARTIAL}"))) {
            remove_if_there(&dir.join(name))?;
        }
    }
    for name in OUTPUT_NAMES {
        let aside = previous(dir, name);
        if is_there(&aside) {
            rename(&aside, &dir.join(name))?;
        }
    }
    sync(dir)?;
    remove_if_there(&marked)
}

fn mark(dir: &Path, fresh: &[&str]) -> Result<()> {
    let path = dir.join(MARK);
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(fresh.join("\n").as_bytes())?;
        file.sync_all()
    });
    let written = written.map_err(OutputError::io("write", &path));
    if written.is_err() {
        // Half a mark would undo too little; nothing has been touched yet.
        remove_if_there(&path)?;
    }
    written.and_then(|()| sync(dir))
}

fn set_aside(dir: &Path) -> Result<()> {
    for name in OUTPUT_NAMES {
        let path = dir.join(name);
        if is_there(&path) {
            rename(&path, &previous(dir, name))?;
        }
    }
    Ok(())
}

fn place(dir: &Path, names: &[String]) -> Result<()> {
    for name in names {
        rename(&dir.join(format!("{name}{PARTIAL}")), &dir.join(name))?;
    }
    sync(dir)
}

fn previous(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}{PREVIOUS}"))
}

/// Whether a file, or a link to one, has this name; a folder is no earlier run's.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir())
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(OutputError::io("write", to))
}

/// A rename is on the disk only when its folder is.
#[cfg(unix)]
fn sync(dir: &Path) -> Result<()> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(OutputError::io("write into", dir))
}

#[cfg(not(unix))]
fn sync(_dir: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::BTreeMap;

    use super::*;
    use crate::outputs::folder::OutputFolder;

    /// What an earlier run left: a CSV that the new run does not write, no image, and a file of somebody else.
    const EARLIER: [&str; 4] = ["events.csv", "journal.hj", "summary.json", "thesis.txt"];
    /// What the new run writes.
    const NEW: [&str; 3] = ["journal.hj", "final.image", "summary.json"];

    fn contents(dir: &Path) -> BTreeMap<String, String> {
        let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
        let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
        let read = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        };
        files.map(read).collect()
    }

    fn earlier() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for name in EARLIER {
            fs::write(temp.path().join(name), format!("earlier {name}")).unwrap();
        }
        temp
    }

    fn write_new(folder: &OutputFolder) {
        for name in NEW {
            let text = format!("new {name}");
            folder
                .write_atomic(name, |out| out.write_all(text.as_bytes()))
                .unwrap();
        }
    }

    #[test]
    fn all_files_take_their_names_together() {
        let temp = earlier();
        let before = contents(temp.path());
        let folder = OutputFolder::prepare(temp.path(), true).unwrap();
        write_new(&folder);
        for (name, text) in &before {
            assert_eq!(&contents(temp.path())[name], text);
        }
        folder.publish().unwrap();
        let mut wanted: BTreeMap<_, _> = NEW.map(|name| (name, format!("new {name}"))).into();
        wanted.insert("thesis.txt", "earlier thesis.txt".to_owned());
        let found = contents(temp.path());
        assert!(
            found.iter().eq(wanted
                .iter()
                .map(|(k, v)| (k.to_owned().to_owned(), v.clone()))
                .collect::<BTreeMap<_, _>>()
                .iter()),
            "{found:?}"
        );
    }

    #[test]
    fn whichever_name_is_refused_the_earlier_run_stays_whole() {
        for blocked in NEW
            .iter()
            .filter(|name| !EARLIER.contains(name))
            .chain(["journal.hj", "summary.json"].iter())
        {
            let temp = earlier();
            let before = contents(temp.path());
            let folder = OutputFolder::prepare(temp.path(), true).unwrap();
            write_new(&folder);
            // A folder of that name cannot be replaced by a file: the rename fails, as on a sick disk.
            let path = temp.path().join(blocked);
            let aside = temp.path().join("aside");
            if path.exists() {
                fs::rename(&path, &aside).unwrap();
            }
            fs::create_dir(&path).unwrap();
            let error = folder.publish().unwrap_err().to_string();
            assert!(error.contains(blocked), "{error}");
            drop(folder);
            fs::remove_dir(&path).unwrap();
            if aside.exists() {
                fs::rename(&aside, &path).unwrap();
            }
            assert_eq!(contents(temp.path()), before, "{blocked}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_run_that_died_meanwhile_is_undone_by_the_next() {
        let names = NEW.map(str::to_owned);
        // How far it came: nothing, all set aside, so many of the new ones placed.
        for step in 0..=1 + NEW.len() {
            let temp = earlier();
            let dir = temp.path();
            let before = contents(dir);
            for name in NEW {
                fs::write(dir.join(format!("{name}{PARTIAL}")), format!("new {name}")).unwrap();
            }
            mark(dir, &["final.image"]).unwrap();
            if step > 0 {
                set_aside(dir).unwrap();
                place(dir, &names[..step - 1]).unwrap();
            }
            let folder = OutputFolder::prepare(dir, true).unwrap();
            assert_eq!(contents(dir), before, "step {step}");
            drop(folder);
            assert!(!recover(dir).unwrap());
        }
    }
}
