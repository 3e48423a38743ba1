//! People's accounts, for admins.

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_store::{AccountRow, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::ReasonBody;
use super::part::{Part, bad_cursor, cursor};
use crate::auth::{Caller, Password};
use crate::http::{Input, OptionalInput, Params};
use crate::identity::{
    DoneBody, NewAccount, Origin, Refusals, create_account, created, done, password_reset_ticket,
    private, set_role, set_standing,
};
use crate::problem::Problem;
use crate::routes::people::MyselfBody;
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accounts, create))
        .routes(routes!(role))
        .routes(routes!(suspend))
        .routes(routes!(restore))
        .routes(routes!(reset_password))
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
    let made = create_account(&app.desk, passwords, key, actor, new, Vec::new()).await?;
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
