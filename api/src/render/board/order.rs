//! Posts in their orders.

use std::collections::BTreeSet;

use hamlet_protocol::board::{PostView, Reader};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// Those with votes both ways, most evenly and most of them first.
    Controversial,
}

impl PostSort {
    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::New => "new",
            Self::Top => "top",
            Self::Rising => "rising",
            Self::Controversial => "controversial",
        }
    }

    /// Whether a period narrows it.
    pub(crate) fn has_period(self) -> bool {
        matches!(self, Self::Top | Self::Controversial)
    }
}

/// How far back a list goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Period {
    /// An hour.
    Hour,
    /// 24 hours.
    Day,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
    /// 365 days.
    Year,
    /// From the beginning.
    #[default]
    All,
}

impl Period {
    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::All => "all",
        }
    }

    /// When it began, seen from a moment, UTC milliseconds; `None`: before everything.
    pub(super) fn since_ms(self, at_ms: i64) -> Option<i64> {
        const HOUR_MS: i64 = 3_600_000;
        let hours = match self {
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 24 * 7,
            Self::Month => 24 * 30,
            Self::Year => 24 * 365,
            Self::All => return None,
        };
        Some(at_ms.saturating_sub(hours * HOUR_MS))
    }
}

/// Votes for less votes against.
pub(crate) fn score(up: u32, down: u32) -> i64 {
    i64::from(up) - i64::from(down)
}

/// How disputed something is: (up + down) · (1 − |up − down| / (up + down)), which is twice the smaller of the two.
pub(super) fn disputed(up: u32, down: u32) -> i64 {
    2 * i64::from(up.min(down))
}

/// What a post is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    hot: i64,
    score: i64,
    disputed: i64,
    /// Whether everybody may read it.
    open: bool,
    /// Whether it comes first in its community.
    pinned: bool,
}

impl Keys {
    pub(super) fn of(post: &PostView) -> Self {
        Self {
            hot: post.hot,
            score: score(post.up, post.down),
            disputed: disputed(post.up, post.down),
            open: post.visible_to(&Reader::Anonymous),
            pinned: post.pinned,
        }
    }

    /// The same in its own community, where what is pinned is hotter than everything else.
    pub(super) fn at_home(self) -> Self {
        let hot = if self.pinned { i64::MAX } else { self.hot };
        Self { hot, ..self }
    }
}

/// Posts of one list in every order.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// (heat, post), the coldest first.
    hot: BTreeSet<(i64, u32)>,
    /// (score, post), the lowest first.
    top: BTreeSet<(i64, u32)>,
    /// (how disputed, post), the least first; only those with votes both ways.
    disputed: BTreeSet<(i64, u32)>,
    /// Posts, the oldest first.
    new: Vec<u32>,
    /// Posts that not everybody may read.
    restricted: BTreeSet<u32>,
}

impl Order {
    /// How many posts the list has, whoever may read them.
    pub(super) fn len(&self) -> usize {
        self.new.len()
    }

    /// Posts that not everybody may read.
    pub(super) fn restricted(&self) -> &BTreeSet<u32> {
        &self.restricted
    }

    /// How many posts have votes both ways.
    pub(super) fn disputed_len(&self) -> usize {
        self.disputed.len()
    }

    /// Puts a post where its keys want it.
    pub(super) fn put(&mut self, no: u32, before: Option<Keys>, keys: Keys) {
        match before {
            Some(before) => {
                self.hot.remove(&(before.hot, no));
                self.top.remove(&(before.score, no));
                self.disputed.remove(&(before.disputed, no));
            }
            None => self.new.push(no),
        }
        self.hot.insert((keys.hot, no));
        self.top.insert((keys.score, no));
        if keys.disputed > 0 {
            self.disputed.insert((keys.disputed, no));
        }
        if keys.open {
            self.restricted.remove(&no);
        } else {
            self.restricted.insert(no);
        }
    }

    /// The newest posts.
    pub(super) fn newest(&self) -> impl Iterator<Item = u32> + '_ {
        self.new.iter().rev().copied()
    }

    /// Posts with their keys, best first, from after a place on.
    pub(super) fn walk(
        &self,
        sort: PostSort,
        after: Option<(i64, u32)>,
    ) -> Box<dyn Iterator<Item = (i64, u32)> + '_> {
        let set = match sort {
            PostSort::Hot => &self.hot,
            PostSort::Top => &self.top,
            PostSort::Controversial => &self.disputed,
            PostSort::New | PostSort::Rising => return self.walk_new(after),
        };
        match after {
            Some(after) => Box::new(set.range(..after).rev().copied()),
            None => Box::new(set.iter().rev().copied()),
        }
    }

    fn walk_new(&self, after: Option<(i64, u32)>) -> Box<dyn Iterator<Item = (i64, u32)> + '_> {
        let end = match after {
            Some((_, after)) => self.new.partition_point(|&no| no < after),
            None => self.new.len(),
        };
        let newest = self.new[..end].iter().rev();
        Box::new(newest.map(|&no| (i64::from(no), no)))
    }
}

/// Sort key of a post: higher comes first.
pub(super) fn key(sort: PostSort, no: u32, post: &PostView, at_ms: i64) -> i64 {
    match sort {
        PostSort::Hot => post.hot,
        PostSort::New => i64::from(no),
        PostSort::Top => score(post.up, post.down),
        PostSort::Rising => rising(post, at_ms),
        PostSort::Controversial => disputed(post.up, post.down),
    }
}

/// How much a post gains for its age: (score + 1) / (hours + 2)^1.5, in millionths.
fn rising(post: &PostView, at_ms: i64) -> i64 {
    let hours = at_ms.saturating_sub(post.created_ms).max(0) as f64 / 3_600_000.0;
    let gain = (score(post.up, post.down) + 1) as f64 / (hours + 2.0).powf(1.5);
    (gain * 1e6) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disputes_are_counted_by_the_published_formula() {
        for (up, down) in [(0_u32, 0_u32), (5, 0), (3, 3), (10, 4), (1, 7)] {
            let (a, b) = (f64::from(up), f64::from(down));
            let published = if up + down == 0 {
                0.0
            } else {
                (a + b) * (1.0 - (a - b).abs() / (a + b))
            };
            let ours = disputed(up, down) as f64;
            assert!((ours - published).abs() < 1e-9, "{up} {down}");
        }
    }

    #[test]
    fn periods_end_where_they_say() {
        assert_eq!(Period::Day.since_ms(100_000_000), Some(13_600_000));
        assert_eq!(Period::All.since_ms(0), None);
    }
}
