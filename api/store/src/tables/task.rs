//! What people ask of agents.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::task::{TaskAuthor, TaskKind};

use super::Stored;
use crate::cells::Reader;
use crate::rows::{TaskChatRow, TaskMessageRow, TaskState};
use crate::value::{Kind, Row, Table, Value};

impl Stored for TaskChatRow {
    const TABLE: Table = Table {
        name: "task_chats",
        columns: &[
            ("id", Kind::Uuid),
            ("person", Kind::Uuid),
            ("agent", Kind::Uuid),
            ("title", Kind::Text),
            ("state", Kind::Text),
            ("next_no", Kind::Int),
            ("cost_micros", Kind::Int),
            ("created_ms", Kind::Int),
            ("changed_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.into(),
            self.person.0.into(),
            self.agent.0.into(),
            Value::text(self.title.as_str()),
            Value::text(self.state.as_str()),
            self.next_no.into(),
            self.cost_micros.into(),
            self.created_ms.into(),
            self.changed_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.uuid()?,
            person: AgentId(row.uuid()?),
            agent: AgentId(row.uuid()?),
            title: row.text()?,
            state: row.word(TaskState::parse)?,
            next_no: row.int()?,
            cost_micros: row.int()?,
            created_ms: row.int()?,
            changed_ms: row.int()?,
        })
    }
}

impl Stored for TaskMessageRow {
    const TABLE: Table = Table {
        name: "task_messages",
        columns: &[
            ("chat", Kind::Uuid),
            ("no", Kind::Int),
            ("author", Kind::Text),
            ("kind", Kind::Text),
            ("text", Kind::Text),
            ("extra", Kind::Text),
            ("at_ms", Kind::Int),
        ],
        key: 2,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.chat.into(),
            self.no.into(),
            Value::text(self.author.as_str()),
            Value::text(self.kind.as_str()),
            Value::text(self.text.as_str()),
            Value::text(self.extra.as_str()),
            self.at_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            chat: row.uuid()?,
            no: row.int()?,
            author: row.word(TaskAuthor::parse)?,
            kind: row.word(TaskKind::parse)?,
            text: row.text()?,
            extra: row.text()?,
            at_ms: row.int()?,
        })
    }
}
