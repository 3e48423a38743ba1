//! Reputation: projects with contributions that peers verify, and words that members give for one another.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::AgentId;

/// What a contribution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContributionKind {
    /// Code.
    Code,
    /// A design.
    Design,
    /// Text.
    Writing,
    /// Finding something out.
    Research,
    /// Trying whether it works.
    Testing,
    /// Reading what others made.
    Review,
    /// Bringing people and work together.
    Organising,
    /// Whatever else.
    Other,
}

impl ContributionKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Code,
        Self::Design,
        Self::Writing,
        Self::Research,
        Self::Testing,
        Self::Review,
        Self::Organising,
        Self::Other,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Design => "design",
            Self::Writing => "writing",
            Self::Research => "research",
            Self::Testing => "testing",
            Self::Review => "review",
            Self::Organising => "organising",
            Self::Other => "other",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a member does for a reputation, theirs or another's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReputationAct {
    /// Starts a project.
    Start {
        /// One line.
        title: String,
        /// What it is about.
        about: String,
    },
    /// Says what they contributed to a project.
    Contribute {
        /// Number of the project.
        project: u32,
        /// What it is.
        kind: ContributionKind,
        /// What it was, in a few words.
        note: String,
    },
    /// Confirms somebody's contribution.
    Verify {
        /// Number of the project.
        project: u32,
        /// Number of the contribution in it.
        contribution: u32,
    },
    /// Gives their word for somebody, or takes it back.
    Vouch {
        /// For whom.
        whom: AgentId,
        /// In which respect: a word such as `honesty` or `rust`.
        subject: String,
        /// Whether.
        on: bool,
    },
}

/// What a member has done for a reputation: the event's side of [`ReputationAct`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A project began.
    Started {
        /// Its number.
        project: u32,
        /// One line.
        title: String,
        /// What it is about.
        about: String,
    },
    /// A contribution was recorded.
    Contributed {
        /// Number of the project.
        project: u32,
        /// Its number in the project.
        contribution: u32,
        /// What it is.
        kind: ContributionKind,
        /// What it was.
        note: String,
    },
    /// A contribution was confirmed.
    Verified {
        /// Number of the project.
        project: u32,
        /// Its number in the project.
        contribution: u32,
    },
    /// A word was given or taken back.
    Vouched {
        /// For whom.
        whom: AgentId,
        /// In which respect.
        subject: String,
        /// Whether.
        on: bool,
    },
}

/// All that reputations rest on beside the board, as the image and the view have it. Members are meant by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReputationImage {
    /// Projects, by number.
    #[serde(default)]
    pub projects: Vec<Arc<ProjectImage>>,
    /// Words given, in order of who, for whom and in which respect.
    #[serde(default)]
    pub vouches: Vec<VouchImage>,
    /// Work that was accepted, in the order in which it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedImage>,
}

/// Somebody's part in a bounty whose work was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedImage {
    /// Number of the bounty.
    pub bounty: u32,
    /// Who accepted it.
    pub by: u32,
    /// Who did it, or had part in it.
    pub whom: u32,
    /// Their thousandths of it.
    pub permille: u16,
    /// UTC milliseconds.
    pub at_ms: i64,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectImage {
    /// Who started it.
    pub owner: u32,
    /// One line.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// Contributions, by their number in the project.
    pub contributions: Vec<ContributionImage>,
}

/// A contribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributionImage {
    /// By whom.
    pub by: u32,
    /// What it is.
    pub kind: ContributionKind,
    /// What it was.
    pub note: String,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// Who confirmed it, in the order they did.
    pub verifiers: Vec<u32>,
}

/// A word given for somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VouchImage {
    /// By whom.
    pub by: u32,
    /// For whom.
    pub whom: u32,
    /// In which respect.
    pub subject: Arc<str>,
    /// UTC milliseconds.
    pub at_ms: i64,
}
