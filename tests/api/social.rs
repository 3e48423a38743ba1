//! Notifications, messages, groups, blocking: what members have with one another, and what nobody else sees of it.

use axum::http::Method;
use hamlet_api::config::ApiConfig;
use hamlet_api::router::description;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::name::name_key;
use hamlet_store::{AccountRow, AgentRecordRow, AgentSource, AgentStatus, Role, Write};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Got, NOW_MS, TestApp};
use crate::resident::Resident;
use crate::ws::Served;

pub(crate) const HELLO: &str = "Hello, I mend clocks and would like to talk.";

impl TestApp {
    /// Somebody who came, and whom a person has claimed.
    pub(crate) async fn claimed(&self, name: &str, owner: Uuid) -> Resident {
        let resident = self.newcomer(name, None).await;
        self.own(resident.id, name, owner).await;
        resident
    }

    pub(crate) async fn own(&self, agent: AgentId, name: &str, owner: Uuid) {
        let row = AgentRecordRow {
            agent,
            name: name.to_owned(),
            name_key: name.to_lowercase(),
            source: AgentSource::Registered,
            status: AgentStatus::Active,
            owner: Some(owner),
            created_ms: NOW_MS,
            claimed_ms: Some(NOW_MS),
            description: String::new(),
        };
        self.enter(vec![Write::AgentRecord(row)]).await;
    }

    /// Two strangers, each with an owner of their own.
    pub(crate) async fn two(&self) -> (Resident, Resident) {
        let (one, two) = (
            self.person(Role::Human).await,
            self.person(Role::Human).await,
        );
        (
            self.claimed("ada9", one.row.id).await,
            self.claimed("bob9", two.row.id).await,
        )
    }

    pub(crate) async fn sees(&self, who: &Resident, path: &str) -> Value {
        let got = self.get(&format!("/api/v1{path}"), Some(&who.key)).await;
        assert_eq!(got.status.as_u16(), 200, "{path}: {got:?}");
        got.json
    }

    pub(crate) async fn does(&self, who: &Resident, path: &str, body: Value) -> Got {
        self.post(&format!("/api/v1{path}"), Some(&who.key), body)
            .await
    }

    /// Does something that is allowed.
    pub(crate) async fn done(&self, who: &Resident, path: &str, body: Value) -> Value {
        let got = self.does(who, path, body).await;
        assert!(got.status.is_success(), "{path}: {got:?}");
        got.json
    }

    pub(crate) async fn refused(&self, who: &Resident, path: &str, body: Value) -> (u16, String) {
        let got = self.does(who, path, body).await;
        assert!(got.json["hint"].is_string(), "{path}: {got:?}");
        let code = got.json["code"].as_str().unwrap_or_default().to_owned();
        (got.status.as_u16(), code)
    }

    /// An open conversation of two.
    pub(crate) async fn talk(&self, one: &Resident, two: &Resident) -> String {
        let sent = json!({"to": two.id.to_string(), "message": HELLO});
        let sent = self.done(one, "/agents/dm/request", sent).await;
        let id = text(&sent["conversation_id"]);
        let path = format!("/agents/dm/requests/{id}/approve");
        self.done(two, &path, json!({})).await;
        id
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("it is a text").to_owned()
}

fn types(notifications: &Value) -> Vec<&str> {
    let all = notifications["notifications"].as_array().expect("a list");
    all.iter().filter_map(|it| it["type"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notifications_come_are_read_and_survive_a_restart() {
    let test = TestApp::new().await;
    let ada = test.newcomer("ada9", None).await;
    let bob = test.newcomer("bob9", None).await;
    let post = test.note(&ada, "A goat is missing").await;
    let comment = json!({"content": "Mine is here, @ada9."});
    let path = format!("/posts/{post}/comments");
    let first = test.done(&bob, &path, comment.clone()).await;
    test.done(&bob, &path, comment).await;
    test.done(&bob, "/agents/ada9/follow", json!({})).await;
    let vote = format!("/posts/{post}/upvote");
    test.done(&bob, &vote, json!({})).await;
    let all = test.sees(&ada, "/notifications").await;
    assert_eq!(types(&all), ["votes", "follow", "comment", "comment"]);
    assert_eq!(
        (&all["total"], &all["unread_count"]),
        (&json!(4), &json!(4))
    );
    let oldest = &all["notifications"][3];
    assert_eq!(oldest["post_id"], json!(post));
    assert_eq!(oldest["post_title"], "A goat is missing");
    assert_eq!(oldest["comment_id"], first["comment"]["id"]);
    assert_eq!(oldest["from_agent"]["name"], "bob9");
    assert_eq!(oldest["is_read"], false);
    assert_eq!(oldest["created_at"], "2026-02-01T12:00:00Z");
    // Page by page it is the same list.
    let mut seen = Vec::new();
    let mut path = "/notifications?limit=3".to_owned();
    for _ in 0..2 {
        let page = test.sees(&ada, &path).await;
        seen.extend(page["notifications"].as_array().expect("a list").clone());
        let cursor = page["next_cursor"].as_str().unwrap_or_default();
        path = format!("/notifications?limit=3&cursor={cursor}");
    }
    assert_eq!(Value::Array(seen), all["notifications"]);
    let perception = test.sees(&ada, "/agents/me/perception").await;
    let words = perception.to_string();
    assert!(words.contains("unread_notifications\":4"), "{words}");
    // Read marks.
    let follow = text(&all["notifications"][1]["id"]);
    let one = test
        .done(&ada, &format!("/notifications/{follow}/read"), json!({}))
        .await;
    assert_eq!(
        (&one["marked"], &one["unread_count"]),
        (&json!(1), &json!(3))
    );
    let by_post = test
        .done(
            &ada,
            &format!("/notifications/read-by-post/{post}"),
            Value::Null,
        )
        .await;
    assert_eq!(by_post["marked"], 3);
    let unread = test.sees(&ada, "/notifications?filter=unread").await;
    assert_eq!(types(&unread), [] as [&str; 0]);
    test.done(&bob, "/agents/ada9/follow", json!({})).await;
    // What is somebody else's can't be marked, and what is no id is nothing.
    for (who, id) in [(&bob, &*follow), (&ada, "nonsense"), (&ada, &*post)] {
        let (status, _) = test
            .refused(who, &format!("/notifications/{id}/read"), json!({}))
            .await;
        assert_eq!(status, 404, "{id}");
    }
    let folder = test.stop().await;
    let test = TestApp::open(folder, Default::default()).await;
    let again = test.sees(&ada, "/notifications").await;
    assert_eq!(
        (&again["total"], &again["unread_count"]),
        (&json!(4), &json!(0))
    );
    test.done(&ada, "/notifications/read-all", Value::Null)
        .await;
    let bobs = test.sees(&bob, "/notifications").await;
    assert_eq!(bobs["total"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_to_a_stranger_waits_for_consent() {
    let test = TestApp::new().await;
    let (ada, bob) = test.two().await;
    let new = test.newcomer("cyd9", None).await;
    let ask = |to: &str, words: &str| json!({"to": to, "message": words});
    for (who, body, expected) in [
        (&new, ask("@bob9", HELLO), (403, "forbidden")),
        (&ada, ask("ada9", HELLO), (400, "invalid")),
        (&ada, ask("me", HELLO), (400, "invalid")),
        (&ada, ask("bob9", "Hi"), (400, "invalid")),
        (
            &ada,
            ask("bob9", "\u{200b}\u{200b}\u{2060}          "),
            (400, "invalid"),
        ),
        (&ada, ask("bob9", &"x".repeat(4001)), (400, "invalid")),
        (&ada, ask("nobody9", HELLO), (404, "not_found")),
        (&ada, json!({"message": HELLO}), (400, "invalid")),
        (
            &ada,
            json!({"to": "bob9", "to_owner": "x", "message": HELLO}),
            (400, "invalid"),
        ),
    ] {
        let (status, code) = test.refused(who, "/agents/dm/request", body.clone()).await;
        assert_eq!((status, &*code), expected, "{body}");
    }
    let sent = test
        .done(&ada, "/messages", json!({"to": "bob9", "text": HELLO}))
        .await;
    assert_eq!(sent["status"], "pending");
    let id = text(&sent["conversation_id"]);
    let (status, code) = test
        .refused(&ada, "/messages", json!({"to": "bob9", "text": HELLO}))
        .await;
    assert_eq!((status, &*code), (409, "limit"));
    let check = test.sees(&bob, "/agents/dm/check").await;
    assert_eq!(check["has_activity"], true);
    assert_eq!(check["requests"]["count"], 1);
    let item = &check["requests"]["items"][0];
    assert_eq!(
        (&item["from"]["name"], &item["message_preview"]),
        (&json!("ada9"), &json!(HELLO))
    );
    assert_eq!(
        test.sees(&bob, "/agents/dm/requests").await["requests"]["items"][0],
        *item
    );
    // Whoever is not of the two does not learn that there is anything.
    for path in ["", "/send", "/read", "/typing"] {
        let path = format!("/agents/dm/conversations/{id}{path}");
        let body = json!({"message": "Let me in."});
        let got = if path.ends_with(&id) {
            test.get(&format!("/api/v1{path}"), Some(&new.key)).await
        } else {
            test.does(&new, &path, body).await
        };
        assert_eq!(got.status.as_u16(), 404, "{path}");
    }
    for end in ["approve", "reject"] {
        let path = format!("/agents/dm/requests/{id}/{end}");
        assert_eq!(test.refused(&new, &path, json!({})).await.0, 404);
        assert_eq!(
            test.refused(&ada, &path, json!({})).await.0,
            400,
            "whoever asked"
        );
    }
    test.done(
        &bob,
        &format!("/agents/dm/requests/{id}/approve"),
        Value::Null,
    )
    .await;
    let send = format!("/agents/dm/conversations/{id}/send");
    let body = json!({"message": "Shall we?", "needs_human_input": true});
    assert_eq!(test.done(&bob, &send, body).await["status"], "approved");
    let list = test.sees(&ada, "/agents/dm/conversations").await;
    assert_eq!(
        (&list["total_unread"], &list["conversations"]["count"]),
        (&json!(1), &json!(1))
    );
    let item = &list["conversations"]["items"][0];
    assert_eq!(item["with_agent"]["name"], "bob9");
    assert_eq!(
        (&item["you_initiated"], &item["unread_count"]),
        (&json!(true), &json!(1))
    );
    // Looking without a mark leaves it unread, looking reads it.
    let quiet = format!("/agents/dm/conversations/{id}?mark_read=false");
    assert_eq!(
        test.sees(&ada, &quiet).await["conversation"]["unread_count"],
        1
    );
    let talk = test.sees(&ada, "/messages/thread/@bob9").await;
    assert_eq!(talk["conversation"]["unread_count"], 0);
    let messages = talk["messages"].as_array().expect("a list");
    let words: Vec<_> = messages
        .iter()
        .map(|it| (&it["content"], &it["is_own"]))
        .collect();
    assert_eq!(
        words,
        [
            (&json!(HELLO), &json!(true)),
            (&json!("Shall we?"), &json!(false))
        ]
    );
    assert_eq!(
        (
            &messages[1]["sender"]["name"],
            &messages[1]["needs_human_input"]
        ),
        (&json!("bob9"), &json!(true))
    );
    assert_eq!(
        test.sees(&ada, "/agents/dm/check").await["messages"]["total_unread"],
        0
    );
    // Older messages are a page away, also after a restart.
    for n in 0..5 {
        test.done(&ada, &send, json!({"message": format!("Line {n}")}))
            .await;
    }
    let folder = test.stop().await;
    let test = TestApp::open(folder, Default::default()).await;
    let page = test
        .sees(&bob, &format!("/agents/dm/conversations/{id}?limit=3"))
        .await;
    let cursor = text(&page["next_cursor"]);
    let older = test
        .sees(
            &bob,
            &format!("/agents/dm/conversations/{id}?limit=10&cursor={cursor}"),
        )
        .await;
    let contents = |page: &Value| -> Vec<String> {
        let all = page["messages"].as_array().expect("a list").iter();
        all.map(|it| text(&it["content"])).collect()
    };
    assert_eq!(contents(&page), ["Line 2", "Line 3", "Line 4"]);
    assert_eq!(contents(&older), [HELLO, "Shall we?", "Line 0", "Line 1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_and_their_agents_need_no_consent_and_people_write_too() {
    let test = TestApp::new().await;
    let owner = test.person(Role::Human).await;
    let named = AccountRow {
        name: "kim9".to_owned(),
        name_key: name_key("kim9"),
        ..owner.row.clone()
    };
    test.enter(vec![Write::Account(named)]).await;
    let ada = test.claimed("ada9", owner.row.id).await;
    let path = "/api/v1/messages";
    let body = json!({"to": "ada9", "text": "Hi"});
    let got = test.post(path, Some(&owner.token), body).await;
    assert_eq!(
        (got.status.as_u16(), &got.json["status"]),
        (200, &json!("approved")),
        "{got:?}"
    );
    let list = test.sees(&ada, "/agents/dm/conversations").await;
    let item = &list["conversations"]["items"][0];
    assert_eq!(item["with_agent"]["kind"], "person");
    let path = format!(
        "/agents/dm/conversations/{}/send",
        text(&item["conversation_id"])
    );
    test.done(&ada, &path, json!({"message": "Yes?"})).await;
    let check = test
        .get("/api/v1/agents/dm/check", Some(&owner.token))
        .await;
    assert_eq!(check.json["messages"]["total_unread"], 1);
    let told = test.get("/api/v1/notifications", Some(&owner.token)).await;
    assert_eq!(types(&told.json), ["dm"]);
    // By the name of the owner one finds their one agent.
    let (stranger, _) = test.two_others().await;
    let body = json!({"to_owner": "kim9", "message": HELLO});
    let sent = test.done(&stranger, "/agents/dm/request", body).await;
    assert_eq!(sent["status"], "pending");
    assert_eq!(
        test.sees(&ada, "/agents/dm/requests").await["requests"]["count"],
        1
    );
}

impl TestApp {
    async fn two_others(&self) -> (Resident, Resident) {
        let (one, two) = (
            self.person(Role::Human).await,
            self.person(Role::Human).await,
        );
        (
            self.claimed("eve9", one.row.id).await,
            self.claimed("fay9", two.row.id).await,
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_blocked_or_muted_does_not_come_through() {
    let test = TestApp::new().await;
    let (ada, bob) = test.two().await;
    let id = test.talk(&ada, &bob).await;
    let post = test.note(&bob, "A goat is missing").await;
    let blocked = test.done(&bob, "/agents/ada9/block", Value::Null).await;
    assert_eq!(blocked["action"], "blocked");
    let list = test.sees(&bob, "/agents/me/blocks").await;
    assert_eq!(
        (&list["count"], &list["agents"][0]["name"]),
        (&json!(1), &json!("ada9"))
    );
    assert_eq!(test.sees(&ada, "/agents/me/blocks").await["count"], 0);
    let send = format!("/agents/dm/conversations/{id}/send");
    for (path, body) in [
        (&*send, json!({"message": "Why?"})),
        ("/messages", json!({"to": "bob9", "text": HELLO})),
        ("/agents/bob9/follow", json!({})),
        (
            &*format!("/posts/{post}/comments"),
            json!({"content": "Why?"}),
        ),
        ("/groups", json!({"name": "Us", "invite": ["bob9"]})),
    ] {
        assert_eq!(
            test.refused(&ada, path, body).await,
            (403, "forbidden".to_owned()),
            "{path}"
        );
    }
    let got = test
        .call(
            Method::DELETE,
            "/api/v1/agents/ada9/block",
            Some(&bob.key),
            None,
        )
        .await;
    assert_eq!(
        (got.status.as_u16(), &got.json["action"]),
        (200, &json!("unblocked"))
    );
    test.done(&bob, "/agents/ada9/mute", Value::Null).await;
    let before = test.sees(&bob, "/notifications").await["total"].clone();
    test.done(&ada, &send, json!({"message": "There you are."}))
        .await;
    test.done(&ada, "/agents/bob9/follow", json!({})).await;
    assert_eq!(test.sees(&bob, "/notifications").await["total"], before);
    assert_eq!(
        test.sees(&bob, "/agents/me/mutes").await["agents"][0]["name"],
        "ada9"
    );
    assert_eq!(
        test.refused(&ada, "/agents/me/block", json!({})).await.0,
        400
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_lives_over_the_api() {
    let test = TestApp::new().await;
    let (ada, bob) = test.two().await;
    let (eve, _) = test.two_others().await;
    let got = test
        .does(
            &ada,
            "/groups",
            json!({"name": "Clocks", "invite": ["bob9"]}),
        )
        .await;
    assert_eq!(got.status.as_u16(), 201, "{got:?}");
    let id = text(&got.json["group"]["id"]);
    let path = |rest: &str| format!("/groups/{id}{rest}");
    assert_eq!(
        got.headers["location"].to_str().expect("text"),
        format!("/api/v1{}", path(""))
    );
    test.done(&ada, &path("/messages"), json!({"message": "Alone."}))
        .await;
    let groups = test.sees(&bob, "/groups").await;
    assert_eq!(
        (&groups["count"], &groups["invitations"][0]["name"]),
        (&json!(0), &json!("Clocks"))
    );
    assert_eq!(
        test.get(&format!("/api/v1{}", path("")), Some(&bob.key))
            .await
            .status
            .as_u16(),
        404
    );
    test.done(&bob, &path("/accept"), Value::Null).await;
    test.done(&ada, &path("/messages"), json!({"text": "Together."}))
        .await;
    let groups = test.sees(&bob, "/groups").await;
    assert_eq!(
        (&groups["total_unread"], &groups["groups"][0]["your_role"]),
        (&json!(1), &json!("member"))
    );
    let messages = test.sees(&bob, &path("/messages")).await;
    assert_eq!(
        messages["count"], 1,
        "what was said before he came is not his: {messages}"
    );
    assert_eq!(test.sees(&bob, "/groups").await["total_unread"], 0);
    let whole = format!("/api/v1{}", path(""));
    let rename = |who, name: &str| {
        test.call(
            Method::PATCH,
            &whole,
            Some(who),
            Some(json!({"name": name})),
        )
    };
    assert_eq!(rename(&bob.key, "Bells").await.status.as_u16(), 403);
    let place = format!("/api/v1{}", path("/members/bob9"));
    let role = |who, role: &str| {
        test.call(
            Method::PATCH,
            &place,
            Some(who),
            Some(json!({"role": role})),
        )
    };
    assert_eq!(role(&bob.key, "owner").await.status.as_u16(), 403);
    assert_eq!(role(&ada.key, "king").await.status.as_u16(), 422);
    assert_eq!(
        role(&ada.key, "admin").await.json["group"]["members"][1]["role"],
        "admin"
    );
    assert_eq!(
        rename(&bob.key, "Bells").await.json["group"]["name"],
        "Bells"
    );
    test.done(&bob, &path("/invite"), json!({"agent": "eve9"}))
        .await;
    test.done(&eve, &path("/decline"), Value::Null).await;
    for rest in [
        "/messages",
        "/read",
        "/leave",
        "/typing",
        "/invite",
        "/kick",
    ] {
        let body = json!({"message": "x", "agent": "bob9"});
        assert_eq!(test.refused(&eve, &path(rest), body).await.0, 404, "{rest}");
    }
    test.done(&ada, &path("/kick"), json!({"agent": "bob9"}))
        .await;
    assert_eq!(
        test.refused(&bob, &path("/messages"), json!({"message": "x"}))
            .await
            .0,
        404
    );
    test.done(&ada, &path("/leave"), Value::Null).await;
    assert_eq!(test.sees(&ada, "/groups").await["count"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_tell_members_and_nobody_else() {
    let served = Served::new().await;
    let test = &served.test;
    let (ada, bob) = test.two().await;
    let owner = test
        .app
        .published
        .directory()
        .agent(bob.id)
        .and_then(|it| it.owner);
    let owner = owner.expect("he is claimed");
    let eve = test.claimed("eve9", owner).await;
    let id = test.talk(&ada, &bob).await;
    let mut bobs = served.open("/ws", Some(&bob.key)).await;
    let mut eves = served.open("/ws", Some(&eve.key)).await;
    let since = bobs.json().await["seq"].clone();
    eves.json().await;
    let send = format!("/agents/dm/conversations/{id}/send");
    test.done(&ada, &send, json!({"message": "A secret word: zwieback."}))
        .await;
    let dm = bobs.json().await;
    assert_eq!((&dm["type"], &dm["state"]), (&json!("dm"), &json!("open")));
    assert_eq!(dm["message"]["from_name"], "ada9");
    assert_eq!(dm["message"]["text"], "A secret word: zwieback.");
    let told = bobs.json().await;
    assert_eq!(
        (&told["type"], &told["notification"]["kind"]),
        (&json!("notification"), &json!("dm"))
    );
    // Typing is told at once, once in two seconds, and only to the other.
    let typing = format!("/agents/dm/conversations/{id}/typing");
    assert_eq!(test.done(&ada, &typing, Value::Null).await["told"], true);
    assert_eq!(test.done(&ada, &typing, Value::Null).await["told"], false);
    let sign = bobs.json().await;
    assert_eq!(
        (&sign["type"], &sign["from_name"]),
        (&json!("typing"), &json!("ada9"))
    );
    let mut adas = served.open("/ws", Some(&ada.key)).await;
    adas.json().await;
    bobs.say(json!({"type": "typing", "conversation": id}))
        .await;
    let sign = adas.json().await;
    assert_eq!(
        (&sign["type"], &sign["from_name"]),
        (&json!("typing"), &json!("bob9"))
    );
    // Groups.
    let group = test
        .done(
            &ada,
            "/groups",
            json!({"name": "Clocks", "invite": ["bob9"]}),
        )
        .await;
    let group = text(&group["group"]["id"]);
    assert_eq!(bobs.json().await["notification"]["kind"], "group_invite");
    test.done(&bob, &format!("/groups/{group}/accept"), Value::Null)
        .await;
    test.done(
        &ada,
        &format!("/groups/{group}/messages"),
        json!({"message": "All of us: zwieback."}),
    )
    .await;
    let message = bobs.json().await;
    assert_eq!(
        (&message["type"], &message["group_name"]),
        (&json!("group_msg"), &json!("Clocks"))
    );
    // Whoever comes back hears what they missed, without what is kept nowhere; and her who is not meant the first thing that reaches is her own.
    let mut back = served
        .open(&format!("/ws?since={since}"), Some(&bob.key))
        .await;
    let mut kinds = Vec::new();
    loop {
        let frame = back.json().await;
        let kind = text(&frame["type"]);
        if kind == "delta" {
            break;
        }
        kinds.push(kind);
    }
    assert_eq!(
        kinds,
        [
            "dm",
            "notification",
            "notification",
            "group_msg",
            "notification"
        ]
    );
    test.done(&bob, "/agents/eve9/follow", json!({})).await;
    let first = eves.json().await;
    assert!(!first.to_string().contains("zwieback"), "{first}");
    assert_eq!(first["notification"]["kind"], "follow");
}

/// A word of a private conversation is found nowhere, by nobody but its two, whatever is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_words_are_nowhere_else() {
    let test = TestApp::with(ApiConfig {
        key_requests_per_min: 100_000,
        anonymous_requests_per_min: 100_000,
        ..ApiConfig::default()
    })
    .await;
    let (ada, bob) = test.two().await;
    let (eve, _) = test.two_others().await;
    let id = test.talk(&ada, &bob).await;
    let send = format!("/agents/dm/conversations/{id}/send");
    test.done(&ada, &send, json!({"message": "The word is zwieback."}))
        .await;
    let group = test
        .done(&ada, "/groups", json!({"name": "Zwieback lovers"}))
        .await;
    let group = text(&group["group"]["id"]);
    test.tick(2).await;
    let (human, moderator) = (
        test.person(Role::Human).await,
        test.person(Role::Moderator).await,
    );
    let mut asked = 0;
    for (path, item) in &description().paths.paths {
        if item.get.is_none() || path.contains("/ws") || path.contains("/admin/conversations") {
            continue;
        }
        let path = path
            .replace("{id}", &id)
            .replace("{name}", "ada9")
            .replace("{agent}", "ada9")
            .replace("{token}", "x");
        for token in [
            None,
            Some(&eve.key),
            Some(&human.token),
            Some(&moderator.token),
        ] {
            for query in ["", "?q=zwieback"] {
                let got = test
                    .get(&format!("{path}{query}"), token.map(String::as_str))
                    .await;
                let words = got.json.to_string().to_lowercase();
                // A refusal may repeat what was asked for.
                let echo = words
                    .replace("q=zwieback", "")
                    .replace("\"query\":\"zwieback\"", "");
                assert!(!echo.contains("zwieback"), "{path}{query}: {words}");
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked}");
    for token in [&eve.key, &human.token, &moderator.token] {
        let got = test
            .get(&format!("/api/v1/groups/{group}"), Some(token))
            .await;
        assert_eq!(got.status.as_u16(), 404);
    }
    // Those who keep order may read it with a reason, and the audit log has it.
    let path = format!("/api/v1/admin/conversations/{id}");
    assert_eq!(
        test.get(&path, Some(&moderator.token))
            .await
            .status
            .as_u16(),
        400
    );
    let path = format!("{path}?reason=a%20report");
    assert_eq!(
        test.get(&path, Some(&human.token)).await.status.as_u16(),
        403
    );
    assert_eq!(test.get(&path, Some(&eve.key)).await.status.as_u16(), 403);
    let got = test.get(&path, Some(&moderator.token)).await;
    assert_eq!(
        (got.status.as_u16(), &got.json["count"]),
        (200, &json!(2)),
        "{got:?}"
    );
    let entries = test.app.store.audit_page(0, 100).await.expect("readable");
    let entry = entries
        .iter()
        .find(|entry| entry.act == "conversation.read");
    let entry = entry.expect("it is written down");
    assert_eq!(entry.target, format!("conversation:{id}"));
    assert!(entry.detail.contains("a report"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_of_those_around_one_is_shown() {
    let test = TestApp::new().await;
    let (ada, bob) = test.two().await;
    assert_eq!(test.sees(&ada, "/presence").await["count"], 0);
    test.talk(&ada, &bob).await;
    let around = test.sees(&ada, "/presence").await;
    assert_eq!(
        (
            &around["agents"][0]["name"],
            &around["agents"][0]["presence"]
        ),
        (&json!("bob9"), &json!("online"))
    );
}

/// People have no body: what they do tells that they are there, and time that they are not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_tell_when_people_come_and_go() {
    let served = Served::new().await;
    let test = &served.test;
    let (ada, _bob) = test.two().await;
    let person = test.person(Role::Human).await;
    let follow = "/api/v1/agents/ada9/follow";
    let followed = test.post(follow, Some(&person.token), json!({})).await;
    assert_eq!(followed.status.as_u16(), 200, "{followed:?}");
    let follow = format!("/agents/{}/follow", person.row.name);
    test.done(&ada, &follow, json!({})).await;
    let mut adas = served.open("/ws", Some(&ada.key)).await;
    adas.json().await;
    let mut presence = async || loop {
        let frame = adas.json().await;
        if frame["type"] == "presence" {
            assert_eq!(frame["name"], person.row.name.as_str());
            return text(&frame["presence"]);
        }
    };
    test.clock.pass_secs(301);
    test.done(
        &ada,
        "/posts",
        json!({"submolt": "general", "title": "Later"}),
    )
    .await;
    assert_eq!(presence().await, "idle");
    let again = "/api/v1/agents/bob9/follow";
    let again = test.post(again, Some(&person.token), json!({})).await;
    assert_eq!(again.status.as_u16(), 200, "{again:?}");
    assert_eq!(presence().await, "online");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_reported_by_whom_it_was_sent_to() {
    let test = TestApp::new().await;
    let (ada, bob) = test.two().await;
    let id = test.talk(&ada, &bob).await;
    let path = format!("/agents/dm/conversations/{id}");
    let seen = test.sees(&bob, &path).await;
    let message = text(&seen["messages"][0]["id"]);
    let report = format!("/messages/{message}/report");
    let why = json!({"reason": "It is rude."});
    let eve = test.newcomer("eve9", None).await;
    for path in [&*report, "/messages/nonsense/report"] {
        let refused = test.refused(&eve, path, why.clone()).await;
        assert_eq!(refused, (404, "not_found".to_owned()));
    }
    let own = test.refused(&ada, &report, why.clone()).await;
    assert_eq!(
        own,
        (400, "invalid".to_owned()),
        "nobody reports themselves"
    );
    let done = test.done(&bob, &report, why.clone()).await;
    let case = text(&done["case_id"]);
    let again = test.refused(&bob, &report, why).await;
    assert_eq!(again, (409, "already".to_owned()));
    let staff = test.person(Role::Moderator).await;
    let path = format!("/api/v1/moderation/queue/{case}");
    let seen = test.get(&path, Some(&staff.token)).await;
    assert_eq!(seen.status.as_u16(), 200, "{seen:?}");
    assert_eq!(seen.json["case"]["subject_kind"], "message");
    assert_eq!(seen.json["case"]["member_id"], ada.id.to_string());
    assert_eq!(seen.json["case"]["conversation_id"], id.as_str());
    assert!(!seen.json.to_string().contains(HELLO), "no words: {seen:?}");
}
