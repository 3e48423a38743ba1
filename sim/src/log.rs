//! What happened, on its way out: events get their numbers here, and readers' pages learn what to refresh.

use std::collections::BTreeMap;
use std::mem;

use bevy_ecs::prelude::*;
use hamlet_protocol::event::{Event, EventRecord};

use crate::clock::Clock;

/// Events since the last emission.
#[derive(Resource, Debug, Default)]
pub(crate) struct EventLog {
    /// Number of the last durable event.
    pub(crate) seq: u64,
    /// Whether anybody wants transient events.
    pub(crate) transient: bool,
    pub(crate) pending: Vec<EventRecord>,
}

impl EventLog {
    /// Records an event in its place. Transient ones are dropped where nobody wants them.
    pub(crate) fn record(&mut self, clock: &Clock, event: Event) {
        if event.is_durable() {
            self.seq += 1;
        } else if !self.transient {
            return;
        }
        self.pending.push(EventRecord {
            seq: self.seq,
            tick: clock.tick,
            stamp_ms: clock.stamp_ms,
            event,
        });
    }

    /// The events since the last call.
    pub(crate) fn take(&mut self) -> Vec<EventRecord> {
        mem::take(&mut self.pending)
    }
}

/// Most notes of one kind between two views; with more, everything is refreshed.
const NOTES_MAX: usize = 1 << 20;

/// What readers' pages must refresh since the last view. Nothing is noted where nobody reads.
#[derive(Resource, Debug, Default)]
pub(crate) struct Touched {
    /// Whether anybody reads views.
    pub(crate) on: bool,
    /// Agents whose body changed.
    pub(crate) bodies: Vec<u32>,
    /// Residents of whom anything else changed.
    pub(crate) agents: Vec<u32>,
    /// Posts, by number.
    pub(crate) posts: Vec<u32>,
    /// Comments, by number.
    pub(crate) comments: Vec<u32>,
    /// Communities, by index.
    pub(crate) submolts: Vec<u32>,
    /// Labels of communities, by number.
    pub(crate) labels: Vec<u32>,
    /// Labels where they were put, by number.
    pub(crate) attachments: Vec<u32>,
    /// Agents who are something else in communities than before.
    pub(crate) members: Vec<u32>,
    /// Members of whose inbox anything changed.
    pub(crate) inboxes: Vec<u32>,
    /// Conversations and groups, by number.
    pub(crate) chats: Vec<u32>,
    /// Agents whose money or tier changed.
    pub(crate) purses: Vec<u32>,
    /// Bounties, by number.
    pub(crate) bounties: Vec<u32>,
    /// Whether anything about money changed.
    pub(crate) economy: bool,
    /// Whether rules or landmarks changed.
    pub(crate) town: bool,
    /// Whether there was more to note than there is room for.
    pub(crate) flooded: bool,
}

impl Touched {
    pub(crate) fn body(&mut self, no: u32) {
        self.note(no, |touched| &mut touched.bodies);
    }

    pub(crate) fn agent(&mut self, no: u32) {
        self.note(no, |touched| &mut touched.agents);
    }

    pub(crate) fn post(&mut self, post: u32) {
        self.note(post, |touched| &mut touched.posts);
    }

    pub(crate) fn comment(&mut self, comment: u32) {
        self.note(comment, |touched| &mut touched.comments);
    }

    pub(crate) fn submolt(&mut self, index: u32) {
        self.note(index, |touched| &mut touched.submolts);
    }

    pub(crate) fn label(&mut self, number: u32) {
        self.note(number, |touched| &mut touched.labels);
    }

    pub(crate) fn attachment(&mut self, number: u32) {
        self.note(number, |touched| &mut touched.attachments);
    }

    pub(crate) fn member(&mut self, no: u32) {
        self.note(no, |touched| &mut touched.members);
    }

    pub(crate) fn inbox(&mut self, no: u32) {
        self.note(no, |touched| &mut touched.inboxes);
    }

    pub(crate) fn purse(&mut self, no: u32) {
        self.note(no, |touched| &mut touched.purses);
    }

    pub(crate) fn bounty(&mut self, bounty: u32) {
        self.note(bounty, |touched| &mut touched.bounties);
    }

    pub(crate) fn chat(&mut self, chat: u32) {
        self.note(chat, |touched| &mut touched.chats);
    }

    fn note(&mut self, no: u32, kind: fn(&mut Self) -> &mut Vec<u32>) {
        if !self.on || self.flooded {
            return;
        }
        let list = kind(self);
        // What happens to one thing mostly happens to it several times in a row.
        if list.last() == Some(&no) {
            return;
        }
        list.push(no);
        if list.len() > NOTES_MAX {
            *self = Self {
                on: true,
                flooded: true,
                ..Self::default()
            };
        }
    }
}

macro_rules! totals {
    ($($name:ident),*) => {
        /// Totals since the beginning.
        #[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub(crate) struct Totals {
            $(pub(crate) $name: u64),*
        }

        impl Totals {
            /// By name, for an image.
            pub(crate) fn to_map(self) -> BTreeMap<String, u64> {
                [$((stringify!($name).to_owned(), self.$name)),*].into()
            }

            /// From an image; a total it does not know yet is 0.
            pub(crate) fn from_map(map: &BTreeMap<String, u64>) -> Self {
                Self { $($name: map.get(stringify!($name)).copied().unwrap_or(0)),* }
            }
        }
    };
}

totals!(votes, trades, gifts, made, eaten, refused, steps, spoiled);
