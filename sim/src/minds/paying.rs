//! Minds pay for what they think.
//!
//! What a thought may cost is reserved in the tick it is asked for; what it used is posted where it takes effect, and the rest is free again.
//! Who can't pay is not asked and lives by habit until they can. Where the town has no money, or a model has no price, nothing of this happens.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::command::{EconomyOutcome, Reserve, TaskReserve, Usage};
use hamlet_protocol::minds::{
    ESTIMATE, MindImage, ThoughtAsk, ThoughtPermit, ThoughtTerms, UnpaidImage, Wake,
};
use hamlet_protocol::money::Money;

use crate::economy::params;
use crate::town::Town;

const HOUR_MS: i64 = 3_600_000;
/// What a reservation for a thought is for.
pub(crate) const THOUGHT: &str = "thought";
/// What a reservation for an answer to a person's task is for.
const TASK: &str = "task";
/// The class of models of whoever names none, and the classes that are tried where a tier does not allow what is wanted.
const CLASSES: [&str; 2] = ["chat", "fast"];

impl Town<'_, '_> {
    /// Whether somebody who could not pay before may be able to now.
    pub(super) fn may_try_to_pay(&self, no: u32, mind: &MindImage) -> bool {
        match mind.unpaid {
            None => true,
            Some(UnpaidImage::Funds { needs }) => self.available(no).0 >= needs,
            Some(UnpaidImage::Quota { until_ms, tier }) => {
                self.clock.stamp_ms >= until_ms || self.tier(no) != tier
            }
        }
    }

    /// Reserves what a thought may cost: number of the reservation, and what it entitles to.
    pub(super) fn terms_of_thought(
        &mut self,
        no: u32,
    ) -> Result<(Option<u64>, ThoughtTerms), Rejection> {
        let estimate = self.thinking.data.estimate.unwrap_or(ESTIMATE);
        // It has no end of its own: a thought is settled, given up, or void.
        self.terms_for(no, THOUGHT, estimate, None)
    }

    /// Reserves what one answer to a person's task may cost, on the same terms as a thought.
    pub(crate) fn reserve_for_task(
        &mut self,
        wanted: &TaskReserve,
    ) -> Result<EconomyOutcome, Rejection> {
        let no = self.agent_no(wanted.agent)?;
        self.may_drive(no)?;
        let until_ms = self.reserved_until(wanted.ttl_secs);
        let (reservation, terms) = self.terms_for(no, TASK, wanted.estimate, Some(until_ms))?;
        Ok(EconomyOutcome::ReservedForTask { reservation, terms })
    }

    fn terms_for(
        &mut self,
        no: u32,
        purpose: &str,
        estimate: Usage,
        until_ms: Option<i64>,
    ) -> Result<(Option<u64>, ThoughtTerms), Rejection> {
        let wanted = self.model_class(no);
        if !self.thoughts_are_paid(&wanted) {
            return Ok((None, ThoughtTerms::Free));
        }
        let model = self
            .allowed(no, &wanted)
            .ok_or_else(|| self.no_model(no, &wanted))?;
        // Who has won more slots than others comes before them.
        let slots = self.slots_of(no, &model).unwrap_or(0);
        let slots = u8::try_from(slots).unwrap_or(u8::MAX);
        let priority = self.entitlement(no).priority.saturating_add(slots);
        let reserve = Reserve {
            agent: self.roster.agent_id(no),
            owner: None,
            estimate,
            purpose: purpose.to_owned(),
            model: model.clone(),
            ttl_secs: 0,
        };
        let (reservation, reserved) = self.reserve_until(&reserve, until_ms)?;
        let prices = params::model_prices(self.terms(), &model);
        let permit = ThoughtPermit {
            tier: self.tier(no),
            model,
            priority,
            reserved,
            prices,
        };
        Ok((Some(reservation), ThoughtTerms::Paid(permit)))
    }

    /// The class of models that somebody's tier allows them, and that they have a slot of where slots are sold, when they want this one.
    fn allowed(&self, no: u32, wanted: &str) -> Option<String> {
        let spec = self.entitlement(no);
        let has_slot = |class: &str| self.slots_of(no, class) != Some(0);
        let may = |class: &str| class != "*" && spec.allows_model(class) && has_slot(class);
        let own = spec.models.iter().map(String::as_str).take(1);
        let mut classes = [wanted].into_iter().chain(CLASSES).chain(own);
        classes.find(|&class| may(class)).map(str::to_owned)
    }

    fn no_model(&self, no: u32, wanted: &str) -> Rejection {
        if self.is_sold(wanted) {
            return Rejection::new(
                RejectionCode::Quota,
                "Compute is sold by auction here, and it has won no slot.",
                "It lives by habit until it wins one in a later round.",
            );
        }
        let spec = self.entitlement(no);
        Rejection::new(
            RejectionCode::Quota,
            format!("The tier `{}` has no models to think with.", spec.name),
            "It lives by habit until it rises to a higher tier.",
        )
    }

    /// Whether thoughts of this class of models are paid for here: they have a price, or take a slot that is sold.
    pub(super) fn thoughts_are_paid(&self, class: &str) -> bool {
        let priced = |class| params::thoughts_are_priced(self.terms(), class);
        self.lives_by_money() && (self.is_sold(class) || priced(class))
    }

    /// The class of models that somebody's template wants.
    pub(crate) fn model_class(&mut self, no: u32) -> String {
        let slug = std::sync::Arc::clone(&self.resident(no).identity.template);
        let template = self.agenda.scenario.templates.get(&*slug);
        let class = template.map_or("", |template| template.model.as_str());
        if class.is_empty() { CLASSES[0] } else { class }.to_owned()
    }

    /// Somebody is not asked because it can't be paid for. They are told once, and whoever thinks is, so that it can be seen.
    pub(super) fn leave_unpaid(&mut self, no: u32, wake: Wake, refused: Rejection) {
        let now_ms = self.clock.stamp_ms;
        let unpaid = match refused.code {
            RejectionCode::Funds => UnpaidImage::Funds {
                needs: self.needed_to_think(no).0,
            },
            _ => {
                let hour_ms = (now_ms.div_euclid(HOUR_MS) + 1).saturating_mul(HOUR_MS);
                let next_ms = self.next_auction_ms();
                UnpaidImage::Quota {
                    until_ms: next_ms.map_or(hour_ms, |next_ms| next_ms.min(hour_ms)),
                    tier: self.tier(no),
                }
            }
        };
        let tick = self.clock.tick;
        let agent = self.roster.agent_id(no);
        let thinking = &mut *self.thinking;
        let Some(mind) = thinking.data.minds.get_mut(&no) else {
            return;
        };
        let before = mind.unpaid.replace(unpaid);
        if before.map(UnpaidImage::why) == Some(unpaid.why()) {
            return;
        }
        let text = refused.to_string();
        let thought = thinking.data.thoughts;
        thinking.data.thoughts += 1;
        if thinking.taken {
            thinking.asks.push(ThoughtAsk {
                thought,
                agent,
                no,
                fence: mind.fence,
                asked: tick,
                due: tick,
                wake,
                last: Vec::new(),
                terms: ThoughtTerms::Unpaid {
                    why: unpaid.why(),
                    text: text.clone(),
                },
            });
        }
        self.tell_of_thoughts(no, &text);
        // They do by themselves what they need until then.
        self.resident(no).plan.now.next = tick;
        self.touched.agent(no);
    }

    /// What must be there before somebody can be asked again.
    fn needed_to_think(&mut self, no: u32) -> Money {
        let wanted = self.model_class(no);
        let model = self.allowed(no, &wanted).unwrap_or(wanted);
        let estimate = self.thinking.data.estimate.unwrap_or(ESTIMATE);
        params::usage_price(self.terms(), &model, &estimate)
    }

    /// A thought is over: what it used is posted. `None` where nothing was reserved for it.
    pub(super) fn charge_thought(&mut self, no: u32, usage: &Usage) -> Option<Money> {
        let reservation = self.take_reservation(no)?;
        let charged = if *usage == Usage::default() {
            self.release_usage(reservation).map(|()| Money(0))
        } else {
            // Tools have reservations of their own.
            let usage = Usage {
                tool_ms: 0,
                ..*usage
            };
            self.settle_usage(reservation, &usage)
        };
        // Who left in the middle of a thought has paid for no more.
        charged.ok()
    }

    /// A thought came to nothing: what was reserved for it is free again.
    pub(super) fn release_thought(&mut self, no: u32) {
        if let Some(reservation) = self.take_reservation(no) {
            // Whoever left is free of it already.
            drop(self.release_usage(reservation));
        }
    }

    /// A thought is broken off: what was reserved for it is free again, and it counts as had.
    pub(super) fn forfeit_thought(&mut self, no: u32) {
        if let Some(reservation) = self.take_reservation(no) {
            drop(self.forfeit_usage(reservation));
        }
    }

    /// All thoughts under way came to nothing.
    pub(super) fn release_thoughts(&mut self) {
        let minds = self.thinking.data.minds.iter();
        let open = minds.filter(|(_, mind)| mind.open.is_some());
        let open: Vec<u32> = open.map(|(&no, _)| no).collect();
        for no in open {
            self.release_thought(no);
        }
    }

    fn take_reservation(&mut self, no: u32) -> Option<u64> {
        let mind = self.thinking.data.minds.get_mut(&no)?;
        mind.open.as_mut()?.reservation.take()
    }
}

#[cfg(test)]
mod slots;
