//! Panels of minds that think with language models.

use super::*;
use crate::mirror::sample::{thinking, with};
use crate::view::Side;

fn looking_at(side: Side) -> View {
    View { side, ..selected() }
}

#[test]
fn the_servers_of_models() {
    stage(
        thinking(),
        View::default(),
        [420.0, 900.0],
        models::models_ui,
    )
    .picture("models");
}

#[test]
fn a_village_without_models_has_no_panel_of_them() {
    let stage = stage(town(), View::default(), [420.0, 300.0], models::models_ui);
    let text = "No language model thinks in this village; its residents live by habit.";
    stage.harness.get_by_label(text);
    let mut stage = self::stage(town(), selected(), [360.0, 620.0], inspector::inspector_ui);
    stage.settle();
    assert!(stage.harness.query_by_label("Thoughts").is_none());
}

#[test]
fn costs_are_for_those_who_keep_order() {
    let mut mirror = thinking();
    if let Some(me) = &mut mirror.me {
        me.role = "human".to_owned();
    }
    let stage = stage(mirror, View::default(), [420.0, 900.0], models::models_ui);
    assert!(stage.harness.query_by_label("What thoughts cost").is_none());
    stage.harness.get_by_label("endpoint 1");
}

#[test]
fn what_somebody_thought() {
    let view = looking_at(Side::Thoughts);
    let mut stage = stage(thinking(), view, [380.0, 620.0], inspector::inspector_ui);
    stage.settle();
    assert_eq!(stage.click("Memories"), [Wish::Side(Side::Memories)]);
    stage.picture("thoughts");
}

#[test]
fn what_somebody_remembers() {
    let view = looking_at(Side::Memories);
    stage(thinking(), view, [380.0, 620.0], inspector::inspector_ui).picture("memories");
}

#[test]
fn a_stranger_sees_no_thoughts() {
    let mirror = Mirror {
        me: None,
        ..thinking()
    };
    let view = looking_at(Side::Thoughts);
    let mut stage = stage(mirror, view, [380.0, 620.0], inspector::inspector_ui);
    stage.settle();
    assert!(stage.harness.query_by_label("Thoughts").is_none());
    let asks = stage.wishes.borrow();
    let thoughts = |it: &Wish| matches!(it, Wish::Need(crate::pages::Page::Thoughts(_)));
    assert!(!asks.iter().any(thoughts));
}

#[test]
fn charts_of_thinking_mood_and_money() {
    let trading = crate::mirror::sample::trading();
    let mut mirror = with(thinking(), &[]);
    mirror.economy = trading.economy;
    for (nth, sample) in mirror.history.samples.iter_mut().enumerate() {
        sample.mood = Some(0.3 + 0.02 * nth as f64);
    }
    stage(mirror, View::default(), [400.0, 1_780.0], charts::charts_ui).picture("charts_all");
}
