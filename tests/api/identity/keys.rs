//! Agents' keys.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::helpers::{quick, refused, text};
use crate::app::TestApp;

const KEYS: &str = "/api/v1/agents/me/keys";
const STATUS: &str = "/api/v1/agents/status";

async fn good(test: &TestApp, key: &str) -> bool {
    test.get(STATUS, Some(key)).await.status == StatusCode::OK
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_made_listed_and_revoked() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("holder").await;
    let body = json!({ "label": "laptop", "scopes": ["read"], "expires_in_days": 1 });
    let made = test.post(KEYS, Some(&agent.key), body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let (id, reader) = (text(&made.json["key"]["id"]), text(&made.json["api_key"]));
    assert!(
        made.headers["location"]
            .to_str()
            .expect("a text")
            .ends_with(&id)
    );
    let list = test.get(KEYS, Some(&agent.key)).await;
    assert_eq!(list.json["count"], 2);
    let keys = list.json["keys"].as_array().expect("keys");
    let shown = keys.iter().find(|it| it["label"] == "laptop");
    let shown = shown.expect("it is listed");
    assert_eq!(
        (&shown["label"], &shown["live"]),
        (&json!("laptop"), &json!(true))
    );
    assert_eq!(shown["scopes"], json!(["read"]));
    assert_eq!(shown["expires_at"], "2026-02-02T12:00:00Z");
    assert!(reader.starts_with(&text(&shown["prefix"])));
    assert!(!list.json.to_string().contains(&reader[20..]));

    assert!(good(&test, &reader).await);
    let act = test
        .post(KEYS, Some(&reader), json!({ "label": "more" }))
        .await;
    refused(&act, 403, "forbidden");
    test.clock.pass_secs(86_400);
    refused(&test.get(STATUS, Some(&reader)).await, 401, "key_expired");

    let path = format!("{KEYS}/{id}");
    let gone = test.delete(&path, &agent.key, None).await;
    assert_eq!(gone.status, StatusCode::OK);
    assert_eq!(gone.json["success"], true);
    let test_end_ms = test.app.clock.now_ms();
    refused(&test.get(STATUS, Some(&reader)).await, 401, "key_revoked");
    // It stays so after a restart, though the clock there is set back to before it was revoked.
    let again = TestApp::open(test.stop().await, quick()).await;
    assert!(again.app.clock.now_ms() < test_end_ms);
    refused(&again.get(STATUS, Some(&reader)).await, 401, "key_revoked");
    let list = again.get(KEYS, Some(&agent.key)).await;
    let keys = list.json["keys"].as_array().expect("keys");
    let shown = keys.iter().find(|it| it["label"] == "laptop");
    assert_eq!(shown.expect("it is listed")["live"], false);
    assert!(good(&again, &agent.key).await);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotated_key_stays_good_for_a_while() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("rotor").await;
    let list = test.get(KEYS, Some(&agent.key)).await;
    let path = format!("{KEYS}/{}/rotate", text(&list.json["keys"][0]["id"]));
    let got = test.call(Method::POST, &path, Some(&agent.key), None).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    let fresh = text(&got.json["api_key"]);
    assert!(good(&test, &fresh).await && good(&test, &agent.key).await);
    refused(
        &test.post(&path, Some(&fresh), json!({})).await,
        409,
        "key_over",
    );
    test.clock.pass_secs(299);
    assert!(good(&test, &agent.key).await);
    test.clock.pass_secs(1);
    refused(
        &test.get(STATUS, Some(&agent.key)).await,
        401,
        "key_expired",
    );
    assert!(good(&test, &fresh).await);
    let again = TestApp::open(test.stop().await, quick()).await;
    assert!(good(&again, &fresh).await);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_throws_away_the_last_key_of_an_agent_without_owner() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("careless").await;
    let list = test.get(KEYS, Some(&agent.key)).await;
    let path = format!("{KEYS}/{}", text(&list.json["keys"][0]["id"]));
    refused(&test.delete(&path, &agent.key, None).await, 409, "last_key");
    let at_once = json!({ "overlap_secs": 0 });
    let rotate = format!("{path}/rotate");
    refused(
        &test.post(&rotate, Some(&agent.key), at_once.clone()).await,
        409,
        "last_key",
    );
    refused(
        &test
            .post(&rotate, Some(&agent.key), json!({ "overlap_secs": -1 }))
            .await,
        400,
        "invalid",
    );

    let owner = test.sign_up("guardian").await;
    test.claim(&agent, &owner).await;
    let got = test.post(&rotate, Some(&agent.key), at_once).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    refused(
        &test.get(STATUS, Some(&agent.key)).await,
        401,
        "key_expired",
    );

    // All keys lost: the owner makes a new one.
    let fresh = text(&got.json["api_key"]);
    let id = text(&got.json["key"]["id"]);
    let gone = test
        .delete(&format!("/api/v1/agents/careless/keys/{id}"), &owner, None)
        .await;
    assert_eq!(gone.status, StatusCode::OK, "{gone:?}");
    refused(&test.get(STATUS, Some(&fresh)).await, 401, "key_revoked");
    let path = format!("/api/v1/agents/{}/keys", agent.id);
    let made = test
        .post(&path, Some(&owner), json!({ "label": "recovered" }))
        .await;
    assert!(good(&test, &text(&made.json["api_key"])).await);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_kept_by_the_agent_and_its_owner_alone() {
    let test = TestApp::quick().await;
    let (mine, other) = (
        test.register_agent("mine").await,
        test.register_agent("other").await,
    );
    let (owner, stranger) = (test.sign_up("owner").await, test.sign_up("stranger").await);
    test.claim(&mine, &owner).await;
    let path = "/api/v1/agents/mine/keys";
    assert_eq!(test.get(path, Some(&mine.key)).await.status, StatusCode::OK);
    assert_eq!(test.get(path, Some(&owner)).await.status, StatusCode::OK);
    refused(&test.get(path, Some(&other.key)).await, 403, "forbidden");
    refused(&test.get(path, Some(&stranger)).await, 403, "forbidden");
    refused(&test.get(path, None).await, 401, "no_key");
    refused(
        &test.get("/api/v1/agents/nobody/keys", Some(&owner)).await,
        404,
        "not_found",
    );
    refused(&test.get(KEYS, Some(&owner)).await, 404, "not_found");
    let list = test.get(path, Some(&owner)).await;
    let id = text(&list.json["keys"][0]["id"]);
    // Another's key under one's own name is not found rather than ended.
    let theirs = format!("/api/v1/agents/me/keys/{id}");
    refused(
        &test.delete(&theirs, &other.key, None).await,
        404,
        "not_found",
    );
    refused(
        &test
            .delete("/api/v1/agents/me/keys/nonsense", &other.key, None)
            .await,
        404,
        "not_found",
    );
    refused(
        &test.delete("/api/v1/agents/mine", &stranger, None).await,
        403,
        "forbidden",
    );
    refused(
        &test.delete("/api/v1/agents/mine", &mine.key, None).await,
        403,
        "forbidden",
    );
    let left = test.delete("/api/v1/agents/mine", &owner, None).await;
    assert_eq!(left.status, StatusCode::OK, "{left:?}");
    refused(&test.get(STATUS, Some(&mine.key)).await, 401, "key_revoked");
    refused(&test.get(path, Some(&owner)).await, 404, "not_found");
    let body = json!({ "name": "mine" });
    refused(
        &test.post("/api/v1/agents/register", None, body).await,
        409,
        "name_taken",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_has_twenty_keys_at_most_and_labels_that_make_sense() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("hoarder").await;
    for n in 1..20 {
        let made = test
            .post(KEYS, Some(&agent.key), json!({ "label": format!("k{n}") }))
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    let more = test
        .post(KEYS, Some(&agent.key), json!({ "label": "one more" }))
        .await;
    refused(&more, 409, "key_limit");
    for bad in [
        json!({ "label": " " }),
        json!({ "label": "x".repeat(101) }),
        json!({ "label": "x", "scopes": [] }),
        json!({ "label": "x", "scopes": ["fly"] }),
        json!({ "label": "x", "expires_in_days": 0 }),
    ] {
        refused(
            &test.post(KEYS, Some(&agent.key), bad).await,
            400,
            "invalid",
        );
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_makes_one_key() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("repeater").await;
    let body = json!({ "label": "once" });
    let first = test.post_once((KEYS, "k"), Some(&agent.key), &body).await;
    let second = test.post_once((KEYS, "k"), Some(&agent.key), &body).await;
    assert_eq!(second.json["key"]["id"], first.json["key"]["id"]);
    assert_eq!(second.json["api_key"], Value::Null);
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(test.get(KEYS, Some(&agent.key)).await.json["count"], 2);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_use_of_a_key_is_noted_once_a_minute() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("user").await;
    let last_used = async |test: &TestApp| {
        let list = test.get(KEYS, Some(&agent.key)).await;
        let keys = list.json["keys"].as_array().expect("keys");
        let first = keys.iter().find(|it| it["label"] == "first");
        first.expect("it is listed")["last_used_at"].clone()
    };
    // Notes go their own way, but in order: a write that follows waits behind them.
    let settle = async |test: &TestApp| {
        for _ in 0..2 {
            let wrong = test
                .post(KEYS, Some(&agent.key), json!({ "label": "x" }))
                .await;
            assert_eq!(wrong.status, StatusCode::CREATED);
        }
    };
    settle(&test).await;
    assert_eq!(last_used(&test).await, "2026-02-01T12:00:00Z");
    test.clock.pass_secs(59);
    settle(&test).await;
    assert_eq!(last_used(&test).await, "2026-02-01T12:00:00Z");
    test.clock.pass_secs(1);
    settle(&test).await;
    assert_eq!(last_used(&test).await, "2026-02-01T12:01:00Z");
    let again = TestApp::open(test.stop().await, quick()).await;
    // Its clock begins anew, and a use before the last one would be noted too.
    again.clock.pass_secs(60);
    assert_eq!(last_used(&again).await, "2026-02-01T12:01:00Z");
    again.stop().await;
}
