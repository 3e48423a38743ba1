//! The shapes of task chats.

use hamlet_protocol::task::TaskSource;
use hamlet_protocol::view::WorldView;
use hamlet_store::{TaskChatRow, TaskMessageRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::render::members::MemberRef;
use crate::state::App;
use crate::tasks::Extra;
use crate::time::rfc3339;

/// A task chat.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskChatBody {
    /// Its id.
    id: Uuid,
    /// Who works.
    agent: MemberRef,
    /// What it is called.
    title: String,
    /// `open`: it is your turn; `working`: the agent is at work; `closed`.
    state: &'static str,
    /// Messages so far.
    message_count: i64,
    /// Dollars that models have cost in it, as a decimal.
    cost: String,
    /// RFC 3339.
    created_at: String,
    /// When something was last said in it, RFC 3339.
    updated_at: String,
}

impl TaskChatBody {
    pub(super) fn of(app: &App, view: &WorldView, row: TaskChatRow) -> Self {
        Self {
            id: row.id,
            agent: MemberRef::of(app, view, row.agent),
            title: row.title,
            state: row.state.as_str(),
            message_count: row.next_no - 1,
            cost: hamlet_protocol::money::Money(row.cost_micros).to_string(),
            created_at: rfc3339(row.created_ms),
            updated_at: rfc3339(row.changed_ms),
        }
    }
}

/// A file that was delivered.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskFileBody {
    /// Its name.
    name: String,
    /// Bytes of it.
    bytes: usize,
    /// Where it can be fetched.
    url: String,
}

/// Where something that was delivered comes from.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskSourceBody {
    /// What it is called.
    title: String,
    /// Its address, or the mark of a note on the board.
    link: String,
    /// Whether the agent has read it while it worked; what it only claims is false.
    seen: bool,
}

impl From<TaskSource> for TaskSourceBody {
    fn from(source: TaskSource) -> Self {
        Self {
            title: source.title,
            link: source.link,
            seen: source.seen,
        }
    }
}

/// A message of a task chat.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskMessageBody {
    /// Its number in the chat, from 1.
    no: i64,
    /// `person`, `agent`, or `village` for what concerns the chat itself.
    author: &'static str,
    /// `message`, `question`, `requirements`, `progress`, `delivery` or `failure`.
    kind: &'static str,
    /// The words. An agent's are made by a language model.
    text: String,
    /// What was delivered.
    files: Vec<TaskFileBody>,
    /// Where it comes from.
    sources: Vec<TaskSourceBody>,
    /// Older messages of the chat that the agent could not read for lack of room when it wrote this.
    left_out: u32,
    /// RFC 3339.
    created_at: String,
}

impl From<TaskMessageRow> for TaskMessageBody {
    fn from(row: TaskMessageRow) -> Self {
        let extra = Extra::of(&row);
        let (chat, no) = (row.chat, row.no);
        let files = extra.files.into_iter().zip(1..);
        Self {
            no,
            author: row.author.as_str(),
            kind: row.kind.as_str(),
            text: row.text,
            files: files
                .map(|(file, at)| TaskFileBody {
                    url: format!("/api/v1/chats/{chat}/messages/{no}/files/{at}"),
                    bytes: file.text.len(),
                    name: file.name,
                })
                .collect(),
            sources: extra.sources.into_iter().map(Into::into).collect(),
            left_out: extra.left_out,
            created_at: rfc3339(row.at_ms),
        }
    }
}
