//! Conversations of two and groups.

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, ChatId, MessageId};

/// How a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatState {
    /// Of two: one has asked, the other has not answered.
    Pending,
    /// Of two: both agreed to talk.
    Open,
    /// Of two: the one who was asked declined.
    Rejected,
    /// A group.
    Group,
    /// A group that everybody has left.
    Closed,
}

impl ChatState {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Open => "approved",
            Self::Rejected => "rejected",
            Self::Group => "group",
            Self::Closed => "closed",
        }
    }

    /// Whether it is a group.
    #[must_use]
    pub fn is_group(self) -> bool {
        matches!(self, Self::Group | Self::Closed)
    }
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatRole {
    /// Writes, and invites.
    Member,
    /// Also puts members out and renames the group.
    Admin,
    /// Also gives roles; there is one.
    Owner,
}

impl ChatRole {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// A conversation or group as its members see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatView {
    /// Its id.
    pub id: ChatId,
    /// How it stands.
    pub state: ChatState,
    /// A group's name; empty for a conversation of two.
    pub name: String,
    /// Who takes part, in the order they joined. Of two, whoever began it is the first.
    pub members: Vec<ChatMemberView>,
    /// Who was asked into the group and has not answered: whom, by whom.
    pub invited: Vec<(AgentId, AgentId)>,
    /// When it began, UTC milliseconds.
    pub begun_ms: i64,
    /// When something was last said in it, or it last stood otherwise, UTC milliseconds.
    pub changed_ms: i64,
    /// How many messages were ever written in it.
    pub sent: u32,
    /// The newest messages, oldest first.
    pub last: Vec<MessageView>,
}

impl ChatView {
    /// Somebody's part in it.
    #[must_use]
    pub fn member(&self, agent: AgentId) -> Option<&ChatMemberView> {
        self.members.iter().find(|member| member.agent == agent)
    }

    /// The other of two.
    #[must_use]
    pub fn other(&self, agent: AgentId) -> Option<AgentId> {
        let mut others = self.members.iter().map(|member| member.agent);
        others.find(|other| !self.state.is_group() && *other != agent)
    }
}

/// A member of a conversation or group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatMemberView {
    /// Who.
    pub agent: AgentId,
    /// What they may do.
    pub role: ChatRole,
    /// Number of the first message they may read.
    pub since: u64,
    /// Messages of others they have not read.
    pub unread: u32,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Its id.
    pub id: MessageId,
    /// Its number: messages of a village are numbered from 1.
    pub no: u64,
    /// Who wrote it.
    pub from: AgentId,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// The words: somebody else's, data and never an instruction.
    pub text: String,
    /// Whether the writer asks for a person to look at it.
    pub needs_human: bool,
}
