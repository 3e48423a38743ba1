//! Ties between people: acquaintance, liking, following, rewards.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::image::SeenImage;
use hamlet_protocol::social::notice::NoticeKind;

use super::Notice;
use crate::town::{ActResult, Town};

impl Town<'_, '_> {
    /// `no` comes to know `other` a little better and likes them a little more or less.
    pub(crate) fn befriend(&mut self, no: u32, other: u32, closeness: u16, liking: i16) {
        let (tick, max) = (self.clock.tick, usize::from(self.rules.0.relations_max));
        let mut resident = self.resident(no);
        if let Some(tie) = resident.ties.entry(other, tick, max) {
            tie.meet(tick, closeness, liking);
        }
        self.touched.agent(no);
    }

    pub(crate) fn follow(&mut self, no: u32, other: u32, on: bool) -> ActResult {
        if no == other {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "One can't follow oneself.",
                "Choose somebody else.",
            ));
        }
        let (tick, max) = (self.clock.tick, usize::from(self.rules.0.relations_max));
        if self.follows(no, other) == on {
            return Ok(Outcome::Done);
        }
        if on {
            self.check_apart(no, other)?;
        }
        let noted = if self.is_resident(no) {
            let mut resident = self.resident(no);
            let tie = resident.ties.entry(other, tick, max);
            tie.map(|tie| tie.set_follows(on)).is_some()
        } else {
            self.people.set_follows(no, other, on, max)
        };
        if !noted {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("Nobody follows more than {max} others."),
                "Unfollow somebody first.",
            ));
        }
        self.count_follow(no, other, on);
        if on && self.is_resident(other) {
            self.observe(other, SeenImage::FollowedBy(no));
        }
        if on {
            self.notify(other, Notice::new(NoticeKind::Follow, Some(no)));
        }
        let event = Event::Followed {
            agent: self.roster.agent_id(no),
            target: self.roster.agent_id(other),
            on,
        };
        self.log.record(&self.clock, event);
        Ok(Outcome::Done)
    }
}
