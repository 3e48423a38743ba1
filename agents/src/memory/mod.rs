//! What an agent remembers for good: rows with a tick, found again by recency, relevance and importance.
//!
//! Rows are only ever added, each with the tick it is of, so that what a thought finds depends on its tick alone. When there are more than an agent may
//! keep, the least of them are drawn together into a summary, and what is somebody else's words stays marked as theirs.

mod lexical;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use hamlet_protocol::minds::MemoryView;

pub use lexical::LEXICAL_MODEL;
use lexical::embed;

/// Characters of one memory.
pub const TEXT_CHARS_MAX: usize = 500;
/// Memories of one agent; the least important of the older half then become one summary.
pub const ROWS_MAX: usize = 400;
/// Rows that one summary draws together.
const SUMMARISED: usize = 40;
/// Hours after which what happened counts half.
const HALF_LIFE_HOURS: f64 = 24.0;

/// What a memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that happened.
    Observation,
    /// What follows from several.
    Reflection,
    /// What one means to do.
    Plan,
    /// What one thinks of somebody.
    Relationship,
    /// Many old ones in one.
    Summary,
}

impl Kind {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observation => "observation",
            Self::Reflection => "reflection",
            Self::Plan => "plan",
            Self::Relationship => "relationship",
            Self::Summary => "summary",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "reflection" => Self::Reflection,
            "plan" => Self::Plan,
            "relationship" => Self::Relationship,
            "summary" => Self::Summary,
            _ => Self::Observation,
        }
    }
}

/// One memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number among this agent's memories, from 0.
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
    vector: lexical::Sparse,
}

/// What one agent remembers.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    rows: Vec<Row>,
    next: u64,
    /// Observations of the village up to this tick are in here.
    pub(crate) seen_tick: Option<u64>,
    /// Importance gathered since the last reflection.
    pub(crate) unreflected: u32,
}

impl Memory {
    /// Puts back rows as they were kept, in order of their numbers.
    #[must_use]
    pub fn restore(rows: Vec<(u64, u64, Kind, String, u8, Option<String>)>) -> Self {
        let rows: Vec<Row> = rows
            .into_iter()
            .map(|(no, tick, kind, text, importance, source)| Row {
                vector: embed(&text),
                no,
                tick,
                kind,
                text,
                importance,
                source,
            })
            .collect();
        Self {
            next: rows.last().map_or(0, |row| row.no + 1),
            seen_tick: rows.last().map(|row| row.tick),
            unreflected: 0,
            rows,
        }
    }

    /// Remembers something, unless just that is among the newest already. Gives back the rows that were added: the memory, and a summary where one was due.
    pub fn add(
        &mut self,
        tick: u64,
        kind: Kind,
        text: &str,
        importance: u8,
        source: Option<String>,
    ) -> Vec<Row> {
        let text: String = text.trim().chars().take(TEXT_CHARS_MAX).collect();
        let known = |row: &Row| row.text == text && row.kind == kind;
        if text.is_empty() || self.rows.iter().rev().take(20).any(known) {
            return Vec::new();
        }
        let importance = importance.clamp(1, 10);
        self.unreflected += u32::from(importance);
        let mut added = vec![self.push(tick, kind, text, importance, source)];
        if self.rows.len() > ROWS_MAX {
            added.extend(self.summarise(tick));
        }
        added
    }

    fn push(
        &mut self,
        tick: u64,
        kind: Kind,
        text: String,
        importance: u8,
        source: Option<String>,
    ) -> Row {
        let row = Row {
            no: self.next,
            tick,
            kind,
            vector: embed(&text),
            text,
            importance,
            source,
        };
        self.next += 1;
        self.rows.push(row.clone());
        row
    }

    /// Draws the least important rows of the older half together.
    fn summarise(&mut self, tick: u64) -> Option<Row> {
        let mut older: Vec<(u8, u64)> = self.rows[..self.rows.len() / 2]
            .iter()
            .map(|row| (row.importance, row.no))
            .collect();
        older.sort_unstable();
        let gone: BTreeSet<u64> = older.iter().take(SUMMARISED).map(|&(_, no)| no).collect();
        let (mut words, mut others) = (Vec::new(), false);
        for row in self.rows.iter().filter(|row| gone.contains(&row.no)) {
            others |= row.source.is_some();
            let short: String = row.text.chars().take(60).collect();
            words.push(short);
        }
        self.rows.retain(|row| !gone.contains(&row.no));
        let text: String = format!("Of long ago: {}", words.join(" / "))
            .chars()
            .take(TEXT_CHARS_MAX)
            .collect();
        let source = others.then(|| "several".to_owned());
        Some(self.push(tick, Kind::Summary, text, 4, source))
    }

    /// What fits a question best: recency, relevance and importance together, ties by number.
    #[must_use]
    pub fn find(&self, about: &str, tick: u64, secs_per_tick: u32, most: usize) -> Vec<&Row> {
        let question = embed(about);
        let mut scored: Vec<(f64, &Row)> = self
            .rows
            .iter()
            .filter(|row| row.tick <= tick)
            .map(|row| {
                let hours = (tick - row.tick) as f64 * f64::from(secs_per_tick) / 3_600.0;
                let recency = HALF_LIFE_HOURS / (HALF_LIFE_HOURS + hours);
                let relevance = f64::from(lexical::likeness(&question, &row.vector));
                let importance = f64::from(row.importance) / 10.0;
                (recency + 2.0 * relevance + importance, row)
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

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The newest, newest first, for whoever may look.
    #[must_use]
    pub fn view(&self, most: usize) -> Vec<MemoryView> {
        let rows = self.rows.iter().rev().take(most);
        rows.map(|row| MemoryView {
            no: row.no,
            tick: row.tick,
            kind: row.kind.as_str().to_owned(),
            text: row.text.clone(),
            importance: row.importance,
            source: row.source.clone(),
        })
        .collect()
    }
}
