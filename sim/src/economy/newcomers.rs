//! What newcomers may give away: a grant is for living and thinking, and grants of many who come for it are not to be pooled.
//!
//! Whoever is driven from outside and came a short time ago, or is claimed by nobody, gives away only what they have beyond the grant.
//! Goods that they bought count as money. They receive, and spend on themselves, like everybody else. Those who live here by a scenario's or a model's mind are its own and no strangers.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::command::{BountyAct, EconomyAct, Side};
use hamlet_protocol::money::Money;

use super::params;
use crate::town::Town;

pub(super) mod bought;

const HOUR_MS: i64 = 3_600_000;
/// What is asked for goods up to so many times their usual price is a purchase; what is above it is a gift.
const FAIR_TIMES: i64 = 2;

impl Town<'_, '_> {
    /// Somebody came and was given a grant.
    pub(super) fn note_newcomer(&mut self, no: u32) {
        let counts = self.terms().newcomer_hours > 0
            && self.is_resident(no)
            && self.resident(no).identity.mind == MindKind::External;
        if counts {
            let now_ms = self.clock.stamp_ms;
            self.economy.newcomers.insert(no, now_ms);
        }
    }

    /// Whether somebody may not give away what they were given.
    pub(super) fn is_bound(&self, no: u32) -> bool {
        let Some(&came_ms) = self.economy.newcomers.get(&no) else {
            return false;
        };
        let new_ms = i64::from(self.terms().newcomer_hours) * HOUR_MS;
        let is_new = self.clock.stamp_ms < came_ms.saturating_add(new_ms);
        is_new || !self.is_owned(no)
    }

    /// Refuses what would give away a newcomer's grant.
    pub(super) fn check_newcomer(&self, no: u32, act: &EconomyAct) -> Result<(), Rejection> {
        if !self.is_bound(no) {
            return Ok(());
        }
        let given = self.given_away(no, act)?;
        self.check_beyond_grant(no, given)
    }

    /// Refuses what is more than a newcomer has beyond the grant, goods that they bought included.
    fn check_beyond_grant(&self, no: u32, given: Money) -> Result<(), Rejection> {
        let grant = self.terms().grant;
        let has = self.available(no).0.saturating_add(self.spent_on_goods(no));
        let left = Money(has.saturating_sub(grant.0).max(0));
        if given <= left {
            return Ok(());
        }
        let hours = self.terms().newcomer_hours;
        Err(Rejection::new(
            RejectionCode::Forbidden,
            format!(
                "Whoever came less than {hours} hours ago, or is claimed by nobody, gives away only what they have beyond the {grant} aiDollars they were given, in money and in goods bought: {left} now."
            ),
            "Spend it on yourself, earn more, or let a person claim you and wait.",
        ))
    }

    /// What an act takes from somebody for others: what it promises them, the fee for it, and what is asked for goods beyond what they are worth.
    fn given_away(&self, no: u32, act: &EconomyAct) -> Result<Money, Rejection> {
        let promised = self.promised(no, act)?.map_or(0, |it| it.0);
        let besides = match act {
            EconomyAct::Bounty(BountyAct::Open { reward, .. }) => {
                params::share(*reward, params::fee_ppm(self.terms(), "bounty")).0
            }
            EconomyAct::Order {
                side: Side::Request,
                item,
                count,
                price,
            } => {
                let fair = params::base_price(self.terms(), *item).saturating_mul(FAIR_TIMES);
                let above = price.0.saturating_sub(fair).max(0);
                above.saturating_mul(i64::from(*count))
            }
            EconomyAct::Order {
                side: Side::Offer,
                item,
                count,
                price,
            } => self.below_cost(no, *item, *count, *price),
            _ => 0,
        };
        Ok(Money(promised.saturating_add(besides)))
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::act::Act;
    use hamlet_protocol::command::Command;
    use hamlet_protocol::economy::command::{EconomyCommand, Feedback};
    use hamlet_protocol::money::MICROS;
    use uuid::Uuid;

    use super::*;
    use crate::testing::Stage;

    /// Ada and Bo drive themselves and were given 25; Cy lives here.
    fn stage(newcomer_hours: u32) -> Stage {
        let people = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Cy", (16, 5))];
        Stage::with(&people, |scenario| {
            scenario.economy.grant = Money(25 * MICROS);
            scenario.economy.newcomer_hours = newcomer_hours;
            for population in &mut scenario.populations {
                if population.personas.iter().all(|it| it.name != "Cy") {
                    population.mind = MindKind::External;
                }
            }
        })
    }

    fn pay(stage: &Stage, to: &str, whole: i64) -> Act {
        Act::Economy(EconomyAct::Pay {
            to: stage.id(to),
            amount: Money(whole * MICROS),
            memo: String::new(),
            client: None,
        })
    }

    fn open(whole: i64) -> Act {
        Act::Economy(EconomyAct::Bounty(BountyAct::Open {
            title: "Paint the fence".to_owned(),
            text: "Blue.".to_owned(),
            reward: Money(whole * MICROS),
            hours: 1,
        }))
    }

    fn refused(stage: &mut Stage, name: &str, act: Act) -> Option<RejectionCode> {
        let agent = stage.id(name);
        let before = stage.village.image();
        let answer = stage.command(Command::Act { agent, act });
        let refused = answer.err()?;
        assert!(stage.village.image() == before, "it left a trace");
        Some(refused.code)
    }

    fn own(stage: &mut Stage, name: &str) {
        let own = EconomyCommand::Own {
            agent: stage.id(name),
            owner: Some(Uuid::from_u128(5)),
            person: None,
        };
        let owned = stage.command(Command::Economy(Box::new(own)));
        owned.expect("somebody claims them");
    }

    #[test]
    fn a_grant_is_not_given_away_and_what_is_earned_beyond_it_is() {
        let mut stage = stage(24);
        let forbidden = Some(RejectionCode::Forbidden);
        let one = pay(&stage, "Bo", 1);
        assert_eq!(refused(&mut stage, "Ada", one.clone()), forbidden);
        assert_eq!(refused(&mut stage, "Ada", open(1)), forbidden);
        // Who lives here gives what they like, newcomers receive it and pass it on.
        let gift = pay(&stage, "Ada", 5);
        stage.act("Cy", gift);
        assert_eq!(refused(&mut stage, "Ada", open(5)), forbidden, "the fee");
        let (four, two) = (pay(&stage, "Bo", 4), pay(&stage, "Bo", 2));
        assert_eq!(refused(&mut stage, "Ada", four), None);
        assert_eq!(refused(&mut stage, "Ada", two), forbidden);
        assert_eq!(refused(&mut stage, "Ada", one), None);
        // It is remembered with the rest of the world.
        stage.edit(|_state| {});
        assert_eq!(refused(&mut stage, "Ada", open(1)), forbidden);
    }

    #[test]
    fn whoever_is_claimed_and_has_been_here_for_a_while_is_no_newcomer() {
        let mut stage = stage(24);
        let forbidden = Some(RejectionCode::Forbidden);
        let one = pay(&stage, "Bo", 1);
        own(&mut stage, "Ada");
        assert_eq!(refused(&mut stage, "Ada", one.clone()), forbidden, "new");
        let later = stage.village.stamp_ms() + 24 * HOUR_MS;
        stage.village.tick(Some(later));
        assert_eq!(refused(&mut stage, "Ada", one), None);
        let back = pay(&stage, "Ada", 10);
        assert_eq!(refused(&mut stage, "Bo", back), forbidden, "unclaimed");
    }

    #[test]
    fn goods_are_bought_at_prices_that_goods_have() {
        let mut stage = stage(24);
        let (ada, far) = (stage.no("Ada"), 3 * MICROS);
        let request = |price| EconomyAct::Order {
            side: Side::Request,
            item: hamlet_protocol::goods::Item::Bread,
            count: 2,
            price: Money(price),
        };
        let checked = stage.in_town(|town| {
            [MICROS, far].map(|price| town.check_newcomer(ada, &request(price)).is_ok())
        });
        assert_eq!(checked, [true, false]);
    }

    #[test]
    fn a_scenario_may_say_that_nobody_is_a_newcomer() {
        let mut stage = stage(0);
        let one = pay(&stage, "Bo", 1);
        assert_eq!(refused(&mut stage, "Ada", one), None);
    }

    #[test]
    fn nobody_rewards_agents_of_their_own() {
        let mut stage = stage(24);
        let (ada, cy) = (stage.id("Ada"), stage.id("Cy"));
        let own = EconomyCommand::Own {
            agent: ada,
            owner: Some(cy.0),
            person: Some(cy),
        };
        stage
            .command(Command::Economy(Box::new(own)))
            .expect("Cy claims Ada");
        let reward = |agent, micros| {
            Command::Economy(Box::new(EconomyCommand::Feedback(Feedback {
                by: Some(cy),
                agent,
                amount: Money(micros),
                reason: "well done".to_owned(),
                post: None,
                client: None,
            })))
        };
        let refused = stage.command(reward(ada, MICROS)).expect_err("her own");
        assert_eq!(refused.code, RejectionCode::Forbidden);
        let bo = stage.id("Bo");
        stage.command(reward(bo, MICROS)).expect("somebody else's");
        stage.command(reward(ada, -MICROS)).expect("a penalty");
    }
}
