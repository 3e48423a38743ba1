//! A scripted server of models with OpenAI's wire, for tests and benches: `hamlet mock-llm`.
//!
//! What it answers depends on the words of the request alone, so that any number of such servers answer alike.
//! How long it takes is settable: a base latency, a rate for reading prompts that are not in its prefix cache, a rate for writing.
//! So are its faults: refusals, silence, pages of HTML, answers cut off in the middle.

mod cache;
mod obedient;
mod resident;
mod server;
#[cfg(test)]
mod tests;
mod thinking;
mod worker;

use std::time::Duration;

pub use server::MockServer;
pub use thinking::Thinking;

/// Who answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// Somebody sensible who uses the skills that are offered.
    #[default]
    Resident,
    /// Somebody who does whatever anybody's words tell it to do: for tests of what must hold all the same.
    Obedient,
    /// Somebody who thanks whoever is near, and has nothing else to say.
    Polite,
    /// Somebody who repeats the last words.
    Echo,
}

/// Faults that come at every n-th request; 0: never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Status 500.
    pub error_every: u64,
    /// Status 500 for so many requests in a row, as if nobody were there.
    pub away_for: u64,
    /// Requests that are answered before that.
    pub away_after: u64,
    /// Status 429 with `Retry-After`.
    pub limit_every: u64,
    /// Seconds in that header.
    pub retry_after_secs: u64,
    /// No answer, ever.
    pub hang_every: u64,
    /// A page of HTML with status 200.
    pub html_every: u64,
    /// The connection ends in the middle of the answer.
    pub cut_every: u64,
    /// A stream falls silent in its middle, for ever.
    pub stall_every: u64,
    /// A tool call with an invented name.
    pub invent_every: u64,
    /// Arguments that are no JSON.
    pub garble_every: u64,
    /// An answer without words or calls.
    pub empty_every: u64,
    /// An answer that refuses.
    pub refuse_every: u64,
    /// Status of what asks for an answer by a JSON schema, which it does not know; 0: it does.
    pub no_schemas: u16,
}

/// How the server behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct MockConfig {
    /// Names of its models.
    pub models: Vec<String>,
    /// Who answers.
    pub behaviour: Behaviour,
    /// Seed of what it answers.
    pub seed: u64,
    /// Time before anything else.
    pub latency: Duration,
    /// Tokens of a prompt it reads in a second, where they are not cached; 0: at once.
    pub read_tokens_per_sec: f64,
    /// Tokens it writes in a second; 0: at once.
    pub write_tokens_per_sec: f64,
    /// What it thinks before it answers; without it nothing.
    pub thinking: Option<Thinking>,
    /// Prefixes (system messages) it keeps; 0: no cache.
    pub cached_prefixes: usize,
    /// Requests it works on at once; others wait. 0: all.
    pub slots: usize,
    /// The key it wants.
    pub api_key: Option<String>,
    /// Longest prompt it takes, in tokens; 0: any.
    pub context_tokens: u64,
    /// Ends after so many answers, as if it were killed; 0: never.
    pub die_after: u64,
    /// Whether it has vLLM's page of metrics.
    pub has_metrics: bool,
    /// Whether it makes vectors.
    pub has_vectors: bool,
    /// Time that requests for vectors take, in turn; none: no time.
    pub vectors_latency: Vec<Duration>,
    /// What goes wrong.
    pub faults: Faults,
}

impl Default for MockConfig {
    fn default() -> Self {
        Self {
            models: vec!["mock".to_owned()],
            behaviour: Behaviour::Resident,
            seed: 0,
            latency: Duration::ZERO,
            read_tokens_per_sec: 0.0,
            write_tokens_per_sec: 0.0,
            thinking: None,
            cached_prefixes: 256,
            slots: 0,
            api_key: None,
            context_tokens: 0,
            die_after: 0,
            has_metrics: true,
            has_vectors: true,
            vectors_latency: Vec::new(),
            faults: Faults::default(),
        }
    }
}

/// What the server has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MockStats {
    /// Chat requests that came.
    pub requests: u64,
    /// Answers.
    pub answers: u64,
    /// Those whose prefix was cached.
    pub hits: u64,
    /// Most requests in work at once.
    pub at_once_most: usize,
    /// Requests for vectors that came.
    pub vectors: u64,
}

/// Chance from words: the same words, the same number.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// A number from words (FNV-1a, mixed).
pub(crate) fn hash(seed: u64, text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ mix(seed);
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(hash)
}
