//! Audit, outcomes of requests, counters.

use super::Stored;
use crate::cells::Reader;
use crate::rows::{AuditRow, AvatarRow, IdempotencyRow, WindowRow};
use crate::value::{Kind, Row, Table, Value};

impl Stored for AuditRow {
    const TABLE: Table = Table {
        name: "audit",
        columns: &[
            ("no", Kind::Int),
            ("at_ms", Kind::Int),
            ("actor", Kind::Text),
            ("act", Kind::Text),
            ("target", Kind::Text),
            ("detail", Kind::Text),
            ("prev", Kind::Bytes),
            ("hash", Kind::Bytes),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.no.into(),
            self.at_ms.into(),
            Value::text(self.actor.as_str()),
            Value::text(self.act.as_str()),
            Value::text(self.target.as_str()),
            Value::text(self.detail.as_str()),
            Value::bytes(&self.prev),
            Value::bytes(&self.hash),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            no: row.int()?,
            at_ms: row.int()?,
            actor: row.text()?,
            act: row.text()?,
            target: row.text()?,
            detail: row.text()?,
            prev: row.hash()?,
            hash: row.hash()?,
        })
    }
}

impl Stored for IdempotencyRow {
    const TABLE: Table = Table {
        name: "idempotency",
        columns: &[
            ("scope", Kind::Text),
            ("key", Kind::Text),
            ("fingerprint", Kind::Bytes),
            ("status", Kind::Int),
            ("outcome", Kind::Text),
            ("created_ms", Kind::Int),
            ("expires_ms", Kind::Int),
        ],
        key: 2,
    };

    fn values(&self) -> Row<'_> {
        vec![
            Value::text(self.scope.as_str()),
            Value::text(self.key.as_str()),
            Value::bytes(&self.fingerprint),
            self.status.into(),
            Value::text(self.outcome.as_str()),
            self.created_ms.into(),
            self.expires_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            scope: row.text()?,
            key: row.text()?,
            fingerprint: row.hash()?,
            status: row.small()?,
            outcome: row.text()?,
            created_ms: row.int()?,
            expires_ms: row.int()?,
        })
    }
}

impl Stored for AvatarRow {
    const TABLE: Table = Table {
        name: "avatars",
        columns: &[
            ("subject", Kind::Uuid),
            ("hash", Kind::Bytes),
            ("changed_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        let hash = self.hash.as_ref();
        vec![
            self.subject.into(),
            hash.map_or(Value::Null, |hash| Value::bytes(hash)),
            self.changed_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            subject: row.uuid()?,
            hash: row.opt_hash()?,
            changed_ms: row.int()?,
        })
    }
}

impl Stored for WindowRow {
    const TABLE: Table = Table {
        name: "windows",
        columns: &[
            ("subject", Kind::Text),
            ("span", Kind::Text),
            ("start_ms", Kind::Int),
            ("count", Kind::Int),
        ],
        key: 2,
    };

    fn values(&self) -> Row<'_> {
        vec![
            Value::text(self.subject.as_str()),
            Value::text(self.window.as_str()),
            self.start_ms.into(),
            self.count.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            subject: row.text()?,
            window: row.text()?,
            start_ms: row.int()?,
            count: row.int()?,
        })
    }
}
