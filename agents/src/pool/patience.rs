//! How long requests wait, and when they are given up.
//!
//! Live, a request has a deadline. In lockstep results must not hang on how quickly anybody answers, so there each try may take long, an endpoint
//! that is down uses up no tries, and only when nobody at all has answered for long are those who wait told so.

use std::time::Duration;

use crate::config::{ModelsConfig, Purpose};

/// Tries of one request, over all endpoints.
pub(super) const TRIES_MAX: usize = 4;
/// The same in lockstep, where those at endpoints that are down are not counted.
pub(super) const PATIENT_TRIES_MAX: usize = 32;

/// What requests bear.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// Until their deadline, with few tries.
    Live,
    /// As long as somebody answers.
    Lockstep {
        /// Longest try.
        request: Duration,
        /// Longest time in which nobody answers, in milliseconds.
        silence_ms: u64,
    },
}

impl Patience {
    /// That of lockstep, by the settings.
    pub(super) fn of(config: &ModelsConfig) -> Self {
        Self::Lockstep {
            request: Duration::from_secs(config.request_secs_max),
            silence_ms: config.silence_secs_max * 1_000,
        }
    }

    pub(super) fn tries_max(self) -> usize {
        match self {
            Self::Live => TRIES_MAX,
            Self::Lockstep { .. } => PATIENT_TRIES_MAX,
        }
    }

    /// The longest that one try may take of the time that is left.
    pub(super) fn try_within(self, left: Duration) -> Duration {
        match self {
            Self::Live => left,
            Self::Lockstep { request, .. } => request.min(left),
        }
    }

    /// Whether a try counts that failed at an endpoint that is down.
    pub(super) fn counts_while_down(self) -> bool {
        matches!(self, Self::Live)
    }

    /// After how long a silence of all endpoints, in milliseconds, requests are given up; `None`: they wait for their deadline.
    pub(super) fn silence_max_ms(self, purpose: Purpose) -> Option<u64> {
        match (self, purpose) {
            (Self::Lockstep { silence_ms, .. }, _) => Some(silence_ms),
            // Words alone decide meanwhile: no thought waits for vectors that are not to be had.
            (Self::Live, Purpose::Embedding) => Some(0),
            (Self::Live, _) => None,
        }
    }
}
