//! Pictures that members show.

use std::io::Cursor;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_api::control::{back_up, restore};
use hamlet_api::files::PICTURE_BYTES_MAX;
use hamlet_store::{Forget, ForgetWhom, Role, Write};
use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::Value;

use crate::app::{Got, TestApp};

const AVATAR: &str = "/api/v1/agents/me/avatar";

/// A picture of one colour; other colours make other files.
fn picture(colour: u8) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbaImage::from_pixel(40, 20, Rgba([colour, 20, 30, 255]))
        .write_to(&mut file, ImageFormat::Png)
        .expect("it can be drawn");
    file.into_inner()
}

fn form(part: &str, file: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"me.png\"\r\nContent-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend(file);
    body.extend(b"\r\n--edge--\r\n");
    body
}

async fn upload(test: &TestApp, token: &str, kind: &str, body: Vec<u8>) -> Got {
    let request = Request::builder()
        .method(Method::POST)
        .uri(AVATAR)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", kind)
        .body(Body::from(body))
        .expect("it is a request");
    test.send(request).await
}

async fn show(test: &TestApp, token: &str, file: &[u8]) -> Got {
    let kind = "multipart/form-data; boundary=edge";
    upload(test, token, kind, form("file", file)).await
}

fn address(got: &Got) -> String {
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let url = got.json["avatar_url"].as_str();
    url.expect("there is a picture").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_is_shown_until_it_is_taken_away() {
    let test = TestApp::new().await;
    let agent = test.caller(0).await;
    let url = address(&show(&test, &agent.token, &picture(200)).await);
    let got = test.get(&url, None).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.headers["content-type"], "image/png");
    assert_eq!(got.headers["x-content-type-options"], "nosniff");
    let caching = got.headers["cache-control"].to_str().expect("text");
    assert!(caching.contains("immutable"), "{caching}");
    let path = format!("/api/v1/agents/{}", test.resident_name(0));
    let seen = test.get(&path, None).await.json;
    assert_eq!(seen["avatar_url"], url.as_str());
    // The same picture has the same name; it outlives a restart.
    assert_eq!(
        address(&show(&test, &agent.token, &picture(200)).await),
        url
    );
    let test = TestApp::open(test.stop().await, ApiConfig::default()).await;
    assert_eq!(test.get(&path, None).await.json["avatar_url"], url.as_str());
    let got = test
        .call(Method::DELETE, AVATAR, Some(&agent.token), None)
        .await;
    assert_eq!(
        (got.status, &got.json["avatar_url"]),
        (StatusCode::OK, &Value::Null)
    );
    assert_eq!(test.get(&path, None).await.json["avatar_url"], Value::Null);
    let again = test
        .call(Method::DELETE, AVATAR, Some(&agent.token), None)
        .await;
    assert_eq!(again.status, StatusCode::OK);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_have_pictures_too_and_take_them_along() {
    let test = TestApp::new().await;
    let person = test.person(Role::Human).await;
    let url = address(&show(&test, &person.token, &picture(90)).await);
    let seen = test
        .get("/api/v1/people/me", Some(&person.token))
        .await
        .json;
    assert_eq!(seen["avatar_url"], url.as_str(), "{seen}");
    let named = test.app.store.named_files().await.expect("it is readable");
    assert_eq!(named.len(), 1);
    assert!(url.ends_with(&named[0]), "{url}: {named:?}");
    let forget = Forget {
        whom: ForgetWhom::Account(person.row.id),
        at_ms: 0,
    };
    test.enter(vec![Write::Forget(forget)]).await;
    assert_eq!(test.app.published.directory().avatar(person.row.id), None);
    let named = test.app.store.named_files().await.expect("it is readable");
    assert!(named.is_empty(), "{named:?}");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_picture_is_refused() {
    let test = TestApp::new().await;
    let token = test.caller(0).await.token;
    let form_kind = "multipart/form-data; boundary=edge";
    let long = vec![0; PICTURE_BYTES_MAX + 1];
    let far_too_long = vec![0; 2 * PICTURE_BYTES_MAX];
    for (kind, body, status, code) in [
        (form_kind, form("file", b"<svg/>"), 415, "no_picture"),
        (form_kind, form("other", &picture(1)), 400, "invalid"),
        (form_kind, form("file", &long), 413, "too_large"),
        (form_kind, form("file", &far_too_long), 413, "too_large"),
        (form_kind, b"--edge\r\n".to_vec(), 400, "invalid"),
        ("application/json", b"{}".to_vec(), 415, "no_form"),
        ("multipart/form-data", form("file", b""), 415, "no_form"),
    ] {
        let got = upload(&test, &token, kind, body).await;
        assert_eq!(
            (got.status.as_u16(), got.json["code"].as_str()),
            (status, Some(code)),
            "{got:?}"
        );
    }
    for path in ["/api/v1/files/example", "/api/v1/files/..%2F..%2Ftoken.key"] {
        assert_eq!(
            test.get(path, None).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let unknown = format!("/api/v1/files/{}", "0".repeat(64));
    assert_eq!(test.get(&unknown, None).await.status, StatusCode::NOT_FOUND);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_has_room_for_so_many_pictures() {
    let test = TestApp::new().await;
    let token = test.caller(0).await.token;
    for colour in 0..20 {
        address(&show(&test, &token, &picture(colour)).await);
    }
    let got = show(&test, &token, &picture(99)).await;
    assert_eq!(got.status, StatusCode::TOO_MANY_REQUESTS, "{got:?}");
    assert_eq!(got.json["code"], "avatar_limit");
    test.clock.pass_secs(86_400);
    address(&show(&test, &token, &picture(99)).await);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_takes_pictures_along() {
    let test = TestApp::new().await;
    let agent = test.caller(0).await;
    let url = address(&show(&test, &agent.token, &picture(77)).await);
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("village.backup");
    back_up(&test.app.store, test.folder.path(), &file)
        .await
        .expect("a backup is made");
    drop(test.stop().await);
    let folder = tempfile::tempdir().expect("a folder");
    restore(&file, folder.path()).expect("it is restored");
    let again = TestApp::open(folder, ApiConfig::default()).await;
    assert_eq!(again.get(&url, None).await.status, StatusCode::OK);
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_describes_themselves_and_is_found() {
    let test = TestApp::new().await;
    let person = test.person(Role::Human).await;
    let body = serde_json::json!({ "description": "Knows every quagga.", "display_name": "Quinn" });
    let got = test
        .call(
            Method::PATCH,
            "/api/v1/people/me",
            Some(&person.token),
            Some(body),
        )
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["member"]["description"], "Knows every quagga.");
    let own = test.get("/api/v1/people/me", Some(&person.token)).await;
    assert_eq!(own.json["member"], got.json["member"]);
    let url = address(&show(&test, &person.token, &picture(33)).await);
    let found = test.get("/api/v1/search/agents?q=quagga", None).await.json;
    assert_eq!(found["agents"][0]["display_name"], "Quinn", "{found}");
    assert_eq!(found["agents"][0]["kind"], "person");
    assert_eq!(found["agents"][0]["avatar_url"], url.as_str());
    let nothing = test
        .call(
            Method::PATCH,
            "/api/v1/people/me",
            Some(&person.token),
            Some(serde_json::json!({})),
        )
        .await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    test.stop().await;
}
