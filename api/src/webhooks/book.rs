//! Which addresses there are, and what is on its way to them, in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use hamlet_protocol::ids::AgentId;
use hamlet_store::{DeliveryRow, DeliveryState, WebhookRow};
use uuid::Uuid;

/// Addresses that members named, and what is on its way to them.
#[derive(Debug, Default)]
pub struct Webhooks {
    hooks: BTreeMap<Uuid, Arc<WebhookRow>>,
    /// By whose they are.
    of: HashMap<AgentId, BTreeSet<Uuid>>,
    /// By address and number.
    pending: BTreeMap<Uuid, BTreeMap<i64, Arc<DeliveryRow>>>,
    waiting: usize,
}

impl Webhooks {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hooks.is_empty()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: Uuid) -> Option<&Arc<WebhookRow>> {
        self.hooks.get(&id)
    }

    /// A member's, in order of their ids.
    pub fn of(&self, member: AgentId) -> impl Iterator<Item = &Arc<WebhookRow>> {
        let ids = self.of.get(&member).into_iter().flatten();
        ids.filter_map(|id| self.hooks.get(id))
    }

    /// What waits for an address, oldest first.
    pub fn pending(&self, id: Uuid) -> impl Iterator<Item = &Arc<DeliveryRow>> {
        self.pending.get(&id).into_iter().flat_map(BTreeMap::values)
    }

    /// Something that waits.
    #[must_use]
    pub fn delivery(&self, id: Uuid, no: i64) -> Option<&Arc<DeliveryRow>> {
        self.pending.get(&id)?.get(&no)
    }

    /// How much waits for an address.
    #[must_use]
    pub fn pending_count(&self, id: Uuid) -> usize {
        self.pending.get(&id).map_or(0, BTreeMap::len)
    }

    /// How much waits in all.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Addresses for which something waits, each with the oldest of it.
    pub fn heads(&self) -> impl Iterator<Item = (&Arc<WebhookRow>, &Arc<DeliveryRow>)> {
        self.pending.iter().filter_map(|(id, waiting)| {
            let (_no, first) = waiting.first_key_value()?;
            Some((self.hooks.get(id)?, first))
        })
    }

    /// Takes in an address.
    pub(crate) fn enter(&mut self, row: WebhookRow) {
        self.of.entry(row.member).or_default().insert(row.id);
        self.hooks.insert(row.id, Arc::new(row));
    }

    /// Takes in something that is to be told, or what became of it.
    pub(crate) fn deliver(&mut self, row: DeliveryRow) {
        let waiting = self.pending.entry(row.webhook).or_default();
        self.waiting -= waiting.len();
        if row.state == DeliveryState::Pending {
            waiting.insert(row.no, Arc::new(row));
        } else {
            waiting.remove(&row.no);
        }
        self.waiting += waiting.len();
    }

    /// Lets go of an address and of all that waits for it.
    pub(crate) fn remove(&mut self, id: Uuid) {
        if let Some(row) = self.hooks.remove(&id)
            && let Some(own) = self.of.get_mut(&row.member)
        {
            own.remove(&id);
        }
        self.waiting -= self.pending.remove(&id).map_or(0, |waiting| waiting.len());
    }

    /// Lets go of all addresses of a member.
    pub(crate) fn forget(&mut self, member: AgentId) {
        for id in self.of.remove(&member).unwrap_or_default() {
            self.remove(id);
        }
    }
}
