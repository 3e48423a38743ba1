//! Which memories answer a question.

use std::fmt;

use super::embedder::{Embedder, Meaning};
use super::words::{Words, scores};
use super::{Kind, Row};

/// A question to one's memory.
#[derive(Clone, Debug)]
pub struct Question {
    /// Handles of those whom it is about.
    pub(super) about: Vec<String>,
    /// Whether plans answer it.
    pub(super) plans: bool,
    words: Words,
    meaning: Meaning,
}

impl Question {
    /// A question in words. `vector`: what the pool's model makes of it, where one is used.
    #[must_use]
    pub fn of(text: &str, vector: Option<Vec<f32>>) -> Self {
        Self {
            about: Vec::new(),
            plans: true,
            words: Words::of(text),
            meaning: vector.map_or_else(|| Embedder::Lexical.meaning(text), Meaning::Dense),
        }
    }

    /// The same, where these people matter.
    #[must_use]
    pub fn about(self, about: Vec<String>) -> Self {
        Self { about, ..self }
    }

    /// The same, to which no plan is an answer.
    #[must_use]
    pub fn without_plans(self) -> Self {
        Self {
            plans: false,
            ..self
        }
    }
}

/// How relevant memories are. Whoever wants an index of another kind puts it in here; see `docs/adr/0014-…`.
pub trait Relevance: fmt::Debug + Send + Sync {
    /// 0 to 1 for each row.
    fn of(&self, question: &Question, rows: &[&Row]) -> Vec<f64>;
}

/// By words and by meaning, half each; every row is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hybrid;

impl Relevance for Hybrid {
    fn of(&self, question: &Question, rows: &[&Row]) -> Vec<f64> {
        let words: Vec<&Words> = rows.iter().map(|row| &row.words).collect();
        let by_words = scores(&question.words, &words);
        let by_meaning = rows
            .iter()
            .map(|row| f64::from(question.meaning.likeness(&row.meaning)));
        by_words
            .into_iter()
            .zip(by_meaning)
            .map(|(words, meaning)| (words + meaning) / 2.0)
            .collect()
    }
}

/// What speaks for a row whatever the question: insights, and what one thinks of those who matter now.
pub(super) fn favour(row: &Row, question: &Question) -> f64 {
    let matters = |who: &String| question.about.contains(who);
    match row.kind {
        Kind::Reflection => 0.3,
        Kind::Relationship if row.about.as_ref().is_some_and(matters) => 0.8,
        Kind::Relationship => 0.2,
        Kind::Observation | Kind::Plan | Kind::DayPlan | Kind::Summary => 0.0,
    }
}
