//! What the village's economy answers, where it has one. Amounts are decimal text: the window adds nothing up.

use std::collections::BTreeMap;

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
    pub(crate) name: String,
}

/// An entry of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct LedgerEntry {
    pub(crate) no: u64,
    pub(crate) created_at: String,
    pub(crate) code: String,
    /// What it does to the balance.
    pub(crate) amount: String,
    /// What there is afterwards.
    pub(crate) balance: String,
    pub(crate) counterparty: Party,
    /// Somebody's words.
    pub(crate) memo: String,
}

/// `GET /economy/ledger/{agent}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct LedgerPage {
    pub(crate) entries: Vec<LedgerEntry>,
}

/// What moved for one purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Flow {
    pub(crate) count: u64,
    pub(crate) amount: String,
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
    pub(crate) flows: BTreeMap<String, Flow>,
}
