//! Money between members, from outside, and for tiers.

use std::sync::Arc;

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::EconomyOutcome;
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::economy::image::{DepositImage, PurchaseImage};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::Money;

use super::ledger::{AMOUNT_MAX, Entry, Note, Purse};
use super::refusal;
use crate::journal::digest;
use crate::moderation::check_secrets;
use crate::town::Town;

/// Characters of a memo.
const MEMO_CHARS_MAX: usize = 500;
/// Longest id of a transaction from outside, and of a client's own name for one.
const NAME_BYTES_MAX: usize = 400;
/// Hours of a tier one buys at once.
const HOURS_MAX: u32 = 24 * 31;
/// Deposits there may be.
const DEPOSITS_MAX: usize = 1_000_000;
const HOUR_MS: i64 = 3_600_000;

/// Checks the words that go with money.
pub(super) fn check_memo(what: &str, text: &str) -> Result<(), Rejection> {
    let chars = text.chars().count();
    if chars > MEMO_CHARS_MAX || text.chars().any(|it| it.is_control() && it != '\n') {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            format!(
                "{what} has at most {MEMO_CHARS_MAX} characters and no control characters; this has {chars} characters."
            ),
            "Shorten it, or clean it.",
        ));
    }
    check_secrets(what, text)
}

fn check_name(what: &str, name: &str) -> Result<(), Rejection> {
    let good = (1..=NAME_BYTES_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_graphic());
    if good {
        return Ok(());
    }
    Err(Rejection::new(
        RejectionCode::Invalid,
        format!("{what} has 1 to {NAME_BYTES_MAX} visible ASCII characters and no spaces."),
        "Send it as it was given to you.",
    ))
}

impl Town<'_, '_> {
    /// The transfer that this very request made before; a refusal where its name was used for another.
    pub(super) fn asked_before(
        &self,
        client: Option<&str>,
        request: u128,
    ) -> Result<Option<u64>, Rejection> {
        let Some(client) = client else {
            return Ok(None);
        };
        check_name("A name for a transfer", client)?;
        self.economy
            .ledger
            .done_before(client, request)
            .map_err(refusal)
    }

    pub(super) fn note_request(&mut self, client: Option<&str>, request: u128, transfer: u64) {
        if let Some(client) = client {
            self.economy
                .ledger
                .remember(client.to_owned(), request, transfer);
        }
    }

    pub(super) fn transferred(&self, no: u32, transfer: u64, amount: Money) -> EconomyOutcome {
        EconomyOutcome::Transferred {
            transfer,
            amount,
            balance: self.economy.ledger.balance(Purse::of(no)),
        }
    }

    /// The transfer by which a member did just this before.
    pub(super) fn paid_before(
        &self,
        no: u32,
        to: AgentId,
        amount: Money,
        memo: &str,
        client: Option<&str>,
    ) -> Result<Option<u64>, Rejection> {
        self.asked_before(client, digest(&(no, to, amount, memo)))
    }

    /// A member gives another money.
    pub(super) fn pay_member(
        &mut self,
        no: u32,
        to: AgentId,
        amount: Money,
        memo: &str,
        client: Option<&str>,
    ) -> Result<EconomyOutcome, Rejection> {
        if let Some(before) = self.paid_before(no, to, amount, memo, client)? {
            return Ok(self.transferred(no, before, amount));
        }
        let request = digest(&(no, to, amount, memo));
        let other = self.member_no(to)?;
        if no == other {
            return Err(refusal(super::LedgerError::Same));
        }
        check_memo("A memo", memo)?;
        self.check_apart(no, other)?;
        self.check_may_receive(other)?;
        let entry = Entry {
            debit: Purse::of(no),
            credit: Purse::of(other),
            amount,
            code: Code::Transfer,
            note: Note {
                by: Some(self.roster.agent_id(no)),
                post: None,
                memo: memo.to_owned(),
                client: client.map(str::to_owned),
            },
        };
        let transfer = self.pay(entry)?;
        self.note_request(client, request, transfer);
        self.tell_of_payment(other, no, amount, memo);
        Ok(self.transferred(no, transfer, amount))
    }

    /// Whoever is banned gets no money.
    pub(super) fn check_may_receive(&self, no: u32) -> Result<(), Rejection> {
        if self.is_banned(no) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "They are banned from the village.",
                "Wait until a moderator lets them in again.",
            ));
        }
        Ok(())
    }

    /// A member buys a tier for some hours; what is left of one bought before is added.
    pub(super) fn purchase(
        &mut self,
        no: u32,
        tier: u8,
        hours: u32,
        client: Option<&str>,
    ) -> Result<EconomyOutcome, Rejection> {
        let request = digest(&(no, "purchase", tier, hours));
        let specs = Arc::clone(&self.economy.specs);
        let Some(spec) = specs.get(usize::from(tier)) else {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                format!("There is no tier {tier}."),
                format!("Tiers are 0 to {}.", specs.len().saturating_sub(1)),
            ));
        };
        if !(1..=HOURS_MAX).contains(&hours) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("A tier is bought for 1 to {HOURS_MAX} hours."),
                "Send that many hours.",
            ));
        }
        if spec.price_per_hour.0 == 0 {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("The tier `{}` is not for sale.", spec.name),
                "Choose one with a price.",
            ));
        }
        let price = spec.price_per_hour.0.checked_mul(i64::from(hours));
        let amount = price.map(Money).filter(|price| *price <= AMOUNT_MAX);
        let amount = amount.ok_or_else(|| refusal(super::LedgerError::Amount))?;
        if let Some(transfer) = self.asked_before(client, request)? {
            let until_ms = self.economy.purchases.get(&no).map_or(0, |it| it.until_ms);
            return Ok(EconomyOutcome::Purchased {
                transfer,
                amount,
                until_ms,
            });
        }
        let now_ms = self.clock.stamp_ms;
        let held = self.economy.purchases.get(&no).copied();
        let from_ms = match held.filter(|held| held.until_ms > now_ms) {
            Some(held) if held.tier == tier => held.until_ms,
            Some(held) if held.tier > tier => {
                return Err(Rejection::new(
                    RejectionCode::Already,
                    format!(
                        "You bought the higher tier {} and still have it.",
                        held.tier
                    ),
                    "Wait until it is over, or add hours to it.",
                ));
            }
            _ => now_ms,
        };
        let entry = Entry {
            debit: Purse::of(no),
            credit: Purse::TREASURY,
            amount,
            code: Code::PurchaseCompute,
            note: Note {
                by: Some(self.roster.agent_id(no)),
                post: None,
                memo: format!("{} for {hours} h", spec.name),
                client: client.map(str::to_owned),
            },
        };
        let transfer = self.pay(entry)?;
        self.note_request(client, request, transfer);
        let until_ms = from_ms.saturating_add(i64::from(hours) * HOUR_MS);
        self.economy
            .purchases
            .insert(no, PurchaseImage { tier, until_ms });
        self.look_at_tier(no);
        Ok(EconomyOutcome::Purchased {
            transfer,
            amount,
            until_ms,
        })
    }

    /// Money from outside is credited; each transaction once.
    pub(super) fn deposit(
        &mut self,
        agent: AgentId,
        amount: Money,
        txn: &str,
        note: &str,
    ) -> Result<EconomyOutcome, Rejection> {
        check_name("The id of a transaction", txn)?;
        check_memo("A note", note)?;
        let no = self.member_no(agent)?;
        if let Some(before) = self.economy.deposits.get(txn) {
            return Err(Rejection::new(
                RejectionCode::Already,
                format!(
                    "The transaction {txn} was credited before, as transfer {}.",
                    before.transfer
                ),
                "Nothing is to be done: it counts once. Look at the list of deposits.",
            ));
        }
        if self.economy.deposits.len() >= DEPOSITS_MAX {
            return Err(refusal(super::LedgerError::Full));
        }
        let mut entry = Entry::new(Purse::DEPOSITS, Purse::of(no), amount, Code::DepositCredit);
        entry.note.memo = note.to_owned();
        entry.note.client = Some(txn.to_owned());
        let transfer = self.pay(entry)?;
        let image = DepositImage {
            agent: no,
            amount: amount.0,
            transfer,
            at_ms: self.clock.stamp_ms,
            note: note.to_owned(),
        };
        self.economy.deposits.push(txn.to_owned(), image);
        let event = EconomyEvent::Deposited {
            agent,
            amount,
            txn: txn.to_owned(),
            transfer,
            note: note.to_owned(),
        };
        self.log.record(&self.clock, Event::Economy(event));
        Ok(self.transferred(no, transfer, amount))
    }
}
