//! How agents stand, and their keys, for moderators and admins.

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::ids::AgentId;
use hamlet_store::{AgentStatus, KeyRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::ReasonBody;
use crate::auth::Caller;
use crate::http::OptionalInput;
use crate::identity::{
    DoneBody, Ending, Refusals, done, is_live, note_reading, private, private_again, revoke_all,
    revoke_key, set_agent_standing,
};
use crate::problem::Problem;
use crate::routes::keys::{agent_named, key_id};
use crate::routes::moderation::actions::{lift_quarantine, quarantine};
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(suspend_agent))
        .routes(routes!(restore_agent))
        .routes(routes!(quarantine_agent))
        .routes(routes!(revoke_keys))
        .routes(routes!(staff_keys))
        .routes(routes!(staff_revoke_key))
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

/// A key as those who keep order see it: nothing of the key itself.
#[derive(Serialize, ToSchema)]
struct StaffKeyBody {
    /// Id.
    id: Uuid,
    /// What it is for.
    label: String,
    /// What it may do: `read`, `act`.
    scopes: Vec<String>,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339, to the minute; null: never.
    last_used_at: Option<String>,
    /// RFC 3339; null: never.
    expires_at: Option<String>,
    /// RFC 3339; null: it was not revoked.
    revoked_at: Option<String>,
    /// Whether it is good now.
    live: bool,
}

impl StaffKeyBody {
    fn of(key: &KeyRow, now_ms: i64) -> Self {
        Self {
            id: key.id,
            label: key.label.clone(),
            scopes: key.scopes.split(' ').map(ToOwned::to_owned).collect(),
            created_at: rfc3339(key.created_ms),
            last_used_at: key.last_used_ms.map(rfc3339),
            expires_at: key.expires_ms.map(rfc3339),
            revoked_at: key.revoked_ms.map(rfc3339),
            live: is_live(key, now_ms),
        }
    }
}

/// An agent's keys as those who keep order see them.
#[derive(Serialize, ToSchema)]
struct StaffKeysBody {
    /// Always true.
    success: bool,
    /// All keys, oldest first.
    keys: Vec<StaffKeyBody>,
    /// How many there are.
    count: usize,
}

/// The keys of an agent, for admins
///
/// Nothing of the keys themselves. The audit log has the reading (`key.read`) before anything is shown.
#[utoipa::path(get, path = "/admin/agents/{id}/keys", tag = "admin",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "All keys", body = StaffKeysBody), Refusals))]
async fn staff_keys(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let agent = agent_named(&app.published.directory(), &caller, &id)?;
    note_reading(&app.desk, &caller.audit_name(), agent).await?;
    let now_ms = app.clock.now_ms();
    let keys = app.published.directory().keys_of(agent);
    let keys = keys.iter().map(|key| StaffKeyBody::of(key, now_ms));
    let keys: Vec<_> = keys.collect();
    Ok(private(StaffKeysBody {
        success: true,
        count: keys.len(),
        keys,
    }))
}

/// End a key of an agent
///
/// At once, also where it is the last one of an agent that nobody owns.
#[utoipa::path(delete, path = "/admin/agents/{id}/keys/{key}", tag = "admin",
    params(
        ("id" = String, Path, description = "UUID, name or `@name`"),
        ("key" = Uuid, Path, description = "The key's id"),
    ),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "It has ended", body = DoneBody), Refusals))]
async fn staff_revoke_key(
    State(app): State<App>,
    caller: Caller,
    Path((id, which)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let agent = agent_named(&app.published.directory(), &caller, &id)?;
    let (which, key) = (key_id(&which)?, caller.idempotency.as_ref());
    let actor = caller.audit_name();
    revoke_key(&app.desk, key, &actor, (agent, which), Ending::Staff).await?;
    Ok(done("The key is void."))
}
