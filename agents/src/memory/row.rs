//! One memory, in mind and on paper.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{Embedding, MemoryRecord, MemoryView};

use super::Kind;
use super::embedder::{Embedder, Meaning};
use super::words::Words;

/// One memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number among this agent's rows, from 0.
    pub no: u64,
    /// Tick it is of.
    pub tick: u64,
    /// What it is.
    pub kind: Kind,
    /// The words.
    pub text: String,
    /// 1 to 10.
    pub importance: u8,
    /// Whose words they are, where they are not one's own.
    pub source: Option<String>,
    /// Handle of whom it is about.
    pub about: Option<String>,
    /// Numbers of the rows it follows from.
    pub of: Vec<u64>,
    /// Numbers of the rows whose place it takes.
    pub replaces: Vec<u64>,
    pub(super) words: Words,
    pub(super) meaning: Meaning,
}

impl Row {
    /// A row as it was kept; `None`: it is of a kind that is no memory.
    pub(super) fn of(record: MemoryRecord, embedder: &Embedder) -> Option<Self> {
        let kind = Kind::of(&record.kind)?;
        Some(Self {
            no: record.no,
            tick: record.tick,
            kind,
            words: Words::of(&record.text),
            meaning: embedder.kept(&record.text, &record.embedding),
            text: record.text,
            importance: record.importance.clamp(1, 10),
            source: record.source,
            about: record.about,
            of: record.of,
            replaces: record.replaces,
        })
    }

    /// The row as it is kept.
    pub(super) fn record(&self, agent: AgentId, since: u64, embedder: &Embedder) -> MemoryRecord {
        MemoryRecord {
            agent,
            no: self.no,
            tick: self.tick,
            since,
            kind: self.kind.as_str().to_owned(),
            text: self.text.clone(),
            importance: self.importance,
            source: self.source.clone(),
            about: self.about.clone(),
            of: self.of.clone(),
            replaces: self.replaces.clone(),
            embedding: self.embedding(embedder),
        }
    }

    pub(super) fn embedding(&self, embedder: &Embedder) -> Embedding {
        embedder.to_keep(&self.meaning)
    }

    /// As others may see it.
    #[must_use]
    pub fn view(&self) -> MemoryView {
        MemoryView {
            no: self.no,
            tick: self.tick,
            kind: self.kind.as_str().to_owned(),
            text: self.text.clone(),
            importance: self.importance,
            source: self.source.clone(),
            about: self.about.clone(),
            of: self.of.clone(),
        }
    }
}
