//! Bargaining at the market: for money by the market's book, or one piece for one, with somebody who gains by it too.

use hamlet_protocol::act::Act;
use hamlet_protocol::economy::command::{EconomyAct, Side};
use hamlet_protocol::goods::Item;
use hamlet_protocol::map::Point;
use hamlet_protocol::money::{MICROS, Money};

use crate::inventory::worth;
use crate::resident::Bag;
use crate::rng::Stream;
use crate::town::Town;

/// People one looks at.
const LOOK_MAX: usize = 6;
/// Orders one leaves in the book by habit.
const ORDERS_MAX: usize = 4;
/// Pieces of what one makes that one keeps.
const KEPT: u16 = 1;
/// Pieces of food one likes to have.
const LARDER: u16 = 2;
/// Nobody bids more than this part of what they have.
const PURSE_PART: i64 = 4;

/// A swap with somebody in reach that is worth more to both, if there is one.
pub(super) fn bargain(town: &mut Town, no: u32, at: Point, stream: &mut Stream) -> Option<Act> {
    if !stream.chance(5_000) {
        return None;
    }
    if town.lives_by_money()
        && let Some(act) = deal(town, no, stream)
    {
        return Some(act);
    }
    let mut others = Vec::with_capacity(LOOK_MAX);
    let reach = town.rules.0.reach;
    let roster = &town.roster;
    town.space.near(at, reach, |other, _| {
        let somebody = other != no && others.len() < LOOK_MAX;
        if somebody && roster.entity(other).is_some() {
            others.push(other);
        }
    });
    let ours = town.resident(no).bag.clone();
    for other in others {
        if town.asleep(other) {
            continue;
        }
        let habit = town.resident(other).identity.lives_by_habit();
        let theirs = town.resident(other).bag.clone();
        if let Some((give, want)) = gainful(&ours, &theirs).filter(|_| habit) {
            return Some(Act::Trade {
                with: town.roster.agent_id(other),
                give: give.as_str().to_owned(),
                want: want.as_str().to_owned(),
            });
        }
    }
    None
}

/// An order: what one has too much of is offered, what one lacks is asked for.
fn deal(town: &mut Town, no: u32, stream: &mut Stream) -> Option<Act> {
    if town.economy.market.own(no) >= ORDERS_MAX {
        return None;
    }
    let bag = town.resident(no).bag.clone();
    let order = if stream.chance(5_000) {
        offer(town, &bag, stream)
    } else {
        request(town, no, &bag, stream)
    };
    let (side, item, price) = order?;
    Some(Act::Economy(EconomyAct::Order {
        side,
        item,
        count: 1,
        price: Money(price),
    }))
}

/// What a piece is worth to people now, in micro-aiDollars.
fn going_rate(town: &Town, item: Item) -> i64 {
    let market = &town.economy.market;
    let price = market.prices().get(&item).copied().unwrap_or(MICROS);
    // A change of worth is felt at once, the last price only remembers it.
    let worth = i64::from(market.worth_percent(item));
    (3 * price + price * worth / 100) / 4
}

/// What one has most of is offered, the cheaper the more there is of it.
fn offer(town: &Town, bag: &Bag, stream: &mut Stream) -> Option<(Side, Item, i64)> {
    let (item, count) = bag.0.iter().copied().max_by_key(|&(_, count)| count)?;
    if count <= KEPT {
        return None;
    }
    let percent = 112 - 4 * i64::from(count.min(10)) + i64::from(stream.below(11));
    let price = going_rate(town, item) * percent / 100;
    Some((Side::Offer, item, price.max(1)))
}

/// Something one has too little of is asked for, at what it is worth to oneself and one can spare.
fn request(town: &Town, no: u32, bag: &Bag, stream: &mut Stream) -> Option<(Side, Item, i64)> {
    let wanted = |item: &Item| {
        let most = if item.edible() { LARDER } else { 0 };
        bag.count(*item) <= most
    };
    let lacking: Vec<Item> = Item::ALL.into_iter().filter(wanted).collect();
    let item = *stream.pick(&lacking)?;
    let own = i64::from(worth(item, bag.count(item)));
    let purse = town.available(no).0;
    // Whoever has plenty is easier with it.
    let ease = if purse > 50 * MICROS { 125 } else { 100 };
    let percent = own * ease / 100 - 10 + i64::from(stream.below(21));
    let price = (going_rate(town, item) * percent / 100).min(purse / PURSE_PART);
    (price > 0).then_some((Side::Request, item, price))
}

/// The swap from which both gain most.
fn gainful(ours: &Bag, theirs: &Bag) -> Option<(Item, Item)> {
    let gain = |from: &Bag, to: &Bag, item| {
        i64::from(worth(item, to.count(item))) - i64::from(worth(item, from.count(item) - 1))
    };
    let give = ours
        .0
        .iter()
        .map(|&(item, _)| (gain(ours, theirs, item), item))
        .max()?;
    let want = theirs
        .0
        .iter()
        .map(|&(item, _)| (gain(theirs, ours, item), item))
        .max()?;
    (give.0 > 0 && want.0 > 0 && give.1 != want.1).then_some((give.1, want.1))
}
