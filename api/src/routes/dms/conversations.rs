//! Conversations of two, with their messages.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::social::SocialAct;
use hamlet_protocol::social::chat::ChatState;
use hamlet_protocol::view::WorldView;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{
    ChatParams, DmDoneBody, MessageParams, NoDmBody, answer, conversations_of, history, own, page,
    read_on_sight, social,
};
use crate::auth::Caller;
use crate::http::{OptionalInput, Params};
use crate::problem::Problem;
use crate::render::chat::{ConversationBody, MessageBody, OwnChat, own_chat};
use crate::render::list::link_next;
use crate::routes::agents::find_member;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(conversations))
        .routes(routes!(conversation))
        .routes(routes!(mark_read))
        .routes(routes!(thread))
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
    let own = own(&app, &caller, &id)?;
    let act = SocialAct::ReadChat { chat: own.chat.id };
    let done = social(&app, &caller, act).await?;
    Ok(answer(&done, own.chat.id.0, "Everything in it is read."))
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
