//! `hamlet check`: every fault of a file, before anything runs.

use std::path::Path;
use std::process::ExitCode;

use hamlet_sim::files::Files;
use hamlet_sim::scenario;

use super::{say, say_err, say_faults};
use crate::cli::CheckArgs;
use crate::library::Library;
use crate::serve::{Config, ConfigSources};

pub(crate) fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut errors = 0;
    for path in &args.files {
        if is_settings(path) {
            let sources = ConfigSources {
                file: Some(path.clone()),
                ..ConfigSources::default()
            };
            match Config::read(&sources) {
                Ok(_) => say(&format!("{}: ok", path.display())),
                Err(why) => {
                    say_err(&format!("{}: error: {why:#}", path.display()));
                    errors += 1;
                }
            }
            continue;
        }
        match scenario::check(path, &Library) {
            Ok(warnings) => {
                say_faults(&warnings);
                let note = match warnings.len() {
                    0 => String::new(),
                    1 => " (1 warning)".to_owned(),
                    more => format!(" ({more} warnings)"),
                };
                say(&format!("{}: ok{note}", path.display()));
            }
            Err(faults) => {
                say_faults(&faults);
                errors += faults.iter().filter(|fault| fault.is_error()).count();
            }
        }
    }
    if errors > 0 {
        say_err(&format!(
            "{errors} {} to mend",
            if errors == 1 { "fault" } else { "faults" }
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a file holds settings of a server rather than a scenario or template.
fn is_settings(path: &Path) -> bool {
    let named = path.extension().is_some_and(|ending| ending == "toml");
    let table = || {
        let bytes = Library.read(path).ok()?;
        std::str::from_utf8(&bytes)
            .ok()?
            .parse::<toml::Table>()
            .ok()
    };
    named && table().is_some_and(|table| Config::is_one(&table))
}
