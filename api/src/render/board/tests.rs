//! Pages of lists.

use std::collections::BTreeSet;
use std::sync::Arc;

use hamlet_protocol::board::{PostDetails, PostView, Reader, Status};
use hamlet_protocol::ids::{AgentId, IdCodec};

use super::order::Keys;
use super::*;

const NOW_MS: i64 = 1_700_000_000_000;
const HOUR_MS: i64 = 3_600_000;

fn post(no: u32, submolt: &str, author: u64, hours_old: i64, votes: (u32, u32)) -> PostView {
    let ids = IdCodec::new(1);
    let created_ms = NOW_MS - hours_old * HOUR_MS;
    let (up, down) = votes;
    PostView {
        id: ids.make(u64::from(no)),
        author: Some(ids.make(author)),
        submolt: submolt.to_owned(),
        title: no.to_string(),
        text: Some(String::new()),
        created_ms,
        up,
        down,
        comments: 0,
        hot: created_ms + score(up, down) * HOUR_MS,
        labels: Vec::new(),
        details: Arc::default(),
        status: Status::Open,
        pinned: false,
        locked: false,
        deleted: false,
        revision: 0,
        edited_ms: None,
        link_in_text: false,
    }
}

fn author(n: u64) -> AgentId {
    IdCodec::new(1).make(n)
}

/// An index of these posts, oldest first.
fn index(posts: Vec<PostView>) -> Index {
    let mut index = Index::default();
    for (no, post) in (0..).zip(posts) {
        let keys = Keys::of(&post);
        index.all.put(no, None, keys);
        let order = index.submolts.entry(post.submolt.clone()).or_default();
        order.put(no, None, keys.at_home());
        if let Some(author) = post.author {
            index.authors.entry(author).or_default().push(no);
        }
        index.posts.push(Arc::new(post));
    }
    index
}

struct Asked {
    numbers: Vec<u32>,
    total: Option<usize>,
    pages: usize,
}

/// All pages of a list, one after the other.
fn all(index: &Index, filter: &Filter, sort: PostSort, period: Period, limit: usize) -> Asked {
    let mut asked = Asked {
        numbers: Vec::new(),
        total: None,
        pages: 0,
    };
    let mut after = None;
    loop {
        let page = index.page(&Query {
            filter,
            sorting: Sorting {
                sort,
                period,
                at_ms: NOW_MS,
            },
            span: Span {
                after,
                offset: 0,
                limit,
            },
            reader: Reader::Anonymous,
        });
        let numbers = page.posts.iter().map(|post| post.title.parse::<u32>());
        asked
            .numbers
            .extend(numbers.map(|no| no.expect("a number")));
        asked.total = page.total;
        asked.pages += 1;
        after = page.more_after;
        if after.is_none() {
            return asked;
        }
    }
}

fn sample() -> Index {
    index(vec![
        post(0, "maps", 1, 900, (90, 0)),
        post(1, "town", 2, 100, (50, 40)),
        post(2, "maps", 2, 30, (10, 1)),
        post(3, "town", 1, 20, (3, 3)),
        post(4, "tea", 3, 5, (7, 0)),
        post(5, "town", 2, 0, (0, 2)),
    ])
}

#[test]
fn every_order_is_that_of_its_formula_page_by_page() {
    let index = sample();
    let everything = Filter::default();
    for (sort, period, expected) in [
        (PostSort::New, Period::All, &[5, 4, 3, 2, 1, 0][..]),
        (PostSort::Top, Period::All, &[0, 1, 2, 4, 3, 5]),
        (PostSort::Top, Period::Day, &[4, 3, 5]),
        (PostSort::Top, Period::Week, &[1, 2, 4, 3, 5]),
        (PostSort::Top, Period::Hour, &[5]),
        (PostSort::Controversial, Period::All, &[1, 3, 2]),
        (PostSort::Controversial, Period::Day, &[3]),
    ] {
        for limit in [1, 2, 10] {
            let asked = all(&index, &everything, sort, period, limit);
            assert_eq!(asked.numbers, expected, "{sort:?} {period:?} {limit}");
            assert_eq!(asked.total, Some(expected.len()), "{sort:?} {period:?}");
            assert_eq!(asked.pages, expected.len().div_ceil(limit));
        }
    }
    let rising = all(&index, &everything, PostSort::Rising, Period::All, 2);
    assert_eq!(rising.numbers.len(), 6);
    assert_eq!(rising.numbers[0], 4);
}

#[test]
fn filters_narrow_a_list() {
    let mut index = sample();
    let town = Filter {
        submolt: Some("town".to_owned()),
        ..Filter::default()
    };
    let new = |index: &Index, filter: &Filter| all(index, filter, PostSort::New, Period::All, 2);
    assert_eq!(new(&index, &town).numbers, [5, 3, 1]);
    let by_two = Filter {
        authors: Some([author(2)].into()),
        ..Filter::default()
    };
    assert_eq!(new(&index, &by_two).numbers, [5, 2, 1]);
    let both = Filter {
        submolt: Some("town".to_owned()),
        ..by_two
    };
    assert_eq!(new(&index, &both).numbers, [5, 1]);
    let home = Filter {
        home: Some(Home {
            submolts: ["maps".to_owned()].into(),
            authors: [author(3)].into(),
        }),
        ..Filter::default()
    };
    assert_eq!(new(&index, &home).numbers, [4, 2, 0]);
    // What is in quarantine is found in its own list alone.
    index.quarantined = ["town".to_owned()].into();
    let everything = new(&index, &Filter::default());
    assert_eq!(
        (everything.numbers, everything.total),
        (vec![4, 2, 0], Some(3))
    );
    assert_eq!(new(&index, &town).numbers, [5, 3, 1]);
    assert_eq!(new(&index, &town).total, Some(3));
}

#[test]
fn tags_and_states_narrow_a_list_too() {
    let mut index = sample();
    for (no, tags, status) in [
        (1, ["boats", "tea"], Status::Open),
        (3, ["boats", "hats"], Status::Closed),
        (4, ["tea", "cups"], Status::Resolved),
    ] {
        let mut post = PostView::clone(index.posts.get(no).expect("it is there"));
        post.status = status;
        post.details = Arc::new(PostDetails {
            tags: tags.map(ToOwned::to_owned).to_vec(),
            ..PostDetails::default()
        });
        index.posts.set(no, Arc::new(post));
    }
    let new = |filter: &Filter| all(&index, filter, PostSort::New, Period::All, 1);
    let tagged = |tag: &str| Filter {
        tag: Some(tag.to_owned()),
        ..Filter::default()
    };
    assert_eq!(new(&tagged("boats")).numbers, [3, 1]);
    assert_eq!(new(&tagged("boat")).numbers, [] as [u32; 0]);
    let open = Filter {
        status: Some(Status::Open),
        ..tagged("tea")
    };
    assert_eq!(new(&open).numbers, [1]);
    let closed = Filter {
        status: Some(Status::Closed),
        ..Filter::default()
    };
    assert_eq!(new(&closed).numbers, [3]);
    assert_eq!(new(&closed).total, None, "counting would take a walk");
}

#[test]
fn what_is_pinned_comes_first_in_its_community_and_nowhere_else() {
    let mut posts: Vec<PostView> = (0..6).map(|no| post(no, "town", 1, 10, (no, 0))).collect();
    (posts[1].pinned, posts[3].pinned) = (true, true);
    let index = index(posts);
    let town = Filter {
        submolt: Some("town".to_owned()),
        ..Filter::default()
    };
    let hot = |filter: &Filter| all(&index, filter, PostSort::Hot, Period::All, 2).numbers;
    assert_eq!(hot(&town), [3, 1, 5, 4, 2, 0]);
    assert_eq!(hot(&Filter::default()), [5, 4, 3, 2, 1, 0]);
}

#[test]
fn a_long_walk_ends_early_and_goes_on() {
    let mut posts: Vec<PostView> = (0..45_000)
        .map(|no| post(no, "town", 1, 0, (1, 0)))
        .collect();
    posts[3] = post(3, "maps", 2, 0, (1, 0));
    let index = index(posts);
    // So many authors that their posts are not few: the order is walked instead.
    let authors: BTreeSet<AgentId> = (2..60).map(author).collect();
    let mut many = index;
    for n in 3..60 {
        many.authors.insert(author(n), (0..1_000).collect());
    }
    let filter = Filter {
        authors: Some(authors),
        ..Filter::default()
    };
    let asked = all(&many, &filter, PostSort::Top, Period::All, 10);
    assert_eq!(asked.numbers, [3]);
    assert_eq!(asked.pages, 3);
}
