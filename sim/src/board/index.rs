//! Where things on the board are found without looking through all of it. It is made anew from an image, so it is no state.

use std::collections::{BTreeMap, BTreeSet};

use hamlet_protocol::image::{BoardImage, CommentImage, PostImage};

/// Numbers of what somebody wrote, oldest first.
#[derive(Debug, Default, PartialEq, Eq)]
struct Written {
    posts: Vec<u32>,
    comments: Vec<u32>,
}

/// Threads, what each member wrote, and what is pinned.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// Comments of each post, in order.
    threads: BTreeMap<u32, Vec<u32>>,
    authors: BTreeMap<u32, Written>,
    /// (community, post) of all that come first in theirs.
    pinned: BTreeSet<(u16, u32)>,
}

impl Index {
    pub(super) fn of(data: &BoardImage) -> Self {
        let mut index = Self::default();
        for (no, post) in (0..).zip(&data.posts) {
            index.add_post(no, post);
        }
        for (no, comment) in (0..).zip(&data.comments) {
            index.add_comment(no, comment);
        }
        index
    }

    pub(super) fn add_post(&mut self, no: u32, post: &PostImage) {
        if let Some(author) = post.author {
            self.authors.entry(author).or_default().posts.push(no);
        }
        self.pin(no, post);
    }

    pub(super) fn add_comment(&mut self, no: u32, comment: &CommentImage) {
        self.threads.entry(comment.post).or_default().push(no);
        let written = self.authors.entry(comment.author).or_default();
        written.comments.push(no);
    }

    /// Knows of a post whether it is pinned.
    pub(super) fn pin(&mut self, no: u32, post: &PostImage) {
        if post.pinned {
            self.pinned.insert((post.submolt, no));
        } else {
            self.pinned.remove(&(post.submolt, no));
        }
    }

    /// Comments of a post, oldest first.
    pub(super) fn thread(&self, post: u32) -> &[u32] {
        self.threads.get(&post).map_or(&[], Vec::as_slice)
    }

    /// Posts and comments by somebody, oldest first.
    pub(super) fn by(&self, author: u32) -> (&[u32], &[u32]) {
        match self.authors.get(&author) {
            Some(written) => (&written.posts, &written.comments),
            None => (&[], &[]),
        }
    }

    /// How many posts of a community are pinned.
    pub(super) fn pins(&self, submolt: u16) -> usize {
        let here = (submolt, 0)..=(submolt, u32::MAX);
        self.pinned.range(here).count()
    }
}
