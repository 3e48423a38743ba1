//! Writing down what is said in a task chat, and telling the person.

use hamlet_protocol::frame::{OwnFrame, TaskFrame};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::task::{TaskAuthor, TaskFile, TaskKind, TaskSaid, TaskSource};
use hamlet_store::{TaskChatRow, TaskMessageRow, TaskState, WindowRow, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clean::clean;
use crate::counter::Counter;
use crate::directory::Directory;
use crate::problem::Problem;
use crate::render::post::unreadable;
use crate::state::App;
use crate::village::{Done, IdempotencyKey};
use crate::ws::{Audience, Letter, tell_own};

/// Messages that a person writes.
const MESSAGES: Counter = Counter {
    window: "task_messages/hour",
    most: 60,
    within_ms: 3_600_000,
};
/// Chats that are looked at at once after a start.
const RECOVERED_AT_ONCE: u32 = 100;
/// What is said of work that the end of the server broke off.
const INTERRUPTED: &str = "The village was stopped while the agent worked on this, and nothing more came of it. What was delivered before stands. Write again to have it gone on with.";
/// What is said of work that a fault of ours broke off.
pub(super) const FAULT: &str = "A fault of the village broke this off. What was delivered before stands. Write again to have it gone on with.";

/// What stands beside the words of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Extra {
    /// Files.
    pub(crate) files: Vec<TaskFile>,
    /// Where it comes from.
    pub(crate) sources: Vec<TaskSource>,
    /// Older messages that the agent could not read.
    pub(crate) left_out: u32,
}

impl Extra {
    /// What stands beside a message.
    pub(crate) fn of(row: &TaskMessageRow) -> Self {
        serde_json::from_str(&row.extra).unwrap_or_default()
    }
}

/// What came of a person's message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    /// The chat.
    pub(super) chat: Uuid,
    /// The message's number in it.
    pub(super) no: i64,
}

/// Writes a person's message into a chat, which is new where nothing is known of it.
///
/// # Errors
/// 429 where too much was written in an hour; else as the desk says.
pub(super) async fn post(
    app: &App,
    key: Option<&IdempotencyKey>,
    chat: TaskChatRow,
    text: String,
) -> Result<Done<Posted>, Problem> {
    let work = move |draft: &mut crate::village::Draft<'_>| {
        let now_ms = draft.now_ms();
        let window = next_window(draft.directory(), chat.person, now_ms)?;
        let no = chat.next_no;
        let posted = Posted { chat: chat.id, no };
        draft.push(Write::Window(window));
        draft.push(Write::TaskMessage(TaskMessageRow {
            chat: chat.id,
            no,
            author: TaskAuthor::Person,
            kind: TaskKind::Message,
            text,
            extra: "{}".to_owned(),
            at_ms: now_ms,
        }));
        draft.push(Write::TaskChat(TaskChatRow {
            state: TaskState::Working,
            next_no: no + 1,
            changed_ms: now_ms,
            ..chat
        }));
        Ok(posted)
    };
    app.desk.write(key, work).await
}

/// What an agent, or the village, says next in a chat; nothing where the chat is gone. `ends`: it is the person's turn then, and this is what it has cost.
/// `no`: its number, from the first try on; where the chat is further already it stands there, and is only told.
///
/// # Errors
/// As the store and the desk say.
pub(super) async fn message(
    app: &App,
    chat: Uuid,
    author: TaskAuthor,
    said: TaskSaid,
    ends: Option<i64>,
    no: &mut Option<i64>,
) -> Result<(), Problem> {
    let Some((row, _turn)) = held(app, chat).await? else {
        return Ok(());
    };
    let no = *no.get_or_insert(row.next_no);
    if row.next_no <= no {
        add(app, row, author, said, ends).await?;
        return Ok(());
    }
    let kept = app.store.task_message(chat, no).await.map_err(unreadable)?;
    // Where somebody has begun to work again, that is theirs.
    if ends.is_some() && row.state != TaskState::Working {
        app.tasks.lock().remove(&chat);
    }
    if let Some(kept) = kept {
        tell_message(app, &row, &kept);
    }
    Ok(())
}

/// The same, for whoever has the person's turn and knows the chat. Gives back the chat as it is then.
async fn add(
    app: &App,
    row: TaskChatRow,
    author: TaskAuthor,
    said: TaskSaid,
    ends: Option<i64>,
) -> Result<TaskChatRow, Problem> {
    let said = match author {
        TaskAuthor::Agent => clean(said),
        TaskAuthor::Person | TaskAuthor::Village => said,
    };
    let chat = row.id;
    let now_ms = app.clock.now_ms();
    let no = row.next_no;
    let state = match (row.state, ends) {
        (TaskState::Closed, _) => TaskState::Closed,
        (_, Some(_)) => TaskState::Open,
        (_, None) => TaskState::Working,
    };
    let row = TaskChatRow {
        state,
        next_no: no + 1,
        cost_micros: row.cost_micros + ends.unwrap_or_default(),
        changed_ms: now_ms,
        ..row
    };
    let extra = Extra {
        files: said.files,
        sources: said.sources,
        left_out: said.left_out,
    };
    let message = TaskMessageRow {
        chat,
        no,
        author,
        kind: said.kind,
        text: said.text,
        extra: serde_json::to_string(&extra).unwrap_or_else(|_| "{}".to_owned()),
        at_ms: now_ms,
    };
    let kept = (message.clone(), row.clone());
    let work = move |draft: &mut crate::village::Draft<'_>| {
        draft.push(Write::TaskMessage(kept.0));
        draft.push(Write::TaskChat(kept.1));
        Ok(())
    };
    app.desk.write(None, work).await?;
    if ends.is_some() {
        // Before the person's turn is given back: whoever finds the chat open finds nobody at work in it.
        app.tasks.lock().remove(&chat);
    }
    tell_message(app, &row, &message);
    Ok(row)
}

/// Tells the person what was written down, and how their chat stands.
fn tell_message(app: &App, chat: &TaskChatRow, row: &TaskMessageRow) {
    let extra = Extra::of(row);
    let message = TaskFrame {
        no: row.no,
        author: row.author,
        kind: row.kind,
        at_ms: row.at_ms,
        text: row.text.clone(),
        files: extra.files.into_iter().map(|file| file.name).collect(),
        sources: extra.sources,
    };
    let frame = OwnFrame::Task {
        chat: chat.id,
        working: chat.state == TaskState::Working,
        message,
    };
    tell(app, chat.person, frame);
}

/// A chat in which nobody is at work although it says so is the person's again, and says why: a commit came too late to be heard of, or the last word
/// could not be written down. For whoever has the person's turn, with the chat as it is.
///
/// # Errors
/// As the desk says.
pub(super) async fn mend(app: &App, chat: TaskChatRow) -> Result<TaskChatRow, Problem> {
    if chat.state != TaskState::Working || app.tasks.is_at_work(chat.id) {
        return Ok(chat);
    }
    add(app, chat, TaskAuthor::Village, failure(FAULT), Some(0)).await
}

/// Breaks off what is under way in a chat; where nothing is, the chat is the person's again. Whether anything was.
///
/// # Errors
/// As the store and the desk say.
pub(crate) async fn stop(app: &App, chat: Uuid) -> Result<bool, Problem> {
    if app.tasks.stop(chat) {
        return Ok(true);
    }
    if let Some((row, _turn)) = held(app, chat).await? {
        mend(app, row).await?;
    }
    Ok(false)
}

/// A chat as it is, and its person's turn: nobody else writes into it meanwhile.
async fn held(
    app: &App,
    chat: Uuid,
) -> Result<Option<(TaskChatRow, tokio::sync::MutexGuard<'_, ()>)>, Problem> {
    let Some(row) = app.store.task_chat(chat).await.map_err(unreadable)? else {
        return Ok(None);
    };
    let turn = app.tasks.turn(row.person).await;
    let row = app.store.task_chat(chat).await.map_err(unreadable)?;
    Ok(row.map(|row| (row, turn)))
}

/// Closes a chat, or with `gone` deletes it. What is under way in it is broken off.
///
/// # Errors
/// As the store and the desk say.
pub(crate) async fn close(
    app: &App,
    key: Option<&IdempotencyKey>,
    chat: Uuid,
    gone: bool,
) -> Result<(), Problem> {
    app.tasks.stop(chat);
    let Some((row, _turn)) = held(app, chat).await? else {
        return Ok(());
    };
    let work = move |draft: &mut crate::village::Draft<'_>| {
        draft.push(if gone {
            Write::TaskGone(chat)
        } else {
            Write::TaskChat(TaskChatRow {
                state: TaskState::Closed,
                changed_ms: draft.now_ms(),
                ..row
            })
        });
        Ok(())
    };
    app.desk.write(key, work).await?;
    Ok(())
}

/// Says in every chat in which an agent was at work when the server ended that nothing more comes of it. To be called before anybody writes.
///
/// # Errors
/// As the store and the desk say.
pub async fn recover(app: &App) -> Result<u64, Problem> {
    let mut recovered = 0;
    loop {
        let rows = app.store.task_chats_working(RECOVERED_AT_ONCE).await;
        let rows = rows.map_err(unreadable)?;
        if rows.is_empty() {
            return Ok(recovered);
        }
        for row in rows {
            message(
                app,
                row.id,
                TaskAuthor::Village,
                failure(INTERRUPTED),
                Some(0),
                &mut None,
            )
            .await?;
            recovered += 1;
        }
    }
}

/// An honest failure.
pub(super) fn failure(text: &str) -> TaskSaid {
    TaskSaid {
        kind: TaskKind::Failure,
        text: text.to_owned(),
        files: Vec::new(),
        sources: Vec::new(),
        left_out: 0,
    }
}

/// Tells a person what is for them alone.
pub(super) fn tell(app: &App, person: AgentId, frame: OwnFrame) {
    let letter = Letter {
        seq: None,
        to: Audience::One(person),
        frame,
    };
    tell_own(app, letter);
}

/// The counter with one more.
///
/// # Errors
/// 429 when the hour's share is used up.
fn next_window(directory: &Directory, person: AgentId, now_ms: i64) -> Result<WindowRow, Problem> {
    let next = MESSAGES.one_more(directory, format!("member:{person}"), now_ms);
    next.map_err(|wait_secs| {
        Problem::new(
            axum::http::StatusCode::TOO_MANY_REQUESTS,
            "task_limit",
            format!(
                "You have written {} messages to agents at work within an hour.",
                MESSAGES.most
            ),
            format!("Wait {wait_secs} s."),
        )
        .retry_after(wait_secs)
    })
}
