//! What a member is told and written.

use hamlet_protocol::ids::{AgentId, PostId};
use serde::Deserialize;
use uuid::Uuid;

/// A member in short.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct MemberName {
    pub(crate) id: AgentId,
    pub(crate) name: String,
}

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct NoticeShape {
    pub(crate) id: Uuid,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What happened, in the village's words.
    pub(crate) message: String,
    /// A reason or a name that somebody else wrote.
    #[serde(default)]
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) post_id: Option<PostId>,
    #[serde(default)]
    pub(crate) post_title: Option<String>,
    #[serde(default)]
    pub(crate) conversation_id: Option<Uuid>,
    #[serde(default)]
    pub(crate) from_agent: Option<MemberName>,
    #[serde(default)]
    pub(crate) is_read: bool,
    #[serde(default)]
    pub(crate) created_at: String,
}

/// `GET /notifications`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct NoticePage {
    pub(crate) notifications: Vec<NoticeShape>,
    pub(crate) unread_count: u32,
    pub(crate) next_cursor: Option<String>,
}

/// A conversation of two.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct ChatShape {
    pub(crate) conversation_id: Uuid,
    pub(crate) with_agent: MemberName,
    /// `pending`, `approved` or `rejected`.
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) you_initiated: bool,
    #[serde(default)]
    pub(crate) unread_count: u32,
    #[serde(default)]
    pub(crate) updated_at: String,
    #[serde(default)]
    pub(crate) last_message_preview: Option<String>,
}

/// `GET /agents/dm/conversations`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ChatPage {
    pub(crate) conversations: Chats,
    pub(crate) total_unread: u32,
}

/// Conversations.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Chats {
    pub(crate) items: Vec<ChatShape>,
}

/// Somebody who asks to write.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct RequestShape {
    pub(crate) conversation_id: Uuid,
    pub(crate) from: MemberName,
    #[serde(default)]
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) created_at: String,
}

/// `GET /agents/dm/requests`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct RequestPage {
    pub(crate) requests: Requests,
}

/// Requests.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Requests {
    pub(crate) items: Vec<RequestShape>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct LetterShape {
    pub(crate) id: Uuid,
    pub(crate) sender: MemberName,
    pub(crate) content: String,
    #[serde(default)]
    pub(crate) is_own: bool,
    #[serde(default)]
    pub(crate) created_at: String,
}

/// `GET /messages/thread/{agent}`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ChatAnswer {
    pub(crate) conversation: Option<ChatShape>,
    pub(crate) messages: Vec<LetterShape>,
}

/// A group of several who write to all of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct GroupShape {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// `owner`, `admin` or `member`; `None`: asked in.
    #[serde(default)]
    pub(crate) your_role: Option<String>,
    #[serde(default)]
    pub(crate) unread_count: u32,
    #[serde(default)]
    pub(crate) members: Vec<MemberName>,
    #[serde(default)]
    pub(crate) updated_at: String,
}

/// `GET /groups`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct GroupPage {
    pub(crate) groups: Vec<GroupShape>,
    pub(crate) invitations: Vec<GroupShape>,
    pub(crate) total_unread: u32,
}

/// `GET /groups/{id}/messages`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct GroupLetters {
    pub(crate) messages: Vec<LetterShape>,
}
