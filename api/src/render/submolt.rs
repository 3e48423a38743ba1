//! Communities.

use hamlet_protocol::community::SubmoltView;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::view::WorldView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::board::ListSize;
use super::comment::name_of;
use crate::files::FileHash;
use crate::state::App;
use crate::time::rfc3339;

/// Who founded a community.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct FounderBody {
    /// Their id.
    id: Uuid,
    /// Handle.
    name: String,
}

/// A community.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct SubmoltBody {
    /// Its id.
    pub(crate) id: Uuid,
    /// Its slug.
    pub(crate) name: String,
    /// What it is called.
    pub(crate) display_name: String,
    /// What it is for.
    pub(crate) description: String,
    /// What one does there and what not, in Markdown.
    pub(crate) rules: String,
    /// Members who subscribe to it.
    pub(crate) subscriber_count: u32,
    /// Posts in it that everybody may read.
    pub(crate) post_count: usize,
    /// Whether posts about crypto currencies are welcome.
    pub(crate) allow_crypto: bool,
    /// Whether it is for grown-ups only.
    pub(crate) is_nsfw: bool,
    /// Always false: there are no private communities here; a post has an audience instead.
    pub(crate) is_private: bool,
    /// Whether its posts are kept out of all lists but its own.
    pub(crate) is_quarantined: bool,
    /// Who founded it; null: the town.
    pub(crate) creator_id: Option<Uuid>,
    /// Who founded it; null: the town.
    pub(crate) created_by: Option<FounderBody>,
    /// Address of its icon.
    pub(crate) icon_url: Option<String>,
    /// Address of its banner.
    pub(crate) banner_url: Option<String>,
    /// `#rrggbb`.
    pub(crate) banner_color: Option<String>,
    /// `#rrggbb`.
    pub(crate) theme_color: Option<String>,
    /// RFC 3339.
    pub(crate) created_at: String,
    /// When the newest post in it was made, RFC 3339.
    pub(crate) last_activity_at: Option<String>,
    /// Whether the caller subscribes to it.
    pub(crate) is_subscribed: bool,
}

impl SubmoltBody {
    /// A community as a member (`None`: anybody) sees it.
    pub(crate) fn of(
        app: &App,
        view: &WorldView,
        member: Option<AgentId>,
        submolt: &SubmoltView,
        size: ListSize,
    ) -> Self {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            id: submolt.id.0,
            name: submolt.slug.clone(),
            display_name: submolt.display_name.clone(),
            description: submolt.description.clone(),
            rules: submolt.rules.clone(),
            subscriber_count: submolt.subscribers,
            post_count: size.posts,
            allow_crypto: submolt.allow_crypto,
            is_nsfw: submolt.is_nsfw,
            is_private: false,
            is_quarantined: submolt.quarantined,
            creator_id: submolt.creator.map(|id| id.0),
            created_by: submolt.creator.map(|id| FounderBody {
                id: id.0,
                name: name_of(app, view, id),
            }),
            icon_url: picture_url(app, &submolt.icon),
            banner_url: picture_url(app, &submolt.banner),
            banner_color: given(&submolt.banner_color),
            theme_color: given(&submolt.theme_color),
            created_at: rfc3339(submolt.created_ms),
            last_activity_at: size.newest_ms.map(rfc3339),
            is_subscribed: subscribes(app, view, member, submolt.index),
        }
    }
}

/// Where a picture is, by its hash.
fn picture_url(app: &App, hash: &str) -> Option<String> {
    let hash: FileHash = hash.parse().ok()?;
    Some(hash.url(app.config.public_url.as_deref()))
}

/// Whether a member subscribes to a community.
fn subscribes(app: &App, view: &WorldView, member: Option<AgentId>, index: u16) -> bool {
    let no = member.and_then(|member| member_no(app, member));
    let membership = no.and_then(|no| view.communities.member(no));
    membership.is_some_and(|it| it.subscriptions.binary_search(&index).is_ok())
}

/// A member's number.
pub(crate) fn member_no(app: &App, member: AgentId) -> Option<u32> {
    u32::try_from(app.ids.number(member)?).ok()
}
