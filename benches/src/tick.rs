//! A million agents on one map: perceive 5×5 tiles, choose by utility, move without collision.
//!
//! Our arm is the product's [`Space`] through its own door. Beside it, in the same run and with the same rule of choice:
//! the Bevy kernel one writes first (`naive`), and a plain store sorted by chunk, written with care (`sorted_soa`).
//! Rounds of all arms take turns, so that whatever else the machine does hits them alike; figures are medians.

mod naive;
mod sorted_soa;

use std::time::Instant;

use anyhow::{Context, anyhow, ensure};
use hamlet_protocol::map::{Bitmap, TownMap};
use hamlet_sim::space::Space;

use self::naive::Naive;
use self::sorted_soa::SortedSoa;
use crate::heap::measured;
use crate::options::Options;
use crate::report::Bench;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opts {
    /// Agents.
    pub(crate) agents: u32,
    /// Columns and rows of the map.
    pub(crate) side: u32,
    /// Rounds per arm.
    pub(crate) rounds: u32,
    /// Ticks per round; every store is sorted after 16, so a multiple of that counts all of its cost.
    pub(crate) ticks: u32,
}

impl Default for Opts {
    fn default() -> Self {
        Self {
            agents: 1_000_000,
            side: 2048,
            rounds: 7,
            ticks: 32,
        }
    }
}

impl From<Options> for Opts {
    fn from(options: Options) -> Self {
        if options.quick {
            Self {
                agents: 100_000,
                side: 640,
                rounds: 3,
                ticks: 16,
            }
        } else {
            Self::default()
        }
    }
}

const SEED: u64 = 7;
/// Milliseconds that the goal gives from the map to the end of the first tick, with a million walkers.
const START_GOAL_MS: f64 = 250.0;
/// Bytes that an agent may cost.
const BYTES_GOAL: f64 = 128.0;

/// Something that can be driven tick by tick.
trait Arm {
    fn advance(&mut self, tick: u64);
}

struct Ours(Space);

impl Arm for Ours {
    fn advance(&mut self, tick: u64) {
        self.0.advance(SEED, tick);
    }
}

/// Runs all arms.
pub(crate) fn run(opts: Opts) -> anyhow::Result<Bench> {
    ensure!(
        opts.agents > 0 && opts.rounds > 0 && opts.ticks > 0,
        "agents, rounds and ticks must be at least 1"
    );
    let map = field(opts.side);
    let (one, start_ms) = ours(&map, opts, 1)?;
    let (two, start_again_ms) = ours(&map, opts, 2)?;
    let own_bytes = one.0.memory_bytes() as f64;
    let (bevy, bevy_bytes) = measured(|| Naive::new(opts.side, opts.agents, SEED, 2));
    let mut arms: [(&str, Box<dyn Arm>); 4] = [
        ("ours_1thread", Box::new(one)),
        ("ours", Box::new(two)),
        (
            "sorted_soa",
            Box::new(SortedSoa::new(opts.side, opts.agents, SEED, 2)?),
        ),
        ("naive", Box::new(bevy)),
    ];
    let mut rates = [const { Vec::new() }; 4];
    // The first round warms up and is thrown away.
    for round in 0..=opts.rounds {
        for ((_, arm), rates) in arms.iter_mut().zip(&mut rates) {
            let start = Instant::now();
            for tick in 0..opts.ticks {
                arm.advance(u64::from(round * opts.ticks + tick));
            }
            rates.push(
                f64::from(opts.agents) * f64::from(opts.ticks) / start.elapsed().as_secs_f64(),
            );
        }
    }
    check_determinism(&map, opts)?;

    let [one, ours, sorted_soa, naive] = rates.map(|rates| median(&rates[1..]));
    let mut bench = Bench::new("tick");
    for ((name, _), value) in arms.iter().zip([one, ours, sorted_soa, naive]) {
        bench.arm(*name, value, "agent-updates/s");
    }
    let agents = f64::from(opts.agents);
    bench.arm("ours_bytes_per_agent", own_bytes / agents, "B");
    bench.arm("naive_bytes_per_agent", bevy_bytes / agents, "B");
    let start_ms = start_ms.min(start_again_ms);
    bench.arm("start_ms", start_ms, "ms");
    bench.arm("goal_start", START_GOAL_MS, "ms");
    bench.arm("goal_bytes_per_agent", BYTES_GOAL, "B");
    bench.ratio("rate_vs_naive", ours / naive);
    bench.ratio("rate_vs_sorted_soa", ours / sorted_soa);
    bench.ratio("threads_2_vs_1", ours / one);
    bench.ratio("bytes_vs_naive", own_bytes / bevy_bytes);
    bench.ratio("time_vs_goal_start", start_ms / START_GOAL_MS);
    bench.ratio("bytes_vs_goal", own_bytes / agents / BYTES_GOAL);
    Ok(bench)
}

/// A space with all its walkers, and how long it took from the map to the end of the first tick, in milliseconds.
fn ours(map: &TownMap, opts: Opts, threads: usize) -> anyhow::Result<(Ours, f64)> {
    let start = Instant::now();
    let mut space = Space::new(map);
    space.set_threads(threads).map_err(|error| anyhow!(error))?;
    let walkers = space.spawn_walkers(opts.agents, SEED);
    space.advance(SEED, u64::MAX);
    let start_ms = start.elapsed().as_secs_f64() * 1000.0;
    ensure!(
        walkers.len() == opts.agents as usize,
        "{} agents do not fit on the map",
        opts.agents
    );
    Ok((Ours(space), start_ms))
}

/// One thread and two must agree on every body.
fn check_determinism(map: &TownMap, opts: Opts) -> anyhow::Result<()> {
    let [one, two] = [1, 2].map(|threads| {
        let (mut ours, _) = ours(map, opts, threads)?;
        (0..40).for_each(|tick| ours.advance(tick));
        anyhow::Ok(ours.0.image())
    });
    let (one, two) = (one.context("one thread")?, two.context("two threads")?);
    ensure!(one == two, "one thread and two came to different worlds");
    Ok(())
}

/// Grass, nothing else.
fn field(side: u32) -> TownMap {
    TownMap {
        name: "field".into(),
        width: side,
        height: side,
        tile_px: (16, 16),
        blocked: Bitmap::new(side as usize * side as usize),
        landmarks: vec![],
        zones: vec![],
        layers: vec![],
        tilesets: vec![],
    }
}

/// The middle one of some figures.
pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
