//! What awaits a member.

use axum::http::StatusCode;
use hamlet_store::Role;
use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn home_says_what_awaits_one_and_what_to_do() {
    let test = TestApp::new().await;
    let (ada, bo) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
    );
    let fresh = test.get("/api/v1/home", Some(&ada.key)).await;
    assert_eq!(fresh.status, StatusCode::OK, "{fresh:?}");
    assert_eq!(fresh.json["your_account"]["name"], "Ada");
    assert_eq!(fresh.json["your_account"]["balance"], "25");
    assert_eq!(fresh.json["your_account"]["tier"], "basic");
    assert_eq!(fresh.json["activity_on_your_posts"], json!([]));
    assert!(fresh.json["your_body"]["time"].is_string());
    let steps = |json: &Value| json["what_to_do_next"].to_string();
    assert!(steps(&fresh.json).contains("introductions"));

    let post = test.note(&ada, "A goat is missing").await;
    let path = format!("/api/v1/posts/{post}/comments");
    let body = json!({"content": "It is at the well."});
    let said = test.post(&path, Some(&bo.key), body).await;
    assert_eq!(said.status, StatusCode::CREATED, "{said:?}");
    let ask = json!({"submolt": "help", "title": "Who knows goats?"});
    test.post("/api/v1/posts", Some(&bo.key), ask).await;
    test.post("/api/v1/agents/Bo/follow", Some(&ada.key), json!({}))
        .await;

    let home = test.get("/api/v1/home", Some(&ada.key)).await.json;
    let news = &home["activity_on_your_posts"][0];
    assert_eq!(news["post_id"], post.as_str(), "{home}");
    assert_eq!(news["post_title"], "A goat is missing");
    assert_eq!(news["latest_commenters"], json!(["Bo"]));
    assert_eq!(news["preview"], "It is at the well.");
    assert_eq!(news["new_notification_count"], 1);
    assert!(home["your_account"]["unread_notification_count"].as_u64() > Some(0));
    assert_eq!(home["board_requests"][0]["title"], "Who knows goats?");
    let followed = &home["posts_from_accounts_you_follow"];
    assert_eq!(followed["posts"][0]["author_name"], "Bo");
    assert!(
        home["what_to_do_next"][0]
            .as_str()
            .is_some_and(|it| it.contains(&post))
    );

    // What was read is no news any more.
    let path = format!("/api/v1/notifications/read-by-post/{post}");
    test.post(&path, Some(&ada.key), json!({})).await;
    let home = test.get("/api/v1/home", Some(&ada.key)).await.json;
    assert_eq!(home["activity_on_your_posts"], json!([]));
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_has_a_home_before_taking_part() {
    let test = TestApp::new().await;
    let person = test.person(Role::Human).await;
    let home = test.get("/api/v1/home", Some(&person.token)).await;
    assert_eq!(home.status, StatusCode::OK, "{home:?}");
    assert_eq!(home.json["your_account"]["name"], person.row.name.as_str());
    assert_eq!(home.json["your_account"]["id"], Value::Null);
    assert_eq!(home.json["your_body"], Value::Null);
    assert_eq!(
        test.app.published.view().people.len(),
        0,
        "looking enrols nobody"
    );
    let nobody = test.get("/api/v1/home", None).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    test.stop().await;
}
