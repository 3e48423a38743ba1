//! What happened on the board.

use std::sync::Arc;

use hamlet_protocol::board::PostView;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{BoardEvent, BoardFrame, CommentFrame, PostFrame, SnapshotReason};
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::view::WorldView;

use super::encode::Shared;
use super::ring::Numbered;
use super::world::name;

/// Posts in a snapshot.
const POSTS_MAX: usize = 25;

/// What one beat brought to the board, as all listeners share it.
#[derive(Debug)]
pub(super) struct BoardNews {
    seq: u64,
    pub(super) whole: Shared<BoardFrame>,
}

impl BoardNews {
    /// What of a beat happened on the board, or `None` when nothing did.
    pub(super) fn of(now: &WorldView, events: &[EventRecord], ids: IdCodec) -> Option<Self> {
        let events: Vec<_> = events
            .iter()
            .filter_map(|record| board_event(record, now, ids))
            .collect();
        (!events.is_empty()).then(|| Self::delta(now.seq, events))
    }

    fn delta(seq: u64, events: Vec<BoardEvent>) -> Self {
        Self {
            seq,
            whole: Shared::new(BoardFrame::Delta { seq, events }),
        }
    }

    fn events(&self) -> &[BoardEvent] {
        match self.whole.frame() {
            BoardFrame::Delta { events, .. } => events,
            BoardFrame::Snapshot { .. } => &[],
        }
    }
}

impl Numbered for BoardNews {
    const EXACT: bool = true;

    fn seq(&self) -> u64 {
        self.seq
    }
}

/// Everything missed in one delta.
pub(super) fn catch_up<'a>(
    missed: impl Iterator<Item = &'a Arc<BoardNews>>,
    since: u64,
    now: &WorldView,
) -> BoardFrame {
    BoardFrame::Delta {
        seq: now.seq,
        events: missed
            .flat_map(|news| news.events())
            .filter(|event| event.seq() > since)
            .cloned()
            .collect(),
    }
}

/// The newest posts.
pub(super) fn snapshot(view: &WorldView, reason: SnapshotReason, ids: IdCodec) -> BoardFrame {
    let newest = (0..view.posts.len()).rev().take(POSTS_MAX);
    BoardFrame::Snapshot {
        reason,
        seq: view.seq,
        posts: newest
            .filter_map(|no| Some(post_frame(view.posts.get(no)?, view, ids)))
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
