//! `kill -9` between what a thought reserves and what it posts: the books balance, the chain holds, and nothing stays reserved.

use hamlet_protocol::money::Money;
use serde_json::Value;

use crate::desk::Desk;
use crate::postgres::database;
use crate::process::until;
use crate::server::{SERVE, Served};
use crate::storm::kills;

const THINKERS: u32 = 6;
const TOWN: &str = r#"
name = "thinkers"
seed = 3
map = "maps/town.tmj"
[time]
tick_hz = 20
[economy]
grant = 25
# Many thoughts in little time: the tier must not end them.
[[economy.tier]]
thoughts_per_hour = 1_000_000
tokens_per_hour = 1_000_000_000_000
[[population]]
template = "c-3po"
count = 6
mind = "llm"
"#;

/// What the API says.
pub(crate) fn read(served: &Served, path: &str) -> Value {
    let (status, body) = served.get(&format!("/api/v1{path}"));
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

fn transfers(served: &Served) -> u64 {
    read(served, "/economy/ledger/head")["transfers"]
        .as_u64()
        .unwrap()
}

/// Everybody's handle.
fn names(served: &Served) -> Vec<String> {
    let world = served.world();
    let agents = world["agents"].as_array().unwrap();
    let names = agents.iter().map(|agent| agent["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

/// Micro-aiDollars of a decimal string.
pub(crate) fn micros(amount: &Value) -> i64 {
    let amount: Money = amount.as_str().unwrap().parse().unwrap();
    amount.0
}

/// What all of them have reserved.
fn reserved_in_all(served: &Served, names: &[String]) -> i64 {
    let of = |name: &String| {
        let purse = read(served, &format!("/economy/balance/{name}"));
        micros(&purse["reserved"])
    };
    names.iter().map(of).sum()
}

/// What is reserved for what they want to buy.
fn wanted_on_the_market(served: &Served) -> i64 {
    let market = read(served, "/economy/market");
    let goods = market["goods"].as_array().unwrap();
    let requests = goods
        .iter()
        .flat_map(|good| good["requests"].as_array().unwrap());
    requests
        .map(|request| request["pieces"].as_i64().unwrap() * micros(&request["price"]))
        .sum()
}

fn storm_of_thoughts(desk: &Desk, serve: &str, place: &str) {
    // Some wait for their answers whenever it is killed.
    let mock = desk.mock("--latency-ms 40 --slots 2");
    let thinking = format!(
        "{serve} --llm {} --model mock --set models.think_secs=6",
        mock.url
    );
    for round in 0..u64::from(kills()) {
        let served = Served::start(desk, &thinking);
        let names = names(&served);
        assert_eq!(names.len() as u32, THINKERS);
        let before = transfers(&served);
        let wanted = 2 + round * 7 % 23;
        until("thoughts are paid for", || {
            transfers(&served) >= before + wanted
                && reserved_in_all(&served, &names) > wanted_on_the_market(&served)
        });
        served.kill_9();
        desk.good(&format!("admin ledger --verify {place}"));
    }
    drop(mock);
    // Nobody thinks any more, and nothing waits for a thought: what is reserved is for what they want to buy.
    let served = Served::start(desk, serve);
    let names = names(&served);
    until("nothing is reserved for thoughts", || {
        reserved_in_all(&served, &names) == wanted_on_the_market(&served)
    });
    assert_eq!(read(&served, "/economy/ledger/head")["sum"], "0");
    let stats = read(&served, "/economy/stats");
    assert!(
        stats["flows"]["usage"]["count"].as_u64() > Some(0),
        "{stats}"
    );
    served.stop("TERM");
    desk.good(&format!("admin ledger --verify {place}"));
}

#[test]
fn on_sqlite_nothing_acknowledged_is_lost_when_thoughts_are_cut_off() {
    let desk = Desk::new();
    desk.write("thinkers.toml", TOWN);
    let serve = format!("{SERVE} --scenario thinkers.toml");
    storm_of_thoughts(&desk, &serve, "--data home");
    // The journal leads to the very same world, from the first image on.
    let exported = desk.good("admin journal export storm.hj --data home");
    let replayed = desk.good("replay storm.hj --verify");
    let hash = exported.out.rsplit(' ').next().unwrap().trim();
    assert!(replayed.out.contains(hash));
}

#[test]
fn on_postgres_nothing_acknowledged_is_lost_when_thoughts_are_cut_off() {
    let url = database("hamlet_meters");
    let desk = Desk::new();
    desk.write("thinkers.toml", TOWN);
    let serve = format!("{SERVE} --scenario thinkers.toml --db {url}");
    storm_of_thoughts(&desk, &serve, &format!("--data home --db {url}"));
}
