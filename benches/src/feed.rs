//! The board of a village that has grown, over real sockets, 64 connections.
//!
//! A page of the hot feed and a post by its id, new ones and those whose words are only in the database: beside axum with an sqlx pool
//! over the same rows (with heat and counters in indexed columns, as such servers keep them), beside a bare axum hello,
//! and the page beside the same bytes as a static body.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::extract::{Path as Segment, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use hamlet_protocol::ids::{IdCodec, PostId};
use hamlet_store::Durability;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow};
use sqlx::{Connection, Row, SqliteConnection, SqlitePool};
use uuid::Uuid;

use crate::crowd::shipped;
use crate::net::grown::Size;
use crate::net::load::{Answered, Load, Script, request};
use crate::net::ours::{Database, Ours};
use crate::net::reference::Reference;
use crate::net::{CONNECTIONS, Rounds, spans};
use crate::options::Options;
use crate::report::Bench;

/// Connections of the reference's pool.
const POOL: u32 = 8;
/// Posts that are asked for, each time another.
const SAMPLES: u32 = 4_096;

const SIZE: Size = Size {
    posts: 1_000_000,
    comments: 1_000_000,
    votes: 1_000_000,
};
const SIZE_QUICK: Size = Size {
    posts: 2_000,
    comments: 2_000,
    votes: 2_000,
};

/// The first page of the hot feed.
const HOT: &str = "/api/v1/posts?sort=hot&limit=25";

/// What a plain server would keep: heat and counters in columns of their own, with an index.
const COLUMNS: [&str; 5] = [
    "ALTER TABLE posts ADD COLUMN hot REAL NOT NULL DEFAULT 0",
    "ALTER TABLE posts ADD COLUMN comment_count INTEGER NOT NULL DEFAULT 0",
    "UPDATE posts SET hot = score * 0.3 + created_ms / 45000000.0",
    "UPDATE posts SET comment_count = c.n FROM (SELECT post, COUNT(*) AS n FROM comments GROUP BY post) c WHERE posts.id = c.post",
    "CREATE INDEX posts_hot ON posts (hot)",
];
const POST: &str = "SELECT p.id, p.title, p.text, p.up, p.down, p.score, p.hot, p.comment_count, p.created_ms, p.submolt, a.id, a.name \
     FROM posts p JOIN agents a ON a.id = p.author";

pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("feed");
    let usual = if options.quick { SIZE_QUICK } else { SIZE };
    let size = options.sizes.of(usual);
    let database = Database::Sqlite(Durability::Full);
    let grown = Ours::start_grown(shipped("town", Vec::new())?, &database, size)?;
    let (ours, reference) = (grown.ours, grown.copy);
    let keys = ours.register(CONNECTIONS)?;
    let sqlx = Reference::start(async || pool(&reference).await)?;
    let hello = Reference::hello()?;
    let (status, page) = ours.get(HOT)?;
    ensure!(status == 200, "the hot feed is not there: {status}");
    let raw = Reference::body(page.into())?;
    let ids = IdCodec::new(ours.app.scenario.seed);
    let newest = size.posts.saturating_sub(SAMPLES.min(size.posts / 4));
    let new = ids_of(ids, newest, size.posts);
    let old = ids_of(ids, 0, SAMPLES.min(size.posts / 2));
    let arms = [
        ("ours_hot", ours.address, one(HOT, &keys)),
        ("sqlx_hot", sqlx.address, one("/posts", &[])),
        (
            "ours_post",
            ours.address,
            by_id("/api/v1/posts/", &new, &keys),
        ),
        ("sqlx_post", sqlx.address, by_id("/posts/", &new, &[])),
        (
            "ours_old_post",
            ours.address,
            by_id("/api/v1/posts/", &old, &keys),
        ),
        ("sqlx_old_post", sqlx.address, by_id("/posts/", &old, &[])),
        ("hello", hello.address, one("/", &[])),
        ("raw_hot", raw.address, one("/", &[])),
    ];
    let mut rounds = <[Rounds; 8]>::default();
    for _ in 0..options.rounds(3) {
        for ((_, address, script), rounds) in arms.iter().zip(&mut rounds) {
            rounds.add(&loaded(*address, script, options)?);
        }
    }
    for ((name, ..), rounds) in arms.iter().zip(&rounds) {
        rounds.report(&mut bench, name, "answers/s");
    }
    let [hot, sqlx_hot, post, sqlx_post, old, sqlx_old, hello, raw] = &rounds;
    for (own, other, name) in [
        (hot, sqlx_hot, "sqlx_hot"),
        (post, sqlx_post, "sqlx_post"),
        (old, sqlx_old, "sqlx_old_post"),
        (hot, hello, "hello_hot"),
        (post, hello, "hello_post"),
        (old, hello, "hello_old_post"),
        (hot, raw, "raw_hot"),
    ] {
        bench.ratio(format!("rate_vs_{name}"), own.rate() / other.rate());
        bench.ratio(format!("p99_vs_{name}"), own.p99() / other.p99());
    }
    bench.note(format!(
        "{} posts, {} comments, {} votes at most",
        size.posts, size.comments, size.votes
    ));
    ours.stop()?;
    Ok(bench)
}

fn ids_of(ids: IdCodec, from: u32, to: u32) -> Vec<String> {
    (from..to)
        .map(|no| ids.make::<PostId>(u64::from(no)).to_string())
        .collect()
}

/// Another post with each request.
fn by_id(path: &'static str, ids: &[String], keys: &[String]) -> Script {
    let (ids, keys) = (ids.to_vec(), keys.to_vec());
    Arc::new(move |connection, n, into| {
        let id = &ids[(n as usize * 31 + connection * 101) % ids.len()];
        let key = keys.get(connection).map(String::as_str);
        request(into, "GET", &format!("{path}{id}"), key, "");
    })
}

fn one(path: &'static str, keys: &[String]) -> Script {
    let keys = keys.to_vec();
    Arc::new(move |connection, _, into| {
        let key = keys.get(connection).map(String::as_str);
        request(into, "GET", path, key, "");
    })
}

fn loaded(address: std::net::SocketAddr, script: &Script, options: Options) -> Result<Answered> {
    let (warm, time) = spans(options.quick);
    let load = Load {
        address,
        connections: CONNECTIONS,
        script: Arc::clone(script),
        warm,
        time,
        rate: None,
    };
    load.run()
}

async fn pool(file: &Path) -> Result<Router> {
    let connect = SqliteConnectOptions::from_str(&format!("sqlite://{}", file.display()))?;
    let mut link = SqliteConnection::connect_with(&connect).await?;
    for statement in COLUMNS {
        sqlx::query(statement)
            .execute(&mut link)
            .await
            .context("columns of the reference")?;
    }
    link.close().await?;
    let pool = SqlitePoolOptions::new()
        .max_connections(POOL)
        .connect_with(connect.pragma("query_only", "ON"))
        .await?;
    Ok(Router::new()
        .route("/posts", get(hot))
        .route("/posts/{id}", get(post))
        .with_state(pool))
}

async fn hot(State(pool): State<SqlitePool>) -> Response {
    let sql = joined(POST, " ORDER BY p.hot DESC LIMIT 26");
    match sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&pool).await {
        Ok(rows) => {
            let has_more = rows.len() > 25;
            let posts: Vec<Value> = rows.iter().take(25).map(body).collect();
            Json(json!({ "success": true, "count": posts.len(), "posts": posts, "has_more": has_more }))
                .into_response()
        }
        Err(source) => (StatusCode::INTERNAL_SERVER_ERROR, source.to_string()).into_response(),
    }
}

async fn post(State(pool): State<SqlitePool>, Segment(id): Segment<Uuid>) -> Response {
    let sql = joined(POST, " WHERE p.id = $1");
    let found = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(&pool)
        .await;
    match found {
        Ok(Some(row)) => Json(json!({ "success": true, "post": body(&row) })).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(source) => (StatusCode::INTERNAL_SERVER_ERROR, source.to_string()).into_response(),
    }
}

fn joined(first: &str, last: &str) -> String {
    [first, last].concat()
}

fn body(row: &SqliteRow) -> Value {
    json!({
        "id": row.get::<Uuid, _>(0), "title": row.get::<String, _>(1), "content": row.get::<String, _>(2),
        "upvotes": row.get::<i64, _>(3), "downvotes": row.get::<i64, _>(4), "score": row.get::<i64, _>(5),
        "hot_score": row.get::<f64, _>(6), "comment_count": row.get::<i64, _>(7), "created_ms": row.get::<i64, _>(8),
        "submolt_name": row.get::<String, _>(9),
        "author": { "id": row.get::<Uuid, _>(10), "name": row.get::<String, _>(11) },
    })
}
