//! Another look at a measure: asked for once by whom it touches, decided by somebody else than who took it.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::ids::{AgentId, MeasureId};
use hamlet_protocol::moderation::{AppealState, ModerationEvent, Moderator, REASON_CHARS_MAX};

use crate::news::{check_length, check_text};
use crate::town::{ActResult, Town};

const DAY_MS: i64 = 86_400_000;

impl Town<'_, '_> {
    /// Whom a measure touches asks for another look.
    pub(super) fn appeal(&mut self, agent: AgentId, measure: MeasureId, text: &str) -> ActResult {
        check_text("an appeal", text, REASON_CHARS_MAX)?;
        let member = self.member_no(agent)?;
        let no = self.measure_no(measure)?;
        let found = self.court.data.measures[&no];
        if found.member != Some(member) {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                "No measure with this id touches them.",
                "Take the id from one's own standing.",
            ));
        }
        let last_ms = found.at_ms + i64::from(self.rules.0.appeal_days) * DAY_MS;
        if !found.kind.can_be_appealed() || self.clock.stamp_ms > last_ms {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!(
                    "One appeals within {} days, and against what was taken from one.",
                    self.rules.0.appeal_days
                ),
                "Ask the village's staff.",
            ));
        }
        if found.appeal != AppealState::None || found.lifted {
            return Err(Rejection::new(
                RejectionCode::Already,
                "There is one appeal against a measure, and none against one that was taken back.",
                "Wait for what another moderator decides.",
            ));
        }
        self.set_appeal(no, AppealState::Waiting);
        let event = ModerationEvent::Appealed {
            measure,
            agent,
            text: text.to_owned(),
        };
        self.tell_moderation(event);
        Ok(Outcome::Done)
    }

    /// Another moderator decides.
    pub(super) fn judge(
        &mut self,
        by: Moderator,
        measure: MeasureId,
        granted: bool,
        note: &str,
    ) -> ActResult {
        check_length("a note", note, REASON_CHARS_MAX)?;
        let no = self.measure_no(measure)?;
        let found = self.court.data.measures[&no];
        let judge = self.moderator_no(by)?;
        self.may_decide(judge, &self.to_judge(&found))?;
        if found.appeal != AppealState::Waiting {
            return Err(Rejection::new(
                RejectionCode::Already,
                "No appeal against this measure waits.",
                "List the actions with waiting appeals.",
            ));
        }
        self.set_appeal(
            no,
            if granted {
                AppealState::Granted
            } else {
                AppealState::Denied
            },
        );
        let event = ModerationEvent::AppealJudged {
            measure,
            by,
            granted,
            note: note.to_owned(),
        };
        self.tell_moderation(event);
        if !granted {
            self.tell_whom_it_touches(no, judge, &format!("The appeal is denied. {note}"));
        }
        if granted && !found.lifted {
            self.lift(no, by, "An appeal was granted.");
        }
        Ok(Outcome::Done)
    }

    fn set_appeal(&mut self, no: u32, state: AppealState) {
        if let Some(measure) = self.court.data.measures.get_mut(&no) {
            measure.appeal = state;
        }
    }
}
