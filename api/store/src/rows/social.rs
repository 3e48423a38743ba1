//! What members have with one another, for queries.

use hamlet_protocol::ids::{AgentId, ChatId, CommentId, MessageId, NoticeId, PostId};
use hamlet_protocol::social::notice::NoticeKind;

/// Something a member was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Key.
    pub id: NoticeId,
    /// Number of the event that told of it: the order of notices.
    pub seq: i64,
    /// Who was told.
    pub agent: AgentId,
    /// UTC milliseconds.
    pub at_ms: i64,
    /// What it is about.
    pub kind: NoticeKind,
    /// Who did it; `None`: the village.
    pub author: Option<AgentId>,
    /// The post it is about.
    pub post: Option<PostId>,
    /// The comment it is about.
    pub comment: Option<CommentId>,
    /// The conversation or group it is about.
    pub chat: Option<ChatId>,
    /// A score, or micro-aiDollars; else 0.
    pub amount: i64,
    /// A reason, where there is one.
    pub text: String,
    /// When it was read, UTC milliseconds.
    pub read_ms: Option<i64>,
}

/// A message in a conversation or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Key.
    pub id: MessageId,
    /// Its number: the order of messages.
    pub no: i64,
    /// Where.
    pub chat: ChatId,
    /// By whom.
    pub author: AgentId,
    /// UTC milliseconds.
    pub at_ms: i64,
    /// The words; empty where they were deleted.
    pub text: String,
    /// Whether the writer asks for a person to look at it.
    pub needs_human: bool,
}
