//! Schema, health, sizes.

use hamlet_store::{SCHEMA, Store, StoreError, StoreOptions, Write};

use crate::place::Place;
use crate::samples::{Pump, audit};

pub(crate) async fn a_newer_schema_is_refused(place: &Place) {
    place.open().await.close().await;
    place
        .raw("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")
        .await
        .expect("past the store");
    let error = Store::open(&place.url(), StoreOptions::default())
        .await
        .expect_err("it is newer");
    let StoreError::NewerSchema { found, known } = &error else {
        panic!("{error}")
    };
    assert_eq!((*found, *known), (9999, SCHEMA));
    assert!(
        error.to_string().contains("start the newer program"),
        "{error}"
    );
}

pub(crate) async fn opening_twice_changes_nothing(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![]).await;
    let second = place.open().await;
    assert_eq!(second.head().await.expect("readable"), Some(pump.head));
    second.close().await;
    pump.commit(vec![], vec![]).await;
    assert_eq!(
        place
            .number("SELECT MAX(version) FROM _sqlx_migrations")
            .await,
        SCHEMA
    );
}

pub(crate) async fn several_may_open_at_once(place: &Place) {
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let url = place.url();
            tokio::spawn(async move { Store::open(&url, StoreOptions::default()).await })
        })
        .collect();
    for opened in opening {
        opened.await.expect("no panic").expect("it opens");
    }
    let migrations = place
        .number("SELECT MAX(version) FROM _sqlx_migrations")
        .await;
    assert_eq!(migrations, SCHEMA);
}

pub(crate) async fn missing_frames_are_noticed(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    for no in 1..=3 {
        pump.commit(vec![], vec![Write::Audit(audit(no))]).await;
    }
    let wrong = pump.store.integrity_check().await.expect("readable");
    assert_eq!(wrong, Vec::<String>::new());
    place
        .raw("DELETE FROM frames WHERE seq = 1")
        .await
        .expect("past the store");
    let wrong = pump.store.integrity_check().await.expect("readable");
    assert_eq!(wrong, ["frames of the journal are missing in between"]);
    place
        .raw("DELETE FROM frames WHERE seq > 0")
        .await
        .expect("past the store");
    let wrong = pump.store.integrity_check().await.expect("readable");
    assert_eq!(wrong, ["the journal does not end where the head says"]);
}

pub(crate) async fn tables_have_sizes(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![Write::Audit(audit(1))]).await;
    let stats = pump.store.stats().await.expect("readable");
    let audit = stats.iter().find(|stat| stat.table == "audit");
    let audit = audit.expect("every table is there");
    assert_eq!(audit.rows, 1);
    assert!(audit.bytes >= 4096, "{audit:?}");
    assert!(stats.len() > 15, "{stats:?}");
}
