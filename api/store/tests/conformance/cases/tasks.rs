//! Task chats: what is said in them, and that they go with those who asked.

use hamlet_protocol::task::{TaskAuthor, TaskKind};
use hamlet_store::{AccountRow, Forget, ForgetWhom, TaskChatRow, TaskMessageRow, TaskState, Write};
use uuid::Uuid;

use crate::place::Place;
use crate::samples::{Pump, account, agent, uuid};

fn chat(n: u32, person: u32, state: TaskState, changed_ms: i64) -> TaskChatRow {
    TaskChatRow {
        id: uuid(70_000 + n),
        person: agent(person),
        agent: agent(9),
        title: format!("Bread {n} 🙂"),
        state,
        next_no: 4,
        cost_micros: 1_500,
        created_ms: 1,
        changed_ms,
    }
}

fn said(chat: Uuid, no: i64) -> TaskMessageRow {
    TaskMessageRow {
        chat,
        no,
        author: [TaskAuthor::Person, TaskAuthor::Agent][no as usize % 2],
        kind: TaskKind::Delivery,
        text: format!("«{no}»\nwith lines"),
        extra: "{\"files\":[]}".to_owned(),
        at_ms: 1_000 + no,
    }
}

pub(crate) async fn task_chats_come_back_and_go_with_their_person(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let one = chat(1, 1, TaskState::Working, 30);
    let two = chat(2, 1, TaskState::Closed, 20);
    let theirs = chat(3, 2, TaskState::Working, 10);
    let person = AccountRow {
        member: Some(agent(1)),
        ..account(1)
    };
    let id = person.id;
    let mut writes = vec![Write::Account(person)];
    writes.extend([&one, &two, &theirs].map(|row| Write::TaskChat(row.clone())));
    writes.extend((1..=3).map(|no| Write::TaskMessage(said(one.id, no))));
    writes.push(Write::TaskMessage(said(theirs.id, 1)));
    pump.commit(vec![], writes).await;
    let store = pump.store.clone();
    assert_eq!(
        store.task_chat(one.id).await.expect("readable"),
        Some(one.clone())
    );
    let own = store.task_chats(agent(1), i64::MAX, 10, 0).await;
    assert_eq!(own.expect("readable"), [one.clone(), two.clone()]);
    let later = store.task_chats(agent(1), 30, 10, 1).await;
    assert_eq!(later.expect("readable"), std::slice::from_ref(&two));
    assert_eq!(store.task_chats_open(agent(1)).await.expect("readable"), 1);
    let working = store.task_chats_working(10).await.expect("readable");
    assert_eq!(working, [one.clone(), theirs.clone()]);
    let newest = store.task_messages(one.id, i64::MAX, 2).await;
    assert_eq!(
        newest.expect("readable"),
        [said(one.id, 3), said(one.id, 2)]
    );
    let first = store.task_message(one.id, 1).await.expect("readable");
    assert_eq!(first, Some(said(one.id, 1)));

    pump.commit(vec![], vec![Write::TaskGone(two.id)]).await;
    assert_eq!(store.task_chat(two.id).await.expect("readable"), None);
    let forget = Forget {
        whom: ForgetWhom::Account(id),
        at_ms: 60_000,
    };
    pump.commit(vec![], vec![Write::Forget(forget)]).await;
    assert_eq!(store.task_chat(one.id).await.expect("readable"), None);
    let gone = store.task_messages(one.id, i64::MAX, 10).await;
    assert_eq!(gone.expect("readable"), []);
    let kept = store.task_messages(theirs.id, i64::MAX, 10).await;
    assert_eq!(kept.expect("readable"), [said(theirs.id, 1)]);
}
