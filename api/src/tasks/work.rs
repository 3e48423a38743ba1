//! An agent at work: from a person's message to the last word about it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
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

use super::Working;
use super::brake::braked;
use super::ear::{Ear, Heard, Told, ear};
use super::keep::{Extra, FAULT, failure, message, tell};
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

/// What an agent is asked to do.
pub(super) struct Job {
    /// Who thinks.
    pub(super) minds: Arc<dyn MindsView>,
    /// Where. Its newest message is what is to be answered.
    pub(super) chat: TaskChatRow,
    /// Whether the person may look into the agent's inner life.
    pub(super) sees_inside: bool,
}

/// Has the agent answer the newest message of a chat, on a task of its own.
pub(super) fn begin(app: &App, job: Job) {
    let stop = Arc::new(Notify::new());
    {
        let mut working = app.tasks.lock();
        let entry = Working {
            person: job.chat.person,
            stop: Arc::clone(&stop),
        };
        working.insert(job.chat.id, entry);
    }
    let app = app.clone();
    tokio::spawn(async move {
        let id = job.chat.id;
        let (ear, heard) = ear();
        let spent = ear.cost();
        let answering = tokio::spawn(answer(app.clone(), job, (ear, heard), Arc::clone(&stop)));
        let fault = || {
            let cost = spent.load(Ordering::Relaxed);
            (TaskAuthor::Village, failure(FAULT), cost)
        };
        let (author, said, cost) = match answering.await {
            Ok(Ok(last)) => last,
            Ok(Err(problem)) => {
                tracing::error!(why = %problem.detail, "an agent could not work");
                fault()
            }
            Err(_panic) => {
                tracing::error!("an agent at work panicked; please report this");
                fault()
            }
        };
        written(&app, id, author, said, Some(cost)).await;
        app.tasks.ended(id, &stop);
    });
}

/// The last word, which is still to be written down, and what all of it has cost.
type Last = (TaskAuthor, TaskSaid, i64);

async fn answer(
    app: App,
    job: Job,
    (ear, heard): (Ear, Heard),
    stop: Arc<Notify>,
) -> Result<Last, Problem> {
    let turn = turn(&app, &job).await?;
    let spent = ear.cost();
    let work = braked(app.clone(), job.minds, turn, ear);
    let listening = listen(&app, &job.chat, work, heard);
    Ok(tokio::select! {
        biased;
        // Dropping the work breaks off what its model is saying; what was said has its price.
        () = stop.notified() => {
            let cost = spent.load(Ordering::Relaxed);
            (TaskAuthor::Village, failure(STOPPED), cost)
        }
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
                if heard.words.has_changed().unwrap_or(false) {
                    let new = told.fresh(&heard.words.borrow_and_update());
                    if let Some((from, text)) = new {
                        tell_words(app, chat, from, text);
                    }
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
    (TaskAuthor::Agent, last, end.cost_micros)
}

/// Whether it is the person's turn after such a word.
fn is_final(kind: TaskKind) -> bool {
    matches!(
        kind,
        TaskKind::Message | TaskKind::Question | TaskKind::Delivery | TaskKind::Failure
    )
}

/// Tells words that are not final.
fn tell_words(app: &App, chat: &TaskChatRow, from: u64, text: String) {
    let frame = OwnFrame::TaskWords {
        chat: chat.id,
        from,
        text,
        is_final: false,
    };
    tell(app, chat.person, frame);
}

/// What the agent is shown.
async fn turn(app: &App, job: &Job) -> Result<TaskTurn, Problem> {
    let chat = &job.chat;
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
        sees_inside: job.sees_inside,
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
    // The number it was to have at the first try: a commit that came too late to be heard of may have given it that.
    let mut no = None;
    for _ in 0..TRIES_MAX {
        match message(app, chat, author, said.clone(), ends, &mut no).await {
            Ok(()) => return,
            Err(problem) => {
                tracing::warn!(why = %problem.detail, "what an agent said could not be written down yet");
                sleep(TRY_AGAIN).await;
            }
        }
    }
    tracing::error!(
        "what an agent said could not be written down: whoever writes into the chat next, or stops it, hears that it was broken off"
    );
}
