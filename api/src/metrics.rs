//! What the server measures of itself, for Prometheus.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// Labels of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// GET, POST …
    pub method: &'static str,
    /// The route's pattern, such as `/api/v1/agents/{id}`; never what a client made up.
    pub route: String,
    /// The status' class: `2xx` … `5xx`.
    pub status: &'static str,
}

/// What the pump measures.
#[derive(Debug)]
pub struct PumpMetrics {
    commit_secs: Histogram,
    batch_items: Histogram,
    rows: Counter,
    commits: Counter,
    tick_secs: Histogram,
    late_secs: Histogram,
    cpu_secs: Histogram,
    recent: Mutex<VecDeque<TickTimes>>,
}

/// Ticks whose exact times are kept for whoever asks.
const RECENT_TICKS_MAX: usize = 4_096;

/// What a tick took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TickTimes {
    /// From its beginning to its end.
    pub took: Duration,
    /// Processor time of the village's thread.
    pub cpu: Duration,
    /// How long after its deadline it began.
    pub late: Duration,
}

impl PumpMetrics {
    pub(crate) fn ticked(&self, times: TickTimes) {
        self.tick_secs.observe(times.took.as_secs_f64());
        self.late_secs.observe(times.late.as_secs_f64());
        self.cpu_secs.observe(times.cpu.as_secs_f64());
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() >= RECENT_TICKS_MAX {
            recent.pop_front();
        }
        recent.push_back(times);
    }

    /// The ticks since this was last asked, the newest 4096 of them.
    #[must_use]
    pub fn take_recent_ticks(&self) -> Vec<TickTimes> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.drain(..).collect()
    }

    pub(crate) fn committed(&self, took: Duration, items: usize, rows: usize) {
        self.commit_secs.observe(took.as_secs_f64());
        self.batch_items.observe(items as f64);
        self.rows.inc_by(rows as u64);
        self.commits.inc();
    }
}

/// How often an answer was there already.
#[derive(Debug, Default)]
pub struct CacheCounts {
    hits: Counter,
    misses: Counter,
}

impl CacheCounts {
    pub(crate) fn hit(&self) {
        self.hits.inc();
    }

    pub(crate) fn miss(&self) {
        self.misses.inc();
    }

    fn register(&self, registry: &mut Registry, what: &str) {
        let name = |end: &str| format!("cache_{what}_{end}");
        registry.register(
            name("hits"),
            "Answers that were encoded already",
            self.hits.clone(),
        );
        registry.register(
            name("misses"),
            "Answers that had to be made",
            self.misses.clone(),
        );
    }
}

/// Everything measured.
pub struct Metrics {
    registry: Mutex<Registry>,
    /// Time from a request's first byte to its answer's head.
    pub requests: Family<RequestLabels, Histogram>,
    /// HTTP connections open now; one that became a WebSocket is none any more.
    pub connections: Gauge,
    /// WebSockets open now.
    pub sockets: Gauge,
    /// Messages sent over WebSockets.
    pub frames_sent: Counter,
    /// Times that a WebSocket's listener was too slow and began anew.
    pub socket_lags: Counter,
    /// Agents that were encoded already.
    pub agents_kept: CacheCounts,
    /// Pages of posts that were encoded already.
    pub feeds_kept: CacheCounts,
    /// Queries and transactions that the database was asked for.
    pub database_operations: Gauge,
    /// Commands waiting in the inbox.
    pub inbox_depth: Gauge,
    /// Ticks done.
    pub ticks: Gauge,
    /// The pump's.
    pub pump: std::sync::Arc<PumpMetrics>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn latency() -> Histogram {
    // 100 µs to 13 s.
    Histogram::new(exponential_buckets(0.000_1, 2.0, 18))
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("hamlet");
        let requests = Family::<RequestLabels, Histogram>::new_with_constructor(latency);
        registry.register_with_unit(
            "http_request",
            "Time to answer a request",
            Unit::Seconds,
            requests.clone(),
        );
        let connections = Gauge::default();
        registry.register(
            "http_connections",
            "HTTP connections open",
            connections.clone(),
        );
        let sockets = Gauge::default();
        registry.register("websockets", "WebSockets open", sockets.clone());
        let frames_sent = Counter::default();
        registry.register(
            "websocket_frames",
            "Messages sent over WebSockets",
            frames_sent.clone(),
        );
        let socket_lags = Counter::default();
        registry.register(
            "websocket_lags",
            "Times that a listener was too slow and began anew",
            socket_lags.clone(),
        );
        let (agents_kept, feeds_kept) = (CacheCounts::default(), CacheCounts::default());
        agents_kept.register(&mut registry, "agents");
        feeds_kept.register(&mut registry, "feeds");
        let database_operations = Gauge::default();
        registry.register(
            "database_operations",
            "Queries and transactions since the start",
            database_operations.clone(),
        );
        let inbox_depth = Gauge::default();
        registry.register("inbox_depth", "Commands waiting", inbox_depth.clone());
        let ticks = Gauge::default();
        registry.register("ticks", "Ticks done", ticks.clone());
        let pump = PumpMetrics {
            commit_secs: latency(),
            batch_items: Histogram::new(exponential_buckets(1.0, 2.0, 13)),
            rows: Counter::default(),
            commits: Counter::default(),
            tick_secs: latency(),
            late_secs: latency(),
            cpu_secs: latency(),
            recent: Mutex::default(),
        };
        registry.register_with_unit(
            "tick",
            "Time a tick takes to compute",
            Unit::Seconds,
            pump.tick_secs.clone(),
        );
        registry.register_with_unit(
            "tick_late",
            "How long after its deadline a tick began",
            Unit::Seconds,
            pump.late_secs.clone(),
        );
        registry.register_with_unit(
            "tick_cpu",
            "Processor time of a tick",
            Unit::Seconds,
            pump.cpu_secs.clone(),
        );
        registry.register_with_unit(
            "commit",
            "Time of a commit",
            Unit::Seconds,
            pump.commit_secs.clone(),
        );
        registry.register(
            "batch_items",
            "Emissions and jobs in a batch",
            pump.batch_items.clone(),
        );
        registry.register("rows_written", "Rows written", pump.rows.clone());
        registry.register("commits", "Transactions committed", pump.commits.clone());
        Self {
            registry: Mutex::new(registry),
            requests,
            connections,
            sockets,
            frames_sent,
            socket_lags,
            agents_kept,
            feeds_kept,
            database_operations,
            inbox_depth,
            ticks,
            pump: std::sync::Arc::new(pump),
        }
    }
}

impl Metrics {
    /// All of it in the text format that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing into a string cannot fail.
        encode(&mut text, &registry).ok();
        text
    }
}
