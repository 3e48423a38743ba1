//! What a village of a thousand residents who think takes, as it is served: processor time and memory of the one process.
//!
//! The built `hamlet` (beside the bench's own file) serves a generated town at the pace of the default one, all its residents with `mind = "llm"`,
//! who are asked as often as the settings have it from the first; scripted servers in this process answer as slowly as real ones.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use hamlet_agents::mock::MockServer;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::mocks::{self, MODEL};
use crate::options::Options;
use crate::process::{cpu_secs, memory};
use crate::report::Bench;
use crate::start::{Running, answers, beside, free};

/// Residents.
const RESIDENTS: u32 = 1_000;
const RESIDENTS_QUICK: u32 = 25;
/// Servers of models.
const ENDPOINTS: usize = 4;
/// Cores and megabytes that they may take.
const CORES_GOAL: f64 = 1.0;
const MEGABYTES_GOAL: f64 = 300.0;
/// How long it lives before it is watched, so that everybody has had a few thoughts, and how long it is watched.
const WARM: Duration = Duration::from_secs(30);
const WARM_QUICK: Duration = Duration::from_secs(3);
const WATCHED: Duration = Duration::from_secs(20);
const WATCHED_QUICK: Duration = Duration::from_secs(2);
/// Longest time a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(bench: &mut Bench, runtime: &Runtime, options: Options) -> Result<()> {
    let (residents, warm, watched) = match options.quick {
        true => (RESIDENTS_QUICK, WARM_QUICK, WATCHED_QUICK),
        false => (RESIDENTS, WARM, WATCHED),
    };
    let servers = runtime.block_on(mocks::start(ENDPOINTS, &mocks::chat(1.0, options.seed)))?;
    // It goes after the process that writes into it.
    let folder = TempDir::new().context("the system gives no folder")?;
    let listen = free()?;
    let mut command = village(folder.path(), listen, residents, &servers)?;
    let mut running = Running(command.spawn().context("the village does not start")?);
    let began = Instant::now();
    while !answers(listen, "/readyz") {
        ensure!(began.elapsed() < PATIENCE, "/readyz is never answered");
        alive(&mut running)?;
        sleep(Duration::from_millis(20));
    }
    sleep(warm);
    let who = running.0.id().to_string();
    let (cpu_before, thoughts_before) = (cpu_secs(&who), mocks::answers(&servers));
    let began = Instant::now();
    sleep(watched);
    let (cpu_after, thoughts_after) = (cpu_secs(&who), mocks::answers(&servers));
    let secs = began.elapsed().as_secs_f64();
    alive(&mut running)?;
    let (Some(before), Some(after)) = (cpu_before, cpu_after) else {
        bail!("the system does not tell what the village takes");
    };
    let cores = (after - before) / secs;
    let megabytes = memory(&who, "VmRSS:") as f64 / 1e6;
    let peak = memory(&who, "VmHWM:") as f64 / 1e6;
    let rate = (thoughts_after - thoughts_before) as f64 / secs;
    bench.arm(format!("ours_{residents}_cores"), cores, "cores");
    bench.arm(format!("ours_{residents}_memory"), megabytes, "MB");
    bench.arm(format!("ours_{residents}_memory_peak"), peak, "MB");
    bench.arm(format!("ours_{residents}_answers"), rate, "answers/s");
    bench.arm(format!("goal_{residents}_cores"), CORES_GOAL, "cores");
    bench.arm(format!("goal_{residents}_memory"), MEGABYTES_GOAL, "MB");
    bench.ratio(format!("cores_vs_goal_{residents}"), cores / CORES_GOAL);
    let share = megabytes / MEGABYTES_GOAL;
    bench.ratio(format!("memory_vs_goal_{residents}"), share);
    bench.note(format!(
        "{residents} residents who think, served by a process of its own; half of the answers take {:.1} s or less",
        mocks::MEDIAN_SECS
    ));
    if thoughts_after == thoughts_before {
        bench.fault(format!("{residents} residents: nobody thought"));
    }
    Ok(())
}

/// The village as somebody would serve it.
fn village(
    folder: &Path,
    listen: SocketAddr,
    residents: u32,
    servers: &[MockServer],
) -> Result<Command> {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/crowd.toml");
    let mut command = Command::new(beside()?);
    command
        .arg("serve")
        .args(["--listen", &listen.to_string()])
        .arg("--data")
        .arg(folder.join("home"))
        .arg("--scenario")
        .arg(scenario)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for set in [
        "map={ generate = \"town\", width = 320, height = 320, homes = 900, seed = 1 }".to_owned(),
        format!("population.0.count={residents}"),
        "population.0.mind=\"llm\"".to_owned(),
        "time.start=\"2026-02-01T10:00:00Z\"".to_owned(),
        "time.tick_hz=10".to_owned(),
    ] {
        command.args(["--set", &set]);
    }
    for server in servers {
        command.args(["--llm", &server.base_url()]);
    }
    command.args(["--model", MODEL]);
    Ok(command)
}

fn alive(running: &mut Running) -> Result<()> {
    match running.0.try_wait()? {
        None => Ok(()),
        Some(status) => bail!("the village ended by itself: {status}"),
    }
}
