//! Posts in their orders.

use std::collections::BTreeSet;

use hamlet_protocol::board::PostView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Span;

/// Order of a list of posts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PostSort {
    /// By score and age.
    #[default]
    Hot,
    /// Newest first.
    New,
    /// Highest score first.
    Top,
    /// Of the newest thousand, those that gain most for their age.
    Rising,
}

impl PostSort {
    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::New => "new",
            Self::Top => "top",
            Self::Rising => "rising",
        }
    }
}

/// Votes for less votes against.
pub(crate) fn score(up: u32, down: u32) -> i64 {
    i64::from(up) - i64::from(down)
}

/// What a post is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    hot: i64,
    score: i64,
}

impl Keys {
    pub(super) fn of(post: &PostView) -> Self {
        Self {
            hot: post.hot,
            score: score(post.up, post.down),
        }
    }
}

/// Posts of one list in every order.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// (heat, post), the coldest first.
    hot: BTreeSet<(i64, u32)>,
    /// (score, post), the lowest first.
    top: BTreeSet<(i64, u32)>,
    /// Posts, the oldest first.
    new: Vec<u32>,
}

impl Order {
    pub(super) fn len(&self) -> usize {
        self.new.len()
    }

    /// Puts a post where its keys want it.
    pub(super) fn put(&mut self, no: u32, before: Option<Keys>, keys: Keys) {
        match before {
            Some(before) => {
                self.hot.remove(&(before.hot, no));
                self.top.remove(&(before.score, no));
            }
            None => self.new.push(no),
        }
        self.hot.insert((keys.hot, no));
        self.top.insert((keys.score, no));
    }

    /// The newest posts.
    pub(super) fn newest(&self, most: usize) -> impl Iterator<Item = u32> + '_ {
        self.new.iter().rev().take(most).copied()
    }

    /// Keys of a span of the list, one more than asked for.
    pub(super) fn span(&self, sort: PostSort, span: Span) -> Vec<(i64, u32)> {
        let set = match sort {
            PostSort::Hot => &self.hot,
            PostSort::Top => &self.top,
            PostSort::New | PostSort::Rising => return self.span_of_new(span),
        };
        let cut = |all: &mut dyn Iterator<Item = (i64, u32)>| -> Vec<(i64, u32)> {
            all.skip(span.offset).take(span.limit + 1).collect()
        };
        match span.after {
            Some(after) => cut(&mut set.range(..after).rev().copied()),
            None => cut(&mut set.iter().rev().copied()),
        }
    }

    fn span_of_new(&self, span: Span) -> Vec<(i64, u32)> {
        let end = match span.after {
            Some((_, after)) => self.new.partition_point(|&no| no < after),
            None => self.new.len(),
        };
        self.new[..end]
            .iter()
            .rev()
            .skip(span.offset)
            .take(span.limit + 1)
            .map(|&no| (i64::from(no), no))
            .collect()
    }
}

/// How much a post gains for its age: (score + 1) / (hours + 2)^1.5, in millionths.
pub(super) fn rising_key(post: &PostView, now_ms: i64) -> i64 {
    let hours = now_ms.saturating_sub(post.created_ms).max(0) as f64 / 3_600_000.0;
    let gain = (score(post.up, post.down) + 1) as f64 / (hours + 2.0).powf(1.5);
    (gain * 1e6) as i64
}
