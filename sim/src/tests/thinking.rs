//! Minds outside the tick: who is asked, what an answer does, and what time waits for.

use std::thread;

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, MindKind};
use hamlet_protocol::command::{Answer, Command, Outcome, RejectionCode};
use hamlet_protocol::economy::command::Usage;
use hamlet_protocol::map::Point;
use hamlet_protocol::minds::{MindsCommand, ThoughtAnswer, ThoughtAsk, ThoughtEnd, Wake};

use crate::bridge::{self, BridgeOptions, Envelope, Pace};
use crate::testing::{self, Stage};
use crate::village::{Village, VillageOptions};

/// Two who think, in the street, and somebody who takes the questions.
fn stage() -> Stage {
    let mut all = testing::with_puppet(testing::scenario(0), "Ada", Point::new(20, 5));
    all = testing::with_puppet(all, "Bo", Point::new(22, 5));
    for template in all.templates.values_mut() {
        template.think_ticks = 10;
    }
    for population in &mut all.populations[1..] {
        population.mind = MindKind::Llm;
    }
    let mut stage = Stage::on(all, testing::map());
    let options = VillageOptions {
        thoughts: true,
        views: true,
        ..VillageOptions::default()
    };
    stage.village = Village::resume(stage.village.image(), options).expect("its own image");
    stage
}

fn attach(stage: &mut Stage) {
    let attach = Command::Minds(MindsCommand::Attach {
        think_secs: 120,
        estimate: None,
        late_secs: None,
    });
    stage.command(attach).expect("within its range");
}

fn answer(ask: &ThoughtAsk, acts: Vec<Act>, end: ThoughtEnd) -> Command {
    Command::Minds(MindsCommand::Think(Box::new(ThoughtAnswer {
        agent: ask.agent,
        fence: ask.fence,
        acts,
        end,
        usage: Usage::default(),
    })))
}

fn say(text: &str) -> Act {
    Act::Say {
        text: text.to_owned(),
    }
}

#[test]
fn whoever_thinks_is_asked_and_does_nothing_by_habit() {
    let mut stage = stage();
    stage.ticks(1);
    assert!(stage.village.take_asks().is_empty(), "nobody thinks yet");
    attach(&mut stage);
    stage.ticks(1);
    let asks = stage.village.take_asks();
    assert_eq!(asks.len(), 2);
    assert!(asks[0].no < asks[1].no);
    assert_eq!(
        (asks[0].wake, asks[0].asked, asks[0].due),
        (Wake::Begin, 2, 2 + 10)
    );
    // They may still be under way to where habit sent them before.
    stage.ticks(100);
    let before = stage.at("Ada");
    stage.ticks(100);
    assert_eq!(stage.at("Ada"), before, "an open thought is waited for");
    assert!(
        stage.village.take_asks().is_empty(),
        "one thought at a time"
    );
}

#[test]
fn an_answer_is_done_once_and_what_is_refused_is_said_the_next_time() {
    let mut stage = stage();
    attach(&mut stage);
    stage.ticks(1);
    let asks = stage.village.take_asks();
    let acts = vec![
        say("Good morning."),
        Act::GoTo {
            to: Point::new(0, 0),
        },
    ];
    let done = answer(&asks[0], acts, ThoughtEnd::Done);
    let applied = stage.command(done.clone()).expect("the newest question");
    let Outcome::Thought { reports, .. } = applied.outcome else {
        panic!("a thought's outcome");
    };
    assert_eq!(
        (reports[0].act.as_str(), &reports[0].refused),
        ("say", &None)
    );
    assert!(reports[1].refused.is_some());
    drop(stage.events());
    assert_eq!(
        stage.refused_command(done),
        RejectionCode::Changed,
        "only once"
    );
    // Bo heard it; Ada is asked again in a while, with what was refused.
    stage.ticks(60);
    let again = stage.village.take_asks();
    let ada = again
        .iter()
        .find(|ask| ask.agent == asks[0].agent)
        .expect("asked again");
    assert_eq!(ada.wake, Wake::Free);
    assert_eq!(ada.last, reports);
    assert!(ada.fence > asks[0].fence && ada.thought > asks[1].thought);
}

#[test]
fn an_open_end_keeps_the_thought_open() {
    let mut stage = stage();
    attach(&mut stage);
    stage.ticks(1);
    let ask = stage.village.take_asks().remove(0);
    for _ in 0..3 {
        let more = answer(&ask, vec![say("And another thing.")], ThoughtEnd::Open);
        stage.command(more).expect("it goes on");
    }
    stage
        .command(answer(&ask, Vec::new(), ThoughtEnd::Done))
        .expect("its end");
    drop(stage.events());
    let late = answer(&ask, vec![say("One more!")], ThoughtEnd::Open);
    assert_eq!(stage.refused_command(late), RejectionCode::Changed);
    let many = answer(&ask, vec![Act::Stop; 9], ThoughtEnd::Done);
    assert_eq!(stage.refused_command(many), RejectionCode::Changed);
}

#[test]
fn somebody_spoken_to_is_asked_soon() {
    let mut stage = stage();
    attach(&mut stage);
    stage.ticks(1);
    let asks = stage.village.take_asks();
    stage
        .command(answer(&asks[1], Vec::new(), ThoughtEnd::Done))
        .expect("Bo rests");
    stage.ticks(1);
    stage
        .command(answer(
            &asks[0],
            vec![stage.talk(&["Bo"], "Bo, a word?")],
            ThoughtEnd::Done,
        ))
        .expect("Ada talks");
    stage.ticks(4);
    let again = stage.village.take_asks();
    assert_eq!(again.len(), 1);
    assert_eq!(
        (again[0].agent, again[0].wake),
        (asks[1].agent, Wake::Spoken)
    );
    let view = stage.village.view();
    let bo = view
        .agents
        .get(again[0].no as usize)
        .and_then(Option::as_ref);
    let heard = bo.and_then(|bo| bo.heard.last().cloned());
    assert_eq!(heard, Some((asks[0].agent, "Bo, a word?".to_owned())));
}

#[test]
fn a_thought_that_came_to_nothing_leaves_them_to_their_habits() {
    let mut stage = stage();
    stage.edit_resident("Ada", |ada| ada.needs = [9_000, 500, 9_000, 9_000, 9_000]);
    let options = VillageOptions {
        thoughts: true,
        ..VillageOptions::default()
    };
    stage.village = Village::resume(stage.village.image(), options).expect("its own image");
    attach(&mut stage);
    stage.ticks(1);
    for ask in stage.village.take_asks() {
        stage
            .command(answer(&ask, Vec::new(), ThoughtEnd::Failed))
            .expect("the newest");
    }
    stage.ticks(15);
    assert_ne!(
        stage.resident("Ada").doing.activity,
        Activity::Idle,
        "hungry, and no mind to say so"
    );
    stage.ticks(40);
    assert!(!stage.village.take_asks().is_empty(), "and are asked again");
}

#[test]
fn attaching_again_voids_what_was_asked_and_detaching_ends_it() {
    let mut stage = stage();
    attach(&mut stage);
    stage.ticks(1);
    let old = stage.village.take_asks().remove(0);
    attach(&mut stage);
    assert_eq!(
        stage.refused_command(answer(&old, Vec::new(), ThoughtEnd::Done)),
        RejectionCode::Changed
    );
    stage.ticks(1);
    assert_eq!(stage.village.take_asks().len(), 2);
    stage
        .command(Command::Minds(MindsCommand::Detach))
        .expect("always");
    stage.ticks(200);
    assert!(stage.village.take_asks().is_empty());
    let bad = Command::Minds(MindsCommand::Attach {
        think_secs: 1,
        estimate: None,
        late_secs: None,
    });
    assert_eq!(stage.refused_command(bad), RejectionCode::Invalid);
}

#[test]
fn open_thoughts_are_part_of_the_image() {
    let mut stage = stage();
    assert!(stage.state().minds.is_empty());
    attach(&mut stage);
    stage.ticks(7);
    let image = stage.village.image();
    assert_eq!(image.state.minds.minds.len(), 2);
    let mut twin = Village::resume(image, VillageOptions::default()).expect("its own image");
    assert_eq!(twin.state_hash(), stage.village.state_hash());
    let ask = stage.village.take_asks().remove(0);
    stage.ticks(2);
    (0..2).for_each(|_| twin.tick(None));
    let answer = answer(&ask, vec![say("Here.")], ThoughtEnd::Done);
    let stamped = hamlet_protocol::command::StampedCommand {
        stamp_ms: stage.village.stamp_ms(),
        command: answer,
    };
    let both: [Answer; 2] = [stage.village.apply(&stamped), twin.apply(&stamped)];
    assert!(both[0].is_ok() && both[0] == both[1]);
    for _ in 0..100 {
        stage.village.tick(None);
        twin.tick(None);
    }
    assert_eq!(twin.state_hash(), stage.village.state_hash());
}

/// Runs in lockstep with a thinker that answers in the order that `shuffle` makes of each batch; gives the hash and when acts were done.
fn lockstep(shuffle: fn(&mut Vec<ThoughtAsk>)) -> (String, Vec<(u64, u64)>) {
    let mut stage = stage();
    attach(&mut stage);
    let options = BridgeOptions {
        pace: Pace::Paused,
        // Every tick says something then, the last one too.
        views: true,
        lockstep: true,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = bridge::spawn(stage.village, options).expect("a thread");
    handle
        .control(bridge::Control::Steps(200))
        .expect("it runs");
    let (mut due, mut done) = (std::collections::BTreeMap::new(), Vec::new());
    for emission in emissions {
        for stamped in &emission.commands {
            if let Command::Minds(MindsCommand::Think(answer)) = &stamped.command {
                done.push((due[&(answer.agent, answer.fence)], emission.tick));
            }
        }
        let mut asks = emission.asks;
        assert!(
            asks.is_empty() || emission.view.is_some(),
            "whoever is asked sees the world"
        );
        shuffle(&mut asks);
        for ask in asks {
            due.insert((ask.agent, ask.fence), ask.due);
            let envelope = Envelope {
                command: answer(
                    &ask,
                    vec![say(&format!("Thought {}.", ask.thought))],
                    ThoughtEnd::Done,
                ),
                stamp_ms: None,
                side: None,
                reply: Box::new(drop),
            };
            handle.try_send(envelope).expect("room");
        }
        if emission.tick >= 200 {
            handle.control(bridge::Control::Stop).ok();
        }
    }
    let village = thread.join().expect("no panic").village;
    (village.state_hash().to_string(), done)
}

#[test]
fn in_lockstep_a_thought_takes_effect_at_exactly_its_tick_whoever_is_faster() {
    let (first, done) = lockstep(|_| {});
    assert!(done.len() > 10, "{}", done.len());
    assert!(done.iter().all(|(due, at)| due == at), "{done:?}");
    let (second, _) = lockstep(|asks| asks.reverse());
    assert_eq!(first, second);
}

#[test]
fn time_waits_for_who_thinks_slowly_and_ends_with_nobody_to_think() {
    let mut stage = stage();
    attach(&mut stage);
    let options = BridgeOptions {
        pace: Pace::Fast,
        lockstep: true,
        ..BridgeOptions::default()
    };
    let (handle, emissions, running) = bridge::spawn(stage.village, options).expect("a thread");
    let mut emissions = emissions.into_iter();
    let asked = emissions
        .find(|emission| !emission.asks.is_empty())
        .expect("questions");
    thread::yield_now();
    assert!(
        handle.ticks() <= asked.asks[0].due,
        "no further than the first that is due"
    );
    drop(handle);
    emissions.for_each(drop);
    let outcome = running.join().expect("no panic");
    assert_eq!(outcome.why, "nobody is left to think");
    assert_eq!(outcome.village.tick_count(), asked.asks[0].due);
}
