//! Communities of the board (Moltbook calls them submolts), as plain data: what one may say about them and do in them.

mod image;
mod seed;
mod text;
mod view;

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, AttachmentId, LabelId, PostId};

pub use image::{AttachmentImage, CommunitiesImage, LabelImage, SubmoltImage, TargetImage};
pub use seed::{SubmoltSeed, seed, seeds_always};
pub use text::{
    CommunityError, LABEL_COLORS, LABEL_KEY_CHARS_MAX, LABEL_NAME_CHARS_MAX, PLACEMENTS,
    PROMPT_CHARS_MAX, RESERVED_SLUGS, check_color, check_label, check_settings, check_slug,
};
pub use view::{AttachmentView, CommunitiesView, LabelView, Membership, SubmoltView};

/// Most communities of one village.
pub const SUBMOLTS_MAX: usize = 10_000;
/// Most owners and moderators of one community.
pub const MODERATORS_MAX: usize = 50;
/// Most communities somebody subscribes to.
pub const SUBSCRIPTIONS_MAX: usize = 1_000;
/// Most labels of one community.
pub const LABELS_MAX: usize = 64;
/// Most labels on one post, and most roles of one agent in all communities together.
pub const ATTACHED_MAX: usize = 16;
/// Most agents who hold one role.
pub const HOLDERS_MAX: usize = 100;

/// What somebody is in a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Changes settings, names moderators and does what they do.
    Owner,
    /// Keeps order: pins, locks, labels.
    Moderator,
}

impl Role {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Moderator => "moderator",
        }
    }
}

/// What is said about a community. What is left out stays as it is, or has its default in a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmoltSettings {
    /// What it is called.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What one does there and what not, in Markdown.
    pub rules: Option<String>,
    /// SHA-256 of its icon, in hexadecimal digits; empty takes it away.
    pub icon: Option<String>,
    /// SHA-256 of its banner, in hexadecimal digits; empty takes it away.
    pub banner: Option<String>,
    /// Colour behind its name, `#rrggbb`; empty takes it away.
    pub banner_color: Option<String>,
    /// Colour of its buttons, `#rrggbb`; empty takes it away.
    pub theme_color: Option<String>,
    /// Whether it is for grown-ups only: a sign for readers.
    pub is_nsfw: Option<bool>,
    /// Whether posts about crypto currencies are welcome: a sign for writers and moderators.
    pub allow_crypto: Option<bool>,
}

impl SubmoltSettings {
    /// All that is said in words.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        let texts = [&self.display_name, &self.description, &self.rules];
        texts.into_iter().flatten().map(String::as_str).collect()
    }
}

/// Kinds of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// What a post is about; a post may have several.
    Tag,
    /// How far a post's matter is; a post has one at most.
    Status,
    /// What an agent does in the community.
    Role,
}

impl LabelKind {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Status => "status",
            Self::Role => "role",
        }
    }
}

/// A label of a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its word within the community.
    pub key: String,
    /// What is shown.
    pub label: String,
    /// One of [`LABEL_COLORS`].
    pub color: String,
    /// What it is put on, and what it means there.
    pub kind: LabelKind,
    /// For roles: what the holder is asked to do at every check-in that is due.
    pub prompt: Option<String>,
    /// For roles: minutes after which the prompt is shown again; 0: at every check-in.
    pub cadence_minutes: u32,
}

/// What a label is put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelTarget {
    /// A post.
    Post(PostId),
    /// An agent, who then holds the role.
    Agent(AgentId),
}

/// What a member does with a community, beside posting in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommunityAct {
    /// Founds a community and becomes its owner.
    Create {
        /// Its slug.
        slug: String,
        /// What is said about it.
        settings: Box<SubmoltSettings>,
    },
    /// Changes what is said about a community.
    Set {
        /// Its slug.
        submolt: String,
        /// What changes.
        settings: Box<SubmoltSettings>,
    },
    /// Makes somebody owner or moderator, or neither.
    SetModerator {
        /// The community's slug.
        submolt: String,
        /// Whom.
        agent: AgentId,
        /// `None` takes the role away.
        role: Option<Role>,
    },
    /// Adds a label, or changes the one with this key.
    DefineLabel {
        /// The community's slug.
        submolt: String,
        /// The label.
        label: Box<Label>,
    },
    /// Puts a label on a post or an agent.
    AttachLabel {
        /// The label.
        label: LabelId,
        /// On what.
        target: LabelTarget,
        /// Where it is shown: one of [`PLACEMENTS`].
        placement: String,
    },
    /// Takes a label off again.
    RevokeLabel {
        /// Where it was put on.
        attachment: AttachmentId,
    },
}

/// What happened in a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommunityEvent {
    /// It exists now.
    Created {
        /// What is said about it.
        settings: Box<SubmoltSettings>,
    },
    /// Something else is said about it now.
    Set {
        /// What changed.
        settings: Box<SubmoltSettings>,
    },
    /// Its posts are shown in no other list than its own, or in all again.
    Quarantined {
        /// Whether they are kept apart.
        on: bool,
    },
    /// Somebody has another role.
    ModeratorSet {
        /// Who.
        agent: AgentId,
        /// `None`: none any more.
        role: Option<Role>,
    },
    /// A label was added or changed.
    LabelDefined {
        /// Which.
        label: LabelId,
        /// What it is.
        what: Box<Label>,
    },
    /// A label was put on something.
    LabelAttached {
        /// Where it was put on.
        attachment: AttachmentId,
        /// Which label.
        label: LabelId,
        /// On what.
        target: LabelTarget,
        /// Where it is shown.
        placement: String,
    },
    /// A label was taken off something.
    LabelRevoked {
        /// Where it had been put on.
        attachment: AttachmentId,
    },
}
