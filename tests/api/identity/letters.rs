//! Claim links by e-mail.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_api::mail::SmtpConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::helpers::{quick, refused};
use crate::app::TestApp;

const PATH: &str = "/api/v1/agents/me/setup-owner-email";
/// Letters that wait for the test.
const LETTERS_MAX: usize = 8;

/// A mail server that takes every letter and hands it to the test.
pub(crate) async fn sink() -> (ApiConfig, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("it listens");
    let address = listener.local_addr().expect("it has an address");
    (config(address), take_letters(listener))
}

/// A village whose letters go there.
fn config(mail: SocketAddr) -> ApiConfig {
    ApiConfig {
        smtp: Some(SmtpConfig {
            url: format!("smtp://{mail}"),
            from: "Hamlet <hamlet@example.org>".to_owned(),
        }),
        public_url: Some("https://hamlet.example".to_owned()),
        ..quick()
    }
}

/// Takes letters, one connection after the other.
fn take_letters(listener: TcpListener) -> mpsc::Receiver<String> {
    let (letters, taken) = mpsc::channel(LETTERS_MAX);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (from, mut to) = stream.into_split();
            let mut lines = BufReader::new(from).lines();
            to.write_all(b"220 sink\r\n").await.expect("it is heard");
            let mut letter: Option<String> = None;
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match (&mut letter, line.as_str()) {
                    (Some(text), ".") => {
                        letters
                            .send(std::mem::take(text))
                            .await
                            .expect("the test waits");
                        letter = None;
                        "250 taken"
                    }
                    (Some(text), line) => {
                        text.push_str(line);
                        text.push('\n');
                        continue;
                    }
                    (None, "DATA") => {
                        letter = Some(String::new());
                        "354 go on"
                    }
                    (None, "QUIT") => "221 bye",
                    (None, _) => "250 fine",
                };
                let answer = format!("{answer}\r\n");
                to.write_all(answer.as_bytes()).await.expect("it is heard");
            }
        }
    });
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_gets_a_letter_and_its_link_claims() {
    let (config, mut letters) = sink().await;
    let test = TestApp::with(config).await;
    let features = test.get("/api/v1/capabilities", None).await;
    let email = features.json["features"].as_array().expect("a list");
    assert!(
        email
            .iter()
            .any(|it| it["name"] == "email" && it["on"] == true)
    );
    let agent = test.register_agent("pen-pal").await;
    let body = json!({ "email": "owner@example.org" });
    let got = test.post(PATH, Some(&agent.key), body.clone()).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let letter = letters.recv().await.expect("a letter").replace("=\n", "");
    assert!(
        letter.contains("To: owner@example.org") && letter.contains("pen-pal"),
        "{letter}"
    );
    let code = got.json["verification_code"].as_str().expect("a code");
    assert!(letter.contains(code), "{letter}");
    let (_, after) = letter
        .split_once("https://hamlet.example/claim/")
        .expect("a link");
    let token = after.split_whitespace().next().expect("a token");
    // The link that came with the registration is void, the one in the letter is not.
    let owner = test.sign_up("owner").await;
    let confirm = |token: &str| format!("/api/v1/claims/{token}/confirm");
    let old = test
        .post(&confirm(&agent.claim), Some(&owner), json!({}))
        .await;
    refused(&old, 409, "claim_expired");
    let new = test.post(&confirm(token), Some(&owner), json!({})).await;
    assert_eq!(new.json["agent"]["name"], "pen-pal", "{new:?}");
    refused(
        &test.post(PATH, Some(&agent.key), body).await,
        409,
        "already_claimed",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_flooded_and_a_server_that_is_gone_is_said() {
    let (sink_config, mut letters) = sink().await;
    let test = TestApp::with(sink_config).await;
    let agent = test.register_agent("talker").await;
    let body = json!({ "email": "owner@example.org" });
    for _ in 0..3 {
        let got = test.post(PATH, Some(&agent.key), body.clone()).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
        letters.recv().await.expect("a letter");
    }
    let many = test.post(PATH, Some(&agent.key), body.clone()).await;
    refused(&many, 429, "email_limit");
    assert!(many.headers.contains_key("retry-after"));
    test.clock.pass_secs(86_401);
    let got = test.post(PATH, Some(&agent.key), body.clone()).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    test.stop().await;

    let nowhere = TcpListener::bind("127.0.0.1:0").await.expect("it listens");
    let address = nowhere.local_addr().expect("it has an address");
    drop(nowhere);
    let test = TestApp::with(config(address)).await;
    let agent = test.register_agent("hermit").await;
    let request = || keyed(&agent.key, "once", &body);
    refused(&test.send(request()).await, 503, "email_failed");
    // Nothing was lost by it: the old link is still good, and so are the key and the letters of the day.
    let old = test.get(&format!("/claim/{}", agent.claim), None).await;
    assert_eq!(old.status, StatusCode::OK, "{old:?}");
    let listener = TcpListener::bind(address).await.expect("it is back");
    let mut letters = take_letters(listener);
    for _ in 0..3 {
        let got = test.send(request()).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
    }
    letters.recv().await.expect("a letter");
    assert!(letters.try_recv().is_err(), "the same letter twice");
    for _ in 0..2 {
        let got = test.post(PATH, Some(&agent.key), body.clone()).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
    }
    let many = test.post(PATH, Some(&agent.key), body.clone()).await;
    refused(&many, 429, "email_limit");
    test.stop().await;
}

/// A request for a letter with an `Idempotency-Key`.
fn keyed(token: &str, key: &str, body: &Value) -> Request<Body> {
    Request::post(PATH)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .expect("it is a request")
}
