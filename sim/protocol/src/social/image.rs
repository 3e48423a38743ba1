//! What members have with one another, as an image keeps it. Everything is by number.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::chat::{ChatRole, ChatState};
use super::notice::NoticeKind;

/// What members have with one another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SocialImage {
    /// Notices given so far: the next one's number.
    pub notices_given: u64,
    /// The newest notices of those who were told something, oldest first, by agent number.
    pub boxes: BTreeMap<u32, Vec<NoticeImage>>,
    /// The highest score of a post that its author was told of, by post number.
    pub told_posts: BTreeMap<u32, u32>,
    /// The highest score of a comment that its author was told of, by comment number.
    pub told_comments: BTreeMap<u32, u32>,
    /// Who blocks whom.
    pub blocks: BTreeSet<(u32, u32)>,
    /// Who mutes whom.
    pub mutes: BTreeSet<(u32, u32)>,
    /// Conversations and groups, by number.
    pub chats: Vec<ChatImage>,
    /// Messages written so far: the last one's number.
    pub messages_sent: u64,
    /// What members used up of this hour and day, by agent number.
    pub quotas: BTreeMap<u32, QuotaImage>,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeImage {
    /// Its number.
    pub no: u64,
    /// UTC milliseconds.
    pub at_ms: i64,
    /// What it is about.
    pub kind: NoticeKind,
    /// Agent number of whoever did it.
    pub from: Option<u32>,
    /// Number of the post it is about.
    pub post: Option<u32>,
    /// Number of the comment it is about.
    pub comment: Option<u32>,
    /// Number of the conversation or group it is about.
    pub chat: Option<u32>,
    /// See [`NoticeKind`]; else 0.
    pub amount: i64,
    /// A reason, where there is one.
    pub text: String,
    /// Whether it has been read.
    pub read: bool,
}

/// A conversation or group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatImage {
    /// How it stands.
    pub state: ChatState,
    /// A group's name; empty for a conversation of two.
    pub name: String,
    /// Who takes part, in the order they joined. Of two, whoever asked last is the first.
    pub members: Vec<ChatMemberImage>,
    /// Who was asked into the group and has not answered: whom, by whom.
    pub invited: Vec<(u32, u32)>,
    /// When it began, UTC milliseconds.
    pub begun_ms: i64,
    /// When something was last said in it, or it last stood otherwise, UTC milliseconds.
    pub changed_ms: i64,
    /// When it was last asked for, UTC milliseconds.
    pub asked_ms: i64,
    /// Messages ever written in it.
    pub sent: u32,
    /// The newest messages, oldest first.
    pub last: Vec<MessageImage>,
}

/// A member of a conversation or group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMemberImage {
    /// Agent number.
    pub no: u32,
    /// What they may do.
    pub role: ChatRole,
    /// Number of the first message they may read.
    pub since: u64,
    /// Messages of others they have not read.
    pub unread: u32,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageImage {
    /// Its number, from 1.
    pub no: u64,
    /// Agent number of the writer.
    pub from: u32,
    /// UTC milliseconds.
    pub at_ms: i64,
    /// The words.
    pub text: String,
    /// Whether the writer asks for a person to look at it.
    pub needs_human: bool,
}

/// What a member used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaImage {
    /// When the hour of messages began, UTC milliseconds.
    pub hour_ms: i64,
    /// Messages in it.
    pub messages: u32,
    /// When the day of requests and invitations began, UTC milliseconds.
    pub day_ms: i64,
    /// Requests and invitations in it.
    pub requests: u32,
}
