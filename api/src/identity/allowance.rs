//! How many registrations one network may make in a minute and in a day, and all together in a day.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use hamlet_store::{WindowRow, Write};

use super::network::Network;
use crate::config::ApiConfig;
use crate::directory::Directory;
use crate::problem::Problem;
use crate::time::Clock;
use crate::village::Draft;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// What is counted, in the table of counters.
const WINDOW: &str = "registrations/day";
/// Who is counted where all are.
const EVERYBODY: &str = "village";
/// Networks remembered at most; when there are more, those whose minute is over are looked up again.
const NETWORKS_MAX: usize = 100_000;

/// A span of time that began with its first registration.
#[derive(Clone, Copy, Debug)]
struct Span {
    start_ms: i64,
    count: u32,
}

impl Span {
    /// Counts one more, in a new span when this one is over. A clock that was set back begins a new one too.
    ///
    /// # Errors
    /// Milliseconds to wait when the span is full.
    fn take(&mut self, now_ms: i64, length_ms: i64, max: u32) -> Result<(), i64> {
        let end_ms = self.start_ms.saturating_add(length_ms);
        if !(self.start_ms..end_ms).contains(&now_ms) {
            *self = Self {
                start_ms: now_ms,
                count: 0,
            };
        }
        if self.count >= max {
            return Err(end_ms - now_ms);
        }
        self.count += 1;
        Ok(())
    }
}

#[derive(Clone, Copy, Debug)]
struct Counts {
    minute: Span,
    day: Span,
}

/// Who registered lately.
#[derive(Debug, Default)]
struct Counted {
    networks: HashMap<Network, Counts>,
    /// From wherever; `None`: nobody since the start.
    all: Option<Span>,
}

/// Counts registrations by network, and all together. Days are rows too and survive a restart; loopback is not counted.
#[derive(Debug)]
pub struct Allowance {
    clock: Arc<dyn Clock>,
    per_min: u32,
    per_day: u32,
    all_per_day: u32,
    open: bool,
    counted: Mutex<Counted>,
}

impl Allowance {
    /// As configured.
    #[must_use]
    pub fn new(config: &ApiConfig, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            per_min: config.registrations_per_min,
            per_day: config.registrations_per_day,
            all_per_day: config.registrations_all_per_day,
            open: config.registration,
            counted: Mutex::default(),
        }
    }

    /// Counts a registration. What comes back is to be written with it: see `keep`.
    ///
    /// # Errors
    /// 403 when nobody may register, 429 when the network's share of the minute or day is used up, or the village's of the day.
    pub fn take(&self, directory: &Directory, network: Network) -> Result<Vec<WindowRow>, Problem> {
        if !self.open {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "registration_closed",
                "This village takes in nobody new.",
                "Ask whoever runs it; an admin can make accounts, and owners have keys for their agents.",
            ));
        }
        if network.is_loopback() {
            return Ok(Vec::new());
        }
        let now_ms = self.clock.now_ms();
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let Counted { networks, all } = &mut *counted;
        if networks.len() >= NETWORKS_MAX {
            networks.retain(|_, counts| counts.minute.start_ms + MINUTE_MS > now_ms);
        }
        let subject = format!("network:{network}");
        let counts = networks.entry(network).or_insert_with(|| Counts {
            minute: Span {
                start_ms: now_ms,
                count: 0,
            },
            day: saved(directory, &subject, now_ms),
        });
        counts
            .minute
            .take(now_ms, MINUTE_MS, self.per_min)
            .map_err(|wait_ms| full_of(self.per_min, "minute", wait_ms))?;
        counts
            .day
            .take(now_ms, DAY_MS, self.per_day)
            .map_err(|wait_ms| full_of(self.per_day, "day", wait_ms))?;
        // Last: whoever is refused for their own sake takes nothing from the others.
        let all = all.get_or_insert_with(|| saved(directory, EVERYBODY, now_ms));
        all.take(now_ms, DAY_MS, self.all_per_day)
            .map_err(|wait_ms| full_of_all(self.all_per_day, wait_ms))?;
        Ok(vec![
            row(subject, counts.day),
            row(EVERYBODY.to_owned(), *all),
        ])
    }
}

fn row(subject: String, day: Span) -> WindowRow {
    WindowRow {
        subject,
        window: WINDOW.to_owned(),
        start_ms: day.start_ms,
        count: i64::from(day.count),
    }
}

/// Writes counters, each unless a later one is written already: commits do not keep the order of requests.
pub(crate) fn keep(draft: &mut Draft<'_>, rows: Vec<WindowRow>) {
    for row in rows {
        let known = draft.directory().window(&row.subject, &row.window);
        if known.is_none_or(|known| (known.start_ms, known.count) < (row.start_ms, row.count)) {
            draft.push(Write::Window(row));
        }
    }
}

fn saved(directory: &Directory, subject: &str, now_ms: i64) -> Span {
    directory.window(subject, WINDOW).map_or(
        Span {
            start_ms: now_ms,
            count: 0,
        },
        |row| Span {
            start_ms: row.start_ms,
            count: u32::try_from(row.count).unwrap_or(u32::MAX),
        },
    )
}

fn full_of(max: u32, span: &str, wait_ms: i64) -> Problem {
    full(
        format!("More than {max} registrations in a {span} came from your address."),
        wait_ms,
    )
}

fn full_of_all(max: u32, wait_ms: i64) -> Problem {
    full(
        format!("This village takes in {max} a day, and today it has."),
        wait_ms,
    )
}

fn full(detail: String, wait_ms: i64) -> Problem {
    let wait_secs = u64::try_from(wait_ms).unwrap_or(0).div_ceil(1000).max(1);
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "registration_limit",
        detail,
        format!("Wait {wait_secs} s. An agent keeps its key: it need not register again."),
    )
    .retry_after(wait_secs)
}
