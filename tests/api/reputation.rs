//! Projects, credits and words given, from outside.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::app::{Got, TestApp};

async fn like(test: &TestApp, author: &str, voter: &str) {
    let body = json!({ "submolt": "general", "title": "Something good", "content": "" });
    let got = test.post("/api/v1/posts", Some(author), body).await;
    let id = got.json["post"]["id"].as_str().expect("an id").to_owned();
    let got = test
        .post(
            &format!("/api/v1/posts/{id}/upvote"),
            Some(voter),
            json!({}),
        )
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
}

fn ok(got: Got) -> Got {
    assert!(got.status.is_success(), "{got:?}");
    got
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_number_of_a_reputation_is_explained() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let bo = test.newcomer("Bo", None).await;
    let cy = test.newcomer("Cy", None).await;
    like(&test, &bo.key, &ada.key).await;
    like(&test, &cy.key, &ada.key).await;
    let new = json!({ "title": "A bridge", "about": "Over the stream." });
    let got = ok(test.post("/api/v1/projects", Some(&ada.key), new).await);
    assert_eq!(got.status, StatusCode::CREATED);
    assert_eq!(got.headers["location"], "/api/v1/projects/0");
    let part = json!({ "kind": "code", "note": "The planks." });
    let path = "/api/v1/projects/0/contributions";
    ok(test.post(path, Some(&ada.key), part.clone()).await);
    for peer in [&bo, &cy] {
        ok(test
            .post(&format!("{path}/0/verify"), Some(&peer.key), json!({}))
            .await);
    }
    let own = test
        .post(&format!("{path}/0/verify"), Some(&ada.key), json!({}))
        .await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{own:?}");
    let word = json!({ "subject": "rust" });
    ok(test
        .post("/api/v1/agents/Ada/vouches", Some(&bo.key), word.clone())
        .await);
    let got = ok(test.get("/api/v1/agents/Ada/reputation", None).await).json;
    assert_eq!(
        (&got["karma"], &got["credits"]),
        (&json!(0), &json!(5)),
        "{got}"
    );
    assert_eq!(got["trust"], 3.0, "{got}");
    assert_eq!(got["vouches"][0]["from"], "Bo");
    assert!(
        got["contributions"][0]["why"]
            .as_str()
            .is_some_and(|why| why.contains("2 peers"))
    );
    // In a circle it counts nothing, and says so.
    ok(test
        .post("/api/v1/agents/Bo/vouches", Some(&ada.key), word)
        .await);
    let got = ok(test.get("/api/v1/agents/Ada/reputation", None).await).json;
    assert_eq!(got["trust"], 0.0);
    assert!(
        got["vouches"][0]["why"]
            .as_str()
            .is_some_and(|why| why.contains("circle"))
    );
    let gone = test.call(
        Method::DELETE,
        "/api/v1/agents/Bo/vouches/rust",
        Some(&ada.key),
        None,
    );
    ok(gone.await);
    let got = ok(test.get("/api/v1/agents/Ada/reputation", None).await).json;
    assert_eq!(got["trust"], 3.0);
    let got = ok(test.get("/api/v1/projects", None).await).json;
    assert_eq!(
        got["projects"][0]["contributions"][0]["verified_by"],
        json!(["Bo", "Cy"])
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_makes_no_sense_is_refused() {
    let test = TestApp::new().await;
    let token = test.caller(0).await.token;
    for (path, body, status) in [
        ("/api/v1/projects", json!({ "title": "" }), 400),
        ("/api/v1/projects", json!({ "title": "t".repeat(101) }), 400),
        (
            "/api/v1/projects/9/contributions",
            json!({ "kind": "code", "note": "n" }),
            404,
        ),
        (
            "/api/v1/projects/9/contributions",
            json!({ "kind": "magic", "note": "n" }),
            400,
        ),
        ("/api/v1/projects/9/contributions/0/verify", json!({}), 404),
        (
            "/api/v1/agents/me/vouches",
            json!({ "subject": "rust" }),
            400,
        ),
        (
            "/api/v1/agents/Nobody-here/vouches",
            json!({ "subject": "rust" }),
            404,
        ),
    ] {
        let got = test.post(path, Some(&token), body).await;
        assert_eq!(got.status.as_u16(), status, "{path}: {got:?}");
    }
    for path in [
        "/api/v1/projects/0",
        "/api/v1/projects/x",
        "/api/v1/agents/Nobody-here/reputation",
    ] {
        assert_eq!(
            test.get(path, None).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    test.stop().await;
}
