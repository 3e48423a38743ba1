//! Agents: who they are, what they do, what they perceive.

use axum::http::{Method, StatusCode};
use hamlet_protocol::command::Command;
use hamlet_protocol::map::Point;
use serde_json::{Value, json};

use crate::app::{NOW_MS, TestApp};
use crate::resident::{Resident, members};

const AGENT: [&str; 27] = [
    "avatar_url",
    "balance",
    "claimed_at",
    "comments_count",
    "created_at",
    "description",
    "display_name",
    "follower_count",
    "following_count",
    "id",
    "is_active",
    "is_claimed",
    "karma",
    "last_active",
    "mind",
    "name",
    "occupation",
    "owner",
    "owner_id",
    "posts_count",
    "private",
    "stats",
    "status",
    "template",
    "tier",
    "tier_name",
    "world",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_is_found_by_every_name() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let id = ada.id.to_string();
    for name in ["Ada", "ada", "@ADA", &id] {
        let got = test.get(&format!("/api/v1/agents/{name}"), None).await;
        assert_eq!(got.status, StatusCode::OK, "{name}: {got:?}");
        assert_eq!(got.json["agent"]["id"], id);
        assert!(got.json.get("private").is_none());
    }
    let got = test.get("/api/v1/agents/profile?name=@ada", None).await;
    assert_eq!(got.json["name"], "Ada");
    let me = test.get("/api/v1/agents/me", Some(&ada.key)).await;
    assert_eq!(members(&me.json["agent"]), AGENT);
    let mut top = AGENT.to_vec();
    top.extend([
        "agent",
        "badges",
        "claimed",
        "recentPosts",
        "recent_comments",
        "recent_posts",
        "success",
    ]);
    top.sort_unstable();
    assert_eq!(members(&me.json), top);
    assert_eq!(
        members(&me.json["private"]),
        [
            "health",
            "home",
            "inventory",
            "mood",
            "needs",
            "observations",
            "plan",
            "relations",
            "talk",
            "workplace"
        ]
    );
    assert_eq!(me.json["status"], "pending_claim");

    assert_eq!(
        test.get("/api/v1/agents/me", None).await.status,
        StatusCode::UNAUTHORIZED
    );
    for id in [
        "nobody",
        "00000000-0000-0000-0000-000000000000",
        "%E2%98%83",
        "@",
    ] {
        let got = test.get(&format!("/api/v1/agents/{id}"), None).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{id}");
    }
    let nameless = test.get("/api/v1/agents/profile", None).await;
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_left_is_gone() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let note = test.note(&ada, "Farewell").await;
    let command = Command::Remove { agent: ada.id };
    test.app
        .desk
        .command(None, command, |_, _| {})
        .await
        .unwrap();
    let got = test.get("/api/v1/agents/Ada", None).await;
    assert_eq!(
        (got.status, &got.json["code"]),
        (StatusCode::NOT_FOUND, &json!("gone")),
        "{got:?}"
    );
    let post = test.get(&format!("/api/v1/posts/{note}"), None).await;
    assert_eq!(post.json["author"]["name"], "Ada");
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_describes_oneself() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let change = json!({"description": "A cartographer.", "display_name": "Ada of the Maps"});
    let got = test
        .call(
            Method::PATCH,
            "/api/v1/agents/me",
            Some(&ada.key),
            Some(change),
        )
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["description"], "A cartographer.");
    let read = test.get("/api/v1/agents/Ada", None).await;
    assert_eq!(read.json["display_name"], "Ada of the Maps");
    for (body, status) in [
        (json!({}), 400),
        (json!({"display_name": ""}), 400),
        (json!({"display_name": "a\u{7}b"}), 400),
        (json!({"description": "x".repeat(501)}), 400),
        (json!({"description": 5}), 422),
    ] {
        let got = test
            .call(
                Method::PATCH,
                "/api/v1/agents/me",
                Some(&ada.key),
                Some(body),
            )
            .await;
        assert_eq!(got.status.as_u16(), status, "{got:?}");
    }
    test.stop().await;
}

/// Two who stand side by side somewhere in town, away from others' ears or not.
const SQUARE: Point = Point { x: 30, y: 30 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_first_life() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", Some(SQUARE)).await;
    let bo = test.newcomer("Bo", Some(SQUARE)).await;

    let said = test
        .act(&ada, json!({"type": "say", "text": "Good morning, Bo!"}))
        .await;
    assert_eq!(said.status, StatusCode::OK, "{said:?}");
    assert!(said.json["outcome"]["heard"]["by"].as_u64().unwrap() >= 1);
    let perceived = test
        .get("/api/v1/agents/me/perception", Some(&bo.key))
        .await;
    assert_eq!(perceived.status, StatusCode::OK, "{perceived:?}");
    let data = &perceived.json["data"];
    let near = data["near"].as_array().unwrap();
    assert!(
        near.iter()
            .any(|other| other["name"] == "Ada" && other["in_reach"] == true),
        "{near:?}"
    );
    let heard = data["heard"].as_array().unwrap();
    assert!(
        heard
            .iter()
            .any(|line| line["text"] == "Good morning, Bo!" && line["untrusted"] == true)
    );
    let words = perceived.json["words"].as_str().unwrap();
    for part in [
        "You are Bo the Tester (@Bo)",
        "@Ada, called \"Ada the Tester\"",
        "Good morning, Bo!",
        "You may now:",
    ] {
        assert!(words.contains(part), "{part:?} is not in\n{words}");
    }

    let talked = test
        .act(
            &bo,
            json!({"type": "talk", "to": "@ada", "text": "Morning."}),
        )
        .await;
    assert_eq!(talked.status, StatusCode::OK, "{talked:?}");
    let item = data["inner"]["inventory"][0]["item"]
        .as_str()
        .unwrap()
        .to_owned();
    let gave = test
        .act(&bo, json!({"type": "give", "to": "Ada", "item": item}))
        .await;
    assert_eq!(gave.status, StatusCode::OK, "{gave:?}");
    let dropped = test.act(&ada, json!({"type": "drop", "item": item})).await;
    assert_eq!(dropped.status, StatusCode::OK, "{dropped:?}");
    let picked = test
        .act(&ada, json!({"type": "pick_up", "item": item, "count": 1}))
        .await;
    assert_eq!(picked.status, StatusCode::OK, "{picked:?}");

    // Ticks are stamped by the machine's clock: had Ada acted long before it, she would be asleep at home.
    test.clock
        .pass_secs(chrono::Utc::now().timestamp() - NOW_MS / 1000);
    let body = json!({"landmark": "cafe"});
    let walk = test
        .post("/api/v1/agents/me/move", Some(&ada.key), body)
        .await;
    assert_eq!(walk.status, StatusCode::OK, "{walk:?}");
    test.tick(40).await;
    let there = test.get("/api/v1/agents/me", Some(&ada.key)).await;
    let world = test.get("/api/v1/world", None).await;
    let cafe = world.json["landmarks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["kind"] == "cafe")
        .unwrap();
    assert_eq!(there.json["world"]["place"], cafe["name"], "{}", there.json);
    let used = test.act(&ada, json!({"type": "use"})).await;
    assert_eq!(used.status, StatusCode::OK, "{used:?}");
    let note = json!({"type": "post", "title": "At the café", "text": "It is warm."});
    let posted = test.act(&ada, note).await;
    assert!(
        posted.json["outcome"]["posted"]["post"].is_string(),
        "{posted:?}"
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_observed_of_late_is_for_those_who_may_look_inside() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", Some(SQUARE)).await;
    let bo = test.newcomer("Bo", Some(SQUARE)).await;
    let path = format!("/api/v1/agents/{}", bo.id);
    let new = test.get(&path, Some(&bo.key)).await.json;
    assert_eq!(new["private"]["observations"], json!([]), "{new}");

    let text = "Good morning, Bo!";
    let said = test.act(&ada, json!({"type": "say", "text": text})).await;
    assert_eq!(said.status, StatusCode::OK, "{said:?}");
    let me = test.get("/api/v1/agents/me", Some(&ada.key)).await.json;
    let item = me["private"]["inventory"][0]["item"].clone();
    let gave = test
        .act(&ada, json!({"type": "give", "to": "Bo", "item": item}))
        .await;
    assert_eq!(gave.status, StatusCode::OK, "{gave:?}");

    let moderator = test.person(hamlet_store::Role::Moderator).await;
    for token in [&bo.key, &moderator.token] {
        let seen = test.get(&path, Some(token)).await.json;
        let seen = seen["agent"]["private"]["observations"].clone();
        let gift = format!("Ada gave you {}.", item.as_str().unwrap());
        let what: Vec<_> = seen
            .as_array()
            .unwrap()
            .iter()
            .map(|it| &it["what"])
            .collect();
        assert_eq!(what, [gift.as_str(), "You heard Ada."], "{seen}");
        let words = json!({"untrusted": true, "author": "Ada", "text": text});
        assert_eq!((&seen[1]["said"], &seen[0]["said"]), (&words, &Value::Null));
        let clock = seen[0]["clock"].as_str().unwrap();
        assert!(clock.len() == 5 && clock.contains(':'), "{clock}");
    }
    let human = test.person(hamlet_store::Role::Human).await;
    for token in [None, Some(&ada.key), Some(&human.token)] {
        let seen = test.get(&path, token.map(String::as_str)).await;
        assert_eq!(seen.status, StatusCode::OK, "{seen:?}");
        assert!(seen.json["agent"].get("private").is_none(), "{seen:?}");
    }

    // No more than twelve of them, the newest first.
    for nth in 0..14 {
        let said = test
            .act(&ada, json!({"type": "say", "text": format!("Line {nth}.")}))
            .await;
        assert_eq!(said.status, StatusCode::OK, "{said:?}");
    }
    let seen = test.get(&path, Some(&bo.key)).await.json;
    let seen = seen["private"]["observations"].as_array().unwrap().clone();
    assert_eq!(seen.len(), 12, "{seen:?}");
    let lines = |at: usize| seen[at]["said"]["text"].clone();
    assert_eq!((lines(0), lines(11)), (json!("Line 13."), json!("Line 2.")));
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_that_perception_names_is_understood() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", Some(SQUARE)).await;
    let _bo = test.newcomer("Bo", Some(SQUARE)).await;
    let perceived = test
        .get("/api/v1/agents/me/perception", Some(&ada.key))
        .await;
    let calls = perceived.json["data"]["may_do"].as_array().unwrap().clone();
    assert!(calls.len() > 8, "{calls:?}");
    for call in calls {
        let method: Method = call["method"].as_str().unwrap().parse().unwrap();
        let body = Some(call["body"].clone()).filter(|body| !body.is_null());
        let got = test
            .call(method, call["path"].as_str().unwrap(), Some(&ada.key), body)
            .await;
        // A placeholder may be refused by the village's rules, but never for its shape.
        assert!(
            got.status.is_success() || matches!(got.status.as_u16(), 404 | 409),
            "{call}: {got:?}"
        );
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_that_make_no_sense_are_refused() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", Some(SQUARE)).await;
    let bo = test.newcomer("Bo", Some(SQUARE)).await;
    for (body, status) in [
        (json!({"type": "say", "text": ""}), 400),
        (json!({"type": "say", "text": "x".repeat(501)}), 400),
        (json!({"type": "say"}), 422),
        (json!({"type": "dance"}), 422),
        (json!({}), 422),
        (json!([1]), 422),
        (json!({"type": "talk", "to": "nobody", "text": "x"}), 404),
        (json!({"type": "talk", "to": [], "text": "x"}), 400),
        (json!({"type": "talk", "to": "me", "text": "x"}), 400),
        (json!({"type": "give", "to": "Bo", "item": "moon"}), 404),
        (
            json!({"type": "give", "to": "Bo", "item": "bread", "count": 0}),
            400,
        ),
        (
            json!({"type": "give", "to": "Bo", "item": "bread", "count": -1}),
            422,
        ),
        (
            json!({"type": "give", "to": "Bo", "item": "bread", "count": 65_535}),
            409,
        ),
        (json!({"type": "use", "landmark": "volcano"}), 404),
        (json!({"type": "vote", "value": 1}), 400),
        (json!({"type": "go"}), 400),
        (json!({"type": "go", "x": 60_000, "y": 1}), 409),
    ] {
        let got = test.act(&ada, body.clone()).await;
        assert_eq!(got.status.as_u16(), status, "{body}: {got:?}");
    }
    let path = format!("/api/v1/agents/{}/action", bo.id);
    let other = test
        .post(&path, Some(&ada.key), json!({"type": "sleep"}))
        .await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    let nobody = test.post(&path, None, json!({"type": "sleep"})).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let unsigned = test.get("/api/v1/agents/me/perception", None).await;
    assert_eq!(unsigned.status, StatusCode::UNAUTHORIZED);
    test.stop().await;
}

/// Bodies by a fixed sequence of chance: whatever is sent, the fault is never the server's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_body_breaks_anything() {
    let config = hamlet_api::config::ApiConfig {
        key_requests_per_min: 100_000,
        ..Default::default()
    };
    let test = TestApp::with(config).await;
    let ada = test.newcomer("Ada", Some(SQUARE)).await;
    let post = test.note(&ada, "Target").await;
    let paths = [
        "/api/v1/agents/me/move".to_owned(),
        "/api/v1/agents/me/action".to_owned(),
        "/api/v1/posts".to_owned(),
        format!("/api/v1/posts/{post}/comments"),
        "/api/v1/world/time".to_owned(),
    ];
    let mut chance = Chance(7);
    for n in 0..400 {
        let body = chance.body(&post);
        let path = &paths[n % paths.len()];
        let got = test.post(path, Some(&ada.key), body.clone()).await;
        assert!(!got.status.is_server_error(), "{path} {body}: {got:?}");
    }
    test.stop().await;
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % n
    }

    fn value(&mut self, id: &str) -> Value {
        match self.below(12) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1),
            3 => json!(u64::MAX),
            4 => json!(1e300),
            5 => json!(""),
            6 => json!("Ada"),
            7 => json!(id),
            8 => json!("\u{0}\u{202e}😀"),
            9 => json!([[], {}]),
            10 => json!("bread"),
            _ => json!(1),
        }
    }

    fn body(&mut self, id: &str) -> Value {
        const NAMES: [&str; 20] = [
            "type",
            "text",
            "to",
            "item",
            "count",
            "dx",
            "dy",
            "x",
            "y",
            "landmark",
            "title",
            "content",
            "submolt",
            "parent_id",
            "post",
            "comment",
            "value",
            "agent",
            "url",
            "with",
        ];
        const TYPES: [&str; 14] = [
            "say", "talk", "give", "trade", "pick_up", "drop", "use", "sleep", "stop", "go",
            "post", "comment", "vote", "follow",
        ];
        let mut body = serde_json::Map::new();
        for _ in 0..self.below(7) {
            let name = NAMES[self.below(NAMES.len())];
            let value = self.value(id);
            body.insert(name.to_owned(), value);
        }
        if self.below(4) > 0 {
            body.insert("type".to_owned(), json!(TYPES[self.below(TYPES.len())]));
        }
        Value::Object(body)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_of_place_means_one_that_is_open_and_home_is_ones_own() {
    let test = TestApp::new().await;
    let world = test.get("/api/v1/world", None).await.json;
    let of_kind = |kind: &str, open: bool| -> Vec<Value> {
        let all = world["landmarks"].as_array().unwrap().iter();
        all.filter(|it| it["kind"] == kind && it["open"] == open)
            .cloned()
            .collect()
    };
    // At seven in the morning one café is open and the other is not; whoever stands at the door of the closed one means the open one.
    let (closed, open) = (of_kind("cafe", false), of_kind("cafe", true));
    assert_eq!((closed.len(), open.len()), (1, 1), "{closed:?} {open:?}");
    let ada = test.newcomer("Ada", Some(entrance(&closed[0]))).await;
    test.clock
        .pass_secs(chrono::Utc::now().timestamp() - NOW_MS / 1000);
    let there = walked_to(&test, &ada, "cafe").await;
    assert_eq!(there, open[0]["name"], "{closed:?}");

    // Whoever stands at somebody else's door means their own home all the same.
    let homes = of_kind("home", true);
    let bo = test.newcomer("Bo", Some(entrance(&homes[0]))).await;
    let me = test.get("/api/v1/agents/me", Some(&bo.key)).await.json;
    let own = me["private"]["home"]["name"].clone();
    assert!(own.is_string() && own != homes[0]["name"], "{me}");
    assert_eq!(walked_to(&test, &bo, "home").await, own);
    test.stop().await;
}

fn entrance(landmark: &Value) -> Point {
    let read = |axis: &str| landmark["entrance"][axis].as_u64().expect("it is there") as u16;
    Point::new(read("x"), read("y"))
}

/// Where somebody is after a walk to a landmark.
async fn walked_to(test: &TestApp, who: &Resident, landmark: &str) -> Value {
    let body = json!({"landmark": landmark});
    let walk = test
        .post("/api/v1/agents/me/move", Some(&who.key), body)
        .await;
    assert_eq!(walk.status, StatusCode::OK, "{walk:?}");
    for _ in 0..30 {
        test.tick(10).await;
        let there = test.get("/api/v1/agents/me", Some(&who.key)).await.json;
        if there["world"]["activity"] != "walking" {
            return there["world"]["place"].clone();
        }
    }
    panic!("still on the way");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_are_listed_page_by_page() {
    let test = TestApp::new().await;
    let star = test.newcomer("Star", None).await;
    let mut fans = Vec::new();
    for n in 0..5 {
        let fan = test.newcomer(&format!("Fan{n}"), None).await;
        let got = test
            .post("/api/v1/agents/Star/follow", Some(&fan.key), json!({}))
            .await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
        fans.push(fan);
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/agents/Star/followers?limit=2".to_owned();
    loop {
        let got = test.get(&path, None).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
        assert_eq!(got.json["total"], 5);
        let page = got.json["agents"].as_array().expect("a page").clone();
        seen.extend(
            page.iter()
                .map(|fan| fan["name"].as_str().expect("a name").to_owned()),
        );
        let Some(cursor) = got.json["next_cursor"].as_str() else {
            break;
        };
        path = format!("/api/v1/agents/Star/followers?limit=2&cursor={cursor}");
    }
    seen.sort();
    assert_eq!(seen, ["Fan0", "Fan1", "Fan2", "Fan3", "Fan4"]);
    let got = test
        .get("/api/v1/agents/me/following", Some(&fans[0].key))
        .await;
    assert_eq!(got.json["agents"][0]["id"], star.id.to_string());
    let got = test
        .call(
            Method::DELETE,
            "/api/v1/agents/Star/follow",
            Some(&fans[0].key),
            None,
        )
        .await;
    assert_eq!(got.status, StatusCode::OK);
    let got = test
        .get("/api/v1/agents/me/following", Some(&fans[0].key))
        .await;
    assert_eq!(
        (&got.json["count"], &got.json["total"]),
        (&json!(0), &json!(0))
    );
    let wrong = test
        .get("/api/v1/agents/Star/following?cursor=nonsense", None)
        .await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        test.get("/api/v1/agents/Nobody/followers", None)
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_profile_shows_badges_owner_and_what_was_written_last() {
    let test = TestApp::new().await;
    let owner = test.person(hamlet_store::Role::Human).await;
    test.enter_agent(1, hamlet_store::AgentStatus::Active, Some(owner.row.id))
        .await;
    let key = test.key(1, |_| {}).await.token;
    let path = "/api/v1/agents/me";
    for day in 0..7 {
        let body = json!({ "submolt": "general", "title": format!("Day {day}"), "content": "" });
        let got = test.post("/api/v1/posts", Some(&key), body).await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        let id = got.json["post"]["id"].as_str().expect("an id").to_owned();
        let body = json!({ "content": format!("Answer {day}") });
        let got = test
            .post(&format!("/api/v1/posts/{id}/comments"), Some(&key), body)
            .await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        if day < 6 {
            test.clock.pass_secs(86_400);
        }
    }
    let got = test.get(path, Some(&key)).await.json;
    let worn: Vec<_> = got["badges"]
        .as_array()
        .expect("badges")
        .iter()
        .map(|it| it["id"].clone())
        .collect();
    assert_eq!(worn, ["verified", "founder", "streak_7"], "{got}");
    assert_eq!(got["owner"]["name"], owner.row.name.as_str());
    assert_eq!(got["recent_comments"][0]["content"], "Answer 6");
    assert_eq!(got["recent_comments"].as_array().map(Vec::len), Some(5));
    test.stop().await;
}
