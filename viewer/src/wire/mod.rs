//! What the village answers over HTTP, as far as the window reads it.
//!
//! Unknown fields are passed over and most fields may be missing, so that a village that is a little older or newer can still be watched.

mod bounty;
mod mail;
mod minds;
mod money;
mod staff;
mod tasks;

use hamlet_protocol::agent::{Activity, MindKind};
use hamlet_protocol::ids::{AgentId, CommentId, LandmarkId, PostId};
use serde::{Deserialize, Serialize};

pub(crate) use bounty::{BountyAnswer, BountyShape};
#[cfg(test)]
pub(crate) use mail::MemberName;
pub(crate) use mail::{
    ChatAnswer, ChatPage, ChatShape, GroupLetters, GroupPage, GroupShape, LetterShape, NoticePage,
    NoticeShape, RequestPage, RequestShape,
};
#[cfg(test)]
pub(crate) use minds::FaceShape;
pub(crate) use minds::{
    EndpointShape, MemoryPage, MemoryShape, MindCost, MindCosts, MoodPage, PoolPage, ThoughtPage,
    ThoughtShape,
};
pub(crate) use money::{
    Balance, BandShape, DepositPage, DepositShape, EconomyStats, Entitlements, LedgerEntry,
    LedgerPage, SpentPage,
};
#[cfg(test)]
pub(crate) use money::{Flow, Party, SpendingShape, SpentShape, TierShape};
#[cfg(test)]
pub(crate) use staff::Quoted;
pub(crate) use staff::{
    AccountPage, AccountShape, AuditEntry, AuditPage, CasePage, CaseShape, KeyPage, KeyShape,
    MeasurePage, MeasureShape,
};
pub(crate) use tasks::{
    FileAt, TaskChatPage, TaskChatShape, TaskDoor, TaskFileShape, TaskMessagePage, TaskMessageShape,
};

/// Version of the API that this window speaks.
pub(crate) const API: &str = "v1";

/// `GET /capabilities`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Capabilities {
    /// Name of the scenario.
    pub(crate) village: String,
    /// Version of the server.
    pub(crate) version: String,
    /// Version of the API.
    pub(crate) api: String,
    /// What there may be, and whether it is here.
    pub(crate) features: Vec<Feature>,
}

/// Something a village may have.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Feature {
    /// Its word.
    pub(crate) name: String,
    /// Whether this village has it.
    pub(crate) on: bool,
}

impl Capabilities {
    /// Whether the village has this.
    pub(crate) fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|it| it.on && it.name == feature)
    }
}

/// `GET /auth/me`: who looks through this window.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Me {
    /// Id of the account.
    pub(crate) id: Option<uuid::Uuid>,
    /// Handle.
    pub(crate) name: String,
    /// `human`, `moderator` or `admin`.
    pub(crate) role: String,
    /// Who they are among members of the town; `None` while they have taken no part.
    #[serde(skip)]
    pub(crate) member: Option<AgentId>,
}

impl Me {
    /// Whether they may steer time and look inside everybody.
    pub(crate) fn is_admin(&self) -> bool {
        self.role == "admin"
    }

    /// Whether they keep order everywhere.
    pub(crate) fn is_staff(&self) -> bool {
        self.is_admin() || self.role == "moderator"
    }
}

/// `GET /people/me`, as far as it says who one is in the town.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct OwnProfile {
    pub(crate) member: Option<OwnMember>,
}

/// A person as a member of the town.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct OwnMember {
    pub(crate) id: AgentId,
}

/// `GET /world/map`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MapShape {
    /// File name or generator's name.
    pub(crate) name: String,
    /// Tiles wide.
    pub(crate) width: u32,
    /// Tiles high.
    pub(crate) height: u32,
    /// Pixels of a tile.
    pub(crate) tile_px: Size,
    /// Tiles nobody may enter: base64 of one bit per tile.
    pub(crate) blocked: String,
    /// All landmarks.
    pub(crate) landmarks: Vec<Place>,
    /// All zones.
    pub(crate) zones: Vec<ZoneShape>,
    /// The picture, bottom first.
    pub(crate) layers: Vec<LayerShape>,
    /// Where the picture's tiles are cut from.
    pub(crate) tilesets: Vec<TilesetShape>,
}

/// Width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A rectangle of tiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Tiles {
    pub(crate) x: u16,
    pub(crate) y: u16,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

impl Tiles {
    /// Whether a tile lies inside.
    pub(crate) fn contains(self, x: u16, y: u16) -> bool {
        let (x, y) = (u32::from(x), u32::from(y));
        let (left, top) = (u32::from(self.x), u32::from(self.y));
        (left..left + u32::from(self.width)).contains(&x)
            && (top..top + u32::from(self.height)).contains(&y)
    }

    /// Its middle, in tiles.
    pub(crate) fn middle(self) -> (f32, f32) {
        (
            f32::from(self.x) + f32::from(self.width) / 2.0,
            f32::from(self.y) + f32::from(self.height) / 2.0,
        )
    }
}

/// A tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Spot {
    pub(crate) x: u16,
    pub(crate) y: u16,
}

/// A landmark.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Place {
    pub(crate) id: LandmarkId,
    pub(crate) name: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) area: Tiles,
    pub(crate) entrance: Spot,
}

/// A named part of the town.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct ZoneShape {
    pub(crate) name: String,
    pub(crate) area: Tiles,
}

/// A layer of the picture.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct LayerShape {
    pub(crate) name: String,
    pub(crate) opacity: f32,
    pub(crate) visible: bool,
    /// Base64 of global tile ids, four bytes each, lowest first.
    pub(crate) gids: String,
}

/// Where tiles are cut from.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct TilesetShape {
    pub(crate) name: String,
    pub(crate) first_gid: u32,
    pub(crate) tile_px: Size,
    pub(crate) columns: u32,
    pub(crate) tile_count: u32,
    #[serde(default)]
    pub(crate) margin: u32,
    #[serde(default)]
    pub(crate) spacing: u32,
    /// Path of the image on the server; `None` when it is missing.
    pub(crate) image_url: Option<String>,
}

/// `GET /world/time`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct TimeState {
    /// `running`, `paused` or `stopped`.
    pub(crate) state: String,
    /// Why the village itself has paused.
    pub(crate) reason: Option<String>,
    /// Multiple of the scenario's pace; `None`: as fast as it can.
    pub(crate) speed: Option<f64>,
    /// Ticks per second at speed 1.
    pub(crate) tick_hz: f64,
    /// Seconds of sim time in a tick.
    pub(crate) sim_secs_per_tick: u32,
    /// What is being replayed; `None`: the village lives.
    pub(crate) replay: Option<ReplaySpan>,
}

/// The ticks of a run that is replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ReplaySpan {
    /// Where it begins.
    pub(crate) first_tick: u64,
    /// Where it ends.
    pub(crate) last_tick: u64,
    /// Sim time at its beginning, in seconds since 1970.
    pub(crate) first_time: i64,
}

/// An order to `POST /world/time`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(crate) enum TimeOrder {
    Pause,
    Resume,
    Step {
        ticks: u64,
    },
    Speed {
        speed: f64,
    },
    /// Go to a tick, before or after; only in a replay.
    Seek {
        tick: u64,
    },
}

/// An agent of `GET /agents/{id}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct AgentShape {
    pub(crate) id: AgentId,
    pub(crate) name: String,
    pub(crate) display_name: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) karma: i64,
    #[serde(default)]
    pub(crate) follower_count: u32,
    #[serde(default)]
    pub(crate) following_count: u32,
    #[serde(default)]
    pub(crate) posts_count: u32,
    #[serde(default)]
    pub(crate) comments_count: u32,
    #[serde(default)]
    pub(crate) occupation: Option<String>,
    #[serde(default)]
    pub(crate) template: String,
    #[serde(default)]
    pub(crate) mind: MindKind,
    #[serde(default)]
    pub(crate) status: String,
    /// The account of whoever owns it.
    #[serde(default)]
    pub(crate) owner_id: Option<uuid::Uuid>,
    #[serde(default)]
    pub(crate) is_claimed: bool,
    pub(crate) world: Option<Appearance>,
    /// What only the agent itself, its owner and those who keep order see.
    #[serde(default)]
    pub(crate) private: Option<Inner>,
    #[serde(default)]
    pub(crate) recent_posts: Vec<PostShape>,
}

/// Where an agent is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Appearance {
    pub(crate) place: Option<String>,
    pub(crate) activity: Activity,
}

/// What goes on inside an agent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Inner {
    pub(crate) health: u16,
    /// −1000 to 1000.
    pub(crate) mood: i16,
    pub(crate) needs: NeedLevels,
    pub(crate) plan: String,
    pub(crate) home: Option<PlaceName>,
    pub(crate) workplace: Option<PlaceName>,
    pub(crate) inventory: Vec<Goods>,
    pub(crate) relations: Vec<RelationShape>,
    /// Newest first.
    pub(crate) observations: Vec<ObservationShape>,
}

/// Something that somebody observed of late.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ObservationShape {
    pub(crate) tick: u64,
    /// Sim time, `07:42`.
    pub(crate) clock: String,
    /// A sentence to whoever observed it.
    pub(crate) what: String,
    pub(crate) said: Option<SaidShape>,
}

/// Somebody else's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct SaidShape {
    pub(crate) text: String,
}

/// Levels of needs, 0 to 10 000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct NeedLevels {
    pub(crate) energy: u16,
    pub(crate) food: u16,
    pub(crate) company: u16,
    pub(crate) purpose: u16,
    pub(crate) fun: u16,
}

/// A landmark in short.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct PlaceName {
    pub(crate) name: String,
}

/// A stack of goods.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Goods {
    pub(crate) item: String,
    pub(crate) count: u16,
}

/// What one resident thinks of another.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct RelationShape {
    pub(crate) agent_id: AgentId,
    pub(crate) name: String,
    pub(crate) closeness: u16,
    pub(crate) liking: i16,
}

/// A post.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct PostShape {
    pub(crate) id: PostId,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) content: String,
    #[serde(default)]
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) score: i64,
    #[serde(default)]
    pub(crate) comment_count: u32,
    #[serde(default)]
    pub(crate) created_at: String,
    pub(crate) author: Author,
    #[serde(default)]
    pub(crate) submolt_name: String,
    #[serde(default)]
    pub(crate) is_deleted: bool,
    #[serde(default)]
    pub(crate) is_pinned: bool,
    #[serde(default)]
    pub(crate) flair: Option<String>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default)]
    pub(crate) revision: u32,
}

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Author {
    pub(crate) id: AgentId,
    pub(crate) name: String,
}

/// A page of posts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct PostPage {
    pub(crate) posts: Vec<PostShape>,
    pub(crate) has_more: bool,
    pub(crate) next_cursor: Option<String>,
}

/// `GET /posts/{id}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct PostAnswer {
    pub(crate) post: PostShape,
}

/// A comment with its answers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct CommentShape {
    pub(crate) id: CommentId,
    #[serde(default)]
    pub(crate) content: String,
    pub(crate) author: Author,
    #[serde(default)]
    pub(crate) score: i64,
    #[serde(default)]
    pub(crate) created_at: String,
    #[serde(default)]
    pub(crate) is_deleted: bool,
    #[serde(default)]
    pub(crate) replies: Vec<Self>,
}

/// A page of comments.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct CommentPage {
    pub(crate) comments: Vec<CommentShape>,
    pub(crate) next_cursor: Option<String>,
}

/// A community.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct SubmoltShape {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) post_count: u64,
}

/// All communities.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct SubmoltPage {
    pub(crate) submolts: Vec<SubmoltShape>,
}

/// A post that was found.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct FoundPost {
    pub(crate) id: PostId,
    #[serde(default)]
    pub(crate) title: Option<String>,
}

/// `GET /search/posts`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct FoundPage {
    pub(crate) results: Vec<FoundPost>,
}

/// What came of a vote.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct VoteAnswer {
    pub(crate) score: i64,
    pub(crate) message: String,
}

/// A refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) detail: String,
    pub(crate) hint: Option<String>,
}

impl Problem {
    /// What is wrong and what to do, in one text.
    pub(crate) fn sentence(&self) -> String {
        match &self.hint {
            Some(hint) if !hint.is_empty() => format!("{} {hint}", self.detail),
            _ => self.detail.clone(),
        }
    }

    /// Whether an act has come to its end with this refusal: the village would give the same one for the same key for ever.
    /// Of what is still under way, or was never answered, nobody knows yet.
    pub(crate) fn is_last_word(&self) -> bool {
        (400..500).contains(&self.status) && self.code != "idempotency_running"
    }

    /// Whether nobody got past the door: that says nothing of what became of the same act before.
    pub(crate) fn is_of_the_door(&self) -> bool {
        self.status == 401 || matches!(self.code.as_str(), "rate_limited" | "suspended")
    }

    /// A fault of our own side of the wire.
    pub(crate) fn local(code: &str, detail: impl Into<String>, hint: &str) -> Self {
        Self {
            status: 0,
            code: code.to_owned(),
            detail: detail.into(),
            hint: Some(hint.to_owned()),
        }
    }
}
