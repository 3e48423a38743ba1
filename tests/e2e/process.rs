//! A program that goes on while the test looks at it: started, signalled, waited for.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, Said};

/// How long anything in here may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the program on a desk; what it says is kept until its end.
pub(crate) fn start(desk: &Desk, words: &str) -> Child {
    let mut command = desk.command(words.split_whitespace());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Sends a signal, such as `TERM`.
pub(crate) fn signal(child: &Child, name: &str) {
    let words = format!("kill -{name} {}", child.id());
    let status = Command::new("sh").args(["-c", &words]).status();
    assert!(status.unwrap().success());
}

/// Waits for its end, and hands out what it said.
pub(crate) fn end(child: Child) -> Said {
    child.wait_with_output().unwrap().into()
}

/// Waits until something is so.
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
