//! What members have with one another.

use hamlet_protocol::ids::{AgentId, ChatId, CommentId, MessageId, NoticeId, PostId};
use hamlet_protocol::social::notice::NoticeKind;

use super::Stored;
use crate::cells::Reader;
use crate::rows::{MessageRow, NoticeRow};
use crate::value::{Kind, Row, Table, Value};

impl Stored for NoticeRow {
    const TABLE: Table = Table {
        name: "notifications",
        columns: &[
            ("id", Kind::Uuid),
            ("seq", Kind::Int),
            ("agent", Kind::Uuid),
            ("at_ms", Kind::Int),
            ("kind", Kind::Text),
            ("author", Kind::Uuid),
            ("post", Kind::Uuid),
            ("comment", Kind::Uuid),
            ("chat", Kind::Uuid),
            ("amount", Kind::Int),
            ("text", Kind::Text),
            ("read_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.0.into(),
            self.seq.into(),
            self.agent.0.into(),
            self.at_ms.into(),
            Value::text(self.kind.as_str()),
            self.author.map(|id| id.0).into(),
            self.post.map(|id| id.0).into(),
            self.comment.map(|id| id.0).into(),
            self.chat.map(|id| id.0).into(),
            self.amount.into(),
            Value::text(self.text.as_str()),
            self.read_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: NoticeId(row.uuid()?),
            seq: row.int()?,
            agent: AgentId(row.uuid()?),
            at_ms: row.int()?,
            kind: row.word(NoticeKind::parse)?,
            author: row.opt_uuid()?.map(AgentId),
            post: row.opt_uuid()?.map(PostId),
            comment: row.opt_uuid()?.map(CommentId),
            chat: row.opt_uuid()?.map(ChatId),
            amount: row.int()?,
            text: row.text()?,
            read_ms: row.opt_int()?,
        })
    }
}

impl Stored for MessageRow {
    const TABLE: Table = Table {
        name: "messages",
        columns: &[
            ("id", Kind::Uuid),
            ("no", Kind::Int),
            ("chat", Kind::Uuid),
            ("author", Kind::Uuid),
            ("at_ms", Kind::Int),
            ("text", Kind::Text),
            ("needs_human", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.0.into(),
            self.no.into(),
            self.chat.0.into(),
            self.author.0.into(),
            self.at_ms.into(),
            Value::text(self.text.as_str()),
            i64::from(self.needs_human).into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: MessageId(row.uuid()?),
            no: row.int()?,
            chat: ChatId(row.uuid()?),
            author: AgentId(row.uuid()?),
            at_ms: row.int()?,
            text: row.text()?,
            needs_human: row.int()? != 0,
        })
    }
}
