//! The market: an order book for each kind of goods, by price and then by who came first.
//!
//! Who sells leaves the goods with the market, who buys reserves the money, so whatever is matched can be done.
//! Orders are matched once a tick, at the price of the one that stood there first.

use std::collections::{BTreeMap, BTreeSet};

use hamlet_protocol::agent::Need;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::{EconomyOutcome, Side};
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::economy::image::{MarketImage, OrderImage};
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::map::LandmarkKind;
use hamlet_protocol::money::Money;

use super::ledger::{Entry, Purse, Step};
use super::newcomers::bought::left_after;
use super::{params, refusal};
use crate::town::Town;

/// Orders one member has in the book at most.
const OWN_MAX: usize = 8;
/// Orders in the book at most.
const ORDERS_MAX: usize = 100_000;
/// Pieces of one order at most.
const PIECES_MAX: u16 = 100;
/// Highest price of a piece, in micro-aiDollars: a whole order still fits a transfer.
const PRICE_MAX: i64 = 1_000_000_000_000;
/// Matches in one tick at most; the rest are made in the next.
const MATCHES_MAX: usize = 4_096;
/// Bounds of a change of worth, in hundredths.
const SHOCK_PERCENT: std::ops::RangeInclusive<u32> = 1..=10_000;

/// One kind of goods: offers the cheapest first, requests the dearest first, and of one price the oldest.
#[derive(Clone, Debug, Default)]
struct Book {
    offers: BTreeSet<(i64, u64)>,
    requests: BTreeSet<(i64, u64)>,
}

/// The market.
#[derive(Clone, Debug, Default)]
pub(crate) struct Market {
    data: MarketImage,
    /// Changes of what readers see; never 0.
    changes: u64,
    books: BTreeMap<Item, Book>,
    /// How many orders somebody has.
    own: BTreeMap<u32, usize>,
    /// Kinds of goods that may have something to match.
    stirred: BTreeSet<Item>,
    /// Orders by the tick at which they are void.
    ends: BTreeSet<(u64, u64)>,
}

impl Market {
    pub(super) fn from_image(data: MarketImage) -> Self {
        let mut market = Self {
            data: MarketImage {
                orders: BTreeMap::new(),
                ..data
            },
            changes: 1,
            ..Self::default()
        };
        for (no, order) in data.orders {
            market.enter(no, order);
        }
        market
    }

    pub(super) fn image(&self) -> MarketImage {
        self.data.clone()
    }

    /// What a piece is worth, by kind.
    pub(crate) fn prices(&self) -> &BTreeMap<Item, i64> {
        &self.data.prices
    }

    /// How often anything changed that readers see.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// All that is kept, to be changed.
    fn change(&mut self) -> &mut MarketImage {
        self.changes += 1;
        &mut self.data
    }

    /// All that is kept.
    pub(crate) fn data(&self) -> &MarketImage {
        &self.data
    }

    /// What goods are worth to those who want them, in hundredths of the usual.
    pub(crate) fn worth_percent(&self, item: Item) -> u32 {
        self.data.worth.get(&item).copied().unwrap_or(100)
    }

    /// The treasury at which the town pays full wages.
    pub(crate) fn treasury_target(&self) -> i64 {
        self.data.treasury_target
    }

    /// How many orders somebody has in the book.
    pub(crate) fn own(&self, no: u32) -> usize {
        self.own.get(&no).copied().unwrap_or(0)
    }

    /// The best prices of a side: pieces by price, the best first.
    pub(crate) fn levels(&self, item: Item, side: Side, max: usize) -> Vec<(Money, u32)> {
        let Some(book) = self.books.get(&item) else {
            return Vec::new();
        };
        let keys: &BTreeSet<(i64, u64)> = match side {
            Side::Offer => &book.offers,
            Side::Request => &book.requests,
        };
        let mut levels: Vec<(Money, u32)> = Vec::new();
        for &(key, no) in keys {
            let Some(order) = self.data.orders.get(&no) else {
                continue;
            };
            let price = Money(key.abs());
            let pieces = u32::from(order.left);
            if levels.last().is_none_or(|level| level.0 != price) {
                if levels.len() == max {
                    break;
                }
                levels.push((price, 0));
            }
            if let Some(level) = levels.last_mut() {
                level.1 += pieces;
            }
        }
        levels
    }

    /// Puts an order in its place.
    fn enter(&mut self, no: u64, order: OrderImage) {
        let book = self.books.entry(order.item).or_default();
        match order.side {
            Side::Offer => book.offers.insert((order.price, no)),
            Side::Request => book.requests.insert((-order.price, no)),
        };
        *self.own.entry(order.agent).or_default() += 1;
        self.ends.insert((order.until, no));
        self.stirred.insert(order.item);
        self.change().orders.insert(no, order);
    }

    fn leave(&mut self, no: u64) -> Option<OrderImage> {
        let order = self.change().orders.remove(&no)?;
        if let Some(book) = self.books.get_mut(&order.item) {
            match order.side {
                Side::Offer => book.offers.remove(&(order.price, no)),
                Side::Request => book.requests.remove(&(-order.price, no)),
            };
        }
        if let Some(count) = self.own.get_mut(&order.agent) {
            *count -= 1;
            if *count == 0 {
                self.own.remove(&order.agent);
            }
        }
        self.ends.remove(&(order.until, no));
        Some(order)
    }

    /// The best offer and the best request, where they meet. Nobody deals with themselves: the older one has to wait.
    fn meeting(&self, item: Item) -> Option<(u64, u64)> {
        let book = self.books.get(&item)?;
        for &(asked, request) in &book.requests {
            let buyer = self.data.orders.get(&request)?.agent;
            for &(price, offer) in &book.offers {
                if price > -asked {
                    break;
                }
                if self.data.orders.get(&offer)?.agent != buyer {
                    return Some((offer, request));
                }
            }
            let (cheapest, _) = book.offers.first()?;
            if *cheapest > -asked {
                return None;
            }
        }
        None
    }
}

impl Town<'_, '_> {
    /// What goods are worth is not known yet: prices begin where they usually are.
    pub(super) fn open_market(&mut self, treasury: Money) {
        let terms = &self.agenda.scenario.economy;
        let data = self.economy.market.change();
        data.treasury_target = treasury.0;
        for item in Item::ALL {
            let usual = params::base_price(terms, item);
            data.prices.entry(item).or_insert(usual);
        }
    }

    /// Puts an order into the book. One stands in the market to do so.
    pub(super) fn order(
        &mut self,
        no: u32,
        side: Side,
        item: Item,
        count: u16,
        price: Money,
    ) -> Result<EconomyOutcome, Rejection> {
        self.check_at_market(no)?;
        check_order(count, price)?;
        let market = &self.economy.market;
        if market.own(no) >= OWN_MAX || market.data.orders.len() >= ORDERS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!(
                    "Nobody has more than {OWN_MAX} orders in the book, and all together {ORDERS_MAX}."
                ),
                "Take one back first, or wait until one is met.",
            ));
        }
        let (reservation, bought) = match side {
            Side::Offer => {
                let has = self.resident(no).bag.count(item);
                if has < count {
                    return Err(Rejection::new(
                        RejectionCode::Inventory,
                        format!("You carry {has} {item}, not {count}."),
                        "Offer what you carry.",
                    ));
                }
                let bought = self.take_bought(no, item, count);
                self.resident(no).bag.take(item, count);
                self.touched.agent(no);
                (None, bought)
            }
            Side::Request => {
                let whole = Money(price.0 * i64::from(count));
                let entry = Entry::new(Purse::of(no), Purse::ESCROW, whole, Code::Trade);
                let reservation = self.enter_books(&[Step::Reserve(entry, None)])?;
                (Some(reservation), None)
            }
        };
        let hours = u32::from(self.rules.0.order_hours) * 3600;
        let until = self.clock.tick + self.clock.ticks(hours);
        let market = &mut self.economy.market;
        market.data.orders_made += 1;
        let order = market.data.orders_made;
        let image = OrderImage {
            agent: no,
            side,
            item,
            left: count,
            price: price.0,
            until,
            reservation,
            bought,
        };
        market.enter(order, image);
        self.touched.economy = true;
        let event = EconomyEvent::Ordered {
            order,
            agent: self.roster.agent_id(no),
            side,
            item,
            count,
            price,
        };
        self.log.record(&self.clock, Event::Economy(event));
        Ok(EconomyOutcome::Ordered { order })
    }

    fn check_at_market(&mut self, no: u32) -> Result<(), Rejection> {
        if !self.is_resident(no) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "Only who stands in the market deals there.",
                "Let an agent of yours go there.",
            ));
        }
        let at = self.at(no);
        let markets = self.places.of_kind(&LandmarkKind::Market);
        let here = markets.iter().find(|&&place| self.places.inside(place, at));
        match here.map(|&place| self.places.all[place as usize].open) {
            Some(true) => Ok(()),
            Some(false) => Err(Rejection::new(
                RejectionCode::Closed,
                "The market is closed now.",
                "Come back in its opening hours.",
            )),
            None => Err(Rejection::new(
                RejectionCode::TooFar,
                "You are not at the market.",
                "Walk into it first.",
            )),
        }
    }

    /// Takes an order of one's own back.
    pub(super) fn cancel_order(&mut self, no: u32, order: u64) -> Result<(), Rejection> {
        let own = self.economy.market.data.orders.get(&order);
        if own.is_none_or(|own| own.agent != no) {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                format!("You have no order {order} in the book."),
                "It was met, taken back or void; look at your orders.",
            ));
        }
        self.end_order(order, false);
        Ok(())
    }

    /// What is left of an order goes back to whoever made it.
    fn end_order(&mut self, number: u64, expired: bool) {
        let Some(order) = self.economy.market.leave(number) else {
            return;
        };
        self.touched.economy = true;
        if let Some(pending) = order.reservation {
            // What stands in the book is reserved.
            drop(self.enter_books(&[Step::Void { pending, expired }]));
        } else {
            self.give_back(order.agent, order.item, order.left);
            self.keep_bought(order.agent, order.item, order.bought);
        }
        let event = EconomyEvent::OrderEnded {
            order: number,
            agent: self.roster.agent_id(order.agent),
            left: order.left,
            expired,
        };
        self.log.record(&self.clock, Event::Economy(event));
    }

    /// Goods go into a bag, even a full one: they were in it before.
    fn give_back(&mut self, no: u32, item: Item, count: u16) {
        if count > 0 && self.is_resident(no) {
            self.resident(no).bag.add(item, count);
            self.touched.agent(no);
        }
    }

    /// Whoever leaves takes their orders along.
    pub(crate) fn leave_market(&mut self, no: u32) {
        let orders = self.economy.market.data.orders.iter();
        let own: Vec<u64> = orders
            .filter(|(_, order)| order.agent == no)
            .map(|(&number, _)| number)
            .collect();
        for order in own {
            self.end_order(order, false);
        }
    }

    /// Once a tick: what is too old ends, and whoever can deal does.
    pub(super) fn run_market(&mut self) {
        let tick = self.clock.tick;
        while let Some(&(until, order)) = self.economy.market.ends.first() {
            if until > tick {
                break;
            }
            self.end_order(order, true);
        }
        let mut left = MATCHES_MAX;
        while left > 0 {
            let Some(&item) = self.economy.market.stirred.first() else {
                break;
            };
            match self.economy.market.meeting(item) {
                Some((offer, request)) => {
                    left -= 1;
                    self.deal(offer, request);
                }
                None => drop(self.economy.market.stirred.remove(&item)),
            }
        }
        let wage = self.wage().0;
        if self.economy.market.data.wage != wage {
            self.economy.market.change().wage = wage;
        }
    }

    /// Goods for money, at the price of whichever order is older.
    fn deal(&mut self, offer: u64, request: u64) {
        let market = &mut self.economy.market;
        let (Some(mut selling), Some(mut buying)) = (market.leave(offer), market.leave(request))
        else {
            return;
        };
        let price = if offer < request {
            selling.price
        } else {
            buying.price
        };
        let count = selling.left.min(buying.left);
        let (seller, buyer, item) = (selling.agent, buying.agent, selling.item);
        let bought = left_after(selling.bought, selling.left, count);
        selling.left -= count;
        buying.left -= count;
        let sum = Money(price * i64::from(count));
        let tax = params::share(sum, params::tax_ppm(self.terms(), "sales"));
        let mut steps = Vec::with_capacity(3);
        if let Some(pending) = buying.reservation {
            steps.push(Step::Post {
                pending,
                amount: sum,
                to: Some(Purse::of(seller)),
            });
        }
        if tax.0 > 0 {
            let entry = Entry::new(Purse::of(seller), Purse::TREASURY, tax, Code::Tax);
            steps.push(Step::Move(entry));
        }
        if buying.left > 0 {
            let rest = Money(buying.price * i64::from(buying.left));
            let entry = Entry::new(Purse::of(buyer), Purse::ESCROW, rest, Code::Trade);
            steps.push(Step::Reserve(entry, None));
        }
        let Ok(first) = self.enter_books(&steps) else {
            // Nothing was moved: both go back to where they came from.
            debug_assert!(false, "what stands in the book is reserved");
            self.give_back(seller, item, selling.left + count);
            self.keep_bought(seller, item, selling.bought);
            return;
        };
        if buying.left > 0 {
            buying.reservation = Some(first + steps.len() as u64 - 1);
            self.economy.market.enter(request, buying);
        }
        if selling.left > 0 {
            selling.bought = bought;
            self.economy.market.enter(offer, selling);
        }
        self.hand_over(seller, buyer, item, count, Money(price));
    }

    fn hand_over(&mut self, seller: u32, buyer: u32, item: Item, count: u16, price: Money) {
        self.give_back(buyer, item, count);
        self.note_bought(buyer, item, count, price.0);
        for no in [seller, buyer] {
            if self.is_resident(no) {
                self.cheer(no, 30);
                self.resident(no).wants.change(Need::Fun, 300);
            }
        }
        self.totals.trades += 1;
        let data = self.economy.market.change();
        data.prices.insert(item, price.0);
        *data.sold.entry(item).or_default() += u64::from(count);
        let event = EconomyEvent::Sold {
            seller: self.roster.agent_id(seller),
            buyer: self.roster.agent_id(buyer),
            item,
            count,
            price,
        };
        self.log.record(&self.clock, Event::Economy(event));
    }

    /// What goods are worth changes at once, and with it what is asked and bid from now on.
    pub(super) fn price_shock(
        &mut self,
        item: Option<Item>,
        percent: u32,
    ) -> Result<(), Rejection> {
        if !SHOCK_PERCENT.contains(&percent) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("{percent} is no share: 1 to 10000 hundredths."),
                "Send 200 for twice the worth, 50 for half of it.",
            ));
        }
        let data = self.economy.market.change();
        for item in Item::ALL
            .into_iter()
            .filter(|it| item.is_none_or(|only| only == *it))
        {
            let worth = data.worth.entry(item).or_insert(100);
            *worth = (u64::from(*worth) * u64::from(percent) / 100).clamp(1, 1_000_000) as u32;
        }
        self.touched.economy = true;
        Ok(())
    }
}

fn check_order(count: u16, price: Money) -> Result<(), Rejection> {
    if !(1..=PIECES_MAX).contains(&count) {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            format!("An order is for 1 to {PIECES_MAX} pieces."),
            "Make several.",
        ));
    }
    if price.0 <= 0 || price.0 > PRICE_MAX {
        return Err(refusal(super::LedgerError::Amount));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
