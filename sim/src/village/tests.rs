//! A village goes on from where it is, whatever looks at it, and refuses without a trace.

use std::collections::BTreeMap;

use hamlet_protocol::act::Act;
use hamlet_protocol::map::Point;
use hamlet_protocol::scenario::InterventionKind;

use super::*;
use crate::testing::{self, at_tick};

fn busy_scenario() -> Scenario {
    let mut scenario = testing::with_puppet(testing::scenario(8), "Pit", Point::new(15, 6));
    scenario.interventions = vec![
        at_tick(
            50,
            InterventionKind::Rumour {
                agent: "pit".to_owned(),
                text: "The well sings.".to_owned(),
            },
        ),
        at_tick(
            60,
            InterventionKind::Open {
                landmark: "cafe".to_owned(),
                open: Some(false),
            },
        ),
        at_tick(
            900,
            InterventionKind::Open {
                landmark: "cafe".to_owned(),
                open: None,
            },
        ),
    ];
    scenario
}

#[test]
fn a_day_goes_by() {
    let mut village = testing::village(testing::scenario(8));
    let mut kinds: BTreeMap<&'static str, u32> = BTreeMap::new();
    for _ in 0..14_400 {
        village.tick(None);
        for record in village.take_events() {
            *kinds.entry(record.event.kind()).or_default() += 1;
        }
    }
    for kind in [
        "say", "talk", "make", "post", "comment", "vote", "trade", "move",
    ] {
        assert!(
            kinds.get(kind).is_some_and(|&count| count > 0),
            "no {kind} in {kinds:?}"
        );
    }
}

#[test]
fn going_on_from_an_image_is_going_on() {
    let mut whole = testing::village(busy_scenario());
    for _ in 0..700 {
        whole.tick(None);
    }
    let image = whole.image();
    let mut resumed =
        Village::resume(image.clone(), VillageOptions::default()).expect("the image is whole");
    assert_eq!(resumed.image(), image);
    for tick in 700..3_000 {
        assert_eq!(
            resumed.state_hash(),
            whole.state_hash(),
            "after tick {tick}"
        );
        whole.tick(None);
        resumed.tick(None);
    }
}

#[test]
fn one_seed_has_one_hash_and_another_has_another() {
    let run = |seed: u64| {
        let mut village = testing::village(Scenario {
            seed,
            ..busy_scenario()
        });
        for _ in 0..1_000 {
            village.tick(None);
        }
        village.state_hash()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn what_is_watched_or_written_down_changes_nothing() {
    let run = |options: VillageOptions, every_ticks: u64| {
        let mut scenario = busy_scenario();
        scenario.outputs.every_ticks = every_ticks;
        let mut village = Village::found(scenario, testing::map(), options).expect("room");
        for tick in 0..500 {
            village.tick(None);
            if options.views && tick % 7 == 0 {
                village.view();
            }
        }
        village.state_hash()
    };
    let watched = VillageOptions {
        views: true,
        transient: true,
        thoughts: false,
        threads: 2,
    };
    assert_eq!(run(VillageOptions::default(), 60), run(watched, 7));
}

#[test]
fn a_refused_command_leaves_no_trace() {
    let mut village = testing::village(busy_scenario());
    let before = village.image();
    let pit = before
        .state
        .residents
        .last()
        .map(|resident| resident.no)
        .unwrap_or_default();
    let agent = village.world.resource::<Roster>().agent_id(pit);
    let refused = [
        Act::GoTo {
            to: Point::new(0, 0),
        },
        Act::Step { dx: 0, dy: 0 },
        Act::Say {
            text: " ".to_owned(),
        },
        Act::Say {
            text: "x".repeat(501),
        },
        Act::Talk {
            to: vec![agent],
            text: "hello me".to_owned(),
        },
        Act::Talk {
            to: Vec::new(),
            text: "hello".to_owned(),
        },
        Act::Give {
            to: agent,
            item: "bread".to_owned(),
            count: 1,
        },
        Act::PickUp {
            item: "gold".to_owned(),
            count: 1,
        },
        Act::Drop {
            item: "bread".to_owned(),
            count: 0,
        },
        Act::Post {
            submolt: "nowhere".to_owned(),
            title: "t".to_owned(),
            text: String::new(),
        },
        Act::Post {
            submolt: "town".to_owned(),
            title: "t".repeat(301),
            text: String::new(),
        },
        Act::Follow { agent, on: true },
    ];
    for act in refused {
        let command = Command::Act {
            agent,
            act: act.clone(),
        };
        let answer = village.apply(&StampedCommand {
            stamp_ms: i64::MAX,
            command,
        });
        assert!(answer.is_err(), "{act:?} was allowed");
        assert_eq!(village.image(), before, "{act:?} left a trace");
    }
}
