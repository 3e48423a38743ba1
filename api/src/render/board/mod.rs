//! Orders of the board's lists, kept up to date with the view that is read.
//!
//! It is filled before the first reader comes. From then on nothing runs in the background: whoever reads a list brings the index up to their view first.
//! That costs one comparison of pointers per 4096 posts, and work only for pages that were written to, so no list is ever sorted whole.

mod order;
mod select;
#[cfg(test)]
mod tests;
mod threads;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hamlet_protocol::board::{PostView, Reader};
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::pages::{PAGE_LEN, Pages};
use hamlet_protocol::view::WorldView;

pub(crate) use order::{Period, PostSort, score};
pub(crate) use select::{Filter, Home, LOOKED_AT_MAX, Query, Sorting, Span};
pub(crate) use threads::{CommentSort, Node};

use order::{Keys, Order};
use threads::Threads;

/// Newest posts of a community that are looked at for one that everybody may read.
const NEWEST_LOOKED_AT: usize = 100;

/// Orders of posts and comments.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Index>);

/// A page of posts.
#[derive(Debug)]
pub(crate) struct PostPage {
    /// The posts.
    pub(crate) posts: Vec<Arc<PostView>>,
    /// Sort key and number of the last that was looked at, where there may be more.
    pub(crate) more_after: Option<(i64, u32)>,
    /// How many the whole list has, where that is known without counting.
    pub(crate) total: Option<usize>,
}

/// How large a community is, for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListSize {
    /// Posts that everybody may read.
    pub(crate) posts: usize,
    /// When the newest of them was made, UTC milliseconds.
    pub(crate) newest_ms: Option<i64>,
}

#[derive(Debug, Default)]
struct Index {
    /// Number of the last event that is in it.
    seq: u64,
    posts: Pages<Arc<PostView>>,
    all: Order,
    submolts: BTreeMap<String, Order>,
    /// Communities whose posts are in no list but their own.
    quarantined: BTreeSet<String>,
    /// Numbers of each author's posts, oldest first.
    authors: HashMap<AgentId, Vec<u32>>,
    threads: Threads,
    /// Whether time may be turned back, as in a replay.
    rewinds: bool,
}

impl Board {
    /// From now on an older view begins the index anew: in a replay time is turned back, in a village that lives somebody was slow.
    pub(crate) fn let_rewind(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .rewinds = true;
    }

    /// Takes in all that a view has, before anybody asks.
    pub(crate) fn warm(&self, view: &WorldView, ids: &IdCodec) {
        drop(self.current(view, ids));
    }

    /// A page of posts.
    pub(crate) fn posts(&self, view: &WorldView, ids: &IdCodec, query: &Query<'_>) -> PostPage {
        self.current(view, ids).page(query)
    }

    /// How large each community with posts is.
    pub(crate) fn sizes(&self, view: &WorldView, ids: &IdCodec) -> BTreeMap<String, ListSize> {
        let index = self.current(view, ids);
        let orders = index.submolts.iter();
        orders
            .map(|(slug, order)| (slug.clone(), index.size(order)))
            .collect()
    }

    /// How large a community is.
    pub(crate) fn size(&self, view: &WorldView, ids: &IdCodec, slug: &str) -> ListSize {
        let index = self.current(view, ids);
        let order = index.submolts.get(slug);
        order.map(|order| index.size(order)).unwrap_or_default()
    }

    /// Comments of a post, by number, as trees: those that answer the post itself, in an order, each with its answers.
    pub(crate) fn comments(
        &self,
        view: &WorldView,
        ids: &IdCodec,
        post: u32,
        sort: CommentSort,
        span: Span,
    ) -> threads::ThreadPage {
        let index = self.current(view, ids);
        index.threads.page(view, post, sort, span)
    }

    /// A comment with its answers.
    pub(crate) fn answers(
        &self,
        view: &WorldView,
        ids: &IdCodec,
        comment: u32,
        sort: CommentSort,
    ) -> Option<Node> {
        self.current(view, ids).threads.tree(view, comment, sort)
    }

    fn current(&self, view: &WorldView, ids: &IdCodec) -> MutexGuard<'_, Index> {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        index.catch_up(view, ids);
        index
    }
}

impl Index {
    /// Takes in what a view has that is not in here yet. An older view changes nothing, unless time may be turned back.
    fn catch_up(&mut self, view: &WorldView, ids: &IdCodec) {
        if self.rewinds && view.seq < self.seq {
            *self = Self {
                rewinds: true,
                ..Self::default()
            };
        }
        if view.seq <= self.seq && view.posts.len() <= self.posts.len() {
            return;
        }
        let before = self.posts.clone();
        for first in view.posts.changed_pages(&before) {
            self.take_page(view, first);
        }
        self.posts = view.posts.clone();
        let submolts = view.communities.submolts.iter();
        self.quarantined = submolts
            .filter(|submolt| submolt.quarantined)
            .map(|submolt| submolt.slug.clone())
            .collect();
        self.threads.catch_up(view, ids);
        self.seq = view.seq;
    }

    fn take_page(&mut self, view: &WorldView, first: usize) {
        for no in first..view.posts.len().min(first + PAGE_LEN) {
            let Some(post) = view.posts.get(no) else {
                return;
            };
            let before = self.posts.get(no).map(|post| Keys::of(post));
            let keys = Keys::of(post);
            if before == Some(keys) {
                continue;
            }
            let number = u32::try_from(no).unwrap_or(u32::MAX);
            self.all.put(number, before, keys);
            if !self.submolts.contains_key(&post.submolt) {
                self.submolts.insert(post.submolt.clone(), Order::default());
            }
            if let Some(order) = self.submolts.get_mut(&post.submolt) {
                order.put(number, before.map(Keys::at_home), keys.at_home());
            }
            if let (None, Some(author)) = (before, post.author) {
                self.authors.entry(author).or_default().push(number);
            }
        }
    }

    fn size(&self, order: &Order) -> ListSize {
        let newest = order.newest().take(NEWEST_LOOKED_AT);
        let mut open = newest
            .filter_map(|no| self.posts.get(no as usize))
            .filter(|post| post.visible_to(&Reader::Anonymous));
        ListSize {
            posts: order.len() - order.restricted().len(),
            newest_ms: open.next().map(|post| post.created_ms),
        }
    }
}
