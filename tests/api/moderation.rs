//! Reports, the queue, what moderators do, appeals, filters.

use axum::http::{Method, StatusCode};
use hamlet_store::Role;
use serde_json::{Value, json};

use crate::app::{Got, TestApp};
use crate::callers::TestPerson;
use crate::economy::pay;

/// An agent that registered itself.
struct Member {
    token: String,
}

/// Wherever one finds posts of the author's.
const LISTS: [&str; 12] = [
    "/posts?sort=new",
    "/posts?sort=hot",
    "/posts?sort=top",
    "/posts?sort=rising",
    "/posts?author=author",
    "/posts?submolt=general",
    "/submolts/general/feed",
    "/feed",
    "/feed?sort=new",
    "/feed/trending",
    "/agents/author",
    "/search?q=something+rude",
];

struct Town {
    test: TestApp,
    author: Member,
    reader: Member,
    staff: TestPerson,
    other: TestPerson,
}

impl Town {
    async fn new() -> Self {
        let test = TestApp::new().await;
        let author = test.register_agent("author").await.key;
        let reader = test.register_agent("reader").await.key;
        let (author, reader) = (Member { token: author }, Member { token: reader });
        let (staff, other) = (
            test.person(Role::Moderator).await,
            test.person(Role::Admin).await,
        );
        Self {
            test,
            author,
            reader,
            staff,
            other,
        }
    }

    async fn send(&self, token: &str, path: &str, body: Value) -> Got {
        self.test
            .post(&format!("/api/v1{path}"), Some(token), body)
            .await
    }

    async fn get(&self, token: Option<&str>, path: &str) -> Got {
        self.test.get(&format!("/api/v1{path}"), token).await
    }

    /// A post of the author's.
    async fn post(&self) -> String {
        let body = json!({ "submolt": "general", "title": "Something rude" });
        let got = self.send(&self.author.token, "/posts", body).await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        word(&got.json["post"]["id"])
    }

    /// The lists in which somebody finds this post.
    async fn lists_with(&self, token: Option<&str>, post: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        for list in LISTS {
            let got = self.get(token, list).await;
            assert_eq!(got.status, StatusCode::OK, "{list}: {got:?}");
            if got.json.to_string().contains(post) {
                found.push(list);
            }
        }
        found
    }

    async fn action(&self, token: &str, body: Value) -> Got {
        self.send(token, "/moderation/actions", body).await
    }
}

fn word(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

fn code(got: &Got) -> (u16, &str) {
    (
        got.status.as_u16(),
        got.json["code"].as_str().unwrap_or_default(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_goes_through_the_queue() {
    let town = Town::new().await;
    let post = town.post().await;
    let path = format!("/posts/{post}/report");
    let why = json!({ "reason": "It is rude." });
    let got = town.send(&town.reader.token, &path, why.clone()).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let case = word(&got.json["case_id"]);
    assert_eq!(
        code(&town.send(&town.reader.token, &path, why.clone()).await),
        (409, "already")
    );
    assert_eq!(
        code(&town.send(&town.author.token, &path, why).await),
        (400, "invalid")
    );
    assert_eq!(
        code(
            &town
                .send(&town.reader.token, &path, json!({ "reason": "" }))
                .await
        ),
        (400, "invalid")
    );
    // Who moderates nothing sees no queue.
    let queue = "/moderation/queue?state=open";
    assert_eq!(
        code(&town.get(Some(&town.reader.token), queue).await),
        (403, "forbidden")
    );
    let got = town.get(Some(&town.staff.token), queue).await;
    assert_eq!(got.json["count"], 1, "{got:?}");
    let first = &got.json["cases"][0];
    assert_eq!(
        (&first["subject"], &first["reports"]),
        (&json!(post), &json!(1))
    );
    assert_eq!(
        first["reason"],
        json!({ "untrusted": true, "text": "It is rude." })
    );
    let work = format!("/moderation/queue/{case}");
    for (token, step, wanted) in [
        (&town.staff.token, "claim", (200, "")),
        (&town.other.token, "resolve", (403, "forbidden")),
        (&town.staff.token, "resolve", (200, "")),
        (&town.staff.token, "claim", (409, "already")),
    ] {
        let got = town
            .send(token, &work, json!({ "step": step, "note": "Seen." }))
            .await;
        assert_eq!(code(&got), wanted, "{step}: {got:?}");
    }
    assert_eq!(
        town.get(Some(&town.staff.token), queue).await.json["count"],
        0
    );
    let got = town.get(Some(&town.staff.token), &work).await;
    assert_eq!(
        (&got.json["case"]["state"], &got.json["case"]["note"]),
        (&json!("resolved"), &json!("Seen."))
    );
    town.test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_removed_is_in_no_list_and_an_appeal_brings_it_back() {
    let town = Town::new().await;
    let post = town.post().await;
    assert_eq!(town.lists_with(None, &post).await, LISTS);
    let reader = Some(&*town.reader.token);
    assert_eq!(town.lists_with(reader, &post).await, LISTS);
    let body =
        json!({ "action": "remove", "subject_kind": "post", "subject": post, "reason": "Rude." });
    assert_eq!(
        code(&town.action(&town.reader.token, body.clone()).await),
        (403, "forbidden")
    );
    let got = town.action(&town.staff.token, body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    let action = word(&got.json["action"]["id"]);
    let at = format!("/moderation/actions/{action}");
    assert_eq!(got.headers["location"], format!("/api/v1{at}"));
    let one = format!("/posts/{post}");
    for token in [None, Some(&*town.reader.token)] {
        // By its id it says that it was taken away, and nothing of what it said.
        let got = town.get(token, &one).await;
        let shown = &got.json["post"];
        assert_eq!(shown["status"], "moderated", "{got:?}");
        assert_eq!(
            (&shown["title"], &shown["content"]),
            (&json!("[removed]"), &json!("[removed]"))
        );
        assert!(!got.json.to_string().contains("rude"), "{got:?}");
        assert_eq!(town.lists_with(token, &post).await, [""; 0]);
    }
    assert_eq!(
        town.get(Some(&town.author.token), &one).await.status,
        StatusCode::OK
    );
    assert_eq!(
        town.get(Some(&town.staff.token), &one).await.status,
        StatusCode::OK
    );
    // The author reads why, the reader learns nothing.
    let standing = town
        .get(Some(&town.author.token), "/agents/me/standing")
        .await;
    assert_eq!(
        standing.json["actions"][0]["reason"], "Rude.",
        "{standing:?}"
    );
    assert_eq!(standing.json["may_speak"], true);
    assert_eq!(
        code(&town.get(Some(&town.reader.token), &at).await),
        (404, "not_found")
    );
    let appeal = json!({ "text": "It was a joke." });
    let path = format!("{at}/appeal");
    assert_eq!(
        code(&town.send(&town.reader.token, &path, appeal.clone()).await),
        (404, "not_found")
    );
    assert_eq!(
        town.send(&town.author.token, &path, appeal.clone())
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(
        code(&town.send(&town.author.token, &path, appeal).await),
        (409, "already")
    );
    let waiting = town
        .get(
            Some(&town.other.token),
            "/moderation/actions?appeal=waiting",
        )
        .await;
    assert_eq!(waiting.json["count"], 1, "{waiting:?}");
    let path = format!("{at}/decide");
    let decision = json!({ "granted": true, "note": "It was one." });
    assert_eq!(
        code(&town.send(&town.staff.token, &path, decision.clone()).await),
        (403, "forbidden")
    );
    let got = town.send(&town.other.token, &path, decision).await;
    assert_eq!(got.json["action"]["appeal"], "granted", "{got:?}");
    let got = town.get(None, &one).await;
    assert_eq!(got.json["post"]["title"], "Something rude", "{got:?}");
    assert_eq!(town.lists_with(None, &post).await, LISTS);
    town.test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ban_outlives_a_restart_and_ends_by_itself() {
    let town = Town::new().await;
    let body = json!({ "action": "ban", "subject_kind": "agent", "subject": "author", "hours": 2, "reason": "Rude." });
    let got = town.action(&town.staff.token, body).await;
    assert_eq!(got.json["action"]["in_force"], true, "{got:?}");
    let say = json!({ "submolt": "general", "title": "Let me in" });
    assert_eq!(
        code(&town.send(&town.author.token, "/posts", say.clone()).await),
        (403, "barred")
    );
    let standing = town
        .get(Some(&town.author.token), "/agents/me/standing")
        .await;
    assert_eq!(standing.json["may_speak"], false, "{standing:?}");
    let again = TestApp::open(
        town.test.stop().await,
        hamlet_api::config::ApiConfig::default(),
    )
    .await;
    let key = Some(&*town.author.token);
    assert_eq!(
        code(&again.post("/api/v1/posts", key, say.clone()).await),
        (403, "barred")
    );
    again.clock.pass_secs(2 * 3_600);
    let got = again.post("/api/v1/posts", key, say).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_are_kept_end_with_a_quarantine_that_ends_by_itself() {
    let town = Town::new().await;
    let post = town.post().await;
    let body = json!({ "action": "quarantine", "subject_kind": "agent", "subject": "author", "hours": 2, "reason": "Rude." });
    let got = town.action(&town.staff.token, body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    for _ in 0..2 {
        assert_eq!(town.lists_with(None, &post).await, [""; 0]);
    }
    // From here on nothing happens but that time passes.
    town.test.clock.pass_secs(2 * 3_600 + 1);
    town.test.tick(2).await;
    assert_eq!(town.lists_with(None, &post).await, LISTS);
    town.test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moderators_of_a_community_act_in_theirs_alone() {
    let town = Town::new().await;
    let made = town
        .send(&town.reader.token, "/submolts", json!({ "name": "goats" }))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let mute = |submolt: Option<&str>| json!({ "action": "mute", "subject_kind": "agent", "subject": "author", "submolt": submolt, "reason": "Bleats." });
    let me = &town.reader.token;
    assert_eq!(code(&town.action(me, mute(None)).await), (403, "forbidden"));
    assert_eq!(
        code(&town.action(me, mute(Some("general"))).await),
        (403, "forbidden")
    );
    assert_eq!(
        town.action(me, mute(Some("goats"))).await.status,
        StatusCode::CREATED
    );
    let say = |submolt: &str| json!({ "submolt": submolt, "title": "Hello" });
    assert_eq!(
        code(&town.send(&town.author.token, "/posts", say("goats")).await),
        (403, "barred")
    );
    assert_eq!(
        town.send(&town.author.token, "/posts", say("general"))
            .await
            .status,
        StatusCode::CREATED
    );
    assert_eq!(
        town.get(Some(me), "/moderation/actions?submolt=goats")
            .await
            .json["count"],
        1
    );
    assert_eq!(
        code(&town.get(Some(me), "/moderation/actions").await),
        (403, "forbidden")
    );
    town.test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_and_filtered_words_never_get_on_the_board() {
    let town = Town::new().await;
    let key = format!("hamlet_sk_{}", "aB3dE6gH9jK".repeat(4));
    let got = town
        .send(
            &town.author.token,
            "/posts",
            json!({ "submolt": "general", "title": "Look", "content": key }),
        )
        .await;
    assert_eq!(code(&got), (400, "secret"), "{got:?}");
    assert!(!got.json.to_string().contains(&key[10..]));
    let filters =
        json!({ "filters": [{ "kind": "word", "text": "cheap goats", "action": "refuse" }] });
    let path = "/api/v1/moderation/filters";
    let put = |token: String, body: Value| {
        let test = &town.test;
        async move { test.call(Method::PUT, path, Some(&token), Some(body)).await }
    };
    assert_eq!(
        put(town.staff.token.clone(), filters.clone()).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        put(town.other.token.clone(), filters.clone()).await.status,
        StatusCode::OK
    );
    let bad =
        json!({ "filters": [{ "kind": "link", "text": "https://x.example", "action": "hold" }] });
    assert_eq!(
        code(&put(town.other.token.clone(), bad).await),
        (400, "invalid")
    );
    let got = town
        .get(Some(&town.staff.token), "/moderation/filters")
        .await;
    assert_eq!(got.json["filters"][0]["text"], "cheap goats", "{got:?}");
    let got = town
        .send(
            &town.author.token,
            "/posts",
            json!({ "submolt": "general", "title": "CHEAP goats!" }),
        )
        .await;
    assert_eq!(code(&got), (400, "filtered"), "{got:?}");
    town.test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moderators_do_to_a_post_is_audited_told_and_can_be_appealed() {
    let town = Town::new().await;
    let (owner, author) = (&town.reader.token, &town.author.token);
    town.send(owner, "/submolts", json!({ "name": "goats" }))
        .await;
    let say = json!({ "submolt": "goats", "title": "Something rude" });
    let made = town.send(author, "/posts", say).await;
    let post = word(&made.json["post"]["id"]);
    let path = format!("/board/posts/{post}/moderate");
    let order = |action: &str| json!({ "action": action, "reason": "It bleats." });
    let status = format!("/posts/{post}/status");
    let closed = town
        .send(author, &status, json!({ "status": "closed" }))
        .await;
    assert_eq!(closed.status, StatusCode::OK, "{closed:?}");
    let got = town.send(owner, &path, order("remove")).await;
    assert_eq!(got.json["status"], "moderated", "{got:?}");
    let standing = town.get(Some(author), "/agents/me/standing").await;
    let action = &standing.json["actions"][0];
    assert_eq!(action["reason"], "It bleats.", "{standing:?}");
    let told = town.get(Some(author), "/notifications").await;
    assert!(told.json.to_string().contains("It bleats."), "{told:?}");
    let at = format!("/moderation/actions/{}", word(&action["id"]));
    let appeal = json!({ "text": "It was a joke." });
    let got = town.send(author, &format!("{at}/appeal"), appeal).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let decide = format!("{at}/decide");
    let granted = json!({ "granted": true, "note": "It was one." });
    assert_eq!(
        code(&town.send(owner, &decide, granted.clone()).await),
        (403, "forbidden")
    );
    let got = town.send(&town.staff.token, &decide, granted).await;
    assert_eq!(got.json["action"]["appeal"], "granted", "{got:?}");
    let got = town.get(None, &format!("/posts/{post}")).await;
    assert_eq!(
        got.json["post"]["status"], "closed",
        "as it stood before: {got:?}"
    );
    // What staff did stands above them.
    let got = town.send(&town.staff.token, &path, order("remove")).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(
        code(&town.send(owner, &path, order("restore")).await),
        (403, "forbidden")
    );
    let audit = town
        .get(Some(&town.other.token), "/admin/audit?limit=100")
        .await;
    assert!(audit.json.to_string().contains("It bleats."), "{audit:?}");
    town.test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_decide_nothing_about_themselves() {
    let town = Town::new().await;
    let (staff, other) = (&town.staff.token, &town.other.token);
    let say = json!({ "submolt": "general", "title": "By staff" });
    let post = word(&town.send(staff, "/posts", say).await.json["post"]["id"]);
    let remove =
        json!({ "action": "remove", "subject_kind": "post", "subject": post, "reason": "No." });
    let done = town.action(other, remove).await;
    let at = format!("/moderation/actions/{}", word(&done.json["action"]["id"]));
    let appeal = json!({ "text": "Why?" });
    let got = town.send(staff, &format!("{at}/appeal"), appeal).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let granted = json!({ "granted": true });
    let why = json!({ "reason": "I like it." });
    for (path, body) in [("decide", granted), ("lift", why.clone())] {
        let got = town.send(staff, &format!("{at}/{path}"), body).await;
        assert_eq!(code(&got), (403, "forbidden"), "{path}: {got:?}");
    }
    let got = town.send(other, &format!("{at}/lift"), why).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    town.test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispute_waits_in_the_queue_until_it_is_settled() {
    let test = TestApp::new().await;
    let [ada, bo, cy] = [
        test.newcomer("Ada", None).await,
        test.newcomer("Bo", None).await,
        test.newcomer("Cy", None).await,
    ];
    let staff = test.person(Role::Moderator).await;
    let new = json!({ "title": "Paint the fence", "text": "Blue.", "reward": 10 });
    let reason = json!({ "reason": "It is green." });
    let done = json!({ "deliverable": "See the fence." });
    for (path, who, body) in [
        ("/bounties", &ada, new),
        ("/bounties/0/claim", &bo, json!({})),
        ("/bounties/0/submit", &bo, done),
        ("/bounties/0/dispute", &ada, reason.clone()),
    ] {
        let got = pay(&test, path, &who.key, path, body).await;
        assert!(got.status.is_success(), "{path}: {got:?}");
    }
    let report = "/api/v1/bounties/0/report";
    let got = test.post(report, Some(&cy.key), reason.clone()).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(
        code(&test.post(report, Some(&cy.key), reason.clone()).await),
        (409, "already")
    );
    assert_eq!(
        code(&test.post(report, Some(&ada.key), reason.clone()).await),
        (400, "invalid")
    );
    let nowhere = "/api/v1/bounties/1/report";
    assert_eq!(
        code(&test.post(nowhere, Some(&cy.key), reason).await),
        (404, "not_found")
    );
    let queue = "/api/v1/moderation/queue?kind=bounty&state=open";
    let got = test.get(queue, Some(&staff.token)).await;
    let case = &got.json["cases"][0];
    assert_eq!(got.json["count"], 1, "{got:?}");
    assert_eq!(
        (&case["subject"], &case["reports"], &case["member_id"]),
        (&json!("0"), &json!(1), &json!(ada.id.0))
    );
    let id = word(&case["id"]);
    let work = format!("/api/v1/moderation/queue/{id}");
    let step = json!({ "step": "resolve" });
    let got = test.post(&work, Some(&staff.token), step).await;
    assert_eq!(code(&got), (403, "forbidden"));
    let half = json!({ "permille": 500, "reason": "Half of it is blue." });
    let got = pay(&test, "/bounties/0/settle", &staff.token, "settle", half).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    let got = test.get(&work, Some(&staff.token)).await;
    let case = &got.json["case"];
    assert_eq!(
        (&case["state"], &case["note"], &case["moderator"]),
        (
            &json!("resolved"),
            &json!("Half of it is blue."),
            &json!(format!("person:{}", staff.row.id))
        )
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bounty_that_is_removed_is_found_by_those_who_have_part_in_it_alone() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let bo = test.newcomer("Bo", None).await;
    let staff = test.person(Role::Moderator).await;
    let new = json!({ "title": "Something rude", "text": "Very.", "reward": 10 });
    let got = pay(&test, "/bounties", &ada.key, "b", new).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    let action = |action: &str| json!({ "action": action, "subject_kind": "bounty", "subject": "0", "reason": "Rude." });
    let actions = "/api/v1/moderation/actions";
    assert_eq!(
        code(&test.post(actions, Some(&bo.key), action("remove")).await),
        (403, "forbidden")
    );
    let got = test
        .post(actions, Some(&staff.token), action("remove"))
        .await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    let (one, all) = ("/api/v1/bounties/0", "/api/v1/bounties");
    for token in [None, Some(&*bo.key)] {
        assert_eq!(code(&test.get(one, token).await), (404, "not_found"));
        assert_eq!(test.get(all, token).await.json["count"], 0);
    }
    for token in [&*ada.key, &*staff.token] {
        let got = test.get(one, Some(token)).await;
        assert_eq!(
            (&got.json["bounty"]["removed"], &got.json["bounty"]["state"]),
            (&json!(true), &json!("refunded")),
            "{got:?}"
        );
        assert_eq!(test.get(all, Some(token)).await.json["count"], 1);
    }
    let balance = test.get("/api/v1/economy/balance/Ada", None).await;
    assert_eq!(balance.json["balance"], "25");
    // It is a measure like others: its author reads why, and all of it outlives a restart.
    let standing = test.get("/api/v1/agents/me/standing", Some(&ada.key)).await;
    assert_eq!(standing.json["actions"][0]["reason"], "Rude.");
    let folder = test.stop().await;
    let test = TestApp::open(folder, hamlet_api::config::ApiConfig::default()).await;
    assert_eq!(code(&test.get(one, None).await), (404, "not_found"));
    let staff = test.person(Role::Moderator).await;
    let got = test
        .post(actions, Some(&staff.token), action("restore"))
        .await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    assert_eq!(
        test.get(one, None).await.json["bounty"]["title"],
        "Something rude"
    );
    test.stop().await;
}
