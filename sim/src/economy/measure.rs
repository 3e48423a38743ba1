//! Money measured.

use hamlet_protocol::agent::Need;
use hamlet_protocol::money::MICROS;

use super::Economy;
use super::ledger::Purse;
use super::lived::Group;
use crate::town::Town;

/// What residents have, together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Purses {
    residents: usize,
    sum: f64,
    gini: f64,
    tiers: [f64; 3],
    hungry: f64,
    meal: f64,
    /// Mood and food of the poorest quarter, then of the richest.
    quarters: [(f64, f64); 2],
    /// Those who were rewarded, then those who were penalised.
    groups: [Group; 2],
}

impl Town<'_, '_> {
    pub(crate) fn measure_purses(&self) -> Purses {
        let meal = self.meal_price().0;
        let mut purses = Purses {
            meal: dollars(meal),
            groups: self.measure_groups(),
            ..Purses::default()
        };
        let mut balances = Vec::with_capacity(self.roster.residents().len());
        let mut ranked = Vec::with_capacity(balances.capacity());
        for &(no, entity) in self.roster.residents() {
            let balance = self.economy.ledger.balance(Purse::of(no)).0.max(0);
            balances.push(balance);
            if let Ok(resident) = self.residents.get(entity) {
                let food = f64::from(resident.wants.level(Need::Food)) / 10_000.0;
                ranked.push((balance, no, f64::from(resident.wants.mood) / 1000.0, food));
            }
            purses.tiers[usize::from(self.tier(no)).min(2)] += 1.0;
            if !self.affords_meal(no) {
                purses.hungry += 1.0;
            }
        }
        ranked.sort_by_key(|&(balance, no, _, _)| (balance, no));
        let quarter = (ranked.len() / 4).max(1).min(ranked.len());
        let mean = |part: &[(i64, u32, f64, f64)]| {
            let count = part.len() as f64;
            let sum = |of: fn(&(i64, u32, f64, f64)) -> f64| part.iter().map(of).sum::<f64>();
            (sum(|it| it.2) / count, sum(|it| it.3) / count)
        };
        purses.quarters = [
            mean(&ranked[..quarter]),
            mean(&ranked[ranked.len() - quarter..]),
        ];
        purses.residents = balances.len();
        purses.sum = dollars(balances.iter().sum());
        purses.gini = gini(&mut balances);
        purses
    }
}

fn dollars(micros: i64) -> f64 {
    micros as f64 / MICROS as f64
}

/// Gini's coefficient: 0 where all have the same, towards 1 where one has all.
#[must_use]
pub fn gini(balances: &mut [i64]) -> f64 {
    balances.sort_unstable();
    let sum: f64 = balances.iter().map(|&it| it as f64).sum();
    if sum <= 0.0 {
        return 0.0;
    }
    let count = balances.len() as f64;
    let ranked = (1u32..).zip(balances.iter());
    let weighted: f64 = ranked.map(|(rank, &it)| f64::from(rank) * it as f64).sum();
    2.0 * weighted / (count * sum) - (count + 1.0) / count
}

impl Economy {
    /// A metric of money; `None`: it is none.
    pub(crate) fn measure(&self, name: &str, purses: &Purses) -> Option<f64> {
        let share = |count: f64| {
            if purses.residents == 0 {
                f64::NAN
            } else {
                count / purses.residents as f64
            }
        };
        if let Some(what) = name.strip_suffix(".rewarded") {
            return purses.groups[0].mean(what);
        }
        if let Some(what) = name.strip_suffix(".penalised") {
            return purses.groups[1].mean(what);
        }
        let market = self.market.data();
        let mean_price = |edible: bool| {
            let prices = market
                .prices
                .iter()
                .filter(|(item, _)| item.edible() == edible);
            let prices: Vec<i64> = prices.map(|(_, &price)| price).collect();
            if prices.is_empty() {
                f64::NAN
            } else {
                dollars(prices.iter().sum::<i64>()) / prices.len() as f64
            }
        };
        Some(match name {
            "ledger.gini" => purses.gini,
            "ledger.supply" => dollars(self.supply()),
            "ledger.treasury" => dollars(self.ledger.balance(Purse::TREASURY).0),
            "ledger.mean" => share(purses.sum),
            "ledger.transfers" => self.ledger.transfers() as f64,
            "market.food_price" => mean_price(true),
            "market.goods_price" => mean_price(false),
            "market.sales" => market.sold.values().sum::<u64>() as f64,
            "market.orders" => market.orders.len() as f64,
            "wage" => dollars(market.wage),
            "meal" => purses.meal,
            "tier.0" => share(purses.tiers[0]),
            "tier.1" => share(purses.tiers[1]),
            "tier.2" => share(purses.tiers[2]),
            "hungry" => share(purses.hungry),
            "meals.cafe" => self.meals(|lived| lived.cafe),
            "meals.home" => self.meals(|lived| lived.home),
            "meals.soup" => self.meals(|lived| lived.soup),
            "mood.poor" => purses.quarters[0].0,
            "food.poor" => purses.quarters[0].1,
            "mood.rich" => purses.quarters[1].0,
            "food.rich" => purses.quarters[1].1,
            _ => return None,
        })
    }

    /// Money there is: what came from the mint and from outside less what was burnt.
    pub(crate) fn supply(&self) -> i64 {
        let owed = |purse: Purse| self.ledger.balance(purse).0;
        -(owed(Purse::MINT) + owed(Purse::DEPOSITS) + owed(Purse::BURN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inequality_is_between_none_and_all() {
        assert_eq!(gini(&mut []), 0.0);
        assert_eq!(gini(&mut [0, 0]), 0.0);
        assert_eq!(gini(&mut [5, 5, 5, 5]), 0.0);
        assert!((gini(&mut [0, 0, 0, 4]) - 0.75).abs() < 1e-12);
        assert!((gini(&mut [1, 3]) - 0.25).abs() < 1e-12);
    }
}
