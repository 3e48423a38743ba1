//! Events: what happened, numbered, in the past tense.

use serde::{Deserialize, Serialize};

use crate::act::VoteTarget;
use crate::agent::{Activity, Facing, MindKind, Needs, Presence};
use crate::board::{PostDetails, Status};
use crate::command::RejectionCode;
use crate::community::CommunityEvent;
use crate::economy::event::EconomyEvent;
use crate::ids::{AgentId, CommentId, LandmarkId, PostId, TalkId};
use crate::map::Point;
use crate::moderation::ModerationEvent;
use crate::money::Money;
use crate::reputation::Deed;
use crate::social::SocialEvent;

/// One event in its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventRecord {
    /// Number among the durable events of the world, from 1 without gaps; a transient event carries that of the last durable one.
    pub seq: u64,
    /// Tick it happened in, or after which its command was applied.
    pub tick: u64,
    /// UTC milliseconds.
    pub stamp_ms: i64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Somebody came to live in the town.
    AgentJoined {
        /// Who.
        agent: AgentId,
        /// Handle.
        name: String,
        /// How others call them.
        display_name: String,
        /// Who they are: the story of their persona.
        description: String,
        /// Slug of the template they come from.
        template: String,
        /// Who decides for them.
        mind: MindKind,
        /// Where they stand.
        at: Point,
    },
    /// A person became a member of the town.
    PersonJoined {
        /// Who.
        agent: AgentId,
        /// Handle.
        name: String,
        /// How others call them.
        display_name: String,
    },
    /// Somebody left for good. From now on they follow nobody and nobody follows them.
    AgentLeft {
        /// Who.
        agent: AgentId,
    },
    /// Somebody was put on a tile.
    AgentPlaced {
        /// Who.
        agent: AgentId,
        /// Where.
        at: Point,
    },
    /// Somebody said something.
    Said {
        /// Who.
        agent: AgentId,
        /// To whom; empty: to all in hearing.
        to: Vec<AgentId>,
        /// Where they stand.
        at: Point,
        /// The words.
        text: String,
        /// How many heard it.
        heard_by: u32,
        /// The conversation it belongs to.
        talk: Option<TalkId>,
    },
    /// A conversation began.
    TalkBegan {
        /// Which.
        talk: TalkId,
        /// Between whom.
        members: Vec<AgentId>,
        /// Where.
        at: Point,
    },
    /// A conversation ended.
    TalkEnded {
        /// Which.
        talk: TalkId,
        /// Who took part.
        members: Vec<AgentId>,
        /// How many lines were said.
        lines: u32,
    },
    /// Goods were handed over.
    Gave {
        /// Who.
        agent: AgentId,
        /// To whom.
        to: AgentId,
        /// What.
        item: String,
        /// How many.
        count: u16,
    },
    /// Two people swapped goods.
    Traded {
        /// Who offered.
        agent: AgentId,
        /// Who agreed.
        with: AgentId,
        /// What the first gave.
        gave: String,
        /// What the first got.
        got: String,
    },
    /// Goods were made at work.
    Made {
        /// By whom.
        agent: AgentId,
        /// Where.
        landmark: LandmarkId,
        /// What.
        item: String,
    },
    /// Something was picked up.
    PickedUp {
        /// By whom.
        agent: AgentId,
        /// Where.
        at: Point,
        /// What.
        item: String,
        /// How many.
        count: u16,
    },
    /// Something was put down.
    Dropped {
        /// By whom.
        agent: AgentId,
        /// Where.
        at: Point,
        /// What.
        item: String,
        /// How many.
        count: u16,
    },
    /// A post was made.
    Posted {
        /// Its id.
        post: PostId,
        /// By whom; `None`: the town itself.
        author: Option<AgentId>,
        /// Slug of the community.
        submolt: String,
        /// One line.
        title: String,
        /// Markdown.
        text: String,
    },
    /// A post that was just made has more than a title and a text.
    PostDetailed {
        /// Which.
        post: PostId,
        /// What.
        details: PostDetails,
    },
    /// The words of a post were changed.
    PostEdited {
        /// Which.
        post: PostId,
        /// By whom.
        by: AgentId,
        /// How often it was edited.
        revision: u32,
        /// One line.
        title: String,
        /// Markdown.
        text: String,
        /// The address it is about.
        url: Option<String>,
        /// Flair.
        flair: Option<String>,
        /// Tags.
        tags: Vec<String>,
    },
    /// A post was taken back by its author.
    PostDeleted {
        /// Which.
        post: PostId,
        /// By whom.
        by: AgentId,
    },
    /// How a post stands was set.
    PostSet {
        /// Which.
        post: PostId,
        /// By whom; `None`: staff that is no member.
        by: Option<AgentId>,
        /// How it stands now.
        status: Status,
        /// Whether it comes first in its community now.
        pinned: bool,
        /// Whether nobody may comment now.
        locked: bool,
    },
    /// The words of a comment were changed.
    CommentEdited {
        /// Which.
        comment: CommentId,
        /// By whom.
        by: AgentId,
        /// How often it was edited.
        revision: u32,
        /// Markdown.
        text: String,
    },
    /// A comment was taken back by its author.
    CommentDeleted {
        /// Which.
        comment: CommentId,
        /// By whom.
        by: AgentId,
    },
    /// A comment was taken out of sight, or shown again.
    CommentSet {
        /// Which.
        comment: CommentId,
        /// By whom; `None`: staff that is no member.
        by: Option<AgentId>,
        /// Whether it is out of sight now.
        removed: bool,
    },
    /// A comment was made.
    Commented {
        /// Its id.
        comment: CommentId,
        /// On which post.
        post: PostId,
        /// Answering which comment.
        parent: Option<CommentId>,
        /// By whom.
        author: AgentId,
        /// 1 for an answer to the post.
        depth: u16,
        /// Markdown.
        text: String,
    },
    /// A vote was cast, changed or taken back.
    Voted {
        /// By whom.
        agent: AgentId,
        /// On what.
        target: VoteTarget,
        /// Value before.
        before: i8,
        /// Value now.
        value: i8,
        /// Score of the target now.
        score: i32,
        /// Votes for the target now.
        up: u32,
        /// Votes against the target now.
        down: u32,
    },
    /// Somebody follows somebody, or no longer.
    Followed {
        /// Who.
        agent: AgentId,
        /// Whom.
        target: AgentId,
        /// Whether.
        on: bool,
    },
    /// Somebody subscribes to a community, or no longer.
    Subscribed {
        /// Who.
        agent: AgentId,
        /// Slug of the community.
        submolt: String,
        /// Whether.
        on: bool,
    },
    /// Something happened in a community.
    Community {
        /// Who did it; `None`: the town.
        agent: Option<AgentId>,
        /// Slug of the community.
        submolt: String,
        /// What.
        what: Box<CommunityEvent>,
    },
    /// Somebody calls or describes themselves otherwise.
    ProfileSet {
        /// Who.
        agent: AgentId,
        /// How others call them now.
        display_name: String,
        /// Who they are, now.
        description: String,
    },
    /// A reward, or with a negative amount a penalty.
    Rewarded {
        /// Whom.
        agent: AgentId,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// A piece of news began to spread.
    NewsBroke {
        /// Its number.
        news: u32,
        /// Who knows it first.
        agent: AgentId,
        /// The words.
        text: String,
    },
    /// Somebody learned a piece of news.
    NewsLearned {
        /// Its number.
        news: u32,
        /// Who.
        agent: AgentId,
        /// From whom.
        from: AgentId,
    },
    /// A member did something for a reputation.
    Reputation {
        /// Who.
        agent: AgentId,
        /// What.
        deed: Box<Deed>,
    },
    /// A landmark was opened or closed by order, or goes by its hours again.
    OpenSet {
        /// Which.
        landmark: LandmarkId,
        /// See [`crate::command::Command::SetOpen`].
        open: Option<bool>,
    },
    /// A parameter of the rules was changed.
    RuleSet {
        /// Its name.
        name: String,
        /// Its value now.
        value: f64,
    },
    /// Something was reported, or done about it.
    Moderation(Box<ModerationEvent>),
    /// A scheduled intervention could not be carried out.
    InterventionRefused {
        /// Its index in the scenario.
        index: u32,
        /// For programs.
        code: RejectionCode,
        /// What is wrong and what to do.
        detail: String,
    },
    /// Something happened among members.
    Social(SocialEvent),
    /// Something happened to money, or for it.
    Economy(EconomyEvent),
    /// Somebody took a step (transient).
    Moved {
        /// Who.
        agent: AgentId,
        /// Where they stand now.
        to: Point,
        /// Which way they look.
        facing: Facing,
    },
    /// Somebody does something else now (transient).
    ActivityChanged {
        /// Who.
        agent: AgentId,
        /// What they do now.
        activity: Activity,
    },
    /// Somebody whose mind is outside became idle, or is there again (transient).
    /// It tells who looks on; views and images have it as state, so it needs no row, and an agent that comes by every quarter of an hour fills no table.
    PresenceChanged {
        /// Who.
        agent: AgentId,
        /// Whether they are there.
        presence: Presence,
    },
    /// Somebody's needs or mood changed visibly (transient).
    NeedsChanged {
        /// Who.
        agent: AgentId,
        /// Levels now.
        needs: Needs,
        /// Mood now, −1000 to 1000.
        mood: i16,
    },
}

/// Every kind of event, by its word in files, and whether it is durable.
pub const EVENT_KINDS: [(&str, bool); 54] = [
    ("join", true),
    ("person", true),
    ("leave", true),
    ("place", true),
    ("say", true),
    ("talk_begin", true),
    ("talk", true),
    ("give", true),
    ("trade", true),
    ("make", true),
    ("pick_up", true),
    ("drop", true),
    ("post", true),
    ("post_details", true),
    ("post_edit", true),
    ("post_delete", true),
    ("post_set", true),
    ("comment_edit", true),
    ("comment_delete", true),
    ("comment_set", true),
    ("comment", true),
    ("vote", true),
    ("follow", true),
    ("subscribe", true),
    ("community", true),
    ("profile", true),
    ("reward", true),
    ("reputation", true),
    ("news", true),
    ("news_learned", true),
    ("open", true),
    ("rule", true),
    ("moderation", true),
    ("refused", true),
    ("notice", true),
    ("notices_read", true),
    ("block", true),
    ("mute", true),
    ("chat", true),
    ("chat_member", true),
    ("message", true),
    ("chat_read", true),
    ("transfer", true),
    ("tier", true),
    ("deposit", true),
    ("order", true),
    ("order_end", true),
    ("sale", true),
    ("bounty", true),
    ("auction", true),
    ("move", false),
    ("activity", false),
    ("presence", false),
    ("needs", false),
];

impl Event {
    /// Its word in `outputs.events` and in the event table.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AgentJoined { .. } => "join",
            Self::PersonJoined { .. } => "person",
            Self::AgentLeft { .. } => "leave",
            Self::AgentPlaced { .. } => "place",
            Self::Said { .. } => "say",
            Self::TalkBegan { .. } => "talk_begin",
            Self::TalkEnded { .. } => "talk",
            Self::Gave { .. } => "give",
            Self::Traded { .. } => "trade",
            Self::Made { .. } => "make",
            Self::PickedUp { .. } => "pick_up",
            Self::Dropped { .. } => "drop",
            Self::Posted { .. } => "post",
            Self::PostDetailed { .. } => "post_details",
            Self::PostEdited { .. } => "post_edit",
            Self::PostDeleted { .. } => "post_delete",
            Self::PostSet { .. } => "post_set",
            Self::CommentEdited { .. } => "comment_edit",
            Self::CommentDeleted { .. } => "comment_delete",
            Self::CommentSet { .. } => "comment_set",
            Self::Commented { .. } => "comment",
            Self::Voted { .. } => "vote",
            Self::Followed { .. } => "follow",
            Self::Subscribed { .. } => "subscribe",
            Self::Community { .. } => "community",
            Self::ProfileSet { .. } => "profile",
            Self::Rewarded { .. } => "reward",
            Self::Reputation { .. } => "reputation",
            Self::NewsBroke { .. } => "news",
            Self::NewsLearned { .. } => "news_learned",
            Self::OpenSet { .. } => "open",
            Self::RuleSet { .. } => "rule",
            Self::Moderation(_) => "moderation",
            Self::InterventionRefused { .. } => "refused",
            Self::Social(event) => event.kind(),
            Self::Economy(event) => event.kind(),
            Self::Moved { .. } => "move",
            Self::ActivityChanged { .. } => "activity",
            Self::PresenceChanged { .. } => "presence",
            Self::NeedsChanged { .. } => "needs",
        }
    }

    /// Whether it becomes a row. A transient event is for frames and series only.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        !matches!(
            self,
            Self::Moved { .. }
                | Self::ActivityChanged { .. }
                | Self::PresenceChanged { .. }
                | Self::NeedsChanged { .. }
        )
    }
}
