//! Who talked with whom, how much, and who follows whom.

use std::collections::BTreeMap;

use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::{AgentId, TalkId};
use hamlet_protocol::view::WorldView;

use super::super::names::People;

/// Pairs counted at most: in a crowd later acquaintances are left out rather than all memory taken.
const PAIRS_MAX: usize = 400_000;

/// Conversations under way at most; more are counted when they begin.
const OPEN_TALKS_MAX: usize = 100_000;

/// Ties between people, by their number in [`People`].
#[derive(Debug, Default)]
pub(crate) struct Social {
    /// Conversations two people had together, the smaller number first.
    pub(crate) pairs: BTreeMap<(u32, u32), u32>,
    /// Lines said, by person; shorter than the number of people.
    lines: Vec<u64>,
    /// Conversations had, by person.
    talks: Vec<u64>,
    /// Followers, by person.
    followers: Vec<i64>,
    /// Members of conversations that have not ended.
    open: BTreeMap<TalkId, Vec<u32>>,
}

impl Social {
    /// Takes an event in.
    pub(crate) fn event(&mut self, record: &EventRecord, people: &mut People) {
        match &record.event {
            Event::Said {
                agent, to, talk, ..
            } => {
                let speaker = people.number(*agent);
                *slot(&mut self.lines, speaker) += 1;
                if talk.is_none() && !to.is_empty() {
                    let mut members = numbers(to, people);
                    members.push(speaker);
                    self.met(members);
                }
            }
            Event::TalkBegan { talk, members, .. } => {
                let members = numbers(members, people);
                if self.open.len() < OPEN_TALKS_MAX {
                    self.open.insert(*talk, members);
                } else {
                    self.met(members);
                }
            }
            Event::TalkEnded { talk, members, .. } => {
                self.open.remove(talk);
                let members = numbers(members, people);
                self.met(members);
            }
            Event::Followed { target, on, .. } => {
                let target = people.number(*target);
                *slot(&mut self.followers, target) += if *on { 1 } else { -1 };
            }
            _ => {}
        }
    }

    /// Reads who follows whom off a view, instead of what was known of it.
    pub(crate) fn learn_follows(&mut self, view: &WorldView, people: &mut People) {
        self.followers.clear();
        for agent in view.agents.iter().flatten() {
            for relation in agent.relations.iter().filter(|relation| relation.follows) {
                let target = people.number(relation.agent);
                *slot(&mut self.followers, target) += 1;
            }
        }
    }

    /// Counts the conversations that the end of the run cut short.
    pub(crate) fn close(&mut self) {
        for (_, members) in std::mem::take(&mut self.open) {
            self.met(members);
        }
    }

    fn met(&mut self, mut members: Vec<u32>) {
        members.sort_unstable();
        members.dedup();
        for (i, &a) in members.iter().enumerate() {
            *slot(&mut self.talks, a) += 1;
            for &b in &members[i + 1..] {
                if self.pairs.len() < PAIRS_MAX || self.pairs.contains_key(&(a, b)) {
                    *self.pairs.entry((a, b)).or_default() += 1;
                }
            }
        }
    }

    /// Lines a person said.
    pub(crate) fn lines(&self, person: u32) -> u64 {
        self.lines.get(person as usize).copied().unwrap_or(0)
    }

    /// Conversations a person had.
    pub(crate) fn talks(&self, person: u32) -> u64 {
        self.talks.get(person as usize).copied().unwrap_or(0)
    }

    /// Followers a person has.
    pub(crate) fn followers(&self, person: u32) -> i64 {
        self.followers.get(person as usize).copied().unwrap_or(0)
    }

    /// Different people each person talked with, by person.
    pub(crate) fn degrees(&self, people: usize) -> Vec<u32> {
        let mut degrees = vec![0; people];
        for &(a, b) in self.pairs.keys() {
            degrees[a as usize] += 1;
            degrees[b as usize] += 1;
        }
        degrees
    }
}

fn numbers(ids: &[AgentId], people: &mut People) -> Vec<u32> {
    ids.iter().map(|&id| people.number(id)).collect()
}

fn slot<T: Default + Clone>(list: &mut Vec<T>, person: u32) -> &mut T {
    let index = person as usize;
    if index >= list.len() {
        list.resize(index + 1, T::default());
    }
    &mut list[index]
}
