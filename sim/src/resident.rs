//! What a resident is made of: the components, and the one query that reads them together.

use std::collections::VecDeque;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryData;
use hamlet_protocol::agent::{MindKind, NEED_FULL, Need, Needs, Presence};
use hamlet_protocol::goods::Item;
use hamlet_protocol::image::{
    DoingImage, NotesImage, ObservationImage, PlanImage, SeenImage, WalkImage,
};
use hamlet_protocol::persona::Persona;

use crate::ties::Ties;

/// Agent number: identity inside the simulation.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
#[component(immutable)]
#[require(Doing, Walk, Wants, Plan, Bag, Ties, Memory)]
pub(crate) struct AgentNo(pub(crate) u32);

/// Who they are; only what they say of themselves changes.
#[derive(Component, Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) persona: Arc<Persona>,
    pub(crate) template: Arc<str>,
    pub(crate) mind: MindKind,
    pub(crate) home: Option<u32>,
    pub(crate) workplace: Option<u32>,
}

impl Identity {
    /// How others call them in speech: the first word of the display name.
    pub(crate) fn first_name(&self) -> &str {
        let name = &self.persona.display_name;
        name.split_whitespace().next().unwrap_or(&self.persona.name)
    }

    /// Whether needs and habits decide for them.
    pub(crate) fn lives_by_habit(&self) -> bool {
        // Llm minds think in `hamlet-agents`; without it they live by their habits too.
        matches!(self.mind, MindKind::Scripted | MindKind::Llm)
    }

    /// Whether there is a mind outside that may decide for them.
    pub(crate) fn is_driven(&self) -> bool {
        matches!(self.mind, MindKind::Llm | MindKind::External)
    }

    /// What they make at work.
    pub(crate) fn product(&self) -> Item {
        Item::made_by(self.persona.occupation.as_deref())
    }
}

/// What they are doing, where, since when.
#[derive(Component, Clone, Copy, Debug, Default)]
pub(crate) struct Doing {
    pub(crate) what: DoingImage,
    pub(crate) presence: Presence,
    /// Tick of their last act.
    pub(crate) last_seen: u64,
    /// Stamp of their last act, UTC milliseconds.
    pub(crate) last_seen_ms: i64,
}

/// Where they are going.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Walk(pub(crate) WalkImage);

/// Needs, mood and health.
#[derive(Component, Clone, Copy, Debug)]
pub(crate) struct Wants {
    pub(crate) needs: Needs,
    /// −1000 to 1000.
    pub(crate) mood: i16,
    /// 0 to 1000.
    pub(crate) health: u16,
}

impl Default for Wants {
    fn default() -> Self {
        Self {
            needs: [NEED_FULL; 5],
            mood: 300,
            health: 1000,
        }
    }
}

impl Wants {
    pub(crate) fn level(&self, need: Need) -> u16 {
        self.needs[need as usize]
    }

    pub(crate) fn change(&mut self, need: Need, by: i32) {
        let level = &mut self.needs[need as usize];
        *level = (i32::from(*level) + by).clamp(0, i32::from(NEED_FULL)) as u16;
    }

    pub(crate) fn cheer(&mut self, by: i16) {
        self.mood = (self.mood + by).clamp(-1000, 1000);
    }
}

/// What a scripted mind is after.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) now: PlanImage,
    /// Notes written lately.
    pub(crate) notes: NotesImage,
}

/// What they carry, in order of the goods.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Bag(pub(crate) Vec<(Item, u16)>);

impl Bag {
    pub(crate) fn count(&self, item: Item) -> u16 {
        self.0
            .iter()
            .find(|(other, _)| *other == item)
            .map_or(0, |&(_, count)| count)
    }

    pub(crate) fn total(&self) -> u32 {
        self.0.iter().map(|&(_, count)| u32::from(count)).sum()
    }

    pub(crate) fn add(&mut self, item: Item, count: u16) {
        match self.0.binary_search_by_key(&item, |&(other, _)| other) {
            Ok(at) => self.0[at].1 += count,
            Err(at) => self.0.insert(at, (item, count)),
        }
    }

    /// Takes goods out; the caller has seen that they are there.
    pub(crate) fn take(&mut self, item: Item, count: u16) {
        if let Ok(at) = self.0.binary_search_by_key(&item, |&(other, _)| other) {
            self.0[at].1 = self.0[at].1.saturating_sub(count);
            if self.0[at].1 == 0 {
                self.0.remove(at);
            }
        }
    }
}

/// What they remember.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Memory {
    /// Oldest first.
    pub(crate) observations: VecDeque<ObservationImage>,
    /// Pieces of news they know, oldest first.
    pub(crate) news: Vec<u32>,
    /// Posts read lately, oldest first.
    pub(crate) read: VecDeque<u32>,
    /// The conversation they are in.
    pub(crate) talk: Option<u64>,
}

/// Posts a resident remembers to have read.
pub(crate) const READ_MAX: usize = 32;

impl Memory {
    pub(crate) fn observe(&mut self, tick: u64, what: SeenImage, max: usize) {
        remember(&mut self.observations, ObservationImage { tick, what }, max);
    }

    /// Remembers a piece of news; the oldest gives way. Whether it was new.
    pub(crate) fn learn(&mut self, news: u32, max: usize) -> bool {
        if self.news.contains(&news) {
            return false;
        }
        let old = (self.news.len() + 1).saturating_sub(max);
        self.news.drain(..old.min(self.news.len()));
        if self.news.len() == self.news.capacity() {
            self.news.reserve_exact(GROWTH);
        }
        self.news.push(news);
        true
    }

    pub(crate) fn mark_read(&mut self, post: u32) {
        remember(&mut self.read, post, READ_MAX);
    }
}

/// Entries by which a short list of somebody's grows: there are as many such lists as residents, and doubling would leave half of them empty.
pub(crate) const GROWTH: usize = 4;

/// Adds the newest entry; the oldest give way first, so that there is never room for more than `max`.
fn remember<T>(list: &mut VecDeque<T>, entry: T, max: usize) {
    while list.len() >= max.max(1) {
        list.pop_front();
    }
    if max == 0 {
        return;
    }
    if list.len() == list.capacity() {
        list.reserve_exact(GROWTH.min(max - list.len()));
    }
    list.push_back(entry);
}

/// Bytes of a resident's components, with the eight that each costs to notice changes: there is a table of them as long as the town is large.
const COMPONENT_BYTES_MAX: usize = 480;
const _: () = assert!(
    size_of::<(AgentNo, Identity, Doing, Walk, Wants)>()
        + size_of::<(Plan, Bag, Ties, Memory)>()
        + 9 * 8
        <= COMPONENT_BYTES_MAX,
    "keep what is rare or long behind a pointer, or raise the limit and see `hamlet-bench memory`"
);

/// Everything of one resident.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct Resident {
    pub(crate) no: &'static AgentNo,
    pub(crate) identity: &'static Identity,
    pub(crate) doing: &'static mut Doing,
    pub(crate) walk: &'static mut Walk,
    pub(crate) wants: &'static mut Wants,
    pub(crate) plan: &'static mut Plan,
    pub(crate) bag: &'static mut Bag,
    pub(crate) ties: &'static mut Ties,
    pub(crate) memory: &'static mut Memory,
}
