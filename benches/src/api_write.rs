//! Posts over real sockets, 64 connections, each answered after its commit.
//!
//! Ours: the product with everything in front of it, a village that ticks behind it, and its journal.
//! `sqlx`: axum and a pool, one transaction per request. `group_commit`: axum and one writer that commits whatever waits.
//! Both keep the rows of the same tables.

use std::sync::Arc;

use anyhow::Result;
use hamlet_store::Durability;
use tempfile::TempDir;

use crate::crowd::shipped;
use crate::net::load::{Answered, Load, Script, request};
use crate::net::ours::{Database, Ours};
use crate::net::reference::Reference;
use crate::net::{CONNECTIONS, Rounds, rows, spans};
use crate::options::Options;
use crate::report::Bench;

pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("api-write");
    for (name, durability) in [("full", Durability::Full), ("normal", Durability::Normal)] {
        sqlite(&mut bench, options, name, durability)?;
    }
    #[cfg(feature = "pg")]
    postgres(&mut bench, options)?;
    #[cfg(not(feature = "pg"))]
    bench.note("PostgreSQL is not measured: HAMLET_POSTGRES_FSYNC=on scripts/with-postgres cargo run --release -p hamlet-bench --features pg -- api-write");
    bench.note("ours checks a key, ticks, and keeps a journal besides; the others write the same events and posts and nothing else");
    Ok(bench)
}

fn sqlite(bench: &mut Bench, options: Options, name: &str, durability: Durability) -> Result<()> {
    let (ours, keys) = served(&Database::Sqlite(durability))?;
    let folders = [TempDir::new()?, TempDir::new()?];
    let sqlx = Reference::start(async || rows::per_request(folders[0].path(), durability).await)?;
    let group = Reference::start(async || rows::group_commit(folders[1].path(), durability).await)?;
    let mut rounds = <[Rounds; 3]>::default();
    for round in 0..options.rounds(3) as u64 {
        let scripts = [posts(&keys, round), posts(&[], round), posts(&[], round)];
        let addresses = [ours.address, sqlx.address, group.address];
        for ((rounds, script), address) in rounds.iter_mut().zip(scripts).zip(addresses) {
            rounds.add(&loaded(address, script, options)?);
        }
    }
    let [own, sqlx, group] = &rounds;
    own.report(bench, &format!("ours_{name}"), "posts/s");
    sqlx.report(bench, &format!("sqlx_{name}"), "posts/s");
    group.report(bench, &format!("group_commit_{name}"), "posts/s");
    compare(bench, own, sqlx, &format!("sqlx_{name}"));
    compare(bench, own, group, &format!("group_commit_{name}"));
    ours.stop()
}

#[cfg(feature = "pg")]
fn postgres(bench: &mut Bench, options: Options) -> Result<()> {
    let databases = crate::net::postgres::Databases::make(2)?;
    let (ours, keys) = served(&Database::Postgres(databases.urls[0].clone()))?;
    let sqlx = Reference::start(async || rows::per_request_postgres(&databases.urls[1]).await)?;
    let mut rounds = [Rounds::default(), Rounds::default()];
    for round in 0..options.rounds(3) as u64 {
        rounds[0].add(&loaded(ours.address, posts(&keys, round), options)?);
        rounds[1].add(&loaded(sqlx.address, posts(&[], round), options)?);
    }
    let [own, sqlx] = &rounds;
    own.report(bench, "ours_postgres", "posts/s");
    sqlx.report(bench, "sqlx_postgres", "posts/s");
    compare(bench, own, sqlx, "sqlx_postgres");
    ours.stop()
}

fn compare(bench: &mut Bench, own: &Rounds, other: &Rounds, name: &str) {
    bench.ratio(format!("rate_vs_{name}"), own.rate() / other.rate());
    bench.ratio(format!("p99_vs_{name}"), own.p99() / other.p99());
}

/// Ours with a key for every connection.
pub(crate) fn served(database: &Database) -> Result<(Ours, Vec<String>)> {
    let ours = Ours::start(shipped("town", Vec::new())?, database)?;
    let keys = ours.register(CONNECTIONS)?;
    Ok((ours, keys))
}

fn loaded(address: std::net::SocketAddr, script: Script, options: Options) -> Result<Answered> {
    let (warm, time) = spans(options.quick);
    let load = Load {
        address,
        connections: CONNECTIONS,
        script,
        warm,
        time,
        rate: None,
    };
    load.run()
}

/// Posts of about 250 bytes, no two alike; to ours with a key for each connection.
pub(crate) fn posts(keys: &[String], round: u64) -> Script {
    let keys = keys.to_vec();
    Arc::new(move |connection, n, into| {
        let body = format!(
            r#"{{"submolt_name":"general","title":"Report {n} of reader {connection} in round {round}","content":"The {n}th look over the square, by number {connection}: the baker has sold {} loaves, the smith mended {} pans, and somebody counted {} swallows above the mill before it began to rain."}}"#,
            n * 31 % 997,
            n * 17 % 89,
            n * 13 % 1009,
        );
        let key = keys.get(connection).map(String::as_str);
        let path = if key.is_some() {
            "/api/v1/posts"
        } else {
            "/posts"
        };
        request(into, "POST", path, key, &body);
    })
}
