//! The model pool: many endpoints on many machines as one, kept full but not overfull.
//!
//! [`Pool::submit`] takes all requests of a tick at once. The rules by which they are spread, ordered, stolen and held back are in `scheduler.rs`,
//! `limiter.rs`, `breaker.rs` and `patience.rs`, pure; the clock, the network and the counters are here and in `work.rs`, `vectors.rs` and `faults.rs`.

mod bill;
mod breaker;
mod cassette;
mod faults;
mod gauges;
mod limiter;
mod order;
mod patience;
mod scheduler;
mod schemas;
mod stats;
#[cfg(test)]
mod tests;
mod vectors;
mod work;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hamlet_protocol::minds::PoolView;
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

pub use self::bill::{Bill, Lost};
pub use self::cassette::Cassette;
use self::order::{Errand, Pending, Reply, Teller};
use self::patience::Patience;
pub use self::scheduler::Prefix;
use self::scheduler::{Job, Scheduler};
use self::schemas::Schemas;
use self::stats::Counters;
pub(crate) use self::stats::cost;
pub use self::vectors::Embedded;
use crate::config::{ConfigError, EndpointConfig, ModelsConfig, Purpose};
use crate::memory::Embedder;
use crate::wire::{ChatAnswer, ChatRequest, Wire, WireError};

/// Requests that may wait for an endpoint; more are refused at once.
pub const WAITING_MAX: usize = 65_536;

/// A request for one answer, whoever gives it.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The chat. Its model, temperature and limits are filled in by the endpoint it goes to.
    pub request: Arc<ChatRequest>,
    /// Tokens of the answer.
    pub answer_tokens_max: u32,
    /// Chance in the answer.
    pub temperature: f64,
    /// What it begins with.
    pub prefix: Prefix,
    /// Lower first.
    pub priority: u8,
    /// What the model is wanted for.
    pub purpose: Purpose,
    /// When it is no longer wanted.
    pub deadline: Instant,
    /// Where tries are noted that bring no answer.
    pub bill: Bill,
}

/// An answer and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The answer.
    pub answer: ChatAnswer,
    /// The model that gave it.
    pub model: String,
    /// Address of its endpoint.
    pub endpoint: String,
    /// What it cost, in micro-dollars.
    pub cost: f64,
    /// Tries before it came.
    pub tries: usize,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// No endpoint has a model for it.
    #[error("no endpoint has a model for it")]
    Nobody,
    /// Its time is over.
    #[error("no endpoint answered in time")]
    Late,
    /// Too many requests wait.
    #[error("too many requests wait already")]
    Full,
    /// All endpoints for it are left alone, in lockstep for longer than is waited for.
    #[error("no endpoint for it has answered for too long")]
    Silent,
    /// The cassette that is played has no such answer.
    #[error("{0}")]
    Cassette(String),
    /// The last thing that went wrong, once all tries were used up.
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// An answer that will come. Whoever lets go of it before its time is over wants it no longer: it is cut off.
pub type Coming = oneshot::Receiver<Result<Answered, PoolError>>;

/// The words of an answer as far as they have come. Whoever lets go of it wants the answer no longer: it is cut off.
pub type Heard = watch::Receiver<String>;

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("endpoints", &self.0.endpoints.len())
            .finish_non_exhaustive()
    }
}

struct Inner {
    endpoints: Vec<(EndpointConfig, Wire)>,
    embedder: Embedder,
    patience: Patience,
    /// Where exchanges are written down, or come from.
    cassette: Option<Cassette>,
    began: Instant,
    state: Mutex<State>,
}

struct State {
    scheduler: Scheduler,
    pending: HashMap<u64, Pending>,
    counters: Vec<Counters>,
    gauges: Vec<gauges::Reading>,
    schemas: Vec<Schemas>,
    next_id: u64,
    /// When the next look at resting endpoints is due.
    wake_ms: Option<u64>,
}

impl Pool {
    /// A pool of these endpoints; nothing is sent yet. Must be made and used inside a tokio runtime.
    ///
    /// # Errors
    /// What is wrong with the settings, keys included.
    pub fn new(
        config: &ModelsConfig,
        key_of: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        Self::open(config, key_of, Patience::Live)
    }

    /// The same for lockstep: requests wait for whoever is slow or away, up to `request_secs_max` and `silence_secs_max` of the settings.
    ///
    /// # Errors
    /// As [`Pool::new`].
    pub fn patient(
        config: &ModelsConfig,
        key_of: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        Self::open(config, key_of, Patience::of(config))
    }

    fn open(
        config: &ModelsConfig,
        key_of: impl Fn(&str) -> Option<String>,
        patience: Patience,
    ) -> Result<Self, ConfigError> {
        config.check()?;
        let endpoints = config.endpoints.iter().map(|endpoint| {
            let wire = Wire::new(endpoint.access(&key_of)?)
                .map_err(|fault| ConfigError(fault.to_string()))?;
            Ok((endpoint.clone(), wire))
        });
        let endpoints: Vec<_> = endpoints.collect::<Result<_, ConfigError>>()?;
        let scheduler = Scheduler::new(endpoints.iter().map(|(endpoint, _)| {
            let serves = Purpose::ALL.into_iter();
            let serves = serves.filter(|&purpose| endpoint.model_for(purpose).is_some());
            (serves.collect::<BTreeSet<_>>(), endpoint.concurrency)
        }));
        let counters = endpoints.iter().map(|_| Counters::default()).collect();
        let gauges = endpoints.iter().map(|_| Default::default()).collect();
        let schemas = vec![Schemas::default(); endpoints.len()];
        let cassette = Cassette::of(config)?;
        let played = cassette.as_ref().and_then(Cassette::embedder);
        let embedder = match played {
            Some(embedder) => embedder,
            None => config.embedder()?,
        };
        Ok(Self(Arc::new(Inner {
            endpoints,
            embedder,
            patience,
            cassette,
            began: Instant::now(),
            state: Mutex::new(State {
                scheduler,
                pending: HashMap::new(),
                counters,
                gauges,
                schemas,
                next_id: 0,
                wake_ms: None,
            }),
        })))
    }

    /// Takes in requests that are known at once; the answers come in any order, each to its own place.
    #[must_use]
    pub fn submit(&self, asks: Vec<Ask>) -> Vec<Coming> {
        self.submit_all(asks.into_iter().map(|ask| (ask, None)))
    }

    /// One request whose words are heard as they come. It is tried elsewhere only as long as nobody has heard a word of it.
    #[must_use]
    pub fn submit_heard(&self, ask: Ask) -> (Coming, Heard) {
        let (tell, heard) = watch::channel(String::new());
        let asks = std::iter::once((ask, Some(Arc::new(tell))));
        let coming = self.submit_all(asks).pop();
        (coming.unwrap_or_else(|| oneshot::channel().1), heard)
    }

    fn submit_all(&self, asks: impl Iterator<Item = (Ask, Option<Teller>)>) -> Vec<Coming> {
        let mut comings = Vec::new();
        let mut orders = Vec::new();
        for (ask, tell) in asks {
            let (reply, coming) = oneshot::channel();
            comings.push(coming);
            let Some(cassette) = self.0.player() else {
                orders.push((Errand::Chat(ask, tell), Reply::Chat(reply)));
                continue;
            };
            let answer = cassette.play(&ask);
            if let (Ok(answered), Some(tell)) = (&answer, &tell) {
                tell.send_replace(answered.answer.content.clone());
            }
            // Whoever asked may have gone.
            drop(reply.send(answer));
        }
        self.0.take_in(orders);
        comings
    }

    /// One request alone.
    ///
    /// # Errors
    /// [`PoolError`].
    pub async fn ask(&self, ask: Ask) -> Result<Answered, PoolError> {
        let deadline = ask.deadline;
        match self.submit(vec![ask]).pop() {
            Some(coming) => in_time(coming, deadline).await,
            None => Err(PoolError::Full),
        }
    }

    /// How every endpoint is.
    #[must_use]
    pub fn view(&self) -> PoolView {
        let state = self.0.lock();
        let now_ms = self.0.now_ms();
        let endpoints = self.0.endpoints.iter().enumerate();
        let endpoints = endpoints.map(|(at, (config, _))| {
            let mut view = state.counters[at].view(config, &state.scheduler.lanes[at], now_ms);
            state.gauges[at].fill(&mut view, now_ms);
            view
        });
        stats::view(endpoints.collect(), state.scheduler.waiting())
    }

    /// Answers that the cassette that is played did not have.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let cassette = self.0.cassette.as_ref();
        cassette.map_or(0, Cassette::missing)
    }

    /// Ready when all that was recorded is in its file. What is still under way is written down as cut off, so that nobody who plays it takes the end
    /// of the run for something that the cassette lacks.
    pub async fn flush(&self) {
        if let Some(cassette) = self.0.recorder() {
            for errand in self.0.under_way() {
                cassette.record_cut_off(&errand, &self.0.embedder).await;
            }
            cassette.flush().await;
        }
    }

    /// Reads from now on what endpoints say of themselves, where they do, until the pool is gone. Nobody ever waits for it.
    pub fn watch(&self) {
        gauges::watch(&self.0);
    }

    /// Whether one of the endpoints may be asked now.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let state = self.0.lock();
        let now_ms = self.0.now_ms();
        let mut lanes = state.scheduler.lanes.iter();
        lanes.any(|lane| lane.breaker.lets(now_ms))
    }
}

/// Waits for an answer as long as it is wanted. A request that nobody waits for any more is let go of before it is sent.
///
/// # Errors
/// [`PoolError`].
pub async fn in_time(coming: Coming, deadline: Instant) -> Result<Answered, PoolError> {
    match tokio::time::timeout_at(deadline, coming).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => Err(PoolError::Late),
    }
}

impl State {
    fn answer(&mut self, id: u64, answered: Answered) {
        if let Some(pending) = self.pending.remove(&id)
            && let Reply::Chat(reply) = pending.reply
        {
            // Whoever asked may have gone.
            drop(reply.send(Ok(answered)));
        }
    }

    fn refuse(&mut self, id: u64, why: PoolError) {
        if let Some(pending) = self.pending.remove(&id) {
            pending.reply.refuse(why);
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in between leaves counters behind, at worst.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> u64 {
        self.began.elapsed().as_millis() as u64
    }

    /// The cassette that is played, where one is.
    fn player(&self) -> Option<&Cassette> {
        self.cassette.as_ref().filter(|it| it.is_played())
    }

    /// The cassette that is recorded, where one is.
    fn recorder(&self) -> Option<&Cassette> {
        self.cassette.as_ref().filter(|it| !it.is_played())
    }

    /// What somebody still waits for, in the order in which it came.
    fn under_way(&self) -> Vec<Errand> {
        let state = self.lock();
        let pending = state.pending.iter();
        let mut wanted: Vec<(u64, Errand)> = pending
            .filter(|(_, pending)| !pending.is_forsaken())
            .map(|(&id, pending)| (id, pending.errand.clone()))
            .collect();
        wanted.sort_by_key(|&(id, _)| id);
        wanted.into_iter().map(|(_, errand)| errand).collect()
    }

    /// Takes requests in, all that are known at once.
    fn take_in(self: &Arc<Self>, orders: Vec<(Errand, Reply)>) {
        if orders.is_empty() {
            return;
        }
        let now = Instant::now();
        let mut jobs = Vec::with_capacity(orders.len());
        let mut state = self.lock();
        for (errand, reply) in orders {
            if state.pending.len() >= WAITING_MAX {
                reply.refuse(PoolError::Full);
                continue;
            }
            let id = state.next_id;
            state.next_id += 1;
            let pending = Pending::new(errand, reply, now);
            jobs.push((id, pending.job.clone()));
            state.pending.insert(id, pending);
        }
        self.line_up(&mut state, jobs);
        self.send_all(&mut state);
    }

    /// Puts requests into queues; those that nobody can serve are refused.
    fn line_up(&self, state: &mut State, jobs: Vec<(u64, Job)>) {
        let nobody = state.scheduler.submit(jobs, self.now_ms());
        for id in nobody {
            state.refuse(id, PoolError::Nobody);
        }
    }
}
