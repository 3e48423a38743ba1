//! What all readers carry along: where files come from, and the faults found so far.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use crate::fault::Fault;
use crate::files::Files;

/// A fault whose file is not known yet.
#[derive(Debug)]
pub(super) struct Flaw {
    pub(super) message: String,
    pub(super) help: String,
}

impl Flaw {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }

    pub(super) fn into_fault(self, file: impl Into<String>) -> Fault {
        Fault::error(file, self.message).help(self.help)
    }
}

/// One map being read.
pub(super) struct Reading<'a> {
    pub(super) files: &'a dyn Files,
    /// The map's folder; what the map refers to is relative to it.
    pub(super) folder: PathBuf,
    /// The map file, as it was named.
    pub(super) file: String,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(path: &Path, files: &'a dyn Files) -> Self {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Self {
            files,
            folder,
            file: path.display().to_string(),
            faults: Vec::new(),
        }
    }

    /// A fault of the map file that stops the run.
    pub(super) fn error(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.faults
            .push(Fault::error(&self.file, message).help(help));
    }

    /// A fault of the map file that one may live with.
    pub(super) fn warning(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.faults
            .push(Fault::warning(&self.file, message).help(help));
    }

    pub(super) fn failed(&self) -> bool {
        self.faults.iter().any(Fault::is_error)
    }

    /// A file that must be there; `None` after a fault that names it.
    pub(super) fn read_whole(
        &mut self,
        path: &Path,
        bytes_max: usize,
    ) -> Option<Cow<'static, [u8]>> {
        let name = path.display().to_string();
        match self.files.read(path) {
            Ok(bytes) if bytes.len() <= bytes_max => return Some(bytes),
            Ok(bytes) => self.faults.push(
                Fault::error(
                    name,
                    format!(
                        "{} bytes are too many; the limit is {bytes_max}",
                        bytes.len()
                    ),
                )
                .help("store layer data as Base64 (zstd), or make the map smaller"),
            ),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
                self.faults
                    .push(Fault::error(name, "there is no such file"));
            }
            Err(fault) => self
                .faults
                .push(Fault::error(name, format!("cannot be read: {fault}"))),
        }
        None
    }
}
