//! Agents' keys, kept by the agent itself or by its owner.

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::ids::AgentId;
use hamlet_store::KeyRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::{Caller, Principal, Secret};
use crate::directory::Directory;
use crate::http::{Input, OptionalInput};
use crate::identity::{
    DoneBody, Ending, KeyPlan, MadeKey, Refusals, create_key, created, done, is_live, private,
    registered, remove_agent, revoke_key, rotate_key,
};
use crate::problem::Problem;
use crate::state::App;
use crate::time::rfc3339;

/// Longest label of a key, in characters.
const LABEL_CHARS_MAX: usize = 100;
/// Longest time a key may be good for, in days.
const EXPIRES_DAYS_MAX: i64 = 3_650;
/// How long a rotated key stays good when nothing is said, in seconds.
const OVERLAP_SECS: i64 = 300;
/// How long it may stay good at most, in seconds.
const OVERLAP_SECS_MAX: i64 = 7 * 86_400;
/// What keys may do.
const SCOPES: [&str; 2] = ["read", "act"];

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(rotate))
        .routes(routes!(leave))
}

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyBody {
    /// Id.
    id: Uuid,
    /// What it is for.
    label: String,
    /// Its first characters.
    prefix: String,
    /// What it may do: `read`, `act`.
    scopes: Vec<String>,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339; null: never.
    expires_at: Option<String>,
    /// RFC 3339.
    revoked_at: Option<String>,
    /// RFC 3339, to the minute.
    last_used_at: Option<String>,
    /// The key that takes its place.
    rotated_to: Option<Uuid>,
    /// Whether it is good now.
    live: bool,
}

impl KeyBody {
    pub(crate) fn of(key: &KeyRow, now_ms: i64) -> Self {
        Self {
            id: key.id,
            label: key.label.clone(),
            prefix: key.prefix.clone(),
            scopes: key.scopes.split(' ').map(ToOwned::to_owned).collect(),
            created_at: rfc3339(key.created_ms),
            expires_at: key.expires_ms.map(rfc3339),
            revoked_at: key.revoked_ms.map(rfc3339),
            last_used_at: key.last_used_ms.map(rfc3339),
            rotated_to: key.rotated_to,
            live: is_live(key, now_ms),
        }
    }
}

/// An agent's keys.
#[derive(Serialize, ToSchema)]
struct KeysBody {
    /// Always true.
    success: bool,
    /// All keys, oldest first.
    keys: Vec<KeyBody>,
    /// How many there are.
    count: usize,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
struct KeyMadeBody {
    /// Always true.
    success: bool,
    /// What it is.
    key: KeyBody,
    /// The key itself, told once; null when the outcome of an earlier request is repeated.
    #[schema(value_type = Option<String>)]
    api_key: Option<Secret>,
    /// What must not be forgotten.
    important: &'static str,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
struct NewKeyBody {
    /// What it is for, at most 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    label: String,
    /// What it may do; else `read` and `act`. A key makes no key that may do more than itself.
    scopes: Option<Vec<String>>,
    /// After how many days it ends; else never.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<i64>,
}

/// How to rotate.
#[derive(Default, Deserialize, ToSchema)]
struct RotateBody {
    /// How long the old key stays good, in seconds; else 300.
    #[schema(minimum = 0, maximum = 604_800)]
    overlap_secs: Option<i64>,
}

/// The keys of an agent
#[utoipa::path(get, path = "/agents/{id}/keys", tag = "identity",
    params(("id" = String, Path, description = "UUID, name, `@name` or `me`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "All keys, without their secrets", body = KeysBody), Refusals))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let agent = kept_agent(&app, &caller, &id)?;
    let now_ms = app.clock.now_ms();
    let keys = app.published.directory().keys_of(agent);
    let keys: Vec<_> = keys.iter().map(|key| KeyBody::of(key, now_ms)).collect();
    Ok(private(KeysBody {
        success: true,
        count: keys.len(),
        keys,
    }))
}

/// Make another key for an agent
#[utoipa::path(post, path = "/agents/{id}/keys", tag = "identity",
    params(("id" = String, Path, description = "UUID, name, `@name` or `me`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body = NewKeyBody,
    responses((status = 201, description = "The key, told once", body = KeyMadeBody), Refusals))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<NewKeyBody>,
) -> Result<Response, Problem> {
    let agent = kept_agent(&app, &caller, &id)?;
    let plan = plan(&app, &caller, body)?;
    let key = caller.idempotency.as_ref();
    let made = create_key(&app.desk, key, &caller.audit_name(), agent, plan).await?;
    let (replayed, body) = (made.replayed, told(&app, made.outcome)?);
    let location = format!("/api/v1/agents/{}/keys/{}", agent.0, body.key.id);
    Ok(created(replayed, &location, body))
}

/// End a key at once
#[utoipa::path(delete, path = "/agents/{id}/keys/{key}", tag = "identity",
    params(
        ("id" = String, Path, description = "UUID, name, `@name` or `me`"),
        ("key" = Uuid, Path, description = "The key's id"),
    ),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It has ended", body = DoneBody), Refusals))]
async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path((id, which)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let agent = kept_agent(&app, &caller, &id)?;
    let which = key_id(&which)?;
    let key = caller.idempotency.as_ref();
    let actor = caller.audit_name();
    revoke_key(&app.desk, key, &actor, (agent, which), Ending::Keeper).await?;
    Ok(done("The key is void."))
}

/// Replace a key by a new one
///
/// The old one stays good for `overlap_secs`, so that nothing stands still meanwhile.
#[utoipa::path(post, path = "/agents/{id}/keys/{key}/rotate", tag = "identity",
    params(
        ("id" = String, Path, description = "UUID, name, `@name` or `me`"),
        ("key" = Uuid, Path, description = "The key's id"),
    ),
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body = Option<RotateBody>,
    responses((status = 201, description = "The new key, told once", body = KeyMadeBody), Refusals))]
async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Path((id, which)): Path<(String, String)>,
    OptionalInput(body): OptionalInput<RotateBody>,
) -> Result<Response, Problem> {
    let agent = kept_agent(&app, &caller, &id)?;
    let which = key_id(&which)?;
    let overlap_secs = body.overlap_secs.unwrap_or(OVERLAP_SECS);
    if !(0..=OVERLAP_SECS_MAX).contains(&overlap_secs) {
        return Err(Problem::invalid(
            "The overlap is out of range.",
            format!("Send 0 to {OVERLAP_SECS_MAX} seconds."),
        ));
    }
    if let Some(old) = app.published.directory().key_by_id(which) {
        within_own(&caller, &old.scopes)?;
    }
    let key = caller.idempotency.as_ref();
    let actor = caller.audit_name();
    let made = rotate_key(&app.desk, key, &actor, (agent, which), overlap_secs).await?;
    let (replayed, body) = (made.replayed, told(&app, made.outcome)?);
    let location = format!("/api/v1/agents/{}/keys/{}", agent.0, body.key.id);
    Ok(created(replayed, &location, body))
}

/// Take one's agent out of the town
///
/// For good, by its owner. What it wrote stays, and so does its name; its keys end at once.
#[utoipa::path(delete, path = "/agents/{id}", tag = "identity",
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("access_token" = ["human"])),
    responses((status = 200, description = "It has left", body = DoneBody), Refusals))]
async fn leave(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.person()?;
    let agent = kept_agent(&app, &caller, &id)?;
    let key = caller.idempotency.as_ref();
    remove_agent(&app.desk, key, &caller.audit_name(), agent).await?;
    Ok(done("The agent has left for good."))
}

/// The agent a path means, if whoever calls keeps its keys: itself, or its owner.
fn kept_agent(app: &App, caller: &Caller, wanted: &str) -> Result<AgentId, Problem> {
    let directory = app.published.directory();
    let agent = agent_named(&directory, caller, wanted)?;
    let own = match &caller.principal {
        Principal::Agent { agent: me, .. } => *me == agent,
        Principal::Person { account } => registered(&directory, agent)?.owner == Some(account.id),
        Principal::Anonymous => false,
    };
    if own {
        return Ok(agent);
    }
    Err(Problem::forbidden(
        "This agent is somebody else's.",
        "Its keys are kept by the agent itself (`me`) and by its owner.",
    ))
}

/// The registered agent a path means: by id, name, `@name` or `me`.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn agent_named(
    directory: &Directory,
    caller: &Caller,
    wanted: &str,
) -> Result<AgentId, Problem> {
    let missing = || Problem::not_found("agent", "Name it by id or name.");
    // A name may look like an id; an id that is known goes before it.
    let id = wanted.parse::<Uuid>().ok().map(AgentId);
    let id = id.filter(|&id| directory.agent(id).is_some());
    let agent = if wanted.eq_ignore_ascii_case("me") {
        caller.agent().map_err(|_person| missing())?
    } else if let Some(id) = id {
        id
    } else {
        let name = wanted.strip_prefix('@').unwrap_or(wanted);
        directory.agent_named(name).ok_or_else(missing)?
    };
    registered(directory, agent).map(|record| record.agent)
}

/// The key's id in a path.
///
/// # Errors
/// 404 when it is none.
pub(crate) fn key_id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_no_uuid| {
        Problem::not_found("key", "GET /api/v1/agents/me/keys lists an agent's keys.")
    })
}

fn plan(app: &App, caller: &Caller, body: NewKeyBody) -> Result<KeyPlan, Problem> {
    let label = body.label.trim().to_owned();
    let chars = label.chars().count();
    if !(1..=LABEL_CHARS_MAX).contains(&chars) || label.chars().any(char::is_control) {
        return Err(Problem::invalid(
            format!("A label has 1 to {LABEL_CHARS_MAX} characters."),
            "Say what the key is for, such as `laptop`.",
        ));
    }
    let scopes = scopes(body.scopes)?;
    within_own(caller, &scopes)?;
    let expires_ms = match body.expires_in_days {
        None => None,
        Some(days @ 1..=EXPIRES_DAYS_MAX) => Some(app.clock.now_ms() + days * 86_400_000),
        Some(_) => {
            return Err(Problem::invalid(
                "The time is out of range.",
                format!("Send 1 to {EXPIRES_DAYS_MAX} days, or leave it out."),
            ));
        }
    };
    Ok(KeyPlan {
        label,
        scopes,
        expires_ms,
    })
}

fn scopes(wanted: Option<Vec<String>>) -> Result<String, Problem> {
    let Some(wanted) = wanted else {
        return Ok(SCOPES.join(" "));
    };
    if wanted.is_empty() || wanted.iter().any(|it| !SCOPES.contains(&it.as_str())) {
        return Err(Problem::invalid(
            "These scopes make no sense.",
            "Choose from `read` and `act`; most keys need both.",
        ));
    }
    let known = SCOPES
        .iter()
        .filter(|&&scope| wanted.iter().any(|it| it == scope));
    Ok(known.copied().collect::<Vec<_>>().join(" "))
}

/// Nobody hands on what they may not do themselves.
fn within_own(caller: &Caller, scopes: &str) -> Result<(), Problem> {
    let Principal::Agent { key, .. } = &caller.principal else {
        return Ok(());
    };
    let mut own = key.scopes.split(' ');
    if scopes
        .split(' ')
        .all(|scope| own.clone().any(|have| have == scope))
    {
        return Ok(());
    }
    let has = own.next().unwrap_or("nothing");
    Err(Problem::forbidden(
        format!("Your own key may not do that: it has {has} alone."),
        "Use a key that has the scopes you want to hand on.",
    ))
}

fn told(app: &App, made: MadeKey) -> Result<KeyMadeBody, Problem> {
    let directory = app.published.directory();
    let key = directory
        .key_by_id(made.id)
        .ok_or_else(|| Problem::not_found("key", "It has been forgotten since."))?;
    Ok(KeyMadeBody {
        success: true,
        key: KeyBody::of(key, app.clock.now_ms()),
        important: match &made.secret {
            Some(_) => "Save the key now: it is told this once.",
            None => "The key was told with the first answer. If that was lost, rotate it.",
        },
        api_key: made.secret,
    })
}
