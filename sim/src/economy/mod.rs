//! Money: the ledger and all that is done with it.
//!
//! Whatever moves money goes through `Town::enter_books`, which writes it down, tells of it and looks at tiers.

mod accounts;
mod allowance;
mod auction;
mod bounty;
mod feedback;
mod gifts;
mod goods;
pub mod ledger;
mod lived;
mod market;
pub mod measure;
mod metering;
mod newcomers;
mod owners;
pub(crate) mod params;
mod parties;
mod payments;
mod tiers;
pub(crate) mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::{EconomyAct, EconomyCommand, EconomyOutcome};
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::economy::image::{
    AuctionImage, BoughtImage, BountyImage, EconomyImage, FeedbackImage, LivedImage, MeterImage,
    OwnerImage, PurchaseImage,
};
use hamlet_protocol::economy::tier::TierSpec;
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::moderation::Moderator;
use hamlet_protocol::money::Money;
use hamlet_protocol::scenario;

use self::accounts::{CostBook, DepositBook, SpentBook};
use self::ledger::{Entry, Ledger, LedgerError, Moment, Purse, Step};
pub(crate) use self::lived::Meal;
use self::market::Market;
use crate::schedule::{Tick, TickSet};
use crate::town::{ActResult, Town};

/// All of it.
#[derive(Resource, Debug)]
pub(crate) struct Economy {
    /// Whether there is an economy yet.
    pub(crate) founded: bool,
    /// The ledger.
    pub(crate) ledger: Ledger,
    /// What the tiers are.
    pub(crate) specs: Arc<Vec<TierSpec>>,
    /// Tiers, by agent number; missing ones are 0.
    tiers: Vec<u8>,
    purchases: BTreeMap<u32, PurchaseImage>,
    feedback: BTreeMap<u32, FeedbackImage>,
    deposits: DepositBook,
    meters: BTreeMap<u64, MeterImage>,
    spent: SpentBook,
    costs: CostBook,
    pub(crate) owners: Arc<BTreeMap<u32, OwnerImage>>,
    gifts: BTreeMap<u32, FeedbackImage>,
    /// When those came who may not give away their grants, UTC milliseconds.
    newcomers: BTreeMap<u32, i64>,
    /// Goods that they bought and carry, by agent number and kind.
    bought: BTreeMap<(u32, Item), BoughtImage>,
    pub(crate) market: Market,
    bounties: Vec<Arc<BountyImage>>,
    /// Bounties that wait or are worked on, by when their time is over.
    bounty_ends: BTreeSet<(i64, u32)>,
    /// Bounties that are over and whose words are still kept.
    bounty_words: BTreeSet<u32>,
    auction: Arc<AuctionImage>,
    spoiled_day: i64,
    /// What was given and taken, and what was eaten, by agent number.
    lived: BTreeMap<u32, LivedImage>,
}

impl Economy {
    /// An economy that is still to be founded.
    pub(crate) fn new(seed: u64, scenario: &scenario::Economy) -> Self {
        Self::from_image(seed, scenario, EconomyImage::default())
    }

    pub(crate) fn from_image(seed: u64, scenario: &scenario::Economy, image: EconomyImage) -> Self {
        let bounty_ends = (0u32..)
            .zip(&image.bounties)
            .filter(|(_, it)| bounty::waits(it.state))
            .map(|(number, it)| (it.until_ms, number))
            .collect();
        let bounty_words = (0u32..)
            .zip(&image.bounties)
            .filter(|(_, it)| !it.state.is_under_way() && !it.text.is_empty())
            .map(|(number, _)| number)
            .collect();
        Self {
            bounty_ends,
            bounty_words,
            founded: image.founded,
            ledger: Ledger::from_image(IdCodec::new(seed), image.ledger),
            specs: params::tiers(scenario),
            tiers: image.tiers,
            purchases: image.purchases,
            feedback: image.feedback,
            deposits: DepositBook::from_image(image.deposits),
            meters: image.meters,
            spent: SpentBook::from_image(image.spent),
            costs: CostBook::from_image(image.costs),
            owners: Arc::new(image.owners),
            gifts: image.gifts,
            newcomers: image.newcomers,
            bought: image.bought,
            market: Market::from_image(image.market),
            bounties: image.bounties.into_iter().map(Arc::new).collect(),
            auction: Arc::new(image.auction),
            spoiled_day: image.spoiled_day,
            lived: image.lived,
        }
    }

    pub(crate) fn image(&self) -> EconomyImage {
        let tiers = self.tiers.iter().rposition(|&tier| tier != 0);
        EconomyImage {
            founded: self.founded,
            ledger: self.ledger.image(),
            tiers: self.tiers[..tiers.map_or(0, |at| at + 1)].to_vec(),
            purchases: self.purchases.clone(),
            feedback: self.feedback.clone(),
            deposits: self.deposits.image(),
            meters: self.meters.clone(),
            spent: self.spent.image(),
            costs: self.costs.image(),
            owners: BTreeMap::clone(&self.owners),
            gifts: self.gifts.clone(),
            newcomers: self.newcomers.clone(),
            bought: self.bought.clone(),
            market: self.market.image(),
            bounties: self
                .bounties
                .iter()
                .map(|it| BountyImage::clone(it))
                .collect(),
            auction: AuctionImage::clone(&self.auction),
            spoiled_day: self.spoiled_day,
            lived: self.lived.clone(),
        }
    }

    /// How many bounties there ever were.
    pub(crate) fn bounties(&self) -> u32 {
        self.bounties.len() as u32
    }
}

/// Checks the economy in an image.
///
/// # Errors
/// What contradicts what, as a clause.
pub(crate) fn check(image: &EconomyImage, agents: usize) -> Result<(), String> {
    ledger::check_image(&image.ledger, agents)?;
    let numbers = image
        .purchases
        .keys()
        .chain(image.feedback.keys())
        .chain(image.spent.agents.keys())
        .chain(image.lived.keys())
        .chain(image.owners.keys())
        .chain(image.gifts.keys())
        .chain(image.newcomers.keys())
        .chain(image.bought.keys().map(|(no, _)| no))
        .chain(image.owners.values().filter_map(|it| it.person.as_ref()))
        .copied()
        .chain(image.deposits.values().map(|it| it.agent))
        .chain(image.meters.values().map(|it| it.agent))
        .chain(image.costs.keys().map(|&(no, _, _)| no))
        .chain(image.market.orders.values().map(|it| it.agent))
        .chain(image.auction.bids.keys().map(|&(_, no)| no))
        .chain(image.auction.slots.keys().map(|&(_, no)| no))
        .chain(image.bounties.iter().map(|it| it.by))
        .chain(
            image
                .bounties
                .iter()
                .flat_map(|it| it.shares.iter().map(|it| it.0)),
        );
    if let Some(no) = { numbers }.find(|&no| no as usize >= agents) {
        return Err(format!("the economy: there is no agent {no}"));
    }
    if image.tiers.len() > agents {
        return Err("the economy: there are more tiers than agents".to_owned());
    }
    let pending = &image.ledger.pending;
    let held = image.meters.keys().chain(
        image
            .market
            .orders
            .values()
            .filter_map(|order| order.reservation.as_ref()),
    );
    let held = held.chain(image.auction.bids.values().map(|bid| &bid.reservation));
    match { held }.find(|no| !pending.contains_key(no)) {
        Some(no) => Err(format!("the economy: there is no reservation {no}")),
        None => Ok(()),
    }
}

/// A refusal of the ledger, in words.
pub(crate) fn refusal(why: LedgerError) -> Rejection {
    let (code, hint) = match why {
        LedgerError::Amount => (
            RejectionCode::Invalid,
            "Give an amount above 0 with at most 6 decimals.",
        ),
        LedgerError::Same => (RejectionCode::Invalid, "Choose somebody else."),
        LedgerError::Funds { .. } => (
            RejectionCode::Funds,
            "Take less, or wait until there is more; GET /api/v1/economy/balance says what is there.",
        ),
        LedgerError::NotPending(_) => (RejectionCode::NotFound, "It may be settled already."),
        LedgerError::OverReserved { .. } => {
            (RejectionCode::Invalid, "Post what is reserved or less.")
        }
        LedgerError::Conflict => (
            RejectionCode::Already,
            "Use a new name for a new transfer; repeat a request exactly to get its outcome again.",
        ),
        LedgerError::Full => (RejectionCode::Limit, "Do it in smaller parts."),
    };
    Rejection::new(code, crate::lifecycle::sentence(&why), hint)
}

impl Town<'_, '_> {
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            tick: self.clock.tick,
            at_ms: self.clock.stamp_ms,
        }
    }

    /// What the scenario says of money.
    pub(crate) fn terms(&self) -> &scenario::Economy {
        &self.agenda.scenario.economy
    }

    /// Moves money, or refuses and moves none. Gives back the number of the first transfer.
    pub(crate) fn enter_books(&mut self, steps: &[Step]) -> Result<u64, Rejection> {
        let now = self.moment();
        let made = match steps {
            [one] => vec![self.economy.ledger.apply_one(now, one).map_err(refusal)?],
            many => self.economy.ledger.apply(now, many).map_err(refusal)?,
        };
        let first = made.first().map_or(0, |transfer| transfer.no);
        self.touched.economy = true;
        for transfer in made {
            let sides = [transfer.debit, transfer.credit];
            let event = EconomyEvent::Transferred(Box::new(transfer));
            self.log.record(&self.clock, Event::Economy(event));
            for account in sides {
                if let hamlet_protocol::economy::Account::Member(agent) = account
                    && let Some(no) = self.roster.number(agent)
                {
                    self.look_at_tier(no);
                }
            }
        }
        Ok(first)
    }

    /// One transfer.
    pub(crate) fn pay(&mut self, entry: Entry) -> Result<u64, Rejection> {
        self.enter_books(&[Step::Move(entry)])
    }

    /// What somebody can spend.
    pub(crate) fn available(&self, no: u32) -> Money {
        self.economy.ledger.available(Purse::of(no))
    }

    /// Whether people in the town live by money.
    pub(crate) fn lives_by_money(&self) -> bool {
        self.economy.founded && params::lives_by_money(self.terms())
    }

    /// A member does something with money.
    pub(crate) fn economy_act(&mut self, no: u32, act: &EconomyAct) -> ActResult {
        self.check_newcomer(no, act)?;
        let given = self.check_gift(no, act)?;
        let before = self.economy.ledger.transfers();
        let outcome = match act {
            EconomyAct::Pay {
                to,
                amount,
                memo,
                client,
            } => self.pay_member(no, *to, *amount, memo, client.as_deref())?,
            EconomyAct::Purchase {
                tier,
                hours,
                client,
            } => self.purchase(no, *tier, *hours, client.as_deref())?,
            EconomyAct::Order {
                side,
                item,
                count,
                price,
            } => self.order(no, *side, *item, *count, *price)?,
            EconomyAct::CancelOrder { order } => {
                self.cancel_order(no, *order)?;
                return Ok(Outcome::Done);
            }
            EconomyAct::Bounty(act) => self.bounty_act(no, act)?,
            EconomyAct::Bid {
                class,
                slots,
                price,
            } => self.bid(no, class, *slots, *price)?,
        };
        // The same request once more gives nothing more.
        if self.economy.ledger.transfers() > before {
            self.count_gift(no, given);
        }
        Ok(Outcome::Economy(outcome))
    }

    /// The village does something with money.
    pub(crate) fn economy_command(&mut self, command: &EconomyCommand) -> ActResult {
        let outcome = match command {
            EconomyCommand::Feedback(feedback) => self.feedback(feedback)?,
            EconomyCommand::Deposit {
                agent,
                amount,
                txn,
                note,
            } => self.deposit(*agent, *amount, txn, note)?,
            EconomyCommand::Reserve(wanted) => self.reserve(wanted)?,
            EconomyCommand::ReserveForTask(wanted) => self.reserve_for_task(wanted)?,
            EconomyCommand::Settle { reservation, usage } => {
                let amount = self.settle_usage(*reservation, usage)?;
                EconomyOutcome::Settled { amount }
            }
            EconomyCommand::Release { reservation } => {
                self.release_usage(*reservation)?;
                return Ok(Outcome::Done);
            }
            EconomyCommand::Own {
                agent,
                owner,
                person,
            } => {
                self.own(*agent, *owner, *person)?;
                return Ok(Outcome::Done);
            }
            EconomyCommand::Settlement {
                bounty,
                permille,
                reason,
                by,
                staff,
            } => {
                self.check_no_part(*bounty, by)?;
                let by = staff.map_or(Moderator::Village, Moderator::Staff);
                self.settle_dispute(*bounty, *permille, reason, by)?
            }
            EconomyCommand::Stimulus { amount, reason } => self.stimulate(*amount, reason)?,
            EconomyCommand::PriceShock { item, percent } => {
                self.price_shock(*item, *percent)?;
                return Ok(Outcome::Done);
            }
        };
        Ok(Outcome::Economy(outcome))
    }

    /// Everybody who lives here gets something from the mint.
    fn stimulate(&mut self, amount: Money, reason: &str) -> Result<EconomyOutcome, Rejection> {
        let residents: Vec<u32> = self.roster.residents().iter().map(|&(no, _)| no).collect();
        for part in residents.chunks(ledger::STEPS_MAX) {
            let steps: Vec<Step> = part
                .iter()
                .map(|&no| {
                    let entry = Entry::new(Purse::MINT, Purse::of(no), amount, Code::Grant);
                    Step::Move(entry.saying(reason))
                })
                .collect();
            self.enter_books(&steps)?;
        }
        Ok(EconomyOutcome::Stimulated {
            residents: residents.len() as u32,
        })
    }

    /// Somebody who comes gets what the scenario gives.
    pub(crate) fn welcome(&mut self, no: u32) {
        let grant = self.terms().grant;
        if self.economy.founded && grant.0 > 0 {
            let entry = Entry::new(Purse::MINT, Purse::of(no), grant, Code::Grant);
            // The mint has no end, and the scenario's amount was checked; a grant that does not fit is none.
            drop(self.pay(entry));
            self.note_newcomer(no);
        }
        self.touched.purse(no);
    }

    /// Whoever leaves gets back what is under way, and what they have goes to the treasury: no account is without an owner.
    pub(crate) fn leave_economy(&mut self, no: u32) {
        self.leave_market(no);
        self.leave_bounties(no);
        self.leave_auction(no);
        self.leave_meters(no);
        Arc::make_mut(&mut self.economy.owners).remove(&no);
        let left = self.available(no);
        if left.0 > 0 {
            let entry = Entry::new(Purse::of(no), Purse::TREASURY, left, Code::Transfer);
            drop(self.pay(entry.saying("left the village")));
        }
        self.economy.purchases.remove(&no);
        self.economy.newcomers.remove(&no);
        self.forget_bought(no);
        self.touched.purse(no);
    }

    /// There is an economy from now on: those who are here get their grants, and the treasury what it begins with.
    pub(crate) fn found_economy(&mut self) {
        if self.economy.founded {
            return;
        }
        self.economy.founded = true;
        self.economy.spoiled_day = self.clock.now().day();
        let residents: Vec<u32> = self.roster.residents().iter().map(|&(no, _)| no).collect();
        for &no in &residents {
            self.welcome(no);
        }
        let treasury = if params::lives_by_money(self.terms()) {
            params::treasury(self.terms(), residents.len())
        } else {
            Money(0)
        };
        if treasury.0 > 0 {
            let entry = Entry::new(Purse::MINT, Purse::TREASURY, treasury, Code::Grant);
            drop(self.pay(entry));
        }
        self.open_market(treasury);
        self.hold_auction();
    }
}

/// What a tick does to money; afterwards the books are balanced, or the world stops.
pub(crate) fn keep_books(mut town: Town) {
    town.found_economy();
    town.expire_reservations();
    town.expire_tiers();
    town.refund_late_bounties();
    town.hold_auction();
    town.run_market();
    town.spoil();
    let sum = town.economy.ledger.sum();
    assert!(
        sum == 0,
        "the ledger does not balance: all accounts together have {sum} micro-aiDollars"
    );
}

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(
        Tick,
        keep_books
            .in_set(TickSet::Resolve)
            .before(crate::movement::walk),
    );
}

#[cfg(test)]
mod proofs;
#[cfg(test)]
mod tests;
