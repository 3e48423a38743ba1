//! What the village answers about task chats: work that a person asks of an agent.

use hamlet_protocol::frame::TaskFrame;
use hamlet_protocol::task::TaskSource;
use serde::Deserialize;
use uuid::Uuid;

use super::mail::MemberName;

/// A task chat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct TaskChatShape {
    pub(crate) id: Uuid,
    /// Who works.
    pub(crate) agent: MemberName,
    #[serde(default)]
    pub(crate) title: String,
    /// `open`: it is the person's turn; `working`; `closed`.
    #[serde(default)]
    pub(crate) state: String,
    /// Dollars that models have cost in it.
    #[serde(default)]
    pub(crate) cost: String,
    #[serde(default)]
    pub(crate) updated_at: String,
}

impl TaskChatShape {
    /// Whether the agent is at work.
    pub(crate) fn is_working(&self) -> bool {
        self.state == "working"
    }

    /// Whether nothing more is said in it.
    pub(crate) fn is_closed(&self) -> bool {
        self.state == "closed"
    }
}

/// `GET /chats`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct TaskChatPage {
    pub(crate) chats: Vec<TaskChatShape>,
    pub(crate) next_cursor: Option<String>,
}

/// A file that was delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct TaskFileShape {
    pub(crate) name: String,
    /// Bytes of it, where they are known.
    pub(crate) bytes: Option<u64>,
}

/// A message of a task chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct TaskMessageShape {
    /// Its number in the chat, from 1.
    pub(crate) no: i64,
    /// `person`, `agent` or `village`.
    pub(crate) author: String,
    /// `message`, `question`, `requirements`, `progress`, `delivery` or `failure`.
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) files: Vec<TaskFileShape>,
    pub(crate) sources: Vec<TaskSource>,
    /// Older messages that the agent could not read when it wrote this.
    pub(crate) left_out: u32,
    pub(crate) created_at: String,
}

impl From<TaskFrame> for TaskMessageShape {
    fn from(frame: TaskFrame) -> Self {
        let file = |name| TaskFileShape { name, bytes: None };
        let at = chrono::DateTime::from_timestamp_millis(frame.at_ms);
        Self {
            no: frame.no,
            author: frame.author.as_str().to_owned(),
            kind: frame.kind.as_str().to_owned(),
            text: frame.text,
            files: frame.files.into_iter().map(file).collect(),
            sources: frame.sources,
            left_out: 0,
            created_at: at.map_or_else(String::new, |it| it.to_rfc3339()),
        }
    }
}

/// `GET /chats/{id}/messages`: messages oldest first, the newest of all on the first page.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct TaskMessagePage {
    pub(crate) chat: TaskChatShape,
    #[serde(default)]
    pub(crate) messages: Vec<TaskMessageShape>,
    #[serde(default)]
    pub(crate) next_cursor: Option<String>,
}

/// `GET /agents/{id}/chats`: who may ask an agent for work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct TaskDoor {
    /// `owner`, `anyone` or `nobody`.
    pub(crate) who: String,
}

/// Where a file that was delivered stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileAt {
    pub(crate) chat: Uuid,
    /// Number of the message.
    pub(crate) no: i64,
    /// Which of its files, from 1.
    pub(crate) at: u32,
}
