//! The model pool: many endpoints on many machines as one, kept full but not overfull.
//!
//! [`Pool::submit`] takes all requests of a tick at once. The rules by which they are spread, ordered, stolen and held back are in `scheduler.rs`,
//! `limiter.rs` and `breaker.rs`, pure; here are the clock, the network and the counters.

mod bill;
mod breaker;
mod cassette;
mod gauges;
mod limiter;
mod scheduler;
mod stats;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hamlet_protocol::minds::PoolView;
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

pub use self::bill::{Bill, Lost};
pub use self::cassette::Cassette;
pub use self::scheduler::Prefix;
use self::scheduler::{Job, Scheduler};
use self::stats::Counters;
pub(crate) use self::stats::cost;
use crate::config::{ConfigError, EndpointConfig, ModelsConfig, Purpose};
use crate::wire::{Blame, ChatAnswer, ChatRequest, Delta, Usage, Wire, WireError};

/// Tries of one request, over all endpoints.
const TRIES_MAX: usize = 4;
/// Longest wait before a request is tried again, in milliseconds, for the first time; it doubles.
const JITTER_MS: u64 = 100;
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
    /// The cassette that is played has no such answer.
    #[error("{0}")]
    Cassette(String),
    /// The last thing that went wrong, once all tries were used up.
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// An answer that will come.
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
    next_id: u64,
    /// When the next look at resting endpoints is due.
    wake_ms: Option<u64>,
}

struct Pending {
    ask: Ask,
    job: Job,
    since: Instant,
    tries: usize,
    /// Where its words go while they come.
    tell: Option<Arc<watch::Sender<String>>>,
    reply: oneshot::Sender<Result<Answered, PoolError>>,
}

impl Pending {
    /// Whether nobody waits for it any more.
    fn is_forsaken(&self) -> bool {
        self.reply.is_closed() || self.tell.as_ref().is_some_and(|tell| tell.is_closed())
    }
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
        Ok(Self(Arc::new(Inner {
            endpoints,
            cassette: Cassette::of(config)?,
            began: Instant::now(),
            state: Mutex::new(State {
                scheduler,
                pending: HashMap::new(),
                counters,
                gauges,
                next_id: 0,
                wake_ms: None,
            }),
        })))
    }

    /// Takes in requests that are known at once; the answers come in any order, each to its own place.
    #[must_use]
    pub fn submit(&self, asks: Vec<Ask>) -> Vec<Coming> {
        self.take_in(asks.into_iter().map(|ask| (ask, None)).collect())
    }

    /// One request whose words are heard as they come. It is tried elsewhere only as long as nobody has heard a word of it.
    #[must_use]
    pub fn submit_heard(&self, ask: Ask) -> (Coming, Heard) {
        let (tell, heard) = watch::channel(String::new());
        let mut comings = self.take_in(vec![(ask, Some(Arc::new(tell)))]);
        let coming = comings.pop().unwrap_or_else(|| oneshot::channel().1);
        (coming, heard)
    }

    fn take_in(&self, asks: Vec<(Ask, Option<Arc<watch::Sender<String>>>)>) -> Vec<Coming> {
        let now = Instant::now();
        let mut comings = Vec::with_capacity(asks.len());
        let mut jobs = Vec::with_capacity(asks.len());
        let mut state = self.0.lock();
        for (ask, tell) in asks {
            let (reply, coming) = oneshot::channel();
            comings.push(coming);
            if let Some(cassette) = self.0.cassette.as_ref().filter(|it| it.is_played()) {
                let answer = cassette.play(&ask);
                if let (Ok(answered), Some(tell)) = (&answer, &tell) {
                    tell.send_replace(answered.answer.content.clone());
                }
                // Whoever asked may have gone.
                drop(reply.send(answer));
                continue;
            }
            if state.pending.len() >= WAITING_MAX {
                // Whoever asked may have gone.
                drop(reply.send(Err(PoolError::Full)));
                continue;
            }
            let id = state.next_id;
            state.next_id += 1;
            let job = Job {
                prefix: ask.prefix,
                priority: ask.priority,
                purpose: ask.purpose,
                avoid: Vec::new(),
            };
            jobs.push((id, job.clone()));
            let pending = Pending {
                ask,
                job,
                since: now,
                tries: 0,
                tell,
                reply,
            };
            state.pending.insert(id, pending);
        }
        let now_ms = self.0.now_ms();
        let nobody = state.scheduler.submit(jobs, now_ms);
        for id in nobody {
            state.answer(id, Err(PoolError::Nobody));
        }
        self.0.send_all(&mut state);
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

    /// Vectors of texts from the first endpoint that has a model for them.
    ///
    /// # Errors
    /// [`PoolError`].
    pub async fn embed(
        &self,
        texts: &[String],
        within: Duration,
    ) -> Result<(String, Vec<Vec<f32>>), PoolError> {
        let mut last = PoolError::Nobody;
        for (config, wire) in &self.0.endpoints {
            let Some(model) = config.model_for(Purpose::Embedding) else {
                continue;
            };
            match wire.embed(model, texts, within).await {
                Ok(vectors) => return Ok((model.to_owned(), vectors)),
                Err(fault) => last = fault.into(),
            }
        }
        Err(last)
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
    fn answer(&mut self, id: u64, answer: Result<Answered, PoolError>) {
        if let Some(pending) = self.pending.remove(&id) {
            // Whoever asked may have gone.
            drop(pending.reply.send(answer));
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

    /// Sends whatever there is room for.
    fn send_all(self: &Arc<Self>, state: &mut State) {
        let now_ms = self.now_ms();
        while let Some((at, id)) = state.scheduler.next(now_ms) {
            let Some(pending) = state.pending.get_mut(&id) else {
                state.scheduler.landed(at);
                state.scheduler.lanes[at].breaker.withdrawn(now_ms);
                continue;
            };
            if pending.is_forsaken() {
                state.pending.remove(&id);
                state.scheduler.landed(at);
                state.scheduler.lanes[at].breaker.withdrawn(now_ms);
                continue;
            }
            pending.tries += 1;
            state.counters[at].sent(pending.since.elapsed());
            let (inner, ask) = (Arc::clone(self), pending.ask.clone());
            let tell = pending.tell.clone();
            tokio::spawn(async move { inner.send(at, id, ask, tell).await });
        }
        self.wake_later(state, now_ms);
    }

    /// Looks again once a resting endpoint may be tried.
    fn wake_later(self: &Arc<Self>, state: &mut State, now_ms: u64) {
        let Some(at_ms) = state.scheduler.wakes_at() else {
            return;
        };
        let at_ms = at_ms.max(now_ms + 1);
        if state
            .wake_ms
            .is_some_and(|set| set > now_ms && set <= at_ms)
        {
            return;
        }
        state.wake_ms = Some(at_ms);
        let (inner, at) = (
            Arc::downgrade(self),
            self.began + Duration::from_millis(at_ms),
        );
        tokio::spawn(async move {
            tokio::time::sleep_until(at).await;
            if let Some(inner) = inner.upgrade() {
                let mut state = inner.lock();
                inner.send_all(&mut state);
            }
        });
    }

    async fn send(
        self: Arc<Self>,
        at: usize,
        id: u64,
        ask: Ask,
        tell: Option<Arc<watch::Sender<String>>>,
    ) {
        let (config, wire) = &self.endpoints[at];
        let model = config
            .model_for(ask.purpose)
            .or_else(|| config.model_for(Purpose::Chat))
            .or(config.models.values().next().map(String::as_str))
            .unwrap_or_default()
            .to_owned();
        let mut request = ChatRequest::clone(&ask.request);
        request.model.clone_from(&model);
        request.shape(ask.answer_tokens_max, ask.temperature);
        request.priority = config.priority.then_some(i32::from(ask.priority));
        let by = (model.as_str(), config.base_url.as_str(), config.price);
        ask.bill.sent(by, &ask.request, tell.as_ref());
        let began = Instant::now();
        let left = ask.deadline.saturating_duration_since(began);
        let answer = match &tell {
            None => Some(wire.chat(&request, left).await),
            Some(tell) => heard_by(tell, wire, &request, left).await,
        };
        let took = began.elapsed();
        let mut state = self.lock();
        let now_ms = self.now_ms();
        let full = state.scheduler.lanes[at].in_flight >= state.scheduler.lanes[at].limiter.now();
        state.scheduler.landed(at);
        let words = tell.as_ref().map_or(0, |tell| tell.borrow().len());
        match answer {
            Some(Ok(mut answer)) => {
                ask.bill.answered();
                if !answer.usage.reported {
                    answer.usage = reckon(said(&answer), &request);
                }
                let cost = cost(&config.price, answer.usage);
                let lane = &mut state.scheduler.lanes[at];
                lane.breaker.answered();
                lane.limiter.answered(took, answer.usage.output, full);
                state.counters[at].answered(answer.usage, cost, took);
                let tries = state.pending.get(&id).map_or(1, |pending| pending.tries);
                let answered = Answered {
                    answer,
                    model,
                    endpoint: config.base_url.clone(),
                    cost,
                    tries,
                };
                if let Some(cassette) = &self.cassette {
                    cassette.record(&ask, Ok(&answered));
                }
                state.answer(id, Ok(answered));
            }
            Some(Err(fault)) => {
                if words > 0 || fault.may_be_paid() {
                    ask.bill.broke_off();
                    state.counters[at].cut_off(reckon(words, &request), &config.price);
                } else {
                    ask.bill.answered();
                }
                if let (Some(cassette), Blame::Request) = (&self.cassette, fault.blame()) {
                    cassette.record(&ask, Err(&fault));
                }
                self.went_wrong(&mut state, at, id, fault, words > 0, now_ms);
            }
            None => {
                // Nobody listens any more: what was read and said is paid all the same.
                ask.bill.broke_off();
                state.counters[at].cut_off(reckon(words, &request), &config.price);
                state.scheduler.lanes[at].breaker.withdrawn(now_ms);
                state.pending.remove(&id);
            }
        }
        self.send_all(&mut state);
    }

    fn went_wrong(
        self: &Arc<Self>,
        state: &mut State,
        at: usize,
        id: u64,
        fault: WireError,
        heard: bool,
        now_ms: u64,
    ) {
        state.counters[at].failed(fault.kind(), fault.to_string());
        let late = fault == WireError::Timeout
            && state
                .pending
                .get(&id)
                .is_none_or(|pending| pending.ask.deadline <= Instant::now());
        let lane = &mut state.scheduler.lanes[at];
        let sick = match fault.blame() {
            Blame::Endpoint => lane.breaker.failed(now_ms),
            Blame::Setup => {
                lane.breaker.set_up_wrongly(now_ms);
                true
            }
            Blame::Load => {
                lane.limiter.overloaded();
                lane.breaker.answered();
                let asked = match &fault {
                    WireError::Overloaded { retry_after, .. } => *retry_after,
                    _ => None,
                };
                if let Some(wait) = asked {
                    lane.breaker.asked_to_wait(now_ms, wait.as_millis() as u64);
                }
                asked.is_some()
            }
            Blame::Request => {
                lane.breaker.answered();
                false
            }
        };
        if sick {
            let url = &self.endpoints[at].0.base_url;
            tracing::warn!(endpoint = %url, why = %fault, "an endpoint is left alone for a while");
            state.scheduler.move_away(at, now_ms);
        }
        if late {
            state.answer(id, Err(PoolError::Late));
        } else if heard {
            // Another answer would begin with other words than those that were heard.
            state.answer(id, Err(fault.into()));
        } else {
            self.try_again(state, at, id, fault);
        }
    }

    /// Tries a request elsewhere a little later, unless it is at fault or has been tried enough.
    fn try_again(self: &Arc<Self>, state: &mut State, at: usize, id: u64, fault: WireError) {
        let Some(pending) = state.pending.get_mut(&id) else {
            return;
        };
        if fault.blame() == Blame::Request || pending.tries >= TRIES_MAX {
            state.answer(id, Err(fault.into()));
            return;
        }
        if !pending.job.avoid.contains(&at) {
            pending.job.avoid.push(at);
        }
        let job = pending.job.clone();
        let most = JITTER_MS << (pending.tries - 1);
        let wait = Duration::from_millis(jitter(id, pending.tries, most));
        let inner = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            let Some(inner) = inner.upgrade() else {
                return;
            };
            let mut state = inner.lock();
            if state.pending.contains_key(&id) {
                let now_ms = inner.now_ms();
                let nobody = state.scheduler.submit(vec![(id, job)], now_ms);
                for id in nobody {
                    state.answer(id, Err(PoolError::Nobody));
                }
                inner.send_all(&mut state);
            }
        });
    }
}

/// A wait up to `most` milliseconds that differs from request to request.
fn jitter(id: u64, tries: usize, most: u64) -> u64 {
    let mut bits = id ^ (tries as u64) << 56;
    bits = (bits ^ bits >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    bits = (bits ^ bits >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    (bits ^ bits >> 33) % (most + 1)
}

/// One answer whose words are heard as they come; `None` where nobody listens any more.
async fn heard_by(
    tell: &watch::Sender<String>,
    wire: &Wire,
    request: &ChatRequest,
    within: Duration,
) -> Option<Result<ChatAnswer, WireError>> {
    let hear = |Delta(words): Delta| tell.send_modify(|all| all.push_str(&words));
    tokio::select! {
        answer = wire.chat_streamed(request, within, hear) => Some(answer),
        () = tell.closed() => None,
    }
}

/// Bytes of what an answer says and calls.
fn said(answer: &ChatAnswer) -> usize {
    let calls = answer.calls.iter();
    let calls: usize = calls
        .map(|call| call.name.len() + call.arguments.len())
        .sum();
    answer.content.len() + calls
}

/// Reckons what an answer of so many bytes took where the server does not say: four bytes a token.
fn reckon(said: usize, request: &ChatRequest) -> Usage {
    let asked: usize = request
        .messages
        .iter()
        .map(crate::wire::ChatMessage::bytes)
        .sum();
    Usage {
        input: asked.div_ceil(4) as u64,
        output: said.div_ceil(4) as u64,
        ..Usage::default()
    }
}
