//! What an endpoint says of itself: vLLM has a page of metrics. Read from time to time by a task of its own, so that nobody ever waits for it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use hamlet_protocol::minds::EndpointView;
use tokio::time::sleep;

use super::Inner;

/// How often the page is read.
const READ_EVERY: Duration = Duration::from_secs(2);
/// How often an endpoint is asked that has no such page.
const ASK_AGAIN: Duration = Duration::from_secs(300);
/// Longest wait for the page.
const WITHIN: Duration = Duration::from_secs(1);
/// What is older than this says nothing about now.
const STALE_MS: u64 = 10_000;

/// What vLLM's page says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Gauges {
    running: f64,
    waiting: f64,
    cache_use: Option<f64>,
    queries: f64,
    hits: f64,
}

/// The last that an endpoint said of itself, and when, in milliseconds since the pool's beginning.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading(Option<(u64, Gauges)>);

impl Reading {
    /// Adds to a view what the endpoint says, else what we count ourselves.
    pub(super) fn fill(&self, view: &mut EndpointView, now_ms: u64) {
        let fresh = self
            .0
            .filter(|(at, _)| now_ms.saturating_sub(*at) <= STALE_MS);
        match fresh {
            Some((_, gauges)) => {
                view.measured_by = "vllm".to_owned();
                view.running = gauges.running as u64;
                view.waiting = gauges.waiting as u64;
                view.cache_use = gauges.cache_use;
                view.hit_share = share(gauges.hits, gauges.queries);
            }
            None => {
                view.measured_by = "self".to_owned();
                view.running = view.in_flight;
                view.waiting = view.queued;
                view.hit_share = share(view.tokens_cached as f64, view.tokens_in as f64);
            }
        }
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| (part / whole).clamp(0.0, 1.0))
}

impl Gauges {
    /// Reads a page in Prometheus' text format; `None` where it is not vLLM's. Several engines behind one address are added up, and the fullest cache counts.
    pub(super) fn read(page: &str) -> Option<Self> {
        let mut gauges = Self::default();
        let mut known = false;
        for line in page.lines() {
            let Some((name, value)) = sample(line) else {
                continue;
            };
            match name {
                "num_requests_running" => {
                    known = true;
                    gauges.running += value;
                }
                "num_requests_waiting" => gauges.waiting += value,
                "gpu_cache_usage_perc" | "kv_cache_usage_perc" => {
                    let most = gauges.cache_use.unwrap_or(0.0).max(value);
                    gauges.cache_use = Some(most.min(1.0));
                }
                "prefix_cache_queries" | "gpu_prefix_cache_queries" => gauges.queries += value,
                "prefix_cache_hits" | "gpu_prefix_cache_hits" => gauges.hits += value,
                _ => {}
            }
        }
        known.then_some(gauges)
    }
}

/// Name, without vLLM's mark and the ending of counters, and value of a line.
fn sample(line: &str) -> Option<(&str, f64)> {
    let rest = line.strip_prefix("vllm:")?;
    let (name, value) = match rest.split_once('{') {
        Some((name, rest)) => (name, rest.rsplit_once('}')?.1),
        None => rest.split_once(' ')?,
    };
    let value: f64 = value.split_whitespace().next()?.parse().ok()?;
    let name = name.trim_end_matches("_total");
    (value.is_finite() && value >= 0.0).then_some((name, value))
}

/// Begins to read every endpoint's page, until the pool is gone.
pub(super) fn watch(inner: &Arc<Inner>) {
    for at in 0..inner.endpoints.len() {
        tokio::spawn(read_on(Arc::downgrade(inner), at));
    }
}

async fn read_on(inner: Weak<Inner>, at: usize) {
    loop {
        let Some(wire) = inner.upgrade().map(|inner| inner.endpoints[at].1.clone()) else {
            return;
        };
        let page = wire.metrics(WITHIN).await;
        let Some(inner) = inner.upgrade() else {
            return;
        };
        let now_ms = inner.now_ms();
        let (gauges, wait) = match page.map(|page| Gauges::read(&page)) {
            Ok(Some(gauges)) => (Some(gauges), READ_EVERY),
            // It answers, and has no such page.
            Ok(None) => (None, ASK_AGAIN),
            Err(fault) if fault.is_answered() => (None, ASK_AGAIN),
            // It may be down for a moment.
            Err(_) => (None, READ_EVERY),
        };
        if let Some(gauges) = gauges {
            inner.lock().gauges[at] = Reading(Some((now_ms, gauges)));
        }
        drop(inner);
        sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine=\"0\",model_name=\"a {strange} name\"} 3.0
vllm:num_requests_running{engine=\"1\",model_name=\"a\"} 2.0
vllm:num_requests_waiting{engine=\"0\"} 7.0
vllm:kv_cache_usage_perc{engine=\"0\"} 0.25
vllm:kv_cache_usage_perc{engine=\"1\"} 0.5
vllm:prefix_cache_queries_total{engine=\"0\"} 200.0
vllm:prefix_cache_hits_total{engine=\"0\"} 150.0
vllm:time_to_first_token_seconds_bucket{le=\"+Inf\"} 12
";

    #[test]
    fn engines_are_added_up_and_the_fullest_cache_counts() {
        let gauges = Gauges::read(PAGE).expect("vLLM's");
        let mut view = EndpointView::default();
        Reading(Some((1_000, gauges))).fill(&mut view, 2_000);
        assert_eq!(
            (view.measured_by.as_str(), view.running, view.waiting),
            ("vllm", 5, 7)
        );
        assert_eq!((view.cache_use, view.hit_share), (Some(0.5), Some(0.75)));
    }

    #[test]
    fn others_pages_and_old_ones_leave_our_own_counting() {
        assert_eq!(Gauges::read("llamacpp:requests_processing 3\n"), None);
        assert_eq!(Gauges::read("vllm:num_requests_running NaN\n"), None);
        let old = Gauges::read(PAGE).map(|gauges| (0, gauges));
        for reading in [Reading(None), Reading(old)] {
            let mut view = EndpointView {
                in_flight: 4,
                queued: 2,
                ..EndpointView::default()
            };
            reading.fill(&mut view, STALE_MS + 1);
            assert_eq!(
                (view.measured_by.as_str(), view.running, view.waiting),
                ("self", 4, 2)
            );
            assert_eq!((view.cache_use, view.hit_share), (None, None));
        }
    }
}
