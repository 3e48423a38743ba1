//! The board as far as the window has read it, kept up to date by frames.

use std::collections::BTreeMap;

use chrono::DateTime;
use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::board::TOWN;
use hamlet_protocol::frame::{BoardEvent, BoardFrame, CommentFrame, PostFrame};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};

use super::world::{Mark, MarkKind};
use crate::wire::{CommentPage, CommentShape, PostPage, PostShape};

/// Posts that are kept.
const POSTS_MAX: usize = 1_000;
/// Comments of a thread that are kept.
const COMMENTS_MAX: usize = 2_000;

/// Order of a list of posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum PostSort {
    #[default]
    Hot,
    New,
    Top,
    Rising,
    Controversial,
}

impl PostSort {
    /// All orders.
    pub(crate) const ALL: [Self; 5] = [
        Self::Hot,
        Self::New,
        Self::Top,
        Self::Rising,
        Self::Controversial,
    ];

    /// Its word in the API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::New => "new",
            Self::Top => "top",
            Self::Rising => "rising",
            Self::Controversial => "controversial",
        }
    }
}

/// Which posts are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PostQuery {
    /// Only of this community; `None`: all.
    pub(crate) submolt: Option<String>,
    /// Order.
    pub(crate) sort: PostSort,
}

impl PostQuery {
    fn holds(&self, submolt: &str) -> bool {
        self.submolt.as_deref().is_none_or(|it| it == submolt)
    }
}

/// A post.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Post {
    pub(crate) id: PostId,
    pub(crate) submolt: String,
    pub(crate) title: String,
    /// Markdown; `None` when it must be asked for.
    pub(crate) content: Option<String>,
    /// `None`: the town itself.
    pub(crate) author: Option<AgentId>,
    pub(crate) author_name: String,
    /// UTC milliseconds.
    pub(crate) created_ms: i64,
    pub(crate) score: i64,
    pub(crate) comments: u32,
    pub(crate) pinned: bool,
    /// A word of its author about what kind of post it is.
    pub(crate) flair: Option<String>,
    pub(crate) tags: Vec<String>,
}

/// A comment with its answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comment {
    pub(crate) id: CommentId,
    pub(crate) content: String,
    pub(crate) author: AgentId,
    pub(crate) author_name: String,
    /// UTC milliseconds.
    pub(crate) created_ms: i64,
    pub(crate) score: i64,
    pub(crate) answers: Vec<Self>,
}

/// A list of posts as it was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PostList {
    /// What was asked for.
    pub(crate) query: PostQuery,
    /// The posts, in order.
    pub(crate) ids: Vec<PostId>,
    /// The way to the next page.
    pub(crate) next: Option<String>,
    /// Whether an answer has come.
    pub(crate) loaded: bool,
    /// Posts that were made since, and that this order does not show yet.
    pub(crate) fresh: u32,
}

/// A post that is being read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Thread {
    /// Which.
    pub(crate) post: PostId,
    /// Those that answer the post.
    pub(crate) comments: Vec<Comment>,
    /// Whether they have come.
    pub(crate) loaded: bool,
    /// The way to more of them.
    pub(crate) next: Option<String>,
}

/// The board as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Board {
    /// Number of the last durable event.
    pub(crate) seq: u64,
    /// The list that is shown.
    pub(crate) list: PostList,
    /// The post that is read.
    pub(crate) thread: Option<Thread>,
    posts: BTreeMap<PostId, Post>,
    seen: u64,
}

impl Board {
    /// Takes in a frame; gives back marks for the timeline.
    pub(crate) fn apply(&mut self, frame: BoardFrame) -> Vec<Mark> {
        match frame {
            BoardFrame::Snapshot { seq, posts, .. } => {
                if seq < self.seq {
                    self.turn_back();
                }
                self.seq = seq;
                let fresh = posts.iter().any(|it| !self.posts.contains_key(&it.id));
                for post in posts {
                    self.keep(of_frame(post));
                }
                if self.list.loaded && fresh {
                    self.list.fresh = self.list.fresh.max(1);
                }
                Vec::new()
            }
            BoardFrame::Delta { seq, events } => {
                let new = events.into_iter().filter(|it| it.seq() > self.seq);
                let new: Vec<_> = new.collect();
                self.seq = seq.max(self.seq);
                new.into_iter().filter_map(|it| self.happen(it)).collect()
            }
        }
    }

    /// Whether a frame tells of a time before what is known: time was turned back.
    pub(crate) fn is_before(&self, frame: &BoardFrame) -> bool {
        matches!(frame, BoardFrame::Snapshot { seq, .. } if *seq < self.seq)
    }

    /// A post, where it is known.
    pub(crate) fn post(&self, id: PostId) -> Option<&Post> {
        self.posts.get(&id)
    }

    /// The posts that are listed.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Post> {
        self.list.ids.iter().filter_map(|id| self.posts.get(id))
    }

    /// All posts that are known, in no order that means something.
    pub(crate) fn known(&self) -> impl Iterator<Item = &Post> {
        self.posts.values()
    }

    /// Posts that were heard of.
    pub(crate) fn posts_seen(&self) -> u64 {
        self.seen
    }

    /// Takes in a page of a list. A page without a cursor begins the list anew.
    pub(crate) fn take_page(&mut self, query: &PostQuery, cursor: Option<&str>, page: PostPage) {
        if self.list.query != *query {
            return;
        }
        if cursor.is_none() {
            self.list.ids.clear();
            self.list.fresh = 0;
        } else if self.list.next.as_deref() != cursor {
            // A page of a list that has begun anew since.
            return;
        }
        for post in page.posts {
            if !self.list.ids.contains(&post.id) {
                self.list.ids.push(post.id);
            }
            self.keep(of_shape(post));
        }
        self.list.next = page.next_cursor.filter(|_| page.has_more);
        self.list.loaded = true;
    }

    /// Another list is wanted.
    pub(crate) fn ask(&mut self, query: PostQuery) {
        self.list = PostList {
            query,
            ..PostList::default()
        };
    }

    /// A post is to be read.
    pub(crate) fn open(&mut self, post: PostId) {
        self.thread = Some(Thread {
            post,
            comments: Vec::new(),
            loaded: false,
            next: None,
        });
    }

    /// Takes in a post.
    pub(crate) fn take_post(&mut self, post: PostShape) {
        self.keep(of_shape(post));
    }

    /// Takes in the first comments of a post.
    pub(crate) fn take_comments(&mut self, post: PostId, page: CommentPage) {
        if let Some(thread) = self.thread.as_mut().filter(|it| it.post == post) {
            thread.comments = page.comments.into_iter().map(of_comment).collect();
            thread.loaded = true;
            thread.next = page.next_cursor;
        }
    }

    /// Takes in the comments of a post that begin at this cursor.
    pub(crate) fn take_more_comments(&mut self, post: PostId, cursor: &str, page: CommentPage) {
        let Some(thread) = self.thread.as_mut().filter(|it| it.post == post) else {
            return;
        };
        if thread.next.as_deref() != Some(cursor) {
            // The answers have begun anew since.
            return;
        }
        thread.next = page.next_cursor;
        for comment in page.comments.into_iter().map(of_comment) {
            if count(&thread.comments) >= COMMENTS_MAX {
                thread.next = None;
                return;
            }
            // What was written meanwhile is there already, with what answers it.
            if thread.comments.iter().all(|it| it.id != comment.id) {
                thread.comments.push(comment);
            }
        }
    }

    /// Takes in a score.
    pub(crate) fn take_score(&mut self, target: VoteTarget, score: i64) {
        match target {
            VoteTarget::Post(id) => {
                if let Some(post) = self.posts.get_mut(&id) {
                    post.score = score;
                }
            }
            VoteTarget::Comment(id) => {
                let thread = self.thread.as_mut();
                let comments = thread.map(|it| it.comments.as_mut_slice());
                if let Some(comment) = find(comments.unwrap_or_default(), id) {
                    comment.score = score;
                }
            }
        }
    }

    /// Time was turned back: what was known may not have happened yet.
    fn turn_back(&mut self) {
        self.posts.clear();
        self.thread = None;
        self.seen = 0;
        self.list.ids.clear();
        self.list.next = None;
        self.list.fresh = 0;
        self.list.loaded = false;
    }

    fn happen(&mut self, event: BoardEvent) -> Option<Mark> {
        match event {
            BoardEvent::Post { post, .. } => {
                let mark = Mark {
                    // Without an author it is a notice of the town itself.
                    kind: match post.author {
                        Some(_) => MarkKind::Post,
                        None => MarkKind::Hand,
                    },
                    time: None,
                    text: format!("{} writes: {}", author_of(&post), post.title),
                };
                self.list_new(&post);
                self.keep(of_frame(post));
                Some(mark)
            }
            BoardEvent::Comment { comment, .. } => {
                if let Some(post) = self.posts.get_mut(&comment.post) {
                    post.comments += 1;
                }
                self.answer(comment);
                None
            }
            BoardEvent::Vote { target, score, .. } => {
                self.take_score(target, i64::from(score));
                None
            }
        }
    }

    /// A list in order of age takes a new post at once; others say that there is one, so that nothing jumps under the reader.
    fn list_new(&mut self, post: &PostFrame) {
        if !self.list.loaded || !self.list.query.holds(&post.submolt) {
            return;
        }
        if self.list.query.sort == PostSort::New && !self.list.ids.contains(&post.id) {
            self.list.ids.insert(0, post.id);
        } else {
            self.list.fresh += 1;
        }
    }

    fn answer(&mut self, frame: CommentFrame) {
        let Some(thread) = self.thread.as_mut() else {
            return;
        };
        if thread.post != frame.post
            || !thread.loaded
            || count(&thread.comments) >= COMMENTS_MAX
            || find(&mut thread.comments, frame.id).is_some()
        {
            return;
        }
        let parent = frame.parent;
        let comment = Comment {
            id: frame.id,
            content: frame.content,
            author: frame.author,
            author_name: frame.author_name,
            created_ms: frame.created_ms,
            score: 0,
            answers: Vec::new(),
        };
        match parent {
            None => thread.comments.push(comment),
            Some(parent) => {
                if let Some(parent) = find(&mut thread.comments, parent) {
                    parent.answers.push(comment);
                }
            }
        }
    }

    fn keep(&mut self, post: Post) {
        if !self.posts.contains_key(&post.id) {
            self.seen += 1;
            if self.posts.len() >= POSTS_MAX {
                self.forget_one();
            }
        }
        let id = post.id;
        let before = self.posts.remove(&id);
        let (content, flair, tags) = before
            .map(|it| (it.content, it.flair, it.tags))
            .unwrap_or_default();
        let post = Post {
            content: post.content.or(content),
            flair: post.flair.or(flair),
            tags: if post.tags.is_empty() {
                tags
            } else {
                post.tags
            },
            ..post
        };
        self.posts.insert(id, post);
    }

    /// Forgets the oldest post that is neither listed nor read.
    fn forget_one(&mut self) {
        let read = self.thread.as_ref().map(|it| it.post);
        let spare = |it: &&Post| Some(it.id) != read && !self.list.ids.contains(&it.id);
        let oldest = self
            .posts
            .values()
            .filter(spare)
            .min_by_key(|it| it.created_ms);
        if let Some(id) = oldest.map(|it| it.id) {
            self.posts.remove(&id);
        }
    }
}

fn author_of(post: &PostFrame) -> &str {
    post.author_name.as_deref().unwrap_or(TOWN)
}

fn of_frame(post: PostFrame) -> Post {
    Post {
        author_name: author_of(&post).to_owned(),
        id: post.id,
        submolt: post.submolt,
        title: post.title,
        content: post.content,
        author: post.author,
        created_ms: post.created_ms,
        score: post.score,
        comments: post.comments,
        pinned: false,
        flair: None,
        tags: Vec::new(),
    }
}

fn of_shape(post: PostShape) -> Post {
    let content = match post.url {
        Some(url) => format!("<{url}>\n\n{}", post.content),
        None => post.content,
    };
    Post {
        id: post.id,
        submolt: post.submolt_name,
        title: post.title,
        content: Some(content),
        author: (!post.author.id.0.is_nil()).then_some(post.author.id),
        author_name: post.author.name,
        created_ms: millis(&post.created_at),
        score: post.score,
        comments: post.comment_count,
        pinned: post.is_pinned,
        flair: post.flair.filter(|it| !it.is_empty()),
        tags: post.tags,
    }
}

fn of_comment(comment: CommentShape) -> Comment {
    Comment {
        id: comment.id,
        content: comment.content,
        author: comment.author.id,
        author_name: comment.author.name,
        created_ms: millis(&comment.created_at),
        score: comment.score,
        answers: comment.replies.into_iter().map(of_comment).collect(),
    }
}

fn millis(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).map_or(0, |it| it.timestamp_millis())
}

fn count(comments: &[Comment]) -> usize {
    comments.iter().map(|it| 1 + count(&it.answers)).sum()
}

fn find(comments: &mut [Comment], id: CommentId) -> Option<&mut Comment> {
    comments.iter_mut().find_map(|comment| {
        if comment.id == id {
            return Some(comment);
        }
        find(&mut comment.answers, id)
    })
}
