//! Entries of the ledger.

use hamlet_protocol::economy::{Account, ChainHash, Code, Transfer, TransferKind};
use hamlet_protocol::ids::{AgentId, PostId};
use hamlet_protocol::money::Money;

use super::Stored;
use crate::cells::Reader;
use crate::rows::TransferRow;
use crate::value::{Kind, Row, Table, Value};

/// A transfer as the cells of its row.
pub(crate) fn transfer_values(transfer: &Transfer) -> Row<'_> {
    let int = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    vec![
        int(transfer.no).into(),
        Value::text(transfer.kind.as_str()),
        transfer.debit.uuid().into(),
        transfer.credit.uuid().into(),
        transfer.amount.0.into(),
        Value::text(transfer.code.as_str()),
        transfer.pending.map(int).into(),
        transfer.batch.map(int).into(),
        transfer.by.map(|by| by.0).into(),
        transfer.post.map(|post| post.0).into(),
        Value::text(transfer.memo.as_str()),
        Value::opt_text(transfer.client.as_deref()),
        transfer.until_ms.into(),
        transfer.at_ms.into(),
        int(transfer.tick).into(),
        transfer.debit_balance.0.into(),
        transfer.credit_balance.0.into(),
        Value::bytes(&transfer.hash.0),
    ]
}

impl Stored for TransferRow {
    const TABLE: Table = Table {
        name: "transfers",
        columns: &[
            ("no", Kind::Int),
            ("kind", Kind::Text),
            ("debit", Kind::Uuid),
            ("credit", Kind::Uuid),
            ("amount", Kind::Int),
            ("code", Kind::Text),
            ("pending", Kind::Int),
            ("batch", Kind::Int),
            ("author", Kind::Uuid),
            ("post", Kind::Uuid),
            ("memo", Kind::Text),
            ("client", Kind::Text),
            ("until_ms", Kind::Int),
            ("at_ms", Kind::Int),
            ("tick", Kind::Int),
            ("debit_balance", Kind::Int),
            ("credit_balance", Kind::Int),
            ("hash", Kind::Bytes),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        transfer_values(&self.0)
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        let number =
            |value: i64| u64::try_from(value).map_err(|error| sqlx::Error::Decode(error.into()));
        Ok(Self(Transfer {
            no: number(row.int()?)?,
            kind: row.word(TransferKind::parse)?,
            debit: Account::from_uuid(row.uuid()?),
            credit: Account::from_uuid(row.uuid()?),
            amount: Money(row.int()?),
            code: row.word(Code::parse)?,
            pending: row.opt_int()?.map(number).transpose()?,
            batch: row.opt_int()?.map(number).transpose()?,
            by: row.opt_uuid()?.map(AgentId),
            post: row.opt_uuid()?.map(PostId),
            memo: row.text()?,
            client: row.opt_text()?,
            until_ms: row.opt_int()?,
            at_ms: row.int()?,
            tick: number(row.int()?)?,
            debit_balance: Money(row.int()?),
            credit_balance: Money(row.int()?),
            hash: ChainHash(row.hash()?),
        }))
    }
}
