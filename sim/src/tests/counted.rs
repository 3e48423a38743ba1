//! What is measured, counted again by hand: from the events, and from the plain data of the world.

use std::collections::BTreeMap;

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::Activity;
use hamlet_protocol::event::Event;
use hamlet_protocol::image::{BodyKind, StateImage};
use hamlet_protocol::map::{LandmarkKind, Point, TownMap};
use hamlet_protocol::metrics::METRICS;
use hamlet_protocol::scenario::InterventionKind;

use crate::testing::{self, Stage, at_tick};

/// Totals, from what happened.
#[derive(Default)]
struct Counts(BTreeMap<&'static str, f64>);

impl Counts {
    fn hear(&mut self, event: &Event) {
        let (name, by) = match event {
            Event::Posted { .. } => ("posts", 1),
            Event::Commented { .. } => ("comments", 1),
            Event::Voted { .. } => ("votes", 1),
            Event::TalkBegan { .. } => ("talks", 1),
            Event::Said { .. } => ("lines", 1),
            Event::Traded { .. } => ("trades", 1),
            Event::Gave { count, .. } => ("gifts", *count),
            Event::Moved { .. } => ("steps", 1),
            _ => return,
        };
        *self.0.entry(name).or_default() += f64::from(by);
    }
}

/// Everything else, from the state.
fn state_of(state: &StateImage, map: &TownMap) -> BTreeMap<String, f64> {
    let all = &state.residents;
    let n = all.len() as f64;
    let sum = |of: &dyn Fn(usize) -> f64| (0..all.len()).map(of).sum::<f64>();
    let mut found = BTreeMap::new();
    let mut put = |name: &str, value: f64| found.insert(name.to_owned(), value);
    let there = state
        .bodies
        .kind
        .iter()
        .filter(|kind| **kind != BodyKind::Gone);
    put("population", there.count() as f64);
    put("mood.mean", sum(&|i| f64::from(all[i].mood)) / n / 1000.0);
    let lowest = all.iter().map(|it| it.mood).min();
    put(
        "mood.min",
        f64::from(lowest.expect("somebody lives here")) / 1000.0,
    );
    for (need, name) in ["energy", "food", "company", "purpose", "fun"]
        .iter()
        .enumerate()
    {
        let mean = sum(&|i| f64::from(all[i].needs[need])) / n / 10_000.0;
        put(&format!("needs.{name}"), mean);
    }
    for activity in Activity::ALL {
        let doing = all
            .iter()
            .filter(|it| it.doing.activity == activity)
            .count();
        put(&format!("activity.{}", activity.as_str()), doing as f64);
    }
    let kinds: Vec<&str> = all
        .iter()
        .map(|it| place(map, state.bodies.at[it.no as usize]))
        .collect();
    let known = LandmarkKind::KNOWN.iter().map(LandmarkKind::as_str);
    for kind in known.chain(["outside"]) {
        let inside = kinds.iter().filter(|place| **place == kind).count();
        put(&format!("place.{kind}"), inside as f64);
    }
    put("news.known", sum(&|i| all[i].news.len() as f64));
    let newest = (state.news.len() as u32).checked_sub(1);
    let knows = |i: usize| newest.is_some_and(|newest| all[i].news.contains(&newest));
    put("news.reach", sum(&|i| f64::from(u8::from(knows(i)))) / n);
    put(
        "relations.mean",
        sum(&|i| all[i].relations.len() as f64) / n,
    );
    found
}

/// The kind of the landmark a tile belongs to; the little town's do not overlap.
fn place(map: &TownMap, at: Point) -> &str {
    let mut all = map.landmarks.iter();
    all.find(|landmark| landmark.area.contains(at))
        .map_or("outside", |landmark| landmark.kind.as_str())
}

fn is_of_money(metric: &str) -> bool {
    let families = ["ledger.", "market.", "tier.", "food.", "meals."];
    let single = ["wage", "meal", "hungry", "mood.rich", "mood.poor"];
    let groups = [".rewarded", ".penalised"];
    families.iter().any(|family| metric.starts_with(family))
        || groups.iter().any(|group| metric.ends_with(group))
        || single.contains(&metric)
}

#[test]
fn samples_say_what_events_and_state_say() {
    let mut scenario = testing::scenario(8);
    for (name, x) in [("Pit", 13), ("Pat", 14)] {
        scenario = testing::with_puppet(scenario, name, Point::new(x, 6));
    }
    let rumour = |tick, text: &str| {
        let (agent, text) = ("pit".to_owned(), text.to_owned());
        at_tick(tick, InterventionKind::Rumour { agent, text })
    };
    let remove = InterventionKind::Remove {
        agent: "pat".to_owned(),
    };
    scenario.interventions = vec![
        rumour(40, "The well sings."),
        rumour(700, "The bridge is up."),
        at_tick(3_000, remove),
    ];
    scenario.outputs.every_ticks = 60;
    let mut stage = Stage::on(scenario, testing::map());
    let map = stage.village.map().clone();
    let mut counts = Counts::default();
    for tick in 1..=9_000_u64 {
        if tick == 30 {
            let item = stage.resident("Pit").inventory[0].0.as_str().to_owned();
            let to = stage.id("Pat");
            stage.act("Pit", Act::Give { to, item, count: 1 });
        }
        stage.village.tick(None);
        for record in stage.village.take_events() {
            counts.hear(&record.event);
        }
        let Some(sample) = stage.village.take_sample() else {
            assert_ne!(tick % 60, 0, "no sample");
            continue;
        };
        let state = stage.state();
        let stands = state
            .residents
            .iter()
            .map(|it| state.bodies.at[it.no as usize]);
        assert_eq!(
            (sample.tick, sample.positions),
            (tick, stands.collect::<Vec<_>>())
        );
        let by_hand = state_of(&state, &map);
        for (metric, &value) in METRICS.iter().zip(&sample.values) {
            if metric.name.starts_with("board.") || is_of_money(metric.name) {
                // What these say of a board is tried out in `board::health`, of money in `economy`.
                continue;
            }
            let total = || counts.0.get(metric.name).copied().unwrap_or(0.0);
            let expected = by_hand.get(metric.name).copied().unwrap_or_else(total);
            assert!(
                (value - expected).abs() < 1e-9,
                "{} is {value}, not {expected}, after tick {tick}",
                metric.name
            );
        }
    }
    // Each total was counted at least once, and none beside them.
    let counted: Vec<&str> = counts.0.keys().copied().collect();
    let totals = [
        "comments", "gifts", "lines", "posts", "steps", "talks", "trades", "votes",
    ];
    assert_eq!(counted, totals);
}
