use hamlet_protocol::act::Act;
use hamlet_protocol::image::BodiesImage;
use hamlet_protocol::scenario::Population;

use super::*;
use crate::testing::{self, Stage};

const SOME: [(&str, (u16, u16)); 2] = [("Ada", (5, 4)), ("Bo", (20, 9))];

fn steps(count: u32) -> Outcome {
    Outcome::Walking { steps: Some(count) }
}

const ON_THE_WAY: Outcome = Outcome::Walking { steps: None };

fn moves(stage: &mut Stage) -> Vec<Event> {
    let records = stage.village.take_events().into_iter();
    records.map(|record| record.event).collect()
}

#[test]
fn one_step_takes_one_tick() {
    let mut stage = Stage::of(&SOME);
    let agent = stage.id("Ada");
    assert_eq!(stage.act("Ada", Act::Step { dx: 0, dy: 1 }), steps(1));
    let path = WalkImage::Path {
        to: Point::new(5, 5),
        steps: vec![Facing::South as u8],
        stuck: 0,
    };
    assert_eq!(stage.resident("Ada").walk, path);
    stage.ticks(1);
    let did = |activity| Event::ActivityChanged { agent, activity };
    let moved = Event::Moved {
        agent,
        to: Point::new(5, 5),
        facing: Facing::South,
    };
    let ours: Vec<Event> = moves(&mut stage)
        .into_iter()
        .filter(|event| !matches!(event, Event::NeedsChanged { .. }))
        .collect();
    assert_eq!(ours, [did(Activity::Walking), moved, did(Activity::Idle)]);
    let ada = stage.resident("Ada");
    assert_eq!((ada.walk, ada.plan.next), (WalkImage::Still, 0));
    assert_eq!(stage.state().totals["steps"], 1);
}

#[test]
fn a_way_leads_round_the_walls() {
    let mut stage = Stage::of(&SOME);
    let home = Point::new(9, 1);
    assert_eq!(stage.act("Ada", Act::GoTo { to: home }), ON_THE_WAY);
    assert_eq!(stage.resident("Ada").walk, WalkImage::Asked { to: home });
    // Five columns and three rows away, through the door in column 10 and back.
    stage.ticks(8);
    assert_ne!(stage.at("Ada"), home);
    stage.ticks(1);
    assert_eq!(stage.at("Ada"), home);
    assert_eq!(stage.resident("Ada").walk, WalkImage::Still);
    // Being there already is no walk.
    assert_eq!(stage.act("Ada", Act::GoTo { to: home }), steps(0));
    // Relative steps beyond one tile are ways as well.
    assert_eq!(stage.act("Ada", Act::Step { dx: -4, dy: 3 }), ON_THE_WAY);
    stage.ticks(9);
    assert_eq!(stage.at("Ada"), Point::new(5, 4));
}

#[test]
fn a_landmark_is_walked_into() {
    let mut stage = Stage::of(&SOME);
    for kind in [
        LandmarkKind::Workshop,
        LandmarkKind::Park,
        LandmarkKind::Market,
        LandmarkKind::Home,
        LandmarkKind::Board,
        LandmarkKind::Cafe,
    ] {
        let landmark = stage.place(&kind);
        assert_eq!(stage.act("Ada", Act::GoToLandmark { landmark }), ON_THE_WAY);
        stage.ticks(60);
        let area = stage.village.map().landmarks[stage.number(landmark) as usize].area;
        assert!(area.contains(stage.at("Ada")), "not in the {kind}");
        assert_eq!(stage.resident("Ada").walk, WalkImage::Still);
        assert_eq!(stage.act("Ada", Act::GoToLandmark { landmark }), steps(0));
    }
}

#[test]
fn stopping_forgets_the_way() {
    let mut stage = Stage::of(&SOME);
    stage.act(
        "Ada",
        Act::GoTo {
            to: Point::new(30, 9),
        },
    );
    stage.act("Ada", Act::Stop);
    assert_eq!(stage.state().path_queue, []);
    stage.act(
        "Ada",
        Act::GoTo {
            to: Point::new(30, 9),
        },
    );
    stage.ticks(3);
    let at = stage.at("Ada");
    stage.act("Ada", Act::Stop);
    stage.ticks(3);
    assert_eq!(stage.at("Ada"), at);
    let ada = stage.resident("Ada");
    assert_eq!(
        (ada.walk, ada.doing.activity),
        (WalkImage::Still, Activity::Idle)
    );
}

#[test]
fn ways_that_can_not_be_are_refused() {
    // A yard without a gate, with the landmark in it.
    let map = testing::drawn("########\n#.#ppp.#\n#.######\n#......#\n########");
    let all = testing::with_puppet(testing::scenario(0), "Ada", Point::new(1, 1));
    let mut stage = Stage::on(all, map);
    let park = stage.place(&LandmarkKind::Park);
    let nowhere = stage.ids().make(77);
    let step = |dx, dy| Act::Step { dx, dy };
    let go = |x, y| Act::GoTo {
        to: Point::new(x, y),
    };
    let refused = [
        (RejectionCode::Invalid, step(0, 0)),
        (RejectionCode::Invalid, step(65, 0)),
        (RejectionCode::Invalid, step(0, -65)),
        (RejectionCode::Invalid, step(i16::MIN, 0)),
        (RejectionCode::Invalid, step(1, i16::MAX)),
        (RejectionCode::Unreachable, step(-2, 0)),
        (RejectionCode::Unreachable, step(0, 64)),
        (RejectionCode::Unreachable, step(-1, 0)),
        (RejectionCode::Unreachable, go(0, 0)),
        (RejectionCode::Unreachable, go(8, 1)),
        (RejectionCode::Unreachable, go(u16::MAX, u16::MAX)),
        (RejectionCode::Unreachable, go(6, 1)),
        (
            RejectionCode::Unreachable,
            Act::GoToLandmark { landmark: park },
        ),
        (
            RejectionCode::NotFound,
            Act::GoToLandmark { landmark: nowhere },
        ),
    ];
    for (code, act) in refused {
        assert_eq!(stage.refused("Ada", act.clone()), code, "{act:?}");
    }
}

#[test]
fn one_waits_in_the_queue_once_and_a_full_queue_refuses() {
    let all = [("Ada", (5, 4)), ("Bo", (20, 9)), ("Cy", (2, 9))];
    let mut stage = Stage::with(&all, |scenario| scenario.rules.path_queue_max = 2);
    for x in 10..20 {
        stage.act(
            "Ada",
            Act::GoTo {
                to: Point::new(x, 9),
            },
        );
    }
    stage.act(
        "Bo",
        Act::GoTo {
            to: Point::new(2, 4),
        },
    );
    let asked = |stage: &Stage, name, to| PathRequestImage {
        no: stage.no(name),
        to,
    };
    let expected = [
        asked(&stage, "Ada", Point::new(19, 9)),
        asked(&stage, "Bo", Point::new(2, 4)),
    ];
    assert_eq!(stage.state().path_queue, expected);
    moves(&mut stage);
    let third = Act::GoTo {
        to: Point::new(20, 4),
    };
    assert_eq!(stage.refused("Cy", third), RejectionCode::Limit);
    // One step needs no search.
    stage.act("Cy", Act::Step { dx: 1, dy: 0 });
    stage.act(
        "Bo",
        Act::GoTo {
            to: Point::new(21, 9),
        },
    );
    assert_eq!(stage.state().path_queue, expected[..1]);
}

/// An empty field.
fn field(width: usize, height: usize) -> hamlet_protocol::map::TownMap {
    let row = ".".repeat(width) + "\n";
    testing::drawn(&row.repeat(height))
}

#[test]
fn a_small_budget_makes_people_wait_and_come_to_the_same_place() {
    let names = ["Ada", "Bo", "Cy", "Di", "Eli", "Flo"];
    let run = |nodes: u32| {
        let mut all = testing::scenario(0);
        for (y, name) in (0..).zip(names) {
            all = testing::with_puppet(all, name, Point::new(0, 2 * y));
        }
        all.rules.path_nodes_per_tick = nodes;
        let mut stage = Stage::on(all, field(150, 12));
        for (y, name) in (0..).zip(names) {
            let to = Point::new(149, 11 - 2 * y);
            stage.act(name, Act::GoTo { to });
        }
        let mut waited = Vec::new();
        for _ in 0..250 {
            stage.ticks(1);
            let state = stage.state();
            waited.push(state.path_queue.len());
            for (no, resident) in (0..).zip(&state.residents) {
                check_whole(&resident.walk, state.bodies.at[no]);
            }
        }
        let at = names.map(|name| stage.at(name));
        (waited, at, stage.state().totals["steps"])
    };
    let (at_once, places, walked) = run(100_000);
    let (waited, places_later, walked_later) = run(100);
    assert_eq!(at_once[0], 0);
    // Each of these searches takes more than a tick's budget, and each is done whole.
    assert_eq!(waited[..7], [5, 4, 3, 2, 1, 0, 0]);
    assert_eq!((places, walked), (places_later, walked_later));
    assert_eq!(
        places,
        [0, 1, 2, 3, 4, 5].map(|y| Point::new(149, 11 - 2 * y))
    );
}

/// A path leads from where one stands to where it says.
fn check_whole(walk: &WalkImage, from: Point) {
    if let WalkImage::Path { to, steps, .. } = walk {
        let end = steps.iter().rev().fold(from, |at, &number| {
            let facing = facing_of(number).expect("a direction");
            step(at, facing).expect("on the map")
        });
        assert_eq!(end, *to);
    }
}

#[test]
fn nobody_is_ever_in_a_wall_or_shares_a_tile() {
    let mut all = testing::scenario(40);
    all.populations.push(Population {
        template: String::new(),
        count: 15,
        mind: hamlet_protocol::agent::MindKind::Walker,
        personas: Vec::new(),
        at: None,
    });
    let mut stage = Stage::on(all, testing::map());
    let map = std::sync::Arc::clone(stage.village.map());
    let mut before: Option<BodiesImage> = None;
    for tick in 0..4_000 {
        stage.ticks(1);
        let bodies = stage.state().bodies;
        let mut taken = vec![false; map.tiles()];
        for &at in &bodies.at {
            assert!(map.walkable(at), "{at} is a wall, tick {tick}");
            let place = &mut taken[map.index(at)];
            assert!(!std::mem::replace(place, true), "two on {at}, tick {tick}");
        }
        if let Some(before) = &before {
            let far = before.at.iter().zip(&bodies.at);
            assert!(far.clone().all(|(from, to)| from.manhattan(*to) <= 1));
        }
        before = Some(bodies);
    }
    assert!(stage.state().totals["steps"] > 10_000);
}

#[test]
fn somebody_pushed_off_their_path_finds_another() {
    let mut stage = Stage::of(&[("Ada", (5, 4)), ("Bo", (9, 4))]);
    stage.act(
        "Ada",
        Act::GoTo {
            to: Point::new(13, 4),
        },
    );
    stage.act(
        "Bo",
        Act::GoTo {
            to: Point::new(1, 4),
        },
    );
    stage.ticks(40);
    assert_eq!(
        (stage.at("Ada"), stage.at("Bo")),
        (Point::new(13, 4), Point::new(1, 4))
    );
}
