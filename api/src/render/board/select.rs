//! Which posts a page shows.
//!
//! Two ways lead to a page, and neither sorts a whole list.
//! Where few posts can be meant, they are gathered and put in order; else an order that is kept already is walked from where the page before ended, passing over what is not meant.
//! Both look at [`LOOKED_AT_MAX`] posts at most: a walk that finds too little until then ends early, and the page after goes on from there.

use std::collections::BTreeSet;
use std::sync::Arc;

use hamlet_protocol::board::{PostView, Reader, Status};
use hamlet_protocol::ids::AgentId;

use super::order::{Order, Period, PostSort, key};
use super::{Index, PostPage};
use crate::render::tags::is_known;

/// Posts that are looked at for one page.
pub(crate) const LOOKED_AT_MAX: usize = 20_000;
/// Newest posts among which the rising ones are sought.
const RISING_AMONG: usize = 1_000;
/// Newest posts of one author that a list of their posts, or of those one follows, goes through.
const AUTHOR_POSTS_MAX: usize = 1_000;

/// Which posts a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only of this community.
    pub(crate) submolt: Option<String>,
    /// Only by these.
    pub(crate) authors: Option<BTreeSet<AgentId>>,
    /// Only of these communities and by these authors.
    pub(crate) home: Option<Home>,
    /// Only with this tag.
    pub(crate) tag: Option<String>,
    /// Numbers of the posts with the tag; without, it is sought among posts whose words are in memory.
    pub(crate) tagged: Option<BTreeSet<u32>>,
    /// Only those that stand so.
    pub(crate) status: Option<Status>,
}

impl Filter {
    /// Whether a post has the tag and stands as it should.
    fn fits(&self, no: u32, post: &PostView) -> bool {
        let tagged = match (&self.tag, &self.tagged) {
            (None, _) => true,
            (Some(_), Some(tagged)) if !is_known(post) => tagged.contains(&no),
            (Some(tag), _) => post.details.tags.contains(tag),
        };
        tagged && self.status.is_none_or(|status| post.status == status)
    }
}

/// What somebody has chosen to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Home {
    /// Slugs of the communities they subscribe to.
    pub(crate) submolts: BTreeSet<String>,
    /// Those they follow.
    pub(crate) authors: BTreeSet<AgentId>,
}

/// In which order, and since when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sorting {
    /// The order.
    pub(crate) sort: PostSort,
    /// How far back it goes, for orders that have a period.
    pub(crate) period: Period,
    /// When it is looked at, UTC milliseconds: for the pages of one walk the same.
    pub(crate) at_ms: i64,
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

/// A question for posts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<'a> {
    /// Which.
    pub(crate) filter: &'a Filter,
    /// In which order.
    pub(crate) sorting: Sorting,
    /// Which part.
    pub(crate) span: Span,
    /// Who reads.
    pub(crate) reader: Reader,
}

/// Posts that were found, with their keys.
struct Found {
    places: Vec<(i64, u32)>,
    /// Where to go on, if there is more.
    more_after: Option<(i64, u32)>,
    /// How many the whole list has, where that is known without counting.
    total: Option<usize>,
}

impl Index {
    /// A page of posts.
    pub(super) fn page(&self, query: &Query<'_>) -> PostPage {
        let Found {
            places,
            more_after,
            total,
        } = self.find(query);
        let posts = places.iter().filter_map(|&(_, no)| self.post(no).cloned());
        PostPage {
            posts: posts.collect(),
            more_after,
            total,
        }
    }

    fn find(&self, query: &Query<'_>) -> Found {
        let filter = query.filter;
        let Some(order) = self.order(filter) else {
            return Found {
                places: Vec::new(),
                more_after: None,
                total: Some(0),
            };
        };
        match self.few(order, query) {
            Some(few) => self.gather(few, query),
            None => self.walk(order, query),
        }
    }

    fn order(&self, filter: &Filter) -> Option<&Order> {
        match &filter.submolt {
            None => Some(&self.all),
            Some(slug) => self.submolts.get(slug),
        }
    }

    fn post(&self, no: u32) -> Option<&Arc<PostView>> {
        self.posts.get(no as usize)
    }

    /// Numbers of all posts that can be meant, where they are few.
    fn few(&self, order: &Order, query: &Query<'_>) -> Option<Vec<u32>> {
        let Sorting {
            sort,
            period,
            at_ms,
        } = query.sorting;
        let filter = query.filter;
        let chosen = match (&filter.authors, &filter.home) {
            (Some(authors), _) => self.by_authors(authors),
            (None, Some(home)) => self.by_home(home),
            (None, None) => filter
                .tagged
                .as_ref()
                .map(|it| it.iter().copied().collect()),
        };
        if chosen.is_some() {
            return chosen;
        }
        if sort == PostSort::Rising {
            let newest = order.newest().take(LOOKED_AT_MAX);
            let meant = newest.filter(|&no| self.is_meant(no, query));
            return Some(meant.take(RISING_AMONG).collect());
        }
        let since_ms = period.since_ms(at_ms).filter(|_| sort.has_period())?;
        let is_within = |&no: &u32| self.post(no).is_some_and(|it| it.created_ms > since_ms);
        let window: Vec<u32> = order
            .newest()
            .take(LOOKED_AT_MAX)
            .take_while(is_within)
            .collect();
        (window.len() < LOOKED_AT_MAX).then_some(window)
    }

    /// The newest posts by these authors, where they are few.
    fn by_authors(&self, authors: &BTreeSet<AgentId>) -> Option<Vec<u32>> {
        let mut all = Vec::new();
        for author in authors {
            let numbers = self.authors.get(author).map_or(&[][..], Vec::as_slice);
            all.extend(&numbers[numbers.len().saturating_sub(AUTHOR_POSTS_MAX)..]);
            if all.len() > LOOKED_AT_MAX {
                return None;
            }
        }
        Some(all)
    }

    /// All posts that somebody has chosen to read, where they are few.
    fn by_home(&self, home: &Home) -> Option<Vec<u32>> {
        let mut all = self.by_authors(&home.authors)?;
        let orders = home
            .submolts
            .iter()
            .filter_map(|slug| self.submolts.get(slug));
        for order in orders {
            if all.len() + order.len() > LOOKED_AT_MAX {
                return None;
            }
            all.extend(order.newest());
        }
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    /// Whether a post belongs to the list, and the reader may see it.
    fn is_meant(&self, no: u32, query: &Query<'_>) -> bool {
        let Some(post) = self.post(no) else {
            return false;
        };
        let Filter {
            submolt,
            authors,
            home,
            ..
        } = query.filter;
        let by = |authors: &BTreeSet<AgentId>| post.author.is_some_and(|it| authors.contains(&it));
        let is_here = match submolt {
            Some(slug) => post.submolt == *slug,
            None => !self.quarantined.contains(&post.submolt),
        };
        let is_home = |home: &Home| home.submolts.contains(&post.submolt) || by(&home.authors);
        is_here
            && authors.as_ref().is_none_or(by)
            && home.as_ref().is_none_or(is_home)
            && query.filter.fits(no, post)
            && post.visible_to(&query.reader)
            && self.is_recent(post, query)
            && (query.sorting.sort != PostSort::Controversial || post.up.min(post.down) > 0)
    }

    fn is_recent(&self, post: &PostView, query: &Query<'_>) -> bool {
        let Sorting {
            sort,
            period,
            at_ms,
        } = query.sorting;
        let since_ms = period.since_ms(at_ms).filter(|_| sort.has_period());
        since_ms.is_none_or(|since_ms| post.created_ms > since_ms)
    }

    /// Puts few posts in order.
    fn gather(&self, few: Vec<u32>, query: &Query<'_>) -> Found {
        let Query { sorting, span, .. } = *query;
        let meant = few.into_iter().filter(|&no| self.is_meant(no, query));
        let place = |no: u32| {
            let post = self.post(no)?;
            Some((key(sorting.sort, no, post, sorting.at_ms), no))
        };
        let mut places: Vec<(i64, u32)> = meant.filter_map(place).collect();
        let total = Some(places.len());
        places.retain(|&place| span.after.is_none_or(|after| place < after));
        places.sort_unstable_by(|a, b| b.cmp(a));
        let mut places: Vec<(i64, u32)> = places
            .into_iter()
            .skip(span.offset)
            .take(span.limit + 1)
            .collect();
        let has_more = places.len() > span.limit;
        places.truncate(span.limit);
        Found {
            more_after: places.last().copied().filter(|_| has_more),
            places,
            total,
        }
    }

    /// Walks an order that is kept.
    fn walk(&self, order: &Order, query: &Query<'_>) -> Found {
        let Query { sorting, span, .. } = *query;
        let mut places: Vec<(i64, u32)> = Vec::with_capacity(span.limit);
        let (mut to_skip, mut looked_at, mut more_after) = (span.offset, 0, None);
        for place in order.walk(sorting.sort, span.after) {
            looked_at += 1;
            if self.is_meant(place.1, query) {
                if to_skip > 0 {
                    to_skip -= 1;
                } else if places.len() < span.limit {
                    places.push(place);
                } else {
                    more_after = places.last().copied();
                    break;
                }
            }
            if looked_at == LOOKED_AT_MAX + span.offset {
                more_after = Some(place);
                break;
            }
        }
        Found {
            places,
            more_after,
            total: self.total(order, query),
        }
    }

    /// How many posts a list has for its reader, where nothing but an audience narrows it.
    fn total(&self, order: &Order, query: &Query<'_>) -> Option<usize> {
        let Filter {
            submolt,
            authors,
            home,
            tag,
            status,
            ..
        } = query.filter;
        let Sorting { sort, period, .. } = query.sorting;
        let has_period = sort.has_period() && period != Period::All;
        let is_narrowed = authors.is_some() || home.is_some() || tag.is_some() || status.is_some();
        if is_narrowed || has_period {
            return None;
        }
        let in_quarantine: usize = match submolt {
            Some(_) => 0,
            None => self.quarantined_posts(),
        };
        let all = match sort {
            PostSort::Controversial if order.restricted().is_empty() && in_quarantine == 0 => {
                return Some(order.disputed_len());
            }
            PostSort::Controversial => return None,
            _ => order.len(),
        };
        if order.restricted().len() > LOOKED_AT_MAX {
            return None;
        }
        let counted = |slug: &str| submolt.is_some() || !self.quarantined.contains(slug);
        let hidden = order.restricted().iter().filter(|&&no| {
            self.post(no)
                .is_some_and(|post| counted(&post.submolt) && !post.visible_to(&query.reader))
        });
        Some(all - in_quarantine - hidden.count())
    }

    fn quarantined_posts(&self) -> usize {
        let orders = self.quarantined.iter();
        orders
            .filter_map(|slug| self.submolts.get(slug))
            .map(Order::len)
            .sum()
    }
}
