//! What is remembered and not yet kept.

use std::collections::BTreeMap;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::MemoryWrite;

use super::{Embedder, Row};

/// Rows of one agent that wait to be kept; the oldest are let go of beyond.
const WAITING_MAX: usize = 2_000;

/// What waits to be kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    /// Whether anybody keeps anything.
    is_open: bool,
    rows: Vec<Row>,
    vectors: Vec<u64>,
    again: Vec<MemoryWrite>,
    /// Rows that are being kept just now, and how often; those that are forgotten meanwhile are not in here any more.
    under_way: BTreeMap<u64, u32>,
}

impl Outbox {
    pub(super) fn new(is_open: bool) -> Self {
        Self {
            is_open,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, row: &Row) {
        if !self.is_open {
            return;
        }
        if self.rows.len() >= WAITING_MAX {
            self.rows.remove(0);
            tracing::warn!("memories were let go of: nobody keeps them for too long");
        }
        self.rows.push(row.clone());
    }

    /// A row got its vector.
    pub(super) fn add_vector(&mut self, row: &Row) {
        if !self.is_open {
            return;
        }
        match self.rows.iter_mut().find(|waiting| waiting.no == row.no) {
            Some(waiting) => waiting.meaning.clone_from(&row.meaning),
            None => self.vectors.push(row.no),
        }
    }

    /// Takes out what waits. Rows count after the tick `since`.
    pub(super) fn take(
        &mut self,
        agent: AgentId,
        since: u64,
        mind: &[Row],
        embedder: &Embedder,
    ) -> Vec<MemoryWrite> {
        let mut writes = std::mem::take(&mut self.again);
        let rows = std::mem::take(&mut self.rows);
        writes.extend(
            rows.iter()
                .map(|row| MemoryWrite::Row(row.record(agent, since, embedder))),
        );
        let vectors = std::mem::take(&mut self.vectors);
        let rows = mind.iter().filter(|row| vectors.contains(&row.no));
        writes.extend(rows.map(|row| {
            let mut embedding = row.embedding(embedder);
            // An empty one takes the place of another model's.
            embedding.vector.get_or_insert_default();
            MemoryWrite::Vector {
                agent,
                no: row.no,
                embedding,
            }
        }));
        for no in writes.iter().filter_map(number) {
            *self.under_way.entry(no).or_default() += 1;
        }
        writes
    }

    /// They are kept.
    pub(super) fn were_kept(&mut self, writes: &[MemoryWrite]) {
        for no in writes.iter().filter_map(number) {
            self.arrived(no);
        }
    }

    /// A write is under way no longer. False: meanwhile its row was forgotten.
    fn arrived(&mut self, no: u64) -> bool {
        let Some(times) = self.under_way.get_mut(&no) else {
            return false;
        };
        *times -= 1;
        if *times == 0 {
            self.under_way.remove(&no);
        }
        true
    }

    /// Puts back what could not be kept, but for what was forgotten meanwhile. Beyond the limit the oldest are let go of.
    pub(super) fn put_back(&mut self, mut writes: Vec<MemoryWrite>) {
        writes.retain(|write| number(write).is_none_or(|no| self.arrived(no)));
        writes.append(&mut self.again);
        let many = writes.len().saturating_sub(WAITING_MAX);
        if many > 0 {
            writes.drain(..many);
            tracing::warn!(
                many,
                "memories were let go of: nobody keeps them for too long"
            );
        }
        self.again = writes;
    }

    pub(super) fn forget(&mut self, goes: impl Fn(u64) -> bool) {
        self.rows.retain(|row| !goes(row.no));
        self.vectors.retain(|no| !goes(*no));
        self.under_way.retain(|no, _| !goes(*no));
        self.again
            .retain(|write| number(write).is_none_or(|no| !goes(no)));
    }
}

/// The row that a write is about.
fn number(write: &MemoryWrite) -> Option<u64> {
    match write {
        MemoryWrite::Row(record) => Some(record.no),
        MemoryWrite::Vector { no, .. } => Some(*no),
        MemoryWrite::Gone { .. } => None,
    }
}
