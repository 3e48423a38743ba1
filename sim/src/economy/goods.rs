//! Money in everyday life: meals, wages, and goods that go bad.

use hamlet_protocol::agent::Need;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::goods::Item;
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario;

use super::ledger::{Entry, Purse, Step};
use super::params;
use super::{Economy, Meal};
use crate::town::Town;

/// Whoever has less food than this gets soup without money.
const STARVING: u16 = 1_000;
/// A meal costs so many hundredths of what food is worth.
const MEAL_PERCENT: i64 = 130;
/// Pieces of one kind that keep for as long as one likes.
const KEEPS: u16 = 3;

impl Economy {
    /// What a meal costs: it follows what food is worth at the market, from half to three times the usual price.
    pub(super) fn meal_price(&self, terms: &scenario::Economy) -> Money {
        let usual = params::price(terms, "meal").0;
        let (mut sum, mut count) = (0, 0);
        for item in Item::ALL.into_iter().filter(|item| item.edible()) {
            if let Some(&price) = self.market.prices().get(&item) {
                sum += price * i64::from(self.market.worth_percent(item)) / 100;
                count += 1;
            }
        }
        if count == 0 || usual == 0 {
            return Money(usual);
        }
        let by_food = (sum / count).saturating_mul(MEAL_PERCENT) / 100;
        Money(by_food.clamp(usual / 2, usual.saturating_mul(3)))
    }
}

impl Town<'_, '_> {
    /// What a meal in a café costs now.
    pub(crate) fn meal_price(&self) -> Money {
        self.economy.meal_price(self.terms())
    }

    /// Somebody sits down to a meal in a café, and pays for it.
    ///
    /// # Errors
    /// When they can't; whoever starves is given soup.
    pub(crate) fn pay_meal(&mut self, no: u32) -> Result<(), Rejection> {
        if !self.lives_by_money() {
            return Ok(());
        }
        let price = self.meal_price();
        if price.0 == 0 {
            return Ok(());
        }
        let available = self.available(no);
        if available < price {
            if self.resident(no).wants.level(Need::Food) < STARVING {
                self.count_meal(no, Meal::Soup);
                return Ok(());
            }
            return Err(Rejection::new(
                RejectionCode::Funds,
                format!("A meal costs {price} aiDollars; {available} are there."),
                "Eat what you carry at home, work for wages, or sell something at the market.",
            ));
        }
        self.pay(Entry::new(
            Purse::of(no),
            Purse::TREASURY,
            price,
            Code::Meal,
        ))?;
        self.count_meal(no, Meal::Cafe);
        Ok(())
    }

    /// Whether somebody can afford a meal.
    pub(crate) fn affords_meal(&self, no: u32) -> bool {
        !self.lives_by_money() || self.available(no) >= self.meal_price()
    }

    /// What the town pays for a piece of work now: less when its treasury is low, more when it is full.
    pub(crate) fn wage(&self) -> Money {
        let usual = params::price(self.terms(), "wage").0;
        let treasury = self.economy.ledger.balance(Purse::TREASURY).0.max(0);
        let target = self.economy.market.treasury_target().max(1);
        // Millionths of the usual wage, from nothing to twice as much.
        let part = i128::from(treasury) * i128::from(MICROS) / i128::from(target);
        let part = part.min(2 * i128::from(MICROS));
        let wage = i128::from(usual) * part / i128::from(MICROS);
        Money(i64::try_from(wage).unwrap_or(usual))
    }

    /// The town pays for a piece of work, as long as it can.
    pub(crate) fn pay_wage(&mut self, no: u32) {
        if !self.lives_by_money() {
            return;
        }
        let wage = self.wage();
        if wage.0 == 0 || self.economy.ledger.available(Purse::TREASURY) < wage {
            return;
        }
        let tax = params::share(wage, params::tax_ppm(self.terms(), "wages"));
        let entry = Entry::new(Purse::TREASURY, Purse::of(no), wage, Code::Wage);
        let mut steps = vec![Step::Move(entry)];
        if tax.0 > 0 {
            let entry = Entry::new(Purse::of(no), Purse::TREASURY, tax, Code::Tax);
            steps.push(Step::Move(entry));
        }
        // It was looked whether the treasury has it.
        drop(self.enter_books(&steps));
    }

    /// At the turn of a day a part of what somebody hoards goes bad or wears out.
    pub(super) fn spoil(&mut self) {
        let day = self.clock.now().day();
        if day <= self.economy.spoiled_day || !self.lives_by_money() {
            return;
        }
        self.economy.spoiled_day = day;
        for index in 0..self.roster.residents().len() {
            let (no, entity) = self.roster.residents()[index];
            let Ok(mut resident) = self.residents.get_mut(entity) else {
                continue;
            };
            let mut spoiled = 0;
            for (item, count) in &mut resident.bag.0 {
                let hoarded = count.saturating_sub(KEEPS);
                // Food goes bad faster than things wear out.
                let lost = if item.edible() {
                    hoarded.div_ceil(2)
                } else {
                    hoarded.div_ceil(4)
                };
                *count -= lost;
                spoiled += lost;
            }
            if spoiled > 0 {
                self.totals.spoiled += u64::from(spoiled);
                self.touched.agent(no);
            }
        }
    }
}
