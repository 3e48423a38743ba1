//! How residents live, as far as money goes: what they were given and what was taken from them, and where their meals come from.
//!
//! It is kept so that a run can say whether those who were rewarded live otherwise than those who were penalised.

use hamlet_protocol::agent::Need;
use hamlet_protocol::economy::image::LivedImage;
use hamlet_protocol::money::{MICROS, Money};

use super::Economy;
use super::ledger::Purse;
use crate::town::Town;

/// Where a meal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meal {
    /// A café, paid for.
    Cafe,
    /// What one had, at home.
    Home,
    /// A café, for nothing, because one starved.
    Soup,
}

impl Town<'_, '_> {
    /// Somebody sat down to a meal. Where nobody lives by money nobody counts them.
    pub(crate) fn count_meal(&mut self, no: u32, meal: Meal) {
        if !self.lives_by_money() {
            return;
        }
        let lived = self.economy.lived.entry(no).or_default();
        let count = match meal {
            Meal::Cafe => &mut lived.cafe,
            Meal::Home => &mut lived.home,
            Meal::Soup => &mut lived.soup,
        };
        *count = count.saturating_add(1);
    }

    /// Somebody was rewarded or penalised. A penalty that found nothing to take counts as the least there is.
    pub(super) fn count_feedback_to(&mut self, no: u32, moved: Money) {
        let counted = if moved.0 == 0 { -1 } else { moved.0 };
        let lived = self.economy.lived.entry(no).or_default();
        lived.feedback = lived.feedback.saturating_add(counted);
    }

    /// Those whom rewards gave more than penalties took, then those of whom the reverse is true.
    pub(super) fn measure_groups(&self) -> [Group; 2] {
        let mut groups = [Group::default(), Group::default()];
        for &(no, entity) in self.roster.residents() {
            let Some(lived) = self.economy.lived.get(&no).copied() else {
                continue;
            };
            let group = match lived.feedback.signum() {
                1 => &mut groups[0],
                -1 => &mut groups[1],
                _ => continue,
            };
            let Ok(resident) = self.residents.get(entity) else {
                continue;
            };
            let balance = self.economy.ledger.balance(Purse::of(no)).0;
            let (mood, food) = (resident.wants.mood, resident.wants.level(Need::Food));
            let values = [
                balance as f64 / MICROS as f64,
                f64::from(self.tier(no)),
                f64::from(mood) / 1000.0,
                f64::from(food) / 10_000.0,
                f64::from(lived.cafe),
                f64::from(lived.home),
                f64::from(lived.soup),
            ];
            group.add(values);
        }
        groups
    }
}

/// What is measured of a group, in the order of [`Group::sums`].
const OF_GROUP: [&str; 7] = ["balance", "tier", "mood", "food", "cafe", "home", "soup"];

/// Residents of whom one thing is true, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Group {
    count: u32,
    sums: [f64; OF_GROUP.len()],
}

impl Group {
    fn add(&mut self, values: [f64; OF_GROUP.len()]) {
        self.count += 1;
        for (sum, value) in self.sums.iter_mut().zip(values) {
            *sum += value;
        }
    }

    /// The mean of something; `NaN` where nobody belongs to the group, `None` where it is not measured of groups.
    pub(super) fn mean(&self, what: &str) -> Option<f64> {
        let at = OF_GROUP.iter().position(|name| *name == what)?;
        // 0 / 0 is no number, as it should be.
        Some(self.sums[at] / f64::from(self.count))
    }
}

impl Economy {
    /// Meals of one kind so far.
    pub(super) fn meals(&self, of: fn(&LivedImage) -> u32) -> f64 {
        let all = self.lived.values();
        all.map(|lived| f64::from(of(lived))).sum()
    }
}
