//! The one complete plain-data form of the world: what a journal begins with, what a checkpoint, a fork and a boot are.
//!
//! Every feature of the simulation has its own part, filled and read by that feature alone.
//! Agents are referred to by number: the counter their id is derived from.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::agent::{Activity, Facing, MindKind, Needs, Presence};
use crate::board::Status;
use crate::community::CommunitiesImage;
use crate::economy::image::EconomyImage;
use crate::goods::Item;
use crate::map::{Point, TownMap};
use crate::minds::MindsImage;
use crate::moderation::ModerationImage;
use crate::money::Money;
use crate::persona::Persona;
use crate::reputation::ReputationImage;
use crate::rules::Rules;
use crate::scenario::Scenario;
use crate::social::image::SocialImage;

/// Format of [`WorldImage`]; each change raises it and ships a migration with a fixture.
pub const IMAGE_FORMAT: u32 = 3;

/// The whole world as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorldImage {
    /// [`IMAGE_FORMAT`] when it was written.
    pub format: u32,
    /// [`crate::RULES_VERSION`] when it was written.
    pub rules_version: u32,
    /// What the run started from.
    pub scenario: Arc<Scenario>,
    /// Its map.
    pub map: Arc<TownMap>,
    /// Everything that changes.
    pub state: StateImage,
}

/// Everything that changes: the part a state hash covers, together with digests of scenario and map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateImage {
    /// Seed in force.
    pub seed: u64,
    /// Ticks done.
    pub tick: u64,
    /// Commands applied since the last of them: the next one's number.
    pub order: u32,
    /// Stamp of the last thing that happened, UTC milliseconds.
    pub stamp_ms: i64,
    /// Number of the last durable event.
    pub seq: u64,
    /// Interventions already carried out.
    pub interventions_done: u32,
    /// The rules as they stand.
    pub rules: Rules,
    /// Totals since the beginning, by name.
    pub totals: BTreeMap<String, u64>,
    /// Bodies, by agent number; gone agents stay in their place.
    pub bodies: BodiesImage,
    /// Residents, by agent number, walkers left out.
    pub residents: Vec<ResidentImage>,
    /// Handles of those who left, by [`crate::name::name_key`], with their numbers: no one else may bear them.
    pub former_names: BTreeMap<String, u32>,
    /// Orders for landmarks, by landmark number.
    pub open_orders: BTreeMap<u32, bool>,
    /// Goods lying about.
    pub ground: Vec<GroundImage>,
    /// Requests for a path, in order.
    pub path_queue: Vec<PathRequestImage>,
    /// Conversations under way, in order of their number.
    pub talks: Vec<TalkImage>,
    /// Conversations begun so far: the next one's number.
    pub talks_begun: u64,
    /// Lines said lately, oldest first, for those who heard them.
    pub lines: Vec<LineImage>,
    /// Lines said so far: the next one's number.
    pub lines_said: u64,
    /// Pieces of news, by number.
    pub news: Vec<NewsImage>,
    /// The board.
    pub board: BoardImage,
    /// Its communities.
    #[serde(default)]
    pub communities: CommunitiesImage,
    /// What members have with one another.
    #[serde(default)]
    pub social: SocialImage,
    /// People who are members, by agent number; those who left stay in their place.
    #[serde(default)]
    pub people: BTreeMap<u32, PersonImage>,
    /// Moderation.
    #[serde(default)]
    pub moderation: ModerationImage,
    /// What reputations rest on beside the board.
    #[serde(default)]
    pub reputation: ReputationImage,
    /// Money.
    #[serde(default)]
    pub economy: EconomyImage,
    /// Minds outside the tick; where nobody was ever asked for a thought it is left out, and the state's hash is what it was without.
    #[serde(default, skip_serializing_if = "MindsImage::is_empty")]
    pub minds: MindsImage,
}

/// A person who is a member: a number and a name without a body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonImage {
    /// Handle; empty once they have left.
    pub name: String,
    /// How others call them.
    pub display_name: String,
    /// Who they are, in their own words.
    pub about: String,
    /// Agent numbers of those they follow, ascending.
    pub follows: Vec<u32>,
    /// Stamp of their last act, UTC milliseconds.
    pub last_seen_ms: i64,
    /// Whether they have left for good.
    pub left: bool,
}

/// All bodies, in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodiesImage {
    /// Where, by agent number.
    pub at: Vec<Point>,
    /// Which way they look.
    pub facing: Vec<Facing>,
    /// Whether the body is a walker, a resident or gone.
    pub kind: Vec<BodyKind>,
    /// Ticks in a row in which a resident could not go where it wanted, as far as the rules of passing count them.
    pub stuck: Vec<u8>,
}

/// Kinds of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum BodyKind {
    /// Has a mind, a name and a story.
    Resident,
    /// One of the crowd.
    Walker,
    /// No longer in the town, or never there: a person has a number and no body. Its number is never used again.
    Gone,
}

/// A resident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidentImage {
    /// Agent number.
    pub no: u32,
    /// Who they are.
    pub persona: Arc<Persona>,
    /// Slug of the template.
    pub template: String,
    /// Who decides for them.
    pub mind: MindKind,
    /// Whether they are there.
    pub presence: Presence,
    /// What they do.
    pub doing: DoingImage,
    /// Health, 0 to 1000.
    pub health: u16,
    /// Levels of needs.
    pub needs: Needs,
    /// Mood, −1000 to 1000.
    pub mood: i16,
    /// Number of the landmark they live in.
    pub home: Option<u32>,
    /// Number of the landmark they work in.
    pub workplace: Option<u32>,
    /// Tick of their last act.
    pub last_seen: u64,
    /// Stamp of their last act, UTC milliseconds.
    pub last_seen_ms: i64,
    /// Where they are going and how.
    pub walk: WalkImage,
    /// What they are up to.
    pub plan: PlanImage,
    /// What they carry, in order of the goods.
    pub inventory: Vec<(Item, u16)>,
    /// Whom they know, by agent number.
    pub relations: Vec<RelationImage>,
    /// What they remember, oldest first.
    pub observations: Vec<ObservationImage>,
    /// Numbers of the pieces of news they know, oldest first.
    pub news: Vec<u32>,
    /// The conversation they are in.
    pub talk: Option<u64>,
    /// Numbers of posts read lately, oldest first.
    pub read: Vec<u32>,
    /// Notes written by habit lately.
    pub notes: NotesImage,
}

/// Notes somebody wrote by habit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotesImage {
    /// Day of the last one, in days since the epoch.
    pub day: i64,
    /// How many that day.
    pub count: u16,
    /// Tick of the last one: what happened before it has been told.
    pub tick: u64,
}

/// What somebody does, where and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoingImage {
    /// What.
    pub activity: Activity,
    /// Number of the landmark it is done in.
    pub landmark: Option<u32>,
    /// Tick it began.
    pub since: u64,
}

/// Where somebody is going.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WalkImage {
    /// Nowhere.
    #[default]
    Still,
    /// Waiting for a path to a tile.
    Asked {
        /// The tile.
        to: Point,
    },
    /// Along a path.
    Path {
        /// Where it leads.
        to: Point,
        /// Steps still to take, last first, as numbers of [`Facing`].
        steps: Vec<u8>,
        /// Ticks spent before an obstacle that moves.
        stuck: u16,
    },
    /// Down the flow field of a landmark.
    Flow {
        /// Number of the landmark.
        landmark: u32,
        /// Ticks spent before an obstacle that moves.
        stuck: u16,
    },
}

/// What a resident is up to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanImage {
    /// What for.
    pub goal: Goal,
    /// Number of the landmark it is about.
    pub landmark: Option<u32>,
    /// Number of the agent it is about.
    pub agent: Option<u32>,
    /// Tick until which it holds.
    pub until: u64,
    /// Tick before which the mind does not decide again.
    pub next: u64,
}

/// What a scripted mind is after.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Nothing.
    #[default]
    None,
    /// A night's sleep.
    Sleep,
    /// A meal.
    Eat,
    /// A day's work.
    Work,
    /// A bargain.
    Trade,
    /// News on the board.
    Read,
    /// Something pleasant.
    Rest,
    /// People.
    Meet,
    /// Getting well.
    Heal,
}

/// What one resident thinks of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationImage {
    /// Number of the other.
    pub other: u32,
    /// 0 to 1000.
    pub closeness: u16,
    /// −1000 to 1000.
    pub liking: i16,
    /// Tick of the last meeting.
    pub last_met: u64,
    /// Whether they follow them.
    pub follows: bool,
}

/// Something remembered, with everything by number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservationImage {
    /// When.
    pub tick: u64,
    /// What.
    pub what: SeenImage,
}

/// [`crate::agent::Seen`] with everything by number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenImage {
    /// Talked with an agent.
    TalkedWith(u32),
    /// Heard an agent say the line of this number.
    Heard(u32, u64),
    /// Learned from an agent the news of this number.
    News(u32, u32),
    /// Ate at a landmark.
    Ate(u32),
    /// Slept well.
    Slept,
    /// Worked at a landmark and made something.
    Worked(u32, Item),
    /// Swapped goods with an agent: given, got.
    Traded(u32, Item, Item),
    /// Was given something by an agent.
    Received(u32, Item),
    /// Read the post of this number.
    Read(u32),
    /// Was answered by an agent on the post of this number.
    Answered(u32, u32),
    /// Stood before a closed landmark.
    FoundClosed(u32),
    /// Was rewarded or penalised, and why; boxed, for it is rare and would make every observation larger.
    Rewarded(Box<(Money, Box<str>)>),
    /// Rested at a landmark.
    Rested(u32),
    /// Is followed by an agent.
    FollowedBy(u32),
}

/// Goods lying on a tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroundImage {
    /// Where.
    pub at: Point,
    /// What.
    pub item: Item,
    /// How many.
    pub count: u16,
}

/// Somebody waiting for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathRequestImage {
    /// Agent number.
    pub no: u32,
    /// Where to.
    pub to: Point,
}

/// A conversation under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TalkImage {
    /// Its number.
    pub no: u64,
    /// Agent numbers, in the order they joined.
    pub members: Vec<u32>,
    /// Agent numbers of those who took part and have left.
    pub left: Vec<u32>,
    /// Lines said.
    pub lines: u32,
    /// Lines after which it ends.
    pub length: u32,
    /// Who spoke last.
    pub last_speaker: Option<u32>,
    /// Tick of the next line.
    pub next: u64,
    /// Words it was begun with need an answer next: who is asked.
    pub asked: Option<u32>,
    /// What the last line was about.
    pub topic: Topic,
    /// Lines in a row, up to the last, in which minds that think said nothing new.
    #[serde(default)]
    pub stale: u32,
}

/// What a line of a conversation is about, so that the next one can answer it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Nothing that wants an answer.
    #[default]
    Open,
    /// A greeting.
    Greeting,
    /// A farewell.
    Farewell,
    /// Asks how one is.
    AskMood,
    /// Asks about work.
    AskWork,
    /// Asks where one is going.
    AskPlans,
    /// Asks about something one is drawn to.
    AskInterest,
    /// Asks about food.
    AskFood,
    /// Asks about the board.
    AskBoard,
    /// Asks for news.
    AskNews,
    /// Asks for an opinion.
    AskOpinion,
    /// Asks something else.
    AskOther,
    /// Tells something that happened.
    Tale,
    /// Tells of trouble.
    Trouble,
    /// Passes news on.
    News,
    /// Tells of something one is drawn to.
    Musing,
    /// Invites.
    Invitation,
    /// Thanks.
    Thanks,
}

impl Topic {
    /// Whether it asks for an answer.
    #[must_use]
    pub fn asks(self) -> bool {
        matches!(
            self,
            Self::AskMood
                | Self::AskWork
                | Self::AskPlans
                | Self::AskInterest
                | Self::AskFood
                | Self::AskBoard
                | Self::AskNews
                | Self::AskOpinion
                | Self::AskOther
        )
    }
}

/// A line said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineImage {
    /// Agent number of the speaker.
    pub speaker: u32,
    /// The words.
    pub text: String,
}

/// A piece of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsImage {
    /// The words.
    pub text: String,
    /// Agent number of whoever knew it first.
    pub origin: u32,
    /// Tick it broke.
    pub tick: u64,
    /// How many residents ever learned it.
    pub learned: u32,
}

/// The board.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardImage {
    /// Slugs of communities; posts refer to them by index.
    pub submolts: Vec<String>,
    /// Posts, by number.
    pub posts: Vec<PostImage>,
    /// Comments, by number.
    pub comments: Vec<CommentImage>,
    /// Texts still in memory: posts' (title, text), by number.
    pub post_texts: BTreeMap<u32, (String, String)>,
    /// Texts still in memory: comments', by number.
    pub comment_texts: BTreeMap<u32, String>,
    /// Votes on posts: (post, agent) → value.
    pub post_votes: BTreeMap<(u32, u32), i8>,
    /// Votes on comments: (comment, agent) → value.
    pub comment_votes: BTreeMap<(u32, u32), i8>,
    /// Addresses, flairs and tags of posts whose texts are in memory, by number; of those that have any.
    #[serde(default)]
    pub post_extras: BTreeMap<u32, PostExtrasImage>,
    /// Agent numbers of those who may change a post beside its author, by post.
    #[serde(default)]
    pub collaborators: BTreeMap<u32, Vec<u32>>,
}

/// The fixed record of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostImage {
    /// Agent number; `None`: the town itself.
    pub author: Option<u32>,
    /// Index of the community.
    pub submolt: u16,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// Votes for it.
    pub up: u32,
    /// Votes against it.
    pub down: u32,
    /// Comments on it.
    pub comments: u32,
    /// Number of the piece of news it carries.
    pub news: Option<u32>,
    /// How it stands.
    #[serde(default)]
    pub status: Status,
    /// Whether it comes first in its community.
    #[serde(default)]
    pub pinned: bool,
    /// Whether nobody may comment.
    #[serde(default)]
    pub locked: bool,
    /// Whether its author took it back.
    #[serde(default)]
    pub deleted: bool,
    /// Whether a first line that is an address is what it is about: so it was in format 1, which had no field for it.
    #[serde(default = "in_text")]
    pub link_in_text: bool,
    /// Who may know of it.
    #[serde(default)]
    pub audience: AudienceImage,
    /// How often it was edited.
    #[serde(default)]
    pub revision: u32,
    /// When it was edited last, UTC milliseconds; 0: never.
    #[serde(default)]
    pub edited_ms: i64,
}

fn in_text() -> bool {
    true
}

/// [`crate::board::Audience`] with everybody by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudienceImage {
    /// Everybody.
    #[default]
    Public,
    /// Agents.
    Agents,
    /// People.
    Humans,
    /// The member of this number.
    One(u32),
}

/// What some posts have besides a title and a text. It goes from memory with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostExtrasImage {
    /// The address it is about.
    pub url: Option<String>,
    /// Flair.
    pub flair: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
}

/// Bytes a post or a comment costs for ever: there may be millions.
const RECORD_BYTES_MAX: usize = 96;
const _: () = assert!(
    size_of::<PostImage>() <= RECORD_BYTES_MAX && size_of::<CommentImage>() <= RECORD_BYTES_MAX,
    "keep what few posts have in a map beside"
);

/// The fixed record of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentImage {
    /// Number of the post.
    pub post: u32,
    /// Number of the comment answered.
    pub parent: Option<u32>,
    /// Agent number.
    pub author: u32,
    /// 1 for an answer to the post.
    pub depth: u16,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// Votes for it.
    pub up: u32,
    /// Votes against it.
    pub down: u32,
    /// Whether its author took it back.
    #[serde(default)]
    pub deleted: bool,
    /// Whether those who keep order took it out of sight.
    #[serde(default)]
    pub removed: bool,
    /// How often it was edited.
    #[serde(default)]
    pub revision: u32,
    /// When it was edited last, UTC milliseconds; 0: never.
    #[serde(default)]
    pub edited_ms: i64,
}
