//! What is asked, as words.

use crate::problem::Problem;

/// Characters a question may have.
const QUERY_CHARS_MAX: usize = 1_000;
/// Words that are looked for; further ones are passed over.
const WORDS_MAX: usize = 16;
/// Characters of a word that count.
const WORD_CHARS_MAX: usize = 64;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    words: Vec<String>,
}

impl Question {
    /// Reads what somebody typed. There is no syntax: quotes, stars and operators part words and mean nothing.
    ///
    /// # Errors
    /// 400 when it is too long or has no word in it.
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
        if text.chars().nth(QUERY_CHARS_MAX).is_some() {
            return Err(Problem::invalid(
                format!("The question has more than {QUERY_CHARS_MAX} characters."),
                "Ask for a few words.",
            ));
        }
        let mut words: Vec<String> = Vec::new();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            let word: String = word.to_lowercase().chars().take(WORD_CHARS_MAX).collect();
            if !word.is_empty() && !words.contains(&word) {
                words.push(word);
            }
        }
        // A single letter stands nearly everywhere; a sign of Chinese does not.
        if words.iter().any(|word| !is_letter(word)) {
            words.retain(|word| !is_letter(word));
        }
        words.truncate(WORDS_MAX);
        if words.is_empty() {
            return Err(Problem::invalid(
                "The question `q` has no word in it.",
                "Ask for words, such as `q=bread`.",
            ));
        }
        Ok(Self { words })
    }

    /// Its words in lower case, in the order they came in.
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// The same question has the same name.
    pub(crate) fn name(&self) -> String {
        self.words.join(" ")
    }
}

fn is_letter(word: &str) -> bool {
    word.len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Question::read(text).expect("it has words").words
    }

    #[test]
    fn syntax_means_nothing() {
        assert_eq!(
            words("\"Bread\" AND (rye* OR -title:tea)"),
            ["bread", "and", "rye", "or", "title", "tea"]
        );
        assert_eq!(words("a b bread B"), ["bread"]);
        assert_eq!(words("a b A"), ["a", "b"]);
        assert_eq!(words("東 京"), ["東", "京"]);
        assert_eq!(words(&"x y ".repeat(250)), ["x", "y"]);
        let many: String = (0..90).map(|n| format!("word{n} ")).collect();
        assert_eq!(words(&many).len(), WORDS_MAX);
        assert_eq!(words(&"w".repeat(1_000))[0].len(), WORD_CHARS_MAX);
    }

    #[test]
    fn what_has_no_words_is_refused() {
        for nothing in ["", " ", "!?*", "\u{200B}", "🙂"] {
            assert!(Question::read(nothing).is_err(), "{nothing:?}");
        }
        assert!(Question::read(&"w".repeat(QUERY_CHARS_MAX + 1)).is_err());
    }
}
