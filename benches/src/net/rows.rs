//! Reference servers that keep posts in our own tables: one transaction per request through a pool, and bare group commit.
//!
//! They write the rows that a post leaves in ours (`events`, `posts`) and nothing else: neither a journal nor a head, which ours does besides.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use hamlet_store::{Durability, Store, StoreOptions};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Posts that one group commit takes at most, as many as ours.
const GROUP_MAX: usize = 1_024;
/// A post's place in a village that has lived a while.
const TICK: i64 = 1_000;
const STAMP_MS: i64 = 1_770_000_000_000;

const EVENT: &str = "INSERT INTO events (seq, tick, stamp_ms, kind, agent, body) VALUES ($1, $2, $3, 'posted', $4, $5)";
const POST: &str = "INSERT INTO posts (id, seq, tick, created_ms, author, submolt, title, text, up, down, score) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0)";
const EVENTS: &str = "INSERT INTO events (seq, tick, stamp_ms, kind, agent, body) \
     SELECT value ->> 0, value ->> 1, value ->> 2, 'posted', unhex(value ->> 3), value ->> 4 FROM jsonb_each($1)";
const POSTS: &str = "INSERT INTO posts (id, seq, tick, created_ms, author, submolt, title, text, up, down, score) \
     SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, unhex(value ->> 4), value ->> 5, value ->> 6, value ->> 7, 0, 0, 0 FROM jsonb_each($1)";

/// A post as it comes in.
#[derive(Debug, Deserialize)]
pub(crate) struct NewPost {
    submolt_name: String,
    title: String,
    content: String,
}

/// A post with its place among all.
struct Placed {
    seq: i64,
    id: Uuid,
    author: Uuid,
    new: NewPost,
}

/// Gives posts their numbers.
#[derive(Clone, Debug, Default)]
struct Counter(Arc<AtomicI64>);

impl Counter {
    fn place(&self, new: NewPost) -> Placed {
        let seq = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        // Spread like ours, so that the index is as hard to keep.
        let spread = (seq as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Placed {
            seq,
            id: Uuid::from_u64_pair(spread, seq as u64),
            author: Uuid::from_u64_pair(7, seq as u64 % 64),
            new,
        }
    }
}

impl Placed {
    /// The event as ours writes it.
    fn body(&self) -> String {
        json!({ "kind": "posted", "post": self.id, "author": self.author, "submolt": self.new.submolt_name,
            "title": self.new.title, "text": self.new.content })
        .to_string()
    }

    fn answer(&self) -> Response {
        let body = json!({ "success": true, "post": { "id": self.id, "title": self.new.title, "content": self.new.content } });
        (StatusCode::CREATED, Json(body)).into_response()
    }
}

/// Empty tables in a new file, by our own migrations.
async fn tables(url: &str) -> Result<()> {
    let store = Store::open(url, StoreOptions::default()).await?;
    store.close().await;
    Ok(())
}

fn url_in(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("reference.db").display())
}

fn connect(url: &str, durability: Durability) -> Result<SqliteConnectOptions> {
    Ok(SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .synchronous(match durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Normal => SqliteSynchronous::Normal,
        }))
}

/// A pool as most servers have it, with the one connection that can write.
pub(crate) async fn per_request(folder: &Path, durability: Durability) -> Result<Router> {
    let url = url_in(folder);
    tables(&url).await?;
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(connect(&url, durability)?)
        .await?;
    let state = (pool, Counter::default());
    Ok(Router::new()
        .route("/posts", post(insert_one))
        .with_state(state))
}

async fn insert_one(
    State((pool, counter)): State<(SqlitePool, Counter)>,
    Json(new): Json<NewPost>,
) -> Response {
    let placed = counter.place(new);
    match write_one(&pool, &placed).await {
        Ok(()) => placed.answer(),
        Err(source) => (StatusCode::INTERNAL_SERVER_ERROR, source.to_string()).into_response(),
    }
}

async fn write_one(pool: &SqlitePool, placed: &Placed) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(EVENT)
        .bind(placed.seq)
        .bind(TICK)
        .bind(STAMP_MS)
        .bind(placed.author)
        .bind(placed.body())
        .execute(&mut *transaction)
        .await?;
    sqlx::query(POST)
        .bind(placed.id)
        .bind(placed.seq)
        .bind(TICK)
        .bind(STAMP_MS)
        .bind(placed.author)
        .bind(&placed.new.submolt_name)
        .bind(&placed.new.title)
        .bind(&placed.new.content)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}

type Waiting = (Placed, oneshot::Sender<Placed>);

/// Whatever gathered while the last commit was in flight is the next transaction.
pub(crate) async fn group_commit(folder: &Path, durability: Durability) -> Result<Router> {
    let url = url_in(folder);
    tables(&url).await?;
    let connect = connect(&url, durability)?.pragma("wal_autocheckpoint", "65536");
    let link = SqliteConnection::connect_with(&connect).await?;
    let (sender, receiver) = mpsc::channel(GROUP_MAX);
    tokio::spawn(write_groups(link, receiver));
    let state = (sender, Counter::default());
    Ok(Router::new()
        .route("/posts", post(hand_in))
        .with_state(state))
}

async fn hand_in(
    State((groups, counter)): State<(mpsc::Sender<Waiting>, Counter)>,
    Json(new): Json<NewPost>,
) -> Response {
    let (done, written) = oneshot::channel();
    if groups.send((counter.place(new), done)).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match written.await {
        Ok(placed) => placed.answer(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Ends at the first error: its clients then get refusals, and the bench says so.
async fn write_groups(mut link: SqliteConnection, mut waiting: mpsc::Receiver<Waiting>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while waiting.recv_many(&mut group, GROUP_MAX).await > 0 {
        if write_group(&mut link, &group).await.is_err() {
            return;
        }
        for (placed, done) in group.drain(..) {
            drop(done.send(placed));
        }
    }
}

async fn write_group(link: &mut SqliteConnection, group: &[Waiting]) -> Result<()> {
    let hex = |id: Uuid| id.simple().to_string();
    let events: Vec<Value> = group
        .iter()
        .map(|(it, _)| json!([it.seq, TICK, STAMP_MS, hex(it.author), it.body()]))
        .collect();
    let posts: Vec<Value> = group
        .iter()
        .map(|(it, _)| {
            json!([
                hex(it.id),
                it.seq,
                TICK,
                STAMP_MS,
                hex(it.author),
                it.new.submolt_name,
                it.new.title,
                it.new.content
            ])
        })
        .collect();
    let mut transaction = link.begin_with("BEGIN IMMEDIATE").await?;
    for (statement, rows) in [(EVENTS, events), (POSTS, posts)] {
        sqlx::query(statement)
            .bind(serde_json::to_string(&rows)?)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await.context("a group is not kept")
}

/// The same on a PostgreSQL server, over a pool.
#[cfg(feature = "pg")]
pub(crate) async fn per_request_postgres(url: &str) -> Result<Router> {
    tables(url).await?;
    let pool = sqlx::postgres::PgPoolOptions::new()
        .max_connections(16)
        .connect(url)
        .await?;
    let state = (pool, Counter::default());
    Ok(Router::new()
        .route("/posts", post(insert_one_postgres))
        .with_state(state))
}

#[cfg(feature = "pg")]
async fn insert_one_postgres(
    State((pool, counter)): State<(sqlx::PgPool, Counter)>,
    Json(new): Json<NewPost>,
) -> Response {
    let placed = counter.place(new);
    let written = async {
        let mut transaction = pool.begin().await?;
        sqlx::query(EVENT)
            .bind(placed.seq)
            .bind(TICK)
            .bind(STAMP_MS)
            .bind(placed.author)
            .bind(placed.body())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(POST)
            .bind(placed.id)
            .bind(placed.seq)
            .bind(TICK)
            .bind(STAMP_MS)
            .bind(placed.author)
            .bind(&placed.new.submolt_name)
            .bind(&placed.new.title)
            .bind(&placed.new.content)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    };
    match written.await {
        Ok::<(), sqlx::Error>(()) => placed.answer(),
        Err(source) => (StatusCode::INTERNAL_SERVER_ERROR, source.to_string()).into_response(),
    }
}
