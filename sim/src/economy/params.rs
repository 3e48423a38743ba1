//! What things cost and how much may be spent: what a scenario says of it, and what holds where it says nothing.
//!
//! This is the one place where a price, a share or a budget is looked up.

use std::sync::Arc;

use hamlet_protocol::economy::command::Usage;
use hamlet_protocol::economy::tier::{TierSpec, default_tiers};
use hamlet_protocol::goods::Item;
use hamlet_protocol::minds::ModelPrices;
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::Economy;

/// A million tokens are what models' prices are for.
const TOKENS: i128 = 1_000_000;

/// Prices where a scenario names none, in micro-aiDollars.
const PRICES: &[(&str, i64)] = &[
    ("meal", 800_000),
    ("wage", 1_000_000),
    ("model.input", 500_000),
    ("model.cached", 50_000),
    ("model.output", 1_500_000),
    ("tool", 2_000),
];

/// Shares where a scenario names none, in millionths.
const FEES: &[(&str, u32)] = &[("bounty", 10_000)];
const TAXES: &[(&str, u32)] = &[("sales", 20_000), ("wages", 0)];

/// Budgets where a scenario names none, in micro-aiDollars.
const BUDGETS: &[(&str, i64)] = &[
    ("feedback", 100 * MICROS),
    ("agent_hour", 5 * MICROS),
    ("agent_day", 40 * MICROS),
    ("owner_hour", 20 * MICROS),
    ("owner_day", 100 * MICROS),
    ("village_hour", 200 * MICROS),
    ("village_day", 1_000 * MICROS),
    ("mind_gifts", 10 * MICROS),
];

/// What the town's treasury begins with for each resident, where a scenario names no budget for it.
const TREASURY_EACH: i64 = 10 * MICROS;

fn among<T: Copy>(list: &[(&str, T)], name: &str) -> Option<T> {
    let found = list.iter().find(|(other, _)| *other == name);
    found.map(|&(_, value)| value)
}

/// What something costs.
pub(crate) fn price(economy: &Economy, name: &str) -> Money {
    let said = economy.prices.get(name).copied();
    said.or_else(|| among(PRICES, name).map(Money))
        .unwrap_or_default()
}

/// A platform's share, in millionths.
pub(crate) fn fee_ppm(economy: &Economy, name: &str) -> u32 {
    let said = economy.fees.get(name).copied();
    said.or_else(|| among(FEES, name)).unwrap_or(0)
}

/// The town's share, in millionths.
pub(crate) fn tax_ppm(economy: &Economy, name: &str) -> u32 {
    let said = economy.taxes.get(name).copied();
    said.or_else(|| among(TAXES, name)).unwrap_or(0)
}

/// What may be spent.
pub(crate) fn budget(economy: &Economy, name: &str) -> Money {
    let said = economy.budgets.get(name).copied();
    said.or_else(|| among(BUDGETS, name).map(Money))
        .unwrap_or_default()
}

/// What the treasury begins with.
pub(crate) fn treasury(economy: &Economy, residents: usize) -> Money {
    let usual = TREASURY_EACH.saturating_mul(i64::try_from(residents).unwrap_or(i64::MAX));
    let said = economy.budgets.get("treasury").copied();
    said.unwrap_or(Money(usual))
}

/// What a piece of goods is usually worth, in micro-aiDollars.
pub(crate) fn base_price(economy: &Economy, item: Item) -> i64 {
    let usual = if item.edible() { 600_000 } else { 1_000_000 };
    let said = economy.prices.get(item.as_str()).map(|price| price.0);
    said.unwrap_or(usual).max(1)
}

/// Whether people in the town live by money: nobody is asked to pay where nobody was given any.
pub(crate) fn lives_by_money(economy: &Economy) -> bool {
    economy.is_lived_by()
}

/// The tiers, the lowest first.
pub(crate) fn tiers(economy: &Economy) -> Arc<Vec<TierSpec>> {
    if !economy.entitlements.is_empty() {
        return Arc::new(economy.entitlements.clone());
    }
    let mut tiers = default_tiers();
    if !economy.tiers.is_empty() {
        // Limits go on as they do between the last two.
        while tiers.len() < economy.tiers.len() {
            let mut next = tiers[tiers.len() - 1].clone();
            next.name = format!("tier {}", tiers.len());
            next.percent = next.percent.saturating_mul(2);
            next.priority += 1;
            tiers.push(next);
        }
        tiers.truncate(economy.tiers.len());
        for (tier, &from) in tiers.iter_mut().zip(&economy.tiers) {
            tier.from = from;
        }
    }
    Arc::new(tiers)
}

/// A model's or tool's name as prices know it: lower-case letters, digits, `_`, `-` and `.`; all else is `-`.
fn price_name(name: &str) -> String {
    let letter = |letter: char| match letter.to_ascii_lowercase() {
        it if it.is_ascii_lowercase() || it.is_ascii_digit() || "_-.".contains(it) => it,
        _ => '-',
    };
    name.chars().take(40).map(letter).collect()
}

/// A model's own price of something, or that of all models.
fn model_price(economy: &Economy, name: &str, what: &str) -> Money {
    let own = economy.prices.get(&format!("{name}.{what}")).copied();
    own.unwrap_or_else(|| price(economy, &format!("model.{what}")))
}

/// What tokens of a model cost.
pub(crate) fn model_prices(economy: &Economy, model: &str) -> ModelPrices {
    let name = price_name(model);
    let of = |what: &str| model_price(economy, &name, what);
    ModelPrices {
        input: of("input"),
        cached: of("cached"),
        output: of("output"),
    }
}

/// Whether thoughts with this model cost anything at all.
pub(crate) fn thoughts_are_priced(economy: &Economy, model: &str) -> bool {
    let name = price_name(model);
    let mut parts = ["input", "output"].into_iter();
    parts.any(|what| model_price(economy, &name, what).0 > 0)
}

/// What using something costs, rounded up to a whole micro-aiDollar and never nothing.
pub(crate) fn usage_price(economy: &Economy, model: &str, usage: &Usage) -> Money {
    let name = price_name(model);
    let of = |what: &str| i128::from(model_price(economy, &name, what).0);
    let tokens = of("input") * i128::from(usage.tokens_in)
        + of("cached") * i128::from(usage.tokens_cached)
        + of("output") * i128::from(usage.tokens_out);
    let second = economy.prices.get(&format!("tool.{name}")).copied();
    let second = i128::from(second.unwrap_or_else(|| price(economy, "tool")).0);
    let tool = second * i128::from(usage.tool_ms);
    let whole = tokens.saturating_add(TOKENS - 1) / TOKENS + (tool + 999) / 1000;
    Money(i64::try_from(whole.max(1)).unwrap_or(i64::MAX))
}

/// So many millionths of an amount, rounded down.
pub(crate) fn share(amount: Money, ppm: u32) -> Money {
    let part = i128::from(amount.0) * i128::from(ppm) / i128::from(MICROS);
    Money(i64::try_from(part).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scenario_says_goes_before_what_is_usual() {
        let mut economy = Economy::default();
        assert_eq!(price(&economy, "meal"), Money(800_000));
        economy.prices.insert("meal".to_owned(), Money(5));
        assert_eq!(price(&economy, "meal"), Money(5));
        assert_eq!(fee_ppm(&economy, "bounty"), 10_000);
        assert_eq!(share(Money(199), 10_000), Money(1));
    }

    #[test]
    fn usage_is_priced_by_model_and_rounded_up() {
        let mut economy = Economy::default();
        let usage = Usage {
            tokens_in: 1_000,
            tokens_cached: 2_000,
            tokens_out: 100,
            tool_ms: 0,
        };
        // 0.0005 + 0.0001 + 0.00015
        assert_eq!(usage_price(&economy, "any", &usage), Money(750));
        let prices = model_prices(&economy, "any");
        assert_eq!(
            (prices.input, prices.cached),
            (Money(500_000), Money(50_000))
        );
        economy
            .prices
            .insert("qwen-big.output".to_owned(), Money(15_000_000));
        assert_eq!(usage_price(&economy, "Qwen/Big", &usage), Money(2_100));
        let tool = Usage {
            tool_ms: 1,
            ..Usage::default()
        };
        assert_eq!(usage_price(&economy, "shell", &tool), Money(2));
        assert_eq!(usage_price(&economy, "shell", &Usage::default()), Money(1));
    }

    #[test]
    fn thoughts_cost_nothing_only_where_every_price_is_zero() {
        let mut economy = Economy::default();
        assert!(thoughts_are_priced(&economy, "chat"));
        economy.prices.insert("model.input".to_owned(), Money(0));
        assert!(thoughts_are_priced(&economy, "chat"));
        economy.prices.insert("chat.output".to_owned(), Money(0));
        assert!(!thoughts_are_priced(&economy, "chat"));
        assert!(thoughts_are_priced(&economy, "fast"));
    }

    #[test]
    fn tiers_follow_the_scenarios_thresholds() {
        let mut economy = Economy::default();
        assert_eq!(tiers(&economy).len(), 3);
        economy.tiers = vec![Money(0), Money(7)];
        let two = tiers(&economy);
        assert_eq!((two.len(), two[1].from), (2, Money(7)));
        economy.tiers = (0..5).map(Money).collect();
        let five = tiers(&economy);
        assert_eq!((five.len(), five[4].percent), (5, 2_000));
    }
}
