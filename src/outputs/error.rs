//! What can go wrong while outputs are written, said so that somebody can mend it.

use std::io;
use std::path::{Path, PathBuf};

/// The result of writing outputs.
pub(crate) type Result<T> = std::result::Result<T, OutputError>;

/// Why an output could not be written. Every message names the path and the way out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// The folder holds something already.
    #[error(
        "the output folder {} is not empty\n  help: name a new folder with --out, or add --force to replace an earlier run's files in it (other files stay)",
        dir.display()
    )]
    NotEmpty {
        /// The folder.
        dir: PathBuf,
    },
    /// The path of the folder is taken by something else.
    #[error("{} is no folder\n  help: name a new folder with --out, or move that file away", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// Another run is writing into the folder right now.
    #[error(
        "another run is writing into {} right now\n  help: wait until it has ended, or name another folder with --out",
        dir.display()
    )]
    Busy {
        /// The folder.
        dir: PathBuf,
    },
    /// The disk said no.
    #[error("cannot {doing} {}: {source}\n  help: {}", path.display(), way_out(source))]
    Io {
        /// What was tried, as a verb.
        doing: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the disk said.
        source: io::Error,
    },
    /// The files of a run could not take the place of an earlier run's, and those could not be put back.
    #[error(
        "{error}\n  and the earlier run's files in {} could not all be put back: {why}\n  help: when the disk is well again, the next run with --out and --force there puts them back first; they are called NAME.previous.partial meanwhile",
        dir.display()
    )]
    Torn {
        /// The folder.
        dir: PathBuf,
        /// What went wrong first.
        error: String,
        /// Why it could not be undone.
        why: String,
    },
    /// The library that makes Parquet files refused a table: a fault of Hamlet's, not of the disk.
    #[error("cannot write {}: {detail}\n  help: this is a fault in Hamlet; please report it with the scenario", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What the library said.
        detail: String,
    },
    /// The library that draws charts refused one: a fault of Hamlet's.
    #[error(
        "cannot draw the chart \"{title}\": {detail}\n  help: this is a fault in Hamlet; please report it with the scenario"
    )]
    Chart {
        /// The chart's title.
        title: String,
        /// What the library said.
        detail: String,
    },
}

impl OutputError {
    /// Adds what was tried and where to an error of the disk.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source,
        }
    }
}

fn way_out(source: &io::Error) -> &'static str {
    use io::ErrorKind;
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "the disk is full: make room, or name a folder on another disk with --out"
        }
        ErrorKind::IsADirectory => {
            "a folder has this name: move that folder away, or name another one with --out"
        }
        ErrorKind::PermissionDenied => {
            "name a folder you may write to with --out, or ask for the right to write there"
        }
        ErrorKind::ReadOnlyFilesystem => {
            "this disk cannot be written to: name a folder on another one with --out"
        }
        ErrorKind::NotADirectory => "a part of this path is a file: name another folder with --out",
        ErrorKind::NotFound => {
            "a part of this path is not there (any more): name a folder that can be made with --out"
        }
        _ => "see that the disk is well, or name another folder with --out",
    }
}
