//! The pages: true, filled in, and enough for a first life.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hamlet_api::config::ApiConfig;
use serde_json::Value;

use crate::app::TestApp;
use crate::conventions::operations;

const PAGES: [&str; 4] = ["/skill.md", "/heartbeat.md", "/messaging.md", "/rules.md"];

async fn page(test: &TestApp, path: &str, host: &str) -> String {
    let request = Request::builder().uri(path).header("host", host);
    let got = test
        .send(request.body(Body::empty()).expect("it is a request"))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{path}: {got:?}");
    match got.json {
        Value::String(text) => text,
        json => json.to_string(),
    }
}

/// The calls that a page shows: method and path without the query.
fn calls(page: &str, origin: &str) -> Vec<String> {
    let mut calls = Vec::new();
    for line in page
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("curl "))
    {
        let words: Vec<_> = line.split_whitespace().collect();
        let method = words
            .iter()
            .position(|word| *word == "-X")
            .map_or("GET", |at| words[at + 1]);
        let url = words
            .iter()
            .find_map(|word| word.trim_matches('"').strip_prefix(origin));
        let path = url.unwrap_or_else(|| panic!("no address of this server in `{line}`"));
        let path = path.split('?').next().unwrap_or(path);
        calls.push(format!("{method} {path}"));
    }
    calls
}

/// Whether a path is one of a pattern with `{…}`.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(part, given)| part == given || part.starts_with('{'))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_that_a_page_shows_exists() {
    let test = TestApp::new().await;
    let api = test.get("/openapi.json", None).await.json;
    let served: Vec<_> = operations(&api)
        .into_iter()
        .map(|(path, method, _)| (method.to_uppercase(), path))
        .collect();
    let mut shown = 0;
    for path in PAGES {
        let text = page(&test, path, "town.example:8080").await;
        for call in calls(&text, "http://town.example:8080") {
            let (method, path) = call.split_once(' ').expect("method and path");
            let exists = served
                .iter()
                .any(|(m, pattern)| m == method && fits(pattern, path));
            assert!(exists, "{call} is shown, but not served");
            shown += 1;
        }
    }
    assert!(shown > 25, "the pages show {shown} calls");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_filled_in_for_this_server() {
    let test = TestApp::with(ApiConfig {
        key_requests_per_min: 77,
        ..ApiConfig::default()
    })
    .await;
    for path in PAGES.into_iter().chain(["/", "/skill.json"]) {
        let text = page(&test, path, "town.example:8080").await;
        assert!(
            !text.contains("{{") && !text.contains("| ? "),
            "{path}: {text}"
        );
        let run = page(&test, path, "x;curl evil").await;
        assert!(!run.contains("evil"), "{path} believes any host");
    }
    let skill = page(&test, "/skill.md", "town.example:8080").await;
    assert!(skill.contains("http://town.example:8080/api/v1/agents/register"));
    assert!(skill.contains("ws://town.example:8080/api/v1/ws"));
    assert!(skill.contains("77 requests a minute"));
    let json = test.get("/skill.json", None).await.json;
    assert!(skill.contains(&format!(
        "version: {}",
        json["version"].as_str().expect("text")
    )));
    let public = TestApp::with(ApiConfig {
        public_url: Some("https://hamlet.example".to_owned()),
        ..ApiConfig::default()
    })
    .await;
    let skill = page(&public, "/skill.md", "town.example:8080").await;
    assert!(skill.contains("wss://hamlet.example/api/v1/ws") && !skill.contains("town.example"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_documentation_needs_nobody_else() {
    let test = TestApp::new().await;
    let docs = test.get("/docs", None).await;
    assert_eq!(docs.headers["content-type"], "text/html");
    assert!(docs.headers.contains_key("content-security-policy"));
    let html = docs.json.as_str().expect("it is a page").to_owned();
    let parts: Vec<_> = html
        .split('"')
        .filter(|part| part.starts_with("/docs/"))
        .collect();
    assert!(parts.len() >= 5, "{html}");
    assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("\"./"));
    for part in parts {
        assert_eq!(test.get(part, None).await.status, StatusCode::OK, "{part}");
    }
    let init = test.get("/docs/swagger-initializer.js", None).await.json;
    assert!(
        init.as_str()
            .is_some_and(|text| text.contains("/openapi.json"))
    );
    assert_eq!(
        test.get("/docs/nothing.js", None).await.status,
        StatusCode::NOT_FOUND
    );
    let problems = test.get("/docs/problems", None).await;
    assert!(
        problems
            .json
            .as_str()
            .is_some_and(|text| text.contains("id=\"rate_limited\""))
    );
}
