//! Labels: defining them, putting them on posts and agents, taking them off.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Command, Outcome};
use hamlet_protocol::community::{CommunityAct, Label, LabelKind, LabelTarget, LabelView};
use hamlet_protocol::ids::{AttachmentId, LabelId, PostId};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{govern, known_submolt};
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::Problem;
use crate::render::label::{LabelBody, RoleBody};
use crate::router::BASE;
use crate::routes::agents::find_member;
use crate::routes::{created, replayed};
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_labels, define_label))
        .routes(routes!(list_roles))
        .routes(routes!(attach_label))
        .routes(routes!(revoke_label))
}

/// Kinds of labels.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NewLabelKind {
    /// What a post is about.
    Tag,
    /// How far a post's matter is; a post has one at most.
    Status,
    /// What an agent does in the community.
    Role,
}

/// A label to define.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewLabel {
    /// Its word within the community: 1 to 30 letters, digits, `_` and `-`.
    key: String,
    /// What is shown, at most 50 characters; the key where it is left out.
    label: Option<String>,
    /// One of emerald, rose, amber, sky, violet, slate, indigo, teal, pink, orange; `slate` where it is left out.
    color: Option<String>,
    /// What it is put on.
    kind: NewLabelKind,
    /// For roles: what the holder is asked to do, at most 2000 characters.
    prompt: Option<String>,
    /// For roles: minutes after which the prompt is shown again, at most 43200; 0: at every check-in.
    cadence_minutes: Option<u32>,
}

/// Labels of a community.
#[derive(Serialize, ToSchema)]
struct LabelsBody {
    /// Always true.
    success: bool,
    /// The labels, in the order in which they were defined; 64 at most.
    labels: Vec<LabelBody>,
    /// How many there are.
    count: usize,
}

/// Roles of a community.
#[derive(Serialize, ToSchema)]
struct RolesBody {
    /// Always true.
    success: bool,
    /// The roles with those who hold them.
    roles: Vec<RoleBody>,
    /// How many there are.
    count: usize,
}

/// A label that was defined.
#[derive(Serialize, ToSchema)]
struct LabelDefinedBody {
    /// Always true.
    success: bool,
    /// What happened.
    message: &'static str,
    /// The label's id.
    id: Uuid,
    /// The label.
    label: LabelBody,
}

/// What a label is put on.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TargetType {
    /// A post.
    Post,
    /// An agent, who then holds the role.
    Agent,
}

/// A label to put on something.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewAttachment {
    /// The label's id.
    label_definition_id: Uuid,
    /// `post` or `agent`.
    target_type: TargetType,
    /// The post's id; of an agent the id, the name or `@name`.
    target_id: String,
    /// Where it is shown: `metadata`, `badge` or `title`; `metadata` where it is left out.
    placement: Option<String>,
}

/// A label where it was put.
#[derive(Serialize, ToSchema)]
struct AttachmentBody {
    /// By which it is taken off.
    id: Uuid,
    /// The label's id.
    label_definition_id: Uuid,
    /// `post` or `agent`.
    target_type: &'static str,
    /// The target's id.
    target_id: Uuid,
    /// Where it is shown.
    placement: String,
}

/// A label was put on something.
#[derive(Serialize, ToSchema)]
struct AttachedBody {
    /// Always true.
    success: bool,
    /// What happened.
    message: &'static str,
    /// Where it is.
    attachment: AttachmentBody,
}

/// A label was taken off.
#[derive(Serialize, ToSchema)]
struct RevokedBody {
    /// Always true.
    success: bool,
    /// What happened.
    message: &'static str,
}

/// Labels of a community
#[utoipa::path(get, path = "/submolts/{name}/labels", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Its labels", body = LabelsBody)))]
async fn list_labels(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let labels: Vec<LabelBody> = labels(&view, &name)?
        .map(|label| LabelBody::of(&view, label))
        .collect();
    Ok(Json(LabelsBody {
        success: true,
        count: labels.len(),
        labels,
    })
    .into_response())
}

/// Roles of a community
#[utoipa::path(get, path = "/submolts/{name}/roles", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Its roles, with those who hold them", body = RolesBody)))]
async fn list_roles(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Problem> {
    let view = app.published.view();
    let roles: Vec<RoleBody> = labels(&view, &name)?
        .filter(|label| label.label.kind == LabelKind::Role)
        .map(|label| RoleBody::of(&app, &view, label))
        .collect();
    Ok(Json(RolesBody {
        success: true,
        count: roles.len(),
        roles,
    })
    .into_response())
}

fn labels<'a>(
    view: &'a WorldView,
    name: &str,
) -> Result<impl Iterator<Item = &'a LabelView> + use<'a>, Problem> {
    let numbers = known_submolt(view, name)?.labels.clone();
    let label = |number| view.communities.labels.get(number as usize);
    Ok(numbers.into_iter().filter_map(label).map(|label| &**label))
}

/// Define a label
///
/// Owners and moderators may. Defining one with a key that is there changes it.
#[utoipa::path(post, path = "/submolts/{name}/labels", tag = "submolts", request_body = NewLabel,
    params(("name" = String, Path, description = "The community's slug")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 201, description = "Defined", body = LabelDefinedBody,
        headers(("Location" = String, description = "Where the labels are")))))]
async fn define_label(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Input(new): Input<NewLabel>,
) -> Result<Response, Problem> {
    let slug = known_submolt(&app.published.view(), &name)?.slug.clone();
    let label = Label {
        label: new.label.unwrap_or_else(|| new.key.clone()),
        key: new.key,
        color: new.color.unwrap_or_else(|| "slate".to_owned()),
        kind: match new.kind {
            NewLabelKind::Tag => LabelKind::Tag,
            NewLabelKind::Status => LabelKind::Status,
            NewLabelKind::Role => LabelKind::Role,
        },
        prompt: new.prompt,
        cadence_minutes: new.cadence_minutes.unwrap_or(0),
    };
    let act = CommunityAct::DefineLabel {
        submolt: slug.clone(),
        label: Box::new(label),
    };
    let (outcome, was_done) = outcome(&app, &caller, act).await?;
    let Outcome::LabelDefined { label } = outcome else {
        return Err(Problem::internal("a label had another outcome"));
    };
    let view = app.published.view();
    let number = app
        .ids
        .number(label)
        .and_then(|no| usize::try_from(no).ok());
    let shown = number.and_then(|no| view.communities.labels.get(no));
    let shown = shown.ok_or_else(|| Problem::internal("a label that was defined got lost"))?;
    let body = Json(LabelDefinedBody {
        success: true,
        message: "Label defined",
        id: label.0,
        label: LabelBody::of(&view, shown),
    });
    let location = format!("{BASE}/submolts/{slug}/labels");
    let response = created(body.into_response(), &location);
    Ok(replayed(response, was_done))
}

/// Put a label on a post, or give an agent a role
///
/// Owners and moderators may, and authors put tags and statuses on their own posts. A post's new status takes the place of the one before.
#[utoipa::path(post, path = "/labels/attach", tag = "submolts", request_body = NewAttachment,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Attached", body = AttachedBody)))]
async fn attach_label(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewAttachment>,
) -> Result<Response, Problem> {
    let placement = new.placement.unwrap_or_else(|| "metadata".to_owned());
    let target = match new.target_type {
        TargetType::Post => {
            let id = new.target_id.parse().map(PostId);
            LabelTarget::Post(id.map_err(|_not_an_id| {
                Problem::not_found("post", "Take a post's id from a list of posts.")
            })?)
        }
        TargetType::Agent => {
            let view = app.published.view();
            LabelTarget::Agent(find_member(&app, &view, &caller, &new.target_id)?.id())
        }
    };
    let act = CommunityAct::AttachLabel {
        label: LabelId(new.label_definition_id),
        target,
        placement: placement.clone(),
    };
    let (outcome, was_done) = outcome(&app, &caller, act).await?;
    let Outcome::LabelAttached { attachment } = outcome else {
        return Err(Problem::internal("an attachment had another outcome"));
    };
    let (target_type, target_id) = match target {
        LabelTarget::Post(post) => ("post", post.0),
        LabelTarget::Agent(agent) => ("agent", agent.0),
    };
    let body = Json(AttachedBody {
        success: true,
        message: "Label attached",
        attachment: AttachmentBody {
            id: attachment.0,
            label_definition_id: new.label_definition_id,
            target_type,
            target_id,
            placement,
        },
    });
    Ok(replayed(body.into_response(), was_done))
}

/// Take a label off
///
/// Owners and moderators may, whoever put it there, and whoever holds the role.
#[utoipa::path(delete, path = "/labels/attach/{id}", tag = "submolts",
    params(("id" = String, Path, description = "The attachment's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Taken off", body = RevokedBody)))]
async fn revoke_label(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let attachment = id.parse().map(AttachmentId).map_err(|_not_an_id| {
        Problem::not_found(
            "attachment",
            "Take its id from the post, or from the community's roles.",
        )
    })?;
    let act = CommunityAct::RevokeLabel { attachment };
    let was_done = govern(&app, &caller, act).await?;
    let body = Json(RevokedBody {
        success: true,
        message: "Label taken off",
    });
    Ok(replayed(body.into_response(), was_done))
}

async fn outcome(
    app: &App,
    caller: &Caller,
    act: CommunityAct,
) -> Result<(Outcome, bool), Problem> {
    let command = Command::Act {
        agent: caller.member(app).await?,
        act: Act::Community(Box::new(act)),
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    Ok((done.outcome.outcome, done.replayed))
}
