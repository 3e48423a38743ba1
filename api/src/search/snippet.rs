//! The part of a text where the words stand.

/// Characters of a snippet.
const SNIPPET_CHARS: usize = 200;
/// Characters before the first word that is found.
const BEFORE_CHARS: usize = 60;

/// The part of a text where the first of the words (in lower case) stands, its beginning where none does, on one line, with … where something is left out.
pub(crate) fn snippet(text: &str, words: &[String]) -> String {
    let chars: Vec<char> = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    let found = beginnings(&chars).find(|&at| starts_with_any(&chars[at..], words));
    let mut from = found.unwrap_or(0).saturating_sub(BEFORE_CHARS);
    if from > 0 {
        // Not in the middle of a word, if one begins soon.
        from = beginnings(&chars).find(|&at| at >= from).unwrap_or(from);
    }
    let to = (from + SNIPPET_CHARS).min(chars.len());
    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    shown.extend(&chars[from..to]);
    if to < chars.len() {
        shown.push('…');
    }
    shown
}

/// Where words begin.
fn beginnings(chars: &[char]) -> impl Iterator<Item = usize> {
    (0..chars.len())
        .filter(|&at| chars[at].is_alphanumeric() && (at == 0 || !chars[at - 1].is_alphanumeric()))
}

fn starts_with_any(chars: &[char], words: &[String]) -> bool {
    words.iter().any(|word| {
        let mut here = chars.iter().flat_map(|c| c.to_lowercase());
        word.chars().all(|letter| here.next() == Some(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_snippet_shows_the_word_and_what_stands_round_it() {
        let text = format!(
            "{}The baker\nsells Äpfel. {}",
            "before ".repeat(50),
            "after ".repeat(50)
        );
        let shown = snippet(&text, &words("äpfel"));
        assert!(shown.contains("The baker sells Äpfel. after"), "{shown}");
        assert!(
            shown.starts_with("…before") && shown.ends_with('…'),
            "{shown}"
        );
        assert!(shown.chars().count() <= SNIPPET_CHARS + 2);
        assert_eq!(snippet("short", &words("none")), "short");
        assert_eq!(snippet("", &words("none")), "");
    }
}
