//! Task chats: a person asks an agent for work, and the agent asks back, says what it understood, how far it is, and what came of it.
//!
//! They have no part in the world: nothing in it depends on them, and no image or journal holds them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::AgentId;
use crate::view::WorldView;

/// Characters of one message of a person.
pub const TASK_TEXT_CHARS_MAX: usize = 8_000;
/// Characters of a chat's title.
pub const TASK_TITLE_CHARS_MAX: usize = 120;
/// Files of one delivery.
pub const TASK_FILES_MAX: usize = 8;
/// Characters of one file, and of an agent's text.
pub const TASK_FILE_CHARS_MAX: usize = 32_000;
/// Sources of one delivery.
pub const TASK_SOURCES_MAX: usize = 20;
/// Messages of an agent in answer to one of a person.
pub const TASK_SAID_MAX: usize = 24;

/// Who wrote a message of a task chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskAuthor {
    /// The person.
    Person,
    /// The agent.
    Agent,
    /// The village, about the chat itself.
    Village,
}

/// What a message of a task chat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Words.
    Message,
    /// Something the agent has to know before it can go on.
    Question,
    /// What the agent has understood that it is to do.
    Requirements,
    /// How far it is.
    Progress,
    /// What was asked for.
    Delivery,
    /// What could not be done, and why.
    Failure,
}

impl TaskKind {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Question => "question",
            Self::Requirements => "requirements",
            Self::Progress => "progress",
            Self::Delivery => "delivery",
            Self::Failure => "failure",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::Message,
            Self::Question,
            Self::Requirements,
            Self::Progress,
            Self::Delivery,
            Self::Failure,
        ];
        all.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl TaskAuthor {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agent => "agent",
            Self::Village => "village",
        }
    }

    /// Whose word it is.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Person, Self::Agent, Self::Village];
        all.into_iter().find(|author| author.as_str() == word)
    }
}

/// A file that an agent delivers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFile {
    /// Its name, without folders.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Where something in a delivery comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSource {
    /// What it is called.
    pub title: String,
    /// Its address, or the mark of a note on the board.
    pub link: String,
    /// Whether the agent has seen it while it worked; what it only claims is false.
    pub seen: bool,
}

/// Something an agent says in a task chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSaid {
    /// What it is.
    pub kind: TaskKind,
    /// The words.
    pub text: String,
    /// What is delivered beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<TaskFile>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<TaskSource>,
    /// Older messages that the agent could not read because the chat has become too long.
    #[serde(default)]
    pub left_out: u32,
}

/// A message of a task chat, as the agent is shown it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    /// Who wrote it.
    pub author: TaskAuthor,
    /// What it is.
    pub kind: TaskKind,
    /// The words.
    pub text: String,
    /// Names of the files beside it.
    pub files: Vec<String>,
}

/// What an agent is to answer.
#[derive(Clone, Debug)]
pub struct TaskTurn {
    /// Who answers.
    pub agent: AgentId,
    /// Handle of the person.
    pub person: String,
    /// What the chat is called.
    pub title: String,
    /// The chat so far, oldest first; the last is what is to be answered.
    pub lines: Vec<TaskLine>,
    /// Messages before the first of them that are not handed over.
    pub older: u32,
    /// Whether the person may look into the agent's inner life: its owner, and those who keep order. Else it recalls nothing for them.
    pub sees_inside: bool,
    /// The world as it is.
    pub view: Arc<WorldView>,
}

/// Hears an agent while it works. Must not wait for anything.
pub trait TaskEar: Send + Sync {
    /// New words of the present answer, which come after so many bytes of it that are known; with 0 another answer begins and takes the place of the one
    /// before. They are not final.
    fn words(&self, known: usize, new: &str);
    /// Something that is said for good.
    fn said(&self, said: TaskSaid);
    /// What the work has cost so far, in micro-dollars: whoever breaks it off knows that much.
    fn spent(&self, cost_micros: i64);
}

/// What work on a task took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskEnd {
    /// How it ended, as a word.
    pub outcome: String,
    /// Answers of models.
    pub turns: u32,
    /// The model that gave the last.
    pub model: Option<String>,
    /// Tokens of prompts.
    pub tokens_in: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// Cost, in micro-dollars.
    pub cost_micros: i64,
}

/// Work on a task. Whoever drops it breaks it off.
pub type TaskWork = Pin<Box<dyn Future<Output = TaskEnd> + Send>>;
