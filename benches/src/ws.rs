//! A thousand clients of `/ws/world` and a village with ten milliseconds to a tick.
//!
//! What counts is things told: a body that moved, a word that was said. Ours puts those of a tick into one message, and encodes it once for all.
//! `flush`: bare axum with one message for each thing, each flushed, as the obvious server does it; the same number of things per tick.
//! A tick's latency is from the moment its outcome is public to the moment when a client has all of it, over all clients and ticks.

mod client;
mod flush;
mod frames;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hamlet_protocol::view::WorldView;
use hamlet_store::Durability;

use self::client::{Heard, Listeners};
use crate::crowd::shipped;
use crate::heap;
use crate::net::ours::{Database, Ours};
use crate::options::Options;
use crate::report::Bench;

/// Ticks in a second.
const HZ: u32 = 100;
/// Ticks whose moments are kept.
const TICKS_MAX: usize = 1 << 16;
/// Time for which clients listen before anything is measured.
const WARM: Duration = Duration::from_millis(500);

/// When each tick became public and how many things it told, by its number.
type Moments = Arc<Vec<OnceLock<(Instant, u32)>>>;

fn moments() -> Moments {
    Arc::new((0..TICKS_MAX).map(|_| OnceLock::new()).collect())
}

/// How much happens: a walker takes a step in about every tick.
const VARIANTS: &[(&str, u32)] = &[
    // About a million things a second for a thousand clients.
    ("1m", 12),
    // More than one message each could ever carry.
    ("dense", 120),
];

pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("ws");
    let clients = if options.quick { 50 } else { 1_000 };
    let time = Duration::from_secs(if options.quick { 1 } else { 5 });
    for &(name, walkers) in VARIANTS {
        let (own, bytes) = ours(walkers, clients, time)?;
        let things = own.things_a_tick();
        let (server, told) = flush::start((things.round() as usize).max(1))?;
        let (flush, _) = listen(server.address, "/", clients, time, &told)?;
        drop(server);
        for (arm, heard) in [("ours", &own), ("flush", &flush)] {
            bench.arm(format!("{arm}_{name}"), heard.rate(), "things/s");
            bench.arm(format!("{arm}_{name}_p99"), heard.p99_ms(), "ms");
        }
        if name == "1m" {
            bench.arm("ours_bytes_per_connection", bytes / clients as f64, "B");
        }
        bench.ratio(format!("rate_vs_flush_{name}"), own.rate() / flush.rate());
        bench.ratio(
            format!("p99_vs_flush_{name}"),
            own.p99_ms() / flush.p99_ms(),
        );
        bench.note(format!(
            "{name}: {things:.1} things a tick, {HZ} ticks a second, {clients} clients"
        ));
    }
    bench.note("bytes per connection are heap of server and client together, kernel buffers aside");
    Ok(bench)
}

/// Ours with so many walkers: what was heard, and the heap bytes that its clients cost.
fn ours(walkers: u32, clients: usize, time: Duration) -> Result<(Heard, f64)> {
    let loaded = shipped(
        "empty",
        vec![
            format!("time.tick_hz={HZ}"),
            format!("population.0.count={walkers}"),
        ],
    )?;
    let ours = Ours::start(loaded, &Database::Sqlite(Durability::Full))?;
    let told = moments();
    let noted = Arc::clone(&told);
    let (mut beats, mut before) = (ours.app.published.listen(), ours.app.published.view());
    let noting = std::thread::spawn(move || {
        while let Ok(beat) = beats.blocking_recv() {
            if let Some(moment) = noted.get(beat.view.tick as usize).filter(|_| beat.ticked) {
                moment.get_or_init(|| (beat.shown, moved(&before, &beat.view)));
                before = beat.view;
            }
        }
    });
    let heard = listen(ours.address, "/api/v1/ws/world", clients, time, &told)?;
    ours.stop()?;
    ensure!(noting.join().is_ok(), "noting ticks panicked");
    Ok(heard)
}

/// How many bodies are elsewhere, or otherwise, than before.
fn moved(before: &WorldView, now: &WorldView) -> u32 {
    let changed = |no: &usize| before.bodies.get(*no) != now.bodies.get(*no);
    (0..now.bodies.len()).filter(changed).count() as u32
}

/// What so many clients hear, and the heap bytes that they and their server hold for it.
fn listen(
    address: SocketAddr,
    path: &str,
    clients: usize,
    time: Duration,
    told: &Moments,
) -> Result<(Heard, f64)> {
    let (listeners, bytes) = heap::measured(|| -> Result<Listeners> {
        let mut listeners = Listeners::connect(address, path, clients)?;
        listeners.listen(WARM, told)?;
        Ok(listeners)
    });
    let heard = listeners?.listen(time, told)?;
    ensure!(heard.ticks() > 0, "nothing was heard");
    Ok((heard, bytes))
}
