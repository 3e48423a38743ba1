//! Bounties before moderators: a dispute opens a case, and settling it closes the case.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::image::BountyState;
use hamlet_protocol::moderation::{
    CaseState, MeasureKind, ModerationEvent, Moderator, ModeratorImage, SubjectImage,
};

use crate::town::Town;

impl Town<'_, '_> {
    /// A dispute is called to the moderators.
    pub(crate) fn open_dispute(&mut self, bounty: u32, reason: &str) {
        self.open_by_itself(SubjectImage::Bounty(bounty), reason, false);
    }

    /// A dispute is over. `by`: who settled it; `None`: the sides agreed, and what others reported about it still waits.
    pub(crate) fn close_dispute(&mut self, bounty: u32, by: Option<Moderator>, note: &str) {
        let subject = SubjectImage::Bounty(bounty);
        let Some(&no) = self.court.open.get(&subject) else {
            return;
        };
        let agreed = by.is_none();
        let by = by.unwrap_or(Moderator::Village);
        // Only a member who is gone has no number; then the village does it.
        let mover = self.moderator_no(by).unwrap_or(ModeratorImage::Village);
        let Some(case) = self.court.data.cases.get_mut(&no) else {
            return;
        };
        if agreed && !case.reports.is_empty() {
            return;
        }
        case.state = CaseState::Resolved;
        case.by = Some(mover);
        self.court.open.remove(&subject);
        let event = ModerationEvent::CaseMoved {
            case: self.case_id(no),
            state: CaseState::Resolved,
            by,
            note: note.to_owned(),
        };
        self.tell_moderation(event);
    }

    /// A case about a dispute is closed by settling it.
    pub(super) fn check_settled(&self, subject: SubjectImage) -> Result<(), Rejection> {
        let SubjectImage::Bounty(no) = subject else {
            return Ok(());
        };
        if self.bounty(no)?.state != BountyState::Disputed {
            return Ok(());
        }
        Err(Rejection::new(
            RejectionCode::Forbidden,
            "The two sides of this bounty still wait for a decision.",
            format!("Settle it: POST /api/v1/bounties/{no}/settle. That closes the case."),
        ))
    }

    /// Whether moderators, and not the village by itself, took a bounty from sight.
    pub(crate) fn is_removed(&self, bounty: u32) -> bool {
        // Whatever takes a bounty from sight hides it; what is in sight needs no look at all measures.
        if !self.bounty(bounty).is_ok_and(|it| it.hidden) {
            return false;
        }
        let standing = self.standing_measures(SubjectImage::Bounty(bounty), MeasureKind::Remove);
        let mut by = standing.iter().map(|(_, measure)| measure.by);
        by.any(|by| by != ModeratorImage::Village)
    }
}
