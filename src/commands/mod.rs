//! One file per command.

mod admin;
mod check;
mod doctor;
mod progress;
mod replay;
mod run;
mod serve;
#[cfg(feature = "viewer")]
mod view;
mod watch;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use hamlet_sim::fault::Fault;

use crate::cli::{Cli, Command, ServeArgs};

/// Exit status of a journal that is cut off.
pub(crate) const EXIT_TRUNCATED: u8 = 2;

pub(crate) fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        #[cfg(feature = "viewer")]
        None if hamlet_viewer::has_display() => view::both(&ServeArgs::default()),
        None => serve::serve(&ServeArgs::default()),
        #[cfg(feature = "viewer")]
        Some(Command::View(args)) => view::view(&args),
        Some(Command::Serve(args)) => serve::serve(&args),
        Some(Command::Admin(args)) => admin::admin(&args),
        Some(Command::Doctor(args)) => doctor::doctor(&args),
        Some(Command::Config(args)) => serve::config(&args),
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Replay(args)) => replay::replay(&args),
        Some(Command::Check(args)) => check::check(&args),
    }
}

/// Says an error on stderr, with its causes.
pub(crate) fn complain(error: &anyhow::Error) {
    say_err(&format!("error: {}", with_causes(error)));
}

/// An error and its causes, without those that the text before says already.
fn with_causes(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// A line on stdout. A reader that has gone away is no error of ours.
pub(crate) fn say(line: &str) {
    drop(writeln!(io::stdout().lock(), "{line}"));
}

/// A line on stderr.
pub(crate) fn say_err(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Says every fault, each with its place and its way out.
pub(crate) fn say_faults(faults: &[Fault]) {
    for fault in faults {
        say_err(&fault.to_string());
    }
}

/// The refusal that follows a list of faults.
pub(crate) fn refuse(faults: &[Fault]) -> anyhow::Error {
    say_faults(faults);
    let errors = faults.iter().filter(|fault| fault.is_error()).count();
    anyhow!(
        "{errors} {} to mend first",
        if errors == 1 { "fault" } else { "faults" }
    )
}

/// Opens a file that somebody named; `usual` is what such a file is called in a run's output folder.
///
/// # Errors
/// When there is none, with the way out.
pub(crate) fn open_file(path: &Path, what: &str, usual: &str) -> anyhow::Result<File> {
    let shown = path.display();
    if path.is_dir() {
        let inside = path.join(usual);
        let help = if inside.is_file() {
            format!("name the file in it: {}", inside.display())
        } else {
            format!("name a file; a run with --out writes one called {usual}")
        };
        bail!("{what} {shown}: this is a folder\n  help: {help}");
    }
    File::open(path).map_err(|error| {
        let help = match error.kind() {
            io::ErrorKind::NotFound => {
                format!("check the path; a run with --out DIR writes DIR/{usual}")
            }
            _ => "see that you may read it".to_owned(),
        };
        anyhow!("{what} {shown}: {error}\n  help: {help}")
    })
}

/// A count with its noun.
pub(crate) fn count(count: u64, one: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {one}{s}")
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let disk: io::Result<()> = Err(io::Error::other("no room"));
        let error = disk
            .context("cannot write x: no room\n  help: make room")
            .context("the run was stopped")
            .expect_err("it failed");
        assert_eq!(
            with_causes(&error),
            "the run was stopped: cannot write x: no room\n  help: make room"
        );
    }
}
