//! Whom a resident knows: a short list of ties in which the weakest gives way.

use bevy_ecs::prelude::*;
use hamlet_protocol::image::RelationImage;

use crate::resident::GROWTH;

/// What one resident thinks of another, in sixteen bytes: a crowd has a quarter of a million of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tie {
    /// Tick of the last meeting.
    last_met: u64,
    other: u32,
    /// 0 to 1000, and [`FOLLOWS`].
    closeness: u16,
    /// −1000 to 1000.
    liking: i16,
}

/// Bit of `closeness` that says that the other is followed.
const FOLLOWS: u16 = 1 << 15;

impl Tie {
    fn new(other: u32, tick: u64) -> Self {
        Self {
            last_met: tick,
            other,
            closeness: 0,
            liking: 0,
        }
    }

    /// They met: closeness grows, liking changes.
    pub(crate) fn meet(&mut self, tick: u64, closeness: u16, liking: i16) {
        let closer = (self.closeness() + closeness).min(1000);
        self.closeness = closer | self.closeness & FOLLOWS;
        self.liking = (self.liking + liking).clamp(-1000, 1000);
        self.last_met = tick;
    }

    pub(crate) fn set_follows(&mut self, on: bool) {
        self.closeness = self.closeness() | if on { FOLLOWS } else { 0 };
    }

    fn closeness(self) -> u16 {
        self.closeness & !FOLLOWS
    }

    fn follows(self) -> bool {
        self.closeness & FOLLOWS != 0
    }
}

impl From<RelationImage> for Tie {
    fn from(image: RelationImage) -> Self {
        let mut tie = Self::new(image.other, image.last_met);
        tie.closeness = image.closeness;
        tie.liking = image.liking;
        tie.set_follows(image.follows);
        tie
    }
}

impl From<Tie> for RelationImage {
    fn from(tie: Tie) -> Self {
        Self {
            other: tie.other,
            closeness: tie.closeness(),
            liking: tie.liking,
            last_met: tie.last_met,
            follows: tie.follows(),
        }
    }
}

/// Whom they know, in order of numbers.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Ties(Vec<Tie>);

impl Ties {
    pub(crate) fn from_image(relations: Vec<RelationImage>) -> Self {
        Self(relations.into_iter().map(Tie::from).collect())
    }

    /// All of them, in order of numbers.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = RelationImage> {
        self.0.iter().copied().map(RelationImage::from)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn find(&self, other: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&other, |tie| tie.other)
    }

    /// The tie to somebody, to be changed.
    pub(crate) fn get_mut(&mut self, other: u32) -> Option<&mut Tie> {
        let at = self.find(other).ok()?;
        Some(&mut self.0[at])
    }

    pub(crate) fn get(&self, other: u32) -> Option<RelationImage> {
        let at = self.find(other).ok()?;
        Some(self.0[at].into())
    }

    /// The tie to somebody, made when there is none. Where there are `max`, the weakest gives way; somebody followed never does.
    /// `None` when there is no room: nobody has given way then.
    pub(crate) fn entry(&mut self, other: u32, tick: u64, max: usize) -> Option<&mut Tie> {
        let at = match self.find(other) {
            Ok(at) => at,
            Err(_) => {
                // More may be known than are allowed by now, so whether there is room is asked first.
                if self.0.len() >= max && self.0.iter().filter(|tie| tie.follows()).count() >= max {
                    return None;
                }
                while self.0.len() >= max {
                    self.forget_weakest()?;
                }
                if self.0.len() == self.0.capacity() {
                    self.0.reserve_exact(GROWTH.min(max - self.0.len()));
                }
                let at = self.0.partition_point(|tie| tie.other < other);
                self.0.insert(at, Tie::new(other, tick));
                at
            }
        };
        Some(&mut self.0[at])
    }

    /// Lets go of the weakest tie to somebody who is not followed; `None` when there is none.
    fn forget_weakest(&mut self) -> Option<Tie> {
        let weakest = (0..self.0.len())
            .filter(|&at| !self.0[at].follows())
            .min_by_key(|&at| {
                let tie = self.0[at];
                (tie.closeness(), tie.last_met, tie.other)
            })?;
        Some(self.0.remove(weakest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(other: u32, closeness: u16, last_met: u64, follows: bool) -> RelationImage {
        RelationImage {
            other,
            closeness,
            liking: -7,
            last_met,
            follows,
        }
    }

    #[test]
    fn a_tie_is_packed_without_loss() {
        assert_eq!(size_of::<Tie>(), 16);
        for closeness in [0, 1, 999, 1000] {
            for liking in [-1000, 0, 1000] {
                for follows in [false, true] {
                    let image = RelationImage {
                        liking,
                        ..relation(u32::MAX, closeness, u64::MAX, follows)
                    };
                    assert_eq!(RelationImage::from(Tie::from(image)), image);
                }
            }
        }
    }

    #[test]
    fn meetings_bring_closer_up_to_the_ends_of_the_scale() {
        let mut ties = Ties::default();
        let tie = ties.entry(4, 1, 8).expect("there is room");
        tie.set_follows(true);
        tie.meet(5, 700, -600);
        tie.meet(9, 700, -600);
        let met = RelationImage {
            other: 4,
            closeness: 1000,
            liking: -1000,
            last_met: 9,
            follows: true,
        };
        assert_eq!(ties.get(4), Some(met));
        ties.entry(4, 10, 8).expect("known").set_follows(false);
        let let_go = RelationImage {
            follows: false,
            ..met
        };
        assert_eq!(ties.iter().collect::<Vec<_>>(), [let_go]);
        assert_eq!(ties.get(5), None);
    }

    /// Who gives way: the least close; of those the one not met for longest; of those the first; nobody followed.
    #[test]
    fn the_weakest_gives_way_and_nobody_followed_does() {
        let mut ties = Ties::from_image(vec![
            relation(1, 0, 3, true),
            relation(2, 50, 9, false),
            relation(3, 20, 8, false),
            relation(5, 20, 7, false),
            relation(6, 20, 7, false),
        ]);
        let mut known = |other| {
            let found = ties.entry(other, 99, 5).is_some();
            (found, ties.iter().map(|tie| tie.other).collect::<Vec<_>>())
        };
        assert_eq!(known(4), (true, vec![1, 2, 3, 4, 6]), "5 was first of two");
        // Whom one has just come to know is the weakest of all.
        assert_eq!(known(7), (true, vec![1, 2, 3, 6, 7]));
        assert_eq!(known(2), (true, vec![1, 2, 3, 6, 7]), "nobody gives way");
    }

    #[test]
    fn where_all_are_followed_there_is_no_room() {
        let followed = vec![relation(1, 0, 0, true), relation(2, 9, 0, true)];
        let mut ties = Ties::from_image(followed.clone());
        assert!(ties.entry(3, 9, 2).is_none());
        assert_eq!(ties.iter().collect::<Vec<_>>(), followed);
        // Fewer are allowed than are known: the followed stay all the same.
        assert!(ties.entry(3, 9, 1).is_none());
        assert!(ties.entry(3, 9, 0).is_none());
        assert_eq!(ties.len(), 2);
    }

    #[test]
    fn nobody_gives_way_where_that_makes_no_room() {
        let known = vec![relation(1, 9, 0, false), relation(2, 9, 0, true)];
        let mut ties = Ties::from_image(known.clone());
        for max in [0, 1] {
            assert!(ties.entry(3, 9, max).is_none());
            assert_eq!(ties.iter().collect::<Vec<_>>(), known);
        }
        assert!(ties.entry(3, 9, 2).is_some());
        assert_eq!(ties.iter().map(|it| it.other).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn no_more_memory_is_taken_than_ties_are_kept() {
        let mut ties = Ties::default();
        for other in 0..100 {
            ties.entry(other, u64::from(other), 10);
        }
        assert_eq!((ties.len(), ties.0.capacity()), (10, 10));
    }
}
