//! A scripted server of models, in a process of its own: for tests of the built program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// One that ends with the test.
pub(crate) struct Mock {
    child: Child,
    pub(crate) url: String,
}

impl Mock {
    /// `hamlet` is the program without any words yet, `words` are more of those that `mock-llm` takes.
    pub(crate) fn start(mut hamlet: Command, words: &str) -> Self {
        hamlet.args(["mock-llm", "--listen", "127.0.0.1:0"]);
        hamlet.args(words.split_whitespace());
        let mut child = hamlet.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self { child, url }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
