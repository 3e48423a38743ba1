//! Money in the village: accounts, transfers and what is done with them.
//!
//! Every transfer has two sides, an amount of whole micro-aiDollars above zero, and a place in a chain of hashes.
//! Nothing of it is ever changed: what was wrong is put right by another transfer.

pub mod command;
pub mod event;
pub mod image;
pub mod tier;
pub mod view;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::ids::{AgentId, PostId};
use crate::money::Money;

/// Whose money it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// A member's: an agent's or a person's.
    Member(AgentId),
    /// The town's: it pays wages, and gets taxes and what compute is bought for.
    Treasury,
    /// What is kept for others until something is settled.
    Escrow,
    /// What the platform keeps back.
    Fees,
    /// Money that came from outside: below zero by as much as came in.
    Deposits,
    /// Money that is no more.
    Burn,
    /// Where the village's own money comes from: below zero by as much as there is of it.
    Mint,
}

impl Account {
    /// The village's own accounts.
    pub const SYSTEM: [Self; 6] = [
        Self::Treasury,
        Self::Escrow,
        Self::Fees,
        Self::Deposits,
        Self::Burn,
        Self::Mint,
    ];

    /// Its place among [`Account::SYSTEM`], for an account of the village's own.
    #[must_use]
    pub fn system_index(self) -> Option<usize> {
        Self::SYSTEM.into_iter().position(|other| other == self)
    }

    /// Its word: `treasury` and so on, `member` for anybody's.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Member(_) => "member",
            Self::Treasury => "treasury",
            Self::Escrow => "escrow",
            Self::Fees => "fees",
            Self::Deposits => "deposits",
            Self::Burn => "burn",
            Self::Mint => "mint",
        }
    }

    /// One id for every account: the member's own, or a fixed one that no member can have.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Member(agent) => agent.0,
            _ => Uuid::from_u128(1 + self.system_index().unwrap_or(0) as u128),
        }
    }

    /// The account of an id.
    #[must_use]
    pub fn from_uuid(id: Uuid) -> Self {
        let system = Self::SYSTEM
            .into_iter()
            .find(|account| account.uuid() == id);
        system.unwrap_or(Self::Member(AgentId(id)))
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its word.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The one of this word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What a transfer is for.
    Code {
        /// Thanks of a person or of the village.
        Reward = "reward",
        /// Money taken for something done badly.
        Penalty = "penalty",
        /// Money from outside, credited by an admin.
        DepositCredit = "deposit_credit",
        /// Compute bought in advance.
        PurchaseCompute = "purchase_compute",
        /// Compute used.
        Usage = "usage",
        /// From one member to another.
        Transfer = "transfer",
        /// Goods at the market.
        Trade = "trade",
        /// A bounty: into escrow and out of it.
        Bounty = "bounty",
        /// What the platform keeps back.
        Fee = "fee",
        /// Compute slots at auction.
        Auction = "auction",
        /// Money to begin with, or for everybody.
        Grant = "grant",
        /// Money back.
        Refund = "refund",
        /// Pay for work in the town.
        Wage = "wage",
        /// A meal in a café.
        Meal = "meal",
        /// The town's share.
        Tax = "tax",
    }
}

words! {
    /// What a transfer does.
    TransferKind {
        /// Moves money at once.
        Plain = "plain",
        /// Reserves money: nothing moves, but it can't be spent otherwise.
        Pending = "pending",
        /// Moves what was reserved, or a part of it; the rest is free again.
        Post = "post",
        /// Frees what was reserved.
        Void = "void",
        /// Frees what was reserved, because its time was over.
        Expire = "expire",
    }
}

/// A hash of the chain of transfers: SHA-256. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ChainHash(pub [u8; 32]);

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Why a text is no [`ChainHash`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash of the ledger is 64 hexadecimal digits")]
pub struct ChainHashError;

impl FromStr for ChainHash {
    type Err = ChainHashError;

    fn from_str(text: &str) -> Result<Self, ChainHashError> {
        let mut hash = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(ChainHashError);
        }
        for (at, byte) in hash.iter_mut().enumerate() {
            let digits = text.get(2 * at..2 * at + 2).ok_or(ChainHashError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_source| ChainHashError)?;
        }
        Ok(Self(hash))
    }
}

impl Serialize for ChainHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for ChainHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// An entry of the ledger. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its number, from 1 without gaps.
    pub no: u64,
    /// What it does.
    pub kind: TransferKind,
    /// Who gives.
    pub debit: Account,
    /// Who gets.
    pub credit: Account,
    /// How much; above zero.
    pub amount: Money,
    /// What for.
    pub code: Code,
    /// Number of the reservation that it posts, voids or lets expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<u64>,
    /// Number of the first of those that took effect together or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u64>,
    /// The member who wanted it; `None`: the village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AgentId>,
    /// The post it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// What whoever wanted it calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// When a reservation is void by itself, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// In which tick.
    pub tick: u64,
    /// What the giver has afterwards.
    pub debit_balance: Money,
    /// What the receiver has afterwards.
    pub credit_balance: Money,
    /// Hash of this entry and, through the one before, of all before it.
    pub hash: ChainHash,
}

impl Transfer {
    /// The bytes that its hash covers, after the hash before. Numbers are big endian; texts have their length before them; what is absent is zero.
    pub fn canonical(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.no.to_be_bytes());
        bytes.push(self.kind as u8);
        bytes.extend(self.debit.uuid().as_bytes());
        bytes.extend(self.credit.uuid().as_bytes());
        bytes.extend(self.amount.0.to_be_bytes());
        bytes.extend(self.pending.unwrap_or(0).to_be_bytes());
        bytes.extend(self.batch.unwrap_or(0).to_be_bytes());
        bytes.extend(self.by.map_or(Uuid::nil(), |by| by.0).as_bytes());
        bytes.extend(self.post.map_or(Uuid::nil(), |post| post.0).as_bytes());
        bytes.extend(self.until_ms.unwrap_or(0).to_be_bytes());
        bytes.extend(self.at_ms.to_be_bytes());
        bytes.extend(self.tick.to_be_bytes());
        for text in [
            self.code.as_str(),
            &self.memo,
            self.client.as_deref().unwrap_or_default(),
        ] {
            bytes.extend((text.len() as u32).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
    }

    /// Whether money moves.
    #[must_use]
    pub fn moves(&self) -> bool {
        matches!(self.kind, TransferKind::Plain | TransferKind::Post)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_have_ids_and_words_of_their_own() {
        for account in Account::SYSTEM {
            assert_eq!(Account::from_uuid(account.uuid()), account);
        }
        let member = Account::Member(AgentId(Uuid::from_u128(1 << 100)));
        assert_eq!(Account::from_uuid(member.uuid()), member);
        for &code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(code));
        }
        for &kind in TransferKind::ALL {
            assert_eq!(TransferKind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn a_hash_is_written_in_digits() {
        let hash = ChainHash(std::array::from_fn(|at| at as u8 * 7));
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for text in ["", "0", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(text.parse::<ChainHash>(), Err(ChainHashError));
        }
    }
}
