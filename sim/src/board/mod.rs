//! The bulletin board and its communities: posts, comments, votes, ranking.
//!
//! A fixed record per post and comment stays for ever; texts only of the newest and hottest, the store has the rest.

mod acts;
mod details;
mod edits;
mod health;
mod index;
pub(crate) mod rights;
#[cfg(test)]
mod tests;

pub(crate) use acts::audience_of;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use hamlet_protocol::board::{GENERAL, Sort, TOWN};
use hamlet_protocol::image::{BoardImage, CommentImage, PostImage};

use crate::log::Touched;
use index::Index;

/// Milliseconds by which a post must be newer to outweigh ten times the score (Reddit's published constant, 45 000 s).
const HOT_MS: f64 = 45_000_000.0;

/// All posts, comments and votes.
#[derive(Resource, Debug, Default)]
pub(crate) struct Board {
    pub(crate) data: BoardImage,
    /// (heat, post), the coldest first.
    hot: BTreeSet<(i64, u32)>,
    index: Index,
}

impl Board {
    /// An empty board with the communities that every village has.
    pub(crate) fn new() -> Self {
        let submolts = vec![TOWN.to_owned(), GENERAL.to_owned()];
        Self {
            data: BoardImage {
                submolts,
                ..BoardImage::default()
            },
            ..Self::default()
        }
    }

    pub(crate) fn from_image(data: BoardImage) -> Self {
        let hot = (0..)
            .zip(&data.posts)
            .map(|(no, post)| (heat(post), no))
            .collect();
        let index = Index::of(&data);
        Self { data, hot, index }
    }

    /// Numbers of posts in an order, best first.
    pub(crate) fn ranked(&self, sort: Sort) -> Box<dyn Iterator<Item = u32> + '_> {
        match sort {
            Sort::Hot => Box::new(self.hot.iter().rev().map(|&(_, no)| no)),
            Sort::New => Box::new((0..self.data.posts.len() as u32).rev()),
            Sort::Top => {
                let mut order: Vec<u32> = (0..self.data.posts.len() as u32).collect();
                order.sort_by_key(|&no| Reverse((self.score(Note::Post(no)), no)));
                Box::new(order.into_iter())
            }
        }
    }

    pub(crate) fn post(&self, no: u32) -> &PostImage {
        &self.data.posts[no as usize]
    }

    /// Title and text of a post, where they are still in memory.
    pub(crate) fn text(&self, no: u32) -> Option<&(String, String)> {
        self.data.post_texts.get(&no)
    }

    /// Comments of a post, oldest first.
    pub(crate) fn thread(&self, post: u32) -> &[u32] {
        self.index.thread(post)
    }

    /// Posts and comments by somebody, oldest first.
    pub(crate) fn by(&self, author: u32) -> (&[u32], &[u32]) {
        self.index.by(author)
    }

    /// How somebody voted on something.
    fn vote_of(&self, note: Note, agent: u32) -> i8 {
        let vote = match note {
            Note::Post(no) => self.data.post_votes.get(&(no, agent)),
            Note::Comment(no) => self.data.comment_votes.get(&(no, agent)),
        };
        vote.copied().unwrap_or(0)
    }

    /// Counts somebody's vote in place of the one before.
    fn cast(&mut self, note: Note, agent: u32, value: i8) {
        let old = self.vote_of(note, agent);
        match note {
            Note::Post(no) => {
                set_vote(&mut self.data.post_votes, (no, agent), value);
                self.reheat(no, |post| {
                    recount(&mut post.up, &mut post.down, old, value);
                });
            }
            Note::Comment(no) => {
                set_vote(&mut self.data.comment_votes, (no, agent), value);
                let comment = &mut self.data.comments[no as usize];
                recount(&mut comment.up, &mut comment.down, old, value);
            }
        }
    }

    /// Who wrote something; `None`: the town itself.
    fn author(&self, note: Note) -> Option<u32> {
        match note {
            Note::Post(no) => self.post(no).author,
            Note::Comment(no) => Some(self.data.comments[no as usize].author),
        }
    }

    /// The community that something stands in.
    fn submolt(&self, note: Note) -> u16 {
        let post = match note {
            Note::Post(no) => no,
            Note::Comment(no) => self.data.comments[no as usize].post,
        };
        self.post(post).submolt
    }

    /// Votes for and against something.
    fn tally(&self, note: Note) -> (u32, u32) {
        match note {
            Note::Post(no) => (self.post(no).up, self.post(no).down),
            Note::Comment(no) => {
                let comment = &self.data.comments[no as usize];
                (comment.up, comment.down)
            }
        }
    }

    fn score(&self, note: Note) -> i32 {
        let (up, down) = self.tally(note);
        score(up, down)
    }

    fn add_post(&mut self, post: PostImage, title: &str, text: &str) -> u32 {
        let no = self.data.posts.len() as u32;
        self.hot.insert((heat(&post), no));
        self.index.add_post(no, &post);
        self.data.posts.push(post);
        self.data
            .post_texts
            .insert(no, (title.to_owned(), text.to_owned()));
        no
    }

    fn add_comment(&mut self, comment: CommentImage, text: &str) -> u32 {
        let no = self.data.comments.len() as u32;
        self.data.posts[comment.post as usize].comments += 1;
        self.index.add_comment(no, &comment);
        self.data.comments.push(comment);
        self.data.comment_texts.insert(no, text.to_owned());
        no
    }

    /// Texts in memory, of posts and comments.
    fn texts(&self) -> usize {
        self.data.post_texts.len() + self.data.comment_texts.len()
    }

    /// Lets go of texts when there are more than `max`: first of old posts that are not among the hottest, with their comments', then of the oldest comments.
    /// A sixteenth more than needed goes, so that the search for the oldest is rare.
    /// The text of the newest post always stays.
    fn trim_texts(&mut self, max: usize, touched: &mut Touched) {
        if self.texts() <= max {
            return;
        }
        let goal = max - max / 16;
        for no in self.forgettable_posts(max / 4) {
            if self.texts() <= goal {
                return;
            }
            self.data.post_texts.remove(&no);
            self.data.post_extras.remove(&no);
            touched.post(no);
            for comment in self.index.thread(no) {
                if self.data.comment_texts.remove(comment).is_some() {
                    touched.comment(*comment);
                }
            }
        }
        while self.texts() > goal.max(1) {
            let Some((comment, _text)) = self.data.comment_texts.pop_first() else {
                return;
            };
            touched.comment(comment);
        }
    }

    /// Posts with a text that are neither the newest nor among so many of the hottest, oldest first.
    fn forgettable_posts(&self, hottest: usize) -> Vec<u32> {
        let kept: BTreeSet<u32> = self.ranked(Sort::Hot).take(hottest).collect();
        let newest = self.data.posts.len() as u32 - 1;
        let texts = self.data.post_texts.keys().copied();
        texts
            .filter(|no| *no != newest && !kept.contains(no))
            .collect()
    }

    /// How many posts of a community come first there.
    fn pins(&self, submolt: u16) -> usize {
        self.index.pins(submolt)
    }

    /// Changes whether a post comes first in its community.
    fn pin(&mut self, no: u32, pinned: bool) {
        let post = &mut self.data.posts[no as usize];
        post.pinned = pinned;
        self.index.pin(no, post);
    }

    fn reheat(&mut self, no: u32, change: impl FnOnce(&mut PostImage)) {
        let post = &mut self.data.posts[no as usize];
        self.hot.remove(&(heat(post), no));
        change(post);
        self.hot.insert((heat(post), no));
    }
}

/// Something one votes on, by number.
#[derive(Clone, Copy, Debug)]
enum Note {
    Post(u32),
    Comment(u32),
}

/// Score of a post or comment.
fn score(up: u32, down: u32) -> i32 {
    up as i32 - down as i32
}

/// Order by heat: the logarithm of the score, and the time (Reddit's published ranking of 2008), in milliseconds.
pub(crate) fn heat(post: &PostImage) -> i64 {
    heat_of(post.up, post.down, post.created_ms)
}

/// The same, of anything with votes that was made at some time.
pub(crate) fn heat_of(up: u32, down: u32, created_ms: i64) -> i64 {
    let score = score(up, down);
    let order = libm::log10(f64::from(score.abs().max(1)));
    created_ms.saturating_add((f64::from(score.signum()) * order * HOT_MS) as i64)
}

fn set_vote(votes: &mut BTreeMap<(u32, u32), i8>, key: (u32, u32), value: i8) {
    if value == 0 {
        votes.remove(&key);
    } else {
        votes.insert(key, value);
    }
}

/// Counts a vote that was `old` and is `new`.
fn recount(up: &mut u32, down: &mut u32, old: i8, new: i8) {
    *up = *up + u32::from(new > 0) - u32::from(old > 0);
    *down = *down + u32::from(new < 0) - u32::from(old < 0);
}
