//! What people do in places, tried out in the little town.

use hamlet_protocol::act::Act;
use hamlet_protocol::image::ResidentImage;
use hamlet_protocol::persona::Persona;

use super::*;
use crate::testing::{self, Stage};

const HOUR: u64 = 600;

fn use_place(stage: &mut Stage, name: &str, kind: &LandmarkKind) {
    let landmark = stage.place(kind);
    stage.act(name, Act::Use { landmark });
}

fn memories(resident: &ResidentImage) -> Vec<SeenImage> {
    let seen = resident.observations.iter();
    seen.map(|it| it.what.clone()).collect()
}

#[test]
fn a_meal_fills_and_is_remembered() {
    let mut stage = Stage::of(&[("Ada", (16, 3))]);
    stage.edit_resident("Ada", |ada| ada.needs[Need::Food as usize] = 5_000);
    use_place(&mut stage, "Ada", &LandmarkKind::Cafe);
    let cafe = stage.number(stage.place(&LandmarkKind::Cafe));
    let doing = stage.resident("Ada").doing;
    assert_eq!(
        (doing.activity, doing.landmark),
        (Activity::Eating, Some(cafe))
    );
    // 4 900 points at 11 000 an hour.
    stage.ticks(267);
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Eating);
    stage.ticks(1);
    let ada = stage.resident("Ada");
    assert_eq!(ada.doing.activity, Activity::Idle);
    assert_eq!(memories(&ada), [SeenImage::Ate(cafe)]);
    // Nobody eats who is full.
    use_place(&mut stage, "Ada", &LandmarkKind::Cafe);
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Resting);
}

#[test]
fn a_meal_at_home_is_one_piece_of_what_one_has() {
    let mut stage = Stage::of(&[("Ada", (2, 2))]);
    stage.edit_resident("Ada", |ada| {
        ada.needs[Need::Food as usize] = 1_000;
        ada.inventory = vec![(Item::Fish, 2), (Item::Tools, 1)];
    });
    for _ in 0..3 {
        use_place(&mut stage, "Ada", &LandmarkKind::Home);
        stage.ticks(1);
    }
    let ada = stage.resident("Ada");
    assert_eq!(ada.doing.activity, Activity::Eating);
    assert_eq!(ada.inventory, [(Item::Fish, 1), (Item::Tools, 1)]);
    assert_eq!(stage.state().totals["eaten"], 1);
    // With nothing to eat one only rests.
    stage.edit_resident("Ada", |ada| {
        ada.inventory.clear();
        ada.doing = hamlet_protocol::image::DoingImage::default();
    });
    use_place(&mut stage, "Ada", &LandmarkKind::Home);
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Resting);
}

#[test]
fn work_makes_a_piece_every_fifty_minutes_while_there_is_room() {
    let mut stage = Stage::with(&[("Ada", (28, 2))], |scenario| {
        scenario.rules.inventory_max = 5;
    });
    stage.ticks(HOUR);
    let begin = stage.resident("Ada").inventory;
    use_place(&mut stage, "Ada", &LandmarkKind::Workshop);
    stage.ticks(499);
    assert_eq!(stage.resident("Ada").inventory, begin);
    stage.ticks(1);
    let made = Event::Made {
        agent: stage.id("Ada"),
        landmark: stage.place(&LandmarkKind::Workshop),
        item: "baskets".to_owned(),
    };
    assert_eq!(stage.events(), [made]);
    stage.ticks(8 * HOUR);
    let ada = stage.resident("Ada");
    assert_eq!(ada.inventory, [(Item::Baskets, 5)]);
    let initial = u64::from(begin[0].1);
    assert_eq!(stage.state().totals["made"], 5 - initial);
    let workshop = stage.number(stage.place(&LandmarkKind::Workshop));
    assert!(memories(&ada).contains(&SeenImage::Worked(workshop, Item::Baskets)));
}

#[test]
fn each_kind_of_place_is_used_in_its_way() {
    let map = testing::drawn("kk.mm.bb.ll.pp\n..............");
    for (kind, x, activity) in [
        (LandmarkKind::Clinic, 0, Activity::Resting),
        (LandmarkKind::Market, 3, Activity::Trading),
        (LandmarkKind::Board, 6, Activity::Reading),
        (LandmarkKind::Library, 9, Activity::Resting),
        (LandmarkKind::Park, 12, Activity::Resting),
    ] {
        let mut all = testing::with_puppet(testing::scenario(0), "Ada", Point::new(x, 0));
        all.populations[1].personas[0].occupation = Some("poet".to_owned());
        all.time.start += chrono::TimeDelta::hours(3);
        let mut stage = Stage::on(all, map.clone());
        use_place(&mut stage, "Ada", &kind);
        // The poet works in the library.
        let expected = match kind {
            LandmarkKind::Library => Activity::Working,
            _ => activity,
        };
        assert_eq!(stage.resident("Ada").doing.activity, expected, "{kind}");
    }
}

#[test]
fn the_clinic_heals() {
    let map = testing::drawn("kk..\n....");
    let all = testing::with_puppet(testing::scenario(0), "Ada", Point::new(0, 0));
    let mut stage = Stage::on(all, map);
    stage.edit_resident("Ada", |ada| ada.health = 100);
    use_place(&mut stage, "Ada", &LandmarkKind::Clinic);
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Healing);
    stage.ticks(HOUR - 10);
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Healing);
    stage.ticks(10);
    let ada = stage.resident("Ada");
    assert_eq!(ada.doing.activity, Activity::Idle);
    assert!(ada.health >= 990);
}

#[test]
fn who_starves_falls_ill_and_never_dies() {
    let mut stage = Stage::of(&[("Ada", (16, 5))]);
    stage.edit_resident("Ada", |ada| ada.needs = [5_000, 0, 5_000, 5_000, 5_000]);
    stage.ticks(HOUR);
    assert_eq!(stage.resident("Ada").health, 1000 - 160);
    stage.ticks(23 * HOUR);
    let ada = stage.resident("Ada");
    assert_eq!((ada.health, ada.needs), (50, [0; 5]));
    assert!(ada.mood < -900);
}

#[test]
fn a_place_can_not_be_used_from_outside() {
    let mut stage = Stage::of(&[("Ada", (13, 5))]);
    let landmark = stage.place(&LandmarkKind::Cafe);
    let code = stage.refused("Ada", Act::Use { landmark });
    assert_eq!(code, RejectionCode::TooFar);
    let landmark = stage.place(&LandmarkKind::Market);
    stage.act(
        "Ada",
        Act::GoTo {
            to: Point::new(5, 7),
        },
    );
    stage.ticks(20);
    stage.events();
    let code = stage.refused("Ada", Act::Use { landmark });
    assert_eq!(code, RejectionCode::Closed);
}

#[test]
fn a_puppet_sleeps_until_it_has_slept_enough() {
    let mut stage = Stage::of(&[("Ada", (2, 2)), ("Bo", (16, 5))]);
    for name in ["Ada", "Bo"] {
        stage.edit_resident(name, |it| it.needs[Need::Energy as usize] = 8_550);
        stage.act(name, Act::Sleep);
    }
    let home = stage.resident("Ada").home;
    assert_eq!(stage.resident("Ada").doing.landmark, home);
    assert_eq!(stage.resident("Bo").doing.landmark, None, "not at home");
    stage.ticks(HOUR);
    for name in ["Ada", "Bo"] {
        let it = stage.resident(name);
        assert_eq!(it.doing.activity, Activity::Idle);
        assert_eq!(memories(&it), [SeenImage::Slept]);
    }
}

#[test]
fn a_closed_home_is_no_reason_to_get_up() {
    let mut stage = Stage::of(&[("Ada", (2, 2))]);
    let landmark = stage.place(&LandmarkKind::Home);
    stage
        .command(hamlet_protocol::command::Command::SetOpen {
            landmark,
            open: Some(false),
        })
        .expect("allowed");
    stage.edit_resident("Ada", |ada| ada.needs[Need::Energy as usize] = 0);
    stage.act("Ada", Act::Sleep);
    stage.ticks(10);
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Sleeping);
}

#[test]
fn people_sleep_through_the_night_and_live_well() {
    let mut all = testing::scenario(8);
    // Early risers and night owls alike keep to what they say of themselves.
    all.populations[0].personas = vec![Persona {
        name: "Owl".to_owned(),
        display_name: "Owl".to_owned(),
        sleep: Some(hamlet_protocol::time::Hours::between(2, 9)),
        ..Persona::default()
    }];
    let mut stage = Stage::on(all, testing::map());
    let mut went_to_bed = 0;
    for tick in 0..3 * 24 * HOUR {
        stage.ticks(1);
        if tick % HOUR != 0 {
            continue;
        }
        let records = stage.village.take_events();
        let beds = records.iter().filter(|record| {
            let activity = match record.event {
                Event::ActivityChanged { activity, .. } => activity,
                _ => Activity::Idle,
            };
            activity == Activity::Sleeping
        });
        went_to_bed += beds.count();
        let hour = (7 + tick / HOUR) % 24;
        let state = stage.state();
        let asleep = |it: &&ResidentImage| it.doing.activity == Activity::Sleeping;
        let sleepers = state.residents.iter().filter(asleep).count();
        if tick > 24 * HOUR && matches!(hour, 2..=3) {
            // Somebody may be up for a bite.
            assert!(sleepers >= 6, "{sleepers} sleep at {hour}");
        }
        if matches!(hour, 12..=18) {
            assert!(sleepers <= 2, "{sleepers} sleep at {hour}");
        }
    }
    // Three nights and a nap now and then, not one fall asleep after the other.
    assert!(
        (24..=60).contains(&went_to_bed),
        "{went_to_bed} times to bed"
    );
    for it in &stage.state().residents {
        assert!(it.health > 800, "{} is ill", it.persona.name);
    }
}
