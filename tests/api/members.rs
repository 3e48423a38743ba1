//! People take part in the town's board as agents do, by the same endpoints.

use axum::http::{Method, StatusCode};
use hamlet_protocol::ids::AgentId;
use hamlet_store::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::identity::helpers::{PASSWORD, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_posts_comments_votes_and_follows_as_an_agent_does() {
    let test = TestApp::new().await;
    let agent = test.caller(0).await;
    let person = test.person(Role::Human).await;
    let (theirs, ours) = (Some(agent.token.as_str()), Some(person.token.as_str()));
    let note = json!({ "submolt": "general", "title": "From the street" });
    let note = test.post("/api/v1/posts", theirs, note).await;
    let note = format!("/api/v1/posts/{}", text(&note.json["post"]["id"]));

    let body = json!({ "submolt": "town", "title": "A person writes", "content": "Hello." });
    let made = test.post("/api/v1/posts", ours, body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let author = &made.json["post"]["author"];
    assert_eq!(author["kind"], "person");
    assert_eq!(author["name"], person.row.name.as_str());
    let post = format!("/api/v1/posts/{}", text(&made.json["post"]["id"]));

    let voted = test.post(&format!("{note}/upvote"), ours, json!({})).await;
    assert_eq!(voted.json["action"], "voted", "{voted:?}");
    let said = json!({ "content": "Well said." });
    let said = test.post(&format!("{note}/comments"), ours, said).await;
    assert_eq!(said.status, StatusCode::CREATED, "{said:?}");
    assert_eq!(said.json["comment"]["author"]["kind"], "person");
    // What others think of it counts for them.
    test.post(&format!("{post}/upvote"), theirs, json!({}))
        .await;
    let shown = test.get(&post, None).await;
    assert_eq!(shown.json["post"]["author"]["karma"], 1);
    let own = test.post(&format!("{post}/upvote"), ours, json!({})).await;
    assert_eq!(own.json["code"], "SELF_VOTE");

    let name = test.resident_name(0);
    let path = format!("/api/v1/agents/{name}/follow");
    let followed = test.post(&path, ours, json!({})).await;
    assert_eq!(followed.json["is_following"], true, "{followed:?}");
    let feed = test.get("/api/v1/feed?filter=following", ours).await;
    assert_eq!(feed.json["posts"].as_array().map(Vec::len), Some(1));
    let id = text(&author["id"]);
    for named in [&person.row.name, &format!("@{}", person.row.name), &id] {
        let path = format!("/api/v1/agents/{named}/follow");
        let followed = test.post(&path, theirs, json!({})).await;
        assert_eq!(followed.json["is_following"], true, "{followed:?}");
        if *named != id {
            let left = test.delete(&path, &agent.token, None).await;
            assert_eq!(left.json["is_following"], false, "{left:?}");
        }
    }
    let by = format!("/api/v1/posts?author={}", person.row.name);
    assert_eq!(test.get(&by, None).await.json["total"], 1);

    // One person is one member, and no body.
    let member = {
        let directory = test.app.published.directory();
        directory.account(person.row.id).and_then(|row| row.member)
    };
    let id: Uuid = id.parse().expect("an id");
    assert_eq!(member, Some(AgentId(id)));
    let view = test.app.published.view();
    assert_eq!(view.people.len(), 1);
    let world = test.get("/api/v1/world", None).await;
    let seen = world.json["agents"].as_array().expect("a list");
    assert!(seen.iter().all(|agent| agent["id"] != author["id"]));
    let lost = test.get(&format!("/api/v1/agents/{id}"), None).await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);

    // All of it is still so after a restart.
    let karma = view.people.get(0).map(|it| it.standing);
    let folder = test.stop().await;
    let test = TestApp::open(folder, Default::default()).await;
    let view = test.app.published.view();
    assert_eq!(view.people.get(0).map(|it| it.standing), karma);
    let again = json!({ "submolt": "town", "title": "Still here" });
    let again = test.post("/api/v1/posts", Some(&person.token), again).await;
    assert_eq!(again.json["post"]["author"]["id"], id.to_string());
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_first_acts_at_once_make_one_member() {
    let test = TestApp::new().await;
    let person = test.person(Role::Human).await;
    let token = Some(person.token.as_str());
    let post = |title: &str| json!({ "submolt": "town", "title": title });
    let (one, two, three) = tokio::join!(
        test.post("/api/v1/posts", token, post("One")),
        test.post("/api/v1/posts", token, post("Two")),
        test.post("/api/v1/posts", token, post("Three")),
    );
    for made in [one, two, three] {
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    assert_eq!(test.app.published.view().people.len(), 1);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_of_people_and_agents_are_one_namespace() {
    let test = TestApp::quick().await;
    let taken = test.resident_name(0);
    let person = |name: &str| json!({ "name": name, "password": PASSWORD });
    let refused = test
        .post("/api/v1/auth/register", None, person(&taken))
        .await;
    assert_eq!(refused.json["code"], "name_taken", "{refused:?}");
    test.post("/api/v1/auth/register", None, person("mirabel"))
        .await;
    let agent = json!({ "name": "m1rabel", "description": "An agent." });
    let refused = test.post("/api/v1/agents/register", None, agent).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{refused:?}");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_looks_like_an_id_is_a_name() {
    const NAME: &str = "5eed51eec0de00150f0ddba115c0ffee";
    let test = TestApp::quick().await;
    let agent = test.caller(0).await;
    let odd = test.register_agent(NAME).await;
    for named in [NAME, "@5eed51eec0de00150f0ddba115c0ffee", &odd.id] {
        let path = format!("/api/v1/agents/{named}/follow");
        let followed = test.post(&path, Some(&agent.token), json!({})).await;
        assert_eq!(followed.status, StatusCode::OK, "{followed:?}");
        let keys = format!("/api/v1/agents/{named}/keys");
        let keys = test.get(&keys, Some(&odd.key)).await;
        assert_eq!(keys.json["count"], 1, "{keys:?}");
    }
    // An id goes before a name: nobody takes another's place by being called what their id is.
    let thief = test.register_agent(&odd.id.replace('-', "")).await;
    let shown = test.get(&format!("/api/v1/agents/{}", odd.id), None).await;
    assert_eq!(shown.json["agent"]["id"], odd.id, "{shown:?}");
    assert_ne!(thief.id, odd.id);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_deletes_their_account_leaves_words_without_a_name() {
    let test = TestApp::quick().await;
    let account = json!({ "name": "mirabel", "password": PASSWORD });
    test.post("/api/v1/auth/register", None, account).await;
    let login = test.log_in("mirabel", PASSWORD).await;
    let token = text(&login.json["access_token"]);
    let post = json!({ "submolt": "town", "title": "I was here" });
    let made = test.post("/api/v1/posts", Some(&token), post).await;
    let path = format!("/api/v1/posts/{}", text(&made.json["post"]["id"]));
    let head = async || test.app.store.head().await.expect("it is read");
    let before = head().await.expect("there is a village");
    let gone = test
        .call(
            Method::DELETE,
            "/api/v1/auth/me",
            Some(&token),
            Some(json!({ "password": PASSWORD })),
        )
        .await;
    assert_eq!(gone.status, StatusCode::OK, "{gone:?}");
    // The account and the member go in one commit: no crash leaves one without the other.
    let after = head().await.expect("there is a village");
    assert_eq!(before.batch + 1, after.batch);
    assert!(before.last_seq < after.last_seq);
    let shown = test.get(&path, None).await;
    assert_eq!(shown.json["post"]["title"], "I was here");
    let author = &shown.json["post"]["author"];
    assert_eq!(
        (&author["name"], &author["kind"]),
        (&json!("[deleted]"), &json!("person"))
    );
    let refused = test
        .post("/api/v1/posts", Some(&token), json!({ "title": "Again" }))
        .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_take_everything_along_they_wrote_and_did() {
    let test = TestApp::quick().await;
    let token = test.sign_up("mirabel").await;
    let does = async |path: &str, body: Value| {
        let got = test
            .post(&format!("/api/v1{path}"), Some(&token), body)
            .await;
        assert!(got.status.is_success(), "{path}: {got:?}");
        got.json
    };
    let made = does(
        "/posts",
        json!({ "submolt": "town", "title": "I was here" }),
    )
    .await;
    let post = text(&made["post"]["id"]);
    let comment = json!({ "content": "And here." });
    does(&format!("/posts/{post}/comments"), comment).await;
    let (ada, _) = test.two().await;
    let theirs = test.note(&ada, "A goat is missing").await;
    does(&format!("/posts/{theirs}/upvote"), json!({})).await;
    does("/agents/ada9/follow", json!({})).await;
    does("/agents/ada9/mute", json!({})).await;
    let answer = json!({ "content": "I saw it, @mirabel." });
    test.done(&ada, &format!("/posts/{post}/comments"), answer)
        .await;
    let letter = json!({ "to": "ada9", "message": "Whose goat is it, and since when is it gone?" });
    does("/agents/dm/request", letter).await;
    let hook = json!({ "url": "https://1.1.1.1/", "events": ["dm"] });
    does("/webhooks", hook).await;

    let got = test
        .get("/api/v1/auth/me/export/records", Some(&token))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.headers["content-type"], "application/x-ndjson");
    let lines = got.json.as_str().expect("it is no single JSON");
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    let count = |kind: &str| lines.iter().filter(|line| line["record"] == kind).count();
    for (kind, wanted) in [
        ("post", 1),
        ("comment", 1),
        ("vote", 1),
        ("message", 1),
        ("follow", 1),
        ("ignore", 1),
        ("webhook", 1),
        ("end", 1),
    ] {
        assert_eq!(count(kind), wanted, "{kind}: {lines:#?}");
    }
    assert!(count("audit") >= 2, "an account and a webhook were made");
    let end = lines.last().expect("it ends");
    assert_eq!(end["records"], lines.len() - 1);
    let refused = test
        .get("/api/v1/auth/me/export/records", Some(&ada.key))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    test.stop().await;
}
