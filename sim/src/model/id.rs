//! Who is who: ids that stay true while agents come, go and change places.

/// An agent's id, good for as long as it lives.
/// The id of somebody gone never names anybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    index: u32,
    generation: u32,
}

impl Id {
    /// A small number for tables of one's own: below the largest number of agents that ever lived at once.
    /// A newcomer may get the number of somebody gone.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }
}

/// Ids and where in some storage their owners are.
#[derive(Clone, Debug, Default)]
pub(super) struct Roster {
    entries: Vec<Entry>,
    free: Vec<u32>,
}

/// Odd generations are alive, so that looking up costs one comparison.
#[derive(Clone, Copy, Debug)]
struct Entry {
    generation: u32,
    place: u32,
}

impl Roster {
    /// A new id for what is stored at `place`.
    pub(super) fn enter(&mut self, place: u32) -> Id {
        if let Some(index) = self.free.pop() {
            let entry = &mut self.entries[index as usize];
            entry.generation = entry.generation.wrapping_add(1);
            entry.place = place;
            return Id {
                index,
                generation: entry.generation,
            };
        }
        let index = self.entries.len() as u32;
        self.entries.push(Entry {
            generation: 1,
            place,
        });
        Id {
            index,
            generation: 1,
        }
    }

    /// Strikes an id out; where its owner was, or `None` if it was struck out before.
    pub(super) fn leave(&mut self, id: Id) -> Option<u32> {
        let entry = self.entries.get_mut(id.index())?;
        if entry.generation != id.generation {
            return None;
        }
        entry.generation = entry.generation.wrapping_add(1);
        self.free.push(id.index);
        Some(entry.place)
    }

    /// Where an agent is stored, or `None` when it is gone.
    #[inline]
    pub(super) fn place(&self, id: Id) -> Option<u32> {
        let entry = self.entries.get(id.index())?;
        (entry.generation == id.generation).then_some(entry.place)
    }

    /// Notes a new place of somebody known to live.
    #[inline]
    pub(super) fn set_place(&mut self, id: Id, place: u32) {
        self.entries[id.index()].place = place;
    }

    /// Those who live, and where, by index: an order that depends on no storage.
    pub(super) fn living(&self) -> impl Iterator<Item = (Id, u32)> {
        let named = |(index, entry): (usize, &Entry)| {
            (
                Id {
                    index: index as u32,
                    generation: entry.generation,
                },
                entry.place,
            )
        };
        self.entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.generation % 2 == 1)
            .map(named)
    }

    /// How many live.
    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Who lives at this index: for storages that keep only the index.
    #[inline]
    pub(super) fn id(&self, index: u32) -> Id {
        Id {
            index,
            generation: self.entries[index as usize].generation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_outlives_nobody() {
        let mut roster = Roster::default();
        let first = roster.enter(7);
        assert_eq!(roster.place(first), Some(7));
        assert_eq!(roster.leave(first), Some(7));
        let second = roster.enter(9);
        assert_eq!(
            second.index(),
            first.index(),
            "the place in tables is used again"
        );
        assert_eq!(roster.place(first), None);
        assert_eq!(roster.leave(first), None);
        assert_eq!(roster.place(second), Some(9));
        assert_eq!(roster.living().collect::<Vec<_>>(), [(second, 9)]);
        assert_eq!(roster.len(), 1);
    }
}
