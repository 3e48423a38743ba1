//! A display of one's own, with a pointer and keys that nobody touches but the test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Size of the screen in pixels.
pub(crate) const SIZE: (u32, u32) = (1_280, 800);

/// A screen in memory. It ends with the test.
pub(crate) struct Display {
    server: Child,
    name: String,
}

impl Display {
    pub(crate) fn open() -> Self {
        let screen = format!("{}x{}x24", SIZE.0, SIZE.1);
        let mut command = Command::new("Xvfb");
        // It chooses a free number itself and says which.
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &screen,
            "-nolisten",
            "tcp",
            "-noreset",
        ]);
        let server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut server = server.unwrap_or_else(|why| {
            panic!("Xvfb cannot be started ({why}): install it (Debian: apt-get install xvfb xdotool mesa-vulkan-drivers), or run scripts/test, which does")
        });
        let mut line = String::new();
        let mut said = BufReader::new(server.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let number = line.trim();
        assert!(!number.is_empty(), "Xvfb opened no display");
        Self {
            name: format!(":{number}"),
            server,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Moves the pointer or presses keys; what `xdotool` says.
    pub(crate) fn hand(&self, words: &[&str]) -> String {
        let mut command = Command::new("xdotool");
        command.args(words).env("DISPLAY", &self.name);
        let done = command
            .output()
            .unwrap_or_else(|why| panic!("xdotool cannot be started ({why}): install it"));
        String::from_utf8(done.stdout).unwrap()
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
