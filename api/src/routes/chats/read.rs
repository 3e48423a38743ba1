//! Reading task chats.

use axum::extract::{OriginalUri, Path, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{TaskChatBody, TaskMessageBody};
use super::own;
use crate::auth::Caller;
use crate::http::Params;
use crate::identity::{Refusals, private};
use crate::problem::Problem;
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::render::post::unreadable;
use crate::state::App;
use crate::tasks::Extra;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(chat))
        .routes(routes!(messages))
        .routes(routes!(file))
}

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TaskParams {
    /// Items of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A page of task chats.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskChatsBody {
    /// Always true.
    success: bool,
    /// The chats, the last used first.
    chats: Vec<TaskChatBody>,
    /// How many of them.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// The way to them.
    next_cursor: Option<String>,
}

/// One task chat.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskChatAnswer {
    /// Always true.
    pub(super) success: bool,
    /// It.
    pub(super) chat: TaskChatBody,
}

/// A page of messages.
#[derive(Serialize, ToSchema)]
struct TaskMessagesBody {
    /// Always true.
    success: bool,
    /// The chat.
    chat: TaskChatBody,
    /// Its messages, oldest first; the first page has the newest.
    messages: Vec<TaskMessageBody>,
    /// How many of them.
    count: usize,
    /// Whether there are older ones.
    has_more: bool,
    /// The way to them.
    next_cursor: Option<String>,
}

/// A page of the caller's chats.
pub(super) async fn page(
    app: &App,
    caller: &Caller,
    params: &TaskParams,
) -> Result<(TaskChatsBody, Option<String>), Problem> {
    let wanted = limit(params.limit, LIMIT_DEFAULT)?;
    let cursor = params.cursor.as_deref();
    let cursor = cursor
        .map(|cursor| Cursor::read(cursor, "task_chats"))
        .transpose()?;
    // Several may have been used in one millisecond: those of it that were shown are passed over.
    let (before, shown) = cursor.map_or((i64::MAX, 0), |cursor| (cursor.key, cursor.no));
    let mut rows = match caller.known_member() {
        None => Vec::new(),
        Some(me) => {
            let one_more = u32::try_from(wanted + 1).unwrap_or(u32::MAX);
            let rows = app.store.task_chats(me, before, one_more, shown).await;
            rows.map_err(unreadable)?
        }
    };
    let has_more = rows.len() > wanted;
    rows.truncate(wanted);
    let next_cursor = rows.last().filter(|_| has_more).map(|last| {
        let key = last.changed_ms;
        let same = rows.iter().filter(|row| row.changed_ms == key).count() as u32;
        let cursor = Cursor {
            list: "task_chats".to_owned(),
            key,
            no: if key == before { shown + same } else { same },
            at_ms: None,
        };
        cursor.write()
    });
    let view = app.published.view();
    let chats: Vec<TaskChatBody> = rows
        .into_iter()
        .map(|row| TaskChatBody::of(app, &view, row))
        .collect();
    let body = TaskChatsBody {
        success: true,
        count: chats.len(),
        chats,
        has_more,
        next_cursor: next_cursor.clone(),
    };
    Ok((body, next_cursor))
}

/// One of your task chats
#[utoipa::path(get, path = "/chats/{id}", tag = "minds", operation_id = "get_task_chat",
    params(("id" = String, Path, description = "Its id")),
    security(("access_token" = ["human"])),
    responses((status = 200, description = "It", body = TaskChatAnswer), Refusals))]
async fn chat(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let row = own(&app, &caller, &id).await?;
    let chat = TaskChatBody::of(&app, &app.published.view(), row);
    Ok(private(TaskChatAnswer {
        success: true,
        chat,
    }))
}

/// What was said in a task chat
#[utoipa::path(get, path = "/chats/{id}/messages", tag = "minds", operation_id = "list_task_messages",
    params(("id" = String, Path, description = "Its id"), TaskParams),
    security(("access_token" = ["human"])),
    responses((status = 200, description = "A page of it", body = TaskMessagesBody, headers(("Link" = String, description = "Older messages"))), Refusals))]
async fn messages(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    Params(params): Params<TaskParams>,
) -> Result<Response, Problem> {
    let row = own(&app, &caller, &id).await?;
    let wanted = limit(params.limit, LIMIT_DEFAULT)?;
    let list = format!("task_messages:{}", row.id.simple());
    let below = match &params.cursor {
        Some(cursor) => Cursor::read(cursor, &list)?.key,
        None => i64::MAX,
    };
    let one_more = u32::try_from(wanted + 1).unwrap_or(u32::MAX);
    let rows = app.store.task_messages(row.id, below, one_more).await;
    let mut rows = rows.map_err(unreadable)?;
    let has_more = rows.len() > wanted;
    rows.truncate(wanted);
    let next_cursor = rows.last().filter(|_| has_more).map(|last| {
        let cursor = Cursor {
            list,
            key: last.no,
            no: 0,
            at_ms: None,
        };
        cursor.write()
    });
    rows.reverse();
    let mut response = private(TaskMessagesBody {
        success: true,
        chat: TaskChatBody::of(&app, &app.published.view(), row),
        count: rows.len(),
        messages: rows.into_iter().map(Into::into).collect(),
        has_more,
        next_cursor: next_cursor.clone(),
    });
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

/// A file that an agent has delivered
///
/// As plain text, to be saved: a language model has written it.
#[utoipa::path(get, path = "/chats/{id}/messages/{no}/files/{file}", tag = "minds", operation_id = "get_task_file",
    params(("id" = String, Path, description = "The chat's id"), ("no" = String, Path, description = "The message's number"),
        ("file" = String, Path, description = "Which of its files, from 1")),
    security(("access_token" = ["human"])),
    responses((status = 200, description = "What is in it", body = String, content_type = "text/plain"), Refusals))]
async fn file(
    State(app): State<App>,
    caller: Caller,
    Path((id, no, file)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let row = own(&app, &caller, &id).await?;
    let missing = || {
        Problem::not_found(
            "file",
            "GET /api/v1/chats/{id}/messages lists what was delivered.",
        )
    };
    let no: i64 = no.parse().map_err(|_no_number| missing())?;
    let file: usize = file.parse().map_err(|_no_number| missing())?;
    let message = app.store.task_message(row.id, no).await;
    let message = message.map_err(unreadable)?.ok_or_else(missing)?;
    let mut files = Extra::of(&message).files.into_iter();
    let found = file.checked_sub(1).and_then(|at| files.nth(at));
    let found = found.ok_or_else(missing)?;
    let name: String = found
        .name
        .chars()
        .map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() => letter,
            '.' | '-' | '_' => letter,
            _ => '_',
        })
        .collect();
    let mut response = found.text.into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
