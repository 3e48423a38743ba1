//! What people say about their work.

/// A trade and the words that go with it. All texts are frames.
pub(in crate::minds::words) struct Trade {
    /// As personas have it, in lower case.
    pub(super) names: &'static [&'static str],
    /// What one does all day, as a noun.
    pub(in crate::minds::words) craft: &'static str,
    /// What one works with, after `my`.
    pub(in crate::minds::words) tools: &'static [&'static str],
    /// How a day of it goes: whole sentences.
    pub(in crate::minds::words) moments: &'static [&'static str],
    /// What others ask about it.
    pub(in crate::minds::words) asks: &'static [&'static str],
    /// How one can help a neighbour, after `I can`.
    pub(in crate::minds::words) helps: &'static [&'static str],
}

/// The words for somebody of a trade, or of none.
pub(in crate::minds::words) fn trade(occupation: Option<&str>) -> &'static Trade {
    let Some(occupation) = occupation else {
        return &IDLE;
    };
    let known = all().find(|trade| {
        trade
            .names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(occupation))
    });
    known.unwrap_or(&ANY)
}

/// All trades that have words.
pub(in crate::minds::words) fn all() -> impl Iterator<Item = &'static Trade> {
    super::makers::TRADES.iter().chain(super::keepers::TRADES)
}

/// A trade in a few lines.
pub(super) const fn trade_of(
    names: &'static [&'static str],
    craft: &'static str,
    tools: &'static [&'static str],
    moments: &'static [&'static str],
    asks: &'static [&'static str],
    helps: &'static [&'static str],
) -> Trade {
    Trade {
        names,
        craft,
        tools,
        moments,
        asks,
        helps,
    }
}

/// For a trade nobody has written words for.
pub(in crate::minds::words) const ANY: Trade = trade_of(
    &[],
    "work",
    &["notebook", "good apron", "second-best chair", "lunch tin"],
    &[
        "The day of {a_job} is longer than it looks from outside.",
        "Nobody tells you beforehand how much of the work is tidying up.",
        "I did in an hour what had taken me all week to put off.",
        "Being {a_job} is mostly [listening|waiting|patience]. The rest is [shoes|lunch].",
        "It was so quiet at work that I [heard my own pencil|alphabetised the tea].",
    ],
    &[
        "What does {a_your_job} do all day?",
        "How's work?",
        "Are you busy these days?",
        "Is it quiet at work?",
    ],
    &[
        "lend a hand on any morning",
        "look into it after work",
        "bring a ladder",
        "ask around",
    ],
);

/// For somebody who has no trade.
pub(in crate::minds::words) const IDLE: Trade = trade_of(
    &[],
    "doing nothing in particular",
    &["walking shoes", "good hat", "umbrella", "notebook"],
    &[
        "I've no trade, so I'm [always busy|asked for everything].",
        "I carried [a ladder|two boxes|a goose] from one end of town to the other. Somebody had to.",
        "I had nothing to do, and it took me all day.",
        "You see a great deal of a town when nobody expects you anywhere.",
    ],
    &[
        "What are you up to these days?",
        "How do you fill your days?",
        "Have you time on your hands?",
    ],
    &[
        "carry the other end of it",
        "come by any time",
        "keep an eye on it",
        "mind the children for an hour",
    ],
);
