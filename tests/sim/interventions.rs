//! Scheduled interventions do what they say, at their tick.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::RejectionCode;
use hamlet_protocol::event::Event;
use hamlet_protocol::map::{LandmarkKind, Point};
use hamlet_protocol::money::Money;

use crate::sim::TestSim;

/// A village of two puppets, who do nothing of their own accord, and what is to happen to them.
fn village(interventions: &str) -> TestSim {
    TestSim::of(&format!(
        r#"
map = "maps/town.tmj"
[[population]]
mind = "puppet"
at = [10, 12]
[[population.persona]]
name = "ann"
[[population]]
mind = "puppet"
name = "bob"
at = [12, 12]
{interventions}
"#
    ))
}

/// What happens before tick 5 when this is scheduled for it, without the ledger's entries, which the economy's own tests look at.
fn at_five(action: &str) -> (TestSim, Vec<Event>) {
    let mut sim = village(&format!("[[intervention]]\ntick = 5\n{action}"));
    sim.run_to(8);
    let durable = |record: &&hamlet_protocol::event::EventRecord| record.tick > 0;
    let ticks: Vec<u64> = sim.events.iter().filter(durable).map(|r| r.tick).collect();
    assert!(ticks.iter().all(|&tick| tick == 5), "{ticks:?}: {action}");
    let in_street = |event: &&Event| !matches!(event, Event::Economy(_));
    let events = sim
        .in_tick(5)
        .into_iter()
        .filter(in_street)
        .cloned()
        .collect();
    (sim, events)
}

#[test]
fn somebody_says_something() {
    let (sim, events) = at_five(r#"say = { agent = "ANN", text = "Good day." }"#);
    let expected = Event::Said {
        agent: sim.agent("ann"),
        to: Vec::new(),
        at: Point::new(10, 12),
        text: "Good day.".to_owned(),
        heard_by: 1,
        talk: None,
    };
    assert_eq!(events, [expected]);
}

#[test]
fn news_break() {
    let (sim, events) = at_five(r#"rumour = { agent = "bob", text = "It snows." }"#);
    let expected = Event::NewsBroke {
        news: 0,
        agent: sim.agent("bob"),
        text: "It snows.".to_owned(),
    };
    assert_eq!(events, [expected]);
}

#[test]
fn the_town_and_its_people_post() {
    let (_, events) = at_five(r#"post = { title = "Fair", text = "Today." }"#);
    assert!(
        matches!(&events[..], [Event::Posted { author: None, submolt, title, text, .. }]
            if submolt == "town" && title == "Fair" && text == "Today."),
        "{events:?}"
    );
    let (sim, events) =
        at_five(r#"post = { agent = "bob", title = "Hi", text = "x", submolt = "general" }"#);
    let bob = sim.agent("bob");
    assert!(
        matches!(&events[..], [Event::Posted { author, submolt, .. }]
            if *author == Some(bob) && submolt == "general"),
        "{events:?}"
    );
}

#[test]
fn people_come() {
    let (mut sim, events) = at_five(r#"spawn = { name = "zed", mind = "puppet", at = [14, 12] }"#);
    let agent = sim.agent("zed");
    let view = sim.village.view();
    let zed = view.agents.iter().flatten().find(|it| it.id == agent);
    let description = zed.unwrap().persona.about.clone();
    assert!(description.contains("Zed"), "a story drawn for zed");
    let expected = Event::AgentJoined {
        agent,
        name: "zed".to_owned(),
        display_name: "Zed".to_owned(),
        description,
        template: "townsfolk".to_owned(),
        mind: MindKind::Puppet,
        at: Point::new(14, 12),
    };
    assert_eq!(events, [expected]);
    assert_eq!(sim.village.population(), 3);
    let (sim, events) = at_five(r#"spawn = { count = 4, mind = "puppet", at = "market" }"#);
    assert_eq!((events.len(), sim.village.population()), (4, 6));
}

#[test]
fn people_leave() {
    let (sim, events) = at_five(r#"remove = "bob""#);
    let agent = sim.agent("bob");
    assert_eq!(events, [Event::AgentLeft { agent }]);
    assert_eq!(sim.village.population(), 1);
}

#[test]
fn people_are_moved() {
    let (mut sim, events) = at_five(r#"move = { agent = "bob", to = [20, 12], instantly = true }"#);
    let (agent, at) = (sim.agent("bob"), Point::new(20, 12));
    assert_eq!(events, [Event::AgentPlaced { agent, at }]);
    assert_eq!(sim.place_of(agent), at);
}

#[test]
fn people_walk_where_they_are_sent() {
    let mut sim = village(
        "[[intervention]]\ntick = 5\nmove = { agent = \"bob\", to = [20, 12] }\n\
         [[intervention]]\ntick = 5\nmove = { agent = \"ann\", to = \"board\" }\n",
    );
    let (ann, bob) = (sim.agent("ann"), sim.agent("bob"));
    sim.run_to(4);
    assert_eq!(sim.place_of(bob), Point::new(12, 12));
    sim.run_to(9);
    assert!(sim.place_of(bob).x > 12, "bob has not set out");
    sim.run_to(400);
    assert_eq!(sim.place_of(bob), Point::new(20, 12));
    let ann = sim.place_of(ann);
    let map = sim.village.map();
    let board = map
        .landmarks
        .iter()
        .find(|landmark| landmark.kind == LandmarkKind::Board && landmark.area.contains(ann));
    assert!(board.is_some(), "ann stands at {ann}, not at the board");
}

#[test]
fn rules_change() {
    let (mut sim, events) = at_five(r#"set = { rule = "say_radius", value = 0 }"#);
    let expected = Event::RuleSet {
        name: "say_radius".to_owned(),
        value: 0.0,
    };
    assert_eq!(events, [expected]);
    assert_eq!(sim.village.view().rules.say_radius, 0);
}

#[test]
fn places_close_open_and_go_by_their_hours_again() {
    let open_now = |action: &str| {
        let (mut sim, events) = at_five(action);
        let view = sim.village.view();
        let map = std::sync::Arc::clone(sim.village.map());
        let places = map.landmarks.iter().zip(view.landmarks.iter());
        let cafes: Vec<bool> = places
            .filter(|(landmark, _)| landmark.kind == LandmarkKind::Cafe)
            .map(|(_, now)| now.open)
            .collect();
        assert!(!cafes.is_empty());
        assert_eq!(events.len(), cafes.len(), "{action}: {events:?}");
        (cafes, events)
    };
    let (cafes, events) = open_now("close = \"cafe\"");
    assert!(cafes.iter().all(|open| !open), "{cafes:?}");
    assert!(matches!(
        events[0],
        Event::OpenSet {
            open: Some(false),
            ..
        }
    ));
    let (cafes, _) = open_now("open = \"cafe\"");
    assert!(cafes.iter().all(|open| *open), "{cafes:?}");
    let (_, events) = open_now("reset = \"cafe\"");
    assert!(matches!(events[0], Event::OpenSet { open: None, .. }));
}

#[test]
fn rewards_and_penalties_have_their_sign() {
    let amount = |action: &str| {
        let (sim, events) = at_five(action);
        match &events[..] {
            [
                Event::Rewarded {
                    agent,
                    amount,
                    reason,
                },
            ] => {
                assert_eq!((*agent, reason.as_str()), (sim.agent("ann"), "why"));
                *amount
            }
            other => panic!("{other:?}"),
        }
    };
    let reward = r#"reward = { agent = "ann", amount = 2.5, reason = "why" }"#;
    assert_eq!(amount(reward), Money(2_500_000));
    assert_eq!(
        amount(&reward.replace("reward", "penalise")),
        Money(-2_500_000)
    );
}

#[test]
fn what_cannot_be_done_is_an_event_and_stops_nothing() {
    let mut sim = village(
        "[[intervention]]\ntick = 3\nremove = \"bob\"\n\
         [[intervention]]\ntick = 5\noptional = true\nsay = { agent = \"bob\", text = \"Boo.\" }\n\
         [[intervention]]\ntick = 5\nsay = { agent = \"ann\", text = \"Who was that?\" }\n",
    );
    sim.run_to(6);
    let events = sim.in_tick(5);
    assert!(
        matches!(
            events[..],
            [
                Event::InterventionRefused {
                    index: 1,
                    code: RejectionCode::NotFound,
                    ..
                },
                Event::Said { .. }
            ]
        ),
        "{events:?}"
    );
}

#[test]
fn those_of_one_time_happen_in_the_order_of_the_file_and_repeat() {
    let mut sim = village(
        "[[intervention]]\nat = \"07:01\"\nevery = \"1m\"\ntimes = 3\nsay = { agent = \"ann\", text = \"first\" }\n\
         [[intervention]]\nat = \"07:01\"\nevery = \"1m\"\ntimes = 3\nsay = { agent = \"bob\", text = \"second\" }\n",
    );
    sim.run_to(100);
    let said: Vec<(u64, &str)> = sim
        .events
        .iter()
        .filter_map(|record| match &record.event {
            Event::Said { text, .. } => Some((record.tick, text.as_str())),
            _ => None,
        })
        .collect();
    let expected = [10, 20, 30].map(|tick| [(tick, "first"), (tick, "second")]);
    assert_eq!(said, expected.as_flattened());
}
