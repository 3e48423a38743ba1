//! How long a served village takes from its process's first moment to its first answers, after a clean stop.
//!
//! `raw`: a process of its own with bare axum, which opens a SQLite file and reads one row before it answers.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::measure::median;
use crate::options::Options;
use crate::report::Bench;

/// The first argument by which this program becomes the reference server.
pub(crate) const RAW_SERVER: &str = "__raw-server";
/// Milliseconds that the goals give.
const LIVEZ_GOAL_MS: f64 = 50.0;
const READYZ_GOAL_MS: f64 = 250.0;
/// Longest time a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run(options: Options) -> Result<Bench> {
    let hamlet = beside()?;
    let folder = TempDir::new()?;
    let data = folder.path().join("home");
    let serve = |listen: SocketAddr| {
        let mut command = Command::new(&hamlet);
        command
            .arg("serve")
            .args(["--listen", &listen.to_string(), "--data"])
            .arg(&data)
            .current_dir(folder.path());
        command
    };
    let file = folder.path().join("raw.db");
    let raw = |listen: SocketAddr| -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(RAW_SERVER).arg(listen.to_string()).arg(&file);
        Ok(command)
    };
    // The first start founds the village, or the file; it is not counted.
    let mut times: [Vec<f64>; 3] = Default::default();
    for round in 0..=options.rounds(15) {
        let listen = free()?;
        let own = time(serve(listen), listen, &["/livez", "/readyz"])?;
        let listen = free()?;
        let bare = time(raw(listen)?, listen, &["/"])?;
        if round > 0 {
            let found = own.into_iter().chain(bare);
            for (times, millis) in times.iter_mut().zip(found) {
                times.push(millis);
            }
        }
    }
    let [livez, readyz, raw] = times.map(median);
    let mut bench = Bench::new("start");
    bench.arm("ours_livez", livez, "ms");
    bench.arm("ours_readyz", readyz, "ms");
    bench.arm("raw", raw, "ms");
    bench.arm("goal_livez", LIVEZ_GOAL_MS, "ms");
    bench.arm("goal_readyz", READYZ_GOAL_MS, "ms");
    bench.ratio("time_vs_raw_livez", livez / raw);
    bench.ratio("time_vs_raw_readyz", readyz / raw);
    bench.ratio("time_vs_goal_livez", livez / LIVEZ_GOAL_MS);
    bench.ratio("time_vs_goal_readyz", readyz / READYZ_GOAL_MS);
    Ok(bench)
}

/// The program itself, built as this one is.
pub(crate) fn beside() -> Result<PathBuf> {
    let hamlet = std::env::current_exe()?.with_file_name("hamlet");
    ensure!(
        hamlet.is_file(),
        "there is no {}: build it the same way first, such as `cargo build --release`",
        hamlet.display()
    );
    Ok(hamlet)
}

/// An address that nobody listens at.
pub(crate) fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// A process that ends with its owner.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Milliseconds until each path is answered with 200, one after the other; then the process ends well.
fn time(mut command: Command, address: SocketAddr, paths: &[&str]) -> Result<Vec<f64>> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut running = Running(command.spawn().context("a server does not start")?);
    let mut times = Vec::with_capacity(paths.len());
    for path in paths {
        while !answers(address, path) {
            ensure!(began.elapsed() < PATIENCE, "{path} is never answered");
            if let Some(status) = running.0.try_wait()? {
                bail!("a server ended at once: {status}");
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let asked = Command::new("kill")
        .args(["-TERM", &running.0.id().to_string()])
        .status()?;
    ensure!(asked.success(), "a server cannot be told to end");
    running.0.wait()?;
    Ok(times)
}

/// Whether a path is answered with 200.
pub(crate) fn answers(address: SocketAddr, path: &str) -> bool {
    use std::io::Read;
    let Ok(mut stream) = TcpStream::connect(address) else {
        return false;
    };
    let ask = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let mut answer = Vec::new();
    stream.write_all(ask.as_bytes()).is_ok()
        && stream.read_to_end(&mut answer).is_ok()
        && answer.starts_with(b"HTTP/1.1 200")
}

/// The reference server: one table, one row, one route.
pub(crate) fn serve_raw(address: &str, file: &Path) -> Result<()> {
    use axum::extract::State;
    use axum::http::StatusCode;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let connect = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let pool = SqlitePool::connect_with(connect).await?;
        for statement in [
            "CREATE TABLE IF NOT EXISTS things (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            "INSERT OR IGNORE INTO things VALUES (1, 'well')",
        ] {
            sqlx::query(statement).execute(&pool).await?;
        }
        let read = async |State(pool): State<SqlitePool>| {
            let name: Result<(String,), _> = sqlx::query_as("SELECT name FROM things WHERE id = 1")
                .fetch_one(&pool)
                .await;
            name.map(|(name,)| name)
                .map_err(|_gone| StatusCode::INTERNAL_SERVER_ERROR)
        };
        let router = axum::Router::new()
            .route("/", axum::routing::get(read))
            .with_state(pool);
        let listener = tokio::net::TcpListener::bind(address).await?;
        axum::serve(listener, router)
            .with_graceful_shutdown(async {
                if let Ok(mut end) =
                    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                {
                    end.recv().await;
                }
            })
            .await?;
        Ok(())
    })
}
