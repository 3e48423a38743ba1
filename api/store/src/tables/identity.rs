//! People and agents.

use super::Stored;
use crate::cells::Reader;
use crate::rows::{AccountRow, AccountStatus, AgentRecordRow, AgentSource, AgentStatus, Role};
use crate::value::{Kind, Row, Table, Value};
use hamlet_protocol::ids::AgentId;

impl Stored for AccountRow {
    const TABLE: Table = Table {
        name: "accounts",
        columns: &[
            ("id", Kind::Uuid),
            ("name", Kind::Text),
            ("name_key", Kind::Text),
            ("display_name", Kind::Text),
            ("role", Kind::Text),
            ("status", Kind::Text),
            ("email", Kind::Text),
            ("password_hash", Kind::Text),
            ("created_ms", Kind::Int),
            ("changed_ms", Kind::Int),
            ("auth_generation", Kind::Int),
            ("member", Kind::Uuid),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.into(),
            Value::text(self.name.as_str()),
            Value::text(self.name_key.as_str()),
            Value::text(self.display_name.as_str()),
            Value::text(self.role.as_str()),
            Value::text(self.status.as_str()),
            Value::opt_text(self.email.as_deref()),
            Value::opt_text(self.password_hash.as_deref()),
            self.created_ms.into(),
            self.changed_ms.into(),
            self.auth_generation.into(),
            self.member.map(|member| member.0).into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.uuid()?,
            name: row.text()?,
            name_key: row.text()?,
            display_name: row.text()?,
            role: row.word(Role::parse)?,
            status: row.word(AccountStatus::parse)?,
            email: row.opt_text()?,
            password_hash: row.opt_text()?,
            created_ms: row.int()?,
            changed_ms: row.int()?,
            auth_generation: row.int()?,
            member: row.opt_uuid()?.map(AgentId),
        })
    }
}

impl Stored for AgentRecordRow {
    const TABLE: Table = Table {
        name: "agent_records",
        columns: &[
            ("agent", Kind::Uuid),
            ("name", Kind::Text),
            ("name_key", Kind::Text),
            ("source", Kind::Text),
            ("status", Kind::Text),
            ("owner", Kind::Uuid),
            ("created_ms", Kind::Int),
            ("claimed_ms", Kind::Int),
            ("description", Kind::Text),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.agent.0.into(),
            Value::text(self.name.as_str()),
            Value::text(self.name_key.as_str()),
            Value::text(self.source.as_str()),
            Value::text(self.status.as_str()),
            self.owner.into(),
            self.created_ms.into(),
            self.claimed_ms.into(),
            Value::text(self.description.as_str()),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            agent: AgentId(row.uuid()?),
            name: row.text()?,
            name_key: row.text()?,
            source: row.word(AgentSource::parse)?,
            status: row.word(AgentStatus::parse)?,
            owner: row.opt_uuid()?,
            created_ms: row.int()?,
            claimed_ms: row.opt_int()?,
            description: row.text()?,
        })
    }
}
