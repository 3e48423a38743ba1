//! Images, the frames that follow them, and what may be deleted.

use hamlet_protocol::event::Event;
use hamlet_store::{PruneOptions, PruneReport, StoreError, Write};

use crate::place::Place;
use crate::samples::{Pump, account, agent, outcome, session, ticket, window};

const HOUR_MS: i64 = 3_600_000;

pub(crate) async fn an_image_comes_back_whole(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    // A world may begin from somewhere else: the first image is before the first batch.
    let mut first = pump.image(10);
    first.tick = 900;
    let id = pump.store.put_image(&first).await.expect("it is kept");
    let head = pump.store.head().await.expect("readable");
    assert_eq!(head, Some(pump.head), "an image founds a world");
    pump.commit(vec![], vec![]).await;
    for size in [0, 1, 1024 * 1024, 3 * 1024 * 1024 + 17] {
        let image = pump.image(size);
        pump.store.put_image(&image).await.expect("it is kept");
        let found = pump.store.newest_image().await.expect("readable");
        assert!(
            found == Some(image),
            "an image of {size} bytes came back otherwise"
        );
    }
    let found = pump.store.image(id).await.expect("readable");
    assert_eq!(found, Some(first));
    let sizes: Vec<i64> = pump
        .store
        .images()
        .await
        .expect("readable")
        .iter()
        .map(|image| image.size)
        .collect();
    assert_eq!(sizes, [3 * 1024 * 1024 + 17, 1024 * 1024, 1, 0, 10]);
    assert_eq!(pump.store.image(99).await.expect("readable"), None);
}

pub(crate) async fn half_an_image_is_not_seen(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![]).await;
    let image = pump.image(2 * 1024 * 1024);
    let id = pump.store.put_image(&image).await.expect("it is kept");
    // As a server leaves it that is killed in between.
    place
        .raw("INSERT INTO images (id, tick, last_seq, next_frame, next_order, format, created_ms, size, complete) SELECT id + 1, tick, last_seq, next_frame, next_order, format, created_ms, size, 0 FROM images")
        .await
        .expect("past the store");
    let found = pump.store.newest_image().await.expect("readable");
    assert!(found == Some(image.clone()), "the whole one is the newest");
    let next = pump.store.put_image(&image).await.expect("it is kept");
    assert_eq!(next, id + 1, "the half one is gone");
    assert_eq!(place.number("SELECT COUNT(*) FROM images").await, 2);
    // A piece that is lost is noticed.
    place
        .raw(&format!(
            "DELETE FROM image_chunks WHERE image = {next} AND part = 1"
        ))
        .await
        .expect("past the store");
    let error = pump
        .store
        .newest_image()
        .await
        .expect_err("a piece is missing");
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert!(pump.store.image(id).await.expect("readable").is_some());
}

pub(crate) async fn an_image_ahead_of_the_head_is_refused(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![]).await;
    let mut image = pump.image(10);
    image.tick += 1;
    let error = pump.store.put_image(&image).await.expect_err("not yet");
    assert!(
        error.to_string().contains("commit its frames first"),
        "{error}"
    );
    assert_eq!(pump.store.newest_image().await.expect("readable"), None);
    pump.commit(vec![], vec![]).await;
    pump.store.put_image(&image).await.expect("now");
}

pub(crate) async fn old_images_go_but_never_the_newest(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        pump.commit(vec![], vec![]).await;
        ids.push(pump.store.put_image(&pump.image(10)).await.expect("kept"));
    }
    assert_eq!(
        pump.store.delete_images_before(ids[1]).await.expect("done"),
        1
    );
    assert_eq!(
        pump.store
            .delete_images_before(i64::MAX)
            .await
            .expect("done"),
        1
    );
    let left = pump.store.images().await.expect("readable");
    assert_eq!(
        left.iter().map(|image| image.id).collect::<Vec<_>>(),
        [ids[2]]
    );
    assert_eq!(place.number("SELECT COUNT(*) FROM image_chunks").await, 1);
}

fn prune(now_ms: i64, images_keep: u32) -> PruneOptions {
    PruneOptions {
        now_ms,
        images_keep,
        journal_keep_hours: 1,
        events_keep_hours: None,
    }
}

/// Every tick of the samples is a minute, and has one frame.
pub(crate) async fn what_an_image_needs_is_not_pruned(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    for tick in 1..=200 {
        pump.commit(vec![], vec![]).await;
        if tick == 50 {
            // Long after everything; but without an image every frame is needed.
            let report = pump
                .store
                .prune(prune(99 * HOUR_MS, 1))
                .await
                .expect("done");
            assert_eq!(report, PruneReport::default());
        }
        if [50, 100, 180].contains(&tick) {
            pump.store.put_image(&pump.image(10)).await.expect("kept");
        }
    }
    // Two images are kept, of ticks 100 and 180; an hour before minute 130 is minute 70.
    let report = pump
        .store
        .prune(prune(130 * 60_000, 2))
        .await
        .expect("done");
    assert_eq!((report.images, report.frames), (1, 69));
    let first = pump.store.frames_from(0, 1).await.expect("readable");
    assert_eq!(first[0].seq, 69, "the frame of minute 70");
    // An hour before minute 190 is minute 130, but the frames after minute 100 are needed.
    let report = pump
        .store
        .prune(prune(190 * 60_000, 2))
        .await
        .expect("done");
    assert_eq!((report.images, report.frames), (0, 31));
    let frames = pump.store.frames_from(0, 1_000).await.expect("readable");
    assert_eq!((frames[0].seq, frames.len()), (100, 100));
    // At least one image stays, whatever is asked for.
    let report = pump
        .store
        .prune(prune(99 * HOUR_MS, 0))
        .await
        .expect("done");
    assert_eq!((report.images, report.frames), (1, 80));
    assert_eq!(
        pump.store.integrity_check().await.expect("readable"),
        Vec::<String>::new()
    );
    pump.commit(vec![], vec![]).await;
}

pub(crate) async fn old_events_and_expired_rows_are_pruned(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    for _ in 0..120 {
        pump.commit(vec![Event::AgentLeft { agent: agent(1) }], vec![])
            .await;
    }
    let rows = vec![
        Write::Account(account(1)),
        Write::Session(session(2, 1)),
        Write::Ticket(ticket(3)),
        Write::Idempotency(outcome(4)),
        Write::Window(window(5)),
    ];
    pump.commit(vec![], rows).await;
    let mut options = prune(120 * 60_000, 1);
    options.events_keep_hours = Some(1);
    let report = pump.store.prune(options).await.expect("done");
    assert_eq!((report.events, report.expired), (59, 3));
    let left = pump.store.events_after(0, 1_000).await.expect("readable");
    assert_eq!((left[0].seq, left.len()), (60, 61));
    options.now_ms = 99 * HOUR_MS;
    let report = pump.store.prune(options).await.expect("done");
    assert_eq!((report.events, report.expired), (61, 1));
    assert_eq!(
        pump.store.integrity_check().await.expect("readable"),
        Vec::<String>::new()
    );
}
