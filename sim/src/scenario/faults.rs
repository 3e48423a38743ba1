//! The faults found so far, from whatever file or argument, and the order in which they are said.

use std::cell::RefCell;
use std::path::Path;

use super::tree::Place;
use crate::fault::{Fault, Severity};

/// The faults found so far.
pub(super) struct Faults {
    /// The file that was asked for; its faults come first.
    main: String,
    found: RefCell<Vec<Found>>,
}

struct Found {
    fault: Fault,
    /// Says that something is absent, which a fault of notation further down may have hidden.
    absence: bool,
}

impl Faults {
    /// None yet, for this file and what it names.
    pub(super) fn of(path: &Path) -> Self {
        Self {
            main: path.display().to_string(),
            found: RefCell::default(),
        }
    }

    /// Notes an error.
    pub(super) fn error(
        &self,
        place: &Place,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.note(Severity::Error, place, message.into(), help.into(), false);
    }

    /// Notes a warning.
    pub(super) fn warning(
        &self,
        place: &Place,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.note(Severity::Warning, place, message.into(), help.into(), false);
    }

    /// Notes that something is absent.
    pub(super) fn missing(
        &self,
        place: &Place,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.note(Severity::Error, place, message.into(), help.into(), true);
    }

    /// Notes what another reader found.
    pub(super) fn push(&self, fault: Fault) {
        self.found.borrow_mut().push(Found {
            fault,
            absence: false,
        });
    }

    /// How many errors are among them.
    pub(super) fn errors(&self) -> usize {
        let found = self.found.borrow();
        found.iter().filter(|found| found.fault.is_error()).count()
    }

    /// Whether there is an error among them.
    pub(super) fn any_error(&self) -> bool {
        self.errors() > 0
    }

    /// Drops what a fault of notation in this line may have caused.
    pub(super) fn keep_only_before(&self, file: &str, line: u32) {
        self.found.borrow_mut().retain(|Found { fault, absence }| {
            fault.file != file || (!absence && fault.at.is_some_and(|at| at.0 < line))
        });
    }

    /// All of them: the file asked for, then the others in the order they were met, each from top to bottom, errors before warnings.
    pub(super) fn into_sorted(self) -> Vec<Fault> {
        let mut faults: Vec<_> = self
            .found
            .into_inner()
            .into_iter()
            .map(|found| found.fault)
            .collect();
        let mut files = vec![self.main];
        for fault in &faults {
            if !files.contains(&fault.file) {
                files.push(fault.file.clone());
            }
        }
        faults.sort_by_key(|fault| {
            (
                files.iter().position(|file| *file == fault.file),
                fault.at,
                !fault.is_error(),
            )
        });
        let mut distinct: Vec<Fault> = Vec::with_capacity(faults.len());
        for fault in faults {
            let here = distinct
                .iter()
                .rev()
                .take_while(|other| other.at == fault.at && other.file == fault.file);
            if !here.into_iter().any(|other| *other == fault) {
                distinct.push(fault);
            }
        }
        distinct
    }

    fn note(
        &self,
        severity: Severity,
        place: &Place,
        message: String,
        help: Option<String>,
        absence: bool,
    ) {
        let fault = Fault {
            severity,
            file: place.file.to_string(),
            at: place.at,
            message,
            help,
        };
        self.found.borrow_mut().push(Found { fault, absence });
    }
}
