use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::patience::TRIES_MAX;
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

#[test]
fn a_lane_that_has_no_vectors_talks_all_the_same() {
    let serves = BTreeSet::from([Purpose::Chat, Purpose::Embedding]);
    let mut scheduler = Scheduler::new([(serves, Some(4))].into_iter());
    let vectors = Job {
        purpose: Purpose::Embedding,
        priority: 0,
        ..job(1)
    };
    scheduler.lanes[0].vectors.set_up_wrongly(0, true);
    let queue = vec![(1, vectors.clone()), (2, job(2)), (3, vectors)];
    assert!(scheduler.submit(queue, 0).is_empty());
    assert_eq!(scheduler.next(0), Some((0, 2)), "who talks goes past them");
    assert_eq!(scheduler.next(0), None);
    assert!(scheduler.is_silent(Purpose::Embedding, 1_000_000, 0));
    assert!(!scheduler.is_silent(Purpose::Chat, 0, 0));
    assert_eq!(scheduler.take_out(Purpose::Embedding), [1, 3]);
    assert_eq!((scheduler.waiting(), scheduler.lanes[0].queued()), (0, 0));
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
        bill: Bill::default(),
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
    let answer = pool.ask(ask("hello", 3_000)).await;
    assert!(
        matches!(answer, Err(PoolError::Late | PoolError::Wire(_))),
        "{answer:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(60));
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

/// The words of an answer, each time there were more of them.
async fn listen(mut heard: Heard) -> Vec<String> {
    let mut all = Vec::new();
    while heard.changed().await.is_ok() {
        all.push(heard.borrow_and_update().clone());
    }
    all
}

/// Writes a piece of sixteen letters every few dozen milliseconds.
fn slow_writer() -> MockConfig {
    MockConfig {
        write_tokens_per_sec: 50.0,
        ..echo(Faults::default())
    }
}

const LONG: &str = "The quick brown fox jumps over the lazy dog, and then over the fence, twice.";

#[tokio::test]
async fn words_are_heard_as_they_come_and_accounted() {
    let server = mock(slow_writer()).await;
    let pool = pool(&[&server]);
    let (coming, heard) = pool.submit_heard(ask(LONG, 20_000));
    let listening = tokio::spawn(listen(heard));
    let answered = coming.await.expect("it comes").expect("all is well");
    assert_eq!(answered.answer.content, LONG);
    assert!(answered.answer.usage.reported && answered.cost > 0.0);
    let heard = listening.await.expect("nobody panics");
    assert!(heard.len() > 2, "{heard:?}");
    assert!(heard.windows(2).all(|pair| pair[1].starts_with(&pair[0])));
    assert_eq!(heard.last().map(String::as_str), Some(LONG));
    let view = &pool.view().endpoints[0];
    assert_eq!((view.answered, view.in_flight), (1, 0));
    assert_eq!(view.tokens_out, answered.answer.usage.output);
}

#[tokio::test]
async fn whoever_has_heard_a_word_is_not_given_another_answer() {
    let cutting = mock(MockConfig {
        faults: Faults {
            cut_every: 1,
            ..Faults::default()
        },
        ..slow_writer()
    })
    .await;
    let well = mock(echo(Faults::default())).await;
    let pool = pool(&[&cutting, &well]);
    let asked = ask(LONG, 20_000);
    let bill = asked.bill.clone();
    let (coming, heard) = pool.submit_heard(asked);
    let answer = coming.await.expect("it comes");
    assert_eq!(answer, Err(PoolError::Wire(WireError::Cut)));
    assert!(LONG.starts_with(heard.borrow().as_str()) && !heard.borrow().is_empty());
    let view = pool.view();
    assert_eq!(well.stats().requests, 0, "it was not tried again");
    assert!(view.endpoints[0].tokens_out > 0, "what was said is paid");
    let lost = bill.take();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!(
        (lost[0].endpoint.as_str(), lost[0].model.as_str()),
        (cutting.base_url().as_str(), "mock")
    );
    assert_eq!(
        (lost[0].usage.input, lost[0].usage.output),
        (view.endpoints[0].tokens_in, view.endpoints[0].tokens_out)
    );
    assert!(bill.take().is_empty(), "once");
}

#[tokio::test]
async fn what_is_answered_is_on_no_bill_and_what_nobody_waits_for_is() {
    let well = mock(echo(Faults::default())).await;
    let hanging = mock(echo(Faults {
        hang_every: 1,
        ..Faults::default()
    }))
    .await;
    let asked = ask("hello", 20_000);
    let bill = asked.bill.clone();
    pool(&[&well]).ask(asked).await.expect("it answers");
    assert!(bill.take().is_empty());

    let asked = ask("hello", 600_000);
    let bill = asked.bill.clone();
    let waiting = pool(&[&hanging]);
    let coming = waiting.submit(vec![asked]);
    tokio::time::timeout(Duration::from_secs(60), async {
        while hanging.stats().requests == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it is asked");
    drop(coming);
    let lost = bill.take();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(lost[0].usage.input > 0 && lost[0].cost > 0.0, "{lost:?}");
    assert!(bill.take().is_empty(), "once");
}

#[tokio::test]
async fn before_the_first_word_another_endpoint_takes_over() {
    for faults in [
        Faults {
            error_every: 1,
            ..Faults::default()
        },
        Faults {
            limit_every: 1,
            retry_after_secs: 30,
            ..Faults::default()
        },
        Faults {
            html_every: 1,
            ..Faults::default()
        },
    ] {
        let (sick, well) = (
            mock(echo(faults)).await,
            mock(echo(Faults::default())).await,
        );
        let pool = pool(&[&sick, &well]);
        let (coming, heard) = pool.submit_heard(ask(LONG, 20_000));
        let answered = coming.await.expect("it comes").expect("the other is well");
        assert_eq!(answered.tries, 2, "{faults:?}");
        assert_eq!(heard.borrow().as_str(), LONG);
    }
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_not_waited_for_longer_than_the_deadline() {
    let stalling = mock(MockConfig {
        faults: Faults {
            stall_every: 1,
            ..Faults::default()
        },
        ..slow_writer()
    })
    .await;
    let pool = pool(&[&stalling]);
    let (coming, heard) = pool.submit_heard(ask(LONG, 5_000));
    let answer = coming.await.expect("it comes");
    assert_eq!(answer, Err(PoolError::Late));
    assert!(!heard.borrow().is_empty(), "the beginning was heard");
    assert_eq!(pool.view().endpoints[0].in_flight, 0);
}

#[tokio::test]
async fn whoever_goes_away_cuts_the_answer_off() {
    let stalling = mock(MockConfig {
        faults: Faults {
            stall_every: 1,
            ..Faults::default()
        },
        ..slow_writer()
    })
    .await;
    let pool = pool(&[&stalling]);
    let (coming, mut heard) = pool.submit_heard(ask(LONG, 600_000));
    heard.changed().await.expect("it begins");
    drop(heard);
    assert!(coming.await.is_err(), "nobody is answered");
    let view = &pool.view().endpoints[0];
    assert_eq!((view.in_flight, view.state.as_str()), (0, "well"));
    assert!(view.tokens_in > 0 && view.cost_micros > 0, "it is paid");
    assert!(view.failed.is_empty(), "the endpoint is not at fault");
}

#[tokio::test]
async fn a_storm_of_429_is_weathered_and_said() {
    let always = Faults {
        limit_every: 1,
        ..Faults::default()
    };
    let (one, two) = (mock(echo(always)).await, mock(echo(always)).await);
    let pool = pool(&[&one, &two]);
    let answers = ask_all(&pool, 20).await;
    for answer in &answers {
        let overloaded = matches!(
            answer,
            Err(PoolError::Wire(WireError::Overloaded { status: 429, .. }))
        );
        assert!(overloaded, "{answer:?}");
    }
    let view = pool.view();
    assert!(view.endpoints.iter().all(|it| it.limit < 8), "they shrank");
    let sent: u64 = view.endpoints.iter().map(|it| it.sent).sum();
    assert_eq!(sent, 20 * TRIES_MAX as u64, "and no more than that");
    assert_eq!(view.waiting, 0);
}

#[tokio::test]
async fn a_slow_endpoint_answers_all_the_same() {
    let slow = mock(MockConfig {
        latency: Duration::from_millis(150),
        slots: 1,
        ..echo(Faults::default())
    })
    .await;
    let pool = pool(&[&slow]);
    all_right(&ask_all(&pool, 6).await);
}

/// Looks at a pool until it is as wanted, for a minute at most.
async fn until(pool: &Pool, wanted: impl Fn(&PoolView) -> bool) -> PoolView {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let view = pool.view();
        if wanted(&view) || Instant::now() > end {
            return view;
        }
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_vllm_says_of_itself_is_read_and_else_we_count() {
    let vllm = mock(MockConfig {
        slots: 2,
        ..echo(Faults::default())
    })
    .await;
    let other = mock(MockConfig {
        has_metrics: false,
        ..echo(Faults::default())
    })
    .await;
    let pool = pool(&[&vllm, &other]);
    assert_eq!(pool.view().endpoints[0].measured_by, "self");
    all_right(&ask_all(&pool, 8).await);
    pool.watch();
    let view = until(&pool, |view| view.endpoints[0].measured_by == "vllm").await;
    let (vllm, other) = (&view.endpoints[0], &view.endpoints[1]);
    assert_eq!(vllm.measured_by, "vllm");
    assert_eq!(vllm.cache_use, Some(0.0));
    assert!(
        vllm.hit_share
            .is_some_and(|share| share > 0.0 && share < 1.0)
    );
    assert_eq!(
        (other.measured_by.as_str(), other.cache_use),
        ("self", None)
    );
    assert_eq!((other.running, other.waiting), (0, 0));
}

fn with_cassette(urls: Vec<String>, record: bool, path: &std::path::Path) -> ModelsConfig {
    let mut config = ModelsConfig::default();
    config.add(&urls, Some("mock"));
    let place = if record {
        &mut config.record
    } else {
        &mut config.cassette
    };
    *place = Some(path.to_owned());
    config
}

#[tokio::test]
async fn a_cassette_answers_without_any_endpoint_and_says_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("town.cassette");
    let server = mock(echo(Faults::default())).await;
    let config = with_cassette(vec![server.base_url()], true, &path);
    let recorder = Pool::new(&config, |_| None).expect("the settings are right");
    let secret = format!("my key is sk-proj-{}", "Zx9Kq2Lm8Vt4Rb7Nw3Yp6Hd1".repeat(2));
    let recorded = ask_all(&recorder, 6).await;
    drop(recorder.ask(ask(&secret, 20_000)).await);
    recorder.flush().await;
    let refused = Pool::new(&config, |_| None).err();
    let refused = refused.map(|why| why.to_string()).unwrap_or_default();
    assert!(refused.contains("not there yet"), "{refused}");
    drop(server);

    let kept = std::fs::read_to_string(&path).expect("it was written");
    assert_eq!(kept.lines().count(), 8, "the first line names the embedder");
    assert!(
        !kept.contains("Zx9Kq2") && kept.contains("[left out"),
        "{kept}"
    );
    let config = with_cassette(Vec::new(), false, &path);
    let player = Pool::new(&config, |_| None).expect("it can be played");
    let played = ask_all(&player, 6).await;
    for (one, other) in recorded.iter().zip(&played) {
        let (one, other) = (
            one.as_ref().expect("it came"),
            other.as_ref().expect("it came"),
        );
        assert_eq!((&one.answer, one.cost), (&other.answer, other.cost));
    }
    let (coming, heard) = player.submit_heard(ask("word 3", 20_000));
    assert!(coming.await.expect("at once").is_ok());
    assert_eq!(heard.borrow().as_str(), "word 3");
    let missing = player.ask(ask("never asked", 20_000)).await;
    let said = missing.expect_err("it is not there").to_string();
    assert!(
        said.contains("no answer to this request") && said.contains("--record"),
        "{said}"
    );
    assert_eq!(player.missing(), 1);
}

#[tokio::test]
async fn what_the_end_of_the_recorded_run_cut_off_is_said_at_once_and_is_not_missing() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("town.cassette");
    let server = mock(echo(Faults {
        hang_every: 3,
        ..Faults::default()
    }))
    .await;
    let config = with_cassette(vec![server.base_url()], true, &path);
    let recorder = Pool::patient(&config, |_| None).expect("the settings are right");
    all_right(&ask_all(&recorder, 2).await);
    let hangs = recorder.submit(vec![ask("the last", 600_000)]);
    recorder.flush().await;
    drop(hangs);

    let config = with_cassette(Vec::new(), false, &path);
    let player = Pool::patient(&config, |_| None).expect("it can be played");
    all_right(&ask_all(&player, 2).await);
    let missing = player.ask(ask("never asked", 600_000)).await;
    assert!(missing.is_err());
    assert_eq!(player.missing(), 1, "before the end it is");
    let cut_off = player.ask(ask("the last", 600_000)).await;
    let said = cut_off.expect_err("it never came").to_string();
    assert!(said.contains("ended before this answer came"), "{said}");
    let after = player.ask(ask("what would have come of it", 600_000)).await;
    assert!(matches!(after, Err(PoolError::Cassette(_))), "{after:?}");
    assert_eq!(player.missing(), 1);
}

/// Asks for words by a schema, as thoughts of models do that call no functions.
fn ask_by_schema(words: &str) -> Ask {
    let mut ask = ask(words, 20_000);
    let request = Arc::make_mut(&mut ask.request);
    request.response_format = Some(serde_json::json!({
        "type": "json_schema", "json_schema": {"name": "call", "schema": {"type": "object"}}
    }));
    ask
}

#[tokio::test]
async fn who_knows_no_schemas_is_asked_for_json_alone_from_then_on_and_is_not_sick() {
    for no_schemas in [400, 422, 500] {
        let server = mock(echo(Faults {
            no_schemas,
            ..Faults::default()
        }))
        .await;
        let pool = pool(&[&server]);
        for (words, sent) in [("bread", 2), ("rain", 3), ("mill", 4), ("ford", 5)] {
            let answered = pool.ask(ask_by_schema(words)).await.expect("it answers");
            assert_eq!(answered.answer.content, words);
            assert_eq!((answered.tries, server.stats().requests), (1, sent));
        }
        let view = pool.view();
        assert!(view.endpoints[0].failed.is_empty(), "{no_schemas}");
        assert!(pool.is_well());
    }
}

#[tokio::test]
async fn what_knows_schemas_is_asked_by_them_also_beside_one_that_does_not() {
    let (knows, lacks) = (
        mock(echo(Faults::default())).await,
        mock(echo(Faults {
            no_schemas: 500,
            ..Faults::default()
        }))
        .await,
    );
    let pool = pool(&[&knows, &lacks]);
    let asks = (0..24).map(|n| ask_by_schema(&format!("word {n}")));
    let mut answers = Vec::new();
    for coming in pool.submit(asks.collect()) {
        answers.push(coming.await.expect("it comes"));
    }
    all_right(&answers);
    let (knows, lacks) = (knows.stats(), lacks.stats());
    assert_eq!(knows.requests, knows.answers, "nothing is sent there twice");
    assert_eq!(knows.answers + lacks.answers, 24);
}

#[tokio::test]
async fn what_was_answered_without_a_schema_is_played_to_whoever_asks_by_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("town.cassette");
    let server = mock(echo(Faults {
        no_schemas: 400,
        ..Faults::default()
    }))
    .await;
    let config = with_cassette(vec![server.base_url()], true, &path);
    let recorder = Pool::new(&config, |_| None).expect("the settings are right");
    let recorded = recorder.ask(ask_by_schema("bread")).await;
    recorder.flush().await;
    drop(server);
    let config = with_cassette(Vec::new(), false, &path);
    let player = Pool::new(&config, |_| None).expect("the settings are right");
    let played = player
        .ask(ask_by_schema("bread"))
        .await
        .expect("it is played");
    assert_eq!(played.answer, recorded.expect("it answers").answer);
    assert_eq!(player.missing(), 0);
}

#[test]
fn a_cassette_that_is_none_is_refused_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("odd");
    let config = with_cassette(Vec::new(), false, &path);
    let missing = Cassette::of(&config).expect_err("there is no such file");
    assert!(missing.to_string().contains("--record"), "{missing}");
    std::fs::write(&path, "\n{\"key\": \"a\", \"cost\": 1}\n<html>\n").expect("it can be written");
    let odd = Cassette::of(&config).expect_err("it is HTML");
    assert!(odd.to_string().contains("line 3"), "{odd}");
    std::fs::write(&path, "{\"cassette\": 99}\n").expect("it can be written");
    let other = Cassette::of(&config).expect_err("nobody knows this format");
    assert!(other.to_string().contains("another format"), "{other}");
}

/// Settings of endpoints that talk and have a model for vectors.
fn with_vectors(urls: Vec<String>) -> ModelsConfig {
    let mut config = ModelsConfig::default();
    config.add(&urls, Some("mock"));
    for endpoint in &mut config.endpoints {
        let name = "meaning".to_owned();
        endpoint.models.insert(Purpose::Embedding, name);
        endpoint.price.input = 2.0;
    }
    config
}

/// Nobody is there.
async fn gone() -> String {
    mock(echo(Faults::default())).await.base_url()
}

async fn embed(pool: &Pool, text: &str) -> Result<Embedded, PoolError> {
    let deadline = Instant::now() + Duration::from_secs(20);
    pool.embed(vec![text.to_owned(), "the sea".to_owned()], deadline)
        .await
}

#[tokio::test]
async fn vectors_come_from_whoever_is_well_and_are_accounted() {
    let well = mock(echo(Faults::default())).await;
    let config = with_vectors(vec![gone().await, well.base_url()]);
    let pool = Pool::new(&config, |_| None).expect("the settings are right");
    for n in 0..20 {
        let embedded = embed(&pool, &format!("word {n}")).await;
        let embedded = embedded.expect("one of them is well");
        assert_eq!(embedded.vectors.len(), 2);
        assert_eq!(embedded.model, "meaning");
        assert_eq!(embedded.endpoint, well.base_url());
        assert!(embedded.usage.reported);
        let cost = embedded.usage.input as f64 * 2.0;
        assert!((embedded.cost - cost).abs() < 1e-9 && cost > 0.0);
    }
    let view = pool.view();
    let (dead, well_view) = (&view.endpoints[0], &view.endpoints[1]);
    assert!(dead.sent < 10, "it is not asked each time: {}", dead.sent);
    assert_eq!((dead.answered, well_view.answered), (0, 20));
    assert_eq!((well.stats().vectors, well_view.in_flight), (20, 0));
    assert!(well_view.tokens_in > 0 && well_view.cost_micros > 0);
}

#[tokio::test]
async fn how_an_endpoint_is_for_vectors_is_shown_also_where_it_makes_nothing_else() {
    let server = mock(MockConfig {
        has_vectors: false,
        ..echo(Faults::default())
    })
    .await;
    let both = with_vectors(vec![server.base_url()]);
    let mut alone = both.clone();
    alone.endpoints[0].model = None;
    for (config, state, purposes) in [(alone, "resting", 1), (both, "well", 6)] {
        let pool = Pool::new(&config, |_| None).expect("the settings are right");
        let before = pool.view().endpoints.remove(0);
        assert_eq!(before.purposes.len(), purposes, "{before:?}");
        assert!(before.purposes.contains(&"embedding".to_owned()));
        assert_eq!(
            (before.state.as_str(), before.vectors_state.as_deref()),
            ("well", Some("well"))
        );
        assert!(embed(&pool, "bread").await.is_err());
        let after = pool.view().endpoints.remove(0);
        assert_eq!(
            (after.state.as_str(), after.vectors_state.as_deref()),
            (state, Some("resting")),
            "{after:?}"
        );
        assert!(after.vectors_rests_ms > Some(0), "{after:?}");
        assert_eq!(after.rests_ms.is_some(), state == "resting");
        assert_eq!((after.sent, after.in_flight, after.answered), (1, 0, 0));
        assert!(!after.failed.is_empty() && after.last_error.is_some());
    }
    let talks = pool(&[&server]).view().endpoints.remove(0);
    assert_eq!((talks.purposes.len(), talks.vectors_state), (5, None));
}

#[tokio::test]
async fn live_nobody_waits_for_vectors_that_are_not_to_be_had() {
    let config = with_vectors(vec![gone().await]);
    let pool = Pool::new(&config, |_| None).expect("the settings are right");
    for n in 0..40 {
        let why = embed(&pool, &format!("word {n}")).await;
        assert!(
            matches!(why, Err(PoolError::Silent | PoolError::Wire(_))),
            "{why:?}"
        );
    }
    let view = pool.view();
    assert!(view.endpoints[0].sent < 20, "{}", view.endpoints[0].sent);
    assert_eq!((view.waiting, view.endpoints[0].in_flight), (0, 0));
}

#[tokio::test]
async fn who_has_no_vectors_talks_all_the_same() {
    let server = mock(MockConfig {
        has_vectors: false,
        ..echo(Faults::default())
    })
    .await;
    let config = with_vectors(vec![server.base_url()]);
    let pool = Pool::new(&config, |_| None).expect("the settings are right");
    let why = embed(&pool, "word").await;
    assert!(
        matches!(why, Err(PoolError::Wire(WireError::UnknownModel(_)))),
        "{why:?}"
    );
    assert_eq!(embed(&pool, "word").await, Err(PoolError::Silent));
    all_right(&ask_all(&pool, 6).await);
    assert_eq!(pool.view().endpoints[0].state, "well");
}

#[tokio::test]
async fn in_lockstep_a_request_outlives_an_outage_that_is_not_too_long() {
    let away = TRIES_MAX as u64;
    let server = mock(echo(Faults {
        away_for: away,
        ..Faults::default()
    }))
    .await;
    let config = with_vectors(vec![server.base_url()]);
    let pool = Pool::patient(&config, |_| None).expect("the settings are right");
    all_right(&[pool.ask(ask("word 0", 600_000)).await]);
    assert_eq!(server.stats().requests, away + 1);
}

#[tokio::test]
async fn in_lockstep_a_silence_that_is_too_long_is_said_and_not_waited_for_again() {
    let mut config = with_vectors(vec![gone().await]);
    config.silence_secs_max = 1;
    let pool = Pool::patient(&config, |_| None).expect("the settings are right");
    let mut sent = 0;
    for wave in 0..20 {
        let asks = (0..10).map(|n| ask(&format!("word {n}"), 600_000));
        for coming in pool.submit(asks.collect()) {
            let why = coming.await.expect("it is said");
            assert!(
                matches!(why, Err(PoolError::Silent | PoolError::Wire(_))),
                "{why:?}"
            );
        }
        let vectors = embed(&pool, "word").await;
        assert!(vectors.is_err(), "{vectors:?}");
        if wave == 0 {
            sent = pool.view().endpoints[0].sent;
            assert!(sent >= 3, "{sent}");
        }
    }
    let view = pool.view();
    let later = view.endpoints[0].sent - sent;
    assert!(later < 20, "it is tried now and then: {later}");
    assert_eq!((view.waiting, view.endpoints[0].in_flight), (0, 0));
}

#[tokio::test]
async fn in_lockstep_what_only_the_settings_can_mend_is_said_at_once() {
    let locked = mock(MockConfig {
        api_key: Some("right".to_owned()),
        ..echo(Faults::default())
    })
    .await;
    let config = with_vectors(vec![locked.base_url()]);
    let pool = Pool::patient(&config, |_| None).expect("the settings are right");
    let mut answers = ask_all(&pool, 5).await;
    answers.extend(ask_all(&pool, 5).await);
    for answer in &answers {
        let said = matches!(
            answer,
            Err(PoolError::Silent | PoolError::Wire(WireError::Unauthorized(401)))
        );
        assert!(said, "{answer:?}");
    }
}

#[tokio::test]
async fn in_lockstep_a_request_that_hangs_is_tried_again() {
    let hanging = mock(echo(Faults {
        hang_every: 2,
        ..Faults::default()
    }))
    .await;
    let mut config = with_vectors(vec![hanging.base_url()]);
    config.request_secs_max = 1;
    config.endpoints[0].concurrency = Some(1);
    let pool = Pool::patient(&config, |_| None).expect("the settings are right");
    let asks = (0..3).map(|n| ask(&format!("word {n}"), 600_000));
    let mut answers = Vec::new();
    for coming in pool.submit(asks.collect()) {
        answers.push(coming.await.expect("it comes"));
    }
    all_right(&answers);
}

#[tokio::test]
async fn vectors_are_recorded_and_played() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("town.cassette");
    let server = mock(echo(Faults::default())).await;
    let mut config = with_vectors(vec![server.base_url()]);
    config.record = Some(path.clone());
    let recorder = Pool::new(&config, |_| None).expect("the settings are right");
    let recorded = embed(&recorder, "bread").await.expect("they come");
    drop(server);
    let late = recorder
        .embed(vec!["never".to_owned()], Instant::now())
        .await;
    assert_eq!(late, Err(PoolError::Late));
    recorder.flush().await;

    let config = with_cassette(Vec::new(), false, &path);
    let player = Pool::new(&config, |_| None).expect("it can be played");
    assert_eq!(player.embedder(), &Embedder::Model("meaning".to_owned()));
    assert_eq!(embed(&player, "bread").await, Ok(recorded));
    let deadline = Instant::now() + Duration::from_secs(20);
    let late = player.embed(vec!["never".to_owned()], deadline).await;
    assert_eq!((late, player.missing()), (Err(PoolError::Late), 0));
    let missing = embed(&player, "roses").await;
    assert!(
        matches!(missing, Err(PoolError::Cassette(_))),
        "{missing:?}"
    );
    assert_eq!(player.missing(), 1);
}
