//! Folding the log into the file, away from the way of a commit: its two syncs would be the slowest commits' whole delay.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Folds the log in whenever it is large, on a connection of its own.
pub(super) struct Checkpointer {
    wal: PathBuf,
    bytes: u64,
    wake: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Checkpointer {
    pub(super) fn start(wal: PathBuf, options: SqliteConnectOptions, bytes: u64) -> Self {
        let wake = Arc::new(Notify::new());
        let task = tokio::spawn(work(options, Arc::clone(&wake)));
        Self {
            wal,
            bytes,
            wake,
            task,
        }
    }

    /// Called after each commit: one look at a file's length.
    pub(super) fn look(&self) {
        let large = std::fs::metadata(&self.wal).is_ok_and(|wal| wal.len() >= self.bytes);
        if large {
            self.wake.notify_one();
        }
    }

    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn work(options: SqliteConnectOptions, wake: Arc<Notify>) {
    loop {
        wake.notified().await;
        let folded = async {
            let mut link = options.connect().await?;
            // Commits went on meanwhile; a second look folds in what they left, so that the log can begin anew.
            for _ in 0..2 {
                sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
                    .execute(&mut link)
                    .await?;
            }
            link.close().await
        };
        if let Err(error) = folded.await {
            tracing::warn!(%error, "the log could not be folded into the database; the next commit tries again");
        }
    }
}
