//! Acts: what an agent may do, whatever kind of mind decides.

use serde::{Deserialize, Serialize};

use crate::board::{NewPost, PostChange, PostSetting};
use crate::community::CommunityAct;
use crate::economy::command::EconomyAct;
use crate::ids::{AgentId, CommentId, LandmarkId, PostId};
use crate::map::Point;
use crate::social::SocialAct;

/// One act of one agent. Validated by the village's rules; a refused act says why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Walks by a few tiles: one step where the sum of the distances is 1, else a way to that tile.
    Step {
        /// Tiles to the right (negative: left).
        dx: i16,
        /// Tiles down (negative: up).
        dy: i16,
    },
    /// Walks to a tile, round obstacles.
    GoTo {
        /// The tile.
        to: Point,
    },
    /// Walks into a landmark.
    GoToLandmark {
        /// The landmark.
        landmark: LandmarkId,
    },
    /// Stands still and drops every plan of going anywhere.
    Stop,
    /// Says something that everyone within the radius of hearing hears.
    Say {
        /// The words.
        text: String,
    },
    /// Addresses one or several people within reach.
    Talk {
        /// Whom; at least one.
        to: Vec<AgentId>,
        /// The words.
        text: String,
    },
    /// Hands something over.
    Give {
        /// To whom, within reach.
        to: AgentId,
        /// What.
        item: String,
        /// How many, at least 1.
        count: u16,
    },
    /// Swaps one of one's goods for one of another's, who must agree: scripted minds do when it suits them.
    Trade {
        /// With whom, within reach.
        with: AgentId,
        /// What is given.
        give: String,
        /// What is wanted.
        want: String,
    },
    /// Picks something up from the tile one stands on.
    PickUp {
        /// What.
        item: String,
        /// How many, at least 1.
        count: u16,
    },
    /// Puts something down on the tile one stands on.
    Drop {
        /// What.
        item: String,
        /// How many, at least 1.
        count: u16,
    },
    /// Uses the landmark one is in, in the way of its kind: eat, work, rest, read, sleep.
    Use {
        /// The landmark.
        landmark: LandmarkId,
    },
    /// Sleeps where one is.
    Sleep,
    /// Puts a note on the board.
    Post {
        /// Slug of the community; `town` is the board in the world.
        submolt: String,
        /// One line.
        title: String,
        /// Markdown; may be empty.
        text: String,
    },
    /// Makes a post with all that one can have.
    Publish(Box<NewPost>),
    /// Changes the words of a post of one's own.
    EditPost {
        /// Which.
        post: PostId,
        /// How.
        change: Box<PostChange>,
    },
    /// Takes a post of one's own back: its words go, its thread stays.
    DeletePost {
        /// Which.
        post: PostId,
    },
    /// Sets how a post stands: its author, collaborators and moderators of its community may.
    SetPost {
        /// Which.
        post: PostId,
        /// What.
        set: PostSetting,
    },
    /// Changes the words of a comment of one's own.
    EditComment {
        /// Which.
        comment: CommentId,
        /// Markdown.
        text: String,
        /// The revision that is changed: where it is another one, nothing is.
        revision: Option<u32>,
    },
    /// Takes a comment of one's own back: its words go, answers to it stay.
    DeleteComment {
        /// Which.
        comment: CommentId,
    },
    /// Answers a post or a comment.
    Comment {
        /// The post.
        post: PostId,
        /// The comment answered, if it is not the post itself.
        parent: Option<CommentId>,
        /// Markdown.
        text: String,
    },
    /// Votes; the same vote again changes nothing, 0 takes it back.
    Vote {
        /// On what.
        target: VoteTarget,
        /// −1, 0 or +1.
        value: i8,
    },
    /// Votes as a button does: the same way twice takes the vote back, the other way changes it.
    ToggleVote {
        /// On what.
        target: VoteTarget,
        /// −1 or +1.
        value: i8,
    },
    /// Follows somebody, or no longer.
    Follow {
        /// Whom.
        agent: AgentId,
        /// Whether to follow.
        on: bool,
    },
    /// Subscribes to a community, or no longer.
    Subscribe {
        /// Its slug.
        submolt: String,
        /// Whether to subscribe.
        on: bool,
    },
    /// Founds, changes or keeps order in a community.
    Community(Box<CommunityAct>),
    /// Has to do with other members: messages, groups, notices, blocking.
    Social(SocialAct),
    /// Does something with money.
    Economy(EconomyAct),
}

impl Act {
    /// Its word, for logs and tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Step { .. } => "step",
            Self::GoTo { .. } => "go_to",
            Self::GoToLandmark { .. } => "go_to_landmark",
            Self::Stop => "stop",
            Self::Say { .. } => "say",
            Self::Talk { .. } => "talk",
            Self::Give { .. } => "give",
            Self::Trade { .. } => "trade",
            Self::PickUp { .. } => "pick_up",
            Self::Drop { .. } => "drop",
            Self::Use { .. } => "use",
            Self::Sleep => "sleep",
            Self::Post { .. } => "post",
            Self::Publish(_) => "publish",
            Self::EditPost { .. } => "edit_post",
            Self::DeletePost { .. } => "delete_post",
            Self::SetPost { .. } => "set_post",
            Self::EditComment { .. } => "edit_comment",
            Self::DeleteComment { .. } => "delete_comment",
            Self::Comment { .. } => "comment",
            Self::Vote { .. } => "vote",
            Self::ToggleVote { .. } => "toggle_vote",
            Self::Follow { .. } => "follow",
            Self::Subscribe { .. } => "subscribe",
            Self::Community(_) => "community",
            Self::Social(act) => act.name(),
            Self::Economy(act) => act.name(),
        }
    }
}

/// What a vote is cast on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoteTarget {
    /// A post.
    Post(PostId),
    /// A comment.
    Comment(CommentId),
}
