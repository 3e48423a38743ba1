//! What thoughts cost, and what may still be spent.
//!
//! A budget is kept by reserving the most that a thought can cost before it begins; the real cost takes the place of the reservation when the thought
//! takes effect. So a limit is never passed, and in lockstep who may think depends on no one's speed.

mod embedding;

use std::collections::BTreeMap;

use hamlet_protocol::minds::{CostLine, CostsView, ThoughtAsk};

use crate::config::{ModelsConfig, Price};
use crate::thought::{Outcome, Thought};
use crate::wire::Usage;

/// Tokens of a usual thought: prompt and answer, for estimates.
const USUAL_TOKENS: (f64, f64) = (2_200.0, 80.0);
/// Thoughts of somebody in one `think_secs`: some ask for one earlier.
const USUAL_THOUGHTS: f64 = 4.5;

/// What a run may cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Thoughts.
    pub thoughts: f64,
    /// Tokens of prompts and answers.
    pub tokens: f64,
    /// Dollars.
    pub dollars: f64,
}

impl Estimate {
    /// What so many agents take in so much sim time.
    #[must_use]
    pub fn of(config: &ModelsConfig, agents: u64, sim_secs: f64) -> Self {
        // A third of the day they sleep.
        let waking = sim_secs * 2.0 / 3.0;
        let thoughts = agents as f64 * waking / f64::from(config.think_secs) * USUAL_THOUGHTS;
        let (input, output) = USUAL_TOKENS;
        let price = dearest(config);
        Self {
            thoughts,
            tokens: thoughts * (input + output),
            dollars: thoughts * (input * price.input + output * price.output) / 1e6,
        }
    }
}

fn dearest(config: &ModelsConfig) -> Price {
    let most = |of: fn(&Price) -> f64| {
        let prices = config.endpoints.iter().map(|endpoint| of(&endpoint.price));
        prices.fold(0.0, f64::max)
    };
    Price {
        input: most(|price| price.input),
        cached: None,
        output: most(|price| price.output),
    }
}

/// What work on a task has cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spent {
    pub(super) agent: String,
    pub(super) day: String,
    /// The model that answered last, and its endpoint.
    pub(super) by: Option<(String, String)>,
    pub(super) usage: Usage,
    pub(super) turns: u32,
    pub(super) cost: f64,
    pub(super) took_ms: u64,
}

/// The books.
#[derive(Debug)]
pub(super) struct Accounts {
    budget: Option<f64>,
    /// The most that one thought can cost.
    worst: f64,
    price: Price,
    spent: f64,
    /// By thought: the tick after which it takes effect, and what it cost, once that is known. Until it is over it counts as the most it can cost.
    open: BTreeMap<u64, (u64, Option<f64>)>,
    /// What counts against the budget: the dearest prices, no discount for caches, so that it depends on answers alone.
    counted: f64,
    total: CostLine,
    agents: BTreeMap<String, CostLine>,
    models: BTreeMap<String, CostLine>,
    endpoints: BTreeMap<String, CostLine>,
    days: BTreeMap<String, CostLine>,
    outcomes: BTreeMap<String, u64>,
    vectors: embedding::Vectors,
}

impl Accounts {
    pub(super) fn new(config: &ModelsConfig, spent: f64) -> Self {
        let price = dearest(config);
        let tokens = f64::from(config.thought_tokens_max) + f64::from(config.prompt_tokens_max);
        let answers = f64::from(config.turns_max) * f64::from(config.answer_tokens_max);
        let vectors = embedding::Vectors::new(config);
        let worst = tokens * price.input + answers * price.output + vectors.worst(config);
        Self {
            budget: (config.budget > 0.0).then_some(config.budget * 1e6),
            worst,
            price,
            spent,
            counted: spent,
            open: BTreeMap::new(),
            total: CostLine::default(),
            agents: BTreeMap::new(),
            models: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            days: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            vectors,
        }
    }

    pub(super) fn spent(&self) -> f64 {
        self.spent
    }

    /// Whether a thought may begin; if so, the most it can cost is reserved.
    pub(super) fn may_begin(&mut self, ask: &ThoughtAsk) -> bool {
        let Some(budget) = self.budget else {
            return true;
        };
        // What has taken effect by now counts as what it was, whenever its answer came; live, some that are due still think.
        let (counted, vectors) = (&mut self.counted, &mut self.vectors);
        self.open.retain(|no, (due, cost)| {
            let over = cost.filter(|_| *due < ask.asked);
            if let Some(cost) = over {
                *counted += cost + vectors.settled(*no);
            }
            over.is_none()
        });
        let reserved = self.open.len() as f64 * self.worst;
        if self.counted + reserved + self.worst > budget {
            return false;
        }
        self.open.insert(ask.thought, (ask.due, None));
        true
    }

    /// What a thought cost is known; its reservation counts until it takes effect.
    pub(super) fn known(&mut self, no: u64, thought: &Thought) {
        let uncached = Usage {
            cached: 0,
            ..thought.usage
        };
        if let Some((_, cost)) = self.open.get_mut(&no) {
            *cost = Some(crate::pool::cost(&self.price, uncached));
        }
    }

    /// A thought for which no model was asked, or of which nothing is known: then it counts as the most it can cost.
    pub(super) fn ended_at_once(&mut self, no: u64, outcome: Outcome) {
        if let Some((_, cost)) = self.open.get_mut(&no) {
            let unknown = outcome == Outcome::Unavailable;
            *cost = Some(if unknown { self.worst } else { 0.0 });
        }
        self.total.thoughts += 1;
        *self
            .outcomes
            .entry(outcome.as_str().to_owned())
            .or_default() += 1;
    }

    pub(super) fn ended(
        &mut self,
        outcome: Outcome,
        thought: &Thought,
        agent: &str,
        day: &str,
        took_ms: u64,
    ) {
        self.spent += thought.cost;
        *self
            .outcomes
            .entry(outcome.as_str().to_owned())
            .or_default() += 1;
        let lines = [
            Some(&mut self.total),
            Some(self.agents.entry(agent.to_owned()).or_default()),
            Some(self.days.entry(day.to_owned()).or_default()),
            thought
                .by
                .as_ref()
                .map(|(model, _)| self.models.entry(model.clone()).or_default()),
            thought
                .by
                .as_ref()
                .map(|(_, endpoint)| self.endpoints.entry(endpoint.clone()).or_default()),
        ];
        for line in lines.into_iter().flatten() {
            line.thoughts += 1;
            line.answers += u64::from(thought.turns);
            line.tokens_in += thought.usage.input;
            line.tokens_cached += thought.usage.cached;
            line.tokens_out += thought.usage.output;
            line.cost_micros += thought.cost.round() as i64;
            line.took_ms += took_ms;
        }
    }

    /// Whether there is room in the budget for work on a person's task. What the agent itself pays is in `purse.rs`.
    pub(super) fn task_may_begin(&self) -> bool {
        let Some(budget) = self.budget else {
            return true;
        };
        let reserved = self.open.len() as f64 * self.worst;
        self.counted + reserved + self.worst <= budget
    }

    /// Books what work on a task has cost.
    pub(super) fn task_ended(&mut self, spent: &Spent) {
        self.spent += spent.cost;
        self.counted += spent.cost;
        *self.outcomes.entry("task".to_owned()).or_default() += 1;
        let by = spent.by.as_ref();
        let lines = [
            Some(&mut self.total),
            Some(self.agents.entry(spent.agent.clone()).or_default()),
            Some(self.days.entry(spent.day.clone()).or_default()),
            by.map(|(model, _)| self.models.entry(model.clone()).or_default()),
            by.map(|(_, endpoint)| self.endpoints.entry(endpoint.clone()).or_default()),
        ];
        for line in lines.into_iter().flatten() {
            line.thoughts += 1;
            line.answers += u64::from(spent.turns);
            line.tokens_in += spent.usage.input;
            line.tokens_cached += spent.usage.cached;
            line.tokens_out += spent.usage.output;
            line.cost_micros += spent.cost.round() as i64;
            line.took_ms += spent.took_ms;
        }
    }

    pub(super) fn view(&self) -> CostsView {
        let lines = |map: &BTreeMap<String, CostLine>| -> Vec<CostLine> {
            let lines = map.iter().map(|(of, line)| CostLine {
                of: of.clone(),
                ..line.clone()
            });
            lines.collect()
        };
        let mut agents = lines(&self.agents);
        agents.sort_by(|a, b| {
            let weight = |line: &CostLine| (line.cost_micros, line.tokens_in + line.tokens_out);
            weight(b).cmp(&weight(a)).then_with(|| a.of.cmp(&b.of))
        });
        CostsView {
            total: CostLine {
                of: "all".to_owned(),
                ..self.total.clone()
            },
            agents,
            models: lines(&self.models),
            endpoints: lines(&self.endpoints),
            days: lines(&self.days),
            outcomes: self.outcomes.clone(),
            embedding: self.vectors.line(),
            budget_micros: self.budget.map(|budget| budget.round() as i64),
        }
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::ids::IdCodec;
    use hamlet_protocol::minds::{ThoughtTerms, Wake};

    use super::*;

    fn ask(thought: u64, asked: u64) -> ThoughtAsk {
        ThoughtAsk {
            thought,
            agent: IdCodec::new(5).make(0),
            no: 0,
            fence: thought,
            asked,
            due: asked + 10,
            wake: Wake::Time,
            last: Vec::new(),
            terms: ThoughtTerms::Free,
        }
    }

    #[test]
    fn a_thought_that_still_thinks_is_reserved_and_not_spent() {
        let mut config = ModelsConfig::default();
        config.add(&["http://127.0.0.1:9/v1".to_owned()], Some("any"));
        config.endpoints[0].price.input = 1.0;
        let mut books = Accounts::new(&config, 0.0);
        books.budget = Some(books.worst * 2.0);
        assert!(books.may_begin(&ask(1, 0)) && books.may_begin(&ask(2, 0)));
        // Both should have taken effect long ago; nobody has answered.
        assert!(!books.may_begin(&ask(3, 1_000)));
        assert_eq!(books.counted, 0.0);
        books.ended_at_once(1, Outcome::Stale);
        assert!(books.may_begin(&ask(3, 1_000)), "the first cost nothing");
        books.ended_at_once(2, Outcome::Unavailable);
        assert!(!books.may_begin(&ask(4, 2_000)));
        assert_eq!(
            books.counted, books.worst,
            "nobody knows what the second cost"
        );
    }
}
