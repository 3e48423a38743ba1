//! The runtime of minds: takes questions of a tick, performs what thoughts ask for, and gives the village their answers.

mod accounts;
mod batch;
mod drive;
mod halts;
mod lately;
mod purse;
mod recollection;
mod record;
mod tab;
mod tasks;
mod vectors;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hamlet_protocol::agent::Seen;
use hamlet_protocol::economy::command::Usage;
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::memory::{
    Later, MemoryPage, MemoryQuery, MemoryWrite, Revised, Revision, RevisionError,
};
use hamlet_protocol::minds::{
    CostsView, MindsView, PoolView, ThoughtAnswer, ThoughtAsk, ThoughtEnd, ThoughtTerms,
    ThoughtView, Unpaid, VillageHandle,
};
use hamlet_protocol::money::Money;
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::task::{TaskEar, TaskTurn, TaskWork};
use tokio::time::Instant;

pub use accounts::Estimate;
use accounts::{Accounts, Whose};
use halts::{Brake, UnderWay};
use lately::{Lately, Sweep};
use recollection::Recollection;
pub use recollection::Remembered;
pub use record::{Lines, Recorded, System, TaskRecord, What};

use crate::config::{ConfigError, ModelsConfig, Price, Purpose};
use crate::memory::{Kind, Memory};
use crate::perception::{perceive, sentence};
use crate::pool::{Ask, Bill, Coming, Lost, Pool};
use crate::scene::Scene;
use crate::skills::{Offer, Registry};
use crate::thought::{Ceiling, Effect, Limits, Outcome, Prompt, Thought};

/// Recordings that may wait to be written; more are let go of.
const RECORDINGS_MAX: usize = 4_096;

/// Places of thoughts in the queue: of the highest tiers and of those who pay nothing, and of the lowest tier.
const PRIORITY_FIRST: u8 = 1;
const PRIORITY_LAST: u8 = 17;

/// How often the end of all thoughts is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Where recordings go. Once it is closed or dropped, nothing is recorded any more.
pub type Recordings = tokio::sync::mpsc::Receiver<Recorded>;

/// What minds are started with.
pub struct Setup {
    /// Settings, already checked.
    pub config: ModelsConfig,
    /// What the run started from.
    pub scenario: Arc<Scenario>,
    /// The village.
    pub village: Arc<dyn VillageHandle>,
    /// Whether acts wait for the end of their thought, so that results depend on no one's speed.
    pub lockstep: bool,
    /// What counts against the budget from the beginning, in micro-dollars: [`Minds::counted`] of earlier lives.
    pub spent: f64,
}

/// Minds that think. Cheap to clone; must be used inside a tokio runtime.
#[derive(Clone)]
pub struct Minds(Arc<Inner>);

impl std::fmt::Debug for Minds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Minds")
            .field("pool", &self.0.pool)
            .finish_non_exhaustive()
    }
}

struct Inner {
    pool: Pool,
    registry: Registry,
    config: ModelsConfig,
    scenario: Arc<Scenario>,
    ids: IdCodec,
    village: Arc<dyn VillageHandle>,
    lockstep: bool,
    recollection: Recollection,
    running: AtomicUsize,
    recordings: tokio::sync::mpsc::Sender<Recorded>,
    state: Mutex<State>,
}

struct State {
    memories: HashMap<u32, Arc<Mutex<Memory>>>,
    sweep: Sweep,
    /// What is offered, by tier and slug of the template.
    offers: BTreeMap<(u8, String), Offer>,
    accounts: Accounts,
    lately: Lately,
    under_way: UnderWay,
}

impl Minds {
    /// Minds with their pool; recordings of thoughts come out of the other end.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn start(
        setup: Setup,
        key_of: impl Fn(&str) -> Option<String>,
    ) -> Result<(Self, Recordings), ConfigError> {
        let (recordings, written) = tokio::sync::mpsc::channel(RECORDINGS_MAX);
        let pool = match setup.lockstep {
            true => Pool::patient(&setup.config, key_of)?,
            false => Pool::new(&setup.config, key_of)?,
        };
        pool.watch();
        let accounts = Accounts::new(&setup.config, setup.spent);
        let inner = Inner {
            registry: Registry::of_village(),
            ids: IdCodec::new(setup.scenario.seed),
            recollection: Recollection::new(pool.embedder().clone(), setup.config.reembed),
            config: setup.config,
            scenario: setup.scenario,
            village: setup.village,
            lockstep: setup.lockstep,
            pool,
            running: AtomicUsize::new(0),
            recordings,
            state: Mutex::new(State {
                memories: HashMap::new(),
                sweep: Sweep::default(),
                offers: BTreeMap::new(),
                accounts,
                lately: Lately::default(),
                under_way: UnderWay::default(),
            }),
        };
        Ok((Self(Arc::new(inner)), written))
    }

    /// Waits until no thought is under way, at most so long, and until what was recorded of them is in its file: comes at the end of a run.
    pub async fn settled(&self, most: Duration) {
        let end = Instant::now() + most;
        while self.0.running.load(Ordering::Relaxed) > 0 && Instant::now() < end {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.0.pool.flush().await;
    }

    /// Answers that the cassette that is played did not have.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.0.pool.missing()
    }

    /// What was spent in this life, in micro-dollars.
    #[must_use]
    pub fn spent(&self) -> f64 {
        self.0.lock().accounts.spent()
    }

    /// What counts against the budget so far, earlier lives included, in micro-dollars at the dearest prices: what the next life begins with.
    #[must_use]
    pub fn counted(&self) -> f64 {
        self.0.lock().accounts.counted()
    }
}

/// A thought with everything around it.
struct Open {
    thought: Thought,
    scene: Scene,
    offer: Offer,
    memory: Arc<Mutex<Memory>>,
    limits: Asking,
    began: Instant,
    record: record::Record,
    /// Where its requests note what brought no answer, and what that came to in the end.
    bill: Bill,
    lost: Vec<Lost>,
}

/// How a thought's requests are asked.
#[derive(Clone, Copy)]
struct Asking {
    answer_tokens_max: u32,
    temperature: f64,
    prefix: crate::pool::Prefix,
    priority: u8,
    purpose: Purpose,
    deadline: Instant,
}

impl Open {
    fn ask(&self, request: Arc<crate::wire::ChatRequest>) -> Ask {
        Ask {
            request,
            answer_tokens_max: self.limits.answer_tokens_max,
            temperature: self.limits.temperature,
            prefix: self.limits.prefix,
            priority: self.limits.priority,
            purpose: self.limits.purpose,
            deadline: self.limits.deadline,
            bill: self.bill.clone(),
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        // What a panic leaves behind are counters, at worst.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares a thought; `None`, and an answer at once, where whoever should think has left.
    fn begin(
        self: &Arc<Self>,
        scene: Scene,
        deadline: Instant,
        meaning: Option<Vec<f32>>,
    ) -> Option<(Open, Effect)> {
        let offer = self.offer(&scene);
        let memory = self.memory(scene.ask.no);
        let prompt = {
            let mut memory = lock(&memory);
            take_in(&scene, &mut memory);
            if memory.reflection_is_due() {
                memory.asked_to_reflect();
            }
            perceive(&scene).and_then(|perceived| {
                let functions = self.config.function_calling;
                Prompt::new(&scene, &offer, &memory, perceived, functions, meaning)
            })
        };
        let Some(prompt) = prompt else {
            self.end_at_once(scene.ask, Outcome::Stale);
            return None;
        };
        let prefix = prompt.prefix;
        let limits = Limits {
            turns_max: self.config.turns_max,
            tokens_max: u64::from(self.config.thought_tokens_max),
            prompt_tokens_max: self.config.prompt_tokens_max,
            cost_max: accounts::ceiling(&self.config),
            reserved: self.reserved(&scene.ask.terms),
        };
        let functions = self.config.function_calling;
        let (thought, effect) = Thought::begin(prompt, offer.clone(), limits, functions);
        let mut record = record::Record::new(!self.recordings.is_closed());
        if let Effect::Ask(request) = &effect {
            record.asked(request);
        }
        let (purpose, priority) = entitled(&scene);
        let open = Open {
            thought,
            offer,
            memory,
            limits: Asking {
                answer_tokens_max: self.config.answer_tokens_max,
                temperature: self.config.temperature,
                prefix,
                priority,
                purpose,
                deadline,
            },
            began: Instant::now(),
            record,
            bill: Bill::default(),
            lost: Vec::new(),
            scene,
        };
        Some((open, effect))
    }

    fn offer(&self, scene: &Scene) -> Offer {
        let slug = scene.me().map(|me| me.template.clone()).unwrap_or_default();
        let tier = match &scene.ask.terms {
            ThoughtTerms::Paid(permit) => permit.tier,
            // Who pays for nothing, or answer by answer, has a tier all the same.
            ThoughtTerms::Free | ThoughtTerms::Unpaid { .. } => {
                let purses = &scene.view.economy.purses;
                purses
                    .get(scene.ask.no as usize)
                    .map_or(0, |purse| purse.tier)
            }
        };
        let mut state = self.lock();
        let money = scene.scenario.economy.is_lived_by();
        let make = || self.registry.offer(tier, scene.template(), money);
        let offer = state.offers.entry((tier, slug)).or_insert_with(make);
        offer.clone()
    }

    /// What a thought that its resident pays for may use: what it costs them beyond what is reserved nobody pays.
    fn reserved(&self, terms: &ThoughtTerms) -> Option<Ceiling> {
        let ThoughtTerms::Paid(permit) = terms else {
            return None;
        };
        let rate = |per_million: Money| per_million.0 as f64 / 1e6;
        let input = rate(permit.prices.input);
        // In lockstep what a server had in its cache is no cheaper: see `usage_of`.
        let cached = (!self.lockstep).then(|| rate(permit.prices.cached));
        Some(Ceiling {
            price: Price {
                input,
                cached,
                output: rate(permit.prices.output),
            },
            most: permit.reserved.0 as f64,
        })
    }

    /// Answers a question without a thought.
    fn end_at_once(self: &Arc<Self>, ask: ThoughtAsk, outcome: Outcome) {
        self.note_at_once(&ask, outcome, Vec::new());
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let answer = ThoughtAnswer {
                agent: ask.agent,
                fence: ask.fence,
                acts: Vec::new(),
                end: ThoughtEnd::Failed,
                usage: Usage::default(),
            };
            // A village that has stopped needs no answer.
            drop(inner.tell(answer).await);
        });
    }

    /// Thinks on a task of its own. A fault of ours there must not keep a village in lockstep waiting.
    fn spawn(self: &Arc<Self>, open: Open, first: Coming) {
        let (inner, ask) = (Arc::clone(self), open.scene.ask.clone());
        inner.running.fetch_add(1, Ordering::Relaxed);
        let brake = inner.lock().under_way.begin(&ask);
        tokio::spawn(async move {
            let thought = ask.thought;
            let thinking = Arc::clone(&inner).drive(open, first, brake);
            if tokio::spawn(thinking).await.is_err() {
                tracing::error!(
                    thought = ask.thought,
                    "a thought panicked; please report this"
                );
                inner.end_at_once(ask, Outcome::Unavailable);
            }
            inner.lock().under_way.ended(thought);
            inner.running.fetch_sub(1, Ordering::Relaxed);
        });
    }

    async fn drive(self: Arc<Self>, mut open: Open, first: Coming, brake: Brake) {
        let outcome = self.think_through(&mut open, first, brake).await;
        // Before the village goes on: what it cost must be known when the next thoughts want to begin.
        let thought = open.scene.ask.thought;
        self.lock().accounts.known(thought, &open.thought);
        // Before the village knows of it: what was thought on is remembered, also after a power cut.
        self.save(&open.memory, open.scene.ask.agent, open.scene.ask.due)
            .await;
        let (outcome, charged) = self.deliver(&open, outcome).await;
        self.close(open, outcome, charged);
    }

    fn close(&self, open: Open, outcome: Outcome, charged: Option<Money>) {
        let ask = &open.scene.ask;
        let thought = &open.thought;
        let (mut usage, mut cost) = (thought.usage, thought.cost);
        for lost in &open.lost {
            usage += lost.usage;
            cost += lost.cost;
        }
        let view = ThoughtView {
            outcome: outcome.as_str().to_owned(),
            steps: thought
                .steps
                .iter()
                .map(|step| record::text(step))
                .collect(),
            words: record::text(&thought.words),
            turns: thought.turns,
            model: thought.by.as_ref().map(|(model, _)| model.clone()),
            tokens_in: usage.input,
            tokens_cached: usage.cached,
            tokens_out: usage.output,
            cost_micros: cost.round() as i64,
            charged,
            took_ms: open.began.elapsed().as_millis() as u64,
            ..blank(ask)
        };
        let whose = Whose::of(&open.scene);
        let what = What::Thought(view.clone());
        if let Some(recorded) = open.record.close(whose.agent.clone(), what) {
            self.keep(recorded);
        }
        let mut state = self.lock();
        state.accounts.ended(outcome, thought, &whose, view.took_ms);
        state.lately.push(ask.no, view);
        state.let_go(&open.scene);
    }

    /// Hands a recording on to whoever writes it.
    fn keep(&self, recorded: Recorded) {
        if self.recordings.try_send(recorded).is_err() {
            tracing::debug!("a recording was let go of: too many wait, or nobody wants any");
        }
    }

    /// Books a thought for which no model was asked; it can be looked back at.
    fn note_at_once(&self, ask: &ThoughtAsk, outcome: Outcome, steps: Vec<String>) {
        let view = ThoughtView {
            outcome: outcome.as_str().to_owned(),
            steps,
            ..blank(ask)
        };
        let is_news = {
            let mut state = self.lock();
            state.accounts.ended_at_once(ask.thought, outcome);
            state.lately.push_at_once(ask.no, view.clone())
        };
        if is_news {
            self.keep(Recorded {
                system: None,
                name: String::new(),
                what: What::Thought(view),
                exchanges: Vec::new(),
            });
        }
    }

    /// A thought that could not be paid for: nobody waits for an answer, and it can be looked back at.
    fn look_back_at_unpaid(&self, ask: &ThoughtAsk, why: Unpaid, text: &str) {
        let outcome = match why {
            Unpaid::Funds => Outcome::Funds,
            Unpaid::Quota => Outcome::Quota,
        };
        self.note_at_once(ask, outcome, vec![text.to_owned()]);
    }
}

impl State {
    /// Lets go of what is remembered in mind of those who have left, each time many have come. What is kept of it stays kept.
    fn let_go(&mut self, scene: &Scene) {
        let (memories, agents) = (&mut self.memories, &scene.view.agents);
        self.sweep.over(memories.len(), || {
            memories.retain(|no, memory| {
                let is_there = agents.get(*no as usize).map(Option::is_some);
                lately::stays(is_there, Arc::strong_count(memory))
            });
            memories.len()
        });
    }
}

/// A thought of which nothing is known but that it was asked for.
fn blank(ask: &ThoughtAsk) -> ThoughtView {
    ThoughtView {
        thought: ask.thought,
        agent: ask.agent,
        asked: ask.asked,
        due: ask.due,
        wake: ask.wake,
        outcome: String::new(),
        steps: Vec::new(),
        words: String::new(),
        turns: 0,
        model: None,
        tokens_in: 0,
        tokens_cached: 0,
        tokens_out: 0,
        cost_micros: 0,
        charged: None,
        took_ms: 0,
    }
}

/// What models somebody's thought may use, and its place in the queue: lower comes first.
fn entitled(scene: &Scene) -> (Purpose, u8) {
    entitled_by(&scene.ask.terms, scene)
}

/// The same by these terms.
fn entitled_by(terms: &ThoughtTerms, scene: &Scene) -> (Purpose, u8) {
    match terms {
        ThoughtTerms::Paid(permit) => {
            let place = PRIORITY_LAST.saturating_sub(permit.priority);
            (Purpose::of(&permit.model), place.max(PRIORITY_FIRST))
        }
        ThoughtTerms::Free | ThoughtTerms::Unpaid { .. } => {
            let template = scene.template();
            let purpose = template.map_or(Purpose::Chat, |it| Purpose::of(&it.model));
            (purpose, PRIORITY_FIRST)
        }
    }
}

/// What happened to somebody since their last thought becomes memory, each with the tick it is of.
fn take_in(scene: &Scene, memory: &mut Memory) {
    let Some(me) = scene.me() else {
        return;
    };
    let seen = memory.seen_tick;
    let new = me
        .observations
        .iter()
        .filter(|observation| seen.is_none_or(|seen| observation.tick > seen));
    for observation in new {
        if let Some(words) = sentence(scene, &observation.seen) {
            let importance = importance(&observation.seen);
            memory.add(
                observation.tick,
                Kind::Observation,
                &words,
                importance,
                None,
            );
        }
    }
    // Lines and the observations of having heard them stand in one order; the oldest lines may be gone.
    let heard = me
        .observations
        .iter()
        .rev()
        .filter(|observation| matches!(observation.seen, Seen::Heard(..)));
    let mut lines: Vec<_> = heard
        .zip(me.heard.iter().rev())
        .filter(|(observation, _)| seen.is_none_or(|seen| observation.tick > seen))
        .collect();
    lines.reverse();
    for (observation, (from, words)) in lines {
        let source = scene.called(*from);
        memory.add(observation.tick, Kind::Observation, words, 4, Some(source));
    }
    let newest = me
        .observations
        .iter()
        .map(|observation| observation.tick)
        .max();
    memory.seen_tick = newest.max(seen);
}

/// How much something matters, 1 to 10.
fn importance(seen: &Seen) -> u8 {
    match seen {
        Seen::Slept | Seen::Ate(_) | Seen::Rested(_) => 1,
        Seen::Heard(..) | Seen::Worked(..) | Seen::Read(_) | Seen::FoundClosed(_) => 2,
        Seen::TalkedWith(_) | Seen::Traded(..) => 3,
        Seen::FollowedBy(_) | Seen::Received(..) => 5,
        Seen::Answered(..) => 6,
        Seen::News(..) => 7,
        Seen::Rewarded(..) => 8,
    }
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    // A panic leaves a memory behind that lacks a row, at worst.
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MindsView for Minds {
    fn pool(&self) -> PoolView {
        self.0.pool.view()
    }

    fn thoughts(&self, agent: AgentId, limit: usize) -> Vec<ThoughtView> {
        let Some(no) = self
            .0
            .ids
            .number(agent)
            .and_then(|no| u32::try_from(no).ok())
        else {
            return Vec::new();
        };
        self.0.lock().lately.newest(no, limit)
    }

    fn memories(&self, agent: AgentId, query: &MemoryQuery) -> MemoryPage {
        let memory = self.0.remembering(agent);
        memory.map_or_else(MemoryPage::default, |memory| lock(&memory).page(query))
    }

    fn revise(
        &self,
        agent: AgentId,
        tick: u64,
        revision: Revision,
    ) -> Later<'_, Result<Revised, RevisionError>> {
        Box::pin(self.0.revise(agent, tick, revision))
    }

    fn settle(&self, agent: AgentId, kept: &[MemoryWrite]) -> bool {
        let memory = self.0.remembering(agent);
        memory.is_none_or(|memory| lock(&memory).settle(kept))
    }

    fn costs(&self) -> CostsView {
        self.0.lock().accounts.view()
    }

    fn task(&self, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.work_on(turn, ear).await })
    }
}
