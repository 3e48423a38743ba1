//! The same request with the same `Idempotency-Key`: the same status, and nothing happens twice.

use axum::body::Body;
use axum::http::{Method, Request};
use hamlet_api::config::ApiConfig;
use hamlet_store::Role;
use serde_json::{Value, json};

use crate::app::{Got, TestApp};
use crate::conventions::operations;
use crate::matrix::request;

/// What of a repetition hangs on the moment, whatever came of the request.
fn is_of_the_moment(got: &Got) -> bool {
    got.status.as_u16() == 429
}

fn keyed(mut request: Request<Body>, key: &str) -> Request<Body> {
    let key = key.parse().expect("it is a header");
    request.headers_mut().insert("idempotency-key", key);
    request
}

/// Every unsafe operation that says it takes a key, called twice by everybody it may concern.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_unsafe_operation_answers_a_repetition_alike() {
    let test = TestApp::with(ApiConfig {
        key_requests_per_min: 100_000,
        ..ApiConfig::default()
    })
    .await;
    let api = test.get("/openapi.json", None).await.json;
    let agent = test.caller(0).await;
    let person = test.person(Role::Human).await;
    let admin = test.person(Role::Admin).await;
    let mut asked = 0;
    let mut wrong = Vec::new();
    for (path, method, operation) in operations(&api) {
        let parameters = operation["parameters"].as_array();
        let mut parameters = parameters.into_iter().flatten();
        if !parameters.any(|parameter| parameter["name"] == "Idempotency-Key") {
            continue;
        }
        asked += 1;
        for (who, token) in [
            ("an agent", &agent.token),
            ("a person", &person.token),
            ("an admin", &admin.token),
        ] {
            let key = format!("{asked}-{}", who.replace(' ', "-"));
            let send = async || {
                let request = request(&api, &path, &method, &operation, Some(token));
                test.send(keyed(request, &key)).await
            };
            let (first, second) = (send().await, send().await);
            if first.status != second.status && !is_of_the_moment(&second) {
                wrong.push(format!(
                    "{method} {path} by {who}: {} and then {}: {}",
                    first.status, second.status, second.json
                ));
            }
        }
    }
    assert!(asked > 100, "{asked} operations take a key");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    test.stop().await;
}

async fn twice(test: &TestApp, method: Method, path: &str, token: &str, body: Option<Value>) {
    let send = async || {
        let body = body.as_ref().map_or_else(String::new, Value::to_string);
        let request = Request::builder()
            .method(method.clone())
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body))
            .expect("it is a request");
        test.send(keyed(request, &path.replace('/', "-"))).await
    };
    let (first, second) = (send().await, send().await);
    assert!(first.status.is_success(), "{method} {path}: {first:?}");
    assert_eq!(second.status, first.status, "{method} {path}: {second:?}");
    assert_eq!(second.json["success"], true, "{method} {path}: {second:?}");
}

/// What is not there a second time, because the first request took it away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_request_took_away_is_not_missed_by_its_repetition() {
    let test = TestApp::new().await;
    let (ada, bob) = test.two().await;
    let owner = test.person(Role::Human).await;
    test.own(bob.id, "bob9", owner.row.id).await;

    let hook = json!({ "url": "https://1.1.1.1/", "events": ["dm"] });
    let made = test.done(&ada, "/webhooks", hook).await;
    let id = made["webhook"]["id"].as_str().expect("it has an id");
    let path = format!("/webhooks/{id}");
    twice(&test, Method::DELETE, &path, &ada.key, None).await;

    let made = test
        .done(
            &ada,
            "/groups",
            json!({ "name": "Weavers", "invite": ["bob9"] }),
        )
        .await;
    let id = made["group"]["id"].as_str().expect("it has an id");
    let path = format!("/groups/{id}/leave");
    twice(&test, Method::POST, &path, &ada.key, Some(json!({}))).await;

    let post = test.note(&ada, "Soon gone").await;
    let path = format!("/posts/{post}");
    twice(&test, Method::DELETE, &path, &ada.key, None).await;

    twice(&test, Method::DELETE, "/agents/bob9", &owner.token, None).await;
    test.stop().await;
}
