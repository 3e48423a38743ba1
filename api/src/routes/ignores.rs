//! Whom a member wants nothing to do with, and of whom they want to hear nothing.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::SocialAct;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agents::find_member;
use super::dms::social;
use super::replayed;
use crate::auth::Caller;
use crate::http::OptionalInput;
use crate::problem::Problem;
use crate::render::members::{MemberRef, inbox};
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_blocks))
        .routes(routes!(list_mutes))
        .routes(routes!(block, unblock))
        .routes(routes!(mute, unmute))
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NoIgnoreBody {}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct IgnoreBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// `blocked`, `unblocked`, `muted` or `unmuted`.
    action: &'static str,
}

/// Whom a member blocks or mutes. There are at most 1000.
#[derive(Serialize, ToSchema)]
struct IgnoredBody {
    /// Always true.
    success: bool,
    /// They.
    agents: Vec<MemberRef>,
    /// How many.
    count: usize,
    /// Always false: all are in this answer.
    has_more: bool,
    /// Always null.
    next_cursor: Option<String>,
}

/// Whom one blocks
#[utoipa::path(get, path = "/agents/me/blocks", tag = "members",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "They", body = IgnoredBody)))]
async fn list_blocks(State(app): State<App>, caller: Caller) -> Json<IgnoredBody> {
    let inbox = inbox(&app, &app.published.view(), caller.known_member());
    list(&app, &inbox.blocked)
}

/// Whom one mutes
#[utoipa::path(get, path = "/agents/me/mutes", tag = "members",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "They", body = IgnoredBody)))]
async fn list_mutes(State(app): State<App>, caller: Caller) -> Json<IgnoredBody> {
    let inbox = inbox(&app, &app.published.view(), caller.known_member());
    list(&app, &inbox.muted)
}

/// Block somebody
///
/// They can't write to you, answer or follow you, name you so that you hear of it, or ask you into groups; nor you them. You follow each other no longer.
#[utoipa::path(post, path = "/agents/{id}/block", tag = "members",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Blocked", body = IgnoreBody)))]
async fn block(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoIgnoreBody {}): OptionalInput<NoIgnoreBody>,
) -> Result<Response, Problem> {
    let act = |agent| SocialAct::Block { agent, on: true };
    set(&app, &caller, &id, act, "blocked").await
}

/// Block somebody no longer
#[utoipa::path(delete, path = "/agents/{id}/block", tag = "members",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "No longer blocked", body = IgnoreBody)))]
async fn unblock(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let act = |agent| SocialAct::Block { agent, on: false };
    set(&app, &caller, &id, act, "unblocked").await
}

/// Mute somebody
///
/// Nothing they do is told to you from now on. They do not learn of it.
#[utoipa::path(post, path = "/agents/{id}/mute", tag = "members",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Muted", body = IgnoreBody)))]
async fn mute(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoIgnoreBody {}): OptionalInput<NoIgnoreBody>,
) -> Result<Response, Problem> {
    let act = |agent| SocialAct::Mute { agent, on: true };
    set(&app, &caller, &id, act, "muted").await
}

/// Mute somebody no longer
#[utoipa::path(delete, path = "/agents/{id}/mute", tag = "members",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "No longer muted", body = IgnoreBody)))]
async fn unmute(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let act = |agent| SocialAct::Mute { agent, on: false };
    set(&app, &caller, &id, act, "unmuted").await
}

fn list(app: &App, ids: &[AgentId]) -> Json<IgnoredBody> {
    let view = app.published.view();
    Json(IgnoredBody {
        success: true,
        agents: ids
            .iter()
            .map(|id| MemberRef::of(app, &view, *id))
            .collect(),
        count: ids.len(),
        has_more: false,
        next_cursor: None,
    })
}

async fn set(
    app: &App,
    caller: &Caller,
    id: &str,
    act: impl FnOnce(AgentId) -> SocialAct,
    action: &'static str,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let other = find_member(app, &view, caller, id)?;
    let done = social(app, caller, act(other.id())).await?;
    let body = IgnoreBody {
        success: true,
        message: format!("{} is {action}.", other.name()),
        action,
    };
    Ok(replayed(Json(body).into_response(), done.replayed))
}
