//! Batches: one after the other, whole, and of one server alone.

use std::time::{Duration, Instant};

use hamlet_protocol::event::Event;
use hamlet_store::{CommitError, Store, StoreError, StoreOptions, Write};

use crate::place::Place;
use crate::samples::{Pump, agent, audit};

/// Longest wait for a lock whose holder has gone.
const RELEASE_WAIT: Duration = Duration::from_secs(60);

pub(crate) async fn a_batch_moves_the_head(place: &Place) {
    let store = place.open().await;
    assert_eq!(store.head().await.expect("readable"), None);
    let mut pump = Pump::begin(store).await;
    assert_eq!((pump.head.epoch, pump.head.batch), (1, 0));
    assert_eq!(
        pump.store.head().await.expect("readable"),
        None,
        "taken, but not founded"
    );
    for _ in 0..3 {
        pump.commit(vec![], vec![]).await;
        assert_eq!(pump.store.head().await.expect("readable"), Some(pump.head));
    }
    let frames = pump.store.frames_from(1, 10).await.expect("readable");
    assert_eq!(frames.len(), 2);
    assert_eq!(frames[0].seq, 1);
    assert_eq!(frames[1].bytes, [7, 0, 255, 3]);
    pump.store.close().await;
    let again = Pump::begin(place.open().await).await;
    assert_eq!(again.head.epoch, 2);
    assert_eq!(again.head.batch, 3);
}

pub(crate) async fn a_batch_is_committed_once(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let batch = pump.batch(
        vec![Event::AgentLeft { agent: agent(1) }],
        vec![Write::Audit(audit(1))],
    );
    pump.try_commit(&batch).await.expect("the first time");
    pump.try_commit(&batch)
        .await
        .expect("the second time, as after an answer that was lost");
    assert_eq!(place.number("SELECT COUNT(*) FROM events").await, 1);
    assert_eq!(place.number("SELECT COUNT(*) FROM audit").await, 1);
}

pub(crate) async fn a_batch_from_elsewhere_is_refused(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let old = pump.batch(vec![], vec![]);
    pump.commit(vec![], vec![]).await;
    pump.commit(vec![], vec![]).await;
    let error = pump.store.commit(&old).await.expect_err("long gone");
    assert!(matches!(error, CommitError::Invalid(_)), "{error}");
    let mut gap = pump.batch(vec![], vec![]);
    gap.frames.clear();
    let error = pump.store.commit(&gap).await.expect_err("no frame");
    assert!(matches!(error, CommitError::Invalid(_)), "{error}");
    assert_eq!(place.number("SELECT COUNT(*) FROM frames").await, 2);
}

pub(crate) async fn what_cannot_be_kept_leaves_nothing(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![Write::Audit(audit(1))]).await;
    let setting = Write::Setting {
        key: "a".to_owned(),
        value: "b".to_owned(),
    };
    let bad = pump.batch(
        vec![Event::AgentLeft { agent: agent(1) }],
        vec![setting, Write::Audit(audit(1))],
    );
    let error = pump.store.commit(&bad).await.expect_err("the same number");
    assert!(matches!(error, CommitError::Invalid(_)), "{error}");
    assert_eq!(pump.store.head().await.expect("readable"), Some(pump.head));
    assert_eq!(place.number("SELECT COUNT(*) FROM events").await, 0);
    assert_eq!(pump.store.setting("a").await.expect("readable"), None);
    pump.commit(vec![], vec![Write::Audit(audit(2))]).await;
}

pub(crate) async fn a_second_server_is_refused(place: &Place) {
    let first = Pump::begin(place.open().await).await;
    let second = place.open().await;
    let error = second.begin_epoch(2_000).await.expect_err("it is taken");
    assert!(matches!(error, StoreError::InUse), "{error}");
    first.store.close().await;
    // A database lets go of what a connection held a moment after that has ended.
    let began = Instant::now();
    let head = loop {
        match second.begin_epoch(3_000).await {
            Err(StoreError::InUse) if began.elapsed() < RELEASE_WAIT => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            other => break other.expect("it is free now"),
        }
    };
    assert_eq!(head.epoch, 2);
}

/// The lock can be lost: with its connection, or with a file system that knows none. The epoch stands behind it.
pub(crate) async fn whoever_lost_the_world_writes_no_more(place: &Place) {
    let mut first = Pump::begin(place.open().await).await;
    first.commit(vec![], vec![]).await;
    place
        .raw("UPDATE head SET epoch = epoch + 1")
        .await
        .expect("past the store");
    let batch = first.batch(vec![], vec![]);
    let error = first.store.commit(&batch).await.expect_err("too late");
    assert!(matches!(error, CommitError::Fenced), "{error}");
    let image = first.image(10);
    let error = first.store.put_image(&image).await.expect_err("too late");
    assert!(matches!(error, StoreError::Fenced), "{error}");
    assert_eq!(place.number("SELECT COUNT(*) FROM frames").await, 1);
    assert_eq!(first.store.images().await.expect("readable"), vec![]);
}

pub(crate) async fn a_lost_connection_is_made_anew(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![]).await;
    place.cut_off().await;
    let batch = pump.batch(vec![], vec![Write::Audit(audit(1))]);
    let mut tries = 0;
    while let Err(error) = pump.try_commit(&batch).await {
        assert!(matches!(error, CommitError::Unavailable(_)), "{error}");
        tries += 1;
        assert!(tries < 10, "{error}");
    }
    assert_eq!(pump.store.head().await.expect("readable"), Some(pump.head));
    assert_eq!(place.number("SELECT COUNT(*) FROM audit").await, 1);
    // The lock was lost with the connection, and is held again.
    let second = Store::open(&place.url(), StoreOptions::default())
        .await
        .expect("it opens");
    let error = second.begin_epoch(1).await.expect_err("it is taken");
    assert!(matches!(error, StoreError::InUse), "{error}");
}

pub(crate) async fn any_text_comes_back(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let texts = [
        "",
        "'; DROP TABLE head; --",
        "a \"quoted\" \\ back\\\\slash",
        "tab\t line\n bell\u{7} del\u{7f} sep\u{2028}",
        "Ünïcode 🙂 \u{202e}right\u{fffd}",
        "{\"json\": [null, true, 1e999]}",
        "$1 ? :x @y",
    ];
    let writes = texts
        .iter()
        .map(|text| Write::Setting {
            key: format!("key {text}"),
            value: (*text).to_owned(),
        })
        .collect();
    pump.commit(vec![], writes).await;
    for text in texts {
        let found = pump.store.setting(&format!("key {text}")).await;
        assert_eq!(found.expect("readable").as_deref(), Some(text));
    }
    // What PostgreSQL has no place for is replaced on both.
    let write = Write::Setting {
        key: "nul".to_owned(),
        value: "a\0b".to_owned(),
    };
    pump.commit(vec![], vec![write]).await;
    let found = pump.store.setting("nul").await.expect("readable");
    assert_eq!(found.as_deref(), Some("a\u{fffd}b"));
}
