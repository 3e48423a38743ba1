//! The ledger: entries in order, and those of one account.

use hamlet_protocol::economy::{Account, Code, Transfer};
use uuid::Uuid;

use crate::cells::Reader;
use crate::rows::TransferRow;
use crate::store::{Result, Store};
use crate::value::Value;

/// The words of a bounty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BountyWords {
    /// What is to be done.
    pub text: String,
    /// What was handed in last; empty: nothing.
    pub deliverable: String,
    /// The last reason given; empty: none.
    pub reason: String,
}

impl BountyWords {
    fn read(row: &mut Reader<'_>) -> std::result::Result<Self, sqlx::Error> {
        Ok(Self {
            text: row.text()?,
            deliverable: row.opt_text()?.unwrap_or_default(),
            reason: row.opt_text()?.unwrap_or_default(),
        })
    }
}

/// Which entries of an account.
#[derive(Clone, Copy, Debug)]
pub struct TransferQuery {
    /// Whose.
    pub account: Account,
    /// Only below this number; the newest come first.
    pub before: Option<i64>,
    /// Only of this code.
    pub code: Option<Code>,
    /// Only from this moment on, UTC milliseconds.
    pub since_ms: Option<i64>,
    /// Only before this moment, UTC milliseconds.
    pub until_ms: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

impl Store {
    /// Entries of the ledger after this number, oldest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn transfers_after(&self, no: i64, limit: u32) -> Result<Vec<Transfer>> {
        let rows: Vec<TransferRow> = self
            .backend()
            .rows(
                "WHERE no > $1 ORDER BY no LIMIT $2",
                vec![no.into(), i64::from(limit).into()],
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// The words of a bounty, which the village forgets a while after it is over.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn bounty_words(&self, no: u32) -> Result<Option<BountyWords>> {
        let sql = "SELECT text, deliverable, reason FROM bounties WHERE no = $1";
        let args = vec![i64::from(no).into()];
        let found = self.backend().read(sql, args, BountyWords::read).await?;
        Ok(found.into_iter().next())
    }

    /// Entries of one account, the newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn transfers_of(&self, query: &TransferQuery) -> Result<Vec<Transfer>> {
        let code = query.code.map_or("", Code::as_str);
        let rows: Vec<TransferRow> = self
            .backend()
            .rows(
                "WHERE (debit = $1 OR credit = $1) AND no < $2 AND ($3 = '' OR code = $3) \
                 AND at_ms >= $4 AND at_ms < $5 ORDER BY no DESC LIMIT $6",
                vec![
                    query.account.uuid().into(),
                    query.before.unwrap_or(i64::MAX).into(),
                    Value::text(code),
                    query.since_ms.unwrap_or(i64::MIN).into(),
                    query.until_ms.unwrap_or(i64::MAX).into(),
                    i64::from(query.limit).into(),
                ],
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Balances as the database keeps them, in micro-aiDollars, by account.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn ledger_balances(&self) -> Result<Vec<(Account, i64)>> {
        let read = |row: &mut Reader<'_>| -> std::result::Result<(Uuid, i64), sqlx::Error> {
            Ok((row.uuid()?, row.int()?))
        };
        let rows = self
            .backend()
            .read(
                "SELECT account, balance FROM ledger_accounts ORDER BY account",
                vec![],
                read,
            )
            .await?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|(id, balance)| (Account::from_uuid(id), balance))
            .collect())
    }
}
