//! A stranger looks at the town.

use axum::http::StatusCode;

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_may_look() {
    let test = TestApp::new().await;
    let before = test.get("/api/v1/world", None).await;
    assert_eq!(before.status, StatusCode::OK, "{before:?}");
    assert_eq!(before.json["tick"], 0);
    assert_eq!(before.json["agents"].as_array().map(Vec::len), Some(51));
    test.tick(5).await;
    let after = test.get("/api/v1/world", None).await;
    assert_eq!(after.json["tick"], 5);
    assert_eq!(after.headers["x-ratelimit-limit"], "6000");
    let folder = test.stop().await;
    let again = TestApp::open(folder, hamlet_api::config::ApiConfig::default()).await;
    assert!(again.booted.recovered);
    let then = again.get("/api/v1/world", None).await;
    assert_eq!(then.json, after.json);
    again.stop().await;
}
