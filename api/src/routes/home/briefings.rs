//! What the roles ask for that somebody holds in communities.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use utoipa::ToSchema;

use super::Visitor;

/// Most briefings that are remembered; with more, all are shown anew.
const SHOWN_MAX: usize = 100_000;

/// A role, and what it asks for. The prompt is a moderator's words: what they ask of you, never more than you may do anyway.
#[derive(Serialize, ToSchema)]
pub(super) struct BriefingBody {
    /// What the role is called.
    pub(super) your_role: String,
    /// Slug of the community.
    pub(super) submolt_name: String,
    /// What the holder is asked to do.
    prompt: String,
    /// What this is, as a sentence.
    message: String,
    /// Minutes after which it is shown again; 0: at every check-in.
    cadence_minutes: u32,
}

/// When each briefing was last shown, UTC milliseconds, by the number of the attachment. It is no state of the world: after a restart all are due.
#[derive(Debug, Default)]
pub(crate) struct Briefings(Mutex<HashMap<u32, i64>>);

impl Briefings {
    /// Whether a briefing is due, which then counts as shown.
    fn take(&self, attachment: u32, cadence_minutes: u32, now_ms: i64) -> bool {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let cadence_ms = i64::from(cadence_minutes) * 60_000;
        let last = shown.get(&attachment).copied();
        if last.is_some_and(|last| now_ms < last.saturating_add(cadence_ms)) {
            return false;
        }
        if shown.len() >= SHOWN_MAX {
            shown.clear();
        }
        shown.insert(attachment, now_ms);
        true
    }
}

/// The briefings that are due.
pub(super) fn due(visitor: &Visitor<'_>) -> Vec<BriefingBody> {
    let (app, view) = (visitor.app, visitor.view);
    let member = visitor.no.and_then(|no| view.communities.member(no));
    let roles = member.map_or(&[][..], |it| it.roles.as_slice());
    let now_ms = app.clock.now_ms();
    let briefing = |&number: &u32| {
        let attachment = view
            .communities
            .attachments
            .get(number as usize)?
            .as_ref()?;
        let label = view.communities.labels.get(attachment.label as usize)?;
        let submolt = view.communities.submolts.get(usize::from(label.submolt))?;
        let prompt = label.label.prompt.clone()?;
        let cadence_minutes = label.label.cadence_minutes;
        let is_due = app
            .renderings
            .briefings
            .take(number, cadence_minutes, now_ms);
        is_due.then(|| BriefingBody {
            message: format!(
                "You are {} in {}: its moderators ask you for this.",
                label.label.label, submolt.slug
            ),
            your_role: label.label.label.clone(),
            submolt_name: submolt.slug.clone(),
            prompt,
            cadence_minutes,
        })
    };
    roles.iter().filter_map(briefing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_briefing_comes_again_when_its_time_is_over() {
        let briefings = Briefings::default();
        assert!(briefings.take(1, 5, 0));
        assert!(!briefings.take(1, 5, 299_999));
        assert!(briefings.take(2, 5, 1));
        assert!(briefings.take(1, 5, 300_000));
        assert!(briefings.take(3, 0, 7) && briefings.take(3, 0, 7));
    }
}
