//! Agents with no place in space: dense in memory, with ids that stay true.

use super::digest::{Digest, Digested};
use super::id::{Id, Roster};

/// Agents, stored without gaps.
/// Removing one puts the last into its place; the order depends on nothing but the calls that were made.
#[derive(Clone, Debug)]
pub struct Population<T> {
    agents: Vec<T>,
    ids: Vec<Id>,
    roster: Roster,
}

impl<T> Default for Population<T> {
    fn default() -> Self {
        Self {
            agents: Vec::new(),
            ids: Vec::new(),
            roster: Roster::default(),
        }
    }
}

impl<T> Population<T> {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an agent, at any time.
    pub fn spawn(&mut self, agent: T) -> Id {
        let id = self.roster.enter(self.agents.len() as u32);
        self.agents.push(agent);
        self.ids.push(id);
        id
    }

    /// Removes an agent, at any time; `None` when it is gone already.
    pub fn remove(&mut self, id: Id) -> Option<T> {
        let place = self.roster.leave(id)? as usize;
        let agent = self.agents.swap_remove(place);
        self.ids.swap_remove(place);
        if let Some(&moved) = self.ids.get(place) {
            self.roster.set_place(moved, place as u32);
        }
        Some(agent)
    }

    /// An agent, or `None` when it is gone.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&T> {
        self.place(id).map(|place| &self.agents[place])
    }

    /// An agent to be changed, or `None` when it is gone.
    pub fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        self.place(id).map(|place| &mut self.agents[place])
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.agents.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.agents.is_empty()
    }

    /// Everybody's ids, in the order of storage.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = Id> {
        self.ids.iter().copied()
    }

    /// Everybody, in the order of storage.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Id, &T)> {
        self.ids.iter().copied().zip(&self.agents)
    }

    /// Everybody, to be changed.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (Id, &mut T)> {
        self.ids.iter().copied().zip(&mut self.agents)
    }

    /// Everybody acts at once: each next state is made from all the present ones.
    pub fn simultaneously(&mut self, mut next: impl FnMut(&Self, Id, &T) -> T) {
        self.agents = self
            .iter()
            .map(|(id, agent)| next(self, id, agent))
            .collect();
    }

    #[inline]
    pub(super) fn place(&self, id: Id) -> Option<usize> {
        self.roster.place(id).map(|place| place as usize)
    }

    #[inline]
    pub(super) fn at_place(&self, place: usize) -> &T {
        &self.agents[place]
    }

    #[inline]
    pub(super) fn at_place_mut(&mut self, place: usize) -> &mut T {
        &mut self.agents[place]
    }

    /// Who has this index, which must be somebody's.
    #[inline]
    pub(super) fn id_of_index(&self, index: u32) -> Id {
        self.roster.id(index)
    }
}

impl<T: Digested> Digested for Population<T> {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.len());
        for (id, place) in self.roster.living() {
            into.add(&id);
            into.add(&self.agents[place as usize]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_may_go_and_come_while_others_take_their_turns() {
        let mut people: Population<u32> = Population::new();
        for age in 0..10 {
            people.spawn(age);
        }
        let turns: Vec<Id> = people.ids().collect();
        let mut acted = Vec::new();
        for (n, &id) in turns.iter().enumerate() {
            let Some(&age) = people.get(id) else { continue };
            acted.push(age);
            if age % 3 == 0 {
                people.remove(id);
                people.remove(turns[(n + 1) % 10]);
                people.spawn(100 + age);
            }
        }
        assert_eq!(
            acted,
            [0, 2, 3, 5, 6, 8, 9],
            "the removed are skipped, the born wait"
        );
        let mut left: Vec<u32> = people.iter().map(|(_, &age)| age).collect();
        left.sort_unstable();
        assert_eq!(left, [2, 5, 8, 100, 103, 106, 109]);
        assert!(people.iter().all(|(id, age)| people.get(id) == Some(age)));
        assert_eq!(people.len(), 7);
    }

    #[test]
    fn nobody_is_removed_twice() {
        let mut people = Population::new();
        let ann = people.spawn("ann");
        assert_eq!(people.remove(ann), Some("ann"));
        assert_eq!(people.remove(ann), None);
        let bob = people.spawn("bob");
        assert_eq!(people.get(ann), None);
        assert_eq!(people.get(bob), Some(&"bob"));
    }

    #[test]
    fn simultaneous_acts_see_the_same_present() {
        let mut row: Population<u32> = Population::new();
        for value in [1, 2, 3] {
            row.spawn(value);
        }
        row.simultaneously(|all, _, _| all.iter().map(|(_, value)| value).sum());
        assert!(row.iter().all(|(_, &value)| value == 6));
    }
}
