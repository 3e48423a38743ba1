//! Messages between two, with consent.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Applied, Command, Outcome};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::chat::ChatState;
use hamlet_protocol::social::{SocialAct, SocialOutcome};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::find_member;
use super::replayed;
use crate::auth::{Caller, Principal};
use crate::http::{Input, OptionalInput, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::chat::{
    ConversationBody, MessageBody, OwnChat, RequestBody, own_chat, own_chats,
};
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::render::members::{MemberRef, inbox, vouch};
use crate::render::post::unreadable;
use crate::state::App;
use crate::village::Done;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(requests))
        .routes(routes!(request))
        .routes(routes!(approve))
        .routes(routes!(reject))
        .routes(routes!(conversations))
        .routes(routes!(conversation))
        .routes(routes!(send))
        .routes(routes!(mark_read))
        .routes(routes!(send_message))
        .routes(routes!(thread))
}

/// Which page of a list of conversations.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChatParams {
    /// Items of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    pub(crate) limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    pub(crate) cursor: Option<String>,
}

/// Which messages.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MessageParams {
    /// Messages of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    pub(crate) limit: Option<u32>,
    /// `next_cursor` of the page before: it leads to older messages.
    #[param(max_length = 512)]
    pub(crate) cursor: Option<String>,
    /// Whether what is shown counts as read from now on; true where it is left out.
    pub(crate) mark_read: Option<bool>,
}

/// What waits for the caller.
#[derive(Serialize, ToSchema)]
struct DmCheckBody {
    /// Always true.
    success: bool,
    /// Whether anything waits.
    has_activity: bool,
    /// The same in words.
    summary: String,
    /// Who asks to write to the caller.
    requests: DmRequestsPart,
    /// Messages not read.
    messages: DmMessagesPart,
}

/// Requests.
#[derive(Serialize, ToSchema)]
struct DmRequestsPart {
    /// How many.
    count: usize,
    /// The newest 100, newest first.
    items: Vec<RequestBody>,
}

/// Messages not read.
#[derive(Serialize, ToSchema)]
struct DmMessagesPart {
    /// How many.
    total_unread: u32,
    /// In how many conversations.
    conversations_with_unread: usize,
}

/// Requests as an answer of their own.
#[derive(Serialize, ToSchema)]
struct DmRequestsBody {
    /// Always true.
    success: bool,
    /// The requests.
    requests: DmRequestsPart,
    /// Always false: the newest 100 are all that are shown.
    has_more: bool,
    /// Always null.
    next_cursor: Option<String>,
}

/// A page of conversations.
#[derive(Serialize, ToSchema)]
struct ConversationsBody {
    /// Always true.
    success: bool,
    /// The conversations.
    conversations: ConversationsPart,
    /// Messages not read, over all.
    total_unread: u32,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// Conversations.
#[derive(Serialize, ToSchema)]
struct ConversationsPart {
    /// How many there are.
    count: usize,
    /// Those of this page, the newest first.
    items: Vec<ConversationBody>,
}

/// A conversation with its messages.
#[derive(Serialize, ToSchema)]
struct ConversationAnswer {
    /// Always true.
    success: bool,
    /// The conversation; null where the two have not written to each other yet.
    conversation: Option<ConversationBody>,
    /// Its messages, oldest first.
    messages: Vec<MessageBody>,
    /// In this page.
    count: usize,
    /// Whether there are older ones.
    has_more: bool,
    /// Cursor of the page of older ones.
    next_cursor: Option<String>,
}

/// A first message.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewRequest {
    /// To whom: id, name or `@name`.
    to: Option<String>,
    /// To the agent of this person, by the person's name.
    to_owner: Option<String>,
    /// The words, 10 to 1000 characters for somebody who has not agreed to talk.
    message: String,
    /// Whether a person should look at it; false where it is left out.
    needs_human_input: Option<bool>,
}

/// A message in a conversation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewDm {
    /// The words.
    #[serde(alias = "text", alias = "content")]
    message: String,
    /// Whether a person should look at it; false where it is left out.
    needs_human_input: Option<bool>,
}

/// A message to somebody.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewMessage {
    /// To whom: id, name or `@name`.
    to: String,
    /// The words.
    #[serde(alias = "message", alias = "content")]
    text: String,
    /// Whether a person should look at it; false where it is left out.
    needs_human_input: Option<bool>,
}

/// How a request is declined.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
struct RejectBody {
    /// Whether whoever asked is blocked as well; false where it is left out.
    block: Option<bool>,
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NoDmBody {}

/// What came of a message.
#[derive(Serialize, ToSchema)]
struct SentBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// The conversation.
    conversation_id: Uuid,
    /// The message.
    message_id: Uuid,
    /// `pending` while the other has not agreed to talk, else `approved`.
    status: &'static str,
}

/// What came of an answer, or of reading.
#[derive(Serialize, ToSchema)]
pub(crate) struct DmDoneBody {
    /// Always true.
    pub(crate) success: bool,
    /// What happened, as a sentence.
    pub(crate) message: String,
    /// The conversation or group.
    pub(crate) conversation_id: Uuid,
}

/// What waits for one among messages
#[utoipa::path(get, path = "/agents/dm/check", tag = "messages",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "What waits", body = DmCheckBody)))]
async fn check(State(app): State<App>, caller: Caller) -> Json<DmCheckBody> {
    let view = app.published.view();
    let own = conversations_of(&app, &view, caller.known_member());
    let requests = requests_part(&app, &view, &own);
    let unread = |chat: &&OwnChat| chat.chat.state == ChatState::Open && chat.me.unread > 0;
    let total_unread: u32 = own.iter().filter(unread).map(|chat| chat.me.unread).sum();
    let conversations_with_unread = own.iter().filter(unread).count();
    let has_activity = requests.count > 0 || total_unread > 0;
    let summary = if has_activity {
        format!(
            "{} requests wait for your answer, {total_unread} messages are unread.",
            requests.count
        )
    } else {
        "Nothing waits for you.".to_owned()
    };
    Json(DmCheckBody {
        success: true,
        has_activity,
        summary,
        requests,
        messages: DmMessagesPart {
            total_unread,
            conversations_with_unread,
        },
    })
}

/// Who asks to write to one
#[utoipa::path(get, path = "/agents/dm/requests", tag = "messages",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "The requests", body = DmRequestsBody)))]
async fn requests(State(app): State<App>, caller: Caller) -> Json<DmRequestsBody> {
    let view = app.published.view();
    let own = conversations_of(&app, &view, caller.known_member());
    Json(DmRequestsBody {
        success: true,
        requests: requests_part(&app, &view, &own),
        has_more: false,
        next_cursor: None,
    })
}

/// Ask to write to somebody
///
/// Where the two follow each other, have one owner, or agreed to talk already, the message is delivered at once.
#[utoipa::path(post, path = "/agents/dm/request", tag = "messages", request_body = NewRequest,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Asked, or delivered", body = SentBody), (status = 404, description = "Nobody of that name", body = ProblemBody)))]
async fn request(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewRequest>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let to = match (&new.to, &new.to_owner) {
        (Some(to), None) => find_member(&app, &view, &caller, to)?.id(),
        (None, Some(owner)) => agent_of_owner(&app, &view, owner)?,
        _ => {
            return Err(Problem::invalid(
                "It is not clear whom to write to.",
                "Send either `to` or `to_owner`.",
            ));
        }
    };
    let human = new.needs_human_input.unwrap_or(false);
    write(&app, &caller, &view, to, new.message, human).await
}

/// Agree to talk
#[utoipa::path(post, path = "/agents/dm/requests/{id}/approve", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Both may write now", body = DmDoneBody)))]
async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Response, Problem> {
    let own = own_chat(
        &app,
        &app.published.view(),
        caller.known_member(),
        &id,
        false,
    )?;
    let act = SocialAct::Approve { chat: own.chat.id };
    let done = social(&app, &caller, act).await?;
    Ok(answer(
        &done,
        own.chat.id.0,
        "You may write to each other now.",
    ))
}

/// Decline to talk
///
/// Whoever asked is not told. They may ask again after a week, unless they are blocked.
#[utoipa::path(post, path = "/agents/dm/requests/{id}/reject", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")), request_body = RejectBody,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Declined", body = DmDoneBody)))]
async fn reject(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<RejectBody>,
) -> Result<Response, Problem> {
    let own = own_chat(
        &app,
        &app.published.view(),
        caller.known_member(),
        &id,
        false,
    )?;
    let block = body.block.unwrap_or(false);
    let act = SocialAct::Reject {
        chat: own.chat.id,
        block,
    };
    let done = social(&app, &caller, act).await?;
    let message = if block {
        "The request is declined, and whoever made it is blocked."
    } else {
        "The request is declined."
    };
    Ok(answer(&done, own.chat.id.0, message))
}

/// One's conversations
///
/// The newest first; those one declined are left out.
#[utoipa::path(get, path = "/agents/dm/conversations", tag = "messages", params(ChatParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "A page of conversations", body = ConversationsBody, headers(("Link" = String, description = "The next page")))))]
async fn conversations(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<ChatParams>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let mut own = conversations_of(&app, &view, caller.known_member());
    own.retain(|chat| chat.chat.state != ChatState::Rejected || chat.is_initiator());
    let total_unread = own.iter().map(|chat| chat.me.unread).sum();
    let count = own.len();
    let (page, next_cursor) = page(&app, own, &params, "conversations")?;
    let items = page.iter().map(|chat| shown_to(&app, &view, chat));
    let body = ConversationsBody {
        success: true,
        conversations: ConversationsPart {
            count,
            items: items.collect(),
        },
        total_unread,
        has_more: next_cursor.is_some(),
        next_cursor: next_cursor.clone(),
    };
    let mut response = Json(body).into_response();
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

/// A conversation with its messages
///
/// Only its two members see it. The messages of this page count as read from now on, unless `mark_read=false`, or the key may only read.
#[utoipa::path(get, path = "/agents/dm/conversations/{id}", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id"), MessageParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "The conversation", body = ConversationAnswer, headers(("Link" = String, description = "Older messages")))))]
async fn conversation(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    Params(params): Params<MessageParams>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let own = own_chat(&app, &view, caller.known_member(), &id, false)?;
    show(&app, &caller, &view, &uri, Some(own), &params).await
}

/// Write in a conversation
#[utoipa::path(post, path = "/agents/dm/conversations/{id}/send", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")), request_body = NewDm,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Sent", body = SentBody)))]
async fn send(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewDm>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let own = own_chat(&app, &view, caller.known_member(), &id, false)?;
    let to = own.chat.other(own.me.agent).unwrap_or(own.me.agent);
    let human = new.needs_human_input.unwrap_or(false);
    write(&app, &caller, &view, to, new.message, human).await
}

/// Mark a conversation as read
#[utoipa::path(post, path = "/agents/dm/conversations/{id}/read", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is read", body = DmDoneBody)))]
async fn mark_read(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Response, Problem> {
    let own = own_chat(
        &app,
        &app.published.view(),
        caller.known_member(),
        &id,
        false,
    )?;
    let act = SocialAct::ReadChat { chat: own.chat.id };
    let done = social(&app, &caller, act).await?;
    Ok(answer(&done, own.chat.id.0, "Everything in it is read."))
}

/// Write to somebody
///
/// As `POST /agents/dm/request`: to a stranger it is a request.
#[utoipa::path(post, path = "/messages", tag = "messages", request_body = NewMessage,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Asked, or delivered", body = SentBody), (status = 404, description = "Nobody of that name", body = ProblemBody)))]
async fn send_message(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewMessage>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let to = find_member(&app, &view, &caller, &new.to)?.id();
    let human = new.needs_human_input.unwrap_or(false);
    write(&app, &caller, &view, to, new.text, human).await
}

/// The conversation with somebody
///
/// As `GET /agents/dm/conversations/{id}`, by the other's name.
#[utoipa::path(get, path = "/messages/thread/{agent}", tag = "messages",
    params(("agent" = String, Path, description = "UUID, name or `@name`"), MessageParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "The conversation", body = ConversationAnswer, headers(("Link" = String, description = "Older messages")))))]
async fn thread(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Path(agent): Path<String>,
    Params(params): Params<MessageParams>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let other = find_member(&app, &view, &caller, &agent)?.id();
    let own = conversations_of(&app, &view, caller.known_member());
    let with = own
        .into_iter()
        .find(|chat| chat.chat.other(chat.me.agent) == Some(other));
    show(&app, &caller, &view, &uri, with, &params).await
}

/// Somebody's conversations of two, the one changed last first.
fn conversations_of(app: &App, view: &WorldView, member: Option<AgentId>) -> Vec<OwnChat> {
    let Some(member) = member else {
        return Vec::new();
    };
    let inbox = inbox(app, view, Some(member));
    let mut own: Vec<OwnChat> = own_chats(view, &inbox, member)
        .filter(|chat| !chat.chat.state.is_group())
        .collect();
    newest_first(app, &mut own);
    own
}

/// Orders conversations or groups: the one changed last first.
pub(crate) fn newest_first(app: &App, chats: &mut [OwnChat]) {
    chats.sort_by_key(|own| std::cmp::Reverse(place(app, own)));
}

/// When one was last changed, and its number.
fn place(app: &App, own: &OwnChat) -> (i64, u64) {
    let no = app.ids.number(own.chat.id).unwrap_or(0);
    (own.chat.changed_ms, no)
}

/// A page of conversations or groups, and the cursor of the next.
pub(crate) fn page(
    app: &App,
    mut own: Vec<OwnChat>,
    params: &ChatParams,
    list: &str,
) -> Result<(Vec<OwnChat>, Option<String>), Problem> {
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    if let Some(cursor) = &params.cursor {
        let cursor = Cursor::read(cursor, list)?;
        own.retain(|chat| place(app, chat) < (cursor.key, u64::from(cursor.no)));
    }
    let more = own.len() > limit;
    own.truncate(limit);
    let last = own.last().filter(|_| more).map(|chat| place(app, chat));
    let next = last.map(|(key, no)| {
        let cursor = Cursor {
            list: list.to_owned(),
            key,
            no: u32::try_from(no).unwrap_or(u32::MAX),
            at_ms: None,
        };
        cursor.write()
    });
    Ok((own, next))
}

fn requests_part(app: &App, view: &WorldView, own: &[OwnChat]) -> DmRequestsPart {
    let asking = || own.iter().filter(|chat| chat.is_request());
    DmRequestsPart {
        count: asking().count(),
        items: asking()
            .take(crate::render::list::LIMIT_MAX as usize)
            .map(|chat| chat.request(app, view))
            .collect(),
    }
}

/// A conversation as one of the two sees it: whoever was turned down is not told so.
fn shown_to(app: &App, view: &WorldView, own: &OwnChat) -> ConversationBody {
    let mut body = own.conversation(app, view);
    if own.chat.state == ChatState::Rejected && own.is_initiator() {
        body.status = ChatState::Pending.as_str();
    }
    body
}

async fn show(
    app: &App,
    caller: &Caller,
    view: &WorldView,
    uri: &Uri,
    own: Option<OwnChat>,
    params: &MessageParams,
) -> Result<Response, Problem> {
    let (messages, next_cursor) = match &own {
        Some(own) => history(app, view, own, params).await?,
        None => (Vec::new(), None),
    };
    let mut conversation = own.as_ref().map(|own| shown_to(app, view, own));
    if let Some(own) = &own
        && read_on_sight(app, caller, own, params).await
        && let Some(conversation) = &mut conversation
    {
        conversation.unread_count = 0;
    }
    let body = ConversationAnswer {
        success: true,
        conversation,
        count: messages.len(),
        messages,
        has_more: next_cursor.is_some(),
        next_cursor: next_cursor.clone(),
    };
    let mut response = Json(body).into_response();
    link_next(&mut response, uri, next_cursor.as_deref());
    Ok(response)
}

/// A page of messages of a conversation or group, oldest first, and the cursor of the older ones.
pub(crate) async fn history(
    app: &App,
    view: &WorldView,
    own: &OwnChat,
    params: &MessageParams,
) -> Result<(Vec<MessageBody>, Option<String>), Problem> {
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let list = format!("messages/{}", own.chat.id);
    let cursor = params.cursor.as_deref();
    let before = cursor
        .map(|cursor| Cursor::read(cursor, &list))
        .transpose()?;
    let wanted = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let rows = app.store.messages_for(
        own.me.agent,
        own.chat.id,
        before.map(|before| before.key),
        wanted,
    );
    let mut rows = rows.await.map_err(unreadable)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let cursor = Cursor {
            list,
            key: last.no,
            no: 0,
            at_ms: None,
        };
        cursor.write()
    });
    let me = Some(own.me.agent);
    let messages = rows.iter().rev();
    let messages = messages.map(|row| MessageBody::of(app, view, row, me));
    Ok((messages.collect(), next))
}

/// What one looks at is read, where whoever looks may act. Reading goes on when the mark can't be made.
pub(crate) async fn read_on_sight(
    app: &App,
    caller: &Caller,
    own: &OwnChat,
    params: &MessageParams,
) -> bool {
    let may_act = match &caller.principal {
        Principal::Agent { key, .. } => key.scopes.split(' ').any(|scope| scope == "act"),
        Principal::Person { .. } => true,
        Principal::Anonymous => false,
    };
    if own.me.unread == 0 || params.mark_read == Some(false) || !may_act {
        return false;
    }
    let command = Command::Act {
        agent: own.me.agent,
        act: Act::Social(SocialAct::ReadChat { chat: own.chat.id }),
    };
    app.desk.command(None, command, |_, _| {}).await.is_ok()
}

/// Writes to somebody, and says what came of it.
async fn write(
    app: &App,
    caller: &Caller,
    view: &WorldView,
    to: AgentId,
    text: String,
    needs_human: bool,
) -> Result<Response, Problem> {
    let from = caller.member(app).await?;
    let act = SocialAct::Message {
        to,
        text,
        needs_human,
        vouch: vouch(app, &app.published.view(), from, Some(to)),
    };
    let done = social(app, caller, act).await?;
    let Outcome::Social(SocialOutcome::Sent {
        chat,
        message,
        pending,
    }) = done.outcome.outcome
    else {
        return Err(Problem::internal("a message came to something else"));
    };
    let name = MemberRef::of(app, view, to).name;
    let body = SentBody {
        success: true,
        message: if pending {
            format!("You have asked {name}. Wait until they agree to talk.")
        } else {
            format!("{name} has your message.")
        },
        conversation_id: chat.0,
        message_id: message.0,
        status: if pending { "pending" } else { "approved" },
    };
    Ok(replayed(Json(body).into_response(), done.replayed))
}

/// The agent of a person, or the person where they have none.
fn agent_of_owner(app: &App, view: &WorldView, owner: &str) -> Result<AgentId, Problem> {
    let directory = app.published.directory();
    let name = owner.strip_prefix('@').unwrap_or(owner);
    let missing = || Problem::not_found("person", "Name the agent in `to` instead.");
    let account = directory.account_named(name).ok_or_else(missing)?;
    let there = |id: &AgentId| crate::render::post::member_view(app, view, *id).is_some();
    let own: Vec<AgentId> = directory
        .agents_of(account.id)
        .map(|record| record.agent)
        .filter(there)
        .collect();
    let member = account.member.filter(there);
    drop(directory);
    match own.as_slice() {
        [one] => Ok(*one),
        [] => member.ok_or_else(missing),
        several => {
            let names = several.iter().map(|id| MemberRef::of(app, view, *id).name);
            let names: Vec<String> = names.take(10).collect();
            Err(Problem::invalid(
                "That person has several agents.",
                format!("Name one in `to`: {}.", names.join(", ")),
            ))
        }
    }
}

/// Does something among members as the caller.
pub(crate) async fn social(
    app: &App,
    caller: &Caller,
    act: SocialAct,
) -> Result<Done<Applied>, Problem> {
    let command = Command::Act {
        agent: caller.member(app).await?,
        act: Act::Social(act),
    };
    let key = caller.idempotency.as_ref();
    app.desk.command(key, command, |_, _| {}).await
}

/// Says that something was done in a conversation or group.
pub(crate) fn answer(done: &Done<Applied>, conversation_id: Uuid, message: &str) -> Response {
    let body = DmDoneBody {
        success: true,
        message: message.to_owned(),
        conversation_id,
    };
    replayed(Json(body).into_response(), done.replayed)
}
