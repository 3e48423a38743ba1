//! What the API costs the village: ticks while nobody asks, beside ticks while the API is at half of what it bears.
//!
//! The load is nine reads to one post. It takes turns with silence, so that both see the same days of the same village.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use hamlet_api::metrics::TickTimes;
use hamlet_store::Durability;

use crate::api_write::posts;
use crate::crowd::shipped;
use crate::net::CONNECTIONS;
use crate::net::load::{Load, Script, request};
use crate::net::ours::{Database, Ours};
use crate::options::Options;
use crate::report::Bench;

/// Ticks in a second: five times as many as the town has, for more of them in less time.
const HZ: u32 = 50;
/// Of so many requests one is a post.
const POST_EVERY: u64 = 10;

pub(crate) fn run(options: Options) -> Result<Bench> {
    let loaded = shipped("town", vec![format!("time.tick_hz={HZ}")])?;
    let ours = Ours::start(loaded, &Database::Sqlite(Durability::Full))?;
    let keys = ours.register(CONNECTIONS)?;
    let script = mixed(&keys);
    let (warm, span) = if options.quick {
        (Duration::from_millis(100), Duration::from_millis(500))
    } else {
        (Duration::from_secs(1), Duration::from_secs(4))
    };
    let load = |rate| Load {
        address: ours.address,
        connections: CONNECTIONS,
        script: Arc::clone(&script),
        warm,
        time: span,
        rate,
    };
    let saturation = load(None).run()?.rate;
    let mut idle = Vec::new();
    let mut busy = Vec::new();
    let mut answered = 0.0;
    let mut faults = 0;
    let rounds = options.rounds(4);
    for _ in 0..rounds {
        std::thread::sleep(warm);
        ticks(&ours);
        std::thread::sleep(span);
        idle.extend(ticks(&ours));
        let half = load(Some(saturation / 2.0)).run()?;
        busy.extend(ticks(&ours));
        answered += half.rate / rounds as f64;
        faults += half.faults;
    }
    ours.stop()?;
    ensure!(
        idle.len() > 10 && busy.len() > 10,
        "the village hardly ticked"
    );
    let mut bench = Bench::new("load");
    bench.arm("ours_saturation", saturation, "answers/s");
    bench.arm("ours_half", answered, "answers/s");
    let cpu = |times: &[TickTimes]| p99(times, |times| times.cpu);
    let late = |times: &[TickTimes]| p99(times, |times| times.late);
    bench.arm("idle_cpu_p99", cpu(&idle), "ms");
    bench.arm("half_cpu_p99", cpu(&busy), "ms");
    bench.arm("idle_late_p99", late(&idle), "ms");
    bench.arm("half_late_p99", late(&busy), "ms");
    bench.ratio("cpu_p99_vs_idle", cpu(&busy) / cpu(&idle));
    bench.ratio("late_p99_vs_period", late(&busy) / (1e3 / f64::from(HZ)));
    bench.note(format!(
        "{} idle ticks, {} busy ones",
        idle.len(),
        busy.len()
    ));
    if faults > 0 {
        bench.fault(format!("{faults} answers were refusals"));
    }
    Ok(bench)
}

/// The ticks since this was last asked.
fn ticks(ours: &Ours) -> Vec<TickTimes> {
    ours.app.metrics.pump.take_recent_ticks()
}

fn p99(times: &[TickTimes], of: impl Fn(&TickTimes) -> Duration) -> f64 {
    let mut millis: Vec<f64> = times.iter().map(|it| of(it).as_secs_f64() * 1e3).collect();
    millis.sort_by(f64::total_cmp);
    millis[(millis.len() - 1) * 99 / 100]
}

fn mixed(keys: &[String]) -> Script {
    let posts = posts(keys, 0);
    let keys = keys.to_vec();
    Arc::new(move |connection, n, into| {
        if n % POST_EVERY == 0 {
            return posts(connection, n, into);
        }
        let path = ["/api/v1/world", "/api/v1/agents/me", "/api/v1/posts"][n as usize % 3];
        request(into, "GET", path, Some(&keys[connection]), "");
    })
}
