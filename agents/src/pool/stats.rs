//! What the pool says about itself.

use std::collections::BTreeMap;
use std::time::Duration;

use hamlet_protocol::minds::{EndpointView, PoolView};

use super::breaker::Health;
use super::scheduler::Lane;
use crate::config::{EndpointConfig, Price, Purpose};
use crate::wire::Usage;

/// How fast means follow.
const FOLLOW: f64 = 0.1;

/// Counters of one endpoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Counters {
    pub(super) sent: u64,
    pub(super) answered: u64,
    pub(super) failed: BTreeMap<&'static str, u64>,
    pub(super) usage: Usage,
    pub(super) cost: f64,
    pub(super) queue_secs: f64,
    pub(super) latency_secs: Option<f64>,
    pub(super) tokens_per_sec: Option<f64>,
    pub(super) last_error: Option<String>,
}

impl Counters {
    pub(super) fn sent(&mut self, queued: Duration) {
        self.sent += 1;
        self.queue_secs += queued.as_secs_f64();
    }

    pub(super) fn answered(&mut self, usage: Usage, cost: f64, took: Duration) {
        self.answered += 1;
        self.usage += usage;
        self.cost += cost;
        let secs = took.as_secs_f64();
        follow(&mut self.latency_secs, secs);
        if secs > 0.0 && usage.output > 0 {
            follow(&mut self.tokens_per_sec, usage.output as f64 / secs);
        }
    }

    /// An answer was cut off after it had begun: what it took so far is paid.
    pub(super) fn cut_off(&mut self, usage: Usage, price: &Price) {
        self.usage += usage;
        self.cost += cost(price, usage);
    }

    pub(super) fn failed(&mut self, kind: &'static str, why: String) {
        *self.failed.entry(kind).or_default() += 1;
        self.last_error = Some(why);
    }

    pub(super) fn view(&self, config: &EndpointConfig, lane: &Lane, now_ms: u64) -> EndpointView {
        let purposes = lane.serves().map(Purpose::as_str).map(str::to_owned);
        let (state, rests_ms) = in_words(lane.health(), now_ms);
        let vectors = lane.vectors_health().map(|it| in_words(it, now_ms));
        let mut models: Vec<String> = config
            .model
            .iter()
            .chain(config.models.values())
            .cloned()
            .collect();
        models.sort();
        models.dedup();
        EndpointView {
            base_url: config.base_url.clone(),
            node: config.node.clone(),
            models,
            purposes: purposes.collect(),
            state: state.to_owned(),
            rests_ms,
            vectors_state: vectors.map(|(state, _)| state.to_owned()),
            vectors_rests_ms: vectors.and_then(|(_, rests_ms)| rests_ms),
            in_flight: lane.in_flight as u64,
            queued: lane.queued() as u64,
            limit: lane.limiter.now() as u64,
            sent: self.sent,
            answered: self.answered,
            failed: self
                .failed
                .iter()
                .map(|(kind, count)| ((*kind).to_owned(), *count))
                .collect(),
            stolen: lane.stolen,
            tokens_in: self.usage.input,
            tokens_cached: self.usage.cached,
            tokens_out: self.usage.output,
            cost_micros: self.cost.round() as i64,
            queue_ms_mean: match self.sent {
                0 => None,
                sent => Some(self.queue_secs * 1e3 / sent as f64),
            },
            latency_ms: self.latency_secs.map(|secs| secs * 1e3),
            tokens_per_sec: self.tokens_per_sec,
            last_error: self.last_error.clone(),
            ..EndpointView::default()
        }
    }
}

/// The word for how an endpoint is, and how long it is still left alone, in milliseconds.
fn in_words(health: Health, now_ms: u64) -> (&'static str, Option<u64>) {
    match health {
        Health::Well => ("well", None),
        Health::Resting { until_ms } => ("resting", Some(until_ms.saturating_sub(now_ms))),
        Health::Trying => ("trying", None),
    }
}

fn follow(mean: &mut Option<f64>, value: f64) {
    *mean = Some(mean.map_or(value, |mean| mean + (value - mean) * FOLLOW));
}

/// All of it.
pub(super) fn view(endpoints: Vec<EndpointView>, waiting: usize) -> PoolView {
    PoolView {
        endpoints,
        waiting: waiting as u64,
    }
}

/// What an answer costs, in micro-dollars.
#[must_use]
pub(crate) fn cost(price: &Price, usage: Usage) -> f64 {
    let cached = usage.cached.min(usage.input);
    let fresh = usage.input - cached;
    fresh as f64 * price.input
        + cached as f64 * price.cached.unwrap_or(price.input)
        + usage.output as f64 * price.output
}
