//! What a balance entitles to.

use serde::{Deserialize, Serialize};

use crate::money::{MICROS, Money};

/// Most tiers a village has.
pub const TIERS_MAX: usize = 16;

/// One tier: from which balance it holds, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierSpec {
    /// Its name.
    pub name: String,
    /// The balance from which it holds.
    pub from: Money,
    /// Requests a minute, posts and comments an hour: so many hundredths of what the village gives everybody.
    pub percent: u32,
    /// Thoughts an hour.
    pub thoughts_per_hour: u32,
    /// Tokens an hour.
    pub tokens_per_hour: u64,
    /// Runs of tools at once.
    pub tool_runs: u32,
    /// Classes of models that may be used; `*`: all.
    pub models: Vec<String>,
    /// Place in the queue for compute: higher comes first.
    pub priority: u8,
    /// Class of its share of a GPU.
    pub gpu_share: String,
    /// What an hour of it costs who buys it.
    pub price_per_hour: Money,
}

impl TierSpec {
    /// Whether this class of models may be used.
    #[must_use]
    pub fn allows_model(&self, class: &str) -> bool {
        self.models.iter().any(|it| it == "*" || it == class)
    }

    /// A number of the village's, for this tier.
    #[must_use]
    pub fn scaled(&self, base: u32) -> u32 {
        let scaled = u64::from(base) * u64::from(self.percent) / 100;
        u32::try_from(scaled).unwrap_or(u32::MAX)
    }
}

/// The tiers of a village that names none of its own.
#[must_use]
pub fn default_tiers() -> Vec<TierSpec> {
    let tier =
        |name: &str, from: i64, percent, thoughts, tokens, tools, models: &[&str]| TierSpec {
            name: name.to_owned(),
            from: Money(from * MICROS),
            percent,
            thoughts_per_hour: thoughts,
            tokens_per_hour: tokens,
            tool_runs: tools,
            models: models.iter().map(|&model| model.to_owned()).collect(),
            priority: 0,
            gpu_share: "shared".to_owned(),
            price_per_hour: Money(0),
        };
    let mut tiers = vec![
        tier("basic", 0, 100, 120, 400_000, 1, &["fast", "chat"]),
        tier(
            "plus",
            50,
            200,
            480,
            2_000_000,
            2,
            &["fast", "chat", "code", "long_context"],
        ),
        tier("pro", 200, 500, 2_000, 10_000_000, 4, &["*"]),
    ];
    (tiers[1].priority, tiers[1].price_per_hour) = (1, Money(MICROS));
    (tiers[2].priority, tiers[2].price_per_hour) = (2, Money(4 * MICROS));
    tiers[1].gpu_share = "preferred".to_owned();
    tiers[2].gpu_share = "guaranteed".to_owned();
    tiers
}

/// The tier that a balance leads to for somebody who is in one already: up at once, down only when the balance is below
/// `from` less so many per cent of it.
#[must_use]
pub fn tier_of(tiers: &[TierSpec], now: u8, balance: Money, hysteresis_percent: u16) -> u8 {
    let earned = tiers
        .iter()
        .rposition(|tier| balance >= tier.from)
        .unwrap_or(0);
    let now = usize::from(now).min(tiers.len().saturating_sub(1));
    if earned >= now {
        return earned as u8;
    }
    let keeps = |tier: &TierSpec| {
        let slack = i128::from(tier.from.0) * i128::from(hysteresis_percent) / 100;
        i128::from(balance.0) >= i128::from(tier.from.0) - slack
    };
    let kept = (earned + 1..=now).rev().find(|&tier| keeps(&tiers[tier]));
    kept.unwrap_or(earned) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rises_at_once_and_falls_late() {
        let tiers = default_tiers();
        let of = |now, whole: i64| tier_of(&tiers, now, Money(whole * MICROS), 20);
        assert_eq!((of(0, 0), of(0, 49), of(0, 50), of(0, 200)), (0, 0, 1, 2));
        assert_eq!((of(1, 41), of(1, 40), of(1, 39)), (1, 1, 0));
        assert_eq!((of(2, 160), of(2, 159), of(2, 45), of(2, 0)), (2, 1, 1, 0));
        assert_eq!(of(200, 0), 0, "an unknown tier is none");
    }
}
