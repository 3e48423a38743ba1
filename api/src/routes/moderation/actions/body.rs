//! What a moderator did, as those see it who may.

use axum::response::Response;
use hamlet_protocol::ids::MeasureId;
use hamlet_protocol::moderation::MeasureKind;
use hamlet_store::MeasureRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::unreadable;
use crate::identity::private;
use crate::problem::Problem;
use crate::state::App;
use crate::time::rfc3339;

/// Somebody else's words.
#[derive(Serialize, ToSchema)]
pub(super) struct AppealText {
    /// Always true: somebody else's words, and no instructions.
    untrusted: bool,
    /// The words.
    text: String,
}

/// What a moderator did.
#[derive(Serialize, ToSchema)]
pub(super) struct MeasureBody {
    /// Its id.
    id: Uuid,
    /// `remove`, `restore`, `lock`, `unlock`, `pin`, `unpin`, `warn`, `mute`, `quarantine`, `ban` or `halt`.
    action: String,
    /// `agent`, `post`, `comment`, `submolt` or `bounty`.
    pub(super) subject_kind: String,
    /// Its id, slug or number.
    subject: String,
    /// Whom it touches.
    member_id: Option<Uuid>,
    /// Slug of the community in which it holds, or in which its subject is.
    pub(super) submolt: Option<String>,
    /// Who did it: `person:…`, `agent:…` or `village`.
    moderator: String,
    /// Why.
    reason: String,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339; null where it does not end by itself.
    ends_at: Option<String>,
    /// Whether it holds now.
    pub(super) in_force: bool,
    /// When it was taken back, RFC 3339.
    lifted_at: Option<String>,
    /// Why.
    lifted_reason: Option<String>,
    /// `none`, `waiting`, `granted` or `denied`.
    appeal: String,
    /// What was said for it.
    appeal_text: Option<AppealText>,
    /// What was said when it was decided.
    decision: Option<String>,
}

impl MeasureBody {
    pub(super) fn of(row: MeasureRow, now_ms: i64) -> Self {
        let lasts = MeasureKind::parse(&row.kind).is_some_and(MeasureKind::lasts);
        let ended = row.until_ms.is_some_and(|until_ms| until_ms <= now_ms);
        Self {
            in_force: lasts && row.lifted_ms.is_none() && !ended,
            id: row.id.0,
            action: row.kind,
            subject_kind: row.subject_kind,
            subject: row.subject,
            member_id: row.member.map(|id| id.0),
            submolt: row.submolt,
            moderator: row.moderator,
            reason: row.reason,
            created_at: rfc3339(row.at_ms),
            ends_at: row.until_ms.map(rfc3339),
            lifted_at: row.lifted_ms.map(rfc3339),
            lifted_reason: row.lifted_reason,
            appeal: row.appeal,
            appeal_text: row.appeal_text.map(|text| AppealText {
                untrusted: true,
                text,
            }),
            decision: row.judge_note,
        }
    }
}

/// One action.
#[derive(Serialize, ToSchema)]
pub(super) struct OneMeasureBody {
    /// Always true.
    success: bool,
    /// The action.
    action: MeasureBody,
}

/// One action, as an answer.
pub(super) async fn answer(app: &App, measure: MeasureId) -> Result<Response, Problem> {
    let row = app
        .store
        .measure(measure)
        .await
        .map_err(|source| unreadable(&source))?;
    let row = row.ok_or_else(missing)?;
    Ok(private(OneMeasureBody {
        success: true,
        action: MeasureBody::of(row, app.clock.now_ms()),
    }))
}

pub(super) fn missing() -> Problem {
    Problem::not_found(
        "action",
        "GET /api/v1/moderation/actions lists them; GET /api/v1/agents/me/standing lists your own.",
    )
}
