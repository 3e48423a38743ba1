//! The bridge at work: answers, pace, limits.

use std::thread;
use std::time::Duration;

use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Answer, Command, RejectionCode, StampedCommand};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::map::Point;

use super::*;
use crate::testing;
use crate::village::Village;

fn village() -> Village {
    testing::village(testing::with_puppet(
        testing::scenario(4),
        "Pit",
        Point::new(15, 6),
    ))
}

/// The puppet's id, from its arrival.
fn pit(emission: &Emission) -> AgentId {
    let joined = emission
        .events
        .iter()
        .find_map(|record| match &record.event {
            Event::AgentJoined { agent, name, .. } if name == "Pit" => Some(*agent),
            _ => None,
        });
    joined.expect("the puppet has joined")
}

fn say(agent: AgentId, text: &str) -> Command {
    Command::Act {
        agent,
        act: Act::Say {
            text: text.to_owned(),
        },
    }
}

/// Takes emissions and releases their answers, as every consumer does.
fn consume(
    emissions: crossbeam_channel::Receiver<Emission>,
) -> thread::JoinHandle<Vec<StampedCommand>> {
    #[allow(
        clippy::disallowed_methods,
        reason = "a consumer of its own, in a test"
    )]
    thread::spawn(move || {
        let mut commands = Vec::new();
        for emission in emissions {
            commands.extend(emission.commands);
            for pending in emission.replies {
                pending.release();
            }
        }
        commands
    })
}

#[test]
fn a_command_is_answered_between_ticks_and_recorded() {
    let options = BridgeOptions {
        pace: Pace::Paused,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = spawn(village(), options).expect("a thread");
    let first = emissions.recv().expect("the arrivals");
    let agent = pit(&first);
    let consumer = consume(emissions);
    let applied = handle
        .ask(say(agent, "Good day."))
        .expect("runs")
        .expect("allowed");
    assert_eq!((applied.tick, applied.order), (0, 0));
    let applied = handle
        .ask(say(agent, "Good day again."))
        .expect("runs")
        .expect("allowed");
    assert_eq!((applied.tick, applied.order), (0, 1));
    let refused: Answer = handle.ask(say(agent, "")).expect("runs");
    assert_eq!(refused.map_err(|why| why.code), Err(RejectionCode::Invalid));
    handle.control(Control::Steps(3)).expect("runs");
    while handle.ticks() < 3 {
        thread::yield_now();
    }
    handle.control(Control::Stop).expect("runs");
    let outcome = thread.join().expect("no panic");
    assert_eq!(outcome.village.tick_count(), 3);
    // Only what took effect is for the journal.
    assert_eq!(consumer.join().expect("no panic").len(), 2);
    assert!(matches!(
        handle.ask(say(agent, "Anybody?")),
        Err(InboxError::Stopped)
    ));
}

#[test]
fn a_full_inbox_refuses_and_gives_the_envelope_back() {
    let options = BridgeOptions {
        pace: Pace::Fast,
        inbox_max: 2,
        outbox_max: 1,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = spawn(village(), options).expect("a thread");
    let agent = pit(&emissions.recv().expect("the arrivals"));
    // Nobody takes emissions, so the village stands still and the inbox fills.
    let envelope = || Envelope {
        command: say(agent, "Hello?"),
        stamp_ms: None,
        side: None,
        reply: Box::new(|_answer| {}),
    };
    let refused = (0..100_000).find_map(|_| {
        thread::yield_now();
        handle.try_send(envelope()).err()
    });
    assert!(matches!(refused, Some(InboxError::Full(_))), "{refused:?}");
    drop(emissions);
    thread.join().expect("no panic");
}

#[test]
fn a_slow_consumer_slows_the_village_and_loses_nothing() {
    let mut scenario = testing::scenario(8);
    scenario.stop.after_ticks = Some(2_000);
    let mut alone = testing::village(scenario.clone());
    let mut expected = alone.take_events();
    for _ in 0..2_000 {
        alone.tick(None);
        expected.extend(alone.take_events());
    }
    let options = BridgeOptions {
        outbox_max: 1,
        ..BridgeOptions::default()
    };
    let (_handle, emissions, thread) =
        spawn(testing::village(scenario), options).expect("a thread");
    let mut got = Vec::new();
    for emission in emissions {
        if got.len() < 50 {
            #[allow(
                clippy::disallowed_methods,
                reason = "a consumer that is slow on purpose"
            )]
            thread::sleep(Duration::from_millis(1));
        }
        got.extend(emission.events);
    }
    assert_eq!(thread.join().expect("no panic").why, "2000 ticks are done");
    assert_eq!(got, expected);
    let seqs: Vec<u64> = got
        .iter()
        .filter(|record| record.event.is_durable())
        .map(|record| record.seq)
        .collect();
    assert!(
        seqs.iter().copied().eq(1..=seqs.len() as u64),
        "durable events are numbered without gaps"
    );
}

#[test]
fn commands_over_the_bridge_and_by_hand_make_the_same_world() {
    let options = BridgeOptions {
        pace: Pace::Paused,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = spawn(village(), options).expect("a thread");
    let agent = pit(&emissions.recv().expect("the arrivals"));
    let consumer = consume(emissions);
    let walk = Command::Act {
        agent,
        act: Act::GoTo {
            to: Point::new(2, 5),
        },
    };
    handle.ask(walk.clone()).expect("runs").expect("allowed");
    handle.control(Control::Steps(40)).expect("runs");
    while handle.ticks() < 40 {
        thread::yield_now();
    }
    handle.control(Control::Stop).expect("runs");
    let bridged = thread.join().expect("no panic").village;
    drop(consumer.join());
    let mut by_hand = village();
    by_hand
        .apply(&StampedCommand {
            stamp_ms: i64::MIN,
            command: walk,
        })
        .expect("allowed");
    for _ in 0..40 {
        by_hand.tick(None);
    }
    assert_eq!(bridged.state_hash(), by_hand.state_hash());
}

#[test]
fn a_realtime_village_keeps_its_pace_and_hears_in_between() {
    let options = BridgeOptions {
        pace: Pace::Realtime { hz: 200.0 },
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = spawn(village(), options).expect("a thread");
    let agent = pit(&emissions.recv().expect("the arrivals"));
    let consumer = consume(emissions);
    let (sender, receiver) = crossbeam_channel::bounded(1);
    let reply: Reply = Box::new(move |answer| drop(sender.send(answer)));
    let envelope = Envelope {
        command: say(agent, "Here."),
        stamp_ms: Some(i64::MAX / 2),
        side: None,
        reply,
    };
    handle.try_send(envelope).expect("room");
    assert!(receiver.recv().expect("an answer").is_ok());
    handle.control(Control::Pace(Pace::Paused)).expect("runs");
    handle.control(Control::Stop).expect("runs");
    let outcome = thread.join().expect("no panic");
    assert_eq!(outcome.village.stamp_ms(), i64::MAX / 2);
    drop(consumer.join());
}

#[test]
fn what_comes_in_while_the_village_ends_is_let_go_of() {
    let mut scenario = testing::scenario(4);
    scenario.stop.after_ticks = Some(1);
    let options = BridgeOptions {
        // Full with the arrivals: the village cannot say its last word, and drains no more.
        outbox_max: 1,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = spawn(testing::village(scenario), options).expect("a thread");
    while handle.ticks() < 1 {
        thread::yield_now();
    }
    let (sender, answer) = crossbeam_channel::bounded::<Answer>(1);
    let envelope = Envelope {
        command: say(AgentId(uuid::Uuid::nil()), "Is anybody there?"),
        stamp_ms: None,
        side: None,
        reply: Box::new(move |answer| drop(sender.send(answer))),
    };
    handle.try_send(envelope).expect("the door is open");
    emissions.into_iter().for_each(drop);
    drop(thread.join().expect("no panic"));
    // The handle is still held: nobody waits for an answer as long as that.
    let came = answer.recv_timeout(Duration::from_secs(60));
    assert_eq!(
        came.map(|_| ()),
        Err(crossbeam_channel::RecvTimeoutError::Disconnected)
    );
    assert!(matches!(
        handle.control(Control::Stop),
        Err(InboxError::Stopped)
    ));
}
