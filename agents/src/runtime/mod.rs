//! The runtime of minds: takes questions of a tick, performs what thoughts ask for, and gives the village their answers.

mod accounts;
mod drive;
mod purse;
mod record;
mod tasks;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hamlet_protocol::agent::Seen;
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::minds::{
    CostsView, MemoryView, MindsView, PoolView, ThoughtAnswer, ThoughtAsk, ThoughtBatch,
    ThoughtEnd, ThoughtView, VillageHandle,
};
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::task::{TaskEar, TaskTurn, TaskWork};
use tokio::time::Instant;

use accounts::Accounts;
pub use accounts::Estimate;
pub use record::Recorded;

use crate::config::{ConfigError, ModelsConfig, Purpose};
use crate::memory::{Kind, Memory};
use crate::perception::{perceive, sentence};
use crate::pool::{Ask, Coming, Pool};
use crate::scene::Scene;
use crate::skills::{Offer, Registry};
use crate::thought::{Effect, Limits, Outcome, Prompt, Thought};

/// Thoughts of one agent that can be looked back at.
const LOOKED_BACK_MAX: usize = 20;
/// Recordings that may wait to be written; more are let go of.
const RECORDINGS_MAX: usize = 4_096;

/// How often the end of all thoughts is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Where recordings go.
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
    /// Where micro-dollars of earlier lives are counted from.
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
    running: AtomicUsize,
    recordings: tokio::sync::mpsc::Sender<Recorded>,
    state: Mutex<State>,
}

struct State {
    memories: HashMap<u32, Arc<Mutex<Memory>>>,
    /// What templates are offered, by slug.
    offers: BTreeMap<String, Offer>,
    accounts: Accounts,
    lately: HashMap<u32, VecDeque<ThoughtView>>,
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
        let pool = Pool::new(&setup.config, key_of)?;
        pool.watch();
        let accounts = Accounts::new(&setup.config, setup.spent);
        let inner = Inner {
            pool,
            registry: Registry::of_village(),
            ids: IdCodec::new(setup.scenario.seed),
            config: setup.config,
            scenario: setup.scenario,
            village: setup.village,
            lockstep: setup.lockstep,
            running: AtomicUsize::new(0),
            recordings,
            state: Mutex::new(State {
                memories: HashMap::new(),
                offers: BTreeMap::new(),
                accounts,
                lately: HashMap::new(),
            }),
        };
        Ok((Self(Arc::new(inner)), written))
    }

    /// Takes the questions of one tick. Their first requests go to the pool together.
    pub fn think(&self, mut batch: ThoughtBatch) {
        batch.asks.sort_by_key(|ask| ask.no);
        let inner = &self.0;
        let deadline = Instant::now() + Duration::from_secs(inner.config.thought_secs_max);
        let mut begun = Vec::with_capacity(batch.asks.len());
        let mut firsts = Vec::with_capacity(batch.asks.len());
        for ask in batch.asks {
            let scene = Scene {
                view: Arc::clone(&batch.view),
                scenario: Arc::clone(&inner.scenario),
                ids: inner.ids,
                ask,
            };
            if !inner.lock().accounts.may_begin(&scene.ask) {
                inner.end_at_once(scene.ask, Outcome::Budget);
                continue;
            }
            let Some((open, effect)) = inner.begin(scene, deadline) else {
                continue;
            };
            if let Effect::Ask(request) = effect {
                firsts.push(open.ask(request));
                begun.push(open);
            }
        }
        let comings = inner.pool.submit(firsts);
        for (open, coming) in begun.into_iter().zip(comings) {
            inner.spawn(open, coming);
        }
    }

    /// Waits until no thought is under way, at most so long.
    pub async fn settled(&self, most: Duration) {
        let end = Instant::now() + most;
        while self.0.running.load(Ordering::Relaxed) > 0 && Instant::now() < end {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Answers that the cassette that is played did not have.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.0.pool.missing()
    }

    /// What was spent so far, in micro-dollars.
    #[must_use]
    pub fn spent(&self) -> f64 {
        self.0.lock().accounts.spent()
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
}

/// How a thought's requests are asked.
#[derive(Clone, Copy)]
struct Asking {
    answer_tokens_max: u32,
    temperature: f64,
    prefix: crate::pool::Prefix,
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
            priority: 1,
            purpose: self.limits.purpose,
            deadline: self.limits.deadline,
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        // What a panic leaves behind are counters, at worst.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares a thought; `None`, and an answer at once, where whoever should think has left.
    fn begin(self: &Arc<Self>, scene: Scene, deadline: Instant) -> Option<(Open, Effect)> {
        let offer = self.offer(&scene);
        let memory = Arc::clone(self.lock().memories.entry(scene.ask.no).or_default());
        let prompt = {
            let mut memory = lock(&memory);
            take_in(&scene, &mut memory);
            perceive(&scene).and_then(|perceived| {
                let functions = self.config.function_calling;
                Prompt::new(&scene, &offer, &memory, perceived, functions)
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
            cost_max: None,
        };
        let functions = self.config.function_calling;
        let (thought, effect) = Thought::begin(prompt, offer.clone(), limits, functions);
        let purpose = scene
            .template()
            .map_or(Purpose::Chat, |template| Purpose::of(&template.model));
        let open = Open {
            thought,
            offer,
            memory,
            limits: Asking {
                answer_tokens_max: self.config.answer_tokens_max,
                temperature: self.config.temperature,
                prefix,
                purpose,
                deadline,
            },
            began: Instant::now(),
            record: record::Record::default(),
            scene,
        };
        Some((open, effect))
    }

    fn offer(&self, scene: &Scene) -> Offer {
        let slug = scene.me().map(|me| me.template.clone()).unwrap_or_default();
        let mut state = self.lock();
        let make = || self.registry.offer(0, scene.template());
        state.offers.entry(slug).or_insert_with(make).clone()
    }

    /// Answers a question without a thought.
    fn end_at_once(self: &Arc<Self>, ask: ThoughtAsk, outcome: Outcome) {
        self.lock().accounts.ended_at_once(outcome);
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let answer = ThoughtAnswer {
                agent: ask.agent,
                fence: ask.fence,
                acts: Vec::new(),
                end: ThoughtEnd::Failed,
            };
            // A village that has stopped needs no answer.
            drop(inner.tell(answer).await);
        });
    }

    /// Thinks on a task of its own. A fault of ours there must not keep a village in lockstep waiting.
    fn spawn(self: &Arc<Self>, open: Open, first: Coming) {
        let (inner, ask) = (Arc::clone(self), open.scene.ask.clone());
        inner.running.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            let thinking = Arc::clone(&inner).drive(open, first);
            if tokio::spawn(thinking).await.is_err() {
                tracing::error!(
                    thought = ask.thought,
                    "a thought panicked; please report this"
                );
                inner.end_at_once(ask, Outcome::Unavailable);
            }
            inner.running.fetch_sub(1, Ordering::Relaxed);
        });
    }

    async fn drive(self: Arc<Self>, mut open: Open, first: Coming) {
        let outcome = self.think_through(&mut open, first).await;
        // Before the village goes on: what it cost must be known when the next thoughts want to begin.
        let thought = open.scene.ask.thought;
        self.lock().accounts.known(thought, &open.thought);
        let outcome = self.deliver(&open, outcome).await;
        self.close(open, outcome);
    }

    fn close(&self, open: Open, outcome: Outcome) {
        let ask = &open.scene.ask;
        let thought = &open.thought;
        let view = ThoughtView {
            thought: ask.thought,
            agent: ask.agent,
            asked: ask.asked,
            due: ask.due,
            wake: ask.wake,
            outcome: outcome.as_str().to_owned(),
            steps: thought.steps.clone(),
            words: thought.words.clone(),
            turns: thought.turns,
            model: thought.by.as_ref().map(|(model, _)| model.clone()),
            tokens_in: thought.usage.input,
            tokens_cached: thought.usage.cached,
            tokens_out: thought.usage.output,
            cost_micros: thought.cost.round() as i64,
            took_ms: open.began.elapsed().as_millis() as u64,
        };
        let recorded = open.record.close(&open.scene, &view);
        if self.recordings.try_send(recorded).is_err() {
            tracing::debug!("a recording of a thought was let go of: too many wait");
        }
        let mut state = self.lock();
        let name = open.scene.called(ask.agent);
        let day = open.scene.scenario.time.at(ask.asked).datetime();
        let day = day.format("%Y-%m-%d").to_string();
        state
            .accounts
            .ended(outcome, thought, &name, &day, view.took_ms);
        let lately = state.lately.entry(ask.no).or_default();
        if lately.len() >= LOOKED_BACK_MAX {
            lately.pop_front();
        }
        lately.push_back(view);
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
        let state = self.0.lock();
        let lately = state.lately.get(&no);
        let newest = lately.into_iter().flat_map(|lately| lately.iter().rev());
        newest.take(limit).cloned().collect()
    }

    fn memories(&self, agent: AgentId, limit: usize) -> Vec<MemoryView> {
        let no = self
            .0
            .ids
            .number(agent)
            .and_then(|no| u32::try_from(no).ok());
        let memory = no.and_then(|no| self.0.lock().memories.get(&no).cloned());
        memory.map_or_else(Vec::new, |memory| lock(&memory).view(limit))
    }

    fn costs(&self) -> CostsView {
        self.0.lock().accounts.view()
    }

    fn task(&self, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.work_on(turn, ear).await })
    }
}
