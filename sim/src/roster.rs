//! Who is who: agent numbers, ids, names and entities.
//!
//! Outside the ECS an agent is its id or its number, never an `Entity`: entities depend on the order of spawning, numbers do not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::*;
use hamlet_protocol::ids::{AgentId, IdCodec, LandmarkId, TypedId};
use hamlet_protocol::name::name_key;
use hamlet_protocol::persona::Persona;
use hamlet_protocol::word::Word;

/// Everybody who ever lived here, by number.
#[derive(Resource, Debug)]
pub(crate) struct Roster {
    /// Makes and reads ids.
    pub(crate) ids: IdCodec,
    order: Vec<(u32, Entity)>,
    /// By what their handles look like.
    names: BTreeMap<Box<str>, u32>,
    /// Slugs of templates, traits and interests: a crowd shares a few.
    texts: BTreeSet<Arc<str>>,
}

impl Roster {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            ids: IdCodec::new(seed),
            order: Vec::new(),
            names: BTreeMap::new(),
            texts: BTreeSet::new(),
        }
    }

    /// A text that many have, such as the slug of a template: the same for all of them.
    pub(crate) fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&text));
        text
    }

    /// Lets somebody share their traits and interests with all who have them.
    pub(crate) fn share_words(&mut self, persona: &mut Persona) {
        for words in [&mut persona.traits, &mut persona.interests] {
            words.shrink_to_fit();
            for word in words {
                *word = Word::from(self.shared(word));
            }
        }
    }

    /// Enters a resident. Numbers only grow, so the order stays sorted.
    pub(crate) fn enter(&mut self, no: u32, name: &str, entity: Entity) {
        self.order.push((no, entity));
        self.sign(no, name);
    }

    /// Enters the handle of a member.
    pub(crate) fn sign(&mut self, no: u32, name: &str) {
        self.names.insert(name_key(name).into(), no);
    }

    /// The number of whoever bears, or bore, this handle or one that looks like it: resident, person, or gone.
    pub(crate) fn signed(&self, name: &str) -> Option<u32> {
        self.names.get(name_key(name).as_str()).copied()
    }

    /// Strikes a resident off. Their name stays taken: what they wrote is still signed with it.
    pub(crate) fn strike(&mut self, no: u32) -> Option<Entity> {
        let at = self
            .order
            .binary_search_by_key(&no, |&(other, _)| other)
            .ok()?;
        Some(self.order.remove(at).1)
    }

    /// Residents in order of their numbers.
    pub(crate) fn residents(&self) -> &[(u32, Entity)] {
        &self.order
    }

    pub(crate) fn entity(&self, no: u32) -> Option<Entity> {
        let found = self
            .order
            .binary_search_by_key(&no, |&(other, _)| other)
            .ok()?;
        Some(self.order[found].1)
    }

    /// The number of a resident by handle, or by what looks like it.
    pub(crate) fn by_name(&self, name: &str) -> Option<u32> {
        self.names
            .get(name_key(name).as_str())
            .copied()
            .filter(|&no| self.entity(no).is_some())
    }

    /// Whether somebody bears, or bore, this handle or one that looks like it.
    pub(crate) fn name_taken(&self, name: &str) -> bool {
        self.names.contains_key(name_key(name).as_str())
    }

    /// Keys of all handles with the numbers of those who bear or bore them.
    pub(crate) fn names(&self) -> &BTreeMap<Box<str>, u32> {
        &self.names
    }

    /// Takes a handle out of circulation, by its key, for somebody who is gone.
    pub(crate) fn reserve(&mut self, key: &str, no: u32) {
        self.names.entry(key.into()).or_insert(no);
    }

    pub(crate) fn agent_id(&self, no: u32) -> AgentId {
        self.ids.make(u64::from(no))
    }

    pub(crate) fn landmark_id(&self, no: u32) -> LandmarkId {
        self.ids.make(u64::from(no))
    }

    /// The number an id was made from, if it is of this run.
    pub(crate) fn number<T: TypedId>(&self, id: T) -> Option<u32> {
        u32::try_from(self.ids.number(id)?).ok()
    }
}
