//! Bounties: work with a reward, kept in escrow until it is accepted.
//!
//! Open → claimed → submitted → accepted (paid), or sent back, or disputed and settled by a moderator.
//! Until something is handed in, whoever announced it may take it back where nobody works on it, and its time may run out;
//! once something is handed in, only a decision ends it: one that comes too late goes to the moderators by itself.

use std::sync::Arc;

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::{BountyAct, EconomyOutcome};
use hamlet_protocol::economy::event::{BountyDeed, BountyEvent, EconomyEvent};
use hamlet_protocol::economy::image::{BountyImage, BountyState};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::moderation::Moderator;
use hamlet_protocol::money::Money;

use super::ledger::{Entry, Purse, Step};
use super::{params, refusal};
use crate::moderation::Kind;
use crate::news::check_text;
use crate::town::Town;

const HOUR_MS: i64 = 3_600_000;
/// Hours a bounty stands at most.
const HOURS_MAX: u32 = 24 * 90;
/// Characters of a title.
const TITLE_CHARS_MAX: u32 = 200;
/// Characters of what is to be done, and of what is handed in.
const TEXT_CHARS_MAX: u32 = 10_000;
/// Bounties that wait for somebody or are worked on, at once.
const UNDER_WAY_MAX: usize = 10_000;
/// Those who share one.
const SHARES_MAX: usize = 16;
/// The whole of a reward.
const WHOLE: u32 = 1000;
/// Bounties that are over whose words are kept here; those of older ones stand in the store alone.
const WORDS_KEPT_MAX: usize = 1_000;

impl Town<'_, '_> {
    /// Does something about a bounty.
    pub(super) fn bounty_act(
        &mut self,
        no: u32,
        act: &BountyAct,
    ) -> Result<EconomyOutcome, Rejection> {
        let bounty = match act {
            BountyAct::Open {
                title,
                text,
                reward,
                hours,
            } => self.open_bounty(no, title, text, *reward, *hours)?,
            BountyAct::Claim { bounty, shares } => self.claim_bounty(no, *bounty, shares)?,
            BountyAct::Agree { bounty } => self.agree_bounty(no, *bounty)?,
            BountyAct::Unclaim { bounty } => self.unclaim_bounty(no, *bounty)?,
            BountyAct::Submit {
                bounty,
                deliverable,
            } => self.submit_bounty(no, *bounty, deliverable)?,
            BountyAct::Accept { bounty } => self.accept_bounty(no, *bounty)?,
            BountyAct::Reject { bounty, reason } => self.reject_bounty(no, *bounty, reason)?,
            BountyAct::Dispute { bounty, reason } => self.dispute_bounty(no, *bounty, reason)?,
            BountyAct::Withdraw { bounty } => self.withdraw_bounty(no, *bounty)?,
        };
        Ok(EconomyOutcome::Bounty { bounty })
    }

    fn open_bounty(
        &mut self,
        no: u32,
        title: &str,
        text: &str,
        reward: Money,
        hours: u32,
    ) -> Result<u32, Rejection> {
        check_text("a bounty's title", title, TITLE_CHARS_MAX)?;
        check_text("a bounty", text, TEXT_CHARS_MAX)?;
        self.check_edit(no, &[title, text])?;
        if !(1..=HOURS_MAX).contains(&hours) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("A bounty stands for 1 to {HOURS_MAX} hours."),
                "Send that many hours.",
            ));
        }
        if reward.0 <= 0 || reward > super::ledger::AMOUNT_MAX {
            return Err(refusal(super::LedgerError::Amount));
        }
        self.check_quota(no, Kind::Post)?;
        let own = |it: &&Arc<BountyImage>| it.by == no && it.state.is_under_way();
        let mine = self.economy.bounties.iter().filter(own).count();
        let all = self.economy.bounty_ends.len();
        let max = usize::from(self.rules.0.bounties_max);
        if mine >= max || all >= UNDER_WAY_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!(
                    "Nobody has more than {max} bounties under way, and all together {UNDER_WAY_MAX}."
                ),
                "Bring one to its end first.",
            ));
        }
        let fee = params::share(reward, params::fee_ppm(self.terms(), "bounty"));
        let by = Some(self.roster.agent_id(no));
        let whole = Money(reward.0.saturating_add(fee.0));
        let number = self.economy.bounties();
        let entry = Entry::new(Purse::of(no), Purse::ESCROW, whole, Code::Bounty)
            .saying(format!("bounty {number}"))
            .by(by);
        self.pay(entry)?;
        let now_ms = self.clock.stamp_ms;
        let until_ms = now_ms.saturating_add(i64::from(hours) * HOUR_MS);
        self.economy.bounties.push(Arc::new(BountyImage {
            by: no,
            title: title.to_owned(),
            text: text.to_owned(),
            reward: reward.0,
            fee: fee.0,
            created_ms: now_ms,
            until_ms,
            ..BountyImage::default()
        }));
        self.economy.bounty_ends.insert((until_ms, number));
        self.count_text(no, Kind::Post);
        let deed = BountyDeed::Opened {
            title: title.to_owned(),
            text: text.to_owned(),
            reward,
            fee,
            until_ms,
        };
        self.tell_bounty(number, Some(no), deed);
        Ok(number)
    }

    fn claim_bounty(
        &mut self,
        no: u32,
        number: u32,
        shares: &[(AgentId, u16)],
    ) -> Result<u32, Rejection> {
        let bounty = self.bounty(number)?;
        if bounty.hidden && bounty.by != no {
            return Err(unknown(number));
        }
        expect(&bounty, &[BountyState::Open])?;
        if bounty.by == no {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "It is your own bounty.",
                "Wait for somebody else to claim it, or take it back.",
            ));
        }
        self.check_apart(no, bounty.by)?;
        let shares = self.shares(no, bounty.by, shares)?;
        for &(other, _, _) in shares.iter().filter(|share| share.0 != no) {
            self.check_apart(no, other)?;
        }
        let told = self.told_shares(&shares);
        self.change_bounty(number, |it| {
            it.state = BountyState::Claimed;
            it.shares = shares;
        });
        self.tell_bounty(number, Some(no), BountyDeed::Claimed { shares: told });
        Ok(number)
    }

    /// Shares by number: the whole, each member once, whoever claims it among them.
    fn shares(
        &self,
        no: u32,
        owner: u32,
        shares: &[(AgentId, u16)],
    ) -> Result<Vec<(u32, u16, bool)>, Rejection> {
        if shares.is_empty() {
            return Ok(vec![(no, WHOLE as u16, true)]);
        }
        let mut list: Vec<(u32, u16, bool)> = Vec::with_capacity(shares.len().min(SHARES_MAX));
        let wrong = || {
            Rejection::new(
                RejectionCode::Invalid,
                "The shares make no sense.",
                format!(
                    "Name 2 to {SHARES_MAX} members, yourself among them and not whoever announced it, each once, with thousandths above 0 that sum to {WHOLE}."
                ),
            )
        };
        if shares.len() > SHARES_MAX {
            return Err(wrong());
        }
        for &(agent, permille) in shares {
            let other = self.member_no(agent)?;
            let twice = list.iter().any(|share| share.0 == other);
            if permille == 0 || twice || other == owner {
                return Err(wrong());
            }
            list.push((other, permille, other == no));
        }
        let sum: u32 = list.iter().map(|share| u32::from(share.1)).sum();
        let me = list.iter().position(|share| share.0 == no);
        match me {
            Some(at) if sum == WHOLE => {
                list.swap(0, at);
                Ok(list)
            }
            _ => Err(wrong()),
        }
    }

    fn told_shares(&self, shares: &[(u32, u16, bool)]) -> Vec<(AgentId, u16)> {
        let told = shares.iter();
        told.map(|&(no, permille, _)| (self.roster.agent_id(no), permille))
            .collect()
    }

    fn agree_bounty(&mut self, no: u32, number: u32) -> Result<u32, Rejection> {
        let bounty = self.bounty(number)?;
        expect(&bounty, &[BountyState::Claimed])?;
        let at = bounty.shares.iter().position(|share| share.0 == no);
        let at = at.ok_or_else(not_yours)?;
        if bounty.shares[at].2 {
            return Err(done_already());
        }
        self.change_bounty(number, |it| it.shares[at].2 = true);
        self.tell_bounty(number, Some(no), BountyDeed::Agreed);
        Ok(number)
    }

    fn unclaim_bounty(&mut self, no: u32, number: u32) -> Result<u32, Rejection> {
        let bounty = self.bounty(number)?;
        expect(&bounty, &[BountyState::Claimed])?;
        if !bounty.shares.iter().any(|share| share.0 == no) {
            return Err(not_yours());
        }
        self.reopen_bounty(number, no);
        Ok(number)
    }

    /// It waits for somebody again: what was handed in, and what was said of it, is over with the claim.
    fn reopen_bounty(&mut self, number: u32, by: u32) {
        self.change_bounty(number, |it| {
            it.state = BountyState::Open;
            it.shares.clear();
            it.deliverable.clear();
            it.reason.clear();
        });
        self.tell_bounty(number, Some(by), BountyDeed::Unclaimed);
        if self.is_removed(number) {
            // Nobody finds it any more.
            let refunded = self.refund_hidden_bounty(number);
            debug_assert!(refunded.is_ok(), "it is in escrow: {refunded:?}");
        }
    }

    /// It is in everybody's sight, or only in that of those who have part in it.
    pub(crate) fn hide_bounty(&mut self, number: u32, hidden: bool) {
        self.change_bounty(number, |it| it.hidden = hidden);
        self.touched.bounty(number);
    }

    /// What moderators took from sight and nobody works on is over: the money goes back.
    pub(crate) fn refund_hidden_bounty(&mut self, number: u32) -> Result<(), Rejection> {
        let bounty = self.bounty(number)?;
        if bounty.state == BountyState::Open {
            self.refund_bounty(number, &bounty, false)?;
        }
        Ok(())
    }

    fn submit_bounty(&mut self, no: u32, number: u32, text: &str) -> Result<u32, Rejection> {
        let bounty = self.bounty(number)?;
        expect(&bounty, &[BountyState::Claimed])?;
        if bounty.shares.first().is_none_or(|share| share.0 != no) {
            return Err(not_yours());
        }
        if bounty.shares.iter().any(|share| !share.2) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "Not all who share it have agreed to their shares.",
                "Wait for them, or give the claim back and claim it with others.",
            ));
        }
        check_text("a deliverable", text, TEXT_CHARS_MAX)?;
        self.check_edit(no, &[text])?;
        self.change_bounty(number, |it| {
            it.state = BountyState::Submitted;
            it.deliverable = text.to_owned();
        });
        let deed = BountyDeed::Submitted {
            deliverable: text.to_owned(),
        };
        self.tell_bounty(number, Some(no), deed);
        Ok(number)
    }

    fn accept_bounty(&mut self, no: u32, number: u32) -> Result<u32, Rejection> {
        let bounty = self.own_bounty(no, number)?;
        expect(&bounty, &[BountyState::Submitted, BountyState::Disputed])?;
        self.pay_bounty(number, &bounty, WHOLE)?;
        self.end_bounty(number, BountyState::Accepted, None);
        if bounty.state == BountyState::Disputed {
            self.close_dispute(
                number,
                None,
                "Whoever announced the bounty accepted the work.",
            );
        }
        self.credit_bounty(number, no, &bounty.shares);
        self.tell_bounty(number, Some(no), BountyDeed::Accepted);
        Ok(number)
    }

    fn reject_bounty(&mut self, no: u32, number: u32, reason: &str) -> Result<u32, Rejection> {
        let bounty = self.own_bounty(no, number)?;
        expect(&bounty, &[BountyState::Submitted])?;
        check_text("a reason", reason, self.rules.0.say_chars_max)?;
        self.change_bounty(number, |it| {
            it.state = BountyState::Claimed;
            it.reason = reason.to_owned();
        });
        let deed = BountyDeed::Rejected {
            reason: reason.to_owned(),
        };
        self.tell_bounty(number, Some(no), deed);
        Ok(number)
    }

    fn dispute_bounty(&mut self, no: u32, number: u32, reason: &str) -> Result<u32, Rejection> {
        let bounty = self.bounty(number)?;
        let part = bounty.by == no || bounty.shares.iter().any(|share| share.0 == no);
        if !part {
            return Err(not_yours());
        }
        let handed_in = !bounty.deliverable.is_empty();
        expect(&bounty, &[BountyState::Claimed, BountyState::Submitted])?;
        if !handed_in {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "Nothing was handed in yet, so there is nothing to dispute.",
                "Hand something in, or give the claim back.",
            ));
        }
        check_text("a reason", reason, self.rules.0.say_chars_max)?;
        self.change_bounty(number, |it| {
            it.state = BountyState::Disputed;
            it.reason = reason.to_owned();
        });
        let deed = BountyDeed::Disputed {
            reason: reason.to_owned(),
        };
        self.tell_bounty(number, Some(no), deed);
        self.open_dispute(number, reason);
        Ok(number)
    }

    fn withdraw_bounty(&mut self, no: u32, number: u32) -> Result<u32, Rejection> {
        let bounty = self.own_bounty(no, number)?;
        expect(&bounty, &[BountyState::Open])?;
        self.refund_bounty(number, &bounty, false)?;
        Ok(number)
    }

    /// A moderator settles a dispute.
    pub(super) fn settle_dispute(
        &mut self,
        number: u32,
        permille: u16,
        reason: &str,
        by: Moderator,
    ) -> Result<EconomyOutcome, Rejection> {
        let bounty = self.bounty(number)?;
        expect(&bounty, &[BountyState::Disputed])?;
        check_text("a reason", reason, self.rules.0.say_chars_max)?;
        if u32::from(permille) > WHOLE {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("{permille} thousandths are more than the whole."),
                "Send 0 to 1000.",
            ));
        }
        self.pay_bounty(number, &bounty, u32::from(permille))?;
        self.end_bounty(number, BountyState::Settled, Some(reason));
        let deed = BountyDeed::Settled {
            permille,
            reason: reason.to_owned(),
        };
        self.tell_bounty(number, None, deed);
        self.close_dispute(number, Some(by), reason);
        Ok(EconomyOutcome::Bounty { bounty: number })
    }

    /// So many thousandths of the reward are shared among those who worked, with as much of the fee; the rest goes back. All at once.
    /// What is due to somebody who left goes to the treasury: no account is without an owner.
    fn pay_bounty(
        &mut self,
        number: u32,
        bounty: &BountyImage,
        permille: u32,
    ) -> Result<(), Rejection> {
        let part = |amount: i64, permille: u32| {
            (i128::from(amount) * i128::from(permille) / i128::from(WHOLE)) as i64
        };
        let (paid, fee) = (part(bounty.reward, permille), part(bounty.fee, permille));
        let mut outputs: Vec<(Purse, i64, Code)> = Vec::with_capacity(bounty.shares.len() + 2);
        let mut left = paid;
        for &(no, share, _) in bounty.shares.iter().skip(1) {
            let amount = part(paid, u32::from(share));
            left -= amount;
            outputs.push((self.purse_of(no), amount, Code::Bounty));
        }
        // What rounding leaves goes to whoever claimed it.
        let first = bounty.shares.first().map_or(bounty.by, |share| share.0);
        outputs.push((self.purse_of(first), left, Code::Bounty));
        outputs.push((Purse::FEES, fee, Code::Fee));
        let back = bounty.reward - paid + bounty.fee - fee;
        outputs.push((self.purse_of(bounty.by), back, Code::Refund));
        let steps: Vec<Step> = outputs
            .into_iter()
            .filter(|&(_, amount, _)| amount > 0)
            .map(|(to, amount, code)| {
                let entry = Entry::new(Purse::ESCROW, to, Money(amount), code);
                Step::Move(entry.saying(format!("bounty {number}")))
            })
            .collect();
        self.enter_books(&steps).map(|_first| ())
    }

    /// Somebody's purse, or the treasury where they are gone.
    fn purse_of(&self, no: u32) -> Purse {
        if self.is_member(no) {
            Purse::of(no)
        } else {
            Purse::TREASURY
        }
    }

    fn refund_bounty(
        &mut self,
        number: u32,
        bounty: &BountyImage,
        expired: bool,
    ) -> Result<(), Rejection> {
        let whole = Money(bounty.reward + bounty.fee);
        let entry = Entry::new(Purse::ESCROW, self.purse_of(bounty.by), whole, Code::Refund);
        self.pay(entry.saying(format!("bounty {number}")))?;
        self.end_bounty(number, BountyState::Refunded, None);
        let by = (!expired).then_some(bounty.by);
        self.tell_bounty(number, by, BountyDeed::Refunded { expired });
        Ok(())
    }

    /// Bounties whose time is over: the money goes back, or, where something was handed in, moderators are asked.
    pub(super) fn refund_late_bounties(&mut self) {
        let now_ms = self.clock.stamp_ms;
        let late = self.economy.bounty_ends.range(..=(now_ms, u32::MAX));
        let late: Vec<u32> = late.map(|&(_, number)| number).collect();
        for number in late {
            let Ok(bounty) = self.bounty(number) else {
                continue;
            };
            if bounty.shares.is_empty() || bounty.deliverable.is_empty() {
                let refunded = self.refund_bounty(number, &bounty, true);
                debug_assert!(refunded.is_ok(), "it is in escrow: {refunded:?}");
                continue;
            }
            let reason = "Its time is over and nobody has decided.";
            self.change_bounty(number, |it| {
                it.state = BountyState::Disputed;
                reason.clone_into(&mut it.reason);
            });
            let deed = BountyDeed::Disputed {
                reason: reason.to_owned(),
            };
            self.tell_bounty(number, None, deed);
            self.open_dispute(number, reason);
        }
    }

    /// A bounty by its number.
    pub(crate) fn bounty(&self, number: u32) -> Result<Arc<BountyImage>, Rejection> {
        let found = self.economy.bounties.get(number as usize);
        found.map(Arc::clone).ok_or_else(|| unknown(number))
    }

    fn own_bounty(&self, no: u32, number: u32) -> Result<Arc<BountyImage>, Rejection> {
        let bounty = self.bounty(number)?;
        if bounty.by == no {
            Ok(bounty)
        } else {
            Err(Rejection::new(
                RejectionCode::Forbidden,
                "Only whoever announced the bounty does this.",
                "Ask them, or call a moderator by a dispute.",
            ))
        }
    }

    fn change_bounty(&mut self, number: u32, change: impl FnOnce(&mut BountyImage)) {
        let Some(bounty) = self.economy.bounties.get_mut(number as usize) else {
            return;
        };
        change(Arc::make_mut(bounty));
        let end = (bounty.until_ms, number);
        if waits(bounty.state) {
            self.economy.bounty_ends.insert(end);
        } else {
            self.economy.bounty_ends.remove(&end);
        }
    }

    fn end_bounty(&mut self, number: u32, state: BountyState, reason: Option<&str>) {
        self.change_bounty(number, |it| {
            it.state = state;
            if let Some(reason) = reason {
                reason.clone_into(&mut it.reason);
            }
        });
        self.economy.bounty_words.insert(number);
        while self.economy.bounty_words.len() > WORDS_KEPT_MAX {
            let Some(oldest) = self.economy.bounty_words.pop_first() else {
                break;
            };
            self.change_bounty(oldest, |it| {
                (it.text, it.deliverable, it.reason) = <(String, String, String)>::default();
            });
            self.touched.bounty(oldest);
        }
    }

    fn tell_bounty(&mut self, number: u32, by: Option<u32>, what: BountyDeed) {
        self.touched.bounty(number);
        let event = EconomyEvent::Bounty(Box::new(BountyEvent {
            bounty: number,
            by: by.map(|by| self.roster.agent_id(by)),
            what: what.clone(),
        }));
        self.log.record(&self.clock, Event::Economy(event));
        let Ok(bounty) = self.bounty(number) else {
            return;
        };
        let sentence = format!("Bounty {number}, “{}”: {}.", bounty.title, what.as_str());
        let mut concerned: Vec<u32> = bounty.shares.iter().map(|share| share.0).collect();
        concerned.push(bounty.by);
        for to in concerned {
            if Some(to) != by && self.is_member(to) {
                self.tell_of_bounty(to, by, bounty.reward, &sentence);
            }
        }
    }

    /// Whoever leaves gets back what they announced and nobody works on; what they claimed is open again.
    pub(crate) fn leave_bounties(&mut self, no: u32) {
        let own: Vec<u32> = (0u32..)
            .zip(&self.economy.bounties)
            .filter(|(_, it)| it.by == no && it.state == BountyState::Open)
            .map(|(number, _)| number)
            .collect();
        for number in own {
            if let Ok(bounty) = self.bounty(number) {
                let refunded = self.refund_bounty(number, &bounty, false);
                debug_assert!(refunded.is_ok(), "it is in escrow: {refunded:?}");
            }
        }
        let claimed: Vec<u32> = (0u32..)
            .zip(&self.economy.bounties)
            .filter(|(_, it)| it.state == BountyState::Claimed)
            .filter(|(_, it)| it.shares.first().is_some_and(|share| share.0 == no))
            .map(|(number, _)| number)
            .collect();
        for number in claimed {
            self.reopen_bounty(number, no);
        }
    }
}

/// Whether a bounty's time can run out. What is disputed waits for a moderator, however long that takes.
pub(super) fn waits(state: BountyState) -> bool {
    state.is_under_way() && state != BountyState::Disputed
}

fn expect(bounty: &BountyImage, states: &[BountyState]) -> Result<(), Rejection> {
    if states.contains(&bounty.state) {
        return Ok(());
    }
    let wanted: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    Err(Rejection::new(
        RejectionCode::Already,
        format!(
            "The bounty is {}, and this takes one that is {}.",
            bounty.state.as_str(),
            wanted.join(" or ")
        ),
        "Look at it again: somebody was faster, or it is over.",
    ))
}

fn unknown(number: u32) -> Rejection {
    Rejection::new(
        RejectionCode::NotFound,
        format!("There is no bounty {number}."),
        "Take a number from GET /api/v1/bounties.",
    )
}

fn not_yours() -> Rejection {
    Rejection::new(
        RejectionCode::Forbidden,
        "You have no such part in this bounty.",
        "Only those who claimed it do this.",
    )
}

fn done_already() -> Rejection {
    Rejection::new(
        RejectionCode::Already,
        "You did that before.",
        "Nothing is to be done.",
    )
}

#[cfg(test)]
mod tests;
