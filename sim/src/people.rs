//! People as members of the town: a number, a name, whom they follow. They have no body and are on no map;
//! on the board and among members they are what residents are.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::image::PersonImage;
use hamlet_protocol::name::{NameError, check_name};
use hamlet_protocol::persona::check_display_name;

use crate::clock::Clock;
use crate::lifecycle::{check_numbers, name_is_free, record, sentence};
use crate::log::Touched;
use crate::moderation::check_secrets;
use crate::roster::Roster;
use crate::space::Space;
use crate::town::{ActResult, Town, with_town};

/// People who are or were members, by agent number.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct People(pub(crate) BTreeMap<u32, PersonImage>);

impl People {
    /// A person who is a member now.
    pub(crate) fn get(&self, no: u32) -> Option<&PersonImage> {
        self.0.get(&no).filter(|person| !person.left)
    }

    /// Whether a number is that of a person who is a member now.
    pub(crate) fn has(&self, no: u32) -> bool {
        self.get(no).is_some()
    }

    /// Whether a person follows somebody.
    pub(crate) fn follows(&self, no: u32, other: u32) -> bool {
        self.get(no)
            .is_some_and(|person| person.follows.binary_search(&other).is_ok())
    }

    /// Makes a person follow somebody, or no longer. False where they follow `max` others already.
    pub(crate) fn set_follows(&mut self, no: u32, other: u32, on: bool, max: usize) -> bool {
        let Some(person) = self.0.get_mut(&no) else {
            return false;
        };
        match (person.follows.binary_search(&other), on) {
            (Err(_), true) if person.follows.len() >= max => return false,
            (Err(at), true) => person.follows.insert(at, other),
            (Ok(at), false) => drop(person.follows.remove(at)),
            (Ok(_), true) | (Err(_), false) => {}
        }
        true
    }
}

/// A person becomes a member.
pub(crate) fn enrol(
    world: &mut World,
    name: &str,
    display_name: &str,
    speaks_for_town: bool,
) -> ActResult {
    match check_name(name) {
        Ok(()) => {}
        Err(NameError::Reserved) if speaks_for_town => {}
        Err(fault) => {
            return Err(Rejection::new(
                RejectionCode::Name,
                sentence(&fault),
                "Choose another name.",
            ));
        }
    }
    check_display_name(display_name).map_err(|fault| {
        Rejection::new(
            RejectionCode::Invalid,
            sentence(&fault),
            "Choose another display name.",
        )
    })?;
    check_secrets("a display name", display_name)?;
    name_is_free(world.resource(), name)?;
    check_numbers(world.resource(), 1)?;
    let no = world.resource_mut::<Space>().reserve();
    let last_seen_ms = world.resource::<Clock>().stamp_ms;
    let person = PersonImage {
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        last_seen_ms,
        ..PersonImage::default()
    };
    world.resource_mut::<People>().0.insert(no, person);
    let mut roster = world.resource_mut::<Roster>();
    roster.sign(no, name);
    let agent = roster.agent_id(no);
    let event = Event::PersonJoined {
        agent,
        name: name.to_owned(),
        display_name: display_name.to_owned(),
    };
    record(world, event);
    let mut touched = world.resource_mut::<Touched>();
    touched.body(no);
    touched.agent(no);
    Ok(Outcome::Spawned { agent })
}

/// A person leaves for good. What they wrote stays without a name; the name stays taken.
pub(crate) fn leave(world: &mut World, no: u32) -> ActResult {
    with_town(world, |town| {
        town.part_ways(no);
        town.leave_communities(no);
        town.leave_society(no);
        town.leave_economy(no);
        let agent = town.roster.agent_id(no);
        town.log.record(&town.clock, Event::AgentLeft { agent });
        town.touched.agent(no);
        let gone = PersonImage {
            left: true,
            ..PersonImage::default()
        };
        town.people.0.insert(no, gone);
    });
    Ok(Outcome::Done)
}

impl Town<'_, '_> {
    /// Whether a number is that of a member: a resident in the town, or a person.
    pub(crate) fn is_member(&self, no: u32) -> bool {
        self.is_resident(no) || self.people.has(no)
    }

    /// The number of a member.
    pub(crate) fn member_no(&self, agent: AgentId) -> Result<u32, Rejection> {
        member_no(&self.roster, &self.people, agent)
    }

    /// A person does something. Of what residents do, they can do what needs no body.
    pub(crate) fn act_of_person(&mut self, no: u32, act: &Act) -> ActResult {
        let outcome = match self.act_of_member(no, act) {
            Some(outcome) => outcome?,
            None => {
                return Err(Rejection::new(
                    RejectionCode::Forbidden,
                    format!(
                        "A person has no body in the town and so can't `{}`.",
                        act.name()
                    ),
                    "Write, vote and follow yourself; for the rest let an agent of yours act.",
                ));
            }
        };
        let stamp_ms = self.clock.stamp_ms;
        if let Some(person) = self.people.0.get_mut(&no) {
            person.last_seen_ms = stamp_ms;
        }
        self.touched.agent(no);
        Ok(outcome)
    }
}

/// The number of a member, or why there is none.
pub(crate) fn member_no(
    roster: &Roster,
    people: &People,
    agent: AgentId,
) -> Result<u32, Rejection> {
    let is_one = |no: &u32| roster.entity(*no).is_some() || people.has(*no);
    roster.number(agent).filter(is_one).ok_or_else(|| {
        Rejection::new(
            RejectionCode::NotFound,
            format!("Nobody with the id {agent} is in the town."),
            "List the agents and take an id from there; somebody who left does not come back.",
        )
    })
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::act::VoteTarget;
    use hamlet_protocol::command::Command;

    use super::*;
    use crate::testing::Stage;

    fn enrol(name: &str) -> Command {
        Command::Enrol {
            name: name.to_owned(),
            display_name: "Somebody".to_owned(),
            speaks_for_town: false,
        }
    }

    fn joined(stage: &mut Stage, name: &str) -> AgentId {
        let applied = stage.command(enrol(name)).expect("allowed");
        let Outcome::Spawned { agent } = applied.outcome else {
            panic!("a person was enrolled to {applied:?}");
        };
        agent
    }

    fn act(stage: &mut Stage, agent: AgentId, act: Act) -> Outcome {
        let answer = stage.command(Command::Act { agent, act });
        answer.expect("allowed").outcome
    }

    #[test]
    fn a_person_takes_part_without_a_body() {
        let mut stage = Stage::of(&[("Ada", (14, 5))]);
        let agent = joined(&mut stage, "mira");
        let event = Event::PersonJoined {
            agent,
            name: "mira".to_owned(),
            display_name: "Somebody".to_owned(),
        };
        assert_eq!(stage.events(), [event]);
        let note = stage.post("Ada", "A goat is missing");
        let target = VoteTarget::Post(note);
        act(&mut stage, agent, Act::Vote { target, value: 1 });
        let ada = stage.id("Ada");
        act(
            &mut stage,
            agent,
            Act::Follow {
                agent: ada,
                on: true,
            },
        );
        stage.act("Ada", Act::Follow { agent, on: true });
        let Outcome::Posted { post } = act(
            &mut stage,
            agent,
            Act::Post {
                submolt: "town".to_owned(),
                title: "Found".to_owned(),
                text: "By the well.".to_owned(),
            },
        ) else {
            panic!("a post had another outcome");
        };
        let text = "Thank you!".to_owned();
        stage.act(
            "Ada",
            Act::Comment {
                post,
                parent: None,
                text,
            },
        );
        assert_eq!(
            stage.refused_command_after(Command::Act {
                agent,
                act: Act::Sleep
            }),
            RejectionCode::Forbidden
        );
        let view = stage.village.view();
        let no = u32::try_from(stage.ids().number(agent).unwrap_or(0)).unwrap_or(0);
        let person = view.person(no).expect("a member");
        assert_eq!((person.standing.posts, person.standing.followers), (1, 1));
        assert_eq!(person.follows, [ada]);
        // Nobody sees a body.
        assert_eq!(view.agents.get(no as usize), Some(&None));
        assert_eq!(stage.village.population(), 1);
        // An image knows all of it.
        let people: Vec<_> = view.people.iter().cloned().collect();
        stage.edit(|_state| {});
        let again: Vec<_> = stage.village.view().people.iter().cloned().collect();
        assert_eq!(people, again);
    }

    #[test]
    fn names_of_people_and_residents_are_one_namespace() {
        let mut stage = Stage::of(&[("Ada", (14, 5))]);
        for name in ["ada", "A_d-a", "admin", "x"] {
            assert_eq!(stage.refused_command(enrol(name)), RejectionCode::Name);
        }
        let agent = joined(&mut stage, "mira");
        stage.events();
        assert_eq!(stage.refused_command(enrol("M1ra")), RejectionCode::Name);
        stage.command(Command::Remove { agent }).expect("allowed");
        stage.events();
        stage.edit(|_state| {});
        assert_eq!(stage.refused_command(enrol("mira")), RejectionCode::Name);
        assert_eq!(
            stage.refused_command(Command::Remove { agent }),
            RejectionCode::NotFound
        );
    }

    #[test]
    fn who_leaves_is_followed_by_nobody() {
        let mut stage = Stage::of(&[("Ada", (14, 5))]);
        let (mira, bo) = (joined(&mut stage, "mira"), joined(&mut stage, "bo"));
        let ada = stage.id("Ada");
        stage.act(
            "Ada",
            Act::Follow {
                agent: mira,
                on: true,
            },
        );
        act(
            &mut stage,
            bo,
            Act::Follow {
                agent: mira,
                on: true,
            },
        );
        act(
            &mut stage,
            mira,
            Act::Follow {
                agent: ada,
                on: true,
            },
        );
        stage
            .command(Command::Remove { agent: mira })
            .expect("allowed");
        let view = stage.village.view();
        let people: Vec<_> = view.people.iter().cloned().collect();
        assert!(people[0].left && people[0].name.is_empty());
        assert!(people[1].follows.is_empty());
        let ada = view.agents.iter().flatten().next().expect("Ada");
        assert_eq!((ada.standing.followers, ada.standing.following), (0, 0));
    }
}
