//! What the description does not know, and what does not say who may call it, nobody may call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get};
use hamlet_api::auth::{AccessTable, Entry, gate};
use hamlet_store::Role;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::app::TestApp;

#[tokio::test]
async fn a_handler_that_the_description_has_lost_does_not_run() {
    let test = TestApp::new().await;
    let admin = test.person(Role::Admin).await;
    let ran = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ran);
    let handler = move || {
        let counted = Arc::clone(&counted);
        async move {
            counted.fetch_add(1, Ordering::Relaxed);
            "a secret"
        }
    };
    let router: Router = Router::new()
        .route("/api/v1/secret", get(handler.clone()))
        // A path that is described, with another operation.
        .route("/api/v1/world", delete(handler))
        .route_layer(from_fn_with_state(test.app.clone(), gate));
    for token in [None, Some(&admin.token)] {
        for (method, path, status) in [
            (Method::GET, "/api/v1/secret", StatusCode::FORBIDDEN),
            (
                Method::DELETE,
                "/api/v1/world",
                StatusCode::METHOD_NOT_ALLOWED,
            ),
        ] {
            let mut request = Request::builder().method(method).uri(path);
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let request = request.body(Body::empty()).expect("it is a request");
            let answer = router.clone().oneshot(request).await;
            let answer = answer.expect("the router never fails");
            assert_eq!(answer.status(), status, "{path}");
            let body = to_bytes(answer.into_body(), 1 << 20).await;
            let body = body.expect("the answer can be read");
            if status == StatusCode::FORBIDDEN {
                let problem: Value = serde_json::from_slice(&body).expect("a problem is JSON");
                assert_eq!(problem["detail"], "Nobody may call this.");
            }
        }
    }
    assert_eq!(ran.load(Ordering::Relaxed), 0, "not even run");
}

#[test]
fn an_operation_that_declares_nothing_is_closed() {
    let api = json!({
        "openapi": "3.1.0",
        "info": {"title": "a village", "version": "1"},
        "paths": {
            "/open": {"get": {"responses": {}, "security": [{}]}},
            "/keys": {"get": {"responses": {}, "security": [{"agent_key": []}]}},
            "/mute": {"get": {"responses": {}}},
        },
    });
    let api = serde_json::from_value(api).expect("it is a description");
    for anonymous_read in [true, false] {
        let table = AccessTable::read(&api, anonymous_read);
        let get = |path| table.of(&Method::GET, path);
        assert!(matches!(get("/open"), Entry::Declared(it) if it.anonymous));
        assert!(matches!(get("/keys"), Entry::Declared(it) if it.agents && !it.anonymous));
        assert_eq!(get("/mute"), Entry::Undeclared);
        assert_eq!(get("/nowhere"), Entry::Undeclared);
        assert_eq!(table.of(&Method::POST, "/open"), Entry::Unknown);
    }
}
