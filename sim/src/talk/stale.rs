//! Conversations of minds that think have a point: one in which everybody has said nothing new in a row is over, and nobody begins one with what they have just said.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Rejection, RejectionCode};

use super::Talks;
use crate::town::Town;

/// Lines that are looked back at.
const LOOKED_BACK: usize = 64;
/// Words of fewer letters say nothing of their own.
const WORD_LETTERS_MIN: usize = 4;
/// Words of politeness, which say nothing new however often they are put together anew.
const POLITE: [&str; 40] = [
    "again",
    "agreed",
    "appreciate",
    "care",
    "dear",
    "enjoy",
    "enjoyed",
    "evening",
    "farewell",
    "friend",
    "glad",
    "good",
    "goodbye",
    "grateful",
    "great",
    "have",
    "hello",
    "indeed",
    "just",
    "kind",
    "lovely",
    "more",
    "morning",
    "much",
    "nice",
    "pleased",
    "pleasure",
    "really",
    "same",
    "soon",
    "sure",
    "take",
    "talk",
    "thank",
    "thanks",
    "very",
    "welcome",
    "will",
    "with",
    "your",
];

impl Talks {
    /// Whether a line says anything that none of the last lines of these people has said.
    pub(crate) fn is_new(&self, text: &str, speakers: &[u32]) -> bool {
        let lately: Vec<String> = self
            .lines
            .iter()
            .rev()
            .take(LOOKED_BACK)
            .filter(|line| speakers.contains(&line.speaker))
            .flat_map(|line| words(&line.text))
            .collect();
        words(text).any(|word| !lately.contains(&word))
    }
}

/// The words of a line that say something.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| {
            let has_number = word.chars().any(char::is_numeric);
            has_number
                || (word.chars().count() >= WORD_LETTERS_MIN && !POLITE.contains(&word.as_str()))
        })
}

impl Town<'_, '_> {
    /// Nobody who thinks begins a conversation with nothing but what they said a moment ago.
    pub(super) fn check_point(&mut self, no: u32, text: &str) -> Result<(), Rejection> {
        let mut lately = self.talks.lines.iter().rev().take(LOOKED_BACK);
        let spoke = lately.any(|line| line.speaker == no);
        if !spoke || !self.thinks_now(no) || self.talks.is_new(text, &[no]) {
            return Ok(());
        }
        Err(Rejection::new(
            RejectionCode::Limit,
            "You have said all of this a moment ago.",
            "Say something new, or leave it: do something else.",
        ))
    }

    /// Whether a language model decides for somebody now.
    fn thinks_now(&mut self, no: u32) -> bool {
        let is_llm = self.resident(no).identity.mind == MindKind::Llm;
        is_llm && !self.lives_by_habit(no)
    }

    /// Counts lines without anything new; a conversation in which everybody has said one in a row is over.
    pub(super) fn count_stale(&mut self, talk: u64, no: u32, new: bool) {
        if !self.thinks_now(no) {
            return;
        }
        let Some(open) = self.talks.open.get_mut(&talk) else {
            return;
        };
        open.stale = if new { 0 } else { open.stale + 1 };
        if open.stale as usize >= open.members.len() {
            self.end_talk(talk);
        }
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::image::LineImage;

    use super::*;

    fn said(lines: &[(u32, &str)]) -> Talks {
        let mut talks = Talks::default();
        for (speaker, text) in lines {
            talks.keep(LineImage {
                speaker: *speaker,
                text: (*text).to_owned(),
            });
        }
        talks
    }

    #[test]
    fn politeness_and_echoes_say_nothing_new() {
        let talks = said(&[(1, "The bridge is closed on Monday."), (2, "Thank you!")]);
        for text in [
            "Thank you so much, dear friend!",
            "The bridge, the bridge! Closed!",
            "Really? Monday?",
            "…",
        ] {
            assert!(!talks.is_new(text, &[1, 2]), "{text}");
        }
        for text in ["Who shut it?", "Until 8?", "Then I take the ferry, thanks."] {
            assert!(talks.is_new(text, &[1, 2]), "{text}");
        }
        assert!(talks.is_new("The bridge!", &[2, 3]), "others said it");
    }
}
