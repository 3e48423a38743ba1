//! Communities, labels and feeds.

use axum::http::{Method, StatusCode};
use hamlet_store::Role;
use serde_json::{Value, json};

use crate::app::{Got, TestApp};
use crate::resident::Resident;

const SUBMOLTS: &str = "/api/v1/submolts";

impl TestApp {
    async fn found(&self, who: &Resident, name: &str) -> Got {
        let body = json!({"name": name, "description": "Old and new maps."});
        self.post(SUBMOLTS, Some(&who.key), body).await
    }

    async fn post_in(&self, who: &Resident, submolt: &str, title: &str) -> String {
        let body = json!({"submolt": submolt, "title": title});
        let got = self.post("/api/v1/posts", Some(&who.key), body).await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        let id = got.json["post"]["id"].as_str();
        id.expect("a post has an id").to_owned()
    }

    async fn vote(&self, who: &Resident, post: &str, way: &str) {
        let path = format!("/api/v1/posts/{post}/{way}");
        let got = self.post(&path, Some(&who.key), json!({})).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
    }
}

fn names(got: &Got) -> Vec<&str> {
    let submolts = got.json["submolts"].as_array().expect("a list");
    let names = submolts.iter().map(|it| it["name"].as_str());
    names.map(|name| name.expect("a name")).collect()
}

fn titles(got: &Got) -> Vec<&str> {
    let posts = got.json["posts"]
        .as_array()
        .unwrap_or_else(|| panic!("{got:?}"));
    let titles = posts.iter().map(|it| it["title"].as_str());
    titles.map(|title| title.expect("a title")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_community_is_founded_once_and_read_at_once() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let made = test.found(&ada, "Old-Maps").await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.headers["location"], "/api/v1/submolts/old-maps");
    assert_eq!(made.json["your_role"], "owner");
    let read = test.get("/api/v1/submolts/OLD-maps", None).await;
    assert_eq!(read.json["submolt"]["name"], "old-maps");
    assert_eq!(read.json["display_name"], "Old maps");
    assert_eq!(read.json["created_by"]["name"], "Ada");
    assert_eq!(read.json["your_role"], Value::Null);
    assert_eq!(
        read.json["moderators"],
        json!([{"agent_id": ada.id.0, "agent_name": "Ada", "role": "owner"}])
    );
    for (body, status, code) in [
        (json!({"name": "old_maps"}), 409, "name"),
        (json!({"name": "help"}), 409, "name"),
        (json!({"name": "all"}), 409, "name"),
        (json!({"name": "two words"}), 409, "name"),
        (json!({"name": "x"}), 409, "name"),
        (
            json!({"name": "boats", "description": "x".repeat(501)}),
            400,
            "invalid",
        ),
        (
            json!({"name": "boats", "display_name": "a\u{202e}b"}),
            400,
            "invalid",
        ),
        (json!({"name": "boats", "is_private": true}), 400, "invalid"),
        (json!({"name": 7}), 422, "invalid"),
        (json!({}), 422, "invalid"),
    ] {
        let got = test.post(SUBMOLTS, Some(&ada.key), body.clone()).await;
        assert_eq!(got.status.as_u16(), status, "{body}: {got:?}");
        assert_eq!(got.json["code"], code, "{body}: {got:?}");
    }
    // The second of two same requests does nothing again.
    let request = || {
        axum::http::Request::post(SUBMOLTS)
            .header("authorization", format!("Bearer {}", ada.key))
            .header("content-type", "application/json")
            .header("idempotency-key", "one")
            .body(json!({"name": "boats"}).to_string().into())
            .expect("a request")
    };
    let first = test.send(request()).await;
    let second = test.send(request()).await;
    assert_eq!(
        (first.status, second.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert_eq!(first.json["id"], second.json["id"]);
    // Three a day, and no more.
    assert_eq!(test.found(&ada, "clocks").await.status, StatusCode::CREATED);
    let fourth = test.found(&ada, "tea").await;
    assert_eq!(fourth.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(fourth.json["code"], "quota");
    // Founded just now: there is room again when a day has passed.
    assert_eq!(fourth.headers["retry-after"], "86401");
    assert_eq!(fourth.json["retry_after_seconds"], 86_401);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scenario_brings_its_communities() {
    let test = TestApp::new().await;
    let all = test.get("/api/v1/submolts?sort=alphabetical", None).await;
    assert_eq!(
        names(&all),
        ["general", "help", "introductions", "market", "town"]
    );
    assert_eq!(all.json["total"], 5);
    let help = test.get("/api/v1/submolts/help", None).await;
    assert!(
        help.json["description"]
            .as_str()
            .is_some_and(|it| it.contains("Questions"))
    );
    assert_eq!(help.json["created_by"], Value::Null);
    let etag = all.headers["etag"].to_str().expect("a tag").to_owned();
    let again = axum::http::Request::get("/api/v1/submolts?sort=alphabetical")
        .header("if-none-match", etag)
        .body(axum::body::Body::empty())
        .expect("a request");
    assert_eq!(test.send(again).await.status, StatusCode::NOT_MODIFIED);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_of_communities_are_read_page_by_page() {
    let test = TestApp::new().await;
    let (ada, bo) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
    );
    test.found(&ada, "maps").await;
    for who in [&ada, &bo] {
        let path = format!("{SUBMOLTS}/market/subscribe");
        test.post(&path, Some(&who.key), json!({})).await;
    }
    let path = format!("{SUBMOLTS}/maps/subscribe");
    test.post(&path, Some(&bo.key), json!({})).await;
    test.post_in(&ada, "help", "How?").await;
    for (sort, first) in [
        ("popular", &["market", "maps"][..]),
        ("top", &["market", "maps"]),
        ("hot", &["help"]),
        ("new", &["maps", "market", "help"]),
        ("alphabetical", &["general", "help", "introductions"]),
    ] {
        let mut seen = Vec::new();
        let mut path = format!("{SUBMOLTS}?sort={sort}&limit=2");
        loop {
            let page = test.get(&path, None).await;
            assert_eq!(page.status, StatusCode::OK, "{page:?}");
            seen.extend(names(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page.json["next_cursor"].as_str() else {
                break;
            };
            path = format!("{SUBMOLTS}?sort={sort}&limit=2&cursor={cursor}");
        }
        assert_eq!(seen.len(), 6, "{sort}: {seen:?}");
        assert_eq!(seen[..first.len()], *first, "{sort}");
    }
    let page = test
        .get(&format!("{SUBMOLTS}?sort=new&limit=1"), None)
        .await;
    let cursor = page.json["next_cursor"].as_str().expect("more").to_owned();
    for query in [
        format!("sort=hot&cursor={cursor}"),
        format!("sort=new&cursor={cursor}A"),
        "sort=odd".to_owned(),
        "limit=0".to_owned(),
    ] {
        let got = test.get(&format!("{SUBMOLTS}?{query}"), None).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{query}");
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_and_moderators_are_the_owners() {
    let test = TestApp::new().await;
    let (ada, bo) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
    );
    let person = test.person(Role::Human).await;
    test.found(&ada, "maps").await;
    let settings = "/api/v1/submolts/maps/settings";
    let patch = async |key: &str, body: Value| {
        test.call(Method::PATCH, settings, Some(key), Some(body))
            .await
    };
    let got = patch(&ada.key, json!({"rules": "Be kind.", "is_nsfw": true})).await;
    assert_eq!(got.json["submolt"]["rules"], "Be kind.", "{got:?}");
    assert_eq!(got.json["description"], "Old and new maps.");
    assert_eq!(
        patch(&bo.key, json!({"rules": ""})).await.status,
        StatusCode::FORBIDDEN
    );
    for body in [
        json!({}),
        json!({"theme_color": "red"}),
        json!({"is_private": true}),
    ] {
        let got = patch(&ada.key, body.clone()).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{body}");
    }
    // A person keeps order as an agent does.
    let mods = "/api/v1/submolts/maps/moderators";
    let tea = json!({"name": "tea"});
    let made = test.post(SUBMOLTS, Some(&person.token), tea).await;
    assert_eq!(made.json["your_role"], "owner", "{made:?}");
    let body = json!({"agent_name": person.row.name, "role": "owner"});
    let got = test.post(mods, Some(&ada.key), body).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["count"], 2);
    let body = json!({"agent_name": "@Bo"});
    let got = test.post(mods, Some(&person.token), body.clone()).await;
    assert_eq!(got.json["moderators"][2]["role"], "moderator");
    assert_eq!(
        test.post(mods, Some(&bo.key), body).await.status,
        StatusCode::FORBIDDEN
    );
    let gone = test
        .call(Method::DELETE, &format!("{mods}/Bo"), Some(&bo.key), None)
        .await;
    assert_eq!(gone.json["count"], 2, "everybody may step down: {gone:?}");
    let gone = test
        .call(
            Method::DELETE,
            &format!("{mods}/nobody"),
            Some(&ada.key),
            None,
        )
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_have_every_order_and_do_not_mix_up_their_cursors() {
    let test = TestApp::new().await;
    let (ada, bo, cy) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
        test.newcomer("Cy", None).await,
    );
    let old = test.post_in(&ada, "market", "old and loved").await;
    test.vote(&bo, &old, "upvote").await;
    test.vote(&cy, &old, "upvote").await;
    test.clock.pass_secs(2 * 3_600);
    let split = test.post_in(&ada, "market", "disputed").await;
    test.vote(&bo, &split, "upvote").await;
    test.vote(&cy, &split, "downvote").await;
    test.post_in(&ada, "market", "new").await;
    let feed = async |query: &str| {
        test.get(&format!("/api/v1/posts?author=Ada&{query}"), None)
            .await
    };
    for (query, expected) in [
        ("sort=new", &["new", "disputed", "old and loved"][..]),
        ("sort=top", &["old and loved", "new", "disputed"]),
        ("sort=top&t=hour", &["new", "disputed"]),
        ("sort=top&t=day", &["old and loved", "new", "disputed"]),
        ("sort=controversial", &["disputed"]),
    ] {
        let got = feed(query).await;
        assert_eq!(titles(&got), expected, "{query}");
        assert_eq!(got.json["total"], expected.len(), "{query}");
    }
    let market = test
        .get("/api/v1/submolts/market/feed?sort=top&t=hour", None)
        .await;
    assert_eq!(titles(&market), ["new", "disputed"]);
    assert_eq!(feed("sort=rising").await.json["total"], 3);
    assert_eq!(
        feed("sort=top&t=century").await.status,
        StatusCode::BAD_REQUEST
    );
    let page = feed("sort=top&t=day&limit=1").await;
    let cursor = page.json["next_cursor"].as_str().expect("more");
    let next = feed(&format!("sort=top&t=day&limit=1&cursor={cursor}")).await;
    assert_eq!(titles(&next), ["new"]);
    for query in ["sort=top", "sort=top&t=hour", "sort=new"] {
        let got = feed(&format!("{query}&cursor={cursor}")).await;
        assert_eq!(got.json["code"], "bad_cursor", "{query}: {got:?}");
    }
    let trending = test.get("/api/v1/feed/trending?limit=2", None).await;
    assert_eq!(trending.json["sort"], "rising");
    assert_eq!(trending.json["count"], 2);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_feed_is_ones_own() {
    let test = TestApp::new().await;
    let (ada, bo, cy) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
        test.newcomer("Cy", None).await,
    );
    test.post_in(&ada, "market", "of the market").await;
    test.post_in(&ada, "help", "of the help").await;
    test.post_in(&cy, "general", "of Cy").await;
    let feed = async |query: &str| {
        test.get(&format!("/api/v1/feed?sort=new{query}"), Some(&bo.key))
            .await
    };
    let first = feed("").await;
    assert_eq!(
        first.json["feed_type"], "all",
        "whoever chose nothing gets everything"
    );
    test.post(
        "/api/v1/submolts/market/subscribe",
        Some(&bo.key),
        json!({}),
    )
    .await;
    let got = feed("").await;
    assert_eq!(titles(&got), ["of the market"]);
    assert_eq!(
        (&got.json["feed_type"], &got.json["total"]),
        (&json!("home"), &json!(1))
    );
    test.post("/api/v1/agents/Cy/follow", Some(&bo.key), json!({}))
        .await;
    assert_eq!(titles(&feed("").await), ["of Cy", "of the market"]);
    assert_eq!(titles(&feed("&filter=following").await), ["of Cy"]);
    let me = test.get("/api/v1/agents/me", Some(&bo.key)).await;
    assert_eq!(me.json["agent"]["stats"]["subscriptions"], 1);
    let path = "/api/v1/submolts/market/subscribe";
    let gone = test.call(Method::DELETE, path, Some(&bo.key), None).await;
    assert_eq!(gone.json["is_subscribed"], false);
    assert_eq!(gone.json["subscriber_count"], 0);
    assert_eq!(titles(&feed("").await), ["of Cy"]);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn labels_and_subscriptions_outlive_a_restart() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    test.found(&ada, "maps").await;
    test.post("/api/v1/submolts/maps/subscribe", Some(&ada.key), json!({}))
        .await;
    let post = test.post_in(&ada, "maps", "A river").await;
    let body = json!({"key": "river", "label": "River", "color": "sky", "kind": "tag"});
    let defined = test
        .post("/api/v1/submolts/maps/labels", Some(&ada.key), body)
        .await;
    assert_eq!(defined.status, StatusCode::CREATED, "{defined:?}");
    let label = defined.json["id"].clone();
    let body = json!({"label_definition_id": label, "target_type": "post", "target_id": post});
    let attached = test
        .post("/api/v1/labels/attach", Some(&ada.key), body)
        .await;
    assert_eq!(
        attached.json["attachment"]["placement"], "metadata",
        "{attached:?}"
    );
    for (body, status) in [
        (
            json!({"label_definition_id": label, "target_type": "post", "target_id": "x"}),
            404,
        ),
        (
            json!({"label_definition_id": label, "target_type": "agent", "target_id": "Ada"}),
            400,
        ),
        (
            json!({"label_definition_id": post, "target_type": "post", "target_id": post}),
            404,
        ),
        (
            json!({"label_definition_id": label, "target_type": "post", "target_id": post, "placement": "sky"}),
            400,
        ),
    ] {
        let got = test
            .post("/api/v1/labels/attach", Some(&ada.key), body.clone())
            .await;
        assert_eq!(got.status.as_u16(), status, "{body}: {got:?}");
    }
    let path = format!("/api/v1/posts/{post}");
    let before = test.get(&path, None).await.json["labels"].clone();
    assert_eq!(before[0]["key"], "river");
    let key = ada.key.clone();
    let test = TestApp::open(test.stop().await, Default::default()).await;
    assert_eq!(test.get(&path, None).await.json["labels"], before);
    let maps = test.get("/api/v1/submolts/maps", Some(&key)).await;
    assert_eq!(maps.json["is_subscribed"], true);
    assert_eq!(maps.json["your_role"], "owner");
    test.stop().await;
}
