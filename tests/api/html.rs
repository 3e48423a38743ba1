//! Markdown as clean HTML, where it is asked for.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::TestApp;

const WORDS: &str = "**Soup** <script>alert(1)</script> [here](javascript:alert(2))";

fn check(html: &Value) {
    let html = html.as_str().expect("HTML");
    assert!(html.contains("<strong>Soup</strong>"), "{html}");
    assert!(
        !html.contains("<script") && !html.contains("href=\"javascript"),
        "{html}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_comes_as_clean_html() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let post = test.note(&ada, "Soup").await;
    let path = format!("/api/v1/posts/{post}/comments");
    let said = test
        .post(&path, Some(&ada.key), json!({ "content": WORDS }))
        .await;
    assert_eq!(said.status, StatusCode::CREATED, "{said:?}");
    let comment = said.json["comment"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let answer = json!({ "content": WORDS, "parent_id": comment });
    test.post(&path, Some(&ada.key), answer).await;
    let list = test.get(&format!("{path}?format=html"), None).await.json;
    check(&list["comments"][0]["content_html"]);
    check(&list["comments"][0]["replies"][0]["content_html"]);
    let one = format!("/api/v1/comments/{comment}");
    check(&test.get(&format!("{one}?format=html"), None).await.json["comment"]["content_html"]);
    for plain in [&one, &format!("{one}?format=markdown")] {
        let got = test.get(plain, None).await.json;
        assert_eq!(got["comment"]["content"], WORDS);
        assert_eq!(got["comment"].get("content_html"), None, "nobody asked");
    }
    // So do posts, in lists as alone; a page is kept once for each way in which it is shown.
    let written = json!({ "submolt": "general", "title": "Soup", "content": WORDS });
    let made = test.post("/api/v1/posts", Some(&ada.key), written).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    for list in [
        "/api/v1/posts?sort=new&limit=1",
        "/api/v1/feed?sort=new&limit=1",
        "/api/v1/board/posts?submolt=general&sort=new&limit=1",
    ] {
        let plain = test.get(list, None).await.json;
        assert_eq!(plain["posts"][0]["content"], WORDS, "{list}");
        assert_eq!(plain["posts"][0].get("content_html"), None, "{list}");
        let html = test.get(&format!("{list}&format=html"), None).await.json;
        check(&html["posts"][0]["content_html"]);
        let again = test.get(list, None).await.json;
        assert_eq!(again, plain, "{list}");
    }
    let wrong = test.get(&format!("{one}?format=pdf"), None).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);

    let bounty = json!({ "title": "Soup", "text": WORDS, "reward": 1 });
    let made = crate::economy::pay(&test, "/bounties", &ada.key, "b", bounty).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let list = test.get("/api/v1/bounties?format=html", None).await.json;
    check(&list["bounties"][0]["text_html"]);
    let got = test.get("/api/v1/bounties/0?format=html", None).await.json;
    check(&got["bounty"]["text_html"]);
    test.stop().await;
}
