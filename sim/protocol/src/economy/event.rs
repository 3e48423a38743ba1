//! What happened to money, goods for money, and work for money.

use serde::{Deserialize, Serialize};

use super::Transfer;
use super::command::Side;
use crate::goods::Item;
use crate::ids::AgentId;
use crate::money::Money;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EconomyEvent {
    /// An entry was added to the ledger.
    Transferred(Box<Transfer>),
    /// Somebody crossed the line between two tiers.
    TierChanged {
        /// Who.
        agent: AgentId,
        /// Before.
        from: u8,
        /// Now.
        to: u8,
        /// Its name.
        name: String,
    },
    /// Money from outside was credited.
    Deposited {
        /// Whom.
        agent: AgentId,
        /// How much.
        amount: Money,
        /// Id of the transaction with whoever moved it.
        txn: String,
        /// Number of the transfer.
        transfer: u64,
        /// What else is known of it.
        note: String,
    },
    /// An order stands in the book.
    Ordered {
        /// Its number.
        order: u64,
        /// Whose.
        agent: AgentId,
        /// Which side.
        side: Side,
        /// What.
        item: Item,
        /// How many.
        count: u16,
        /// The price of a piece.
        price: Money,
    },
    /// What was left of an order is gone.
    OrderEnded {
        /// Its number.
        order: u64,
        /// Whose.
        agent: AgentId,
        /// How many were left.
        left: u16,
        /// Whether its time was over.
        expired: bool,
    },
    /// Goods changed hands at the market.
    Sold {
        /// Who sold.
        seller: AgentId,
        /// Who bought.
        buyer: AgentId,
        /// What.
        item: Item,
        /// How many.
        count: u16,
        /// The price of a piece.
        price: Money,
    },
    /// Something about work with a reward.
    Bounty(Box<BountyEvent>),
    /// Compute slots were sold at auction.
    Auctioned {
        /// Class of models.
        class: String,
        /// Slots sold.
        sold: u32,
        /// Slots there were.
        slots: u32,
        /// The price of a slot.
        price: Money,
        /// Who got how many.
        winners: Vec<(AgentId, u16)>,
    },
}

/// What happened to a bounty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BountyEvent {
    /// Its number.
    pub bounty: u32,
    /// Who did it; `None`: the village.
    pub by: Option<AgentId>,
    /// What.
    pub what: BountyDeed,
}

/// What was done about a bounty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BountyDeed {
    /// It was announced.
    Opened {
        /// One line.
        title: String,
        /// What is to be done.
        text: String,
        /// What whoever does it gets.
        reward: Money,
        /// What the platform keeps, on top.
        fee: Money,
        /// When it is refunded by itself, UTC milliseconds.
        until_ms: i64,
    },
    /// Somebody took it on.
    Claimed {
        /// Who gets which thousandths.
        shares: Vec<(AgentId, u16)>,
    },
    /// A collaborator agreed.
    Agreed,
    /// The claim was given back.
    Unclaimed,
    /// Something was handed in.
    Submitted {
        /// What.
        deliverable: String,
    },
    /// It was accepted and paid.
    Accepted,
    /// It was sent back.
    Rejected {
        /// Why.
        reason: String,
    },
    /// A moderator was called.
    Disputed {
        /// Why.
        reason: String,
    },
    /// A moderator settled it.
    Settled {
        /// Thousandths that were paid.
        permille: u16,
        /// Why.
        reason: String,
    },
    /// It was taken back, or its time was over: the money is back.
    Refunded {
        /// Whether its time was over.
        expired: bool,
    },
}

impl BountyDeed {
    /// Its word.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Claimed { .. } => "claimed",
            Self::Agreed => "agreed",
            Self::Unclaimed => "unclaimed",
            Self::Submitted { .. } => "submitted",
            Self::Accepted => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::Disputed { .. } => "disputed",
            Self::Settled { .. } => "settled",
            Self::Refunded { .. } => "refunded",
        }
    }
}

impl EconomyEvent {
    /// Its word in the event table.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Transferred(_) => "transfer",
            Self::TierChanged { .. } => "tier",
            Self::Deposited { .. } => "deposit",
            Self::Ordered { .. } => "order",
            Self::OrderEnded { .. } => "order_end",
            Self::Sold { .. } => "sale",
            Self::Bounty(_) => "bounty",
            Self::Auctioned { .. } => "auction",
        }
    }

    /// Who did it, or whom it happened to.
    #[must_use]
    pub fn actor(&self) -> Option<AgentId> {
        match self {
            Self::Transferred(transfer) => transfer.by,
            Self::TierChanged { agent, .. }
            | Self::Deposited { agent, .. }
            | Self::Ordered { agent, .. }
            | Self::OrderEnded { agent, .. } => Some(*agent),
            Self::Sold { buyer, .. } => Some(*buyer),
            Self::Bounty(event) => event.by,
            Self::Auctioned { .. } => None,
        }
    }
}
