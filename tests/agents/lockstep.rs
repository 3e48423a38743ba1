//! What a run in lockstep does not depend on: speed, number and faults of endpoints, caches.

use std::time::Duration;

use hamlet_agents::config::{ModelsConfig, Purpose};
use hamlet_agents::mock::{Faults, MockConfig, MockServer};

use crate::town::{models, run, serve};

const TOWN: &str = r#"
seed = 5
map = "maps/town.tmj"
[[population]]
count = 8
mind = "llm"
[[population]]
count = 4
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_depend_on_answers_alone() {
    let quick = serve(MockConfig::default()).await;
    let one = run(TOWN, 120, models(&[&quick])).await;
    assert!(one.thoughts > 24, "{}", one.thoughts);
    assert!(
        one.costs.outcomes.contains_key("acted"),
        "{:?}",
        one.costs.outcomes
    );

    let slow = serve(MockConfig {
        latency: Duration::from_millis(15),
        cached_prefixes: 2,
        ..MockConfig::default()
    })
    .await;
    let faulty = serve(MockConfig {
        faults: Faults {
            error_every: 3,
            cut_every: 5,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let dying = serve(MockConfig {
        die_after: 10,
        ..MockConfig::default()
    })
    .await;
    let many = run(TOWN, 120, models(&[&slow, &faulty, &dying])).await;
    assert_eq!(many.hash, one.hash);
    assert_eq!(many.thoughts, one.thoughts);
    assert_eq!(many.costs.total.answers, one.costs.total.answers);
    assert_eq!(many.outcomes(), one.outcomes());

    let others = serve(MockConfig {
        seed: 1,
        ..MockConfig::default()
    })
    .await;
    let other = run(TOWN, 120, models(&[&others])).await;
    assert_ne!(other.hash, one.hash, "other answers, another town");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_budget_is_never_passed_and_who_may_think_depends_on_no_ones_speed() {
    let quick = serve(MockConfig::default()).await;
    let slow = serve(MockConfig {
        latency: Duration::from_millis(10),
        ..MockConfig::default()
    })
    .await;
    let with_budget = |mut models: ModelsConfig| {
        // Room for two thoughts at once.
        models.budget = 0.06;
        models.thought_tokens_max = 10_000;
        models
    };
    let one = run(TOWN, 100, with_budget(models(&[&quick]))).await;
    assert!(
        one.costs.outcomes.contains_key("budget"),
        "{:?}",
        one.costs.outcomes
    );
    assert!(
        one.costs.outcomes.contains_key("acted"),
        "{:?}",
        one.costs.outcomes
    );
    assert!(one.costs.total.cost_micros <= 60_000);
    let two = run(TOWN, 100, with_budget(models(&[&slow, &quick]))).await;
    assert_eq!(two.hash, one.hash);
    assert_eq!(two.outcomes(), one.outcomes());
}

/// The two who may think first are halted in the middle of their thoughts; the others are asked again after those were due.
const HALTED: &str = r#"
seed = 5
map = "maps/town.tmj"
[[population]]
mind = "llm"
[[population.persona]]
name = "ada"
sleep = "22:30-05:30"
[[population.persona]]
name = "bo"
sleep = "22:30-05:30"
[[population]]
count = 6
mind = "llm"
[[intervention]]
tick = 5
moderate = { agent = "ada", what = "halt", reason = "it must be looked at" }
[[intervention]]
tick = 5
moderate = { agent = "bo", what = "halt", reason = "it must be looked at" }
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_think_does_not_depend_on_when_a_halted_mind_is_done() {
    let with_budget = |server: &MockServer| ModelsConfig {
        // Room for two thoughts at once.
        budget: 0.06,
        thought_tokens_max: 10_000,
        ..models(&[server])
    };
    let quick = serve(MockConfig::default()).await;
    let one = run(HALTED, 120, with_budget(&quick)).await;
    for outcome in ["budget", "acted", "stale"] {
        let outcomes = &one.costs.outcomes;
        assert!(outcomes.contains_key(outcome), "{outcomes:?}");
    }
    let slow = serve(MockConfig {
        latency: Duration::from_millis(150),
        ..MockConfig::default()
    })
    .await;
    let two = run(HALTED, 120, with_budget(&slow)).await;
    assert_eq!(two.outcomes(), one.outcomes());
    assert_eq!(two.costs.counted_micros, one.costs.counted_micros);
    assert_eq!(two.hash, one.hash);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thought_asks_no_further_than_it_may_cost_whatever_the_endpoints_take() {
    let quick = serve(MockConfig::default()).await;
    let dear = |mut models: ModelsConfig| {
        // Every first answer reaches it.
        models.thought_cost_max = 0.000_001;
        models
    };
    let one = run(TOWN, 100, dear(models(&[&quick]))).await;
    let outcomes = &one.costs.outcomes;
    assert!(outcomes.contains_key("price_limit"), "{outcomes:?}");
    assert!(outcomes.contains_key("acted"), "{outcomes:?}");
    assert_eq!(one.costs.total.answers, one.costs.total.thoughts);
    let slow = serve(MockConfig {
        latency: Duration::from_millis(10),
        cached_prefixes: 2,
        ..MockConfig::default()
    })
    .await;
    let mut others = dear(models(&[&slow, &quick]));
    others.endpoints[0].price.cached = Some(0.0);
    let two = run(TOWN, 100, others).await;
    assert_eq!(two.outcomes(), one.outcomes());
    assert_eq!(two.hash, one.hash);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_endpoint_gone_they_live_by_habit() {
    let gone = serve(MockConfig::default()).await;
    let mut models = models(&[&gone]);
    drop(gone);
    models.silence_secs_max = 1;
    let ran = run(TOWN, 40, models).await;
    assert_eq!(ran.village.tick_count(), 40);
    assert!(ran.thoughts >= 8);
    assert!(
        !ran.costs.outcomes.contains_key("acted"),
        "{:?}",
        ran.costs.outcomes
    );
}

/// Settings for one server, which makes vectors at a price of their own.
fn with_vectors(server: &MockServer) -> ModelsConfig {
    let mut models = models(&[server, server]);
    let vectors = &mut models.endpoints[1];
    vectors.model = None;
    vectors.price.input = 0.05;
    let name = "meaning".to_owned();
    vectors.models.insert(Purpose::Embedding, name);
    models
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_think_does_not_depend_on_how_quickly_vectors_come() {
    let with_budget = |server: &MockServer| ModelsConfig {
        // Room for two thoughts at once.
        budget: 0.06,
        thought_tokens_max: 10_000,
        ..with_vectors(server)
    };
    let quick = serve(MockConfig::default()).await;
    let one = run(TOWN, 100, with_budget(&quick)).await;
    for outcome in ["budget", "acted"] {
        let outcomes = &one.costs.outcomes;
        assert!(outcomes.contains_key(outcome), "{outcomes:?}");
    }
    assert!(one.costs.total.cost_micros <= 60_000);
    assert!(
        one.costs.embedding.cost_micros > 0,
        "{:?}",
        one.costs.embedding
    );
    // The vectors of one tick come after those of the next.
    let uneven = [40, 0, 15, 0].map(Duration::from_millis);
    let slow = serve(MockConfig {
        vectors_latency: uneven.to_vec(),
        ..MockConfig::default()
    })
    .await;
    let two = run(TOWN, 100, with_budget(&slow)).await;
    assert_eq!(two.hash, one.hash);
    assert_eq!(two.outcomes(), one.outcomes());
    let tokens = |ran: &crate::town::Ran| ran.costs.embedding.tokens_in;
    assert_eq!(tokens(&two), tokens(&one));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_think_wants_no_vectors() {
    let server = serve(MockConfig::default()).await;
    let models = ModelsConfig {
        budget: 0.000_001,
        ..with_vectors(&server)
    };
    let ran = run(TOWN, 40, models).await;
    let outcomes: Vec<&String> = ran.costs.outcomes.keys().collect();
    assert_eq!(outcomes, ["budget"]);
    assert_eq!((server.stats().vectors, server.stats().requests), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_recorded_with_vectors_is_played_without_any_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.cassette");
    let server = serve(MockConfig::default()).await;
    let recorded = ModelsConfig {
        record: Some(path.clone()),
        ..with_vectors(&server)
    };
    let one = run(TOWN, 120, recorded).await;
    assert!(
        one.costs.embedding.thoughts > 8,
        "{:?}",
        one.costs.embedding
    );
    let asked = server.stats().vectors;
    assert!(asked > 0);
    let first = std::fs::read_to_string(&path).unwrap();
    let first = first.lines().next().unwrap_or_default().to_owned();
    assert!(first.contains("\"meaning\""), "{first}");
    let played = ModelsConfig {
        think_secs: models(&[&server]).think_secs,
        cassette: Some(path),
        ..ModelsConfig::default()
    };
    let two = run(TOWN, 120, played).await;
    assert_eq!(two.hash, one.hash);
    // Those too that the end of the run cut off: a played answer comes at once, and nobody waits with it at a closed door.
    assert_eq!(two.costs.outcomes, one.costs.outcomes);
    assert_eq!(two.costs.embedding.tokens_in, one.costs.embedding.tokens_in);
    assert_eq!(server.stats().vectors, asked, "nobody was asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_is_away_for_a_while_changes_nothing() {
    let steady = serve(MockConfig::default()).await;
    let one = run(TOWN, 60, models(&[&steady])).await;
    let restarting = serve(MockConfig {
        faults: Faults {
            away_after: 10,
            away_for: 4,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let mut away = models(&[&restarting]);
    // One after the other, so that the same one is tried again and again.
    away.endpoints[0].concurrency = Some(1);
    // No clock ends a thought in lockstep.
    away.thought_secs_max = 1;
    let two = run(TOWN, 60, away).await;
    assert_eq!(restarting.stats().requests - restarting.stats().answers, 4);
    assert_eq!(two.hash, one.hash);
    assert_eq!(two.outcomes(), one.outcomes());
}
