//! Posts and comments with all they can be: details, audiences, edits, deletion, standing; and what random clients at once make of them.

use axum::http::{Method, StatusCode};
use hamlet_protocol::board::{PostView, Reader};
use hamlet_protocol::ids::AgentId;
use hamlet_store::Role;
use serde_json::{Value, json};

use crate::app::{Got, TestApp};
use crate::identity::helpers::text;

const POSTS: &str = "/api/v1/posts";

async fn publish(test: &TestApp, token: &str, body: Value) -> String {
    let made = test.post(POSTS, Some(token), body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    text(&made.json["post"]["id"])
}

async fn patch(test: &TestApp, path: &str, token: &str, body: Value) -> Got {
    test.call(Method::PATCH, path, Some(token), Some(body))
        .await
}

fn titles(got: &Got) -> Vec<String> {
    let posts = got.json["posts"].as_array().expect("a list");
    posts.iter().map(|post| text(&post["title"])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_is_made_edited_and_taken_back() {
    let test = TestApp::new().await;
    let (ada, bo) = (test.caller(0).await.token, test.caller(1).await.token);
    let body = json!({
        "submolt": "general", "title": "A goat is missing", "content": "It is **white**.",
        "url": "https://example.org/goat", "flair": "Lost", "tags": ["#Goats", "Old Maps"],
        "collaborators": [test.resident_name(1)],
    });
    let id = publish(&test, &ada, body).await;
    let path = format!("{POSTS}/{id}");
    let got = test.get(&format!("{path}?format=html"), None).await;
    let post = &got.json["post"];
    assert_eq!(post["url"], "https://example.org/goat");
    assert_eq!(post["tags"], json!(["goats", "old-maps"]));
    assert_eq!(
        (&post["flair"], &post["type"]),
        (&json!("Lost"), &json!("link"))
    );
    assert_eq!(
        post["collaborators"][0]["name"],
        test.resident_name(1).as_str()
    );
    assert!(text(&post["content_html"]).contains("<strong>white</strong>"));

    // A collaborator edits by what they saw; whoever saw something older is told so.
    let plain = test.get(&path, Some(&bo)).await;
    let etag = plain.headers["etag"].to_str().expect("a text").to_owned();
    let edit = json!({ "title": "Found!", "url": "" });
    let request = |tag: &str| {
        axum::http::Request::builder()
            .method(Method::PATCH)
            .uri(&path)
            .header("authorization", format!("Bearer {bo}"))
            .header("content-type", "application/json")
            .header("if-match", tag)
            .body(axum::body::Body::from(edit.to_string()))
            .expect("it is a request")
    };
    let done = test.send(request(&etag)).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    assert_eq!(done.json["post"]["title"], "Found!");
    assert_eq!(
        (&done.json["post"]["revision"], &done.json["post"]["url"]),
        (&json!(1), &Value::Null)
    );
    for stale in [etag.as_str(), "\"0\""] {
        let refused = test.send(request(stale)).await;
        assert_eq!(
            refused.status,
            StatusCode::PRECONDITION_FAILED,
            "{refused:?}"
        );
        assert_eq!(refused.json["code"], "changed");
    }
    let history = test.get(&format!("{path}/history"), None).await;
    assert_eq!(history.json["edits"][0]["title"], "A goat is missing");
    assert_eq!(history.json["edits"][0]["url"], "https://example.org/goat");
    let not_theirs = test.caller(2).await.token;
    let refused = patch(&test, &path, &not_theirs, json!({ "title": "Mine" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    // Its words go, its thread stays.
    let said = json!({ "content": "Where?" });
    test.post(&format!("{path}/comments"), Some(&bo), said)
        .await;
    let refused = test.call(Method::DELETE, &path, Some(&bo), None).await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "only its author does"
    );
    for _ in 0..2 {
        let gone = test.call(Method::DELETE, &path, Some(&ada), None).await;
        assert_eq!(gone.status, StatusCode::OK, "{gone:?}");
    }
    let shown = test.get(&path, None).await;
    let post = &shown.json["post"];
    assert_eq!(
        (&post["title"], &post["content"]),
        (&json!("[deleted]"), &json!("[deleted]"))
    );
    assert_eq!(
        (&post["is_deleted"], &post["tags"]),
        (&json!(true), &json!([]))
    );
    let thread = test.get(&format!("{path}/comments"), None).await;
    assert_eq!(thread.json["comments"][0]["content"], "Where?");
    assert!(titles(&test.get(POSTS, None).await).is_empty());
    let history = test.get(&format!("{path}/history"), Some(&ada)).await;
    assert_eq!(history.json["count"], 0);
    let vote = test
        .post(&format!("{path}/upvote"), Some(&bo), json!({}))
        .await;
    assert_eq!(
        (vote.status, &vote.json["code"]),
        (StatusCode::CONFLICT, &json!("closed"))
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comments_are_edited_and_taken_back() {
    let test = TestApp::new().await;
    let (ada, bo) = (test.caller(0).await.token, test.caller(1).await.token);
    let id = publish(&test, &ada, json!({ "title": "Hello" })).await;
    let comments = format!("{POSTS}/{id}/comments");
    let first = test
        .post(&comments, Some(&bo), json!({ "content": "One" }))
        .await;
    let first = text(&first.json["comment"]["id"]);
    let answer = json!({ "content": "Two", "parent_id": first });
    test.post(&comments, Some(&ada), answer).await;
    let path = format!("/api/v1/comments/{first}");
    let edited = patch(
        &test,
        &path,
        &bo,
        json!({ "content": "Uno", "revision": 0 }),
    )
    .await;
    assert_eq!(edited.status, StatusCode::OK, "{edited:?}");
    assert_eq!(
        (
            &edited.json["comment"]["content"],
            &edited.json["comment"]["revision"]
        ),
        (&json!("Uno"), &json!(1))
    );
    let stale = patch(&test, &path, &bo, json!({ "content": "Un", "revision": 0 })).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let refused = patch(&test, &path, &ada, json!({ "content": "Mine" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let history = test.get(&format!("{path}/history"), None).await;
    assert_eq!(history.json["edits"][0]["content"], "One");
    test.post(&format!("{path}/upvote"), Some(&ada), json!({}))
        .await;
    let back = test
        .call(Method::DELETE, &format!("{path}/vote"), Some(&ada), None)
        .await;
    assert_eq!(back.json["action"], "removed", "{back:?}");
    let gone = test.call(Method::DELETE, &path, Some(&bo), None).await;
    assert_eq!(gone.status, StatusCode::OK, "{gone:?}");
    let thread = test.get(&comments, None).await;
    let top = &thread.json["comments"][0];
    assert_eq!(
        (&top["content"], &top["is_deleted"]),
        (&json!("[deleted]"), &json!(true))
    );
    assert_eq!(top["replies"][0]["content"], "Two");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_audience_holds_everywhere() {
    let test = TestApp::new().await;
    let (ada, bo, cy) = (
        test.caller(0).await.token,
        test.caller(1).await.token,
        test.caller(2).await.token,
    );
    let human = test.person(Role::Human).await.token;
    let staff = test.person(Role::Moderator).await.token;
    let one = test.resident_name(1);
    for (title, audience) in [
        ("For all", "public"),
        ("For agents", "agents"),
        ("For humans", "humans"),
        ("For one", &one),
    ] {
        let body = json!({ "submolt": "general", "title": title, "audience": audience });
        publish(&test, &ada, body).await;
    }
    let everything = ["For one", "For humans", "For agents", "For all"];
    for (who, token, seen) in [
        ("nobody", None, &everything[3..]),
        ("cy", Some(&cy), &everything[2..]),
        (
            "the one",
            Some(&bo),
            &["For one", "For agents", "For all"][..],
        ),
        ("a human", Some(&human), &["For humans", "For all"][..]),
        ("staff", Some(&staff), &everything[..]),
        ("its author", Some(&ada), &everything[..]),
    ] {
        let token = token.map(String::as_str);
        for list in [
            "/api/v1/posts?sort=new",
            "/api/v1/submolts/general/feed?sort=new",
            "/api/v1/posts?sort=rising",
        ] {
            let got = test.get(list, token).await;
            let mut found = titles(&got);
            let mut wanted: Vec<String> = seen.iter().map(|&it| it.to_owned()).collect();
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted, "{who} at {list}");
            if !list.contains("rising") {
                assert_eq!(got.json["total"], seen.len(), "{who} at {list}");
            }
        }
        let by = format!("/api/v1/posts?author={}", test.resident_name(0));
        assert_eq!(
            titles(&test.get(&by, token).await).len(),
            seen.len(),
            "{who}"
        );
        // By id it is as if it were not there, and so is all that hangs on it.
        let view = test.app.published.view();
        for post in view.posts.iter() {
            let status = match seen.contains(&post.title.as_str()) {
                true => StatusCode::OK,
                false => StatusCode::NOT_FOUND,
            };
            for path in ["", "/comments", "/history"] {
                let got = test.get(&format!("{POSTS}/{}{path}", post.id), token).await;
                assert_eq!(got.status, status, "{who}: {} {path}", post.title);
            }
        }
    }
    let hidden = test.app.published.view().posts.get(3).map(|post| post.id);
    let hidden = format!("{POSTS}/{}", hidden.expect("the fourth"));
    let said = json!({ "content": "Hm." });
    for (path, body) in [("comments", said), ("upvote", json!({}))] {
        let got = test
            .post(&format!("{hidden}/{path}"), Some(&cy), body)
            .await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{got:?}");
    }
    // Nobody perceives what is not for them.
    let seen = test.get("/api/v1/agents/me/perception", Some(&cy)).await;
    assert!(
        !seen.json.to_string().contains("For one") && !seen.json.to_string().contains("For humans")
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_stand_as_they_are_set() {
    let test = TestApp::new().await;
    let (ada, bo) = (test.caller(0).await.token, test.caller(1).await.token);
    let staff = test.person(Role::Moderator).await.token;
    let note = json!({ "title": "A question" });
    let made = test.post("/api/v1/board/posts", Some(&ada), note).await;
    let id = text(&made.json["post"]["id"]);
    let path = format!("{POSTS}/{id}");
    let status = |word: &str| json!({ "status": word });
    let set = test
        .post(&format!("{path}/status"), Some(&ada), status("resolved"))
        .await;
    assert_eq!(
        (set.status, &set.json["status"]),
        (StatusCode::OK, &json!("resolved"))
    );
    let said = test
        .post(
            &format!("{path}/comments"),
            Some(&bo),
            json!({ "content": "So?" }),
        )
        .await;
    assert_eq!(
        said.status,
        StatusCode::CREATED,
        "resolved posts take comments"
    );
    for (action, act) in [("pin", json!({})), ("lock", json!({}))] {
        let refused = test
            .post(&format!("{path}/{action}"), Some(&ada), act)
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{action}");
    }
    let moderate = format!("/api/v1/board/posts/{id}/moderate");
    let order = |action: &str| json!({ "action": action, "reason": "for the test" });
    let locked = test.post(&moderate, Some(&staff), order("lock")).await;
    assert_eq!(
        (locked.status, &locked.json["is_locked"]),
        (StatusCode::OK, &json!(true)),
        "{locked:?}"
    );
    let refused = test
        .post(
            &format!("{path}/comments"),
            Some(&bo),
            json!({ "content": "So?" }),
        )
        .await;
    assert_eq!(
        (refused.status, &refused.json["code"]),
        (StatusCode::CONFLICT, &json!("closed"))
    );
    test.post(&moderate, Some(&staff), order("remove")).await;
    let seen = test.get(&path, Some(&bo)).await;
    assert_eq!(seen.json["post"]["title"], "[removed]");
    assert!(titles(&test.get(POSTS, Some(&bo)).await).is_empty());
    assert_eq!(
        titles(&test.get(POSTS, Some(&ada)).await),
        ["A question"],
        "its author still finds it"
    );
    let refused = test
        .post(&format!("{path}/status"), Some(&ada), status("open"))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    test.post(&moderate, Some(&staff), order("restore")).await;
    assert_eq!(titles(&test.get(POSTS, Some(&bo)).await), ["A question"]);
    let refused = test.post(&moderate, Some(&bo), order("remove")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_refused_with_the_reason() {
    let test = TestApp::new().await;
    let ada = test.caller(0).await.token;
    for body in [
        json!({ "title": "x".repeat(301) }),
        json!({ "title": "zero\u{200B}width" }),
        json!({ "title": "\u{202E}gnihtemos" }),
        json!({ "title": "two\nlines" }),
        json!({ "title": "t", "url": "javascript:alert(1)" }),
        json!({ "title": "t", "url": "https://user:secret@example.org" }),
        json!({ "title": "t", "flair": "x".repeat(41) }),
        json!({ "title": "t", "tags": ["a/b"] }),
    ] {
        let got = test.post(POSTS, Some(&ada), body.clone()).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{body}: {got:?}");
    }
    let many = json!({ "title": "t", "tags": vec!["a"; 9] });
    let got = test.post(POSTS, Some(&ada), many).await;
    assert_eq!(got.json["code"], "limit", "{got:?}");
    let nobody = json!({ "title": "t", "audience": "nobody_at_all" });
    let got = test.post(POSTS, Some(&ada), nobody).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    let id = publish(&test, &ada, json!({ "title": "t" })).await;
    let got = patch(&test, &format!("{POSTS}/{id}"), &ada, json!({})).await;
    assert_eq!(got.json["code"], "invalid");
    let cursor = test
        .get(&format!("{POSTS}/{id}/history?cursor=forged"), None)
        .await;
    assert_eq!(cursor.status, StatusCode::BAD_REQUEST, "{cursor:?}");
    test.stop().await;
}

/// Random clients at once; afterwards every counter is the sum of what it counts, in the world and in the store, and nothing hidden is in any list.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn random_clients_leave_a_board_that_adds_up() {
    let test = TestApp::new().await;
    let mut tokens = Vec::new();
    for no in 0..4 {
        tokens.push(test.caller(no).await.token);
    }
    for _ in 0..2 {
        tokens.push(test.person(Role::Human).await.token);
    }
    let mut ids = Vec::new();
    for (no, token) in tokens.iter().enumerate() {
        let audience = ["public", "agents", "humans"][no % 3];
        let body =
            json!({ "submolt": "general", "title": format!("Post {no}"), "audience": audience });
        ids.push(publish(&test, token, body).await);
    }
    let clients = (0_u64..)
        .zip(&tokens)
        .map(|(seed, token)| client(&test, token, seed, &ids));
    futures_util::future::join_all(clients).await;

    let view = test.app.published.view();
    let mut karma = std::collections::BTreeMap::<AgentId, i64>::new();
    for post in view.posts.iter() {
        let row = test
            .app
            .store
            .post_texts(&[post.id])
            .await
            .expect("readable")
            .pop();
        let row = row.expect("every post has a row");
        assert_eq!(
            (row.up, row.down),
            (i64::from(post.up), i64::from(post.down))
        );
        let comments = test.app.store.comments_of(post.id, 0, 10_000).await;
        assert_eq!(comments.expect("readable").len(), post.comments as usize);
        let details = test
            .app
            .store
            .posts_details(&[post.id])
            .await
            .expect("readable")
            .pop();
        let details = details.expect("every post has a row");
        assert_eq!(
            (details.revision, details.deleted),
            (i64::from(post.revision), i64::from(post.deleted))
        );
        assert_eq!(details.status, post.status.as_str());
        let author = post.author.expect("nobody posts for the town here");
        *karma.entry(author).or_default() += i64::from(post.up) - i64::from(post.down);
    }
    for comment in view.comments.iter() {
        let row = test
            .app
            .store
            .comment_texts(&[comment.id])
            .await
            .expect("readable")
            .pop();
        let row = row.expect("every comment has a row");
        assert_eq!(
            (row.up, row.down),
            (i64::from(comment.up), i64::from(comment.down))
        );
        *karma.entry(comment.author).or_default() +=
            i64::from(comment.up) - i64::from(comment.down);
    }
    for (author, sum) in karma {
        let no = test
            .app
            .ids
            .number(author)
            .and_then(|no| u32::try_from(no).ok());
        let member = no.and_then(|no| view.member(no)).expect("all are there");
        assert_eq!(member.standing().karma, sum, "{}", member.name());
    }
    assert!(
        view.comments.len() > 10 && view.posts.iter().any(|post| post.up > 0),
        "nothing happened"
    );
    nothing_hidden(&test, &tokens).await;
    // What the image says of all that is what goes on.
    let before: Vec<PostView> = view
        .posts
        .iter()
        .map(|post| PostView::clone(post))
        .collect();
    let folder = test.stop().await;
    let test = TestApp::open(folder, Default::default()).await;
    let view = test.app.published.view();
    let after: Vec<PostView> = view
        .posts
        .iter()
        .map(|post| PostView::clone(post))
        .collect();
    assert_eq!(before, after);
    test.stop().await;
}

/// One client's forty steps, chosen by a little generator.
async fn client(test: &TestApp, token: &str, seed: u64, posts: &[String]) {
    let mut state = seed + 1;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut own: Vec<String> = Vec::new();
    for step in 0..40 {
        let post = format!("{POSTS}/{}", posts[next(posts.len())]);
        let token = Some(token);
        match next(8) {
            0 | 1 => drop(test.post(&format!("{post}/upvote"), token, json!({})).await),
            2 => drop(
                test.post(&format!("{post}/downvote"), token, json!({}))
                    .await,
            ),
            3 => drop(
                test.call(Method::DELETE, &format!("{post}/vote"), token, None)
                    .await,
            ),
            4 | 5 => {
                let said = json!({ "content": format!("Words {seed} {step}") });
                let got = test.post(&format!("{post}/comments"), token, said).await;
                if got.status == StatusCode::CREATED {
                    own.push(text(&got.json["comment"]["id"]));
                }
            }
            6 => {
                let edit = json!({ "content": format!("Edited {seed} {step}") });
                drop(test.call(Method::PATCH, &post, token, Some(edit)).await);
            }
            _ => {
                if let Some(comment) = own.pop() {
                    let path = format!("/api/v1/comments/{comment}");
                    drop(test.call(Method::DELETE, &path, token, None).await);
                }
            }
        }
    }
}

/// No list shows what its reader may not know of.
async fn nothing_hidden(test: &TestApp, tokens: &[String]) {
    let view = test.app.published.view();
    let mut readers = vec![(None, Reader::Anonymous)];
    for (no, token) in tokens.iter().enumerate() {
        let member = match no {
            0..4 => Reader::Agent(test.resident(no as u64)),
            _ => Reader::Person(view.people.get(no - 4).map(|person| person.id)),
        };
        readers.push((Some(token.as_str()), member));
    }
    for (token, reader) in readers {
        let seen = test.get("/api/v1/posts?sort=new&limit=100", token).await;
        let found: Vec<String> = seen.json["posts"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|post| text(&post["id"]))
            .collect();
        let visible = view.posts.iter().filter(|post| post.visible_to(&reader));
        let mut wanted: Vec<String> = visible.map(|post| post.id.to_string()).collect();
        wanted.reverse();
        assert_eq!(found, wanted, "{reader:?}");
    }
}
