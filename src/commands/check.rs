//! `hamlet check`: every fault of a file, before anything runs.

use std::process::ExitCode;

use hamlet_sim::scenario;

use super::{say, say_faults};
use crate::cli::CheckArgs;
use crate::library::Library;

pub(crate) fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut errors = 0;
    for path in &args.files {
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
        super::say_err(&format!(
            "{errors} {} to mend",
            if errors == 1 { "fault" } else { "faults" }
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
