//! What an agent remembers for good: rows with a tick, found again by recency, relevance and importance.
//!
//! Rows are only ever added, each with the tick it is of, so that what a thought finds depends on its tick alone. When there are more than an agent may
//! keep in mind, the least of them are drawn together into a summary, and what is somebody else's words stays marked as theirs.
//! What was added waits in an outbox until whoever keeps memories has it.

mod embedder;
mod kind;
mod lexical;
mod outbox;
mod reflection;
mod relevance;
mod revise;
mod row;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{ERASED, MemoryPage, MemoryQuery, MemoryRecord, MemoryWrite};

pub use embedder::Embedder;
use embedder::Meaning;
pub use kind::Kind;
pub use lexical::LEXICAL_MODEL;
use outbox::Outbox;
pub use reflection::{EVIDENCE_MAX, INSIGHT_IMPORTANCE, INSIGHTS_MAX, Insight, REFLECT_AT};
pub use relevance::{Hybrid, Question, Relevance};
pub use row::Row;
use words::Words;

use crate::redact::clean;

/// Characters of one memory.
pub const TEXT_CHARS_MAX: usize = 500;
/// Memories that one agent has in mind; the least important of the older half then become one summary.
pub const ROWS_MAX: usize = 400;
/// Rows that one summary draws together.
const SUMMARISED: usize = 40;
/// Newest rows among which the same is not remembered again.
const SAME_AMONG: usize = 20;
/// Hours after which what happened counts half.
const HALF_LIFE_HOURS: f64 = 24.0;

/// Something new to remember.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Tick it is of.
    pub tick: u64,
    /// What it is.
    pub kind: Kind,
    /// The words; beyond [`TEXT_CHARS_MAX`] characters they are cut.
    pub text: &'a str,
    /// 1 to 10.
    pub importance: u8,
    /// Whose words they are, where they are not one's own.
    pub source: Option<String>,
    /// Handle of whom it is about.
    pub about: Option<String>,
    /// Numbers of the rows it follows from.
    pub of: Vec<u64>,
}

impl<'a> New<'a> {
    /// In one's own words, about nobody, of middling importance.
    #[must_use]
    pub fn own(tick: u64, kind: Kind, text: &'a str) -> Self {
        Self {
            tick,
            kind,
            text,
            importance: 5,
            source: None,
            about: None,
            of: Vec::new(),
        }
    }
}

/// What one agent remembers.
#[derive(Clone, Debug)]
pub struct Memory {
    /// What is in mind, in order of numbers.
    rows: Vec<Row>,
    next: u64,
    embedder: Embedder,
    relevance: Arc<dyn Relevance>,
    outbox: Outbox,
    /// Observations of the village up to this tick are in here.
    pub(crate) seen_tick: Option<u64>,
    /// Importance gathered since the last reflection.
    unreflected: u32,
    reflections_asked: u32,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(Embedder::default(), false)
    }
}

impl Memory {
    /// An empty memory. `is_kept`: whether somebody takes out what is to be kept.
    #[must_use]
    pub fn new(embedder: Embedder, is_kept: bool) -> Self {
        Self {
            rows: Vec::new(),
            next: 0,
            embedder,
            relevance: Arc::new(Hybrid),
            outbox: Outbox::new(is_kept),
            seen_tick: None,
            unreflected: 0,
            reflections_asked: 0,
        }
    }

    /// Puts back what was kept, in order of numbers.
    #[must_use]
    pub fn restore(records: Vec<MemoryRecord>, embedder: Embedder) -> Self {
        let replaced: BTreeSet<u64> = records
            .iter()
            .flat_map(|record| record.replaces.iter().copied())
            .collect();
        let next = records.last().map_or(0, |record| record.no + 1);
        // What happened is taken in whole at the beginning of a thought, so the newest says how far that went.
        let seen = records
            .iter()
            .filter(|record| [Kind::Observation.as_str(), ERASED].contains(&record.kind.as_str()));
        let seen_tick = seen.map(|record| record.tick).max();
        let rows: Vec<Row> = records
            .into_iter()
            .filter(|record| !replaced.contains(&record.no))
            .filter_map(|record| Row::of(record, &embedder))
            .collect();
        let mut memory = Self {
            next,
            seen_tick,
            rows,
            ..Self::new(embedder, true)
        };
        let reflected = memory.newest(Kind::Reflection).map(|row| row.no);
        let lived = memory.rows.iter().filter(|row| row.kind.is_lived());
        memory.unreflected = lived
            .filter(|row| reflected.is_none_or(|reflected| row.no > reflected))
            .map(|row| u32::from(row.importance))
            .sum();
        memory
    }

    /// Weighs memories in another way.
    pub fn weigh_by(&mut self, relevance: Arc<dyn Relevance>) {
        self.relevance = relevance;
    }

    /// Remembers something of one's own, or somebody's words; see [`Memory::note`].
    pub fn add(
        &mut self,
        tick: u64,
        kind: Kind,
        text: &str,
        importance: u8,
        source: Option<String>,
    ) -> Vec<Row> {
        self.note(New {
            importance,
            source,
            ..New::own(tick, kind, text)
        })
    }

    /// Remembers something, unless just that is among the newest already. Gives back the rows that were added: the memory, and a summary where one was due.
    pub fn note(&mut self, new: New<'_>) -> Vec<Row> {
        // Rows outlive the process: what looks like a key is not written down.
        let text = clean(new.text.trim(), TEXT_CHARS_MAX);
        let known = |row: &Row| row.text == text && row.kind == new.kind;
        if text.is_empty() || self.rows.iter().rev().take(SAME_AMONG).any(known) {
            return Vec::new();
        }
        let importance = new.importance.clamp(1, 10);
        if new.kind.is_lived() {
            self.unreflected += u32::from(importance);
        }
        let replaces = match new.kind.is_plan() {
            true => {
                let plans = self.rows.iter().filter(|row| row.kind == new.kind);
                plans.map(|row| row.no).collect()
            }
            false => Vec::new(),
        };
        let mut added = vec![self.push(new, text, importance, replaces)];
        if self.rows.len() > ROWS_MAX {
            added.extend(self.summarise());
        }
        added
    }

    /// The next number; it is never given again.
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    fn push(&mut self, new: New<'_>, text: String, importance: u8, replaces: Vec<u64>) -> Row {
        let row = Row {
            no: self.number(),
            tick: new.tick,
            kind: new.kind,
            words: Words::of(&text),
            meaning: self.embedder.meaning(&text),
            text,
            importance,
            source: new.source,
            about: new.about,
            of: new.of,
            replaces,
        };
        self.rows.retain(|old| !row.replaces.contains(&old.no));
        self.outbox.add(&row);
        self.rows.push(row.clone());
        row
    }

    /// Draws the least important rows of the older half together.
    fn summarise(&mut self) -> Option<Row> {
        let tick = self.rows.last()?.tick;
        let mut older: Vec<(u8, u64)> = self.rows[..self.rows.len() / 2]
            .iter()
            .map(|row| (row.importance, row.no))
            .collect();
        older.sort_unstable();
        let mut gone: Vec<u64> = older.iter().take(SUMMARISED).map(|&(_, no)| no).collect();
        gone.sort_unstable();
        let (mut words, mut others) = (Vec::new(), false);
        for row in self.rows.iter().filter(|row| gone.contains(&row.no)) {
            others |= row.source.is_some();
            let short: String = row.text.chars().take(60).collect();
            words.push(short);
        }
        let text: String = format!("Of long ago: {}", words.join(" / "))
            .chars()
            .take(TEXT_CHARS_MAX)
            .collect();
        let new = New {
            source: others.then(|| "several".to_owned()),
            ..New::own(tick, Kind::Summary, "")
        };
        Some(self.push(new, text, 4, gone))
    }

    /// What fits a question best: recency, relevance and importance together, ties by number.
    #[must_use]
    pub fn find(
        &self,
        question: &Question,
        tick: u64,
        secs_per_tick: u32,
        most: usize,
    ) -> Vec<&Row> {
        let rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.tick <= tick && (question.plans || !row.kind.is_plan()))
            .collect();
        let relevance = self.relevance.of(question, &rows);
        let mut scored: Vec<(f64, &Row)> = rows
            .into_iter()
            .zip(relevance)
            .map(|(row, relevance)| {
                let hours = (tick - row.tick) as f64 * f64::from(secs_per_tick) / 3_600.0;
                let recency = HALF_LIFE_HOURS / (HALF_LIFE_HOURS + hours);
                let importance = f64::from(row.importance) / 10.0;
                let favour = relevance::favour(row, question);
                (recency + 2.0 * relevance + importance + favour, row)
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.no.cmp(&b.1.no)));
        scored.into_iter().take(most).map(|(_, row)| row).collect()
    }

    /// The newest of a kind.
    #[must_use]
    pub fn newest(&self, kind: Kind) -> Option<&Row> {
        self.rows.iter().rev().find(|row| row.kind == kind)
    }

    /// Whether the row with this number is in mind.
    #[must_use]
    pub fn has(&self, no: u64) -> bool {
        self.rows.binary_search_by_key(&no, |row| row.no).is_ok()
    }

    /// How many are in mind.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What whoever may look asks for: newest first, or the most fitting first.
    #[must_use]
    pub fn page(&self, query: &MemoryQuery) -> MemoryPage {
        let fits = |row: &&Row| {
            let kind = query.kind.as_deref();
            kind.is_none_or(|kind| row.kind.as_str() == kind)
                && query.below.is_none_or(|below| row.no < below)
        };
        let mut rows: Vec<&Row> = self.rows.iter().rev().filter(fits).collect();
        if let Some(words) = &query.words {
            let asked = Words::of(words);
            let texts: Vec<&Words> = rows.iter().map(|row| &row.words).collect();
            let scores = words::scores(&asked, &texts);
            let mut scored: Vec<(f64, &Row)> = scores.into_iter().zip(rows).collect();
            scored.retain(|(score, _)| *score > 0.0);
            // Newest first among equals, as they stand.
            scored.sort_by(|a, b| b.0.total_cmp(&a.0));
            rows = scored.into_iter().map(|(_, row)| row).collect();
        }
        let rest = rows.get(query.skip..).unwrap_or_default();
        MemoryPage {
            memories: rest.iter().take(query.most).map(|row| row.view()).collect(),
            more: rest.len() > query.most,
        }
    }

    /// Rows whose vector is awaited, with their words, oldest first.
    pub(crate) fn awaiting(&self) -> Vec<(u64, String)> {
        let rows = self.rows.iter();
        rows.filter(|row| row.meaning == Meaning::Awaited)
            .map(|row| (row.no, row.text.clone()))
            .collect()
    }

    /// A vector has come.
    pub(crate) fn set_vector(&mut self, no: u64, vector: Vec<f32>) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.no == no) {
            row.meaning = Meaning::Dense(vector);
            self.outbox.add_vector(row);
        }
    }

    /// All rows in mind are embedded anew: what is known at once is to be kept, the rest is awaited.
    pub(crate) fn embed_anew(&mut self) {
        for row in &mut self.rows {
            row.meaning = self.embedder.meaning(&row.text);
            if row.meaning != Meaning::Awaited {
                self.outbox.add_vector(row);
            }
        }
    }

    /// Takes out what is to be kept; it counts after the tick `since`.
    pub(crate) fn take_unsaved(&mut self, agent: AgentId, since: u64) -> Vec<MemoryWrite> {
        self.outbox.take(agent, since, &self.rows, &self.embedder)
    }

    /// What was taken out is kept.
    pub(crate) fn were_kept(&mut self, writes: &[MemoryWrite]) {
        self.outbox.were_kept(writes);
    }

    /// Puts back what could not be kept.
    pub(crate) fn put_back(&mut self, writes: Vec<MemoryWrite>) {
        self.outbox.put_back(writes);
    }
}
