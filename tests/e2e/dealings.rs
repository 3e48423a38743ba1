//! Money that is under way when the server is killed: bounties in escrow, bids and orders that are reserved.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::meters::{micros, read};
use crate::server::Served;
use crate::trades::Trades;

/// A village that sells compute, at rounds that no test lives to see. Nobody in it makes or eats anything, so goods can be counted,
/// and its day is longer than the storm: the market stays open.
pub(crate) const TOWN: &str = r#"
name = "storm"
seed = 1
map = "maps/town.tmj"
submolts = ["town", "general"]
[time]
tick_hz = 20
sim_secs_per_tick = 1
start = "2026-02-01T08:00:00Z"
[rules]
external_idle_secs = 86_400
[economy]
grant = 25
newcomer_hours = 0
[economy.auction]
every_hours = 1000
[economy.auction.slots]
chat = 4
[[population]]
count = 20
mind = "puppet"
"#;

/// A bid in micro-aiDollars.
#[derive(Clone, Copy, Default)]
struct Bid {
    /// The last that was acknowledged.
    known: i64,
    /// The last that was asked for.
    asked: i64,
}

/// What was asked for, and what of it was acknowledged.
#[derive(Default)]
pub(crate) struct Dealings {
    /// Bounties by their names, with who announced them.
    asked: BTreeSet<(usize, String)>,
    /// Numbers of those that were acknowledged.
    opened: BTreeSet<u64>,
    /// Numbers of those whose acceptance was acknowledged.
    accepted: BTreeSet<u64>,
    bids: BTreeMap<usize, Bid>,
    /// What was offered and asked for at the market.
    pub(crate) trades: Trades,
}

fn announce(address: &str, key: &str, name: &str) -> io::Result<(u16, Value)> {
    let body = json!({ "title": format!("Work {name}"), "text": "Do it.", "reward": "0.01" });
    Served::try_pay(address, "/api/v1/bounties", key, name, &body)
}

/// Somebody announces work, the next one does it, and it is accepted: each step may be the last.
pub(crate) fn deal(
    address: &str,
    keys: &[String],
    who: usize,
    name: &str,
    seen: &Mutex<Dealings>,
) -> io::Result<()> {
    let (owner, worker) = (&keys[who], &keys[(who + 1) % keys.len()]);
    seen.lock().unwrap().asked.insert((who, name.to_owned()));
    let (status, got) = announce(address, owner, name)?;
    assert!(matches!(status, 201 | 503), "{status} {got}");
    let Some(no) = got["bounty"]["no"].as_u64() else {
        return Ok(());
    };
    seen.lock().unwrap().opened.insert(no);
    let steps = [
        ("claim", worker, json!({})),
        ("submit", worker, json!({ "deliverable": "Done." })),
        ("accept", owner, json!({})),
    ];
    for (step, key, body) in steps {
        let path = format!("/api/v1/bounties/{no}/{step}");
        let (status, got) = Served::try_pay(address, &path, key, &format!("{name}-{step}"), &body)?;
        assert!(matches!(status, 200 | 503), "{step}: {status} {got}");
        if status == 503 {
            return Ok(());
        }
    }
    seen.lock().unwrap().accepted.insert(no);
    Ok(())
}

/// Somebody bids for a slot; what they bid before is free again.
pub(crate) fn bid(
    address: &str,
    key: &str,
    who: usize,
    name: &str,
    seen: &Mutex<Dealings>,
) -> io::Result<()> {
    let price = {
        let mut seen = seen.lock().unwrap();
        let bid = seen.bids.entry(who).or_default();
        bid.asked += 1_000;
        bid.asked
    };
    let body = json!({ "class": "chat", "slots": 1, "price": format!("0.{price:06}") });
    let path = "/api/v1/economy/auction/bids";
    let (status, got) = Served::try_pay(address, path, key, name, &body)?;
    assert!(matches!(status, 200 | 503), "{status} {got}");
    if status == 200 {
        seen.lock().unwrap().bids.entry(who).or_default().known = price;
    }
    Ok(())
}

/// All bounties there are, by number.
fn bounties(served: &Served) -> BTreeMap<u64, Value> {
    let mut all = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let page = read(served, &format!("/bounties?limit=100{cursor}"));
        for bounty in page["bounties"].as_array().unwrap() {
            all.insert(bounty["no"].as_u64().unwrap(), bounty.clone());
        }
        let Some(next) = page["next_cursor"].as_str() else {
            return all;
        };
        cursor = format!("&cursor={next}");
    }
}

impl Dealings {
    /// Whether any work was announced, and everybody dealt at the market.
    pub(crate) fn has_begun(&self) -> bool {
        !self.asked.is_empty() && self.trades.has_begun()
    }

    /// Nothing that was acknowledged is lost, nothing is there twice, and what is kept for what is under way is just that.
    pub(crate) fn check(&self, served: &Served, keys: &[String]) {
        let for_orders = self.trades.check(served, keys);
        let there = bounties(served);
        for no in &self.opened {
            assert!(there.contains_key(no), "bounty {no} was acknowledged");
        }
        for no in &self.accepted {
            assert_eq!(there[no]["state"], "accepted");
        }
        // Whatever was asked for is asked for once more, and was announced once.
        assert!(!self.asked.is_empty(), "no work was announced");
        let mut numbers = BTreeSet::new();
        for (who, name) in &self.asked {
            let (status, got) = announce(&served.address, &keys[*who], name).unwrap();
            assert_eq!(status, 201, "{name}: {got}");
            let no = got["bounty"]["no"].as_u64().unwrap();
            assert!(numbers.insert(no), "{name} is bounty {no} too");
        }
        let there = bounties(served);
        assert_eq!(there.keys().copied().collect::<BTreeSet<_>>(), numbers);
        let under_way = there.values().filter(|it| it["state"] != "accepted");
        let kept: i64 = under_way
            .map(|it| micros(&it["reward"]) + micros(&it["fee"]))
            .sum();
        let stats = read(served, "/economy/stats");
        assert_eq!(micros(&stats["accounts"]["escrow"]), kept, "in escrow");
        let paid = there
            .values()
            .filter(|it| it["state"] == "accepted")
            .count();
        let fees = stats["flows"]["fee"]["count"].as_u64().unwrap_or(0);
        assert_eq!(fees, paid as u64, "each is paid for once");
        for who in 0..keys.len() {
            let bid = self.bids.get(&who).copied().unwrap_or_default();
            let purse = read(served, &format!("/economy/balance/writer-{who}"));
            let for_orders = for_orders.get(&who).copied().unwrap_or_default();
            let reserved = micros(&purse["reserved"]) - for_orders;
            // Whether the last was heard nobody knows; it is that, or the one before.
            assert!(
                (bid.known..=bid.asked).contains(&reserved) && reserved % 1_000 == 0,
                "{who}: {reserved} of {} to {}",
                bid.known,
                bid.asked
            );
        }
    }
}
