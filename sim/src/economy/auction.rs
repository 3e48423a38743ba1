//! Compute slots at auction: every so often those who bid most get what slots there are, at one price.
//!
//! Bids are sealed and what they offer is reserved. In a round of uniform price each winner pays the highest price that lost
//! (or the reserve price); all of it, with what the others get back, is one batch.
//! With `second` set, each winner pays the price of the next bid below theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::EconomyOutcome;
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::economy::image::{AuctionImage, BidImage};
use hamlet_protocol::event::Event;
use hamlet_protocol::money::Money;
use hamlet_protocol::scenario::Pricing;

use super::ledger::{Entry, Purse, Step};
use super::refusal;
use crate::town::Town;

const HOUR_MS: i64 = 3_600_000;
/// Highest price of a slot, in micro-aiDollars.
const PRICE_MAX: i64 = 1_000_000_000_000;
/// Bids of one class in a round at most: one batch settles them.
const BIDS_MAX: usize = 4_000;

/// What one bid came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Award {
    /// Its place among the bids.
    pub(super) bid: usize,
    /// Slots it gets.
    pub(super) slots: u16,
    /// What each costs.
    pub(super) price: i64,
}

/// Who gets how many of `slots` at what price: the mechanism alone. Bids are (price, slots), and of equal ones the first goes first.
pub(super) fn award(bids: &[(i64, u16)], slots: u32, floor: i64, pricing: Pricing) -> Vec<Award> {
    let mut order: Vec<usize> = (0..bids.len())
        .filter(|&bid| bids[bid].0 >= floor)
        .collect();
    order.sort_by_key(|&bid| (std::cmp::Reverse(bids[bid].0), bid));
    let mut left = slots;
    let mut awards = Vec::new();
    // Highest price that did not get all it asked for.
    let mut lost = floor;
    for (place, &bid) in order.iter().enumerate() {
        let (price, wanted) = bids[bid];
        let got = u32::from(wanted).min(left) as u16;
        left -= u32::from(got);
        let next = order.get(place + 1).map_or(floor, |&next| bids[next].0);
        if got > 0 {
            awards.push(Award {
                bid,
                slots: got,
                price: next,
            });
        }
        if got < wanted {
            lost = lost.max(price);
            break;
        }
    }
    if pricing == Pricing::Uniform {
        for award in &mut awards {
            award.price = lost;
        }
    }
    awards
}

impl super::Economy {
    /// To be changed; copied once where a view holds it.
    fn slots_at_auction(&mut self) -> &mut AuctionImage {
        Arc::make_mut(&mut self.auction)
    }
}

impl Town<'_, '_> {
    /// Bids for slots of a class in the next round; a bid made before is replaced.
    pub(super) fn bid(
        &mut self,
        no: u32,
        class: &str,
        slots: u16,
        price: Money,
    ) -> Result<EconomyOutcome, Rejection> {
        let Some(terms) = self.terms().auction.clone() else {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                "This village auctions no compute.",
                "Its scenario would say so in [economy.auction].",
            ));
        };
        let Some(&there) = terms.slots.get(class) else {
            let classes: Vec<&str> = terms.slots.keys().map(String::as_str).collect();
            return Err(Rejection::new(
                RejectionCode::NotFound,
                "There are no slots of this class.",
                format!("Classes are: {}.", classes.join(", ")),
            ));
        };
        let key = (class.to_owned(), no);
        let before = self.economy.auction.bids.get(&key).copied();
        if price.0 == 0 {
            let Some(before) = before else {
                return Err(Rejection::new(
                    RejectionCode::NotFound,
                    "You have no bid for this class.",
                    "Bid a price above 0.",
                ));
            };
            self.enter_books(&[free(before.reservation)])?;
            self.economy.slots_at_auction().bids.remove(&key);
            return Ok(EconomyOutcome::Bid { reserved: Money(0) });
        }
        if slots == 0 || u32::from(slots) > there {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("There are {there} slots of this class."),
                "Bid for at least one and no more than there are.",
            ));
        }
        if price.0 < terms.reserve_price.0.max(1) || price.0 > PRICE_MAX {
            return Err(refusal_price(terms.reserve_price));
        }
        let rivals = self.economy.auction.bids.keys();
        if before.is_none() && rivals.filter(|(other, _)| other == class).count() >= BIDS_MAX {
            return Err(refusal(super::LedgerError::Full));
        }
        let whole = Money(price.0 * i64::from(slots));
        let entry = Entry::new(Purse::of(no), Purse::TREASURY, whole, Code::Auction)
            .saying(format!("bid for {slots} {class}"));
        let mut steps: Vec<Step> = before.map(|it| free(it.reservation)).into_iter().collect();
        steps.push(Step::Reserve(entry, None));
        let first = self.enter_books(&steps)?;
        let bid = BidImage {
            slots,
            price: price.0,
            reservation: first + steps.len() as u64 - 1,
        };
        self.economy.slots_at_auction().bids.insert(key, bid);
        Ok(EconomyOutcome::Bid { reserved: whole })
    }

    /// Takes back all that somebody has bid and not won yet.
    pub(crate) fn withdraw_bids(&mut self, no: u32) {
        let bids = self.economy.auction.bids.iter();
        let own: Vec<(String, u64)> = bids
            .filter(|((_, other), _)| *other == no)
            .map(|((class, _), bid)| (class.clone(), bid.reservation))
            .collect();
        for (class, reservation) in own {
            drop(self.enter_books(&[free(reservation)]));
            self.economy.slots_at_auction().bids.remove(&(class, no));
        }
    }

    /// Whoever leaves bids no more.
    pub(super) fn leave_auction(&mut self, no: u32) {
        self.withdraw_bids(no);
        self.economy
            .slots_at_auction()
            .slots
            .retain(|&(_, other), _| other != no);
    }

    /// Whether a class of models is sold here.
    pub(crate) fn is_sold(&self, class: &str) -> bool {
        let terms = self.terms().auction.as_ref();
        terms.is_some_and(|terms| terms.slots.contains_key(class))
    }

    /// How many slots of a class somebody has in the round that runs; `None`: this class is not sold here.
    pub(crate) fn slots_of(&self, no: u32, class: &str) -> Option<u16> {
        let terms = self.terms().auction.as_ref()?;
        terms.slots.get(class)?;
        let slots = self.economy.auction.slots.get(&(class.to_owned(), no));
        Some(slots.copied().unwrap_or(0))
    }

    /// When the next round is, UTC milliseconds; `None`: nothing is sold here.
    pub(crate) fn next_auction_ms(&self) -> Option<i64> {
        let on = self.terms().auction.is_some();
        on.then_some(self.economy.auction.next_ms)
    }

    /// Holds a round when it is time; the first is when money is founded.
    pub(super) fn hold_auction(&mut self) {
        let now_ms = self.clock.stamp_ms;
        // Every tick asks: terms are copied only when it is time.
        if self
            .next_auction_ms()
            .is_none_or(|next_ms| now_ms < next_ms)
        {
            return;
        }
        let Some(terms) = self.terms().auction.clone() else {
            return;
        };
        let every_ms = i64::from(terms.every_hours.max(1)) * HOUR_MS;
        self.bid_by_habit(&terms.slots, terms.reserve_price);
        self.economy.slots_at_auction().rounds += 1;
        self.economy.slots_at_auction().next_ms = now_ms.saturating_add(every_ms);
        self.economy.slots_at_auction().slots.clear();
        for (class, &slots) in &terms.slots {
            self.hold_round(class, slots, terms.reserve_price.0.max(1), terms.pricing);
        }
    }

    fn hold_round(&mut self, class: &str, slots: u32, floor: i64, pricing: Pricing) {
        let bids: Vec<(u32, BidImage)> = self
            .economy
            .auction
            .bids
            .iter()
            .filter(|((other, _), _)| other == class)
            .map(|(&(_, no), &bid)| (no, bid))
            .collect();
        let offers: Vec<(i64, u16)> = bids.iter().map(|(_, it)| (it.price, it.slots)).collect();
        let awards = award(&offers, slots, floor, pricing);
        let mut steps = Vec::with_capacity(bids.len());
        let mut won: BTreeMap<usize, Award> = awards.iter().map(|it| (it.bid, *it)).collect();
        for (place, (_, bid)) in bids.iter().enumerate() {
            steps.push(match won.remove(&place) {
                Some(award) => Step::Post {
                    pending: bid.reservation,
                    amount: Money(award.price * i64::from(award.slots)),
                    to: None,
                },
                None => free(bid.reservation),
            });
        }
        if !steps.is_empty() {
            let settled = self.enter_books(&steps);
            debug_assert!(settled.is_ok(), "bids are reserved: {settled:?}");
            if settled.is_err() {
                return;
            }
        }
        self.economy
            .slots_at_auction()
            .bids
            .retain(|(other, _), _| other != class);
        let mut winners = Vec::with_capacity(awards.len());
        for award in &awards {
            let no = bids[award.bid].0;
            let key = (class.to_owned(), no);
            self.economy
                .slots_at_auction()
                .slots
                .insert(key, award.slots);
            winners.push((self.roster.agent_id(no), award.slots));
        }
        let price = Money(awards.iter().map(|it| it.price).max().unwrap_or(floor));
        self.economy
            .slots_at_auction()
            .prices
            .insert(class.to_owned(), price);
        self.touched.economy = true;
        let event = EconomyEvent::Auctioned {
            class: class.to_owned(),
            sold: awards.iter().map(|it| u32::from(it.slots)).sum(),
            slots,
            price,
            winners,
        };
        self.log.record(&self.clock, Event::Economy(event));
    }

    /// Whoever thinks with a model but has made no bid offers a twentieth of what they have for one slot of the class they want,
    /// or of the first other that they may use. Those who live by habit, and whose mind is halted, have no use for a slot.
    fn bid_by_habit(&mut self, classes: &BTreeMap<String, u32>, floor: Money) {
        let mut bidders = Vec::new();
        for &(no, entity) in self.roster.residents() {
            let thinks = self.residents.get(entity);
            if thinks.is_ok_and(|it| it.identity.mind == MindKind::Llm) && !self.is_halted(no) {
                bidders.push(no);
            }
        }
        for no in bidders {
            let bids = &self.economy.auction.bids;
            if bids.keys().any(|&(_, other)| other == no) {
                continue;
            }
            let offer = Money(self.available(no).0 / 20);
            let wanted = self.model_class(no);
            let may = self.entitlement(no);
            let all = classes.get_key_value(&wanted).map(|(class, _)| class);
            let mut all = all.into_iter().chain(classes.keys());
            let class = all.find(|class| may.allows_model(class));
            if let Some(class) = class.filter(|_| offer >= floor.max(Money(1))) {
                // Whoever is refused goes without.
                drop(self.bid(no, class, 1, Money(offer.0.min(PRICE_MAX))));
            }
        }
    }
}

fn free(pending: u64) -> Step {
    Step::Void {
        pending,
        expired: false,
    }
}

fn refusal_price(floor: Money) -> Rejection {
    Rejection::new(
        RejectionCode::Invalid,
        format!("A slot costs at least {} aiDollars.", floor.max(Money(1))),
        "Bid that or more, and at most 1000000; a price of 0 takes a bid back.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(bids: &[(i64, u16)], slots: u32, pricing: Pricing) -> Vec<(usize, u16, i64)> {
        let awards = award(bids, slots, 1, pricing);
        awards
            .iter()
            .map(|it| (it.bid, it.slots, it.price))
            .collect()
    }

    #[test]
    fn of_two_the_higher_wins_and_pays_what_the_other_offered() {
        for pricing in [Pricing::Uniform, Pricing::Second] {
            assert_eq!(prices(&[(5, 1), (9, 1)], 1, pricing), [(1, 1, 5)]);
            assert_eq!(
                prices(&[(5, 1)], 2, pricing),
                [(0, 1, 1)],
                "the reserve price"
            );
            assert!(prices(&[(0, 1)], 2, pricing).is_empty());
        }
    }

    #[test]
    fn no_winner_pays_above_their_bid_and_no_loser_offered_more() {
        let mut chance: u64 = 7;
        let mut draw = |below: u64| {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (chance >> 33) % below
        };
        for _ in 0..2_000 {
            let count = draw(12);
            let bids: Vec<(i64, u16)> = (0..count)
                .map(|_| (draw(20) as i64, 1 + draw(4) as u16))
                .collect();
            let (slots, floor) = (draw(10) as u32, 1 + draw(5) as i64);
            for pricing in [Pricing::Uniform, Pricing::Second] {
                let awards = award(&bids, slots, floor, pricing);
                let sold: u32 = awards.iter().map(|it| u32::from(it.slots)).sum();
                assert!(sold <= slots);
                for it in &awards {
                    assert!(it.slots <= bids[it.bid].1);
                    assert!(
                        (floor..=bids[it.bid].0).contains(&it.price),
                        "{bids:?} {it:?}"
                    );
                }
                let lowest = awards.iter().map(|it| bids[it.bid].0).min();
                for (bid, &(price, _)) in bids.iter().enumerate() {
                    let lost = awards.iter().all(|it| it.bid != bid);
                    if let (true, Some(lowest)) = (lost, lowest) {
                        assert!(price <= lowest, "{bids:?}");
                    }
                }
                if pricing == Pricing::Uniform {
                    assert!(awards.windows(2).all(|two| two[0].price == two[1].price));
                }
            }
        }
    }
}
