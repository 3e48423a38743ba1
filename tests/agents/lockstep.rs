//! What a run in lockstep does not depend on: speed, number and faults of endpoints, caches.

use std::time::Duration;

use hamlet_agents::mock::{Faults, MockConfig};

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
    assert_eq!(many.costs.outcomes, one.costs.outcomes);

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
    let with_budget = |mut models: hamlet_agents::config::ModelsConfig| {
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
    assert_eq!(two.costs.outcomes, one.costs.outcomes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thought_asks_no_further_than_it_may_cost_whatever_the_endpoints_take() {
    let quick = serve(MockConfig::default()).await;
    let dear = |mut models: hamlet_agents::config::ModelsConfig| {
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
    assert_eq!((two.hash, &two.costs.outcomes), (one.hash, outcomes));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_every_endpoint_gone_they_live_by_habit() {
    let gone = serve(MockConfig::default()).await;
    let mut models = models(&[&gone]);
    drop(gone);
    models.thought_secs_max = 1;
    let ran = run(TOWN, 40, models).await;
    assert_eq!(ran.village.tick_count(), 40);
    assert!(ran.thoughts >= 8);
    assert!(
        !ran.costs.outcomes.contains_key("acted"),
        "{:?}",
        ran.costs.outcomes
    );
}
