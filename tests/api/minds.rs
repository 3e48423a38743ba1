//! What is shown of minds: the pool, costs, thoughts, and to whom. Who thinks is a stand-in.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{
    Later, MemoryPage, MemoryQuery, MemoryView, MemoryWrite, Revised, Revision, RevisionError,
};
use hamlet_protocol::minds::{
    CostLine, CostsView, EndpointView, MindsView, PoolView, ThoughtView, Wake,
};
use hamlet_protocol::money::Money;
use hamlet_protocol::task::{TaskEar, TaskEnd, TaskTurn, TaskWork};
use hamlet_store::{AgentStatus, Role};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::identity::helpers::refused;

/// One endpoint, one thought of everybody, and what that cost.
pub(crate) struct Shown;

fn line(of: &str) -> CostLine {
    CostLine {
        of: of.to_owned(),
        thoughts: 3,
        answers: 5,
        tokens_in: 1_000,
        tokens_cached: 750,
        tokens_out: 50,
        cost_micros: 1_250,
        took_ms: 900,
    }
}

impl MindsView for Shown {
    fn pool(&self) -> PoolView {
        let endpoint = EndpointView {
            base_url: "http://10.0.0.7:8000/v1".to_owned(),
            node: Some("loft".to_owned()),
            models: vec!["small".to_owned()],
            purposes: vec!["embedding".to_owned()],
            state: "resting".to_owned(),
            rests_ms: Some(400),
            vectors_state: Some("resting".to_owned()),
            vectors_rests_ms: Some(300),
            in_flight: 1,
            queued: 2,
            limit: 8,
            sent: 12,
            answered: 9,
            failed: BTreeMap::from([("timeout".to_owned(), 2)]),
            stolen: 1,
            tokens_in: 1_000,
            tokens_cached: 750,
            tokens_out: 50,
            cost_micros: 1_250,
            queue_ms_mean: Some(1.5),
            latency_ms: Some(90.0),
            tokens_per_sec: Some(40.0),
            last_error: Some("no route to 10.0.0.7".to_owned()),
            measured_by: "vllm".to_owned(),
            running: 4,
            waiting: 3,
            cache_use: Some(0.5),
            hit_share: Some(0.25),
        };
        PoolView {
            endpoints: vec![endpoint],
            waiting: 6,
        }
    }

    fn thoughts(&self, agent: AgentId, limit: usize) -> Vec<ThoughtView> {
        let thought = ThoughtView {
            thought: 17,
            agent,
            asked: 40,
            due: 50,
            wake: Wake::Spoken,
            outcome: "acted".to_owned(),
            steps: vec!["Said «Good day.»".to_owned()],
            words: "They greeted me.".to_owned(),
            turns: 2,
            model: Some("small".to_owned()),
            tokens_in: 1_000,
            tokens_cached: 750,
            tokens_out: 50,
            cost_micros: 1_250,
            charged: Some(Money(2_500_000)),
            took_ms: 900,
        };
        vec![thought; 3].into_iter().take(limit).collect()
    }

    fn memories(&self, _agent: AgentId, _query: &MemoryQuery) -> MemoryPage {
        MemoryPage {
            memories: Vec::new(),
            more: false,
        }
    }

    fn revise(
        &self,
        _agent: AgentId,
        _tick: u64,
        revision: Revision,
    ) -> Later<'_, Result<Revised, RevisionError>> {
        let memory = matches!(revision, Revision::Correct { .. });
        Box::pin(async move {
            Ok(Revised {
                writes: Vec::new(),
                memory: memory.then(MemoryView::default),
                gone: 1,
            })
        })
    }

    fn settle(&self, _agent: AgentId, _kept: &[MemoryWrite]) -> bool {
        true
    }

    fn costs(&self) -> CostsView {
        CostsView {
            total: line(""),
            agents: vec![line("@ada")],
            models: vec![line("small")],
            endpoints: vec![line("http://10.0.0.7:8000/v1")],
            days: vec![line("2026-02-01")],
            outcomes: BTreeMap::from([("acted".to_owned(), 3)]),
            budget_micros: Some(5_000_000),
            embedding: line("vectors"),
            ..CostsView::default()
        }
    }

    fn task(&self, _turn: TaskTurn, _ear: Arc<dyn TaskEar>) -> TaskWork {
        Box::pin(async { TaskEnd::default() })
    }
}

async fn village() -> TestApp {
    let test = TestApp::new().await;
    let minds: Arc<dyn MindsView> = Arc::new(Shown);
    assert!(test.app.minds.set(minds).is_ok(), "nobody thought before");
    test
}

#[tokio::test]
async fn the_pool_shows_how_it_is_to_all_and_where_it_is_and_what_it_costs_to_some() {
    let test = village().await;
    let moderator = test.person(Role::Moderator).await;
    let person = test.person(Role::Human).await;
    let mut expected = json!({
        "name": "endpoint 1", "base_url": "http://10.0.0.7:8000/v1", "node": "loft", "models": ["small"],
        "purposes": ["embedding"], "vectors_state": "resting", "vectors_rests_ms": 300,
        "state": "resting", "rests_ms": 400, "in_flight": 1, "queued": 2, "limit": 8, "sent": 12, "answered": 9,
        "failed": {"timeout": 2}, "stolen": 1, "tokens_in": 1000, "tokens_cached": 750, "tokens_out": 50,
        "hit_share": 0.75, "cost": "0.00125", "queue_ms_mean": 1.5, "latency_ms": 90.0, "tokens_per_sec": 40.0,
        "last_error": "no route to 10.0.0.7", "measured_by": "vllm", "running": 4, "waiting": 3,
        "cache_use": 0.5, "cache_hit_share": 0.25,
    });
    let pool = async |token: Option<&str>| {
        let got = test.get("/api/v1/models/pool", token).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
        got.json
    };
    let of = |endpoint: &Value| json!({"success": true, "endpoints": [endpoint], "waiting": 6});
    assert_eq!(pool(Some(&moderator.token)).await, of(&expected));
    for secret in ["base_url", "node", "cost", "last_error"] {
        expected[secret] = Value::Null;
    }
    assert_eq!(pool(None).await, of(&expected));
    assert_eq!(pool(Some(&person.token)).await, of(&expected));
}

#[tokio::test]
async fn what_thoughts_cost_is_for_those_who_keep_order() {
    let test = village().await;
    let line = |of: &str| {
        json!({"of": of, "thoughts": 3, "answers": 5, "tokens_in": 1000, "tokens_cached": 750, "tokens_out": 50,
            "cost": "0.00125", "took_ms": 900})
    };
    let moderator = test.person(Role::Moderator).await;
    let got = test
        .get("/api/v1/models/costs", Some(&moderator.token))
        .await;
    let expected = json!({
        "success": true, "total": line(""), "agents": [line("@ada")], "models": [line("small")],
        "endpoints": [line("http://10.0.0.7:8000/v1")], "days": [line("2026-02-01")],
        "outcomes": {"acted": 3}, "budget": "5", "embedding": line("vectors"),
    });
    assert_eq!((got.status, got.json), (StatusCode::OK, expected));
    let person = test.person(Role::Human).await;
    let got = test.get("/api/v1/models/costs", Some(&person.token)).await;
    refused(&got, 403, "forbidden");
}

#[tokio::test]
async fn thoughts_are_for_themselves_their_owner_and_those_who_keep_order() {
    let test = village().await;
    let owner = test.person(Role::Human).await;
    let stranger = test.person(Role::Human).await;
    let moderator = test.person(Role::Moderator).await;
    test.enter_agent(1, AgentStatus::Active, Some(owner.row.id))
        .await;
    let own = test.key(1, |_| {}).await;
    let other = test.caller(2).await;
    let path = format!("/api/v1/agents/{}/thoughts?limit=2", test.resident(1));
    let thought = json!({
        "thought": 17, "asked_tick": 40, "wake": "spoken", "outcome": "acted", "steps": ["Said «Good day.»"],
        "words": "They greeted me.", "turns": 2, "model": "small", "tokens_in": 1000, "tokens_cached": 750,
        "tokens_out": 50, "cost": "0.00125", "charged": "2.5", "took_ms": 900,
    });
    let expected = json!({"success": true, "thoughts": [thought, thought], "count": 2});
    for token in [&own.token, &owner.token, &moderator.token] {
        let got = test.get(&path, Some(token)).await;
        assert_eq!((got.status, &got.json), (StatusCode::OK, &expected));
    }
    for token in [&other.token, &stranger.token] {
        let got = test.get(&path, Some(token)).await;
        refused(&got, 403, "forbidden");
    }
}
