//! What people say about the things they are drawn to.

use super::{culture, garden, handwork, outdoors};

/// An interest and the words that go with it. All texts are frames.
pub(in crate::minds::words) struct Interest {
    /// As personas have it.
    pub(super) name: &'static str,
    /// As a noun in a sentence, where the name alone won't do.
    pub(super) called: &'static str,
    /// Things one has or looks for, with their article.
    pub(in crate::minds::words) things: &'static [&'static str],
    /// What somebody drawn to it says of it: whole sentences.
    pub(in crate::minds::words) musings: &'static [&'static str],
    /// What one asks them about it.
    pub(in crate::minds::words) asks: &'static [&'static str],
    /// Something to do together, with its article.
    pub(in crate::minds::words) outings: &'static [&'static str],
}

impl Interest {
    pub(in crate::minds::words) fn name(&self) -> &'static str {
        self.name
    }

    pub(in crate::minds::words) fn called(&self) -> &'static str {
        if self.called.is_empty() {
            self.name
        } else {
            self.called
        }
    }
}

/// The words for an interest nobody has written any for.
pub(in crate::minds::words) const ANY: Interest = Interest {
    name: "",
    called: "",
    things: &[
        "a good book on the subject",
        "somebody to talk shop with",
        "an hour without errands",
    ],
    musings: &[
        "I could talk about {interest} until the lamps go out.",
        "[People yawn|Some people smile] when I start on {interest}. [They come round|Let them].",
        "[I keep a drawer|There is a page in my notebook] for {interest}, and it's nearly full.",
        "There's always one more thing to know about {interest}.",
        "If I had a whole free day, I know where it would go: {interest}.",
        "{^interest}: [it found me|you don't choose it], that's all I can say.",
    ],
    asks: &[
        "Are you still keen on {your_interest}?",
        "What is it about {your_interest} that gets you?",
        "Where does one begin with {your_interest}?",
        "Who else here knows about {your_interest}?",
    ],
    outings: &["an evening about {interest}", "an hour of {interest}"],
};

/// The words for an interest.
pub(in crate::minds::words) fn interest(name: &str) -> &'static Interest {
    all()
        .find(|interest| interest.name.eq_ignore_ascii_case(name))
        .unwrap_or(&ANY)
}

/// All interests that have words.
pub(in crate::minds::words) fn all() -> impl Iterator<Item = &'static Interest> {
    [
        garden::INTERESTS,
        outdoors::INTERESTS,
        handwork::INTERESTS,
        culture::INTERESTS,
    ]
    .into_iter()
    .flatten()
}

/// An interest in a few lines.
pub(super) const fn interest_of(
    name: &'static str,
    things: &'static [&'static str],
    musings: &'static [&'static str],
    asks: &'static [&'static str],
    outings: &'static [&'static str],
) -> Interest {
    Interest {
        name,
        called: "",
        things,
        musings,
        asks,
        outings,
    }
}

impl Interest {
    /// How a sentence refers to it.
    pub(super) const fn called_in_speech(mut self, called: &'static str) -> Self {
        self.called = called;
        self
    }
}
