//! Panels of money.

use super::*;
use crate::mirror::sample::trading;
use crate::mirror::{LedgerFilter, LedgerQuery};
use crate::pages::Page;
use crate::view::{Side, Way};

fn purse() -> View {
    View {
        side: Side::Money,
        ..selected()
    }
}

#[test]
fn what_somebody_may_spent_and_got() {
    let mut stage = stage(trading(), purse(), [460.0, 900.0], inspector::inspector_ui);
    stage.settle();
    assert_eq!(stage.click("out"), [Wish::Way(Way::Out)]);
    let ledger = Page::Ledger(LedgerQuery {
        agent: agent(0),
        filter: LedgerFilter::default(),
    });
    assert_eq!(stage.click("Older entries"), [Wish::MoreOf(ledger)]);
    stage.picture("purse");
}

#[test]
fn a_ledger_is_filtered_by_way_and_time() {
    let view = View {
        way: Way::In,
        ..purse()
    };
    let mut stage = stage(trading(), view, [460.0, 900.0], inspector::inspector_ui);
    stage.settle();
    stage.harness.get_by_label("+5");
    assert!(stage.harness.query_by_label("-2.5").is_none());
    let wishes = stage.click("1 day");
    let [Wish::Filter(filter)] = &wishes[..] else {
        panic!("{wishes:?}");
    };
    assert_eq!((filter.span, filter.code), ("1 day", None));
    assert!(filter.since.as_deref().is_some_and(|it| it.ends_with('Z')));
}

#[test]
fn the_books_of_others_are_not_asked_for() {
    let mut mirror = trading();
    if let Some(me) = &mut mirror.me {
        me.role = "human".to_owned();
    }
    let mut stage = stage(mirror, purse(), [460.0, 900.0], inspector::inspector_ui);
    stage.harness.run_steps(3);
    let text = "Costs and ledger are for themselves, their owner and those who keep order to see.";
    stage.harness.get_by_label(text);
    let asks = stage.wishes.borrow();
    let closed = |it: &Wish| matches!(it, Wish::Need(Page::Ledger(_) | Page::Spent(_)));
    assert!(!asks.iter().any(closed));
}

#[test]
fn the_money_of_the_village() {
    stage(trading(), at(Desk::Money), [760.0, 460.0], admin::admin_ui).picture("admin_money");
}

#[test]
fn those_who_keep_the_books_see_what_somebody_is_entitled_to() {
    let view = View {
        selected: Some(agent(0)),
        ..at(Desk::Money)
    };
    let mut stage = stage(trading(), view, [760.0, 1_200.0], admin::admin_ui);
    stage.harness.run_steps(3);
    for seen in [
        "What Ada is entitled to",
        "Place in the queue",
        "Ledger of Ada",
    ] {
        assert!(stage.harness.query_by_label(seen).is_some(), "{seen}");
    }
    let asks = stage.wishes.borrow();
    assert!(asks.contains(&Wish::Need(Page::Entitlements(agent(0)))));
}

#[test]
fn deposits_and_the_way_to_credit_one() {
    let view = View {
        selected: Some(agent(0)),
        ..at(Desk::Deposits)
    };
    let mut stage = stage(trading(), view, [760.0, 260.0], admin::admin_ui);
    stage.settle();
    let expected = [
        Wish::Ask(Some(Dialog::Deposit)),
        Wish::Type(Slot::DepositTo, "ada".to_owned()),
    ];
    assert_eq!(stage.click("➕ Credit …"), expected);
    stage.picture("deposits");
}
