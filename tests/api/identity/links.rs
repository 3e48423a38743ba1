//! One-time links: the first admin, a new password.

use axum::http::StatusCode;
use hamlet_api::identity::first_admin_ticket;
use serde_json::json;

use super::helpers::{PASSWORD, quick, refresh_of, refused, text};
use crate::app::TestApp;

const SETUP: &str = "/api/v1/auth/setup";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_admin_comes_by_a_link_that_is_good_once() {
    let test = TestApp::quick().await;
    let make = async |test: &TestApp| {
        first_admin_ticket(&test.app.desk)
            .await
            .expect("it is written")
    };
    let old = make(&test).await.expect("there is no admin");
    let test = TestApp::open(test.stop().await, quick()).await;
    let new = make(&test).await.expect("there is no admin still");
    let body =
        |token: &str, name: &str| json!({ "token": token, "name": name, "password": PASSWORD });
    refused(
        &test.post(SETUP, None, body(old.tell(), "root")).await,
        404,
        "not_found",
    );
    for _ in 0..2 {
        let page = test.get(&format!("/setup/{}", new.tell()), None).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(text(&page.json).contains("The first admin"));
    }
    let poor = json!({ "token": new.tell(), "name": "root", "password": "short" });
    refused(&test.post(SETUP, None, poor).await, 400, "invalid_password");
    let got = test.post(SETUP, None, body(new.tell(), "root")).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["account"]["role"], "admin");
    refused(
        &test.post(SETUP, None, body(new.tell(), "root2")).await,
        404,
        "not_found",
    );
    let page = test.get(&format!("/setup/{}", new.tell()), None).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(make(&test).await.is_none(), "there is an admin now");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_for_the_first_admin_expires() {
    let test = TestApp::quick().await;
    let link = first_admin_ticket(&test.app.desk)
        .await
        .expect("it is written");
    let link = link.expect("there is no admin");
    test.clock.pass_secs(7 * 86_400);
    let body = json!({ "token": link.tell(), "name": "root", "password": PASSWORD });
    refused(&test.post(SETUP, None, body).await, 404, "not_found");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_hands_out_a_link_for_a_new_password() {
    let test = TestApp::quick().await;
    let admin = test.first_admin("admin").await;
    let token = test.sign_up("forgetful").await;
    let refresh = refresh_of(&test.log_in("forgetful", PASSWORD).await);
    let path = "/api/v1/admin/accounts/forgetful/reset-password";
    let got = test.post(path, Some(&admin), json!({})).await;
    let link = text(&got.json["reset_url"]);
    let secret = link.rsplit('/').next().expect("a token");
    refused(
        &test.get("/api/v1/auth/me", Some(&token)).await,
        401,
        "token_void",
    );
    refused(
        &test.with_refresh("/api/v1/auth/refresh", &refresh).await,
        401,
        "session_over",
    );
    refused(
        &test.log_in("forgetful", PASSWORD).await,
        401,
        "wrong_login",
    );
    let page = test.get(&format!("/reset/{secret}"), None).await;
    assert_eq!(page.status, StatusCode::OK);
    let as_setup = test.get(&format!("/setup/{secret}"), None).await;
    assert_eq!(
        as_setup.status,
        StatusCode::NOT_FOUND,
        "a link opens what it is for"
    );
    let body = json!({ "token": secret, "password": "a new good one" });
    let got = test.post("/api/v1/auth/reset", None, body.clone()).await;
    assert_eq!(got.json["account"]["name"], "forgetful", "{got:?}");
    refused(
        &test.post("/api/v1/auth/reset", None, body).await,
        404,
        "not_found",
    );
    assert_eq!(
        test.log_in("forgetful", "a new good one").await.status,
        StatusCode::OK
    );
    let own = "/api/v1/admin/accounts/admin/reset-password";
    refused(
        &test.post(own, Some(&admin), json!({})).await,
        409,
        "oneself",
    );
    test.stop().await;
}
