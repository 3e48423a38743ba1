//! What the village's economy answers, where it has one. Amounts are decimal text: the window adds nothing up.

use std::collections::BTreeMap;

use hamlet_protocol::ids::AgentId;
use serde::Deserialize;

/// `GET /economy/balance/{agent}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Balance {
    pub(crate) balance: String,
    pub(crate) reserved: String,
    pub(crate) available: String,
    pub(crate) currency: String,
    pub(crate) tier: u8,
}

/// Somebody, or an account of the village's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Party {
    pub(crate) agent_id: Option<AgentId>,
    pub(crate) name: String,
}

/// An entry of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct LedgerEntry {
    pub(crate) no: u64,
    pub(crate) created_at: String,
    /// `plain`, `pending`, `post`, `void` or `expire`.
    pub(crate) kind: String,
    pub(crate) code: String,
    /// What it does to the balance.
    pub(crate) amount: String,
    /// How much it moves, reserves or frees.
    pub(crate) value: String,
    /// What there is afterwards.
    pub(crate) balance: String,
    pub(crate) counterparty: Party,
    pub(crate) by: Option<Party>,
    /// Somebody's words.
    pub(crate) memo: String,
}

impl LedgerEntry {
    /// Whether money goes out (`true`), comes in (`false`), or only is set apart (`None`).
    pub(crate) fn goes_out(&self) -> Option<bool> {
        if self.amount.starts_with('-') {
            return Some(true);
        }
        let moves = self.amount.bytes().any(|it| (b'1'..=b'9').contains(&it));
        moves.then_some(false)
    }
}

/// `GET /economy/ledger/{agent}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct LedgerPage {
    pub(crate) entries: Vec<LedgerEntry>,
    pub(crate) next_cursor: Option<String>,
}

/// `GET /economy/entitlements/{agent}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Entitlements {
    pub(crate) tier: u8,
    pub(crate) name: String,
    pub(crate) can_think: bool,
    pub(crate) requests_per_min: u32,
    pub(crate) posts_per_hour: u32,
    pub(crate) comments_per_hour: u32,
    pub(crate) thoughts_per_hour: u32,
    pub(crate) tokens_per_hour: u64,
    pub(crate) concurrent_tool_runs: u32,
    pub(crate) models: Vec<String>,
    pub(crate) queue_priority: u8,
    pub(crate) gpu_share: String,
    pub(crate) auction_slots: u32,
    pub(crate) bought_until: Option<String>,
    pub(crate) tiers: Vec<TierShape>,
}

/// A tier of the village.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct TierShape {
    pub(crate) tier: u8,
    pub(crate) name: String,
    /// The balance from which it holds.
    pub(crate) from: String,
    /// What an hour costs who buys it; `0`: it is not for sale.
    pub(crate) price_per_hour: String,
}

/// What somebody spent on one thing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct SpentShape {
    /// `thought`, `tool` and so on.
    pub(crate) purpose: String,
    /// The model or tool.
    pub(crate) model: String,
    pub(crate) count: u64,
    pub(crate) tokens_in: u64,
    pub(crate) tokens_cached: u64,
    pub(crate) tokens_out: u64,
    pub(crate) amount: String,
}

/// What was spent in the running hour and day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct SpendingShape {
    pub(crate) hour: String,
    pub(crate) day: String,
    pub(crate) runs: u32,
    pub(crate) tokens: u64,
}

/// `GET /economy/costs?agent=…`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct SpentPage {
    pub(crate) total: String,
    pub(crate) costs: Vec<SpentShape>,
    pub(crate) spending: SpendingShape,
}

/// Money that came from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct DepositShape {
    pub(crate) paypal_txn_id: String,
    pub(crate) agent: String,
    pub(crate) amount: String,
    pub(crate) transfer: u64,
    pub(crate) note: String,
    pub(crate) created_at: String,
}

/// `GET /economy/deposits`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct DepositPage {
    pub(crate) deposits: Vec<DepositShape>,
    pub(crate) total: u64,
    pub(crate) total_amount: String,
    pub(crate) next_cursor: Option<String>,
}

/// What moved for one purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Flow {
    pub(crate) count: u64,
    pub(crate) amount: String,
}

/// How many have so much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct BandShape {
    /// From this balance on.
    pub(crate) from: String,
    /// Less than this.
    pub(crate) below: String,
    pub(crate) residents: u64,
}

/// `GET /economy/stats`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct EconomyStats {
    pub(crate) currency: String,
    pub(crate) supply: String,
    pub(crate) in_purses: String,
    pub(crate) accounts: BTreeMap<String, String>,
    pub(crate) gini: f64,
    pub(crate) mean: String,
    pub(crate) median: String,
    pub(crate) velocity_per_day: f64,
    pub(crate) transfers: u64,
    pub(crate) tiers: BTreeMap<String, u64>,
    pub(crate) bands: Vec<BandShape>,
    pub(crate) flows: BTreeMap<String, Flow>,
    pub(crate) wage: String,
    pub(crate) meal: String,
}
