//! Ways in which a grant could be given away as goods.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::Command;
use hamlet_protocol::economy::command::{EconomyAct, EconomyCommand, Side};
use hamlet_protocol::map::LandmarkKind;
use hamlet_protocol::money::MICROS;
use uuid::Uuid;

use super::*;
use crate::testing::Stage;

const HOUR_MS: i64 = 3_600_000;
/// What Ada pays for a loaf, in micro-aiDollars.
const PRICE: i64 = 500_000;
const FORBIDDEN: RejectionCode = RejectionCode::Forbidden;

fn order(side: Side, count: u16, price: i64) -> Act {
    Act::Economy(EconomyAct::Order {
        side,
        item: Item::Bread,
        count,
        price: Money(price),
    })
}

fn give(stage: &Stage, item: &str, count: u16) -> Act {
    let (to, item) = (stage.id("Bo"), item.to_owned());
    Act::Give { to, item, count }
}

fn drop_bread(count: u16) -> Act {
    let item = "bread".to_owned();
    Act::Drop { item, count }
}

fn pay(stage: &Stage, to: &str, micros: i64) -> Act {
    Act::Economy(EconomyAct::Pay {
        to: stage.id(to),
        amount: Money(micros),
        memo: String::new(),
        client: None,
    })
}

/// Why Ada may not.
fn refused(stage: &mut Stage, act: Act) -> RejectionCode {
    stage.events();
    stage.refused("Ada", act)
}

/// Ada and Bo drive themselves, were given 25, and stand in the market with Cy, who lives here: Ada bought four loaves from Cy.
fn shopping() -> Stage {
    let people = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Cy", (16, 5))];
    let mut stage = Stage::with(&people, |scenario| {
        scenario.economy.grant = Money(25 * MICROS);
        scenario.economy.newcomer_hours = 1;
        // Nobody goes home meanwhile.
        scenario.rules.external_idle_secs = 86_400;
        for population in &mut scenario.populations {
            if population.personas.iter().all(|it| it.name != "Cy") {
                population.mind = MindKind::External;
            }
        }
    });
    let landmark = stage.place(&LandmarkKind::Market);
    let (market, map) = (stage.number(landmark), stage.village.map().clone());
    let tiles = map.landmarks[market as usize].area.tiles();
    for ((name, _), to) in people.iter().zip(tiles) {
        let agent = stage.id(name);
        stage
            .command(Command::Place { agent, to })
            .expect("there is room");
        stage.edit_resident(name, |it| it.inventory.clear());
    }
    stage.edit_resident("Cy", |cy| {
        cy.inventory = vec![(Item::Bread, 4), (Item::Cloth, 5)];
    });
    let open = Some(true);
    stage
        .command(Command::SetOpen { landmark, open })
        .expect("a market opens");
    stage.act("Cy", order(Side::Offer, 4, PRICE));
    stage.act("Ada", order(Side::Request, 4, PRICE));
    stage.ticks(1);
    assert_eq!(stage.resident("Ada").inventory, [(Item::Bread, 4)]);
    // It is remembered with the rest of the world.
    stage.edit(|_state| {});
    stage
}

#[test]
fn what_a_grant_bought_is_not_given_nor_left_for_others_nor_sold_for_less() {
    let mut stage = shopping();
    let one = give(&stage, "bread", 1);
    assert_eq!(refused(&mut stage, one.clone()), FORBIDDEN);
    assert_eq!(refused(&mut stage, drop_bread(1)), FORBIDDEN);
    let cheap = order(Side::Offer, 1, PRICE - 1);
    assert_eq!(refused(&mut stage, cheap), FORBIDDEN);
    // At what it cost it is sold; what comes back is what it was.
    stage.act("Ada", order(Side::Offer, 3, PRICE));
    assert_eq!(refused(&mut stage, one.clone()), FORBIDDEN);
    let last = stage.state().economy.market.orders_made;
    stage.act("Ada", Act::Economy(EconomyAct::CancelOrder { order: last }));
    assert_eq!(stage.resident("Ada").inventory, [(Item::Bread, 4)]);
    let all = give(&stage, "bread", 4);
    assert_eq!(refused(&mut stage, all), FORBIDDEN);
    assert_eq!(refused(&mut stage, one), FORBIDDEN);
}

#[test]
fn what_is_sold_at_its_cost_is_money_again() {
    let mut stage = shopping();
    stage.act("Ada", order(Side::Offer, 4, PRICE));
    stage.act("Cy", order(Side::Request, 2, PRICE));
    stage.ticks(1);
    let economy = stage.state().economy;
    let rest: Vec<_> = economy.market.orders.values().collect();
    let two = BoughtImage {
        count: 2,
        cost: 2 * PRICE,
    };
    assert_eq!((rest[0].left, rest[0].bought), (2, Some(two)));
    assert!(economy.bought.is_empty(), "{:?}", economy.bought);
}

#[test]
fn what_was_not_bought_goes_first() {
    let mut stage = shopping();
    stage.edit_resident("Ada", |ada| ada.inventory = vec![(Item::Bread, 5)]);
    let one = give(&stage, "bread", 1);
    stage.act("Ada", one.clone());
    assert_eq!(refused(&mut stage, one.clone()), FORBIDDEN);
    // Nor was what others gave.
    stage.edit_resident("Ada", |ada| ada.inventory.clear());
    stage.edit_resident("Bo", |bo| bo.inventory = vec![(Item::Honey, 1)]);
    let to = stage.id("Ada");
    let honey = "honey".to_owned();
    stage.act(
        "Bo",
        Act::Give {
            to,
            item: honey,
            count: 1,
        },
    );
    let honey = give(&stage, "honey", 1);
    stage.act("Ada", honey);
}

#[test]
fn whoever_earns_gives_away_that_much_in_goods_or_money_and_once() {
    let mut stage = shopping();
    let wage = pay(&stage, "Ada", MICROS);
    stage.act("Cy", wage);
    let (two, three) = (give(&stage, "bread", 2), give(&stage, "bread", 3));
    assert_eq!(refused(&mut stage, three), FORBIDDEN);
    stage.act("Ada", two);
    let cent = pay(&stage, "Bo", 10_000);
    assert_eq!(refused(&mut stage, cent), FORBIDDEN);
    assert_eq!(refused(&mut stage, drop_bread(1)), FORBIDDEN);
}

#[test]
fn a_swap_hides_nothing() {
    let mut stage = shopping();
    stage.edit_resident("Cy", |cy| cy.mind = MindKind::Scripted);
    let swap = Act::Trade {
        with: stage.id("Cy"),
        give: "bread".to_owned(),
        want: "cloth".to_owned(),
    };
    stage.act("Ada", swap);
    let bag = [(Item::Bread, 3), (Item::Cloth, 1)];
    assert_eq!(stage.resident("Ada").inventory, bag);
    let cloth = give(&stage, "cloth", 1);
    assert_eq!(refused(&mut stage, cloth), FORBIDDEN);
}

#[test]
fn whoever_is_claimed_and_no_newcomer_gives_what_they_like() {
    let mut stage = shopping();
    let own = EconomyCommand::Own {
        agent: stage.id("Ada"),
        owner: Some(Uuid::from_u128(5)),
        person: None,
    };
    stage
        .command(Command::Economy(Box::new(own)))
        .expect("somebody claims them");
    let later = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(later));
    let four = give(&stage, "bread", 4);
    stage.act("Ada", four);
    assert!(stage.state().economy.bought.is_empty());
}

#[test]
fn what_is_paid_beyond_a_fair_price_is_given_away_once_and_for_all() {
    let mut stage = shopping();
    let ada = stage.no("Ada");
    stage.in_town(|town| town.note_bought(ada, Item::Honey, 1, 9 * MICROS));
    stage.edit_resident("Ada", |it| it.inventory = vec![(Item::Honey, 1)]);
    // Twice the 0.6 that honey usually costs.
    let spent = stage.in_town(|town| town.spent_on_goods(ada));
    assert_eq!(spent, 1_200_000);
}
