//! Hears an agent at work, without ever keeping it waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hamlet_protocol::secrets;
use hamlet_protocol::task::{TASK_SAID_MAX, TaskEar, TaskSaid};
use tokio::sync::{mpsc, watch};

/// Where what an agent says goes.
pub(super) struct Ear {
    words: watch::Sender<Words>,
    said: mpsc::Sender<TaskSaid>,
    spent: Arc<AtomicI64>,
}

/// The other end.
pub(super) struct Heard {
    pub(super) words: watch::Receiver<Words>,
    pub(super) said: mpsc::Receiver<TaskSaid>,
}

/// Words that are not final.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    /// How often they have begun anew.
    began: u64,
}

pub(super) fn ear() -> (Ear, Heard) {
    let (words, words_heard) = watch::channel(Words::default());
    let (said, said_heard) = mpsc::channel(TASK_SAID_MAX);
    let heard = Heard {
        words: words_heard,
        said: said_heard,
    };
    let spent = Arc::default();
    (Ear { words, said, spent }, heard)
}

impl Ear {
    /// What the work has cost so far, in micro-dollars.
    pub(super) fn cost(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.spent)
    }
}

impl TaskEar for Ear {
    fn words(&self, known: usize, new: &str) {
        self.words.send_modify(|words| {
            if known == 0 || known != words.text.len() {
                words.text.clear();
                words.began += 1;
            }
            words.text.push_str(new);
        });
    }

    fn said(&self, said: TaskSaid) {
        if self.said.try_send(said).is_err() {
            tracing::warn!("an agent at work says more than anybody writes down");
        }
    }

    fn spent(&self, cost_micros: i64) {
        self.spent.store(cost_micros, Ordering::Relaxed);
    }
}

/// Lines already told that are looked at again with what is new: what makes a secret stands on one line, its neighbours decide whether it is wrapped data.
const LINES_AGAIN: usize = 3;

/// How much of the words that are not final was told.
#[derive(Debug, Default)]
pub(super) struct Told {
    began: u64,
    bytes: usize,
    chars: u64,
    /// They hold a key or password: no more of them is told.
    secret: bool,
}

impl Told {
    /// What is new, and after how many letters it comes. A word is told once it is whole, so that it is known not to be a key.
    pub(super) fn fresh(&mut self, words: &Words) -> Option<(u64, String)> {
        if self.began != words.began {
            *self = Self {
                began: words.began,
                ..Self::default()
            };
        }
        let whole = words.text.rfind(char::is_whitespace).unwrap_or(0);
        if self.secret || whole <= self.bytes {
            return None;
        }
        // All that was told was looked at: a long answer is not searched from its beginning each time.
        let mut breaks = words.text[..self.bytes].rmatch_indices('\n');
        let from = breaks.nth(LINES_AGAIN - 1).map_or(0, |(at, _)| at);
        if secrets::find(&words.text[from..whole]).is_some() {
            self.secret = true;
            return None;
        }
        let text = words.text[self.bytes..whole].to_owned();
        let from = self.chars;
        self.bytes = whole;
        self.chars += text.chars().count() as u64;
        Some((from, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_once_each_when_they_are_whole_and_anew_with_another_answer() {
        let (ear, heard) = ear();
        let mut told = Told::default();
        let mut hear = |known, new| {
            ear.words(known, new);
            told.fresh(&heard.words.borrow())
        };
        let some = |from, text: &str| Some((from, text.to_owned()));
        assert_eq!(hear(0, "Grü"), None);
        assert_eq!(hear(4, "ße "), some(0, "Grüße"));
        assert_eq!(hear(8, "an Ma"), some(5, " an"));
        assert_eq!(hear(13, "ra. "), some(8, " Mara."));
        assert_eq!(hear(0, "Ganz neu"), some(0, "Ganz"));
        assert_eq!(hear(0, "Und wieder neu"), some(0, "Und wieder"));
    }

    /// All that is told of a text which comes letter by letter.
    fn told_of(text: &str) -> String {
        let (ear, heard) = ear();
        let mut told = Told::default();
        let mut all = String::new();
        let mut known = 0;
        for letter in text.chars() {
            ear.words(known, &letter.to_string());
            known += letter.len_utf8();
            all.extend(told.fresh(&heard.words.borrow()).map(|(_, text)| text));
        }
        all
    }

    fn key() -> String {
        format!("hamlet_sk_{}", "aB3dE6gH9jK".repeat(4))
    }

    #[test]
    fn a_key_is_not_told_while_it_is_written() {
        assert_eq!(told_of(&format!("Take {} and go", key())), "Take");
    }

    #[test]
    fn a_key_is_not_told_however_much_was_told_before_it() {
        let before = "Une phrase — à part.\n".repeat(20);
        let text = format!("{before}Take {} and go\non", key());
        assert_eq!(told_of(&text), format!("{before}Take"));
        let (begin, end) = ("BEGIN", "END");
        let text = format!(
            "{before}-----{begin} RSA PRIVATE KEY-----\nMIIE\n-----{end} RSA PRIVATE KEY-----\n"
        );
        assert_eq!(told_of(&text), format!("{before}-----{begin} RSA PRIVATE"));
        let text = format!("{before}password: Kx7&mQ2!pL9z and more");
        assert_eq!(told_of(&text), format!("{before}password:"));
    }

    #[test]
    fn wrapped_data_is_told_line_by_line() {
        let line = "aB3cD4eF5gH6iJ7kL8mN9oP1qR2sT0uV".repeat(2);
        assert!(secrets::find(&format!("Take {line} and go")).is_some());
        let text = format!("Data:\n{}End.", format!("{line}\n").repeat(9));
        assert_eq!(told_of(&format!("{text} ")), text);
    }
}
