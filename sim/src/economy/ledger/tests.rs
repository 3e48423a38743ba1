#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use hamlet_protocol::economy::{Account, Code, Transfer, TransferKind};
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::money::{MICROS, Money};

use super::*;

const NOW: Moment = Moment {
    tick: 3,
    at_ms: 1_000,
};

fn ledger() -> Ledger {
    Ledger::new(IdCodec::new(7))
}

fn give(ledger: &mut Ledger, no: u32, whole: i64) {
    let entry = Entry::new(
        Purse::MINT,
        Purse::of(no),
        Money(whole * MICROS),
        Code::Grant,
    );
    ledger.apply(NOW, &[Step::Move(entry)]).unwrap();
}

fn pay(from: u32, to: u32, amount: i64) -> Step {
    Step::Move(Entry::new(
        Purse::of(from),
        Purse::of(to),
        Money(amount),
        Code::Transfer,
    ))
}

fn reserve(from: u32, amount: i64, until_ms: Option<i64>) -> Step {
    let entry = Entry::new(Purse::of(from), Purse::TREASURY, Money(amount), Code::Usage);
    Step::Reserve(entry, until_ms)
}

#[test]
fn money_moves_and_nobody_spends_what_they_have_not() {
    let mut ledger = ledger();
    give(&mut ledger, 0, 5);
    ledger.apply(NOW, &[pay(0, 1, 2_000_000)]).unwrap();
    let funds = |available, wanted| LedgerError::Funds {
        available: Money(available),
        wanted: Money(wanted),
    };
    let before = ledger.image();
    for (step, why) in [
        (pay(0, 1, 3_000_001), funds(3_000_000, 3_000_001)),
        (pay(0, 1, 0), LedgerError::Amount),
        (pay(0, 1, -1), LedgerError::Amount),
        (pay(0, 1, i64::MAX), LedgerError::Amount),
        (pay(0, 0, 1), LedgerError::Same),
        (pay(9, 0, 1), funds(0, 1)),
    ] {
        assert_eq!(ledger.apply(NOW, &[step]), Err(why));
    }
    let treasury = Entry::new(Purse::TREASURY, Purse::of(0), Money(1), Code::Wage);
    assert_eq!(ledger.apply(NOW, &[Step::Move(treasury)]), Err(funds(0, 1)));
    assert_eq!(ledger.image(), before);
    assert_eq!(ledger.sum(), 0);
}

#[test]
fn what_is_linked_takes_effect_whole_or_not_at_all() {
    let mut ledger = ledger();
    give(&mut ledger, 0, 1);
    let before = ledger.image();
    let too_much = [
        reserve(0, 400_000, Some(5_000)),
        pay(0, 1, 500_000),
        pay(1, 2, 500_000),
        pay(0, 1, 200_000),
    ];
    assert!(matches!(
        ledger.apply(NOW, &too_much),
        Err(LedgerError::Funds { .. })
    ));
    assert_eq!(ledger.image(), before);
    assert!(ledger.overdue(i64::MAX).is_empty());
    let made = ledger.apply(NOW, &too_much[..3]).unwrap();
    assert!(made.iter().all(|it| it.batch == Some(2)));
    assert_eq!(ledger.balance(Purse::of(2)), Money(500_000));
}

#[test]
fn a_reservation_is_posted_in_part_voided_or_expires_and_only_once() {
    let mut ledger = ledger();
    give(&mut ledger, 0, 1);
    let no = |made: Vec<Transfer>| made[0].no;
    let first = no(ledger.apply(NOW, &[reserve(0, 600_000, None)]).unwrap());
    assert_eq!(ledger.available(Purse::of(0)), Money(400_000));
    assert!(ledger.apply(NOW, &[pay(0, 1, 400_001)]).is_err());
    let post = |pending, amount| Step::Post {
        pending,
        amount: Money(amount),
        to: None,
    };
    assert!(matches!(
        ledger.apply(NOW, &[post(first, 600_001)]),
        Err(LedgerError::OverReserved { .. })
    ));
    let posted = ledger.apply(NOW, &[post(first, 250_000)]).unwrap();
    assert_eq!(
        (posted[0].kind, posted[0].pending),
        (TransferKind::Post, Some(first))
    );
    assert_eq!(ledger.available(Purse::of(0)), Money(750_000));
    assert_eq!(ledger.balance(Purse::TREASURY), Money(250_000));
    let void = |pending| Step::Void {
        pending,
        expired: false,
    };
    for again in [post(first, 1), void(first), void(99)] {
        assert!(matches!(
            ledger.apply(NOW, &[again]),
            Err(LedgerError::NotPending(_))
        ));
    }
    let second = no(ledger
        .apply(NOW, &[reserve(0, 750_000, Some(9_000))])
        .unwrap());
    assert_eq!(ledger.overdue(8_999), [] as [u64; 0]);
    assert_eq!(ledger.overdue(9_000), [second]);
    ledger.apply(NOW, &[void(second)]).unwrap();
    assert_eq!(ledger.available(Purse::of(0)), Money(750_000));
}

#[test]
fn a_clients_name_stands_for_one_request() {
    let mut ledger = ledger();
    assert_eq!(ledger.done_before("a", 1), Ok(None));
    ledger.remember("a".to_owned(), 1, 5);
    assert_eq!(ledger.done_before("a", 1), Ok(Some(5)));
    assert_eq!(ledger.done_before("a", 2), Err(LedgerError::Conflict));
    for no in 0..CLIENTS_MAX {
        ledger.remember(format!("b{no}"), 1, 6);
    }
    assert_eq!(
        ledger.done_before("a", 1),
        Ok(None),
        "the oldest is forgotten"
    );
}

/// Chance of a test: the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// What the ledger ought to do, said as simply as can be.
#[derive(Clone, Default)]
struct Model {
    balances: BTreeMap<u32, i128>,
    pending: BTreeMap<u64, (u32, i128)>,
}

impl Model {
    fn free(&self, no: u32) -> i128 {
        let held: i128 = self
            .pending
            .values()
            .filter(|it| it.0 == no)
            .map(|it| it.1)
            .sum();
        self.balances.get(&no).copied().unwrap_or(0) - held
    }

    /// Whether a step is done; it takes the number that a reservation would have.
    fn step(&mut self, no: u64, step: &Step) -> bool {
        match step {
            Step::Move(entry) => {
                let (from, to) = (entry.debit.0, entry.credit.0);
                let amount = i128::from(entry.amount.0);
                let mint = entry.debit == Purse::MINT;
                if amount <= 0 || from == to || (!mint && self.free(from) < amount) {
                    return false;
                }
                *self.balances.entry(from).or_default() -= amount;
                *self.balances.entry(to).or_default() += amount;
                true
            }
            Step::Reserve(entry, _) => {
                let amount = i128::from(entry.amount.0);
                if amount <= 0 || self.free(entry.debit.0) < amount {
                    return false;
                }
                self.pending.insert(no, (entry.debit.0, amount));
                true
            }
            Step::Post {
                pending,
                amount,
                to,
            } => {
                let amount = i128::from(amount.0);
                let Some((from, held)) = self.pending.get(pending).copied() else {
                    return false;
                };
                let to = to.unwrap_or(Purse::TREASURY).0;
                if amount <= 0 || amount > held || from == to {
                    return false;
                }
                self.pending.remove(pending);
                *self.balances.entry(from).or_default() -= amount;
                *self.balances.entry(to).or_default() += amount;
                true
            }
            Step::Void { pending, .. } => self.pending.remove(pending).is_some(),
        }
    }
}

fn any_step(dice: &mut Dice, transfers: u64) -> Step {
    let who = |dice: &mut Dice| Purse::of(dice.below(5) as u32);
    let amount = Money(dice.below(40) as i64 - 2);
    // Mostly what was just reserved, sometimes anything.
    let pending = transfers.saturating_sub(dice.below(6));
    match dice.below(9) {
        0 => Step::Move(Entry::new(Purse::MINT, who(dice), amount, Code::Grant)),
        1..=3 => Step::Move(Entry::new(who(dice), who(dice), amount, Code::Transfer)),
        4 | 5 => {
            let until_ms = (dice.below(2) == 0).then(|| dice.below(50) as i64);
            let entry = Entry::new(who(dice), Purse::TREASURY, amount, Code::Usage);
            Step::Reserve(entry, until_ms)
        }
        6 | 7 => Step::Post {
            pending,
            amount,
            to: (dice.below(3) == 0).then(|| who(dice)),
        },
        _ => Step::Void {
            pending,
            expired: false,
        },
    }
}

#[test]
fn whatever_is_asked_of_it_the_ledger_does_what_its_model_does() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let (mut ledger, mut model) = (ledger(), Model::default());
        let mut auditor = Auditor::default();
        let mut history: Vec<Transfer> = Vec::new();
        for _ in 0..400 {
            let count = 1 + dice.below(4);
            let steps: Vec<Step> = (0..count)
                .map(|_| any_step(&mut dice, ledger.transfers()))
                .collect();
            let mut wanted = model.clone();
            let first = ledger.transfers() + 1;
            let done = (first..)
                .zip(&steps)
                .all(|(no, step)| wanted.step(no, step));
            let before = ledger.image();
            match ledger.apply(NOW, &steps) {
                Ok(made) => {
                    assert!(done, "{steps:?}");
                    model = wanted;
                    history.extend(made);
                }
                Err(why) => {
                    assert!(!done, "{why}: {steps:?}");
                    assert_eq!(ledger.image(), before, "a refusal changed something");
                }
            }
            assert_eq!(ledger.sum(), 0);
            for no in 0..5 {
                let purse = Purse::of(no);
                assert!(ledger.available(purse).0 >= 0);
                assert_eq!(i128::from(ledger.available(purse).0), model.free(no));
            }
        }
        // What was written down leads to what is there, and an image is the ledger.
        for transfer in &history {
            auditor.follow(transfer).unwrap();
        }
        assert_eq!(
            (auditor.transfers(), auditor.head()),
            (ledger.transfers(), ledger.head())
        );
        for no in 0..5 {
            let account = Purse::of(no).account(&IdCodec::new(7));
            assert_eq!(
                auditor.balance(account),
                i128::from(ledger.balance(Purse::of(no)).0)
            );
        }
        let image = ledger.image();
        check_image(&image, 5).unwrap();
        assert_eq!(
            Ledger::from_image(IdCodec::new(7), image.clone()).image(),
            image
        );
    }
}

#[test]
fn whoever_changes_the_past_is_found_out() {
    let mut history = Vec::new();
    let mut other = ledger();
    let entry = Entry::new(Purse::MINT, Purse::of(0), Money(9 * MICROS), Code::Grant);
    history.extend(other.apply(NOW, &[Step::Move(entry)]).unwrap());
    for amount in 1..6 {
        history.extend(other.apply(NOW, &[pay(0, 1, amount)]).unwrap());
    }
    let verify = |history: &[Transfer]| {
        let mut auditor = Auditor::default();
        history.iter().try_for_each(|it| auditor.follow(it))
    };
    assert_eq!(verify(&history), Ok(()));
    let mut changed = history.clone();
    changed[2].amount = Money(1_000_000);
    assert_eq!(verify(&changed), Err(Broken::Changed(3)));
    let mut missing = history.clone();
    missing.remove(3);
    assert_eq!(
        verify(&missing),
        Err(Broken::Gap {
            expected: 4,
            found: 5
        })
    );
    // Even with the hashes made anew, balances tell.
    let mut forged = history.clone();
    forged[5].debit_balance = Money(5);
    assert_eq!(verify(&forged), Err(Broken::Balance(6)));
    assert_ne!(Account::Mint, history[1].debit);
}

#[test]
fn an_image_that_does_not_balance_is_refused() {
    let mut ledger = ledger();
    give(&mut ledger, 1, 1);
    ledger.apply(NOW, &[reserve(1, 1_000_000, None)]).unwrap();
    let good = ledger.image();
    assert_eq!(check_image(&good, 2), Ok(()));
    assert!(check_image(&good, 1).is_err(), "nobody has this number");
    let mut bad = good.clone();
    bad.members[1] += 1;
    assert!(check_image(&bad, 2).is_err());
    let mut bad = good.clone();
    bad.pending.get_mut(&2).unwrap().amount += 1;
    assert!(
        check_image(&bad, 2).is_err(),
        "more is reserved than there is"
    );
}
