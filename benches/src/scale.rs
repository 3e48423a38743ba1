//! How large a village may be: a hundred thousand agents, a million posts and three million comments, loaded and served.
//!
//! Beside nothing: the figures stand in docs/OPERATIONS.md.
//! A process of its own grows the village and ends; this one starts on what it left, so that its memory is that of a server and nothing else.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use hamlet_protocol::ids::{IdCodec, PostId};
use hamlet_sim::scenario::Loaded;
use tempfile::TempDir;

use crate::crowd::shipped;
use crate::measure::median;
use crate::net::grown::{Grown, Size};
use crate::net::ours::{DATABASE, Ours};
use crate::options::Options;
use crate::process::{SELF, memory};
use crate::report::Bench;

/// The first argument by which this program becomes the process that grows a village.
pub(crate) const GROWER: &str = "__grower";

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
/// Times that each thing is asked for; the first is told apart.
const TIMES: usize = 31;
/// The same of what takes long.
const TIMES_LONG: usize = 4;
/// How long ticks are watched.
const WATCHED: Duration = Duration::from_secs(5);
const WATCHED_QUICK: Duration = Duration::from_secs(1);

pub(crate) fn run(options: Options) -> Result<Bench> {
    let (usual, agents) = if options.quick {
        (SIZE_QUICK, AGENTS_QUICK)
    } else {
        (SIZE, AGENTS)
    };
    let size = options.sizes.of(usual);
    let agents = options.sizes.agents.unwrap_or(agents);
    let mut bench = Bench::new("scale");
    let folder = TempDir::new().context("the system gives no folder")?;
    let told = grown_elsewhere(folder.path(), agents, size)?;
    tell_of_growing(&mut bench, size, &told);
    ensure!(told.grown.residents == agents, "not everybody came");
    let file = std::fs::metadata(folder.path().join(DATABASE)).context("the database")?;
    bench.arm("database", file.len() as f64 / 1e6, "MB");
    let began = Instant::now();
    let ours = Ours::start_on(folder, village(agents)?)?;
    bench.arm("start", began.elapsed().as_secs_f64(), "s");
    bench.arm(
        "resident_at_start",
        memory(SELF, "VmRSS:") as f64 / 1e6,
        "MB",
    );
    read(&mut bench, &ours, size)?;
    write(&mut bench, &ours)?;
    ticks(&mut bench, &ours, options);
    bench.arm("resident", memory(SELF, "VmRSS:") as f64 / 1e6, "MB");
    bench.arm("resident_peak", memory(SELF, "VmHWM:") as f64 / 1e6, "MB");
    let began = Instant::now();
    ours.stop()?;
    bench.arm("stop", began.elapsed().as_secs_f64(), "s");
    bench.note("NAME_first: the first time it is asked for; NAME: the median of the times after that; all over one connection, one after the other");
    bench.note("resident: memory of this process, in which the village is served; peak: while it started, or packed its last image");
    Ok(bench)
}

/// The scenario: everybody waits for whoever drives them, as agents do who registered.
fn village(agents: u32) -> Result<Loaded> {
    // A home for ten, on as much ground for each as in the shipped crowd.
    let homes = (agents / 10).max(50);
    let side = (f64::from(homes) * 105.0).sqrt().ceil().max(128.0);
    let set = vec![
        format!(
            "map={{ generate = \"town\", width = {side}, height = {side}, homes = {homes}, seed = 1 }}"
        ),
        format!("population.0.count={agents}"),
        "population.0.mind=\"external\"".to_owned(),
        // So large a village lives at a slower pace, and nobody falls asleep while it is measured.
        "time.tick_hz=2".to_owned(),
        "rules.external_idle_secs=86400".to_owned(),
    ];
    shipped("crowd", set)
}

/// What the process that grew a village says of it, in one line.
#[derive(serde::Serialize, serde::Deserialize)]
struct Told {
    grown: Grown,
    /// Bytes of memory it held at most.
    peak_bytes: u64,
}

fn grown_elsewhere(folder: &Path, agents: u32, size: Size) -> Result<Told> {
    let numbers = [agents, size.posts, size.comments, size.votes];
    let child = Command::new(std::env::current_exe()?)
        .arg(GROWER)
        .arg(folder)
        .args(numbers.map(|number| number.to_string()))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("the process that grows the village does not start")?;
    ensure!(child.status.success(), "the village did not grow");
    serde_json::from_slice(&child.stdout).context("what grew the village says something strange")
}

/// Grows a village: a folder, then the numbers of agents, posts, comments and votes.
pub(crate) fn grow_as_told(mut words: impl Iterator<Item = String>) -> Result<()> {
    let folder = words.next().context("a folder is missing")?;
    let numbers = words
        .map(|word| word.parse::<u32>())
        .collect::<Result<Vec<_>, _>>()?;
    let [agents, posts, comments, votes] = numbers[..] else {
        bail!("agents, posts, comments and votes are to be told");
    };
    let size = Size {
        posts,
        comments,
        votes,
    };
    let grown = Ours::grow_in(Path::new(&folder), village(agents)?, size)?;
    let told = Told {
        grown,
        peak_bytes: memory(SELF, "VmHWM:"),
    };
    serde_json::to_writer(std::io::stdout().lock(), &told)?;
    std::io::stdout().flush()?;
    Ok(())
}

fn tell_of_growing(bench: &mut Bench, size: Size, told: &Told) {
    let Told { grown, peak_bytes } = told;
    bench.arm("agents", f64::from(grown.residents), "");
    bench.arm("posts", f64::from(size.posts), "");
    bench.arm("comments", f64::from(size.comments), "");
    bench.arm("grow_founding", grown.founding_secs, "s");
    bench.arm("grow_rows", grown.rows_secs, "s");
    bench.arm("grow_image", grown.image_secs, "s");
    bench.arm("grow_resident_peak", *peak_bytes as f64 / 1e6, "MB");
    bench.arm("image", grown.image_bytes as f64 / 1e6, "MB");
}

fn read(bench: &mut Bench, ours: &Ours, size: Size) -> Result<()> {
    let ids = IdCodec::new(ours.app.scenario.seed);
    let old: PostId = ids.make(1);
    let new: PostId = ids.make(u64::from(size.posts - 1));
    for (name, path) in [
        ("page_hot", "/api/v1/posts?sort=hot&limit=25".to_owned()),
        ("page_new", "/api/v1/posts?sort=new&limit=25".to_owned()),
        (
            "page_top_day",
            "/api/v1/posts?sort=top&t=day&limit=25".to_owned(),
        ),
        (
            "page_top_all",
            "/api/v1/posts?sort=top&t=all&limit=25".to_owned(),
        ),
        (
            "page_rising",
            "/api/v1/posts?sort=rising&limit=25".to_owned(),
        ),
        ("old_post", format!("/api/v1/posts/{old}")),
        ("new_post", format!("/api/v1/posts/{new}")),
        ("old_thread", format!("/api/v1/posts/{old}/comments")),
        ("search", "/api/v1/search?q=swallows&limit=10".to_owned()),
        (
            "search_rare",
            "/api/v1/search?q=report+1234&limit=10".to_owned(),
        ),
        ("world", "/api/v1/world".to_owned()),
    ] {
        // A word that all have written, and the whole town, are long looks.
        let is_long = matches!(name, "search" | "world");
        let times = if is_long { TIMES_LONG } else { TIMES };
        let asked = vec![("GET", path, None, String::new()); times];
        timed(bench, ours, name, &asked)?;
    }
    Ok(())
}

fn write(bench: &mut Bench, ours: &Ours) -> Result<()> {
    let keys = ours.register(1)?;
    let key = keys.first().map(String::as_str);
    let posts: Vec<_> = (0..TIMES)
        .map(|n| {
            let body = serde_json::json!({
                "submolt_name": "general",
                "title": format!("Word {n} from a large village"),
                "content": format!("There are many of us by now, and this is remark {n}."),
            });
            ("POST", "/api/v1/posts".to_owned(), key, body.to_string())
        })
        .collect();
    timed(bench, ours, "post_durably", &posts)?;
    // What is read after a write brings the lists up to date first.
    let path = "/api/v1/posts?sort=hot&limit=25".to_owned();
    let asked = [("GET", path, None, String::new())];
    timed(bench, ours, "page_hot_after_writes", &asked)
}

/// Asks for each; tells how long the first took, and the median of the others.
fn timed(
    bench: &mut Bench,
    ours: &Ours,
    name: &str,
    asked: &[(&str, String, Option<&str>, String)],
) -> Result<()> {
    let answers = ours.ask_each(asked)?;
    let good = |status: u16| (200..300).contains(&status);
    if let Some((status, _)) = answers.iter().find(|(status, _)| !good(*status)) {
        bench.fault(format!("{name}: status {status}"));
    }
    let millis: Vec<f64> = answers.into_iter().map(|(_, millis)| millis).collect();
    if let [first, others @ ..] = &millis[..] {
        bench.arm(format!("{name}_first"), *first, "ms");
        if !others.is_empty() {
            bench.arm(name, median(others.to_vec()), "ms");
        }
    }
    Ok(())
}

/// What a tick takes while nobody asks for anything.
fn ticks(bench: &mut Bench, ours: &Ours, options: Options) {
    let pump = &ours.app.metrics.pump;
    drop(pump.take_recent_ticks());
    std::thread::sleep(if options.quick {
        WATCHED_QUICK
    } else {
        WATCHED
    });
    let times = pump.take_recent_ticks();
    let millis: Vec<f64> = times.iter().map(|it| it.cpu.as_secs_f64() * 1e3).collect();
    if millis.is_empty() {
        bench.fault("the village does not tick");
        return;
    }
    let longest = millis.iter().copied().fold(0.0, f64::max);
    bench.arm("tick_cpu", median(millis), "ms");
    bench.arm("tick_cpu_longest", longest, "ms");
}
