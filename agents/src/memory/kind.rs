//! What a memory is.

/// What a memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that happened.
    Observation,
    /// What follows from several.
    Reflection,
    /// What one means to do in the next hours.
    Plan,
    /// What one means to do today.
    DayPlan,
    /// What one thinks of somebody.
    Relationship,
    /// Many old ones in one.
    Summary,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Observation,
        Self::Reflection,
        Self::Plan,
        Self::DayPlan,
        Self::Relationship,
        Self::Summary,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observation => "observation",
            Self::Reflection => "reflection",
            Self::Plan => "plan",
            Self::DayPlan => "day_plan",
            Self::Relationship => "relationship",
            Self::Summary => "summary",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it is a plan: the newer takes the place of the older.
    #[must_use]
    pub fn is_plan(self) -> bool {
        matches!(self, Self::Plan | Self::DayPlan)
    }

    /// Whether it is lived through, and so something to reflect on.
    #[must_use]
    pub fn is_lived(self) -> bool {
        matches!(self, Self::Observation | Self::Relationship)
    }
}
