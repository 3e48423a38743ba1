//! Villages that an older program left behind: what it stopped cleanly goes on, what it did not is refused before anything is changed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hamlet_api::metrics::Metrics;
use hamlet_api::time::StillClock;
use hamlet_api::village::{Boot, Booted, Keep, boot};
use hamlet_protocol::RULES_VERSION;
use hamlet_sim::bridge::Pace;
use hamlet_sim::scenario::{self, Overrides};
use hamlet_store::{Store, StoreError, StoreOptions};
use tempfile::TempDir;

use crate::app::{NOW_MS, Repository};

/// A database of schema 4 whose village lived by rules 1, unpacked into a folder; they were made by `hamlet serve` of that version.
fn left_behind(name: &str) -> (TempDir, String) {
    let folder = TempDir::new().expect("a folder for the village");
    let file = folder.path().join("village.db");
    std::fs::write(&file, unpacked(name)).expect("the folder can be written to");
    let url = format!("sqlite://{}", file.display());
    (folder, url)
}

fn unpacked(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/api/fixtures")
        .join(name);
    let packed = std::fs::read(path).expect("the fixture is there");
    zstd::decode_all(&packed[..]).expect("it is packed well")
}

async fn start(url: &str) -> Booted {
    let store = Store::open(url, StoreOptions::default())
        .await
        .expect("the store opens");
    let town = Path::new("scenarios/town.toml");
    let loaded =
        scenario::load(town, &Repository, &Overrides::default()).expect("it is a scenario");
    boot(Boot {
        store,
        scenario: (loaded.scenario, loaded.map),
        must_match: false,
        threads: 1,
        pace: Some(Pace::Paused),
        hash_every_ticks: 0,
        image_every: Duration::ZERO,
        keep: Keep::default(),
        clock: Arc::new(StillClock::at(NOW_MS)),
        metrics: Arc::new(Metrics::default()),
        thoughts: None,
    })
    .await
    .expect("the village comes to life")
}

#[tokio::test]
async fn a_village_that_was_stopped_cleanly_goes_on() {
    let (_folder, url) = left_behind("store-v4-clean.db.zst");
    for rules in [1, RULES_VERSION] {
        let booted = start(&url).await;
        assert!(booted.recovered, "rules {rules}");
        assert_eq!(booted.scenario.name, "old-days");
        let view = booted.published.view();
        assert_eq!((view.tick, view.posts.len()), (198, 8));
        booted.stop().await.expect("it ends well");
        // From now on its newest image is of our rules, so that a kill in its life here can be recovered from.
        let store = Store::open(&url, StoreOptions::default()).await;
        let store = store.expect("it opens again");
        let newest = store.newest_image().await.expect("readable");
        assert_eq!(
            newest.map(|row| row.rules),
            i32::try_from(RULES_VERSION).ok()
        );
        store.close().await;
    }
}

#[tokio::test]
async fn one_that_was_killed_is_refused_with_the_way_out_and_left_as_it_is() {
    let (folder, url) = left_behind("store-v4-killed.db.zst");
    let refused = Store::open(&url, StoreOptions::default()).await;
    let Err(why @ StoreError::OtherRules { found: 1 }) = refused else {
        panic!("it should be refused: {refused:?}");
    };
    let text = why.to_string();
    assert!(
        text.contains("start the version that it lived by once and stop it"),
        "{text}"
    );
    // Nothing was changed, so the older program can do what the hint says.
    let after = std::fs::read(folder.path().join("village.db")).expect("it is there");
    assert_eq!(after, unpacked("store-v4-killed.db.zst"));
}
