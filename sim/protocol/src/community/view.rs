//! Communities as readers see them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Label, LabelTarget, Role};
use crate::ids::{AgentId, AttachmentId, LabelId, SubmoltId};
use crate::pages::Pages;

/// All communities. Cloning it copies page pointers only.
#[derive(Clone, Debug, Default)]
pub struct CommunitiesView {
    /// Communities, in the order in which they were founded.
    pub submolts: Pages<Arc<SubmoltView>>,
    /// Index of each, by slug.
    pub by_slug: Arc<BTreeMap<String, u16>>,
    /// Labels, by number.
    pub labels: Pages<Arc<LabelView>>,
    /// Labels where they were put, by number; those taken off again are `None`.
    pub attachments: Pages<Option<Arc<AttachmentView>>>,
    /// What members are in communities, by agent number; shorter than the list of agents where those at its end are in none.
    pub members: Pages<Option<Arc<Membership>>>,
}

impl CommunitiesView {
    /// The community with this slug, in whatever case it is written.
    #[must_use]
    pub fn named(&self, slug: &str) -> Option<&Arc<SubmoltView>> {
        let index = self.by_slug.get(&slug.to_ascii_lowercase())?;
        self.submolts.get(usize::from(*index))
    }

    /// What somebody is in communities.
    #[must_use]
    pub fn member(&self, no: u32) -> Option<&Arc<Membership>> {
        self.members.get(no as usize)?.as_ref()
    }
}

/// A community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmoltView {
    /// Its id.
    pub id: SubmoltId,
    /// Its place in the order of founding.
    pub index: u16,
    /// Its slug.
    pub slug: String,
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
    /// Who founded it; `None`: the town.
    pub creator: Option<AgentId>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// Whether it is for grown-ups only.
    pub is_nsfw: bool,
    /// Whether posts about crypto currencies are welcome.
    pub allow_crypto: bool,
    /// Whether its posts are kept out of all lists but its own.
    pub quarantined: bool,
    /// Owners and moderators, in the order in which they were named.
    pub moderators: Vec<(AgentId, Role)>,
    /// How many subscribe.
    pub subscribers: u32,
    /// Numbers of its labels, in order.
    pub labels: Vec<u32>,
}

impl SubmoltView {
    /// What somebody is there.
    #[must_use]
    pub fn role(&self, agent: AgentId) -> Option<Role> {
        let found = self.moderators.iter().find(|(other, _)| *other == agent);
        found.map(|&(_, role)| role)
    }
}

/// A label of a community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelView {
    /// Its id.
    pub id: LabelId,
    /// Index of the community.
    pub submolt: u16,
    /// What it is.
    pub label: Label,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// Of a role: numbers of the attachments by which agents hold it.
    pub holders: Vec<u32>,
}

/// A label where it was put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentView {
    /// Its id.
    pub id: AttachmentId,
    /// Number of the label.
    pub label: u32,
    /// On what.
    pub target: LabelTarget,
    /// Where it is shown.
    pub placement: String,
    /// UTC milliseconds.
    pub created_ms: i64,
}

/// What somebody is in communities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Indices of the communities they subscribe to, in order.
    pub subscriptions: Vec<u16>,
    /// Indices of the communities they own or moderate, in order.
    pub moderates: Vec<u16>,
    /// Numbers of the attachments by which they hold roles, in order.
    pub roles: Vec<u32>,
}

impl Membership {
    /// Whether they are nothing in any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.subscriptions.is_empty() && self.moderates.is_empty() && self.roles.is_empty()
    }
}
