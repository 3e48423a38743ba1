//! One wave of thoughts over several endpoints with prefix caches: ours beside round-robin and least-loaded, and the ideal in which every prefix is cached.
//!
//! Endpoints are scripted servers on loopback with so many slots: a request takes a base time, and where its prefix is not in the endpoint's cache the time
//! to read that as well. All arms send the same requests with as many on their way at each endpoint as it has slots.
//!
//! Besides: how many requests one process keeps on their way ([`flight`]), and what a served village of a thousand who think takes ([`keeper`]).

mod flight;
mod keeper;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hamlet_agents::config::Purpose;
use hamlet_agents::mock::{Behaviour, MockConfig, MockServer};
use hamlet_agents::pool::{Ask, Bill, Pool, Prefix, in_time};
use hamlet_agents::wire::{Access, ChatMessage, ChatRequest, Role, Wire};
use tokio::sync::Semaphore;

use crate::mocks::{self, MODEL};
use crate::options::Options;
use crate::report::Bench;
use crate::start::beside;

/// Different prefixes.
const PREFIXES: usize = 256;
/// Bytes of a prefix; four are a token.
const PREFIX_BYTES: usize = 4_000;
/// Requests an endpoint works on at once.
const SLOTS: usize = 16;
/// Time of a request whose prefix is cached.
const BASE: Duration = Duration::from_millis(50);
/// Tokens of a prefix read in a second: 100 ms for one that is not cached.
const READ_RATE: f64 = 10_000.0;
/// Longest that an arm may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Endpoints, and prefixes that each of them keeps: more than there are, and fewer than its share.
const VARIANTS: &[(&str, usize, usize)] = &[
    ("4_large", 4, 512),
    ("4_small", 4, 32),
    ("8_large", 8, 512),
    ("8_small", 8, 16),
];

pub(crate) fn run(options: Options) -> Result<Bench> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.threads.max(2))
        .enable_all()
        .build()
        .context("the system gives no threads")?;
    // Now, not after minutes of measuring.
    beside()?;
    let mut bench = Bench::new("thoughts");
    // Each prefix so often in a wave; two waves, as ticks follow each other.
    let (each, variants) = if options.quick {
        (4, 1)
    } else {
        (20, VARIANTS.len())
    };
    for &(name, endpoints, cached) in &VARIANTS[..variants] {
        let all = 2 * PREFIXES * each;
        let ideal = BASE.as_secs_f64() * all as f64 / (endpoints * SLOTS) as f64;
        bench.arm(format!("ideal_{name}"), all as f64 / ideal, "thoughts/s");
        let mut rates = Vec::new();
        for arm in [Arm::Ours, Arm::RoundRobin, Arm::LeastLoaded] {
            let (secs, hits) =
                runtime.block_on(wave(arm, endpoints, cached, each, options.seed))?;
            let rate = all as f64 / secs;
            rates.push(rate);
            bench.arm(format!("{}_{name}", arm.name()), rate, "thoughts/s");
            bench.arm(format!("{}_{name}_hits", arm.name()), hits * 100.0, "%");
        }
        bench.ratio(format!("rate_vs_round_robin_{name}"), rates[0] / rates[1]);
        bench.ratio(format!("rate_vs_least_loaded_{name}"), rates[0] / rates[2]);
        bench.ratio(
            format!("rate_vs_ideal_{name}"),
            rates[0] * ideal / all as f64,
        );
    }
    bench.note(format!(
        "{PREFIXES} prefixes, {each} thoughts of each in a wave, two waves, {SLOTS} slots an endpoint; cached 50 ms, else 150"
    ));
    flight::run(&mut bench, &runtime, options)?;
    keeper::run(&mut bench, &runtime, options)?;
    Ok(bench)
}

#[derive(Clone, Copy)]
enum Arm {
    Ours,
    RoundRobin,
    LeastLoaded,
}

impl Arm {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::RoundRobin => "round_robin",
            Self::LeastLoaded => "least_loaded",
        }
    }
}

/// Two waves over fresh endpoints: seconds, and the share of prefixes found.
async fn wave(
    arm: Arm,
    endpoints: usize,
    cached: usize,
    each: usize,
    seed: u64,
) -> Result<(f64, f64)> {
    let config = MockConfig {
        behaviour: Behaviour::Echo,
        latency: BASE,
        read_tokens_per_sec: READ_RATE,
        cached_prefixes: cached,
        slots: SLOTS,
        ..MockConfig::default()
    };
    let servers = mocks::start(endpoints, &config).await?;
    let requests = requests(each, seed);
    let client = Client::new(arm, &servers)?;
    let began = Instant::now();
    for _ in 0..2 {
        client.send(&requests).await?;
    }
    let secs = began.elapsed().as_secs_f64();
    let stats = servers.iter().map(MockServer::stats);
    let (answers, hits) = stats.fold((0, 0), |(answers, hits), stats| {
        (answers + stats.answers, hits + stats.hits)
    });
    ensure!(
        answers as usize == 2 * requests.len(),
        "an arm lost answers"
    );
    Ok((secs, hits as f64 / answers as f64))
}

/// The requests of a wave.
fn requests(each: usize, seed: u64) -> Vec<(u64, Arc<ChatRequest>)> {
    alike(PREFIXES * each, PREFIXES, PREFIX_BYTES, seed)
}

/// So many requests with so many prefixes, each as often as the others, in an order that has nothing to do with them.
fn alike(
    count: usize,
    prefixes: usize,
    prefix_bytes: usize,
    seed: u64,
) -> Vec<(u64, Arc<ChatRequest>)> {
    let system: Vec<String> = (0..prefixes)
        .map(|prefix| format!("Prefix {prefix}. ").repeat(prefix_bytes / 12))
        .collect();
    let mut all: Vec<(u64, usize)> = (0..count)
        .map(|at| {
            let mut bits = (at as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            bits = (bits ^ bits >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (bits, at % prefixes)
        })
        .collect();
    all.sort_unstable();
    all.into_iter()
        .map(|(_, prefix)| {
            let request = ChatRequest {
                model: MODEL.to_owned(),
                messages: vec![
                    ChatMessage::new(Role::System, system[prefix].clone()),
                    ChatMessage::new(Role::User, "Go."),
                ],
                ..ChatRequest::default()
            };
            (prefix as u64, Arc::new(request))
        })
        .collect()
}

/// Whoever sends the requests.
enum Client {
    Ours(Pool),
    Router(Arm, Arc<Vec<Wire>>),
}

impl Client {
    fn new(arm: Arm, servers: &[MockServer]) -> Result<Self> {
        if let Arm::Ours = arm {
            let models = mocks::models(servers, SLOTS as u32);
            return Ok(Self::Ours(Pool::new(&models, |_| None)?));
        }
        let wires = servers.iter().map(|server| {
            Wire::new(Access {
                base_url: server.base_url(),
                ..Access::default()
            })
        });
        Ok(Self::Router(
            arm,
            Arc::new(wires.collect::<Result<_, _>>()?),
        ))
    }

    async fn send(&self, requests: &[(u64, Arc<ChatRequest>)]) -> Result<()> {
        match self {
            Self::Ours(pool) => ours(pool, requests).await,
            Self::Router(arm, wires) => router(*arm, wires, requests).await,
        }
    }
}

/// All requests of a tick at once, as minds hand them to the pool.
async fn ours(pool: &Pool, requests: &[(u64, Arc<ChatRequest>)]) -> Result<()> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let asks = requests.iter().map(|(prefix, request)| Ask {
        request: Arc::clone(request),
        answer_tokens_max: 16,
        temperature: 0.0,
        prefix: Prefix {
            family: 0,
            own: *prefix,
        },
        priority: 1,
        purpose: Purpose::Chat,
        deadline,
        bill: Bill::default(),
    });
    for coming in pool.submit(asks.collect()) {
        in_time(coming, deadline).await?;
    }
    Ok(())
}

/// What most routers do: the next endpoint, or the one with least on its way.
async fn router(
    arm: Arm,
    wires: &Arc<Vec<Wire>>,
    requests: &[(u64, Arc<ChatRequest>)],
) -> Result<()> {
    let busy: Arc<Vec<AtomicUsize>> = Arc::new(wires.iter().map(|_| AtomicUsize::new(0)).collect());
    let room = Arc::new(Semaphore::new(wires.len() * SLOTS));
    let mut tasks = tokio::task::JoinSet::new();
    for (at, (_, request)) in requests.iter().enumerate() {
        let permit = Arc::clone(&room).acquire_owned().await?;
        let to = match arm {
            Arm::LeastLoaded => {
                let load = |at: &usize| busy[*at].load(Ordering::Relaxed);
                (0..wires.len()).min_by_key(load).unwrap_or_default()
            }
            Arm::Ours | Arm::RoundRobin => at % wires.len(),
        };
        busy[to].fetch_add(1, Ordering::Relaxed);
        let (wires, busy, request) = (Arc::clone(wires), Arc::clone(&busy), Arc::clone(request));
        tasks.spawn(async move {
            let answer = wires[to].chat(&request, PATIENCE).await;
            busy[to].fetch_sub(1, Ordering::Relaxed);
            drop(permit);
            answer.map(drop)
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}
