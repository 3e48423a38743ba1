//! What every answer has, whatever its route.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hamlet_api::config::ApiConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::app::{Got, TestApp};
use crate::ws::Served;

async fn send(test: &TestApp, method: &str, path: &str, headers: &[(&str, &str)]) -> Got {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    test.send(request.body(Body::empty()).expect("it is a request"))
        .await
}

fn is_problem(got: &Got, status: StatusCode, code: &str) {
    assert_eq!(got.status, status, "{got:?}");
    assert_eq!(got.headers["content-type"], "application/problem+json");
    assert_eq!(got.json["code"], code, "{got:?}");
    assert_eq!(got.json["success"], false);
    for member in [
        "type",
        "title",
        "detail",
        "instance",
        "error",
        "hint",
        "request_id",
    ] {
        let text = got.json[member].as_str();
        assert!(
            text.is_some_and(|text| !text.is_empty()),
            "{member}: {got:?}"
        );
    }
    assert_eq!(got.json["status"], status.as_u16());
    assert_eq!(
        got.json["request_id"].as_str(),
        got.headers["x-request-id"].to_str().ok()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_are_problems_and_methods_are_told() {
    let test = TestApp::new().await;
    let nowhere = send(&test, "GET", "/nowhere", &[]).await;
    is_problem(&nowhere, StatusCode::NOT_FOUND, "not_found");
    assert!(nowhere.headers.contains_key("x-ratelimit-remaining"));
    let wrong = send(&test, "DELETE", "/api/v1/world", &[]).await;
    is_problem(&wrong, StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
    assert_eq!(wrong.headers["allow"], "GET,HEAD");
    let options = send(&test, "OPTIONS", "/api/v1/world", &[]).await;
    assert_eq!(options.status, StatusCode::NO_CONTENT, "{options:?}");
    assert_eq!(options.headers["allow"], "GET,HEAD");
    assert_eq!(options.json, Value::String(String::new()));
    let odd = send(&test, "GET", "/api/v1/agents/%ff", &[]).await;
    assert!(odd.status.is_client_error(), "{odd:?}");
    assert_eq!(odd.json["success"], false);
    let head = send(&test, "HEAD", "/api/v1/world", &[]).await;
    assert_eq!(head.status, StatusCode::OK);
    assert_eq!(head.json, Value::String(String::new()));
    assert!(head.headers.contains_key("content-length"));
    let named = send(&test, "GET", "/livez", &[("x-request-id", "my-own-1")]).await;
    assert_eq!(named.headers["x-request-id"], "my-own-1");
    assert_eq!(named.headers["x-content-type-options"], "nosniff");
    assert_eq!(named.headers["referrer-policy"], "no-referrer");
    let huge = send(
        &test,
        "GET",
        "/livez",
        &[("x-request-id", &"x".repeat(500))],
    )
    .await;
    assert!(huge.headers["x-request-id"].len() < 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_are_told_with_refusals_too() {
    let test = TestApp::with(ApiConfig {
        key_requests_per_min: 2,
        ..ApiConfig::default()
    })
    .await;
    let key = test.caller(0).await;
    for left in ["1", "0"] {
        let got = test.get("/api/v1/world", Some(&key.token)).await;
        assert_eq!(got.headers["x-ratelimit-remaining"], left);
    }
    let spent = test.get("/api/v1/world", Some(&key.token)).await;
    is_problem(&spent, StatusCode::TOO_MANY_REQUESTS, "rate_limited");
    for header in [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "retry-after",
    ] {
        let value = spent.headers[header].to_str().expect("it is text");
        assert!(value.parse::<u64>().is_ok(), "{header}: {value}");
    }
    assert!(
        spent.headers.contains_key("ratelimit") && spent.headers.contains_key("ratelimit-policy")
    );
    assert_eq!(
        spent.json["retry_after_seconds"].to_string(),
        spent.headers["retry-after"]
    );
    test.clock.pass_secs(61);
    assert_eq!(
        test.get("/api/v1/world", Some(&key.token)).await.status,
        StatusCode::OK
    );
    let unknown = test.get("/api/v1/world", Some("hamlet_sk_made_up")).await;
    is_problem(&unknown, StatusCode::UNAUTHORIZED, "key_unknown");
    assert!(unknown.headers.contains_key("x-ratelimit-remaining"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_origins_are_let_in_by_configuration_alone() {
    let asks = [
        ("origin", "https://town.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization"),
    ];
    let closed = TestApp::new().await;
    let got = send(&closed, "OPTIONS", "/api/v1/world", &asks).await;
    assert!(!got.headers.contains_key("access-control-allow-origin"));
    let test = TestApp::with(ApiConfig {
        cors_origins: vec!["https://town.example".to_owned()],
        ..ApiConfig::default()
    })
    .await;
    let got = send(&test, "OPTIONS", "/api/v1/agents/me/move", &asks).await;
    assert_eq!(got.status, StatusCode::NO_CONTENT);
    assert_eq!(
        got.headers["access-control-allow-origin"],
        "https://town.example"
    );
    let headers = got.headers["access-control-allow-headers"]
        .to_str()
        .expect("text");
    assert!(headers.contains("authorization") && headers.contains("idempotency-key"));
    let got = send(&test, "GET", "/api/v1/world", &asks[..1]).await;
    assert_eq!(
        got.headers["access-control-allow-origin"],
        "https://town.example"
    );
    let exposed = got.headers["access-control-expose-headers"]
        .to_str()
        .expect("text");
    assert!(exposed.contains("x-ratelimit-remaining") && exposed.contains("retry-after"));
    assert_eq!(got.headers["vary"], "origin");
    let got = send(
        &test,
        "GET",
        "/api/v1/world",
        &[("origin", "https://evil.example")],
    )
    .await;
    assert!(!got.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_make_no_sense_are_refused_by_what_is_wrong() {
    let test = TestApp::new().await;
    let key = test.caller(0).await;
    let post = async |body: Vec<u8>, kind: &str| {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/agents/me/move")
            .header("authorization", format!("Bearer {}", key.token))
            .header("content-type", kind);
        test.send(request.body(Body::from(body)).expect("it is a request"))
            .await
    };
    let is = async |body: &str, kind: &str, status: u16, code: &str| {
        let status = StatusCode::from_u16(status).expect("it is a status");
        is_problem(&post(body.as_bytes().to_vec(), kind).await, status, code);
    };
    is("{", "application/json", 400, "malformed_json").await;
    is("", "application/json", 400, "invalid").await;
    is(r#"{"x":"wide"}"#, "application/json", 422, "invalid").await;
    is(r#"{"x":1}"#, "text/plain", 415, "not_json").await;
    let got = post(vec![b' '; 300 << 10], "application/json").await;
    is_problem(&got, StatusCode::PAYLOAD_TOO_LARGE, "too_large");
}

/// A client that sends ten megabytes before it listens must still see why they were refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_sends_too_much_sees_its_413() {
    const MEGABYTES: usize = 10;
    let served = Served::new().await;
    let key = served.test.caller(0).await;
    let mut client = TcpStream::connect(served.address)
        .await
        .expect("it listens");
    let head = format!(
        "POST /api/v1/agents/me/move HTTP/1.1\r\nHost: town\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        key.token,
        MEGABYTES << 20,
    );
    client
        .write_all(head.as_bytes())
        .await
        .expect("the head leaves");
    let megabyte = vec![b' '; 1 << 20];
    for _ in 0..MEGABYTES {
        client
            .write_all(&megabyte)
            .await
            .expect("the server goes on reading");
    }
    let mut answer = String::new();
    client
        .read_to_string(&mut answer)
        .await
        .expect("the answer can be read");
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("too_large"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_described_whole() {
    let test = TestApp::new().await;
    let api = test.get("/openapi.json", None).await.json;
    assert!(
        api["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    let tags: BTreeSet<_> = api["tags"]
        .as_array()
        .expect("there are tags")
        .iter()
        .map(|tag| tag["name"].clone().to_string())
        .collect();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&api) {
        let at = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(
            !id.is_empty() && ids.insert(id.to_owned()),
            "{at}: the operationId `{id}` is missing or not its own; name it with operation_id = …"
        );
        assert!(
            operation["security"].is_array(),
            "{at} declares no access: nobody may call it"
        );
        assert!(
            operation["summary"].is_string(),
            "{at} has no summary: begin its doc comment with one line"
        );
        for tag in operation["tags"].as_array().expect("it has tags") {
            assert!(
                tags.contains(&tag.to_string()),
                "{at}: the tag {tag} is not described in openapi.rs"
            );
        }
        let answers = operation["responses"].as_object().expect("it has answers");
        let mut must = vec!["429"];
        if operation["security"] != json!([{}]) {
            must.extend(["401", "403"]);
        }
        if !matches!(method.as_str(), "get" | "head" | "options") {
            must.extend(["400", "409", "413", "422", "503"]);
        }
        for status in must {
            assert!(
                answers.contains_key(status),
                "{at} does not declare {status}"
            );
        }
        for (status, answer) in answers {
            let kind = if status.starts_with(['4', '5']) {
                "application/problem+json"
            } else {
                continue;
            };
            // Pages for browsers say it in their own way.
            let page = !path.starts_with("/api/") && answer["content"]["text/html"].is_object();
            assert!(
                page || answer["content"][kind].is_object(),
                "{at}: {status} is no problem: declare it with body = ProblemBody"
            );
        }
        for name in path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        {
            let parameters = operation["parameters"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            assert!(
                parameters
                    .iter()
                    .any(|it| it["in"] == "path" && it["name"] == name),
                "{at} does not declare {{{name}}}"
            );
        }
    }
}

/// All operations of a description: path, method, operation.
pub(crate) fn operations(api: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().expect("there are paths") {
        for method in ["get", "head", "options", "put", "post", "patch", "delete"] {
            if item[method].is_object() {
                all.push((path.clone(), method.to_owned(), item[method].clone()));
            }
        }
    }
    all
}

/// What the server says to these bytes, until it closes the connection.
async fn said_to(served: &Served, bytes: &[u8]) -> String {
    let mut client = TcpStream::connect(served.address)
        .await
        .expect("it listens");
    client.write_all(bytes).await.expect("the bytes leave");
    let mut answer = Vec::new();
    // A server that has heard enough may reset the connection once its answer has left.
    drop(client.read_to_end(&mut answer).await);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Requests that reach no handler are answered like all others: with a problem that says what to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_is_told_so() {
    let served = Served::new().await;
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    let long = format!("x: {}\r\n", "y".repeat(64 << 10));
    let path = "x".repeat(64 << 10);
    for (bytes, statuses, code) in [
        ("nonsense\r\n\r\n".to_owned(), "400", "no_request"),
        (
            "GET / HTTP/1.1\r\nno header\r\n\r\n".to_owned(),
            "400",
            "no_request",
        ),
        (
            format!("GET / HTTP/1.1\r\nhost: town\r\n{many}\r\n"),
            "431",
            "head_too_large",
        ),
        (
            format!("GET / HTTP/1.1\r\nhost: town\r\n{long}\r\n"),
            "431",
            "head_too_large",
        ),
        (
            format!("GET /{path} HTTP/1.1\r\nhost: town\r\n\r\n"),
            "414 431",
            "head_too_large",
        ),
        (
            "POST /api/v1/posts HTTP/1.1\r\nhost: town\r\ncontent-length: x\r\n\r\n".to_owned(),
            "400",
            "no_request",
        ),
    ] {
        let answer = said_to(&served, bytes.as_bytes()).await;
        let what = &bytes[..bytes.len().min(60)];
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{what}: {answer}"));
        assert!(
            statuses
                .split(' ')
                .any(|it| head.contains(&format!(" {it} "))),
            "{what}: {head}"
        );
        assert!(head.contains("application/problem+json"), "{what}: {head}");
        let problem: Value = serde_json::from_str(body).expect("a problem is JSON");
        assert_eq!(problem["code"], code, "{what}: {problem}");
        assert!(problem["hint"].is_string(), "{what}: {problem}");
    }
    // The server lives on.
    let fine = "GET /livez HTTP/1.1\r\nhost: town\r\nconnection: close\r\n\r\n";
    assert!(
        said_to(&served, fine.as_bytes())
            .await
            .starts_with("HTTP/1.1 200")
    );
}

/// Whoever promises a body and sends it by the drop is told so when the time is over, and keeps nobody else waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_falls_asleep_is_let_go() {
    let served = Served::with(ApiConfig {
        request_timeout_secs: 1,
        ..ApiConfig::default()
    })
    .await;
    let key = served.test.caller(0).await;
    let head = format!(
        "POST /api/v1/agents/me/move HTTP/1.1\r\nhost: town\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{{",
        key.token
    );
    let mut sleepers = Vec::new();
    for _ in 0..50 {
        let mut client = TcpStream::connect(served.address)
            .await
            .expect("it listens");
        client.write_all(head.as_bytes()).await.expect("it leaves");
        sleepers.push(client);
    }
    // Meanwhile others are served.
    let fine = "GET /livez HTTP/1.1\r\nhost: town\r\nconnection: close\r\n\r\n";
    let fine = said_to(&served, fine.as_bytes()).await;
    assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
    for mut client in sleepers {
        let mut answer = Vec::new();
        drop(client.read_to_end(&mut answer).await);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("\"timeout\""), "{answer}");
    }
}
