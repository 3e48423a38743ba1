//! How many pictures a second the window draws of a large town, beside the bare map; what an hour of replay leaves in memory; and how long until there is a first picture.
//!
//! `tilemap`: the same tiles, camera and device, and nothing else. Arms take turns, so that a machine that slows down slows both.

mod first;
mod memory;

use anyhow::{Context, Result};
use hamlet_viewer::bench::{Frames, Load, frames};

use crate::measure::median;
use crate::options::Options;
use crate::report::Bench;

/// Pixels of the picture.
const SIZE: (u32, u32) = (1_280, 800);
/// Part of the bare map's frame rate that the whole must have.
const GOAL: f64 = 0.8;
/// Longest frame in a hundred, as a multiple of the median.
const STEADY_GOAL: f64 = 2.0;

pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("viewer");
    pictures(options, &mut bench)?;
    memory::flat(options, &mut bench)?;
    first::picture(options, &mut bench)?;
    Ok(bench)
}

fn pictures(options: Options, bench: &mut Bench) -> Result<()> {
    let (side, people, count) = if options.quick {
        (64, 600, 60)
    } else {
        (256, 10_000, 400)
    };
    let draw = |load| {
        frames(load, side, SIZE, count)
            .context("nothing can be drawn here: a Vulkan driver is needed, software ones do")
    };
    let (mut bare, mut whole) = (Vec::new(), Vec::new());
    let mut last = Frames::default();
    for _ in 0..if options.quick { 1 } else { 3 } {
        bare.extend(draw(Load::Map)?.millis);
        last = draw(Load::Town { people })?;
        whole.extend(last.millis.iter().copied());
    }
    let p99 = percentile(&mut whole, 0.99);
    let (bare, whole) = (median(bare), median(whole));
    bench.arm("ours", 1_000.0 / whole, "frames/s");
    bench.arm("tilemap", 1_000.0 / bare, "frames/s");
    bench.arm("ours_median", whole, "ms");
    bench.arm("ours_p99", p99, "ms");
    bench.arm("people_in_view", last.seen as f64, "people");
    bench.ratio("rate_vs_tilemap", bare / whole);
    bench.ratio("rate_vs_goal", bare / whole / GOAL);
    bench.ratio("p99_vs_median", p99 / whole);
    bench.note(format!(
        "{people} people on {side}×{side} tiles at {}×{}; goals: {GOAL} of the map's rate, p99 at most {STEADY_GOAL} medians",
        SIZE.0, SIZE.1
    ));
    // Otherwise it was another load than the goal is for.
    if last.seen < people as usize / 8 {
        bench.fault(format!(
            "only {} of {people} people were in view",
            last.seen
        ));
    }
    Ok(())
}

/// The value below which this part of the values lies.
fn percentile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let at = (values.len() as f64 * part) as usize;
    values.get(at.min(last)).copied().unwrap_or(0.0)
}
