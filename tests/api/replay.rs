//! A run that is watched again: its time goes both ways, and nobody acts in it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_api::files::{FileStore, FilesPlace};
use hamlet_api::identity::{owner_of_machine, token_of};
use hamlet_api::metrics::Metrics;
use hamlet_api::router::router;
use hamlet_api::state::App;
use hamlet_api::time::StillClock;
use hamlet_api::village::{Rerun, RerunError, Watch, rerun};
use hamlet_sim::journal::{JournalHeader, JournalReader, JournalWriter};
use hamlet_sim::scenario::{self, Overrides};
use hamlet_sim::{Village, VillageOptions};
use hamlet_store::{Store, StoreOptions};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::app::{NOW_MS, Pictures, Repository};

/// Ticks of the run.
const TICKS: u64 = 1_300;

/// A run of the town with its hashes, and the world's view at some ticks.
fn recorded() -> (Vec<u8>, Vec<(u64, Value)>) {
    let town = Path::new("scenarios/town.toml");
    let loaded =
        scenario::load(town, &Repository, &Overrides::default()).expect("it is a scenario");
    let options = VillageOptions {
        threads: 1,
        views: true,
        transient: true,
    };
    let mut village = Village::found(loaded.scenario, loaded.map, options).expect("it is founded");
    let header = JournalHeader::new(village.image(), 100, "a test");
    let mut journal = JournalWriter::create(Vec::new(), &header).expect("it is written");
    let mut seen = Vec::new();
    for tick in 1..=TICKS {
        village.tick(None);
        drop(village.take_events());
        if tick.is_multiple_of(100) {
            let hash = village.state_hash();
            journal.hash(tick, hash).expect("it is written");
        }
        if [40, 700, 1_250].contains(&tick) {
            seen.push((tick, whereabouts(&village.view())));
        }
    }
    let hash = village.state_hash();
    let bytes = journal.finish(TICKS, hash).expect("it is written");
    (bytes, seen)
}

/// Where everybody is.
fn whereabouts(view: &hamlet_protocol::view::WorldView) -> Value {
    let bodies = (0..view.bodies.len()).filter_map(|no| view.bodies.get(no));
    bodies.map(|body| json!([body.at.x, body.at.y])).collect()
}

struct Watched {
    run: Rerun,
    router: Router,
    token: String,
    _folder: TempDir,
}

impl Watched {
    async fn begin(bytes: &[u8]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("replay.db").display());
        let store = Store::open(&url, StoreOptions::default())
            .await
            .expect("the store opens");
        let owner = owner_of_machine(NOW_MS);
        let account = owner.id;
        let journal = JournalReader::open(bytes).expect("it is a journal");
        let watch = Watch {
            store: store.clone(),
            threads: 1,
            owner,
            clock: Arc::new(StillClock::at(NOW_MS)),
        };
        let run = rerun(journal, watch).await.expect("it can be watched");
        let files = FileStore::open(&FilesPlace::Folder, folder.path()).expect("files");
        let app = App::of(
            &run,
            ApiConfig::default(),
            store,
            Arc::new(Metrics::default()),
            files,
            Arc::new(Pictures),
            &[7; 32],
        );
        Self {
            token: token_of(&app, account).expect("the owner comes in"),
            router: router(&app),
            run,
            _folder: folder,
        }
    }

    async fn call(
        &self,
        method: &str,
        path: &str,
        token: bool,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if token {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |it| Body::from(it.to_string()));
        let request = request.body(body).expect("a request");
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 64 << 20)
            .await
            .expect("a body");
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn steer(&self, order: Value) -> Value {
        let (status, body) = self
            .call("POST", "/api/v1/world/time", true, Some(order))
            .await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// Waits until the world is at a tick.
    async fn reach(&self, tick: u64) {
        let began = Instant::now();
        while self.run.published.view().tick != tick {
            assert!(began.elapsed() < Duration::from_secs(60), "never at {tick}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_time_goes_both_ways() {
    let (bytes, seen) = recorded();
    let watched = Watched::begin(&bytes).await;
    let (_, time) = watched.call("GET", "/api/v1/world/time", false, None).await;
    assert_eq!(time["replay"]["first_tick"], 0);
    assert_eq!(time["replay"]["last_tick"], TICKS);
    assert_eq!(time["state"], "paused");

    // Forwards, backwards over an image, backwards to before the first one, and to the end.
    for at in [2, 0, 1, 0, 2, 1] {
        let (tick, whereabouts_then) = &seen[at];
        watched
            .steer(json!({ "action": "seek", "tick": tick }))
            .await;
        watched.reach(*tick).await;
        assert_eq!(
            whereabouts(&watched.run.published.view()),
            *whereabouts_then,
            "tick {tick}"
        );
    }
    watched
        .steer(json!({ "action": "seek", "tick": 999_999 }))
        .await;
    watched.reach(TICKS).await;
    watched
        .steer(json!({ "action": "seek", "tick": 100 }))
        .await;
    watched.reach(100).await;
    watched.steer(json!({ "action": "step", "ticks": 3 })).await;
    watched.reach(103).await;
    watched
        .steer(json!({ "action": "speed", "speed": 1000 }))
        .await;
    watched.reach(TICKS).await;
    watched.run.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_acts_in_it() {
    let (bytes, _) = recorded();
    let watched = Watched::begin(&bytes).await;
    let post = json!({ "title": "I was here", "submolt": "general" });
    let (status, body) = watched
        .call("POST", "/api/v1/posts", true, Some(post))
        .await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::CONFLICT, &json!("replay")),
        "{body}"
    );
    let seek = json!({ "action": "seek", "tick": 5 });
    let (status, _) = watched
        .call("POST", "/api/v1/world/time", false, Some(seek))
        .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (_, capabilities) = watched
        .call("GET", "/api/v1/capabilities", false, None)
        .await;
    let features = capabilities["features"].as_array().expect("features");
    let is_on = |name: &str| {
        features
            .iter()
            .any(|it| it["name"] == name && it["on"] == true)
    };
    assert!(is_on("world") && is_on("board") && !is_on("votes") && !is_on("messages"));
    watched.run.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_can_be_read_and_searched() {
    let (bytes, _) = recorded();
    let watched = Watched::begin(&bytes).await;
    watched
        .steer(json!({ "action": "seek", "tick": TICKS }))
        .await;
    watched.reach(TICKS).await;
    let (_, list) = watched
        .call("GET", "/api/v1/posts?sort=new&limit=5", false, None)
        .await;
    let posts = list["posts"].as_array().expect("posts");
    assert!(!posts.is_empty(), "somebody has written: {list}");
    let id = posts[0]["id"].as_str().expect("an id");
    let (status, one) = watched
        .call("GET", &format!("/api/v1/posts/{id}"), false, None)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(one["post"]["content"], posts[0]["content"]);
    watched.steer(json!({ "action": "seek", "tick": 0 })).await;
    watched.reach(0).await;
    let (_, list) = watched
        .call("GET", "/api/v1/posts?sort=new&limit=5", false, None)
        .await;
    assert_eq!(list["posts"], json!([]), "it has not happened yet");
    watched.run.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_living_village_cannot_be_sought_in() {
    let test = crate::app::TestApp::new().await;
    let owner = hamlet_api::identity::local_owner(&test.app)
        .await
        .expect("an owner");
    let token = token_of(&test.app, owner).expect("they come in");
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/world/time")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from(
            json!({ "action": "seek", "tick": 1 }).to_string(),
        ))
        .expect("a request");
    let answer = test
        .router
        .clone()
        .oneshot(request)
        .await
        .expect("an answer");
    assert_eq!(answer.status(), StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_differs_from_its_journal_is_said_to() {
    let (bytes, _) = recorded();
    let journal = JournalReader::open(&bytes[..]).expect("it is a journal");
    let mut start = journal.header().start.clone();
    // Somebody is a little hungrier than they were.
    let agent = start
        .state
        .residents
        .first_mut()
        .expect("somebody lives there");
    agent.needs[1] = agent.needs[1].saturating_sub(1_000);
    let header = JournalHeader::new(start, 100, "a test");
    let mut forged = JournalWriter::create(Vec::new(), &header).expect("it is written");
    let (mut journal, mut last) = (journal, None);
    while let Some(record) = journal.next_record().expect("it is whole") {
        if let hamlet_sim::journal::Record::Hash { tick, hash } = record {
            forged.hash(tick, hash).expect("it is written");
            last = Some(hash);
        }
    }
    let last = last.expect("there are hashes");
    let bytes = forged.finish(TICKS, last).expect("it is written");
    let watched = Watched::begin(&bytes).await;
    watched
        .steer(json!({ "action": "seek", "tick": 300 }))
        .await;
    let began = Instant::now();
    loop {
        let (_, time) = watched.call("GET", "/api/v1/world/time", false, None).await;
        if let Some(reason) = time["reason"].as_str() {
            assert!(
                reason.contains("differs from its journal at tick 100"),
                "{reason}"
            );
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "never said");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    watched.run.stop();
    let error = RerunError::TooLong { max: 3 };
    assert!(error.to_string().contains("--image-at"));
}
