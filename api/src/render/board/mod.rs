//! Orders of the board's lists, kept up to date with the view that is read.
//!
//! Nothing runs in the background: whoever reads a list brings the index up to their view first.
//! That costs one comparison of pointers per 64 posts, and work only for pages that were written to, so no list is ever sorted whole.

mod order;
mod threads;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hamlet_protocol::board::PostView;
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::pages::{PAGE_LEN, Pages};
use hamlet_protocol::view::WorldView;

pub(crate) use order::{PostSort, score};
pub(crate) use threads::{CommentSort, Node};

use order::{Keys, Order, rising_key};
use threads::Threads;

/// Newest posts among which the rising ones are sought.
const RISING_AMONG: usize = 1_000;
/// Newest posts of one author that a list of their posts, or of those one follows, goes through.
const AUTHOR_POSTS_MAX: usize = 1_000;

/// Orders of posts and comments.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Index>);

/// Which posts a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only of this community.
    pub(crate) submolt: Option<String>,
    /// Only by these.
    pub(crate) authors: Option<BTreeSet<AgentId>>,
}

/// Which part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// After this sort key and number.
    pub(crate) after: Option<(i64, u32)>,
    /// Passing over so many.
    pub(crate) offset: usize,
    /// So many at most.
    pub(crate) limit: usize,
}

/// A page of posts.
#[derive(Debug)]
pub(crate) struct PostPage {
    /// The posts.
    pub(crate) posts: Vec<Arc<PostView>>,
    /// Sort key and number of the last, where there are more.
    pub(crate) more_after: Option<(i64, u32)>,
    /// How many the whole list has.
    pub(crate) total: usize,
}

#[derive(Debug, Default)]
struct Index {
    /// Number of the last event that is in it.
    seq: u64,
    posts: Pages<Arc<PostView>>,
    all: Order,
    submolts: BTreeMap<String, Order>,
    /// Numbers of each author's posts, oldest first.
    authors: HashMap<AgentId, Vec<u32>>,
    threads: Threads,
}

impl Board {
    /// A page of posts. `now_ms` is when rising posts are weighed.
    pub(crate) fn posts(
        &self,
        view: &WorldView,
        ids: &IdCodec,
        filter: &Filter,
        sort: PostSort,
        span: Span,
        now_ms: i64,
    ) -> PostPage {
        self.current(view, ids).page(filter, sort, span, now_ms)
    }

    /// Slugs of all communities that have posts, and how many.
    pub(crate) fn submolts(&self, view: &WorldView, ids: &IdCodec) -> Vec<(String, usize)> {
        let index = self.current(view, ids);
        let sizes = index.submolts.iter();
        sizes
            .map(|(slug, order)| (slug.clone(), order.len()))
            .collect()
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
    /// Takes in what a view has that is not in here yet. An older view changes nothing.
    fn catch_up(&mut self, view: &WorldView, ids: &IdCodec) {
        if view.seq <= self.seq && view.posts.len() <= self.posts.len() {
            return;
        }
        for first in (0..view.posts.len()).step_by(PAGE_LEN) {
            if !view.posts.shares_page(&self.posts, first) {
                self.take_page(view, first);
            }
        }
        self.posts = view.posts.clone();
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
                order.put(number, before, keys);
            }
            if let (None, Some(author)) = (before, post.author) {
                self.authors.entry(author).or_default().push(number);
            }
        }
    }

    fn page(&self, filter: &Filter, sort: PostSort, span: Span, now_ms: i64) -> PostPage {
        let (keys, total) = self.keys(filter, sort, span, now_ms);
        let more = keys.len() > span.limit;
        let shown = &keys[..keys.len().min(span.limit)];
        PostPage {
            posts: shown
                .iter()
                .filter_map(|&(_, no)| self.posts.get(no as usize).cloned())
                .collect(),
            more_after: shown.last().copied().filter(|_| more),
            total,
        }
    }

    /// Keys of one item more than asked for, and how many there are in all.
    fn keys(
        &self,
        filter: &Filter,
        sort: PostSort,
        span: Span,
        now_ms: i64,
    ) -> (Vec<(i64, u32)>, usize) {
        let order = match &filter.submolt {
            None => Some(&self.all),
            Some(slug) => self.submolts.get(slug),
        };
        let Some(order) = order else {
            return (Vec::new(), 0);
        };
        let few = match (&filter.authors, sort) {
            (None, PostSort::Rising) => order.newest(RISING_AMONG).collect(),
            (None, PostSort::Hot | PostSort::New | PostSort::Top) => {
                return (order.span(sort, span), order.len());
            }
            (Some(authors), _) => self.by(authors, filter.submolt.as_deref()),
        };
        let total = few.len();
        (self.sorted(few, sort, span, now_ms), total)
    }

    /// Numbers of the posts by these authors.
    fn by(&self, authors: &BTreeSet<AgentId>, submolt: Option<&str>) -> Vec<u32> {
        let newest = |author| {
            let numbers = self.authors.get(author).map_or(&[][..], Vec::as_slice);
            &numbers[numbers.len().saturating_sub(AUTHOR_POSTS_MAX)..]
        };
        let all = authors.iter().flat_map(newest).copied();
        all.filter(|&no| {
            let post = self.posts.get(no as usize);
            submolt.is_none_or(|slug| post.is_some_and(|post| post.submolt == slug))
        })
        .collect()
    }

    fn sorted(&self, few: Vec<u32>, sort: PostSort, span: Span, now_ms: i64) -> Vec<(i64, u32)> {
        let key = |no: u32| {
            let post = self.posts.get(no as usize)?;
            Some(match sort {
                PostSort::Hot => post.hot,
                PostSort::New => i64::from(no),
                PostSort::Top => score(post.up, post.down),
                PostSort::Rising => rising_key(post, now_ms),
            })
        };
        let mut keys: Vec<(i64, u32)> = few
            .into_iter()
            .filter_map(|no| Some((key(no)?, no)))
            .filter(|&place| span.after.is_none_or(|after| place < after))
            .collect();
        keys.sort_unstable_by(|a, b| b.cmp(a));
        keys.into_iter()
            .skip(span.offset)
            .take(span.limit + 1)
            .collect()
    }
}
