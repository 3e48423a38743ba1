//! The thread that owns a village.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, bounded};
use hamlet_protocol::command::{Command, StampedCommand};
use hamlet_protocol::minds::MindsCommand;
use hamlet_protocol::time::ClockAnchor;

use super::anchor::Anchorage;
use super::awaited::Awaited;
use super::emission::{Emission, PendingReply};
use super::handle::{Closing, Control, Door, Envelope, Inbound, SimHandle};
use super::pace::{Metronome, Pace, SimStamps, Stamps, Stopwatch};
use crate::village::Village;

/// Commands taken in one drain, so that a flood can't keep a tick from running.
const DRAIN_MAX: usize = 4_096;
/// Ticks without anything to say after which an emission is sent all the same.
const SILENT_TICKS_MAX: u64 = 1_024;

/// How a village is run for others.
pub struct BridgeOptions {
    /// Pace at the start.
    pub pace: Pace,
    /// Commands that may wait; more are refused.
    pub inbox_max: usize,
    /// Emissions that may wait; then the village waits.
    pub outbox_max: usize,
    /// Ticks between two state hashes, 0 for none.
    pub hash_every_ticks: u64,
    /// Whether emissions carry views.
    pub views: bool,
    /// Where stamps come from; `None`: sim time.
    pub stamps: Option<Box<dyn Stamps>>,
    /// Whether time waits for thoughts: each takes effect after exactly the tick that was named when it was asked for.
    /// Else it takes effect when it comes.
    pub lockstep: bool,
}

impl Default for BridgeOptions {
    fn default() -> Self {
        Self {
            pace: Pace::Fast,
            inbox_max: 4_096,
            outbox_max: 256,
            hash_every_ticks: 0,
            views: false,
            stamps: None,
            lockstep: false,
        }
    }
}

/// What the thread gives back at its end.
pub struct Outcome {
    /// The village as it stands.
    pub village: Village,
    /// Why it ended.
    pub why: String,
}

/// Runs a village on a thread of its own.
///
/// # Errors
/// When the system gives no thread.
pub fn spawn(
    village: Village,
    options: BridgeOptions,
) -> std::io::Result<(SimHandle, Receiver<Emission>, JoinHandle<Outcome>)> {
    let (inbox, inbound) = bounded(options.inbox_max.max(1));
    let (outbox, emissions) = bounded(options.outbox_max.max(1));
    let ticks = Arc::new(AtomicU64::new(village.tick_count()));
    let door = Door::new(inbound.clone());
    let handle = SimHandle::new(inbox, Arc::clone(&door), Arc::clone(&ticks));
    let closing = Closing(door);
    let runner = Runner {
        village,
        inbound,
        outbox,
        ticks,
        pace: options.pace,
        steps: 0,
        hash_every_ticks: options.hash_every_ticks,
        views: options.views,
        stamps: options.stamps.unwrap_or_else(|| Box::new(SimStamps)),
        metronome: Metronome::start(),
        anchorage: Anchorage::default(),
        image_wanted: false,
        stopping: None,
        silent: 0,
        lockstep: options.lockstep,
        early: BTreeMap::new(),
        awaited: Awaited::default(),
    };
    #[allow(
        clippy::disallowed_methods,
        reason = "the one thread that owns the world"
    )]
    let thread = thread::Builder::new()
        .name("hamlet-sim".to_owned())
        .spawn(move || {
            // Dropped last, and when something panics as well.
            let _closing = closing;
            runner.run()
        })?;
    Ok((handle, emissions, thread))
}

/// When an answer of a mind takes effect, whose it is, and the fence of its question.
type Due = (u64, u32, u64);

struct Runner {
    village: Village,
    inbound: Receiver<Inbound>,
    outbox: Sender<Emission>,
    ticks: Arc<AtomicU64>,
    pace: Pace,
    /// Steps still to run at once.
    steps: u64,
    hash_every_ticks: u64,
    views: bool,
    stamps: Box<dyn Stamps>,
    metronome: Metronome,
    anchorage: Anchorage,
    image_wanted: bool,
    stopping: Option<String>,
    silent: u64,
    lockstep: bool,
    /// In lockstep: answers of minds that take effect later, in that order.
    early: BTreeMap<Due, Envelope>,
    /// In lockstep: questions that have no answer yet.
    awaited: Awaited,
}

impl Runner {
    fn run(mut self) -> Outcome {
        // What founding brought: arrivals.
        self.emit(Emission::default(), true);
        while self.stopping.is_none() {
            self.take_in();
            if self.stopping.is_some() {
                break;
            }
            if self.steps > 0 || self.pace != Pace::Paused {
                if self.lockstep {
                    self.wait_for_thoughts();
                }
                if self.stopping.is_some() {
                    break;
                }
                self.tick();
            }
        }
        let why = self.stopping.take().unwrap_or_default();
        let last = Emission {
            ended: Some(why.clone()),
            ..Emission::default()
        };
        self.emit(last, true);
        Outcome {
            village: self.village,
            why,
        }
    }

    /// Takes in what waits, and waits for more until the next tick is due.
    fn take_in(&mut self) {
        loop {
            self.drain();
            if self.stopping.is_some() || self.steps > 0 {
                return;
            }
            let next = match self.pace {
                Pace::Fast => return,
                Pace::Realtime { .. } => self.inbound.recv_deadline(self.metronome.due()),
                Pace::Paused => self
                    .inbound
                    .recv()
                    .map_err(|_closed| RecvTimeoutError::Disconnected),
            };
            match next {
                Ok(inbound) => {
                    let mut emission = Emission::default();
                    self.receive(inbound, &mut emission);
                    self.drain_into(emission);
                }
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => {
                    // Nobody can command any more; a paused village would wait for ever.
                    if self.pace == Pace::Paused {
                        self.stopping = Some("nobody is left to steer it".to_owned());
                        return;
                    }
                    return self.wait_out();
                }
            }
        }
    }

    /// Waits for every answer that is due before the next tick, then has those that still count take effect in order of agent numbers.
    ///
    /// It ends when all are there, the run is stopped, others think from now on, or nobody is left who could answer.
    fn wait_for_thoughts(&mut self) {
        let tick = self.village.tick_count();
        while self.awaited.is_due(tick) {
            let Ok(inbound) = self.inbound.recv() else {
                self.stopping = Some("nobody is left to think".to_owned());
                return;
            };
            let mut emission = Emission::default();
            self.receive(inbound, &mut emission);
            self.drain_into(emission);
            if self.stopping.is_some() {
                return;
            }
        }
        let later = self.early.split_off(&(tick + 1, 0, 0));
        let mut now: Vec<(u32, Envelope)> = std::mem::replace(&mut self.early, later)
            .into_iter()
            .map(|((_, no, _), envelope)| (no, envelope))
            .collect();
        if now.is_empty() {
            return;
        }
        now.sort_by_key(|&(no, _)| no);
        let mut emission = Emission::default();
        for (_, envelope) in now {
            self.apply(envelope, &mut emission);
        }
        self.emit(emission, true);
    }

    /// When and whose the answer of a mind takes effect that must wait for its tick.
    fn waits_for(&self, command: &Command) -> Option<Due> {
        match command {
            Command::Minds(MindsCommand::Think(answer)) if self.lockstep => {
                let (due, no) = self.village.thought_due(answer.agent, answer.fence)?;
                Some((due, no, answer.fence))
            }
            _ => None,
        }
    }

    fn wait_out(&mut self) {
        let due = self.metronome.due();
        let never: Receiver<()> = crossbeam_channel::never();
        // `recv_deadline` on a channel nobody sends to is a sleep until then.
        let _timeout = never.recv_deadline(due);
    }

    fn drain(&mut self) {
        self.drain_into(Emission::default());
    }

    fn drain_into(&mut self, mut emission: Emission) {
        for _ in 0..DRAIN_MAX {
            match self.inbound.try_recv() {
                Ok(inbound) => self.receive(inbound, &mut emission),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        let something = !emission.replies.is_empty() || self.image_wanted;
        self.emit(emission, something);
    }

    fn receive(&mut self, inbound: Inbound, emission: &mut Emission) {
        match inbound {
            Inbound::Command(envelope) => {
                self.awaited.heard(&envelope.command);
                match self.waits_for(&envelope.command) {
                    // A second answer to the same question takes the place of the first.
                    Some(place) => drop(self.early.insert(place, envelope)),
                    None => self.apply(envelope, emission),
                }
            }
            Inbound::Control(Control::Pace(pace)) => {
                self.pace = pace;
                self.anchorage.weigh();
                self.metronome = Metronome::start();
            }
            Inbound::Control(Control::Steps(steps)) => {
                self.pace = Pace::Paused;
                self.steps = steps;
                self.anchorage.weigh();
            }
            Inbound::Control(Control::Image) => self.image_wanted = true,
            Inbound::Control(Control::Stop) => self.stopping = Some("it was stopped".to_owned()),
        }
    }

    fn apply(&mut self, envelope: Envelope, emission: &mut Emission) {
        let Envelope {
            command,
            stamp_ms,
            side,
            reply,
        } = envelope;
        let stamp_ms = stamp_ms
            .or_else(|| self.stamps.now_ms())
            .unwrap_or(i64::MIN);
        let stamped = StampedCommand { stamp_ms, command };
        let answer = self.village.apply(&stamped);
        if answer.is_ok() {
            self.awaited.done(&stamped.command);
            // The stamp in force, never smaller than the one before, is what a replay must see.
            emission.commands.push(StampedCommand {
                stamp_ms: self.village.stamp_ms(),
                ..stamped
            });
        }
        emission.replies.push(PendingReply {
            answer,
            side,
            reply,
        });
    }

    fn tick(&mut self) {
        let (stamp_ms, anchor) = self.next_stamp();
        let late = match self.pace {
            Pace::Realtime { .. } => self.metronome.late(),
            Pace::Fast | Pace::Paused => Duration::ZERO,
        };
        let watch = Stopwatch::start();
        self.village.tick(stamp_ms);
        let took = watch.elapsed();
        let cpu = watch.cpu().unwrap_or(took);
        self.steps = self.steps.saturating_sub(1);
        let tick = self.village.tick_count();
        self.ticks.store(tick, Ordering::Relaxed);
        if let Pace::Realtime { hz } = self.pace {
            self.metronome.advance(hz);
        }
        self.stopping = self.village.ended();
        let hashed = self.hash_every_ticks > 0 && tick.is_multiple_of(self.hash_every_ticks);
        let emission = Emission {
            ticked: true,
            took,
            cpu,
            late,
            anchor,
            sample: self.village.take_sample(),
            hash: hashed.then(|| self.village.state_hash()),
            ..Emission::default()
        };
        let something =
            emission.anchor.is_some() || emission.sample.is_some() || emission.hash.is_some();
        self.emit(emission, something);
    }

    /// The stamp of the next tick, and the anchor it comes from where that is new; neither where sim time is the stamp.
    fn next_stamp(&mut self) -> (Option<i64>, Option<ClockAnchor>) {
        match self.stamps.now_ms() {
            Some(now_ms) => {
                let done = self.village.tick_count();
                let (stamp_ms, anchor) = self.anchorage.stamp(done, now_ms, self.pace);
                (Some(stamp_ms), anchor)
            }
            None => (None, None),
        }
    }

    /// Sends an emission where there is something to say. Waits while the outbox is full.
    fn emit(&mut self, mut emission: Emission, something: bool) {
        emission.events = self.village.take_events();
        emission.asks = self.village.take_asks();
        if self.lockstep {
            emission.asks.iter().for_each(|ask| self.awaited.asked(ask));
        }
        self.silent += u64::from(emission.ticked);
        let due = something
            || !emission.events.is_empty()
            || !emission.asks.is_empty()
            || self.silent >= SILENT_TICKS_MAX;
        let shown = self.views && emission.ticked;
        if !due && !shown {
            return;
        }
        self.silent = 0;
        emission.tick = self.village.tick_count();
        emission.stamp_ms = self.village.stamp_ms();
        // Whoever is asked for a thought sees the world.
        let shown = self.views || !emission.asks.is_empty();
        emission.view = shown.then(|| self.village.view());
        if std::mem::take(&mut self.image_wanted) {
            emission.image = Some(Box::new(self.village.image()));
            // A journal may begin here, and needs an anchor of its own.
            self.anchorage.weigh();
        }
        if self.outbox.send(emission).is_err() {
            self.stopping = Some("nobody takes what happens any more".to_owned());
        }
    }
}
