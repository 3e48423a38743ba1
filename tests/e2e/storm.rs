//! `kill -9` in a storm of writes: whatever was acknowledged is there afterwards, and nothing is there twice.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::dealings::{Dealings, TOWN, bid, deal};
use crate::desk::Desk;
use crate::postgres::database;
use crate::server::{SERVE, Served};
use crate::trades::trade;

/// How often a server is killed; `scripts/test --full` sets more.
const KILLS: &str = "HAMLET_SERVE_KILLS";
const KILLS_USUAL: u32 = 3;
const WRITERS: usize = 8;
/// Posts of a round that a kill waits for, and for how long.
const POSTS_BEFORE: usize = 12;
const PATIENCE: Duration = Duration::from_secs(60);
const SETTINGS: &str = "--set limits.key_requests_per_min=1000000 --set limits.anonymous_requests_per_min=1000000 \
    --set rules.posts_per_hour=1000000 --set rules.comments_per_hour=1000000 --set rules.spam_hours=0 \
    --set rules.bounties_max=1000 --scenario storm.toml";

pub(crate) fn kills() -> u32 {
    std::env::var(KILLS).map_or(KILLS_USUAL, |kills| {
        kills.parse().expect("HAMLET_SERVE_KILLS is a number")
    })
}

fn register(address: &str, name: &str) -> String {
    let body = json!({ "name": name, "description": "writes until the end" });
    let (status, got) = Served::try_post(address, "/api/v1/agents/register", None, &body).unwrap();
    assert_eq!(status, 201, "{got}");
    got["agent"]["api_key"].as_str().unwrap().to_owned()
}

/// Everything that was acknowledged: ids of posts with their titles, and which were voted for.
#[derive(Default)]
struct Acknowledged {
    posts: BTreeSet<(String, String)>,
    voted: BTreeSet<String>,
    /// Names of payments, by who paid; of each it is known that it was asked for.
    paid: BTreeSet<(usize, String)>,
}

/// A payment of a thousandth to the next writer.
fn pay(address: &str, key: &str, who: usize, name: &str) -> std::io::Result<u16> {
    let next = format!("writer-{}", (who + 1) % WRITERS);
    let body = json!({ "to": next, "amount": "0.001", "memo": name });
    let path = "/api/v1/economy/transfer";
    Served::try_pay(address, path, key, name, &body).map(|(status, _)| status)
}

/// Posts, and votes for what others posted, until the server is gone.
fn write(
    address: &str,
    keys: &[String],
    who: usize,
    round: u32,
    (seen, dealings): (&Mutex<Acknowledged>, &Mutex<Dealings>),
) {
    let key = &keys[who];
    for n in 0.. {
        let title = format!("storm {round} {who} {n}");
        let body = json!({ "submolt_name": "general", "title": title, "content": "words" });
        let Ok((status, got)) = Served::try_post(address, "/api/v1/posts", Some(key), &body) else {
            return;
        };
        assert!(matches!(status, 201 | 503), "{status} {got}");
        if status == 201 {
            let id = got["post"]["id"].as_str().unwrap().to_owned();
            seen.lock().unwrap().posts.insert((id, title));
        }
        if n % 4 == 0 {
            let name = format!("pay-{round}-{who}-{n}");
            seen.lock().unwrap().paid.insert((who, name.clone()));
            let Ok(status) = pay(address, key, who, &name) else {
                return;
            };
            assert!(matches!(status, 200 | 503), "{status}");
        }
        let name = format!("{round}-{who}-{n}");
        let dealt = match n % 6 {
            0 => trade(address, key, who, &format!("order-{name}"), dealings),
            1 => deal(address, keys, who, &format!("work-{name}"), dealings),
            3 => bid(address, key, who, &format!("bid-{name}"), dealings),
            _ => Ok(()),
        };
        if dealt.is_err() {
            return;
        }
        // One vote a round, for what somebody else wrote and has no acknowledged vote yet.
        let wanted = (n == 0 && who == 0).then(|| unvoted(&seen.lock().unwrap(), who));
        if let Some(id) = wanted.flatten() {
            let path = format!("/api/v1/posts/{id}/upvote");
            let Ok((200, got)) = Served::try_post(address, &path, Some(key), &json!({})) else {
                return;
            };
            if got["action"] == "voted" {
                seen.lock().unwrap().voted.insert(id);
            }
        }
    }
}

fn unvoted(seen: &Acknowledged, who: usize) -> Option<String> {
    let own = format!(" {who} ");
    let mut others = seen.posts.iter().filter(|(_, title)| !title.contains(&own));
    others
        .find(|(id, _)| !seen.voted.contains(id))
        .map(|(id, _)| id.clone())
}

/// Waits until there are so many posts, work was announced and everybody dealt. It never panics: the writers end with the server alone.
fn until_it_blows(seen: &Mutex<Acknowledged>, dealings: &Mutex<Dealings>, posts: usize) {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let posted = seen.lock().is_ok_and(|seen| seen.posts.len() >= posts);
        if posted && dealings.lock().is_ok_and(|seen| seen.has_begun()) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn storm(desk: &Desk, serve: &str, place: &str) {
    let seen = Mutex::new(Acknowledged::default());
    let dealings = Mutex::new(Dealings::default());
    desk.write("storm.toml", TOWN);
    let mut keys: Vec<String> = Vec::new();
    for round in 0..kills() {
        let served = Served::start(desk, serve);
        if keys.is_empty() {
            keys = (0..WRITERS)
                .map(|who| register(&served.address, &format!("writer-{who}")))
                .collect();
            let trades = &mut dealings.lock().unwrap().trades;
            trades.walk_there(&served, &keys);
        }
        let address = served.address.clone();
        let posts = seen.lock().unwrap().posts.len() + POSTS_BEFORE;
        thread::scope(|scope| {
            for who in 0..WRITERS {
                let (address, keys) = (&address, &keys);
                let seen = (&seen, &dealings);
                scope.spawn(move || write(address, keys, who, round, seen));
            }
            until_it_blows(&seen, &dealings, posts);
            // Sooner in one round, later in another, and always in the middle of something.
            thread::sleep(Duration::from_millis(u64::from(300 + round * 170 % 700)));
            served.kill_9();
        });
        desk.good(&format!("admin ledger --verify {place}"));
    }
    let served = Served::start(desk, serve);
    let seen = seen.into_inner().unwrap();
    assert!(
        seen.posts.len() > 20,
        "{} posts are no storm",
        seen.posts.len()
    );
    for (id, title) in &seen.posts {
        let (status, body) = served.get(&format!("/api/v1/posts/{id}"));
        assert_eq!(status, 200, "{title}: {body}");
        let post: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(post["title"], title.as_str());
        if seen.voted.contains(id) {
            assert_eq!(post["upvotes"], 1, "{title}");
        }
    }
    // Every payment that was asked for is asked for once more, and was made once.
    for (who, name) in &seen.paid {
        assert_eq!(
            pay(&served.address, &keys[*who], *who, name).unwrap(),
            200,
            "{name}"
        );
    }
    dealings.into_inner().unwrap().check(&served, &keys);
    let (status, stats) = served.get("/api/v1/economy/stats");
    assert_eq!(status, 200, "{stats}");
    let stats: Value = serde_json::from_str(&stats).unwrap();
    assert_eq!(stats["flows"]["transfer"]["count"], seen.paid.len());
    desk.good(&format!("admin ledger --verify {place}"));
    served.stop("TERM");
    desk.good(&format!("admin ledger --verify {place}"));
}

#[test]
fn on_sqlite_nothing_acknowledged_is_lost() {
    let desk = Desk::new();
    storm(&desk, &format!("{SERVE} {SETTINGS}"), "--data home");
    check_journal(&desk, "--data home");
    desk.good("admin audit --verify --data home");
}

#[test]
fn on_postgres_nothing_acknowledged_is_lost() {
    let url = database("hamlet_storm");
    let desk = Desk::new();
    let place = format!("--data home --db {url}");
    storm(&desk, &format!("{SERVE} {SETTINGS} --db {url}"), &place);
    check_journal(&desk, &place);
}

/// The journal leads to the very same world, from the first image on.
fn check_journal(desk: &Desk, place: &str) {
    let exported = desk.good(&format!("admin journal export storm.hj {place}"));
    let replayed = desk.good("replay storm.hj --verify");
    let hash = exported.out.rsplit(' ').next().unwrap().trim();
    assert!(
        replayed.out.contains(hash),
        "{} {}",
        exported.out,
        replayed.out
    );
}
