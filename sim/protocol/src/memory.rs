//! What minds remember for good: the rows, who keeps them, and what their owners may do with them.
//!
//! Rows are only ever added, each with the tick it is of and the tick from which it counts. A correction, a summary and an erasure are rows of their own that
//! take the place of others; an erasure takes the words of those others off the disk besides.

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::ids::AgentId;

/// Something that takes a while.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The kind of a row that says that others were erased. It has no words and is no memory.
pub const ERASED: &str = "erased";

/// One row of what somebody remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryRecord {
    /// Whose.
    pub agent: AgentId,
    /// Its number among the rows of this agent, from 0.
    pub no: u64,
    /// Tick it is of: when it happened.
    pub tick: u64,
    /// Tick after which it counts: when the thought that made it took effect. A fork at a tick takes the rows with no later one.
    pub since: u64,
    /// What it is: `observation`, `reflection`, `plan`, `day_plan`, `relationship`, `summary` or [`ERASED`].
    pub kind: String,
    /// The words.
    pub text: String,
    /// 1 to 10.
    pub importance: u8,
    /// Whose words they are, where they are somebody else's.
    pub source: Option<String>,
    /// Handle of whom it is about, where it is what one thinks of somebody.
    pub about: Option<String>,
    /// Numbers of the rows it follows from.
    pub of: Vec<u64>,
    /// Numbers of the rows whose place it takes: they come to mind no more.
    pub replaces: Vec<u64>,
    /// By what it is found again.
    pub embedding: Embedding,
}

/// What a text means to a model, as numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embedding {
    /// The model; vectors of different models are never compared.
    pub model: String,
    /// Numbers of its vectors; 0 while the first one is awaited.
    pub dim: u32,
    /// The numbers, each as four bytes (IEEE 754, little-endian). `None`: they follow from the words alone, or are still awaited.
    pub vector: Option<Vec<u8>>,
}

/// What is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemoryWrite {
    /// A row. One with the same agent and number is the same row, written again.
    Row(MemoryRecord),
    /// The vector of a row that is there; a row that is not is passed over.
    Vector {
        /// Whose.
        agent: AgentId,
        /// Which row.
        no: u64,
        /// By what it is found from now on.
        embedding: Embedding,
    },
    /// These rows are deleted, words and all, after everything else of the same write.
    Gone {
        /// Whose.
        agent: AgentId,
        /// Which; `None`: all with a number below `below`.
        nos: Option<Vec<u64>>,
        /// See `nos`.
        below: u64,
    },
}

/// Why rows could not be kept or read, as a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MemoryError(pub String);

/// Where minds keep what they remember.
pub trait MemoryStore: Send + Sync {
    /// Everybody who has rows.
    fn agents(&self) -> Later<'_, Result<Vec<AgentId>, MemoryError>>;

    /// An agent's rows in order of their numbers: those that count after a tick, or all.
    fn load(
        &self,
        agent: AgentId,
        until: Option<u64>,
    ) -> Later<'_, Result<Vec<MemoryRecord>, MemoryError>>;

    /// Keeps what is handed in, all of it or nothing, and returns once it would outlive the process. The same may be handed in again.
    fn write(&self, writes: Vec<MemoryWrite>) -> Later<'_, Result<(), MemoryError>>;
}

/// Something an agent remembers, as others may see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MemoryView {
    /// Its number among this agent's memories.
    pub no: u64,
    /// Tick it is of.
    pub tick: u64,
    /// See [`MemoryRecord::kind`].
    pub kind: String,
    /// The words.
    pub text: String,
    /// 1 to 10.
    pub importance: u8,
    /// Who said it, where it is somebody else's words.
    pub source: Option<String>,
    /// Handle of whom it is about.
    #[serde(default)]
    pub about: Option<String>,
    /// Numbers of the memories it follows from.
    #[serde(default)]
    pub of: Vec<u64>,
}

/// Which memories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryQuery {
    /// Those of this kind.
    pub kind: Option<String>,
    /// Those with a word of these in them, the most fitting first; without, all of them, newest first.
    pub words: Option<String>,
    /// Those with a smaller number.
    pub below: Option<u64>,
    /// So many of them are passed over.
    pub skip: usize,
    /// At most so many.
    pub most: usize,
}

/// A page of memories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemoryPage {
    /// Them.
    pub memories: Vec<MemoryView>,
    /// Whether there are more.
    pub more: bool,
}

/// What an owner changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    /// Other words, or another weight, for a memory.
    Correct {
        /// Which.
        no: u64,
        /// The words; `None`: as they are.
        text: Option<String>,
        /// 1 to 10; `None`: as it is.
        importance: Option<u8>,
    },
    /// A memory goes, words and all, with those it took the place of.
    Erase {
        /// Which.
        no: u64,
    },
    /// All go.
    EraseAll,
}

/// A revision, worked out: first `writes` are kept, then [`crate::minds::MindsView::settle`] is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Revised {
    /// What is to be kept.
    pub writes: Vec<MemoryWrite>,
    /// The memory as it is from then on, where one stays.
    pub memory: Option<MemoryView>,
    /// Memories that are gone from then on, rows that stood behind them included.
    pub gone: u64,
}

/// Why a revision is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevisionError {
    /// There is no such memory.
    #[error("they remember nothing with this number")]
    Unknown,
    /// What it should become is no memory.
    #[error("{0}")]
    Invalid(String),
    /// What is kept cannot be read now.
    #[error(transparent)]
    Store(#[from] MemoryError),
}
