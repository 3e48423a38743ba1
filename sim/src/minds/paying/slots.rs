//! What a slot won at auction buys.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::RejectionCode;
use hamlet_protocol::economy::command::EconomyAct;
use hamlet_protocol::minds::ThoughtTerms;
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::{AuctionSpec, Pricing};

use crate::testing::Stage;

const HOUR_MS: i64 = 3_600_000;

/// Three who think with models, and two slots for them.
fn stage(slots: &[(&str, u32)]) -> Stage {
    let people = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Cleo", (16, 5))];
    Stage::with(&people, |scenario| {
        scenario.economy.grant = Money(25 * MICROS);
        scenario.economy.auction = Some(AuctionSpec {
            every_hours: 1,
            slots: slots
                .iter()
                .map(|&(class, count)| (class.to_owned(), count))
                .collect(),
            reserve_price: Money(0),
            pricing: Pricing::Uniform,
        });
        for population in &mut scenario.populations {
            population.mind = MindKind::Llm;
        }
    })
}

/// The class somebody may think with and their place in the queue, or why they may not.
fn asks(stage: &mut Stage, name: &str) -> Result<(String, u8), RejectionCode> {
    let no = stage.no(name);
    stage.in_town(|town| {
        let (reservation, terms) = town.terms_of_thought(no).map_err(|it| it.code)?;
        if let Some(reservation) = reservation {
            town.release_usage(reservation).map_err(|it| it.code)?;
        }
        match terms {
            ThoughtTerms::Paid(permit) => Ok((permit.model, permit.priority)),
            other => panic!("it is paid for: {other:?}"),
        }
    })
}

#[test]
fn who_holds_a_slot_thinks_and_more_slots_go_before_fewer() {
    let mut stage = stage(&[("chat", 2), ("fast", 1)]);
    let chat = |priority| Ok(("chat".to_owned(), priority));
    // All offer the same for one of the two: the first come first.
    assert_eq!(asks(&mut stage, "Ada"), chat(1));
    assert_eq!(asks(&mut stage, "Bo"), chat(1));
    assert_eq!(asks(&mut stage, "Cleo"), Err(RejectionCode::Quota));
    let bid = Act::Economy(EconomyAct::Bid {
        class: "chat".to_owned(),
        slots: 2,
        price: Money(2 * MICROS),
    });
    stage.act("Cleo", bid);
    assert_eq!(asks(&mut stage, "Cleo"), Err(RejectionCode::Quota));
    let later = stage.village.stamp_ms() + HOUR_MS;
    stage.village.tick(Some(later));
    assert_eq!(asks(&mut stage, "Cleo"), chat(2));
    for name in ["Ada", "Bo"] {
        assert_eq!(asks(&mut stage, name), Err(RejectionCode::Quota), "{name}");
    }
}

#[test]
fn who_has_no_slot_thinks_with_what_is_not_for_sale() {
    let mut stage = stage(&[("chat", 1)]);
    assert_eq!(asks(&mut stage, "Ada"), Ok(("chat".to_owned(), 1)));
    assert_eq!(asks(&mut stage, "Bo"), Ok(("fast".to_owned(), 0)));
}
