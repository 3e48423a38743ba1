//! Drafts that were sent and of which nobody knows what became: sent again as they are, also from the next window, they are the same act for the village.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};

use serde::{Deserialize, Serialize};

use super::{Slot, View};
use crate::link::Ask;
use crate::wire::Problem;

/// A draft that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Try {
    /// By what the village knows it again.
    pub(crate) key: String,
    /// Of all that was sent: a draft that has changed since is another act.
    print: u64,
}

/// Tries by the field that stands for the draft.
pub(crate) type Tries = BTreeMap<Slot, Try>;

/// A number that no other window has.
pub(super) fn chance() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

impl View {
    /// Sends what is typed in these fields, the first of which stands for the draft.
    pub(super) fn send_off(&mut self, slots: Vec<Slot>, ask: Ask) -> Option<Ask> {
        let slot = *slots.first()?;
        let draft = self.number();
        let print = print(&ask);
        if self.tries.get(&slot).is_none_or(|it| it.print != print) {
            let key = format!("draft-{:016x}-{draft}", self.chance);
            self.tries.insert(slot, Try { key, print });
        }
        let key = self.tries.get(&slot)?.key.clone();
        self.sent.insert(draft, slots);
        Some(ask.sent_as(draft, key))
    }

    /// The village refused a draft of these fields: where that is its last word, the next try is another act.
    pub(super) fn refused_of(&mut self, slots: &[Slot], problem: &Problem) {
        if problem.is_last_word() && !problem.is_of_the_door() {
            for slot in slots {
                self.tries.remove(slot);
            }
        }
    }

    /// Tries of drafts that are still there, for the next window.
    pub(crate) fn open_tries(&self) -> Tries {
        let open = self.tries.iter();
        let open = open.filter(|(slot, _)| self.drafts.contains_key(slot));
        open.map(|(slot, it)| (*slot, it.clone())).collect()
    }
}

/// Of all that is sent, but for the draft's number and key.
fn print(ask: &Ask) -> u64 {
    let mut hash = DefaultHasher::new();
    format!("{ask:?}").hash(&mut hash);
    hash.finish()
}
