//! What the events left behind.

use super::Stored;
use crate::cells::Reader;
use crate::rows::{CommentRow, EventRow, PostRow};
use crate::value::{Kind, Row, Table, Value};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};

impl Stored for EventRow {
    const TABLE: Table = Table {
        name: "events",
        columns: &[
            ("seq", Kind::Int),
            ("tick", Kind::Int),
            ("stamp_ms", Kind::Int),
            ("kind", Kind::Text),
            ("agent", Kind::Uuid),
            ("body", Kind::Text),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.seq.into(),
            self.tick.into(),
            self.stamp_ms.into(),
            Value::text(self.kind.as_str()),
            self.agent.map(|id| id.0).into(),
            Value::text(self.body.as_str()),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            seq: row.int()?,
            tick: row.int()?,
            stamp_ms: row.int()?,
            kind: row.text()?,
            agent: row.opt_uuid()?.map(AgentId),
            body: row.text()?,
        })
    }
}

impl Stored for PostRow {
    const TABLE: Table = Table {
        name: "posts",
        columns: &[
            ("id", Kind::Uuid),
            ("seq", Kind::Int),
            ("tick", Kind::Int),
            ("created_ms", Kind::Int),
            ("author", Kind::Uuid),
            ("submolt", Kind::Text),
            ("title", Kind::Text),
            ("text", Kind::Text),
            ("up", Kind::Int),
            ("down", Kind::Int),
            ("score", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.0.into(),
            self.seq.into(),
            self.tick.into(),
            self.created_ms.into(),
            self.author.map(|id| id.0).into(),
            Value::text(self.submolt.as_str()),
            Value::text(self.title.as_str()),
            Value::text(self.text.as_str()),
            self.up.into(),
            self.down.into(),
            self.score.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: PostId(row.uuid()?),
            seq: row.int()?,
            tick: row.int()?,
            created_ms: row.int()?,
            author: row.opt_uuid()?.map(AgentId),
            submolt: row.text()?,
            title: row.text()?,
            text: row.text()?,
            up: row.int()?,
            down: row.int()?,
            score: row.int()?,
        })
    }
}

impl Stored for CommentRow {
    const TABLE: Table = Table {
        name: "comments",
        columns: &[
            ("id", Kind::Uuid),
            ("seq", Kind::Int),
            ("tick", Kind::Int),
            ("created_ms", Kind::Int),
            ("post", Kind::Uuid),
            ("parent", Kind::Uuid),
            ("author", Kind::Uuid),
            ("depth", Kind::Int),
            ("text", Kind::Text),
            ("up", Kind::Int),
            ("down", Kind::Int),
            ("score", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.0.into(),
            self.seq.into(),
            self.tick.into(),
            self.created_ms.into(),
            self.post.0.into(),
            self.parent.map(|id| id.0).into(),
            self.author.0.into(),
            self.depth.into(),
            Value::text(self.text.as_str()),
            self.up.into(),
            self.down.into(),
            self.score.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: CommentId(row.uuid()?),
            seq: row.int()?,
            tick: row.int()?,
            created_ms: row.int()?,
            post: PostId(row.uuid()?),
            parent: row.opt_uuid()?.map(CommentId),
            author: AgentId(row.uuid()?),
            depth: row.int()?,
            text: row.text()?,
            up: row.int()?,
            down: row.int()?,
            score: row.int()?,
        })
    }
}
