//! What a mind that is a language model may give away: whoever talks it into paying gets so much a day and no more.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::command::{BountyAct, EconomyAct};
use hamlet_protocol::economy::image::FeedbackImage;
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
                    "A mind that is a language model gives away {budget} aiDollars a day at most, and {left} are left today."
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

    pub(super) fn count_gift(&mut self, no: u32, given: Option<Money>) {
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
