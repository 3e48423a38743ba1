//! The one door: a [`Desk`], a folder in which the program is called.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

#[cfg(unix)]
use crate::mock::Mock;

/// A folder in which the program is called.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
}

/// What the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Names of what lies in a folder, sorted.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The program, to be called here.
    pub(crate) fn command<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hamlet"));
        command.args(args).current_dir(self.dir.path());
        command
    }

    /// A server of models that the program is.
    #[cfg(unix)]
    pub(crate) fn mock(&self, words: &str) -> Mock {
        Mock::start(self.command::<&str>([]), words)
    }

    /// Calls the program. The words stand as on a command line; one with a space in it comes by [`Desk::call_with`].
    pub(crate) fn call(&self, words: &str) -> Said {
        self.call_with(words.split_whitespace())
    }

    pub(crate) fn call_with<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Said {
        self.command(args).output().unwrap().into()
    }

    /// Calls the program, which must be content.
    pub(crate) fn good(&self, words: &str) -> Said {
        let said = self.call(words);
        assert_eq!(said.code, Some(0), "hamlet {words}: {}", said.err);
        said
    }

    /// Calls the program, which must refuse with this status.
    pub(crate) fn bad(&self, words: &str, code: i32) -> String {
        let said = self.call(words);
        assert_eq!(said.code, Some(code), "hamlet {words}: {said:?}");
        said.err
    }

    /// A field of the summary in an output folder.
    pub(crate) fn summary(&self, folder: &str, field: &str) -> Value {
        let path = Path::new(folder).join("summary.json");
        let summary: Value = serde_json::from_slice(&self.read(path)).unwrap();
        summary.get(field).unwrap().clone()
    }

    /// Rows of a CSV file that has no line breaks inside its fields, each a map of what is not empty.
    pub(crate) fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let text = String::from_utf8(self.read(name)).unwrap();
        let mut lines = text.lines().map(fields);
        let heads = lines.next().unwrap();
        lines
            .map(|row| {
                assert_eq!(row.len(), heads.len(), "{row:?}");
                let pairs = heads.iter().cloned().zip(row);
                pairs.filter(|(_, field)| !field.is_empty()).collect()
            })
            .collect()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Said {
    /// The state hash that a run prints.
    pub(crate) fn hash(&self) -> String {
        let line = self
            .out
            .lines()
            .find_map(|line| line.strip_prefix("state hash "));
        line.unwrap_or_else(|| panic!("no hash in {self:?}"))
            .to_owned()
    }
}

/// Fields of one line of CSV, quotation marks taken off.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(letter),
        }
    }
    fields
}
