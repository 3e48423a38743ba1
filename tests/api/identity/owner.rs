//! The window of whoever sits at the machine.

use axum::http::StatusCode;
use hamlet_api::identity::{local_owner, set_standing, token_of};
use hamlet_store::Role;

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sits_at_the_machine_is_an_admin_without_being_asked() {
    let test = TestApp::new().await;
    let owner = local_owner(&test.app).await.expect("an account is made");
    let again = local_owner(&test.app).await.expect("it is there");
    assert_eq!(owner, again, "one is enough");
    let token = token_of(&test.app, owner).expect("it may come in");
    let me = test.get("/api/v1/auth/me", Some(&token)).await;
    assert_eq!(me.status, StatusCode::OK, "{me:?}");
    assert!(me.json.to_string().contains(r#""role":"admin""#), "{me:?}");
    // Nobody knows its password, not even an empty one.
    let body = serde_json::json!({ "name": "owner", "password": "0123456789" });
    let refused = test.post("/api/v1/auth/login", None, body).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_oldest_admin_is_the_owner_and_whoever_is_cut_off_gets_no_token() {
    let test = TestApp::new().await;
    let admin = test.person(Role::Admin).await;
    let owner = local_owner(&test.app).await.expect("there is one");
    assert_eq!(owner, admin.row.id);
    let other = test.person(Role::Admin).await;
    set_standing(&test.app.desk, None, "test", owner, true, "away")
        .await
        .expect("another admin is left");
    let refused = token_of(&test.app, owner).expect_err("it may not come in");
    assert_eq!(refused.code, "account_gone");
    let next = local_owner(&test.app).await.expect("there is another");
    assert_eq!(next, other.row.id);
}
