//! A live village by a clock that misbehaves, run again from its journal and from rows of a table.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Command, StampedCommand};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::image::WorldImage;
use hamlet_protocol::map::Point;

use super::*;
use crate::bridge::{self, BridgeOptions, Control, Emission, Pace, SimHandle, Stamps};
use crate::journal::{FrameBuilder, JournalHeader, JournalWriter};
use crate::testing;

/// Far behind sim time's start it would have no say; this is a day after.
const DAY_LATER_MS: i64 = (1_770_015_600 + 86_400) * 1000;

/// A clock that a test sets.
#[derive(Clone)]
struct Watch(Arc<AtomicI64>);

impl Stamps for Watch {
    fn now_ms(&self) -> Option<i64> {
        Some(self.0.load(Ordering::SeqCst))
    }
}

/// A village of eight and a puppet, living by a clock.
struct Live {
    handle: SimHandle,
    emissions: crossbeam_channel::Receiver<Emission>,
    thread: std::thread::JoinHandle<bridge::Outcome>,
    watch: Watch,
    pit: AgentId,
    kept: Vec<Emission>,
}

fn people() -> Village {
    testing::village(testing::with_puppet(
        testing::scenario(8),
        "Pit",
        Point::new(15, 6),
    ))
}

impl Live {
    fn begin(village: Village, pit: AgentId, at_ms: i64) -> Self {
        let watch = Watch(Arc::new(AtomicI64::new(at_ms)));
        let options = BridgeOptions {
            pace: Pace::Paused,
            hash_every_ticks: 50,
            stamps: Some(Box::new(watch.clone())),
            ..BridgeOptions::default()
        };
        let (handle, emissions, thread) = bridge::spawn(village, options).unwrap();
        Self {
            handle,
            emissions,
            thread,
            watch,
            pit,
            kept: Vec::new(),
        }
    }

    /// Takes what comes until something holds.
    fn take_until(&mut self, mut done: impl FnMut(&Emission) -> bool) {
        loop {
            let mut emission = self.emissions.recv().unwrap();
            let last = done(&emission);
            for pending in emission.replies.drain(..) {
                pending.release();
            }
            self.kept.push(emission);
            if last {
                return;
            }
        }
    }

    fn steps(&mut self, ticks: u64) {
        let until = self.handle.ticks() + ticks;
        self.handle.control(Control::Steps(ticks)).unwrap();
        while self.handle.ticks() < until {
            std::thread::yield_now();
        }
    }

    fn set(&self, ms: i64) {
        self.watch.0.store(ms, Ordering::SeqCst);
    }

    fn post(&mut self, title: &str) {
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let envelope = bridge::Envelope {
            command: Command::Act {
                agent: self.pit,
                act: testing::post(title),
            },
            stamp_ms: None,
            side: None,
            reply: Box::new(move |answer| drop(sender.send(answer))),
        };
        self.handle.try_send(envelope).unwrap();
        self.take_until(|emission| !emission.replies.is_empty());
        receiver.recv().unwrap().unwrap();
    }

    fn image(&mut self) -> WorldImage {
        self.handle.control(Control::Image).unwrap();
        self.take_until(|emission| emission.image.is_some());
        *self.kept.last_mut().unwrap().image.take().unwrap()
    }

    fn end(mut self) -> (Village, Vec<Emission>) {
        self.handle.control(Control::Stop).unwrap();
        self.take_until(|emission| emission.ended.is_some());
        (self.thread.join().unwrap().village, self.kept)
    }

    /// A morning in which the clock jumps, stands still and is set back.
    fn morning(&mut self) {
        self.post("Good morning");
        self.steps(60);
        self.set(DAY_LATER_MS + 3_600_000);
        self.post("An hour later");
        self.steps(7);
        self.post("Where does the time go");
        self.set(DAY_LATER_MS + 5_000);
        self.steps(40);
        self.post("It was set back");
        self.set(DAY_LATER_MS + 3_700_000);
        self.steps(40);
    }
}

fn pit(village: &mut Village) -> AgentId {
    let view = village.view();
    let agents = view.agents.iter().flatten();
    agents
        .filter(|it| it.persona.name == "Pit")
        .map(|it| it.id)
        .next()
        .unwrap()
}

/// What a consumer does with an emission: the anchor before its tick, commands after theirs.
fn keep(builder: &mut FrameBuilder, emission: &Emission) {
    if let Some(anchor) = emission.anchor {
        builder.anchor(anchor).unwrap();
    }
    for stamped in &emission.commands {
        builder.command(emission.tick, stamped).unwrap();
    }
    match emission.hash {
        Some(hash) => builder.hash(emission.tick, hash).unwrap(),
        None => builder.tick(emission.tick).unwrap(),
    }
}

#[test]
fn a_journal_of_anchors_is_run_again_by_the_clock_of_its_time() {
    let mut village = people();
    let pit = pit(&mut village);
    let start = village.image();
    let mut live = Live::begin(village, pit, DAY_LATER_MS);
    live.morning();
    let (village, kept) = live.end();
    let anchors: Vec<u64> = kept
        .iter()
        .filter_map(|emission| Some(emission.anchor?.after_tick))
        .collect();
    // Steps begin anew after each pause; a clock that stands still needs no more.
    assert_eq!(anchors, [0, 60, 67, 107]);
    assert_eq!(village.stamp_ms(), DAY_LATER_MS + 3_700_000);
    let created: Vec<i64> = village
        .image()
        .state
        .board
        .posts
        .iter()
        .map(|post| post.created_ms)
        .collect();
    let hour = DAY_LATER_MS + 3_600_000;
    assert!(created.contains(&DAY_LATER_MS) && created.contains(&hour));
    assert!(created.is_sorted(), "time never goes back: {created:?}");

    let header = JournalHeader::new(start, 50, "a test");
    let mut builder = FrameBuilder::new(0, 0, 0);
    let mut writer = JournalWriter::create(Vec::new(), &header).unwrap();
    for emission in &kept {
        keep(&mut builder, emission);
        if let Some(frame) = builder.close().unwrap() {
            writer.append_frame(&frame).unwrap();
        }
    }
    let bytes = writer.finish(147, village.state_hash()).unwrap();
    let replay = |bytes: &[u8]| {
        let reader = JournalReader::open(bytes).unwrap();
        let mut replay = Replay::begin(reader, VillageOptions::default()).unwrap();
        replay.run(None, |_tick| {}).unwrap()
    };
    let expected = Verdict::Agreed {
        ticks: 147,
        hashes: 3,
        last: Some(village.state_hash()),
    };
    assert_eq!(replay(&bytes), expected);

    // Without its anchors the same journal makes another world.
    let mut writer = JournalWriter::create(Vec::new(), &header).unwrap();
    for record in JournalReader::open(&bytes[..]).unwrap() {
        match record.unwrap() {
            Record::Command {
                after_tick,
                stamped,
                ..
            } => drop(writer.command(after_tick, &stamped).unwrap()),
            Record::Hash { tick, hash } => writer.hash(tick, hash).unwrap(),
            Record::Anchor(_) => {}
        }
    }
    let bytes = writer.finish(147, village.state_hash()).unwrap();
    assert!(matches!(replay(&bytes), Verdict::Diverged { .. }));
}

#[test]
fn a_journal_may_begin_at_any_image() {
    let mut village = people();
    let pit = pit(&mut village);
    let mut live = Live::begin(village, pit, DAY_LATER_MS);
    live.handle
        .control(Control::Pace(Pace::Realtime { hz: 500.0 }))
        .unwrap();
    live.take_until(|emission| emission.anchor.is_some());
    let image = live.image();
    live.take_until(|emission| emission.anchor.is_some());
    let anchor = live.kept.last().and_then(|emission| emission.anchor);
    assert_eq!(
        anchor.map(|it| (it.after_tick, it.period_us)),
        Some((image.state.tick, 2_000))
    );
    live.end();
}

#[test]
fn an_image_and_the_rows_after_it_make_the_village_that_was() {
    let mut village = people();
    let pit = pit(&mut village);
    let mut live = Live::begin(village, pit, DAY_LATER_MS);
    live.morning();
    // Two commands after the tick are in the image, one after it.
    live.post("One more");
    live.post("And another");
    let image = live.image();
    assert_eq!((image.state.tick, image.state.order), (147, 2));
    let before = live.kept.len();
    live.post("And the last");
    live.set(DAY_LATER_MS + 4_000_000);
    live.steps(55);
    let (mut village, kept) = live.end();
    let anchors: Vec<u64> = kept[before..]
        .iter()
        .filter_map(|emission| Some(emission.anchor?.after_tick))
        .collect();
    assert_eq!(anchors, [147], "the tail has an anchor of its own");
    let mut builder = FrameBuilder::new(9, 147, 2);
    let rows: Vec<Vec<u8>> = kept[before..]
        .iter()
        .filter_map(|emission| {
            keep(&mut builder, emission);
            builder.close().unwrap()
        })
        .collect();
    assert!(rows.len() >= 3);

    let resume = || {
        let village = Village::resume(image.clone(), VillageOptions::default());
        Replayer::new(village.unwrap())
    };
    let mut replayer = resume();
    for row in &rows {
        replayer.frame(row).unwrap();
    }
    assert_eq!(replayer.hashes(), 2);
    assert_eq!(replayer.tick_count(), 202);
    let mut next = replayer.frame_builder(0);
    assert_eq!((next.seq(), next.last_tick()), (builder.seq(), 202));
    let mut found = replayer.into_village();
    assert_eq!(found.state_hash(), village.state_hash());
    assert_eq!(found.image(), village.image());
    assert!(found.take_events().is_empty());

    // It goes on as if it had never stopped, and so does its journal.
    let stamped = StampedCommand {
        stamp_ms: found.stamp_ms(),
        command: Command::Act {
            agent: pit,
            act: Act::Stop,
        },
    };
    assert_eq!(found.apply(&stamped), village.apply(&stamped));
    next.command(202, &stamped).unwrap();
    let mut replayer = resume();
    for row in rows.iter().chain([&next.close().unwrap().unwrap()]) {
        replayer.frame(row).unwrap();
    }
    assert_eq!(replayer.into_village().state_hash(), found.state_hash());

    // Rows that are missing or damaged are found out, and leave the village as it was.
    let mut replayer = resume();
    replayer.frame(&rows[0]).unwrap();
    let stands = replayer.village().state_hash();
    assert!(matches!(
        replayer.frame(&rows[2]),
        Err(ReplayError::Frame { next_frame: 10, .. })
    ));
    let mut torn = rows[1].clone();
    torn[60] ^= 1;
    assert!(matches!(
        replayer.frame(&torn),
        Err(ReplayError::Frame { .. })
    ));
    assert_eq!(replayer.village().state_hash(), stands);
    replayer.frame(&rows[1]).unwrap();
}

#[test]
fn a_recovery_that_comes_out_differently_says_where() {
    let mut replayer = Replayer::new(people());
    let hash = StateHash(1);
    let told = replayer.record(&Record::Hash { tick: 5, hash });
    assert!(
        matches!(told, Err(ReplayError::Diverged { tick: 5, recorded, .. }) if recorded == hash)
    );
    let told = replayer.record(&Record::Hash { tick: 4, hash });
    assert!(matches!(
        told,
        Err(ReplayError::Past {
            record: 4,
            village: 5
        })
    ));
    let refused = StampedCommand {
        stamp_ms: 0,
        command: Command::SetRule {
            name: "nonsense".to_owned(),
            value: 1.0,
        },
    };
    let told = replayer.record(&Record::Command {
        after_tick: 6,
        order: 0,
        stamped: refused,
    });
    assert!(matches!(told, Err(ReplayError::Refused { tick: 6, .. })));
}
