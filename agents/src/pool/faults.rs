//! What is done about a request that failed: whose fault it was, and where it is tried again.

use std::sync::Arc;
use std::time::Duration;

use super::breaker::Health;
use super::order::Pending;
use super::scheduler::Lane;
use super::{Inner, PoolError, State};
use crate::config::Purpose;
use crate::wire::{Blame, WireError};

/// Longest wait before a request is tried again, in milliseconds, for the first time; it doubles.
const JITTER_MS: u64 = 100;
/// How often it doubles at most.
const DOUBLINGS_MAX: usize = 8;

/// A try that failed.
pub(super) struct Failure {
    pub(super) at: usize,
    pub(super) id: u64,
    pub(super) purpose: Purpose,
    pub(super) fault: WireError,
    /// Whether somebody has heard words of it.
    pub(super) heard: bool,
}

impl Lane {
    /// Vectors came from it.
    pub(super) fn gave_vectors(&mut self) {
        self.vectors.answered();
        self.was_reached(true, 0);
    }

    /// Draws its conclusions from a fault. Says whether it is left alone from now on.
    fn conclude(&mut self, purpose: Purpose, fault: &WireError, now_ms: u64) -> bool {
        let vectors_alone = is_of_vectors_alone(purpose, fault);
        if vectors_alone {
            self.was_reached(fault.is_answered(), now_ms);
        } else if purpose == Purpose::Embedding {
            self.vectors.withdrawn(now_ms);
        }
        let breaker = match vectors_alone {
            true => &mut self.vectors,
            false => &mut self.breaker,
        };
        match fault.blame() {
            Blame::Endpoint => breaker.failed(now_ms),
            Blame::Setup => {
                // A page that stands in the way may go away; a key or a name does not come by itself.
                let for_good = !matches!(fault, WireError::NotJson(_));
                breaker.set_up_wrongly(now_ms, for_good);
                true
            }
            Blame::Load => {
                self.limiter.overloaded();
                breaker.answered();
                let WireError::Overloaded { retry_after, .. } = fault else {
                    return false;
                };
                if let Some(wait) = retry_after {
                    breaker.asked_to_wait(now_ms, wait.as_millis() as u64);
                }
                retry_after.is_some()
            }
            Blame::Request => {
                breaker.answered();
                false
            }
        }
    }

    /// A request for vectors was on its way to see whether the endpoint is there at all.
    fn was_reached(&mut self, is_answered: bool, now_ms: u64) {
        match (self.breaker.health(), is_answered) {
            (Health::Trying, true) => self.breaker.answered(),
            (Health::Trying, false) => {
                self.breaker.failed(now_ms);
            }
            (Health::Well | Health::Resting { .. }, _) => {}
        }
    }
}

/// Whether a fault says something of an endpoint's vectors and nothing of its chats.
fn is_of_vectors_alone(purpose: Purpose, fault: &WireError) -> bool {
    purpose == Purpose::Embedding && !matches!(fault, WireError::Unreachable(_))
}

impl Inner {
    pub(super) fn went_wrong(self: &Arc<Self>, state: &mut State, failure: Failure) {
        let (at, id, now_ms) = (failure.at, failure.id, self.now_ms());
        let fault = &failure.fault;
        state.counters[at].failed(fault.kind(), fault.to_string());
        let pending = state.pending.get(&id);
        let late = *fault == WireError::Timeout && pending.is_none_or(Pending::is_late);
        let sick = state.scheduler.lanes[at].conclude(failure.purpose, fault, now_ms);
        if sick {
            let url = &self.endpoints[at].0.base_url;
            let purpose = failure.purpose.as_str();
            tracing::warn!(endpoint = %url, why = %fault, purpose, "an endpoint is left alone for a while");
            let vectors_alone = is_of_vectors_alone(failure.purpose, fault);
            state.scheduler.move_away(at, vectors_alone, now_ms);
        }
        if late {
            state.refuse(id, PoolError::Late);
        } else if failure.heard {
            // Another answer would begin with other words than those that were heard.
            state.refuse(id, failure.fault.into());
        } else {
            self.try_again(state, failure, now_ms);
        }
    }

    /// Tries a request elsewhere a little later, unless it is at fault, has been tried enough, or nobody answers any more.
    fn try_again(self: &Arc<Self>, state: &mut State, failure: Failure, now_ms: u64) {
        let (at, id, fault) = (failure.at, failure.id, failure.fault);
        let is_silent = self.is_silent(state, failure.purpose, now_ms);
        let is_down = !state.scheduler.lanes[at].is_well(failure.purpose);
        let Some(pending) = state.pending.get_mut(&id) else {
            return;
        };
        let is_uncounted = is_down && !self.patience.counts_while_down();
        if is_uncounted {
            pending.tries = pending.tries.saturating_sub(1);
        }
        if fault.blame() == Blame::Request
            || pending.tries >= self.patience.tries_max()
            || is_silent
        {
            state.refuse(id, fault.into());
            return;
        }
        if !pending.job.avoid.contains(&at) {
            pending.job.avoid.push(at);
        }
        if pending.job.avoid.len() >= self.endpoints.len() {
            // It has failed everywhere: whoever is free may try it again.
            pending.job.avoid.clear();
        }
        let job = pending.job.clone();
        let doublings = pending.tries.saturating_sub(1).min(DOUBLINGS_MAX);
        let wait = jitter(id, pending.tries, JITTER_MS << doublings);
        let inner = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let Some(inner) = inner.upgrade() else {
                return;
            };
            let mut state = inner.lock();
            if state.pending.contains_key(&id) {
                inner.line_up(&mut state, vec![(id, job)]);
                inner.send_all(&mut state);
            }
        });
    }

    fn is_silent(&self, state: &State, purpose: Purpose, now_ms: u64) -> bool {
        let most = self.patience.silence_max_ms(purpose);
        most.is_some_and(|most| state.scheduler.is_silent(purpose, most, now_ms))
    }

    /// Those for whom nobody has answered for too long wait no longer.
    pub(super) fn give_up(&self, state: &mut State, now_ms: u64) {
        if state.scheduler.waiting() == 0 {
            return;
        }
        for purpose in Purpose::ALL {
            if self.is_silent(state, purpose, now_ms) {
                for id in state.scheduler.take_out(purpose) {
                    state.refuse(id, PoolError::Silent);
                }
            }
        }
    }
}

/// A wait up to `most` milliseconds that differs from request to request.
fn jitter(id: u64, tries: usize, most: u64) -> u64 {
    let mut bits = id ^ (tries as u64) << 56;
    bits = (bits ^ bits >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    bits = (bits ^ bits >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    (bits ^ bits >> 33) % (most + 1)
}
