//! Being told elsewhere: signed, in order, again where it was not taken, and never in private networks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hamlet_api::config::ApiConfig;
use hamlet_api::webhooks::deliver;
use hamlet_store::{Role, WebhookRow, WebhookState};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use crate::app::{Got, TestApp};
use crate::resident::Resident;
use crate::social::HELLO;

const HOOKS: &str = "/api/v1/webhooks";
/// Longest wait for what must come.
const SOON: Duration = Duration::from_secs(60);

/// Somebody who is told, and what they were.
struct Hearer {
    url: String,
    heard: mpsc::Receiver<Heard>,
    /// What it answers.
    status: Arc<AtomicU16>,
}

#[derive(Debug)]
struct Heard {
    head: String,
    body: String,
}

impl Heard {
    fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name}: {}", self.head))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("it is JSON")
    }

    /// How many of its signatures this secret made.
    fn signed_by(&self, secret: &str) -> usize {
        let secret = secret.strip_prefix("whsec_").expect("it says what it is");
        let secret = STANDARD.decode(secret).expect("it is base64");
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("any key will do");
        mac.update(format!("{id}.{at}.{}", self.body).as_bytes());
        let right = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        let all = self.header("webhook-signature").split(' ');
        all.filter(|signature| *signature == right).count()
    }
}

impl Hearer {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/in", listener.local_addr().expect("an address"));
        let status = Arc::new(AtomicU16::new(200));
        let (tell, heard) = mpsc::channel(64);
        let answers = Arc::clone(&status);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(heard) = read(&mut stream).await else {
                    continue;
                };
                let status = answers.load(Ordering::SeqCst);
                let answer = format!(
                    "HTTP/1.1 {status} So\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n"
                );
                drop(stream.write_all(answer.as_bytes()).await);
                drop(tell.send(heard).await);
            }
        });
        Self { url, heard, status }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    async fn hear(&mut self) -> Heard {
        let heard = timeout(SOON, self.heard.recv()).await;
        heard.expect("it comes soon").expect("somebody tells")
    }
}

async fn read(stream: &mut tokio::net::TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head
                .lines()
                .find_map(|it| it.strip_prefix("content-length: "));
            let length: usize = length?.parse().ok()?;
            if body.len() >= length {
                // Names in small letters, values as they were.
                let head = text.split_once("\r\n\r\n")?.0;
                let lines = head.lines().map(|line| match line.split_once(": ") {
                    Some((name, value)) => format!("{}: {value}", name.to_lowercase()),
                    None => line.to_owned(),
                });
                let head = lines.collect::<Vec<_>>().join("\n");
                let body = body.to_owned();
                return Some(Heard { head, body });
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

async fn village() -> TestApp {
    TestApp::with(config()).await
}

fn config() -> ApiConfig {
    ApiConfig {
        outbound_private: true,
        ..ApiConfig::default()
    }
}

fn courier(test: &TestApp) -> JoinHandle<()> {
    tokio::spawn(deliver(test.app.clone()))
}

async fn hooked(test: &TestApp, who: &Resident, url: &str) -> (Uuid, String) {
    let made = test.done(who, "/webhooks", json!({ "url": url })).await;
    let id = made["webhook"]["id"].as_str().expect("an id");
    let secret = made["secret"].as_str().expect("a secret");
    (id.parse().expect("a UUID"), secret.to_owned())
}

/// Waits until an address stands so. Each look waits for a commit, and thus for what the courier handed in before.
async fn until(test: &TestApp, id: Uuid, right: impl Fn(&WebhookRow) -> bool) {
    let come = async {
        loop {
            test.enter(Vec::new()).await;
            let directory = test.app.published.directory();
            if directory.webhooks().get(id).is_some_and(|hook| right(hook)) {
                return;
            }
        }
    };
    timeout(SOON, come).await.expect("it comes so soon");
}

async fn patch(test: &TestApp, who: &Resident, id: Uuid, body: Value) -> Got {
    let path = format!("{HOOKS}/{id}");
    test.call(Method::PATCH, &path, Some(&who.key), Some(body))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_concerns_one_arrives_signed_and_in_order() {
    let test = village().await;
    let courier = courier(&test);
    let (ada, bob) = test.two().await;
    let (mut hers, mut his) = (Hearer::new().await, Hearer::new().await);
    hooked(&test, &ada, &hers.url).await;
    let (id, secret) = hooked(&test, &bob, &his.url).await;
    let chat = test.talk(&ada, &bob).await;
    let first = his.hear().await;
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.header("webhook-id"), format!("msg_{}_1", id.simple()));
    assert_eq!(first.signed_by(&secret), 1);
    let second = his.hear().await;
    let mut kinds = [first.json(), second.json()].map(|told| told["type"].clone());
    kinds.sort_by_key(Value::to_string);
    assert_eq!(kinds, ["dm", "notification.dm_request"]);
    let told = [first.json(), second.json()];
    let dm = told.iter().find(|told| told["type"] == "dm").expect("it");
    assert_eq!(dm["member"], bob.id.to_string());
    assert_eq!(dm["timestamp"], "2026-02-01T12:00:00Z");
    assert_eq!(dm["data"]["conversation"], chat);
    assert_eq!(dm["data"]["message"]["text"], HELLO);
    assert_eq!(dm["data"]["message"]["from_name"], "ada9");
    // She hears that he agreed, and not what she wrote herself.
    assert_eq!(hers.hear().await.json()["type"], "notification.dm_approved");
    until(&test, id, |hook| hook.delivered_ms.is_some()).await;
    until(&test, id, |_| {
        test.app.published.directory().webhooks().pending_count(id) == 0
    })
    .await;
    let seen = test
        .sees(&bob, &format!("/webhooks/{id}/deliveries?limit=1"))
        .await;
    assert_eq!(seen["deliveries"][0]["no"], 2);
    assert_eq!(seen["deliveries"][0]["state"], "delivered");
    assert_eq!(seen["has_more"], true);
    let cursor = seen["next_cursor"].as_str().expect("there is more");
    let path = format!("/webhooks/{id}/deliveries?limit=1&cursor={cursor}");
    assert_eq!(test.sees(&bob, &path).await["deliveries"][0]["no"], 1);
    courier.abort();
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    let test = village().await;
    let courier = courier(&test);
    let (_ada, bob) = test.two().await;
    let mut his = Hearer::new().await;
    let (id, old) = hooked(&test, &bob, &his.url).await;
    let path = format!("/webhooks/{id}");
    let made = test.done(&bob, &format!("{path}/rotate"), json!({})).await;
    let new = made["secret"].as_str().expect("a secret");
    assert_ne!(old, new);
    let shown = test.sees(&bob, &path).await;
    assert!(!shown.to_string().contains("whsec_"), "told once: {shown}");
    test.done(&bob, &format!("{path}/test"), json!({})).await;
    let ping = his.hear().await;
    assert_eq!(ping.json()["type"], "ping");
    assert_eq!((ping.signed_by(new), ping.signed_by(&old)), (1, 1));
    until(&test, id, |hook| hook.delivered_ms.is_some()).await;
    test.clock.pass_secs(24 * 3600);
    test.done(&bob, &format!("{path}/test"), json!({})).await;
    let ping = his.hear().await;
    assert_eq!((ping.signed_by(new), ping.signed_by(&old)), (1, 0));
    courier.abort();
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_taken_comes_again_and_then_no_more() {
    let test = village().await;
    let courier = courier(&test);
    let (_ada, bob) = test.two().await;
    let mut his = Hearer::new().await;
    let (id, _secret) = hooked(&test, &bob, &his.url).await;
    let path = format!("/webhooks/{id}");
    // A redirect is not followed: it is an attempt that failed.
    his.answers(302);
    test.done(&bob, &format!("{path}/test"), json!({})).await;
    let first = his.hear().await;
    until(&test, id, |hook| hook.failures == 1).await;
    let shown = test.sees(&bob, &path).await;
    assert_eq!(shown["webhook"]["failures"], 1);
    assert_eq!(shown["webhook"]["pending_count"], 1);
    assert_eq!(shown["webhook"]["next_attempt_at"], "2026-02-01T12:00:05Z");
    his.answers(500);
    for failures in 2..=8 {
        test.clock.pass_secs(7_200);
        let again = his.hear().await;
        assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
        assert_eq!(again.body, first.body);
        until(&test, id, |hook| hook.failures == failures).await;
    }
    let shown = test.sees(&bob, &path).await;
    assert_eq!(shown["webhook"]["state"], "off");
    assert_eq!(shown["webhook"]["dropped_count"], 1);
    let reason = shown["webhook"]["reason"].as_str().expect("a reason");
    assert!(reason.contains("status 500"), "{reason}");
    let refused = test.refused(&bob, &format!("{path}/test"), json!({})).await;
    assert_eq!(refused, (409, "webhook_off".to_owned()));
    his.answers(204);
    let on = patch(&test, &bob, id, json!({ "active": true })).await;
    assert_eq!(on.json["webhook"]["state"], "on", "{on:?}");
    assert_eq!(on.json["webhook"]["reason"], Value::Null);
    test.done(&bob, &format!("{path}/test"), json!({})).await;
    assert_ne!(
        his.hear().await.header("webhook-id"),
        first.header("webhook-id")
    );
    until(&test, id, |hook| hook.delivered_ms.is_some()).await;
    // Who says that it is gone is believed at once.
    his.answers(410);
    test.done(&bob, &format!("{path}/test"), json!({})).await;
    his.hear().await;
    until(&test, id, |hook| hook.state == WebhookState::Off).await;
    courier.abort();
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_to_be_told_survives_a_restart() {
    let test = village().await;
    let (ada, bob) = test.two().await;
    let mut his = Hearer::new().await;
    let (id, secret) = hooked(&test, &bob, &his.url).await;
    let only = json!({ "events": ["dm"] });
    assert_eq!(patch(&test, &bob, id, only).await.status.as_u16(), 200);
    test.talk(&ada, &bob).await;
    let folder = test.stop().await;
    let test = TestApp::open(folder, config()).await;
    let courier = courier(&test);
    let told = his.hear().await;
    assert_eq!(told.json()["data"]["message"]["text"], HELLO);
    assert_eq!(told.signed_by(&secret), 1);
    until(&test, id, |hook| hook.delivered_ms.is_some()).await;
    let gone = format!("{HOOKS}/{id}");
    let gone = test.call(Method::DELETE, &gone, Some(&bob.key), None).await;
    assert_eq!(gone.status.as_u16(), 200, "{gone:?}");
    assert_eq!(test.sees(&bob, "/webhooks").await["count"], 0);
    courier.abort();
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_are_public_few_and_ones_own() {
    let test = TestApp::new().await;
    let (ada, bob) = test.two().await;
    for url in [
        "http://127.0.0.1:9/",
        "https://127.0.0.1:9/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.7/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://user:word@192.0.2.1/",
        "ftp://example.org/",
        "nonsense",
        "",
    ] {
        let refused = test.refused(&ada, "/webhooks", json!({ "url": url })).await;
        assert_eq!(refused, (422, "webhook_address".to_owned()), "{url}");
    }
    let long = format!("https://1.1.1.1/{}", "x".repeat(2_000));
    for body in [
        json!({ "url": long }),
        json!({ "url": "https://1.1.1.1/", "events": ["tea"] }),
        json!({ "url": "https://1.1.1.1/", "label": "x".repeat(101) }),
    ] {
        assert_eq!(test.refused(&ada, "/webhooks", body).await.0, 400);
    }
    let stray = test.newcomer("stray9", None).await;
    let body = json!({ "url": "https://1.1.1.1/" });
    let refused = test.refused(&stray, "/webhooks", body.clone()).await;
    assert_eq!(refused, (403, "unclaimed".to_owned()));
    let person = test.person(Role::Human).await;
    let got = test.post(HOOKS, Some(&person.token), body.clone()).await;
    assert_eq!(got.status.as_u16(), 201, "{got:?}");
    for _ in 0..5 {
        test.done(&ada, "/webhooks", body.clone()).await;
    }
    let refused = test.refused(&ada, "/webhooks", body.clone()).await;
    assert_eq!(refused, (409, "webhook_limit".to_owned()));
    let hers = test.sees(&ada, "/webhooks").await;
    let id = hers["webhooks"][0]["id"].as_str().expect("an id");
    let got = test.get(&format!("{HOOKS}/{id}"), Some(&bob.key)).await;
    assert_eq!(got.status.as_u16(), 404);
    let id = id.parse().expect("a UUID");
    let got = patch(&test, &bob, id, json!({ "active": false })).await;
    assert_eq!(got.status.as_u16(), 404);
    test.stop().await;
}
