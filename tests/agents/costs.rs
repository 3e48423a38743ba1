//! What models cost is booked whatever came of it, and recorded; limits of one thought.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hamlet_agents::config::ModelsConfig;
use hamlet_agents::mock::{Faults, MockConfig};
use hamlet_agents::runtime::{Minds, Recordings};
use hamlet_protocol::command::{
    Answer, Applied, Command, Outcome, Rejection, RejectionCode, StampedCommand,
};
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::minds::{
    CostLine, CostsView, MindsView, ModelPrices, ThoughtBatch, ThoughtPermit, ThoughtTerms,
    VillageHandle,
};
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Moderator, Subject};
use hamlet_protocol::money::{MICROS, Money};
use hamlet_sim::Village;

use crate::town::{ask, found, loaded, models, serve, start, until};

/// Longest wait for anything in here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A village that wants every thought, or none any more.
struct Stub {
    wants: bool,
}

impl VillageHandle for Stub {
    fn command(
        &self,
        _command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        let answer = if self.wants {
            Ok(Applied {
                tick: 0,
                order: 0,
                seq: 0,
                outcome: Outcome::Thought {
                    reports: Vec::new(),
                    charged: None,
                },
            })
        } else {
            let (what, hint) = ("It is too late for that.", "Answer sooner.");
            Err(Rejection::new(RejectionCode::NotFound, what, hint))
        };
        Box::pin(async { Some(answer) })
    }
}

/// Minds of so many residents, and a question to each of them.
fn house(
    models: ModelsConfig,
    residents: u32,
    wants: bool,
    terms: &ThoughtTerms,
) -> (Minds, Recordings, ThoughtBatch) {
    let (minds, recordings, batch, _village) = house_of(models, residents, wants, terms, false);
    (minds, recordings, batch)
}

/// The same with their village, live or in lockstep.
fn house_of(
    models: ModelsConfig,
    residents: u32,
    wants: bool,
    terms: &ThoughtTerms,
    lockstep: bool,
) -> (Minds, Recordings, ThoughtBatch, Village) {
    let town = format!(
        "seed = 5\nmap = \"maps/town.tmj\"\n[[population]]\ncount = {residents}\nmind = \"llm\"\n"
    );
    let mut village = found(loaded(&town));
    let scenario = Arc::clone(village.scenario());
    let ids = IdCodec::new(scenario.seed);
    let view = village.view();
    let asks = (0..residents).map(|no| ask(no, ids, view.tick, terms.clone()));
    let batch = ThoughtBatch {
        asks: asks.collect(),
        view: Arc::clone(&view),
    };
    let (minds, recordings) = start(models, scenario, Arc::new(Stub { wants }), lockstep);
    (minds, recordings, batch, village)
}

/// The village halts somebody.
fn halt(village: &mut Village, agent: AgentId) {
    let halt = Measure {
        by: Moderator::Village,
        kind: MeasureKind::Halt,
        subject: Subject::Agent(agent),
        submolt: None,
        until_ms: None,
        reason: "It must be looked at.".to_owned(),
    };
    let command = Command::Moderation(Box::new(ModerationCommand::Take(halt)));
    let stamp_ms = village.stamp_ms();
    village
        .apply(&StampedCommand { stamp_ms, command })
        .unwrap();
}

/// Every table has one line, and it is the total.
fn one_line_everywhere(costs: &CostsView) {
    for lines in [&costs.agents, &costs.models, &costs.endpoints, &costs.days] {
        let sum = lines.iter().fold(CostLine::default(), |mut sum, line| {
            sum.tokens_in += line.tokens_in;
            sum.tokens_out += line.tokens_out;
            sum.cost_micros += line.cost_micros;
            sum
        });
        let total = &costs.total;
        assert_eq!(
            (lines.len(), sum.tokens_in, sum.tokens_out, sum.cost_micros),
            (1, total.tokens_in, total.tokens_out, total.cost_micros),
            "{costs:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thought_that_comes_too_late_is_booked_and_recorded() {
    let server = serve(MockConfig::default()).await;
    let (minds, mut recordings, batch) = house(models(&[&server]), 1, false, &ThoughtTerms::Free);
    minds.think(batch);
    minds.settled(PATIENCE).await;
    let costs = minds.costs();
    assert_eq!(costs.outcomes["stale"], 1, "{costs:?}");
    assert!(costs.total.cost_micros > 0 && minds.spent() > 0.0);
    assert!(costs.counted_micros > 0 && minds.counted() > 0.0);
    one_line_everywhere(&costs);
    let recorded = recordings.recv().await.unwrap();
    let system = recorded.system.clone().unwrap();
    assert!(system.text.contains("small town") && system.tools.contains(&"go_to".to_owned()));
    let line = serde_json::to_value(&recorded).unwrap();
    assert_eq!(
        (line["outcome"].as_str(), line["turns"].as_u64() > Some(0)),
        (Some("stale"), true)
    );
    let first = &line["exchanges"][0];
    assert_eq!(first["system"].as_str(), Some(system.key.as_str()));
    assert!(
        first["asked"][0]
            .as_str()
            .is_some_and(|asked| asked.len() > 100),
        "{line}"
    );
    assert!(line["exchanges"][1]["calls"].is_array(), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_request_of_a_thought_that_ran_out_of_time_is_booked() {
    let server = serve(MockConfig {
        faults: Faults {
            hang_every: 1,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let mut models = models(&[&server]);
    models.thought_secs_max = 5;
    let (minds, mut recordings, batch) = house(models, 1, true, &ThoughtTerms::Free);
    minds.think(batch);
    minds.settled(PATIENCE).await;
    let costs = minds.costs();
    assert_eq!(costs.outcomes["out_of_time"], 1, "{costs:?}");
    assert_eq!((costs.total.answers, costs.total.thoughts), (0, 1));
    assert!(costs.total.tokens_in > 0 && costs.total.cost_micros > 0);
    assert_eq!(costs.counted_micros, costs.total.cost_micros);
    one_line_everywhere(&costs);
    assert_eq!(costs.endpoints[0].of, server.base_url());
    let line = serde_json::to_value(recordings.recv().await.unwrap()).unwrap();
    assert_eq!(line["cost_micros"].as_i64(), Some(costs.total.cost_micros));
    // The pool hears of it a moment later, and says the same.
    until(|| minds.pool().endpoints[0].cost_micros == costs.total.cost_micros).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_thought_for_a_halted_mind_is_broken_off_and_booked() {
    let server = serve(MockConfig {
        faults: Faults {
            hang_every: 1,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let (minds, _recordings, batch, mut village) =
        house_of(models(&[&server]), 2, false, &ThoughtTerms::Free, false);
    let halted = batch.asks[0].agent;
    minds.think(batch);
    until(|| server.stats().requests == 2).await;
    minds.heed(&village.view());
    assert_eq!(minds.pool().endpoints[0].in_flight, 2, "nobody is halted");
    halt(&mut village, halted);
    minds.heed(&village.view());
    until(|| minds.costs().outcomes.contains_key("stale")).await;
    let costs = minds.costs();
    assert_eq!((costs.outcomes["stale"], costs.total.thoughts), (1, 1));
    assert!(costs.total.tokens_in > 0 && costs.total.cost_micros > 0);
    assert_eq!(costs.counted_micros, costs.total.cost_micros);
    one_line_everywhere(&costs);
    // The model is asked no longer for the one, and goes on for the other.
    until(|| minds.pool().endpoints[0].in_flight == 1).await;
    let seen = &minds.pool().endpoints[0];
    assert_eq!(seen.cost_micros, costs.total.cost_micros);
    assert_eq!((seen.state.as_str(), seen.failed.len()), ("well", 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_lockstep_a_halted_mind_thinks_to_the_end_for_what_it_costs_decides() {
    let server = serve(MockConfig {
        latency: Duration::from_millis(300),
        ..MockConfig::default()
    })
    .await;
    let (minds, _recordings, batch, mut village) =
        house_of(models(&[&server]), 1, true, &ThoughtTerms::Free, true);
    let agent = batch.asks[0].agent;
    minds.think(batch);
    halt(&mut village, agent);
    minds.heed(&village.view());
    minds.settled(PATIENCE).await;
    let costs = minds.costs();
    assert!(!costs.outcomes.contains_key("stale"), "{costs:?}");
    assert!(costs.total.answers > 0, "{costs:?}");
    assert_eq!(server.stats().answers, costs.total.answers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thought_asks_no_further_than_was_reserved_for_it() {
    const RESIDENTS: u32 = 40;
    let server = serve(MockConfig::default()).await;
    let ask = async |reserved: Money| {
        let price = Money(MICROS);
        let terms = ThoughtTerms::Paid(ThoughtPermit {
            tier: 0,
            model: "chat".to_owned(),
            priority: 0,
            reserved,
            prices: ModelPrices {
                input: price,
                cached: price,
                output: price,
            },
        });
        let (minds, _recordings, batch) = house(models(&[&server]), RESIDENTS, true, &terms);
        minds.think(batch);
        minds.settled(PATIENCE).await;
        minds.costs()
    };
    let little = ask(Money(1)).await;
    assert!(little.outcomes.contains_key("price_limit"), "{little:?}");
    assert_eq!(little.total.answers, u64::from(RESIDENTS), "one each");
    let enough = ask(Money(10 * MICROS)).await;
    assert!(!enough.outcomes.contains_key("price_limit"), "{enough:?}");
    assert!(enough.total.answers > u64::from(RESIDENTS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_think_for_a_while_is_noted_once() {
    let server = serve(MockConfig::default()).await;
    let mut models = models(&[&server]);
    models.budget = 0.000_01;
    let (minds, mut recordings, batch) = house(models, 1, true, &ThoughtTerms::Free);
    for _ in 0..3 {
        minds.think(batch.clone());
    }
    minds.settled(PATIENCE).await;
    let costs = minds.costs();
    assert_eq!((costs.outcomes["budget"], costs.total.thoughts), (3, 0));
    let line = serde_json::to_value(recordings.try_recv().unwrap()).unwrap();
    assert_eq!(
        (line["outcome"].as_str(), line.get("exchanges")),
        (Some("budget"), None)
    );
    assert!(recordings.try_recv().is_err(), "once is enough");
    let agent = batch.asks[0].agent;
    let looked_back: Vec<String> = minds
        .thoughts(agent, 20)
        .into_iter()
        .map(|thought| thought.outcome)
        .collect();
    assert_eq!(looked_back, ["budget"]);
    assert_eq!(server.stats().requests, 0);
}
