//! Rows beside the world.

use hamlet_protocol::event::Event;
use hamlet_store::{Forget, ForgetWhom, Write};

use crate::place::Place;
use crate::samples::{
    Pump, account, agent, audit, avatar, claim, comment, directory, key, outcome, post, record,
    session, ticket, uuid, window,
};

pub(crate) async fn every_write_comes_back(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let setting = Write::Setting {
        key: "motd".to_owned(),
        value: "hello".to_owned(),
    };
    // In the order in which the directory hands them out.
    let writes = vec![
        Write::Account(account(1)),
        Write::AgentRecord(record(2, Some(1))),
        Write::Key(key(3)),
        Write::Claim(claim(4)),
        Write::Session(session(5, 1)),
        Write::Ticket(ticket(6)),
        Write::Idempotency(outcome(7)),
        Write::Window(window(8)),
        Write::Avatar(avatar(9)),
        setting,
    ];
    let mut all = writes.clone();
    all.push(Write::Audit(audit(1)));
    pump.commit(vec![], all).await;
    assert_eq!(directory(&pump.store, 500).await, writes);
    let log = pump.store.audit_page(0, 10).await.expect("readable");
    assert_eq!(log, vec![audit(1)]);
    let last = pump.store.audit_last().await.expect("readable");
    assert_eq!(last, Some(audit(1)));
    // Without what may be missing, too.
    let mut bare = account(1);
    bare.email = None;
    bare.password_hash = Some("$argon2id$…".to_owned());
    let mut used = key(3);
    used.expires_ms = Some(9_000);
    used.rotated_to = Some(uuid(77));
    let again = vec![
        Write::Account(bare),
        Write::AgentRecord(record(2, None)),
        Write::Key(used),
    ];
    pump.commit(vec![], again.clone()).await;
    assert_eq!(directory(&pump.store, 500).await[..3], again);
}

pub(crate) async fn later_writes_win(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let mut second = key(1);
    second.label = "second".to_owned();
    let used = |n, at_ms| Write::KeyUsed { id: uuid(n), at_ms };
    pump.commit(
        vec![],
        vec![
            used(1, 40),
            Write::Key(key(1)),
            Write::Key(second.clone()),
            used(1, 50),
            used(99, 60),
        ],
    )
    .await;
    second.last_used_ms = Some(50);
    let expected = vec![Write::Key(second)];
    assert_eq!(directory(&pump.store, 0).await, expected);
}

pub(crate) async fn the_directory_leaves_out_what_is_over(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let mut revoked = key(1);
    revoked.revoked_ms = Some(5);
    let mut expired = key(2);
    expired.expires_ms = Some(10);
    let mut used = claim(3);
    used.used_ms = Some(5);
    used.account = Some(uuid(4));
    let writes = vec![
        Write::Key(revoked),
        Write::Key(expired),
        Write::Account(account(4)),
        Write::Claim(used),
        Write::Session(session(5, 4)),
        Write::Ticket(ticket(6)),
        Write::Idempotency(outcome(7)),
    ];
    pump.commit(vec![], writes).await;
    assert_eq!(
        directory(&pump.store, 31 * 86_400_000).await,
        vec![Write::Account(account(4))]
    );
    // Whoever shows a key or link that was good lately is told what became of it.
    assert_eq!(directory(&pump.store, 1_000).await.len(), 4);
    assert_eq!(directory(&pump.store, 9).await.len(), 7);
}

pub(crate) async fn a_large_directory_comes_in_pages(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let mut expected: Vec<Write> = (0..12_000)
        .map(|n| Write::Idempotency(outcome(n)))
        .collect();
    pump.commit(vec![], expected.clone()).await;
    expected.sort_by_key(|write| match write {
        Write::Idempotency(row) => (row.scope.clone(), row.key.clone()),
        _ => unreachable!("only outcomes were made"),
    });
    assert_eq!(directory(&pump.store, 0).await, expected);
}

pub(crate) async fn the_audit_log_is_only_added_to(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    pump.commit(vec![], vec![Write::Audit(audit(1)), Write::Audit(audit(2))])
        .await;
    let mut attempts = vec![
        "UPDATE audit SET act = 'nothing' WHERE no = 1",
        "DELETE FROM audit WHERE no = 2",
    ];
    attempts.push(if place.is_postgres() {
        "TRUNCATE audit"
    } else {
        "DELETE FROM audit"
    });
    for attempt in attempts {
        let error = place.raw(attempt).await.expect_err(attempt);
        assert!(error.to_string().contains("only ever added to"), "{error}");
    }
    let log = pump.store.audit_page(1, 10).await.expect("readable");
    assert_eq!(log, vec![audit(2)]);
}

pub(crate) async fn a_person_is_forgotten(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let mut own = key(3);
    own.agent = None;
    own.account = Some(uuid(1));
    let writes = vec![
        Write::Account(account(1)),
        Write::Account(account(9)),
        Write::AgentRecord(record(2, Some(1))),
        Write::Key(own),
        Write::Session(session(5, 1)),
        Write::Avatar(avatar(1)),
    ];
    pump.commit(vec![], writes).await;
    let forget = Forget {
        whom: ForgetWhom::Account(uuid(1)),
        at_ms: 500,
    };
    pump.commit(vec![], vec![Write::Forget(forget)]).await;
    let left = directory(&pump.store, 0).await;
    assert_eq!(left.len(), 3, "{left:?}");
    let Write::Account(gone) = &left[0] else {
        panic!("people come first")
    };
    assert_eq!(gone.status.as_str(), "deleted");
    assert_eq!(gone.auth_generation, 4);
    assert_eq!((&gone.email, &gone.password_hash), (&None, &None));
    assert!(gone.name.starts_with("deleted-"), "{}", gone.name);
    assert_eq!(left[1], Write::Account(account(9)));
    let Write::AgentRecord(orphan) = &left[2] else {
        panic!("then agents")
    };
    assert_eq!(orphan.owner, None);
}

pub(crate) async fn an_agent_is_forgotten(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let said = |n: u32| Event::Posted {
        post: post(n),
        author: Some(agent(n)),
        submolt: "town".to_owned(),
        title: "a title".to_owned(),
        text: "a secret".to_owned(),
    };
    let answered = Event::Commented {
        comment: comment(1),
        post: post(2),
        parent: None,
        author: agent(1),
        depth: 1,
        text: "a secret".to_owned(),
    };
    pump.commit(
        vec![said(1), said(2), answered],
        vec![
            Write::AgentRecord(record(1, None)),
            Write::Key(key(1)),
            Write::Claim(claim(1)),
            Write::Avatar(avatar(1)),
        ],
    )
    .await;
    let forget = Forget {
        whom: ForgetWhom::Agent(agent(1)),
        at_ms: 500,
    };
    pump.commit(vec![], vec![Write::Forget(forget)]).await;
    let store = &pump.store;
    let gone = store.post_texts(&[post(1)]).await.expect("readable").pop();
    let gone = gone.expect("the post itself stays");
    assert_eq!((gone.title.as_str(), gone.text.as_str()), ("", ""));
    let answer = store
        .comment_texts(&[comment(1)])
        .await
        .expect("readable")
        .pop();
    assert_eq!(answer.expect("it stays").text, "");
    let other = store.post_texts(&[post(2)]).await.expect("readable").pop();
    assert_eq!(other.expect("another's").text, "a secret");
    let events = store.events_after(0, 10).await.expect("readable");
    let told: Vec<bool> = events
        .iter()
        .map(|row| row.body.contains("a secret"))
        .collect();
    assert_eq!(told, [false, true, false]);
    assert_eq!(events[0].event(), None, "forgotten");
    let left = directory(store, 0).await;
    assert_eq!(left.len(), 1, "{left:?}");
}
