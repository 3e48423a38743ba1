//! `[economy]`: money in the town: what everybody begins with, tiers, prices, shares, budgets, and compute at auction.

use std::collections::BTreeMap;

use hamlet_protocol::economy::tier::{TIERS_MAX, TierSpec, default_tiers};
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::{AuctionSpec, Economy, NEWCOMER_HOURS, Pricing};

use super::reader::Reader;
use super::tree::{Node, Place, Value};

/// Hours in which somebody can be new at most: ten years.
const NEWCOMER_HOURS_MAX: u32 = 87_600;
const GRANT_DEFAULT: Money = Money(25_000_000);

/// Most entries of one of the tables inside.
const ENTRIES_MAX: usize = 1000;

/// Reads `[economy]`.
pub(super) fn read(document: &Reader<'_>) -> Economy {
    let mut economy = Economy {
        grant: GRANT_DEFAULT,
        newcomer_hours: NEWCOMER_HOURS,
        ..Economy::default()
    };
    let Some(reader) = document.table("economy", "[economy]") else {
        return economy;
    };
    economy.grant = reader.money("grant").unwrap_or(GRANT_DEFAULT);
    economy.tiers = tiers(&reader).unwrap_or_default();
    economy.prices = amounts(&reader, "prices", "[economy.prices]");
    economy.fees = shares(&reader, "fees", "[economy.fees]");
    economy.taxes = shares(&reader, "taxes", "[economy.taxes]");
    economy.budgets = amounts(&reader, "budgets", "[economy.budgets]");
    economy.entitlements = entitlements(&reader);
    economy.auction = auction(&reader);
    let hours = reader.whole("newcomer_hours", 0..=NEWCOMER_HOURS_MAX);
    economy.newcomer_hours = hours.unwrap_or(NEWCOMER_HOURS);
    reader.finish();
    economy
}

/// Balances from which a tier begins: the first at zero, each above the one before.
fn tiers(reader: &Reader<'_>) -> Option<Vec<Money>> {
    const HELP: &str =
        "write the balance from which each tier begins, upwards from 0: tiers = [0, 50, 200]";
    let items = reader.list("tiers")?;
    let wrong = |place: &Place, message: String| {
        reader.faults().error(place, message, HELP.to_owned());
    };
    if items.len() > TIERS_MAX {
        let message = format!("`tiers` has {} entries, more than {TIERS_MAX}", items.len());
        wrong(reader.place("tiers"), message);
    }
    let mut tiers: Vec<Money> = Vec::with_capacity(items.len().min(TIERS_MAX));
    for item in items.iter().take(TIERS_MAX) {
        let from = reader.money_of("tiers", item)?;
        match tiers.last() {
            None if from != Money(0) => wrong(
                &item.place,
                "the lowest tier does not begin at 0".to_owned(),
            ),
            Some(before) if from <= *before => {
                wrong(
                    &item.place,
                    format!("this tier begins at {from}, not above {before}"),
                );
            }
            _ => {}
        }
        tiers.push(from);
    }
    if items.is_empty() {
        wrong(reader.place("tiers"), "`tiers` is empty".to_owned());
    }
    Some(tiers)
}

/// `[[economy.tier]]`: tiers with all they allow; what one leaves out is as usual for its place.
fn entitlements(reader: &Reader<'_>) -> Vec<TierSpec> {
    let usual = default_tiers();
    let tables = reader.tables("tier", "[[economy.tier]]");
    if tables.len() > TIERS_MAX {
        let message = format!("there are {} tiers, more than {TIERS_MAX}", tables.len());
        let help = "leave out what nobody needs".to_owned();
        reader.faults().error(reader.place("tier"), message, help);
    }
    let mut tiers: Vec<TierSpec> = Vec::new();
    for (place, table) in tables.into_iter().take(TIERS_MAX).enumerate() {
        let tier = tier(&table, &usual[place.min(usual.len() - 1)]);
        let from = tier.from;
        let fault = match tiers.last() {
            None if from != Money(0) => Some("the lowest tier does not begin at 0".to_owned()),
            Some(before) if from <= before.from => Some(format!(
                "this tier begins at {from}, not above {}",
                before.from
            )),
            _ => None,
        };
        if let Some(message) = fault {
            let help = "write tiers upwards: from = 0, from = 50, from = 200".to_owned();
            table.faults().error(table.place("from"), message, help);
        }
        table.finish();
        tiers.push(tier);
    }
    tiers
}

fn tier(table: &Reader<'_>, usual: &TierSpec) -> TierSpec {
    let usual = usual.clone();
    TierSpec {
        name: table.text("name", 1..=40).unwrap_or(usual.name),
        from: table.money("from").unwrap_or(Money(0)),
        percent: table.whole("percent", 1..=100_000).unwrap_or(usual.percent),
        thoughts_per_hour: table
            .whole("thoughts_per_hour", 0..=1_000_000)
            .unwrap_or(usual.thoughts_per_hour),
        tokens_per_hour: table
            .whole("tokens_per_hour", 0..=1_000_000_000_000)
            .unwrap_or(usual.tokens_per_hour),
        tool_runs: table
            .whole("tool_runs", 0..=1000)
            .unwrap_or(usual.tool_runs),
        models: table.words("models", 100).unwrap_or(usual.models),
        priority: table.whole("priority", 0..=255).unwrap_or(usual.priority),
        gpu_share: table.text("gpu_share", 1..=40).unwrap_or(usual.gpu_share),
        price_per_hour: table
            .money("price_per_hour")
            .unwrap_or(usual.price_per_hour),
    }
}

/// `[economy.auction]`: compute slots at auction.
fn auction(reader: &Reader<'_>) -> Option<AuctionSpec> {
    let table = reader.table("auction", "[economy.auction]")?;
    let words = ["uniform", "second"];
    let pricing = [Pricing::Uniform, Pricing::Second];
    let slots = named(
        &table,
        "slots",
        "[economy.auction.slots]",
        |slots, name, node| match node.value {
            Value::Whole(count @ 1..=10_000) => u32::try_from(count).ok(),
            _ => {
                let message = format!("`{name}` is no number of slots");
                let help = "write 1 to 10000".to_owned();
                slots.faults().error(&node.place, message, help);
                None
            }
        },
    );
    let spec = AuctionSpec {
        every_hours: table.whole("every_hours", 1..=1000).unwrap_or(1),
        slots,
        reserve_price: table.money("reserve_price").unwrap_or_default(),
        pricing: table
            .word("pricing", &words)
            .map(|at| pricing[at])
            .unwrap_or_default(),
    };
    table.finish();
    Some(spec)
}

/// A table of names and amounts.
fn amounts(reader: &Reader<'_>, key: &'static str, what: &'static str) -> BTreeMap<String, Money> {
    named(reader, key, what, |table, name, node| {
        table.money_of(name, node)
    })
}

/// A table of names and shares, from 0 to 1, as millionths.
fn shares(reader: &Reader<'_>, key: &'static str, what: &'static str) -> BTreeMap<String, u32> {
    named(reader, key, what, |table, name, node| {
        let share = table.money_of(name, node)?.0;
        if share > MICROS {
            let message = format!("`{name}` is more than the whole");
            let help = "a share lies between 0 and 1: 0.01 is one per cent".to_owned();
            table.faults().error(&node.place, message, help);
            return None;
        }
        u32::try_from(share).ok()
    })
}

fn named<T>(
    reader: &Reader<'_>,
    key: &'static str,
    what: &'static str,
    value: impl Fn(&Reader<'_>, &str, &Node) -> Option<T>,
) -> BTreeMap<String, T> {
    let Some(table) = reader.table(key, what) else {
        return BTreeMap::new();
    };
    let mut read = BTreeMap::new();
    for (index, (name, place, node)) in table.entries().enumerate() {
        if index == ENTRIES_MAX {
            let message = format!("`{key}` has more than {ENTRIES_MAX} entries");
            table
                .faults()
                .error(place, message, "leave out what nobody needs".to_owned());
            break;
        }
        if !is_name(name) {
            let help = "1 to 50 lower-case letters, digits, `_`, `-` and `.`".to_owned();
            table
                .faults()
                .error(place, format!("`{name}` is no name in `{key}`"), help);
        } else if let Some(value) = value(&table, name, node) {
            read.insert(name.to_owned(), value);
        }
    }
    read
}

fn is_name(name: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
    (1..=50).contains(&name.len()) && name.bytes().all(allowed)
}
