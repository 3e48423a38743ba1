//! How residents stand on the board: what they wrote, what came of it, who follows whom.
//!
//! The counters follow from the board and from ties, so no image has them; they are kept as things happen and never counted anew.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use hamlet_protocol::agent::Standing;

use crate::board::Board;
use crate::people::People;
use crate::roster::Roster;
use crate::ties::Ties;
use crate::town::Town;

/// Of everybody who ever wrote, followed or was followed, by agent number.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standings(BTreeMap<u32, Standing>);

impl Standings {
    /// How somebody stands.
    pub(crate) fn get(&self, no: u32) -> Standing {
        self.0.get(&no).copied().unwrap_or_default()
    }

    fn of(&mut self, no: u32) -> &mut Standing {
        self.0.entry(no).or_default()
    }

    /// Counts all that a world holds, where it was resumed.
    pub(crate) fn count(world: &World) -> Self {
        let (board, roster) = (&world.resource::<Board>().data, world.resource::<Roster>());
        let mut all = Self::default();
        for post in &board.posts {
            if let Some(author) = post.author {
                let standing = all.of(author);
                standing.posts += 1;
                standing.karma += i64::from(post.up) - i64::from(post.down);
            }
        }
        for comment in &board.comments {
            let standing = all.of(comment.author);
            standing.comments += 1;
            standing.karma += i64::from(comment.up) - i64::from(comment.down);
        }
        for &(no, entity) in roster.residents() {
            let ties = world.get::<Ties>(entity).into_iter();
            for tie in ties.flat_map(Ties::iter).filter(|tie| tie.follows) {
                all.of(no).following += 1;
                all.of(tie.other).followers += 1;
            }
        }
        for (&no, person) in &world.resource::<People>().0 {
            for &other in &person.follows {
                all.of(no).following += 1;
                all.of(other).followers += 1;
            }
        }
        all
    }
}

impl Town<'_, '_> {
    /// Somebody has made a post.
    pub(crate) fn count_post(&mut self, author: u32) {
        self.standings.of(author).posts += 1;
        self.touched.agent(author);
    }

    /// Somebody has made a comment.
    pub(crate) fn count_comment(&mut self, author: u32) {
        self.standings.of(author).comments += 1;
        self.touched.agent(author);
    }

    /// A vote on what somebody wrote has changed by so much.
    pub(crate) fn count_vote(&mut self, author: u32, change: i8) {
        self.standings.of(author).karma += i64::from(change);
        self.touched.agent(author);
    }

    /// Somebody follows somebody from now on, or no longer.
    pub(crate) fn count_follow(&mut self, no: u32, other: u32, on: bool) {
        let step = |count: &mut u32| {
            *count = if on {
                count.saturating_add(1)
            } else {
                count.saturating_sub(1)
            };
        };
        step(&mut self.standings.of(no).following);
        step(&mut self.standings.of(other).followers);
        self.touched.agent(no);
        self.touched.agent(other);
    }

    /// Whoever leaves follows nobody any more, and nobody follows them.
    pub(crate) fn part_ways(&mut self, no: u32) {
        for other in self.followed_by(no) {
            self.unfollow(no, other);
        }
        let members: Vec<u32> = {
            let residents = self.roster.residents().iter().map(|&(other, _)| other);
            residents.chain(self.people.0.keys().copied()).collect()
        };
        for other in members {
            if self.follows(other, no) {
                self.unfollow(other, no);
            }
        }
    }

    /// Whether a member follows somebody.
    pub(crate) fn follows(&mut self, no: u32, other: u32) -> bool {
        if self.is_resident(no) {
            let resident = self.resident(no);
            return resident.ties.get(other).is_some_and(|tie| tie.follows);
        }
        self.people.follows(no, other)
    }

    /// Whom a member follows, by number, ascending.
    pub(crate) fn followed_by(&mut self, no: u32) -> Vec<u32> {
        if self.is_resident(no) {
            let resident = self.resident(no);
            let followed = resident.ties.iter().filter(|tie| tie.follows);
            return followed.map(|tie| tie.other).collect();
        }
        self.people
            .get(no)
            .map(|person| person.follows.clone())
            .unwrap_or_default()
    }

    fn unfollow(&mut self, no: u32, other: u32) {
        if self.is_resident(no) {
            let mut resident = self.resident(no);
            if let Some(tie) = resident.ties.get_mut(other) {
                tie.set_follows(false);
            }
        } else {
            self.people.set_follows(no, other, false, usize::MAX);
        }
        self.count_follow(no, other, false);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hamlet_protocol::act::{Act, VoteTarget};
    use hamlet_protocol::command::Command;
    use hamlet_protocol::view::AgentView;

    use super::*;
    use crate::testing::{self, Stage};
    use crate::village::{Village, VillageOptions};

    const PEOPLE: [(&str, (u16, u16)); 3] = [("Ada", (14, 5)), ("Bo", (20, 5)), ("Cy", (2, 5))];

    /// The same, counted anew by whoever goes on from the image.
    fn counted_anew(village: &Village) -> Vec<Option<Arc<AgentView>>> {
        let resumed = Village::resume(village.image(), VillageOptions::default());
        let mut resumed = resumed.expect("the image is whole");
        resumed.view().agents.iter().cloned().collect()
    }

    fn standing(stage: &mut Stage, name: &str) -> Standing {
        let no = stage.no(name) as usize;
        let view = stage.village.view();
        let agent = view.agents.get(no).and_then(Option::as_ref);
        agent.expect("a resident").standing
    }

    #[test]
    fn what_one_writes_and_who_follows_is_counted() {
        let mut stage = Stage::of(&PEOPLE);
        let post = stage.post("Ada", "A goat is missing");
        let comment = stage.comment("Ada", post, None);
        stage.comment("Bo", post, None);
        let vote = |target, value| Act::Vote { target, value };
        stage.act("Bo", vote(VoteTarget::Post(post), 1));
        stage.act("Cy", vote(VoteTarget::Comment(comment), 1));
        stage.act("Bo", vote(VoteTarget::Comment(comment), -1));
        stage.act("Bo", vote(VoteTarget::Comment(comment), -1));
        for (name, other) in [("Bo", "Ada"), ("Cy", "Ada"), ("Ada", "Cy")] {
            let agent = stage.id(other);
            stage.act(name, Act::Follow { agent, on: true });
            stage.act(name, Act::Follow { agent, on: true });
        }
        let ada = Standing {
            karma: 1,
            posts: 1,
            comments: 1,
            followers: 2,
            following: 1,
        };
        assert_eq!(standing(&mut stage, "Ada"), ada);
        let agent = stage.id("Ada");
        stage.act("Bo", Act::Follow { agent, on: false });
        assert_eq!(standing(&mut stage, "Ada").followers, 1);
        let agents: Vec<_> = stage.village.view().agents.iter().cloned().collect();
        assert_eq!(agents, counted_anew(&stage.village));
        // Who leaves is followed by nobody and follows nobody.
        stage.command(Command::Remove { agent }).expect("allowed");
        let cy = standing(&mut stage, "Cy");
        assert_eq!((cy.followers, cy.following), (0, 0));
        assert!(stage.resident("Cy").relations.iter().all(|it| !it.follows));
        let agents: Vec<_> = stage.village.view().agents.iter().cloned().collect();
        assert_eq!(agents, counted_anew(&stage.village));
    }

    #[test]
    fn counters_kept_for_a_day_are_those_counted_at_its_end() {
        let mut village = testing::village(testing::scenario(8));
        for _ in 0..14_400 {
            village.tick(None);
            village.take_events();
        }
        let agents: Vec<_> = village.view().agents.iter().cloned().collect();
        let karma = agents.iter().flatten().any(|it| it.standing.karma != 0);
        let wrote = agents.iter().flatten().any(|it| it.standing.comments > 0);
        assert!(karma && wrote, "nothing to count");
        assert_eq!(agents, counted_anew(&village));
    }
}
