//! Limits of callers: how many requests a key or an address may make.
//!
//! Counts per minute live in memory; those per hour and day are rows and survive a restart.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use bytes::Bytes;
use uuid::Uuid;

use crate::auth::Principal;
use crate::config::ApiConfig;
use crate::identity::Network;
use crate::problem::Problem;
use crate::time::Clock;

const MINUTE_MS: i64 = 60_000;
/// Callers remembered at most; when there are more, those whose minute is over are forgotten first.
const CALLERS_MAX: usize = 100_000;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Key(Uuid),
    Account(Uuid),
    Network(Network),
}

/// What is left of a caller's minute; written into every answer's headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    limit: u32,
    remaining: u32,
    /// When the minute is over, UTC milliseconds.
    reset_ms: i64,
    now_ms: i64,
}

impl Permit {
    /// Tells the caller: `X-RateLimit-*` as Moltbook's clients read them, `RateLimit` and `RateLimit-Policy` as the IETF drafts them.
    pub fn write(&self, headers: &mut HeaderMap) {
        let left_secs = (self.reset_ms - self.now_ms).max(0).div_euclid(1000) + 1;
        headers.insert(LIMIT, self.limit.into());
        headers.insert(REMAINING, self.remaining.into());
        headers.insert(RESET, self.reset_ms.div_euclid(1000).into());
        let left = format!("\"minute\";r={};t={left_secs}", self.remaining);
        let policy = format!("\"minute\";q={};w=60", self.limit);
        for (name, value) in [(LEFT, left), (POLICY, policy)] {
            // Digits and quotation marks: it is always a header's value.
            if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(value)) {
                headers.insert(name, value);
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Minute {
    began_ms: i64,
    count: u32,
}

/// Counts requests.
pub struct Limits {
    clock: Arc<dyn Clock>,
    key_per_min: u32,
    anonymous_per_min: u32,
    minutes: Mutex<HashMap<Subject, Minute>>,
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}

impl Limits {
    /// Limits as configured.
    #[must_use]
    pub fn new(config: &ApiConfig, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            key_per_min: config.key_requests_per_min,
            anonymous_per_min: config.anonymous_requests_per_min,
            minutes: Mutex::default(),
        }
    }

    /// Counts a request of somebody whose tier allows so many hundredths of what a key usually has: what is left of the caller's minute, and the refusal (429 with the seconds to wait) when nothing is.
    #[must_use]
    pub fn request(
        &self,
        principal: &Principal,
        address: IpAddr,
        tier_percent: u32,
    ) -> (Permit, Option<Problem>) {
        let (subject, limit) = match principal {
            Principal::Anonymous => (
                Subject::Network(Network::from(address)),
                self.anonymous_per_min,
            ),
            Principal::Agent { key, .. } => {
                let limit = u64::from(self.key_per_min) * u64::from(tier_percent) / 100;
                (
                    Subject::Key(key.id),
                    u32::try_from(limit).unwrap_or(u32::MAX),
                )
            }
            // People click; the viewer of one asks more often than an agent.
            Principal::Person { account } => (Subject::Account(account.id), self.anonymous_per_min),
        };
        let now_ms = self.clock.now_ms();
        if matches!(principal, Principal::Anonymous) && address.is_loopback() {
            let permit = Permit {
                limit,
                remaining: limit,
                reset_ms: now_ms + MINUTE_MS,
                now_ms,
            };
            return (permit, None);
        }
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= CALLERS_MAX {
            minutes.retain(|_, minute| minute.began_ms + MINUTE_MS > now_ms);
        }
        let minute = minutes.entry(subject).or_insert(Minute {
            began_ms: now_ms,
            count: 0,
        });
        // A clock that was set back begins a new minute too.
        if !(minute.began_ms..minute.began_ms + MINUTE_MS).contains(&now_ms) {
            *minute = Minute {
                began_ms: now_ms,
                count: 0,
            };
        }
        let permit = Permit {
            limit,
            remaining: limit.saturating_sub(minute.count + 1),
            reset_ms: minute.began_ms + MINUTE_MS,
            now_ms,
        };
        if minute.count >= limit {
            let wait = (permit.reset_ms - now_ms).div_euclid(1000) + 1;
            let refused = Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limited",
                format!("More than {limit} requests in a minute."),
                format!("Wait {wait} s. Every answer's X-RateLimit headers say what is left."),
            )
            .retry_after(u64::try_from(wait).unwrap_or(60));
            return (permit, Some(refused));
        }
        minute.count += 1;
        (permit, None)
    }
}
