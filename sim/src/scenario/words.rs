//! Words made comparable: handles from full names, kinds of places from what people write.

use hamlet_protocol::persona::{NAME_CHARS_MAX, check_name};

/// A valid handle made from a full name, such as `mira_holt` from "Mira Holt"; `None` when nothing is left of it.
#[must_use]
pub fn handle(text: &str) -> Option<String> {
    let mut name = String::new();
    for c in plain(text).chars() {
        match c {
            'a'..='z' | '0'..='9' | '-' => name.push(c),
            '\'' | '’' | '.' => {}
            _ if name.ends_with('_') => {}
            _ => name.push('_'),
        }
    }
    let cut: String = name
        .trim_matches(['_', '-'])
        .chars()
        .take(NAME_CHARS_MAX)
        .collect();
    let name = cut.trim_end_matches(['_', '-']);
    check_name(name).ok().map(|()| name.to_owned())
}

/// A readable name made from a handle, such as "Mira Holt" from `mira_holt`.
pub(super) fn display(name: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(chars).collect()
        })
    };
    let words: Vec<String> = name
        .split('_')
        .filter(|part| !part.is_empty())
        .map(word)
        .collect();
    words.join(" ")
}

/// A place's name or kind in the form it is compared in: lower case, no accents, `_` for spaces and hyphens.
pub(super) fn place_key(text: &str) -> String {
    plain(text.trim()).replace([' ', '-'], "_")
}

/// Lower case, Latin letters without their marks.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => plain.push('a'),
            'ä' | 'æ' => plain.push_str("ae"),
            'ç' | 'ć' | 'č' => plain.push('c'),
            'ď' | 'đ' | 'ð' => plain.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => plain.push('e'),
            'ğ' => plain.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => plain.push('i'),
            'ł' | 'ľ' => plain.push('l'),
            'ñ' | 'ń' | 'ň' => plain.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ő' | 'ō' => plain.push('o'),
            'ö' | 'ø' | 'œ' => plain.push_str("oe"),
            'ř' => plain.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => plain.push('s'),
            'ß' => plain.push_str("ss"),
            'ť' | 'ț' => plain.push('t'),
            'þ' => plain.push_str("th"),
            'ù' | 'ú' | 'û' | 'ů' | 'ű' | 'ū' => plain.push('u'),
            'ü' => plain.push_str("ue"),
            'ý' | 'ÿ' => plain.push('y'),
            'ź' | 'ż' | 'ž' => plain.push('z'),
            // A mark on its own, after a letter that was written in two.
            '\u{300}'..='\u{36f}' => {}
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_become_handles() {
        for (name, wanted) in [
            ("Mira Holt", Some("mira_holt")),
            ("C-3PO", Some("c-3po")),
            ("Zoë  O’Brien-Łuk", Some("zoe_obrien-luk")),
            ("Dr. Jürgen", Some("dr_juergen")),
            ("a@b.c!", Some("a_bc")),
            ("李", None),
            ("Me", None),
            ("", None),
        ] {
            assert_eq!(handle(name).as_deref(), wanted, "{name}");
        }
        assert_eq!(
            handle(&"long name ".repeat(20)).map(|name| name.len()),
            Some(49)
        );
        assert_eq!(display("mira_holt"), "Mira Holt");
    }

    #[test]
    fn places_are_compared_without_case_and_accents() {
        assert_eq!(place_key(" Café"), "cafe");
        assert_eq!(place_key("Town Hall"), "town_hall");
    }
}
