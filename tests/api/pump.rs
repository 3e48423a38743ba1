//! The way from the village to the database, when there is more to do than either can take.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hamlet_api::metrics::Metrics;
use hamlet_api::time::StillClock;
use hamlet_api::village::{Boot, Keep, boot};
use hamlet_protocol::act::Act;
use hamlet_protocol::command::Command;
use hamlet_protocol::ids::AgentId;
use hamlet_sim::bridge::{Envelope, InboxError, Pace, SimHandle};
use hamlet_sim::scenario::{self, Overrides};
use hamlet_store::{Store, StoreOptions};
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{NOW_MS, Repository};

/// How long the inbox is kept full: many images are taken meanwhile.
const FLOOD: Duration = Duration::from_secs(5);
/// Commands that must be answered after that: several times what the inbox holds.
const AFTERWARDS: u64 = 20_000;
/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(240);

/// Keeps the inbox full for a while, and then until as much as was waiting has been answered; whether that came to pass.
fn flood(sim: &SimHandle) -> bool {
    let answered = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut wanted = None;
    loop {
        let done = answered.load(Ordering::Relaxed);
        if began.elapsed() > FLOOD && done >= *wanted.get_or_insert(done + AFTERWARDS) {
            return true;
        }
        if began.elapsed() > PATIENCE {
            return false;
        }
        let heard = Arc::clone(&answered);
        // Of nobody: it is refused, and its answer waits for the pump as any other.
        let act = Act::Say {
            text: "Is anybody there?".to_owned(),
        };
        let envelope = Envelope {
            command: Command::Act {
                agent: AgentId(Uuid::nil()),
                act,
            },
            stamp_ms: None,
            side: None,
            reply: Box::new(move |_answer| {
                heard.fetch_add(1, Ordering::Relaxed);
            }),
        };
        match sim.try_send(envelope) {
            Ok(()) => {}
            Err(InboxError::Full(_)) => std::thread::yield_now(),
            Err(InboxError::Stopped) => return false,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_inbox_never_stops_the_village_where_images_are_taken() {
    let folder = TempDir::new().expect("a folder for the village");
    let url = format!("sqlite://{}", folder.path().join("village.db").display());
    let store = Store::open(&url, StoreOptions::default())
        .await
        .expect("the store opens");
    let town = Path::new("scenarios/town.toml");
    let loaded =
        scenario::load(town, &Repository, &Overrides::default()).expect("it is a scenario");
    let booted = boot(Boot {
        store,
        scenario: (loaded.scenario, loaded.map),
        must_match: true,
        threads: 1,
        pace: Some(Pace::Fast),
        hash_every_ticks: 0,
        image_every: Duration::from_millis(50),
        keep: Keep::default(),
        clock: Arc::new(StillClock::at(NOW_MS)),
        metrics: Arc::new(Metrics::default()),
        thoughts: None,
    })
    .await
    .expect("the village comes to life");
    let sim = booted.desk.sim().clone();
    let in_time = tokio::task::spawn_blocking(move || flood(&sim)).await;
    assert!(
        in_time.expect("no panic"),
        "the village stood still: its thread and the pump wait for each other"
    );
    booted.stop().await.expect("it ends well");
}
