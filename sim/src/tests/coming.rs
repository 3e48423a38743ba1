//! Who may not come, and what coming and leaving do.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Outcome, RejectionCode, SpawnAgent};
use hamlet_protocol::event::Event;
use hamlet_protocol::map::Point;
use hamlet_protocol::persona::{ABOUT_CHARS_MAX, Persona, WORD_CHARS_MAX, WORDS_MAX};

use crate::testing::{self, Stage};

fn zed() -> SpawnAgent {
    SpawnAgent {
        persona: Persona {
            name: "zed".to_owned(),
            display_name: "Zed".to_owned(),
            ..Persona::default()
        },
        template: "townsfolk".to_owned(),
        mind: MindKind::Puppet,
        at: Some(Point::new(14, 6)),
    }
}

fn with(change: impl FnOnce(&mut SpawnAgent)) -> Command {
    let mut new = zed();
    change(&mut new);
    Command::Spawn(Box::new(new))
}

/// [`Stage::refused_command`] compares the whole world before and after.
#[test]
fn who_is_refused_leaves_the_world_as_it_was() {
    let mut stage = Stage::of(&[("Pit", (10, 5)), ("Gone", (12, 5))]);
    let agent = stage.id("Gone");
    stage.command(Command::Remove { agent }).expect("allowed");
    stage.events();
    let named = |name: &str| {
        let name = name.to_owned();
        with(|new| new.persona.name = name)
    };
    let cases = [
        (named("z"), RejectionCode::Name),
        (named(&"z".repeat(51)), RejectionCode::Name),
        (named("Zed Holt"), RejectionCode::Name),
        (named("me"), RejectionCode::Name),
        (named("PIT"), RejectionCode::Name),
        (named("gone"), RejectionCode::Name),
        (
            with(|new| new.persona.about = "x".repeat(ABOUT_CHARS_MAX + 1)),
            RejectionCode::Invalid,
        ),
        (
            with(|new| new.persona.traits = vec!["odd".into(); WORDS_MAX + 1]),
            RejectionCode::Invalid,
        ),
        (
            with(|new| new.persona.occupation = Some("x".repeat(WORD_CHARS_MAX + 1))),
            RejectionCode::Invalid,
        ),
        (
            with(|new| new.template = "x".repeat(201)),
            RejectionCode::Invalid,
        ),
        (
            with(|new| new.mind = MindKind::Walker),
            RejectionCode::Invalid,
        ),
    ];
    for (command, code) in cases {
        assert_eq!(stage.refused_command(command.clone()), code, "{command:?}");
    }
    // With none of these faults the same newcomer is welcome.
    assert!(stage.command(with(|_| {})).is_ok());
}

#[test]
fn a_town_without_a_free_tile_takes_nobody() {
    let mut scenario = testing::scenario(0);
    for (name, x) in [("Pit", 1), ("Pat", 2)] {
        scenario = testing::with_puppet(scenario, name, Point::new(x, 1));
    }
    let mut stage = Stage::on(scenario, testing::drawn("####\n#..#\n####"));
    let anywhere = with(|new| new.at = None);
    assert_eq!(
        stage.refused_command(anywhere.clone()),
        RejectionCode::Limit
    );
    let there = with(|new| new.at = Some(Point::new(1, 1)));
    assert_eq!(stage.refused_command(there), RejectionCode::Unreachable);
    let agent = stage.id("Pat");
    stage.command(Command::Remove { agent }).expect("allowed");
    stage.command(anywhere).expect("there is room now");
    assert_eq!(stage.at("zed"), Point::new(2, 1));
}

#[test]
fn who_comes_has_a_home_a_number_and_something_in_the_bag_and_leaves_the_home_to_others() {
    let mut stage = Stage::of(&[("Pit", (10, 5))]);
    let answer = stage.command(with(|new| {
        new.at = None;
        new.persona.home = Some("home 2".to_owned());
        new.persona.occupation = Some("baker".to_owned());
    }));
    let zed = stage.resident("zed");
    let agent = stage.id("zed");
    assert_eq!(answer.map(|it| it.outcome), Ok(Outcome::Spawned { agent }));
    let at = stage.at("zed");
    let home = &stage.village.map().landmarks[zed.home.expect("they live somewhere") as usize];
    assert_eq!((zed.no, home.name.as_str()), (1, "Home 2"));
    assert!(home.area.contains(at), "{at}");
    assert_eq!(zed.inventory.len(), 1, "{:?}", zed.inventory);
    let joined = Event::AgentJoined {
        agent,
        name: "zed".to_owned(),
        display_name: "Zed".to_owned(),
        description: String::new(),
        template: "townsfolk".to_owned(),
        mind: MindKind::Puppet,
        at,
    };
    assert_eq!(stage.events(), [joined]);
    stage.command(Command::Remove { agent }).expect("allowed");
    assert_eq!(stage.events(), [Event::AgentLeft { agent }]);
    let names = stage.state().former_names;
    assert_eq!(names, [("zed".to_owned(), 1)].into());
    assert_eq!(
        stage.refused_command(Command::Remove { agent }),
        RejectionCode::NotFound
    );
}
