//! PostgreSQL: a server, one connection that writes, some that read, one that holds the lock on the world.

mod dump;
mod errors;
mod insert;
mod lock;
mod whole;

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row as _};
use tokio::time::timeout;

use crate::cells::Reader;
use crate::error::StoreError;
use crate::migrations;
use crate::options::StoreOptions;
use crate::plan::Step;
use crate::value::{Row, Value};
use crate::writer::{Done, Failure, Link, Writer};

pub(crate) use errors::classify;
use lock::Lock;

/// The oldest server that has all we use.
const VERSION_MIN: i32 = 140_000;
/// How long a transaction may take before its connection counts as lost: a network that swallows everything says nothing.
const TRANSACTION_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a read may take; those that read everything take long.
const READ_TIMEOUT: Duration = Duration::from_secs(300);

/// A server, connected to.
pub(crate) struct Postgres {
    options: PgConnectOptions,
    writer: Writer<PgConnection>,
    readers: PgPool,
    lock: Lock,
}

impl Postgres {
    pub(crate) async fn open(
        options: PgConnectOptions,
        store: &StoreOptions,
    ) -> Result<Self, StoreError> {
        let options = named(options);
        let wait = Duration::from_millis(store.acquire_timeout_ms);
        let mut first = timeout(wait, PgConnection::open(&options))
            .await
            .map_err(|_elapsed| silent(wait))?
            .map_err(|error| classify(&error))?;
        prepare(&mut first, store.look).await?;
        let readers = PgPoolOptions::new()
            .max_connections(store.readers_max.max(1))
            .acquire_timeout(wait)
            .connect_lazy_with(options.clone());
        Ok(Self {
            writer: Writer::new(options.clone(), first),
            lock: Lock::new(options.clone()),
            options,
            readers,
        })
    }

    /// Makes this process the only one that has the world.
    pub(crate) async fn take(&self) -> Result<(), StoreError> {
        timeout(TRANSACTION_TIMEOUT, self.lock.take())
            .await
            .unwrap_or_else(|_elapsed| Err(silent(TRANSACTION_TIMEOUT)))
    }

    pub(crate) async fn transact(
        &self,
        guarded: bool,
        steps: &[Step<'_>],
    ) -> Result<Done, Failure> {
        let done = timeout(TRANSACTION_TIMEOUT, self.writer.transact(guarded, steps))
            .await
            .unwrap_or_else(|_elapsed| {
                Err(Failure {
                    error: silent(TRANSACTION_TIMEOUT),
                    ambiguous: true,
                })
            });
        if done.is_err() {
            self.lock.doubt();
        }
        done
    }

    /// Takes the lock again where a lost connection may have cost it.
    pub(crate) async fn retake(&self) -> Result<(), StoreError> {
        timeout(TRANSACTION_TIMEOUT, self.lock.retake())
            .await
            .unwrap_or_else(|_elapsed| Err(silent(TRANSACTION_TIMEOUT)))
    }

    pub(crate) async fn read<T>(
        &self,
        sql: String,
        args: Row<'_>,
        decode: fn(&mut Reader<'_>) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, StoreError> {
        let query = bind(sqlx::query(AssertSqlSafe(sql)), &args);
        let rows = timeout(READ_TIMEOUT, query.fetch_all(&self.readers))
            .await
            .map_err(|_elapsed| silent(READ_TIMEOUT))?
            .map_err(|error| classify(&error))?;
        rows.iter()
            .map(|row| decode(&mut Reader::new(row)))
            .collect::<Result<_, _>>()
            .map_err(|error| classify(&error))
    }

    /// Writes a copy of the whole into a new file, while everything goes on.
    pub(crate) async fn backup_into(&self, path: &Path) -> Result<(), StoreError> {
        whole::dump(&self.options, path).await
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        self.lock.release().await;
    }
}

/// Puts a copy of a village into a database that has none.
pub(crate) async fn restore(
    options: PgConnectOptions,
    source: impl Read + Send,
) -> Result<(), StoreError> {
    whole::load(&named(options), source).await
}

/// Drops the village of a database, with its schema; says whether there was one.
pub(crate) async fn erase(options: PgConnectOptions) -> Result<bool, StoreError> {
    whole::erase(&named(options)).await
}

fn named(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("hamlet")
        .disable_statement_logging()
}

fn silent(after: Duration) -> StoreError {
    StoreError::Unavailable {
        what: format!("no answer within {} ms", after.as_millis()),
    }
}

/// The schema that is there; `None` where none is, or another process has only begun with the first migration. Refuses a server that is too old.
async fn schema(link: &mut PgConnection) -> Result<Option<i64>, StoreError> {
    let fail = |error: sqlx::Error| classify(&error);
    let row = sqlx::query(
        "SELECT current_setting('server_version_num')::int, to_regclass('_sqlx_migrations') IS NOT NULL",
    )
    .fetch_one(&mut *link)
    .await
    .map_err(fail)?;
    let version: i32 = row.try_get(0).map_err(fail)?;
    if version < VERSION_MIN {
        return Err(StoreError::Unsupported {
            hint: format!(
                "PostgreSQL 14 or later is needed, this server is {}",
                version / 10_000
            ),
        });
    }
    let had: bool = row.try_get(1).map_err(fail)?;
    if !had {
        return Ok(None);
    }
    sqlx::query(migrations::APPLIED)
        .fetch_one(link)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(fail)
}

/// Checks the server's version and brings the schema up to date.
async fn prepare(link: &mut PgConnection, look: bool) -> Result<(), StoreError> {
    let fail = |error: sqlx::Error| classify(&error);
    let found = schema(link).await?;
    migrations::refuse_newer(found)?;
    if look {
        return migrations::refuse_older(found);
    }
    if let Some(found) = found {
        let newest = sqlx::query(AssertSqlSafe(migrations::newest_image(found)))
            .fetch_optional(&mut *link)
            .await
            .and_then(|row| {
                let read = |row: sqlx::postgres::PgRow| Ok((row.try_get(0)?, row.try_get(1)?));
                row.map(read).transpose()
            })
            .map_err(fail)?;
        migrations::refuse_other_rules(newest)?;
    }
    migrations::postgres()
        .run_direct(None, link, false)
        .await
        .map_err(|error| classify(&error.into()))
}

impl Link for PgConnection {
    type Options = PgConnectOptions;
    const BEGIN: &'static str = "BEGIN";

    async fn open(options: &PgConnectOptions) -> Result<Self, sqlx::Error> {
        options.connect().await
    }

    async fn run(&mut self, step: &Step<'_>) -> Result<u64, sqlx::Error> {
        let query = match step {
            Step::Rows {
                table,
                action,
                rows,
            } => insert::bound(*table, *action, rows),
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
    mut query: Query<'q, sqlx::Postgres, PgArguments>,
    args: &[Value<'_>],
) -> Query<'q, sqlx::Postgres, PgArguments> {
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
