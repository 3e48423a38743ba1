//! Orders at the market that are under way when the server is killed: goods that the market holds, and money that is reserved.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::dealings::Dealings;
use crate::meters::{micros, read};
use crate::process::until;
use crate::server::Served;

/// What newcomers bring along, and the price at which all of them deal.
const GOODS: &str = "baskets";
const PRICE: &str = "0.01";
const MARKET: &str = "Market Square";

/// Orders that were asked for, and what of them was acknowledged.
#[derive(Default)]
pub(crate) struct Trades {
    /// Who stands in the market.
    traders: usize,
    /// Pieces that all of them came with.
    pieces: u64,
    /// Orders by who made them and by their names.
    asked: BTreeSet<(usize, String)>,
    /// Numbers of those that were acknowledged.
    placed: BTreeSet<u64>,
    /// Numbers of those that were acknowledged to be taken back.
    taken_back: BTreeSet<u64>,
}

/// An order of one's own that stands in the book.
struct Open {
    no: u64,
    side: String,
    left: u64,
    price: i64,
}

fn oneself(served: &Served, key: &str) -> Value {
    let (status, me) = served.get_as("/api/v1/agents/me", key);
    assert_eq!(status, 200, "{me}");
    me["agent"].clone()
}

/// Whether somebody stands in the market; whoever stands elsewhere sets out for it.
fn stands_there(served: &Served, key: &str) -> bool {
    let world = &oneself(served, key)["world"];
    if world["activity"] == "walking" {
        return false;
    }
    let is_there = world["place"] == MARKET;
    if !is_there {
        let to = json!({ "landmark": "market" });
        let path = "/api/v1/agents/me/move";
        let (status, got) = Served::try_post(&served.address, path, Some(key), &to).unwrap();
        assert_eq!(status, 200, "{got}");
    }
    is_there
}

/// Pieces that somebody carries.
fn carried(served: &Served, key: &str) -> u64 {
    let me = oneself(served, key);
    let bag = me["private"]["inventory"].as_array().unwrap();
    let stacks = bag.iter().filter(|stack| stack["item"] == GOODS);
    stacks.map(|stack| stack["count"].as_u64().unwrap()).sum()
}

fn own_orders(served: &Served, key: &str) -> Vec<Open> {
    let (status, market) = served.get_as("/api/v1/economy/market", key);
    assert_eq!(status, 200, "{market}");
    let own = market["own"].as_array().unwrap().iter();
    own.map(|order| Open {
        no: order["order"].as_u64().unwrap(),
        side: order["side"].as_str().unwrap().to_owned(),
        left: order["left"].as_u64().unwrap(),
        price: micros(&order["price"]),
    })
    .collect()
}

/// Every other name is an offer of one piece, the others ask for two: so orders are met in part as well.
fn is_offer(who: usize, name: &str) -> bool {
    let n: usize = name.rsplit('-').next().unwrap().parse().unwrap();
    (who + n / 6).is_multiple_of(2)
}

fn place(address: &str, key: &str, who: usize, name: &str) -> io::Result<(u16, Value)> {
    let (side, count) = if is_offer(who, name) {
        ("offer", 1)
    } else {
        ("request", 2)
    };
    let body = json!({ "side": side, "item": GOODS, "count": count, "price": PRICE });
    let (status, got) = Served::try_pay(address, "/api/v1/economy/orders", key, name, &body)?;
    // Nothing left to offer, or too many orders in the book: nothing was done.
    let refused = status == 409 && matches!(got["code"].as_str(), Some("inventory" | "limit"));
    assert!(
        matches!(status, 201 | 503) || refused,
        "{name}: {status} {got}"
    );
    Ok((status, got))
}

/// Somebody offers goods or asks for some; half of them take it back at once. The name ends with the number of the writer's turn.
pub(crate) fn trade(
    address: &str,
    key: &str,
    who: usize,
    name: &str,
    seen: &Mutex<Dealings>,
) -> io::Result<()> {
    let asked = (who, name.to_owned());
    seen.lock().unwrap().trades.asked.insert(asked);
    let (status, got) = place(address, key, who, name)?;
    if status != 201 {
        return Ok(());
    }
    let no = got["order"].as_u64().unwrap();
    seen.lock().unwrap().trades.placed.insert(no);
    if who % 4 < 2 {
        return Ok(());
    }
    let path = format!("/api/v1/economy/orders/{no}");
    let (status, got) = Served::try_delete(address, &path, key, &format!("{name}-back"))?;
    // It was met before.
    assert!(matches!(status, 200 | 404 | 503), "{status} {got}");
    if status == 200 {
        seen.lock().unwrap().trades.taken_back.insert(no);
    }
    Ok(())
}

impl Trades {
    /// Everybody walks to the market and stays there: until all of them stand, those who still walk may push others out.
    pub(crate) fn walk_there(&mut self, served: &Served, keys: &[String]) {
        until("they stand in the market", || {
            let standing = keys.iter().filter(|key| stands_there(served, key));
            standing.count() == keys.len()
        });
        self.pieces += keys.iter().map(|key| carried(served, key)).sum::<u64>();
        self.traders = keys.len();
    }

    /// Whether everybody made an order.
    pub(crate) fn has_begun(&self) -> bool {
        let who: BTreeSet<usize> = self.asked.iter().map(|(who, _)| *who).collect();
        who.len() == self.traders
    }

    /// No order is lost or there twice, and the market holds the goods and the money of those in the book and no others'.
    /// Hands out what is reserved for orders, by who made them, in micro-aiDollars.
    pub(crate) fn check(&self, served: &Served, keys: &[String]) -> BTreeMap<usize, i64> {
        // Whatever was asked for is asked for once more, and was put into the book once.
        let mut numbers = BTreeSet::new();
        for (who, name) in &self.asked {
            let (status, got) = place(&served.address, &keys[*who], *who, name).unwrap();
            assert_ne!(status, 503, "{name}: {got}");
            if let Some(no) = got["order"].as_u64() {
                assert!(numbers.insert(no), "{name} is order {no} too");
            }
        }
        assert!(numbers.is_superset(&self.placed), "one is lost");
        // Nobody else deals here: they are numbered without gaps.
        assert_eq!(numbers.last().copied(), Some(numbers.len() as u64));
        // Whoever can deal has dealt when a tick has passed.
        served.live_beyond(served.tick() + 1);
        let mut offered = 0;
        let mut reserved = BTreeMap::new();
        for (who, key) in keys.iter().enumerate() {
            for order in own_orders(served, key) {
                assert!(numbers.contains(&order.no), "{} is nobody's", order.no);
                assert!(!self.taken_back.contains(&order.no), "{}", order.no);
                if order.side == "offer" {
                    offered += order.left;
                } else {
                    let whole = order.price * i64::try_from(order.left).unwrap();
                    *reserved.entry(who).or_default() += whole;
                }
            }
        }
        let bags: u64 = keys.iter().map(|key| carried(served, key)).sum();
        assert_eq!(bags + offered, self.pieces, "goods came or went");
        // Each piece was offered by itself, so each was paid for by itself.
        let market = read(served, "/economy/market");
        let goods = market["goods"].as_array().unwrap();
        let baskets = goods.iter().find(|it| it["item"] == GOODS).unwrap();
        let sold = baskets["sold"].as_u64().unwrap();
        assert!(sold > 0, "nobody dealt");
        let stats = read(served, "/economy/stats");
        assert_eq!(stats["flows"]["trade"]["count"], sold);
        let paid = micros(&stats["flows"]["trade"]["amount"]);
        let price = micros(&json!(PRICE));
        assert_eq!(paid, price * i64::try_from(sold).unwrap());
        reserved
    }
}
