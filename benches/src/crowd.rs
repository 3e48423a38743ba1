//! `scenarios/crowd.toml`: ten thousand residents with all town rules, beside the pace the project promises.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, anyhow};
use hamlet_sim::files::Disk;
use hamlet_sim::scenario::{self, Loaded, Overrides};
use hamlet_sim::{Village, VillageOptions};

use crate::options::Options;
use crate::report::Bench;

/// Ticks per second that the scenario has to keep.
const GOAL: f64 = 20.0;
/// Ticks of a whole day, so that the rush to work and home is in it; and of a short look.
const TICKS: u64 = 14_400;
const TICKS_QUICK: u64 = 600;

pub(crate) fn run(options: Options) -> anyhow::Result<Bench> {
    let began = Instant::now();
    let loaded = shipped("crowd", Vec::new())?;
    let village_options = VillageOptions {
        threads: options.threads,
        ..VillageOptions::default()
    };
    let mut village = Village::found(loaded.scenario, loaded.map, village_options)?;
    let start_ms = began.elapsed().as_secs_f64() * 1e3;
    let ticks = if options.quick { TICKS_QUICK } else { TICKS };
    let mut millis: Vec<f64> = Vec::with_capacity(ticks as usize);
    for _ in 0..ticks {
        let tick = Instant::now();
        village.tick(None);
        drop(village.take_events());
        millis.push(tick.elapsed().as_secs_f64() * 1e3);
    }
    let rate = ticks as f64 / (millis.iter().sum::<f64>() / 1e3);
    millis.sort_by(f64::total_cmp);
    let p99 = millis[millis.len() * 99 / 100];
    let mut bench = Bench::new("crowd");
    bench.arm("ours", rate, "ticks/s");
    bench.arm("goal", GOAL, "ticks/s");
    bench.arm("ours_tick_p99", p99, "ms");
    bench.arm("ours_start", start_ms, "ms");
    bench.arm(
        "ours_residents",
        f64::from(village.population()),
        "residents",
    );
    bench.ratio("rate_vs_goal", rate / GOAL);
    Ok(bench)
}

/// A shipped scenario with some of its values set to others, as by `--set`.
pub(crate) fn shipped(name: &str, set: Vec<String>) -> anyhow::Result<Loaded> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::env::set_current_dir(&root).context("the repository's folder")?;
    let path = root.join(format!("scenarios/{name}.toml"));
    let overrides = Overrides {
        set,
        ..Overrides::default()
    };
    scenario::load(&path, &Disk, &overrides).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow!("{}: {}", path.display(), lines.join("; "))
    })
}
