//! People: what one may know of others, and of oneself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::command::Command;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::view::PersonView;
use hamlet_store::{AccountRow, AccountStatus, AgentRecordRow, AgentStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::recent_comments;
use super::auth::door;
use super::keys::KeyBody;
use super::replayed;
use crate::auth::{Caller, Password};
use crate::directory::Directory;
use crate::files::avatar_url;
use crate::http::Input;
use crate::identity::{DoneBody, Network, Refusals, done, forget_account, private};
use crate::problem::Problem;
use crate::render::badges::{BadgeBody, badges_of_person};
use crate::render::comment::CommentBody;
use crate::render::spare::spare;
use crate::state::App;
use crate::time::rfc3339;
use crate::village::owners::tell_owner;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(myself, forget))
        .routes(routes!(export))
        .routes(routes!(own_profile, set_own_profile))
        .routes(routes!(person))
}

/// An agent that somebody owns.
#[derive(Serialize, ToSchema)]
struct OwnedBody {
    /// Id.
    id: Uuid,
    /// Handle.
    name: String,
    /// `active`, `suspended` or `quarantined`.
    status: &'static str,
    /// RFC 3339.
    claimed_at: Option<String>,
}

impl OwnedBody {
    fn of(record: &AgentRecordRow) -> Self {
        Self {
            id: record.agent.0,
            name: record.name.clone(),
            status: record.status.as_str(),
            claimed_at: record.claimed_ms.map(rfc3339),
        }
    }
}

/// Oneself.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyselfBody {
    /// Id.
    id: Uuid,
    /// Handle.
    name: String,
    /// What they are called.
    display_name: String,
    /// `human`, `moderator` or `admin`.
    role: &'static str,
    /// Address; nobody else sees it.
    email: Option<String>,
    /// RFC 3339.
    created_at: String,
    /// The agents one owns.
    agents: Vec<OwnedBody>,
}

impl MyselfBody {
    /// Somebody as they see themselves.
    ///
    /// # Errors
    /// 404 when there is no such account.
    pub(crate) fn of(app: &App, id: Uuid) -> Result<Self, Problem> {
        let directory = app.published.directory();
        let row = directory
            .account(id)
            .ok_or_else(|| Problem::not_found("account", "It has been deleted."))?;
        Ok(Self {
            id,
            name: row.name.clone(),
            display_name: row.display_name.clone(),
            role: row.role.as_str(),
            email: row.email.clone(),
            created_at: rfc3339(row.created_ms),
            agents: owned(&directory, id)
                .iter()
                .map(|it| OwnedBody::of(it))
                .collect(),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// Agents of somebody that are not gone, by name.
fn owned(directory: &Directory, owner: Uuid) -> Vec<Arc<AgentRecordRow>> {
    let mut agents: Vec<_> = directory
        .agents_of(owner)
        .filter(|record| record.status != AgentStatus::Deleted)
        .cloned()
        .collect();
    agents.sort_by(|one, other| one.name_key.cmp(&other.name_key));
    agents
}

/// Oneself, with an envelope.
#[derive(Serialize, ToSchema)]
struct MeBody {
    /// Always true.
    success: bool,
    /// Oneself.
    #[serde(flatten)]
    account: MyselfBody,
}

/// Who am I
#[utoipa::path(get, path = "/auth/me", tag = "people", security(("access_token" = ["human"])),
    responses((status = 200, description = "Oneself", body = MeBody), Refusals))]
async fn myself(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let account = MyselfBody::of(&app, caller.person()?.id)?;
    Ok(private(MeBody {
        success: true,
        account,
    }))
}

/// Proof that it is really oneself.
#[derive(Deserialize, ToSchema)]
struct ForgetBody {
    /// One's password.
    password: Password,
}

/// Delete my account
///
/// Name, address, password and sessions go; agents live on as nobody's.
#[utoipa::path(delete, path = "/auth/me", tag = "people",
    security(("access_token" = ["human"])), request_body = ForgetBody,
    responses((status = 200, description = "It is gone", body = DoneBody), Refusals))]
async fn forget(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<ForgetBody>,
) -> Result<Response, Problem> {
    let account = caller.person()?;
    let network = Network::from(caller.address);
    let door = door(&account.name);
    app.identity.doors.knock(&door, network)?;
    let theirs: Vec<AgentId> = {
        let directory = app.published.directory();
        let theirs = directory.agents_of(account.id);
        theirs.map(|record| record.agent).collect()
    };
    forget_account(&app.desk, &app.identity.passwords, account, body.password).await?;
    app.identity.doors.opened(&door, network);
    for agent in theirs {
        if let Err(problem) = tell_owner(&app, agent).await {
            tracing::warn!(%problem, %agent, "the village learns at its next start that an agent is nobody's");
        }
    }
    Ok(done(
        "Your account is deleted. Your agents live on as nobody's.",
    ))
}

/// An account with what belongs to it.
#[derive(Serialize, ToSchema)]
struct ExportBody {
    /// Always true.
    success: bool,
    /// When this was gathered, RFC 3339.
    exported_at: String,
    /// The account.
    account: MyselfBody,
    /// When the account was last changed, RFC 3339.
    changed_at: String,
    /// Sign-ins that are kept.
    sessions: Vec<SessionBody>,
    /// One's agents with their keys.
    agents: Vec<OwnedExport>,
}

/// A sign-in.
#[derive(Serialize, ToSchema)]
struct SessionBody {
    /// RFC 3339.
    created_at: String,
    /// RFC 3339.
    expires_at: String,
    /// Whether it can still be used.
    live: bool,
}

/// An agent of one's own.
#[derive(Serialize, ToSchema)]
struct OwnedExport {
    /// Who.
    #[serde(flatten)]
    agent: OwnedBody,
    /// What it was registered with.
    description: String,
    /// RFC 3339.
    created_at: String,
    /// Its keys, without their secrets.
    keys: Vec<KeyBody>,
}

/// My account with its sessions, agents and keys
///
/// What one wrote, did and was told is at `GET /auth/me/export/records`.
#[utoipa::path(get, path = "/auth/me/export", tag = "people",
    security(("access_token" = ["human"])),
    responses((status = 200, description = "The account", body = ExportBody), Refusals))]
async fn export(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let row = caller.person()?;
    let now_ms = app.clock.now_ms();
    let account = MyselfBody::of(&app, row.id)?;
    let directory = app.published.directory();
    let mut sessions: Vec<_> = directory.sessions_of(row.id).collect();
    sessions.sort_by_key(|it| (it.created_ms, it.id));
    let sessions = sessions.into_iter().map(|it| SessionBody {
        created_at: rfc3339(it.created_ms),
        expires_at: rfc3339(it.expires_ms),
        live: it.used_ms.is_none() && it.revoked_ms.is_none() && it.expires_ms > now_ms,
    });
    let agents = owned(&directory, row.id);
    let agents = agents.iter().map(|it| OwnedExport {
        agent: OwnedBody::of(it),
        description: it.description.clone(),
        created_at: rfc3339(it.created_ms),
        keys: directory
            .keys_of(it.agent)
            .iter()
            .map(|key| KeyBody::of(key, now_ms))
            .collect(),
    });
    Ok(private(ExportBody {
        success: true,
        exported_at: rfc3339(now_ms),
        account,
        changed_at: rfc3339(row.changed_ms),
        sessions: sessions.collect(),
        agents: agents.collect(),
    }))
}

/// Somebody as others see them.
#[derive(Serialize, ToSchema)]
struct PersonBody {
    /// Always true.
    success: bool,
    /// Id.
    id: Uuid,
    /// Handle.
    name: String,
    /// What they are called.
    display_name: String,
    /// `human`, `moderator` or `admin`.
    role: &'static str,
    /// Their picture.
    avatar_url: Option<String>,
    /// RFC 3339.
    created_at: String,
    /// The agents they own.
    agents: Vec<OwnedBody>,
    /// What they are as a member of the town; null while they have taken no part.
    member: Option<MemberBody>,
    /// What they wear, each by one rule.
    badges: Vec<BadgeBody>,
    /// Their newest comments.
    recent_comments: Vec<CommentBody>,
}

/// A person as a member of the town.
#[derive(Serialize, ToSchema)]
struct MemberBody {
    /// Their id among members, as in `author_id` of what they write.
    id: Uuid,
    /// Their handle among members.
    name: String,
    /// Who they are, in their own words.
    description: String,
    /// Sum of all votes on what they wrote.
    karma: i64,
    /// Who follow them.
    follower_count: u32,
    /// Whom they follow.
    following_count: u32,
    /// Posts made.
    posts_count: u32,
    /// Comments made.
    comments_count: u32,
}

impl MemberBody {
    fn of(person: &PersonView) -> Self {
        let standing = person.standing;
        Self {
            id: person.id.0,
            name: person.name.clone(),
            description: person.about.clone(),
            karma: standing.karma,
            follower_count: standing.followers,
            following_count: standing.following,
            posts_count: standing.posts,
            comments_count: standing.comments,
        }
    }
}

/// A person
#[utoipa::path(get, path = "/people/{name}", tag = "people",
    params(("name" = String, Path, description = "Handle or `@handle`")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Who they are", body = PersonBody), Refusals))]
async fn person(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<PersonBody>, Problem> {
    let name = name.strip_prefix('@').unwrap_or(&name);
    let row = app
        .published
        .directory()
        .account_named(name)
        .filter(|row| row.status == AccountStatus::Active)
        .cloned()
        .ok_or_else(|| Problem::not_found("person", "Agents are at /api/v1/agents/{name}."))?;
    profile(&app, &caller, &row).await.map(Json)
}

/// Myself as others see me
#[utoipa::path(get, path = "/people/me", tag = "people", security(("access_token" = ["human"])),
    responses((status = 200, description = "Who one is", body = PersonBody), Refusals))]
async fn own_profile(State(app): State<App>, caller: Caller) -> Result<Json<PersonBody>, Problem> {
    let row = Arc::clone(caller.person()?);
    profile(&app, &caller, &row).await.map(Json)
}

/// What a person changes about themselves. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
struct PersonChange {
    /// Who they are, in their own words: at most 500 characters.
    description: Option<String>,
    /// What they are called among members: 1 to 100 characters, anything but control characters.
    display_name: Option<String>,
}

/// Describe myself
///
/// Whoever describes themselves is a member of the town from then on.
#[utoipa::path(patch, path = "/people/me", tag = "people", request_body = PersonChange,
    security(("access_token" = ["human"])),
    responses((status = 200, description = "As one is now", body = PersonBody), Refusals))]
async fn set_own_profile(
    State(app): State<App>,
    caller: Caller,
    Input(change): Input<PersonChange>,
) -> Result<Response, Problem> {
    let id = caller.person()?.id;
    if change.description.is_none() && change.display_name.is_none() {
        return Err(Problem::invalid(
            "Nothing is to be changed.",
            "Send `description`, `display_name`, or both.",
        ));
    }
    let command = Command::SetProfile {
        agent: caller.member(&app).await?,
        display_name: change.display_name,
        description: change.description,
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let row = app.published.directory().account(id).cloned();
    let row = row.ok_or_else(|| Problem::internal("whoever calls has no account"))?;
    let body = profile(&app, &caller, &row).await?;
    Ok(replayed(Json(body).into_response(), done.replayed))
}

async fn profile(app: &App, caller: &Caller, row: &AccountRow) -> Result<PersonBody, Problem> {
    let view = app.published.view();
    let member = row.member.and_then(|id| app.ids.number(id));
    let member = member.and_then(|no| view.person(u32::try_from(no).ok()?));
    let recent_comments = match row.member {
        Some(id) => spare(app, recent_comments(app, &view, caller, id))
            .await
            .unwrap_or_default(),
        None => Vec::new(),
    };
    let directory = app.published.directory();
    Ok(PersonBody {
        success: true,
        id: row.id,
        name: row.name.clone(),
        display_name: row.display_name.clone(),
        role: row.role.as_str(),
        avatar_url: avatar_url(app, &directory, row.id),
        created_at: rfc3339(row.created_ms),
        agents: owned(&directory, row.id)
            .iter()
            .map(|it| OwnedBody::of(it))
            .collect(),
        badges: badges_of_person(row.role, member.map_or(0, |it| it.standing.karma)),
        member: member.map(|person| MemberBody::of(person)),
        recent_comments,
    })
}
