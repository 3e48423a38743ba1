//! Which people are there: they have no body, so what they did last tells.

use std::collections::BTreeMap;

use hamlet_protocol::agent::Presence;
use hamlet_protocol::frame::{Notice, Noticed};
use hamlet_protocol::pages::PAGE_LEN;
use hamlet_protocol::view::{PersonView, WorldView};

/// Milliseconds after somebody's last act in which they count as there.
pub(crate) const PERSON_ONLINE_MS: i64 = 5 * 60_000;

/// People who are there, by their place among people, and when they were last seen.
#[derive(Debug, Default)]
pub(super) struct PeopleThere(BTreeMap<usize, i64>);

impl PeopleThere {
    /// Those who are there in a view.
    pub(super) fn of(view: &WorldView) -> Self {
        let people = view.people.iter().enumerate();
        let there = people.filter(|(_, person)| is_there(person, view.stamp_ms));
        Self(
            there
                .map(|(at, person)| (at, person.last_seen_ms))
                .collect(),
        )
    }

    /// Notes who came and who went between two views, and tells of each.
    pub(super) fn changes(
        &mut self,
        before: &WorldView,
        now: &WorldView,
        tell: &mut impl FnMut(Notice),
    ) {
        for first in now.people.changed_pages(&before.people) {
            for at in first..now.people.len().min(first + PAGE_LEN) {
                let Some(person) = now.people.get(at) else {
                    continue;
                };
                if is_there(person, now.stamp_ms)
                    && self.0.insert(at, person.last_seen_ms).is_none()
                {
                    tell(notice(person, now, Presence::Online));
                }
            }
        }
        let gone: Vec<usize> = self
            .0
            .iter()
            .filter(|(_, seen_ms)| **seen_ms + PERSON_ONLINE_MS <= now.stamp_ms)
            .map(|(at, _)| *at)
            .collect();
        for at in gone {
            self.0.remove(&at);
            if let Some(person) = now.people.get(at).filter(|person| !person.left) {
                tell(notice(person, now, Presence::Idle));
            }
        }
    }
}

/// Whether a person counts as there at a moment, UTC milliseconds.
pub(crate) fn is_there(person: &PersonView, at_ms: i64) -> bool {
    !person.left && person.last_seen_ms + PERSON_ONLINE_MS > at_ms
}

fn notice(person: &PersonView, now: &WorldView, presence: Presence) -> Notice {
    Notice {
        seq: now.seq,
        agent: person.id,
        at_ms: now.stamp_ms,
        what: Noticed::Presence { presence },
    }
}
