#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{MindKind, Need};
use hamlet_protocol::command::{Command, Outcome, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::{
    BountyAct, EconomyAct, EconomyCommand, EconomyOutcome, Feedback, Reserve, Side, Usage,
};
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::economy::image::BountyState;
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::map::LandmarkKind;
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Moderator, Subject};
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::{AuctionSpec, Pricing};
use hamlet_protocol::social::notice::NoticeKind;

use super::ledger::{AMOUNT_MAX, Purse};
use crate::testing::Stage;

const HOUR_MS: i64 = 3_600_000;

fn whole(amount: i64) -> Money {
    Money(amount * MICROS)
}

/// Ada and Bo, who read what they are told, with 25 aiDollars each.
fn stage() -> Stage {
    Stage::with(&[("Ada", (14, 5)), ("Bo", (15, 5))], |scenario| {
        scenario.economy.grant = whole(25);
        for population in &mut scenario.populations {
            population.mind = MindKind::External;
        }
    })
}

fn balance(stage: &mut Stage, name: &str) -> Money {
    let no = stage.no(name);
    stage.in_town(|town| town.economy.ledger.balance(Purse::of(no)))
}

fn available(stage: &mut Stage, name: &str) -> Money {
    let no = stage.no(name);
    stage.in_town(|town| town.available(no))
}

fn order(stage: &mut Stage, command: EconomyCommand) -> EconomyOutcome {
    let answer = stage.command(Command::Economy(Box::new(command)));
    match answer.unwrap().outcome {
        Outcome::Economy(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

/// Why something is refused now: budgets and caps are of an hour or a day, so the stamp must not move.
fn refused(stage: &mut Stage, command: EconomyCommand) -> RejectionCode {
    let before = stage.village.image();
    let answer = stage.command(Command::Economy(Box::new(command)));
    assert!(stage.village.image() == before, "it left a trace");
    answer.unwrap_err().code
}

fn person(stage: &mut Stage, name: &str) -> AgentId {
    let command = Command::Enrol {
        name: name.to_owned(),
        display_name: name.to_owned(),
        speaks_for_town: false,
    };
    match stage.command(command).unwrap().outcome {
        Outcome::Spawned { agent } => agent,
        other => panic!("{other:?}"),
    }
}

fn feedback(agent: AgentId, amount: i64) -> Feedback {
    Feedback {
        by: None,
        agent,
        amount: whole(amount),
        reason: "well done".to_owned(),
        post: None,
        client: None,
    }
}

fn kinds(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::kind).collect()
}

#[test]
fn everybody_begins_with_a_grant_and_the_books_balance() {
    let mut stage = stage();
    assert_eq!(balance(&mut stage, "Ada"), whole(25));
    stage.ticks(3);
    let image = stage.village.image().state.economy;
    assert!(image.founded);
    let sum: i64 = image
        .ledger
        .members
        .iter()
        .chain(&image.ledger.system)
        .sum();
    assert_eq!((sum, image.ledger.transfers), (0, 3));
    // A world of older rules founds its economy in its next tick.
    stage.edit(|state| state.economy = Default::default());
    assert_eq!(balance(&mut stage, "Ada"), Money(0));
    stage.ticks(1);
    assert_eq!(balance(&mut stage, "Ada"), whole(25));
}

#[test]
fn a_reward_lifts_the_tier_and_with_it_the_limits_and_a_penalty_brings_it_back() {
    let mut stage = stage();
    let (ada, no) = (stage.id("Ada"), stage.no("Ada"));
    let mira = person(&mut stage, "mira");
    stage.events();
    let note = stage.post("Ada", "A goat is found");
    let given = Feedback {
        by: Some(mira),
        post: Some(note),
        ..feedback(ada, 30)
    };
    stage.events();
    order(&mut stage, EconomyCommand::Feedback(given.clone()));
    let events = stage.events();
    assert_eq!(
        kinds(&events),
        ["transfer", "tier", "notice", "notice", "reward"]
    );
    assert_eq!(balance(&mut stage, "Ada"), whole(55));
    let allowed = |stage: &mut Stage| stage.in_town(|town| town.entitlement(no).scaled(10));
    assert_eq!(allowed(&mut stage), 20);
    let inbox = stage
        .village
        .view()
        .inboxes
        .get(no as usize)
        .cloned()
        .flatten()
        .unwrap();
    let reward = inbox
        .notices
        .iter()
        .find(|it| it.kind == NoticeKind::Reward)
        .unwrap();
    assert_eq!(
        (reward.from, reward.post, reward.text.as_str()),
        (Some(mira), Some(note), "well done")
    );
    let seen = stage.resident("Ada").observations;
    assert!(format!("{seen:?}").contains("A goat is found"), "{seen:?}");
    // A day's budget of a person is spent by giving and by taking.
    let taken = Feedback {
        amount: whole(-20),
        ..given.clone()
    };
    order(&mut stage, EconomyCommand::Feedback(taken.clone()));
    assert_eq!(
        (balance(&mut stage, "Ada"), allowed(&mut stage)),
        (whole(35), 10)
    );
    stage.events();
    let much = Feedback {
        amount: whole(51),
        ..given
    };
    assert_eq!(
        refused(&mut stage, EconomyCommand::Feedback(much)),
        RejectionCode::Quota
    );
    // A penalty takes at most what is there, and says so.
    let ruinous = feedback(ada, -1_000);
    let outcome = order(&mut stage, EconomyCommand::Feedback(ruinous.clone()));
    let EconomyOutcome::Transferred {
        amount, balance, ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!((amount, balance), (whole(-35), Money(0)));
    let outcome = order(&mut stage, EconomyCommand::Feedback(ruinous));
    assert!(matches!(
        outcome,
        EconomyOutcome::Transferred {
            transfer: 0,
            amount: Money(0),
            ..
        }
    ));
    let view = stage.village.view();
    let purse = view.economy.purses.get(no as usize).copied().unwrap();
    assert_eq!((purse.balance, purse.tier), (Money(0), 0));
    stage.edit(|_state| {});
}

#[test]
fn feedback_that_makes_no_sense_is_refused() {
    let mut stage = stage();
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    let note = stage.post("Bo", "A goat is found");
    stage.events();
    let good = feedback(ada, 1);
    for (given, code) in [
        (
            Feedback {
                amount: Money(0),
                ..good.clone()
            },
            RejectionCode::Invalid,
        ),
        (
            Feedback {
                amount: Money(i64::MIN),
                ..good.clone()
            },
            RejectionCode::Invalid,
        ),
        (
            Feedback {
                reason: " ".to_owned(),
                ..good.clone()
            },
            RejectionCode::Invalid,
        ),
        (
            Feedback {
                post: Some(note),
                ..good.clone()
            },
            RejectionCode::Invalid,
        ),
        (
            Feedback {
                agent: AgentId(uuid::Uuid::nil()),
                ..good.clone()
            },
            RejectionCode::NotFound,
        ),
        (
            Feedback {
                by: Some(AgentId(uuid::Uuid::nil())),
                ..good.clone()
            },
            RejectionCode::NotFound,
        ),
    ] {
        assert_eq!(refused(&mut stage, EconomyCommand::Feedback(given)), code);
    }
    // The same once more, under one name, is done once; another under it is refused.
    let named = Feedback {
        client: Some("a-1".to_owned()),
        ..good
    };
    let first = order(&mut stage, EconomyCommand::Feedback(named.clone()));
    assert_eq!(
        order(&mut stage, EconomyCommand::Feedback(named.clone())),
        first
    );
    assert_eq!(balance(&mut stage, "Ada"), whole(26));
    stage.events();
    let other = Feedback { agent: bo, ..named };
    assert_eq!(
        refused(&mut stage, EconomyCommand::Feedback(other)),
        RejectionCode::Already
    );
}

#[test]
fn an_answer_is_a_reason_as_long_as_it_can_be_read() {
    let mut stage = stage();
    let post = stage.post("Bo", "A goat is found");
    let comment = stage.comment("Ada", post, None);
    let given = Feedback {
        post: Some(post),
        ..feedback(stage.id("Ada"), 1)
    };
    order(&mut stage, EconomyCommand::Feedback(given.clone()));
    assert_eq!(balance(&mut stage, "Ada"), whole(26));
    stage.act("Ada", Act::DeleteComment { comment });
    stage.events();
    assert_eq!(
        refused(&mut stage, EconomyCommand::Feedback(given)),
        RejectionCode::Invalid
    );
}

#[test]
fn members_pay_one_another_what_they_have() {
    let mut stage = stage();
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    let pay = |to, amount: i64| {
        Act::Economy(EconomyAct::Pay {
            to,
            amount: whole(amount),
            memo: "for the fish".to_owned(),
            client: None,
        })
    };
    stage.act("Ada", pay(bo, 5));
    assert_eq!(
        (balance(&mut stage, "Ada"), balance(&mut stage, "Bo")),
        (whole(20), whole(30))
    );
    stage.events();
    for (act, code) in [
        (pay(bo, 21), RejectionCode::Funds),
        (pay(ada, 1), RejectionCode::Invalid),
        (pay(bo, 0), RejectionCode::Invalid),
        (pay(bo, -5), RejectionCode::Invalid),
        (pay(AgentId(uuid::Uuid::nil()), 1), RejectionCode::NotFound),
    ] {
        assert_eq!(stage.refused("Ada", act), code);
    }
}

#[test]
fn money_from_outside_counts_once() {
    let mut stage = stage();
    let ada = stage.id("Ada");
    let deposit = |txn: &str| EconomyCommand::Deposit {
        agent: ada,
        amount: whole(10),
        txn: txn.to_owned(),
        note: String::new(),
    };
    order(&mut stage, deposit("9XY"));
    assert_eq!(balance(&mut stage, "Ada"), whole(35));
    stage.events();
    assert_eq!(refused(&mut stage, deposit("9XY")), RejectionCode::Already);
    assert_eq!(refused(&mut stage, deposit("a b")), RejectionCode::Invalid);
    // It is remembered in an image.
    stage.edit(|_state| {});
    assert_eq!(refused(&mut stage, deposit("9XY")), RejectionCode::Already);
}

#[test]
fn no_more_is_issued_than_can_be_added_up() {
    let mut stage = stage();
    let ada = stage.id("Ada");
    let deposit = |no: u32| EconomyCommand::Deposit {
        agent: ada,
        amount: AMOUNT_MAX,
        txn: format!("T{no}"),
        note: String::new(),
    };
    for no in 0..9 {
        order(&mut stage, deposit(no));
    }
    stage.events();
    assert_eq!(refused(&mut stage, deposit(9)), RejectionCode::Limit);
    let mut reward = feedback(ada, 1);
    reward.amount = AMOUNT_MAX;
    let reward = EconomyCommand::Feedback(reward);
    assert_eq!(refused(&mut stage, reward), RejectionCode::Limit);
    stage.ticks(3);
    let supply = stage.in_town(|town| {
        let purses = town.measure_purses();
        town.economy.measure("ledger.supply", &purses)
    });
    assert!(supply.is_some_and(|supply| supply > 8e12), "{supply:?}");
}

#[test]
fn a_tier_can_be_bought_for_a_time() {
    let mut stage = stage();
    let no = stage.no("Ada");
    let buy = |tier, hours| {
        Act::Economy(EconomyAct::Purchase {
            tier,
            hours,
            client: None,
        })
    };
    stage.act("Ada", buy(1, 2));
    assert_eq!(balance(&mut stage, "Ada"), whole(23));
    let tier = |stage: &mut Stage| stage.in_town(|town| town.tier(no));
    assert_eq!(tier(&mut stage), 1);
    stage.events();
    assert_eq!(stage.refused("Ada", buy(2, 10)), RejectionCode::Funds);
    assert_eq!(stage.refused("Ada", buy(0, 1)), RejectionCode::Invalid);
    assert_eq!(stage.refused("Ada", buy(9, 1)), RejectionCode::NotFound);
    let over = stage.village.stamp_ms() + 2 * HOUR_MS;
    stage.village.tick(Some(over - 1));
    assert_eq!(tier(&mut stage), 1);
    stage.village.tick(Some(over));
    assert_eq!(tier(&mut stage), 0);
}

fn thought(agent: AgentId, tokens: u64) -> EconomyCommand {
    EconomyCommand::Reserve(Reserve {
        agent,
        owner: Some(uuid::Uuid::from_u128(5)),
        estimate: Usage {
            tokens_in: tokens,
            ..Usage::default()
        },
        purpose: "thought".to_owned(),
        model: "tiny".to_owned(),
        ttl_secs: 60,
    })
}

#[test]
fn a_thought_is_reserved_and_then_costs_what_it_used() {
    let mut stage = stage();
    let ada = stage.id("Ada");
    // 100 000 tokens at 0.5 for a million.
    let outcome = order(&mut stage, thought(ada, 100_000));
    let EconomyOutcome::Reserved {
        reservation,
        amount,
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!(amount, Money(50_000));
    assert_eq!(available(&mut stage, "Ada"), Money(25 * MICROS - 50_000));
    let usage = Usage {
        tokens_in: 20_000,
        tokens_out: 10_000,
        ..Usage::default()
    };
    let settle = EconomyCommand::Settle { reservation, usage };
    assert_eq!(
        order(&mut stage, settle.clone()),
        EconomyOutcome::Settled {
            amount: Money(25_000)
        }
    );
    assert_eq!(available(&mut stage, "Ada"), Money(25 * MICROS - 25_000));
    stage.events();
    assert_eq!(refused(&mut stage, settle), RejectionCode::NotFound);
    let costs = stage.village.image().state.economy.costs;
    let cost = costs.values().next().unwrap();
    assert_eq!(
        (cost.count, cost.tokens_out, cost.amount),
        (1, 10_000, 25_000)
    );
    // One that nobody settles is free again by itself.
    order(&mut stage, thought(ada, 100_000));
    stage.edit(|_state| {});
    let over = stage.village.stamp_ms() + 60_000;
    stage.village.tick(Some(over));
    assert_eq!(available(&mut stage, "Ada"), Money(25 * MICROS - 25_000));
    let spent = stage.village.image().state.economy.spent;
    assert_eq!((spent.village.in_hour, spent.village.runs), (25_000, 2));
}

#[test]
fn caps_stop_thoughts_and_so_does_an_empty_purse() {
    let mut stage = Stage::with(&[("Ada", (14, 5)), ("Bo", (15, 5))], |scenario| {
        scenario.economy.grant = whole(25);
        scenario
            .economy
            .budgets
            .insert("owner_hour".to_owned(), Money(60_000));
        scenario
            .economy
            .budgets
            .insert("agent_hour".to_owned(), Money(55_000));
    });
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    order(&mut stage, thought(ada, 100_000));
    stage.events();
    assert_eq!(
        refused(&mut stage, thought(ada, 20_000)),
        RejectionCode::Quota
    );
    // Bo has the same owner.
    assert_eq!(
        refused(&mut stage, thought(bo, 100_000)),
        RejectionCode::Quota
    );
    order(&mut stage, thought(bo, 10_000));
    let later = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(later));
    order(&mut stage, thought(ada, 100_000));
    order(&mut stage, EconomyCommand::Feedback(feedback(bo, -1_000)));
    stage.events();
    assert_eq!(refused(&mut stage, thought(bo, 1)), RejectionCode::Funds);
    assert_eq!(
        refused(&mut stage, thought(ada, 1_000_000_000)),
        RejectionCode::Quota
    );
}

/// Ada and Bo stand in the market; Ada has three loaves.
fn at_market() -> Stage {
    let mut stage = stage();
    let place = stage.place(&LandmarkKind::Market);
    let no = stage.number(place);
    let (market, map) = (no as usize, stage.village.map().clone());
    let tiles: Vec<_> = map.landmarks[market].area.tiles().collect();
    for (name, at) in [("Ada", tiles[0]), ("Bo", tiles[1])] {
        let agent = stage.id(name);
        stage.command(Command::Place { agent, to: at }).unwrap();
    }
    stage.edit_resident("Ada", |ada| ada.inventory = vec![(Item::Bread, 3)]);
    stage.edit_resident("Bo", |bo| bo.inventory.clear());
    let open = Some(true);
    stage
        .command(Command::SetOpen {
            landmark: place,
            open,
        })
        .unwrap();
    stage.events();
    stage
}

fn trade(side: Side, count: u16, price: i64) -> Act {
    Act::Economy(EconomyAct::Order {
        side,
        item: Item::Bread,
        count,
        price: Money(price),
    })
}

#[test]
fn whoever_was_first_sets_the_price_and_the_books_are_kept() {
    let mut stage = at_market();
    stage.act("Ada", trade(Side::Offer, 2, 500_000));
    assert_eq!(stage.resident("Ada").inventory, [(Item::Bread, 1)]);
    stage.act("Bo", trade(Side::Request, 3, 700_000));
    assert_eq!(available(&mut stage, "Bo"), Money(25 * MICROS - 2_100_000));
    stage.ticks(1);
    // Two loaves at the price of the older order, less the town's share; the third is still asked for.
    assert_eq!(stage.resident("Bo").inventory, [(Item::Bread, 2)]);
    assert_eq!(balance(&mut stage, "Bo"), Money(24 * MICROS));
    assert_eq!(available(&mut stage, "Bo"), Money(24 * MICROS - 700_000));
    assert_eq!(balance(&mut stage, "Ada"), Money(26 * MICROS - 20_000));
    let market = stage.village.image().state.economy.market;
    assert_eq!(
        (market.prices[&Item::Bread], market.sold[&Item::Bread]),
        (500_000, 2)
    );
    // Orders live in an image, and end by themselves.
    stage.edit(|_state| {});
    stage.act("Ada", trade(Side::Offer, 1, 700_000));
    stage.ticks(1);
    assert_eq!(stage.resident("Bo").inventory, [(Item::Bread, 3)]);
    stage.act("Ada", Act::Stop);
    stage.events();
    assert_eq!(
        stage.refused("Ada", trade(Side::Offer, 1, 1)),
        RejectionCode::Inventory
    );
    assert_eq!(
        stage.refused("Bo", trade(Side::Request, 100, MICROS)),
        RejectionCode::Funds
    );
    assert_eq!(
        stage.refused("Bo", trade(Side::Request, 0, 1)),
        RejectionCode::Invalid
    );
    assert_eq!(
        stage.refused("Bo", trade(Side::Request, 1, 0)),
        RejectionCode::Invalid
    );
}

#[test]
fn an_order_ends_and_gives_back_what_it_held() {
    let mut stage = at_market();
    stage.act("Ada", trade(Side::Offer, 2, 500_000));
    stage.act("Bo", trade(Side::Request, 1, 100_000));
    stage.ticks(1);
    let cancel = |order| Act::Economy(EconomyAct::CancelOrder { order });
    stage.events();
    assert_eq!(stage.refused("Ada", cancel(2)), RejectionCode::NotFound);
    stage.act("Ada", cancel(1));
    assert_eq!(stage.resident("Ada").inventory, [(Item::Bread, 3)]);
    // A day later the request is void.
    stage.ticks(24 * 600 + 1);
    assert!(stage.village.image().state.economy.market.orders.is_empty());
    assert_eq!(stage.village.image().state.economy.ledger.pending.len(), 0);
}

#[test]
fn a_bounty_is_paid_when_it_is_accepted_with_the_fee_shown_before() {
    let mut stage = stage();
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    let mira = person(&mut stage, "mira");
    order(&mut stage, EconomyCommand::Feedback(feedback(ada, 76)));
    let act = |act| Act::Economy(EconomyAct::Bounty(act));
    let open = BountyAct::Open {
        title: "Paint the fence".to_owned(),
        text: "Blue.".to_owned(),
        reward: whole(100),
        hours: 2,
    };
    stage.act("Ada", act(open.clone()));
    assert_eq!(balance(&mut stage, "Ada"), Money(0), "100 and 1 per cent");
    let claim = BountyAct::Claim {
        bounty: 0,
        shares: vec![(bo, 700), (mira, 300)],
    };
    stage.act("Bo", act(claim.clone()));
    stage.events();
    assert_eq!(
        stage.refused("Bo", act(claim)),
        RejectionCode::Already,
        "claimed twice"
    );
    let submit = BountyAct::Submit {
        bounty: 0,
        deliverable: "See the fence.".to_owned(),
    };
    assert_eq!(
        stage.refused("Bo", act(submit.clone())),
        RejectionCode::Forbidden
    );
    let agree = Command::Act {
        agent: mira,
        act: act(BountyAct::Agree { bounty: 0 }),
    };
    stage.command(agree).unwrap();
    stage.act("Bo", act(submit));
    let reject = BountyAct::Reject {
        bounty: 0,
        reason: "It is green.".to_owned(),
    };
    stage.act("Ada", act(reject));
    let submit = BountyAct::Submit {
        bounty: 0,
        deliverable: "Now it is blue.".to_owned(),
    };
    stage.act("Bo", act(submit));
    stage.edit(|_state| {});
    stage.act("Ada", act(BountyAct::Accept { bounty: 0 }));
    stage.events();
    assert_eq!(
        stage.refused("Ada", act(BountyAct::Accept { bounty: 0 })),
        RejectionCode::Already
    );
    assert_eq!(balance(&mut stage, "Bo"), whole(95));
    let no = stage.number(mira);
    let system = stage.in_town(|town| {
        assert_eq!(town.economy.ledger.balance(Purse::of(no)), whole(30));
        town.economy.ledger.balance(Purse::FEES)
    });
    assert_eq!(system, whole(1));
    assert_eq!(stage.refused("Ada", act(open)), RejectionCode::Funds);
}

#[test]
fn a_bounty_goes_back_when_its_time_is_over_and_to_a_moderator_when_it_is_disputed() {
    let mut stage = stage();
    let act = |act| Act::Economy(EconomyAct::Bounty(act));
    let open = |title: &str| BountyAct::Open {
        title: title.to_owned(),
        text: "Do it.".to_owned(),
        reward: whole(10),
        hours: 1,
    };
    stage.act("Ada", act(open("Nobody comes")));
    stage.act("Ada", act(open("Somebody comes")));
    let claim = BountyAct::Claim {
        bounty: 1,
        shares: Vec::new(),
    };
    stage.act("Bo", act(claim));
    let submit = BountyAct::Submit {
        bounty: 1,
        deliverable: "Done.".to_owned(),
    };
    stage.act("Bo", act(submit));
    let late = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(late));
    let states: Vec<BountyState> = stage
        .village
        .image()
        .state
        .economy
        .bounties
        .iter()
        .map(|it| it.state)
        .collect();
    assert_eq!(states, [BountyState::Refunded, BountyState::Disputed]);
    assert_eq!(balance(&mut stage, "Ada"), Money(25 * MICROS - 10_100_000));
    let settlement = EconomyCommand::Settlement {
        bounty: 1,
        permille: 500,
        reason: "Half of it was done.".to_owned(),
        by: Vec::new(),
        staff: None,
    };
    order(&mut stage, settlement.clone());
    assert_eq!(balance(&mut stage, "Bo"), whole(30));
    assert_eq!(balance(&mut stage, "Ada"), Money(25 * MICROS - 5_050_000));
    stage.events();
    assert_eq!(refused(&mut stage, settlement), RejectionCode::Already);
}

#[test]
fn slots_are_sold_to_those_who_bid_most_at_one_price() {
    let mut stage = Stage::with(
        &[("Ada", (14, 5)), ("Bo", (15, 5)), ("Cleo", (16, 5))],
        |scenario| {
            scenario.economy.grant = whole(25);
            scenario.economy.auction = Some(AuctionSpec {
                every_hours: 1,
                slots: [("fast".to_owned(), 2)].into(),
                reserve_price: Money(100_000),
                pricing: Pricing::Uniform,
            });
        },
    );
    let bid = |price| {
        Act::Economy(EconomyAct::Bid {
            class: "fast".to_owned(),
            slots: 1,
            price: Money(price),
        })
    };
    stage.ticks(1);
    for (name, price) in [("Ada", 2_000_000), ("Bo", 1_000_000), ("Cleo", 3_000_000)] {
        stage.act(name, bid(price));
    }
    stage.act("Bo", bid(1_500_000));
    assert_eq!(available(&mut stage, "Bo"), Money(23_500_000));
    stage.edit(|_state| {});
    assert_eq!(stage.refused("Bo", bid(1)), RejectionCode::Invalid);
    let later = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(later));
    for name in ["Ada", "Cleo"] {
        assert_eq!(
            balance(&mut stage, name),
            Money(23_500_000),
            "{name} pays what Bo offered"
        );
    }
    assert_eq!(
        (balance(&mut stage, "Bo"), available(&mut stage, "Bo")),
        (whole(25), whole(25))
    );
    let auction = stage.village.image().state.economy.auction;
    assert_eq!(
        (auction.rounds, auction.slots.len(), auction.bids.len()),
        (2, 2, 0),
        "the first round was when money was founded, and nobody bid"
    );
    let sold = stage.events().into_iter().find_map(|event| match event {
        Event::Economy(EconomyEvent::Auctioned { sold, price, .. }) => Some((sold, price)),
        _ => None,
    });
    assert_eq!(sold, Some((2, Money(1_500_000))));
}

#[test]
fn a_meal_is_paid_for_and_whoever_starves_is_given_soup() {
    let mut stage = stage();
    let ada = stage.id("Ada");
    let cafe = stage.place(&LandmarkKind::Cafe);
    let no = stage.number(cafe);
    let tile = stage.village.map().landmarks[no as usize]
        .area
        .tiles()
        .next()
        .unwrap();
    stage
        .command(Command::Place {
            agent: ada,
            to: tile,
        })
        .unwrap();
    stage
        .command(Command::SetOpen {
            landmark: cafe,
            open: Some(true),
        })
        .unwrap();
    let hungry = |stage: &mut Stage, food: u16| {
        stage.edit_resident("Ada", |ada| {
            ada.needs[Need::Food as usize] = food;
            ada.doing = Default::default();
        });
    };
    hungry(&mut stage, 3_000);
    let eat = Act::Use { landmark: cafe };
    stage.act("Ada", eat.clone());
    let meal = stage.in_town(|town| town.meal_price());
    assert_eq!(balance(&mut stage, "Ada"), Money(25 * MICROS - meal.0));
    order(&mut stage, EconomyCommand::Feedback(feedback(ada, -1_000)));
    hungry(&mut stage, 3_000);
    stage.events();
    assert_eq!(stage.refused("Ada", eat.clone()), RejectionCode::Funds);
    hungry(&mut stage, 500);
    stage.act("Ada", eat);
    let flows = stage.village.image().state.economy.ledger.flows;
    assert_eq!(flows[&Code::Meal].0, 1);
    let ada = stage.no("Ada");
    let lived = stage.village.image().state.economy.lived[&ada];
    assert_eq!((lived.cafe, lived.home, lived.soup), (1, 0, 1));
    assert_eq!(lived.feedback, meal.0 - 25 * MICROS);
}

#[test]
fn those_rewarded_and_those_penalised_are_measured_apart() {
    let mut stage = stage();
    let mean = |stage: &mut Stage, name: &str| {
        stage.in_town(|town| {
            let purses = town.measure_purses();
            town.economy.measure(name, &purses).unwrap()
        })
    };
    assert!(mean(&mut stage, "balance.rewarded").is_nan());
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    order(&mut stage, EconomyCommand::Feedback(feedback(ada, 35)));
    order(&mut stage, EconomyCommand::Feedback(feedback(bo, -1_000)));
    let no = stage.no("Bo");
    stage.in_town(|town| town.count_meal(no, super::Meal::Soup));
    for (name, value) in [
        ("balance.rewarded", 60.0),
        ("balance.penalised", 0.0),
        ("tier.rewarded", 1.0),
        ("tier.penalised", 0.0),
        ("soup.rewarded", 0.0),
        ("soup.penalised", 1.0),
        ("meals.soup", 1.0),
    ] {
        assert_eq!(mean(&mut stage, name), value, "{name}");
    }
    // A penalty that finds nothing is one all the same; a reward on top of it tips the balance.
    order(&mut stage, EconomyCommand::Feedback(feedback(bo, -5)));
    assert_eq!(mean(&mut stage, "soup.penalised"), 1.0);
    order(&mut stage, EconomyCommand::Feedback(feedback(bo, 40)));
    assert!(mean(&mut stage, "soup.penalised").is_nan());
    assert_eq!(mean(&mut stage, "soup.rewarded"), 0.5);
    // Who left is no longer asked.
    stage.command(Command::Remove { agent: bo }).unwrap();
    assert_eq!(mean(&mut stage, "soup.rewarded"), 0.0);
}

#[test]
fn a_stimulus_reaches_everybody_and_who_leaves_leaves_no_money_behind() {
    let mut stage = stage();
    let ada = stage.id("Ada");
    let stimulus = EconomyCommand::Stimulus {
        amount: whole(2),
        reason: "a fair".to_owned(),
    };
    assert_eq!(
        order(&mut stage, stimulus),
        EconomyOutcome::Stimulated { residents: 2 }
    );
    assert_eq!(balance(&mut stage, "Bo"), whole(27));
    let no = stage.no("Ada");
    stage.command(Command::Remove { agent: ada }).unwrap();
    stage.ticks(1);
    stage.in_town(|town| assert_eq!(town.economy.ledger.balance(Purse::of(no)), Money(0)));
}

#[test]
fn whoever_is_banned_is_given_nothing_and_what_is_hidden_is_not_rewarded() {
    let mut stage = stage();
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    let post = stage.post("Bo", "A fence");
    let staff = Moderator::Staff(uuid::Uuid::from_u128(7));
    let take = |kind, subject| {
        let measure = Measure {
            by: staff,
            kind,
            subject,
            submolt: None,
            until_ms: None,
            reason: "Enough.".to_owned(),
        };
        Command::Moderation(Box::new(ModerationCommand::Take(measure)))
    };
    let pay = |agent, to| {
        let pay = EconomyAct::Pay {
            to,
            amount: whole(1),
            memo: String::new(),
            client: None,
        };
        let act = Act::Economy(pay);
        Command::Act { agent, act }
    };
    let reward = |post| {
        let given = Feedback {
            post,
            ..feedback(bo, 1)
        };
        Command::Economy(Box::new(EconomyCommand::Feedback(given)))
    };
    // Each is allowed before and refused after what is done.
    let table = [
        (
            reward(Some(post)),
            take(MeasureKind::Remove, Subject::Post(post)),
            RejectionCode::NotFound,
        ),
        (
            pay(ada, bo),
            take(MeasureKind::Ban, Subject::Agent(bo)),
            RejectionCode::Forbidden,
        ),
        (
            pay(bo, ada),
            take(MeasureKind::Ban, Subject::Agent(ada)),
            RejectionCode::Barred,
        ),
    ];
    for (money, measure, why) in table {
        if why != RejectionCode::Barred {
            stage.command(money.clone()).unwrap();
        }
        stage.command(measure).unwrap();
        let before = stage.village.image();
        let refused = stage.command(money).unwrap_err();
        assert_eq!(refused.code, why, "{refused}");
        assert!(stage.village.image() == before, "it left a trace");
    }
    let sum = stage.in_town(|town| town.economy.ledger.sum());
    assert_eq!(sum, 0);
}

/// A bounty of Ada's for an hour, for which Bo has handed something in, and when its time is over.
fn handed_in() -> (Stage, i64) {
    let mut stage = stage();
    let act = |act| Act::Economy(EconomyAct::Bounty(act));
    let open = BountyAct::Open {
        title: "Paint the fence".to_owned(),
        text: "Blue.".to_owned(),
        reward: whole(10),
        hours: 1,
    };
    stage.act("Ada", act(open));
    let (bounty, shares) = (0, Vec::new());
    stage.act("Bo", act(BountyAct::Claim { bounty, shares }));
    let deliverable = "Done.".to_owned();
    stage.act(
        "Bo",
        act(BountyAct::Submit {
            bounty,
            deliverable,
        }),
    );
    let until_ms = stage.state().economy.bounties[0].until_ms;
    (stage, until_ms)
}

#[test]
fn a_bounty_that_ends_while_it_is_accepted_is_paid_once() {
    let accept = Act::Economy(EconomyAct::Bounty(BountyAct::Accept { bounty: 0 }));
    // (whether the time is over before it is accepted, what it is then)
    for (late, then) in [
        (false, BountyState::Submitted),
        (true, BountyState::Disputed),
    ] {
        let (mut stage, until_ms) = handed_in();
        let tick_ms = if late { until_ms } else { until_ms - 1 };
        stage.village.tick(Some(tick_ms));
        assert_eq!(stage.state().economy.bounties[0].state, then);
        stage.act("Ada", accept.clone());
        // The end of its time finds nothing to do any more, however often it is looked at.
        stage.village.tick(Some(until_ms));
        stage.village.tick(Some(until_ms + 1));
        assert_eq!(
            stage.state().economy.bounties[0].state,
            BountyState::Accepted
        );
        assert_eq!(balance(&mut stage, "Bo"), whole(35));
        assert_eq!(balance(&mut stage, "Ada"), Money(25 * MICROS - 10_100_000));
        let escrow = stage.in_town(|town| town.economy.ledger.balance(Purse::ESCROW));
        assert_eq!(escrow, Money(0));
        stage.events();
        assert_eq!(stage.refused("Ada", accept.clone()), RejectionCode::Already);
    }
    // Where nobody works on it any more, the end comes first and gives the money back.
    let (mut stage, until_ms) = handed_in();
    let reject = BountyAct::Reject {
        bounty: 0,
        reason: "Green.".to_owned(),
    };
    for (name, act) in [("Ada", reject), ("Bo", BountyAct::Unclaim { bounty: 0 })] {
        stage.act(name, Act::Economy(EconomyAct::Bounty(act)));
    }
    stage.village.tick(Some(until_ms));
    stage.events();
    assert_eq!(stage.refused("Ada", accept), RejectionCode::Already);
    assert_eq!(balance(&mut stage, "Ada"), whole(25));
}
