//! `hamlet`: a deterministic town of agents, from the command line.

mod cli;
mod commands;
mod library;
mod limits;
mod minds;
mod outputs;
mod serve;
mod stop;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    limits::bear_file_limits();
    match commands::dispatch(cli) {
        Ok(code) => code,
        Err(error) => {
            commands::complain(&error);
            ExitCode::FAILURE
        }
    }
}
