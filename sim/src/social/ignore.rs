//! Whom somebody wants nothing to do with, and of whom they want to hear nothing.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::social::SocialEvent;

use crate::town::{ActResult, Town};

/// People one member blocks, and mutes, at most.
const IGNORED_MAX: usize = 1000;

impl Town<'_, '_> {
    /// Whether somebody blocks somebody.
    pub(crate) fn blocks(&self, who: u32, whom: u32) -> bool {
        self.social.data.blocks.contains(&(who, whom))
    }

    /// Checks that neither of two blocks the other: before one writes to, answers, follows or invites the other.
    ///
    /// # Errors
    /// `Forbidden`, saying whose doing it is.
    pub(crate) fn check_apart(&self, no: u32, other: u32) -> Result<(), Rejection> {
        if self.blocks(no, other) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "You block them.",
                "Unblock them first, if you want to have to do with them.",
            ));
        }
        if self.blocks(other, no) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "They want nothing to do with you.",
                "Leave them alone, and turn to somebody else.",
            ));
        }
        Ok(())
    }

    pub(super) fn block(&mut self, no: u32, other: u32, on: bool) -> ActResult {
        self.check_not_self(no, other, "block")?;
        let blocks = &self.social.data.blocks;
        if blocks.contains(&(no, other)) == on {
            return super::done();
        }
        if on {
            check_room(blocks.range((no, 0)..=(no, u32::MAX)).count(), "blocks")?;
            self.social.data.blocks.insert((no, other));
            // Who wants nothing to do with somebody neither follows them nor is followed by them.
            for (one, two) in [(no, other), (other, no)] {
                self.follow(one, two, false)?;
            }
            self.take_back_invites(no, other);
        } else {
            self.social.data.blocks.remove(&(no, other));
        }
        let (agent, target) = (self.roster.agent_id(no), self.roster.agent_id(other));
        self.record_social(SocialEvent::Blocked { agent, target, on });
        self.touched.inbox(no);
        super::done()
    }

    pub(super) fn mute(&mut self, no: u32, other: u32, on: bool) -> ActResult {
        self.check_not_self(no, other, "mute")?;
        let mutes = &self.social.data.mutes;
        if mutes.contains(&(no, other)) == on {
            return super::done();
        }
        if on {
            check_room(mutes.range((no, 0)..=(no, u32::MAX)).count(), "mutes")?;
            self.social.data.mutes.insert((no, other));
        } else {
            self.social.data.mutes.remove(&(no, other));
        }
        let (agent, target) = (self.roster.agent_id(no), self.roster.agent_id(other));
        self.record_social(SocialEvent::Muted { agent, target, on });
        self.touched.inbox(no);
        super::done()
    }

    fn check_not_self(&self, no: u32, other: u32, what: &str) -> Result<(), Rejection> {
        if no == other {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("One can't {what} oneself."),
                "Choose somebody else.",
            ));
        }
        Ok(())
    }
}

fn check_room(count: usize, what: &str) -> Result<(), Rejection> {
    if count >= IGNORED_MAX {
        return Err(Rejection::new(
            RejectionCode::Limit,
            format!("Nobody {what} more than {IGNORED_MAX} others."),
            "Let go of somebody first.",
        ));
    }
    Ok(())
}
