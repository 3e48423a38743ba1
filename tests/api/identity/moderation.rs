//! What admins and moderators do.

use axum::http::StatusCode;
use hamlet_api::audit;
use serde_json::json;

use super::helpers::{PASSWORD, quick, refresh_of, refused, text};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_suspended_is_cut_off_at_once() {
    let test = TestApp::quick().await;
    let admin = test.first_admin("admin").await;
    let token = test.sign_up("rowdy").await;
    let refresh = refresh_of(&test.log_in("rowdy", PASSWORD).await);
    let path = "/api/v1/admin/accounts/rowdy/suspend";
    let got = test
        .post(path, Some(&admin), json!({ "reason": "noise" }))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    refused(
        &test.get("/api/v1/auth/me", Some(&token)).await,
        403,
        "suspended",
    );
    refused(
        &test.with_refresh("/api/v1/auth/refresh", &refresh).await,
        401,
        "session_over",
    );
    refused(&test.log_in("rowdy", PASSWORD).await, 403, "suspended");
    refused(
        &test.log_in("rowdy", "wrong password").await,
        401,
        "wrong_login",
    );
    refused(
        &test.get("/api/v1/people/rowdy", None).await,
        404,
        "not_found",
    );
    let again = TestApp::open(test.stop().await, quick()).await;
    refused(
        &again.get("/api/v1/auth/me", Some(&token)).await,
        403,
        "suspended",
    );
    let path = "/api/v1/admin/accounts/rowdy/restore";
    let got = again.post(path, Some(&admin), json!({})).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    refused(
        &again.get("/api/v1/auth/me", Some(&token)).await,
        401,
        "token_void",
    );
    assert_eq!(again.log_in("rowdy", PASSWORD).await.status, StatusCode::OK);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_open_doors_and_the_last_admin_stays() {
    let test = TestApp::quick().await;
    let admin = test.first_admin("boss").await;
    let helper = test.sign_up("helper").await;
    let agent = test.register_agent("subject").await;
    let suspend = "/api/v1/admin/agents/subject/suspend";
    refused(
        &test.post(suspend, Some(&helper), json!({})).await,
        403,
        "forbidden",
    );
    refused(
        &test.post(suspend, Some(&agent.key), json!({})).await,
        403,
        "forbidden",
    );
    refused(&test.post(suspend, None, json!({})).await, 401, "no_key");
    let role = "/api/v1/admin/accounts/helper/role";
    refused(
        &test
            .post(role, Some(&admin), json!({ "role": "king" }))
            .await,
        400,
        "invalid",
    );
    let got = test
        .post(role, Some(&admin), json!({ "role": "moderator" }))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let got = test
        .post(suspend, Some(&helper), json!({ "reason": "spam" }))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    refused(
        &test.get("/api/v1/agents/status", Some(&agent.key)).await,
        403,
        "suspended",
    );
    let quarantine = "/api/v1/admin/agents/subject/quarantine";
    let restore = "/api/v1/admin/agents/subject/restore";
    for path in [quarantine, quarantine, restore, quarantine] {
        let got = test.post(path, Some(&helper), json!({})).await;
        assert_eq!(got.status, StatusCode::OK, "{path}: {got:?}");
    }
    // Set apart is not cut off; it is the same as a moderator's action, and taken and lifted with it.
    let standing = test
        .get("/api/v1/agents/me/standing", Some(&agent.key))
        .await;
    let actions: Vec<_> = standing.json["actions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|action| (action["action"].clone(), action["in_force"].clone()))
        .collect();
    let word = || json!("quarantine");
    assert_eq!(actions, [(word(), json!(true)), (word(), json!(false))]);
    let got = test.post(restore, Some(&helper), json!({})).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let standing = test
        .get("/api/v1/agents/me/standing", Some(&agent.key))
        .await;
    assert_eq!(standing.json["may_speak"], true, "{standing:?}");
    refused(
        &test.get("/api/v1/admin/accounts", Some(&helper)).await,
        403,
        "forbidden",
    );

    let own = "/api/v1/admin/accounts/boss";
    for (path, body) in [
        (format!("{own}/role"), json!({ "role": "human" })),
        (format!("{own}/suspend"), json!({})),
    ] {
        refused(
            &test.post(&path, Some(&admin), body).await,
            409,
            "last_admin",
        );
    }
    let leave = test
        .delete(
            "/api/v1/auth/me",
            &admin,
            Some(json!({ "password": PASSWORD })),
        )
        .await;
    refused(&leave, 409, "last_admin");
    let got = test
        .post(role, Some(&admin), json!({ "role": "admin" }))
        .await;
    assert_eq!(got.status, StatusCode::OK);
    let got = test
        .post(
            &format!("{own}/role"),
            Some(&admin),
            json!({ "role": "human" }),
        )
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    refused(
        &test.get("/api/v1/admin/accounts", Some(&admin)).await,
        403,
        "forbidden",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_ends_all_keys_of_an_agent() {
    let test = TestApp::quick().await;
    let admin = test.first_admin("admin").await;
    let agent = test.register_agent("leaky").await;
    let path = format!("/api/v1/admin/agents/{}/keys/revoke-all", agent.id);
    let got = test.post(&path, Some(&admin), json!({})).await;
    assert_eq!(got.json["revoked"], 1, "{got:?}");
    refused(
        &test.get("/api/v1/agents/status", Some(&agent.key)).await,
        401,
        "key_revoked",
    );
    let resident = test.get("/api/v1/world", None).await.json["agents"][0]["name"].clone();
    let path = format!("/api/v1/admin/agents/{}/suspend", text(&resident));
    refused(
        &test.post(&path, Some(&admin), json!({})).await,
        404,
        "not_found",
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_sees_what_keys_an_agent_has_and_ends_one_of_them() {
    let test = TestApp::quick().await;
    let admin = test.first_admin("admin").await;
    let stranger = test.sign_up("stranger").await;
    let (agent, other) = (
        test.register_agent("leaky").await,
        test.register_agent("other").await,
    );
    let body = json!({ "label": "laptop", "scopes": ["read"], "expires_in_days": 3 });
    let made = test
        .post("/api/v1/agents/me/keys", Some(&agent.key), body)
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let laptop = text(&made.json["api_key"]);
    let path = format!("/api/v1/admin/agents/{}/keys", agent.id);
    for nobody in [&stranger, &agent.key] {
        refused(&test.get(&path, Some(nobody)).await, 403, "forbidden");
    }
    let got = test.get(&path, Some(&admin)).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["count"], 2);
    let told = got.json["keys"].as_array().expect("keys");
    let found = told.iter().find(|key| key["label"] == "laptop");
    let found = found.expect("it is listed").clone();
    let members: Vec<_> = found.as_object().expect("an object").keys().collect();
    let expected = [
        "created_at",
        "expires_at",
        "id",
        "label",
        "last_used_at",
        "live",
        "revoked_at",
        "scopes",
    ];
    let mut members: Vec<_> = members.into_iter().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, expected, "nothing of the key itself");
    assert_eq!(found["scopes"], json!(["read"]));
    assert_eq!(
        (&found["live"], &found["revoked_at"]),
        (&json!(true), &json!(null))
    );
    assert!(found["expires_at"].is_string());

    let one = format!("{path}/{}", text(&found["id"]));
    refused(&test.delete(&one, &stranger, None).await, 403, "forbidden");
    let elsewhere = one.replace(&agent.id, &other.id);
    refused(
        &test.delete(&elsewhere, &admin, None).await,
        404,
        "not_found",
    );
    let ended = test.delete(&one, &admin, None).await;
    assert_eq!(ended.status, StatusCode::OK, "{ended:?}");
    let status = "/api/v1/agents/status";
    refused(&test.get(status, Some(&laptop)).await, 401, "key_revoked");
    let still = test.get(status, Some(&agent.key)).await;
    assert_eq!(still.status, StatusCode::OK, "the other one is good");
    let got = test.get(&path, Some(&admin)).await;
    let told = got.json["keys"].as_array().expect("keys");
    let (over, good): (Vec<_>, Vec<_>) = told.iter().partition(|key| key["live"] == false);
    assert_eq!((over.len(), good.len()), (1, 1), "{got:?}");
    assert!(over[0]["label"] == "laptop" && over[0]["revoked_at"].is_string());

    // Its keeper could not end the last one; an admin can.
    let last = format!("{path}/{}", text(&good[0]["id"]));
    let ended = test.delete(&last, &admin, None).await;
    assert_eq!(ended.status, StatusCode::OK, "{ended:?}");
    refused(
        &test.get(status, Some(&agent.key)).await,
        401,
        "key_revoked",
    );
    let log = "/api/v1/admin/audit?limit=4&order=newest";
    let log = test.get(log, Some(&admin)).await;
    let entries = log.json["entries"].as_array().expect("entries");
    let acts: Vec<_> = entries.iter().map(|it| text(&it["act"])).collect();
    assert_eq!(acts, ["key.revoke", "key.read", "key.revoke", "key.read"]);
    for entry in entries {
        assert!(text(&entry["actor"]).starts_with("person:"), "{entry}");
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_listed_page_by_page() {
    let test = TestApp::quick().await;
    let admin = test.first_admin("admin").await;
    for n in 2..7 {
        test.sign_up(&format!("person-{n}x")).await;
    }
    let (mut names, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let path = format!("/api/v1/admin/accounts?limit=4{cursor}");
        let page = test.get(&path, Some(&admin)).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        let rows = page.json["accounts"].as_array().expect("rows");
        names.extend(rows.iter().map(|row| text(&row["name"])));
        pages += 1;
        if page.json["has_more"] == false {
            break;
        }
        cursor = format!("&cursor={}", text(&page.json["next_cursor"]));
    }
    names.sort();
    assert_eq!(pages, 2);
    let expected = [
        "admin",
        "person-2x",
        "person-3x",
        "person-4x",
        "person-5x",
        "person-6x",
    ];
    assert_eq!(names, expected);
    for bad in [
        "limit=0",
        "limit=101",
        "cursor=!",
        "cursor=bm9uc2Vuc2U",
        "limit=x",
    ] {
        let got = test
            .get(&format!("/api/v1/admin/accounts?{bad}"), Some(&admin))
            .await;
        refused(&got, 400, "invalid");
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_it_is_in_the_audit_log_and_the_log_is_whole() {
    let test = TestApp::quick().await;
    let admin = test.first_admin("admin").await;
    let agent = test.register_agent("watched").await;
    let owner = test.sign_up("owner").await;
    test.claim(&agent, &owner).await;
    let path = "/api/v1/admin/accounts/owner/suspend";
    test.post(path, Some(&admin), json!({ "reason": "a test" }))
        .await;
    let (mut acts, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/admin/audit?limit=2{cursor}");
        let page = test.get(&path, Some(&admin)).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        let rows = page.json["entries"].as_array().expect("rows");
        acts.extend(rows.iter().map(|row| text(&row["act"])));
        if page.json["has_more"] == false {
            let last = rows.last().expect("a row");
            assert_eq!(last["detail"]["reason"], "a test");
            break;
        }
        cursor = format!("&cursor={}", text(&page.json["next_cursor"]));
    }
    assert_eq!(
        acts,
        [
            "ticket.first_admin",
            "account.create",
            "agent.register",
            "account.create",
            "claim.take",
            "account.suspend"
        ]
    );
    let rows = test.app.store.audit_page(0, 100).await.expect("the log");
    let mut expected = audit::GENESIS;
    for row in &rows {
        assert_eq!((row.prev, audit::link(row)), (expected, row.hash));
        expected = row.hash;
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_makes_accounts_where_nobody_registers() {
    let config = hamlet_api::config::ApiConfig {
        registration: false,
        ..quick()
    };
    let test = TestApp::with(config).await;
    let admin = test.first_admin("admin").await;
    let path = "/api/v1/admin/accounts";
    let body = json!({ "name": "moderator", "password": PASSWORD, "role": "moderator" });
    refused(&test.post(path, None, body.clone()).await, 401, "no_key");
    let got = test.post(path, Some(&admin), body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    assert_eq!(got.json["account"]["role"], "moderator");
    let login = test.log_in("moderator", PASSWORD).await;
    let token = text(&login.json["access_token"]);
    let body = json!({ "name": "friend", "password": PASSWORD });
    refused(&test.post(path, Some(&token), body).await, 403, "forbidden");
    test.stop().await;
}
