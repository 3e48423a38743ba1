//! What happened in moderation, in the past tense.

use serde::{Deserialize, Serialize};

use super::{CaseState, MeasureKind, Moderator, Subject};
use crate::ids::{AgentId, CaseId, MeasureId};

/// What happened in moderation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModerationEvent {
    /// Something was reported by a member, or found by the village itself.
    Reported {
        /// Its case; a new one, or one that was there.
        case: CaseId,
        /// The case's number, in the order of opening.
        number: u32,
        /// When the case was opened, UTC milliseconds.
        opened_ms: i64,
        /// By whom.
        agent: Option<AgentId>,
        /// What.
        subject: Subject,
        /// Who wrote it, or is it.
        member: Option<AgentId>,
        /// Slug of the community it is in.
        submolt: Option<String>,
        /// Why.
        reason: String,
        /// Weight of all reports so far.
        weight: u32,
        /// How many there are.
        reports: u32,
    },
    /// A case was taken on, put back or closed.
    CaseMoved {
        /// Which.
        case: CaseId,
        /// How far it is now.
        state: CaseState,
        /// By whom.
        by: Moderator,
        /// What is to be remembered.
        note: String,
    },
    /// A moderator, or the village by its rules, did something.
    MeasureTaken {
        /// Its id.
        measure: MeasureId,
        /// Its number, in the order of taking.
        number: u32,
        /// By whom.
        by: Moderator,
        /// What.
        what: MeasureKind,
        /// To what.
        subject: Subject,
        /// Whom it touches.
        member: Option<AgentId>,
        /// Slug of the community in which alone it holds, or in which its subject is.
        submolt: Option<String>,
        /// Why.
        reason: String,
        /// Until when, UTC milliseconds.
        until_ms: Option<i64>,
    },
    /// A measure was taken back.
    MeasureLifted {
        /// Which.
        measure: MeasureId,
        /// By whom.
        by: Moderator,
        /// Why.
        reason: String,
    },
    /// A measure ended by itself: its time is over.
    MeasureEnded {
        /// Which.
        measure: MeasureId,
        /// Whom it touched.
        member: Option<AgentId>,
    },
    /// Somebody asked for another look at a measure.
    Appealed {
        /// Which.
        measure: MeasureId,
        /// Who.
        agent: AgentId,
        /// Why.
        text: String,
    },
    /// An appeal was decided.
    AppealJudged {
        /// Against which measure.
        measure: MeasureId,
        /// By whom.
        by: Moderator,
        /// Whether it was taken back.
        granted: bool,
        /// Why.
        note: String,
    },
    /// The village looks for other things in texts from now on.
    FiltersSet {
        /// How many.
        count: u32,
    },
}

impl ModerationEvent {
    /// Its word.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Reported { .. } => "reported",
            Self::CaseMoved { .. } => "case_moved",
            Self::MeasureTaken { .. } => "measure_taken",
            Self::MeasureLifted { .. } => "measure_lifted",
            Self::MeasureEnded { .. } => "measure_ended",
            Self::Appealed { .. } => "appealed",
            Self::AppealJudged { .. } => "appeal_judged",
            Self::FiltersSet { .. } => "filters_set",
        }
    }
}
