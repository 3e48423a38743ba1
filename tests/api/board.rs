//! The board in Moltbook's shapes.

use axum::http::{Method, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_protocol::command::Command;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::resident::members;

const POST: [&str; 29] = [
    "audience",
    "audience_id",
    "author",
    "author_id",
    "collaborators",
    "comment_count",
    "content",
    "created_at",
    "downvotes",
    "flair",
    "hot_score",
    "id",
    "is_deleted",
    "is_locked",
    "is_pinned",
    "labels",
    "revision",
    "score",
    "status",
    "submolt",
    "submolt_id",
    "submolt_name",
    "tags",
    "title",
    "type",
    "updated_at",
    "upvotes",
    "url",
    "you_follow_author",
];

const COMMENT: [&str; 17] = [
    "author",
    "author_id",
    "author_name",
    "content",
    "created_at",
    "depth",
    "downvotes",
    "id",
    "is_deleted",
    "parent_id",
    "post_id",
    "replies",
    "reply_count",
    "revision",
    "score",
    "updated_at",
    "upvotes",
];

fn titles(page: &Value) -> Vec<&str> {
    let posts = page["posts"].as_array().expect("there are posts");
    posts
        .iter()
        .filter_map(|post| post["title"].as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_is_read_at_once_in_the_shape_clients_know() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let body = json!({"submolt_name": "general", "title": "Hello", "content": "First *words*."});
    let made = test.post("/api/v1/posts", Some(&ada.key), body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(
        members(&made.json),
        ["message", "post", "success", "verification_required"]
    );
    let post = &made.json["post"];
    assert_eq!(members(post), POST);
    assert_eq!(members(&post["author"]), ["id", "karma", "kind", "name"]);
    assert_eq!(members(&post["submolt"]), ["display_name", "id", "name"]);
    assert_eq!(post["author"]["name"], "Ada");
    assert_eq!(post["content"], "First *words*.");
    assert_eq!(
        (&post["type"], &post["url"]),
        (&json!("text"), &Value::Null)
    );
    assert!(post["created_at"].as_str().unwrap().ends_with('Z'));

    let location = made.headers["location"].to_str().unwrap();
    let read = test.get(location, None).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(read.json["post"], *post);
    assert_eq!(read.json["title"], "Hello");

    let list = test.get("/api/v1/posts", None).await;
    assert_eq!(
        members(&list.json),
        [
            "count",
            "feed_type",
            "has_more",
            "next_cursor",
            "posts",
            "sort",
            "success",
            "total"
        ]
    );
    assert_eq!(list.json["posts"][0], *post);
    assert_eq!(list.json["feed_type"], "all");

    let etag = read.headers["etag"].to_str().unwrap();
    let again = axum::http::Request::get(location)
        .header("if-none-match", etag)
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(test.send(again).await.status, StatusCode::NOT_MODIFIED);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_are_posts_about_an_address() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let body = json!({"submolt": "town", "title": "See", "url": "https://example.org/a"});
    let made = test.post("/api/v1/posts", Some(&ada.key), body).await;
    let post = &made.json["post"];
    assert_eq!(post["type"], "link");
    assert_eq!(post["url"], "https://example.org/a");
    assert_eq!(post["content"], "");
    let bad = json!({"title": "See", "url": "javascript:alert(1)"});
    let refused = test.post("/api/v1/posts", Some(&ada.key), bad).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_do_not_shift_when_posts_are_added() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    for n in 0..7 {
        test.note(&ada, &format!("note {n}")).await;
    }
    for sort in ["new", "hot", "top"] {
        let mut seen: Vec<String> = Vec::new();
        let mut path = format!("/api/v1/posts?author=Ada&sort={sort}&limit=3");
        let mut pages = 0;
        loop {
            let page = test.get(&path, None).await;
            assert_eq!(page.status, StatusCode::OK, "{page:?}");
            seen.extend(titles(&page.json).into_iter().map(str::to_owned));
            pages += 1;
            test.note(&ada, &format!("late {sort} {pages}")).await;
            let Some(cursor) = page.json["next_cursor"].as_str() else {
                assert_eq!(page.json["has_more"], false);
                assert!(!page.headers.contains_key("link"));
                break;
            };
            assert_eq!(page.json["has_more"], true);
            path = format!("/api/v1/posts?author=Ada&sort={sort}&limit=3&cursor={cursor}");
            let link = page.headers["link"].to_str().unwrap();
            assert_eq!(link, format!("<{path}>; rel=\"next\""));
        }
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), seen.len(), "{sort}: {seen:?}");
        let first: Vec<&String> = seen
            .iter()
            .filter(|title| title.starts_with("note"))
            .collect();
        assert_eq!(first.len(), 7, "{sort}: {seen:?}");
        assert!(
            !seen
                .iter()
                .any(|title| title.starts_with(&format!("late {sort}"))),
            "{seen:?}"
        );
    }
    let offset = test
        .get("/api/v1/posts?author=Ada&sort=new&limit=2&offset=2", None)
        .await;
    let all = test
        .get("/api/v1/posts?author=Ada&sort=new&limit=4", None)
        .await;
    assert_eq!(titles(&offset.json), titles(&all.json)[2..]);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_refuse_what_makes_no_sense() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    test.note(&ada, "one").await;
    test.note(&ada, "two").await;
    let page = test.get("/api/v1/posts?sort=new&limit=1", None).await;
    let cursor = page.json["next_cursor"].as_str().unwrap();
    for (query, status, code) in [
        ("limit=0", 400, "invalid"),
        ("limit=101", 400, "invalid"),
        ("limit=many", 400, "invalid"),
        ("sort=odd", 400, "invalid"),
        ("offset=10001", 400, "invalid"),
        ("cursor=%00", 400, "bad_cursor"),
        ("cursor=e30", 400, "bad_cursor"),
        (&format!("sort=hot&cursor={cursor}"), 400, "bad_cursor"),
        (&format!("sort=new&cursor=x{cursor}"), 400, "bad_cursor"),
        ("submolt=nowhere", 404, "not_found"),
        ("author=nobody", 404, "not_found"),
    ] {
        let got = test.get(&format!("/api/v1/posts?{query}"), None).await;
        assert_eq!(got.status.as_u16(), status, "{query}: {got:?}");
        assert_eq!(got.json["code"], code, "{query}: {got:?}");
        assert_eq!(got.json["success"], false);
    }
    for id in [
        "x",
        "00000000-0000-0000-0000-000000000000",
        "%F0%9F%A6%80",
        "1",
    ] {
        for path in ["posts", "comments", "board/posts", "submolts"] {
            let got = test.get(&format!("/api/v1/{path}/{id}"), None).await;
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{path} {id}");
        }
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comments_are_trees() {
    let test = TestApp::new().await;
    let (ada, bo) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
    );
    let post = test.note(&ada, "Talk to me").await;
    let path = format!("/api/v1/posts/{post}/comments");
    let first = test
        .post(
            &path,
            Some(&bo.key),
            json!({"content": "First", "parent_id": null}),
        )
        .await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    assert_eq!(members(&first.json["comment"]), COMMENT);
    assert_eq!(
        members(&first.json["comment"]["author"]),
        ["id", "karma", "kind", "name"]
    );
    assert_eq!(first.json["comment"]["depth"], 0);
    let parent = first.json["comment"]["id"].as_str().unwrap().to_owned();
    let answer = json!({"content": "Second", "parent_id": parent});
    let second = test.post(&path, Some(&ada.key), answer).await;
    assert_eq!(second.json["comment"]["depth"], 1);
    test.post(&path, Some(&ada.key), json!({"content": "Third"}))
        .await;

    let tree = test.get(&format!("{path}?sort=old"), None).await;
    let comments = tree.json["comments"].as_array().unwrap();
    assert_eq!(comments.len(), 2);
    assert_eq!(comments[0]["replies"][0]["content"], "Second");
    assert_eq!(comments[0]["reply_count"], 1);
    assert_eq!(tree.json["total"], 3);
    let newest = test.get(&format!("{path}?sort=new&limit=1"), None).await;
    assert_eq!(newest.json["comments"][0]["content"], "Third");
    let cursor = newest.json["next_cursor"].as_str().unwrap();
    let rest = test
        .get(&format!("{path}?sort=new&limit=1&cursor={cursor}"), None)
        .await;
    assert_eq!(rest.json["comments"][0]["content"], "First");
    assert_eq!(rest.json["has_more"], false);

    let location = second.headers["location"].to_str().unwrap();
    let one = test.get(location, None).await;
    assert_eq!(one.json["comment"]["content"], "Second");
    assert_eq!(one.json["parent_id"], parent);
    let whole = test.get(&format!("/api/v1/comments/{parent}"), None).await;
    assert_eq!(whole.json["replies"][0]["content"], "Second");

    for (body, status) in [
        (json!({"content": ""}), 400),
        (json!({"content": "x".repeat(10_001)}), 400),
        (json!({"content": "x", "parent_id": post}), 404),
        (json!({"content": "x", "parent_id": "x"}), 422),
        (json!({}), 422),
        (json!([]), 422),
    ] {
        let got = test.post(&path, Some(&bo.key), body.clone()).await;
        assert_eq!(got.status.as_u16(), status, "{body}: {got:?}");
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn votes_toggle() {
    let test = TestApp::new().await;
    let (ada, bo) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
    );
    let post = test.note(&ada, "Vote").await;
    let up = format!("/api/v1/posts/{post}/upvote");
    let down = format!("/api/v1/posts/{post}/downvote");
    let vote = format!("/api/v1/posts/{post}/vote");
    let steps = [
        (Method::POST, &up, "voted", 1),
        (Method::POST, &up, "removed", 0),
        (Method::POST, &down, "voted", -1),
        (Method::POST, &up, "changed", 1),
        (Method::DELETE, &vote, "removed", 0),
        (Method::DELETE, &vote, "removed", 0),
    ];
    for (method, path, action, score) in steps {
        let got = test.call(method, path, Some(&bo.key), None).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
        assert_eq!(
            members(&got.json),
            [
                "action",
                "author",
                "downvotes",
                "message",
                "score",
                "success",
                "upvotes"
            ]
        );
        assert_eq!(
            (&got.json["action"], &got.json["score"]),
            (&json!(action), &json!(score))
        );
        assert_eq!(got.json["author"]["name"], "Ada");
    }
    let own = test.call(Method::POST, &up, Some(&ada.key), None).await;
    assert_eq!(own.status, StatusCode::BAD_REQUEST);
    assert_eq!(own.json["code"], "SELF_VOTE");

    let path = format!("/api/v1/posts/{post}/comments");
    let made = test
        .post(&path, Some(&bo.key), json!({"content": "Yes"}))
        .await;
    let comment = made.json["comment"]["id"].as_str().unwrap();
    let got = test
        .post(
            &format!("/api/v1/comments/{comment}/upvote"),
            Some(&ada.key),
            json!({}),
        )
        .await;
    assert_eq!(got.json["upvotes"], 1, "{got:?}");
    let author = test.get("/api/v1/agents/Bo", None).await;
    assert_eq!(author.json["karma"], 1);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn communities_and_their_feeds() {
    let test = TestApp::new().await;
    let (ada, bo) = (
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
    );
    let list = test.get("/api/v1/submolts?sort=alphabetical", None).await;
    let names: Vec<_> = list.json["submolts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"])
        .collect();
    assert_eq!(
        names,
        ["general", "help", "introductions", "market", "town"]
    );
    let one = test.get("/api/v1/submolts/General", None).await;
    assert_eq!(
        members(&one.json["submolt"]),
        [
            "allow_crypto",
            "banner_color",
            "banner_url",
            "created_at",
            "created_by",
            "creator_id",
            "description",
            "display_name",
            "icon_url",
            "id",
            "is_nsfw",
            "is_private",
            "is_quarantined",
            "is_subscribed",
            "last_activity_at",
            "name",
            "post_count",
            "rules",
            "subscriber_count",
            "theme_color",
        ]
    );
    assert_eq!(one.json["your_role"], Value::Null);
    assert_eq!(one.json["moderators"], json!([]));

    test.note(&ada, "in general").await;
    let town = json!({"title": "on the board", "text": "Here."});
    let made = test.post("/api/v1/board/posts", Some(&ada.key), town).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let id = made.json["post"]["id"].as_str().unwrap();
    assert_eq!(made.json["post"]["submolt_name"], "town");
    let feed = test
        .get("/api/v1/submolts/general/feed?sort=new", None)
        .await;
    assert_eq!(titles(&feed.json), ["in general"]);
    let board = test.get("/api/v1/board/posts?sort=new&limit=1", None).await;
    assert_eq!(titles(&board.json), ["on the board"]);
    let reply = test
        .post(
            &format!("/api/v1/board/posts/{id}/replies"),
            Some(&bo.key),
            json!({"text": "Seen."}),
        )
        .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    let read = test.get(&format!("/api/v1/board/posts/{id}"), None).await;
    assert_eq!(read.json["comment_count"], 1);

    let followed = test
        .call(
            Method::POST,
            "/api/v1/agents/Ada/follow",
            Some(&bo.key),
            None,
        )
        .await;
    assert_eq!(followed.json["action"], "followed", "{followed:?}");
    let following = test
        .get("/api/v1/feed?filter=following&sort=new", Some(&bo.key))
        .await;
    assert_eq!(titles(&following.json), ["on the board", "in general"]);
    assert_eq!(following.json["posts"][0]["you_follow_author"], true);
    let none = test
        .get("/api/v1/feed?filter=following", Some(&ada.key))
        .await;
    assert_eq!(none.json["posts"], json!([]));
    let nobody = test.get("/api/v1/feed?filter=following", None).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody.json["code"], "no_key");
    let all = test.get("/api/v1/feed?sort=rising", None).await;
    assert_eq!(all.json["count"], all.json["total"]);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posting_needs_a_key_and_fits_the_rules() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let nobody = test
        .post("/api/v1/posts", None, json!({"title": "x"}))
        .await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    for (body, status) in [
        (json!({"title": ""}), 400),
        (json!({"title": "x".repeat(301)}), 400),
        (json!({"title": "x", "content": "y".repeat(40_001)}), 400),
        (json!({"title": "two\nlines"}), 400),
        (json!({"title": "x", "submolt": "nowhere"}), 404),
        (json!({"content": "no title"}), 422),
        (json!({"title": 5}), 422),
        (json!("x"), 422),
    ] {
        let got = test.post("/api/v1/posts", Some(&ada.key), body).await;
        assert_eq!(got.status.as_u16(), status, "{got:?}");
        assert!(
            got.json["hint"]
                .as_str()
                .is_some_and(|hint| !hint.is_empty())
        );
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_posts_once() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let send = || {
        axum::http::Request::post("/api/v1/posts")
            .header("authorization", format!("Bearer {}", ada.key))
            .header("content-type", "application/json")
            .header("idempotency-key", "once")
            .body(axum::body::Body::from(r#"{"title": "Once"}"#))
            .unwrap()
    };
    let first = test.send(send()).await;
    let second = test.send(send()).await;
    assert_eq!(
        (first.status, second.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.json["post"]["id"], second.json["post"]["id"]);
    assert_eq!(second.headers["idempotency-replayed"], "true");
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let mine = test.get("/api/v1/posts?author=Ada", None).await;
    assert_eq!(mine.json["total"], 1);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_words_come_from_the_database() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let command = Command::SetRule {
        name: "board_texts_max".to_owned(),
        value: 4.0,
    };
    test.app
        .desk
        .command(None, command, |_, _| {})
        .await
        .unwrap();
    let tagged = json!({ "submolt": "town", "title": "Tagged", "tags": ["oats"] });
    let bo = test.newcomer("Bo", None).await;
    test.post("/api/v1/posts", Some(&bo.key), tagged).await;
    let mut ids = Vec::new();
    for n in 0..12 {
        ids.push(test.note(&ada, &format!("note {n}")).await);
    }
    let view = test.app.published.view();
    let gone = view.posts.iter().filter(|post| post.text.is_none()).count();
    assert!(gone >= 6, "only {gone} texts were let go of");
    let list = test.get("/api/v1/posts?author=Ada&sort=new", None).await;
    let newest: Vec<String> = (0..12).rev().map(|n| format!("note {n}")).collect();
    assert_eq!(titles(&list.json), newest);
    // By its tag the first is found although nobody remembers its words.
    for sort in ["new", "hot", "top"] {
        let list = test
            .get(&format!("/api/v1/posts?tag=oats&sort={sort}"), None)
            .await;
        assert_eq!(titles(&list.json), ["Tagged"], "{sort}");
        assert_eq!(list.json["posts"][0]["tags"], json!(["oats"]), "{sort}");
    }
    // So do the answers of a thread, which are asked for all at once.
    let thread = format!("/api/v1/posts/{}/comments", ids[0]);
    let mut answers: Vec<String> = (0..8).map(|n| format!("answer {n}")).collect();
    for answer in &answers {
        let said = test
            .post(&thread, Some(&bo.key), json!({ "content": answer }))
            .await;
        assert!(said.status.is_success(), "{said:?}");
    }
    let view = test.app.published.view();
    let gone = view.comments.iter().filter(|it| it.text.is_none()).count();
    assert!(gone >= 4, "only {gone} answers were let go of");
    let got = test.get(&thread, None).await.json;
    let comments = got["comments"].as_array().expect("a thread");
    let mut said: Vec<&str> = comments
        .iter()
        .filter_map(|it| it["content"].as_str())
        .collect();
    said.sort_unstable();
    answers.sort_unstable();
    assert_eq!(said, answers);
    for (n, id) in ids.iter().enumerate() {
        let got = test.get(&format!("/api/v1/posts/{id}"), None).await;
        assert_eq!(got.json["title"], format!("note {n}"));
        assert_eq!(
            (&got.json["content"], &got.json["is_deleted"]),
            (&json!("Words."), &json!(false))
        );
    }
    test.stop().await;
}

/// More than one frame of the journal holds, in one burst: whatever was acknowledged must come back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_larger_than_a_journal_frame_survives_a_restart() {
    const POSTS: usize = 250;
    let config = || ApiConfig {
        key_requests_per_min: 1_000,
        ..ApiConfig::default()
    };
    let test = TestApp::with(config()).await;
    let ada = test.newcomer("Ada", None).await;
    let post = |n: usize| {
        let text = format!("{n} ").repeat(40_000 / (n.to_string().len() + 1));
        let body = json!({"submolt": "general", "title": format!("note {n}"), "content": text});
        test.post("/api/v1/posts", Some(&ada.key), body)
    };
    let made = futures_util::future::join_all((0..POSTS).map(post)).await;
    let mut ids = Vec::new();
    for got in &made {
        assert_eq!(got.status, StatusCode::CREATED, "{:?}", got.json["detail"]);
        ids.push(got.json["post"]["id"].as_str().expect("an id").to_owned());
    }
    // A copy made while the village lives has no last image: the journal alone must lead to the posts.
    let copy = tempfile::TempDir::new().expect("a folder");
    let file = copy.path().join("village.db");
    test.app.store.backup_into(&file).await.expect("a copy");
    let again = TestApp::open(copy, config()).await;
    for id in ids {
        let got = again.get(&format!("/api/v1/posts/{id}"), None).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
    }
    again.stop().await;
    test.stop().await;
}
