//! What is looked for in the texts of members.

use serde::{Deserialize, Serialize};

/// Most filters of a village.
pub const FILTERS_MAX: usize = 200;
/// Longest text of a filter, in characters.
pub const FILTER_CHARS_MAX: usize = 200;

/// What a filter looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterKind {
    /// A word or phrase, whole and in any case.
    Word,
    /// A pattern within one line, in any case: `*` is anything, `?` is one character.
    Pattern,
    /// A host and all below it, in addresses.
    Link,
}

/// What happens to a text that a filter finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterAction {
    /// It is seen, and moderators are told.
    Flag,
    /// Nobody but its author and moderators sees it until a moderator has looked.
    Hold,
    /// It is refused.
    Refuse,
}

/// Something that is looked for in texts of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// How it is looked for.
    pub kind: FilterKind,
    /// What.
    pub text: String,
    /// What then.
    pub action: FilterAction,
    /// Why; authors of refused texts read it.
    #[serde(default)]
    pub reason: String,
}

/// Why something is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// Nothing is looked for, or too much.
    #[error("the text of filter {0} has 1 to {FILTER_CHARS_MAX} characters")]
    Text(usize),
    /// The reason is too long.
    #[error("the reason of filter {0} has at most {FILTER_CHARS_MAX} characters")]
    Reason(usize),
    /// It would find everything.
    #[error(
        "the pattern of filter {0} has no 3 characters beside `*` and `?`: it would find everything"
    )]
    Everything(usize),
    /// Not a host.
    #[error(
        "the link of filter {0} is no host such as `example.org`: leave out `https://` and the path"
    )]
    Host(usize),
    /// Too many.
    #[error("a village has at most {FILTERS_MAX} filters, not {0}")]
    Many(usize),
}

/// Whether these can be a village's filters. Faults name a filter by its place, from 1.
///
/// # Errors
/// What is wrong with the first that cannot.
pub fn check_filters(filters: &[Filter]) -> Result<(), FilterError> {
    if filters.len() > FILTERS_MAX {
        return Err(FilterError::Many(filters.len()));
    }
    (1..)
        .zip(filters)
        .try_for_each(|(place, filter)| filter.check(place))
}

impl Filter {
    fn check(&self, place: usize) -> Result<(), FilterError> {
        let text = self.text.trim();
        if text.is_empty() || text.chars().count() > FILTER_CHARS_MAX {
            return Err(FilterError::Text(place));
        }
        if self.reason.chars().count() > FILTER_CHARS_MAX {
            return Err(FilterError::Reason(place));
        }
        match self.kind {
            FilterKind::Pattern
                if text
                    .chars()
                    .filter(|c| !matches!(c, '*' | '?' | ' '))
                    .count()
                    < 3 =>
            {
                Err(FilterError::Everything(place))
            }
            FilterKind::Link if !is_host(text) => Err(FilterError::Host(place)),
            FilterKind::Word | FilterKind::Pattern | FilterKind::Link => Ok(()),
        }
    }
}

fn is_host(text: &str) -> bool {
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(kind: FilterKind, text: &str) -> Filter {
        Filter {
            kind,
            text: text.to_owned(),
            action: FilterAction::Flag,
            reason: String::new(),
        }
    }

    #[test]
    fn filters_are_checked() {
        use FilterKind::{Link, Pattern, Word};
        let fine = [
            filter(Word, "cheap goats"),
            filter(Pattern, "buy*now"),
            filter(Link, "spam.example"),
        ];
        assert_eq!(check_filters(&fine), Ok(()));
        for (bad, error) in [
            (filter(Word, " "), FilterError::Text(1)),
            (filter(Word, &"x".repeat(201)), FilterError::Text(1)),
            (filter(Pattern, "*a?*"), FilterError::Everything(1)),
            (filter(Link, "https://spam.example"), FilterError::Host(1)),
            (filter(Link, "spam"), FilterError::Host(1)),
            (
                Filter {
                    reason: "y".repeat(201),
                    ..filter(Word, "goat")
                },
                FilterError::Reason(1),
            ),
        ] {
            assert_eq!(check_filters(&[bad]), Err(error));
        }
        let many = vec![filter(Word, "goat"); FILTERS_MAX + 1];
        assert_eq!(check_filters(&many), Err(FilterError::Many(201)));
    }
}
