//! Requests on their way: who is sent where, what comes back, and when resting endpoints are looked at again.

use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::faults::Failure;
use super::order::{Errand, Pending, Reply, Teller};
use super::{Answered, Ask, Inner, State, cost};
use crate::config::Purpose;
use crate::wire::{Blame, ChatAnswer, ChatMessage, ChatRequest, Delta, Usage, Wire, WireError};

/// What came of sending a request; `None` where nobody listens any more.
pub(super) type Came = Option<Result<ChatAnswer, WireError>>;

impl Inner {
    /// Sends whatever there is room for.
    pub(super) fn send_all(self: &Arc<Self>, state: &mut State) {
        let now_ms = self.now_ms();
        while let Some((at, id)) = state.scheduler.next(now_ms) {
            let pending = state.pending.get_mut(&id);
            let Some(pending) = pending.filter(|pending| !pending.is_forsaken()) else {
                state.pending.remove(&id);
                state.scheduler.landed(at);
                state.scheduler.lanes[at].withdrawn(now_ms);
                continue;
            };
            pending.tries += 1;
            let errand = pending.errand.clone();
            state.counters[at].sent(pending.since.elapsed());
            let inner = Arc::clone(self);
            tokio::spawn(async move {
                match errand {
                    Errand::Chat(ask, tell) => inner.chat(at, id, ask, tell).await,
                    Errand::Vectors(texts) => inner.ask_vectors(at, id, texts).await,
                }
            });
        }
        self.give_up(state, now_ms);
        self.wake_later(state, now_ms);
    }

    /// Looks again once a resting endpoint may be tried.
    fn wake_later(self: &Arc<Self>, state: &mut State, now_ms: u64) {
        let Some(at_ms) = state.scheduler.wakes_at(now_ms) else {
            return;
        };
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

    /// One try of a chat.
    async fn chat(self: &Arc<Self>, at: usize, id: u64, ask: Ask, tell: Option<Teller>) {
        let config = &self.endpoints[at].0;
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
        let (came, took) = self
            .in_a_form_it_takes((at, id), &ask, tell.as_ref(), &mut request)
            .await;
        let words = tell.as_ref().map_or(0, |tell| tell.borrow().len());
        let came = came.map(|came| {
            came.map(|mut answer| {
                if !answer.usage.reported {
                    answer.usage = reckon(said(&answer), &request);
                }
                Answered {
                    cost: cost(&config.price, answer.usage),
                    answer,
                    model,
                    endpoint: config.base_url.clone(),
                    tries: 1,
                }
            })
        });
        // Before anybody hears of it: whoever waits for the end finds it written.
        self.record(&ask, came.as_ref()).await;
        let mut state = self.lock();
        match came {
            Some(Ok(mut answered)) => {
                ask.bill.answered();
                let lane = &mut state.scheduler.lanes[at];
                let full = lane.in_flight >= lane.limiter.now();
                lane.breaker.answered();
                let usage = answered.answer.usage;
                lane.limiter.answered(took, usage.output, full);
                state.scheduler.landed(at);
                state.counters[at].answered(usage, answered.cost, took);
                if let Some(pending) = state.pending.get(&id) {
                    answered.tries = pending.tries;
                }
                state.answer(id, answered);
            }
            Some(Err(fault)) => {
                state.scheduler.landed(at);
                if words > 0 || fault.may_be_paid() {
                    ask.bill.broke_off();
                    state.counters[at].cut_off(reckon(words, &request), &config.price);
                } else {
                    ask.bill.answered();
                }
                let failure = Failure {
                    at,
                    id,
                    purpose: ask.purpose,
                    fault,
                    heard: words > 0,
                };
                self.went_wrong(&mut state, failure);
            }
            None => {
                state.scheduler.landed(at);
                // Nobody listens any more: what was read and said is paid all the same.
                ask.bill.broke_off();
                state.counters[at].cut_off(reckon(words, &request), &config.price);
                let now_ms = self.now_ms();
                state.scheduler.lanes[at].breaker.withdrawn(now_ms);
                state.pending.remove(&id);
            }
        }
        self.send_all(&mut state);
    }

    /// What sending a request comes to, and how long that takes; `None` where nobody listens any more.
    pub(super) async fn send(
        self: &Arc<Self>,
        (at, id): (usize, u64),
        ask: &Ask,
        tell: Option<&Teller>,
        request: &ChatRequest,
    ) -> (Came, Duration) {
        let wire: &Wire = &self.endpoints[at].1;
        let began = Instant::now();
        let left = ask.deadline.saturating_duration_since(began);
        let within = self.patience.try_within(left);
        let came = match tell {
            None => tokio::select! {
                biased;
                answer = wire.chat(request, within) => Some(answer),
                () = self.forsaken(id, ask.deadline) => None,
            },
            Some(tell) => heard_by(tell, wire, request, within).await,
        };
        (came, began.elapsed())
    }

    /// Ready once nobody waits for a chat any more. Not for one whose time is over: that its endpoint was too slow is for the wire to say.
    async fn forsaken(&self, id: u64, deadline: Instant) {
        let closed = poll_fn(|cx| match self.lock().pending.get_mut(&id) {
            Some(Pending {
                reply: Reply::Chat(reply),
                ..
            }) => reply.poll_closed(cx),
            _ => Poll::Pending,
        });
        closed.await;
        if Instant::now() >= deadline {
            pending::<()>().await;
        }
    }

    /// Writes down what would come again: answers, and what every endpoint would say of the request.
    async fn record(&self, ask: &Ask, came: Option<&Result<Answered, WireError>>) {
        let Some(cassette) = self.recorder() else {
            return;
        };
        match came {
            Some(Ok(answered)) => cassette.record(ask, Ok(answered)).await,
            Some(Err(fault)) if fault.blame() == Blame::Request => {
                cassette.record(ask, Err(fault)).await;
            }
            Some(Err(_)) | None => {}
        }
    }
}

/// One answer whose words are heard as they come; `None` where nobody listens any more.
async fn heard_by(
    tell: &watch::Sender<String>,
    wire: &Wire,
    request: &ChatRequest,
    within: Duration,
) -> Came {
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
pub(super) fn reckon(said: usize, request: &ChatRequest) -> Usage {
    let asked: usize = request.messages.iter().map(ChatMessage::bytes).sum();
    Usage {
        input: asked.div_ceil(4) as u64,
        output: said.div_ceil(4) as u64,
        ..Usage::default()
    }
}
