//! What those who keep order see: cases, measures, the audit log, people, keys, and what the server measures of itself.

use std::collections::{BTreeMap, VecDeque};

use hamlet_protocol::ids::AgentId;

use super::paged::Paged;
use crate::wire::{
    AccountShape, AuditEntry, BountyShape, CaseShape, DepositShape, KeyShape, MeasureShape,
};

/// Measurements that are kept for curves.
const READINGS_MAX: usize = 300;
/// Bounties that are kept beside their cases.
const BOUNTIES_MAX: usize = 32;
/// Agents whose keys are kept for admins.
const KEYS_MAX: usize = 32;

/// What those who keep order see; `None`: not come yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Office {
    pub(crate) cases: Option<Paged<CaseShape>>,
    /// Bounties that cases are about, by number.
    pub(crate) bounties: BTreeMap<u32, BountyShape>,
    pub(crate) measures: Option<Paged<MeasureShape>>,
    pub(crate) audit: Option<Paged<AuditEntry>>,
    pub(crate) accounts: Option<Paged<AccountShape>>,
    pub(crate) deposits: Option<Paged<DepositShape>>,
    /// How many deposits there are, and what they come to.
    pub(crate) deposited: Option<(u64, String)>,
    pub(crate) keys: Option<(AgentId, Vec<KeyShape>)>,
    /// Keys that an admin looked at, by agent, or why they cannot be read.
    pub(crate) staff_keys: BTreeMap<AgentId, Result<Vec<KeyShape>, String>>,
    /// The last reading of the server's measurements.
    pub(crate) metrics: Metrics,
    /// What they were before, oldest first.
    pub(crate) readings: VecDeque<Reading>,
}

/// Measurements by name: sums over all labels.
pub(crate) type Metrics = BTreeMap<String, f64>;

/// What is drawn of a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Reading {
    /// Seconds of the window's clock.
    pub(crate) at: f64,
    /// Ticks done.
    pub(crate) ticks: f64,
    /// Seconds spent on them.
    pub(crate) tick_secs: f64,
    /// Requests answered.
    pub(crate) requests: f64,
    /// Commits and the seconds they took.
    pub(crate) commits: f64,
    pub(crate) commit_secs: f64,
}

impl Office {
    /// Takes in an agent's keys for an admin, or why they cannot be read. Where there are too many, all others go, as with bounties.
    pub(crate) fn take_keys(&mut self, agent: AgentId, keys: Result<Vec<KeyShape>, String>) {
        if self.staff_keys.len() >= KEYS_MAX && !self.staff_keys.contains_key(&agent) {
            self.staff_keys.clear();
        }
        self.staff_keys.insert(agent, keys);
    }

    /// Takes in a bounty that a case is about. Where there are too many, all others go: those that are looked at come again.
    pub(crate) fn take_bounty(&mut self, no: u32, bounty: BountyShape) {
        if self.bounties.len() >= BOUNTIES_MAX && !self.bounties.contains_key(&no) {
            self.bounties.clear();
        }
        self.bounties.insert(no, bounty);
    }

    /// Takes in a reading in the format of `OpenMetrics`.
    pub(crate) fn take_metrics(&mut self, text: &str, now: f64) {
        self.metrics = read(text);
        let value = |name: &str| self.metrics.get(name).copied().unwrap_or(0.0);
        let reading = Reading {
            at: now,
            ticks: value("tick_seconds_count"),
            tick_secs: value("tick_seconds_sum"),
            requests: value("http_request_seconds_count"),
            commits: value("commit_seconds_count"),
            commit_secs: value("commit_seconds_sum"),
        };
        if self.readings.len() == READINGS_MAX {
            self.readings.pop_front();
        }
        self.readings.push_back(reading);
    }
}

/// Names and values of `OpenMetrics` text; buckets are left out, series of one name are added up.
fn read(text: &str) -> Metrics {
    let mut out = Metrics::new();
    for line in text.lines().filter(|it| !it.starts_with('#')) {
        let name_end = line.find(['{', ' ']).unwrap_or(line.len());
        let (name, rest) = line.split_at(name_end);
        let value = rest.rsplit_once('}').map_or(rest, |it| it.1);
        let value = value
            .split_whitespace()
            .next()
            .and_then(|it| it.parse().ok());
        if let Some(value) = value.filter(|it: &f64| it.is_finite())
            && !name.ends_with("_bucket")
            && !name.is_empty()
        {
            *out.entry(name.to_owned()).or_default() += value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_are_read_and_added_up() {
        let text = "# HELP x y\nticks 12\nhttp_request_seconds_count{route=\"/a b\"} 3\n\
                    http_request_seconds_count{route=\"/c\"} 4\ntick_seconds_bucket{le=\"1\"} 9\nodd NaN\n# EOF\n";
        let metrics = read(text);
        assert_eq!(metrics.get("ticks"), Some(&12.0));
        assert_eq!(metrics.get("http_request_seconds_count"), Some(&7.0));
        assert_eq!(metrics.len(), 2);
    }

    #[test]
    fn bounties_are_bounded_and_what_has_just_come_is_there() {
        let mut office = Office::default();
        for no in (0..100).rev() {
            office.take_bounty(no, BountyShape::default());
            assert!(office.bounties.contains_key(&no));
            assert!(office.bounties.len() <= BOUNTIES_MAX);
        }
    }

    #[test]
    fn readings_are_bounded() {
        let mut office = Office::default();
        for no in 0..2_000 {
            office.take_metrics("ticks 1\n", f64::from(no));
        }
        assert_eq!(office.readings.len(), READINGS_MAX);
    }
}
