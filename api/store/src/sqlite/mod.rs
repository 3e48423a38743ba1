//! SQLite: one file, one connection that writes, some that read.

mod checkpoint;
mod errors;
mod file;
mod insert;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row as _};

use crate::cells::Reader;
use crate::error::StoreError;
use crate::migrations;
use crate::options::{Durability, StoreOptions};
use crate::plan::Step;
use crate::value::{Row, Value};
use crate::writer::{Done, Failure, Link, Writer};

use checkpoint::Checkpointer;
pub(crate) use errors::classify;
pub(crate) use file::make_private;

/// How long a connection waits for another's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Pages of the log after which a commit folds it in itself, should the background not keep up: 256 MiB.
const WAL_AUTOCHECKPOINT_PAGES: &str = "65536";
const PAGE_BYTES: u32 = 4096;
/// What the writer keeps of the file in memory, as SQLite writes it (negative: KiB): keys are random, and so are the pages that a batch touches.
const WRITER_CACHE: &str = "-65536";

/// An open file.
pub(crate) struct Sqlite {
    path: PathBuf,
    options: SqliteConnectOptions,
    writer: Arc<Writer<SqliteConnection>>,
    readers: SqlitePool,
    checkpointer: Checkpointer,
    /// Held while this server has the world; the operating system lets go of it when the process ends, however it ends.
    lock: Mutex<Option<File>>,
}

impl Sqlite {
    pub(crate) async fn open(path: PathBuf, options: &StoreOptions) -> Result<Self, StoreError> {
        if !options.look {
            file::prepare(&path)?;
        } else if !path.exists() {
            return Err(StoreError::Unsupported {
                hint: format!("there is no file {}", path.display()),
            });
        }
        let connect = connect_options(&path, options);
        let fail = |error: sqlx::Error| classify(&error);
        let writing = connect.clone().pragma("cache_size", WRITER_CACHE);
        let mut first = SqliteConnection::open(&writing).await.map_err(fail)?;
        migrate(&mut first, options.look).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers_max.max(1))
            .acquire_timeout(Duration::from_millis(options.acquire_timeout_ms))
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(connect.clone().pragma("query_only", "ON"));
        let writer = Arc::new(Writer::new(writing, first));
        Ok(Self {
            checkpointer: Checkpointer::start(
                file::wal(&path),
                connect.clone(),
                Arc::clone(&writer),
                options.checkpoint_bytes,
            ),
            writer,
            options: connect,
            readers,
            path,
            lock: Mutex::new(None),
        })
    }

    /// Makes this process the only one that has the world.
    pub(crate) fn take(&self) -> Result<(), StoreError> {
        let mut lock = self
            .lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if lock.is_none() {
            *lock = Some(file::lock(&self.path)?);
        }
        Ok(())
    }

    pub(crate) async fn transact(
        &self,
        guarded: bool,
        steps: &[Step<'_>],
    ) -> Result<Done, Failure> {
        let done = self.writer.transact(guarded, steps).await?;
        self.checkpointer.look();
        Ok(done)
    }

    pub(crate) async fn read<T>(
        &self,
        sql: String,
        args: Row<'_>,
        decode: fn(&mut Reader<'_>) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, StoreError> {
        let query = bind(sqlx::query(AssertSqlSafe(sql)), &args);
        let rows = query.fetch_all(&self.readers).await;
        let rows = rows.map_err(|error| classify(&error))?;
        rows.iter()
            .map(|row| decode(&mut Reader::new(row)))
            .collect::<Result<_, _>>()
            .map_err(|error| classify(&error))
    }

    /// What `PRAGMA integrity_check` complains of.
    pub(crate) async fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let said = self
            .read("PRAGMA integrity_check".to_owned(), vec![], |row| {
                row.text()
            })
            .await?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }

    /// Writes a copy of the whole into a new file, while everything goes on.
    pub(crate) async fn backup_into(&self, path: &Path) -> Result<(), StoreError> {
        let Some(name) = path.to_str().filter(|_| !path.exists()) else {
            return Err(StoreError::Unsupported {
                hint: "the backup needs the name of a file that is not there yet".to_owned(),
            });
        };
        let fail = |error: sqlx::Error| classify(&error);
        let mut link = self.options.connect().await.map_err(fail)?;
        // An empty file is taken as it is, with the rights it has: at no moment can others read the copy.
        drop(make_private(path)?);
        let copied = sqlx::query("VACUUM INTO $1")
            .bind(name)
            .execute(&mut link)
            .await;
        drop(link.close().await);
        copied.map(drop).map_err(|error| {
            // Half a copy is none, and its name shall be free for the next try.
            drop(std::fs::remove_file(path));
            classify(&error)
        })
    }

    /// Ends everything; whoever closes last folds the log in and removes it.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.checkpointer.stop().await;
        self.writer.close().await;
        if let Err(error) = self.fold_in().await {
            tracing::warn!(%error, "the log stays beside the database; the next start folds it in");
        }
        self.lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
    }

    async fn fold_in(&self) -> Result<(), sqlx::Error> {
        let mut link = self.options.connect().await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&mut link)
            .await?;
        link.close().await
    }
}

fn connect_options(path: &Path, options: &StoreOptions) -> SqliteConnectOptions {
    let connect = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .synchronous(match options.durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Normal => SqliteSynchronous::Normal,
        })
        .pragma("wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES)
        // A log that begins anew is cut down, so that its length tells how much there is to fold in.
        .pragma(
            "journal_size_limit",
            (options.checkpoint_bytes / 2).to_string(),
        )
        // Without it, REPLACE would delete past the triggers.
        .pragma("recursive_triggers", "ON")
        .statement_cache_capacity(200)
        // A store's own errors say more than its statements.
        .disable_statement_logging();
    match options.file_bytes_max {
        Some(bytes) => connect.pragma(
            "max_page_count",
            (bytes / u64::from(PAGE_BYTES)).to_string(),
        ),
        None => connect,
    }
}

async fn migrate(link: &mut SqliteConnection, look: bool) -> Result<(), StoreError> {
    let fail = |error: sqlx::Error| classify(&error);
    let had: i64 = sqlx::query(
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *link)
    .await
    .and_then(|row| row.try_get(0))
    .map_err(fail)?;
    if had == 0 && look {
        return migrations::refuse_older(None);
    }
    if had > 0 {
        let found: Option<i64> = sqlx::query(migrations::APPLIED)
            .fetch_one(&mut *link)
            .await
            .and_then(|row| row.try_get(0))
            .map_err(fail)?;
        migrations::refuse_newer(found)?;
        if look {
            return migrations::refuse_older(found);
        }
        // None: another process has only begun with the first migration.
        if let Some(found) = found {
            let newest = sqlx::query(AssertSqlSafe(migrations::newest_image(found)))
                .fetch_optional(&mut *link)
                .await
                .and_then(|row| {
                    let read =
                        |row: sqlx::sqlite::SqliteRow| Ok((row.try_get(0)?, row.try_get(1)?));
                    row.map(read).transpose()
                })
                .map_err(fail)?;
            migrations::refuse_other_rules(newest)?;
        }
    }
    // Another process may be at it too, and SQLite has no lock for this. Whoever comes second at a migration fails,
    // finds it done at the next try, and goes on with the next one: each migration costs one failure at most.
    let mut tries = migrations::SCHEMA;
    loop {
        let migrated = migrations::sqlite().run_direct(None, link, false).await;
        match migrated.map_err(|error| classify(&error.into())) {
            Err(StoreError::Sql { .. }) if tries > 0 => tries -= 1,
            outcome => return outcome,
        }
    }
}

impl Link for SqliteConnection {
    type Options = SqliteConnectOptions;
    const BEGIN: &'static str = "BEGIN IMMEDIATE";

    async fn open(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        options.connect().await
    }

    async fn run(&mut self, step: &Step<'_>) -> Result<u64, sqlx::Error> {
        let query = match step {
            Step::Rows {
                table,
                action,
                rows,
            } => sqlx::query(AssertSqlSafe(insert::statement(*table, *action)))
                .bind(insert::rows_json(rows)),
            Step::Sql { sql, args } => bind(sqlx::query(AssertSqlSafe(sql.clone())), args),
        };
        Ok(query.execute(self).await?.rows_affected())
    }

    async fn say(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query(sql).execute(self).await.map(drop)
    }

    async fn end(self) {
        drop(self.close().await);
    }

    fn classify(error: &sqlx::Error) -> StoreError {
        classify(error)
    }
}

fn bind<'q>(
    mut query: Query<'q, sqlx::Sqlite, SqliteArguments>,
    args: &[Value<'_>],
) -> Query<'q, sqlx::Sqlite, SqliteArguments> {
    for value in args {
        query = match value {
            Value::Null => query.bind(None::<i64>),
            Value::Int(number) => query.bind(*number),
            Value::Text(text) => query.bind(text.clone().into_owned()),
            Value::Uuid(id) => query.bind(*id),
            Value::Bytes(bytes) => query.bind(bytes.clone().into_owned()),
        };
    }
    query
}
