//! What is over stays known for a while, also after a restart; and signing out voids what it should at once.

use std::time::Duration;

use axum::http::StatusCode;
use hamlet_sim::bridge::Pace;
use serde_json::json;

use super::helpers::{quick, refresh_of, refused, text};
use crate::app::TestApp;

const ME: &str = "/api/v1/auth/me";
const LOGOUT: &str = "/api/v1/auth/logout";
const STATUS: &str = "/api/v1/agents/status";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_and_a_link_that_are_over_are_told_apart_after_a_restart() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("phoenix").await;
    let owner = test.sign_up("keeper").await;
    let confirm = format!("/api/v1/claims/{}/confirm", agent.claim);
    let claimed = test.post(&confirm, Some(&owner), json!({})).await;
    assert_eq!(claimed.status, StatusCode::OK, "{claimed:?}");
    let made = test
        .post(
            "/api/v1/agents/me/keys",
            Some(&agent.key),
            json!({ "label": "spare" }),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let (spare, id) = (text(&made.json["api_key"]), text(&made.json["key"]["id"]));
    let path = format!("/api/v1/agents/me/keys/{id}");
    let revoked = test
        .call(axum::http::Method::DELETE, &path, Some(&agent.key), None)
        .await;
    assert_eq!(revoked.status, StatusCode::OK, "{revoked:?}");
    let again = TestApp::open(test.stop().await, quick()).await;
    refused(&again.get(STATUS, Some(&spare)).await, 401, "key_revoked");
    let stranger = again.sign_up("stranger").await;
    let late = again.post(&confirm, Some(&stranger), json!({})).await;
    refused(&late, 409, "already_claimed");
    let status = again.get(STATUS, Some(&agent.key)).await;
    assert_eq!(status.json["status"], "claimed");
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_voids_the_access_token_at_once_and_no_other() {
    let test = TestApp::quick().await;
    let first = test.sign_up("ada").await;
    let second = test.log_in("ada", super::helpers::PASSWORD).await;
    let third = test.log_in("ada", super::helpers::PASSWORD).await;
    let (second, third) = (
        (text(&second.json["access_token"]), refresh_of(&second)),
        (text(&third.json["access_token"]), refresh_of(&third)),
    );
    // By the cookie, whose token may have gone on meanwhile.
    let went_on = test.with_refresh("/api/v1/auth/refresh", &second.1).await;
    let newer = text(&went_on.json["access_token"]);
    let out = test.with_refresh(LOGOUT, &refresh_of(&went_on)).await;
    assert_eq!(out.status, StatusCode::OK, "{out:?}");
    for dead in [&second.0, &newer] {
        refused(&test.get(ME, Some(dead)).await, 401, "token_void");
    }
    // By the access token alone.
    let out = test.post(LOGOUT, Some(&third.0), json!({})).await;
    assert_eq!(out.status, StatusCode::OK, "{out:?}");
    refused(&test.get(ME, Some(&third.0)).await, 401, "token_void");
    let over = test.with_refresh("/api/v1/auth/refresh", &third.1).await;
    refused(&over, 401, "session_over");
    assert_eq!(test.get(ME, Some(&first)).await.status, StatusCode::OK);
    let again = TestApp::open(test.stop().await, quick()).await;
    refused(&again.get(ME, Some(&newer)).await, 401, "token_void");
    assert_eq!(again.get(ME, Some(&first)).await.status, StatusCode::OK);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pace_outlives_a_restart() {
    const TIME: &str = "/api/v1/world/time";
    let folder = tempfile::TempDir::new().expect("a folder");
    let test = TestApp::open_at(folder, quick(), None).await;
    let admin = test.first_admin("root").await;
    let now = test.get(TIME, None).await;
    assert_eq!(
        (&now.json["state"], &now.json["speed"]),
        (&json!("running"), &json!(1.0))
    );
    let faster = json!({ "action": "speed", "speed": 2.0 });
    test.post(TIME, Some(&admin), faster).await;
    test.post(TIME, Some(&admin), json!({ "action": "pause" }))
        .await;
    let again = TestApp::open_at(test.stop().await, quick(), None).await;
    let now = again.get(TIME, None).await;
    assert_eq!(
        (&now.json["state"], &now.json["speed"]),
        (&json!("paused"), &json!(2.0))
    );
    let on = again
        .post(TIME, Some(&admin), json!({ "action": "resume" }))
        .await;
    assert_eq!(
        (&on.json["state"], &on.json["speed"]),
        (&json!("running"), &json!(2.0))
    );
    let third = TestApp::open_at(again.stop().await, quick(), None).await;
    let now = third.get(TIME, None).await;
    assert_eq!(
        (&now.json["state"], &now.json["speed"]),
        (&json!("running"), &json!(2.0))
    );
    // Who starts it otherwise means it.
    let fourth = TestApp::open_at(third.stop().await, quick(), Some(Pace::Paused)).await;
    assert_eq!(fourth.get(TIME, None).await.json["state"], "paused");
    fourth.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_back_does_no_harm() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("sundial").await;
    let person = test.sign_up("ada").await;
    let post = async |title: &str| {
        let body =
            json!({ "submolt_name": "general", "title": title, "content": "It is what it is." });
        let got = test.post("/api/v1/posts", Some(&agent.key), body).await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        text(&got.json["post"]["created_at"])
    };
    test.clock.pass_secs(60);
    let before = post("before").await;
    test.clock.pass_secs(-86_400);
    let after = post("after").await;
    assert!(after >= before, "{after} lies before {before}");
    let seq = test.app.published.view().seq;
    test.tick(20).await;
    assert!(test.app.published.view().seq >= seq);
    assert_eq!(test.get("/readyz", None).await.status, StatusCode::OK);
    assert_eq!(
        test.get(STATUS, Some(&agent.key)).await.status,
        StatusCode::OK
    );
    assert_eq!(test.get(ME, Some(&person)).await.status, StatusCode::OK);
    let seen = test.get("/api/v1/posts?sort=new", None).await;
    assert_eq!(seen.json["posts"][0]["title"], "after");
    // What was done is recovered, stamps and all.
    let view = test.app.published.view();
    let again = TestApp::open(test.stop().await, quick()).await;
    assert_eq!(again.app.published.view().seq, view.seq);
    assert!(again.app.published.view().stamp_ms >= view.stamp_ms);
    drop(tokio::time::timeout(Duration::from_secs(60), again.tick(5)).await);
    assert_eq!(again.app.published.view().tick, view.tick + 5);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_that_is_kept_for_all_is_never_an_old_one() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("lily").await;
    let reader = test.register_agent("reader").await;
    let path = format!("/api/v1/agents/{}", agent.id);
    let first = test.get(&path, None).await;
    let same = test.get(&path, Some(&reader.key)).await;
    assert_eq!(first.json, same.json);
    assert_eq!(first.headers["etag"], same.headers["etag"]);
    let counts = text(&test.get("/metrics", None).await.json);
    assert!(
        counts.contains("hamlet_cache_agents_hits_total 1"),
        "{counts}"
    );
    // Itself sees more, and what it sees is not shown to others.
    let own = test.get(&path, Some(&agent.key)).await;
    assert!(own.json["agent"]["private"].is_object(), "{own:?}");
    assert_eq!(test.get(&path, None).await.json, first.json);
    // Who is who changes without the world.
    let owner = test.sign_up("keeper").await;
    let confirm = format!("/api/v1/claims/{}/confirm", agent.claim);
    test.post(&confirm, Some(&owner), json!({})).await;
    let claimed = test.get(&path, None).await;
    assert_eq!(claimed.json["agent"]["is_claimed"], true, "{claimed:?}");
    // And the world without anybody's doing.
    let body = json!({ "submolt_name": "general", "title": "News", "content": "Of the pond." });
    test.post("/api/v1/posts", Some(&agent.key), body).await;
    let posted = test.get(&path, Some(&reader.key)).await;
    assert_eq!(
        posted.json["recent_posts"][0]["title"], "News",
        "{posted:?}"
    );
    test.stop().await;
}
