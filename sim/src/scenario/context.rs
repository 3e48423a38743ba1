//! What every part of a scenario's reader needs: the files, the folder to seek them in, the faults.

use std::path::{Path, PathBuf};

use super::faults::Faults;
use super::suggest;
use super::tree::{Place, SyntaxFault};
use crate::fault::Fault;
use crate::files::Files;

/// Largest scenario, template or source of personas, in bytes.
const FILE_BYTES_MAX: usize = 64 << 20;

/// Where maps and sources are sought when they do not stand beside the scenario.
const ASSETS: &str = "assets";

/// Where the shipped scenarios are.
const SCENARIOS: &str = "scenarios";

/// Surroundings of a scenario.
pub(super) struct Context<'a> {
    pub(super) files: &'a dyn Files,
    /// The scenario's folder.
    pub(super) base: PathBuf,
    pub(super) faults: &'a Faults,
}

impl<'a> Context<'a> {
    /// The surroundings of a file.
    pub(super) fn of(path: &Path, files: &'a dyn Files, faults: &'a Faults) -> Self {
        Self {
            files,
            base: path.parent().unwrap_or(Path::new("")).to_owned(),
            faults,
        }
    }

    /// A file or folder as the scenario names it: beside the scenario, then in `assets/`, or absolute.
    /// A fault at `place` says when there is none.
    pub(super) fn find(&self, name: &str, place: &Place) -> Option<PathBuf> {
        let candidates = self.candidates(name);
        if let Some(found) = candidates.iter().find(|path| self.files.exists(path)) {
            return Some(found.clone());
        }
        let help = if Path::new(name).is_absolute() {
            "check the path".to_owned()
        } else {
            let near = candidates.iter().find_map(|path| self.alike(name, path));
            let meant = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            let [beside, assets] = candidates.map(|path| path.display().to_string());
            format!(
                "{meant}it was sought as {beside} and as {assets}; put it there or write an absolute path"
            )
        };
        self.faults
            .error(place, format!("there is no file `{name}`"), help);
        None
    }

    /// The file that was most likely meant by a name that is none's.
    pub(super) fn meant(&self, name: &str) -> Option<PathBuf> {
        let candidates = self.candidates(name);
        let mut near = candidates
            .iter()
            .map(|path| neighbour(path, path.parent()?, self.files));
        near.find_map(|near| near)
    }

    fn candidates(&self, name: &str) -> [PathBuf; 2] {
        [self.base.join(name), Path::new(ASSETS).join(name)]
    }

    /// The name, with its last part replaced by that of a neighbour of `path` which is spelt alike.
    fn alike(&self, name: &str, path: &Path) -> Option<String> {
        let near = neighbour(path, path.parent()?, self.files)?;
        let near = Path::new(name).with_file_name(near.file_name()?);
        Some(near.display().to_string())
    }

    /// The text of a file; faults say why there is none.
    pub(super) fn read_text(&self, path: &Path) -> Option<String> {
        match text_of(path, self.files) {
            Ok(text) => Some(text),
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }

    /// Notes faults of notation and drops those that may only follow from them.
    pub(super) fn note_syntax(&self, file: &str, syntax: Vec<SyntaxFault>) {
        let misleading = syntax.iter().filter(|fault| fault.misleading);
        if let Some(first) = misleading.filter_map(|fault| fault.place.at).min() {
            self.faults.keep_only_before(file, first.0);
        }
        for fault in syntax {
            self.faults.error(&fault.place, fault.message, fault.help);
        }
    }
}

/// The file that was most likely meant: one beside it, or a scenario in `scenarios/`.
fn meant(path: &Path, files: &dyn Files) -> String {
    let beside = path.parent().unwrap_or(Path::new(""));
    let near = [beside, Path::new(SCENARIOS)]
        .into_iter()
        .find_map(|folder| neighbour(path, folder, files));
    match near {
        Some(near) => format!("did you mean {}?", near.display()),
        None => "check the path".to_owned(),
    }
}

/// The file of a folder whose name is most like that of a path.
fn neighbour(path: &Path, folder: &Path, files: &dyn Files) -> Option<PathBuf> {
    let listed = if folder.as_os_str().is_empty() {
        files.list(Path::new("."))
    } else {
        files.list(folder)
    };
    // Of the same extension, so that it counts for nothing when names are compared.
    let stem = |entry: &'_ Path| entry.file_stem()?.to_str().map(str::to_owned);
    let alike: Vec<_> = listed
        .iter()
        .filter(|entry| path.extension().is_none() || entry.extension() == path.extension())
        .filter(|entry| !files.is_dir(entry))
        .filter_map(|entry| Some((stem(entry)?, entry.file_name()?)))
        .collect();
    let wanted = stem(path)?;
    let near = suggest::nearest(&wanted, alike.iter().map(|(stem, _)| stem.as_str()))?;
    let (_, name) = alike.iter().find(|(stem, _)| stem == near)?;
    Some(folder.join(name))
}

fn text_of(path: &Path, files: &dyn Files) -> Result<String, Fault> {
    let file = path.display().to_string();
    if files.is_dir(path) {
        return Err(Fault::error(file, "this is a folder").help("name a file in it"));
    }
    let bytes = files.read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Fault::error(&file, "there is no such file").help(meant(path, files))
        }
        _ => Fault::error(&file, format!("it can't be read: {error}")),
    })?;
    if bytes.len() > FILE_BYTES_MAX {
        let message = format!("it has {} bytes, more than {FILE_BYTES_MAX}", bytes.len());
        return Err(
            Fault::error(file, message).help("split it, or leave out what no resident needs")
        );
    }
    String::from_utf8(bytes.into_owned()).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::error(file, format!("byte {at} is no UTF-8 text"))
            .help("save the file in the encoding UTF-8")
    })
}
