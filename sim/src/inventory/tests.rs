//! Goods that change hands and lie about, tried out in the little town.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;

use super::*;
use crate::testing::Stage;

const SQUARE: [(&str, (u16, u16)); 3] = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Far", (2, 5))];

fn stage() -> Stage {
    let mut stage = Stage::of(&SQUARE);
    stage.edit(|state| {
        let bags = [
            vec![(Item::Bread, 3), (Item::Tools, 1)],
            vec![(Item::Tools, 11)],
            vec![(Item::Honey, 2)],
        ];
        for (resident, bag) in state.residents.iter_mut().zip(bags) {
            resident.inventory = bag;
        }
    });
    stage
}

fn bags(stage: &Stage) -> Vec<Vec<(Item, u16)>> {
    let residents = stage.state().residents.into_iter();
    residents.map(|it| it.inventory).collect()
}

fn give(stage: &Stage, to: &str, item: &str, count: u16) -> Act {
    Act::Give {
        to: stage.id(to),
        item: item.to_owned(),
        count,
    }
}

fn trade(stage: &Stage, with: &str, give: &str, want: &str) -> Act {
    Act::Trade {
        with: stage.id(with),
        give: give.to_owned(),
        want: want.to_owned(),
    }
}

fn drop(item: &str, count: u16) -> Act {
    let item = item.to_owned();
    Act::Drop { item, count }
}

fn pick_up(item: &str, count: u16) -> Act {
    let item = item.to_owned();
    Act::PickUp { item, count }
}

#[test]
fn a_gift_changes_hands_and_pleases() {
    let mut stage = stage();
    let mood = stage.resident("Bo").mood;
    let present = give(&stage, "Bo", "bread", 1);
    stage.act("Ada", present);
    let bread = |count| (Item::Bread, count);
    let tools = |count| (Item::Tools, count);
    let expected = [
        vec![bread(2), tools(1)],
        vec![bread(1), tools(11)],
        vec![(Item::Honey, 2)],
    ];
    assert_eq!(bags(&stage), expected);
    let gave = Event::Gave {
        agent: stage.id("Ada"),
        to: stage.id("Bo"),
        item: "bread".to_owned(),
        count: 1,
    };
    assert_eq!(stage.events(), [gave]);
    let bo = stage.resident("Bo");
    let received = SeenImage::Received(stage.no("Ada"), Item::Bread);
    assert_eq!(bo.observations.last().map(|it| &it.what), Some(&received));
    assert_eq!(bo.mood, mood + 60);
    let tie = |it: &hamlet_protocol::image::ResidentImage| {
        (it.relations[0].closeness, it.relations[0].liking)
    };
    assert_eq!(tie(&bo), (40, 60));
    assert_eq!(tie(&stage.resident("Ada")), (20, 20));
    assert_eq!(stage.state().totals["gifts"], 1);
}

#[test]
fn goods_lie_where_they_are_dropped() {
    let mut stage = stage();
    stage.act("Ada", drop("bread", 2));
    let at = Point::new(14, 5);
    let lying = |count| hamlet_protocol::image::GroundImage {
        at,
        item: Item::Bread,
        count,
    };
    assert_eq!(stage.state().ground, [lying(2)]);
    stage.edit(|_state| {});
    stage.act("Ada", Act::Step { dx: 0, dy: -1 });
    stage.act("Bo", Act::Step { dx: -1, dy: 0 });
    stage.ticks(1);
    stage.events();
    let two = pick_up("bread", 2);
    assert_eq!(
        stage.refused("Bo", two),
        RejectionCode::Inventory,
        "no room"
    );
    stage.act("Bo", pick_up("bread", 1));
    assert_eq!(stage.state().ground, [lying(1)]);
    stage.act("Bo", drop("bread", 1));
    assert_eq!(stage.state().ground, [lying(2)]);
    let (agent, item, count) = (stage.id("Bo"), "bread".to_owned(), 1);
    let picked = Event::PickedUp {
        agent,
        at,
        item: item.clone(),
        count,
    };
    let dropped = Event::Dropped {
        agent,
        at,
        item,
        count,
    };
    assert_eq!(stage.events(), [picked, dropped]);
}

#[test]
fn what_is_not_there_or_has_no_room_does_not_change_hands() {
    let mut stage = stage();
    stage.edit(|state| {
        state.ground = vec![hamlet_protocol::image::GroundImage {
            at: Point::new(14, 5),
            item: Item::Bread,
            count: PILE_MAX,
        }];
    });
    let refused = [
        (RejectionCode::Inventory, give(&stage, "Bo", "bread", 2)),
        (RejectionCode::Inventory, give(&stage, "Bo", "bread", 4)),
        (RejectionCode::Inventory, give(&stage, "Bo", "fish", 1)),
        (RejectionCode::Invalid, give(&stage, "Bo", "bread", 0)),
        (RejectionCode::NotFound, give(&stage, "Bo", "Bread", 1)),
        (RejectionCode::Invalid, give(&stage, "Ada", "bread", 1)),
        (RejectionCode::TooFar, give(&stage, "Far", "bread", 1)),
        (RejectionCode::Invalid, drop("bread", 0)),
        (RejectionCode::Inventory, drop("bread", 4)),
        (RejectionCode::Limit, drop("bread", 1)),
        (RejectionCode::Invalid, pick_up("bread", 0)),
        (RejectionCode::Inventory, pick_up("bread", 9)),
        (RejectionCode::Inventory, pick_up("honey", 1)),
        (RejectionCode::NotFound, pick_up("gold", 1)),
        (
            RejectionCode::Forbidden,
            trade(&stage, "Bo", "bread", "tools"),
        ),
        (
            RejectionCode::Inventory,
            trade(&stage, "Bo", "fish", "tools"),
        ),
        (
            RejectionCode::Invalid,
            trade(&stage, "Bo", "bread", "bread"),
        ),
        (
            RejectionCode::TooFar,
            trade(&stage, "Far", "bread", "honey"),
        ),
    ];
    for (code, act) in refused {
        assert_eq!(stage.refused("Ada", act.clone()), code, "{act:?}");
    }
}

#[test]
fn those_who_live_by_habit_swap_what_they_have_plenty_of() {
    let mut stage = stage();
    stage.edit_resident("Bo", |bo| bo.mind = MindKind::Scripted);
    let swap = |stage: &mut Stage, given: &str, want: &str| {
        let act = trade(stage, "Bo", given, want);
        stage.act("Ada", act)
    };
    let answer = |agreed| Outcome::TradeAnswer { agreed };
    assert_eq!(
        swap(&mut stage, "tools", "honey"),
        answer(false),
        "has none"
    );
    assert_eq!(swap(&mut stage, "bread", "tools"), answer(true));
    let traded = Event::Traded {
        agent: stage.id("Ada"),
        with: stage.id("Bo"),
        gave: "bread".to_owned(),
        got: "tools".to_owned(),
    };
    assert_eq!(stage.events(), [traded]);
    let expected = [
        vec![(Item::Bread, 2), (Item::Tools, 2)],
        vec![(Item::Bread, 1), (Item::Tools, 10)],
    ];
    assert_eq!(bags(&stage)[..2], expected);
    assert_eq!(
        swap(&mut stage, "tools", "bread"),
        answer(false),
        "a bad bargain"
    );
    assert_eq!(bags(&stage)[..2], expected);
    assert_eq!(stage.state().totals["trades"], 1);
    stage.edit_resident("Bo", |bo| {
        bo.doing.activity = hamlet_protocol::agent::Activity::Sleeping;
    });
    let asleep = trade(&stage, "Bo", "bread", "tools");
    assert_eq!(stage.refused("Ada", asleep), RejectionCode::Forbidden);
}

#[test]
fn food_is_worth_more_and_plenty_less() {
    let worths = |item| (0..4).map(|owned| worth(item, owned)).collect::<Vec<_>>();
    assert_eq!(worths(Item::Bread), [120, 60, 40, 30]);
    assert_eq!(worths(Item::Tools), [100, 50, 33, 25]);
    assert_eq!(worth(Item::Tools, u16::MAX), 0);
}
