//! What people ask of agents, and what came of it.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::task::{TaskAuthor, TaskKind};
use uuid::Uuid;

use super::words::words;

words! {
    /// How a task chat stands.
    TaskState {
        /// It is the person's turn.
        Open = "open",
        /// The agent is at work.
        Working = "working",
        /// Nothing is said in it any more.
        Closed = "closed",
    }
}

/// A task chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskChatRow {
    /// Key.
    pub id: Uuid,
    /// Who asks.
    pub person: AgentId,
    /// Who works.
    pub agent: AgentId,
    /// What it is called.
    pub title: String,
    /// How it stands.
    pub state: TaskState,
    /// Number of its next message.
    pub next_no: i64,
    /// What models have cost in it, in micro-dollars.
    pub cost_micros: i64,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// When something was last said in it, UTC milliseconds.
    pub changed_ms: i64,
}

/// A message of a task chat. Key: the chat, and its number there.
#[derive(Clone, PartialEq, Eq)]
pub struct TaskMessageRow {
    /// Where.
    pub chat: Uuid,
    /// From 1.
    pub no: i64,
    /// Who wrote it.
    pub author: TaskAuthor,
    /// What it is.
    pub kind: TaskKind,
    /// The words.
    pub text: String,
    /// Files and sources, as JSON.
    pub extra: String,
    /// UTC milliseconds.
    pub at_ms: i64,
}

impl std::fmt::Debug for TaskMessageRow {
    /// Without the words: they are between two.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TaskMessageRow")
            .field("chat", &self.chat)
            .field("no", &self.no)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
