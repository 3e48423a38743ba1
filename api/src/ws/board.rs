//! What happened on the board.

use std::sync::Arc;

use axum::extract::ws::Message;
use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::board::{CommentView, PostView, Reader};
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{BoardEvent, BoardFrame, CommentFrame, PostFrame, SnapshotReason};
use hamlet_protocol::ids::{CommentId, IdCodec, PostId};
use hamlet_protocol::view::WorldView;

use super::encode::{Format, Shared, message};
use super::ring::Numbered;
use super::world::name;

/// Posts in a snapshot.
const POSTS_MAX: usize = 25;

/// What one beat brought to the board: for everybody, as all listeners share it, and for those who may know of it.
#[derive(Debug)]
pub(super) struct BoardNews {
    seq: u64,
    whole: Shared<BoardFrame>,
    /// What not everybody may know of, each with what it is about.
    guarded: Vec<(About, BoardEvent)>,
}

/// The post that something on the board is about, and the comment where it is about one.
#[derive(Debug)]
struct About {
    post: Arc<PostView>,
    comment: Option<Arc<CommentView>>,
}

impl About {
    fn of(event: &BoardEvent, now: &WorldView, ids: IdCodec) -> Option<Self> {
        let (post, comment) = match event {
            BoardEvent::Post { post, .. } => (Some(post.id), None),
            BoardEvent::Comment { comment, .. } => (None, Some(comment.id)),
            BoardEvent::Vote { target, .. } => match *target {
                VoteTarget::Post(post) => (Some(post), None),
                VoteTarget::Comment(comment) => (None, Some(comment)),
            },
        };
        match comment {
            Some(comment) => Self::comment(comment, now, ids),
            None => Some(Self {
                post: post_view(post?, now, ids)?,
                comment: None,
            }),
        }
    }

    fn comment(comment: CommentId, now: &WorldView, ids: IdCodec) -> Option<Self> {
        let no = usize::try_from(ids.number(comment)?).ok()?;
        let comment = now.comments.get(no)?;
        Some(Self {
            post: post_view(comment.post, now, ids)?,
            comment: Some(Arc::clone(comment)),
        })
    }

    /// Whether all of it is in sight of somebody.
    fn visible_to(&self, reader: &Reader) -> bool {
        let readable = |comment: &Arc<CommentView>| comment.readable_by(reader);
        self.post.visible_to(reader) && self.comment.as_ref().is_none_or(readable)
    }
}

fn post_view(post: PostId, now: &WorldView, ids: IdCodec) -> Option<Arc<PostView>> {
    let no = usize::try_from(ids.number(post)?).ok()?;
    now.posts.get(no).cloned()
}

/// Whether a comment and its post are in sight of somebody now.
pub(super) fn is_comment_seen(
    comment: CommentId,
    now: &WorldView,
    ids: IdCodec,
    reader: &Reader,
) -> bool {
    About::comment(comment, now, ids).is_some_and(|about| about.visible_to(reader))
}

impl BoardNews {
    /// What of a beat happened on the board, or `None` when nothing did.
    pub(super) fn of(now: &WorldView, events: &[EventRecord], ids: IdCodec) -> Option<Self> {
        let (mut open, mut guarded) = (Vec::new(), Vec::new());
        for record in events {
            let Some(event) = board_event(record, now, ids) else {
                continue;
            };
            let Some(about) = About::of(&event, now, ids) else {
                continue;
            };
            if about.visible_to(&Reader::Anonymous) {
                open.push(event);
            } else {
                guarded.push((about, event));
            }
        }
        (!open.is_empty() || !guarded.is_empty()).then(|| Self {
            seq: now.seq,
            whole: Shared::new(BoardFrame::Delta {
                seq: now.seq,
                events: open,
            }),
            guarded,
        })
    }

    /// What a reader is told of it.
    pub(super) fn message(&self, reader: &Reader, format: Format) -> Option<Message> {
        let mut guarded = self.guarded.iter();
        if guarded.any(|(about, _)| about.visible_to(reader)) {
            let events = self.events(reader);
            let frame = BoardFrame::Delta {
                seq: self.seq,
                events,
            };
            return Some(message(&frame, format));
        }
        (!self.open().is_empty()).then(|| self.whole.message(format))
    }

    fn open(&self) -> &[BoardEvent] {
        match self.whole.frame() {
            BoardFrame::Delta { events, .. } => events,
            BoardFrame::Snapshot { .. } => &[],
        }
    }

    /// What a reader may know of, in its order.
    fn events(&self, reader: &Reader) -> Vec<BoardEvent> {
        let theirs = self.guarded.iter();
        let theirs = theirs.filter(|(about, _)| about.visible_to(reader));
        let mut events: Vec<BoardEvent> = self.open().to_vec();
        events.extend(theirs.map(|(_, event)| event.clone()));
        events.sort_by_key(BoardEvent::seq);
        events
    }
}

impl Numbered for BoardNews {
    const EXACT: bool = true;

    fn seq(&self) -> u64 {
        self.seq
    }
}

/// Everything missed in one delta, without what went out of sight meanwhile.
pub(super) fn catch_up<'a>(
    missed: impl Iterator<Item = &'a Arc<BoardNews>>,
    since: u64,
    now: &WorldView,
    ids: IdCodec,
    reader: &Reader,
) -> BoardFrame {
    let seen = |event: &BoardEvent| {
        About::of(event, now, ids).is_some_and(|about| about.visible_to(reader))
    };
    BoardFrame::Delta {
        seq: now.seq,
        events: missed
            .flat_map(|news| news.events(reader))
            .filter(|event| event.seq() > since && seen(event))
            .collect(),
    }
}

/// The newest posts.
pub(super) fn snapshot(
    view: &WorldView,
    reason: SnapshotReason,
    ids: IdCodec,
    reader: &Reader,
) -> BoardFrame {
    let newest = (0..view.posts.len()).rev();
    let newest = newest.filter_map(|no| view.posts.get(no));
    BoardFrame::Snapshot {
        reason,
        seq: view.seq,
        posts: newest
            .filter(|post| post.visible_to(reader))
            .take(POSTS_MAX)
            .map(|post| post_frame(post, view, ids))
            .collect(),
    }
}

fn post_frame(post: &PostView, view: &WorldView, ids: IdCodec) -> PostFrame {
    PostFrame {
        id: post.id,
        submolt: post.submolt.clone(),
        title: post.title.clone(),
        content: post.text.clone(),
        author: post.author,
        author_name: post.author.map(|author| name(view, ids, author)),
        created_ms: post.created_ms,
        score: i64::from(post.up) - i64::from(post.down),
        comments: post.comments,
    }
}

fn board_event(record: &EventRecord, now: &WorldView, ids: IdCodec) -> Option<BoardEvent> {
    let seq = record.seq;
    match &record.event {
        Event::Posted {
            post,
            author,
            submolt,
            title,
            text,
        } => Some(BoardEvent::Post {
            seq,
            post: PostFrame {
                id: *post,
                submolt: submolt.clone(),
                title: title.clone(),
                content: Some(text.clone()),
                author: *author,
                author_name: author.map(|author| name(now, ids, author)),
                created_ms: record.stamp_ms,
                score: 0,
                comments: 0,
            },
        }),
        Event::Commented { .. } => Some(BoardEvent::Comment {
            seq,
            comment: comment_frame(record, now, ids)?,
        }),
        Event::Voted { target, score, .. } => Some(BoardEvent::Vote {
            seq,
            target: *target,
            score: *score,
        }),
        _ => None,
    }
}

/// A comment that was just made.
pub(super) fn comment_frame(
    record: &EventRecord,
    now: &WorldView,
    ids: IdCodec,
) -> Option<CommentFrame> {
    let Event::Commented {
        comment,
        post,
        parent,
        author,
        text,
        ..
    } = &record.event
    else {
        return None;
    };
    Some(CommentFrame {
        id: *comment,
        post: *post,
        parent: *parent,
        content: text.clone(),
        author: *author,
        author_name: name(now, ids, *author),
        created_ms: record.stamp_ms,
    })
}
