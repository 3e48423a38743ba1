//! Durable votes over real sockets, 64 connections, each answered after its commit, beside the same rows upserted raw.
//!
//! `raw` has no HTTP, no keys and no village: one connection to SQLite that writes event, vote and counters of so many votes in a transaction.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hamlet_protocol::ids::{IdCodec, PostId};
use hamlet_store::Durability;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};

use crate::crowd::shipped;
use crate::net::grown::Size;
use crate::net::load::{Load, Script, request};
use crate::net::ours::{Database, Ours};
use crate::net::{CONNECTIONS, Rounds, spans};
use crate::options::Options;
use crate::report::Bench;

/// Votes of a raw transaction.
const BATCH: u64 = 256;
/// A place in a village that has lived a while.
const STAMP_MS: i64 = 1_770_000_000_000;

const SIZE: Size = Size {
    posts: 20_000,
    comments: 1_000,
    votes: 0,
};

const EVENTS: &str = "INSERT INTO events (seq, tick, stamp_ms, kind, agent, body) \
     SELECT value ->> 0, 1000, value ->> 1, 'vote', unhex(value ->> 2), value ->> 3 FROM jsonb_each($1)";
const VOTES: &str = "INSERT INTO votes (agent, target, target_kind, value, changed_ms) \
     SELECT unhex(value ->> 0), unhex(value ->> 1), 'post', value ->> 2, value ->> 3 FROM jsonb_each($1) WHERE true \
     ON CONFLICT (agent, target) DO UPDATE SET value = excluded.value, changed_ms = excluded.changed_ms";
const COUNTERS: &str = "UPDATE posts SET up = v.value ->> 1, down = v.value ->> 2, score = (v.value ->> 1) - (v.value ->> 2) \
     FROM jsonb_each($1) v WHERE posts.id = unhex(v.value ->> 0)";

pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("votes");
    for (name, durability) in [("full", Durability::Full), ("normal", Durability::Normal)] {
        arms(&mut bench, options, name, durability)?;
    }
    bench.note(
        "ours checks a key, a rule and a voter, ticks, tells authors and keeps a journal besides",
    );
    Ok(bench)
}

fn arms(bench: &mut Bench, options: Options, name: &str, durability: Durability) -> Result<()> {
    let town = shipped("town", Vec::new())?;
    let grown = Ours::start_grown(town, &Database::Sqlite(durability), SIZE)?;
    let keys = grown.ours.register(CONNECTIONS)?;
    let ids = IdCodec::new(grown.ours.app.scenario.seed);
    let posts: Vec<PostId> = (0..SIZE.posts).map(|no| ids.make(u64::from(no))).collect();
    let (mut own, mut raw) = (Rounds::default(), Vec::new());
    let (warm, time) = spans(options.quick);
    for round in 0..options.rounds(3) as u64 {
        let load = Load {
            address: grown.ours.address,
            connections: CONNECTIONS,
            script: votes(&keys, &posts, round),
            warm,
            time,
            rate: None,
        };
        own.add(&load.run()?);
        let upserted = upserts(&grown.copy, durability, &posts, time, round);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        raw.push(runtime.block_on(upserted)?);
    }
    let raw = crate::measure::median(raw);
    own.report(bench, &format!("ours_{name}"), "votes/s");
    bench.arm(format!("raw_{name}"), raw, "votes/s");
    bench.ratio(format!("rate_vs_raw_{name}"), own.rate() / raw);
    grown.ours.stop()
}

/// Every connection votes on every post in turn, up and down: no vote leaves things as they were.
fn votes(keys: &[String], posts: &[PostId], round: u64) -> Script {
    let keys = keys.to_vec();
    let posts: Vec<String> = posts.iter().map(ToString::to_string).collect();
    Arc::new(move |connection, n, into| {
        let post = &posts[(n as usize + connection * 311 + round as usize * 7_919) % posts.len()];
        let way = if round.is_multiple_of(2) {
            "upvote"
        } else {
            "downvote"
        };
        let key = keys.get(connection).map(String::as_str);
        request(
            into,
            "POST",
            &format!("/api/v1/posts/{post}/{way}"),
            key,
            "",
        );
    })
}

/// Upserts as many votes as there is time for; gives back how many a second.
async fn upserts(
    file: &Path,
    durability: Durability,
    posts: &[PostId],
    time: Duration,
    round: u64,
) -> Result<f64> {
    let connect = SqliteConnectOptions::from_str(&format!("sqlite://{}", file.display()))?
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("wal_autocheckpoint", "65536")
        .synchronous(match durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Normal => SqliteSynchronous::Normal,
        });
    let mut link = SqliteConnection::connect_with(&connect).await?;
    let (began, mut done) = (Instant::now(), 0_u64);
    // Numbers of events that nothing has.
    let first = (1_000_000_000_000 * (round + 1)) as i64;
    while began.elapsed() < time {
        let batch = (done..done + BATCH).map(|n| {
            let post = posts[n as usize % posts.len()];
            (n, post.0.simple().to_string())
        });
        let batch: Vec<(u64, String)> = batch.collect();
        let agent = |n: u64| format!("{:032x}", 7 + n % 64);
        let events = batch.iter().map(|(n, post)| {
            let body = json!({ "kind": "voted", "agent": agent(*n), "target": { "post": post }, "before": 0, "value": 1, "score": 1, "up": 1, "down": 0 });
            json!([first + *n as i64, STAMP_MS, agent(*n), body.to_string()])
        });
        let events: Vec<Value> = events.collect();
        let votes = batch
            .iter()
            .map(|(n, post)| json!([agent(*n), post, 1, STAMP_MS]));
        let votes: Vec<Value> = votes.collect();
        let counters: Vec<Value> = batch
            .iter()
            .map(|(n, post)| json!([post, n % 100, 0]))
            .collect();
        let mut transaction = link.begin_with("BEGIN IMMEDIATE").await?;
        for (statement, rows) in [(EVENTS, events), (VOTES, votes), (COUNTERS, counters)] {
            sqlx::query(statement)
                .bind(serde_json::to_string(&rows)?)
                .execute(&mut *transaction)
                .await
                .context("raw votes")?;
        }
        transaction.commit().await?;
        done += BATCH;
    }
    let rate = done as f64 / began.elapsed().as_secs_f64();
    link.close().await?;
    Ok(rate)
}
