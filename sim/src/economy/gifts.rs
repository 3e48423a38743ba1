//! What a mind that is a language model may give away: whoever talks it into paying, or into handing goods over, gets so much a day and no more.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::command::{BountyAct, EconomyAct, Side};
use hamlet_protocol::economy::image::FeedbackImage;
use hamlet_protocol::goods::Item;
use hamlet_protocol::money::Money;

use super::params;
use crate::town::Town;

const DAY_MS: i64 = 86_400_000;

impl Town<'_, '_> {
    /// What an act would give away, where its actor's gifts are counted; refused where it is too much for a day.
    pub(super) fn check_gift(
        &mut self,
        no: u32,
        act: &EconomyAct,
    ) -> Result<Option<Money>, Rejection> {
        let Some(amount) = self.promised(no, act)? else {
            return Ok(None);
        };
        self.check_day(no, amount)
    }

    /// What an act gives away in goods, at their usual price, where its actor's gifts are counted and goods are money's worth; refused where it is too
    /// much for a day.
    pub(crate) fn check_goods_given(
        &mut self,
        no: u32,
        act: &Act,
    ) -> Result<Option<Money>, Rejection> {
        let given = self.goods_given(act);
        if given.0 <= 0 || !self.lives_by_money() {
            return Ok(None);
        }
        self.check_day(no, given)
    }

    /// What goods that leave somebody with an act are usually worth, beyond what is asked for them.
    fn goods_given(&self, act: &Act) -> Money {
        let (item, count, asked) = match act {
            Act::Give { item, count, .. } | Act::Drop { item, count } => {
                (Item::parse(item), *count, 0)
            }
            Act::Economy(EconomyAct::Order {
                side: Side::Offer,
                item,
                count,
                price,
            }) => (Some(*item), *count, price.0),
            _ => (None, 0, 0),
        };
        let each = item.map_or(0, |item| params::base_price(self.terms(), item));
        Money(each.saturating_sub(asked).saturating_mul(i64::from(count)))
    }

    /// Refuses what is more than a model's mind has left to give today; `None` where nobody counts.
    fn check_day(&mut self, no: u32, amount: Money) -> Result<Option<Money>, Rejection> {
        let is_model = self.is_resident(no) && self.resident(no).identity.mind == MindKind::Llm;
        if !is_model {
            return Ok(None);
        }
        let budget = params::budget(self.terms(), "mind_gifts");
        let given = self.given_today(no);
        if given.saturating_add(amount.0) > budget.0 {
            let left = Money((budget.0 - given).max(0));
            return Err(Rejection::new(
                RejectionCode::Quota,
                format!(
                    "A mind that is a language model gives away {budget} aiDollars a day at most, in money and in goods at their usual price, and {left} are left today."
                ),
                "Give less, or ask a person.",
            ));
        }
        Ok(Some(amount))
    }

    /// What an act pays to others, or promises them.
    pub(super) fn promised(&self, no: u32, act: &EconomyAct) -> Result<Option<Money>, Rejection> {
        Ok(match act {
            EconomyAct::Pay {
                to,
                amount,
                memo,
                client,
            } => {
                let before = self.paid_before(no, *to, *amount, memo, client.as_deref())?;
                // The same request once more gives nothing more.
                before.is_none().then_some(*amount)
            }
            EconomyAct::Bounty(BountyAct::Open { reward, .. }) => Some(*reward),
            _ => None,
        })
    }

    pub(crate) fn count_gift(&mut self, no: u32, given: Option<Money>) {
        let Some(given) = given else {
            return;
        };
        let day = self.clock.stamp_ms.div_euclid(DAY_MS);
        let amount = self.given_today(no).saturating_add(given.0);
        // Yesterday's are of no use to anybody.
        self.economy.gifts.retain(|_, it| it.day == day);
        self.economy.gifts.insert(no, FeedbackImage { day, amount });
    }

    fn given_today(&self, no: u32) -> i64 {
        let day = self.clock.stamp_ms.div_euclid(DAY_MS);
        let known = self.economy.gifts.get(&no).filter(|it| it.day == day);
        known.map_or(0, |it| it.amount)
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::command::Command;
    use hamlet_protocol::money::MICROS;

    use super::*;
    use crate::testing::Stage;

    /// Ada has a language model's mind, Bo has none; a piece of bread is usually worth one, and two are given away in a day.
    fn stage() -> Stage {
        let mut stage = Stage::with(&[("Ada", (14, 5)), ("Bo", (15, 5))], |scenario| {
            scenario.economy.grant = Money(25 * MICROS);
            let budgets = &mut scenario.economy.budgets;
            budgets.insert("mind_gifts".to_owned(), Money(2 * MICROS));
            let prices = &mut scenario.economy.prices;
            prices.insert(Item::Bread.as_str().to_owned(), Money(MICROS));
            for population in &mut scenario.populations {
                population.mind = match population.personas.iter().any(|it| it.name == "Ada") {
                    true => MindKind::Llm,
                    false => MindKind::External,
                };
            }
        });
        for name in ["Ada", "Bo"] {
            stage.edit_resident(name, |it| it.inventory = vec![(Item::Bread, 4)]);
        }
        stage
    }

    fn give(stage: &Stage, to: &str, count: u16) -> Act {
        Act::Give {
            to: stage.id(to),
            item: Item::Bread.as_str().to_owned(),
            count,
        }
    }

    fn refused(stage: &mut Stage, name: &str, act: Act) -> Option<RejectionCode> {
        let agent = stage.id(name);
        let before = stage.village.image();
        let refused = stage.command(Command::Act { agent, act }).err()?;
        assert!(stage.village.image() == before, "it left a trace");
        Some(refused.code)
    }

    #[test]
    fn goods_that_a_model_hands_over_count_as_money_does() {
        let mut stage = stage();
        let quota = Some(RejectionCode::Quota);
        let (one, three) = (give(&stage, "Bo", 1), give(&stage, "Bo", 3));
        assert_eq!(refused(&mut stage, "Ada", three.clone()), quota);
        assert_eq!(refused(&mut stage, "Ada", one.clone()), None);
        let drop = Act::Drop {
            item: Item::Bread.as_str().to_owned(),
            count: 1,
        };
        assert_eq!(refused(&mut stage, "Ada", drop.clone()), None);
        assert_eq!(refused(&mut stage, "Ada", drop), quota);
        let pay = Act::Economy(EconomyAct::Pay {
            to: stage.id("Bo"),
            amount: Money(MICROS),
            memo: String::new(),
            client: None,
        });
        assert_eq!(refused(&mut stage, "Ada", pay), quota, "it is one budget");
        // Habits go on all the same, and nobody else is counted.
        let ada = stage.no("Ada");
        let by_habit = stage.in_town(|town| town.act_by_habit(ada, &one).is_ok());
        assert!(by_habit);
        let back = give(&stage, "Ada", 3);
        assert_eq!(refused(&mut stage, "Bo", back), None);
    }

    #[test]
    fn what_is_offered_below_its_worth_is_given_away_in_part() {
        let mut stage = stage();
        let ada = stage.no("Ada");
        let offer = |price, count| {
            Act::Economy(EconomyAct::Order {
                side: Side::Offer,
                item: Item::Bread,
                count,
                price: Money(price),
            })
        };
        let checked = stage.in_town(|town| {
            let asked = [
                (MICROS, 4),
                (2 * MICROS, 4),
                (MICROS / 2, 4),
                (MICROS / 4, 4),
            ];
            asked.map(|(price, count)| town.check_goods_given(ada, &offer(price, count)).ok())
        });
        let half = Some(Money(2 * MICROS));
        assert_eq!(checked, [Some(None), Some(None), Some(half), None]);
    }
}
