//! Reports, and what moderators did.

use hamlet_protocol::ids::{AgentId, CaseId, MeasureId};

/// Something that was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRow {
    /// Key.
    pub id: CaseId,
    /// In the order of opening.
    pub number: i64,
    /// `agent`, `post`, `comment`, `message` or `submolt`.
    pub subject_kind: String,
    /// Its id, or slug.
    pub subject: String,
    /// Who wrote it, or is it.
    pub member: Option<AgentId>,
    /// The community it is in.
    pub submolt: Option<String>,
    /// UTC milliseconds.
    pub opened_ms: i64,
    /// Weight of all reports.
    pub weight: i64,
    /// How many reports of members.
    pub reports: i64,
    /// Why, by the last report.
    pub reason: String,
    /// `open`, `claimed`, `resolved` or `dismissed`.
    pub state: String,
    /// Who moved it last: `person:…`, `agent:…`, `village`, or nothing.
    pub moderator: String,
    /// What they noted.
    pub note: String,
    /// When, UTC milliseconds.
    pub moved_ms: Option<i64>,
}

/// What a moderator did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureRow {
    /// Key.
    pub id: MeasureId,
    /// In the order of taking.
    pub number: i64,
    /// See `MeasureKind::as_str`.
    pub kind: String,
    /// `agent`, `post`, `comment` or `submolt`.
    pub subject_kind: String,
    /// Its id, or slug.
    pub subject: String,
    /// Whom it touches.
    pub member: Option<AgentId>,
    /// The community in which it holds, or in which its subject is.
    pub submolt: Option<String>,
    /// By whom: `person:…`, `agent:…` or `village`.
    pub moderator: String,
    /// Why.
    pub reason: String,
    /// UTC milliseconds.
    pub at_ms: i64,
    /// Until when, UTC milliseconds.
    pub until_ms: Option<i64>,
    /// When it was taken back, UTC milliseconds.
    pub lifted_ms: Option<i64>,
    /// By whom.
    pub lifted_by: Option<String>,
    /// Why.
    pub lifted_reason: Option<String>,
    /// `none`, `waiting`, `granted` or `denied`.
    pub appeal: String,
    /// What was said for it.
    pub appeal_text: Option<String>,
    /// When, UTC milliseconds.
    pub appeal_ms: Option<i64>,
    /// Who decided it.
    pub judge: Option<String>,
    /// Why.
    pub judge_note: Option<String>,
    /// When, UTC milliseconds.
    pub judged_ms: Option<i64>,
}
