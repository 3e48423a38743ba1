//! Commands through the bridge end up in the journal, and the journal makes the same world again.

use std::thread;

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Outcome, SpawnAgent};
use hamlet_protocol::map::Point;
use hamlet_protocol::persona::Persona;
use hamlet_sim::bridge::{self, BridgeOptions, Control, Emission, Pace};
use hamlet_sim::journal::{JournalHeader, JournalWriter};
use hamlet_sim::replay::Verdict;

use crate::sim::{TestSim, replay};

const TOWN: &str = r#"
seed = 3
map = "maps/town.tmj"
[[population]]
count = 10
[[population]]
name = "pup"
mind = "puppet"
at = "board"
"#;

/// Writes emissions down as `hamlet run` does, and releases their answers.
fn keep(
    mut journal: JournalWriter<Vec<u8>>,
    emissions: impl Iterator<Item = Emission>,
) -> JournalWriter<Vec<u8>> {
    for emission in emissions {
        if let Some(anchor) = emission.anchor {
            journal.anchor(anchor).unwrap();
        }
        for stamped in &emission.commands {
            journal.command(emission.tick, stamped).unwrap();
        }
        match emission.hash {
            Some(hash) => journal.hash(emission.tick, hash).unwrap(),
            None => journal.tick(emission.tick).unwrap(),
        }
        for pending in emission.replies {
            pending.release();
        }
    }
    journal
}

#[test]
fn what_was_commanded_is_replayed() {
    let sim = TestSim::of(TOWN);
    let pup = sim.agent("pup");
    let header = JournalHeader::new(sim.village.image(), 10, "a test");
    let journal = JournalWriter::create(Vec::new(), &header).unwrap();
    let options = BridgeOptions {
        pace: Pace::Paused,
        hash_every_ticks: 10,
        ..BridgeOptions::default()
    };
    let (handle, emissions, village) = bridge::spawn(sim.village, options).unwrap();
    let keeper = thread::spawn(move || keep(journal, emissions.into_iter()));
    let act = |act| Command::Act { agent: pup, act };
    let steps = |ticks: u64| {
        let until = handle.ticks() + ticks;
        handle.control(Control::Steps(ticks)).unwrap();
        while handle.ticks() < until {
            thread::yield_now();
        }
    };

    let post = act(Act::Post {
        submolt: "town".to_owned(),
        title: "I am here".to_owned(),
        text: "Who else is?".to_owned(),
    });
    let posted = handle.ask(post).unwrap().unwrap();
    let Outcome::Posted { post } = posted.outcome else {
        panic!("a post answers with its id, not {:?}", posted.outcome)
    };
    steps(7);
    let refused = handle.ask(act(Act::Comment {
        post,
        parent: None,
        text: String::new(),
    }));
    assert!(refused.unwrap().is_err(), "an empty comment was taken");
    let spawn = Command::Spawn(Box::new(SpawnAgent {
        persona: Persona {
            name: "late_guest".to_owned(),
            display_name: "Late Guest".to_owned(),
            ..Persona::default()
        },
        template: "townsfolk".to_owned(),
        mind: MindKind::Scripted,
        at: None,
    }));
    let spawned = handle.ask(spawn).unwrap().unwrap();
    assert_eq!((spawned.tick, spawned.order), (7, 0));
    let Outcome::Spawned { agent } = spawned.outcome else {
        panic!("a spawn answers with an id, not {:?}", spawned.outcome)
    };
    let more = [
        Command::SetRule {
            name: "reach".to_owned(),
            value: 5.0,
        },
        Command::Place {
            agent,
            to: Point::new(10, 12),
        },
        act(Act::Follow { agent, on: true }),
        act(Act::Say {
            text: "Welcome.".to_owned(),
        }),
    ];
    for command in more {
        handle.ask(command).unwrap().unwrap();
    }
    steps(500);
    handle.ask(Command::Remove { agent }).unwrap().unwrap();
    steps(100);
    handle.control(Control::Stop).unwrap();

    let village = village.join().unwrap().village;
    assert_eq!(village.tick_count(), 607);
    let journal = keeper.join().unwrap();
    let bytes = journal.finish(607, village.state_hash()).unwrap();
    let expected = Verdict::Agreed {
        ticks: 607,
        hashes: 61,
        last: Some(village.state_hash()),
    };
    assert_eq!(replay(&bytes), expected);
}
