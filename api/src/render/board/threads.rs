//! Comments as trees.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use hamlet_protocol::board::CommentView;
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::order::disputed;
use super::{Span, score};

/// Answers that are shown below all comments of one page together; the rest is reached by `GET /comments/{id}`.
const ANSWERS_MAX: usize = 1_000;
/// Newest comments on one post, or answers to one comment, that are put in order.
const SIBLINGS_MAX: usize = 10_000;

/// Order of comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CommentSort {
    /// Those most likely to be liked, by the votes so far.
    #[default]
    Best,
    /// Newest first.
    New,
    /// Oldest first.
    Old,
    /// Highest score first.
    Top,
    /// Those with many votes both ways first.
    Controversial,
}

impl CommentSort {
    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::New => "new",
            Self::Old => "old",
            Self::Top => "top",
            Self::Controversial => "controversial",
        }
    }

    /// Sort key of a comment: higher comes first.
    fn key(self, no: u32, comment: &CommentView) -> i64 {
        match self {
            Self::Best => (likely(comment.up, comment.down) * 1e6) as i64,
            Self::New => i64::from(no),
            Self::Old => -i64::from(no),
            Self::Top => score(comment.up, comment.down),
            Self::Controversial => disputed(comment.up, comment.down),
        }
    }
}

/// Lower bound of Wilson's interval at 95 %: the share of votes for it that is likely from those there are.
fn likely(up: u32, down: u32) -> f64 {
    const Z: f64 = 1.96;
    let n = f64::from(up) + f64::from(down);
    if n == 0.0 {
        return 0.0;
    }
    let share = f64::from(up) / n;
    let spread = Z * ((share * (1.0 - share) + Z * Z / (4.0 * n)) / n).sqrt();
    (share + Z * Z / (2.0 * n) - spread) / (1.0 + Z * Z / n)
}

/// A comment with its answers.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The comment.
    pub(crate) comment: Arc<CommentView>,
    /// How many answer it.
    pub(crate) answers_total: usize,
    /// Those of them that are shown.
    pub(crate) answers: Vec<Self>,
}

/// A page of a post's comments.
#[derive(Debug)]
pub(crate) struct ThreadPage {
    /// Comments that answer the post itself.
    pub(crate) comments: Vec<Node>,
    /// Sort key and number of the last, where there are more.
    pub(crate) more_after: Option<(i64, u32)>,
}

/// Who answers what, by number.
#[derive(Debug, Default)]
pub(super) struct Threads {
    /// Comments taken in so far.
    seen: usize,
    /// Comments on each post itself, oldest first.
    on_posts: HashMap<u32, Vec<u32>>,
    /// Answers to each comment, oldest first.
    on_comments: HashMap<u32, Vec<u32>>,
}

impl Threads {
    pub(super) fn catch_up(&mut self, view: &WorldView, ids: &IdCodec) {
        let small = |no: Option<u64>| no.and_then(|no| u32::try_from(no).ok());
        for no in self.seen..view.comments.len() {
            let Some(comment) = view.comments.get(no) else {
                return;
            };
            self.seen = no + 1;
            let number = u32::try_from(no).unwrap_or(u32::MAX);
            match comment.parent {
                Some(parent) => {
                    if let Some(parent) = small(ids.number(parent)) {
                        self.on_comments.entry(parent).or_default().push(number);
                    }
                }
                None => {
                    if let Some(post) = small(ids.number(comment.post)) {
                        self.on_posts.entry(post).or_default().push(number);
                    }
                }
            }
        }
    }

    /// A page of the comments on a post.
    pub(super) fn page(
        &self,
        view: &WorldView,
        post: u32,
        sort: CommentSort,
        span: Span,
    ) -> ThreadPage {
        let all = self.on_posts.get(&post).map_or(&[][..], Vec::as_slice);
        let keys: Vec<(i64, u32)> = ordered(view, all, sort)
            .into_iter()
            .filter(|&place| span.after.is_none_or(|after| place < after))
            .skip(span.offset)
            .take(span.limit + 1)
            .collect();
        let more = keys.len() > span.limit;
        let shown = &keys[..keys.len().min(span.limit)];
        let mut left = ANSWERS_MAX;
        ThreadPage {
            comments: shown
                .iter()
                .filter_map(|&(_, no)| self.node(view, no, sort, &mut left))
                .collect(),
            more_after: shown.last().copied().filter(|_| more),
        }
    }

    /// A comment with its answers. It must be there.
    pub(super) fn tree(&self, view: &WorldView, no: u32, sort: CommentSort) -> Option<Node> {
        self.node(view, no, sort, &mut ANSWERS_MAX.clone())
    }

    /// Goes no deeper than comments do, which the village's rules limit.
    fn node(&self, view: &WorldView, no: u32, sort: CommentSort, left: &mut usize) -> Option<Node> {
        let comment = Arc::clone(view.comments.get(no as usize)?);
        let all = self.on_comments.get(&no).map_or(&[][..], Vec::as_slice);
        let mut answers = Vec::new();
        for (_, answer) in ordered(view, all, sort) {
            if *left == 0 {
                break;
            }
            *left -= 1;
            answers.extend(self.node(view, answer, sort, left));
        }
        Some(Node {
            comment,
            answers_total: all.len(),
            answers,
        })
    }
}

/// Keys of comments in an order, first ones first.
fn ordered(view: &WorldView, numbers: &[u32], sort: CommentSort) -> Vec<(i64, u32)> {
    let newest = &numbers[numbers.len().saturating_sub(SIBLINGS_MAX)..];
    let mut keys: Vec<(i64, u32)> = newest
        .iter()
        .filter_map(|&no| Some((sort.key(no, view.comments.get(no as usize)?), no)))
        .collect();
    keys.sort_unstable_by_key(|&key| Reverse(key));
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_votes_prove_little() {
        assert!(likely(100, 10) > likely(2, 0));
        assert!(likely(1, 0) > likely(0, 0));
        assert!(likely(0, 0) >= likely(0, 5));
        assert!(disputed(10, 10) > disputed(15, 1));
    }
}
