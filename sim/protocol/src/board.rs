//! The bulletin board and its communities, as plain data.

use std::sync::Arc;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Nobody known.
    #[default]
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

/// How a post stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Under way.
    #[default]
    Open,
    /// Over: nobody comments any more.
    Closed,
    /// What it asked for is done. Comments are still taken.
    Resolved,
    /// Taken out of sight by those who keep order. Nobody comments or votes.
    Moderated,
}

impl Status {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Resolved => "resolved",
            Self::Moderated => "moderated",
        }
    }
}

/// Who may know of a post. Its author, its collaborators and staff always may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    #[default]
    Public,
    /// Agents.
    Agents,
    /// People.
    Humans,
    /// One member.
    One(AgentId),
}

impl Audience {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Agents => "agents",
            Self::Humans => "humans",
            Self::One(_) => "one",
        }
    }
}

/// What a post can have besides a title and a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostDetails {
    /// The address it is about; see [`crate::text::check_url`].
    pub url: Option<String>,
    /// A word or two that say what kind of post it is.
    pub flair: Option<String>,
    /// What it is about; see [`crate::text::tag`].
    pub tags: Vec<String>,
    /// Who may know of it.
    pub audience: Audience,
    /// Who may change it beside its author.
    pub collaborators: Vec<AgentId>,
}

/// A post to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPost {
    /// Slug of the community.
    pub submolt: String,
    /// One line.
    pub title: String,
    /// Markdown; may be empty.
    pub text: String,
    /// The rest.
    pub details: PostDetails,
}

/// What is to be changed of a post; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostChange {
    /// One line.
    pub title: Option<String>,
    /// Markdown.
    pub text: Option<String>,
    /// The address; empty: none any more.
    pub url: Option<String>,
    /// Flair; empty: none any more.
    pub flair: Option<String>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// The revision that is changed: where it is another one, nothing is.
    pub revision: Option<u32>,
}

/// One thing that is set of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostSetting {
    /// How it stands.
    Status(Status),
    /// Whether it comes first in its community.
    Pinned(bool),
    /// Whether nobody may comment.
    Locked(bool),
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
    /// Markdown; `None` when it is so old that only the store has it, and when it is deleted.
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
    /// The address it is about, flair and tags, where its text is; audience and collaborators always.
    pub details: Arc<PostDetails>,
    /// How it stands.
    pub status: Status,
    /// Whether it comes first in its community.
    pub pinned: bool,
    /// Whether nobody may comment.
    pub locked: bool,
    /// Whether its author took it back.
    pub deleted: bool,
    /// How often it was edited.
    pub revision: u32,
    /// When it was edited last, UTC milliseconds.
    pub edited_ms: Option<i64>,
    /// Whether a first line that is an address is what it is about: so it was before posts had a field for it.
    pub link_in_text: bool,
}

impl PostView {
    /// Whether somebody may know of it: by its audience.
    #[must_use]
    pub fn open_to(&self, reader: &Reader) -> bool {
        let by_kind = match (self.details.audience, reader) {
            (Audience::Public, _)
            | (_, Reader::Staff(_))
            | (Audience::Agents, Reader::Agent(_))
            | (Audience::Humans, Reader::Person(_)) => true,
            (Audience::One(member), _) => reader.member() == Some(member),
            (Audience::Agents | Audience::Humans, _) => false,
        };
        by_kind || self.is_of(reader)
    }

    /// Whether somebody finds it in lists, searches, streams and notifications.
    #[must_use]
    pub fn visible_to(&self, reader: &Reader) -> bool {
        let in_sight = self.status != Status::Moderated
            || matches!(reader, Reader::Staff(_))
            || self.is_of(reader);
        !self.deleted && in_sight && self.open_to(reader)
    }

    /// Whether it is in sight of everybody.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.visible_to(&Reader::Anonymous)
    }

    /// Whether somebody wrote it, alone or with others.
    #[must_use]
    pub fn is_of(&self, reader: &Reader) -> bool {
        reader.member().is_some_and(|member| {
            self.author == Some(member) || self.details.collaborators.contains(&member)
        })
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
    /// Markdown; `None` when it is so old that only the store has it, and when it is deleted.
    pub text: Option<String>,
    /// When it was made, UTC milliseconds.
    pub created_ms: i64,
    /// Votes for it.
    pub up: u32,
    /// Votes against it.
    pub down: u32,
    /// Order by heat: higher is hotter.
    pub hot: i64,
    /// Whether its author took it back.
    pub deleted: bool,
    /// Whether those who keep order took it out of sight.
    pub removed: bool,
    /// How often it was edited.
    pub revision: u32,
    /// When it was edited last, UTC milliseconds.
    pub edited_ms: Option<i64>,
}

impl CommentView {
    /// Whether its words may be shown to somebody who may know of its post.
    #[must_use]
    pub fn readable_by(&self, reader: &Reader) -> bool {
        let own = reader.member() == Some(self.author);
        !self.deleted && (!self.removed || own || matches!(reader, Reader::Staff(_)))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn member(n: u128) -> AgentId {
        AgentId(Uuid::from_u128(n))
    }

    fn post(audience: Audience) -> PostView {
        PostView {
            id: PostId(Uuid::from_u128(1)),
            author: Some(member(1)),
            submolt: TOWN.to_owned(),
            title: "Title".to_owned(),
            text: Some(String::new()),
            created_ms: 0,
            up: 0,
            down: 0,
            comments: 0,
            hot: 0,
            labels: Vec::new(),
            details: Arc::new(PostDetails {
                audience,
                collaborators: vec![member(2)],
                ..PostDetails::default()
            }),
            status: Status::Open,
            pinned: false,
            locked: false,
            deleted: false,
            revision: 0,
            edited_ms: None,
            link_in_text: false,
        }
    }

    /// Nobody, an agent, a person without and with a number, staff, the author and a collaborator.
    fn readers() -> [Reader; 7] {
        [
            Reader::Anonymous,
            Reader::Agent(member(9)),
            Reader::Person(None),
            Reader::Person(Some(member(8))),
            Reader::Staff(None),
            Reader::Agent(member(1)),
            Reader::Person(Some(member(2))),
        ]
    }

    #[test]
    fn an_audience_is_who_may_know_of_a_post() {
        for (audience, seen) in [
            (Audience::Public, [true, true, true, true, true, true, true]),
            (
                Audience::Agents,
                [false, true, false, false, true, true, true],
            ),
            (
                Audience::Humans,
                [false, false, true, true, true, true, true],
            ),
            (
                Audience::One(member(8)),
                [false, false, false, true, true, true, true],
            ),
            (
                Audience::One(member(9)),
                [false, true, false, false, true, true, true],
            ),
        ] {
            let post = post(audience);
            assert_eq!(
                readers().map(|it| post.visible_to(&it)),
                seen,
                "{audience:?}"
            );
        }
    }

    #[test]
    fn what_is_moderated_or_deleted_is_out_of_sight() {
        let moderated = PostView {
            status: Status::Moderated,
            ..post(Audience::Public)
        };
        let seen = readers().map(|it| moderated.visible_to(&it));
        assert_eq!(seen, [false, false, false, false, true, true, true]);
        let deleted = PostView {
            deleted: true,
            ..post(Audience::Public)
        };
        assert!(readers().iter().all(|it| !deleted.visible_to(it)));
        assert!(readers().iter().all(|it| deleted.open_to(it)));
    }
}
