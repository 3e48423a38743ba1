//! What happens in moderation becomes rows.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::moderation::{ModerationEvent, Moderator};

use crate::plan::Step;
use crate::value::{Action, Kind, Row, Table, Value};

const CASES: Table = Table {
    name: "mod_cases",
    columns: &[
        ("id", Kind::Uuid),
        ("number", Kind::Int),
        ("subject_kind", Kind::Text),
        ("subject", Kind::Text),
        ("member", Kind::Uuid),
        ("submolt", Kind::Text),
        ("opened_ms", Kind::Int),
        ("weight", Kind::Int),
        ("reports", Kind::Int),
        ("reason", Kind::Text),
    ],
    key: 1,
};

const CASES_MOVED: Table = Table {
    name: "mod_cases",
    columns: &[
        ("id", Kind::Uuid),
        ("state", Kind::Text),
        ("moderator", Kind::Text),
        ("note", Kind::Text),
        ("moved_ms", Kind::Int),
    ],
    key: 1,
};

const REPORTS: Table = Table {
    name: "mod_reports",
    columns: &[
        ("seq", Kind::Int),
        ("case_id", Kind::Uuid),
        ("agent", Kind::Uuid),
        ("reason", Kind::Text),
        ("at_ms", Kind::Int),
    ],
    key: 1,
};

const MEASURES: Table = Table {
    name: "mod_measures",
    columns: &[
        ("id", Kind::Uuid),
        ("number", Kind::Int),
        ("kind", Kind::Text),
        ("subject_kind", Kind::Text),
        ("subject", Kind::Text),
        ("member", Kind::Uuid),
        ("submolt", Kind::Text),
        ("moderator", Kind::Text),
        ("reason", Kind::Text),
        ("at_ms", Kind::Int),
        ("until_ms", Kind::Int),
    ],
    key: 1,
};

const LIFTED: Table = Table {
    name: "mod_measures",
    columns: &[
        ("id", Kind::Uuid),
        ("lifted_ms", Kind::Int),
        ("lifted_by", Kind::Text),
        ("lifted_reason", Kind::Text),
    ],
    key: 1,
};

const APPEALED: Table = Table {
    name: "mod_measures",
    columns: &[
        ("id", Kind::Uuid),
        ("appeal", Kind::Text),
        ("appeal_text", Kind::Text),
        ("appeal_ms", Kind::Int),
    ],
    key: 1,
};

const JUDGED: Table = Table {
    name: "mod_measures",
    columns: &[
        ("id", Kind::Uuid),
        ("appeal", Kind::Text),
        ("judge", Kind::Text),
        ("judge_note", Kind::Text),
        ("judged_ms", Kind::Int),
    ],
    key: 1,
};

/// Rows of moderation.
#[derive(Default)]
pub(super) struct Moderation<'a> {
    cases: Vec<Row<'a>>,
    moved: Vec<Row<'a>>,
    reports: Vec<Row<'a>>,
    measures: Vec<Row<'a>>,
    lifted: Vec<Row<'a>>,
    appealed: Vec<Row<'a>>,
    judged: Vec<Row<'a>>,
}

impl<'a> Moderation<'a> {
    pub(super) fn steps(self) -> Vec<Step<'a>> {
        vec![
            Step::rows(CASES, Action::Upsert, self.cases),
            Step::rows(CASES_MOVED, Action::Update, self.moved),
            Step::rows(REPORTS, Action::Insert, self.reports),
            Step::rows(MEASURES, Action::Insert, self.measures),
            Step::rows(LIFTED, Action::Update, self.lifted),
            Step::rows(APPEALED, Action::Update, self.appealed),
            Step::rows(JUDGED, Action::Update, self.judged),
        ]
    }

    pub(super) fn happened(&mut self, what: &'a ModerationEvent, seq: i64, at: i64) {
        match what {
            ModerationEvent::Reported {
                case,
                number,
                opened_ms,
                agent,
                subject,
                member,
                submolt,
                reason,
                weight,
                reports,
            } => {
                self.cases.push(vec![
                    case.0.into(),
                    i64::from(*number).into(),
                    Value::text(subject.kind()),
                    Value::text(subject.name()),
                    member.map(|id| id.0).into(),
                    Value::opt_text(submolt.as_deref()),
                    (*opened_ms).into(),
                    i64::from(*weight).into(),
                    i64::from(*reports).into(),
                    Value::text(reason.as_str()),
                ]);
                self.reports.push(vec![
                    seq.into(),
                    case.0.into(),
                    agent.map(|id| id.0).into(),
                    Value::text(reason.as_str()),
                    at.into(),
                ]);
            }
            ModerationEvent::CaseMoved {
                case,
                state,
                by,
                note,
            } => self.moved.push(vec![
                case.0.into(),
                Value::text(state.as_str()),
                Value::text(signed(*by)),
                Value::text(note.as_str()),
                at.into(),
            ]),
            ModerationEvent::MeasureTaken {
                measure,
                number,
                by,
                what,
                subject,
                member,
                submolt,
                reason,
                until_ms,
            } => self.measures.push(vec![
                measure.0.into(),
                i64::from(*number).into(),
                Value::text(what.as_str()),
                Value::text(subject.kind()),
                Value::text(subject.name()),
                member.map(|id| id.0).into(),
                Value::opt_text(submolt.as_deref()),
                Value::text(signed(*by)),
                Value::text(reason.as_str()),
                at.into(),
                (*until_ms).into(),
            ]),
            ModerationEvent::MeasureLifted {
                measure,
                by,
                reason,
            } => self.lifted.push(vec![
                measure.0.into(),
                at.into(),
                Value::text(signed(*by)),
                Value::text(reason.as_str()),
            ]),
            ModerationEvent::Appealed { measure, text, .. } => self.appealed.push(vec![
                measure.0.into(),
                Value::text("waiting"),
                Value::text(text.as_str()),
                at.into(),
            ]),
            ModerationEvent::AppealJudged {
                measure,
                by,
                granted,
                note,
            } => self.judged.push(vec![
                measure.0.into(),
                Value::text(if *granted { "granted" } else { "denied" }),
                Value::text(signed(*by)),
                Value::text(note.as_str()),
                at.into(),
            ]),
            // When a measure ends stands in its row already; what is looked for in texts is asked of the village.
            ModerationEvent::MeasureEnded { .. } | ModerationEvent::FiltersSet { .. } => {}
        }
    }
}

/// A moderator as a column has them.
fn signed(by: Moderator) -> String {
    match by {
        Moderator::Village => "village".to_owned(),
        Moderator::Staff(account) | Moderator::Owner(account) => format!("person:{account}"),
        Moderator::Member(agent) => format!("agent:{agent}"),
    }
}

/// Who did it, or whom it happened to.
pub(super) fn actor(what: &ModerationEvent) -> Option<AgentId> {
    match what {
        ModerationEvent::Reported { agent, .. } => *agent,
        ModerationEvent::MeasureTaken { member, .. }
        | ModerationEvent::MeasureEnded { member, .. } => *member,
        ModerationEvent::Appealed { agent, .. } => Some(*agent),
        ModerationEvent::CaseMoved { .. }
        | ModerationEvent::MeasureLifted { .. }
        | ModerationEvent::AppealJudged { .. }
        | ModerationEvent::FiltersSet { .. } => None,
    }
}
