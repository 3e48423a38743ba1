//! What comes out of a good scenario.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::map::Point;
use hamlet_protocol::metrics::METRICS;
use hamlet_protocol::money::Money;
use hamlet_protocol::rules::Rules;
use hamlet_protocol::scenario::{
    GeneratedMap, Intervention, InterventionKind, Landscape, MapSource, PlaceName, Stop, Threshold,
};
use hamlet_protocol::time::Hours;

use super::support::{Overlay, load_text, load_with, print};
use crate::scenario::people::{cast, spawned};
use crate::scenario::{Loaded, Overrides, moment};

fn load(text: &str) -> Loaded {
    load_text(text).unwrap_or_else(|faults| panic!("{}", print(&faults)))
}

#[test]
fn defaults_fill_what_is_left_out() {
    let Loaded {
        scenario,
        map,
        warnings,
    } = load("map = \"maps/town.tmj\"\n[[population]]\n");
    assert_eq!(warnings, []);
    assert_eq!((scenario.name.as_str(), scenario.seed), ("test", 1));
    assert_eq!(scenario.map, MapSource::File("maps/town.tmj".to_owned()));
    assert_eq!(
        scenario.time.start.to_rfc3339(),
        "2026-02-01T07:00:00+00:00"
    );
    assert_eq!(
        (scenario.time.tick_hz, scenario.time.sim_secs_per_tick),
        (10.0, 6)
    );
    assert_eq!(
        (scenario.economy.grant, &scenario.rules),
        (Money(25_000_000), &Rules::default())
    );
    assert_eq!(
        (
            scenario.populations[0].count,
            scenario.populations[0].template.as_str()
        ),
        (1, "townsfolk")
    );
    assert_eq!(scenario.stop, Stop::default());
    let metrics: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
    assert_eq!(scenario.outputs.series, metrics, "everything is measured");
    assert!(
        !scenario.outputs.events.iter().any(|kind| kind == "move"),
        "steps are no rows"
    );
    assert_eq!((map.width, map.height, map.landmarks.len()), (24, 16, 8));
    assert_eq!(scenario.templates.keys().collect::<Vec<_>>(), ["townsfolk"]);
}

#[test]
fn everything_that_is_said_arrives() {
    let Loaded {
        scenario, warnings, ..
    } = load(
        r#"name = "all"
description = "d"
seed = 7
map = { generate = "field", width = 32, height = 16, seed = 5 }
rules.reach = 4
[time]
tick_hz = 2.5
sim_secs_per_tick = 30
start = 2026-03-01T06:00:00Z
[economy]
grant = 0.000001
[template.potter]
name = "Potter"
occupations = ["potter"]
[[population]]
template = "potter"
count = 2
mind = "puppet"
at = [3, 4]
[[population.persona]]
name = "Ana"
display_name = "Ana the Great"
age = 40
traits = ["calm"]
interests = ["clay"]
occupation = ""
about = "Makes jugs."
sleep = "23:00-07:00"
[[population]]
count = 5
mind = "walker"
[[intervention]]
tick = 9
set = { rule = "gossip_chance", value = 100 }
[[intervention]]
at = "07:00"
every = "1d"
times = 2
penalise = { agent = "ana", amount = 1.5, reason = "r" }
[[intervention]]
at = "day 1 06:00:31"
post = { title = "t" }
[[intervention]]
at = 06:30:00
move = { agent = "Ana", to = [1, 2], instantly = true }
[stop]
after_ticks = 9000
at = "day 3 06:00"
metric = { name = "mood.mean", below = -0.5 }
[outputs]
every_ticks = 7
hash_every_ticks = 8
series = ["posts"]
events = ["post", "move"]
"#,
    );
    assert_eq!(print(&warnings), "");
    let asked = GeneratedMap {
        kind: Landscape::Field,
        width: 32,
        height: 16,
        homes: 0,
        seed: 5,
    };
    assert_eq!(scenario.map, MapSource::Generated(asked));
    assert_eq!(
        (scenario.rules.reach, scenario.economy.grant),
        (4, Money(1))
    );
    let potters = &scenario.populations[0];
    assert_eq!(
        (potters.count, potters.mind, &potters.at),
        (
            2,
            MindKind::Puppet,
            &Some(PlaceName::Tile(Point::new(3, 4)))
        )
    );
    let ana = &potters.personas[0];
    assert_eq!(
        (ana.name.as_str(), ana.display_name.as_str(), ana.age),
        ("Ana", "Ana the Great", Some(40))
    );
    assert_eq!(
        (ana.occupation.as_deref(), ana.sleep),
        (None, Some(Hours::between(23, 7)))
    );
    assert_eq!(
        (
            scenario.populations[1].template.as_str(),
            scenario.populations[1].mind
        ),
        ("", MindKind::Walker)
    );
    let penalty = InterventionKind::Reward {
        agent: "Ana".to_owned(),
        amount: Money(-1_500_000),
        reason: "r".to_owned(),
    };
    let once = |at_tick, what: &InterventionKind| Intervention {
        at_tick,
        what: what.clone(),
        optional: false,
    };
    let post = InterventionKind::Post {
        agent: None,
        submolt: "town".to_owned(),
        title: "t".to_owned(),
        text: String::new(),
    };
    let to = PlaceName::Tile(Point::new(1, 2));
    let wanted = [
        once(2, &post),
        once(
            9,
            &InterventionKind::Set {
                rule: "gossip_chance".to_owned(),
                value: 100.0,
            },
        ),
        once(
            60,
            &InterventionKind::Move {
                agent: "Ana".to_owned(),
                to,
                instantly: true,
            },
        ),
        once(120, &penalty),
        once(120 + 2880, &penalty),
    ];
    assert_eq!(scenario.interventions, wanted);
    let stop = Stop {
        after_ticks: Some(9000),
        at: moment::date("2026-03-03T06:00:00Z"),
        metric: Some(Threshold {
            name: "mood.mean".to_owned(),
            above: None,
            below: Some(-0.5),
        }),
    };
    assert_eq!(scenario.stop, stop);
    assert_eq!(
        (
            scenario.outputs.every_ticks,
            scenario.outputs.hash_every_ticks
        ),
        (7, 8)
    );
    assert_eq!(
        (scenario.outputs.series, scenario.outputs.events),
        (
            vec!["posts".to_owned()],
            vec!["post".to_owned(), "move".to_owned()]
        )
    );
}

#[test]
fn places_are_met_by_kind_or_name_and_kinds_may_be_unmet() {
    let scenario = load(
        "map = \"maps/town.tmj\"\n[[population]]\nname = \"mira\"\nat = \"Café\"\n\
         [[intervention]]\ntick = 1\nclose = \"clinic\"\n\
         [[intervention]]\ntick = 2\nmove = { agent = \"mira\", to = \"the copper kettle\" }\n\
         [[intervention]]\ntick = 3\noptional = true\nopen = \"Palace\"\n",
    );
    assert_eq!(scenario.warnings.len(), 2, "{}", print(&scenario.warnings));
    let optional: Vec<_> = scenario
        .scenario
        .interventions
        .iter()
        .map(|intervention| intervention.optional)
        .collect();
    assert_eq!(optional, [true, false, true]);
}

#[test]
fn the_command_line_wins() {
    let overrides = Overrides {
        seed: Some(99),
        ticks: Some(5),
        set: [
            "seed=3",
            "population.0.count=4",
            "outputs.series=[\"posts\"]",
            "intervention.0={tick=1, close=\"cafe\"}",
        ]
        .map(str::to_owned)
        .into(),
    };
    let text =
        "map = \"maps/town.tmj\"\n[[population]]\n[stop]\nafter_ticks = 100\nat = \"12:00\"\n";
    let loaded = load_with(text, Overlay::with_town(), &overrides)
        .unwrap_or_else(|faults| panic!("{}", print(&faults)));
    let scenario = loaded.scenario;
    assert_eq!(
        (
            scenario.seed,
            scenario.stop.after_ticks,
            scenario.populations[0].count
        ),
        (99, Some(5), 4)
    );
    assert_eq!(
        (
            scenario.outputs.series.as_slice(),
            scenario.interventions.len()
        ),
        (&["posts".to_owned()][..], 1)
    );
}

#[test]
fn spawned_residents_have_names_that_interventions_can_use() {
    let text = "map = \"maps/town.tmj\"\n[[population]]\ntemplate = \"bb-8\"\ncount = 2\n\
                [[intervention]]\ntick = 1\nspawn = { template = \"bb-8\", count = 2 }\n\
                [[intervention]]\ntick = 2\nsay = { agent = \"BB-8_4\", text = \"Beep\" }\n";
    let scenario = load(text).scenario;
    let InterventionKind::Say { agent, .. } = &scenario.interventions[1].what else {
        panic!("no say")
    };
    assert_eq!(agent, "bb-8_4");
    let here = cast(&scenario);
    let names: Vec<_> = here[0]
        .iter()
        .map(|persona| (persona.name.as_str(), persona.display_name.as_str()))
        .collect();
    assert_eq!(names, [("bb-8", "BB-8"), ("bb-8_2", "BB-8 2")]);
    let mut taken = here[0].iter().map(|persona| &persona.name).collect();
    let names: Vec<_> = spawned(&scenario, 0, &mut taken)
        .into_iter()
        .map(|persona| persona.name)
        .collect();
    assert_eq!(names, ["bb-8_3", "bb-8_4"]);
    assert_eq!(spawned(&scenario, 1, &mut taken), []);
}
