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

/// How many commands are answered: several times what the inbox holds.
const ANSWERS: u64 = 20_000;
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Keeps the inbox full until so many commands have been answered; whether they were in time.
fn flood(sim: &SimHandle) -> bool {
    let answered = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    while answered.load(Ordering::Relaxed) < ANSWERS {
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
    true
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
        // After every batch.
        image_every: Duration::from_nanos(1),
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
