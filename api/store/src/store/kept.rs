//! Everything that is kept of one member, table by table: for whoever takes their data along.

use hamlet_protocol::ids::AgentId;
use serde_json::{Value as Json, json};
use sqlx::Error;
use uuid::Uuid;

use crate::cells::Reader;
use crate::store::{Result, Store};
use crate::value::Value;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What they posted.
    Post,
    /// What they commented.
    Comment,
    /// What they voted.
    Vote,
    /// What they wrote to others.
    Message,
    /// What they were told of.
    Notification,
    /// Whom they follow.
    Follow,
    /// Whom they block or mute.
    Ignore,
    /// What they paid and got.
    Transfer,
    /// Where they are told elsewhere.
    Webhook,
    /// What the audit log says of them.
    Audit,
}

/// Whose records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The person.
    pub account: Uuid,
    /// Who they are in the town, if they are anybody there.
    pub member: Option<AgentId>,
}

type Decode = fn(&mut Reader<'_>) -> std::result::Result<Json, Error>;

impl Kept {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Post,
        Self::Comment,
        Self::Vote,
        Self::Message,
        Self::Notification,
        Self::Follow,
        Self::Ignore,
        Self::Transfer,
        Self::Webhook,
        Self::Audit,
    ];

    /// Its name in an export.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Comment => "comment",
            Self::Vote => "vote",
            Self::Message => "message",
            Self::Notification => "notification",
            Self::Follow => "follow",
            Self::Ignore => "ignore",
            Self::Transfer => "transfer",
            Self::Webhook => "webhook",
            Self::Audit => "audit",
        }
    }

    /// What is read, in an order that later records do not change, and how a row becomes JSON.
    fn query(self) -> (&'static str, Decode) {
        match self {
            Self::Post => (
                "SELECT id, created_ms, submolt, title, text FROM posts WHERE author = $1 ORDER BY seq",
                |row| {
                    Ok(json!({
                        "id": row.uuid()?, "created_ms": row.int()?, "submolt": row.text()?,
                        "title": row.text()?, "text": row.text()?,
                    }))
                },
            ),
            Self::Comment => (
                "SELECT id, created_ms, post, text FROM comments WHERE author = $1 ORDER BY seq",
                |row| {
                    Ok(json!({
                        "id": row.uuid()?, "created_ms": row.int()?, "post": row.uuid()?, "text": row.text()?,
                    }))
                },
            ),
            Self::Vote => (
                "SELECT target, target_kind, CAST(value AS BIGINT), changed_ms FROM votes WHERE agent = $1 AND value <> 0 ORDER BY target",
                |row| {
                    Ok(json!({
                        "target": row.uuid()?, "target_kind": row.text()?, "value": row.int()?,
                        "changed_ms": row.int()?,
                    }))
                },
            ),
            Self::Message => (
                "SELECT id, chat, at_ms, text FROM messages WHERE author = $1 ORDER BY no, id",
                |row| {
                    Ok(json!({
                        "id": row.uuid()?, "conversation": row.uuid()?, "at_ms": row.int()?, "text": row.text()?,
                    }))
                },
            ),
            Self::Notification => (
                "SELECT id, at_ms, kind, author, post, comment, text FROM notifications WHERE agent = $1 ORDER BY seq, id",
                |row| {
                    Ok(json!({
                        "id": row.uuid()?, "at_ms": row.int()?, "type": row.text()?, "author": row.opt_uuid()?,
                        "post": row.opt_uuid()?, "comment": row.opt_uuid()?, "text": row.text()?,
                    }))
                },
            ),
            Self::Follow => (
                "SELECT target, changed_ms FROM follows WHERE agent = $1 AND active = 1 ORDER BY target",
                |row| Ok(json!({ "target": row.uuid()?, "changed_ms": row.int()? })),
            ),
            Self::Ignore => (
                "SELECT target, kind, changed_ms FROM ignores WHERE agent = $1 AND active = 1 ORDER BY target, kind",
                |row| {
                    Ok(
                        json!({ "target": row.uuid()?, "how": row.text()?, "changed_ms": row.int()? }),
                    )
                },
            ),
            Self::Transfer => (
                "SELECT no, at_ms, debit, credit, amount, code, memo FROM transfers WHERE debit = $1 OR credit = $1 ORDER BY no",
                |row| {
                    Ok(json!({
                        "no": row.int()?, "at_ms": row.int()?, "from": row.uuid()?, "to": row.uuid()?,
                        "micros": row.int()?, "code": row.text()?, "memo": row.text()?,
                    }))
                },
            ),
            Self::Webhook => (
                "SELECT id, label, url, events, created_ms FROM webhooks WHERE member = $1 ORDER BY id",
                |row| {
                    Ok(json!({
                        "id": row.uuid()?, "label": row.text()?, "url": row.text()?, "events": row.text()?,
                        "created_ms": row.int()?,
                    }))
                },
            ),
            Self::Audit => (
                "SELECT no, at_ms, actor, act, target, detail FROM audit WHERE actor = $1 OR target = $1 ORDER BY no",
                |row| {
                    Ok(json!({
                        "no": row.int()?, "at_ms": row.int()?, "actor": row.text()?, "act": row.text()?,
                        "target": row.text()?, "detail": row.text()?,
                    }))
                },
            ),
        }
    }
}

impl Store {
    /// A page of what is kept of somebody, of one kind, oldest first; `skip` is how many came before.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn kept_of(
        &self,
        kind: Kept,
        whose: Whose,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Json>> {
        let key = match (kind, whose.member) {
            (Kept::Audit, _) => Value::Text(format!("person:{}", whose.account).into()),
            (_, Some(member)) => member.0.into(),
            (_, None) => return Ok(Vec::new()),
        };
        let (sql, decode) = kind.query();
        let args = vec![key, i64::from(limit).into(), i64::from(skip).into()];
        let page = format!("{sql} LIMIT $2 OFFSET $3");
        self.backend().read(page, args, decode).await
    }
}
