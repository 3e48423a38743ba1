//! A database that goes away, and a disk that is full: the village pauses and says why, reads go on, nothing acknowledged is lost,
//! and when all is well again it goes on at its pace as if nothing had been.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::postgres::{Wire, database};
use crate::process::{PATIENCE, until};
use crate::server::{SERVE, Served};

/// Seconds for which the database is gone; `scripts/test --full` sets 30.
const OUTAGE: &str = "HAMLET_SERVE_OUTAGE_SECS";
const OUTAGE_SECS_USUAL: u64 = 4;
/// Ticks a second of the town.
const HZ: u64 = 10;
/// Ticks that may be done but not yet public when the village pauses: what waits for the pump, what it holds, and the one that waits to leave.
const UNDERWAY_MAX: u64 = 16;

fn outage() -> Duration {
    let secs = std::env::var(OUTAGE).map_or(OUTAGE_SECS_USUAL, |secs| {
        secs.parse().expect("HAMLET_SERVE_OUTAGE_SECS is a number")
    });
    Duration::from_secs(secs)
}

/// Somebody who posts, and remembers what was acknowledged.
struct Writer {
    key: String,
    posts: BTreeMap<String, String>,
}

impl Writer {
    fn register(served: &Served) -> Self {
        let body = json!({ "name": "chronicler", "description": "writes down what happens" });
        let path = "/api/v1/agents/register";
        let (status, got) = Served::try_post(&served.address, path, None, &body).unwrap();
        assert_eq!(status, 201, "{got}");
        Self {
            key: got["agent"]["api_key"].as_str().unwrap().to_owned(),
            posts: BTreeMap::new(),
        }
    }

    /// Posts, and gives back the status and the answer.
    fn post(&mut self, served: &Served, title: &str) -> (u16, Value) {
        let body = json!({ "submolt_name": "general", "title": title, "content": format!("All about {title}.") });
        let key = Some(self.key.as_str());
        let (status, got) = Served::try_post(&served.address, "/api/v1/posts", key, &body).unwrap();
        if status == 201 {
            let id = got["post"]["id"].as_str().unwrap().to_owned();
            self.posts.insert(id, title.to_owned());
        }
        (status, got)
    }

    fn check(&self, served: &Served) {
        for (id, title) in &self.posts {
            let (status, body) = served.get(&format!("/api/v1/posts/{id}"));
            assert_eq!(status, 200, "{title}: {body}");
            let post: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(post["title"], title.as_str());
        }
    }
}

/// What holds while the database takes nothing.
fn check_paused(served: &Served, writer: &mut Writer) {
    until("the village says that it is paused", || {
        served.get("/readyz").0 == 503
    });
    let (status, head, body) = served.get_whole("/readyz");
    assert!(status == 503 && head.contains("retry-after: "), "{head}");
    let problem: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(problem["code"], "paused", "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.len() > "The village is paused: ".len(), "{detail}");
    assert_eq!(served.get("/livez").0, 200);
    assert!(served.get("/health").1.contains("paused"));
    served.world();
    writer.check(served);
    for path in ["/api/v1/agents/chronicler", "/api/v1/posts"] {
        let (status, body) = served.get(path);
        assert_eq!(status, 200, "{path}: {body}");
    }
    for path in ["/api/v1/agents/me", "/api/v1/agents/me/perception"] {
        let (status, body) = served.get_as(path, &writer.key);
        assert_eq!(status, 200, "{path}: {body}");
    }
    let (status, refused) = writer.post(served, "too early");
    assert_eq!(
        (status, &refused["code"]),
        (503, &json!("paused")),
        "{refused}"
    );
    assert!(
        refused["retry_after_seconds"].as_u64() > Some(0),
        "{refused}"
    );
}

/// Lets the village live through an outage between `begin` and `end`.
fn live_through(served: &Served, writer: &mut Writer, begin: impl FnOnce(), end: impl FnOnce()) {
    served.live_beyond(2);
    assert_eq!(writer.post(served, "before").0, 201);
    let began = Instant::now();
    begin();
    check_paused(served, writer);
    let paused_at = served.tick();
    until("the outage is over", || began.elapsed() >= outage());
    // Time stands still, whatever the clock on the wall says.
    assert!(served.tick() <= paused_at + UNDERWAY_MAX);
    let (ended, resumed_at) = (Instant::now(), served.tick());
    end();
    until("the village takes writes again", || {
        served.get("/readyz").0 == 200
    });
    // What it missed is not made up for: it lives at its pace.
    let ticks = outage().as_secs().min(20) * HZ;
    until("the village lives on", || {
        served.tick() >= resumed_at + ticks
    });
    let least = Duration::from_millis((ticks - UNDERWAY_MAX) * 1000 / HZ);
    assert!(
        ended.elapsed() >= least,
        "{ticks} ticks in {:?}",
        ended.elapsed()
    );
    assert!(ended.elapsed() < PATIENCE);
    assert_eq!(writer.post(served, "after").0, 201);
    writer.check(served);
}

/// Everything is there after the next start, and the journal leads to the very same world.
fn check_afterwards(desk: &Desk, serve: &str, served: Served, writer: &Writer) {
    assert_eq!(writer.posts.len(), 2, "{:?}", writer.posts);
    served.kill_9();
    let again = Served::start(desk, serve);
    writer.check(&again);
    again.stop("TERM");
    desk.good("admin audit --verify --data home");
}

#[test]
fn a_database_that_goes_away_pauses_the_village() {
    let url = database("hamlet_outage");
    let wire = Wire::to(&url);
    let desk = Desk::new();
    // The other commands find the database where the settings say.
    let settings = format!("[database]\nurl = \"{}\"\n", wire.url(&url));
    desk.write("hamlet.toml", settings);
    let served = Served::start(&desk, SERVE);
    let mut writer = Writer::register(&served);
    live_through(&served, &mut writer, || wire.cut(), || wire.mend());
    check_afterwards(&desk, SERVE, served, &writer);
}

/// A disk of its own for one folder, or a limit on the length of files where one may not mount.
enum Disk {
    Mounted(PathBuf),
    Limited,
}

impl Disk {
    /// Megabytes of the disk: enough for a village's first hour.
    const SIZE_MB: u32 = 24;

    fn for_folder(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let size = format!("size={}m,mode=0700", Self::SIZE_MB);
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "hamlet-test"])
            .arg(folder)
            .output();
        match mounted {
            Ok(said) if said.status.success() => Self::Mounted(folder.to_owned()),
            _ => Self::Limited,
        }
    }

    fn fill(&self, served: &Served) {
        match self {
            Self::Mounted(folder) => {
                let mut file = File::create(folder.join("filler")).unwrap();
                // Until the disk refuses, byte by byte in the end.
                for piece in [vec![7; 1 << 16], vec![7; 512], vec![7]] {
                    while file.write_all(&piece).is_ok() {}
                }
            }
            Self::Limited => served.limit_files("0"),
        }
    }

    fn clear(&self, served: &Served) {
        match self {
            Self::Mounted(folder) => fs::remove_file(folder.join("filler")).unwrap(),
            Self::Limited => served.limit_files("unlimited"),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Self::Mounted(folder) = self {
            // Lazily: it goes away when the last file in it is closed.
            drop(Command::new("umount").arg("-l").arg(folder).status());
        }
    }
}

#[test]
fn a_full_disk_pauses_the_village() {
    let desk = Desk::new();
    let disk = Disk::for_folder(&desk.path("home"));
    let served = Served::start(&desk, SERVE);
    let mut writer = Writer::register(&served);
    live_through(
        &served,
        &mut writer,
        || disk.fill(&served),
        || disk.clear(&served),
    );
    check_afterwards(&desk, SERVE, served, &writer);
}

#[test]
fn a_server_that_is_told_to_stop_while_its_database_is_gone_stops() {
    let url = database("hamlet_stop_in_outage");
    let wire = Wire::to(&url);
    let desk = Desk::new();
    let settings = format!("[database]\nurl = \"{}\"\n", wire.url(&url));
    desk.write("hamlet.toml", settings);
    let served = Served::start(&desk, SERVE);
    let mut writer = Writer::register(&served);
    assert_eq!(writer.post(&served, "before").0, 201);
    wire.cut();
    until("the village says that it is paused", || {
        served.get("/readyz").0 == 503
    });
    served.stop_in_vain("TERM");
    wire.mend();
    let again = Served::start(&desk, SERVE);
    writer.check(&again);
    again.stop("TERM");
}
