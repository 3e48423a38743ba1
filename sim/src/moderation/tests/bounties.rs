//! Bounties before moderators: disputes, reports, what is taken from sight.

use hamlet_protocol::economy::command::{BountyAct, EconomyAct, EconomyCommand};
use hamlet_protocol::economy::image::{BountyImage, BountyState};
use hamlet_protocol::money::{MICROS, Money};

use super::*;
use crate::economy::ledger::Purse;

const REWARD: Money = Money(10 * MICROS);

/// Ada, Bo and Cy, who drive themselves and have 25 aiDollars each; Ada has announced a bounty of 10 for an hour.
fn stage() -> Stage {
    let people = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Cy", (16, 5))];
    let mut stage = Stage::with(&people, |scenario| {
        scenario.economy.grant = Money(25 * MICROS);
    });
    stage.ticks(1);
    stage.act("Ada", act(open()));
    stage
}

fn act(act: BountyAct) -> Act {
    Act::Economy(EconomyAct::Bounty(act))
}

fn open() -> BountyAct {
    BountyAct::Open {
        title: "Paint the fence".to_owned(),
        text: "Blue.".to_owned(),
        reward: REWARD,
        hours: 1,
    }
}

/// Bo has claimed it and handed something in.
fn submit(stage: &mut Stage) {
    let shares = Vec::new();
    stage.act("Bo", act(BountyAct::Claim { bounty: 0, shares }));
    let deliverable = "See the fence.".to_owned();
    stage.act(
        "Bo",
        act(BountyAct::Submit {
            bounty: 0,
            deliverable,
        }),
    );
}

fn dispute(stage: &mut Stage, name: &str) {
    let reason = "It is green.".to_owned();
    stage.act(name, act(BountyAct::Dispute { bounty: 0, reason }));
}

fn settle() -> Command {
    Command::Economy(Box::new(EconomyCommand::Settlement {
        bounty: 0,
        permille: 500,
        reason: "Half of it is blue.".to_owned(),
        by: Vec::new(),
        staff: Some(account(7)),
    }))
}

fn moderate(stage: &mut Stage, what: ModerationCommand) -> Outcome {
    let command = Command::Moderation(Box::new(what));
    stage.command(command).expect("it is allowed").outcome
}

fn take(stage: &mut Stage, kind: MeasureKind) -> MeasureId {
    let measure = Measure {
        by: staff(7),
        kind,
        subject: Subject::Bounty(0),
        submolt: None,
        until_ms: None,
        reason: "It is rude.".to_owned(),
    };
    match moderate(stage, ModerationCommand::Take(measure)) {
        Outcome::Measured { measure } => measure,
        other => panic!("{other:?}"),
    }
}

fn report(stage: &mut Stage, name: &str) {
    let agent = stage.id(name);
    let report = ModerationCommand::Report {
        agent,
        party: None,
        subject: Subject::Bounty(0),
        reason: "It is rude.".to_owned(),
    };
    moderate(stage, report);
}

fn bounty(stage: &Stage) -> BountyImage {
    stage.state().economy.bounties[0].clone()
}

/// The only case there is: how far it is and how many have reported it.
fn case(stage: &Stage) -> (CaseState, usize) {
    let state = stage.state();
    let cases: Vec<_> = state.moderation.cases.values().collect();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].subject, SubjectImage::Bounty(0));
    (cases[0].state, cases[0].reports.len())
}

fn case_id(stage: &Stage) -> CaseId {
    stage.ids().make(0)
}

fn balance(stage: &mut Stage, name: &str) -> Money {
    let purse = Purse::of(stage.no(name));
    stage.in_town(|town| town.economy.ledger.balance(purse))
}

#[test]
fn a_dispute_is_a_case_that_closes_when_it_is_settled() {
    let mut stage = stage();
    submit(&mut stage);
    assert!(stage.state().moderation.cases.is_empty());
    dispute(&mut stage, "Ada");
    assert_eq!(case(&stage), (CaseState::Open, 0));
    // What others report joins it; nobody closes it while the two sides wait.
    report(&mut stage, "Cy");
    let work = |step| {
        Command::Moderation(Box::new(ModerationCommand::Work {
            by: staff(7),
            case: case_id(&stage),
            step,
            note: String::new(),
        }))
    };
    let steps = [CaseStep::Resolve, CaseStep::Dismiss].map(work);
    for step in steps {
        assert_eq!(stage.refused_command_after(step), RejectionCode::Forbidden);
    }
    stage.command(settle()).expect("staff may");
    assert_eq!(case(&stage), (CaseState::Resolved, 1));
    let by = stage.state().moderation.cases[&0].by;
    let staff = hamlet_protocol::moderation::ModeratorImage::Staff(account(7));
    assert_eq!(by, Some(staff));
    assert_eq!(balance(&mut stage, "Bo"), Money(30 * MICROS));
    // What is reported later is another case.
    report(&mut stage, "Cy");
    assert_eq!(stage.state().moderation.cases.len(), 2);
}

#[test]
fn a_dispute_that_nobody_called_is_a_case_too_and_an_acceptance_closes_it() {
    let mut stage = stage();
    submit(&mut stage);
    let late = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(late));
    assert_eq!(bounty(&stage).state, BountyState::Disputed);
    assert_eq!(case(&stage), (CaseState::Open, 0));
    stage.act("Ada", act(BountyAct::Accept { bounty: 0 }));
    assert_eq!(case(&stage), (CaseState::Resolved, 0));
}

#[test]
fn what_others_reported_still_waits_where_the_sides_agree() {
    let mut stage = stage();
    submit(&mut stage);
    dispute(&mut stage, "Bo");
    report(&mut stage, "Cy");
    stage.act("Ada", act(BountyAct::Accept { bounty: 0 }));
    assert_eq!(case(&stage), (CaseState::Open, 1));
}

#[test]
fn what_moderators_remove_is_out_of_sight_and_refunded_where_nobody_works_on_it() {
    let mut stage = stage();
    assert!(balance(&mut stage, "Ada") < Money(25 * MICROS));
    let measure = take(&mut stage, MeasureKind::Remove);
    assert!(bounty(&stage).hidden);
    assert_eq!(bounty(&stage).state, BountyState::Refunded);
    assert_eq!(balance(&mut stage, "Ada"), Money(25 * MICROS));
    // Its author appeals, and another moderator lets it be read again; the money is back already.
    let agent = stage.id("Ada");
    let text = "Fences are not rude.".to_owned();
    moderate(
        &mut stage,
        ModerationCommand::Appeal {
            agent,
            measure,
            text,
        },
    );
    let judge = ModerationCommand::Judge {
        by: staff(8),
        measure,
        granted: true,
        note: String::new(),
    };
    moderate(&mut stage, judge);
    assert!(!bounty(&stage).hidden);
    assert_eq!(bounty(&stage).state, BountyState::Refunded);
}

#[test]
fn who_works_on_what_is_removed_brings_it_to_its_end() {
    let mut stage = stage();
    let claim = |bounty| {
        let shares = Vec::new();
        act(BountyAct::Claim { bounty, shares })
    };
    stage.act("Bo", claim(0));
    take(&mut stage, MeasureKind::Remove);
    assert_eq!(bounty(&stage).state, BountyState::Claimed);
    stage.act("Bo", act(BountyAct::Unclaim { bounty: 0 }));
    assert_eq!(bounty(&stage).state, BountyState::Refunded);
    assert_eq!(balance(&mut stage, "Ada"), Money(25 * MICROS));
    take(&mut stage, MeasureKind::Restore);
    assert!(!bounty(&stage).hidden);
}

#[test]
fn what_the_village_holds_back_cannot_be_claimed_and_waits_for_a_moderator() {
    let mut stage = stage();
    let name = "reports_weight_max".to_owned();
    let rule = Command::SetRule { name, value: 1.0 };
    stage.command(rule).expect("a rule");
    report(&mut stage, "Cy");
    let held = bounty(&stage);
    assert!(held.hidden);
    assert_eq!(held.state, BountyState::Open);
    let shares = Vec::new();
    let claim = act(BountyAct::Claim { bounty: 0, shares });
    stage.events();
    assert_eq!(stage.refused("Bo", claim.clone()), RejectionCode::NotFound);
    let dismiss = ModerationCommand::Work {
        by: staff(7),
        case: case_id(&stage),
        step: CaseStep::Dismiss,
        note: String::new(),
    };
    moderate(&mut stage, dismiss);
    assert!(!bounty(&stage).hidden);
    stage.act("Bo", claim);
}
