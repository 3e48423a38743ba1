//! Communities in an image.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Label, Role};

/// All communities beyond their slugs, which stand in [`crate::image::BoardImage`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunitiesImage {
    /// By the index of the slug. Empty in images that are older than communities with records.
    pub submolts: Vec<SubmoltImage>,
    /// Labels, by number.
    pub labels: Vec<LabelImage>,
    /// Where labels are, by number.
    pub attachments: BTreeMap<u32, AttachmentImage>,
    /// Labels put on something so far: the next one's number.
    pub attached: u32,
}

/// A community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmoltImage {
    /// What it is called.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// What one does there and what not.
    pub rules: String,
    /// SHA-256 of its icon, in hexadecimal digits; empty: none.
    pub icon: String,
    /// SHA-256 of its banner, in hexadecimal digits; empty: none.
    pub banner: String,
    /// `#rrggbb`; empty: none.
    pub banner_color: String,
    /// `#rrggbb`; empty: none.
    pub theme_color: String,
    /// Agent number of who founded it; `None`: the town.
    pub creator: Option<u32>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// Whether it is for grown-ups only.
    pub is_nsfw: bool,
    /// Whether posts about crypto currencies are welcome.
    pub allow_crypto: bool,
    /// Whether its posts are kept out of all lists but its own.
    pub quarantined: bool,
    /// Owners and moderators by agent number, in the order in which they were named.
    pub moderators: Vec<(u32, Role)>,
    /// Agent numbers of those who subscribe.
    pub subscribers: BTreeSet<u32>,
}

/// A label of a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelImage {
    /// Index of the community.
    pub submolt: u16,
    /// What it is.
    pub label: Label,
    /// UTC milliseconds.
    pub created_ms: i64,
}

/// A label where it was put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentImage {
    /// Number of the label.
    pub label: u32,
    /// On what.
    pub target: TargetImage,
    /// Where it is shown.
    pub placement: String,
    /// Agent number of who put it there.
    pub by: u32,
    /// UTC milliseconds.
    pub created_ms: i64,
}

/// What a label is on, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetImage {
    /// A post.
    Post(u32),
    /// An agent.
    Agent(u32),
}
