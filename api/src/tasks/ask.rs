//! Taking in what a person writes, and having the agent begin.

use std::sync::Arc;

use axum::http::StatusCode;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::MindsView;
use hamlet_protocol::secrets;
use hamlet_store::{TaskChatRow, TaskState};
use tracing::Instrument;
use uuid::Uuid;

use super::keep::{mend, post};
use super::work::{Job, begin};
use super::{OPEN_MAX, WORKING_MAX, WORKING_PERSON_MAX};
use crate::problem::Problem;
use crate::render::post::unreadable;
use crate::state::App;
use crate::village::IdempotencyKey;

/// What a person writes, and to whom.
pub(crate) struct Asking {
    /// Who thinks.
    pub(crate) minds: Arc<dyn MindsView>,
    /// The request's `Idempotency-Key`.
    pub(crate) key: Option<IdempotencyKey>,
    /// The chat: one that is kept, or a new one.
    pub(crate) chat: TaskChatRow,
    /// Whether it is new.
    pub(crate) is_new: bool,
    /// The words.
    pub(crate) text: String,
    /// Whether the person may look into the agent's inner life.
    pub(crate) sees_inside: bool,
}

/// What came of it.
pub(crate) struct Asked {
    /// The chat as it is now.
    pub(crate) chat: TaskChatRow,
    /// The message's number in it.
    pub(crate) no: i64,
    /// Whether this is the outcome of an earlier request with the same key.
    pub(crate) replayed: bool,
}

/// Takes a message in and has the agent begin. It goes on to its end where whoever asked has hung up: no message is left without anybody at work on it.
///
/// # Errors
/// Why nobody begins, and what to do.
pub(crate) async fn ask(app: &App, asking: Asking) -> Result<Asked, Problem> {
    let title = Some(&asking.chat.title).filter(|_| asking.is_new);
    if let Some(found) = secrets::find(&asking.text).or_else(|| secrets::find(title?)) {
        // It would go to a language model.
        return Err(found.refusal("a message").into());
    }
    let taking_in = take_in(app.clone(), asking).in_current_span();
    let taking_in = tokio::spawn(taking_in);
    taking_in
        .await
        .unwrap_or_else(|_| Err(Problem::internal("taking in a task panicked")))
}

async fn take_in(app: App, asking: Asking) -> Result<Asked, Problem> {
    // Those who write at once come one after the other, and the second finds the agent at work.
    let _turn = app.tasks.turn(asking.chat.person).await;
    let Asking { key, is_new, .. } = asking;
    let is_repetition = {
        let directory = app.published.directory();
        directory.is_repetition(key.as_ref(), app.clock.now_ms())
    };
    let chat = match (is_new, is_repetition) {
        (true, true) => asking.chat,
        (true, false) => {
            has_place(&app, asking.chat.person).await?;
            asking.chat
        }
        (false, true) => kept(&app, asking.chat.id).await?,
        (false, false) => {
            let chat = mend(&app, kept(&app, asking.chat.id).await?).await?;
            is_open(&chat)?;
            chat
        }
    };
    if !is_repetition {
        has_room(&app, chat.person)?;
    }
    let posted = post(&app, key.as_ref(), chat.clone(), asking.text).await?;
    let job = |chat| Job {
        minds: asking.minds,
        chat,
        sees_inside: asking.sees_inside,
    };
    let no = posted.outcome.no;
    if !posted.replayed {
        // Before anything else that may fail.
        begin(&app, job(chat));
        let chat = kept(&app, posted.outcome.chat).await?;
        return Ok(Asked {
            chat,
            no,
            replayed: false,
        });
    }
    let chat = kept(&app, posted.outcome.chat).await?;
    // The commit came later than the first answer: nobody has begun yet.
    let is_waiting = chat.state == TaskState::Working && chat.next_no == no + 1;
    if is_waiting && !app.tasks.is_at_work(chat.id) && has_room(&app, chat.person).is_ok() {
        begin(&app, job(chat.clone()));
    }
    Ok(Asked {
        chat,
        no,
        replayed: true,
    })
}

/// A chat as it is.
///
/// # Errors
/// 404 where it is gone; else as the store says.
pub(crate) async fn kept(app: &App, id: Uuid) -> Result<TaskChatRow, Problem> {
    let row = app.store.task_chat(id).await.map_err(unreadable)?;
    row.ok_or_else(missing)
}

/// There is no such chat, or it is somebody else's.
pub(crate) fn missing() -> Problem {
    Problem::not_found("task chat", "GET /api/v1/chats lists yours.")
}

/// Whether a person may have one more chat.
async fn has_place(app: &App, person: AgentId) -> Result<(), Problem> {
    let open = app.store.task_chats_open(person).await;
    if open.map_err(unreadable)? < OPEN_MAX {
        return Ok(());
    }
    Err(Problem::conflict(
        "task_chats_full",
        format!("You have {OPEN_MAX} task chats that are not closed."),
        "Close or delete one: POST /api/v1/chats/{id}/close.",
    ))
}

fn is_open(chat: &TaskChatRow) -> Result<(), Problem> {
    match chat.state {
        TaskState::Open => Ok(()),
        TaskState::Working => Err(Problem::conflict(
            "task_working",
            "The agent is still at work on what you wrote before.",
            "Wait until `state` is `open`, or stop it: POST /api/v1/chats/{id}/stop.",
        )
        .retry_after(2)),
        TaskState::Closed => Err(Problem::conflict(
            "task_closed",
            "This task chat is closed.",
            "Open another: POST /api/v1/chats.",
        )),
    }
}

/// Whether one more answer may be under way.
fn has_room(app: &App, person: AgentId) -> Result<(), Problem> {
    let (own, all) = app.tasks.working(person);
    if own >= WORKING_PERSON_MAX {
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "task_limit",
            format!("{WORKING_PERSON_MAX} agents are at work for you already."),
            "Wait until one of them has answered, or stop it.",
        )
        .retry_after(5));
    }
    if all >= WORKING_MAX {
        return Err(Problem::unavailable(
            "tasks_full",
            "As many agents are at work for people as there may be.",
            10,
        ));
    }
    Ok(())
}
