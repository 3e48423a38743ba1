use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

use super::scheduler::{Job, Scheduler};
use super::*;
use crate::config::Price;
use crate::mock::{Behaviour, Faults, MockConfig, MockServer};
use crate::wire::{ChatMessage, Role};

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

fn job(own: u64) -> Job {
    Job {
        prefix: Prefix { family: 0, own },
        priority: 1,
        purpose: Purpose::Chat,
        avoid: Vec::new(),
    }
}

fn scheduler(lanes: usize, concurrency: u32) -> Scheduler {
    let serves = BTreeSet::from([Purpose::Chat]);
    Scheduler::new((0..lanes).map(|_| (serves.clone(), Some(concurrency))))
}

/// Everything that is sent, by lane, when each is answered before the next.
fn sent(scheduler: &mut Scheduler) -> Vec<(usize, u64)> {
    let mut sent = Vec::new();
    while let Some((at, id)) = scheduler.next(0) {
        sent.push((at, id));
        scheduler.landed(at);
    }
    sent
}

#[test]
fn requests_with_one_prefix_go_to_one_endpoint_one_after_the_other() {
    let mut scheduler = scheduler(4, 1);
    // 64 prefixes, 8 requests of each, shuffled.
    let jobs = (0..512_u64).map(|id| (id, job(id * 37 % 64)));
    assert!(scheduler.submit(jobs.collect(), 0).is_empty());
    let sent = sent(&mut scheduler);
    assert_eq!(sent.len(), 512);
    let mut runs = 0;
    for lane in 0..4 {
        let own: Vec<u64> = sent
            .iter()
            .filter(|(at, _)| *at == lane)
            .map(|(_, id)| id * 37 % 64)
            .collect();
        assert!(
            (96..=160).contains(&own.len()),
            "lane {lane} has {}",
            own.len()
        );
        runs += 1 + own.windows(2).filter(|pair| pair[0] != pair[1]).count();
    }
    assert!(runs <= 72, "64 prefixes were read {runs} times");
}

#[test]
fn a_prefix_stays_where_it_is_cached() {
    let mut scheduler = scheduler(4, 8);
    let wave = |from: u64| (0..64_u64).map(move |own| (from + own, job(own))).collect();
    let home = |sent: Vec<(usize, u64)>, from: u64| -> std::collections::BTreeMap<u64, usize> {
        sent.into_iter().map(|(at, id)| (id - from, at)).collect()
    };
    scheduler.submit(wave(0), 0);
    let first = home(sent(&mut scheduler), 0);
    scheduler.submit(wave(100), 0);
    let second = home(sent(&mut scheduler), 100);
    let same = first.iter().filter(|(own, at)| second.get(own) == Some(at));
    assert!(same.count() >= 56, "most stay");
}

#[test]
fn one_large_group_is_spread_rather_than_queued() {
    let mut scheduler = scheduler(4, 4);
    scheduler.submit((0..64_u64).map(|id| (id, job(7))).collect(), 0);
    for lane in &scheduler.lanes {
        assert!((8..=24).contains(&lane.queued()), "{}", lane.queued());
    }
}

#[test]
fn whoever_runs_dry_takes_from_the_fullest() {
    let mut scheduler = scheduler(2, 1);
    scheduler.submit((0..20_u64).map(|id| (id, job(id % 4))).collect(), 0);
    // Lane 0 never answers; lane 1 does all the work in the end.
    let mut done = 0;
    let mut stuck = 0;
    while let Some((at, _)) = scheduler.next(0) {
        if at == 1 {
            done += 1;
            scheduler.landed(1);
        } else {
            stuck += 1;
        }
    }
    assert_eq!((done, stuck), (19, 1));
    assert!(scheduler.lanes[1].stolen > 0);
}

#[test]
fn more_urgent_ones_go_first() {
    let mut scheduler = scheduler(1, 1);
    let mut urgent = job(9);
    urgent.priority = 0;
    scheduler.submit(
        (0..5_u64)
            .map(|id| (id, job(id)))
            .chain([(99, urgent)])
            .collect(),
        0,
    );
    assert_eq!(scheduler.next(0), Some((0, 99)));
}

#[test]
fn nobody_for_a_purpose_is_said_at_once() {
    let mut scheduler = scheduler(2, 1);
    let mut vectors = job(0);
    vectors.purpose = Purpose::Embedding;
    let mut code = job(0);
    code.purpose = Purpose::Code;
    assert_eq!(scheduler.submit(vec![(1, vectors), (2, code)], 0), [1]);
    assert_eq!(scheduler.waiting(), 1, "talkers help out with programs");
}

async fn mock(config: MockConfig) -> MockServer {
    MockServer::start(LOOPBACK, config)
        .await
        .expect("loopback has a free port")
}

fn echo(faults: Faults) -> MockConfig {
    MockConfig {
        behaviour: Behaviour::Echo,
        faults,
        ..MockConfig::default()
    }
}

fn pool(servers: &[&MockServer]) -> Pool {
    pool_of(servers.iter().map(|server| server.base_url()).collect())
}

fn pool_of(urls: Vec<String>) -> Pool {
    let mut config = ModelsConfig::default();
    config.add(&urls, Some("mock"));
    for endpoint in &mut config.endpoints {
        endpoint.price = Price {
            input: 1.0,
            cached: Some(0.1),
            output: 2.0,
        };
    }
    Pool::new(&config, |_| None).expect("the settings are right")
}

fn ask(words: &str, within_ms: u64) -> Ask {
    let system = ChatMessage::new(Role::System, "You are an echo. ".repeat(20));
    Ask {
        request: Arc::new(ChatRequest {
            messages: vec![system, ChatMessage::new(Role::User, words)],
            ..ChatRequest::default()
        }),
        answer_tokens_max: 100,
        temperature: 0.5,
        prefix: Prefix::default(),
        priority: 1,
        purpose: Purpose::Chat,
        deadline: Instant::now() + Duration::from_millis(within_ms),
    }
}

async fn ask_all(pool: &Pool, many: usize) -> Vec<Result<Answered, PoolError>> {
    let asks: Vec<Ask> = (0..many)
        .map(|n| ask(&format!("word {n}"), 20_000))
        .collect();
    let deadline = asks[0].deadline;
    let mut answers = Vec::new();
    for coming in pool.submit(asks) {
        answers.push(in_time(coming, deadline).await);
    }
    answers
}

fn all_right(answers: &[Result<Answered, PoolError>]) {
    for (n, answer) in answers.iter().enumerate() {
        let answer = answer.as_ref().unwrap_or_else(|why| panic!("{n}: {why}"));
        assert_eq!(answer.answer.content, format!("word {n}"));
    }
}

#[tokio::test]
async fn every_answer_comes_to_its_place_and_is_accounted() {
    let (one, two) = (
        mock(echo(Faults::default())).await,
        mock(echo(Faults::default())).await,
    );
    let pool = pool(&[&one, &two]);
    all_right(&ask_all(&pool, 40).await);
    let view = pool.view();
    let answered: u64 = view
        .endpoints
        .iter()
        .map(|endpoint| endpoint.answered)
        .sum();
    assert_eq!((answered, view.waiting), (40, 0));
    assert_eq!(one.stats().answers + two.stats().answers, 40);
    let cached: u64 = view
        .endpoints
        .iter()
        .map(|endpoint| endpoint.tokens_cached)
        .sum();
    let input: u64 = view
        .endpoints
        .iter()
        .map(|endpoint| endpoint.tokens_in)
        .sum();
    let output: u64 = view
        .endpoints
        .iter()
        .map(|endpoint| endpoint.tokens_out)
        .sum();
    assert!(cached > 0 && cached < input);
    let cost: i64 = view
        .endpoints
        .iter()
        .map(|endpoint| endpoint.cost_micros)
        .sum();
    let expected = (input - cached) as f64 + cached as f64 * 0.1 + output as f64 * 2.0;
    assert!(
        (cost as f64 - expected).abs() <= 2.0,
        "{cost} is not {expected}"
    );
}

#[tokio::test]
async fn faults_of_one_endpoint_are_made_up_for_by_another() {
    for faults in [
        Faults {
            error_every: 1,
            ..Faults::default()
        },
        Faults {
            html_every: 1,
            ..Faults::default()
        },
        Faults {
            cut_every: 1,
            ..Faults::default()
        },
        Faults {
            limit_every: 2,
            retry_after_secs: 1,
            ..Faults::default()
        },
    ] {
        let (sick, well) = (
            mock(echo(faults)).await,
            mock(echo(Faults::default())).await,
        );
        let pool = pool(&[&sick, &well]);
        all_right(&ask_all(&pool, 12).await);
        let view = pool.view();
        let failed: u64 = view.endpoints[0].failed.values().sum();
        assert!(failed > 0, "{faults:?}: nobody asked the sick one");
        assert!(view.endpoints[0].last_error.is_some());
    }
}

#[tokio::test]
async fn an_endpoint_that_dies_half_way_costs_no_answer() {
    let dying = mock(MockConfig {
        die_after: 5,
        ..echo(Faults::default())
    })
    .await;
    let well = mock(echo(Faults::default())).await;
    let pool = pool(&[&dying, &well]);
    all_right(&ask_all(&pool, 60).await);
    assert_eq!(pool.view().endpoints[0].state, "resting");
}

#[tokio::test]
async fn nobody_there_is_said_within_the_time() {
    let gone = mock(echo(Faults::default())).await.base_url();
    let pool = pool_of(vec![gone]);
    let began = Instant::now();
    let answer = pool.ask(ask("hello", 400)).await;
    assert!(
        matches!(answer, Err(PoolError::Late | PoolError::Wire(_))),
        "{answer:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(!pool.view().endpoints[0].failed.is_empty());
}

#[tokio::test]
async fn a_silent_endpoint_is_not_waited_for_longer_than_the_deadline() {
    let silent = mock(echo(Faults {
        hang_every: 1,
        ..Faults::default()
    }))
    .await;
    let pool = pool(&[&silent]);
    assert_eq!(pool.ask(ask("hello", 200)).await, Err(PoolError::Late));
}

#[tokio::test]
async fn what_is_the_requests_own_fault_is_not_tried_elsewhere() {
    let small = MockConfig {
        context_tokens: 20,
        ..echo(Faults::default())
    };
    let (one, two) = (mock(small.clone()).await, mock(small).await);
    let pool = pool(&[&one, &two]);
    let answer = pool.ask(ask("hello", 5_000)).await;
    assert!(
        matches!(answer, Err(PoolError::Wire(WireError::ContextOverflow(_)))),
        "{answer:?}"
    );
    assert_eq!(one.stats().requests + two.stats().requests, 1);
}

#[tokio::test]
async fn a_wrong_key_and_an_unknown_model_are_set_up_wrongly() {
    let locked = mock(MockConfig {
        api_key: Some("right".to_owned()),
        ..echo(Faults::default())
    })
    .await;
    let other = mock(MockConfig {
        models: vec!["other".to_owned()],
        ..echo(Faults::default())
    })
    .await;
    let well = mock(echo(Faults::default())).await;
    let pool = pool(&[&locked, &other, &well]);
    all_right(&ask_all(&pool, 9).await);
    let view = pool.view();
    assert!(view.endpoints[0].failed.contains_key("unauthorized"));
    assert!(view.endpoints[1].failed.contains_key("unknown_model"));
    assert_eq!(
        (
            view.endpoints[0].state.as_str(),
            view.endpoints[1].state.as_str()
        ),
        ("resting", "resting")
    );
}
