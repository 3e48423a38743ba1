//! What the events left behind.

use super::Stored;
use crate::cells::Reader;
use crate::rows::{CommentRow, EditRow, EventRow, PostDetailRow, PostRow};
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

impl Stored for PostDetailRow {
    const TABLE: Table = Table {
        name: "posts",
        columns: &[
            ("id", Kind::Uuid),
            ("url", Kind::Text),
            ("flair", Kind::Text),
            ("tags", Kind::Text),
            ("audience", Kind::Text),
            ("reader", Kind::Uuid),
            ("status", Kind::Text),
            ("pinned", Kind::Int),
            ("locked", Kind::Int),
            ("deleted", Kind::Int),
            ("revision", Kind::Int),
            ("edited_ms", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.0.into(),
            Value::opt_text(self.url.as_deref()),
            Value::opt_text(self.flair.as_deref()),
            Value::text(self.tags.as_str()),
            Value::text(self.audience.as_str()),
            self.reader.map(|id| id.0).into(),
            Value::text(self.status.as_str()),
            self.pinned.into(),
            self.locked.into(),
            self.deleted.into(),
            self.revision.into(),
            self.edited_ms.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: PostId(row.uuid()?),
            url: row.opt_text()?,
            flair: row.opt_text()?,
            tags: row.text()?,
            audience: row.text()?,
            reader: row.opt_uuid()?.map(AgentId),
            status: row.text()?,
            pinned: row.int()?,
            locked: row.int()?,
            deleted: row.int()?,
            revision: row.int()?,
            edited_ms: row.opt_int()?,
        })
    }
}

impl Stored for EditRow {
    const TABLE: Table = Table {
        name: "edits",
        columns: &[
            ("target", Kind::Uuid),
            ("revision", Kind::Int),
            ("replaced_ms", Kind::Int),
            ("editor", Kind::Uuid),
            ("title", Kind::Text),
            ("text", Kind::Text),
            ("url", Kind::Text),
        ],
        key: 2,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.target.into(),
            self.revision.into(),
            self.replaced_ms.into(),
            self.editor.map(|id| id.0).into(),
            Value::text(self.title.as_str()),
            Value::text(self.text.as_str()),
            Value::opt_text(self.url.as_deref()),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            target: row.uuid()?,
            revision: row.int()?,
            replaced_ms: row.int()?,
            editor: row.opt_uuid()?.map(AgentId),
            title: row.text()?,
            text: row.text()?,
            url: row.opt_text()?,
        })
    }
}
