//! The economy's part of an image: balances, and what is under way. What is over lives in the store.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::command::Side;
use super::{ChainHash, Code};
use crate::goods::Item;
use crate::money::Money;

/// Everything about money that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EconomyImage {
    /// Whether there is an economy yet: a world of older rules founds one in its next tick.
    pub founded: bool,
    /// The ledger.
    pub ledger: LedgerImage,
    /// Tiers, by agent number; missing ones are 0.
    pub tiers: Vec<u8>,
    /// Tiers that were bought, by agent number.
    pub purchases: BTreeMap<u32, PurchaseImage>,
    /// What people gave and took today, by agent number.
    pub feedback: BTreeMap<u32, FeedbackImage>,
    /// Money from outside, by the transaction's id.
    pub deposits: BTreeMap<String, DepositImage>,
    /// Reservations for thoughts and tools, by their number.
    pub meters: BTreeMap<u64, MeterImage>,
    /// What was spent on thoughts and tools in the running hour and day.
    pub spent: SpentImage,
    /// Who spent what, on what.
    pub costs: BTreeMap<(u32, String, String), CostImage>,
    /// Owners, by the number of what they own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub owners: BTreeMap<u32, OwnerImage>,
    /// What minds that are language models gave away today, by agent number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub gifts: BTreeMap<u32, FeedbackImage>,
    /// When those came who drive themselves and were given a grant, UTC milliseconds, by agent number.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub newcomers: BTreeMap<u32, i64>,
    /// What they bought at the market and may still have, by agent number and kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub bought: BTreeMap<(u32, Item), BoughtImage>,
    /// The market.
    pub market: MarketImage,
    /// Bounties, by number.
    pub bounties: Vec<BountyImage>,
    /// Compute slots.
    pub auction: AuctionImage,
    /// Day of sim time on which goods last went bad, in days since the epoch.
    pub spoiled_day: i64,
    /// What was given to residents and taken from them, and what they ate, by agent number.
    pub lived: BTreeMap<u32, LivedImage>,
}

/// The ledger: balances, reservations, the end of the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerImage {
    /// Transfers so far: the number of the last one.
    pub transfers: u64,
    /// Its hash.
    pub head: ChainHash,
    /// Balances of members in micro-aiDollars, by agent number; missing ones are 0.
    pub members: Vec<i64>,
    /// Balances of the village's own accounts, in the order of `Account::SYSTEM`.
    pub system: [i64; 6],
    /// What is reserved, by the number of the transfer that reserved it.
    pub pending: BTreeMap<u64, PendingImage>,
    /// What was asked for lately with a name of the client's: name, digest of the request, number of the transfer.
    pub clients: Vec<(String, u128, u64)>,
    /// What moved so far, by what for: how often, and micro-aiDollars.
    pub flows: BTreeMap<Code, (u64, i128)>,
}

/// Money that is reserved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingImage {
    /// Who gives it: agent number, or a number of the village's accounts counted down from the largest.
    pub debit: u32,
    /// Who gets it.
    pub credit: u32,
    /// How much.
    pub amount: i64,
    /// What for.
    pub code: Code,
    /// When it is free again by itself, UTC milliseconds; `None`: never.
    pub until_ms: Option<i64>,
}

/// A tier that was bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseImage {
    /// Which.
    pub tier: u8,
    /// Until when, UTC milliseconds.
    pub until_ms: i64,
}

/// What somebody gave, or gave and took, in a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackImage {
    /// The day of the stamp, in days since the epoch.
    pub day: i64,
    /// Micro-aiDollars.
    pub amount: i64,
}

/// How somebody lived so far, as far as money goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LivedImage {
    /// Rewards less penalties, in micro-aiDollars; a penalty that found nothing to take counts as one.
    pub feedback: i64,
    /// Meals paid for in cafés.
    pub cafe: u32,
    /// Meals at home of what one had.
    pub home: u32,
    /// Soups given to them because they starved and could not pay.
    pub soup: u32,
}

/// Money from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositImage {
    /// Agent number.
    pub agent: u32,
    /// Micro-aiDollars.
    pub amount: i64,
    /// Number of the transfer.
    pub transfer: u64,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// What else is known of it.
    pub note: String,
}

/// Who owns an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerImage {
    /// The account.
    pub account: uuid::Uuid,
    /// Number of the person, where they took part in the village.
    pub person: Option<u32>,
}

/// A reservation for a thought or a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterImage {
    /// Agent number.
    pub agent: u32,
    /// The owner's account.
    pub owner: Option<uuid::Uuid>,
    /// What for.
    pub purpose: String,
    /// Name of the model or tool.
    pub model: String,
    /// Tokens that count already: those of the estimate.
    #[serde(default, skip_serializing_if = "is_none")]
    pub tokens: u64,
    /// The hour of the stamp it counts in, in hours since the epoch.
    #[serde(default, skip_serializing_if = "is_none")]
    pub hour: i64,
}

/// Whether a number says nothing.
fn is_none<N: Default + PartialEq>(number: &N) -> bool {
    *number == N::default()
}

/// What was spent in an hour and a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spending {
    /// The hour of the stamp, in hours since the epoch.
    pub hour: i64,
    /// Micro-aiDollars in it, reservations included.
    pub in_hour: i64,
    /// Thoughts and runs in it.
    pub runs: u32,
    /// Tokens in it.
    pub tokens: u64,
    /// Micro-aiDollars in its day, reservations included.
    pub in_day: i64,
}

/// What was spent, by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpentImage {
    /// By agent number.
    pub agents: BTreeMap<u32, Spending>,
    /// By owner.
    pub owners: BTreeMap<uuid::Uuid, Spending>,
    /// By the whole village.
    pub village: Spending,
}

/// What somebody spent on one thing since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostImage {
    /// How often.
    pub count: u64,
    /// Tokens in that were not cached.
    pub tokens_in: u64,
    /// Tokens in that were.
    pub tokens_cached: u64,
    /// Tokens out.
    pub tokens_out: u64,
    /// Milliseconds of tools.
    pub tool_ms: u64,
    /// Micro-aiDollars.
    pub amount: i64,
    /// The first time, UTC milliseconds.
    pub since_ms: i64,
    /// The last time, UTC milliseconds.
    pub last_ms: i64,
}

/// The market.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MarketImage {
    /// Orders so far: the number of the last one.
    pub orders_made: u64,
    /// Orders in the book, by number.
    pub orders: BTreeMap<u64, OrderImage>,
    /// What a piece is worth: the last price paid, or what it was said to be worth.
    pub prices: BTreeMap<Item, i64>,
    /// Pieces sold so far.
    pub sold: BTreeMap<Item, u64>,
    /// What the town pays for a piece of work now, in micro-aiDollars.
    pub wage: i64,
    /// Treasury at which the town pays the full wage.
    pub treasury_target: i64,
    /// What goods are worth to those who want them, in hundredths of what they usually are; missing ones are 100.
    pub worth: BTreeMap<Item, u32>,
}

/// An order in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderImage {
    /// Agent number.
    pub agent: u32,
    /// Which side.
    pub side: Side,
    /// What.
    pub item: Item,
    /// How many are left.
    pub left: u16,
    /// Price of a piece in micro-aiDollars.
    pub price: i64,
    /// Tick at which it is void by itself.
    pub until: u64,
    /// Number of the reservation for what it asks for.
    pub reservation: Option<u64>,
    /// What of the goods it offers was bought by somebody who may not give away what they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bought: Option<BoughtImage>,
}

/// Goods of one kind that were bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoughtImage {
    /// Pieces.
    pub count: u16,
    /// What they cost together, in micro-aiDollars.
    pub cost: i64,
}

/// Where a bounty stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BountyState {
    /// Waits for somebody.
    #[default]
    Open,
    /// Somebody works on it.
    Claimed,
    /// Something was handed in.
    Submitted,
    /// A moderator is asked.
    Disputed,
    /// Paid.
    Accepted,
    /// A moderator settled it.
    Settled,
    /// The money went back.
    Refunded,
}

impl BountyState {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Submitted => "submitted",
            Self::Disputed => "disputed",
            Self::Accepted => "accepted",
            Self::Settled => "settled",
            Self::Refunded => "refunded",
        }
    }

    /// Whether money is still in escrow for it.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        matches!(
            self,
            Self::Open | Self::Claimed | Self::Submitted | Self::Disputed
        )
    }
}

/// Work with a reward.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BountyImage {
    /// Who announced it: agent number.
    pub by: u32,
    /// One line.
    pub title: String,
    /// What is to be done; empty once it is over, for the store has it.
    pub text: String,
    /// What whoever does it gets, in micro-aiDollars.
    pub reward: i64,
    /// What the platform keeps, on top.
    pub fee: i64,
    /// When it was announced, UTC milliseconds.
    pub created_ms: i64,
    /// When it is refunded by itself, UTC milliseconds.
    pub until_ms: i64,
    /// Where it stands.
    pub state: BountyState,
    /// Who gets which thousandths, and whether they agreed; whoever claimed it comes first.
    pub shares: Vec<(u32, u16, bool)>,
    /// What was handed in last.
    pub deliverable: String,
    /// The last reason given.
    pub reason: String,
    /// Whether moderators took it from sight: those who have part in it see it, and moderators.
    #[serde(default, skip_serializing_if = "is_none")]
    pub hidden: bool,
}

/// Compute slots at auction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuctionImage {
    /// Rounds so far.
    pub rounds: u64,
    /// When the next round is, UTC milliseconds; 0: not known yet.
    pub next_ms: i64,
    /// Bids for it, by class and agent number.
    pub bids: BTreeMap<(String, u32), BidImage>,
    /// Slots of the round that runs, by class and agent number.
    pub slots: BTreeMap<(String, u32), u16>,
    /// The last price of a slot, by class.
    pub prices: BTreeMap<String, Money>,
}

/// A bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BidImage {
    /// How many slots.
    pub slots: u16,
    /// At most how much for each, in micro-aiDollars.
    pub price: i64,
    /// Number of the reservation.
    pub reservation: u64,
}
