//! People sign in and out.

use axum::http::StatusCode;
use hamlet_api::config::ApiConfig;
use serde_json::json;

use super::helpers::{PASSWORD, quick, refresh_of, refused, text};
use crate::app::{Got, TestApp};

const ME: &str = "/api/v1/auth/me";
const REFRESH: &str = "/api/v1/auth/refresh";

fn access(got: &Got) -> String {
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    text(&got.json["access_token"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_makes_an_account_and_signs_in() {
    let test = TestApp::quick().await;
    let body = json!({ "name": "Ada", "password": PASSWORD, "display_name": "Ada ☕", "email": "ada@example.org" });
    let made = test.post("/api/v1/auth/register", None, body.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.headers["location"], "/api/v1/people/Ada");
    refused(
        &test.post("/api/v1/auth/register", None, body).await,
        409,
        "name_taken",
    );

    let got = test.log_in("ada", PASSWORD).await;
    assert_eq!(got.json["token_type"], "Bearer");
    assert_eq!(got.json["expires_in"], 600);
    let cookie = got.headers["set-cookie"].to_str().expect("a text");
    for part in [
        "HttpOnly",
        "SameSite=Strict",
        "Path=/api/v1/auth",
        "Max-Age=2592000",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(
        !cookie.contains("Secure"),
        "this village is served without TLS"
    );
    let me = test.get(ME, Some(&access(&got))).await;
    assert_eq!(me.json["name"], "Ada");
    assert_eq!(me.json["display_name"], "Ada ☕");
    assert_eq!(me.json["email"], "ada@example.org");
    assert_eq!(me.json["role"], "human");
    let seen = test.get("/api/v1/people/@ADA", None).await;
    assert_eq!(seen.json["display_name"], "Ada ☕");
    refused(
        &test.get("/api/v1/people/nobody", None).await,
        404,
        "not_found",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_tls_the_cookie_is_secure() {
    let config = ApiConfig {
        public_url: Some("https://hamlet.example".to_owned()),
        ..quick()
    };
    let test = TestApp::with(config).await;
    test.sign_up("ada").await;
    let got = test.log_in("ada", PASSWORD).await;
    assert!(
        got.headers["set-cookie"]
            .to_str()
            .expect("a text")
            .contains("; Secure")
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poor_accounts_are_refused() {
    let test = TestApp::quick().await;
    for (body, code) in [
        (
            json!({ "name": "me", "password": PASSWORD }),
            "invalid_name",
        ),
        (
            json!({ "name": "admin", "password": PASSWORD }),
            "invalid_name",
        ),
        (
            json!({ "name": "Łukasz", "password": PASSWORD }),
            "invalid_name",
        ),
        (
            json!({ "name": "ada", "password": "short" }),
            "invalid_password",
        ),
        (
            json!({ "name": "ada-lovelace", "password": "AdaLovelace" }),
            "invalid_password",
        ),
        (
            json!({ "name": "ada", "password": "x".repeat(201) }),
            "invalid_password",
        ),
        (
            json!({ "name": "ada", "password": PASSWORD, "email": "no" }),
            "invalid",
        ),
        (
            json!({ "name": "ada", "password": PASSWORD, "display_name": " " }),
            "invalid",
        ),
    ] {
        let got = test.post("/api/v1/auth/register", None, body).await;
        refused(&got, 400, code);
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_is_good_once_and_reuse_ends_the_family() {
    let test = TestApp::quick().await;
    test.sign_up("ada").await;
    let other = refresh_of(&test.log_in("ada", PASSWORD).await);
    let first = refresh_of(&test.log_in("ada", PASSWORD).await);
    test.clock.pass_secs(601);
    let got = test.with_refresh(REFRESH, &first).await;
    assert_eq!(
        test.get(ME, Some(&access(&got))).await.status,
        StatusCode::OK
    );
    let second = refresh_of(&got);
    assert_ne!(first, second);
    let third = refresh_of(&test.with_refresh(REFRESH, &second).await);

    refused(
        &test.with_refresh(REFRESH, &first).await,
        401,
        "session_reused",
    );
    for dead in [&first, &second, &third] {
        refused(&test.with_refresh(REFRESH, dead).await, 401, "session_over");
    }
    let got = test.with_refresh(REFRESH, &other).await;
    assert_eq!(
        got.status,
        StatusCode::OK,
        "another sign-in goes on: {got:?}"
    );
    refused(
        &test.with_refresh(REFRESH, "hamlet_rt_made_up").await,
        401,
        "session_over",
    );
    refused(
        &test.post(REFRESH, None, json!({})).await,
        401,
        "no_session",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_survive_a_restart_and_so_does_their_end() {
    let test = TestApp::quick().await;
    test.sign_up("ada").await;
    let used = refresh_of(&test.log_in("ada", PASSWORD).await);
    let live = refresh_of(&test.with_refresh(REFRESH, &used).await);
    let out = refresh_of(&test.log_in("ada", PASSWORD).await);
    let gone = test.with_refresh("/api/v1/auth/logout", &out).await;
    assert_eq!(gone.status, StatusCode::OK);
    let cookie = gone.headers["set-cookie"].to_str().expect("a text");
    assert!(
        cookie.starts_with("hamlet_refresh=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    let again = TestApp::open(test.stop().await, quick()).await;
    refused(
        &again.with_refresh(REFRESH, &out).await,
        401,
        "session_over",
    );
    let got = again.with_refresh(REFRESH, &live).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    refused(
        &again.with_refresh(REFRESH, &used).await,
        401,
        "session_reused",
    );
    refused(
        &again.with_refresh(REFRESH, &refresh_of(&got)).await,
        401,
        "session_over",
    );
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_expires() {
    let test = TestApp::quick().await;
    test.sign_up("ada").await;
    let refresh = refresh_of(&test.log_in("ada", PASSWORD).await);
    test.clock.pass_secs(30 * 86_400);
    refused(
        &test.with_refresh(REFRESH, &refresh).await,
        401,
        "session_over",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_cuts_everybody_else_off() {
    let test = TestApp::quick().await;
    let token = test.sign_up("ada").await;
    let thief = test.log_in("ada", PASSWORD).await;
    let path = "/api/v1/auth/password";
    let wrong = json!({ "old": "not the password", "new": "another good one" });
    refused(
        &test.post(path, Some(&token), wrong).await,
        403,
        "wrong_password",
    );
    let poor = json!({ "old": PASSWORD, "new": "short" });
    refused(
        &test.post(path, Some(&token), poor).await,
        400,
        "invalid_password",
    );
    let right = json!({ "old": PASSWORD, "new": "another good one" });
    let got = test.post(path, Some(&token), right).await;
    assert_eq!(
        test.get(ME, Some(&access(&got))).await.status,
        StatusCode::OK
    );
    refused(&test.get(ME, Some(&token)).await, 401, "token_void");
    refused(
        &test.get(ME, Some(&access(&thief))).await,
        401,
        "token_void",
    );
    refused(
        &test.with_refresh(REFRESH, &refresh_of(&thief)).await,
        401,
        "session_over",
    );
    refused(&test.log_in("ada", PASSWORD).await, 401, "wrong_login");
    assert_eq!(
        test.log_in("ada", "another good one").await.status,
        StatusCode::OK
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_passwords_gets_slow() {
    let test = TestApp::quick().await;
    test.sign_up("ada").await;
    for _ in 0..5 {
        refused(
            &test.log_in("ada", "wrong password").await,
            401,
            "wrong_login",
        );
    }
    let got = test.log_in("ADA", PASSWORD).await;
    refused(&got, 429, "too_many_tries");
    assert_eq!(got.headers["retry-after"], "1");
    test.clock.pass_secs(1);
    assert_eq!(test.log_in("ada", PASSWORD).await.status, StatusCode::OK);
    for _ in 0..5 {
        refused(
            &test.log_in("nobody", "wrong password").await,
            401,
            "wrong_login",
        );
    }
    refused(
        &test.log_in("nobody", "wrong password").await,
        429,
        "too_many_tries",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_take_their_data_with_them_and_go() {
    let test = TestApp::quick().await;
    let token = test.sign_up("ada").await;
    let agent = test.register_agent("ward").await;
    test.claim(&agent, &token).await;
    let export = test.get("/api/v1/auth/me/export", Some(&token)).await;
    assert_eq!(export.json["account"]["name"], "ada");
    assert_eq!(export.json["agents"][0]["name"], "ward");
    assert_eq!(export.json["agents"][0]["keys"][0]["label"], "first");
    assert_eq!(export.json["sessions"].as_array().map(Vec::len), Some(1));

    let wrong = test
        .delete(ME, &token, Some(json!({ "password": "not the password" })))
        .await;
    refused(&wrong, 403, "wrong_password");
    let gone = test
        .delete(ME, &token, Some(json!({ "password": PASSWORD })))
        .await;
    assert_eq!(gone.status, StatusCode::OK, "{gone:?}");
    refused(&test.get(ME, Some(&token)).await, 401, "gone");
    refused(&test.log_in("ada", PASSWORD).await, 401, "wrong_login");
    refused(
        &test.get("/api/v1/people/ada", None).await,
        404,
        "not_found",
    );
    let status = test.get("/api/v1/agents/status", Some(&agent.key)).await;
    assert_eq!(
        status.json["status"], "pending_claim",
        "the agent is nobody's"
    );

    let again = TestApp::open(test.stop().await, quick()).await;
    refused(&again.log_in("ada", PASSWORD).await, 401, "wrong_login");
    let after = again.get("/api/v1/agents/status", Some(&agent.key)).await;
    assert_eq!(after.json["status"], "pending_claim");
    again.sign_up("ada").await;
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_sign_ins_end_the_oldest() {
    let test = TestApp::quick().await;
    test.sign_up("ada").await;
    test.clock.pass_secs(1);
    let oldest = refresh_of(&test.log_in("ada", PASSWORD).await);
    test.clock.pass_secs(1);
    let next = refresh_of(&test.log_in("ada", PASSWORD).await);
    for _ in 0..49 {
        test.clock.pass_secs(1);
        test.log_in("ada", PASSWORD).await;
    }
    refused(
        &test.with_refresh(REFRESH, &oldest).await,
        401,
        "session_over",
    );
    let got = test.with_refresh(REFRESH, &next).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_that_is_repeated_with_its_key_is_no_theft() {
    let test = TestApp::quick().await;
    test.sign_up("ada").await;
    let first = refresh_of(&test.log_in("ada", PASSWORD).await);
    let again = async |token: &str, key: &str| {
        let request = axum::http::Request::post(REFRESH)
            .header("cookie", format!("hamlet_refresh={token}"))
            .header("idempotency-key", key)
            .body(axum::body::Body::empty());
        test.send(request.expect("it is a request")).await
    };
    let got = again(&first, "once").await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let second = refresh_of(&got);
    refused(&again(&first, "once").await, 409, "tokens_told");
    // The session goes on, and another request with the used token still ends it.
    let got = again(&second, "once").await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    refused(&again(&first, "another").await, 401, "session_reused");
    test.stop().await;
}
