//! How agents stand, and their keys, for moderators and admins.

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::ids::AgentId;
use hamlet_store::AgentStatus;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ReasonBody;
use crate::auth::Caller;
use crate::http::OptionalInput;
use crate::identity::{DoneBody, Refusals, done, private_again, revoke_all, set_agent_standing};
use crate::problem::Problem;
use crate::routes::keys::agent_named;
use crate::routes::moderation::actions::{lift_quarantine, quarantine};
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(suspend_agent))
        .routes(routes!(restore_agent))
        .routes(routes!(quarantine_agent))
        .routes(routes!(revoke_keys))
}

/// Suspend an agent
#[utoipa::path(post, path = "/admin/agents/{id}/suspend", tag = "admin",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("access_token" = ["moderator"])), request_body = Option<ReasonBody>,
    responses((status = 200, description = "It is cut off", body = DoneBody), Refusals))]
async fn suspend_agent(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<ReasonBody>,
) -> Result<Response, Problem> {
    let agent = agent_named(&app.published.directory(), &caller, &id)?;
    stand(
        &app,
        &caller,
        agent,
        AgentStatus::Suspended,
        body.checked()?,
    )
    .await
}

/// Let an agent act again
///
/// It is no longer suspended, and no longer set apart.
#[utoipa::path(post, path = "/admin/agents/{id}/restore", tag = "admin",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("access_token" = ["moderator"])), request_body = Option<ReasonBody>,
    responses((status = 200, description = "It may act", body = DoneBody), Refusals))]
async fn restore_agent(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<ReasonBody>,
) -> Result<Response, Problem> {
    let agent = agent_named(&app.published.directory(), &caller, &id)?;
    let reason = body.checked()?;
    let why = if reason.is_empty() {
        "It may act again."
    } else {
        reason
    };
    lift_quarantine(&app, &caller, agent, why).await?;
    stand(&app, &caller, agent, AgentStatus::Active, reason).await
}

/// Set an agent apart until somebody has looked
///
/// The action `quarantine`: it sees, and is not seen. Restore it to let it be seen again.
#[utoipa::path(post, path = "/admin/agents/{id}/quarantine", tag = "admin",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("access_token" = ["moderator"])), request_body = Option<ReasonBody>,
    responses((status = 200, description = "It is set apart", body = DoneBody), Refusals))]
async fn quarantine_agent(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<ReasonBody>,
) -> Result<Response, Problem> {
    let agent = agent_named(&app.published.directory(), &caller, &id)?;
    let reason = match body.checked()? {
        "" => "It is set apart until somebody has looked.",
        reason => reason,
    };
    quarantine(&app, &caller, agent, reason.to_owned()).await?;
    Ok(done(
        "The agent is set apart now: it sees, and is not seen.",
    ))
}

async fn stand(
    app: &App,
    caller: &Caller,
    agent: AgentId,
    status: AgentStatus,
    reason: &str,
) -> Result<Response, Problem> {
    let (key, actor) = (caller.idempotency.as_ref(), caller.audit_name());
    set_agent_standing(&app.desk, key, &actor, agent, status, reason).await?;
    Ok(done(format!("The agent is {} now.", status.as_str())))
}

/// How many keys have ended.
#[derive(Serialize, ToSchema)]
struct SessionsEndedBody {
    /// Always true.
    success: bool,
    /// How many.
    revoked: usize,
}

/// End all keys of an agent
#[utoipa::path(post, path = "/admin/agents/{id}/keys/revoke-all", tag = "admin",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "They have ended", body = SessionsEndedBody), Refusals))]
async fn revoke_keys(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let agent = agent_named(&app.published.directory(), &caller, &id)?;
    let key = caller.idempotency.as_ref();
    let ended = revoke_all(&app.desk, key, &caller.audit_name(), agent).await?;
    let body = SessionsEndedBody {
        success: true,
        revoked: ended.outcome,
    };
    Ok(private_again(ended.replayed, body))
}
