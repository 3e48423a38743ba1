//! What a survey of the town tells is so.

use std::sync::Arc;

use hamlet_agents::memory::Memory;
use hamlet_agents::scene::Scene;
use hamlet_agents::skills::{Desk, Done, Registry};
use hamlet_protocol::command::{Command, StampedCommand};
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::map::Point;
use hamlet_protocol::minds::ThoughtTerms;
use hamlet_protocol::persona::Template;
use hamlet_sim::Village;

use crate::town::{ask, found, loaded};

const TOWN: &str = r#"
seed = 5
map = "maps/town.tmj"
[[population]]
count = 3
mind = "llm"
"#;

const MARKET: &str = "Market Square";

fn ids(village: &Village) -> IdCodec {
    IdCodec::new(village.scenario().seed)
}

fn apply(village: &mut Village, command: Command) {
    let stamp_ms = village.stamp_ms();
    let answer = village.apply(&StampedCommand { stamp_ms, command });
    answer.expect("it may be done");
}

/// What the first resident is told of the market.
fn survey(village: &mut Village) -> String {
    let (view, ids) = (village.view(), ids(village));
    let scene = Scene {
        ask: ask(0, ids, view.tick, ThoughtTerms::Free),
        scenario: Arc::clone(village.scenario()),
        view,
        ids,
    };
    let scout = Template {
        capabilities: vec!["discovery".to_owned()],
        ..Template::default()
    };
    let registry = Registry::of_village();
    let offer = registry.offer(0, Some(&scout), false);
    let mut memory = Memory::default();
    let mut desk = Desk {
        scene: &scene,
        memory: &mut memory,
        meaning: None,
    };
    let done = registry.run("survey", r#"{"kind": "market"}"#, &offer, &mut desk);
    let Ok(Done::Looked(told)) = done else {
        panic!("{done:?}");
    };
    let line = told.lines().find(|line| line.starts_with(MARKET));
    line.unwrap_or_else(|| panic!("{told}")).to_owned()
}

#[test]
fn whoever_has_left_is_in_no_place_any_more() {
    let mut village = found(loaded(TOWN));
    let view = village.view();
    let mut landmarks = view.map.landmarks.iter();
    let area = landmarks.find(|it| it.name == MARKET).unwrap().area;
    let to = Point::new(area.x + area.width / 2, area.y + area.height / 2);
    let everybody: Vec<AgentId> = (0..3).map(|no| ids(&village).make(no)).collect();
    for &agent in &everybody {
        apply(&mut village, Command::Place { agent, to });
    }
    let told = survey(&mut village);
    assert!(told.ends_with("3 inside"), "{told}");
    let agent = everybody[2];
    apply(&mut village, Command::Remove { agent });
    let told = survey(&mut village);
    assert!(told.ends_with("2 inside"), "{told}");
}
