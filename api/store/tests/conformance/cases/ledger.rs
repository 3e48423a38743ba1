//! Money: entries of the ledger and what is kept beside them.

use hamlet_protocol::economy::command::Side;
use hamlet_protocol::economy::event::{BountyDeed, BountyEvent, EconomyEvent};
use hamlet_protocol::economy::{Account, ChainHash, Code, Transfer, TransferKind};
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::money::Money;
use hamlet_store::TransferQuery;

use crate::place::Place;
use crate::samples::{Pump, agent, post};

fn transferred(transfer: Transfer) -> Event {
    Event::Economy(EconomyEvent::Transferred(Box::new(transfer)))
}

/// A small ledger's history: a grant, a payment with words, a reservation and what became of it.
fn history() -> Vec<Transfer> {
    let (ada, bo) = (Account::Member(agent(1)), Account::Member(agent(2)));
    let entry = |no: u64, kind, debit, credit, amount: i64, code| Transfer {
        no,
        kind,
        debit,
        credit,
        amount: Money(amount),
        code,
        pending: None,
        batch: None,
        by: None,
        post: None,
        memo: String::new(),
        client: None,
        until_ms: None,
        at_ms: 60_000,
        tick: 1,
        debit_balance: Money(0),
        credit_balance: Money(0),
        hash: ChainHash([no as u8; 32]),
    };
    let balances = |mut it: Transfer, debit, credit| {
        (it.debit_balance, it.credit_balance) = (Money(debit), Money(credit));
        it
    };
    let grant = entry(
        1,
        TransferKind::Plain,
        Account::Mint,
        ada,
        1_000,
        Code::Grant,
    );
    let mut pay = entry(2, TransferKind::Plain, ada, bo, 400, Code::Transfer);
    pay.memo = "for \u{1F41F}".to_owned();
    pay.client = Some("person:1:a".to_owned());
    (pay.by, pay.post, pay.batch) = (Some(agent(1)), Some(post(3)), Some(2));
    let mut held = entry(
        3,
        TransferKind::Pending,
        bo,
        Account::Treasury,
        300,
        Code::Usage,
    );
    held.until_ms = Some(9_000);
    let mut posted = entry(
        4,
        TransferKind::Post,
        bo,
        Account::Treasury,
        120,
        Code::Usage,
    );
    posted.pending = Some(3);
    vec![
        balances(grant, -1_000, 1_000),
        balances(pay, 600, 400),
        balances(held, 400, 0),
        balances(posted, 280, 120),
    ]
}

fn opened(no: u32) -> Event {
    bounty(
        no,
        BountyDeed::Opened {
            title: "A fence".to_owned(),
            text: "Blue \0".to_owned(),
            reward: Money(10),
            fee: Money(0),
            until_ms: 5,
        },
    )
}

fn bounty(no: u32, what: BountyDeed) -> Event {
    Event::Economy(EconomyEvent::Bounty(Box::new(BountyEvent {
        bounty: no,
        by: Some(agent(1)),
        what,
    })))
}

/// One of each kind of event, in the order of their words.
pub(super) fn one_of_each() -> Vec<Event> {
    let ordered = EconomyEvent::Ordered {
        order: 1,
        agent: agent(1),
        side: Side::Offer,
        item: Item::Bread,
        count: 2,
        price: Money(3),
    };
    let ended = EconomyEvent::OrderEnded {
        order: 1,
        agent: agent(1),
        left: 1,
        expired: true,
    };
    let sold = EconomyEvent::Sold {
        seller: agent(1),
        buyer: agent(2),
        item: Item::Bread,
        count: 1,
        price: Money(3),
    };
    let tier = EconomyEvent::TierChanged {
        agent: agent(1),
        from: 0,
        to: 1,
        name: "plus".to_owned(),
    };
    let auction = EconomyEvent::Auctioned {
        class: "fast".to_owned(),
        sold: 1,
        slots: 2,
        price: Money(3),
        winners: vec![(agent(1), 1)],
    };
    vec![
        transferred(history().remove(0)),
        Event::Economy(tier),
        deposited("9XY"),
        Event::Economy(ordered),
        Event::Economy(ended),
        Event::Economy(sold),
        opened(0),
        Event::Economy(auction),
    ]
}

fn deposited(txn: &str) -> Event {
    Event::Economy(EconomyEvent::Deposited {
        agent: agent(1),
        amount: Money(10),
        txn: txn.to_owned(),
        transfer: 1,
        note: String::new(),
    })
}

pub(crate) async fn the_ledger_is_kept_as_it_was_and_only_added_to(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let history = history();
    let events = history.iter().cloned().map(transferred).collect();
    pump.commit(events, vec![]).await;
    let rows = pump.store.transfers_after(0, 10).await.expect("readable");
    assert_eq!(rows, history);
    let mut kept = pump.store.ledger_balances().await.expect("readable");
    kept.sort();
    let mut wanted = vec![
        (Account::Member(agent(1)), 600),
        (Account::Member(agent(2)), 280),
        (Account::Treasury, 120),
        (Account::Mint, -1_000),
    ];
    wanted.sort();
    assert_eq!(kept, wanted);
    let query = TransferQuery {
        account: history[1].credit,
        before: None,
        code: None,
        since_ms: None,
        until_ms: None,
        limit: 2,
    };
    let newest = pump.store.transfers_of(&query).await.expect("readable");
    assert_eq!(newest, [history[3].clone(), history[2].clone()]);
    let older = TransferQuery {
        before: Some(3),
        code: Some(Code::Transfer),
        ..query
    };
    let older = pump.store.transfers_of(&older).await.expect("readable");
    assert_eq!(older, [history[1].clone()]);
    let none = TransferQuery {
        account: Account::Burn,
        ..query
    };
    assert!(
        pump.store
            .transfers_of(&none)
            .await
            .expect("readable")
            .is_empty()
    );
    pump.commit(vec![deposited("9XY")], vec![]).await;
    let all = if place.is_postgres() {
        "TRUNCATE"
    } else {
        "DELETE FROM"
    };
    for table in ["transfers", "deposits"] {
        for attempt in [
            format!("UPDATE {table} SET amount = 1"),
            format!("DELETE FROM {table}"),
            format!("{all} {table}"),
        ] {
            let error = place.raw(&attempt).await.expect_err(&attempt);
            assert!(error.to_string().contains("only ever added to"), "{error}");
        }
    }
    let batch = pump.batch(vec![deposited("9XY")], vec![]);
    assert!(pump.try_commit(&batch).await.is_err(), "it counts once");
}

pub(crate) async fn bounties_go_their_way(place: &Place) {
    let mut pump = Pump::begin(place.open().await).await;
    let submitted = BountyDeed::Submitted {
        deliverable: "done".to_owned(),
    };
    let rejected = BountyDeed::Rejected {
        reason: "it is green".to_owned(),
    };
    let events = vec![
        opened(0),
        opened(1),
        bounty(0, BountyDeed::Claimed { shares: vec![] }),
        bounty(0, submitted),
        bounty(0, rejected),
        bounty(0, BountyDeed::Accepted),
    ];
    pump.commit(events, vec![]).await;
    for (rows, count) in [
        ("bounties", 2),
        ("bounties WHERE state = 'open'", 1),
        (
            "bounties WHERE state = 'accepted' AND deliverable = 'done' AND reason = 'it is green'",
            1,
        ),
    ] {
        let counted = place.number(&format!("SELECT COUNT(*) FROM {rows}")).await;
        assert_eq!(counted, count, "{rows}");
    }
}
