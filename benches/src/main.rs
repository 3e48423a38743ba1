//! Hamlet beside its reference arms, in one run on one machine.

mod api_read;
mod api_write;
mod crowd;
mod feed;
mod heap;
mod ledger;
mod load;
mod lockstep;
mod measure;
mod memory;
mod mocks;
mod net;
mod options;
mod paths;
mod peers;
mod process;
mod report;
mod scale;
mod start;
mod thoughts;
mod tick;
#[cfg(feature = "viewer")]
mod viewer;
mod votes;
mod ws;

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use crate::options::{Options, Sizes};
use crate::report::Bench;

#[global_allocator]
static HEAP: heap::Counting = heap::Counting;

/// Every bench there is: its name, what it compares, and how to run it.
/// A new one is a module with `pub(crate) fn run(options: Options) -> Result<Bench>` and a line here.
const BENCHES: &[(&str, &str, fn(Options) -> Result<Bench>)] = &[
    (
        "tick",
        "a million walkers perceive, choose and move, beside a naive Bevy kernel and a sorted store",
        |options| tick::run(options.into()),
    ),
    (
        "paths",
        "ten thousand people cross a town by flow fields, beside A* for each",
        |options| paths::run(options.into()),
    ),
    (
        "crowd",
        "the shipped crowd with all town rules, beside the pace it has to keep",
        crowd::run,
    ),
    (
        "memory",
        "what a resident costs in bytes of heap after a day with all town rules, beside the goal",
        memory::run,
    ),
    (
        "ledger",
        "transfers with all checks and the chain of hashes, beside bare balances and the pace it has to keep",
        ledger::run,
    ),
    (
        "peers",
        "Schelling, flocking and wolf–sheep on the modelling surface, beside plain Rust and krABMaga",
        peers::run,
    ),
    (
        "api-write",
        "durable posts over HTTP, beside one transaction per request and a bare group commit",
        api_write::run,
    ),
    (
        "api-read",
        "an agent by id and the whole town over HTTP, beside a pool, a bare hello and a static body",
        api_read::run,
    ),
    (
        "feed",
        "the hot feed and posts of a board with a million posts over HTTP, beside a pool and a bare hello",
        feed::run,
    ),
    (
        "votes",
        "durable votes over HTTP, beside the same rows upserted raw",
        votes::run,
    ),
    (
        "scale",
        "a hundred thousand agents, a million posts and three million comments: start, memory, first answers",
        scale::run,
    ),
    (
        "ws",
        "a tick's news to a thousand WebSockets, beside one flush per message",
        ws::run,
    ),
    (
        "start",
        "a served town's start after a clean stop, beside bare axum with SQLite",
        start::run,
    ),
    (
        "thoughts",
        "a wave of thoughts over endpoints with prefix caches, beside round-robin, least-loaded and the ideal; 512 in flight; a thousand who think",
        thoughts::run,
    ),
    (
        "lockstep",
        "residents who think, in lockstep, beside a global barrier and the critical path",
        lockstep::run,
    ),
    (
        "load",
        "ticks with the API at half of what it bears, beside ticks in silence",
        load::run,
    ),
    #[cfg(feature = "viewer")]
    (
        "viewer",
        "pictures a second of ten thousand people on 256×256 tiles, beside the bare map",
        viewer::run,
    ),
];

/// Runs benches: ours and the reference arms side by side, with the ratios between them.
#[derive(Parser, Debug)]
#[command(name = "hamlet-bench", after_help = list())]
struct Args {
    /// Which benches; `all` runs every one.
    #[arg(required = true)]
    what: Vec<String>,
    /// Also writes the figures to this file: an object, or an array of them for several benches.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Few rounds and small worlds: to see that it works, not to compare.
    #[arg(long)]
    quick: bool,
    /// Most threads an arm may use; all cores if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Seed of every chance.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    #[command(flatten)]
    sizes: Sizes,
}

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    match words.next().as_deref() {
        Some(start::RAW_SERVER) => {
            let (Some(address), Some(file)) = (words.next(), words.next()) else {
                bail!("the reference server needs an address and a file");
            };
            return start::serve_raw(&address, file.as_ref());
        }
        Some(scale::GROWER) => return scale::grow_as_told(words),
        _ => {}
    }
    let args = Args::parse();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let options = Options {
        quick: args.quick,
        threads: args.threads.map_or(cores, usize::from),
        seed: u64::from(args.seed),
        sizes: args.sizes,
    };
    let chosen = chosen(&args.what)?;
    if let Some(file) = &args.json {
        // Now, not after minutes of measuring.
        std::fs::File::options()
            .append(true)
            .create(true)
            .open(file)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let mut out = io::stdout().lock();
    if cfg!(debug_assertions) {
        writeln!(
            out,
            "note: this is a debug build, its figures mean nothing; use `cargo run --release -p hamlet-bench`"
        )?;
    }
    let Options {
        quick,
        threads,
        seed,
        ..
    } = options;
    let how = if quick {
        "quick, not to be compared"
    } else {
        "in full"
    };
    writeln!(
        out,
        "{cores} cores, up to {threads} threads, seed {seed}, {how}"
    )?;
    let mut found = Vec::new();
    for (name, _, run) in chosen {
        let bench = run(options).with_context(|| format!("bench {name}"))?;
        writeln!(out, "{bench}")?;
        found.push(bench);
    }
    if let Some(file) = args.json {
        let text = match found.as_slice() {
            [one] if args.what != ["all"] => serde_json::to_string_pretty(one)?,
            several => serde_json::to_string_pretty(several)?,
        };
        std::fs::write(&file, text + "\n")
            .with_context(|| format!("writing {}", file.display()))?;
    }
    let faults = found.iter().map(|bench| bench.faults.len()).sum::<usize>();
    ensure!(
        faults == 0,
        "{faults} arms did not do what they should have done; see FAULT above"
    );
    Ok(())
}

/// The benches of these names, in the order of the list.
fn chosen(
    names: &[String],
) -> Result<Vec<(&'static str, &'static str, fn(Options) -> Result<Bench>)>> {
    for name in names {
        if name != "all" && !BENCHES.iter().any(|(known, ..)| known == name) {
            bail!("there is no bench {name:?}\n{}", list());
        }
    }
    let all = names.iter().any(|name| name == "all");
    Ok(BENCHES
        .iter()
        .filter(|(known, ..)| all || names.iter().any(|name| name == known))
        .copied()
        .collect())
}

fn list() -> String {
    let lines: Vec<String> = BENCHES
        .iter()
        .map(|(name, about, _)| format!("  {name:9} {about}"))
        .collect();
    format!(
        "Benches:\n{}\n  all       every one of them",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> Result<Vec<&'static str>> {
        let asked: Vec<String> = of.iter().map(|&name| name.to_owned()).collect();
        Ok(chosen(&asked)?.into_iter().map(|(name, ..)| name).collect())
    }

    #[test]
    fn an_unknown_name_lists_what_exists() {
        let message = names(&["peers", "pears"]).map_err(|error| error.to_string());
        let message = message.expect_err("there is no such bench");
        assert!(
            message.contains("\"pears\"") && message.contains("  peers "),
            "{message}"
        );
    }

    #[test]
    fn all_is_every_bench_once() {
        assert_eq!(
            names(&["all", "peers"]).expect("known").len(),
            BENCHES.len()
        );
        assert_eq!(names(&["peers"]).expect("known"), ["peers"]);
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory as _;
        Args::command().debug_assert();
    }
}
