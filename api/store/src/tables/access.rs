//! Keys, claims, sessions and one-time links.

use super::Stored;
use crate::cells::Reader;
use crate::rows::{ClaimRow, KeyRow, SessionRow, TicketRow};
use crate::value::{Kind, Row, Table, Value};
use hamlet_protocol::ids::AgentId;

impl Stored for KeyRow {
    const TABLE: Table = Table {
        name: "api_keys",
        columns: &[
            ("id", Kind::Uuid),
            ("agent", Kind::Uuid),
            ("account", Kind::Uuid),
            ("prefix", Kind::Text),
            ("hash", Kind::Bytes),
            ("label", Kind::Text),
            ("scopes", Kind::Text),
            ("created_ms", Kind::Int),
            ("expires_ms", Kind::Int),
            ("revoked_ms", Kind::Int),
            ("last_used_ms", Kind::Int),
            ("rotated_to", Kind::Uuid),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.into(),
            self.agent.map(|id| id.0).into(),
            self.account.into(),
            Value::text(self.prefix.as_str()),
            Value::bytes(&self.hash),
            Value::text(self.label.as_str()),
            Value::text(self.scopes.as_str()),
            self.created_ms.into(),
            self.expires_ms.into(),
            self.revoked_ms.into(),
            self.last_used_ms.into(),
            self.rotated_to.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.uuid()?,
            agent: row.opt_uuid()?.map(AgentId),
            account: row.opt_uuid()?,
            prefix: row.text()?,
            hash: row.hash()?,
            label: row.text()?,
            scopes: row.text()?,
            created_ms: row.int()?,
            expires_ms: row.opt_int()?,
            revoked_ms: row.opt_int()?,
            last_used_ms: row.opt_int()?,
            rotated_to: row.opt_uuid()?,
        })
    }
}

impl Stored for ClaimRow {
    const TABLE: Table = Table {
        name: "claims",
        columns: &[
            ("token_hash", Kind::Bytes),
            ("agent", Kind::Uuid),
            ("code", Kind::Text),
            ("method", Kind::Text),
            ("created_ms", Kind::Int),
            ("expires_ms", Kind::Int),
            ("used_ms", Kind::Int),
            ("account", Kind::Uuid),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            Value::bytes(&self.token_hash),
            self.agent.0.into(),
            Value::text(self.code.as_str()),
            Value::opt_text(self.method.as_deref()),
            self.created_ms.into(),
            self.expires_ms.into(),
            self.used_ms.into(),
            self.account.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            token_hash: row.hash()?,
            agent: AgentId(row.uuid()?),
            code: row.text()?,
            method: row.opt_text()?,
            created_ms: row.int()?,
            expires_ms: row.int()?,
            used_ms: row.opt_int()?,
            account: row.opt_uuid()?,
        })
    }
}

impl Stored for SessionRow {
    const TABLE: Table = Table {
        name: "sessions",
        columns: &[
            ("id", Kind::Uuid),
            ("hash", Kind::Bytes),
            ("family", Kind::Uuid),
            ("account", Kind::Uuid),
            ("created_ms", Kind::Int),
            ("expires_ms", Kind::Int),
            ("used_ms", Kind::Int),
            ("revoked_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.into(),
            Value::bytes(&self.hash),
            self.family.into(),
            self.account.into(),
            self.created_ms.into(),
            self.expires_ms.into(),
            self.used_ms.into(),
            self.revoked_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.uuid()?,
            hash: row.hash()?,
            family: row.uuid()?,
            account: row.uuid()?,
            created_ms: row.int()?,
            expires_ms: row.int()?,
            used_ms: row.opt_int()?,
            revoked_ms: row.opt_int()?,
        })
    }
}

impl Stored for TicketRow {
    const TABLE: Table = Table {
        name: "tickets",
        columns: &[
            ("hash", Kind::Bytes),
            ("purpose", Kind::Text),
            ("subject", Kind::Uuid),
            ("created_ms", Kind::Int),
            ("expires_ms", Kind::Int),
            ("used_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            Value::bytes(&self.hash),
            Value::text(self.purpose.as_str()),
            self.subject.into(),
            self.created_ms.into(),
            self.expires_ms.into(),
            self.used_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            hash: row.hash()?,
            purpose: row.text()?,
            subject: row.opt_uuid()?,
            created_ms: row.int()?,
            expires_ms: row.int()?,
            used_ms: row.opt_int()?,
        })
    }
}
