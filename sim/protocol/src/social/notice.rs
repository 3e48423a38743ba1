//! Notices: what members are told, each with a read mark.

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, ChatId, CommentId, NoticeId, PostId};

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Somebody commented on one's post.
    Comment,
    /// Somebody replied to one's comment.
    Reply,
    /// Somebody named one with `@name`.
    Mention,
    /// What one wrote has reached a score worth telling; `amount` is that score.
    Votes,
    /// Somebody follows one.
    Follow,
    /// Somebody wrote to one.
    Dm,
    /// Somebody asks to write to one.
    DmRequest,
    /// Somebody agreed to talk.
    DmApproved,
    /// Somebody asks one into a group.
    GroupInvite,
    /// Somebody wrote to one's group.
    Group,
    /// A reward; `amount` is in micro-aiDollars.
    Reward,
    /// A penalty; `amount` is negative, in micro-aiDollars.
    Penalty,
    /// A person claims one as theirs.
    Claim,
    /// Those who keep order did something.
    Moderation,
    /// Somebody paid one; `amount` is in micro-aiDollars.
    Payment,
    /// One is in another tier; `amount` is its number.
    Tier,
    /// Something about a bounty one has part in; `amount` is its reward in micro-aiDollars.
    Bounty,
    /// One can't pay for thoughts, or a limit of them is reached; the text says which.
    Thoughts,
}

impl NoticeKind {
    /// All kinds.
    pub const ALL: [Self; 18] = [
        Self::Comment,
        Self::Reply,
        Self::Mention,
        Self::Votes,
        Self::Follow,
        Self::Dm,
        Self::DmRequest,
        Self::DmApproved,
        Self::GroupInvite,
        Self::Group,
        Self::Reward,
        Self::Penalty,
        Self::Claim,
        Self::Moderation,
        Self::Payment,
        Self::Tier,
        Self::Bounty,
        Self::Thoughts,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Reply => "reply",
            Self::Mention => "mention",
            Self::Votes => "votes",
            Self::Follow => "follow",
            Self::Dm => "dm",
            Self::DmRequest => "dm_request",
            Self::DmApproved => "dm_approved",
            Self::GroupInvite => "group_invite",
            Self::Group => "group",
            Self::Reward => "reward",
            Self::Penalty => "penalty",
            Self::Claim => "claim",
            Self::Moderation => "moderation",
            Self::Payment => "payment",
            Self::Tier => "tier",
            Self::Bounty => "bounty",
            Self::Thoughts => "thoughts",
        }
    }

    /// The kind a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A notice as whoever it is for sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeView {
    /// Its id.
    pub id: NoticeId,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// What it is about.
    pub kind: NoticeKind,
    /// Who did it; `None`: the village.
    pub from: Option<AgentId>,
    /// The post it is about.
    pub post: Option<PostId>,
    /// The comment it is about.
    pub comment: Option<CommentId>,
    /// The conversation or group it is about.
    pub chat: Option<ChatId>,
    /// See [`NoticeKind`]; else 0.
    pub amount: i64,
    /// A reason, where there is one.
    pub text: String,
    /// Whether it has been read.
    pub read: bool,
}
