//! What a village looks for in texts.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::moderation::{Filter, FilterKind, ModerationEvent, check_filters};

use crate::lifecycle::sentence;
use crate::town::{ActResult, Town};

impl Town<'_, '_> {
    /// Replaces all filters.
    pub(super) fn set_filters(&mut self, filters: &[Filter]) -> ActResult {
        check_filters(filters).map_err(|fault| {
            Rejection::new(
                RejectionCode::Invalid,
                sentence(&fault),
                "Mend it and send all filters again.",
            )
        })?;
        self.court.data.filters = Some(filters.to_vec());
        let count = filters.len() as u32;
        self.tell_moderation(ModerationEvent::FiltersSet { count });
        Ok(Outcome::Done)
    }

    /// The filters in force: those that were set, else the scenario's.
    pub(crate) fn filters(&self) -> &[Filter] {
        self.court
            .data
            .filters
            .as_deref()
            .unwrap_or(&self.agenda.scenario.filters)
    }

    /// The strictest filter that finds something in a text.
    pub(super) fn strictest_filter(&self, text: &Plain, hosts: &[String]) -> Option<&Filter> {
        let found = self
            .filters()
            .iter()
            .filter(|filter| finds(filter, text, hosts));
        // Of two as strict, the first.
        found.reduce(|best, other| {
            if other.action > best.action {
                other
            } else {
                best
            }
        })
    }
}

/// A text as filters see it: small letters, one blank between words, nothing invisible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plain(String);

impl Plain {
    pub(super) fn of(texts: &[&str]) -> Self {
        let mut plain = String::with_capacity(texts.iter().map(|text| text.len() + 1).sum());
        for text in texts {
            for line in text.lines() {
                let words = line.split_whitespace();
                for word in words {
                    let seen = word.chars().filter(|&c| !is_invisible(c));
                    plain.extend(seen.flat_map(char::to_lowercase));
                    plain.push(' ');
                }
                plain.push('\n');
            }
        }
        Self(plain)
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.0.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty())
    }
}

/// Characters without a look, which could hide a word from a filter.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn finds(filter: &Filter, text: &Plain, hosts: &[String]) -> bool {
    let wanted = filter.text.trim().to_lowercase();
    match filter.kind {
        FilterKind::Word => has_word(&text.0, &wanted),
        FilterKind::Pattern => text.0.lines().any(|line| has_pattern(line, &wanted)),
        FilterKind::Link => hosts.iter().any(|host| {
            host.strip_suffix(wanted.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }),
    }
}

/// Whether a word or phrase stands there whole.
fn has_word(text: &str, wanted: &str) -> bool {
    text.match_indices(wanted).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + wanted.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Whether a line has a pattern somewhere. Each part is taken where it comes first, so the work is at most line times pattern.
fn has_pattern(line: &str, pattern: &str) -> bool {
    let mut rest: Vec<char> = line.chars().collect();
    pattern
        .split('*')
        .filter(|part| !part.is_empty())
        .all(|part| {
            let part: Vec<char> = part.chars().collect();
            let fits = |window: &[char]| {
                window
                    .iter()
                    .zip(&part)
                    .all(|(c, wanted)| *wanted == '?' || c == wanted)
            };
            match rest.windows(part.len()).position(fits) {
                Some(at) => {
                    rest.drain(..at + part.len());
                    true
                }
                None => false,
            }
        })
}

/// The hosts that a text links to, each once, in order of their letters.
pub(super) fn hosts(texts: &[&str]) -> Vec<String> {
    let mut hosts: Vec<String> = texts.iter().flat_map(|text| hosts_of(text)).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

fn hosts_of(text: &str) -> impl Iterator<Item = String> {
    let full = text.match_indices("://").map(|(at, _)| at + 3);
    let short = text.match_indices("www.").map(|(at, _)| at);
    full.chain(short).filter_map(|at| {
        let rest = &text[at..];
        let end = rest.find(|c: char| {
            !(c.is_alphanumeric() || matches!(c, '.' | '-' | '@' | ':' | '_' | '%'))
        });
        let place = &rest[..end.unwrap_or(rest.len())];
        let host = place.rsplit('@').next()?.split(':').next()?;
        let host = host.trim_matches('.').to_lowercase();
        let host = host
            .strip_prefix("www.")
            .map_or(host.clone(), str::to_owned);
        (host.contains('.')).then_some(host)
    })
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn words_are_found_whole_and_in_any_disguise() {
        let text = Plain::of(&["Buy CHEAP\n  goats", "che\u{200b}ap   Goats!"]);
        assert!(has_word(&text.0, "cheap goats"));
        assert!(has_word(&text.0, "cheap"));
        assert!(!has_word(&text.0, "heap"));
        assert!(!has_word(&text.0, "goat"));
        assert!(!has_word(&Plain::of(&["cheap\ngoats"]).0, "cheap goats"));
    }

    #[test]
    fn patterns_stay_within_a_line() {
        for (line, pattern, fits) in [
            ("buy three goats now", "buy*now", true),
            ("buy three goats now", "b?y*g??ts", true),
            ("now buy", "buy*now", false),
            ("buynow", "buy*now", true),
            ("übel", "?bel", true),
            ("buy", "buy now", false),
        ] {
            assert_eq!(has_pattern(line, pattern), fits, "{pattern} in {line}");
        }
    }

    #[test]
    fn hosts_are_told_apart_from_what_stands_round_them() {
        let texts = [
            "See https://A.Example.org:8080/x and http://ada:pw@b.example, www.c.example.",
            "https://a.example.org/y ftp://localhost",
        ];
        assert_eq!(hosts(&texts), ["a.example.org", "b.example", "c.example"]);
    }
}
