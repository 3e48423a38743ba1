//! Full text: the same words find the same things on both databases.

use hamlet_protocol::board::PostDetails;
use hamlet_protocol::event::Event;
use hamlet_store::{Forget, ForgetWhom, SearchKind, Store, StoreOptions, Write};
use uuid::Uuid;

use crate::place::Place;
use crate::samples::{Pump, agent, comment, post};

const EVER: i64 = i64::MAX;

fn posted(n: u32, title: &str, text: &str) -> Event {
    Event::Posted {
        post: post(n),
        author: Some(agent(n)),
        submolt: "town".to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
    }
}

fn commented(n: u32, text: &str) -> Event {
    Event::Commented {
        comment: comment(n),
        post: post(1),
        parent: None,
        author: agent(1),
        depth: 1,
        text: text.to_owned(),
    }
}

async fn found(store: &Store, kind: SearchKind, question: &str) -> Vec<Uuid> {
    let words: Vec<String> = question.split(' ').map(str::to_owned).collect();
    let hits = store.search(kind, &words, EVER, 100).await;
    hits.expect("it can be searched")
        .iter()
        .map(|hit| hit.id)
        .collect()
}

async fn posts(store: &Store, question: &str) -> Vec<Uuid> {
    found(store, SearchKind::Posts, question).await
}

pub(crate) async fn words_are_found_where_they_stand(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let events = vec![
        posted(
            1,
            "Bread on Fridays",
            "The baker sells rye. Rye is good, and rye keeps.",
        ),
        posted(
            2,
            "A walk",
            "Past the bakery, where there is bread and much more besides: wool, ink, paper.",
        ),
        posted(
            3,
            "Grüße aus dem ÄPFELGARTEN",
            "naïve 東京 well-known e-mail: ann@example.org",
        ),
        commented(1, "I like bread."),
    ];
    pump.commit(events, vec![]).await;
    let store = &pump.store;
    // A word of the title weighs more.
    assert_eq!(posts(store, "bread").await, [post(1).0, post(2).0]);
    assert_eq!(posts(store, "BREAD").await.len(), 2);
    assert_eq!(posts(store, "bread rye").await, [post(1).0]);
    assert_eq!(posts(store, "bread tea").await, [] as [Uuid; 0]);
    // The last word may be the beginning of one, the others not.
    assert_eq!(posts(store, "rye bak").await, [post(1).0]);
    assert_eq!(posts(store, "bak rye").await, [] as [Uuid; 0]);
    for word in [
        "grüße",
        "äpfelgarten",
        "Äpfel",
        "naïve",
        "東京",
        "known",
        "mail",
        "example",
    ] {
        assert_eq!(posts(store, word).await, [post(3).0], "{word}");
    }
    assert_eq!(posts(store, "grusse").await, [] as [Uuid; 0]);
    assert_eq!(
        found(store, SearchKind::Comments, "bread").await,
        [comment(1).0]
    );
    assert_eq!(
        found(store, SearchKind::Comments, "rye").await,
        [] as [Uuid; 0]
    );
}

pub(crate) async fn words_that_stand_everywhere_are_not_weighed(place: &Place) {
    let options = StoreOptions {
        weighed_max: 2,
        ..StoreOptions::default()
    };
    let store = Store::open(&place.url(), options).await;
    let mut pump = Pump::begin(store.expect("the store opens")).await;
    let events = vec![
        posted(1, "Rye", "A common day"),
        posted(2, "Two", "A common day of rye"),
        posted(3, "Three", "A common day"),
        posted(4, "Four", "A common day"),
    ];
    pump.commit(events, vec![]).await;
    let store = &pump.store;
    // Of what has them all the newest are looked at, and these are as good as each other.
    let newest = [post(4).0, post(3).0];
    for question in ["common", "common day", "day com"] {
        assert_eq!(posts(store, question).await, newest, "{question}");
    }
    // A rare word tells them apart, and finds what is older.
    let rye = [post(1).0, post(2).0];
    for question in ["rye", "common rye", "rye common day"] {
        assert_eq!(posts(store, question).await, rye, "{question}");
    }
    assert_eq!(posts(store, "common tea").await, [] as [Uuid; 0]);
    assert_eq!(posts(store, "three rye").await, [] as [Uuid; 0]);
}

pub(crate) async fn tags_come_in_the_order_of_their_posts(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let tagged = |n, tags: &[&str]| Event::PostDetailed {
        post: post(n),
        details: PostDetails {
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            ..PostDetails::default()
        },
    };
    let events = vec![
        posted(1, "One", ""),
        posted(2, "Two", ""),
        posted(3, "Three", ""),
        tagged(1, &["rye", "bread-day"]),
        tagged(3, &["maps", "rye"]),
    ];
    pump.commit(events, vec![]).await;
    let store = &pump.store;
    let read = async |after, limit| {
        let rows = store.tags_of_posts(after, limit).await;
        let rows = rows.expect("they can be read").into_iter();
        rows.map(|it| (it.seq, it.post, it.tags))
            .collect::<Vec<_>>()
    };
    let one = (1, post(1), "rye bread-day".to_owned());
    let three = (3, post(3), "maps rye".to_owned());
    assert_eq!(read(0, 10).await, [one.clone(), three.clone()]);
    assert_eq!(read(0, 1).await, [one]);
    assert_eq!(read(1, 10).await, [three]);
    assert_eq!(read(3, 10).await, []);
}

pub(crate) async fn edits_and_deletions_are_followed(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let events = vec![posted(1, "One", "alpha"), posted(2, "Two", "alpha")];
    pump.commit(events, vec![]).await;
    assert_eq!(posts(&pump.store, "alpha").await.len(), 2);
    let forget = Forget {
        whom: ForgetWhom::Agent(agent(1)),
        at_ms: 5,
    };
    pump.commit(vec![], vec![Write::Forget(forget)]).await;
    assert_eq!(posts(&pump.store, "alpha").await, [post(2).0]);
    assert_eq!(posts(&pump.store, "one").await, [] as [Uuid; 0]);
    place
        .raw("UPDATE posts SET text = 'beta' WHERE title = 'Two'")
        .await
        .expect("texts are edited");
    assert_eq!(posts(&pump.store, "alpha").await, [] as [Uuid; 0]);
    assert_eq!(posts(&pump.store, "beta").await, [post(2).0]);
    place
        .raw("DELETE FROM posts WHERE title = 'Two'")
        .await
        .expect("rows are deleted");
    assert_eq!(posts(&pump.store, "beta").await, [] as [Uuid; 0]);
}

/// A database from before there was a search has what was written then.
pub(crate) async fn what_was_written_before_is_found(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let events = vec![
        posted(1, "Old", "ancient words"),
        commented(1, "ancient answer"),
    ];
    pump.commit(events, vec![]).await;
    pump.store.close().await;
    let undo: &[&str] = if place.is_postgres() {
        &[
            "ALTER TABLE posts DROP COLUMN words",
            "ALTER TABLE comments DROP COLUMN words",
        ]
    } else {
        &[
            "DROP TRIGGER posts_words_new",
            "DROP TRIGGER posts_words_changed",
            "DROP TRIGGER posts_words_gone",
            "DROP TRIGGER comments_words_new",
            "DROP TRIGGER comments_words_changed",
            "DROP TRIGGER comments_words_gone",
            "DROP TABLE words_of_posts",
            "DROP TABLE words_of_comments",
            "DROP INDEX comments_by_seq",
        ]
    };
    for sql in undo {
        place.raw(sql).await.expect("it was there");
    }
    place
        .raw("DELETE FROM _sqlx_migrations WHERE version = 10")
        .await
        .expect("it is undone");
    let store = place.open().await;
    assert_eq!(posts(&store, "ancient").await, [post(1).0]);
    assert_eq!(
        found(&store, SearchKind::Comments, "ancient").await,
        [comment(1).0]
    );
}

pub(crate) async fn later_pages_are_of_the_same_things(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![posted(1, "One", "alpha")], vec![]).await;
    let now_ms = pump.head.stamp_ms;
    pump.commit(vec![posted(2, "Two", "alpha")], vec![]).await;
    let asked = ["alpha".to_owned()];
    let search = |until_ms| pump.store.search(SearchKind::Posts, &asked, until_ms, 10);
    assert_eq!(search(now_ms).await.expect("it can be searched").len(), 1);
    let all = search(EVER).await.expect("it can be searched");
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|hit| hit.weight > 0));
}

pub(crate) async fn no_question_is_an_operator(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![posted(1, "One", "alpha beta")], vec![])
        .await;
    for question in [
        "\"",
        "'",
        "*",
        "alpha*",
        "NEAR(alpha",
        "title:alpha",
        "^alpha",
        "alpha)",
        "-alpha",
        "alpha&",
        "!alpha",
        "a:*",
        "\u{0}",
        "\\",
        "--",
        ";DROP",
        "{title}",
        "OR",
        "NOT",
        "AND",
    ] {
        let words = [question.to_owned(), "alpha".to_owned()];
        let hits = pump.store.search(SearchKind::Posts, &words, EVER, 10).await;
        assert!(hits.is_ok(), "{question:?}: {hits:?}");
    }
    let long = ["x".repeat(1_000)];
    let hits = pump.store.search(SearchKind::Posts, &long, EVER, 10).await;
    assert_eq!(hits.expect("it can be searched"), []);
}
