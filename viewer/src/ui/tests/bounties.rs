//! Bounties in the moderators' queue.

use uuid::Uuid;

use super::*;
use crate::deeds::Subject;
use crate::pages::Page;
use crate::wire::{BountyShape, CaseShape};

const NO: u32 = 7;

/// The office with one case about a bounty in this state.
fn case_about(state: &str) -> Mirror {
    let mut mirror = office();
    let case = CaseShape {
        id: Uuid::from_u128(0xF0F0),
        state: "open".to_owned(),
        subject_kind: "bounty".to_owned(),
        subject: NO.to_string(),
        member_id: Some(agent(1)),
        submolt: None,
        reports: 0,
        weight: 0,
        reason: crate::wire::Quoted::default(),
        opened_at: "2026-02-02T08:50:00Z".to_owned(),
        moderator: String::new(),
    };
    mirror.office.cases = Some(vec![case].into());
    mirror.office.take_bounty(
        NO,
        BountyShape {
            no: NO,
            state: state.to_owned(),
            title: "Mend the gate".to_owned(),
            text: "It must close by itself.".to_owned(),
            author_id: Some(agent(1)),
            author: "ben".to_owned(),
            reward: "1200.5".to_owned(),
            deliverable: Some("The gate closes.".to_owned()),
            reason: Some("It does not.".to_owned()),
            ..BountyShape::default()
        },
    );
    mirror
}

fn queue<'a>(mirror: Mirror) -> Stage<'a> {
    let mut stage = stage(mirror, at(Desk::Queue), [760.0, 420.0], admin::admin_ui);
    stage.settle();
    stage
}

#[test]
fn a_dispute_is_read_and_settled_and_by_nothing_else_ended() {
    let mut stage = queue(case_about("disputed"));
    for seen in [
        "Mend the gate",
        "It must close by itself.",
        "The gate closes.",
        "It does not.",
        "1\u{a0}200.5 a$",
    ] {
        assert!(stage.harness.query_by_label(seen).is_some(), "{seen}");
    }
    for other in ["✔ Resolve", "✖ Dismiss"] {
        assert!(stage.harness.query_by_label(other).is_none(), "{other}");
    }
    let what = "“Mend the gate”, 1\u{a0}200.5 a$".to_owned();
    let asked = [Wish::Ask(Some(Dialog::Settle(NO, what)))];
    assert_eq!(stage.click("⚖ Settle …"), asked);
}

#[test]
fn a_bounty_that_was_reported_is_removed_or_let_be() {
    let mut stage = queue(case_about("open"));
    assert!(stage.harness.query_by_label("⚖ Settle …").is_none());
    let wishes = stage.click("Remove …");
    let removal = Dialog::Measure("remove", Subject::Bounty(NO), "this bounty".to_owned());
    assert_eq!(wishes, [Wish::Ask(Some(removal))]);
    let dismiss = Wish::Do(Deed::Case {
        case: Uuid::from_u128(0xF0F0),
        step: CaseStep::Dismiss,
    });
    assert_eq!(stage.click("✖ Dismiss"), [dismiss]);
}

#[test]
fn who_keeps_no_order_sees_and_asks_for_nothing_of_it() {
    let seen = |role: &str| {
        let mut mirror = case_about("disputed");
        if let Some(me) = &mut mirror.me {
            me.role = role.to_owned();
        }
        let mut stage = stage(mirror, at(Desk::Queue), [760.0, 420.0], admin::admin_ui);
        stage.harness.run_steps(3);
        let asks = stage.wishes.take();
        let asked = asks.contains(&Wish::Need(Page::Bounty(NO)));
        let button = stage.harness.query_by_label("⚖ Settle …").is_some();
        (asked, button)
    };
    assert_eq!(seen("human"), (false, false));
    assert_eq!(seen("moderator"), (true, true));
    assert_eq!(seen("admin"), (true, true));
}

#[test]
fn a_settlement_needs_a_part_and_a_reason() {
    let dialog = Dialog::Settle(NO, "“Mend the gate”".to_owned());
    let ask = |ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut egui::Ui| {
        ask::ask_ui(ctx, out, ui);
    };
    for (part, reason, permille) in [
        ("", "It closes at times.", None),
        ("50", "", None),
        ("half", "It closes at times.", None),
        ("100.1", "It closes at times.", None),
        ("-5", "It closes at times.", None),
        ("33.33", "It closes at times.", None),
        ("0", "It closes at times.", Some(0)),
        ("33,3 %", "It closes at times.", Some(333)),
        ("100", "It closes at times.", Some(1_000)),
    ] {
        let mut view = View {
            dialog: Some(dialog.clone()),
            ..View::default()
        };
        for (slot, text) in [(Slot::Percent, part), (Slot::Reason, reason)] {
            view.drafts.insert(slot, text.to_owned());
        }
        let deed = permille.map(|permille| Deed::Settle {
            bounty: NO,
            permille,
            reason: reason.to_owned(),
        });
        assert_eq!(view.deed(), deed, "{part:?} {reason:?}");
        let mut stage = stage(office(), view, [480.0, 340.0], ask);
        stage.settle();
        let wishes = stage.click("Settle it");
        let ready = permille.is_some();
        assert_eq!(
            wishes.contains(&Wish::Confirm),
            ready,
            "{part:?} {reason:?}"
        );
        let typed = Wish::Type(Slot::Percent, "75".to_owned());
        assert!(stage.click("75 %").contains(&typed));
    }
}
