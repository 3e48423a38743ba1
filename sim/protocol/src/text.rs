//! What texts may look like: one rule for invisible letters, for addresses and for tags.

/// Longest address, in bytes.
pub const URL_BYTES_MAX: usize = 2_000;
/// Longest tag, in characters.
pub const TAG_CHARS_MAX: usize = 32;
/// Most tags of a post.
pub const TAGS_MAX: usize = 8;
/// Longest flair, in characters.
pub const FLAIR_CHARS_MAX: usize = 40;

/// Whether a letter is one that nobody sees but that changes what others look like: zero-width letters, marks of
/// writing direction, fillers, tags. Titles, flairs and names with one of them are refused.
///
/// The joiner inside a compound emoji (U+200D) and variation selectors are no such letters.
#[must_use]
pub fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// What is wrong with a line that others shall read as it looks, as a clause; `None` when nothing is.
#[must_use]
pub fn fault_of_line(line: &str) -> Option<&'static str> {
    let mut before = None;
    for letter in line.chars() {
        if letter.is_control() {
            return Some("has a line break or another control character");
        }
        // Between letters of any script a joiner hides; between pictures it makes one of two.
        let hides = letter == '\u{200D}' && before.is_none_or(char::is_alphanumeric);
        if hides || is_invisible(letter) {
            return Some("has letters that nobody sees (zero width, or turning the direction)");
        }
        before = Some(letter);
    }
    None
}

/// Whether a text is a web address and nothing else: `http` or `https`, with a host, without a name and password in it.
#[must_use]
pub fn check_url(url: &str) -> bool {
    let after = ["https://", "http://"].iter().find_map(|scheme| {
        let head = url.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme)
            .then(|| &url[scheme.len()..])
    });
    let Some(after) = after else { return false };
    let host = after.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = !url.contains(|c: char| {
        c.is_whitespace()
            || c.is_control()
            || is_invisible(c)
            || matches!(c, '<' | '>' | '"' | '\\')
    });
    let named = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    plain && named && !host.contains('@') && url.len() <= URL_BYTES_MAX
}

/// A tag as it is kept: lower case, words joined by `-`, without a `#` before it; `None` when it is no tag.
#[must_use]
pub fn tag(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('#');
    let words: Vec<String> = text
        .split([' ', '_', '-'])
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let tag = words.join("-");
    let fits = (1..=TAG_CHARS_MAX).contains(&tag.chars().count());
    let plain = tag.chars().all(|c| c.is_alphanumeric() || c == '-');
    (fits && plain).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_nobody_sees_are_found() {
        for fine in [
            "A goat",
            "Zoë 🌞",
            "👩\u{200D}🌾 farms",
            "❤\u{FE0F}",
            "日本",
        ] {
            assert_eq!(fault_of_line(fine), None, "{fine}");
        }
        for bad in [
            "a\u{200B}b",
            "\u{202E}txt.exe",
            "a\u{200D}b",
            "\u{200D}",
            "two\nlines",
            "\u{2066}x\u{2069}",
            "x\u{FEFF}",
            "\u{E0041}",
        ] {
            assert!(fault_of_line(bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_are_of_the_web() {
        for fine in [
            "https://example.org",
            "HTTP://example.org:80/a?b#c",
            "https://[::1]/x",
        ] {
            assert!(check_url(fine), "{fine}");
        }
        let long = format!("https://example.org/{}", "x".repeat(URL_BYTES_MAX));
        for bad in [
            "javascript:alert(1)",
            "ftp://example.org",
            "https://",
            "https:///path",
            "https://user:pass@example.org",
            "https://exa mple.org",
            "https://example.org/\u{202E}",
            "https://example.org/<script>",
            "äöü",
            &long,
        ] {
            assert!(!check_url(bad), "{bad}");
        }
    }

    #[test]
    fn tags_have_one_form() {
        assert_eq!(tag(" #Old Maps "), Some("old-maps".to_owned()));
        assert_eq!(
            tag("ÄPFEL_und--birnen"),
            Some("äpfel-und-birnen".to_owned())
        );
        for bad in ["", "#", "a/b", "x\u{200B}", &"x".repeat(TAG_CHARS_MAX + 1)] {
            assert_eq!(tag(bad), None, "{bad:?}");
        }
    }
}
