//! Codes that people compare: a word and four characters, such as `reef-X4B2`.

use crate::problem::Problem;

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 29] = b"ABCDEFGHJKMNPQRTUVWXY23456789";
/// Characters behind the word.
const TAIL: usize = 4;
/// Short words that are easy to say.
const WORDS: [&str; 64] = [
    "acre", "arch", "bark", "barn", "bell", "boat", "brook", "cape", "cave", "clay", "cliff",
    "cloud", "coal", "cove", "creek", "crow", "dale", "dawn", "deer", "dune", "dusk", "elm",
    "fern", "field", "finch", "fjord", "flint", "fox", "frost", "gale", "glen", "grove", "gull",
    "hail", "harbor", "hawk", "heath", "hill", "isle", "ivy", "kelp", "lake", "lark", "leaf",
    "loam", "marsh", "mist", "moss", "oak", "otter", "peak", "pine", "pond", "reed", "reef",
    "ridge", "river", "rook", "sage", "sand", "shore", "stone", "tide", "wren",
];

/// A new code, from the operating system's chance.
///
/// # Errors
/// 500 when it gives none.
pub(super) fn new_code() -> Result<String, Problem> {
    let word = WORDS[below(WORDS.len())?];
    let mut code = format!("{word}-");
    for _ in 0..TAIL {
        code.push(char::from(ALPHABET[below(ALPHABET.len())?]));
    }
    Ok(code)
}

/// Whether two codes are one to people.
pub(super) fn same_code(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// A number below a small bound, each as likely as the others.
fn below(bound: usize) -> Result<usize, Problem> {
    let whole = 256 - 256 % bound;
    loop {
        let mut byte = [0];
        getrandom::fill(&mut byte)
            .map_err(|source| Problem::internal(&format!("no chance: {source}")))?;
        let drawn = usize::from(byte[0]);
        if drawn < whole {
            return Ok(drawn % bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_a_word_and_four_characters() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let code = new_code().expect("there is chance");
            let (word, tail) = code.split_once('-').expect("two parts");
            assert!(WORDS.contains(&word), "{code}");
            assert_eq!(tail.len(), TAIL, "{code}");
            assert!(tail.bytes().all(|b| ALPHABET.contains(&b)), "{code}");
            seen.insert(code);
        }
        assert!(seen.len() > 190, "they differ");
        assert!(same_code(" Reef-x4b2 ", "reef-X4B2"));
        assert!(!same_code("reef-X4B2", "reef-X4B3"));
    }
}
