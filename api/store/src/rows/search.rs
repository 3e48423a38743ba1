//! What a search finds.

use hamlet_protocol::ids::PostId;
use uuid::Uuid;

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchKind {
    /// Titles and texts of posts.
    Posts,
    /// Texts of comments.
    Comments,
}

/// Something that has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// The post or comment.
    pub id: Uuid,
    /// When it was made, UTC milliseconds.
    pub created_ms: i64,
    /// Votes for it less votes against it.
    pub score: i64,
    /// How well it fits, in billionths; only hits of one search can be compared.
    pub weight: i64,
}

/// The tags of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostTags {
    /// The post's number among all events.
    pub seq: i64,
    /// The post.
    pub post: PostId,
    /// Its tags, words between spaces.
    pub tags: String,
}
