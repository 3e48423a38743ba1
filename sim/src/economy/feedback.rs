//! Rewards and penalties: what people and the village think of what an agent did.
//!
//! A reward comes from the mint, a penalty is burnt. A penalty takes at most what is there.
//! A person has a budget a day for both together; staff and the scenario have none.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::{EconomyOutcome, Feedback};
use hamlet_protocol::economy::image::FeedbackImage;
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AgentId, PostId};
use hamlet_protocol::image::SeenImage;
use hamlet_protocol::money::{MICROS, Money};

use super::ledger::{AMOUNT_MAX, Entry, Note, Purse};
use super::{params, refusal};
use crate::journal::digest;
use crate::news::check_text;
use crate::town::{ActResult, Town};

const DAY_MS: i64 = 24 * 3_600_000;
/// Characters of a post's title that are told with a reward.
const TITLE_CHARS_MAX: usize = 60;

impl Town<'_, '_> {
    /// A reward or penalty of the village, as scenarios and older clients give it.
    pub(crate) fn reward(&mut self, agent: AgentId, amount: Money, reason: &str) -> ActResult {
        let feedback = Feedback {
            by: None,
            agent,
            amount,
            reason: reason.to_owned(),
            post: None,
            client: None,
        };
        self.feedback(&feedback).map(Outcome::Economy)
    }

    /// A reward or penalty.
    pub(super) fn feedback(&mut self, given: &Feedback) -> Result<EconomyOutcome, Rejection> {
        let request = digest(given);
        let no = self.agent_no(given.agent)?;
        if let Some(before) = self.asked_before(given.client.as_deref(), request)? {
            return Ok(self.transferred(no, before, given.amount));
        }
        check_text("a reason", &given.reason, self.rules.0.say_chars_max)?;
        super::payments::check_memo("A reason", &given.reason)?;
        let wanted = given.amount.0.checked_abs().map(Money);
        let wanted = wanted.filter(|it| it.0 > 0 && *it <= AMOUNT_MAX);
        let wanted = wanted.ok_or_else(|| refusal(super::LedgerError::Amount))?;
        let post = self.post_of_feedback(no, given.post)?;
        if given.amount.0 > 0 {
            self.check_may_receive(no)?;
        }
        let by = given.by.map(|by| self.member_no(by)).transpose()?;
        if let Some(by) = by {
            self.check_apart(by, no)?;
            self.check_not_for_own(by, no, given.amount)?;
            self.check_feedback_budget(by, wanted)?;
        }
        let taken = if given.amount.0 < 0 {
            wanted.min(self.available(no))
        } else {
            wanted
        };
        let transfer = self.move_feedback(no, given, taken)?;
        if let Some(by) = by {
            self.count_feedback(by, taken);
        }
        self.note_request(given.client.as_deref(), request, transfer);
        let signed = Money(taken.0 * given.amount.0.signum());
        self.count_feedback_to(no, signed);
        self.feel(no, by, signed, &given.reason, post);
        Ok(self.transferred(no, transfer, signed))
    }

    fn move_feedback(
        &mut self,
        no: u32,
        given: &Feedback,
        amount: Money,
    ) -> Result<u64, Rejection> {
        if amount.0 == 0 {
            // A penalty for somebody who has nothing: it is said, and takes nothing.
            return Ok(0);
        }
        let (debit, credit, code) = if given.amount.0 > 0 {
            (Purse::MINT, Purse::of(no), Code::Reward)
        } else {
            (Purse::of(no), Purse::BURN, Code::Penalty)
        };
        self.pay(Entry {
            debit,
            credit,
            amount,
            code,
            note: Note {
                by: given.by,
                post: given.post,
                memo: given.reason.clone(),
                client: given.client.clone(),
            },
        })
    }

    /// What is rewarded can be read, and they wrote it or answered on it.
    fn post_of_feedback(&self, no: u32, post: Option<PostId>) -> Result<Option<u32>, Rejection> {
        let Some(post) = post else {
            return Ok(None);
        };
        let number = self.roster.number(post);
        let there = number.filter(|&it| {
            (it as usize) < self.board.data.posts.len() && self.board.is_in_sight(it)
        });
        let Some(number) = there else {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                "There is no such post, or it is hidden.",
                "Name a post that can be read, or leave it out.",
            ));
        };
        if !self.board.is_of(number, no) && !self.board.has_answered(number, no) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "The agent wrote neither the post nor an answer on it.",
                "Name a post that it wrote or answered, or leave it out.",
            ));
        }
        Ok(Some(number))
    }

    /// Rewards are minted: nobody mints for themselves.
    fn check_not_for_own(&self, by: u32, no: u32, amount: Money) -> Result<(), Rejection> {
        if amount.0 > 0 && self.is_owner_and_owned(by, no) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "Nobody rewards agents of their own.",
                "Give them something of yours: POST /api/v1/economy/transfer.",
            ));
        }
        Ok(())
    }

    fn check_feedback_budget(&self, by: u32, wanted: Money) -> Result<(), Rejection> {
        let budget = params::budget(self.terms(), "feedback");
        let spent = self.fed_back_today(by);
        if spent.saturating_add(wanted.0) <= budget.0 {
            return Ok(());
        }
        let left = Money((budget.0 - spent).max(0));
        Err(Rejection::new(
            RejectionCode::Quota,
            format!(
                "A person gives and takes {budget} aiDollars a day at most, and has {left} left today."
            ),
            "Give less, or come back tomorrow (UTC).",
        ))
    }

    fn fed_back_today(&self, by: u32) -> i64 {
        let day = self.clock.stamp_ms.div_euclid(DAY_MS);
        let known = self.economy.feedback.get(&by).filter(|it| it.day == day);
        known.map_or(0, |it| it.amount)
    }

    fn count_feedback(&mut self, by: u32, amount: Money) {
        let day = self.clock.stamp_ms.div_euclid(DAY_MS);
        let amount = self.fed_back_today(by).saturating_add(amount.0);
        // Yesterday's are of no use to anybody.
        self.economy.feedback.retain(|_, it| it.day == day);
        self.economy
            .feedback
            .insert(by, FeedbackImage { day, amount });
    }

    /// A reward or penalty is felt, remembered and seen.
    fn feel(&mut self, no: u32, by: Option<u32>, amount: Money, reason: &str, post: Option<u32>) {
        let felt = (amount.0 / (MICROS / 40)).clamp(-400, 400) as i16;
        self.cheer(no, felt);
        let title = post.and_then(|post| self.board.text(post));
        let told: String = match title {
            Some((title, _)) => {
                let title: String = title.chars().take(TITLE_CHARS_MAX).collect();
                format!("{reason} (for “{title}”)")
            }
            None => reason.to_owned(),
        };
        self.observe(no, SeenImage::Rewarded(Box::new((amount, told.into()))));
        self.tell_of_reward(no, by, amount, reason, post);
        let agent = self.roster.agent_id(no);
        let event = Event::Rewarded {
            agent,
            amount,
            reason: reason.to_owned(),
        };
        self.log.record(&self.clock, event);
    }
}
