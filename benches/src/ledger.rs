//! Transfers in memory, one core, with every check, event and hash; beside the same balances without them.
//!
//! Ours: `Ledger::apply_one` as the world calls it: amount, funds, sum, canonical bytes, SHA-256 chain, the record that becomes an event.
//! `reserve_post`: two entries for each, reserved and posted. `bare`: checked arithmetic over the same list of balances, and nothing else.

use std::time::Instant;

use anyhow::{Result, ensure};
use hamlet_protocol::economy::Code;
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::money::{MICROS, Money};
use hamlet_sim::economy::ledger::{Auditor, Entry, Ledger, Moment, Purse, Step};

use crate::measure::median;
use crate::options::Options;
use crate::report::Bench;

/// Transfers a second and core that the project promises.
const GOAL: f64 = 1e6;
/// Accounts, of which each has a thousand aiDollars.
const ACCOUNTS: u32 = 10_000;
const TRANSFERS: u64 = 1_000_000;
const TRANSFERS_QUICK: u64 = 50_000;
/// Entries that are followed to see that what was measured is right.
const FOLLOWED: u64 = 20_000;

pub(crate) fn run(options: Options) -> Result<Bench> {
    let transfers = if options.quick {
        TRANSFERS_QUICK
    } else {
        TRANSFERS
    };
    let rounds = options.rounds(5);
    let mut rates: [Vec<f64>; 3] = Default::default();
    for round in 0..rounds as u64 {
        let arms: [&dyn Fn(u64, u64) -> Result<()>; 3] = [&plain, &reserve_post, &bare];
        for (arm, rates) in arms.iter().zip(&mut rates) {
            let began = Instant::now();
            arm(round, transfers)?;
            rates.push(transfers as f64 / began.elapsed().as_secs_f64());
        }
    }
    let [ours, two_phase, bare] = rates.map(median);
    let mut bench = Bench::new("ledger");
    bench.arm("ours", ours, "transfers/s");
    bench.arm("ours_reserve_post", two_phase, "transfers/s");
    bench.arm("bare", bare, "transfers/s");
    bench.arm("goal", GOAL, "transfers/s");
    bench.ratio("rate_vs_goal", ours / GOAL);
    bench.ratio("rate_vs_bare", ours / bare);
    bench.note("bare keeps no record, no chain and no reservation: it says what the arithmetic alone costs");
    Ok(bench)
}

/// Whom the `n`-th transfer goes from and to, and how much.
fn nth(seed: u64, n: u64) -> (u32, u32, i64) {
    let bits = (n ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let from = (bits >> 40) as u32 % ACCOUNTS;
    let to = (from + 1 + (bits >> 20) as u32 % (ACCOUNTS - 1)) % ACCOUNTS;
    (from, to, 1 + (bits & 0xFFF) as i64)
}

fn funded() -> Result<Ledger> {
    let mut ledger = Ledger::new(IdCodec::new(1));
    for no in 0..ACCOUNTS {
        let grant = Money(1_000 * MICROS);
        let entry = Entry::new(Purse::MINT, Purse::of(no), grant, Code::Grant);
        ledger.apply_one(Moment::default(), &Step::Move(entry))?;
    }
    Ok(ledger)
}

fn plain(seed: u64, transfers: u64) -> Result<()> {
    let mut ledger = funded()?;
    let mut auditor = Auditor::default();
    for n in 0..transfers {
        let (from, to, amount) = nth(seed, n);
        let entry = Entry::new(
            Purse::of(from),
            Purse::of(to),
            Money(amount),
            Code::Transfer,
        );
        let now = Moment { tick: n, at_ms: 0 };
        let made = ledger.apply_one(now, &Step::Move(entry))?;
        std::hint::black_box(&made);
    }
    ensure!(ledger.sum() == 0, "the books do not balance");
    // A short ledger of the same kind is followed from its beginning, outside of what counts most.
    let mut short = Ledger::new(IdCodec::new(1));
    let grant = Entry::new(Purse::MINT, Purse::of(0), Money(MICROS), Code::Grant);
    auditor.follow(&short.apply_one(Moment::default(), &Step::Move(grant))?)?;
    for _ in 0..FOLLOWED.min(transfers / 100) {
        let entry = Entry::new(Purse::of(0), Purse::of(1), Money(1), Code::Transfer);
        auditor.follow(&short.apply_one(Moment::default(), &Step::Move(entry))?)?;
    }
    ensure!(auditor.head() == short.head(), "the chain is broken");
    Ok(())
}

fn reserve_post(seed: u64, transfers: u64) -> Result<()> {
    let mut ledger = funded()?;
    for n in 0..transfers / 2 {
        let (from, to, amount) = nth(seed, n);
        let entry = Entry::new(Purse::of(from), Purse::of(to), Money(amount), Code::Usage);
        let now = Moment { tick: n, at_ms: 0 };
        let held = ledger.apply_one(now, &Step::Reserve(entry, Some(i64::MAX)))?;
        let post = Step::Post {
            pending: held.no,
            amount: Money(1 + amount / 2),
            to: None,
        };
        std::hint::black_box(&ledger.apply_one(now, &post)?);
    }
    ensure!(ledger.sum() == 0, "the books do not balance");
    Ok(())
}

fn bare(seed: u64, transfers: u64) -> Result<()> {
    let mut balances = vec![1_000 * MICROS; ACCOUNTS as usize];
    let whole: i64 = balances.iter().sum();
    for n in 0..transfers {
        let (from, to, amount) = nth(seed, n);
        let left = balances[from as usize]
            .checked_sub(amount)
            .filter(|&left| left >= 0);
        let Some(left) = left else { continue };
        balances[from as usize] = left;
        balances[to as usize] += amount;
    }
    ensure!(balances.iter().sum::<i64>() == whole, "money was lost");
    Ok(())
}
