//! The world as readers see it: immutable, shared, in copy-on-write pages.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::agent::{
    Activity, Facing, MindKind, Needs, Observation, Presence, Relation, Stack, Standing,
};
use crate::board::{CommentView, PostView};
use crate::ids::{AgentId, LandmarkId, TalkId};
use crate::map::{Point, TownMap};
use crate::pages::Pages;
use crate::persona::Persona;
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
    /// What changes at every step, by agent number; gone agents stay in their place.
    pub bodies: Pages<BodyView>,
    /// Everything else about an agent, by agent number. Walkers have `None`.
    pub agents: Pages<Option<Arc<AgentView>>>,
    /// Posts, oldest first.
    pub posts: Pages<Arc<PostView>>,
    /// Comments, oldest first.
    pub comments: Pages<Arc<CommentView>>,
    /// What members have of their own, by agent number, as far as anybody has something.
    pub inboxes: Pages<Option<Arc<InboxView>>>,
    /// Conversations and groups, by number.
    pub chats: Pages<Arc<ChatView>>,
}

/// A landmark as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandmarkView {
    /// Its id.
    pub id: LandmarkId,
    /// Whether one may use it now.
    pub open: bool,
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
