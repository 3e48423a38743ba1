//! What only a file can do or suffer.

use hamlet_store::{CommitError, Store, StoreError, StoreOptions, Write};

use crate::place::Place;
use crate::samples::{Pump, audit};

/// About 20 KB, another text each time: SQLite does not write again what is the same already.
fn filler(key: i64, n: i64) -> Vec<Write> {
    vec![Write::Setting {
        key: format!("filler {key}"),
        value: format!("{n:08}").repeat(2_500),
    }]
}

#[tokio::test]
async fn a_full_disk_stops_nothing_for_good() {
    let place = Place::sqlite();
    let tight = StoreOptions {
        file_bytes_max: Some(600 * 1024),
        ..StoreOptions::default()
    };
    let store = Store::open(&place.url(), tight).await.expect("it opens");
    let mut pump = Pump::begin(store).await;
    let mut full = None;
    for n in 0..100 {
        let batch = pump.batch(vec![], filler(n, n));
        if let Err(error) = pump.try_commit(&batch).await {
            full = Some((batch, error));
            break;
        }
    }
    let (batch, error) = full.expect("half a megabyte is not enough");
    assert!(pump.head.batch > 5, "{error}");
    for error in [
        error,
        pump.store.commit(&batch).await.expect_err("still full"),
    ] {
        let full = matches!(error, CommitError::Unavailable(StoreError::Full { .. }));
        assert!(full, "{error}");
    }
    assert_eq!(
        pump.store.head().await.expect("reads go on"),
        Some(pump.head)
    );
    let wrong = pump.store.integrity_check().await.expect("reads go on");
    assert_eq!(wrong, Vec::<String>::new());
    // There is room again: the very same batch is committed.
    let roomy = place.open().await;
    roomy.commit(&batch).await.expect("there is room");
    assert_eq!(roomy.head().await.expect("readable"), Some(batch.after));
}

#[tokio::test]
async fn a_copy_is_made_while_everything_goes_on() {
    let place = Place::sqlite();
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![Write::Audit(audit(1))]).await;
    let copy = place.file().with_file_name("copy.db");
    pump.store.backup_into(&copy).await.expect("it is copied");
    let at_copy = pump.head;
    pump.commit(vec![], vec![]).await;
    let again = pump.store.backup_into(&copy).await;
    let error = again.expect_err("it would overwrite");
    assert!(matches!(error, StoreError::Unsupported { .. }), "{error}");
    let url = format!("sqlite://{}", copy.display());
    let restored = Store::open(&url, StoreOptions::default()).await;
    let restored = restored.expect("the copy is a store");
    assert_eq!(restored.head().await.expect("readable"), Some(at_copy));
    assert_eq!(
        restored.integrity_check().await.expect("readable"),
        Vec::<String>::new()
    );
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::sqlite();
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![]).await;
    let folder = place.file().parent().expect("it has one").to_owned();
    let copy = folder.join("copy.db");
    pump.store.backup_into(&copy).await.expect("it is copied");
    let mode = |path: &std::path::Path| {
        let found = std::fs::metadata(path).expect("it is there");
        found.permissions().mode() & 0o777
    };
    assert_eq!(mode(&folder), 0o700);
    let mut files = 0;
    for file in std::fs::read_dir(&folder).expect("readable") {
        let path = file.expect("readable").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert!(files >= 4, "file, log, lock and copy at least");
}

/// Also when the log is just being folded in.
#[tokio::test]
async fn a_clean_stop_leaves_no_log() {
    let place = Place::sqlite();
    let options = StoreOptions {
        checkpoint_bytes: 64 * 1024,
        ..StoreOptions::default()
    };
    let store = Store::open(&place.url(), options).await.expect("it opens");
    let mut pump = Pump::begin(store).await;
    for n in 0..50 {
        pump.commit(vec![], filler(n, n)).await;
    }
    pump.store.close().await;
    let wal = place.file().with_file_name("hamlet.db-wal");
    let left = std::fs::metadata(&wal).map_or(0, |wal| wal.len());
    assert_eq!(left, 0, "the log is folded in");
    let again = place.open().await;
    let head = again.head().await.expect("readable");
    assert_eq!(head, Some(pump.head));
}

/// The log is folded in while commits go on, so that it does not grow for ever.
#[tokio::test]
async fn the_log_stays_small() {
    let place = Place::sqlite();
    let options = StoreOptions {
        checkpoint_bytes: 256 * 1024,
        ..StoreOptions::default()
    };
    let store = Store::open(&place.url(), options).await.expect("it opens");
    let mut pump = Pump::begin(store).await;
    let wal = place.file().with_file_name("hamlet.db-wal");
    let (mut written, mut largest) = (0, 0);
    for n in 0..400 {
        pump.commit(vec![], filler(n % 4, n)).await;
        written += 20_000;
        largest = std::fs::metadata(&wal)
            .expect("it is there")
            .len()
            .max(largest);
    }
    assert!(largest < written / 2, "{largest} of {written} bytes");
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let place = Place::sqlite();
    let file = place.file();
    std::fs::create_dir_all(file.parent().expect("it has one")).expect("made");
    std::fs::write(&file, "this is a letter, not a database. ".repeat(200)).expect("written");
    let error = Store::open(&place.url(), StoreOptions::default()).await;
    let error = error.expect_err("it is a letter");
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}
