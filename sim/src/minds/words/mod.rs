//! Template texts with slots: what residents who live by habit say and write.
//!
//! Every function is pure: the same scene and stream give the same words. Frames (see `frames`) are written with
//! choices and slots, so that a few dozen of them say many thousands of things; `voice` fills them from a [`Scene`].

mod answers;
mod comebacks;
mod frames;
mod greetings;
mod notes;
mod questions;
mod replies;
mod smalltalk;
mod subject;
mod tales;
#[cfg(test)]
mod tests;
mod vocabulary;
mod voice;

use std::sync::Arc;

use hamlet_protocol::goods::Item;
use hamlet_protocol::image::Topic;
use hamlet_protocol::map::LandmarkKind;
use hamlet_protocol::money::Money;
use hamlet_protocol::persona::Persona;

pub(crate) use answers::answer;
pub(crate) use comebacks::{answer_as_author, answer_as_named, introduction, welcome};
pub(crate) use greetings::{farewell, greeting, greeting_back};
pub(crate) use notes::note;
pub(crate) use questions::topic_of;
pub(crate) use replies::{reply, reply_to_comment};
pub(crate) use smalltalk::small_talk;
pub(crate) use subject::{is_about, names};
pub(crate) use tales::{news, remark};

/// Longest text of a line, a note or a reply, in characters.
/// Only a piece of news may be longer: it is repeated to the letter.
pub(crate) const TEXT_CHARS_MAX: usize = 500;
/// Longest title, in characters.
pub(crate) const TITLE_CHARS_MAX: usize = 80;

/// What words may refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scene {
    /// First name of whoever speaks or writes.
    pub(crate) speaker: String,
    /// Who that is.
    pub(crate) persona: Arc<Persona>,
    /// First name of whoever is addressed.
    pub(crate) listener: Option<String>,
    /// Who that is.
    pub(crate) other: Option<Arc<Persona>>,
    /// Hour of the day.
    pub(crate) hour: u32,
    /// The landmark the speaker is in.
    pub(crate) place: Option<Spot>,
    /// −1000 to 1000.
    pub(crate) mood: i16,
    /// Whether the speaker is having a meal.
    pub(crate) eating: bool,
    /// How well the speaker knows the listener, 0 to 1000.
    pub(crate) closeness: u16,
    /// How the speaker likes the listener, −1000 to 1000.
    pub(crate) liking: i16,
    /// Title of the hottest note on the board.
    pub(crate) board_title: Option<String>,
    /// What the last line of the conversation was about.
    pub(crate) topic: Topic,
    /// What the line shall end by asking.
    pub(crate) ask: Option<Topic>,
    /// Lines already said in this conversation.
    pub(crate) lines: u32,
    /// Whether more than two take part.
    pub(crate) group: bool,
    /// Whether the conversation ends with this line.
    pub(crate) closing: bool,
    /// Text of the comment that is answered.
    pub(crate) comment: Option<String>,
    /// Stays the same through a conversation: what is chosen by it is stuck to.
    pub(crate) thread: u64,
}

/// A place something happened in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The landmark's name.
    pub(crate) name: String,
    pub(crate) kind: LandmarkKind,
    /// Whether it is the home of whoever speaks.
    pub(crate) own: bool,
}

impl Spot {
    /// As a noun: `the Town Hall`, `Willow Park`, `my kitchen`.
    fn noun(&self) -> String {
        if self.own {
            "my kitchen".to_owned()
        } else {
            vocabulary::places::with_article(&self.name)
        }
    }

    /// With a preposition: `at the Town Hall`, `in Willow Park`, `at home`.
    fn adverb(&self) -> String {
        if self.own {
            return "at home".to_owned();
        }
        let preposition = vocabulary::places::preposition(&self.name, &self.kind);
        format!("{preposition} {}", self.noun())
    }
}

/// Something that happened, with names.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// Talked with somebody.
    Talked(String),
    /// Learned from somebody a piece of news.
    News(String, String),
    /// Had a meal somewhere.
    Ate(Spot),
    /// Slept a night.
    Slept,
    /// Made something somewhere.
    Worked(Spot, Item),
    /// Swapped with somebody: given, got.
    Traded(String, Item, Item),
    /// Was given something by somebody.
    Received(String, Item),
    /// Read a note of this title.
    Read(String),
    /// Was answered by somebody on a note of this title.
    Answered(String, String),
    /// Stood before a closed door.
    FoundClosed(Spot),
    /// Was rewarded, or penalised, for a reason.
    Rewarded(Money, String),
    /// Rested somewhere.
    Rested(Spot),
    /// Is followed by somebody.
    FollowedBy(String),
}

/// A text cut at a word so that it has at most `chars_max` characters; what is cut shows as an ellipsis.
fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let end = text
        .char_indices()
        .nth(chars_max.saturating_sub(1))
        .map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let whole_words = head
        .rsplit_once(char::is_whitespace)
        .map_or(head, |(words, _)| words);
    format!(
        "{}…",
        whole_words.trim_end_matches(|c: char| !c.is_alphanumeric())
    )
}
