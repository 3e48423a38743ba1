//! Reports, and what moderators did.

use super::Stored;
use crate::cells::Reader;
use crate::rows::{CaseRow, MeasureRow};
use crate::value::{Kind, Row, Table, Value};
use hamlet_protocol::ids::{AgentId, CaseId, MeasureId};

impl Stored for CaseRow {
    const TABLE: Table = Table {
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
            ("state", Kind::Text),
            ("moderator", Kind::Text),
            ("note", Kind::Text),
            ("moved_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.0.into(),
            self.number.into(),
            Value::text(self.subject_kind.as_str()),
            Value::text(self.subject.as_str()),
            self.member.map(|id| id.0).into(),
            Value::opt_text(self.submolt.as_deref()),
            self.opened_ms.into(),
            self.weight.into(),
            self.reports.into(),
            Value::text(self.reason.as_str()),
            Value::text(self.state.as_str()),
            Value::text(self.moderator.as_str()),
            Value::text(self.note.as_str()),
            self.moved_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: CaseId(row.uuid()?),
            number: row.int()?,
            subject_kind: row.text()?,
            subject: row.text()?,
            member: row.opt_uuid()?.map(AgentId),
            submolt: row.opt_text()?,
            opened_ms: row.int()?,
            weight: row.int()?,
            reports: row.int()?,
            reason: row.text()?,
            state: row.text()?,
            moderator: row.text()?,
            note: row.text()?,
            moved_ms: row.opt_int()?,
        })
    }
}

impl Stored for MeasureRow {
    const TABLE: Table = Table {
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
            ("lifted_ms", Kind::Int),
            ("lifted_by", Kind::Text),
            ("lifted_reason", Kind::Text),
            ("appeal", Kind::Text),
            ("appeal_text", Kind::Text),
            ("appeal_ms", Kind::Int),
            ("judge", Kind::Text),
            ("judge_note", Kind::Text),
            ("judged_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.0.into(),
            self.number.into(),
            Value::text(self.kind.as_str()),
            Value::text(self.subject_kind.as_str()),
            Value::text(self.subject.as_str()),
            self.member.map(|id| id.0).into(),
            Value::opt_text(self.submolt.as_deref()),
            Value::text(self.moderator.as_str()),
            Value::text(self.reason.as_str()),
            self.at_ms.into(),
            self.until_ms.into(),
            self.lifted_ms.into(),
            Value::opt_text(self.lifted_by.as_deref()),
            Value::opt_text(self.lifted_reason.as_deref()),
            Value::text(self.appeal.as_str()),
            Value::opt_text(self.appeal_text.as_deref()),
            self.appeal_ms.into(),
            Value::opt_text(self.judge.as_deref()),
            Value::opt_text(self.judge_note.as_deref()),
            self.judged_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: MeasureId(row.uuid()?),
            number: row.int()?,
            kind: row.text()?,
            subject_kind: row.text()?,
            subject: row.text()?,
            member: row.opt_uuid()?.map(AgentId),
            submolt: row.opt_text()?,
            moderator: row.text()?,
            reason: row.text()?,
            at_ms: row.int()?,
            until_ms: row.opt_int()?,
            lifted_ms: row.opt_int()?,
            lifted_by: row.opt_text()?,
            lifted_reason: row.opt_text()?,
            appeal: row.text()?,
            appeal_text: row.opt_text()?,
            appeal_ms: row.opt_int()?,
            judge: row.opt_text()?,
            judge_note: row.opt_text()?,
            judged_ms: row.opt_int()?,
        })
    }
}
