//! What the village answers about minds that think with language models.

use std::collections::BTreeMap;

use serde::Deserialize;

/// An endpoint of models.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct EndpointShape {
    pub(crate) name: String,
    /// For those who keep order.
    pub(crate) base_url: Option<String>,
    pub(crate) node: Option<String>,
    pub(crate) models: Vec<String>,
    /// `well`, `resting` or `trying`.
    pub(crate) state: String,
    pub(crate) rests_ms: Option<u64>,
    pub(crate) in_flight: u64,
    pub(crate) queued: u64,
    pub(crate) limit: u64,
    pub(crate) answered: u64,
    /// By kind.
    pub(crate) failed: BTreeMap<String, u64>,
    pub(crate) tokens_in: u64,
    pub(crate) tokens_cached: u64,
    pub(crate) tokens_out: u64,
    /// 0 to 1.
    pub(crate) hit_share: f64,
    /// Dollars, for those who keep order.
    pub(crate) cost: Option<String>,
    pub(crate) queue_ms_mean: Option<f64>,
    pub(crate) latency_ms: Option<f64>,
    pub(crate) tokens_per_sec: Option<f64>,
    pub(crate) last_error: Option<String>,
    /// `vllm` where the server says the next four itself, `self` where they are our own counting.
    pub(crate) measured_by: String,
    /// Requests that it works on, ours and others'.
    pub(crate) running: u64,
    /// Requests that wait inside it.
    pub(crate) waiting: u64,
    /// Share of its cache that is in use, 0 to 1.
    pub(crate) cache_use: Option<f64>,
    /// Share of what it read that was in its cache, 0 to 1.
    pub(crate) cache_hit_share: Option<f64>,
}

/// `GET /models/pool`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct PoolPage {
    pub(crate) endpoints: Vec<EndpointShape>,
    pub(crate) waiting: u64,
}

/// What thoughts cost, of one agent, model, endpoint or day.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MindCost {
    pub(crate) of: String,
    pub(crate) thoughts: u64,
    pub(crate) answers: u64,
    pub(crate) tokens_in: u64,
    pub(crate) tokens_cached: u64,
    pub(crate) tokens_out: u64,
    /// Dollars of whoever runs the village.
    pub(crate) cost: String,
}

/// `GET /models/costs`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MindCosts {
    pub(crate) total: MindCost,
    pub(crate) agents: Vec<MindCost>,
    pub(crate) models: Vec<MindCost>,
    pub(crate) endpoints: Vec<MindCost>,
    pub(crate) days: Vec<MindCost>,
    /// Thoughts by how they ended.
    pub(crate) outcomes: BTreeMap<String, u64>,
    /// Dollars.
    pub(crate) budget: Option<String>,
}

/// A thought, looked back at.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ThoughtShape {
    pub(crate) thought: u64,
    pub(crate) asked_tick: u64,
    pub(crate) wake: String,
    /// `acted`, `rested`, or what went wrong.
    pub(crate) outcome: String,
    pub(crate) steps: Vec<String>,
    pub(crate) words: String,
    pub(crate) turns: u32,
    pub(crate) model: Option<String>,
    pub(crate) tokens_in: u64,
    pub(crate) tokens_cached: u64,
    pub(crate) tokens_out: u64,
    /// Dollars of whoever runs the village.
    pub(crate) cost: String,
    /// aiDollars that the agent paid; `None` where thoughts cost nothing.
    pub(crate) charged: Option<String>,
    pub(crate) took_ms: u64,
}

/// `GET /agents/{id}/thoughts`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ThoughtPage {
    pub(crate) thoughts: Vec<ThoughtShape>,
}

/// Something that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MemoryShape {
    pub(crate) no: u64,
    pub(crate) tick: u64,
    pub(crate) kind: String,
    pub(crate) text: String,
    /// 1 to 10.
    pub(crate) importance: u8,
    /// Whether they are somebody else's words.
    pub(crate) untrusted: bool,
    pub(crate) source: Option<String>,
}

/// `GET /agents/{id}/memories`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MemoryPage {
    pub(crate) memories: Vec<MemoryShape>,
}

/// `GET /world/moods`: faces that everybody in the street sees.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MoodPage {
    /// −1 to 1.
    pub(crate) mean: f64,
    pub(crate) faces: Vec<FaceShape>,
}

/// Somebody whose mood shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct FaceShape {
    pub(crate) no: u32,
    /// `delighted`, `low` or `miserable`.
    pub(crate) face: String,
}
