//! What can be said of an agent.

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, LandmarkId, PostId};
use crate::money::Money;

/// Who decides for an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MindKind {
    /// Needs and habits, deterministic, no model.
    #[default]
    Scripted,
    /// A language model, outside the tick; lives by scripted habits where there is none.
    Llm,
    /// Somebody drives it over the API.
    External,
    /// A scenario dictates its acts.
    Puppet,
    /// A body in the crowd with neither name nor persona.
    Walker,
    /// No body at all: a person who takes part in what members do together, such as the board.
    Person,
}

impl Presence {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Idle => "idle",
            Self::Gone => "gone",
        }
    }
}

impl MindKind {
    /// All kinds of whom a scenario can have some.
    pub const ALL: [Self; 5] = [
        Self::Scripted,
        Self::Llm,
        Self::External,
        Self::Puppet,
        Self::Walker,
    ];

    /// Its word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scripted => "scripted",
            Self::Llm => "llm",
            Self::External => "external",
            Self::Puppet => "puppet",
            Self::Walker => "walker",
            Self::Person => "person",
        }
    }
}

/// What somebody wants more of. Levels run from 0 (desperate) to [`NEED_FULL`] (content).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Sleep.
    Energy,
    /// A meal.
    Food,
    /// Other people.
    Company,
    /// Work worth doing.
    Purpose,
    /// Something pleasant.
    Fun,
}

/// A need that is fully met.
pub const NEED_FULL: u16 = 10_000;

impl Need {
    /// All needs, in the order of [`Needs`].
    pub const ALL: [Self; 5] = [
        Self::Energy,
        Self::Food,
        Self::Company,
        Self::Purpose,
        Self::Fun,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Food => "food",
            Self::Company => "company",
            Self::Purpose => "purpose",
            Self::Fun => "fun",
        }
    }
}

/// Levels of all needs, indexed by [`Need`] as a number.
pub type Needs = [u16; 5];

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Acting.
    #[default]
    Online,
    /// Its driver has not acted for a while; the body goes home and sleeps until it does.
    Idle,
    /// Gone from the town.
    Gone,
}

/// What an agent is doing.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Nothing in particular.
    #[default]
    Idle,
    /// On the way somewhere.
    Walking,
    /// Asleep.
    Sleeping,
    /// Having a meal.
    Eating,
    /// At work.
    Working,
    /// At the market, looking for a bargain.
    Trading,
    /// In a conversation.
    Talking,
    /// At the board.
    Reading,
    /// Resting, strolling, reading for pleasure.
    Resting,
    /// Being cared for.
    Healing,
}

impl Activity {
    /// All activities.
    pub const ALL: [Self; 10] = [
        Self::Idle,
        Self::Walking,
        Self::Sleeping,
        Self::Eating,
        Self::Working,
        Self::Trading,
        Self::Talking,
        Self::Reading,
        Self::Resting,
        Self::Healing,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Walking => "walking",
            Self::Sleeping => "sleeping",
            Self::Eating => "eating",
            Self::Working => "working",
            Self::Trading => "trading",
            Self::Talking => "talking",
            Self::Reading => "reading",
            Self::Resting => "resting",
            Self::Healing => "healing",
        }
    }
}

/// Which way somebody looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Facing {
    /// Up the map.
    North,
    /// To the right.
    East,
    /// Down the map.
    #[default]
    South,
    /// To the left.
    West,
}

/// A stack of goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stack {
    /// What it is, such as `bread`.
    pub item: String,
    /// How many.
    pub count: u16,
}

/// Something a resident remembers of the last hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// When.
    pub tick: u64,
    /// What.
    pub seen: Seen,
}

/// The kinds of things one remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Talked with somebody.
    TalkedWith(AgentId),
    /// Heard a line; its number in the world's list of recent lines.
    Heard(AgentId, u64),
    /// Learned a piece of news from somebody.
    News(AgentId, u32),
    /// Had a meal somewhere.
    Ate(LandmarkId),
    /// Slept well.
    Slept,
    /// Worked somewhere and made something.
    Worked(LandmarkId, String),
    /// Swapped goods: with whom, what was given, what was got.
    Traded(AgentId, String, String),
    /// Was given something.
    Received(AgentId, String),
    /// Read a note on the board.
    Read(PostId),
    /// Somebody answered one's note.
    Answered(AgentId, PostId),
    /// Stood before a closed door.
    FoundClosed(LandmarkId),
    /// Was rewarded (or, with a negative amount, penalised), and why.
    Rewarded(Money, String),
    /// Rested somewhere pleasant.
    Rested(LandmarkId),
    /// Followed by somebody.
    FollowedBy(AgentId),
}

/// How somebody stands on the board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Sum of all votes on their posts and comments.
    pub karma: i64,
    /// Posts they made.
    pub posts: u32,
    /// Comments they made.
    pub comments: u32,
    /// Residents who follow them.
    pub followers: u32,
    /// Residents they follow.
    pub following: u32,
}

/// What one resident thinks of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Whom.
    pub agent: AgentId,
    /// How well they know each other, 0 to 1000.
    pub closeness: u16,
    /// How much they like them, −1000 to 1000.
    pub liking: i16,
    /// Tick of their last meeting.
    pub last_met: u64,
    /// Whether they follow them on the board.
    pub follows: bool,
}
