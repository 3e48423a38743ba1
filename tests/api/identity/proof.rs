//! Claims by a page that shows the code, over a real connection.

use axum::http::StatusCode;
use hamlet_api::config::ApiConfig;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::helpers::{quick, refused};
use crate::app::TestApp;

const VERIFY: &str = "/api/v1/agents/verify";

/// Serves one answer on loopback to whoever comes; gives the address.
async fn serve(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 2048];
            if stream.read(&mut head).await.is_ok() {
                drop(stream.write_all(answer.as_bytes()).await);
            }
        }
    });
    format!("http://{address}/proof")
}

fn page(text: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    )
}

async fn village() -> TestApp {
    TestApp::with(ApiConfig {
        outbound_private: true,
        ..quick()
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_with_the_code_makes_an_owner() {
    let test = village().await;
    let agent = test.register_agent("proven").await;
    let owner = test.sign_up("prover").await;
    let url = serve(page(&format!("<p>mine: {}</p>", agent.code))).await;
    let body = json!({ "proof_url": url, "claim_code": agent.code });
    refused(&test.post(VERIFY, None, body.clone()).await, 401, "no_key");
    let got = test.post(VERIFY, Some(&owner), body.clone()).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["agent"]["name"], "proven");
    let status = test.get("/api/v1/agents/status", Some(&agent.key)).await;
    assert_eq!(status.json["status"], "claimed");
    refused(
        &test.post(VERIFY, Some(&owner), body).await,
        404,
        "not_found",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_prove_nothing_are_refused() {
    let test = village().await;
    let agent = test.register_agent("unproven").await;
    let owner = test.sign_up("prover").await;
    let far = format!("{}{}", "x".repeat(64 << 10), agent.code);
    for (answer, code) in [
        (page("nothing here"), "proof_without_code"),
        (page(&far), "proof_without_code"),
        (
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n"
                .to_owned(),
            "proof_unreadable",
        ),
        ("nonsense\r\n\r\n".to_owned(), "proof_unreadable"),
    ] {
        let url = serve(answer).await;
        let body = json!({ "proof_url": url, "claim_code": agent.code });
        refused(&test.post(VERIFY, Some(&owner), body).await, 422, code);
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_not_led_into_private_networks() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("curious").await;
    let owner = test.sign_up("prober").await;
    let url = serve(page(&agent.code)).await;
    for address in [
        &*url,
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
    ] {
        let body = json!({ "proof_url": address, "claim_code": agent.code });
        refused(
            &test.post(VERIFY, Some(&owner), body).await,
            422,
            "proof_unreadable",
        );
    }
    let body = json!({ "proof_url": url, "claim_code": "reef-AAAA" });
    refused(
        &test.post(VERIFY, Some(&owner), body).await,
        404,
        "not_found",
    );
    let status = test.get("/api/v1/agents/status", Some(&agent.key)).await;
    assert_eq!(status.json["status"], "pending_claim");
    test.stop().await;
}
