//! `hamlet serve`, `hamlet` and `hamlet config`.

use std::process::ExitCode;

use super::say;
use crate::cli::ServeArgs;
use crate::serve::{Config, ConfigSources, is_of_scenario, live};

pub(crate) fn serve(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    live(&Config::read(&sources(args))?, &of_scenario(args), None)?;
    Ok(ExitCode::SUCCESS)
}

/// The fields of the scenario among what is set.
pub(super) fn of_scenario(args: &ServeArgs) -> Vec<String> {
    let of_scenario = args.set.iter().filter(|set| is_of_scenario(set));
    of_scenario.cloned().collect()
}

/// Shows what the settings come to.
pub(crate) fn config(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    say(Config::read(&sources(args))?.shown()?.trim_end());
    Ok(ExitCode::SUCCESS)
}

pub(super) fn sources(args: &ServeArgs) -> ConfigSources {
    ConfigSources {
        file: args.config.clone(),
        set: args.set.clone(),
        listen: args.listen,
        db: args.db.clone(),
        scenario: args.scenario.clone(),
        data: args.data.clone(),
        minds: args.minds.clone(),
    }
}
