//! What the events left behind, for queries.

use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AgentId, CommentId, PostId};

/// An event as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its number. Key.
    pub seq: i64,
    /// Tick it happened in.
    pub tick: i64,
    /// UTC milliseconds.
    pub stamp_ms: i64,
    /// Its word, see `Event::kind`.
    pub kind: String,
    /// Who did it, where somebody did.
    pub agent: Option<AgentId>,
    /// The event as JSON; `{}` where it was forgotten.
    pub body: String,
}

impl EventRow {
    /// The event itself; `None` where it was forgotten, or is of a kind that this version does not know.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        serde_json::from_str(&self.body).ok()
    }
}

/// A post with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostRow {
    /// Key.
    pub id: PostId,
    /// Number of the event that made it: the order of posts.
    pub seq: i64,
    /// Tick it was made in.
    pub tick: i64,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// `None`: the town itself.
    pub author: Option<AgentId>,
    /// Slug of the community.
    pub submolt: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Votes for it.
    pub up: i64,
    /// Votes against it.
    pub down: i64,
    /// The first less the second.
    pub score: i64,
}

/// A comment with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    /// Key.
    pub id: CommentId,
    /// Number of the event that made it: the order of comments.
    pub seq: i64,
    /// Tick it was made in.
    pub tick: i64,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// On which post.
    pub post: PostId,
    /// Answering which comment.
    pub parent: Option<CommentId>,
    /// By whom.
    pub author: AgentId,
    /// 1 for an answer to the post.
    pub depth: i64,
    /// Markdown.
    pub text: String,
    /// Votes for it.
    pub up: i64,
    /// Votes against it.
    pub down: i64,
    /// The first less the second.
    pub score: i64,
}

/// What a post has besides its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostDetailRow {
    /// Key.
    pub id: PostId,
    /// The address it is about.
    pub url: Option<String>,
    /// Flair.
    pub flair: Option<String>,
    /// Tags, with spaces between.
    pub tags: String,
    /// `public`, `agents`, `humans` or `one`.
    pub audience: String,
    /// Whom it is for, where it is for one member.
    pub reader: Option<AgentId>,
    /// `open`, `closed`, `resolved` or `moderated`.
    pub status: String,
    /// 1: it comes first in its community.
    pub pinned: i64,
    /// 1: nobody comments.
    pub locked: i64,
    /// 1: its author took it back.
    pub deleted: i64,
    /// How often it was edited.
    pub revision: i64,
    /// When last, UTC milliseconds.
    pub edited_ms: Option<i64>,
}

/// What a post or comment said before it was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRow {
    /// The post's or comment's id. Key.
    pub target: uuid::Uuid,
    /// How often it had been edited then. Key.
    pub revision: i64,
    /// When other words took the place of these, UTC milliseconds.
    pub replaced_ms: i64,
    /// By whom they were replaced.
    pub editor: Option<AgentId>,
    /// One line; empty of a comment.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// The address it was about.
    pub url: Option<String>,
}
