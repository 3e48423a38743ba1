//! Agents come in.

use axum::http::StatusCode;
use hamlet_api::config::ApiConfig;
use serde_json::{Value, json};

use super::helpers::{quick, refused, text};
use crate::app::TestApp;

const REGISTER: &str = "/api/v1/agents/register";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_registers_and_lives_on_after_a_restart() {
    let test = TestApp::quick().await;
    let body = json!({ "name": "Tester_1", "description": "looks around" });
    let got = test.post(REGISTER, None, body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    assert_eq!(got.headers["location"], "/api/v1/agents/Tester_1");
    assert_eq!(got.headers["cache-control"], "no-store");
    let agent = &got.json["agent"];
    let key = text(&agent["api_key"]);
    assert!(key.starts_with("hamlet_sk_") && key.len() == 53, "{key}");
    assert!(text(&agent["claim_url"]).starts_with("http://127.0.0.1:8080/claim/"));
    assert_eq!(agent["created_at"], "2026-02-01T12:00:00Z");
    let code = text(&agent["verification_code"]);
    assert!(
        code.split_once('-')
            .is_some_and(|(_, tail)| tail.len() == 4)
    );
    assert_eq!(got.json["status"], "pending_claim");
    assert_eq!(got.json["setup"], Value::Null);
    assert!(text(&got.json["tweet_template"]).contains(&code));

    let status = test.get("/api/v1/agents/status", Some(&key)).await;
    assert_eq!(status.json["status"], "pending_claim");
    assert_eq!(status.json["agent"]["id"], agent["id"]);
    assert_eq!(status.json["verification_code"], code);
    let world = test.get("/api/v1/world", None).await;
    let names: Vec<_> = world.json["agents"]
        .as_array()
        .expect("agents")
        .iter()
        .collect();
    assert!(
        names.iter().any(|it| it["name"] == "Tester_1"),
        "it stands in the town"
    );

    let again = TestApp::open(test.stop().await, quick()).await;
    let after = again.get("/api/v1/agents/status", Some(&key)).await;
    assert_eq!(after.json, status.json);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_cannot_be_are_refused() {
    let test = TestApp::quick().await;
    for odd in [
        "",
        "a",
        "me",
        "REGISTER",
        "adm1n",
        "-dash",
        "Zoë",
        "a b",
        "a\u{200b}b",
        "\u{202e}abc",
        "аdа",
        "a/b",
        "<b>",
        &"x".repeat(51),
        "\u{1F980}\u{1F980}",
    ] {
        let got = test.post(REGISTER, None, json!({ "name": odd })).await;
        refused(&got, 400, "invalid_name");
    }
    let long = json!({ "name": "fine", "description": "x".repeat(501) });
    refused(&test.post(REGISTER, None, long).await, 400, "invalid");
    refused(&test.post(REGISTER, None, json!({})).await, 422, "invalid");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_name_comes_with_one_that_is_free() {
    let test = TestApp::quick().await;
    test.register_agent("Mira_Hill").await;
    for alike in ["mira_hill", "MIRAHILL", "m1ra-h1ll", "rnira_hi11"] {
        let got = test.post(REGISTER, None, json!({ "name": alike })).await;
        refused(&got, 409, "name_taken");
        let hint = text(&got.json["hint"]);
        let free = hint.split('`').nth(1).expect("a suggestion");
        assert_eq!(free, format!("{alike}_2"));
    }
    test.register_agent("mira_hill_2").await;
    let got = test
        .post(REGISTER, None, json!({ "name": "mira_hill" }))
        .await;
    assert!(text(&got.json["hint"]).contains("`mira_hill_3`"));
    let longest = "y".repeat(50);
    test.register_agent(&longest).await;
    let got = test.post(REGISTER, None, json!({ "name": longest })).await;
    assert!(text(&got.json["hint"]).contains(&format!("`{}_2`", "y".repeat(48))));
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_makes_one_agent_and_tells_no_secret_twice() {
    let test = TestApp::quick().await;
    let body = json!({ "name": "once", "description": "" });
    let first = test.post_once((REGISTER, "k-1"), None, &body).await;
    let second = test.post_once((REGISTER, "k-1"), None, &body).await;
    assert_eq!(second.status, StatusCode::CREATED);
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert!(!first.headers.contains_key("idempotency-replayed"));
    assert_eq!(second.json["agent"]["id"], first.json["agent"]["id"]);
    assert_eq!(second.json["agent"]["api_key"], Value::Null);
    assert_eq!(second.json["agent"]["claim_url"], Value::Null);
    let other = json!({ "name": "twice", "description": "" });
    let mismatch = test.post_once((REGISTER, "k-1"), None, &other).await;
    refused(&mismatch, 422, "idempotency_mismatch");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_registers_so_many_and_no_more() {
    let config = ApiConfig {
        registrations_per_min: 5,
        registrations_per_day: 8,
        ..quick()
    };
    let test = TestApp::with(config.clone()).await;
    let mut made = 0;
    for n in 0..1000 {
        let body = json!({ "name": format!("horde{n}") });
        let got = test.post_from("192.0.2.7:4000", REGISTER, &body).await;
        match got.status {
            StatusCode::CREATED => made += 1,
            _ => {
                refused(&got, 429, "registration_limit");
                assert_eq!(got.headers["retry-after"], "60");
            }
        }
    }
    assert_eq!(made, 5);
    let free = json!({ "name": "elsewhere" });
    let got = test.post_from("192.0.2.8:4000", REGISTER, &free).await;
    assert_eq!(got.status, StatusCode::CREATED);
    test.register_agent("at_home").await;

    test.clock.pass_secs(60);
    let again = TestApp::open(test.stop().await, config).await;
    again.clock.pass_secs(60);
    let mut made = 0;
    for n in 0..20 {
        let body = json!({ "name": format!("second-{n}") });
        let got = again.post_from("192.0.2.7:4001", REGISTER, &body).await;
        made += u32::from(got.status == StatusCode::CREATED);
    }
    assert_eq!(made, 3, "the day's share is used up, restart or not");
    again.clock.pass_secs(86_400);
    let body = json!({ "name": "tomorrow" });
    let got = again.post_from("192.0.2.7:4001", REGISTER, &body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_village_takes_in_so_many_a_day_from_wherever_they_come() {
    let config = ApiConfig {
        registrations_all_per_day: 4,
        ..quick()
    };
    let horde = async |test: &TestApp, word: &str| {
        let mut made = 0;
        for n in 0..9 {
            let body = json!({ "name": format!("{word}{n}") });
            let from = format!("192.0.2.{n}:4000");
            let got = test.post_from(&from, REGISTER, &body).await;
            match got.status {
                StatusCode::CREATED => made += 1,
                _ => refused(&got, 429, "registration_limit"),
            }
        }
        made
    };
    let test = TestApp::with(config.clone()).await;
    assert_eq!(horde(&test, "many").await, 4);
    test.register_agent("at_home").await;
    let again = TestApp::open(test.stop().await, config).await;
    assert_eq!(horde(&again, "more").await, 0, "restart or not");
    again.clock.pass_secs(86_400);
    assert_eq!(horde(&again, "tomorrow").await, 4);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_household_with_many_addresses_is_one() {
    let config = ApiConfig {
        registrations_per_min: 2,
        ..quick()
    };
    let test = TestApp::with(config).await;
    let mut made = 0;
    for n in 0..6 {
        let body = json!({ "name": format!("six-{n}x") });
        let from = format!("[2001:db8:0:1::{n:x}]:4000");
        let got = test.post_from(&from, REGISTER, &body).await;
        made += u32::from(got.status == StatusCode::CREATED);
    }
    assert_eq!(made, 2);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_village_says_so() {
    let config = ApiConfig {
        registration: false,
        ..quick()
    };
    let test = TestApp::with(config).await;
    let got = test
        .post(REGISTER, None, json!({ "name": "newcomer" }))
        .await;
    refused(&got, 403, "registration_closed");
    let body = json!({ "name": "newcomer", "password": super::helpers::PASSWORD });
    refused(
        &test.post("/api/v1/auth/register", None, body).await,
        403,
        "registration_closed",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_mail_the_owner_gets_the_link_by_hand() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("mailer").await;
    let path = "/api/v1/agents/me/setup-owner-email";
    let got = test
        .post(path, Some(&agent.key), json!({ "email": "o@example.org" }))
        .await;
    refused(&got, 409, "email_not_configured");
    let got = test
        .post(path, Some(&agent.key), json!({ "email": "nonsense" }))
        .await;
    refused(&got, 400, "invalid");
    refused(&test.post(path, None, json!({})).await, 401, "no_key");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_does_not_count_and_an_old_one_is_not_repeated() {
    let config = ApiConfig {
        registrations_per_day: 1,
        ..quick()
    };
    let test = TestApp::with(config).await;
    let send = async |name: &str, key: &str| {
        let mut request = axum::http::Request::post(REGISTER)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(axum::body::Body::from(json!({ "name": name }).to_string()))
            .expect("it is a request");
        let peer: std::net::SocketAddr = "192.0.2.9:1".parse().expect("an address");
        request
            .extensions_mut()
            .insert(axum::extract::ConnectInfo(peer));
        test.send(request).await
    };
    assert_eq!(send("early", "a").await.status, StatusCode::CREATED);
    let again = send("early", "a").await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    refused(&send("more", "b").await, 429, "registration_limit");
    test.clock.pass_secs(86_400);
    // The record is over: what comes with this key now is a request like any other.
    refused(&send("early", "a").await, 409, "name_taken");
    refused(&send("later", "c").await, 429, "registration_limit");
    test.stop().await;
}
