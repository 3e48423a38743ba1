//! Messages between two, with consent.

mod conversations;
mod requests;
mod write;

use axum::Json;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Applied, Command};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::SocialAct;
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::replayed;
use crate::auth::{Caller, Principal};
use crate::problem::Problem;
use crate::render::chat::{MessageBody, OwnChat, own_chat, own_chats};
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::render::members::inbox;
use crate::render::post::unreadable;
use crate::state::App;
use crate::village::Done;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(requests::router())
        .merge(conversations::router())
        .merge(write::router())
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

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NoDmBody {}

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

/// The caller's conversation of two with this id.
fn own(app: &App, caller: &Caller, id: &str) -> Result<OwnChat, Problem> {
    own_chat(app, &app.published.view(), caller.known_member(), id, false)
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
