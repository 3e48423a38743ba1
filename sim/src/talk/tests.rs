use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Outcome, RejectionCode, StampedCommand};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::image::WalkImage;
use hamlet_protocol::map::Point;
use hamlet_protocol::minds::MindsCommand;

use super::*;
use crate::testing::{self, Stage};

/// Four in reach of each other and one across the town.
const SQUARE: [(&str, (u16, u16)); 5] = [
    ("Ada", (14, 5)),
    ("Bo", (15, 5)),
    ("Cy", (16, 5)),
    ("Di", (14, 6)),
    ("Far", (2, 5)),
];

fn ids(stage: &Stage, names: &[&str]) -> Vec<AgentId> {
    names.iter().map(|name| stage.id(name)).collect()
}

fn talk_no(stage: &Stage, name: &str) -> Option<u64> {
    stage.resident(name).talk
}

fn members(stage: &Stage, talk: u64) -> Vec<u32> {
    let talks = stage.state().talks;
    let open = talks.into_iter().find(|open| open.no == talk);
    open.expect("it is under way").members
}

#[test]
fn a_conversation_begins_is_joined_and_ends_when_one_is_left() {
    let mut stage = Stage::of(&SQUARE);
    let hello = stage.talk(&["Bo"], "Hello!");
    assert_eq!(stage.act("Ada", hello), Outcome::Heard { by: 1 });
    let hello = stage.talk(&["Ada"], "May I?");
    assert_eq!(stage.act("Cy", hello), Outcome::Heard { by: 2 });
    let all = stage.talk(&["Bo"], "I must go.");
    assert_eq!(stage.act("Ada", all), Outcome::Heard { by: 2 });
    for name in ["Ada", "Bo", "Cy"] {
        let resident = stage.resident(name);
        assert_eq!(resident.talk, Some(0));
        assert_eq!(resident.doing.activity, Activity::Talking);
    }
    stage.act("Ada", Act::Step { dx: -1, dy: 0 });
    assert_eq!(
        (talk_no(&stage, "Ada"), talk_no(&stage, "Bo")),
        (None, Some(0))
    );
    stage.act("Cy", Act::Step { dx: 1, dy: 0 });
    assert_eq!(stage.resident("Bo").doing.activity, Activity::Idle);
    assert_eq!(stage.state().talks, []);

    let id: TalkId = stage.ids().make(0);
    let at = Point::new(14, 5);
    let said = |stage: &Stage, name, to: &[&str], at, text: &str| Event::Said {
        agent: stage.id(name),
        to: ids(stage, to),
        at,
        text: text.to_owned(),
        heard_by: to.len() as u32,
        talk: Some(id),
    };
    let expected = [
        Event::TalkBegan {
            talk: id,
            members: ids(&stage, &["Ada", "Bo"]),
            at,
        },
        said(&stage, "Ada", &["Bo"], at, "Hello!"),
        said(&stage, "Cy", &["Ada", "Bo"], Point::new(16, 5), "May I?"),
        said(&stage, "Ada", &["Bo", "Cy"], at, "I must go."),
        Event::TalkEnded {
            talk: id,
            members: ids(&stage, &["Bo", "Cy", "Ada"]),
            lines: 3,
        },
    ];
    assert_eq!(stage.events(), expected);
    // All three came to know each other, those who walked off like those who stayed.
    for (name, others) in [
        ("Ada", ["Bo", "Cy"]),
        ("Bo", ["Ada", "Cy"]),
        ("Cy", ["Ada", "Bo"]),
    ] {
        let ties = stage.resident(name).relations;
        let known: Vec<u32> = ties.iter().map(|tie| tie.other).collect();
        assert_eq!(known, others.map(|other| stage.no(other)), "{name}");
        assert!(ties.iter().all(|tie| tie.closeness >= 4));
        let talked = |seen: &hamlet_protocol::image::ObservationImage| {
            matches!(seen.what, SeenImage::TalkedWith(_))
        };
        assert!(
            stage.resident(name).observations.iter().any(talked),
            "{name}"
        );
    }
}

#[test]
fn whoever_is_addressed_and_free_comes_along() {
    let mut stage = Stage::of(&SQUARE);
    let hello = stage.talk(&["Bo"], "Hello!");
    stage.act("Ada", hello);
    let both = stage.talk(&["Bo", "Di"], "Listen!");
    assert_eq!(stage.act("Cy", both), Outcome::Heard { by: 3 });
    let all = ["Ada", "Bo", "Cy", "Di"].map(|name| stage.no(name));
    assert_eq!(members(&stage, 0), all);
    // Named twice is named once.
    stage.ticks(1);
    let twice = stage.talk(&["Ada", "Ada"], "Ada, Ada!");
    assert_eq!(stage.act("Di", twice), Outcome::Heard { by: 3 });
    assert_eq!(members(&stage, 0), all);
}

#[test]
fn who_addresses_somebody_else_leaves_the_conversation_before() {
    let mut stage = Stage::of(&SQUARE);
    let hello = stage.talk(&["Bo"], "Hello!");
    stage.act("Ada", hello);
    let turn = stage.talk(&["Di"], "And you?");
    stage.act("Ada", turn);
    let talks = ["Ada", "Bo", "Di"].map(|name| talk_no(&stage, name));
    assert_eq!(talks, [Some(1), None, Some(1)]);
    assert_eq!(stage.resident("Bo").doing.activity, Activity::Idle);
}

#[test]
fn talk_that_can_not_be_is_refused() {
    let mut stage = Stage::with(&SQUARE, |scenario| scenario.rules.talk_members_max = 3);
    stage.act("Di", Act::Sleep);
    let hello = stage.talk(&["Bo"], "Hello!");
    stage.act("Ada", hello);
    stage.events();
    let nobody: AgentId = stage.ids().make(99);
    let refused = [
        (RejectionCode::Invalid, stage.talk(&["Bo"], "\t")),
        (
            RejectionCode::Invalid,
            stage.talk(&["Bo"], &"x".repeat(501)),
        ),
        (RejectionCode::Invalid, stage.talk(&[], "Hello?")),
        (RejectionCode::Invalid, stage.talk(&["Cy"], "Myself!")),
        (
            RejectionCode::Invalid,
            stage.talk(&["Ada", "Bo", "Far"], "All of you!"),
        ),
        (RejectionCode::TooFar, stage.talk(&["Far"], "Hello there!")),
        (
            RejectionCode::Forbidden,
            stage.talk(&["Bo", "Di"], "Wake up!"),
        ),
        (
            RejectionCode::NotFound,
            Act::Talk {
                to: vec![nobody],
                text: "Ghost?".to_owned(),
            },
        ),
    ];
    for (code, act) in refused {
        assert_eq!(stage.refused("Cy", act.clone()), code, "{act:?}");
    }
}

#[test]
fn a_full_conversation_takes_nobody_and_two_are_not_joined_at_once() {
    let mut stage = Stage::with(&SQUARE, |scenario| scenario.rules.talk_members_max = 2);
    let hello = stage.talk(&["Bo"], "Hello!");
    stage.act("Ada", hello);
    stage.events();
    let join = stage.talk(&["Ada"], "May I?");
    assert_eq!(stage.refused("Cy", join), RejectionCode::Limit);
    // Those in it go on.
    let on = stage.talk(&["Ada"], "As I said.");
    stage.act("Bo", on);

    let five = [
        ("Ada", (14, 5)),
        ("Bo", (15, 5)),
        ("Cy", (16, 5)),
        ("Di", (14, 6)),
        ("Eli", (15, 6)),
    ];
    let mut stage = Stage::of(&five);
    for (one, other) in [("Ada", "Bo"), ("Cy", "Di")] {
        let hello = stage.talk(&[other], "Hello!");
        stage.act(one, hello);
    }
    stage.events();
    let both = stage.talk(&["Ada", "Cy"], "Everybody!");
    assert_eq!(stage.refused("Eli", both), RejectionCode::Forbidden);
}

#[test]
fn words_are_heard_within_the_radius_and_remembered_by_those_who_read() {
    let mut stage = Stage::with(
        &[
            ("Ada", (14, 5)),
            ("Near", (17, 5)),
            ("Corner", (11, 8)),
            ("Far", (18, 5)),
        ],
        |scenario| scenario.rules.say_radius = 3,
    );
    assert_eq!(stage.say("Ada", "Rain!"), Outcome::Heard { by: 2 });
    let heard = |stage: &Stage, name: &str| stage.resident(name).observations.len();
    let counts = ["Ada", "Near", "Corner", "Far"].map(|name| heard(&stage, name));
    assert_eq!(counts, [0, 1, 1, 0]);
    let view = stage.village.view();
    let near = view
        .agents
        .get(stage.no("Near") as usize)
        .cloned()
        .flatten();
    let expected = vec![(stage.id("Ada"), "Rain!".to_owned())];
    assert_eq!(near.map(|near| near.heard.clone()), Some(expected));
    assert_eq!(stage.refused_say("Ada"), RejectionCode::Invalid);
}

impl Stage {
    fn refused_say(&mut self, name: &str) -> RejectionCode {
        self.events();
        let text = "x".repeat(501);
        self.refused(name, Act::Say { text })
    }
}

#[test]
fn whoever_is_addressed_stops_and_whoever_walks_leaves() {
    let mut stage = Stage::of(&SQUARE);
    stage.act(
        "Bo",
        Act::GoTo {
            to: Point::new(25, 5),
        },
    );
    let stay = stage.talk(&["Bo"], "Stay!");
    stage.act("Ada", stay);
    assert_eq!(stage.resident("Bo").walk, WalkImage::Still);
    assert_eq!(stage.state().path_queue, []);
    stage.ticks(3);
    assert_eq!(stage.at("Bo"), Point::new(15, 5));
    stage.act(
        "Bo",
        Act::GoTo {
            to: Point::new(25, 5),
        },
    );
    assert_eq!(
        (talk_no(&stage, "Ada"), talk_no(&stage, "Bo")),
        (None, None)
    );
}

#[test]
fn a_meal_goes_on_while_one_talks() {
    let mut stage = Stage::of(&[("Ada", (16, 3)), ("Bo", (17, 3))]);
    stage.edit_resident("Ada", |ada| ada.needs[1] = 1_000);
    let landmark = stage.place(&hamlet_protocol::map::LandmarkKind::Cafe);
    stage.act("Ada", Act::Use { landmark });
    let hello = stage.talk(&["Ada"], "Tasty?");
    stage.act("Bo", hello);
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Eating);
    stage.act("Bo", Act::Step { dx: 1, dy: 0 });
    assert_eq!(stage.resident("Ada").doing.activity, Activity::Eating);
}

#[test]
fn a_conversation_has_so_many_lines_and_no_more() {
    let mut stage = Stage::with(&SQUARE, |scenario| scenario.rules.talk_lines_max = 5);
    for n in 0..12 {
        let (one, other) = if n % 2 == 0 {
            ("Ada", "Bo")
        } else {
            ("Bo", "Ada")
        };
        let line = stage.talk(&[other], &format!("Line {n}"));
        stage.act(one, line);
    }
    let ended: Vec<u32> = stage
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::TalkEnded { lines, .. } => Some(lines),
            _ => None,
        })
        .collect();
    assert_eq!(ended, [5, 5]);
    assert_eq!(stage.state().talks_begun, 3);
}

#[test]
fn silence_ends_a_conversation() {
    let mut stage = Stage::of(&SQUARE);
    let hello = stage.talk(&["Bo"], "Hello?");
    stage.act("Ada", hello);
    // Three ticks to a turn, twenty turns of patience after the first.
    stage.ticks(63);
    assert_eq!(talk_no(&stage, "Ada"), Some(0));
    stage.ticks(1);
    assert_eq!(talk_no(&stage, "Ada"), None);
}

#[test]
fn those_who_live_by_habit_answer_and_come_to_an_end() {
    let mut stage = Stage::on(testing::scenario(8), testing::map());
    let mut ended = 0;
    for _ in 0..6_000 {
        stage.ticks(1);
        let state = stage.state();
        for talk in &state.talks {
            assert!(talk.lines <= talk.length && talk.length <= 14);
            assert!((2..=6).contains(&talk.members.len()));
        }
        for event in stage.events() {
            if let Event::TalkEnded { members, lines, .. } = event {
                assert!(members.len() >= 2 && lines >= 1);
                ended += 1;
            }
        }
    }
    assert!(ended > 20, "only {ended} conversations came to an end");
}

#[test]
fn whoever_leaves_the_town_leaves_the_conversation() {
    let mut stage = Stage::of(&SQUARE);
    let hello = stage.talk(&["Bo", "Cy"], "Hello!");
    stage.act("Ada", hello);
    let agent = stage.id("Ada");
    let gone = stage.no("Ada");
    stage
        .command(Command::Remove { agent })
        .expect("Ada lives here");
    let talks = stage.state().talks;
    assert_eq!(talks.len(), 1);
    assert_eq!(talks[0].members, [stage.no("Bo"), stage.no("Cy")]);
    assert_eq!(talks[0].left, [gone]);
    stage.ticks(100);
    assert_eq!(stage.state().talks, []);
}

/// Whoever spoke last is addressed no more once they are gone.
#[test]
fn a_conversation_goes_on_when_whoever_spoke_last_leaves_the_town() {
    let mut stage = Stage::with(&SQUARE, |scenario| {
        let puppets = scenario.populations.iter_mut();
        let puppets = puppets.filter(|it| it.mind == MindKind::Puppet);
        for population in puppets.skip(1).take(2) {
            population.mind = MindKind::Scripted;
        }
    });
    let hello = stage.talk(&["Bo", "Cy"], "Hello!");
    stage.act("Ada", hello);
    let agent = stage.id("Ada");
    stage
        .command(Command::Remove { agent })
        .expect("Ada lives here");
    stage.ticks(100);
    let events = stage.events();
    let mut ended = events.iter().filter_map(|event| match event {
        Event::TalkEnded { lines, .. } => Some(*lines),
        _ => None,
    });
    assert!(ended.any(|lines| lines > 1), "nobody answered");
}

/// Residents for whom language models think.
fn thinkers() -> Stage {
    let mut stage = Stage::with(&SQUARE, |scenario| {
        for population in &mut scenario.populations {
            population.mind = MindKind::Llm;
        }
    });
    let command = StampedCommand {
        stamp_ms: stage.village.stamp_ms(),
        command: Command::Minds(MindsCommand::Attach {
            think_secs: 600,
            estimate: None,
            late_secs: None,
        }),
    };
    stage.village.apply(&command).expect("minds are let in");
    stage
}

#[test]
fn thinkers_who_only_thank_each_other_come_to_an_end() {
    let mut stage = thinkers();
    let lines = [
        ("Ada", "Bo", "The bridge is closed on Monday."),
        ("Bo", "Ada", "Thank you! Then I take the ferry."),
        ("Ada", "Bo", "You are very welcome, dear friend!"),
        ("Bo", "Ada", "Thank you so much again!"),
    ];
    for (no, (from, to, text)) in lines.iter().enumerate() {
        let line = stage.talk(&[to], text);
        stage.act(from, line);
        let open = talk_no(&stage, "Ada").is_some();
        assert_eq!(open, no < 3, "after line {no}");
    }
    let again = stage.talk(&["Bo"], "Thank you, dear Bo, the bridge is closed!");
    stage.events();
    assert_eq!(stage.refused("Ada", again), RejectionCode::Limit);
    let news = stage.talk(&["Bo"], "Shall we row across together?");
    stage.act("Ada", news);
    assert_eq!(talk_no(&stage, "Bo"), Some(1));
}

#[test]
fn three_thinkers_end_when_each_has_said_nothing_new() {
    let mut stage = thinkers();
    let plan = stage.talk(&["Bo", "Cy"], "We could mend the bench at noon.");
    stage.act("Ada", plan);
    for (from, to) in [("Bo", "Ada"), ("Cy", "Ada")] {
        let thanks = stage.talk(&[to], "Lovely, thank you!");
        stage.act(from, thanks);
        assert!(talk_no(&stage, "Ada").is_some(), "{from} was not the last");
    }
    let thanks = stage.talk(&["Cy"], "Thanks!");
    stage.act("Ada", thanks);
    assert_eq!(talk_no(&stage, "Ada"), None);
}
