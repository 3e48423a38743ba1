//! What becomes of a bounty when somebody gives up, leaves, or is too late.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, RejectionCode};
use hamlet_protocol::economy::command::{BountyAct, EconomyAct, EconomyCommand};
use hamlet_protocol::economy::image::{BountyImage, BountyState};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::{MICROS, Money};

use super::super::ledger::Purse;
use super::{HOUR_MS, WORDS_KEPT_MAX};
use crate::testing::Stage;

/// Ada, Bo and Cy with 25 aiDollars each; Ada has announced a bounty of 10 for an hour.
fn stage() -> Stage {
    let people = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Cy", (16, 5))];
    let mut stage = Stage::with(&people, |scenario| {
        scenario.economy.grant = Money(25 * MICROS);
        for population in &mut scenario.populations {
            population.mind = MindKind::External;
        }
    });
    stage.act("Ada", open());
    stage
}

fn act(act: BountyAct) -> Act {
    Act::Economy(EconomyAct::Bounty(act))
}

fn open() -> Act {
    act(BountyAct::Open {
        title: "Paint the fence".to_owned(),
        text: "Blue.".to_owned(),
        reward: Money(10 * MICROS),
        hours: 1,
    })
}

fn claim(shares: Vec<(AgentId, u16)>) -> Act {
    act(BountyAct::Claim { bounty: 0, shares })
}

fn submit() -> Act {
    act(BountyAct::Submit {
        bounty: 0,
        deliverable: "See the fence.".to_owned(),
    })
}

fn reject() -> Act {
    act(BountyAct::Reject {
        bounty: 0,
        reason: "It is green.".to_owned(),
    })
}

fn bounty(stage: &Stage) -> BountyImage {
    stage.village.image().state.economy.bounties[0].clone()
}

fn balance(stage: &mut Stage, purse: Purse) -> Money {
    stage.in_town(|town| town.economy.ledger.balance(purse))
}

fn leaves(stage: &mut Stage, name: &str) {
    let agent = stage.id(name);
    stage.command(Command::Remove { agent }).unwrap();
}

#[test]
fn what_was_handed_in_is_over_with_the_claim() {
    let mut stage = stage();
    stage.act("Bo", claim(Vec::new()));
    stage.act("Bo", submit());
    stage.act("Ada", reject());
    stage.act("Bo", act(BountyAct::Unclaim { bounty: 0 }));
    let open = bounty(&stage);
    assert_eq!(open.state, BountyState::Open);
    assert_eq!((open.deliverable.as_str(), open.reason.as_str()), ("", ""));
    stage.act("Cy", claim(Vec::new()));
    let dispute = act(BountyAct::Dispute {
        bounty: 0,
        reason: "I did nothing.".to_owned(),
    });
    stage.events();
    assert_eq!(stage.refused("Cy", dispute), RejectionCode::Forbidden);
    stage.act("Cy", act(BountyAct::Unclaim { bounty: 0 }));
    let late = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(late));
    assert_eq!(bounty(&stage).state, BountyState::Refunded);
    let ada = Purse::of(stage.no("Ada"));
    assert_eq!(balance(&mut stage, ada), Money(25 * MICROS));
}

#[test]
fn whoever_leaves_leaves_what_is_due_to_them_to_the_treasury() {
    let mut stage = stage();
    let (bo, cy) = (stage.id("Bo"), stage.id("Cy"));
    let (bo_no, cy_no) = (stage.no("Bo"), stage.no("Cy"));
    stage.act("Bo", claim(vec![(bo, 700), (cy, 300)]));
    stage.act("Cy", act(BountyAct::Agree { bounty: 0 }));
    stage.act("Bo", submit());
    leaves(&mut stage, "Bo");
    stage.ticks(1);
    let before = balance(&mut stage, Purse::TREASURY);
    stage.act("Ada", act(BountyAct::Accept { bounty: 0 }));
    assert_eq!(balance(&mut stage, Purse::of(bo_no)), Money(0));
    assert_eq!(balance(&mut stage, Purse::of(cy_no)), Money(28 * MICROS));
    let after = balance(&mut stage, Purse::TREASURY);
    assert_eq!(after, Money(before.0 + 7 * MICROS));
}

#[test]
fn what_an_owner_who_left_gets_back_goes_to_the_treasury() {
    let mut stage = stage();
    let ada = stage.no("Ada");
    stage.act("Bo", claim(Vec::new()));
    stage.act("Bo", submit());
    leaves(&mut stage, "Ada");
    let late = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(late));
    assert_eq!(bounty(&stage).state, BountyState::Disputed);
    let settlement = EconomyCommand::Settlement {
        bounty: 0,
        permille: 500,
        reason: "Half of it was done.".to_owned(),
        by: Vec::new(),
        staff: None,
    };
    let settlement = Command::Economy(Box::new(settlement));
    stage.command(settlement).unwrap();
    assert_eq!(balance(&mut stage, Purse::of(ada)), Money(0));
    let bo = Purse::of(stage.no("Bo"));
    assert_eq!(balance(&mut stage, bo), Money(30 * MICROS));
    assert_eq!(balance(&mut stage, Purse::ESCROW), Money(0));
}

#[test]
fn words_of_what_is_long_over_leave_the_village() {
    let mut stage = stage();
    stage.act("Ada", act(BountyAct::Withdraw { bounty: 0 }));
    let over = bounty(&stage);
    assert_eq!(over.text, "Blue.", "the last ones are kept");
    // As if a thousand more had ended since.
    stage.edit(|state| {
        let many = std::iter::repeat_n(over.clone(), WORDS_KEPT_MAX - 1);
        state.economy.bounties.extend(many);
    });
    stage.act("Ada", open());
    let last = WORDS_KEPT_MAX as u32;
    stage.act("Ada", act(BountyAct::Withdraw { bounty: last }));
    let image = stage.village.image();
    let kept = |no: u32| !image.state.economy.bounties[no as usize].text.is_empty();
    assert!(!kept(0) && kept(1) && kept(last));
    assert_eq!(bounty(&stage).title, "Paint the fence");
}

#[test]
fn announcing_is_writing_and_has_its_share_of_the_hour() {
    let mut stage = stage();
    let withdraw = |bounty| act(BountyAct::Withdraw { bounty });
    for bounty in 0..1_000 {
        stage.act("Ada", withdraw(bounty));
        let agent = stage.id("Ada");
        let again = stage.command(Command::Act { agent, act: open() });
        if let Err(refused) = again {
            assert_eq!(refused.code, RejectionCode::Quota);
            return;
        }
    }
    panic!("a thousand in an hour");
}
