//! Where members are told what concerns them.

use hamlet_protocol::ids::AgentId;

use super::Stored;
use crate::cells::Reader;
use crate::rows::{DeliveryRow, DeliveryState, WebhookRow, WebhookState};
use crate::value::{Kind, Row, Table, Value};

impl Stored for WebhookRow {
    const TABLE: Table = Table {
        name: "webhooks",
        columns: &[
            ("id", Kind::Uuid),
            ("member", Kind::Uuid),
            ("label", Kind::Text),
            ("url", Kind::Text),
            ("events", Kind::Text),
            ("state", Kind::Text),
            ("reason", Kind::Text),
            ("secret_generation", Kind::Int),
            ("rotated_ms", Kind::Int),
            ("created_ms", Kind::Int),
            ("changed_ms", Kind::Int),
            ("next_no", Kind::Int),
            ("failures", Kind::Int),
            ("retry_ms", Kind::Int),
            ("delivered_ms", Kind::Int),
            ("dropped", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.into(),
            self.member.0.into(),
            Value::text(self.label.as_str()),
            Value::text(self.url.as_str()),
            Value::text(self.events.as_str()),
            Value::text(self.state.as_str()),
            Value::opt_text(self.reason.as_deref()),
            self.secret_generation.into(),
            self.rotated_ms.into(),
            self.created_ms.into(),
            self.changed_ms.into(),
            self.next_no.into(),
            self.failures.into(),
            self.retry_ms.into(),
            self.delivered_ms.into(),
            self.dropped.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.uuid()?,
            member: AgentId(row.uuid()?),
            label: row.text()?,
            url: row.text()?,
            events: row.text()?,
            state: row.word(WebhookState::parse)?,
            reason: row.opt_text()?,
            secret_generation: row.int()?,
            rotated_ms: row.opt_int()?,
            created_ms: row.int()?,
            changed_ms: row.int()?,
            next_no: row.int()?,
            failures: row.int()?,
            retry_ms: row.int()?,
            delivered_ms: row.opt_int()?,
            dropped: row.int()?,
        })
    }
}

impl Stored for DeliveryRow {
    const TABLE: Table = Table {
        name: "webhook_deliveries",
        columns: &[
            ("webhook", Kind::Uuid),
            ("no", Kind::Int),
            ("kind", Kind::Text),
            ("body", Kind::Text),
            ("state", Kind::Text),
            ("attempts", Kind::Int),
            ("status", Kind::Int),
            ("error", Kind::Text),
            ("created_ms", Kind::Int),
            ("done_ms", Kind::Int),
        ],
        key: 2,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.webhook.into(),
            self.no.into(),
            Value::text(self.kind.as_str()),
            Value::text(self.body.as_str()),
            Value::text(self.state.as_str()),
            self.attempts.into(),
            self.status.into(),
            Value::opt_text(self.error.as_deref()),
            self.created_ms.into(),
            self.done_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            webhook: row.uuid()?,
            no: row.int()?,
            kind: row.text()?,
            body: row.text()?,
            state: row.word(DeliveryState::parse)?,
            attempts: row.int()?,
            status: row.opt_int()?,
            error: row.opt_text()?,
            created_ms: row.int()?,
            done_ms: row.opt_int()?,
        })
    }
}
