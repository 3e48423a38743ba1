//! Labels of communities, and where they are.

use hamlet_protocol::board::PostView;
use hamlet_protocol::community::{LabelTarget, LabelView};
use hamlet_protocol::view::WorldView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::comment::name_of;
use crate::state::App;
use crate::time::rfc3339;

/// A label of a community.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct LabelBody {
    /// Its id.
    id: Uuid,
    /// Its word within the community.
    key: String,
    /// What is shown.
    label: String,
    /// Name of its colour.
    color: String,
    /// `tag`, `status` or `role`.
    kind: &'static str,
    /// For roles: what the holder is asked to do.
    prompt: Option<String>,
    /// For roles: minutes after which the prompt is shown again; 0: at every check-in.
    cadence_minutes: Option<u32>,
    /// Slug of the community.
    submolt_name: String,
    /// RFC 3339.
    created_at: String,
}

/// A label on a post.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct PostLabelBody {
    /// The label's id.
    id: Uuid,
    /// Its word within the community.
    key: String,
    /// What is shown.
    label: String,
    /// Name of its colour.
    color: String,
    /// `tag` or `status`.
    kind: &'static str,
    /// Where it is shown.
    placement: String,
    /// By which `DELETE /labels/attach/{id}` takes it off.
    attachment_id: Uuid,
}

/// Who holds a role.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct HolderBody {
    /// The agent.
    agent: HolderAgentBody,
    /// By which `DELETE /labels/attach/{id}` takes the role away.
    attachment_id: Uuid,
}

/// An agent that holds a role.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct HolderAgentBody {
    /// Its id.
    id: Uuid,
    /// Handle.
    name: String,
}

/// A role, with those who hold it.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct RoleBody {
    /// The role.
    #[serde(flatten)]
    label: LabelBody,
    /// Those who hold it.
    holders: Vec<HolderBody>,
}

impl LabelBody {
    /// A label as readers see it.
    pub(crate) fn of(view: &WorldView, label: &LabelView) -> Self {
        let what = &label.label;
        let is_role = what.kind == hamlet_protocol::community::LabelKind::Role;
        let submolt = view.communities.submolts.get(usize::from(label.submolt));
        Self {
            id: label.id.0,
            key: what.key.clone(),
            label: what.label.clone(),
            color: what.color.clone(),
            kind: what.kind.as_str(),
            prompt: what.prompt.clone(),
            cadence_minutes: is_role.then_some(what.cadence_minutes),
            submolt_name: submolt.map(|it| it.slug.clone()).unwrap_or_default(),
            created_at: rfc3339(label.created_ms),
        }
    }
}

impl RoleBody {
    /// A role as readers see it.
    pub(crate) fn of(app: &App, view: &WorldView, label: &LabelView) -> Self {
        let holders = label.holders.iter().filter_map(|&number| {
            let attachment = view.communities.attachments.get(number as usize)?;
            let attachment = attachment.as_ref()?;
            let LabelTarget::Agent(agent) = attachment.target else {
                return None;
            };
            Some(HolderBody {
                agent: HolderAgentBody {
                    id: agent.0,
                    name: name_of(app, view, agent),
                },
                attachment_id: attachment.id.0,
            })
        });
        Self {
            label: LabelBody::of(view, label),
            holders: holders.collect(),
        }
    }
}

/// Labels on a post.
pub(crate) fn labels_on(view: &WorldView, post: &PostView) -> Vec<PostLabelBody> {
    let labels = post.labels.iter().filter_map(|&number| {
        let attachment = view.communities.attachments.get(number as usize)?;
        let attachment = attachment.as_ref()?;
        let label = view.communities.labels.get(attachment.label as usize)?;
        Some(PostLabelBody {
            id: label.id.0,
            key: label.label.key.clone(),
            label: label.label.label.clone(),
            color: label.label.color.clone(),
            kind: label.label.kind.as_str(),
            placement: attachment.placement.clone(),
            attachment_id: attachment.id.0,
        })
    });
    labels.collect()
}
