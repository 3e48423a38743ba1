//! Who is named with `@name` in a text.

use hamlet_protocol::name::NAME_CHARS_MAX;

use crate::town::Town;

/// People one text names, at most; who is named after them is not told.
pub(super) const MENTIONS_MAX: usize = 10;
/// Places with an `@` that are looked at, at most.
const LOOKED_AT_MAX: usize = 100;

impl Town<'_, '_> {
    /// Numbers of those whom a text names, in order, each once.
    pub(super) fn mentioned(&self, text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        for name in names(text).take(LOOKED_AT_MAX) {
            // A full stop or a dash may follow a name: those that are part of no name are tried without.
            let shorter = name.trim_end_matches(['-', '_']);
            let no = [name, shorter]
                .into_iter()
                .find_map(|name| self.roster.signed(name));
            if let Some(no) = no
                && self.is_member(no)
                && !found.contains(&no)
            {
                found.push(no);
                if found.len() == MENTIONS_MAX {
                    break;
                }
            }
        }
        found
    }
}

/// What stands after each `@` that begins a word.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@').filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        // An address has a name before its `@`, and a link a path.
        if before.is_some_and(|c| c.is_alphanumeric() || "_-./@".contains(c)) {
            return None;
        }
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
        let name = &rest[..end.unwrap_or(rest.len())];
        (!name.is_empty() && name.len() <= NAME_CHARS_MAX).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_addresses_are_not() {
        let found = |text| names(text).collect::<Vec<_>>();
        assert_eq!(found("@ada, (@bo) and @Cy."), ["ada", "bo", "Cy"]);
        assert_eq!(found("ada@example.org @@bo x/@cy @ @é"), [] as [&str; 0]);
        assert_eq!(found("@a-b_c!"), ["a-b_c"]);
        let long = format!("@{}", "x".repeat(NAME_CHARS_MAX + 1));
        assert_eq!(found(&long), [] as [&str; 0]);
    }
}
