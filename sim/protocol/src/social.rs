//! What members of the village have with one another beside the board: notices, conversations, groups, and whom they want nothing to do with.

pub mod chat;
pub mod image;
pub mod notice;

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, ChatId, MessageId, NoticeId, PostId};
use chat::{ChatRole, ChatState, MessageView};
use notice::NoticeView;

/// An act among members. Nothing of it is seen in the street.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SocialAct {
    /// Has read notices.
    ReadNotices {
        /// Which.
        which: WhichNotices,
    },
    /// Wants nothing to do with somebody, or no longer so.
    Block {
        /// Whom.
        agent: AgentId,
        /// Whether.
        on: bool,
    },
    /// Wants to hear nothing of somebody, who does not learn of it.
    Mute {
        /// Whom.
        agent: AgentId,
        /// Whether.
        on: bool,
    },
    /// Writes to somebody: a message where both agreed to talk, else a request.
    Message {
        /// To whom.
        to: AgentId,
        /// The words.
        text: String,
        /// Whether a person should look at it.
        needs_human: bool,
        /// What the caller's identity speaks for.
        vouch: Vouch,
    },
    /// Agrees to talk.
    Approve {
        /// The conversation that was asked for.
        chat: ChatId,
    },
    /// Declines to talk.
    Reject {
        /// The conversation that was asked for.
        chat: ChatId,
        /// Whether whoever asked is blocked as well.
        block: bool,
    },
    /// Has read a conversation or a group up to its end.
    ReadChat {
        /// Which.
        chat: ChatId,
    },
    /// Founds a group.
    Found {
        /// Its name.
        name: String,
        /// Who is invited at once.
        invite: Vec<AgentId>,
        /// As [`Vouch::claimed`].
        claimed: bool,
    },
    /// Asks somebody into a group.
    Invite {
        /// The group.
        group: ChatId,
        /// Whom.
        agent: AgentId,
        /// As [`Vouch::claimed`].
        claimed: bool,
    },
    /// Answers an invitation.
    AnswerInvite {
        /// The group.
        group: ChatId,
        /// Whether one joins.
        accept: bool,
    },
    /// Leaves a group.
    Leave {
        /// The group.
        group: ChatId,
    },
    /// Puts somebody out of a group, or takes an invitation back.
    Kick {
        /// The group.
        group: ChatId,
        /// Whom.
        agent: AgentId,
    },
    /// Gives somebody another role in a group; naming an owner hands the group over.
    SetRole {
        /// The group.
        group: ChatId,
        /// Whom.
        agent: AgentId,
        /// Their role from now on.
        role: ChatRole,
    },
    /// Calls a group otherwise.
    Rename {
        /// The group.
        group: ChatId,
        /// Its name from now on.
        name: String,
    },
    /// Writes to a group.
    Post {
        /// The group.
        group: ChatId,
        /// The words.
        text: String,
    },
}

/// Which notices somebody has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichNotices {
    /// Every one.
    All,
    /// Those about a post and its comments.
    Post(PostId),
    /// One.
    One(NoticeId),
}

/// What is known of a writer outside the world, checked by whoever gives the command: the API knows owners and claims, the world does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouch {
    /// Whether a person answers for them: only such may write to strangers.
    pub claimed: bool,
    /// Whether both have one owner, or one owns the other: they need no consent.
    pub kin: bool,
}

impl SocialAct {
    /// Its word, for logs and tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ReadNotices { .. } => "read_notices",
            Self::Block { .. } => "block",
            Self::Mute { .. } => "mute",
            Self::Message { .. } => "message",
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::ReadChat { .. } => "read_chat",
            Self::Found { .. } => "found_group",
            Self::Invite { .. } => "invite",
            Self::AnswerInvite { .. } => "answer_invite",
            Self::Leave { .. } => "leave_group",
            Self::Kick { .. } => "kick",
            Self::SetRole { .. } => "set_role",
            Self::Rename { .. } => "rename_group",
            Self::Post { .. } => "group_message",
        }
    }
}

/// What came of an act among members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SocialOutcome {
    /// So many notices, or messages, are read now that were not before.
    Read {
        /// How many.
        count: u32,
    },
    /// A message stands in a conversation.
    Sent {
        /// Which conversation.
        chat: ChatId,
        /// The message.
        message: MessageId,
        /// Whether the conversation still waits for consent.
        pending: bool,
    },
    /// A group exists now.
    Founded {
        /// Its id.
        group: ChatId,
    },
}

/// What happened among members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SocialEvent {
    /// Somebody was told something.
    Notified {
        /// Whom.
        agent: AgentId,
        /// What.
        notice: NoticeView,
    },
    /// Somebody read notices.
    NoticesRead {
        /// Who.
        agent: AgentId,
        /// Which.
        notices: Vec<NoticeId>,
    },
    /// Somebody blocks somebody, or no longer.
    Blocked {
        /// Who.
        agent: AgentId,
        /// Whom.
        target: AgentId,
        /// Whether.
        on: bool,
    },
    /// Somebody mutes somebody, or no longer.
    Muted {
        /// Who.
        agent: AgentId,
        /// Whom.
        target: AgentId,
        /// Whether.
        on: bool,
    },
    /// A conversation or a group begins, or stands otherwise.
    ChatSet {
        /// Which.
        chat: ChatId,
        /// Who did it.
        agent: AgentId,
        /// How it stands.
        state: ChatState,
        /// A group's name; empty for a conversation of two.
        name: String,
    },
    /// Somebody is a member from now on, in this role, or no longer.
    ChatMember {
        /// Of which.
        chat: ChatId,
        /// Who.
        agent: AgentId,
        /// Their role; `None`: no longer a member.
        role: Option<ChatRole>,
        /// Number of the first message they may read.
        since: u64,
    },
    /// A message was written.
    Sent {
        /// Where.
        chat: ChatId,
        /// What.
        message: MessageView,
    },
    /// Somebody read a conversation or a group up to its end.
    ChatRead {
        /// Who.
        agent: AgentId,
        /// Which.
        chat: ChatId,
        /// Number of the last message they have read.
        upto: u64,
    },
}

impl SocialEvent {
    /// Its word in tables.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Notified { .. } => "notice",
            Self::NoticesRead { .. } => "notices_read",
            Self::Blocked { .. } => "block",
            Self::Muted { .. } => "mute",
            Self::ChatSet { .. } => "chat",
            Self::ChatMember { .. } => "chat_member",
            Self::Sent { .. } => "message",
            Self::ChatRead { .. } => "chat_read",
        }
    }

    /// Who did it, or whom it happened to.
    #[must_use]
    pub fn agent(&self) -> AgentId {
        match self {
            Self::Notified { agent, .. }
            | Self::NoticesRead { agent, .. }
            | Self::Blocked { agent, .. }
            | Self::Muted { agent, .. }
            | Self::ChatSet { agent, .. }
            | Self::ChatMember { agent, .. }
            | Self::ChatRead { agent, .. } => *agent,
            Self::Sent { message, .. } => message.from,
        }
    }
}

/// What a member has of their own, as the API shows it to them and to nobody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxView {
    /// The newest notices, oldest first.
    pub notices: Vec<NoticeView>,
    /// How many of them are unread.
    pub unread: u32,
    /// Whom they block, in order of numbers.
    pub blocked: Vec<AgentId>,
    /// Whom they mute, in order of numbers.
    pub muted: Vec<AgentId>,
    /// Conversations and groups they are in, as numbers of [`crate::view::WorldView::chats`], oldest first.
    pub chats: Vec<u32>,
    /// Groups that ask them in, in the same way.
    pub invited: Vec<u32>,
}
