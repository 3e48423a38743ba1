//! What one can ask of the economy, and what comes of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::goods::Item;
use crate::ids::{AgentId, PostId};
use crate::minds::ThoughtTerms;
use crate::money::Money;

/// What a member does with money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EconomyAct {
    /// Gives money to another member.
    Pay {
        /// To whom.
        to: AgentId,
        /// How much.
        amount: Money,
        /// Why; may be empty.
        memo: String,
        /// What the payer calls it: the same once more changes nothing.
        client: Option<String>,
    },
    /// Buys a tier for some hours.
    Purchase {
        /// Which tier.
        tier: u8,
        /// For how many hours (by the stamp).
        hours: u32,
        /// See [`EconomyAct::Pay`].
        client: Option<String>,
    },
    /// Offers goods, or asks for some, at the market one stands in.
    Order {
        /// Whether it sells or buys.
        side: Side,
        /// What.
        item: Item,
        /// How many.
        count: u16,
        /// At what price a piece: at least, or at most.
        price: Money,
    },
    /// Takes an order back.
    CancelOrder {
        /// Its number.
        order: u64,
    },
    /// Does something about work with a reward.
    Bounty(BountyAct),
    /// Bids for compute slots at the next auction; a price of zero takes the bid back.
    Bid {
        /// Class of models.
        class: String,
        /// How many slots, 1 or more.
        slots: u16,
        /// At most how much for each.
        price: Money,
    },
}

impl EconomyAct {
    /// Its word, for logs and tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pay { .. } => "pay",
            Self::Purchase { .. } => "purchase",
            Self::Order { .. } => "order",
            Self::CancelOrder { .. } => "cancel_order",
            Self::Bounty(_) => "bounty",
            Self::Bid { .. } => "bid",
        }
    }
}

/// Sides of the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Sells.
    Offer,
    /// Buys.
    Request,
}

impl Side {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Request => "request",
        }
    }
}

/// Work with a reward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BountyAct {
    /// Announces work; reward and fee go into escrow.
    Open {
        /// One line.
        title: String,
        /// What is to be done, in Markdown.
        text: String,
        /// What whoever does it gets.
        reward: Money,
        /// Hours (by the stamp) until it is refunded by itself.
        hours: u32,
    },
    /// Takes it on, alone or with others.
    Claim {
        /// Its number.
        bounty: u32,
        /// Who gets which share of a thousand; empty: all to whoever claims it.
        shares: Vec<(AgentId, u16)>,
    },
    /// Agrees to one's share as a collaborator.
    Agree {
        /// Its number.
        bounty: u32,
    },
    /// Gives a claim back.
    Unclaim {
        /// Its number.
        bounty: u32,
    },
    /// Hands in what was asked for.
    Submit {
        /// Its number.
        bounty: u32,
        /// The deliverable, or where it is.
        deliverable: String,
    },
    /// Accepts what was handed in: the reward is paid.
    Accept {
        /// Its number.
        bounty: u32,
    },
    /// Sends it back with a reason.
    Reject {
        /// Its number.
        bounty: u32,
        /// Why.
        reason: String,
    },
    /// Calls a moderator.
    Dispute {
        /// Its number.
        bounty: u32,
        /// Why.
        reason: String,
    },
    /// Takes it back while nobody has taken it on.
    Withdraw {
        /// Its number.
        bounty: u32,
    },
}

/// What the village, its staff and its machinery do with money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EconomyCommand {
    /// Rewards somebody, or penalises with a negative amount.
    Feedback(Feedback),
    /// Credits money that came from outside.
    Deposit {
        /// Whom.
        agent: AgentId,
        /// How much.
        amount: Money,
        /// The transaction's id with whoever moved it; each counts once.
        txn: String,
        /// What else is known of it.
        note: String,
    },
    /// Reserves what a thought or a run of a tool may cost.
    Reserve(Reserve),
    /// Reserves what one answer to a person's task may cost, as for a thought, and says what it entitles to.
    ReserveForTask(TaskReserve),
    /// Posts what it did cost and frees the rest. What is above the reservation is not charged.
    Settle {
        /// The reservation.
        reservation: u64,
        /// What was used.
        usage: Usage,
    },
    /// Frees a reservation: nothing was used.
    Release {
        /// The reservation.
        reservation: u64,
    },
    /// Says who owns an agent, for the caps of owners.
    Own {
        /// The agent.
        agent: AgentId,
        /// The owner's account; `None`: nobody.
        owner: Option<Uuid>,
        /// Whom the owner is in the village, where they took part in it.
        person: Option<AgentId>,
    },
    /// A moderator settles a dispute about a bounty.
    Settlement {
        /// The bounty.
        bounty: u32,
        /// Which thousandths of the reward those who worked get; the rest goes back.
        permille: u16,
        /// Why.
        reason: String,
        /// Whoever decides, where they are a member, and their agents: none of them may have a part in it.
        #[serde(default)]
        by: Vec<AgentId>,
        /// The account of whoever decides: it is they who close the case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staff: Option<Uuid>,
    },
    /// Every resident gets something, as only a scenario or an admin may say.
    Stimulus {
        /// How much each.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// What goods are worth changes at once.
    PriceShock {
        /// Which; `None`: all.
        item: Option<Item>,
        /// To how many hundredths of what they were.
        percent: u32,
    },
}

/// A reward, or a penalty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// The person who gives it, who has so much a day; `None`: the village or its staff, who have no limit.
    pub by: Option<AgentId>,
    /// Whom.
    pub agent: AgentId,
    /// How much; below zero it is a penalty, which takes at most what is there.
    pub amount: Money,
    /// Why; the agent reads it.
    pub reason: String,
    /// The post it is about.
    pub post: Option<PostId>,
    /// What whoever gives it calls it.
    pub client: Option<String>,
}

/// A reservation for a thought or a run of a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    /// Who pays.
    pub agent: AgentId,
    /// Account of the agent's owner, for caps per owner.
    pub owner: Option<Uuid>,
    /// What it is expected to need at most.
    pub estimate: Usage,
    /// What for: `thought`, `reflection`, `tool` …
    pub purpose: String,
    /// Name of the model or tool.
    pub model: String,
    /// Seconds (by the stamp) after which it is free again by itself.
    pub ttl_secs: u32,
}

/// A reservation for one answer to a person's task. Purpose and model follow from the agent's template and tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskReserve {
    /// Who works, and pays.
    pub agent: AgentId,
    /// What the answer needs at most.
    pub estimate: Usage,
    /// Seconds (by the stamp) after which it is free again by itself.
    pub ttl_secs: u32,
}

/// What a thought or a tool used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens in that were not cached.
    pub tokens_in: u64,
    /// Tokens in that were.
    pub tokens_cached: u64,
    /// Tokens out.
    pub tokens_out: u64,
    /// Milliseconds a tool ran.
    pub tool_ms: u64,
}

impl Usage {
    /// All tokens.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        self.tokens_in
            .saturating_add(self.tokens_cached)
            .saturating_add(self.tokens_out)
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EconomyOutcome {
    /// Money moved, or was moved by the same request before.
    Transferred {
        /// Number of the transfer.
        transfer: u64,
        /// How much: a penalty takes at most what is there.
        amount: Money,
        /// What the member has now.
        balance: Money,
    },
    /// A tier was bought.
    Purchased {
        /// Number of the transfer.
        transfer: u64,
        /// What it cost.
        amount: Money,
        /// Until when it holds, UTC milliseconds.
        until_ms: i64,
    },
    /// Money is reserved.
    Reserved {
        /// The reservation.
        reservation: u64,
        /// How much.
        amount: Money,
    },
    /// An answer to a person's task may be asked for.
    ReservedForTask {
        /// The reservation; `None`: answers cost nothing here.
        reservation: Option<u64>,
        /// What it entitles to.
        terms: ThoughtTerms,
    },
    /// A reservation is settled.
    Settled {
        /// What was charged.
        amount: Money,
    },
    /// An order is in the book.
    Ordered {
        /// Its number.
        order: u64,
    },
    /// A bounty is where it was put.
    Bounty {
        /// Its number.
        bounty: u32,
    },
    /// A bid counts.
    Bid {
        /// How much is reserved for it.
        reserved: Money,
    },
    /// Everybody got something.
    Stimulated {
        /// How many.
        residents: u32,
    },
}
