//! Opening task chats, writing into them, ending them.

use std::sync::Arc;

use axum::extract::{OriginalUri, Path, State};
use axum::response::Response;
use hamlet_protocol::task::{TASK_TEXT_CHARS_MAX, TASK_TITLE_CHARS_MAX};
use hamlet_store::{TaskChatRow, TaskState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::TaskChatBody;
use super::doors::allowed;
use super::own;
use super::read::{TaskChatAnswer, TaskChatsBody, TaskParams, page};
use crate::auth::Caller;
use crate::http::{Input, OptionalInput, Params};
use crate::identity::{DoneBody, Refusals, created, done, new_id, private, private_again};
use crate::problem::Problem;
use crate::render::list::link_next;
use crate::routes::agents::find_agent;
use crate::routes::minds::sees_inside;
use crate::state::App;
use crate::tasks;
use crate::tasks::{Asked, Asking, kept};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(send))
        .routes(routes!(stop))
        .routes(routes!(close))
        .routes(routes!(remove))
}

/// A task.
#[derive(Deserialize, ToSchema)]
struct NewTaskChat {
    /// Who is to do it: id, name or `@name` of a resident with a language model.
    agent: String,
    /// What is to be done, at most 8000 characters.
    #[serde(alias = "message", alias = "content")]
    #[schema(max_length = 8000)]
    text: String,
    /// What the chat is called, at most 120 characters; the beginning of the task where it is left out.
    #[schema(max_length = 120)]
    title: Option<String>,
}

/// A message.
#[derive(Deserialize, ToSchema)]
struct NewTaskMessage {
    /// The words, at most 8000 characters.
    #[serde(alias = "message", alias = "content")]
    #[schema(max_length = 8000)]
    text: String,
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NoTaskBody {}

/// A message that was taken in.
#[derive(Serialize, ToSchema)]
struct TaskTakenBody {
    /// Always true.
    success: bool,
    /// What happens next, as a sentence.
    message: &'static str,
    /// The chat.
    chat: TaskChatBody,
    /// The message's number in it.
    no: i64,
}

/// Your task chats
#[utoipa::path(get, path = "/chats", tag = "minds", operation_id = "list_task_chats", params(TaskParams),
    security(("access_token" = ["human"])),
    responses((status = 200, description = "A page of them, the last used first", body = TaskChatsBody, headers(("Link" = String, description = "The next page"))), Refusals))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<TaskParams>,
) -> Result<Response, Problem> {
    let (body, next) = page(&app, &caller, &params).await?;
    let mut response = private(body);
    link_next(&mut response, &uri, next.as_deref());
    Ok(response)
}

/// Ask an agent for work
///
/// Opens a chat with a resident for whom a language model thinks. It begins at once; what it says comes as `task` frames on `/api/v1/ws`,
/// words that are not final yet as `task_words`, and can be read with GET /chats/{id}/messages. Its models' cost goes to the agent's account.
#[utoipa::path(post, path = "/chats", tag = "minds", operation_id = "open_task_chat",
    security(("access_token" = ["human"])), request_body = NewTaskChat,
    responses((status = 201, description = "It is at work", body = TaskTakenBody), Refusals))]
async fn open(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewTaskChat>,
) -> Result<Response, Problem> {
    let account = caller.person()?.id;
    let text = text(&new.text)?;
    let title = title(new.title, &text)?;
    let view = app.published.view();
    let agent = find_agent(&app, &view, &caller, &new.agent)?;
    let me = caller.member(&app).await?;
    let minds = allowed(&app, &app.published.view(), account, me, &agent)?;
    let now_ms = app.clock.now_ms();
    let chat = TaskChatRow {
        id: new_id()?,
        person: me,
        agent: agent.id,
        title,
        state: TaskState::Open,
        next_no: 1,
        cost_micros: 0,
        created_ms: now_ms,
        changed_ms: now_ms,
    };
    let asking = Asking {
        minds: Arc::clone(minds),
        key: caller.idempotency.clone(),
        chat,
        is_new: true,
        text,
        sees_inside: sees_inside(&app, &caller, agent.id),
    };
    let asked = tasks::ask(&app, asking).await?;
    let location = format!("/api/v1/chats/{}", asked.chat.id);
    let replayed = asked.replayed;
    Ok(created(replayed, &location, taken(&app, asked)))
}

/// Write to an agent at work for you
///
/// Answers its question, or goes on with the task. While it is at work it hears nothing: wait until its `state` is `open`, or stop it.
#[utoipa::path(post, path = "/chats/{id}/messages", tag = "minds", operation_id = "send_task_message",
    params(("id" = String, Path, description = "The chat's id")),
    security(("access_token" = ["human"])), request_body = NewTaskMessage,
    responses((status = 200, description = "It is at work", body = TaskTakenBody), Refusals))]
async fn send(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewTaskMessage>,
) -> Result<Response, Problem> {
    let account = caller.person()?.id;
    let text = text(&new.text)?;
    let chat = own(&app, &caller, &id).await?;
    let view = app.published.view();
    let agent = find_agent(&app, &view, &caller, &chat.agent.to_string())?;
    let minds = allowed(&app, &view, account, chat.person, &agent)?;
    let asking = Asking {
        minds: Arc::clone(minds),
        key: caller.idempotency.clone(),
        sees_inside: sees_inside(&app, &caller, chat.agent),
        chat,
        is_new: false,
        text,
    };
    let asked = tasks::ask(&app, asking).await?;
    let replayed = asked.replayed;
    Ok(private_again(replayed, taken(&app, asked)))
}

/// Stop an agent at work for you
///
/// What it is saying is broken off; what it has delivered stands.
#[utoipa::path(post, path = "/chats/{id}/stop", tag = "minds", operation_id = "stop_task",
    params(("id" = String, Path, description = "The chat's id")),
    security(("access_token" = ["human"])), request_body = Option<NoTaskBody>,
    responses((status = 200, description = "It stops", body = DoneBody), Refusals))]
async fn stop(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoTaskBody {}): OptionalInput<NoTaskBody>,
) -> Result<Response, Problem> {
    let chat = own(&app, &caller, &id).await?;
    Ok(done(if tasks::stop(&app, chat.id).await? {
        "It stops."
    } else {
        "Nobody was at work in this chat."
    }))
}

/// Close a task chat
///
/// It stays to be read; nothing more is said in it. Work in it is broken off.
#[utoipa::path(post, path = "/chats/{id}/close", tag = "minds", operation_id = "close_task_chat",
    params(("id" = String, Path, description = "The chat's id")),
    security(("access_token" = ["human"])), request_body = Option<NoTaskBody>,
    responses((status = 200, description = "It is closed", body = TaskChatAnswer), Refusals))]
async fn close(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoTaskBody {}): OptionalInput<NoTaskBody>,
) -> Result<Response, Problem> {
    let chat = own(&app, &caller, &id).await?;
    tasks::close(&app, caller.idempotency.as_ref(), chat.id, false).await?;
    let row = kept(&app, chat.id).await?;
    let chat = TaskChatBody::of(&app, &app.published.view(), row);
    Ok(private(TaskChatAnswer {
        success: true,
        chat,
    }))
}

/// Delete a task chat
///
/// With all that was said and delivered in it. Work in it is broken off.
#[utoipa::path(delete, path = "/chats/{id}", tag = "minds", operation_id = "delete_task_chat",
    params(("id" = String, Path, description = "The chat's id")),
    security(("access_token" = ["human"])),
    responses((status = 200, description = "It is gone", body = DoneBody), Refusals))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let chat = own(&app, &caller, &id).await?;
    tasks::close(&app, caller.idempotency.as_ref(), chat.id, true).await?;
    Ok(done("The chat is deleted, with all that was said in it."))
}

fn taken(app: &App, asked: Asked) -> TaskTakenBody {
    TaskTakenBody {
        success: true,
        message: "It is at work. What it says comes over /api/v1/ws, and can be read with GET /api/v1/chats/{id}/messages.",
        chat: TaskChatBody::of(app, &app.published.view(), asked.chat),
        no: asked.no,
    }
}

fn text(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Problem::invalid(
            "There is no text.",
            "Say in `text` what is to be done.",
        )),
        chars if chars > TASK_TEXT_CHARS_MAX => Err(Problem::invalid(
            format!("The text has {chars} characters; {TASK_TEXT_CHARS_MAX} are the most."),
            "Send it in several messages, or shorten it.",
        )),
        _ => Ok(text.to_owned()),
    }
}

fn title(wanted: Option<String>, text: &str) -> Result<String, Problem> {
    let Some(title) = wanted else {
        let line = text.lines().next().unwrap_or_default();
        let plain = line.chars().filter(|letter| !letter.is_control());
        return Ok(plain.take(TASK_TITLE_CHARS_MAX).collect());
    };
    let title = title.trim();
    if title.is_empty()
        || title.chars().count() > TASK_TITLE_CHARS_MAX
        || title.chars().any(char::is_control)
    {
        return Err(Problem::invalid(
            format!("A title has 1 to {TASK_TITLE_CHARS_MAX} characters, on one line."),
            "Shorten it, or leave it out.",
        ));
    }
    Ok(title.to_owned())
}
