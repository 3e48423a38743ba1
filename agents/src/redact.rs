//! Texts without keys, tokens and passwords, within a length.

use hamlet_protocol::secrets;

/// A text without secrets, then shortened: what is cut first may hide what a secret looks like.
pub(crate) fn clean(text: &str, chars_max: usize) -> String {
    let whole = secrets::without(text);
    match whole.char_indices().nth(chars_max) {
        None => whole.into_owned(),
        Some((end, _)) => whole[..end].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> String {
        format!("sk-proj-{}", "Zx9Kq2Lm8Vt4Rb7Nw3Yp6Hd1".repeat(2))
    }

    #[test]
    fn what_looks_like_a_key_is_left_out_and_the_lines_around_it_stay() {
        let text = clean(&format!("{{\"text\": \"my key is {}\"}}", key()), 4_000);
        assert!(!text.contains("Zx9Kq2"), "{text}");
        assert!(text.starts_with("[left out"), "{text}");
        let text = clean(&format!("Good morning.\n{}\nGood night.", key()), 4_000);
        assert!(!text.contains("Zx9Kq2"), "{text}");
        assert!(
            text.starts_with("Good morning.\n[left out") && text.ends_with("\nGood night."),
            "{text}"
        );
        assert_eq!(clean("Good morning.", 4_000), "Good morning.");
    }

    #[test]
    fn it_is_looked_for_before_anything_is_cut() {
        let before = "bread ".repeat(10);
        let text = format!("{before}{}", key());
        // The cut goes through the key: what is left of it looks like nothing.
        let most = before.chars().count() + 12;
        let cleaned = clean(&text, most);
        assert!(!cleaned.contains("sk-proj"), "{cleaned}");
        assert_eq!(clean(&"ä ".repeat(9_999), 4_000).chars().count(), 4_000);
    }
}
