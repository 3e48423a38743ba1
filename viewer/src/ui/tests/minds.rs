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

/// Words below the numbers of an endpoint.
const CELLS: [&str; 8] = [
    "tokens/s",
    "cached",
    "answers in",
    "queue",
    "answered",
    "tokens in",
    "tokens out",
    "cost",
];
/// Words below what an endpoint says of itself.
const GAUGES: [&str; 4] = ["running", "waiting", "cache in use", "cache hits"];
/// Points that one line of small letters is high at most.
const LINE: f32 = 18.0;

#[test]
fn numbers_of_an_endpoint_stand_in_columns() {
    for (width, columns) in [(230.0, 2), (300.0, 2), (410.0, 4), (1_280.0, 4)] {
        let size = [width, 1_600.0];
        let mut stage = stage(thinking(), View::default(), size, models::models_ui);
        stage.settle();
        let first = |word: &str| {
            let mut all = stage.harness.get_all_by_label(word);
            all.next().expect("it is there").rect()
        };
        for words in [&CELLS[..], &GAUGES[..]] {
            let rects: Vec<egui::Rect> = words.iter().map(|word| first(word)).collect();
            for (no, rect) in rects.iter().enumerate() {
                let word = words[no];
                assert!(rect.height() <= LINE, "{word} at {width}: {rect:?}");
                assert!(rect.right() <= width, "{word} at {width}: {rect:?}");
                let above = rects[no % columns];
                let off = (rect.left() - above.left()).abs();
                assert!(off < 0.5, "{word} at {width}: {rect:?}, {above:?}");
                let mut others = rects.iter().enumerate().filter(|other| other.0 != no);
                let free = |other: (usize, &egui::Rect)| !other.1.intersects(*rect);
                assert!(others.all(free), "{word} at {width}: {rects:?}");
            }
        }
    }
}

#[test]
fn a_server_that_measures_itself_is_quoted_and_others_are_not() {
    let size = [420.0, 1_600.0];
    let mut stage = stage(thinking(), View::default(), size, models::models_ui);
    stage.settle();
    stage.harness.get_by_label("As vllm measures itself");
    for cell in ["63 %", "91 %", "running", "cache in use"] {
        // One of the two endpoints counts for itself.
        stage.harness.get_by_label(cell);
    }
}

#[test]
fn dollars_and_ai_dollars_are_told_apart() {
    let size = [420.0, 1_600.0];
    let mut stage = stage(thinking(), View::default(), size, models::models_ui);
    stage.settle();
    let seen = |label: &str| stage.harness.query_all_by_label(label).count();
    assert!(seen("$6.7") > 0 && seen("$4.35") == 1);
    assert_eq!(seen("of a budget of $25"), 1);
    assert_eq!(seen("6.7 a$"), 0);

    let view = looking_at(Side::Thoughts);
    let mut stage = self::stage(thinking(), view, [380.0, 620.0], inspector::inspector_ui);
    stage.settle();
    let paid = "✔ acted · tick 1\u{a0}820 · $0.0087 · paid 0.02 a$";
    stage.harness.get_by_label(paid);
    let free = "✖ timed out · tick 1\u{a0}760 · $0.0087";
    stage.harness.get_by_label(free);
}

#[test]
fn what_somebody_observed_of_late_is_listed() {
    let mut stage = stage(town(), selected(), [360.0, 900.0], inspector::inspector_ui);
    stage.settle();
    for line in [
        "Latest observations",
        "08:57 You heard ben.",
        "« Is there any rye left? »",
        "07:40 You had a meal at The Kettle.",
    ] {
        stage.harness.get_by_label(line);
    }
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
fn what_is_not_told_is_a_dash_and_no_sum() {
    // As the village tells it whoever does not keep order.
    let told = serde_json::json!({
        "endpoints": [{
            "name": "endpoint 1", "state": "well", "cost": null,
            "tokens_per_sec": 61.5, "latency_ms": 1240.0, "queue_ms_mean": 38.0,
        }],
        "waiting": 0,
    });
    let mirror = || {
        let mut mirror = thinking();
        if let Some(me) = &mut mirror.me {
            me.role = "human".to_owned();
        }
        let pool = serde_json::from_value(told.clone()).expect("it is a pool");
        mirror.minds.pool = Some(pool);
        mirror
    };
    let size = [420.0, 900.0];
    let mut stage = stage(mirror(), View::default(), size, models::models_ui);
    stage.settle();
    let seen = |label: &str| stage.harness.query_all_by_label(label).count();
    assert_eq!((seen("–"), seen("$–")), (1, 0));

    let chart = "Cost so far, in dollars";
    for (mirror, is_told) in [(mirror(), false), (thinking(), true)] {
        let view = View::default();
        let mut stage = self::stage(mirror, view, [400.0, 1_780.0], charts::charts_ui);
        stage.settle();
        let mut all = stage.harness.query_all_by_label(chart);
        assert_eq!(all.next().is_some(), is_told);
    }
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
    let seen = |me| {
        let mirror = Mirror { me, ..thinking() };
        let view = looking_at(Side::Thoughts);
        let mut stage = stage(mirror, view, [380.0, 620.0], inspector::inspector_ui);
        // What is looked at is wanted in every frame, so the wishes of these are kept as they come.
        stage.harness.run_steps(3);
        let side = stage.harness.query_by_label("Thoughts").is_some();
        let asks = stage.wishes.take();
        let thoughts = |it: &Wish| matches!(it, Wish::Need(crate::pages::Page::Thoughts(_)));
        (side, asks.iter().any(thoughts))
    };
    assert_eq!(seen(thinking().me), (true, true), "the admin does");
    assert_eq!(seen(None), (false, false));
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
