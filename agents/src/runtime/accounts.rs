//! What thoughts cost, and what may still be spent.
//!
//! A budget is kept by reserving the most that the answers of a thought can cost before it begins; the real cost takes the place of the reservation when
//! the thought takes effect. So answers never pass a limit, and in lockstep who may think depends on no one's speed. Work on tasks reserves in the same
//! budget. What was sent and brought no answer counts as soon as it is known: nobody can say beforehand what will break off.

mod embedding;

use std::collections::BTreeMap;

use hamlet_protocol::minds::{CostLine, CostsView, ThoughtAsk};

use crate::config::{ModelsConfig, Price};
use crate::pool::Lost;
use crate::scene::Scene;
use crate::thought::{Ceiling, Outcome, Thought};
use crate::wire::Usage;

/// Tokens of a usual thought: prompt and answer, for estimates.
const USUAL_TOKENS: (f64, f64) = (2_200.0, 80.0);
/// Thoughts of somebody in one `think_secs`: some ask for one earlier.
const USUAL_THOUGHTS: f64 = 4.5;

/// Lines of one table of costs; what is beyond is booked together.
const LINES_MAX: usize = 10_000;
/// The name of that line.
const OTHERS: &str = "others";

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

/// Whose something is, and when it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Whose {
    /// Handle of the agent.
    pub(super) agent: String,
    /// Day of sim time.
    pub(super) day: String,
}

impl Whose {
    /// Of whoever thinks in a scene, on its day.
    pub(super) fn of(scene: &Scene) -> Self {
        let day = scene.scenario.time.at(scene.ask.asked).datetime();
        Self {
            agent: scene.called(scene.ask.agent),
            day: day.format("%Y-%m-%d").to_string(),
        }
    }
}

/// The most that one thought may cost whoever runs the village, where the settings say so.
pub(super) fn ceiling(config: &ModelsConfig) -> Option<Ceiling> {
    (config.thought_cost_max > 0.0).then(|| Ceiling {
        // As against a budget: it must not depend on which endpoint answered and what it had in its cache.
        price: dearest(config),
        most: config.thought_cost_max * 1e6,
    })
}

/// What work on a task has cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spent {
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
    /// The most that the answers of one thought can cost.
    worst: f64,
    /// The most that the answers of work on one message of a task chat can cost.
    worst_task: f64,
    price: Price,
    spent: f64,
    /// By thought: the tick after which it takes effect, and what it cost, once that is known. Until it is over it counts as the most it can cost.
    open: BTreeMap<u64, (u64, Option<f64>)>,
    /// Tasks that are worked on, each of which counts as the most it can cost.
    tasks: u64,
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
    /// Books in which `spent` micro-dollars count already.
    pub(super) fn new(config: &ModelsConfig, spent: f64) -> Self {
        let price = dearest(config);
        let tokens = f64::from(config.thought_tokens_max) + f64::from(config.prompt_tokens_max);
        let vectors = embedding::Vectors::new(config);
        let worst = |answer_tokens: u32| {
            let answers = f64::from(config.turns_max) * f64::from(answer_tokens);
            tokens * price.input + answers * price.output + vectors.worst(config)
        };
        Self {
            budget: (config.budget > 0.0).then_some(config.budget * 1e6),
            worst: worst(config.answer_tokens_max),
            worst_task: worst(config.task_answer_tokens_max),
            price,
            spent: 0.0,
            counted: spent,
            open: BTreeMap::new(),
            tasks: 0,
            total: CostLine::default(),
            agents: BTreeMap::new(),
            models: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            days: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            vectors,
        }
    }

    /// What was paid in this life, in micro-dollars.
    pub(super) fn spent(&self) -> f64 {
        self.spent
    }

    /// What counts against the budget, of earlier lives as well: also of thoughts that have an answer and no effect yet.
    pub(super) fn counted(&self) -> f64 {
        let known = self.open.values().filter_map(|(_, cost)| *cost);
        self.counted + known.sum::<f64>() + self.vectors.open()
    }

    /// What has taken effect before this tick counts as what it was, whenever its answer came; live, some that are due still think.
    /// Once for all that are asked in a tick, before [`Self::may_begin`].
    pub(super) fn settle(&mut self, asked: u64) {
        let (counted, vectors) = (&mut self.counted, &mut self.vectors);
        self.open.retain(|no, (due, cost)| {
            let over = cost.filter(|_| *due < asked);
            if let Some(cost) = over {
                *counted += cost + vectors.settled(*no);
            }
            over.is_none()
        });
    }

    /// Whether a thought may begin; if so, the most it can cost is reserved.
    pub(super) fn may_begin(&mut self, ask: &ThoughtAsk) -> bool {
        let may = self.has_room_for(self.worst);
        if may {
            self.open.insert(ask.thought, (ask.due, None));
        }
        may
    }

    /// Whether work on a person's task may begin; if so, the most it can cost is reserved until [`Self::task_ended`].
    /// What the agent itself pays is in `purse.rs`.
    pub(super) fn task_may_begin(&mut self) -> bool {
        let may = self.has_room_for(self.worst_task);
        self.tasks += u64::from(may);
        may
    }

    fn has_room_for(&self, more: f64) -> bool {
        let reserved = self.open.len() as f64 * self.worst + self.tasks as f64 * self.worst_task;
        self.budget
            .is_none_or(|budget| self.counted + reserved + more <= budget)
    }

    /// What a thought's answers cost is known; its reservation counts until it takes effect.
    pub(super) fn known(&mut self, no: u64, thought: &Thought) {
        let counts = self.counts(thought.usage);
        if let Some((_, cost)) = self.open.get_mut(&no) {
            *cost = Some(counts);
        }
    }

    /// A thought for which no model was asked, or of which nothing is known: then it counts as the most it can cost.
    /// It stands among the outcomes and in no line: those are of thoughts for which a model was asked.
    pub(super) fn ended_at_once(&mut self, no: u64, outcome: Outcome) {
        if let Some((_, cost)) = self.open.get_mut(&no) {
            let unknown = outcome == Outcome::Unavailable;
            *cost = Some(if unknown { self.worst } else { 0.0 });
        }
        self.came_to(outcome.as_str());
    }

    pub(super) fn ended(
        &mut self,
        outcome: Outcome,
        thought: &Thought,
        whose: &Whose,
        took_ms: u64,
    ) {
        self.spent += thought.cost;
        self.came_to(outcome.as_str());
        let entry = CostLine {
            thoughts: 1,
            answers: u64::from(thought.turns),
            took_ms,
            ..used(thought.usage, thought.cost)
        };
        self.book(whose, thought.by.as_ref(), &entry);
    }

    /// Books what work on a task has cost, and frees what was reserved for it.
    pub(super) fn task_ended(&mut self, whose: &Whose, spent: &Spent) {
        self.tasks = self.tasks.saturating_sub(1);
        self.spent += spent.cost;
        self.counted += self.counts(spent.usage);
        self.came_to("task");
        let entry = CostLine {
            thoughts: 1,
            answers: u64::from(spent.turns),
            took_ms: spent.took_ms,
            ..used(spent.usage, spent.cost)
        };
        self.book(whose, spent.by.as_ref(), &entry);
    }

    /// Books what was sent and brought no answer. No reservation is made for it; where it counts against the budget, it does at once.
    /// In lockstep it does not: who may think must not hang on the faults of servers.
    pub(super) fn lost(&mut self, whose: &Whose, lost: &[Lost], counts: bool) {
        for one in lost {
            self.spent += one.cost;
            if counts {
                self.counted += self.counts(one.usage);
            }
            let by = (one.model.clone(), one.endpoint.clone());
            self.book(whose, Some(&by), &used(one.usage, one.cost));
        }
    }

    /// What tokens count against the budget.
    fn counts(&self, usage: Usage) -> f64 {
        crate::pool::cost(&self.price, Usage { cached: 0, ..usage })
    }

    fn came_to(&mut self, outcome: &str) {
        *self.outcomes.entry(outcome.to_owned()).or_default() += 1;
    }

    fn book(&mut self, whose: &Whose, by: Option<&(String, String)>, entry: &CostLine) {
        add(&mut self.total, entry);
        add(line(&mut self.agents, &whose.agent), entry);
        add(line(&mut self.days, &whose.day), entry);
        if let Some((model, endpoint)) = by {
            add(line(&mut self.models, model), entry);
            add(line(&mut self.endpoints, endpoint), entry);
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
            counted_micros: self.counted().round() as i64,
        }
    }
}

/// A line of what was used.
fn used(usage: Usage, cost: f64) -> CostLine {
    CostLine {
        tokens_in: usage.input,
        tokens_cached: usage.cached,
        tokens_out: usage.output,
        cost_micros: cost.round() as i64,
        ..CostLine::default()
    }
}

/// The line of a name; beyond [`LINES_MAX`] that of all others together.
fn line<'a>(lines: &'a mut BTreeMap<String, CostLine>, of: &str) -> &'a mut CostLine {
    let fits = lines.len() < LINES_MAX || lines.contains_key(of);
    let of = if fits { of } else { OTHERS };
    lines.entry(of.to_owned()).or_default()
}

fn add(line: &mut CostLine, entry: &CostLine) {
    line.thoughts += entry.thoughts;
    line.answers += entry.answers;
    line.tokens_in += entry.tokens_in;
    line.tokens_cached += entry.tokens_cached;
    line.tokens_out += entry.tokens_out;
    line.cost_micros += entry.cost_micros;
    line.took_ms += entry.took_ms;
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::ids::IdCodec;
    use hamlet_protocol::minds::{ThoughtTerms, Wake};

    use super::*;

    pub(super) fn ask(thought: u64, asked: u64) -> ThoughtAsk {
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
        books.settle(1_000);
        assert!(!books.may_begin(&ask(3, 1_000)));
        assert_eq!(books.counted, 0.0);
        books.ended_at_once(1, Outcome::Stale);
        books.settle(1_000);
        assert!(books.may_begin(&ask(3, 1_000)), "the first cost nothing");
        books.ended_at_once(2, Outcome::Unavailable);
        books.settle(2_000);
        assert!(!books.may_begin(&ask(4, 2_000)));
        assert_eq!(
            books.counted, books.worst,
            "nobody knows what the second cost"
        );
    }

    fn books(worsts: f64) -> Accounts {
        let mut config = ModelsConfig::default();
        config.add(&["http://127.0.0.1:9/v1".to_owned()], Some("any"));
        (
            config.endpoints[0].price.input,
            config.endpoints[0].price.output,
        ) = (1.0, 4.0);
        let mut books = Accounts::new(&config, 0.0);
        books.budget = Some(books.worst_task * worsts);
        books
    }

    fn whose() -> Whose {
        Whose {
            agent: "@ada".to_owned(),
            day: "2026-02-01".to_owned(),
        }
    }

    #[test]
    fn tasks_reserve_in_the_same_budget_until_they_end() {
        let mut books = books(2.0);
        assert!(
            books.worst_task > books.worst,
            "answers to people are longer"
        );
        assert!(books.task_may_begin() && books.task_may_begin());
        assert!(!books.task_may_begin(), "the third would pass it");
        assert!(!books.may_begin(&ask(1, 0)), "and so would a thought");
        books.task_ended(&whose(), &Spent::default());
        assert!(books.may_begin(&ask(1, 0)));
        assert!(!books.task_may_begin(), "the thought is in its place");
        assert_eq!(books.counted, 0.0);
    }

    #[test]
    fn earlier_lives_count_and_what_has_an_answer_counts_for_the_next() {
        let mut config = ModelsConfig::default();
        config.add(&["http://127.0.0.1:9/v1".to_owned()], Some("any"));
        config.endpoints[0].price.input = 1.0;
        config.budget = 0.1;
        let mut books = Accounts::new(&config, 60_000.0);
        assert!(!books.may_begin(&ask(1, 0)), "46 000 more would pass it");
        assert_eq!((books.spent(), books.counted()), (0.0, 60_000.0));
        let mut books = Accounts::new(&config, 50_000.0);
        assert!(books.may_begin(&ask(1, 0)));
        books.ended_at_once(1, Outcome::Unavailable);
        assert_eq!(books.counted(), 50_000.0 + books.worst);
        assert_eq!(books.view().counted_micros, 96_000);
    }

    #[test]
    fn what_brought_no_answer_is_booked_everywhere_and_the_lines_add_up() {
        let mut books = books(2.0);
        let lost = Lost {
            model: "any".to_owned(),
            endpoint: "http://127.0.0.1:9/v1".to_owned(),
            usage: Usage {
                input: 1_000,
                ..Usage::default()
            },
            cost: 500.0,
        };
        books.lost(&whose(), std::slice::from_ref(&lost), true);
        // The dearest price counts, whatever this endpoint takes.
        assert_eq!((books.spent, books.counted), (500.0, 1_000.0));
        // In lockstep nothing of it counts.
        books.lost(&whose(), &[lost], false);
        assert_eq!((books.spent, books.counted), (1_000.0, 1_000.0));
        books.ended_at_once(1, Outcome::Budget);
        let view = books.view();
        assert_eq!(
            (view.total.tokens_in, view.total.cost_micros),
            (2_000, 1_000)
        );
        assert_eq!((view.total.thoughts, view.outcomes["budget"]), (0, 1));
        for lines in [&view.agents, &view.models, &view.endpoints, &view.days] {
            let line = CostLine {
                of: "all".to_owned(),
                ..lines[0].clone()
            };
            assert_eq!((lines.len(), &line), (1, &view.total));
        }
    }

    #[test]
    fn lines_beyond_the_limit_are_booked_together() {
        let mut lines = BTreeMap::new();
        let one = used(
            Usage {
                input: 1,
                ..Usage::default()
            },
            0.0,
        );
        for n in 0..LINES_MAX + 5 {
            add(line(&mut lines, &format!("@a{n}")), &one);
        }
        add(line(&mut lines, "@a0"), &one);
        assert_eq!(lines.len(), LINES_MAX + 1);
        assert_eq!((lines["@a0"].tokens_in, lines[OTHERS].tokens_in), (2, 5));
    }
}
