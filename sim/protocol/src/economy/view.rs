//! The economy as readers see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::command::Side;
use super::image::{
    AuctionImage, BountyImage, CostImage, DepositImage, OrderImage, OwnerImage, Spending,
};
use super::tier::TierSpec;
use super::{ChainHash, Code};
use crate::goods::Item;
use crate::money::Money;
use crate::pages::Pages;

/// A member's money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PurseView {
    /// What they have, what is reserved included.
    pub balance: Money,
    /// What is reserved of it.
    pub reserved: Money,
    /// Their tier.
    pub tier: u8,
    /// Until when a tier they bought holds, UTC milliseconds; 0: none.
    pub bought_until_ms: i64,
    /// Whether they are among those who have an account at all.
    pub there: bool,
}

impl PurseView {
    /// What they can spend.
    #[must_use]
    pub fn available(self) -> Money {
        Money(self.balance.0 - self.reserved.0)
    }
}

/// The economy after a tick or a drain. Cloning it copies pointers only.
#[derive(Clone, Debug, Default)]
pub struct EconomyView {
    /// Members' money, by agent number.
    pub purses: Pages<PurseView>,
    /// All else.
    pub town: Arc<TownPurseView>,
    /// Bounties, by number.
    pub bounties: Pages<Arc<BountyImage>>,
    /// What was spent on thoughts and tools since the beginning, by agent number.
    pub costs: Pages<Arc<Costs>>,
    /// What was spent on them in the running hour and day, by agent number.
    pub spent: Pages<Spending>,
    /// Money from outside with its transaction's id, the oldest first.
    pub deposits: Pages<Arc<(String, DepositImage)>>,
}

/// What somebody spent, by what for and by model or tool.
pub type Costs = BTreeMap<(String, String), CostImage>;

/// What is not one member's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TownPurseView {
    /// Tiers, the lowest first.
    pub tiers: Arc<Vec<TierSpec>>,
    /// Balances of the village's own accounts, in the order of `Account::SYSTEM`.
    pub system: [i64; 6],
    /// Transfers so far.
    pub transfers: u64,
    /// Hash of the last one.
    pub head: ChainHash,
    /// What moved so far, by what for: how often, and micro-aiDollars.
    pub flows: BTreeMap<Code, (u64, i128)>,
    /// The market.
    pub market: Arc<MarketView>,
    /// Compute slots.
    pub auction: Arc<AuctionImage>,
    /// What the whole village spent on thoughts and tools in the running hour and day.
    pub spent: Spending,
    /// Owners, by the number of what they own.
    pub owners: Arc<BTreeMap<u32, OwnerImage>>,
    /// The platform's share of bounties, in millionths.
    pub bounty_fee_ppm: u32,
}

/// Levels of each side of the book that readers see.
pub const BOOK_LEVELS_MAX: usize = 10;

/// The market as readers see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarketView {
    /// Counts changes: a market with the same number is the same.
    pub changes: u64,
    /// What a piece is worth: the last price paid, or what it was said to be worth.
    pub prices: BTreeMap<Item, Money>,
    /// Pieces sold so far.
    pub sold: BTreeMap<Item, u64>,
    /// The best prices of each side: how many pieces at what price, the best first.
    pub book: BTreeMap<(Item, Side), Vec<(Money, u32)>>,
    /// What the town pays for a piece of work.
    pub wage: Money,
    /// What a meal costs.
    pub meal: Money,
    /// Orders in the book.
    pub orders: usize,
    /// Those of members who do not live by habit, by number.
    pub own: BTreeMap<u64, OrderImage>,
}
