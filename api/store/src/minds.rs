//! What the minds of a headless run remember: a file of its own, beside the run's other files.
//!
//! It has the table `memories` as a village's database has it, and nothing else. The file gets its name when the run is over and whole, as all files of a run,
//! so nothing here survives a power cut before [`MindsFile::close`]; after it everything does.

use std::path::Path;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{Later, MemoryError, MemoryRecord, MemoryStore, MemoryWrite};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Row as _};

use crate::cells::Reader;
use crate::error::StoreError;
use crate::plan::memory_steps;
use crate::sqlite::classify;
use crate::tables::{Stored, agent_of};
use crate::writer::Writer;

const TABLE: &str = include_str!("../../../migrations/sqlite/0014_memories.sql");
/// Number of the file's form, in its `user_version`.
const FORM: i64 = 1;

/// A file with what minds remember.
pub struct MindsFile {
    writer: Writer<SqliteConnection>,
    readers: SqlitePool,
}

impl std::fmt::Debug for MindsFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MindsFile").finish_non_exhaustive()
    }
}

impl MindsFile {
    /// Makes the file; it must not be there yet.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn create(path: &Path) -> Result<Self, StoreError> {
        let options = options(path).create_if_missing(true);
        let mut link = options.connect().await.map_err(|error| classify(&error))?;
        let form = format!("{TABLE}PRAGMA user_version = {FORM};");
        sqlx::raw_sql(AssertSqlSafe(form))
            .execute(&mut link)
            .await
            .map_err(|error| classify(&error))?;
        Ok(Self::of(options, link))
    }

    /// Opens a file that an earlier run left, to read it.
    ///
    /// # Errors
    /// When it is no such file, or of a later version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = options(path).read_only(true);
        let mut link = options.connect().await.map_err(|error| classify(&error))?;
        let form: i64 = sqlx::query("PRAGMA user_version")
            .fetch_one(&mut link)
            .await
            .and_then(|row| row.try_get(0))
            .map_err(|error| classify(&error))?;
        match form {
            FORM => Ok(Self::of(options, link)),
            _ => Err(StoreError::Unsupported {
                hint: format!(
                    "{} has form {form} of what minds remember, this program knows {FORM}: use the program that wrote it",
                    path.display()
                ),
            }),
        }
    }

    fn of(options: SqliteConnectOptions, link: SqliteConnection) -> Self {
        Self {
            readers: SqlitePoolOptions::new()
                .max_connections(1)
                .connect_lazy_with(options.clone()),
            writer: Writer::new(options, link),
        }
    }

    /// Takes over what counts after a tick from another file; how many rows that were.
    ///
    /// # Errors
    /// When one of the disks refuses.
    pub async fn take_over(&self, from: &Self, until: u64) -> Result<u64, MemoryError> {
        let mut rows = 0;
        for agent in from.agents().await? {
            let own = from.load(agent, Some(until)).await?;
            rows += own.len() as u64;
            self.write(own.into_iter().map(MemoryWrite::Row).collect())
                .await?;
        }
        Ok(rows)
    }

    /// Brings everything to the disk and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn read<T>(
        &self,
        sql: String,
        args: (Option<AgentId>, i64),
        decode: fn(&mut Reader<'_>) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, MemoryError> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        if let (Some(agent), until) = args {
            query = query.bind(agent.0).bind(until);
        }
        let rows = query.fetch_all(&self.readers).await;
        let rows = rows.map_err(|error| refused(&classify(&error)))?;
        rows.iter()
            .map(|row| decode(&mut Reader::new(row)))
            .collect::<Result<_, _>>()
            .map_err(|error| refused(&classify(&error)))
    }
}

impl MemoryStore for MindsFile {
    fn agents(&self) -> Later<'_, Result<Vec<AgentId>, MemoryError>> {
        let sql = "SELECT DISTINCT agent FROM memories ORDER BY agent".to_owned();
        Box::pin(self.read(sql, (None, 0), agent_of))
    }

    fn load(
        &self,
        agent: AgentId,
        until: Option<u64>,
    ) -> Later<'_, Result<Vec<MemoryRecord>, MemoryError>> {
        let sql = MemoryRecord::TABLE.select("WHERE agent = $1 AND since <= $2 ORDER BY no");
        let until = until.and_then(|until| i64::try_from(until).ok());
        let args = (Some(agent), until.unwrap_or(i64::MAX));
        Box::pin(self.read(sql, args, MemoryRecord::read))
    }

    fn write(&self, writes: Vec<MemoryWrite>) -> Later<'_, Result<(), MemoryError>> {
        Box::pin(async move {
            let steps = memory_steps(&writes);
            if steps.is_empty() {
                return Ok(());
            }
            match self.writer.transact(false, &steps).await {
                Ok(_) => Ok(()),
                Err(failure) => Err(refused(&failure.error)),
            }
        })
    }
}

fn refused(error: &StoreError) -> MemoryError {
    MemoryError(format!("what minds remember cannot be kept: {error}"))
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        // No file beside it: an unfinished one is cleared away with its run.
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off)
        .disable_statement_logging()
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::memory::Embedding;
    use uuid::Uuid;

    use super::*;

    fn row(no: u64, since: u64) -> MemoryRecord {
        MemoryRecord {
            agent: AgentId(Uuid::from_u128(7)),
            no,
            tick: since,
            since,
            kind: "observation".to_owned(),
            text: format!("thing {no}"),
            importance: 3,
            source: Some("@ada".to_owned()),
            about: None,
            of: vec![1],
            replaces: vec![],
            embedding: Embedding {
                model: "m".to_owned(),
                dim: 2,
                vector: Some(vec![0, 0, 128, 63, 0, 0, 0, 0]),
            },
        }
    }

    #[tokio::test]
    async fn a_fork_takes_over_what_counts_by_then() {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, second) = (folder.path().join("one.db"), folder.path().join("two.db"));
        let one = MindsFile::create(&first).await.expect("made");
        let writes = [row(0, 5), row(1, 10), row(2, 11)];
        let writes: Vec<_> = writes.into_iter().map(MemoryWrite::Row).collect();
        one.write(writes).await.expect("kept");
        one.close().await;
        assert!(
            MindsFile::create(&first).await.is_err(),
            "never written over"
        );

        let one = MindsFile::open(&first).await.expect("readable");
        let two = MindsFile::create(&second).await.expect("made");
        assert_eq!(two.take_over(&one, 10).await.expect("copied"), 2);
        let own = two.load(row(0, 0).agent, None).await.expect("readable");
        assert_eq!(own, [row(0, 5), row(1, 10)]);
        let write = one.write(vec![MemoryWrite::Row(row(3, 12))]).await;
        assert!(write.is_err(), "an earlier run's file is only read");
    }

    #[tokio::test]
    async fn what_is_no_such_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("minds.db");
        std::fs::write(&path, "no database at all, whatever it is called").expect("written");
        assert!(MindsFile::open(&path).await.is_err());
        assert!(MindsFile::open(&folder.path().join("none")).await.is_err());
    }
}
