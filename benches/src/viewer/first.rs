//! How long `hamlet view` takes to a first picture of the default town, from its process's first moment on.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::measure::median;
use crate::options::Options;
use crate::report::Bench;
use crate::start::{Running, answers, beside, free};

/// Seconds that the goal gives.
const GOAL_SECS: f64 = 5.0;
/// Longest time a village may take to its start.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn picture(options: Options, bench: &mut Bench) -> Result<()> {
    let hamlet = beside()?;
    let folder = TempDir::new()?;
    let listen = free()?;
    let village = Command::new(&hamlet)
        .args(["serve", "--listen", &listen.to_string(), "--data"])
        .arg(folder.path().join("home"))
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("the village does not start")?;
    let mut village = Running(village);
    let began = Instant::now();
    while !answers(listen, "/readyz") {
        ensure!(began.elapsed() < PATIENCE, "the village is never ready");
        if let Some(status) = village.0.try_wait()? {
            bail!("the village ended at once: {status}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut times = Vec::new();
    for round in 0..=options.rounds(7) {
        let file = folder.path().join(format!("{round}.png"));
        let began = Instant::now();
        let status = Command::new(&hamlet)
            .args(["view", "--headless", "--frames", "0", "--connect"])
            .arg(format!("http://{listen}"))
            .arg("--screenshot")
            .arg(&file)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("the window does not start")?;
        let secs = began.elapsed().as_secs_f64();
        ensure!(
            status.success() && file.is_file(),
            "there is no picture: {status}"
        );
        // The first one warms the machine up.
        if round > 0 {
            times.push(secs);
        }
    }
    let secs = median(times);
    bench.arm("first_picture", secs, "s");
    bench.arm("goal_first_picture", GOAL_SECS, "s");
    bench.ratio("time_vs_goal_first_picture", secs / GOAL_SECS);
    bench.note("first picture: the whole process, with twenty frames before the picture, the picture written, and the end");
    Ok(())
}
