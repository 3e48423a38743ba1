//! What an hour of replay leaves in memory: the first third fills what is bounded, and from then on nothing may grow.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use hamlet_viewer::bench::{HOUR_TICKS, replayed};

use super::SIZE;
use crate::heap;
use crate::options::Options;
use crate::report::Bench;

/// People of the town that is replayed.
const PEOPLE: u32 = 1_000;
/// Tiles of a side of its map.
const SIDE: u32 = 128;
/// Ticks between two pictures.
const TICKS_PER_FRAME: u64 = 60;
/// What the last third may have at most, as a multiple of the second.
const GOAL: f64 = 1.05;

/// What was in use after so many ticks.
#[derive(Clone, Copy, Debug)]
struct Reading {
    tick: u64,
    /// Heap bytes.
    heap: f64,
    /// Pages in memory, with what the driver has; `None`: this system does not say.
    resident: Option<f64>,
}

pub(super) fn flat(options: Options, bench: &mut Bench) -> Result<()> {
    let ticks = if options.quick { 1_200 } else { HOUR_TICKS };
    let readings = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&readings);
    let note = move |tick| {
        let reading = Reading {
            tick,
            heap: heap::live(),
            resident: resident(),
        };
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(reading);
    };
    let played = || replayed(PEOPLE, SIDE, SIZE, ticks, TICKS_PER_FRAME, note);
    heap::measured(played).0?;
    let readings = readings.lock().unwrap_or_else(PoisonError::into_inner);
    let third = ticks / 3;
    let most = |from: u64, until: u64, value: fn(&Reading) -> Option<f64>| {
        let within = readings
            .iter()
            .filter(|it| (from..=until).contains(&it.tick));
        within.filter_map(value).fold(0.0, f64::max)
    };
    let heap = |it: &Reading| Some(it.heap);
    let (middle, end) = (most(third, 2 * third, heap), most(2 * third, ticks, heap));
    bench.arm("replay_heap_middle", middle / 1e6, "MB");
    bench.arm("replay_heap_end", end / 1e6, "MB");
    bench.ratio("replay_heap_end_vs_middle", end / middle);
    let pages = |it: &Reading| it.resident;
    let (middle, end) = (most(third, 2 * third, pages), most(2 * third, ticks, pages));
    if middle > 0.0 {
        bench.ratio("replay_resident_end_vs_middle", end / middle);
    }
    bench.note(format!(
        "replay: {ticks} ticks of {PEOPLE} people, a line at each and a post at every tenth; goal: the last third at most {GOAL} times the second"
    ));
    Ok(())
}

/// Pages of this process that are in memory.
fn resident() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split_whitespace().nth(1)?.parse().ok()
}
