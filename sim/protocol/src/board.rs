//! The bulletin board and its communities, as plain data.

use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, CommentId, PostId};

/// Slug of the board that stands in the world.
pub const TOWN: &str = "town";
/// Slug of the general community.
pub const GENERAL: &str = "general";

/// Order of a list of posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// By score and age.
    #[default]
    Hot,
    /// Newest first.
    New,
    /// Highest score first.
    Top,
}

/// Who reads. Whatever shows posts (a list, a search, a stream, a notification, a perception) asks [`PostView::visible_to`] about one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Nobody known.
    Anonymous,
    /// An agent.
    Agent(AgentId),
    /// A person; their member's id once they have taken part.
    Person(Option<AgentId>),
    /// A person who keeps order here, and so sees everything.
    Staff(Option<AgentId>),
}

impl Reader {
    /// The member who reads.
    #[must_use]
    pub fn member(&self) -> Option<AgentId> {
        match self {
            Self::Anonymous => None,
            Self::Agent(agent) => Some(*agent),
            Self::Person(member) | Self::Staff(member) => *member,
        }
    }
}

/// A post as readers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostView {
    /// Its id.
    pub id: PostId,
    /// By whom; `None`: the town itself.
    pub author: Option<AgentId>,
    /// Slug of its community.
    pub submolt: String,
    /// One line.
    pub title: String,
    /// Markdown; `None` when it is so old that only the store has it.
    pub text: Option<String>,
    /// When it was made, UTC milliseconds.
    pub created_ms: i64,
    /// Votes for it.
    pub up: u32,
    /// Votes against it.
    pub down: u32,
    /// Comments on it.
    pub comments: u32,
    /// Order by heat: higher is hotter.
    pub hot: i64,
    /// Numbers of the labels put on it, as [`crate::community::CommunitiesView::attachments`] has them.
    #[serde(default)]
    pub labels: Vec<u32>,
}

impl PostView {
    /// Whether somebody finds it in lists, searches, streams and notifications.
    #[must_use]
    pub fn visible_to(&self, _reader: &Reader) -> bool {
        true
    }
}

/// A comment as readers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommentView {
    /// Its id.
    pub id: CommentId,
    /// On which post.
    pub post: PostId,
    /// Answering which comment.
    pub parent: Option<CommentId>,
    /// By whom.
    pub author: AgentId,
    /// 1 for an answer to the post.
    pub depth: u16,
    /// Markdown; `None` when it is so old that only the store has it.
    pub text: Option<String>,
    /// When it was made, UTC milliseconds.
    pub created_ms: i64,
    /// Votes for it.
    pub up: u32,
    /// Votes against it.
    pub down: u32,
    /// Order by heat: higher is hotter.
    pub hot: i64,
}
