//! Keeping the full text up to date: many new texts at once, off the way of a commit.

use std::sync::atomic::{AtomicU64, Ordering};

use hamlet_protocol::event::{Event, EventRecord};

use crate::cells::only_int;
use crate::options::StoreKind;
use crate::plan::Step;
use crate::rows::SearchKind;
use crate::store::{Result, Store};

/// New texts from which on they are indexed without anybody searching.
const TEXTS_MANY: u64 = 512;
/// Texts that one transaction indexes at most: commits wait for it.
const STEP_TEXTS: i64 = 1_024;

/// What waits to be indexed.
#[derive(Debug)]
pub(super) struct Unindexed {
    /// New texts since the last time. After a start nobody knows, so that counts as one.
    texts: AtomicU64,
    /// One at a time indexes.
    busy: tokio::sync::Mutex<()>,
}

impl Default for Unindexed {
    fn default() -> Self {
        Self {
            texts: AtomicU64::new(1),
            busy: tokio::sync::Mutex::default(),
        }
    }
}

impl Store {
    /// Notes new texts, and has them indexed in the background when there are many.
    pub(super) fn note_texts(&self, events: &[EventRecord]) {
        let is_text = |record: &&EventRecord| {
            matches!(record.event, Event::Posted { .. } | Event::Commented { .. })
        };
        let new = events.iter().filter(is_text).count() as u64;
        if new == 0 || self.kind() != StoreKind::Sqlite {
            return;
        }
        let before = self.inner.unindexed.texts.fetch_add(new, Ordering::AcqRel);
        // Whoever passes the mark calls for it, nobody after.
        if before < TEXTS_MANY && before + new >= TEXTS_MANY {
            let store = self.clone();
            tokio::spawn(async move {
                if let Err(error) = store.index_texts().await {
                    tracing::warn!(%error, "new texts could not be indexed; the next search tries again");
                }
            });
        }
    }

    /// Indexes what was written since the last time, so that a search finds it. PostgreSQL does that by itself.
    ///
    /// # Errors
    /// `Unavailable` and the like; calling it again goes on.
    pub(super) async fn index_texts(&self) -> Result<()> {
        let unindexed = &self.inner.unindexed;
        if self.kind() != StoreKind::Sqlite || unindexed.texts.load(Ordering::Acquire) == 0 {
            return Ok(());
        }
        let _alone = unindexed.busy.lock().await;
        // What is committed from here on counts anew.
        let waiting = unindexed.texts.swap(0, Ordering::AcqRel);
        let done = self.index_all().await;
        if done.is_err() {
            unindexed.texts.fetch_add(waiting, Ordering::AcqRel);
        }
        done
    }

    async fn index_all(&self) -> Result<()> {
        for (table, columns) in [
            (SearchKind::Posts.table(), "title, text"),
            (SearchKind::Comments.table(), "text"),
        ] {
            while let Some(until) = self.next_step(table).await? {
                let words = format!(
                    "INSERT INTO words_of_{table} (rowid, {columns}) SELECT seq, {columns} FROM {table} \
                     WHERE seq > (SELECT {table} FROM words_of_mark) AND seq <= $1"
                );
                let mark = format!("UPDATE words_of_mark SET {table} = $1");
                let steps = [words, mark].map(|sql| Step::Sql {
                    sql,
                    args: vec![until.into()],
                });
                let done = self.backend().transact(false, &steps).await;
                done.map_err(|failure| failure.error)?;
            }
        }
        Ok(())
    }

    /// Up to which event the next step indexes this table; `None` when nothing is left.
    async fn next_step(&self, table: &str) -> Result<Option<i64>> {
        let sql = format!(
            "SELECT COALESCE(MAX(seq), 0) FROM (SELECT seq FROM {table} \
             WHERE seq > (SELECT {table} FROM words_of_mark) ORDER BY seq LIMIT $1)"
        );
        let found = self
            .backend()
            .read(sql, vec![STEP_TEXTS.into()], only_int)
            .await?;
        Ok(found.first().copied().filter(|until| *until > 0))
    }
}
