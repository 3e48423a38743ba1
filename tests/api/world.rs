//! The world: what everybody sees, and how fast it goes.

use std::path::Path;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hamlet_sim::files::Files;
use serde_json::json;

use crate::app::{Repository, TestApp};
use crate::resident::members;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_world_is_sent_once() {
    let test = TestApp::new().await;
    let first = test.get("/api/v1/world", None).await;
    let etag = first.headers["etag"].clone();
    let ask = |etag: &axum::http::HeaderValue| {
        Request::get("/api/v1/world")
            .header("if-none-match", etag)
            .body(Body::empty())
            .unwrap()
    };
    let same = test.send(ask(&etag)).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    assert_eq!(same.headers["etag"], etag);
    assert_eq!(same.json, json!(""));
    test.tick(1).await;
    assert_eq!(test.send(ask(&etag)).await.status, StatusCode::OK);
    let town = test.get("/api/v1/world", None).await;
    assert_eq!(town.json["agents_total"], 51);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_map_says_where_one_may_walk() {
    let test = TestApp::new().await;
    let map = test.get("/api/v1/world/map", None).await;
    assert_eq!(map.status, StatusCode::OK);
    let view = test.app.published.view();
    let blocked = STANDARD
        .decode(map.json["blocked"].as_str().unwrap())
        .unwrap();
    assert_eq!(blocked.len(), view.map.tiles().div_ceil(8));
    for tile in 0..view.map.tiles() {
        assert_eq!(
            blocked[tile / 8] >> (tile % 8) & 1 == 1,
            view.map.blocked.get(tile)
        );
    }
    let layers = map.json["layers"].as_array().unwrap();
    assert_eq!(layers.len(), view.map.layers.len());
    for (layer, there) in layers.iter().zip(&view.map.layers) {
        let gids = STANDARD.decode(layer["gids"].as_str().unwrap()).unwrap();
        assert_eq!(gids.len(), 4 * there.gids.len());
        assert_eq!(gids[..4], there.gids[0].to_le_bytes());
    }
    assert_eq!(
        map.json["landmarks"].as_array().unwrap().len(),
        view.map.landmarks.len()
    );
    let set = &map.json["tilesets"][0];
    let picture = test.get(set["image_url"].as_str().unwrap(), None).await;
    assert_eq!(picture.status, StatusCode::OK, "{set}");
    assert_eq!(picture.headers["content-type"], "image/png");
    assert!(
        picture.headers["cache-control"]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    assert_eq!(
        picture.headers["etag"],
        format!("\"{}\"", set["sha256"].as_str().unwrap()).as_str()
    );
    let people = &map.json["sprites"][0];
    assert_eq!(
        members(people),
        [
            "frame_px",
            "frames",
            "image_url",
            "looks",
            "looks_in_row",
            "name",
            "sha256"
        ]
    );
    let url = people["image_url"].as_str().unwrap();
    let picture = test.get(url, None).await;
    assert_eq!(picture.status, StatusCode::OK, "{people}");
    assert_eq!(picture.headers["content-type"], "image/png");
    assert!(url.ends_with(people["sha256"].as_str().unwrap()));
    // What is said of the sheet is what is in it.
    let bytes = Repository
        .read(Path::new("assets/sprites/people.png"))
        .unwrap();
    let side = |at: usize| u64::from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()));
    let number = |key: &str| people[key].as_u64().unwrap();
    let (width, height) = (
        people["frame_px"]["width"].as_u64().unwrap(),
        people["frame_px"]["height"].as_u64().unwrap(),
    );
    let in_row = number("looks_in_row");
    assert_eq!(side(16), in_row * number("frames") * width);
    assert_eq!(side(20), number("looks") / in_row * height);
    let none = test.get("/api/v1/world/assets/00ff", None).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_admins_steer_the_time() {
    let test = TestApp::new().await;
    let ada = test.newcomer("Ada", None).await;
    let time = test.get("/api/v1/world/time", None).await;
    assert_eq!(
        members(&time.json),
        [
            "reason",
            "sim_secs_per_tick",
            "speed",
            "start",
            "state",
            "success",
            "tick",
            "tick_hz",
            "time"
        ]
    );
    assert_eq!(time.json["state"], "paused");
    let step = json!({"action": "step", "ticks": 3});
    let nobody = test.post("/api/v1/world/time", None, step.clone()).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let agent = test
        .post("/api/v1/world/time", Some(&ada.key), step.clone())
        .await;
    assert_eq!(agent.status, StatusCode::FORBIDDEN);
    let human = test.person(hamlet_store::Role::Human).await.token;
    let refused = test
        .post("/api/v1/world/time", Some(&human), step.clone())
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let admin = test.person(hamlet_store::Role::Admin).await.token;
    let stepped = test.post("/api/v1/world/time", Some(&admin), step).await;
    assert_eq!(stepped.status, StatusCode::OK, "{stepped:?}");
    assert_eq!(
        (&stepped.json["tick"], &stepped.json["stepped"]),
        (&json!(3), &json!(true))
    );
    assert_eq!(stepped.json["state"], "paused");
    let faster = json!({"action": "speed", "speed": 0.5});
    let faster = test.post("/api/v1/world/time", Some(&admin), faster).await;
    assert_eq!(
        (&faster.json["state"], &faster.json["speed"]),
        (&json!("running"), &json!(0.5))
    );
    for (action, state) in [
        ("pause", "paused"),
        ("resume", "running"),
        ("pause", "paused"),
    ] {
        let got = test
            .post(
                "/api/v1/world/time",
                Some(&admin),
                json!({"action": action}),
            )
            .await;
        assert_eq!(
            (&got.json["state"], &got.json["speed"]),
            (&json!(state), &json!(0.5))
        );
    }
    for body in [
        json!({"action": "step", "ticks": 0}),
        json!({"action": "step", "ticks": 10_001}),
        json!({"action": "speed"}),
        json!({"action": "speed", "speed": 0}),
        json!({"action": "speed", "speed": 1e9}),
    ] {
        let got = test
            .post("/api/v1/world/time", Some(&admin), body.clone())
            .await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let log = test.app.store.audit_page(0, 100).await.unwrap();
    let acts: Vec<&str> = log.iter().map(|row| row.act.as_str()).collect();
    assert_eq!(acts, ["world.time"; 5]);
    assert!(log[0].actor.starts_with("person:"), "{:?}", log[0]);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_village_says_what_it_has() {
    let test = TestApp::new().await;
    let got = test.get("/api/v1/capabilities", None).await;
    assert_eq!(got.json["anonymous_read"], true);
    for feature in got.json["features"].as_array().unwrap() {
        assert_eq!(
            feature["on"] == json!(false),
            feature["reason"].is_string(),
            "{feature}"
        );
    }
    assert_eq!(got.json["limits"]["title_chars_max"], 300);
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_of_two_families_on_one_path_are_both_described() {
    let test = TestApp::new().await;
    let api = test.get("/openapi.json", None).await.json;
    let agent = &api["paths"]["/api/v1/agents/{id}"];
    assert!(
        agent["get"].is_object() && agent["delete"].is_object(),
        "{agent}"
    );
    // What a body refers to is there.
    let text = api.to_string();
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(
            api["components"]["schemas"][name].is_object(),
            "{name} is missing"
        );
    }
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moods_that_show_are_told_and_others_are_not() {
    let test = TestApp::new().await;
    let moods = test.get("/api/v1/world/moods", None).await;
    assert_eq!(moods.status, 200);
    let residents = test.app.published.view().agents.iter().flatten().count();
    assert_eq!(moods.json["residents"], json!(residents));
    let mean = moods.json["mean"].as_f64().unwrap();
    assert!((-1.0..=1.0).contains(&mean), "{mean}");
    let view = test.app.published.view();
    let shows = |no: usize| {
        let agent = view.agents.get(no).and_then(Option::as_ref);
        agent.is_some_and(|it| it.mood >= 600 || it.mood <= -200)
    };
    let faces = moods.json["faces"].as_array().unwrap();
    assert!(
        faces
            .iter()
            .all(|it| shows(it["no"].as_u64().unwrap() as usize)),
        "{faces:?}"
    );
    test.stop().await;
}
