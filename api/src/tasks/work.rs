//! An agent at work: from a person's message to the last word about it.

use std::sync::Arc;
use std::time::Duration;

use hamlet_protocol::frame::OwnFrame;
use hamlet_protocol::minds::MindsView;
use hamlet_protocol::task::{
    TaskAuthor, TaskEnd, TaskKind, TaskLine, TaskSaid, TaskTurn, TaskWork,
};
use hamlet_store::{TaskChatRow, TaskMessageRow};
use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use super::ear::{Heard, ear};
use super::keep::{Extra, failure, message, tell};
use super::{WORKING_MAX, Working};
use crate::problem::Problem;
use crate::render::members::MemberRef;
use crate::render::post::unreadable;
use crate::state::App;

/// Messages of a chat that an agent is shown at most; how many fit its model it says itself.
const SHOWN_MAX: u32 = 200;
/// How often words that are not final are told.
const WORDS_EVERY: Duration = Duration::from_millis(50);
/// How often, and after which wait, what was said is written down again where the database does not take it.
const TRIES_MAX: u32 = 60;
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// What is said of work that the person broke off.
const STOPPED: &str = "You have stopped this. What was delivered before stands.";
/// What is said of work that a fault of ours broke off.
const FAULT: &str = "A fault of the village broke this off. What was delivered before stands. Write again to have it gone on with.";

/// Has the agent answer the newest message of a chat, on a task of its own.
pub(crate) fn begin(app: &App, minds: &Arc<dyn MindsView>, chat: &TaskChatRow) {
    let stop = Arc::new(Notify::new());
    {
        let mut working = app.tasks.lock();
        debug_assert!(working.len() <= WORKING_MAX, "it was looked at before");
        let entry = Working {
            person: chat.person,
            stop: Arc::clone(&stop),
        };
        working.insert(chat.id, entry);
    }
    let (app, minds, chat) = (app.clone(), Arc::clone(minds), chat.clone());
    tokio::spawn(async move {
        let id = chat.id;
        let answering = tokio::spawn(answer(app.clone(), minds, chat, stop));
        let last = match answering.await {
            Ok(Ok(last)) => last,
            Ok(Err(problem)) => {
                tracing::error!(why = %problem.detail, "an agent could not work");
                Some((TaskAuthor::Village, failure(FAULT), 0))
            }
            Err(_panic) => {
                tracing::error!("an agent at work panicked; please report this");
                Some((TaskAuthor::Village, failure(FAULT), 0))
            }
        };
        app.tasks.lock().remove(&id);
        if let Some((author, said, cost)) = last {
            written(&app, id, author, said, Some(cost)).await;
        }
    });
}

/// The last word, which is still to be written down, and what all of it has cost.
type Last = Option<(TaskAuthor, TaskSaid, i64)>;

async fn answer(
    app: App,
    minds: Arc<dyn MindsView>,
    chat: TaskChatRow,
    stop: Arc<Notify>,
) -> Result<Last, Problem> {
    let turn = turn(&app, &chat).await?;
    let (ear, heard) = ear();
    let work = minds.task(turn, Arc::new(ear));
    let listening = listen(&app, &chat, work, heard);
    Ok(tokio::select! {
        biased;
        // Dropping the work breaks off what its model is saying.
        () = stop.notified() => Some((TaskAuthor::Village, failure(STOPPED), 0)),
        last = listening => last,
    })
}

/// Passes on what an agent says, until it has ended.
async fn listen(app: &App, chat: &TaskChatRow, mut work: TaskWork, mut heard: Heard) -> Last {
    let mut told = Told::default();
    let mut pace = interval(WORDS_EVERY);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The last word is written down together with the end.
    let mut last: Option<TaskSaid> = None;
    let mut open = true;
    let end: TaskEnd = loop {
        tokio::select! {
            biased;
            said = heard.said.recv(), if open => {
                open = said.is_some();
                if let Some(before) = said.and_then(|said| last.replace(said)) {
                    written(app, chat.id, TaskAuthor::Agent, before, None).await;
                }
                if last.as_ref().is_some_and(|said| !is_final(said.kind))
                    && let Some(said) = last.take()
                {
                    written(app, chat.id, TaskAuthor::Agent, said, None).await;
                }
            }
            end = &mut work => break end,
            _ = pace.tick() => {
                let words = heard.words.has_changed().unwrap_or(false);
                if words {
                    let words = heard.words.borrow_and_update().clone();
                    told.words(app, chat, &words);
                }
            }
        }
    };
    while let Ok(said) = heard.said.try_recv() {
        if let Some(before) = last.replace(said) {
            written(app, chat.id, TaskAuthor::Agent, before, None).await;
        }
    }
    let last = last.unwrap_or_else(|| failure(FAULT));
    Some((TaskAuthor::Agent, last, end.cost_micros))
}

/// Whether it is the person's turn after such a word.
fn is_final(kind: TaskKind) -> bool {
    matches!(
        kind,
        TaskKind::Message | TaskKind::Question | TaskKind::Delivery | TaskKind::Failure
    )
}

/// What was told of words that are not final.
#[derive(Default)]
struct Told {
    words: String,
}

impl Told {
    /// Tells what is new. Where another answer has begun, it begins anew.
    fn words(&mut self, app: &App, chat: &TaskChatRow, words: &str) {
        let known = match words.strip_prefix(self.words.as_str()) {
            Some(_) => self.words.len(),
            None => 0,
        };
        let text = words[known..].to_owned();
        let from = words[..known].chars().count() as u64;
        words.clone_into(&mut self.words);
        if text.is_empty() {
            return;
        }
        let frame = OwnFrame::TaskWords {
            chat: chat.id,
            from,
            text,
            is_final: false,
        };
        tell(app, chat.person, frame);
    }
}

/// What the agent is shown.
async fn turn(app: &App, chat: &TaskChatRow) -> Result<TaskTurn, Problem> {
    let rows = app.store.task_messages(chat.id, i64::MAX, SHOWN_MAX).await;
    let mut rows = rows.map_err(unreadable)?;
    rows.reverse();
    let mut older = rows.first().map_or(0, |first| first.no - 1);
    if older > 0 {
        // The first message is the task.
        let first = app.store.task_message(chat.id, 1).await;
        if let Some(first) = first.map_err(unreadable)? {
            rows.insert(0, first);
            older -= 1;
        }
    }
    let view = app.published.view();
    Ok(TaskTurn {
        agent: chat.agent,
        person: MemberRef::of(app, &view, chat.person).name,
        title: chat.title.clone(),
        lines: rows.into_iter().map(line).collect(),
        older: u32::try_from(older).unwrap_or(u32::MAX),
        view,
    })
}

fn line(row: TaskMessageRow) -> TaskLine {
    let extra = Extra::of(&row);
    TaskLine {
        author: row.author,
        kind: row.kind,
        files: extra.files.into_iter().map(|file| file.name).collect(),
        text: row.text,
    }
}

/// Writes down what was said. A database that is gone for a while costs no word.
async fn written(app: &App, chat: Uuid, author: TaskAuthor, said: TaskSaid, ends: Option<i64>) {
    for _ in 0..TRIES_MAX {
        match message(app, chat, author, said.clone(), ends).await {
            Ok(_row_or_gone) => return,
            Err(problem) => {
                tracing::warn!(why = %problem.detail, "what an agent said could not be written down yet");
                sleep(TRY_AGAIN).await;
            }
        }
    }
    tracing::error!(
        "what an agent said could not be written down: after the next start the chat says that it was broken off"
    );
}
