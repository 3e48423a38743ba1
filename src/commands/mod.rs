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

use std::io::{self, Write};
use std::process::ExitCode;

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
    anyhow::anyhow!(
        "{errors} {} to mend first",
        if errors == 1 { "fault" } else { "faults" }
    )
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
