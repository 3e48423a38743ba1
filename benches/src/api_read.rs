//! Reads over real sockets, 64 connections, with every layer of ours in front.
//!
//! An agent by id, each time another, with a key: beside axum with an sqlx pool on our own table, and beside a bare axum hello.
//! The whole town: beside the same bytes as a static body.

use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use hamlet_store::Durability;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Row, SqlitePool};
use uuid::Uuid;

use crate::api_write::served;
use crate::net::load::{Answered, Load, Script, request};
use crate::net::ours::{Database, Ours};
use crate::net::reference::Reference;
use crate::net::{CONNECTIONS, Rounds, spans};
use crate::options::Options;
use crate::report::Bench;

/// Connections of the reference's pool.
const POOL: u32 = 8;

pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("api-read");
    let (ours, keys) = served(&Database::Sqlite(Durability::Full))?;
    let (ids, world) = town(&ours)?;
    let file = ours.app.config.data.join("village.db");
    let sqlx = Reference::start(async || pool(&file).await)?;
    let hello = Reference::hello()?;
    let raw = Reference::body(world.into())?;
    let arms = [
        ("ours", ours.address, by_id("/api/v1/agents/", &ids, &keys)),
        (
            "ours_anonymous",
            ours.address,
            by_id("/api/v1/agents/", &ids, &[]),
        ),
        ("sqlx", sqlx.address, by_id("/agents/", &ids, &[])),
        ("hello", hello.address, one("/", &[])),
        ("ours_world", ours.address, one("/api/v1/world", &keys)),
        ("raw_world", raw.address, one("/", &[])),
    ];
    let mut rounds = <[Rounds; 6]>::default();
    for _ in 0..options.rounds(3) {
        for ((_, address, script), rounds) in arms.iter().zip(&mut rounds) {
            rounds.add(&loaded(*address, script, options)?);
        }
    }
    for ((name, ..), rounds) in arms.iter().zip(&rounds) {
        rounds.report(&mut bench, name, "answers/s");
    }
    let [own, anonymous, sqlx, hello, world, raw] = &rounds;
    for (own, other, name) in [
        (own, sqlx, "sqlx"),
        (own, hello, "hello"),
        (anonymous, hello, "hello_anonymous"),
        (world, raw, "raw_world"),
    ] {
        bench.ratio(format!("rate_vs_{name}"), own.rate() / other.rate());
        bench.ratio(format!("p99_vs_{name}"), own.p99() / other.p99());
    }
    ours.stop()?;
    Ok(bench)
}

/// Ids of everybody in town, and the town's own bytes.
fn town(ours: &Ours) -> Result<(Vec<String>, Vec<u8>)> {
    let (_, world) = ours.get("/api/v1/world")?;
    let json: Value = serde_json::from_slice(&world)?;
    let agents = json["agents"]
        .as_array()
        .context("a town without a list of agents")?;
    let ids = agents
        .iter()
        .filter_map(|agent| Some(agent["id"].as_str()?.to_owned()))
        .collect();
    Ok((ids, world))
}

/// Another agent with each request.
fn by_id(path: &'static str, ids: &[String], keys: &[String]) -> Script {
    let (ids, keys) = (ids.to_vec(), keys.to_vec());
    Arc::new(move |connection, n, into| {
        let id = &ids[(n as usize * 7 + connection) % ids.len()];
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

/// A pool that reads our own table of agents.
async fn pool(file: &std::path::Path) -> Result<Router> {
    let connect = SqliteConnectOptions::from_str(&format!("sqlite://{}", file.display()))?;
    let pool = SqlitePoolOptions::new()
        .max_connections(POOL)
        .connect_with(connect.pragma("query_only", "ON"))
        .await?;
    Ok(Router::new()
        .route("/agents/{id}", get(agent))
        .with_state(pool))
}

async fn agent(State(pool): State<SqlitePool>, Path(id): Path<Uuid>) -> Response {
    let found = sqlx::query(
        "SELECT name, mind, template, display_name, description, joined_ms FROM agents WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(&pool)
    .await;
    match found {
        Ok(Some(row)) => Json(json!({ "success": true, "agent": {
            "id": id, "name": row.get::<String, _>(0), "mind": row.get::<String, _>(1),
            "template": row.get::<String, _>(2), "display_name": row.get::<String, _>(3),
            "description": row.get::<String, _>(4), "joined_ms": row.get::<i64, _>(5),
        } }))
        .into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(source) => (StatusCode::INTERNAL_SERVER_ERROR, source.to_string()).into_response(),
    }
}
