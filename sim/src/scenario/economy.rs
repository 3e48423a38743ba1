//! `[economy]`: money in the town, accepted and carried until the economy's rules use it.

use std::collections::BTreeMap;

use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::Economy;

use super::reader::Reader;
use super::tree::{Node, Place};

const GRANT_DEFAULT: Money = Money(25_000_000);

/// Most tiers.
const TIERS_MAX: usize = 16;

/// Most entries of one of the tables inside.
const ENTRIES_MAX: usize = 1000;

/// Reads `[economy]`.
pub(super) fn read(document: &Reader<'_>) -> Economy {
    let mut economy = Economy {
        grant: GRANT_DEFAULT,
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
    for key in ["tiers", "prices", "fees", "taxes", "budgets"] {
        if reader.has(key) {
            let message =
                format!("`economy.{key}` is carried, but nothing in the town goes by it yet");
            reader.faults().warning(reader.place(key), message, None);
        }
    }
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
