//! What members have with one another, and who may read it.

use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{ChatId, MessageId, NoticeId};
use hamlet_protocol::social::SocialEvent;
use hamlet_protocol::social::chat::{ChatRole, ChatState, MessageView};
use hamlet_protocol::social::notice::{NoticeKind, NoticeView};
use hamlet_store::{Forget, ForgetWhom, Write};

use crate::place::Place;
use crate::samples::{Pump, agent, comment, post, uuid};

fn chat(n: u32) -> ChatId {
    ChatId(uuid(30_000 + n))
}

fn told(n: u32, whom: u32) -> SocialEvent {
    SocialEvent::Notified {
        agent: agent(whom),
        notice: NoticeView {
            id: NoticeId(uuid(40_000 + n)),
            at_ms: 60_000,
            kind: NoticeKind::Reply,
            from: Some(agent(2)),
            post: Some(post(1)),
            comment: Some(comment(1)),
            chat: None,
            amount: -3,
            text: format!("notice {n} 🙂"),
            read: false,
        },
    }
}

fn member(n: u32, role: Option<ChatRole>, since: u64) -> SocialEvent {
    SocialEvent::ChatMember {
        chat: chat(1),
        agent: agent(n),
        role,
        since,
    }
}

fn sent(no: u64, from: u32) -> SocialEvent {
    SocialEvent::Sent {
        chat: chat(1),
        message: MessageView {
            id: MessageId(uuid(50_000 + no as u32)),
            no,
            from: agent(from),
            at_ms: 60_000,
            text: format!("a secret {no}"),
            needs_human: no == 2,
        },
    }
}

/// One event of each kind, in the order of the list of kinds.
pub(super) fn one_of_each() -> impl Iterator<Item = SocialEvent> {
    let (one, two) = (agent(1), agent(2));
    [
        told(1, 1),
        SocialEvent::NoticesRead {
            agent: one,
            notices: vec![NoticeId(uuid(40_001))],
        },
        SocialEvent::Blocked {
            agent: one,
            target: two,
            on: true,
        },
        SocialEvent::Muted {
            agent: one,
            target: two,
            on: false,
        },
        SocialEvent::ChatSet {
            chat: chat(1),
            agent: one,
            state: ChatState::Group,
            name: "Bakers".to_owned(),
        },
        member(1, Some(ChatRole::Owner), 1),
        sent(1, 1),
        SocialEvent::ChatRead {
            agent: one,
            chat: chat(1),
            upto: 1,
        },
    ]
    .into_iter()
}

async fn commit(pump: &mut Pump, events: Vec<SocialEvent>) {
    let events = events.into_iter().map(Event::Social).collect();
    pump.commit(events, vec![]).await;
}

pub(crate) async fn notices_are_kept_and_read(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    commit(&mut pump, vec![told(1, 1), told(2, 1), told(3, 2)]).await;
    let read = SocialEvent::NoticesRead {
        agent: agent(1),
        notices: vec![NoticeId(uuid(40_001)), NoticeId(uuid(49_999))],
    };
    // One that is told of and read in one batch, too.
    let both = SocialEvent::NoticesRead {
        agent: agent(1),
        notices: vec![NoticeId(uuid(40_004))],
    };
    commit(&mut pump, vec![read, told(4, 1), both]).await;
    let page = pump.store.notices_page(agent(1), None, 2).await;
    let page = page.expect("readable");
    let seen: Vec<_> = page.iter().map(|row| (row.id.0, row.read_ms)).collect();
    assert_eq!(seen, [(uuid(40_004), Some(120_000)), (uuid(40_002), None)]);
    assert_eq!(page[1].text, "notice 2 🙂");
    assert_eq!(page[1].author, Some(agent(2)));
    let rest = pump
        .store
        .notices_page(agent(1), Some(page[1].seq), 9)
        .await;
    let rest = rest.expect("readable");
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].read_ms, Some(120_000));
    let count = |n| pump.store.notices_count(agent(n));
    assert_eq!(count(1).await.expect("readable"), 3);
    assert_eq!(count(2).await.expect("readable"), 1);
    assert_eq!(count(3).await.expect("readable"), 0);
}

pub(crate) async fn only_members_read_messages(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let begun = vec![
        member(1, Some(ChatRole::Owner), 1),
        member(2, Some(ChatRole::Member), 1),
        sent(1, 1),
        sent(2, 2),
        member(3, Some(ChatRole::Member), 3),
        sent(3, 1),
    ];
    commit(&mut pump, begun).await;
    commit(&mut pump, vec![member(2, None, 1), sent(4, 1)]).await;
    let mut seen = Vec::new();
    for reader in 1..=4 {
        let page = pump
            .store
            .messages_for(agent(reader), chat(1), None, 9)
            .await;
        let page = page.expect("readable");
        seen.push(page.iter().map(|row| row.no).collect::<Vec<_>>());
    }
    let nothing: Vec<i64> = vec![];
    assert_eq!(
        seen,
        [vec![4, 3, 2, 1], nothing.clone(), vec![4, 3], nothing]
    );
    let page = pump.store.messages_for(agent(1), chat(1), Some(4), 2).await;
    let page = page.expect("readable");
    assert_eq!((page.len(), page[0].no, page[1].needs_human), (2, 3, true));
    let none = pump.store.messages_for(agent(1), chat(2), None, 9).await;
    assert_eq!(none.expect("readable"), []);
    let all = pump.store.messages_of(chat(1), None, 9).await;
    assert_eq!(all.expect("readable").len(), 4);
}

pub(crate) async fn words_of_the_forgotten_are_gone(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let begun = vec![
        member(1, Some(ChatRole::Owner), 1),
        sent(1, 1),
        sent(2, 2),
        told(1, 1),
    ];
    commit(&mut pump, begun).await;
    let forget = Forget {
        whom: ForgetWhom::Agent(agent(1)),
        at_ms: 500,
    };
    pump.commit(vec![], vec![Write::Forget(forget)]).await;
    let rows = pump.store.messages_of(chat(1), None, 9).await;
    let texts: Vec<String> = rows
        .expect("readable")
        .into_iter()
        .map(|row| row.text)
        .collect();
    assert_eq!(texts, ["a secret 2", ""]);
    assert_eq!(
        pump.store.notices_count(agent(1)).await.expect("readable"),
        0
    );
    let events = pump.store.events_after(0, 10).await.expect("readable");
    assert!(events.iter().all(|row| !row.body.contains("secret 1")));
}
