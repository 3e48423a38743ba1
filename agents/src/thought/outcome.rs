//! How a thought can end.

use hamlet_protocol::minds::ThoughtEnd;

/// How a thought ended; there is no other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Something was done, or planned for the village.
    Acted,
    /// Nothing was to be done.
    Rested,
    /// The model refused.
    Refused,
    /// It said nothing, again and again.
    Empty,
    /// Its answers were cut off, again and again.
    Truncated,
    /// It called what is not there, or in a way that makes no sense, again and again.
    Malformed,
    /// It did the same again and again.
    Looping,
    /// What it wanted could not be done, again and again.
    Refusals,
    /// It called what is not for it, again and again.
    NotPermitted,
    /// Too many answers.
    TurnLimit,
    /// Too many tokens.
    TokenLimit,
    /// Too dear.
    PriceLimit,
    /// Nothing may be spent any more.
    Budget,
    /// Whoever thinks has too little money for it.
    Funds,
    /// A limit of their tier, or a cap of theirs, of their owner's or of the village's, is reached.
    Quota,
    /// It took too long.
    OutOfTime,
    /// No model answered.
    Unavailable,
    /// The village wanted it no longer.
    Stale,
}

impl Outcome {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acted => "acted",
            Self::Rested => "rested",
            Self::Refused => "refused",
            Self::Empty => "empty",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Looping => "looping",
            Self::Refusals => "refusals",
            Self::NotPermitted => "not_permitted",
            Self::TurnLimit => "turn_limit",
            Self::TokenLimit => "token_limit",
            Self::PriceLimit => "price_limit",
            Self::Budget => "budget",
            Self::Funds => "funds",
            Self::Quota => "quota",
            Self::OutOfTime => "out_of_time",
            Self::Unavailable => "unavailable",
            Self::Stale => "stale",
        }
    }

    /// What the village is told.
    #[must_use]
    pub fn end(self) -> ThoughtEnd {
        match self {
            Self::Acted | Self::Rested => ThoughtEnd::Done,
            _ => ThoughtEnd::Failed,
        }
    }
}
