//! What was written on the board, as far as the report can show it: the notes that moved people most.

use std::collections::HashMap;

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::{CommentId, PostId};

use super::super::names::People;

/// Posts kept at most; the quieter half goes when there are more.
const POSTS_MAX: usize = 20_000;

/// Comments kept per post, the first ones.
const COMMENTS_PER_POST_MAX: usize = 24;

/// Characters kept of a text.
const TEXT_CHARS_MAX: usize = 600;

/// A post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PostNote {
    /// Its place in the order of posts.
    pub(crate) order: u64,
    /// Number of its author; `None`: the town itself.
    pub(crate) author: Option<u32>,
    /// Slug of its community.
    pub(crate) submolt: String,
    /// One line.
    pub(crate) title: String,
    /// Its text, cut when long.
    pub(crate) text: String,
    /// When.
    pub(crate) tick: u64,
    /// Votes for it less votes against it.
    pub(crate) score: i32,
    /// Comments in all.
    pub(crate) comment_count: u32,
    /// Some of them, oldest first.
    pub(crate) comments: Vec<CommentNote>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommentNote {
    /// Its id.
    id: CommentId,
    /// Number of its author.
    pub(crate) author: u32,
    /// 1 for an answer to the post.
    pub(crate) depth: u16,
    /// Its text, cut when long.
    pub(crate) text: String,
    /// Votes for it less votes against it.
    pub(crate) score: i32,
}

/// The posts that are kept.
#[derive(Debug, Default)]
pub(crate) struct Board {
    posts: HashMap<PostId, PostNote>,
    /// Which post a kept comment belongs to.
    comments: HashMap<CommentId, PostId>,
    made: u64,
}

impl Board {
    /// Takes an event in.
    pub(crate) fn event(&mut self, record: &EventRecord, people: &mut People) {
        match &record.event {
            Event::Posted {
                post,
                author,
                submolt,
                title,
                text,
            } => {
                self.made += 1;
                let note = PostNote {
                    order: self.made,
                    author: author.map(|author| people.number(author)),
                    submolt: submolt.clone(),
                    title: cut(title),
                    text: cut(text),
                    tick: record.tick,
                    score: 0,
                    comment_count: 0,
                    comments: Vec::new(),
                };
                self.posts.insert(*post, note);
                if self.posts.len() > POSTS_MAX {
                    self.forget_quiet();
                }
            }
            Event::Commented {
                comment,
                post,
                author,
                depth,
                text,
                ..
            } => {
                let author = people.number(*author);
                self.comment(*comment, *post, author, *depth, text);
            }
            Event::Voted { target, score, .. } => self.vote(*target, *score),
            _ => {}
        }
    }

    fn comment(&mut self, id: CommentId, post: PostId, author: u32, depth: u16, text: &str) {
        let Some(note) = self.posts.get_mut(&post) else {
            return;
        };
        note.comment_count += 1;
        if note.comments.len() < COMMENTS_PER_POST_MAX {
            self.comments.insert(id, post);
            note.comments.push(CommentNote {
                id,
                author,
                depth,
                text: cut(text),
                score: 0,
            });
        }
    }

    fn vote(&mut self, target: VoteTarget, score: i32) {
        match target {
            VoteTarget::Post(post) => {
                if let Some(note) = self.posts.get_mut(&post) {
                    note.score = score;
                }
            }
            VoteTarget::Comment(id) => {
                let post = self.comments.get(&id);
                let note = post.and_then(|post| self.posts.get_mut(post));
                let comment = note.and_then(|note| note.comments.iter_mut().find(|c| c.id == id));
                if let Some(comment) = comment {
                    comment.score = score;
                }
            }
        }
    }

    fn forget_quiet(&mut self) {
        let mut heats: Vec<_> = self.posts.values().map(heat).collect();
        heats.sort_unstable();
        let middle = heats[heats.len() / 2];
        self.posts.retain(|_, note| heat(note) >= middle);
        let posts = &self.posts;
        self.comments.retain(|_, post| posts.contains_key(post));
    }

    /// The posts that moved people most, hottest first.
    pub(crate) fn hottest(&self, count: usize) -> Vec<&PostNote> {
        let mut notes: Vec<_> = self.posts.values().collect();
        notes.sort_unstable_by_key(|note| std::cmp::Reverse(heat(note)));
        notes.truncate(count);
        notes
    }
}

/// Answers weigh twice a vote; of two equals the later one is hotter.
fn heat(note: &PostNote) -> (i64, u64) {
    let answers = 2 * i64::from(note.comment_count);
    (i64::from(note.score) + answers, note.order)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use hamlet_protocol::ids::IdCodec;

    use super::*;

    fn record(event: Event) -> EventRecord {
        EventRecord {
            seq: 1,
            tick: 7,
            stamp_ms: 0,
            event,
        }
    }

    fn post(ids: IdCodec, n: u64) -> EventRecord {
        record(Event::Posted {
            post: ids.make(n),
            author: None,
            submolt: "town".to_owned(),
            title: format!("note {n}"),
            text: "x".repeat(5000),
        })
    }

    #[test]
    fn votes_and_answers_heat_a_note() {
        let ids = IdCodec::new(1);
        let mut people = People::default();
        let mut board = Board::default();
        for n in 0..3 {
            board.event(&post(ids, n), &mut people);
        }
        let agent = ids.make(9);
        board.event(
            &record(Event::Voted {
                agent,
                target: VoteTarget::Post(ids.make(0)),
                before: 0,
                value: 1,
                score: 5,
                up: 5,
                down: 0,
            }),
            &mut people,
        );
        for n in 0..30 {
            let event = Event::Commented {
                comment: ids.make(n),
                post: ids.make(1),
                parent: None,
                author: agent,
                depth: 1,
                text: "well".to_owned(),
            };
            board.event(&record(event), &mut people);
        }
        let voted = Event::Voted {
            agent,
            target: VoteTarget::Comment(ids.make(3)),
            before: 0,
            value: 1,
            score: 4,
            up: 4,
            down: 0,
        };
        board.event(&record(voted), &mut people);
        let hottest = board.hottest(2);
        assert_eq!(hottest[0].title, "note 1");
        assert_eq!(hottest[0].comment_count, 30);
        assert_eq!(hottest[0].comments.len(), COMMENTS_PER_POST_MAX);
        assert_eq!(hottest[0].comments[3].score, 4);
        assert_eq!((hottest[1].title.as_str(), hottest[1].score), ("note 0", 5));
        assert_eq!(hottest[1].text.chars().count(), TEXT_CHARS_MAX + 1);
    }

    #[test]
    fn a_million_quiet_notes_are_forgotten_and_the_hot_one_is_not() {
        let ids = IdCodec::new(1);
        let mut people = People::default();
        let mut board = Board::default();
        board.event(&post(ids, 0), &mut people);
        board.vote(VoteTarget::Post(ids.make(0)), 50);
        for n in 1..3 * POSTS_MAX as u64 {
            board.event(&post(ids, n), &mut people);
            assert!(board.posts.len() <= POSTS_MAX);
        }
        assert_eq!(board.hottest(1)[0].title, "note 0");
    }
}
