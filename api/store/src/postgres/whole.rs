//! A village's whole database: taken along as a file, put into an empty one, and dropped.

use std::fs::File;
use std::future::poll_fn;
use std::io::{self, BufWriter, Read};
use std::path::Path;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

use super::dump::{DumpReader, DumpWriter};
use super::{READ_TIMEOUT, classify, lock, schema, silent};
use crate::error::StoreError;
use crate::migrations;
use crate::sqlite::make_private;
use crate::writer::Link;

/// How long a connection is waited for.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of a piece of a table, or one row where that is longer.
const PIECE_BYTES: usize = 256 << 10;
/// Pieces that wait for the disk.
const PARTS_WAITING: usize = 8;

/// What is on its way into the file.
enum Part {
    Table { name: &'static str, columns: String },
    Piece(Vec<u8>),
    TableEnd,
    End,
}

/// Writes everything of the village into a new file, as it is at one moment, while everything goes on.
pub(super) async fn dump(options: &PgConnectOptions, path: &Path) -> Result<(), StoreError> {
    let mut link = connect(options).await?;
    // One moment for all tables.
    run(
        &mut link,
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(),
    )
    .await?;
    let Found::Village(schema) = found(&mut link).await? else {
        return Err(StoreError::Unsupported {
            hint: "there is no village in it".to_owned(),
        });
    };
    let file = make_private(path)?;
    let (parts, coming) = channel(PARTS_WAITING);
    let writing = tokio::task::spawn_blocking(move || write_parts(file, schema, coming));
    let copied = copy_out(&mut link, schema, &parts).await;
    drop(parts);
    let written = match writing.await {
        Ok(Ok(())) => copied,
        // Where the disk failed, what was copied failed for it.
        Ok(Err(source)) => Err(disk(path, &source)),
        Err(panicked) => Err(StoreError::Unavailable {
            what: panicked.to_string(),
        }),
    };
    link.end().await;
    if written.is_err() {
        // Half a copy is none, and its name shall be free for the next try.
        drop(std::fs::remove_file(path));
    }
    written
}

fn disk(path: &Path, source: &io::Error) -> StoreError {
    StoreError::Unavailable {
        what: format!("{}: {source}", path.display()),
    }
}

/// Writes what comes. Where nothing comes any more before the end, whoever sent it knows why.
fn write_parts(file: File, schema: i64, mut coming: Receiver<Part>) -> io::Result<()> {
    let mut dump = DumpWriter::begin(BufWriter::new(file), schema)?;
    while let Some(part) = coming.blocking_recv() {
        match part {
            Part::Table { name, columns } => dump.begin_table(name, &columns)?,
            Part::Piece(bytes) => dump.piece(&bytes)?,
            Part::TableEnd => dump.end_table()?,
            Part::End => return dump.end(),
        }
    }
    Ok(())
}

async fn give(parts: &Sender<Part>, part: Part) -> Result<(), StoreError> {
    let sent = parts.send(part).await;
    sent.map_err(|_ended| StoreError::Unavailable {
        what: "the file takes no more".to_owned(),
    })
}

async fn copy_out(
    link: &mut PgConnection,
    schema: i64,
    parts: &Sender<Part>,
) -> Result<(), StoreError> {
    for name in migrations::tables(schema) {
        let columns = columns(link, name).await?;
        let statement = copy(name, &columns, "TO STDOUT");
        let columns = columns.join(",");
        give(parts, Part::Table { name, columns }).await?;
        copy_table(link, &statement, parts).await?;
        give(parts, Part::TableEnd).await?;
    }
    run(link, "COMMIT".to_owned()).await?;
    give(parts, Part::End).await
}

async fn copy_table(
    link: &mut PgConnection,
    statement: &str,
    parts: &Sender<Part>,
) -> Result<(), StoreError> {
    let fail = |error: sqlx::Error| classify(&error);
    let mut rows = link.copy_out_raw(statement).await.map_err(fail)?;
    let mut piece = Vec::new();
    loop {
        let row = poll_fn(|context| rows.as_mut().poll_next(context));
        let row = timeout(READ_TIMEOUT, row)
            .await
            .map_err(|_elapsed| silent(READ_TIMEOUT))?;
        let Some(row) = row else { break };
        piece.extend_from_slice(&row.map_err(fail)?);
        if piece.len() >= PIECE_BYTES {
            give(parts, Part::Piece(std::mem::take(&mut piece))).await?;
        }
    }
    if !piece.is_empty() {
        give(parts, Part::Piece(piece)).await?;
    }
    Ok(())
}

/// Puts what [`dump`] wrote into a database without a village, with the schema that it had then; whoever opens it brings that up to date.
/// All of it is there afterwards, or no village is.
pub(super) async fn load(
    options: &PgConnectOptions,
    source: impl Read + Send,
) -> Result<(), StoreError> {
    let dump = DumpReader::begin(source).map_err(torn)?;
    migrations::refuse_newer(Some(dump.schema()))?;
    let mut link = connect(options).await?;
    lock::try_take(&mut link).await?;
    let loaded = fill(&mut link, dump).await;
    if loaded.is_err() {
        // Where it does not get through, the session's end says it.
        drop(run(&mut link, "ROLLBACK".to_owned()).await);
    }
    lock::let_go(&mut link).await;
    link.end().await;
    loaded
}

fn torn(source: io::Error) -> StoreError {
    StoreError::Dump {
        what: source.to_string(),
    }
}

async fn fill<R: Read + Send>(
    link: &mut PgConnection,
    mut dump: DumpReader<R>,
) -> Result<(), StoreError> {
    let schema = dump.schema();
    make_room(link).await?;
    migrations::postgres()
        .run_direct(Some(schema), link, false)
        .await
        .map_err(|error| classify(&error.into()))?;
    run(link, "BEGIN".to_owned()).await?;
    for name in migrations::tables(schema) {
        let columns = columns(link, name).await?;
        dump.begin_table(name, &columns.join(",")).map_err(torn)?;
        fill_table(link, &copy(name, &columns, "FROM STDIN"), &mut dump).await?;
    }
    dump.end().map_err(torn)?;
    run(link, "COMMIT".to_owned()).await
}

async fn fill_table<R: Read + Send>(
    link: &mut PgConnection,
    statement: &str,
    dump: &mut DumpReader<R>,
) -> Result<(), StoreError> {
    let fail = |error: sqlx::Error| classify(&error);
    let mut into = link.copy_in_raw(statement).await.map_err(fail)?;
    loop {
        let sent = match dump.piece() {
            Ok(Some(piece)) => into.send(piece).await.map(drop).map_err(fail),
            Ok(None) => return into.finish().await.map(drop).map_err(fail),
            Err(source) => Err(torn(source)),
        };
        if let Err(error) = sent {
            // The first error is the one that says what is wrong.
            drop(into.abort("the source broke off").await);
            return Err(error);
        }
    }
}

/// A schema without a village gives way: it may be another than the one that is wanted.
async fn make_room(link: &mut PgConnection) -> Result<(), StoreError> {
    match found(link).await? {
        Found::Nothing => Ok(()),
        Found::Schema(schema) => drop_all(link, schema).await,
        Found::Village(_) => Err(StoreError::Occupied),
    }
}

/// Drops a village with its schema; says whether there was one.
pub(super) async fn erase(options: &PgConnectOptions) -> Result<bool, StoreError> {
    let mut link = connect(options).await?;
    lock::try_take(&mut link).await?;
    let was = drop_found(&mut link).await;
    lock::let_go(&mut link).await;
    link.end().await;
    was
}

async fn drop_found(link: &mut PgConnection) -> Result<bool, StoreError> {
    let (schema, lived) = match found(link).await? {
        Found::Nothing => return Ok(false),
        Found::Schema(schema) => (schema, false),
        Found::Village(schema) => (schema, true),
    };
    drop_all(link, schema).await?;
    Ok(lived)
}

async fn drop_all(link: &mut PgConnection, schema: i64) -> Result<(), StoreError> {
    // What a later version made would be left behind.
    migrations::refuse_newer(Some(schema))?;
    let tables = migrations::tables(schema).join(", ");
    run(link, "BEGIN".to_owned()).await?;
    // Somebody who reads for long, such as a backup, is not waited for without end.
    run(link, "SET LOCAL lock_timeout = '30s'".to_owned()).await?;
    let dropped = format!("DROP TABLE IF EXISTS {tables}, _sqlx_migrations");
    run(link, dropped).await?;
    for function in migrations::functions(schema) {
        run(link, format!("DROP FUNCTION IF EXISTS {function}()")).await?;
    }
    run(link, "COMMIT".to_owned()).await
}

/// What is in a database.
enum Found {
    /// Nothing of ours.
    Nothing,
    /// Our tables, at this schema, and no village in them.
    Schema(i64),
    /// A village, at this schema.
    Village(i64),
}

async fn found(link: &mut PgConnection) -> Result<Found, StoreError> {
    let Some(schema) = schema(link).await? else {
        return Ok(Found::Nothing);
    };
    let named = "SELECT description FROM _sqlx_migrations ORDER BY version LIMIT 1";
    let named: String = only(link, named).await?;
    if named != migrations::FIRST {
        return Err(StoreError::Unsupported {
            hint: "its tables are another program's: name a database for the village alone"
                .to_owned(),
        });
    }
    // As the store's head says it: a batch or an image.
    let lives: bool = only(
        link,
        "SELECT EXISTS (SELECT 1 FROM head WHERE batch > 0) OR EXISTS (SELECT 1 FROM images)",
    )
    .await?;
    Ok(match lives {
        true => Found::Village(schema),
        false => Found::Schema(schema),
    })
}

/// Columns of a table that are written, not computed.
async fn columns(link: &mut PgConnection, table: &str) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) \
         AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
    )
    .bind(table)
    .fetch_all(link)
    .await;
    rows.and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect())
        .map_err(|error| classify(&error))
}

fn copy(table: &str, columns: &[String], way: &str) -> String {
    format!("COPY {table} (\"{}\") {way}", columns.join("\", \""))
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    timeout(OPEN_TIMEOUT, PgConnection::open(options))
        .await
        .map_err(|_elapsed| silent(OPEN_TIMEOUT))?
        .map_err(|error| classify(&error))
}

async fn run(link: &mut PgConnection, sql: String) -> Result<(), StoreError> {
    let done = sqlx::query(AssertSqlSafe(sql)).execute(link).await;
    done.map(drop).map_err(|error| classify(&error))
}

async fn only<T>(link: &mut PgConnection, sql: &'static str) -> Result<T, StoreError>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let row = sqlx::query(sql).fetch_one(link).await;
    row.and_then(|row| row.try_get(0))
        .map_err(|error| classify(&error))
}
