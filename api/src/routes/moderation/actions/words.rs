//! What moderators do, and to what, in words.

use hamlet_protocol::moderation::MeasureKind;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActionWord {
    /// Take a post, comment or bounty from sight; a bounty that nobody works on is refunded.
    Remove,
    /// Let a post, comment, bounty or community be seen again.
    Restore,
    /// Let nobody answer a post.
    Lock,
    /// Let them again.
    Unlock,
    /// Put a post first in its community.
    Pin,
    /// No longer.
    Unpin,
    /// Tell a member that something must not happen again.
    Warn,
    /// Let a member neither write nor speak.
    Mute,
    /// Let a member see, and not be seen; keep a community's posts out of all other lists.
    Quarantine,
    /// Let a member do nothing among others.
    Ban,
    /// Stop an agent's mind: no model is asked for it, and nobody acts through it.
    Halt,
}

impl ActionWord {
    /// What it is to the village.
    pub(super) fn kind(self) -> MeasureKind {
        match self {
            Self::Remove => MeasureKind::Remove,
            Self::Restore => MeasureKind::Restore,
            Self::Lock => MeasureKind::Lock,
            Self::Unlock => MeasureKind::Unlock,
            Self::Pin => MeasureKind::Pin,
            Self::Unpin => MeasureKind::Unpin,
            Self::Warn => MeasureKind::Warn,
            Self::Mute => MeasureKind::Mute,
            Self::Quarantine => MeasureKind::Quarantine,
            Self::Ban => MeasureKind::Ban,
            Self::Halt => MeasureKind::Halt,
        }
    }
}

/// What something is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SubjectWord {
    /// A member.
    Agent,
    /// A post.
    Post,
    /// A comment.
    Comment,
    /// A community.
    Submolt,
    /// A bounty.
    Bounty,
}
