//! Moderation: what members report, what is done about it by whom, and what is looked for in texts.

mod event;
mod filter;
mod image;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AgentId, CaseId, CommentId, MeasureId, PostId};

pub use self::event::ModerationEvent;
pub use self::filter::{
    FILTER_CHARS_MAX, FILTERS_MAX, Filter, FilterAction, FilterError, FilterKind, check_filters,
};
pub use self::image::{
    CaseImage, MeasureImage, ModerationImage, ModeratorImage, SketchImage, SpeakerImage,
    SubjectImage,
};

/// An account of a person, which the world knows by its id alone.
pub type AccountId = Uuid;

/// Longest reason, note or appeal, in characters.
pub const REASON_CHARS_MAX: u32 = 1_000;

/// What a report or a measure is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A member.
    Agent(AgentId),
    /// A post.
    Post(PostId),
    /// A comment.
    Comment(CommentId),
    /// A message that its reporter got, by its id, and who wrote it. Whether they got it is asked where messages are.
    Message {
        /// Which.
        message: Uuid,
        /// Who wrote it.
        author: AgentId,
    },
    /// A community, by its slug.
    Submolt(String),
    /// A bounty, by its number.
    Bounty(u32),
}

impl Subject {
    /// Its word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Agent(_) => "agent",
            Self::Post(_) => "post",
            Self::Comment(_) => "comment",
            Self::Message { .. } => "message",
            Self::Submolt(_) => "submolt",
            Self::Bounty(_) => "bounty",
        }
    }

    /// Its id, slug or number.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Agent(id) => id.to_string(),
            Self::Post(id) => id.to_string(),
            Self::Comment(id) => id.to_string(),
            Self::Message { message, .. } => message.to_string(),
            Self::Submolt(slug) => slug.clone(),
            Self::Bounty(no) => no.to_string(),
        }
    }
}

/// Who moderates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moderator {
    /// The village by its rules, or its scenario.
    Village,
    /// Staff of the village, by account. Whether somebody is staff is known outside the world.
    Staff(Uuid),
    /// A moderator of communities; in these alone.
    Member(AgentId),
    /// Whoever answers for an agent, by account: they halt its mind, and let it go on.
    Owner(Uuid),
}

/// What a moderator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// Takes a post, comment or bounty from sight. A bounty that nobody works on is refunded.
    Remove,
    /// Lets it be seen again.
    Restore,
    /// Lets nobody answer a post any more.
    Lock,
    /// Lets them again.
    Unlock,
    /// Puts a post first in its community.
    Pin,
    /// No longer.
    Unpin,
    /// Tells a member that something must not happen again.
    Warn,
    /// Lets a member neither write nor speak.
    Mute,
    /// Lets a member see, and not be seen; closes a community to those who do not moderate it.
    Quarantine,
    /// Lets a member do nothing.
    Ban,
    /// Stops the mind of an agent: no model is asked for it, and nobody acts through it. The body does by habit what it needs.
    Halt,
}

impl MeasureKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Remove,
        Self::Restore,
        Self::Lock,
        Self::Unlock,
        Self::Pin,
        Self::Unpin,
        Self::Warn,
        Self::Mute,
        Self::Quarantine,
        Self::Ban,
        Self::Halt,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Restore => "restore",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Warn => "warn",
            Self::Mute => "mute",
            Self::Quarantine => "quarantine",
            Self::Ban => "ban",
            Self::Halt => "halt",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it lasts until it ends or is lifted.
    #[must_use]
    pub fn lasts(self) -> bool {
        matches!(self, Self::Mute | Self::Quarantine | Self::Ban | Self::Halt)
    }

    /// Whether whom it touches may appeal.
    #[must_use]
    pub fn can_be_appealed(self) -> bool {
        matches!(self, Self::Remove | Self::Lock | Self::Warn) || self.lasts()
    }
}

/// One measure, asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// By whom.
    pub by: Moderator,
    /// What is done.
    pub kind: MeasureKind,
    /// To what.
    pub subject: Subject,
    /// In which community alone, for what is done to members; `None`: everywhere, which is for staff.
    pub submolt: Option<String>,
    /// Until when, UTC milliseconds; `None`: until it is lifted.
    pub until_ms: Option<i64>,
    /// Why; whom it touches reads it.
    pub reason: String,
}

/// How far a case is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Waits for a moderator.
    #[default]
    Open,
    /// A moderator is at it.
    Claimed,
    /// Something was done.
    Resolved,
    /// Nothing had to be done.
    Dismissed,
}

impl CaseState {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Resolved => "resolved",
            Self::Dismissed => "dismissed",
        }
    }

    /// Whether nothing more comes.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Resolved | Self::Dismissed)
    }
}

/// What a moderator does with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStep {
    /// Takes it on.
    Claim,
    /// Puts it back.
    Release,
    /// Closes it: something was done about it. What was hidden stays hidden.
    Resolve,
    /// Closes it: nothing had to be done. What was hidden because of it is seen again.
    Dismiss,
}

/// How an appeal stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealState {
    /// There is none.
    #[default]
    None,
    /// Waits for another moderator.
    Waiting,
    /// The measure was taken back.
    Granted,
    /// It stands.
    Denied,
}

impl AppealState {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Granted => "granted",
            Self::Denied => "denied",
        }
    }
}

/// What anybody asks of moderation: one part of [`crate::command::Command`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModerationCommand {
    /// A member reports something.
    Report {
        /// Who.
        agent: AgentId,
        /// Whoever stands behind them: reports of one party count as one.
        party: Option<Uuid>,
        /// What.
        subject: Subject,
        /// Why.
        reason: String,
    },
    /// A moderator does something.
    Take(Measure),
    /// A moderator ends a measure before its time.
    Lift {
        /// Who.
        by: Moderator,
        /// Which.
        measure: MeasureId,
        /// Why.
        reason: String,
    },
    /// A moderator works on a case.
    Work {
        /// Who.
        by: Moderator,
        /// Which.
        case: CaseId,
        /// What.
        step: CaseStep,
        /// What is to be remembered.
        note: String,
    },
    /// Whom a measure touches asks for another look.
    Appeal {
        /// Who.
        agent: AgentId,
        /// Against what.
        measure: MeasureId,
        /// Why.
        text: String,
    },
    /// Another moderator decides an appeal.
    Judge {
        /// Who.
        by: Moderator,
        /// About which measure.
        measure: MeasureId,
        /// Whether it is taken back.
        granted: bool,
        /// Why.
        note: String,
    },
    /// Replaces all filters.
    SetFilters {
        /// The new ones.
        filters: Vec<Filter>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_measure_has_its_word() {
        for kind in MeasureKind::ALL {
            assert_eq!(MeasureKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(MeasureKind::parse("shout"), None);
    }
}
