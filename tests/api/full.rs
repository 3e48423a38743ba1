//! A village that has more to do than it can take in, over HTTP and for those who think; and clients that never come to the end of a request's head.

use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use axum::http::StatusCode;
use hamlet_api::config::ApiConfig;
use hamlet_api::server::{Doors, serve_within};
use hamlet_api::time::{Clock, StillClock};
use hamlet_protocol::act::Act;
use hamlet_protocol::command::Command;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::VillageHandle;
use hamlet_sim::bridge::{Envelope, Pace};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use uuid::Uuid;

use crate::app::{NOW_MS, TestApp};

/// Longest wait for what must come.
const SOON: Duration = Duration::from_secs(60);

/// A clock that can be held: a village's own thread that asks it then waits.
#[derive(Debug, Default)]
struct HeldClock {
    state: Mutex<Held>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Held {
    held: bool,
    /// Whether the village waits.
    waits: bool,
}

impl HeldClock {
    fn hold(&self, held: bool) {
        self.state.lock().expect("nobody panics").held = held;
        self.changed.notify_all();
    }

    fn waits(&self) -> bool {
        self.state.lock().expect("nobody panics").waits
    }
}

impl Clock for HeldClock {
    fn now_ms(&self) -> i64 {
        if thread::current().name() == Some("hamlet-sim") {
            let mut state = self.state.lock().expect("nobody panics");
            while state.held {
                state.waits = true;
                state = self.changed.wait(state).expect("nobody panics");
            }
        }
        NOW_MS
    }
}

/// Something that nobody says. It is refused, and takes its place in the inbox all the same.
fn say() -> Command {
    Command::Act {
        agent: AgentId(Uuid::nil()),
        act: Act::Say {
            text: "Is anybody there?".to_owned(),
        },
    }
}

fn envelope() -> Envelope {
    Envelope {
        command: say(),
        // The village asks its clock.
        stamp_ms: None,
        side: None,
        reply: Box::new(|_answer| {}),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_inbox_is_said_with_a_time_to_wait_and_minds_wait_by_themselves() {
    let clock = Arc::new(HeldClock::default());
    let folder = TempDir::new().expect("a folder for the village");
    let test = TestApp::open_by(
        folder,
        None,
        ApiConfig {
            key_requests_per_min: 1_000_000,
            ..ApiConfig::default()
        },
        Some(Pace::Paused),
        Arc::clone(&clock) as _,
        Arc::new(StillClock::at(NOW_MS)),
    )
    .await;
    let writer = test.newcomer("writer", None).await;
    clock.hold(true);
    let sim = test.app.desk.sim().clone();
    sim.try_send(envelope()).expect("there is room");
    let waiting = async {
        while !clock.waits() {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, waiting).await.expect("the village takes it");
    // It stands at this one, so its inbox stays as full as it gets.
    while sim.try_send(envelope()).is_ok() {}

    let body = json!({"submolt": "general", "title": "Good day", "content": "To all."});
    let post = || test.post("/api/v1/posts", Some(&writer.key), body.clone());
    let got = post().await;
    assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE, "{got:?}");
    assert_eq!(got.json["code"], "inbox_full", "{got:?}");
    assert_eq!(got.headers["retry-after"], "1");
    let read = test.get("/api/v1/world", None).await;
    assert_eq!(read.status, StatusCode::OK, "reads go on: {read:?}");

    let mut answer = VillageHandle::command(&test.app.desk, say());
    let first = poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await;
    assert!(first.is_pending(), "it is only busy: {first:?}");
    clock.hold(false);
    let answer = timeout(SOON, answer).await.expect("it is answered");
    assert!(matches!(answer, Some(Err(_))), "nobody says it: {answer:?}");
    let posted = async {
        loop {
            let got = post().await;
            if got.status != StatusCode::SERVICE_UNAVAILABLE {
                return got;
            }
        }
    };
    let got = timeout(SOON, posted).await.expect("there is room again");
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
}

/// Sends a letter of a head every now and then, until the server has had enough.
async fn drip(mut client: TcpStream) {
    let letters = "GET /livez HTTP/1.1\r\nhost: ".bytes();
    for letter in letters.chain(std::iter::repeat(b'x')) {
        let sent = client.write_all(&[letter]).await;
        let mut heard = [0; 256];
        let heard = timeout(Duration::from_millis(20), client.read(&mut heard)).await;
        if sent.is_err() || matches!(heard, Ok(Ok(0) | Err(_))) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_never_ends_a_head_is_let_go_and_keeps_nobody_waiting() {
    let test = TestApp::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let doors = Doors::closed();
    doors.open(&test.app);
    // Slow ones and the good one alike.
    let within = Duration::from_secs(5);
    tokio::spawn(serve_within(
        listener,
        doors,
        std::future::pending(),
        within,
    ));
    let mut slow = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let client = TcpStream::connect(address).await.expect("it listens");
        slow.spawn(drip(client));
    }
    let mut client = TcpStream::connect(address).await.expect("it listens");
    let fine = "GET /livez HTTP/1.1\r\nhost: town\r\nconnection: close\r\n\r\n";
    client.write_all(fine.as_bytes()).await.expect("it leaves");
    let mut answer = String::new();
    client
        .read_to_string(&mut answer)
        .await
        .expect("it is answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let ended = async { while slow.join_next().await.is_some() {} };
    timeout(SOON, ended).await.expect("each is let go");
}
