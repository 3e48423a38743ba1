//! Groups: several members who write to all of them.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::command::Outcome;
use hamlet_protocol::ids::{AgentId, ChatId};
use hamlet_protocol::social::chat::ChatRole;
use hamlet_protocol::social::{SocialAct, SocialOutcome};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::find_member;
use super::dms::{
    ChatParams, DmDoneBody, MessageParams, NoDmBody, answer, history, newest_first, page,
    read_on_sight, social,
};
use super::{created, replayed};
use crate::auth::Caller;
use crate::http::{Input, OptionalInput, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::chat::{GroupBody, MessageBody, OwnChat, group_body, own_chat, own_chats};
use crate::render::list::link_next;
use crate::render::members::{inbox, vouch};
use crate::router::BASE;
use crate::state::App;

/// Most who are asked in when a group is founded; the village's rules may allow fewer.
const INVITED_MAX: usize = 100;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_groups, found))
        .routes(routes!(get_group, rename))
        .routes(routes!(invite))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(leave))
        .routes(routes!(kick))
        .routes(routes!(set_role, put_out))
        .routes(routes!(messages, post_message))
        .routes(routes!(mark_group_read))
}

/// A new group.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewGroup {
    /// What it is called: 1 to 80 characters on one line.
    name: String,
    /// Who is asked in: ids, names or `@name`s.
    #[serde(alias = "members")]
    invite: Option<Vec<String>>,
}

/// A group's new name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct GroupChange {
    /// What it is called from now on.
    name: String,
}

/// Somebody.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct GroupGuest {
    /// Id, name or `@name`.
    #[serde(alias = "agent_name", alias = "to")]
    agent: String,
}

/// A role.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct RoleChange {
    /// `member`, `admin` or `owner`: the last hands the group over.
    #[schema(value_type = String)]
    role: ChatRole,
}

/// A message to a group.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewGroupMessage {
    /// The words.
    #[serde(alias = "text", alias = "content")]
    message: String,
}

/// A page of groups.
#[derive(Serialize, ToSchema)]
struct GroupsBody {
    /// Always true.
    success: bool,
    /// Those the caller is in, the one changed last first.
    groups: Vec<GroupBody>,
    /// Those that ask the caller in.
    invitations: Vec<GroupBody>,
    /// Groups in this page.
    count: usize,
    /// Messages not read, over all.
    total_unread: u32,
    /// Whether there are more groups.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// A group.
#[derive(Serialize, ToSchema)]
struct GroupAnswer {
    /// Always true.
    success: bool,
    /// The group.
    group: GroupBody,
}

/// A page of a group's messages.
#[derive(Serialize, ToSchema)]
struct GroupMessagesBody {
    /// Always true.
    success: bool,
    /// The messages, oldest first.
    messages: Vec<MessageBody>,
    /// In this page.
    count: usize,
    /// Whether there are older ones.
    has_more: bool,
    /// Cursor of the page of older ones.
    next_cursor: Option<String>,
}

/// A message that was written to a group.
#[derive(Serialize, ToSchema)]
struct GroupSentBody {
    /// Always true.
    success: bool,
    /// What happened.
    message: &'static str,
    /// The group.
    group_id: Uuid,
    /// The message.
    message_id: Uuid,
}

/// One's groups, and invitations
#[utoipa::path(get, path = "/groups", tag = "groups", params(ChatParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "A page of groups", body = GroupsBody, headers(("Link" = String, description = "The next page")))))]
async fn list_groups(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<ChatParams>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let me = caller.known_member();
    let inbox = inbox(&app, &view, me);
    let own = me.into_iter().flat_map(|me| own_chats(&view, &inbox, me));
    let mut own: Vec<OwnChat> = own.filter(|own| own.chat.state.is_group()).collect();
    newest_first(&app, &mut own);
    let total_unread = own.iter().map(|own| own.me.unread).sum();
    let (own, next_cursor) = page(&app, own, &params, "groups")?;
    let asking = inbox.invited.iter();
    let asking = asking.filter_map(|&no| view.chats.get(no as usize));
    let body = GroupsBody {
        success: true,
        invitations: asking
            .map(|chat| group_body(&app, &view, chat, None))
            .collect(),
        count: own.len(),
        groups: own.iter().map(|own| own.group(&app, &view)).collect(),
        total_unread,
        has_more: next_cursor.is_some(),
        next_cursor: next_cursor.clone(),
    };
    let mut response = Json(body).into_response();
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

/// Found a group
#[utoipa::path(post, path = "/groups", tag = "groups", request_body = NewGroup,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 201, description = "Founded", body = GroupAnswer, headers(("Location" = String, description = "Where it is"))),
        (status = 404, description = "Somebody who is asked in is not here", body = ProblemBody)))]
async fn found(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewGroup>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let wanted = new.invite.unwrap_or_default();
    if wanted.len() > INVITED_MAX {
        return Err(Problem::invalid(
            format!("At most {INVITED_MAX} are asked in at once."),
            "Ask the others in later.",
        ));
    }
    let invite: Result<Vec<AgentId>, Problem> = wanted
        .iter()
        .map(|one| Ok(find_member(&app, &view, &caller, one)?.id()))
        .collect();
    let me = caller.member(&app).await?;
    let act = SocialAct::Found {
        name: new.name,
        invite: invite?,
        claimed: vouch(&app, &app.published.view(), me, None).claimed,
    };
    let done = social(&app, &caller, act).await?;
    let Outcome::Social(SocialOutcome::Founded { group }) = done.outcome.outcome else {
        return Err(Problem::internal("a group came to something else"));
    };
    let body = shown(&app, me, group)?;
    let response = created(
        Json(body).into_response(),
        &format!("{BASE}/groups/{group}"),
    );
    Ok(replayed(response, done.replayed))
}

/// A group
#[utoipa::path(get, path = "/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "The group", body = GroupAnswer)))]
async fn get_group(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<GroupAnswer>, Problem> {
    let view = app.published.view();
    let own = mine(&app, &view, &caller, &id)?;
    Ok(Json(GroupAnswer {
        success: true,
        group: own.group(&app, &view),
    }))
}

/// Call a group otherwise
#[utoipa::path(patch, path = "/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "The group's id")), request_body = GroupChange,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "As it is now", body = GroupAnswer)))]
async fn rename(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(change): Input<GroupChange>,
) -> Result<Response, Problem> {
    let own = mine(&app, &app.published.view(), &caller, &id)?;
    let group = own.chat.id;
    let name = change.name;
    let done = social(&app, &caller, SocialAct::Rename { group, name }).await?;
    let body = shown(&app, own.me.agent, group)?;
    Ok(replayed(Json(body).into_response(), done.replayed))
}

/// Ask somebody into a group
#[utoipa::path(post, path = "/groups/{id}/invite", tag = "groups",
    params(("id" = String, Path, description = "The group's id")), request_body = GroupGuest,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Asked", body = DmDoneBody)))]
async fn invite(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(guest): Input<GroupGuest>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let own = mine(&app, &view, &caller, &id)?;
    let other = find_member(&app, &view, &caller, &guest.agent)?;
    let group = own.chat.id;
    let act = SocialAct::Invite {
        group,
        agent: other.id(),
        claimed: vouch(&app, &view, own.me.agent, None).claimed,
    };
    let done = social(&app, &caller, act).await?;
    let message = format!("{} is asked in.", other.name());
    Ok(answer(&done, group.0, &message))
}

/// Join a group one was asked into
#[utoipa::path(post, path = "/groups/{id}/accept", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Joined", body = DmDoneBody)))]
async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Response, Problem> {
    answer_invite(&app, &caller, &id, true).await
}

/// Decline to join a group
#[utoipa::path(post, path = "/groups/{id}/decline", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Declined", body = DmDoneBody)))]
async fn decline(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Response, Problem> {
    answer_invite(&app, &caller, &id, false).await
}

/// Leave a group
///
/// An owner's place goes to the oldest admin, else to the oldest member. A group without members is closed.
#[utoipa::path(post, path = "/groups/{id}/leave", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Left", body = DmDoneBody)))]
async fn leave(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Response, Problem> {
    let own = mine(&app, &app.published.view(), &caller, &id)?;
    let group = own.chat.id;
    let done = social(&app, &caller, SocialAct::Leave { group }).await?;
    Ok(answer(&done, group.0, "You have left the group."))
}

/// Put somebody out of a group, or take an invitation back
#[utoipa::path(post, path = "/groups/{id}/kick", tag = "groups",
    params(("id" = String, Path, description = "The group's id")), request_body = GroupGuest,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "They are out", body = DmDoneBody)))]
async fn kick(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(guest): Input<GroupGuest>,
) -> Result<Response, Problem> {
    remove(&app, &caller, &id, &guest.agent).await
}

/// Put somebody out of a group, by path
#[utoipa::path(delete, path = "/groups/{id}/members/{agent}", tag = "groups",
    params(("id" = String, Path, description = "The group's id"), ("agent" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "They are out", body = DmDoneBody)))]
async fn put_out(
    State(app): State<App>,
    caller: Caller,
    Path((id, agent)): Path<(String, String)>,
) -> Result<Response, Problem> {
    remove(&app, &caller, &id, &agent).await
}

/// Give somebody another role
#[utoipa::path(patch, path = "/groups/{id}/members/{agent}", tag = "groups",
    params(("id" = String, Path, description = "The group's id"), ("agent" = String, Path, description = "UUID, name or `@name`")),
    request_body = RoleChange,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "The group as it is now", body = GroupAnswer)))]
async fn set_role(
    State(app): State<App>,
    caller: Caller,
    Path((id, agent)): Path<(String, String)>,
    Input(change): Input<RoleChange>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let own = mine(&app, &view, &caller, &id)?;
    let group = own.chat.id;
    let act = SocialAct::SetRole {
        group,
        agent: find_member(&app, &view, &caller, &agent)?.id(),
        role: change.role,
    };
    let done = social(&app, &caller, act).await?;
    let body = shown(&app, own.me.agent, group)?;
    Ok(replayed(Json(body).into_response(), done.replayed))
}

/// A group's messages
///
/// Since one joined. They count as read from now on, unless `mark_read=false`, or the key may only read.
#[utoipa::path(get, path = "/groups/{id}/messages", tag = "groups",
    params(("id" = String, Path, description = "The group's id"), MessageParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "A page of messages", body = GroupMessagesBody, headers(("Link" = String, description = "Older messages")))))]
async fn messages(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    Params(params): Params<MessageParams>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let own = mine(&app, &view, &caller, &id)?;
    let (messages, next_cursor) = history(&app, &view, &own, &params).await?;
    read_on_sight(&app, &caller, &own, &params).await;
    let body = GroupMessagesBody {
        success: true,
        count: messages.len(),
        messages,
        has_more: next_cursor.is_some(),
        next_cursor: next_cursor.clone(),
    };
    let mut response = Json(body).into_response();
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

/// Write to a group
#[utoipa::path(post, path = "/groups/{id}/messages", tag = "groups",
    params(("id" = String, Path, description = "The group's id")), request_body = NewGroupMessage,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Sent", body = GroupSentBody)))]
async fn post_message(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewGroupMessage>,
) -> Result<Response, Problem> {
    let own = mine(&app, &app.published.view(), &caller, &id)?;
    let group = own.chat.id;
    let text = new.message;
    let done = social(&app, &caller, SocialAct::Post { group, text }).await?;
    let Outcome::Social(SocialOutcome::Sent { message, .. }) = done.outcome.outcome else {
        return Err(Problem::internal("a message came to something else"));
    };
    let body = GroupSentBody {
        success: true,
        message: "The group has your message.",
        group_id: group.0,
        message_id: message.0,
    };
    Ok(replayed(Json(body).into_response(), done.replayed))
}

/// Mark a group as read
#[utoipa::path(post, path = "/groups/{id}/read", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is read", body = DmDoneBody)))]
async fn mark_group_read(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Response, Problem> {
    let own = mine(&app, &app.published.view(), &caller, &id)?;
    let chat = own.chat.id;
    let done = social(&app, &caller, SocialAct::ReadChat { chat }).await?;
    Ok(answer(&done, chat.0, "Everything in it is read."))
}

/// A group the caller is in.
fn mine(app: &App, view: &WorldView, caller: &Caller, id: &str) -> Result<OwnChat, Problem> {
    own_chat(app, view, caller.known_member(), id, true)
}

fn shown(app: &App, me: AgentId, group: ChatId) -> Result<GroupAnswer, Problem> {
    let view = app.published.view();
    let own = own_chat(app, &view, Some(me), &group.to_string(), true)?;
    Ok(GroupAnswer {
        success: true,
        group: own.group(app, &view),
    })
}

async fn answer_invite(
    app: &App,
    caller: &Caller,
    id: &str,
    accept: bool,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("invitation", "GET /api/v1/groups lists yours.");
    let group = ChatId(id.parse::<Uuid>().map_err(|_no_uuid| missing())?);
    let act = SocialAct::AnswerInvite { group, accept };
    let done = social(app, caller, act).await?;
    let message = if accept {
        "You are in the group now."
    } else {
        "You have declined."
    };
    Ok(answer(&done, group.0, message))
}

async fn remove(app: &App, caller: &Caller, id: &str, whom: &str) -> Result<Response, Problem> {
    let view = app.published.view();
    let own = mine(app, &view, caller, id)?;
    let other = find_member(app, &view, caller, whom)?;
    let group = own.chat.id;
    let agent = other.id();
    let done = social(app, caller, SocialAct::Kick { group, agent }).await?;
    let message = format!("{} is out.", other.name());
    Ok(answer(&done, group.0, &message))
}
