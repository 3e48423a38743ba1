//! Looking back: once enough has happened, a thought begins with what follows from it.

use super::{Kind, Memory, New, Row};

/// Importance that has to gather before somebody reflects.
pub const REFLECT_AT: u32 = 100;
/// Memories that one is shown to reflect on.
pub const EVIDENCE_MAX: usize = 12;
/// Insights of one reflection.
pub const INSIGHTS_MAX: usize = 3;
/// Thoughts in a row that ask for a reflection; a model that gives none is left alone until as much has happened again.
const ASKED_MAX: u32 = 3;
/// How much an insight matters where the model does not say.
pub const INSIGHT_IMPORTANCE: u8 = 8;

/// What follows from several memories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insight {
    /// In words.
    pub text: String,
    /// 1 to 10.
    pub importance: u8,
    /// Numbers of the memories.
    pub of: Vec<u64>,
}

impl Memory {
    /// Whether enough has happened since the last reflection.
    #[must_use]
    pub fn reflection_is_due(&self) -> bool {
        self.unreflected >= REFLECT_AT
    }

    /// What there is to reflect on at a tick: the weightiest of what was lived through since the last time, in order.
    #[must_use]
    pub fn evidence(&self, tick: u64) -> Vec<&Row> {
        let since = self.newest(Kind::Reflection).map(|row| row.no);
        let mut lived: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.kind.is_lived() && row.tick <= tick)
            .filter(|row| since.is_none_or(|since| row.no > since))
            .collect();
        lived.sort_by_key(|row| (std::cmp::Reverse(row.importance), std::cmp::Reverse(row.no)));
        lived.truncate(EVIDENCE_MAX);
        lived.sort_by_key(|row| row.no);
        lived
    }

    /// A thought that asks for a reflection begins.
    pub(crate) fn asked_to_reflect(&mut self) {
        self.reflections_asked += 1;
        if self.reflections_asked > ASKED_MAX {
            self.reflected();
        }
    }

    /// Keeps what follows.
    pub fn reflect(&mut self, tick: u64, insights: Vec<Insight>) -> Vec<Row> {
        let mut added = Vec::new();
        for insight in insights.into_iter().take(INSIGHTS_MAX) {
            added.extend(self.note(New {
                importance: insight.importance,
                of: insight.of,
                ..New::own(tick, Kind::Reflection, &insight.text)
            }));
        }
        self.reflected();
        added
    }

    fn reflected(&mut self) {
        (self.unreflected, self.reflections_asked) = (0, 0);
    }
}
