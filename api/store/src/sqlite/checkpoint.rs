//! Folding the log into the file, away from the way of a commit: its syncs would be the slowest commits' whole delay.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

use crate::writer::Writer;

/// Folds the log in whenever it is large, on a connection of its own.
pub(super) struct Checkpointer {
    wal: PathBuf,
    bytes: u64,
    bell: Arc<Bell>,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Bell {
    wake: Notify,
    stop: AtomicBool,
}

impl Checkpointer {
    pub(super) fn start(
        wal: PathBuf,
        options: SqliteConnectOptions,
        writer: Arc<Writer<SqliteConnection>>,
        bytes: u64,
    ) -> Self {
        let bell = Arc::new(Bell::default());
        let task = tokio::spawn(work(options, writer, Arc::clone(&bell)));
        Self {
            wal,
            bytes,
            bell,
            task: Mutex::new(Some(task)),
        }
    }

    /// Called after each commit: one look at a file's length.
    pub(super) fn look(&self) {
        let large = std::fs::metadata(&self.wal).is_ok_and(|wal| wal.len() >= self.bytes);
        if large {
            self.bell.wake.notify_one();
        }
    }

    /// Lets it finish what it is at; no two may fold at once.
    pub(super) async fn stop(&self) {
        self.bell.stop.store(true, Ordering::Release);
        self.bell.wake.notify_one();
        if let Some(task) = self.task.lock().await.take() {
            drop(task.await);
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        if let Some(task) = self.task.get_mut().take() {
            task.abort();
        }
    }
}

async fn work(
    options: SqliteConnectOptions,
    writer: Arc<Writer<SqliteConnection>>,
    bell: Arc<Bell>,
) {
    loop {
        bell.wake.notified().await;
        if bell.stop.load(Ordering::Acquire) {
            return;
        }
        if let Err(error) = fold(&options, &writer).await {
            tracing::warn!(%error, "the log could not be folded into the database; the next commit tries again");
        }
    }
}

/// Twice beside the commits, the second time what came meanwhile. Then commits wait while the little that is left is folded in,
/// so that the log can begin anew: beside a steady stream of commits it would grow for ever.
async fn fold(
    options: &SqliteConnectOptions,
    writer: &Writer<SqliteConnection>,
) -> Result<(), sqlx::Error> {
    let mut link = options.connect().await?;
    say(&mut link, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    say(&mut link, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    let quiet = writer.pause().await;
    say(&mut link, "PRAGMA wal_checkpoint(RESTART)").await?;
    drop(quiet);
    link.close().await
}

async fn say(link: &mut SqliteConnection, pragma: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(pragma).execute(link).await.map(drop)
}
