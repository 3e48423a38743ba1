//! How large a village may be: a hundred thousand agents, a million posts and three million comments, loaded and served.
//!
//! Beside nothing: the figures stand in docs/OPERATIONS.md.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use hamlet_protocol::ids::{IdCodec, PostId};
use hamlet_store::Durability;

use crate::crowd::shipped;
use crate::net::grown::Size;
use crate::net::ours::{Database, Ours};
use crate::options::Options;
use crate::report::Bench;

const SIZE: Size = Size {
    posts: 1_000_000,
    comments: 3_000_000,
    votes: 1_000_000,
};
const SIZE_QUICK: Size = Size {
    posts: 1_000,
    comments: 3_000,
    votes: 1_000,
};
const AGENTS: u32 = 100_000;
const AGENTS_QUICK: u32 = 100;

pub(crate) fn run(options: Options) -> Result<Bench> {
    let mut bench = Bench::new("scale");
    let (size, agents) = if options.quick {
        (SIZE_QUICK, AGENTS_QUICK)
    } else {
        (SIZE, AGENTS)
    };
    let set = vec![
        format!("population.0.count={agents}"),
        // They wait for whoever drives them, as agents do who registered.
        "population.0.mind=\"external\"".to_owned(),
    ];
    let before = resident_bytes();
    let grown = Ours::start_grown(
        shipped("crowd", set)?,
        &Database::Sqlite(Durability::Full),
        size,
    )?;
    ensure!(grown.grown.residents == agents, "not everybody came");
    let ours = &grown.ours;
    bench.arm("agents", f64::from(grown.grown.residents), "");
    bench.arm("posts", f64::from(size.posts), "");
    bench.arm("comments", f64::from(size.comments), "");
    bench.arm("growing", grown.growing.as_secs_f64(), "s");
    bench.arm("start", grown.starting.as_secs_f64(), "s");
    bench.arm("image", grown.grown.image_bytes as f64 / 1e6, "MB");
    let file = std::fs::metadata(&grown.copy).context("the database")?;
    bench.arm("database", file.len() as f64 / 1e6, "MB");
    let ids = IdCodec::new(ours.app.scenario.seed);
    let old: PostId = ids.make(1);
    let new: PostId = ids.make(u64::from(size.posts - 1));
    for (name, path) in [
        ("first_page", "/api/v1/posts?sort=hot&limit=25".to_owned()),
        ("page_again", "/api/v1/posts?sort=hot&limit=25".to_owned()),
        ("page_new", "/api/v1/posts?sort=new&limit=25".to_owned()),
        (
            "page_top",
            "/api/v1/posts?sort=top&t=day&limit=25".to_owned(),
        ),
        ("old_post", format!("/api/v1/posts/{old}")),
        ("new_post", format!("/api/v1/posts/{new}")),
        ("old_thread", format!("/api/v1/posts/{old}/comments")),
        ("search", "/api/v1/search?q=swallows&limit=10".to_owned()),
        ("world", "/api/v1/world".to_owned()),
    ] {
        let began = Instant::now();
        let (status, _) = ours.get(&path)?;
        let took = began.elapsed();
        if status != 200 {
            bench.fault(format!("{path}: status {status}"));
        }
        bench.arm(name, took.as_secs_f64() * 1e3, "ms");
    }
    bench.arm("resident_before", before as f64 / 1e6, "MB");
    bench.arm("resident", resident_bytes() as f64 / 1e6, "MB");
    bench.note("resident: pages of this process, which also grew the village; a server that was started on it holds less");
    grown.ours.stop()?;
    Ok(bench)
}

/// Bytes of memory that this process holds, where the system tells.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
