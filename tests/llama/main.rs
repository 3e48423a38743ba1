//! The wire, against a real server of models: llama.cpp's, from the Python package `llama-cpp-python`.
//!
//! Whoever wants it asks for it: `scripts/test-llama`. The feature `llama` alone builds this program, and without a model in `HAMLET_LLAMA_MODEL`
//! the test fails and says so: it is never passed over in silence.
//! What a model says is its own affair; a tiny one with weights of chance is enough. That it answers, that everything it says has an outcome with a name,
//! that tokens are counted, and that words are heard as they come is ours.
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic, and its line says where"
)]

#[path = "../http.rs"]
mod http;
mod server;
mod task;
#[path = "../agents/town.rs"]
#[allow(dead_code, reason = "`tests/agents` uses the rest of it")]
mod town;

use hamlet_agents::config::ModelsConfig;
use hamlet_protocol::task::TaskKind;

use crate::server::Llama;

const TOWN: &str = r#"
seed = 5
map = "maps/town.tmj"
[[population]]
count = 3
mind = "llm"
"#;
/// Long enough for a second thought of most.
const TICKS: u64 = 48;

/// Every way in which a thought can end whose model has answered.
const ANSWERED: [&str; 12] = [
    "acted",
    "rested",
    "refused",
    "empty",
    "truncated",
    "malformed",
    "looping",
    "refusals",
    "not_permitted",
    "turn_limit",
    "token_limit",
    "price_limit",
];

/// Settings for it: short answers, few of them, and one request at a time, for it works on no more.
fn models(llama: &Llama) -> ModelsConfig {
    let mut models = ModelsConfig {
        think_secs: 120,
        turns_max: 3,
        answer_tokens_max: 48,
        task_answer_tokens_max: 200,
        // A slow machine with a large model may take its time.
        task_secs_max: 3_600,
        ..ModelsConfig::default()
    };
    models.add(&[llama.base_url()], Some(server::MODEL));
    models.endpoints[0].concurrency = Some(1);
    models
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_server_thinks_for_a_town_and_works_on_a_task() {
    let llama = tokio::task::spawn_blocking(Llama::start).await.unwrap();

    let ran = town::run(TOWN, TICKS, models(&llama)).await;
    assert_eq!(ran.village.tick_count(), TICKS);
    let (total, outcomes) = (&ran.costs.total, &ran.costs.outcomes);
    assert!(ran.thoughts >= 3, "everybody thinks: {outcomes:?}");
    assert!(total.answers >= 3, "{total:?}");
    assert!(total.tokens_in > 0 && total.tokens_out > 0, "{total:?}");
    let ended = ran.outcomes();
    assert!(!ended.is_empty());
    for outcome in ended.keys() {
        assert!(ANSWERED.contains(&outcome.as_str()), "{outcomes:?}");
    }

    let worked = task::work(models(&llama), ran.village).await;
    let (end, said) = (&worked.end, &worked.said);
    assert!(end.turns > 0, "{end:?}");
    assert!(end.tokens_in > 0 && end.tokens_out > 0, "{end:?}");
    for outcome in ["unavailable", "out_of_time", "gone", "budget"] {
        assert_ne!(end.outcome, outcome, "{said:?}");
    }
    // Words are heard only where they come as a stream.
    assert!(worked.pieces > 0, "{said:?}");
    // A person is told how it ended, whatever the model is good for.
    let last = said.last().expect("something that is said for good");
    let is_final = !matches!(last.kind, TaskKind::Requirements | TaskKind::Progress);
    assert!(is_final && !last.text.is_empty(), "{last:?}");
}
