//! Interventions of every kind that can't be carried out: each is told of, and changes nothing else.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::RejectionCode;
use hamlet_protocol::event::Event;
use hamlet_protocol::image::StateImage;
use hamlet_protocol::map::Point;
use hamlet_protocol::money::Money;
use hamlet_protocol::persona::Persona;
use hamlet_protocol::scenario::{Intervention, InterventionKind, PlaceName, Population};

use crate::testing::{self, Stage, at_tick};

const TICKS: u64 = 200;

fn lived(interventions: Vec<Intervention>) -> (StateImage, Vec<Event>) {
    let mut scenario = testing::with_puppet(testing::scenario(6), "Pit", Point::new(15, 6));
    scenario.interventions = interventions;
    let mut stage = Stage::on(scenario, testing::map());
    stage.ticks(TICKS);
    (stage.state(), stage.events())
}

fn spawn(name: &str, at: Option<PlaceName>) -> InterventionKind {
    let persona = Persona {
        name: name.to_owned(),
        ..Persona::default()
    };
    InterventionKind::Spawn(Population {
        template: "townsfolk".to_owned(),
        count: 1,
        mind: MindKind::Puppet,
        personas: vec![persona],
        at,
    })
}

fn cases() -> Vec<(InterventionKind, RejectionCode)> {
    use InterventionKind as Kind;
    use RejectionCode as Code;
    let (agent, text) = (|name: &str| name.to_owned(), || "Boo.".to_owned());
    let post = |agent: Option<&str>, submolt: &str| Kind::Post {
        agent: agent.map(str::to_owned),
        submolt: submolt.to_owned(),
        title: text(),
        text: text(),
    };
    let walk = |name: &str, to: PlaceName, instantly: bool| Kind::Move {
        agent: agent(name),
        to,
        instantly,
    };
    let nowhere = || PlaceName::Landmark("atlantis".to_owned());
    let set = |rule: &str, value: f64| Kind::Set {
        rule: rule.to_owned(),
        value,
    };
    let reward = |name: &str, amount: i64| Kind::Reward {
        agent: agent(name),
        amount: Money(amount),
        reason: text(),
    };
    let long = "x".repeat(501);
    vec![
        (
            Kind::Say {
                agent: agent("nobody"),
                text: text(),
            },
            Code::NotFound,
        ),
        (
            Kind::Say {
                agent: agent("pit"),
                text: long.clone(),
            },
            Code::Invalid,
        ),
        (
            Kind::Rumour {
                agent: agent("nobody"),
                text: text(),
            },
            Code::NotFound,
        ),
        (
            Kind::Rumour {
                agent: agent("pit"),
                text: long,
            },
            Code::Invalid,
        ),
        (post(Some("nobody"), "town"), Code::NotFound),
        (post(Some("pit"), "nowhere"), Code::NotFound),
        (post(None, "nowhere"), Code::NotFound),
        (spawn("pit", None), Code::Name),
        (spawn("zed", Some(nowhere())), Code::NotFound),
        (
            Kind::Remove {
                agent: agent("nobody"),
            },
            Code::NotFound,
        ),
        (walk("nobody", nowhere(), false), Code::NotFound),
        (walk("pit", nowhere(), false), Code::NotFound),
        (walk("pit", nowhere(), true), Code::NotFound),
        (
            walk("pit", PlaceName::Tile(Point::new(0, 0)), false),
            Code::Unreachable,
        ),
        (set("gravity", 1.0), Code::Invalid),
        (set("reach", 0.0), Code::Invalid),
        (set("reach", 1.5), Code::Invalid),
        (
            Kind::Open {
                landmark: "atlantis".to_owned(),
                open: Some(true),
            },
            Code::NotFound,
        ),
        (reward("nobody", 1), Code::NotFound),
        (reward("pit", 0), Code::Invalid),
    ]
}

#[test]
fn what_cannot_be_done_is_told_of_and_changes_nothing_else() {
    let (untouched, quiet) = lived(Vec::new());
    for (kind, code) in cases() {
        let (mut state, mut events) = lived(vec![at_tick(50, kind.clone())]);
        let told = events.iter().position(|event| {
            matches!(event, Event::InterventionRefused { index: 0, code: found, detail }
                if *found == code && !detail.is_empty())
        });
        let told = told.unwrap_or_else(|| panic!("{kind:?} was not refused as {code:?}"));
        events.remove(told);
        assert_eq!(events, quiet, "{kind:?}");
        assert_eq!(
            (state.interventions_done, state.seq),
            (1, untouched.seq + 1),
            "{kind:?}"
        );
        (state.interventions_done, state.seq) = (0, untouched.seq);
        // The total of refusals may count it; nothing else may.
        state.totals.clone_from(&untouched.totals);
        assert!(state == untouched, "{kind:?} left a trace");
    }
}
