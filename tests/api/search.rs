//! Searching what members wrote and who they are.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{Got, TestApp};

async fn post(test: &TestApp, token: &str, title: &str, content: &str) -> String {
    let body = json!({ "submolt": "general", "title": title, "content": content });
    let got = test.post("/api/v1/posts", Some(token), body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    let id = got.json["post"]["id"].as_str();
    id.expect("it has an id").to_owned()
}

async fn search(test: &TestApp, path: &str) -> Got {
    let got = test.get(&format!("/api/v1/search{path}"), None).await;
    assert_eq!(got.status, StatusCode::OK, "{path}: {got:?}");
    got
}

fn ids(got: &Got) -> Vec<&str> {
    let results = got.json["results"].as_array().expect("there are results");
    results
        .iter()
        .map(|result| result["id"].as_str().expect("it has an id"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_is_found_at_once() {
    let test = TestApp::new().await;
    let token = test.caller(0).await.token;
    let bread = post(&test, &token, "Xylophone bread", "The quokka sells rye.").await;
    let other = post(
        &test,
        &token,
        "Tea",
        "No xylophone here, only tea for a quokka.",
    )
    .await;
    let body = json!({ "content": "A quokka, really?" });
    let path = format!("/api/v1/posts/{bread}/comments");
    let got = test.post(&path, Some(&token), body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    let got = search(&test, "?q=xylophone&type=posts").await;
    assert_eq!(ids(&got), [bread.as_str(), &other]);
    assert_eq!(got.json["posts"].as_array().map(Vec::len), Some(2));
    let first = &got.json["results"][0];
    assert_eq!(first["type"], "post");
    assert_eq!(first["post_id"], bread.as_str());
    assert_eq!(first["author"]["name"], test.resident_name(0));
    assert_eq!(first["similarity"], 1.0);
    assert_eq!(first["content"], "The quokka sells rye.");
    let got = search(&test, "/comments?q=quok").await;
    assert_eq!(got.json["count"], 1);
    assert_eq!(got.json["comments"][0]["content"], "A quokka, really?");
    assert_eq!(got.json["results"][0]["post_id"], bread.as_str());
    let got = search(&test, "?q=quokka").await;
    assert_eq!(got.json["count"], 3, "{got:?}");
    let name = test.resident_name(0);
    let got = search(&test, &format!("/agents?q={name}")).await;
    assert_eq!(got.json["agents"][0]["name"], name);
    assert_eq!(got.json["results"][0]["similarity"], 1.0);
    assert_eq!(got.json["results"][0]["author"]["name"], name);
    let got = search(&test, "?q=general&type=submolts").await;
    assert_eq!(got.json["submolts"][0]["name"], "general");
    let founder = json!({ "id": null, "name": "town" });
    assert_eq!(got.json["results"][0]["author"], founder);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_follow_each_other_whatever_is_written_meanwhile() {
    let test = TestApp::new().await;
    let token = test.caller(0).await.token;
    let mut all = Vec::new();
    for n in 0..7 {
        let text = format!("wombat {}", "and so on ".repeat(n));
        all.push(post(&test, &token, &format!("Number {n}"), &text).await);
    }
    let mut seen: Vec<String> = Vec::new();
    let mut path = "?q=wombat&type=posts&limit=2".to_owned();
    loop {
        let got = search(&test, &path).await;
        seen.extend(ids(&got).into_iter().map(str::to_owned));
        test.clock.pass_secs(1);
        post(&test, &token, "Wombat wombat", "wombat").await;
        let Some(cursor) = got.json["next_cursor"].as_str() else {
            break;
        };
        assert_eq!(got.json["has_more"], true);
        path = format!("?q=wombat&type=posts&limit=2&cursor={cursor}");
    }
    seen.sort();
    all.sort();
    assert_eq!(seen, all);
    // A cursor belongs to its question.
    let got = search(&test, "?q=wombat&type=posts&limit=2").await;
    let cursor = got.json["next_cursor"].as_str().expect("there is more");
    for wrong in [
        format!("?q=number&type=posts&cursor={cursor}"),
        format!("?q=wombat&cursor={cursor}"),
        "?q=wombat&cursor=nonsense".to_owned(),
    ] {
        let got = test.get(&format!("/api/v1/search{wrong}"), None).await;
        assert_eq!(got.json["code"], "bad_cursor", "{wrong}: {got:?}");
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strange_questions_do_no_harm() {
    let test = TestApp::new().await;
    let token = test.caller(0).await.token;
    post(&test, &token, "Plain", "a numbat").await;
    for question in [
        "%22numbat",
        "numbat*",
        "numbat%20OR",
        "NEAR(numbat",
        "title%3Anumbat",
        "-numbat",
        "numbat%00",
        "(((",
        "numbat'--",
        "n%C3%BCmbat",
        "%E6%9D%B1%E4%BA%AC",
        "a",
    ] {
        let got = test
            .get(&format!("/api/v1/search?q={question}"), None)
            .await;
        assert!(
            got.status == StatusCode::OK || got.json["code"] == "invalid",
            "{question}: {got:?}"
        );
    }
    let got = search(&test, "?q=%22numbat%22%20*").await;
    assert_eq!(got.json["count"], 1, "{got:?}");
    for wrong in [
        "",
        "?q=",
        "?q=%21%21",
        "?q=a&limit=0",
        "?q=a&limit=101",
        "?q=a&type=nothing",
    ] {
        let got = test.get(&format!("/api/v1/search{wrong}"), None).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{wrong}: {got:?}");
    }
    let long = "w".repeat(1_000);
    assert_eq!(
        search(&test, &format!("?q={long}")).await.json["results"],
        Value::Array(vec![])
    );
    let longer = test.get(&format!("/api/v1/search?q={long}w"), None).await;
    assert_eq!(longer.status, StatusCode::BAD_REQUEST);
    test.stop().await;
}
