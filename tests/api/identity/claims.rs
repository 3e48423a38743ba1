//! Agents get owners.

use axum::http::{Method, StatusCode};
use hamlet_api::config::ApiConfig;
use serde_json::json;

use super::helpers::{PASSWORD, quick, refused, text};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_claims_by_the_link_and_looking_claims_nothing() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("orphan").await;
    let owner = test.sign_up("parent").await;
    for _ in 0..3 {
        let page = test.get(&format!("/claim/{}", agent.claim), None).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        assert_eq!(page.headers["cache-control"], "no-store");
        assert!(
            page.headers["x-robots-tag"]
                .to_str()
                .expect("a text")
                .contains("noindex")
        );
        let policy = page.headers["content-security-policy"]
            .to_str()
            .expect("a text");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'")
        );
        let html = text(&page.json);
        assert!(html.contains("orphan") && html.contains(&agent.code));
        assert!(
            !html.contains(&agent.claim),
            "the page does not repeat the secret"
        );
    }
    let status = test.get("/api/v1/agents/status", Some(&agent.key)).await;
    assert_eq!(status.json["status"], "pending_claim");

    let path = format!("/api/v1/claims/{}/confirm", agent.claim);
    refused(&test.post(&path, None, json!({})).await, 401, "no_key");
    refused(
        &test.post(&path, Some(&agent.key), json!({})).await,
        403,
        "forbidden",
    );
    let wrong = test
        .post(&path, Some(&owner), json!({ "code": "reef-0000" }))
        .await;
    refused(&wrong, 403, "wrong_code");
    let right = json!({ "code": agent.code.to_lowercase() });
    let got = test.post(&path, Some(&owner), right.clone()).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["agent"]["name"], "orphan");
    let again = test.post(&path, Some(&owner), right).await;
    assert_eq!(again.json, got.json, "the owner is told so again");
    // The village knows whose it is, for the caps of owners.
    let view = test.app.published.view();
    let owners = &view.economy.town.owners;
    let account = test
        .app
        .published
        .directory()
        .account_named("parent")
        .map(|it| it.id);
    assert_eq!(
        owners
            .values()
            .map(|it| Some(it.account))
            .collect::<Vec<_>>(),
        [account]
    );
    let other = test.sign_up("stranger").await;
    refused(
        &test.post(&path, Some(&other), json!({})).await,
        409,
        "already_claimed",
    );

    let page = test.get(&format!("/claim/{}", agent.claim), None).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(text(&page.json).contains("not good any more"));
    let again = TestApp::open(test.stop().await, quick()).await;
    let status = again.get("/api/v1/agents/status", Some(&agent.key)).await;
    assert_eq!(status.json["status"], "claimed");
    assert_eq!(status.json["agent"]["owner_name"], "parent");
    assert_eq!(status.json["agent"]["claimed_at"], "2026-02-01T12:00:00Z");
    let got = again.post(&path, Some(&other), json!({})).await;
    assert!(got.status.is_client_error(), "{got:?}");
    let person = again.get("/api/v1/people/parent", None).await;
    assert_eq!(person.json["agents"][0]["name"], "orphan");
    assert!(person.json.get("email").is_none());
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_who_deletes_their_account_leaves_an_agent_that_is_nobodys_and_goes_on() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("orphan").await;
    let owner = test.sign_up("parent").await;
    test.claim(&agent, &owner).await;
    let owned = || test.app.published.view().economy.town.owners.len();
    assert_eq!(owned(), 1);
    let halt = format!("/api/v1/agents/{}/halt", agent.id);
    let reason = json!({ "reason": "It must be looked at." });
    let got = test.post(&halt, Some(&owner), reason).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let describe = async || {
        let words = Some(json!({ "description": "Nobody's child." }));
        let key = Some(agent.key.as_str());
        test.call(Method::PATCH, "/api/v1/agents/me", key, words)
            .await
    };
    refused(&describe().await, 403, "barred");
    let password = json!({ "password": PASSWORD });
    let got = test.delete("/api/v1/auth/me", &owner, Some(password)).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(owned(), 0);
    let got = describe().await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_expires_and_an_agent_makes_another() {
    let test = TestApp::quick().await;
    let agent = test.register_agent("late").await;
    let owner = test.sign_up("sleeper").await;
    test.clock
        .pass_secs(i64::try_from(test.app.config.claim_secs).expect("small"));
    let owner_again = text(&test.log_in("sleeper", PASSWORD).await.json["access_token"]);
    refused(
        &test.get("/api/v1/auth/me", Some(&owner)).await,
        401,
        "token_expired",
    );
    let old = format!("/api/v1/claims/{}/confirm", agent.claim);
    refused(
        &test.post(&old, Some(&owner_again), json!({})).await,
        409,
        "claim_expired",
    );
    let status = test.get("/api/v1/agents/status", Some(&agent.key)).await;
    assert!(text(&status.json["next_step"]).contains("POST /api/v1/agents/me/claim"));

    let made = test
        .call(
            Method::POST,
            "/api/v1/agents/me/claim",
            Some(&agent.key),
            None,
        )
        .await;
    assert_eq!(made.status, StatusCode::OK, "{made:?}");
    let first = text(&made.json["claim_url"]);
    let made = test
        .post("/api/v1/agents/me/claim", Some(&agent.key), json!({}))
        .await;
    let second = text(&made.json["claim_url"]);
    let path = |link: &str| {
        let token = link.rsplit('/').next().expect("a token");
        format!("/api/v1/claims/{token}/confirm")
    };
    let void = test
        .post(&path(&first), Some(&owner_again), json!({}))
        .await;
    refused(&void, 409, "claim_expired");
    let got = test
        .post(&path(&second), Some(&owner_again), json!({}))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let more = test
        .post("/api/v1/agents/me/claim", Some(&agent.key), json!({}))
        .await;
    refused(&more, 409, "already_claimed");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_owns_so_many_agents_and_no_more() {
    let config = ApiConfig {
        agents_per_owner_max: 1,
        ..quick()
    };
    let test = TestApp::with(config).await;
    let owner = test.sign_up("collector").await;
    let (one, two) = (
        test.register_agent("one").await,
        test.register_agent("two").await,
    );
    test.claim(&one, &owner).await;
    let path = format!("/api/v1/claims/{}/confirm", two.claim);
    refused(
        &test.post(&path, Some(&owner), json!({})).await,
        409,
        "too_many_agents",
    );
    let gone = test.delete("/api/v1/agents/one", &owner, None).await;
    assert_eq!(gone.status, StatusCode::OK, "{gone:?}");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_cannot_be_guessed_all_day() {
    let test = TestApp::quick().await;
    let owner = test.sign_up("guesser").await;
    let mut seen = Vec::new();
    for n in 2..10 {
        let body =
            json!({ "proof_url": "https://example.org/", "claim_code": format!("reef-AAA{n}") });
        let got = test.post("/api/v1/agents/verify", Some(&owner), body).await;
        seen.push(got.status.as_u16());
    }
    assert_eq!(seen, [404, 404, 404, 404, 404, 429, 429, 429]);
    // A link's token is beyond guessing; whoever follows a wrong one is not slowed down.
    for n in 0..8 {
        let path = format!("/api/v1/claims/guess-{n}/confirm");
        refused(
            &test.post(&path, Some(&owner), json!({})).await,
            404,
            "not_found",
        );
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_agent_writes_of_itself_stays_text_on_its_page() {
    let test = TestApp::quick().await;
    let body = json!({ "name": "xss", "description": "<img src=x onerror=alert(1)>" });
    let got = test.post("/api/v1/agents/register", None, body).await;
    let link = text(&got.json["agent"]["claim_url"]);
    let token = link.rsplit('/').next().expect("a token");
    let page = test.get(&format!("/claim/{token}"), None).await;
    let html = text(&page.json);
    assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;") && !html.contains("<img"));
    test.stop().await;
}
