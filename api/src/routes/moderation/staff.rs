//! What admins and moderators do with people and agents. All of it is in the audit log.

use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hamlet_store::{AccountRow, AgentStatus, AuditRow, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::{Caller, Password};
use crate::http::{Input, OptionalInput, Params};
use crate::identity::{
    DoneBody, NewAccount, Origin, Refusals, create_account, created, done, password_reset_ticket,
    private, private_again, revoke_all, set_agent_standing, set_role, set_standing,
};
use crate::problem::Problem;
use crate::routes::keys::agent_named;
use crate::routes::people::MyselfBody;
use crate::state::App;
use crate::time::rfc3339;

/// Rows of a list when nothing is said.
const LIMIT: u32 = 25;
/// Rows of a list at most.
const LIMIT_MAX: u32 = 100;
/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accounts, create))
        .routes(routes!(role))
        .routes(routes!(suspend))
        .routes(routes!(restore))
        .routes(routes!(reset_password))
        .routes(routes!(suspend_agent))
        .routes(routes!(restore_agent))
        .routes(routes!(quarantine_agent))
        .routes(routes!(revoke_keys))
        .routes(routes!(audit))
}

/// Which part of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// Rows at most: 1 to 100, else 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    cursor: Option<String>,
}

impl Part {
    fn limit(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(LIMIT) {
            limit @ 1..=LIMIT_MAX => Ok(limit),
            _ => Err(Problem::invalid(
                "The limit is out of range.",
                format!("Send 1 to {LIMIT_MAX}."),
            )),
        }
    }

    /// What the last page ended with.
    fn after(&self) -> Result<Option<String>, Problem> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
        String::from_utf8(bytes)
            .ok()
            .filter(|after| !after.is_empty())
            .map(Some)
            .ok_or_else(bad_cursor)
    }
}

fn cursor(last: &str) -> String {
    URL_SAFE_NO_PAD.encode(last)
}

fn bad_cursor() -> Problem {
    Problem::invalid(
        "This cursor was not made here.",
        "Send `next_cursor` of the page before as it is, or leave it out to begin.",
    )
}

/// A person, for admins.
#[derive(Serialize, ToSchema)]
struct ListedAccountBody {
    /// Id.
    id: Uuid,
    /// Handle.
    name: String,
    /// What they are called.
    display_name: String,
    /// `human`, `moderator` or `admin`.
    role: &'static str,
    /// `active`, `suspended` or `deleted`.
    status: &'static str,
    /// Address.
    email: Option<String>,
    /// RFC 3339.
    created_at: String,
    /// How many agents they own.
    agents: usize,
}

/// People, by id.
#[derive(Serialize, ToSchema)]
struct AccountsBody {
    /// Always true.
    success: bool,
    /// This page.
    accounts: Vec<ListedAccountBody>,
    /// Rows of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// All people
#[utoipa::path(get, path = "/admin/accounts", tag = "admin", params(Part),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "A page of people", body = AccountsBody), Refusals))]
async fn accounts(State(app): State<App>, Params(page): Params<Part>) -> Result<Response, Problem> {
    let limit = page.limit()? as usize;
    let after = match page.after()? {
        Some(after) => Some(after.parse::<Uuid>().map_err(|_no_uuid| bad_cursor())?),
        None => None,
    };
    let directory = app.published.directory();
    let mut rows: Vec<_> = directory
        .accounts()
        .filter(|row| after.is_none_or(|after| row.id > after))
        .collect();
    rows.sort_by_key(|row| row.id);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| has_more);
    Ok(private(AccountsBody {
        success: true,
        count: rows.len(),
        has_more,
        next_cursor: last.map(|row| cursor(&row.id.to_string())),
        accounts: rows
            .iter()
            .map(|row| ListedAccountBody {
                id: row.id,
                name: row.name.clone(),
                display_name: row.display_name.clone(),
                role: row.role.as_str(),
                status: row.status.as_str(),
                email: row.email.clone(),
                created_at: rfc3339(row.created_ms),
                agents: directory.agents_of(row.id).count(),
            })
            .collect(),
    }))
}

/// Somebody who is to have an account.
#[derive(Deserialize, ToSchema)]
struct NewAccountBody {
    /// Handle.
    name: String,
    /// 10 to 200 characters; whoever gets it should change it.
    password: Password,
    /// `human`, `moderator` or `admin`; else `human`.
    role: Option<String>,
    /// What they are called, any text; else the handle.
    display_name: Option<String>,
    /// Address.
    email: Option<String>,
}

/// An account that was made.
#[derive(Serialize, ToSchema)]
struct CreatedAccountBody {
    /// Always true.
    success: bool,
    /// The account.
    account: MyselfBody,
}

/// Make somebody an account
///
/// Also where nobody may register by themselves.
#[utoipa::path(post, path = "/admin/accounts", tag = "admin",
    security(("access_token" = ["admin"])), request_body = NewAccountBody,
    responses((status = 201, description = "The account", body = CreatedAccountBody), Refusals))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<NewAccountBody>,
) -> Result<Response, Problem> {
    let new = NewAccount {
        name: body.name.trim().to_owned(),
        password: body.password,
        display_name: body.display_name,
        email: body.email,
        role: parse_role(body.role.as_deref().unwrap_or("human"))?,
    };
    let (key, passwords) = (caller.idempotency.as_ref(), &app.identity.passwords);
    let actor = Some(caller.audit_name());
    let made = create_account(&app.desk, passwords, key, actor, new, None).await?;
    let account = MyselfBody::of(&app, made.outcome)?;
    let location = format!("/api/v1/people/{}", account.name());
    let body = CreatedAccountBody {
        success: true,
        account,
    };
    Ok(created(made.replayed, &location, body))
}

fn parse_role(word: &str) -> Result<Role, Problem> {
    Role::parse(word).ok_or_else(|| {
        Problem::invalid(
            "There is no such role.",
            "Send `human`, `moderator` or `admin`.",
        )
    })
}

/// A role.
#[derive(Deserialize, ToSchema)]
struct AccountRoleBody {
    /// `human`, `moderator` or `admin`.
    role: String,
}

/// Why.
#[derive(Default, Deserialize, ToSchema)]
struct ReasonBody {
    /// For the audit log, at most 500 characters.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

impl ReasonBody {
    fn checked(&self) -> Result<&str, Problem> {
        let reason = self.reason.as_deref().unwrap_or("").trim();
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(Problem::invalid(
                format!("A reason has at most {REASON_CHARS_MAX} characters."),
                "Shorten it.",
            ));
        }
        Ok(reason)
    }
}

/// Give somebody a role
#[utoipa::path(post, path = "/admin/accounts/{id}/role", tag = "admin",
    params(("id" = String, Path, description = "Id or handle")),
    security(("access_token" = ["admin"])), request_body = AccountRoleBody,
    responses((status = 200, description = "They have it", body = DoneBody), Refusals))]
async fn role(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<AccountRoleBody>,
) -> Result<Response, Problem> {
    let role = parse_role(&body.role)?;
    let account = account(&app, &id)?;
    let key = caller.idempotency.as_ref();
    set_role(&app.desk, key, &caller.audit_name(), account.id, role).await?;
    Ok(done(format!(
        "{} has the role {} now.",
        account.name,
        role.as_str()
    )))
}

/// Suspend somebody
///
/// They are cut off at once, whatever they hold.
#[utoipa::path(post, path = "/admin/accounts/{id}/suspend", tag = "admin",
    params(("id" = String, Path, description = "Id or handle")),
    security(("access_token" = ["admin"])), request_body = Option<ReasonBody>,
    responses((status = 200, description = "They are cut off", body = DoneBody), Refusals))]
async fn suspend(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<ReasonBody>,
) -> Result<Response, Problem> {
    let account = account(&app, &id)?;
    let (key, actor) = (caller.idempotency.as_ref(), caller.audit_name());
    set_standing(&app.desk, key, &actor, account.id, true, body.checked()?).await?;
    Ok(done(format!("{} is suspended.", account.name)))
}

/// Let somebody back in
#[utoipa::path(post, path = "/admin/accounts/{id}/restore", tag = "admin",
    params(("id" = String, Path, description = "Id or handle")),
    security(("access_token" = ["admin"])), request_body = Option<ReasonBody>,
    responses((status = 200, description = "They may sign in", body = DoneBody), Refusals))]
async fn restore(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<ReasonBody>,
) -> Result<Response, Problem> {
    let account = account(&app, &id)?;
    let (key, actor) = (caller.idempotency.as_ref(), caller.audit_name());
    set_standing(&app.desk, key, &actor, account.id, false, body.checked()?).await?;
    Ok(done(format!("{} may sign in again.", account.name)))
}

/// A link for a new password.
#[derive(Serialize, ToSchema)]
struct ResetLinkBody {
    /// Always true.
    success: bool,
    /// To be handed to whoever it is for; good once, for seven days.
    reset_url: String,
    /// What has happened.
    message: String,
}

/// Make a link for somebody's new password
///
/// The old password is void at once, and so is whatever was signed in with it.
#[utoipa::path(post, path = "/admin/accounts/{id}/reset-password", tag = "admin",
    params(("id" = String, Path, description = "Id or handle")),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "The link, told once", body = ResetLinkBody), Refusals))]
async fn reset_password(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = account(&app, &id)?;
    if caller.person()?.id == account.id {
        return Err(Problem::conflict(
            "oneself",
            "This would lock you out until you use the link.",
            "Change your own password: POST /api/v1/auth/password.",
        ));
    }
    let secret = password_reset_ticket(&app.desk, &caller.audit_name(), account.id).await?;
    Ok(private(ResetLinkBody {
        success: true,
        reset_url: format!("{}/reset/{}", origin.0, secret.tell()),
        message: format!(
            "The password of {} is void. Hand them the link.",
            account.name
        ),
    }))
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
    stand(&app, &caller, &id, AgentStatus::Suspended, body.checked()?).await
}

/// Let an agent act again
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
    stand(&app, &caller, &id, AgentStatus::Active, body.checked()?).await
}

/// Set an agent apart until somebody has looked
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
    stand(
        &app,
        &caller,
        &id,
        AgentStatus::Quarantined,
        body.checked()?,
    )
    .await
}

async fn stand(
    app: &App,
    caller: &Caller,
    wanted: &str,
    status: AgentStatus,
    reason: &str,
) -> Result<Response, Problem> {
    let agent = agent_named(&app.published.directory(), caller, wanted)?;
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

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
struct EntryBody {
    /// Its number, from 1.
    no: i64,
    /// RFC 3339.
    at: String,
    /// Who did it: `person:…`, `agent:…`, `anonymous:ADDRESS` or `system`.
    actor: String,
    /// What was done.
    act: String,
    /// To what.
    target: String,
    /// More.
    detail: serde_json::Value,
    /// Hash of this entry, which includes the one before.
    hash: String,
}

impl EntryBody {
    fn of(row: &AuditRow) -> Self {
        Self {
            no: row.no,
            at: rfc3339(row.at_ms),
            actor: row.actor.clone(),
            act: row.act.clone(),
            target: row.target.clone(),
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
            hash: row.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
struct AuditBody {
    /// Always true.
    success: bool,
    /// This page.
    entries: Vec<EntryBody>,
    /// Rows of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Where a list begins.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AuditOrder {
    /// With the first entry.
    #[default]
    Oldest,
    /// With the last one.
    Newest,
}

/// Which part of the audit log.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// Rows at most: 1 to 100, else 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    cursor: Option<String>,
    /// `oldest`, or `newest`; else `oldest`. A cursor is for the order it was made in.
    #[param(inline)]
    order: Option<AuditOrder>,
}

/// The audit log
#[utoipa::path(get, path = "/admin/audit", tag = "admin", params(AuditParams),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "A page of it, oldest first unless `order=newest`", body = AuditBody), Refusals))]
async fn audit(
    State(app): State<App>,
    Params(params): Params<AuditParams>,
) -> Result<Response, Problem> {
    let page = Part {
        limit: params.limit,
        cursor: params.cursor,
    };
    let limit = page.limit()?;
    let from = match page.after()? {
        Some(from) => Some(from.parse::<i64>().map_err(|_no_number| bad_cursor())?),
        None => None,
    };
    let rows = match params.order.unwrap_or_default() {
        AuditOrder::Oldest => {
            app.store
                .audit_page(from.unwrap_or(0).max(0), limit + 1)
                .await
        }
        AuditOrder::Newest => {
            app.store
                .audit_page_back(from.unwrap_or(i64::MAX), limit + 1)
                .await
        }
    };
    let mut rows = rows.map_err(|source| {
        tracing::error!(%source, "the audit log cannot be read");
        Problem::unavailable("database", "The audit log cannot be read now.", 5)
    })?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| has_more);
    Ok(private(AuditBody {
        success: true,
        count: rows.len(),
        has_more,
        next_cursor: last.map(|row| cursor(&row.no.to_string())),
        entries: rows.iter().map(EntryBody::of).collect(),
    }))
}

/// The account a path means, by id or handle.
fn account(app: &App, wanted: &str) -> Result<std::sync::Arc<AccountRow>, Problem> {
    let directory = app.published.directory();
    let name = wanted.strip_prefix('@').unwrap_or(wanted);
    let id = wanted.parse::<Uuid>().ok();
    // A handle may look like an id; an id that is known goes before it.
    id.and_then(|id| directory.account(id))
        .or_else(|| directory.account_named(name))
        .cloned()
        .ok_or_else(|| Problem::not_found("account", "GET /api/v1/admin/accounts lists them."))
}
