//! The world as readers see it: immutable, shared, in copy-on-write pages.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::agent::{
    Activity, Facing, MindKind, Needs, Observation, Presence, Relation, Stack, Standing,
};
use crate::board::{CommentView, PostView};
use crate::community::CommunitiesView;
use crate::economy::view::EconomyView;
use crate::ids::{AgentId, LandmarkId, TalkId};
use crate::map::{Point, TownMap};
use crate::pages::Pages;
use crate::persona::Persona;
use crate::reputation::ReputationImage;
use crate::rules::Rules;
use crate::social::InboxView;
use crate::social::chat::ChatView;
use crate::time::SimTime;

/// The world after a tick or a drain. Cloning it copies page pointers only.
#[derive(Clone, Debug)]
pub struct WorldView {
    /// Tick it shows.
    pub tick: u64,
    /// Number of the last durable event in it.
    pub seq: u64,
    /// Sim time.
    pub time: SimTime,
    /// Stamp of the last thing that happened, UTC milliseconds.
    pub stamp_ms: i64,
    /// The map, which never changes.
    pub map: Arc<TownMap>,
    /// The rules as they stand.
    pub rules: Arc<Rules>,
    /// Landmarks, in the order of the map.
    pub landmarks: Arc<Vec<LandmarkView>>,
    /// Goods lying about, in order of their tiles.
    pub ground: Arc<Vec<LyingView>>,
    /// What changes at every step, by agent number; gone agents stay in their place.
    pub bodies: Pages<BodyView>,
    /// Everything else about an agent, by agent number. Walkers have `None`.
    pub agents: Pages<Option<Arc<AgentView>>>,
    /// People who are members, in order of their numbers; those who left stay in their place.
    pub people: Pages<Arc<PersonView>>,
    /// What reputations rest on beside the board.
    pub reputation: Arc<ReputationImage>,
    /// Posts, oldest first.
    pub posts: Pages<Arc<PostView>>,
    /// Comments, oldest first.
    pub comments: Pages<Arc<CommentView>>,
    /// Communities, with their labels and members.
    pub communities: CommunitiesView,
    /// What members have of their own, by agent number, as far as anybody has something.
    pub inboxes: Pages<Option<Arc<InboxView>>>,
    /// Conversations and groups, by number.
    pub chats: Pages<Arc<ChatView>>,
    /// Money.
    pub economy: EconomyView,
}

/// A landmark as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandmarkView {
    /// Its id.
    pub id: LandmarkId,
    /// Whether one may use it now.
    pub open: bool,
}

/// Goods lying on a tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LyingView {
    /// Where.
    pub at: Point,
    /// What, such as `bread`.
    pub item: String,
    /// How many.
    pub count: u16,
}

/// A body as frames show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyView {
    /// Whose.
    pub agent: AgentId,
    /// Where.
    pub at: Point,
    /// Which way it looks.
    pub facing: Facing,
    /// What it does.
    pub activity: Activity,
    /// Whether it is there.
    pub presence: Presence,
}

/// A resident as the inspector and the API show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentView {
    /// Its id.
    pub id: AgentId,
    /// Who they are.
    pub persona: Arc<Persona>,
    /// Slug of the template they come from.
    pub template: String,
    /// Who decides for them.
    pub mind: MindKind,
    /// Whether they are there.
    pub presence: Presence,
    /// Whether a moderator, or whoever answers for them, has stopped their mind.
    pub halted: bool,
    /// Whether all that they write is seen by themselves and moderators alone.
    pub quarantined: bool,
    /// How they stand on the board.
    pub standing: Standing,
    /// Health, 0 to 1000.
    pub health: u16,
    /// Levels of needs.
    pub needs: Needs,
    /// Mood, −1000 to 1000.
    pub mood: i16,
    /// Where they live.
    pub home: Option<LandmarkId>,
    /// Where they work.
    pub workplace: Option<LandmarkId>,
    /// What they are up to, as a phrase.
    pub plan: String,
    /// The conversation they are in.
    pub talk: Option<TalkId>,
    /// What they carry.
    pub inventory: Vec<Stack>,
    /// Whom they know.
    pub relations: Vec<Relation>,
    /// What they remember of the last hours, oldest first.
    pub observations: Vec<Observation>,
    /// Lines they heard lately, oldest first: who said what.
    pub heard: Vec<(AgentId, String)>,
    /// Tick of their last act.
    pub last_seen: u64,
    /// Stamp of their last act, UTC milliseconds.
    pub last_seen_ms: i64,
}

/// A person who is a member, as readers see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// Their number among all agents.
    pub no: u32,
    /// Their id.
    pub id: AgentId,
    /// Handle; empty once they have left.
    pub name: String,
    /// How others call them.
    pub display_name: String,
    /// Who they are, in their own words.
    pub about: String,
    /// How they stand on the board.
    pub standing: Standing,
    /// Whom they follow, in order of numbers.
    pub follows: Vec<AgentId>,
    /// Stamp of their last act, UTC milliseconds.
    pub last_seen_ms: i64,
    /// Whether they have left for good.
    pub left: bool,
}

/// A member of the town: somebody with a number and a name, with a body or without.
#[derive(Clone, Copy, Debug)]
pub enum MemberView<'a> {
    /// One who lives here.
    Resident(&'a Arc<AgentView>),
    /// A person who takes part.
    Person(&'a Arc<PersonView>),
}

impl<'a> MemberView<'a> {
    /// Their id.
    #[must_use]
    pub fn id(self) -> AgentId {
        match self {
            Self::Resident(agent) => agent.id,
            Self::Person(person) => person.id,
        }
    }

    /// Handle.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            Self::Resident(agent) => &agent.persona.name,
            Self::Person(person) => &person.name,
        }
    }

    /// How others call them.
    #[must_use]
    pub fn display_name(self) -> &'a str {
        match self {
            Self::Resident(agent) => &agent.persona.display_name,
            Self::Person(person) => &person.display_name,
        }
    }

    /// How they stand on the board.
    #[must_use]
    pub fn standing(self) -> Standing {
        match self {
            Self::Resident(agent) => agent.standing,
            Self::Person(person) => person.standing,
        }
    }

    /// `agent` or `person`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Resident(_) => "agent",
            Self::Person(_) => "person",
        }
    }

    /// Whom they follow, in order of numbers.
    #[must_use]
    pub fn follows(self) -> Vec<AgentId> {
        match self {
            Self::Resident(agent) => {
                let followed = agent.relations.iter().filter(|it| it.follows);
                followed.map(|relation| relation.agent).collect()
            }
            Self::Person(person) => person.follows.clone(),
        }
    }
}

impl WorldView {
    /// The person with this agent number, those who left included.
    #[must_use]
    pub fn person(&self, no: u32) -> Option<&Arc<PersonView>> {
        let index = self.person_index(no)?;
        self.people.get(index)
    }

    /// The member with this agent number, while they are one.
    #[must_use]
    pub fn member(&self, no: u32) -> Option<MemberView<'_>> {
        if let Some(Some(agent)) = self.agents.get(no as usize) {
            return Some(MemberView::Resident(agent));
        }
        let person = self.person(no).filter(|person| !person.left)?;
        Some(MemberView::Person(person))
    }

    /// Where a person stands among the people, by halving: their numbers ascend.
    #[must_use]
    pub fn person_index(&self, no: u32) -> Option<usize> {
        let (mut from, mut to) = (0, self.people.len());
        while from < to {
            let middle = from + (to - from) / 2;
            match self.people.get(middle)?.no.cmp(&no) {
                Ordering::Equal => return Some(middle),
                Ordering::Less => from = middle + 1,
                Ordering::Greater => to = middle,
            }
        }
        None
    }
}
