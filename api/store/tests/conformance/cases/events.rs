//! Events and what they leave behind.

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::agent::{Facing, MindKind};
use hamlet_protocol::board::{Audience, PostDetails, Status};
use hamlet_protocol::command::RejectionCode;
use hamlet_protocol::community::CommunityEvent;
use hamlet_protocol::event::{EVENT_KINDS, Event};
use hamlet_protocol::ids::{LandmarkId, TalkId};
use hamlet_protocol::map::Point;
use hamlet_protocol::money::Money;
use hamlet_protocol::reputation::{ContributionKind, Deed};
use hamlet_store::Store;

use crate::place::Place;
use crate::samples::{Pump, agent, comment, post, uuid};

const HERE: Point = Point { x: 3, y: 4 };

fn joined(n: u32) -> Event {
    Event::AgentJoined {
        agent: agent(n),
        name: format!("Agent-{n}"),
        display_name: format!("The Agent {n}"),
        description: "came from afar".to_owned(),
        template: "townsfolk".to_owned(),
        mind: MindKind::External,
        at: HERE,
    }
}

fn posted(n: u32, author: Option<u32>) -> Event {
    Event::Posted {
        post: post(n),
        author: author.map(agent),
        submolt: "town".to_owned(),
        title: format!("Title {n}"),
        text: format!("Text {n}"),
    }
}

fn commented(n: u32, on: u32, parent: Option<u32>) -> Event {
    Event::Commented {
        comment: comment(n),
        post: post(on),
        parent: parent.map(comment),
        author: agent(1),
        depth: 1,
        text: format!("Answer {n}"),
    }
}

fn voted(by: u32, target: VoteTarget, value: i8, up: u32, down: u32) -> Event {
    Event::Voted {
        agent: agent(by),
        target,
        before: 0,
        value,
        up,
        down,
        score: i32::try_from(up).expect("small") - i32::try_from(down).expect("small"),
    }
}

/// One of every durable kind.
pub(crate) fn one_of_each() -> Vec<Event> {
    let item = || "bread".to_owned();
    let landmark = LandmarkId(uuid(7));
    let talk = TalkId(uuid(8));
    vec![
        joined(1),
        Event::PersonJoined {
            agent: agent(9),
            name: "Mira".to_owned(),
            display_name: "Mira ☕".to_owned(),
        },
        Event::AgentLeft { agent: agent(1) },
        Event::AgentPlaced {
            agent: agent(1),
            at: HERE,
        },
        Event::Said {
            agent: agent(1),
            to: vec![agent(2)],
            at: HERE,
            text: "hello \0 there".to_owned(),
            heard_by: 2,
            talk: Some(talk),
        },
        Event::TalkBegan {
            talk,
            members: vec![agent(1), agent(2)],
            at: HERE,
        },
        Event::TalkEnded {
            talk,
            members: vec![agent(1)],
            lines: 3,
        },
        Event::Gave {
            agent: agent(1),
            to: agent(2),
            item: item(),
            count: 1,
        },
        Event::Traded {
            agent: agent(1),
            with: agent(2),
            gave: item(),
            got: item(),
        },
        Event::Made {
            agent: agent(1),
            landmark,
            item: item(),
        },
        Event::PickedUp {
            agent: agent(1),
            at: HERE,
            item: item(),
            count: 2,
        },
        Event::Dropped {
            agent: agent(1),
            at: HERE,
            item: item(),
            count: 2,
        },
        posted(1, None),
        Event::PostDetailed {
            post: post(1),
            details: PostDetails {
                tags: vec!["goats".to_owned()],
                ..PostDetails::default()
            },
        },
        Event::PostEdited {
            post: post(1),
            by: agent(1),
            revision: 1,
            title: "New".to_owned(),
            text: String::new(),
            url: None,
            flair: None,
            tags: vec![],
        },
        Event::PostDeleted {
            post: post(1),
            by: agent(1),
        },
        Event::PostSet {
            post: post(1),
            by: Some(agent(1)),
            status: Status::Resolved,
            pinned: false,
            locked: true,
        },
        Event::CommentEdited {
            comment: comment(1),
            by: agent(1),
            revision: 1,
            text: "New".to_owned(),
        },
        Event::CommentDeleted {
            comment: comment(1),
            by: agent(1),
        },
        Event::CommentSet {
            comment: comment(1),
            by: None,
            removed: true,
        },
        commented(1, 1, None),
        voted(2, VoteTarget::Post(post(1)), 1, 1, 0),
        Event::Followed {
            agent: agent(1),
            target: agent(2),
            on: true,
        },
        Event::Subscribed {
            agent: agent(1),
            submolt: "town".to_owned(),
            on: true,
        },
        Event::Community {
            agent: None,
            submolt: "town".to_owned(),
            what: Box::new(CommunityEvent::Quarantined { on: true }),
        },
        Event::ProfileSet {
            agent: agent(1),
            display_name: "Other".to_owned(),
            description: "words".to_owned(),
        },
        Event::Rewarded {
            agent: agent(1),
            amount: Money(-5),
            reason: "kind".to_owned(),
        },
        Event::Reputation {
            agent: agent(1),
            deed: Box::new(Deed::Started {
                project: 0,
                title: "A bridge".to_owned(),
                about: "Over \0 it".to_owned(),
            }),
        },
        Event::NewsBroke {
            news: 1,
            agent: agent(1),
            text: "news".to_owned(),
        },
        Event::NewsLearned {
            news: 1,
            agent: agent(2),
            from: agent(1),
        },
        Event::OpenSet {
            landmark,
            open: Some(false),
        },
        Event::RuleSet {
            name: "x".to_owned(),
            value: 0.5,
        },
        super::moderation::any(),
        Event::InterventionRefused {
            index: 1,
            code: RejectionCode::Name,
            detail: "no".to_owned(),
        },
    ]
    .into_iter()
    .chain(super::social::one_of_each().map(Event::Social))
    .chain(super::ledger::one_of_each())
    .collect()
}

pub(crate) async fn every_durable_event_becomes_a_row(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let events = one_of_each();
    let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
    let durable: Vec<&str> = EVENT_KINDS
        .iter()
        .filter(|(_, durable)| *durable)
        .map(|(kind, _)| *kind)
        .collect();
    assert_eq!(kinds, durable, "a new kind of event needs a line above");
    let mut batch = pump.batch(events.clone(), vec![]);
    let mut step = batch.events[3].clone();
    step.event = Event::Moved {
        agent: agent(1),
        to: HERE,
        facing: Facing::default(),
    };
    batch.events.insert(4, step);
    pump.try_commit(&batch)
        .await
        .expect("transient events are passed over");
    let rows = pump.store.events_after(0, 100).await.expect("readable");
    assert_eq!(rows.len(), events.len());
    for ((row, event), seq) in rows.iter().zip(&events).zip(1..) {
        assert_eq!(
            (row.seq, row.tick, row.kind.as_str()),
            (seq, 1, event.kind())
        );
        assert_eq!(row.event().as_ref(), Some(event));
    }
    assert_eq!(rows[0].agent, Some(agent(1)));
    assert_eq!(rows[12].agent, None, "the town itself");
}

pub(crate) async fn posts_and_comments_keep_their_texts(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(
        vec![
            posted(1, Some(5)),
            commented(1, 1, None),
            commented(2, 1, Some(1)),
        ],
        vec![],
    )
    .await;
    let found = pump
        .store
        .post_texts(&[post(1)])
        .await
        .expect("readable")
        .pop()
        .expect("it is there");
    assert_eq!(
        (
            found.seq,
            found.author,
            found.title.as_str(),
            found.text.as_str()
        ),
        (1, Some(agent(5)), "Title 1", "Text 1")
    );
    assert_eq!(
        (found.tick, found.created_ms, found.submolt.as_str()),
        (1, 60_000, "town")
    );
    let answer = pump
        .store
        .comment_texts(&[comment(2)])
        .await
        .expect("readable")
        .pop()
        .expect("it is there");
    assert_eq!(
        (answer.parent, answer.post, answer.text.as_str()),
        (Some(comment(1)), post(1), "Answer 2")
    );
    assert_eq!(
        pump.store
            .post_texts(&[post(2)])
            .await
            .expect("readable")
            .pop(),
        None
    );
    assert_eq!(
        pump.store
            .comment_texts(&[comment(3)])
            .await
            .expect("readable")
            .pop(),
        None
    );
}

pub(crate) async fn many_words_are_read_at_once(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    // One more than one statement asks for, and three comments on each of the first.
    let posts: u32 = 2_049;
    let mut events: Vec<Event> = (1..=posts).map(|n| posted(n, Some(5))).collect();
    events.extend((1..=9).map(|n| commented(n, 1 + (n - 1) / 3, None)));
    pump.commit(events, vec![]).await;
    let all: Vec<_> = (0..=posts).map(post).collect();
    let mut found = pump.store.post_texts(&all).await.expect("readable");
    found.sort_unstable_by_key(|row| row.seq);
    let titles: Vec<String> = found.into_iter().map(|row| row.title).collect();
    let wanted: Vec<String> = (1..=posts).map(|n| format!("Title {n}")).collect();
    assert_eq!(titles, wanted, "the one that never was is left out");
    let details = pump.store.posts_details(&all).await.expect("readable");
    assert_eq!(details.len(), posts as usize);
    // Asked for twice, answered once.
    let asked = [9, 2, 77, 2].map(comment);
    let mut words = pump.store.comment_texts(&asked).await.expect("readable");
    words.sort_unstable_by_key(|row| row.seq);
    let words: Vec<_> = words
        .iter()
        .map(|row| (row.id, row.post, row.text.as_str()))
        .collect();
    assert_eq!(
        words,
        [
            (comment(2), post(1), "Answer 2"),
            (comment(9), post(3), "Answer 9")
        ]
    );
    let none = pump.store.comment_texts(&[]).await.expect("readable");
    assert!(none.is_empty());
}

pub(crate) async fn what_becomes_of_posts_is_kept_in_its_order(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let details = Event::PostDetailed {
        post: post(1),
        details: PostDetails {
            url: Some("https://example.org/\u{0}".to_owned()),
            flair: None,
            tags: vec!["goats".to_owned(), "maps".to_owned()],
            audience: Audience::One(agent(7)),
            collaborators: vec![agent(5), agent(6)],
        },
    };
    let edited = |revision: u32, url: Option<&str>| Event::PostEdited {
        post: post(1),
        by: agent(5),
        revision,
        title: format!("Edited {revision}"),
        text: format!("Words\u{0} {revision}"),
        url: url.map(str::to_owned),
        flair: Some("Frage".to_owned()),
        tags: vec![],
    };
    let set = |status, pinned| Event::PostSet {
        post: post(1),
        by: None,
        status,
        pinned,
        locked: true,
    };
    let of_comment = |revision: u32| Event::CommentEdited {
        comment: comment(1),
        by: agent(1),
        revision,
        text: format!("Said {revision}"),
    };
    // All of it in the very batch that made them.
    let batch = vec![
        posted(1, Some(5)),
        details,
        commented(1, 1, None),
        edited(1, Some("https://example.org/new")),
        of_comment(1),
        set(Status::Closed, true),
    ];
    pump.commit(batch, vec![]).await;
    let row = pump
        .store
        .posts_details(&[post(1)])
        .await
        .expect("readable")
        .pop();
    let row = row.expect("it is there");
    assert_eq!(row.url.as_deref(), Some("https://example.org/new"));
    assert_eq!(
        (row.flair.as_deref(), row.tags.as_str()),
        (Some("Frage"), "")
    );
    assert_eq!((row.audience.as_str(), row.reader), ("one", Some(agent(7))));
    assert_eq!(
        (row.status.as_str(), row.pinned, row.locked),
        ("closed", 1, 1)
    );
    assert_eq!((row.revision, row.edited_ms), (1, Some(60_000)));
    let others = "SELECT COUNT(*) FROM collaborators";
    assert_eq!(place.number(others).await, 2);
    pump.commit(vec![edited(2, None), set(Status::Moderated, false)], vec![])
        .await;
    let edits = pump.store.edits_of(post(1).0, i64::MAX, 9).await;
    let edits = edits.expect("readable");
    let titles: Vec<_> = edits
        .iter()
        .map(|it| (it.revision, it.title.as_str()))
        .collect();
    assert_eq!(titles, [(1, "Edited 1"), (0, "Title 1")]);
    assert_eq!(edits[0].editor, Some(agent(5)));
    let said = pump.store.edits_of(comment(1).0, i64::MAX, 9).await;
    assert_eq!(said.expect("readable")[0].text, "Answer 1");
    // What is taken back leaves no words.
    let gone = vec![
        set(Status::Open, true),
        Event::PostDeleted {
            post: post(1),
            by: agent(5),
        },
        Event::CommentSet {
            comment: comment(1),
            by: None,
            removed: true,
        },
        Event::CommentDeleted {
            comment: comment(1),
            by: agent(1),
        },
    ];
    pump.commit(gone, vec![]).await;
    let row = pump
        .store
        .posts_details(&[post(1)])
        .await
        .expect("readable")
        .pop();
    let row = row.expect("it is there");
    assert_eq!((row.deleted, row.pinned, row.url), (1, 0, None));
    let text = pump
        .store
        .post_texts(&[post(1)])
        .await
        .expect("readable")
        .pop();
    assert_eq!(text.map(|it| (it.title, it.text)), Some(Default::default()));
    let words = place
        .words("SELECT text, CAST(deleted AS TEXT), CAST(removed AS TEXT) FROM comments")
        .await;
    assert_eq!(words, [["", "1", "1"]]);
    assert_eq!(place.number("SELECT COUNT(*) FROM edits").await, 0);
}

pub(crate) async fn votes_set_the_counts(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let on_post = VoteTarget::Post(post(1));
    let on_comment = VoteTarget::Comment(comment(1));
    // A vote in the very batch that made its target, and two of one voter.
    pump.commit(
        vec![
            posted(1, None),
            commented(1, 1, None),
            voted(2, on_post, 1, 1, 0),
            voted(2, on_post, -1, 0, 1),
            voted(3, on_post, 1, 1, 1),
        ],
        vec![],
    )
    .await;
    let counts = async |store: &Store| {
        let found = store.post_texts(&[post(1)]).await.expect("readable").pop();
        let found = found.expect("it is there");
        (found.up, found.down, found.score)
    };
    assert_eq!(counts(&pump.store).await, (1, 1, 0));
    pump.commit(
        vec![voted(2, on_post, 0, 1, 0), voted(2, on_comment, -1, 0, 1)],
        vec![],
    )
    .await;
    assert_eq!(counts(&pump.store).await, (1, 0, 1));
    let answer = pump.store.comment_texts(&[comment(1)]).await;
    let answer = answer.expect("readable").pop().expect("it is there");
    assert_eq!((answer.up, answer.down, answer.score), (0, 1, -1));
    let votes = place
        .words("SELECT target_kind, CAST(value AS TEXT) FROM votes ORDER BY target_kind, value")
        .await;
    assert_eq!(votes, [["comment", "-1"], ["post", "0"], ["post", "1"]]);
}

pub(crate) async fn following_and_leaving_are_kept(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let follow = |by, whom, on| Event::Followed {
        agent: agent(by),
        target: agent(whom),
        on,
    };
    let profile = |display_name: &str| Event::ProfileSet {
        agent: agent(2),
        display_name: display_name.to_owned(),
        description: "at home here".to_owned(),
    };
    pump.commit(vec![joined(1), joined(2), joined(3)], vec![])
        .await;
    let ties = vec![
        follow(1, 2, false),
        follow(1, 2, true),
        follow(2, 3, true),
        follow(3, 2, true),
        follow(3, 1, true),
    ];
    pump.commit(ties, vec![]).await;
    let active = "SELECT COUNT(*) FROM follows WHERE active = 1";
    assert_eq!(place.number(active).await, 4);
    let last = vec![
        profile("Two"),
        profile("Number Two"),
        Event::AgentLeft { agent: agent(1) },
    ];
    pump.commit(last, vec![]).await;
    // Whoever left neither follows nor is followed.
    assert_eq!(place.number(active).await, 2);
    let agents = place
        .words(
            "SELECT name, name_key, display_name, description, template, mind, CAST(COALESCE(left_ms, 0) AS TEXT) \
             FROM agents ORDER BY name LIMIT 2",
        )
        .await;
    let left = [
        "Agent-1",
        "agentl",
        "The Agent 1",
        "came from afar",
        "townsfolk",
        "external",
        "180000",
    ];
    let here = [
        "Agent-2",
        "agent2",
        "Number Two",
        "at home here",
        "townsfolk",
        "external",
        "0",
    ];
    assert_eq!(agents, [left, here]);
}

pub(crate) async fn pages_follow_each_other(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit((1..=5).map(|n| posted(n, None)).collect(), vec![])
        .await;
    pump.commit((1..=5).map(|n| commented(n, 1, None)).collect(), vec![])
        .await;
    let newest = pump.store.posts_page(None, 2).await.expect("readable");
    assert_eq!(
        newest.iter().map(|row| row.id).collect::<Vec<_>>(),
        [post(5), post(4)]
    );
    let next = pump
        .store
        .posts_page(Some(newest[1].seq), 9)
        .await
        .expect("readable");
    assert_eq!(
        next.iter().map(|row| row.id).collect::<Vec<_>>(),
        [post(3), post(2), post(1)]
    );
    let first = pump
        .store
        .comments_of(post(1), 0, 3)
        .await
        .expect("readable");
    assert_eq!(
        first.iter().map(|row| row.id).collect::<Vec<_>>(),
        [comment(1), comment(2), comment(3)]
    );
    let rest = pump
        .store
        .comments_of(post(1), first[2].seq, 3)
        .await
        .expect("readable");
    assert_eq!(
        rest.iter().map(|row| row.id).collect::<Vec<_>>(),
        [comment(4), comment(5)]
    );
    assert!(
        pump.store
            .comments_of(post(2), 0, 3)
            .await
            .expect("readable")
            .is_empty()
    );
}

pub(crate) async fn deeds_for_a_reputation_become_rows(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let deed = |by: u32, deed: Deed| Event::Reputation {
        agent: agent(by),
        deed: Box::new(deed),
    };
    let vouched = |on: bool| Deed::Vouched {
        whom: agent(2),
        subject: "rust".to_owned(),
        on,
    };
    let events = vec![
        deed(
            1,
            Deed::Started {
                project: 0,
                title: "A bridge".to_owned(),
                about: String::new(),
            },
        ),
        deed(
            2,
            Deed::Contributed {
                project: 0,
                contribution: 0,
                kind: ContributionKind::Code,
                note: "planks".to_owned(),
            },
        ),
        deed(
            3,
            Deed::Verified {
                project: 0,
                contribution: 0,
            },
        ),
        deed(1, vouched(true)),
        deed(1, vouched(false)),
    ];
    pump.commit(events, vec![]).await;
    for (table, rows) in [
        ("projects", 1),
        ("contributions", 1),
        ("verifications", 1),
        ("vouches", 1),
        ("vouches WHERE active = 1", 0),
    ] {
        let counted = place.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        assert_eq!(counted, rows, "{table}");
    }
}
