//! Scripted servers of models in this process, and the settings by which the product's pool reaches them.
//!
//! # How long [`chat`] takes
//! A server that writes 50 tokens a second after 0.4 seconds, for answers as long as those in a trace that was recorded in a chat service and published
//! (Azure LLM inference trace 2023, conversations; ISCA 2024): of its 19 366 answers half have 129 tokens or fewer, the mean is 211, the longest has 1000,
//! and their logarithms have a standard deviation of 0.86. We take the log-normal with that median and deviation, cut where the trace ends.
//! The number is drawn from the words of a request and the seed: the same in every arm, whichever server is asked.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};
use hamlet_agents::config::ModelsConfig;
use hamlet_agents::mock::{MockConfig, MockServer, Thinking};

/// Name of their model.
pub(crate) const MODEL: &str = "mock";

/// Seconds before the first token, and tokens written in a second.
const FIRST_TOKEN_SECS: f64 = 0.4;
const TOKENS_PER_SEC: f64 = 50.0;
/// Tokens of an answer, its words apart.
const LENGTH: Thinking = Thinking {
    median: 129.0,
    spread: 0.86,
    most: 1_000,
};
/// Half of the answers take about so long, or less.
pub(crate) const MEDIAN_SECS: f64 = FIRST_TOKEN_SECS + 129.0 / TOKENS_PER_SEC;

/// A server that takes as long as those of chat services do, so many times faster.
pub(crate) fn chat(faster: f64, seed: u64) -> MockConfig {
    MockConfig {
        seed,
        latency: Duration::from_secs_f64(FIRST_TOKEN_SECS / faster),
        write_tokens_per_sec: TOKENS_PER_SEC * faster,
        thinking: Some(LENGTH),
        ..MockConfig::default()
    }
}

/// Seconds that such servers take for so many answers with so many tokens in all, one after the other.
pub(crate) fn chat_secs(faster: f64, answers: u32, tokens: u64) -> f64 {
    (f64::from(answers) * FIRST_TOKEN_SECS + tokens as f64 / TOKENS_PER_SEC) / faster
}

/// So many servers that behave alike, on free ports of loopback. They end when they are dropped.
pub(crate) async fn start(count: usize, config: &MockConfig) -> Result<Vec<MockServer>> {
    let any = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    let mut servers = Vec::with_capacity(count);
    for _ in 0..count {
        let server = MockServer::start(any, config.clone()).await;
        servers.push(server.context("a scripted server finds no port")?);
    }
    Ok(servers)
}

/// Settings for these servers, with as many requests in flight at each.
pub(crate) fn models(servers: &[MockServer], concurrency: u32) -> ModelsConfig {
    let mut models = ModelsConfig::default();
    let urls: Vec<String> = servers.iter().map(MockServer::base_url).collect();
    models.add(&urls, Some(MODEL));
    for endpoint in &mut models.endpoints {
        endpoint.concurrency = Some(concurrency);
    }
    models
}

/// Answers that they have given, all together.
pub(crate) fn answers(servers: &[MockServer]) -> u64 {
    servers.iter().map(|server| server.stats().answers).sum()
}
