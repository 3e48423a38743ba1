//! The town as one parameter: what acts and minds read and change.
//!
//! A command from outside and an act of a resident inside a tick go through the same methods,
//! which the features add to [`Town`], each in its own file.

use bevy_ecs::prelude::*;
use bevy_ecs::system::{SystemParam, SystemState};
use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, Presence};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::ids::{AgentId, LandmarkId};
use hamlet_protocol::image::{SeenImage, WalkImage};
use hamlet_protocol::map::Point;
use hamlet_protocol::rules::Rules;

use crate::board::Board;
use crate::clock::Clock;
use crate::community::Communities;
use crate::economy::Economy;
use crate::interventions::Agenda;
use crate::inventory::Ground;
use crate::log::{EventLog, Totals, Touched};
use crate::minds::Thinking;
use crate::moderation::Court;
use crate::movement::PathQueue;
use crate::news::NewsDesk;
use crate::people::People;
use crate::places::Places;
use crate::reputation::Reputation;
use crate::resident::{Resident, ResidentItem};
use crate::roster::Roster;
use crate::social::Social;
use crate::space::{Space, Ways};
use crate::standing::Standings;
use crate::talk::Talks;

/// The rules as they stand.
#[derive(Resource, Clone, Debug)]
pub(crate) struct RulesNow(pub(crate) Rules);

/// The run's seed.
#[derive(Resource, Clone, Copy, Debug)]
pub(crate) struct Seed(pub(crate) u64);

/// What an act came to.
pub(crate) type ActResult = Result<Outcome, Rejection>;

/// Everything of the town but the coming and going of agents.
#[derive(SystemParam)]
pub(crate) struct Town<'w, 's> {
    pub(crate) seed: Res<'w, Seed>,
    pub(crate) clock: Res<'w, Clock>,
    pub(crate) rules: Res<'w, RulesNow>,
    pub(crate) roster: Res<'w, Roster>,
    pub(crate) places: Res<'w, Places>,
    pub(crate) space: ResMut<'w, Space>,
    pub(crate) ways: ResMut<'w, Ways>,
    pub(crate) path_queue: ResMut<'w, PathQueue>,
    pub(crate) ground: ResMut<'w, Ground>,
    pub(crate) board: ResMut<'w, Board>,
    pub(crate) communities: ResMut<'w, Communities>,
    pub(crate) talks: ResMut<'w, Talks>,
    pub(crate) news: ResMut<'w, NewsDesk>,
    pub(crate) log: ResMut<'w, EventLog>,
    pub(crate) touched: ResMut<'w, Touched>,
    pub(crate) totals: ResMut<'w, Totals>,
    pub(crate) standings: ResMut<'w, Standings>,
    pub(crate) social: ResMut<'w, Social>,
    pub(crate) people: ResMut<'w, People>,
    pub(crate) court: ResMut<'w, Court>,
    pub(crate) agenda: Res<'w, Agenda>,
    pub(crate) reputation: ResMut<'w, Reputation>,
    pub(crate) economy: ResMut<'w, Economy>,
    pub(crate) thinking: ResMut<'w, Thinking>,
    pub(crate) residents: Query<'w, 's, Resident>,
}

/// Keeps the access of [`Town`] between commands, which come outside any system.
#[derive(Resource)]
struct TownDoor(SystemState<Town<'static, 'static>>);

/// Lets `visit` at the town.
///
/// # Panics
/// When the world was not built by [`crate::village::Village`]: a resource is missing.
pub(crate) fn with_town<R>(world: &mut World, visit: impl FnOnce(&mut Town) -> R) -> R {
    if !world.contains_resource::<TownDoor>() {
        let state = SystemState::new(world);
        world.insert_resource(TownDoor(state));
    }
    world.resource_scope(|world, mut door: Mut<TownDoor>| {
        let mut town = door
            .0
            .get_mut(world)
            .expect("the village's resources exist from its beginning");
        visit(&mut town)
    })
}

impl<'s> Town<'_, 's> {
    /// One resident's components.
    ///
    /// # Panics
    /// When the number is not that of a resident in the town; callers have looked it up.
    pub(crate) fn resident(&mut self, no: u32) -> ResidentItem<'_, 's> {
        let entity = self
            .roster
            .entity(no)
            .expect("a resident's number is looked up before use");
        self.residents
            .get_mut(entity)
            .expect("a resident in the roster has all components")
    }
}

impl Town<'_, '_> {
    /// An agent does something that it, or whoever drives it, has chosen. Refused acts change nothing.
    pub(crate) fn act(&mut self, no: u32, act: &Act) -> ActResult {
        let goods = self.check_goods_given(no, act)?;
        let outcome = self.act_by_habit(no, act)?;
        self.count_gift(no, goods);
        Ok(outcome)
    }

    /// An agent does something, out of habit or not: nobody can talk habits into giving.
    pub(crate) fn act_by_habit(&mut self, no: u32, act: &Act) -> ActResult {
        self.may_act(no, act)?;
        if self.people.has(no) {
            return self.act_of_person(no, act);
        }
        let outcome = match self.act_of_member(no, act) {
            Some(outcome) => outcome,
            None => self.act_of_body(no, act),
        }?;
        self.has_acted(no, act);
        Ok(outcome)
    }

    /// What every member can do, with a body or without; `None` for an act that takes a body.
    pub(crate) fn act_of_member(&mut self, no: u32, act: &Act) -> Option<ActResult> {
        Some(match act {
            Act::Post {
                submolt,
                title,
                text,
            } => self.post(Some(no), submolt, title, text),
            Act::Publish(new) => {
                self.publish(Some(no), &new.submolt, &new.title, &new.text, &new.details)
            }
            Act::EditPost { post, change } => self.edit_post(no, *post, change),
            Act::DeletePost { post } => self.delete_post(no, *post),
            Act::SetPost { post, set } => self.set_post_as_member(no, *post, *set),
            Act::EditComment {
                comment,
                text,
                revision,
            } => self.edit_comment(no, *comment, text, *revision),
            Act::DeleteComment { comment } => self.delete_comment(no, *comment),
            Act::Comment { post, parent, text } => self.comment(no, *post, *parent, text),
            Act::Vote { target, value } => self.vote(no, *target, *value),
            Act::ToggleVote { target, value } => self.toggle_vote(no, *target, *value),
            Act::Follow { agent, on } => self
                .member_no(*agent)
                .and_then(|other| self.follow(no, other, *on)),
            Act::Subscribe { submolt, on } => self.subscribe(no, submolt, *on),
            Act::Community(act) => self.community_act(no, act),
            Act::Social(act) => self.social(no, act),
            Act::Economy(act) => self.economy_act(no, act),
            _ => return None,
        })
    }

    fn act_of_body(&mut self, no: u32, act: &Act) -> ActResult {
        match act {
            Act::Step { dx, dy } => self.step_by(no, *dx, *dy),
            Act::GoTo { to } => self.go_to(no, *to),
            Act::GoToLandmark { landmark } => self
                .landmark_no(*landmark)
                .and_then(|place| self.go_to_landmark(no, place)),
            Act::Stop => Ok(self.stop(no)),
            Act::Say { text } => self.say(no, text),
            Act::Talk { to, text } => self.agents(to).and_then(|to| self.talk(no, &to, text)),
            Act::Give { to, item, count } => {
                let (to, item) = (self.agent_no(*to)?, goods(item)?);
                self.give(no, to, item, *count)
            }
            Act::Trade { with, give, want } => {
                let (with, give, want) = (self.agent_no(*with)?, goods(give)?, goods(want)?);
                self.trade(no, with, give, want)
            }
            Act::PickUp { item, count } => {
                goods(item).and_then(|item| self.pick_up(no, item, *count))
            }
            Act::Drop { item, count } => {
                goods(item).and_then(|item| self.put_down(no, item, *count))
            }
            Act::Use { landmark } => self
                .landmark_no(*landmark)
                .and_then(|place| self.use_landmark(no, place)),
            Act::Sleep => Ok(self.sleep(no)),
            // These are answered before.
            Act::Post { .. }
            | Act::Publish(_)
            | Act::EditPost { .. }
            | Act::DeletePost { .. }
            | Act::SetPost { .. }
            | Act::EditComment { .. }
            | Act::DeleteComment { .. }
            | Act::Comment { .. }
            | Act::Vote { .. }
            | Act::ToggleVote { .. }
            | Act::Follow { .. }
            | Act::Subscribe { .. }
            | Act::Community(_)
            | Act::Social(_)
            | Act::Economy(_) => Ok(Outcome::Done),
        }
    }

    /// Whether a number is that of a resident in the town.
    pub(crate) fn is_resident(&self, no: u32) -> bool {
        self.roster.entity(no).is_some()
    }

    /// Where somebody stands.
    pub(crate) fn at(&self, no: u32) -> Point {
        self.space.at(no).unwrap_or_default()
    }

    /// The number of a resident in the town.
    pub(crate) fn agent_no(&self, agent: AgentId) -> Result<u32, Rejection> {
        agent_no(&self.roster, agent)
    }

    fn agents(&self, agents: &[AgentId]) -> Result<Vec<u32>, Rejection> {
        agents.iter().map(|&agent| self.agent_no(agent)).collect()
    }

    /// The number of a landmark.
    pub(crate) fn landmark_no(&self, landmark: LandmarkId) -> Result<u32, Rejection> {
        landmark_no(&self.roster, &self.places, landmark)
    }

    /// Somebody remembers something.
    pub(crate) fn observe(&mut self, no: u32, what: SeenImage) {
        let (tick, max) = (self.clock.tick, usize::from(self.rules.0.observations_max));
        self.resident(no).memory.observe(tick, what, max);
        self.touched.agent(no);
    }

    /// Somebody's mood rises or falls.
    pub(crate) fn cheer(&mut self, no: u32, by: i16) {
        self.resident(no).wants.cheer(by);
        self.touched.agent(no);
    }

    /// Somebody does something else from now on.
    pub(crate) fn set_activity(&mut self, no: u32, activity: Activity, landmark: Option<u32>) {
        let tick = self.clock.tick;
        let mut resident = self.resident(no);
        let doing = &mut resident.doing.what;
        if doing.activity == activity && doing.landmark == landmark {
            return;
        }
        *doing = hamlet_protocol::image::DoingImage {
            activity,
            landmark,
            since: tick,
        };
        let agent = self.roster.agent_id(no);
        self.log
            .record(&self.clock, Event::ActivityChanged { agent, activity });
        self.touched.body(no);
    }

    /// Whether somebody is there, awake and free to be talked to.
    pub(crate) fn approachable(&mut self, no: u32) -> bool {
        let resident = self.resident(no);
        resident.doing.presence != Presence::Gone
            && resident.memory.talk.is_none()
            && !matches!(
                resident.doing.what.activity,
                Activity::Sleeping | Activity::Healing
            )
    }

    pub(crate) fn asleep(&mut self, no: u32) -> bool {
        self.resident(no).doing.what.activity == Activity::Sleeping
    }

    /// Checks that somebody is awake.
    pub(crate) fn check_awake(&mut self, no: u32) -> Result<(), Rejection> {
        if self.asleep(no) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "They are asleep.",
                "Let them sleep, or turn to somebody else.",
            ));
        }
        Ok(())
    }

    /// Whether somebody stands still with nowhere to go.
    pub(crate) fn standing(&mut self, no: u32) -> bool {
        self.resident(no).walk.0 == WalkImage::Still
    }
}

/// The number of a resident in the town, or why there is none.
pub(crate) fn agent_no(roster: &Roster, agent: AgentId) -> Result<u32, Rejection> {
    let no = roster
        .number(agent)
        .filter(|&no| roster.entity(no).is_some());
    no.ok_or_else(|| {
        Rejection::new(
            RejectionCode::NotFound,
            format!("No resident with the id {agent} lives in the town."),
            "List the agents and take an id from there; somebody who left does not come back.",
        )
    })
}

/// The number of a landmark, or why there is none.
pub(crate) fn landmark_no(
    roster: &Roster,
    places: &Places,
    landmark: LandmarkId,
) -> Result<u32, Rejection> {
    let no = roster
        .number(landmark)
        .filter(|&no| places.get(no).is_some());
    no.ok_or_else(|| {
        Rejection::new(
            RejectionCode::NotFound,
            format!("The map has no landmark with the id {landmark}."),
            "Take a landmark's id from the world's list.",
        )
    })
}

fn goods(word: &str) -> Result<Item, Rejection> {
    Item::parse(word).ok_or_else(|| {
        let known: Vec<&str> = Item::ALL.into_iter().map(Item::as_str).collect();
        Rejection::new(
            RejectionCode::NotFound,
            format!(
                "There are no goods called `{}`.",
                word.chars().take(50).collect::<String>()
            ),
            format!("Goods are: {}.", known.join(", ")),
        )
    })
}
