//! Money becomes rows: entries of the ledger, balances, deposits, bounties.

use hamlet_protocol::economy::event::{BountyDeed, BountyEvent, EconomyEvent};
use hamlet_protocol::economy::{Account, Transfer};

use crate::plan::Step;
use crate::rows::TransferRow;
use crate::tables::Stored;
use crate::value::{Action, Kind, Row, Table, Value};

const ACCOUNTS: Table = Table {
    name: "ledger_accounts",
    columns: &[
        ("account", Kind::Uuid),
        ("kind", Kind::Text),
        ("balance", Kind::Int),
        ("last_transfer", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 1,
};

const DEPOSITS: Table = Table {
    name: "deposits",
    columns: &[
        ("txn", Kind::Text),
        ("agent", Kind::Uuid),
        ("amount", Kind::Int),
        ("transfer", Kind::Int),
        ("note", Kind::Text),
        ("at_ms", Kind::Int),
    ],
    key: 1,
};

const BOUNTIES: Table = Table {
    name: "bounties",
    columns: &[
        ("no", Kind::Int),
        ("author", Kind::Uuid),
        ("title", Kind::Text),
        ("text", Kind::Text),
        ("reward", Kind::Int),
        ("fee", Kind::Int),
        ("created_ms", Kind::Int),
        ("until_ms", Kind::Int),
        ("state", Kind::Text),
        ("changed_ms", Kind::Int),
    ],
    key: 1,
};

const BOUNTIES_MOVED: Table = Table {
    name: "bounties",
    columns: &[
        ("no", Kind::Int),
        ("state", Kind::Text),
        ("deliverable", Kind::Text),
        ("reason", Kind::Text),
        ("changed_ms", Kind::Int),
    ],
    key: 1,
};

/// Rows of money.
#[derive(Default)]
pub(super) struct Money<'a> {
    transfers: Vec<Row<'a>>,
    accounts: Vec<Row<'a>>,
    deposits: Vec<Row<'a>>,
    bounties: Vec<Row<'a>>,
    moved: Vec<Row<'a>>,
}

impl<'a> Money<'a> {
    pub(super) fn steps(self) -> Vec<Step<'a>> {
        vec![
            Step::rows(TransferRow::TABLE, Action::Insert, self.transfers),
            Step::rows(ACCOUNTS, Action::Upsert, self.accounts),
            Step::rows(DEPOSITS, Action::Insert, self.deposits),
            Step::rows(BOUNTIES, Action::Insert, self.bounties),
            Step::rows(BOUNTIES_MOVED, Action::Update, self.moved),
        ]
    }

    pub(super) fn happened(&mut self, event: &'a EconomyEvent, at: i64) {
        match event {
            EconomyEvent::Transferred(transfer) => self.transferred(transfer),
            EconomyEvent::Deposited {
                agent,
                amount,
                txn,
                transfer,
                note,
            } => self.deposits.push(vec![
                Value::text(txn.as_str()),
                agent.0.into(),
                amount.0.into(),
                int(*transfer),
                Value::text(note.as_str()),
                at.into(),
            ]),
            EconomyEvent::Bounty(event) => self.bounty(event, at),
            // These are history and nothing else.
            EconomyEvent::TierChanged { .. }
            | EconomyEvent::Ordered { .. }
            | EconomyEvent::OrderEnded { .. }
            | EconomyEvent::Sold { .. }
            | EconomyEvent::Auctioned { .. } => {}
        }
    }

    fn transferred(&mut self, transfer: &'a Transfer) {
        self.transfers
            .push(crate::tables::transfer_values(transfer));
        if !transfer.moves() {
            return;
        }
        let sides: [(Account, i64); 2] = [
            (transfer.debit, transfer.debit_balance.0),
            (transfer.credit, transfer.credit_balance.0),
        ];
        for (account, balance) in sides {
            self.accounts.push(vec![
                account.uuid().into(),
                Value::text(account.word()),
                balance.into(),
                int(transfer.no),
                transfer.at_ms.into(),
            ]);
        }
    }

    fn bounty(&mut self, event: &'a BountyEvent, at: i64) {
        let no: Value<'a> = i64::from(event.bounty).into();
        let state = match &event.what {
            BountyDeed::Opened {
                title,
                text,
                reward,
                fee,
                until_ms,
            } => {
                self.bounties.push(vec![
                    no,
                    event.by.map(|by| by.0).into(),
                    Value::text(title.as_str()),
                    Value::text(text.as_str()),
                    reward.0.into(),
                    fee.0.into(),
                    at.into(),
                    (*until_ms).into(),
                    Value::text("open"),
                    at.into(),
                ]);
                return;
            }
            BountyDeed::Claimed { .. } | BountyDeed::Rejected { .. } => "claimed",
            BountyDeed::Unclaimed => "open",
            BountyDeed::Submitted { .. } => "submitted",
            BountyDeed::Accepted => "accepted",
            BountyDeed::Disputed { .. } => "disputed",
            BountyDeed::Settled { .. } => "settled",
            BountyDeed::Refunded { .. } => "refunded",
            BountyDeed::Agreed => return,
        };
        let (deliverable, reason) = match &event.what {
            BountyDeed::Submitted { deliverable } => {
                (Value::text(deliverable.as_str()), Value::Null)
            }
            BountyDeed::Rejected { reason }
            | BountyDeed::Disputed { reason }
            | BountyDeed::Settled { reason, .. } => (Value::Null, Value::text(reason.as_str())),
            // With a claim ends what was handed in under it.
            BountyDeed::Unclaimed => (Value::text(""), Value::text("")),
            _ => (Value::Null, Value::Null),
        };
        self.moved
            .push(vec![no, Value::text(state), deliverable, reason, at.into()]);
    }
}

/// Numbers of the ledger fit: there is no time to make more.
fn int(number: u64) -> Value<'static> {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
