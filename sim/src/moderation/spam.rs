//! Copies and link farms. What is remembered of a text is a sketch: enough to know it again, and not the text.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::moderation::SketchImage;
use xxhash_rust::xxh3::xxh3_64;

use super::filters::Plain;
use crate::town::Town;

/// Texts that a village remembers.
const SKETCHES_MAX: usize = 2_048;
/// Hashes in a sketch.
const MARKS: usize = 16;
/// How many of them two sketches share from which one is a copy of the other: about four fifths of the text.
const SAME_MARKS: usize = 13;
/// Words in a run.
const RUN: usize = 3;
/// Hosts of one text that are remembered.
const HOSTS_MAX: usize = 16;
const HOUR_MS: i64 = 3_600_000;

/// What a text is known again by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    marks: Vec<u32>,
    hosts: Vec<u32>,
}

impl Sketch {
    pub(super) fn of(text: &Plain, hosts: &[String], words_min: u16) -> Self {
        let words: Vec<&str> = text.words().collect();
        let mut marks = Vec::new();
        if words.len() >= usize::from(words_min) {
            let runs = words
                .windows(RUN)
                .map(|run| xxh3_64(run.join(" ").as_bytes()) as u32);
            marks.extend(runs);
            marks.sort_unstable();
            marks.dedup();
            marks.truncate(MARKS);
        }
        let mut hosts: Vec<u32> = hosts
            .iter()
            .map(|host| xxh3_64(host.as_bytes()) as u32)
            .collect();
        hosts.sort_unstable();
        hosts.truncate(HOSTS_MAX);
        Self { marks, hosts }
    }

    /// Whether two are of almost the same text.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        alike(&self.marks, &other.marks)
    }

    /// Only the hosts count.
    pub(super) fn forget_words(&mut self) {
        self.marks.clear();
    }
}

/// Whether two sketches are of almost the same text: of the smallest hashes of both together, most are in both.
fn alike(one: &[u32], other: &[u32]) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    let (mut a, mut b, mut seen, mut same) = (0, 0, 0, 0);
    while seen < MARKS && (a < one.len() || b < other.len()) {
        let order = match (one.get(a), other.get(b)) {
            (Some(left), Some(right)) => left.cmp(right),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        same += usize::from(order.is_eq());
        a += usize::from(order.is_le());
        b += usize::from(order.is_ge());
        seen += 1;
    }
    same * MARKS >= SAME_MARKS * seen
}

impl Town<'_, '_> {
    /// Whether a text is a copy or part of a link farm: a refusal, or why it is held.
    pub(super) fn check_spam(&self, no: u32, sketch: &Sketch) -> Result<Option<String>, Rejection> {
        let since_ms = self.clock.stamp_ms - i64::from(self.rules.0.spam_hours) * HOUR_MS;
        let known = &self.court.data.sketches;
        let lately = || known.iter().filter(|it| it.at_ms > since_ms);
        let copies = || lately().filter(|it| alike(&it.marks, &sketch.marks));
        if let Some(own) = copies().find(|it| it.author == no) {
            let minutes = (self.clock.stamp_ms - own.at_ms) / 60_000;
            return Err(Rejection::new(
                RejectionCode::Spam,
                format!("They wrote almost the same {minutes} minutes ago."),
                format!(
                    "Say something new, or edit what is there. Texts are compared for {} hours.",
                    self.rules.0.spam_hours
                ),
            ));
        }
        let mut others: Vec<u32> = copies().map(|it| it.author).collect();
        others.sort_unstable();
        others.dedup();
        if others.len() >= usize::from(self.rules.0.spam_copies_max) {
            return Ok(Some(format!(
                "{} others wrote almost the same.",
                others.len()
            )));
        }
        let own = || lately().filter(|it| it.author == no);
        let repeated = sketch.hosts.iter().any(|host| {
            let times = own()
                .filter(|it| it.hosts.binary_search(host).is_ok())
                .count();
            times >= usize::from(self.rules.0.spam_host_max)
        });
        Ok(repeated.then(|| "They link to the same host again and again.".to_owned()))
    }

    /// How many hosts a text of somebody may link to.
    pub(super) fn links_max(&self, no: u32) -> u16 {
        if self.is_restricted(no) {
            self.rules.0.newcomer_links_max
        } else {
            self.rules.0.links_max
        }
    }

    pub(super) fn remember(&mut self, no: u32, sketch: Sketch) {
        if self.rules.0.spam_hours == 0 || (sketch.marks.is_empty() && sketch.hosts.is_empty()) {
            return;
        }
        let sketches = &mut self.court.data.sketches;
        if sketches.len() >= SKETCHES_MAX {
            // A quarter at once, so that a crowded board does not move all of them with every text.
            sketches.drain(..SKETCHES_MAX / 4);
        }
        sketches.push(SketchImage {
            author: no,
            at_ms: self.clock.stamp_ms,
            marks: sketch.marks,
            hosts: sketch.hosts,
        });
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn sketch(text: &str) -> Vec<u32> {
        Sketch::of(&Plain::of(&[text]), &[], 8).marks
    }

    #[test]
    fn copies_are_known_by_most_of_their_words() {
        let text = "The old mill by the river grinds again since Tuesday, and whoever brings rye before noon gets flour the same day, \
                    says the miller, who has waited for a new stone since spring and now sings while he works late at night.";
        let copy = text.replace("Tuesday", "Monday").to_uppercase();
        let other = "Whoever wants to learn to swim comes to the river on Sunday morning; I bring bread and my brother brings his boat, \
                     and nobody needs to be afraid of the water by the mill, for it is calm there until the autumn rains begin.";
        assert!(alike(&sketch(text), &sketch(&copy)));
        assert!(!alike(&sketch(text), &sketch(other)));
        assert!(!alike(&sketch("Thanks a lot!"), &sketch("Thanks a lot!")));
        // Notes of one series differ enough.
        let note = |n: u32| {
            format!(
                "Note {n}: today {n} goats and {} sheep came to the market early",
                n * 7
            )
        };
        assert!(!alike(&sketch(&note(1)), &sketch(&note(2))));
    }
}
