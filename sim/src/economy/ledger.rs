//! The ledger: double entry in whole micro-aiDollars, reservations, and a chain of hashes over all of it.
//!
//! [`Ledger::apply`] takes steps that take effect together or not at all. Nothing else changes a balance.
//! No account goes below zero but those that money comes from: the mint and what was deposited.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hamlet_protocol::economy::image::{LedgerImage, PendingImage};
use hamlet_protocol::economy::{Account, ChainHash, Code, Transfer, TransferKind};
use hamlet_protocol::ids::{AgentId, IdCodec, PostId};
use hamlet_protocol::money::Money;
use hamlet_protocol::scenario::AGENTS_MAX;
use sha2::{Digest, Sha256};

/// Most money in one transfer, in micro-aiDollars: a million million aiDollars would not fit a balance twice.
pub const AMOUNT_MAX: Money = Money(1_000_000_000_000_000_000);
/// Steps that take effect together at most.
pub const STEPS_MAX: usize = 8_192;
/// Names of the clients' own that are remembered; the oldest are forgotten first.
pub const CLIENTS_MAX: usize = 8_192;
/// Reservations there may be at once.
pub const PENDING_MAX: usize = 4_000_000;

/// An account by number: an agent number, or one of the village's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purse(u32);

impl Purse {
    /// Pays wages, gets taxes.
    pub const TREASURY: Self = Self(u32::MAX);
    /// Keeps for others.
    pub const ESCROW: Self = Self(u32::MAX - 1);
    /// What the platform keeps.
    pub const FEES: Self = Self(u32::MAX - 2);
    /// Money from outside.
    pub const DEPOSITS: Self = Self(u32::MAX - 3);
    /// Money that is no more.
    pub const BURN: Self = Self(u32::MAX - 4);
    /// Where the village's money comes from.
    pub const MINT: Self = Self(u32::MAX - 5);

    /// A member's, by agent number.
    #[must_use]
    pub fn of(no: u32) -> Self {
        Self(no)
    }

    /// The agent number of a member's.
    #[must_use]
    pub fn member(self) -> Option<u32> {
        (self.0 < AGENTS_MAX).then_some(self.0)
    }

    fn system(self) -> Option<usize> {
        let at = (u32::MAX - self.0) as usize;
        (at < Account::SYSTEM.len()).then_some(at)
    }

    fn may_owe(self) -> bool {
        self == Self::MINT || self == Self::DEPOSITS
    }

    fn account(self, ids: &IdCodec) -> Account {
        match self.system() {
            Some(at) => Account::SYSTEM[at],
            None => Account::Member(ids.make(u64::from(self.0))),
        }
    }
}

/// What is said with a transfer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The member who wants it; `None`: the village.
    pub by: Option<AgentId>,
    /// The post it is about.
    pub post: Option<PostId>,
    /// Why, in words.
    pub memo: String,
    /// What whoever wants it calls it.
    pub client: Option<String>,
}

/// From whom to whom, how much, what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who gives.
    pub debit: Purse,
    /// Who gets.
    pub credit: Purse,
    /// How much; above zero.
    pub amount: Money,
    /// What for.
    pub code: Code,
    /// What is said with it.
    pub note: Note,
}

impl Entry {
    /// A transfer with nothing said.
    #[must_use]
    pub fn new(debit: Purse, credit: Purse, amount: Money, code: Code) -> Self {
        Self {
            debit,
            credit,
            amount,
            code,
            note: Note::default(),
        }
    }

    /// With words.
    #[must_use]
    pub fn saying(mut self, memo: impl Into<String>) -> Self {
        self.note.memo = memo.into();
        self
    }

    /// With the member who wants it.
    #[must_use]
    pub fn by(mut self, by: Option<AgentId>) -> Self {
        self.note.by = by;
        self
    }
}

/// One step of what takes effect together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Moves money.
    Move(Entry),
    /// Reserves money, until then or until further notice.
    Reserve(Entry, Option<i64>),
    /// Moves what is reserved, or less; the rest is free again.
    Post {
        /// The reservation.
        pending: u64,
        /// How much.
        amount: Money,
        /// To whom, where it is not whom it was reserved for.
        to: Option<Purse>,
    },
    /// Frees what is reserved.
    Void {
        /// The reservation.
        pending: u64,
        /// Whether its time was over.
        expired: bool,
    },
}

/// When something happens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// In which tick.
    pub tick: u64,
    /// UTC milliseconds.
    pub at_ms: i64,
}

/// Why nothing was transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Zero, negative or too much.
    #[error("an amount lies between 0.000001 and 1000000000000")]
    Amount,
    /// From somebody to themselves.
    #[error("giver and receiver are one")]
    Same,
    /// More than is there.
    #[error("{available} is there, {wanted} is wanted")]
    Funds {
        /// What can be spent.
        available: Money,
        /// What was to be.
        wanted: Money,
    },
    /// No such reservation: it never was, or is settled.
    #[error("there is no reservation {0}: it is settled, or never was")]
    NotPending(u64),
    /// More than is reserved.
    #[error("{reserved} is reserved, {wanted} is wanted")]
    OverReserved {
        /// What is reserved.
        reserved: Money,
        /// What was to be posted.
        wanted: Money,
    },
    /// The name was used for something else.
    #[error("this name was used for another transfer")]
    Conflict,
    /// A limit of the ledger.
    #[error("the ledger has no room for more at once")]
    Full,
}

#[derive(Clone, Debug)]
struct Pending {
    debit: Purse,
    credit: Purse,
    amount: i64,
    code: Code,
    until_ms: Option<i64>,
}

/// Balances of all, what is reserved, and the end of the chain.
#[derive(Clone, Debug)]
pub struct Ledger {
    ids: IdCodec,
    transfers: u64,
    head: ChainHash,
    members: Vec<i64>,
    /// What is reserved, by agent number.
    reserved: Vec<i64>,
    system: [i64; 6],
    pending: BTreeMap<u64, Pending>,
    /// Reservations with an end, by it.
    ends: BTreeSet<(i64, u64)>,
    clients: BTreeMap<String, (u128, u64)>,
    clients_order: VecDeque<String>,
    flows: BTreeMap<Code, (u64, i128)>,
    bytes: Vec<u8>,
    undo: Vec<Undo>,
}

/// How a step is taken back.
#[derive(Clone, Debug)]
enum Undo {
    Balance(Purse, i64),
    Reserved(u32, i64),
    Added(u64),
    Removed(u64, Pending),
}

impl Ledger {
    /// A ledger with nothing in it.
    #[must_use]
    pub fn new(ids: IdCodec) -> Self {
        Self {
            ids,
            transfers: 0,
            head: ChainHash::default(),
            members: Vec::new(),
            reserved: Vec::new(),
            system: [0; 6],
            pending: BTreeMap::new(),
            ends: BTreeSet::new(),
            clients: BTreeMap::new(),
            clients_order: VecDeque::new(),
            flows: BTreeMap::new(),
            bytes: Vec::with_capacity(512),
            undo: Vec::new(),
        }
    }

    /// What somebody has, what is reserved included.
    #[must_use]
    pub fn balance(&self, purse: Purse) -> Money {
        Money(match purse.system() {
            Some(at) => self.system[at],
            None => self.members.get(purse.0 as usize).copied().unwrap_or(0),
        })
    }

    /// What is reserved of it.
    #[must_use]
    pub fn reserved(&self, purse: Purse) -> Money {
        let member = purse.member().and_then(|no| self.reserved.get(no as usize));
        Money(member.copied().unwrap_or(0))
    }

    /// What somebody can spend.
    #[must_use]
    pub fn available(&self, purse: Purse) -> Money {
        Money(self.balance(purse).0 - self.reserved(purse).0)
    }

    /// Transfers so far.
    #[must_use]
    pub fn transfers(&self) -> u64 {
        self.transfers
    }

    /// Hash of the last one.
    #[must_use]
    pub fn head(&self) -> ChainHash {
        self.head
    }

    /// Balances of the village's own accounts, in the order of [`Account::SYSTEM`].
    #[must_use]
    pub fn system(&self) -> [i64; 6] {
        self.system
    }

    /// Balances of members, by agent number.
    #[must_use]
    pub fn members(&self) -> &[i64] {
        &self.members
    }

    /// What moved so far, by what for.
    #[must_use]
    pub fn flows(&self) -> &BTreeMap<Code, (u64, i128)> {
        &self.flows
    }

    /// How much a reservation holds.
    #[must_use]
    pub fn pending(&self, no: u64) -> Option<Money> {
        self.pending.get(&no).map(|pending| Money(pending.amount))
    }

    /// The sum over all accounts: zero, always.
    #[must_use]
    pub fn sum(&self) -> i128 {
        let all = self.members.iter().chain(&self.system);
        all.map(|&balance| i128::from(balance)).sum()
    }

    /// The transfer that was made under a client's name, if this very request was made before.
    ///
    /// # Errors
    /// [`LedgerError::Conflict`] where the name was used for something else.
    pub fn done_before(&self, client: &str, request: u128) -> Result<Option<u64>, LedgerError> {
        match self.clients.get(client) {
            None => Ok(None),
            Some(&(digest, no)) if digest == request => Ok(Some(no)),
            Some(_) => Err(LedgerError::Conflict),
        }
    }

    /// Remembers the client's name of a request.
    pub fn remember(&mut self, client: String, request: u128, transfer: u64) {
        while self.clients_order.len() >= CLIENTS_MAX {
            if let Some(oldest) = self.clients_order.pop_front() {
                self.clients.remove(&oldest);
            }
        }
        self.clients_order.push_back(client.clone());
        self.clients.insert(client, (request, transfer));
    }

    /// Does all of these steps, or none.
    ///
    /// # Errors
    /// Why none was done; nothing has changed then.
    pub fn apply(&mut self, now: Moment, steps: &[Step]) -> Result<Vec<Transfer>, LedgerError> {
        if steps.len() > STEPS_MAX || self.pending.len() + steps.len() > PENDING_MAX {
            return Err(LedgerError::Full);
        }
        self.undo.clear();
        let first = self.transfers + 1;
        let mut made = Vec::with_capacity(steps.len());
        for (at, step) in steps.iter().enumerate() {
            match self.step(now, first + at as u64, step) {
                Ok(transfer) => made.push(transfer),
                Err(refused) => {
                    self.take_back();
                    return Err(refused);
                }
            }
        }
        for transfer in &mut made {
            if steps.len() > 1 {
                transfer.batch = Some(first);
            }
            self.chain(transfer);
        }
        Ok(made)
    }

    /// Does one step.
    ///
    /// # Errors
    /// Why it was not done; nothing has changed then.
    pub fn apply_one(&mut self, now: Moment, step: &Step) -> Result<Transfer, LedgerError> {
        if self.pending.len() >= PENDING_MAX {
            return Err(LedgerError::Full);
        }
        self.undo.clear();
        match self.step(now, self.transfers + 1, step) {
            Ok(mut transfer) => {
                self.chain(&mut transfer);
                Ok(transfer)
            }
            Err(refused) => {
                self.take_back();
                Err(refused)
            }
        }
    }

    /// Reservations whose time is over.
    #[must_use]
    pub fn overdue(&self, now_ms: i64) -> Vec<u64> {
        let ended = self.ends.range(..=(now_ms, u64::MAX));
        ended.map(|&(_, no)| no).take(STEPS_MAX).collect()
    }

    fn step(&mut self, now: Moment, no: u64, step: &Step) -> Result<Transfer, LedgerError> {
        match step {
            Step::Move(entry) => {
                check(entry)?;
                self.check_funds(entry.debit, entry.amount)?;
                self.shift(entry.debit, entry.credit, entry.amount.0)?;
                Ok(self.made(now, no, TransferKind::Plain, entry))
            }
            Step::Reserve(entry, until_ms) => {
                check(entry)?;
                self.check_funds(entry.debit, entry.amount)?;
                self.set_reserved(entry.debit, entry.amount.0);
                let pending = Pending {
                    debit: entry.debit,
                    credit: entry.credit,
                    amount: entry.amount.0,
                    code: entry.code,
                    until_ms: *until_ms,
                };
                self.enter(no, pending);
                self.undo.push(Undo::Added(no));
                let mut transfer = self.made(now, no, TransferKind::Pending, entry);
                transfer.until_ms = *until_ms;
                Ok(transfer)
            }
            Step::Post {
                pending,
                amount,
                to,
            } => {
                let held = self.release(*pending)?;
                if amount.0 > held.amount {
                    return Err(LedgerError::OverReserved {
                        reserved: Money(held.amount),
                        wanted: *amount,
                    });
                }
                let credit = to.unwrap_or(held.credit);
                let entry = Entry::new(held.debit, credit, *amount, held.code);
                check(&entry)?;
                self.shift(entry.debit, entry.credit, entry.amount.0)?;
                let mut transfer = self.made(now, no, TransferKind::Post, &entry);
                transfer.pending = Some(*pending);
                Ok(transfer)
            }
            Step::Void { pending, expired } => {
                let held = self.release(*pending)?;
                let entry = Entry::new(held.debit, held.credit, Money(held.amount), held.code);
                let kind = if *expired {
                    TransferKind::Expire
                } else {
                    TransferKind::Void
                };
                let mut transfer = self.made(now, no, kind, &entry);
                transfer.pending = Some(*pending);
                Ok(transfer)
            }
        }
    }

    fn check_funds(&self, purse: Purse, wanted: Money) -> Result<(), LedgerError> {
        let available = self.available(purse);
        if purse.may_owe() || available >= wanted {
            return Ok(());
        }
        Err(LedgerError::Funds { available, wanted })
    }

    fn shift(&mut self, debit: Purse, credit: Purse, amount: i64) -> Result<(), LedgerError> {
        for (purse, by) in [(debit, -amount), (credit, amount)] {
            let place = self.place(purse);
            let before = *place;
            *place = before.checked_add(by).ok_or(LedgerError::Full)?;
            self.undo.push(Undo::Balance(purse, before));
        }
        // No other account goes below zero, so the sum over any of them is at most what was issued.
        let issued = -(i128::from(self.balance(Purse::MINT).0)
            + i128::from(self.balance(Purse::DEPOSITS).0));
        if debit.may_owe() && issued > i128::from(i64::MAX) {
            return Err(LedgerError::Full);
        }
        Ok(())
    }

    fn place(&mut self, purse: Purse) -> &mut i64 {
        match purse.system() {
            Some(at) => &mut self.system[at],
            None => slot(&mut self.members, purse.0),
        }
    }

    fn set_reserved(&mut self, purse: Purse, by: i64) {
        let Some(no) = purse.member() else { return };
        let place = slot(&mut self.reserved, no);
        let before = *place;
        *place += by;
        self.undo.push(Undo::Reserved(no, before));
    }

    fn enter(&mut self, no: u64, pending: Pending) {
        if let Some(until_ms) = pending.until_ms {
            self.ends.insert((until_ms, no));
        }
        self.pending.insert(no, pending);
    }

    fn leave(&mut self, no: u64) -> Option<Pending> {
        let pending = self.pending.remove(&no)?;
        if let Some(until_ms) = pending.until_ms {
            self.ends.remove(&(until_ms, no));
        }
        Some(pending)
    }

    fn release(&mut self, no: u64) -> Result<Pending, LedgerError> {
        let pending = self.leave(no).ok_or(LedgerError::NotPending(no))?;
        self.undo.push(Undo::Removed(no, pending.clone()));
        self.set_reserved(pending.debit, -pending.amount);
        Ok(pending)
    }

    fn take_back(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Balance(purse, before) => *self.place(purse) = before,
                Undo::Reserved(no, before) => *slot(&mut self.reserved, no) = before,
                Undo::Added(no) => drop(self.leave(no)),
                Undo::Removed(no, pending) => self.enter(no, pending),
            }
        }
    }

    fn made(&self, now: Moment, no: u64, kind: TransferKind, entry: &Entry) -> Transfer {
        Transfer {
            no,
            kind,
            debit: entry.debit.account(&self.ids),
            credit: entry.credit.account(&self.ids),
            amount: entry.amount,
            code: entry.code,
            pending: None,
            batch: None,
            by: entry.note.by,
            post: entry.note.post,
            memo: entry.note.memo.clone(),
            client: entry.note.client.clone(),
            until_ms: None,
            at_ms: now.at_ms,
            tick: now.tick,
            debit_balance: self.balance(entry.debit),
            credit_balance: self.balance(entry.credit),
            hash: ChainHash::default(),
        }
    }

    /// The transfer becomes the end of the chain.
    fn chain(&mut self, transfer: &mut Transfer) {
        self.bytes.clear();
        self.bytes.extend(self.head.0);
        transfer.canonical(&mut self.bytes);
        let hash: [u8; 32] = Sha256::digest(&self.bytes).into();
        transfer.hash = ChainHash(hash);
        self.head = transfer.hash;
        self.transfers = transfer.no;
        if transfer.moves() {
            let flow = self.flows.entry(transfer.code).or_default();
            flow.0 += 1;
            flow.1 += i128::from(transfer.amount.0);
        }
    }

    /// As plain data.
    #[must_use]
    pub fn image(&self) -> LedgerImage {
        LedgerImage {
            transfers: self.transfers,
            head: self.head,
            members: trimmed(&self.members),
            system: self.system,
            pending: self
                .pending
                .iter()
                .map(|(&no, it)| {
                    let image = PendingImage {
                        debit: it.debit.0,
                        credit: it.credit.0,
                        amount: it.amount,
                        code: it.code,
                        until_ms: it.until_ms,
                    };
                    (no, image)
                })
                .collect(),
            clients: self
                .clients_order
                .iter()
                .filter_map(|name| {
                    let (digest, no) = self.clients.get(name)?;
                    Some((name.clone(), *digest, *no))
                })
                .collect(),
            flows: self.flows.clone(),
        }
    }

    /// From plain data, which was checked.
    #[must_use]
    pub fn from_image(ids: IdCodec, image: LedgerImage) -> Self {
        let mut ledger = Self::new(ids);
        (ledger.transfers, ledger.head) = (image.transfers, image.head);
        (ledger.members, ledger.system) = (image.members, image.system);
        ledger.flows = image.flows;
        for (no, it) in image.pending {
            let (debit, credit) = (Purse(it.debit), Purse(it.credit));
            ledger.set_reserved(debit, it.amount);
            let pending = Pending {
                debit,
                credit,
                amount: it.amount,
                code: it.code,
                until_ms: it.until_ms,
            };
            ledger.enter(no, pending);
        }
        for (name, digest, no) in image.clients {
            ledger.clients_order.push_back(name.clone());
            ledger.clients.insert(name, (digest, no));
        }
        ledger.undo.clear();
        ledger
    }
}

/// Checks a ledger in an image.
///
/// # Errors
/// What contradicts what.
pub(crate) fn check_image(image: &LedgerImage, agents: usize) -> Result<(), String> {
    let all = image.members.iter().chain(&image.system);
    let sum: i128 = all.map(|&balance| i128::from(balance)).sum();
    if sum != 0 {
        return Err(format!(
            "the ledger: its balances sum to {sum}, not to zero"
        ));
    }
    if image.members.len() > agents {
        return Err("the ledger: there are more balances than agents".to_owned());
    }
    let mut reserved: BTreeMap<u32, i128> = BTreeMap::new();
    for (no, it) in &image.pending {
        let known = |no: u32| {
            let purse = Purse(no);
            purse.system().is_some() || (no as usize) < agents
        };
        if *no > image.transfers || it.amount <= 0 || !known(it.debit) || !known(it.credit) {
            return Err(format!("the ledger: reservation {no} makes no sense"));
        }
        *reserved.entry(it.debit).or_default() += i128::from(it.amount);
    }
    for (no, balance) in (0u32..).zip(&image.members) {
        let held = reserved.remove(&no).unwrap_or(0);
        if i128::from(*balance) < held {
            return Err(format!("the ledger: agent {no} has less than is reserved"));
        }
    }
    if reserved.keys().any(|&no| Purse(no).member().is_some()) {
        return Err("the ledger: something is reserved that nobody has".to_owned());
    }
    Ok(())
}

fn check(entry: &Entry) -> Result<(), LedgerError> {
    if entry.amount.0 <= 0 || entry.amount > AMOUNT_MAX {
        return Err(LedgerError::Amount);
    }
    if entry.debit == entry.credit {
        return Err(LedgerError::Same);
    }
    Ok(())
}

fn slot(list: &mut Vec<i64>, no: u32) -> &mut i64 {
    let at = no as usize;
    if list.len() <= at {
        list.resize(at + 1, 0);
    }
    &mut list[at]
}

/// Without the zeros at its end: so a list has one form, however it came to be.
fn trimmed(list: &[i64]) -> Vec<i64> {
    let len = list.iter().rposition(|&it| it != 0).map_or(0, |at| at + 1);
    list[..len].to_vec()
}

/// Follows the chain of transfers and sums up balances, entry by entry.
#[derive(Clone, Debug, Default)]
pub struct Auditor {
    transfers: u64,
    head: ChainHash,
    balances: BTreeMap<Account, i128>,
    pending: BTreeMap<u64, Transfer>,
    bytes: Vec<u8>,
}

/// Where a ledger is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is missing or out of place.
    #[error(
        "transfer {found} stands where transfer {expected} should: entries were removed or moved"
    )]
    Gap {
        /// The number that should stand there.
        expected: u64,
        /// The one that does.
        found: u64,
    },
    /// An entry was changed, or one before it.
    #[error("transfer {0} was changed: its hash does not fit")]
    Changed(u64),
    /// An account went below zero.
    #[error("after transfer {0} somebody has less than nothing")]
    Overdraft(u64),
    /// What it says of balances is not what comes out.
    #[error("transfer {0} says a balance that does not come out")]
    Balance(u64),
    /// It settles what was not reserved, or more than was.
    #[error("transfer {0} settles what is not reserved")]
    NotPending(u64),
}

impl Auditor {
    /// Takes the next entry.
    ///
    /// # Errors
    /// Where the ledger is broken.
    pub fn follow(&mut self, transfer: &Transfer) -> Result<(), Broken> {
        let no = transfer.no;
        if no != self.transfers + 1 {
            return Err(Broken::Gap {
                expected: self.transfers + 1,
                found: no,
            });
        }
        self.bytes.clear();
        self.bytes.extend(self.head.0);
        transfer.canonical(&mut self.bytes);
        let hash: [u8; 32] = Sha256::digest(&self.bytes).into();
        if transfer.hash != ChainHash(hash) {
            return Err(Broken::Changed(no));
        }
        (self.transfers, self.head) = (no, transfer.hash);
        self.close_pending(transfer)?;
        if transfer.moves() {
            for (account, by) in [
                (transfer.debit, -i128::from(transfer.amount.0)),
                (transfer.credit, i128::from(transfer.amount.0)),
            ] {
                *self.balances.entry(account).or_default() += by;
            }
        }
        let owes = matches!(transfer.debit, Account::Mint | Account::Deposits);
        if transfer.moves() && !owes && self.balance(transfer.debit) < 0 {
            return Err(Broken::Overdraft(no));
        }
        let said = (transfer.debit_balance.0, transfer.credit_balance.0);
        let (debit, credit) = (self.balance(transfer.debit), self.balance(transfer.credit));
        if (debit, credit) != (i128::from(said.0), i128::from(said.1)) {
            return Err(Broken::Balance(no));
        }
        Ok(())
    }

    fn close_pending(&mut self, transfer: &Transfer) -> Result<(), Broken> {
        match (transfer.kind, transfer.pending) {
            (TransferKind::Pending, None) => {
                self.pending.insert(transfer.no, transfer.clone());
            }
            (TransferKind::Plain, None) => {}
            (TransferKind::Post | TransferKind::Void | TransferKind::Expire, Some(pending)) => {
                let held = self.pending.remove(&pending);
                let fits = held.is_some_and(|held| {
                    held.debit == transfer.debit && held.amount >= transfer.amount
                });
                if !fits {
                    return Err(Broken::NotPending(transfer.no));
                }
            }
            _ => return Err(Broken::NotPending(transfer.no)),
        }
        Ok(())
    }

    /// What an account has by the entries so far, in micro-aiDollars.
    #[must_use]
    pub fn balance(&self, account: Account) -> i128 {
        self.balances.get(&account).copied().unwrap_or(0)
    }

    /// Accounts seen.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.balances.len()
    }

    /// The sum over all accounts.
    #[must_use]
    pub fn sum(&self) -> i128 {
        self.balances.values().sum()
    }

    /// Entries so far.
    #[must_use]
    pub fn transfers(&self) -> u64 {
        self.transfers
    }

    /// Hash of the last one.
    #[must_use]
    pub fn head(&self) -> ChainHash {
        self.head
    }
}

#[cfg(test)]
mod tests;
