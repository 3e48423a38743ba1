//! Nights: places that are open over midnight, and where people sleep.

use std::collections::BTreeSet;

use hamlet_protocol::act::Act;
use hamlet_protocol::command::RejectionCode;
use hamlet_protocol::image::WalkImage;
use hamlet_protocol::map::{LandmarkKind, Point};
use hamlet_protocol::time::Hours;

use crate::testing::{self, Stage};

/// The little town with a café that keeps other hours, and somebody in it. It is seven in the morning; an hour has 600 ticks.
fn stage(hours: Hours) -> Stage {
    let mut map = testing::map();
    let cafe = map
        .landmarks
        .iter_mut()
        .find(|it| it.kind == LandmarkKind::Cafe);
    cafe.expect("there is one").hours = Some(hours);
    let at = Point::new(16, 3);
    Stage::on(testing::with_puppet(testing::scenario(0), "Pit", at), map)
}

fn is_open(stage: &mut Stage) -> bool {
    let no = stage.number(stage.place(&LandmarkKind::Cafe)) as usize;
    stage.village.view().landmarks[no].open
}

#[test]
fn a_cafe_that_opens_late_closes_early_in_the_morning() {
    let mut stage = stage(Hours::between(22, 2));
    let mut hours = Vec::new();
    for hour in 7..7 + 48 {
        if is_open(&mut stage) {
            hours.push(hour);
        }
        stage.ticks(600);
    }
    // Two nights, counted from the first midnight.
    assert_eq!(hours, [22, 23, 24, 25, 46, 47, 48, 49]);
}

#[test]
fn doors_open_and_close_at_the_minute_and_an_image_in_the_night_keeps_them() {
    let mut stage = stage(Hours {
        from: 22 * 3600 + 1800,
        to: 1800,
    });
    let landmark = stage.place(&LandmarkKind::Cafe);
    let using = Act::Use { landmark };
    // Half past ten in the evening is tick 9300; doors are looked at in the tick that begins then.
    stage.ticks(9_299);
    assert_eq!(stage.refused("Pit", using.clone()), RejectionCode::Closed);
    stage.ticks(1);
    assert!(is_open(&mut stage));
    stage.act("Pit", using.clone());
    stage.ticks(900);
    stage.edit(|_state| {});
    assert!(is_open(&mut stage), "at midnight, from an image");
    stage.ticks(299);
    assert!(is_open(&mut stage), "at half past twelve less six seconds");
    stage.ticks(1);
    assert!(!is_open(&mut stage));
    stage.edit(|_state| {});
    assert!(!is_open(&mut stage), "closed, from an image");
    assert_eq!(stage.refused("Pit", using), RejectionCode::Closed);
}

#[test]
fn from_an_hour_to_the_same_is_always() {
    let mut stage = stage(Hours::between(5, 5));
    for _ in 0..25 {
        assert!(is_open(&mut stage));
        stage.ticks(600);
    }
}

#[test]
fn where_there_are_no_homes_people_sleep_where_they_are() {
    let mut map = testing::map();
    map.landmarks.retain(|it| it.kind != LandmarkKind::Home);
    let mut stage = Stage::on(testing::scenario(6), map);
    let all = stage.state().residents;
    assert!(all.iter().all(|it| it.home.is_none()), "{all:?}");
    let mut slept = BTreeSet::new();
    // From seven in the morning to the next.
    for _ in 0..24 * 600 {
        stage.ticks(1);
        stage.in_town(|town| {
            for it in &all {
                if town.asleep(it.no) {
                    // Whoever passes may push them aside.
                    assert_eq!(town.resident(it.no).walk.0, WalkImage::Still);
                    slept.insert(it.no);
                }
            }
        });
    }
    assert_eq!(slept.len(), all.len(), "everybody has slept: {slept:?}");
}
