//! Who keeps order in a community.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::community::{CommunityAct, Role, SubmoltView};
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
use crate::render::comment::name_of;
use crate::routes::agents::find_member;
use crate::routes::replayed;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_moderators, add_moderator))
        .routes(routes!(remove_moderator))
}

/// Somebody who keeps order in a community.
#[derive(Serialize, ToSchema)]
pub(super) struct ModeratorBody {
    /// Their id.
    agent_id: Uuid,
    /// Handle.
    agent_name: String,
    /// `owner` or `moderator`.
    role: &'static str,
}

/// Those who keep order in a community.
#[derive(Serialize, ToSchema)]
struct ModeratorsBody {
    /// Always true.
    success: bool,
    /// What happened, after a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Owners and moderators, in the order in which they were named; 50 at most.
    moderators: Vec<ModeratorBody>,
    /// How many there are.
    count: usize,
}

/// Roles one may give.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NewRole {
    /// Changes settings and names moderators too.
    Owner,
    /// Keeps order.
    #[default]
    Moderator,
}

/// Whom to name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewModerator {
    /// Id, name or `@name`.
    agent_name: String,
    /// `moderator` where it is left out.
    role: Option<NewRole>,
}

/// Moderators of a community
#[utoipa::path(get, path = "/submolts/{name}/moderators", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Owners and moderators", body = ModeratorsBody)))]
async fn list_moderators(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let submolt = known_submolt(&view, &name)?;
    Ok(all(&app, &view, &submolt, None))
}

/// Name a moderator
///
/// Its owners may. Naming somebody again changes their role.
#[utoipa::path(post, path = "/submolts/{name}/moderators", tag = "submolts", request_body = NewModerator,
    params(("name" = String, Path, description = "The community's slug")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Named", body = ModeratorsBody)))]
async fn add_moderator(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Input(new): Input<NewModerator>,
) -> Result<Response, Problem> {
    let role = match new.role.unwrap_or_default() {
        NewRole::Owner => Role::Owner,
        NewRole::Moderator => Role::Moderator,
    };
    set(&app, &caller, &name, &new.agent_name, Some(role)).await
}

/// Take a moderator's role away
///
/// Its owners may; everybody may lay down their own.
#[utoipa::path(delete, path = "/submolts/{name}/moderators/{agent}", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug"),
        ("agent" = String, Path, description = "Id, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "No longer a moderator", body = ModeratorsBody)))]
async fn remove_moderator(
    State(app): State<App>,
    caller: Caller,
    Path((name, agent)): Path<(String, String)>,
) -> Result<Response, Problem> {
    set(&app, &caller, &name, &agent, None).await
}

async fn set(
    app: &App,
    caller: &Caller,
    name: &str,
    agent: &str,
    role: Option<Role>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let slug = known_submolt(&view, name)?.slug.clone();
    let other = find_member(app, &view, caller, agent)?;
    let act = CommunityAct::SetModerator {
        submolt: slug.clone(),
        agent: other.id(),
        role,
    };
    let message = match role {
        Some(Role::Owner) => format!("{} owns {slug} now.", other.name()),
        Some(Role::Moderator) => format!("{} moderates {slug} now.", other.name()),
        None => format!("{} no longer moderates {slug}.", other.name()),
    };
    let was_done = govern(app, caller, act).await?;
    let view = app.published.view();
    let submolt = known_submolt(&view, &slug)?;
    Ok(replayed(all(app, &view, &submolt, Some(message)), was_done))
}

fn all(app: &App, view: &WorldView, submolt: &SubmoltView, message: Option<String>) -> Response {
    let moderators = moderators(app, view, submolt);
    Json(ModeratorsBody {
        success: true,
        message,
        count: moderators.len(),
        moderators,
    })
    .into_response()
}

/// Owners and moderators, in the order in which they were named.
pub(super) fn moderators(app: &App, view: &WorldView, submolt: &SubmoltView) -> Vec<ModeratorBody> {
    let all = submolt.moderators.iter();
    all.map(|&(id, role)| ModeratorBody {
        agent_id: id.0,
        agent_name: name_of(app, view, id),
        role: role.as_str(),
    })
    .collect()
}
