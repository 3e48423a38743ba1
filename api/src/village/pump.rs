//! The one consumer of what happens and the one writer of the database.
//!
//! Whatever gathered while the last commit was in flight is the next batch: one journal frame, all rows, all side rows and the head in one transaction.
//! Only then the view becomes visible, and only after that answers are released and listeners hear of it.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError, select};
use hamlet_protocol::command::Answer;
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::image::WorldImage;
use hamlet_protocol::minds::ThoughtBatch;
use hamlet_sim::bridge::{Control, Emission, SimHandle};
use hamlet_sim::journal::FrameBuilder;
use hamlet_store::{Batch, CommitError, FrameRow, Head, Store, Write};
use tokio::runtime::Handle;

use super::draft::Draft;
use super::images::{ImageTaken, Keep};
use super::published::{Beat, Health, Published};
use crate::directory::Directory;
use crate::metrics::{PumpMetrics, TickTimes};
use crate::time::Clock;
use crate::webhooks;

/// Emissions and jobs that one batch takes at most.
const BATCH_ITEMS_MAX: usize = 1_024;
/// How long the village alone is waited for, when nobody is left to hand in jobs.
const NOBODY_WAITS: Duration = Duration::from_secs(1);
/// Wait between two tries to reach a database that is gone: first and longest.
const RETRY_FIRST: Duration = Duration::from_millis(50);
const RETRY_LONGEST: Duration = Duration::from_secs(2);
/// How often expired identity is let go of.
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// What is written beside a command once its answer is known; it pushes identity rows only where that is a yes.
pub(super) type Side = Box<dyn FnOnce(&Answer, &mut Draft<'_>) + Send>;
type Release = Box<dyn FnOnce() + Send>;

/// Something that has no part in the world.
pub(super) struct Job(Box<dyn FnOnce(&mut Draft<'_>) -> Release + Send>);

impl Job {
    pub(super) fn new(work: impl FnOnce(&mut Draft<'_>) -> Release + Send + 'static) -> Self {
        Self(Box::new(work))
    }
}

/// Everything the pump works with.
pub(super) struct Pump {
    pub(super) store: Store,
    pub(super) runtime: Handle,
    pub(super) sim: SimHandle,
    pub(super) emissions: Receiver<Emission>,
    pub(super) jobs: Receiver<Job>,
    pub(super) published: Arc<Published>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) metrics: Arc<PumpMetrics>,
    /// Reads ids.
    pub(super) ids: IdCodec,
    /// Identity, running ahead with what is about to be committed.
    pub(super) directory: Directory,
    pub(super) frames: FrameBuilder,
    pub(super) head: Head,
    /// How often an image is taken; zero: only at the end.
    pub(super) image_every: Duration,
    /// What is kept of the past.
    pub(super) keep: Keep,
    /// Whether there is no village, only its books: then the pump ends when nobody is left to hand in jobs.
    pub(super) cold: bool,
    /// Who thinks for residents with such a mind.
    pub(super) thoughts: Option<tokio::sync::mpsc::Sender<ThoughtBatch>>,
    /// Set when the village is told to stop: until when a database that is gone is waited for.
    pub(super) stop_by: Arc<OnceLock<Instant>>,
}

/// What was gathered for one transaction.
#[derive(Default)]
struct Gathered {
    events: Vec<EventRecord>,
    writes: Vec<Write>,
    frames: Vec<FrameRow>,
    releases: Vec<Release>,
    beats: Vec<Beat>,
    asked: Vec<ThoughtBatch>,
    image: Option<Box<WorldImage>>,
    /// Whether there is more to write than how far time has come: then the journal gets a frame.
    durable: bool,
    ended: Option<String>,
    /// Whether something happened that the journal cannot hold: nothing of the batch is acknowledged then.
    broken: bool,
    items: usize,
}

impl Gathered {
    /// Whether anybody will hear of it. Ticks that brought nothing move the head alone.
    fn is_something(&self) -> bool {
        self.durable
            || self.broken
            || !self.frames.is_empty()
            || !self.beats.is_empty()
            || self.ended.is_some()
    }
}

impl Pump {
    /// Works until the village has ended, or the world belongs to somebody else.
    pub(super) fn run(mut self) {
        let _last = LastWill(Arc::clone(&self.published));
        let mut last_image = now();
        let mut last_tidy = now();
        loop {
            let Some(mut gathered) = self.gather() else {
                self.published.set_health(Health::Stopped {
                    reason: "the village has gone".to_owned(),
                });
                return;
            };
            if gathered.is_something() && !self.commit(&mut gathered) {
                return;
            }
            let ended = gathered.ended.take();
            self.publish(gathered);
            if let Some(reason) = ended {
                self.published.set_health(Health::Stopped { reason });
                return;
            }
            if !self.image_every.is_zero() && last_image.elapsed() >= self.image_every {
                // Never waiting: the village may be waiting for this very thread. Where its inbox is full, the next batch tries again;
                // where it has stopped, it has made its last image already.
                if !matches!(self.sim.try_control(Control::Image), Ok(false)) {
                    last_image = now();
                }
            }
            if last_tidy.elapsed() >= TIDY_EVERY {
                last_tidy = now();
                let now_ms = self.clock.now_ms();
                self.directory.forget_expired(now_ms);
                self.published.forget_expired(now_ms);
            }
        }
    }

    /// Waits for something, then takes whatever else is there. `None` when nothing can come any more.
    fn gather(&mut self) -> Option<Gathered> {
        let mut gathered = Gathered::default();
        let (emissions, jobs) = (self.emissions.clone(), self.jobs.clone());
        select! {
            recv(emissions) -> emission => self.take_emission(&mut gathered, emission.ok()?),
            recv(jobs) -> job => match job {
                Ok(job) => self.take_job(&mut gathered, job),
                Err(_) if self.cold => return None,
                // Nobody is left to hand in jobs; the village may still go on.
                Err(_) => match emissions.recv_timeout(NOBODY_WAITS) {
                    Ok(emission) => self.take_emission(&mut gathered, emission),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return None,
                },
            },
        }
        while gathered.items < BATCH_ITEMS_MAX
            && gathered.image.is_none()
            && gathered.ended.is_none()
        {
            match emissions.try_recv() {
                Ok(emission) => self.take_emission(&mut gathered, emission),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => match jobs.try_recv() {
                    Ok(job) => self.take_job(&mut gathered, job),
                    Err(_) => break,
                },
            }
        }
        Some(gathered)
    }

    fn take_job(&mut self, gathered: &mut Gathered, job: Job) {
        gathered.items += 1;
        let mut draft = Draft::new(
            &mut self.directory,
            &mut gathered.writes,
            self.clock.now_ms(),
        );
        gathered.releases.push((job.0)(&mut draft));
        // Even a refusal waits: it may rest on what is not on disk yet.
        gathered.durable |= !gathered.writes.is_empty();
    }

    fn take_emission(&mut self, gathered: &mut Gathered, emission: Emission) {
        gathered.items += 1;
        if emission.ticked {
            self.metrics.ticked(TickTimes {
                took: emission.took,
                cpu: emission.cpu,
                late: emission.late,
            });
        }
        self.record(gathered, &emission);
        for record in &emission.events {
            self.directory.hear(&record.event);
        }
        let mut draft = Draft::new(
            &mut self.directory,
            &mut gathered.writes,
            self.clock.now_ms(),
        );
        note_tiers(&emission.events, &mut draft);
        self.tell_elsewhere(gathered, &emission);
        gathered.durable |= !emission.commands.is_empty()
            || emission.hash.is_some()
            || emission.anchor.is_some()
            || emission.image.is_some()
            || emission.ended.is_some()
            || emission
                .events
                .iter()
                .any(|record| record.event.is_durable());
        for pending in emission.replies {
            let (answer, reply) = (pending.answer, pending.reply);
            if let Some(side) = pending.side.and_then(|side| side.downcast::<Side>().ok()) {
                let now_ms = self.clock.now_ms();
                let mut draft = Draft::new(&mut self.directory, &mut gathered.writes, now_ms);
                side(&answer, &mut draft);
                gathered.durable |= draft.written() > 0;
            }
            gathered.releases.push(Box::new(move || reply(answer)));
        }
        gathered.events.extend(
            emission
                .events
                .iter()
                .filter(|record| record.event.is_durable())
                .cloned(),
        );
        if let Some(view) = emission.view.clone().filter(|_| !emission.asks.is_empty()) {
            let asks = emission.asks;
            gathered.asked.push(ThoughtBatch { asks, view });
        }
        if let Some(view) = emission.view {
            gathered.beats.push(Beat {
                view,
                events: emission.events.into(),
                ticked: emission.ticked,
                leaps: false,
                shown: now(),
            });
        }
        if emission.image.is_some() {
            gathered.image = emission.image;
        }
        gathered.ended = emission.ended;
    }

    /// Writes down for whom of those who want it elsewhere something happened.
    fn tell_elsewhere(&mut self, gathered: &mut Gathered, emission: &Emission) {
        if self.directory.webhooks().is_empty() {
            return;
        }
        if let Some(view) = &emission.view {
            let now_ms = self.clock.now_ms();
            let mut draft = Draft::new(&mut self.directory, &mut gathered.writes, now_ms);
            webhooks::queue(&emission.events, view, self.ids, &mut draft);
        }
    }

    /// Notes for the journal what an emission holds. What cannot be noted must not be acknowledged: then the batch is broken.
    fn record(&mut self, gathered: &mut Gathered, emission: &Emission) {
        if let Err(source) = self.note(gathered, emission) {
            tracing::error!(%source, tick = emission.tick, "the journal refuses what the village did");
            gathered.broken = true;
        }
    }

    fn note(&mut self, gathered: &mut Gathered, emission: &Emission) -> io::Result<()> {
        if let Some(anchor) = emission.anchor {
            self.frames.anchor(anchor)?;
        }
        if emission.ticked || emission.commands.is_empty() {
            self.frames.tick(emission.tick)?;
        }
        for stamped in &emission.commands {
            match self.frames.command(emission.tick, stamped) {
                // The frame has no room left for it; the next one has.
                Err(full) if full.kind() == io::ErrorKind::FileTooLarge => {
                    gathered.frames.extend(self.close_frame()?);
                    self.frames.command(emission.tick, stamped)?;
                }
                noted => {
                    noted?;
                }
            }
        }
        if let Some(hash) = emission.hash {
            self.frames.hash(emission.tick, hash)?;
        }
        if self.frames.is_full() {
            gathered.frames.extend(self.close_frame()?);
        }
        Ok(())
    }

    /// Closes the frame that is being built, if there is anything in it.
    fn close_frame(&mut self) -> io::Result<Option<FrameRow>> {
        let (seq, first_tick) = (self.frames.seq(), self.frames.first_tick());
        let bytes = self.frames.close()?;
        Ok(bytes.map(|bytes| FrameRow {
            seq: number(seq),
            first_tick: number(first_tick),
            last_tick: number(self.frames.last_tick()),
            bytes,
        }))
    }

    /// Brings the batch to disk, however long that takes. `false` when the world belongs to somebody else now.
    fn commit(&mut self, gathered: &mut Gathered) -> bool {
        let Some(batch) = self.batch(gathered) else {
            return false;
        };
        let began = now();
        let mut wait = RETRY_FIRST;
        loop {
            match self.runtime.block_on(self.store.commit(&batch)) {
                Ok(()) => break,
                Err(CommitError::Fenced) => {
                    return self.give_up("another server has taken over this world");
                }
                Err(CommitError::Invalid(source)) => {
                    tracing::error!(%source, "the database refuses a batch for good");
                    return self.give_up("the database refuses what happened; see the log");
                }
                Err(CommitError::Unavailable(source)) => {
                    self.pause(&source.to_string());
                    if self.stop_by.get().is_some_and(|&by| now() >= by) {
                        return self.give_up(
                            "it was told to stop while the database was gone; what was not acknowledged is lost",
                        );
                    }
                    sleep(wait);
                    wait = (wait * 2).min(RETRY_LONGEST);
                }
            }
        }
        self.published.set_health(Health::Ready);
        self.metrics.committed(
            began.elapsed(),
            gathered.items,
            batch.events.len() + batch.writes.len(),
        );
        self.head = batch.after;
        self.published.learn(&batch.writes, &batch.events);
        if let Some(image) = gathered.image.take() {
            self.keep_image(image);
        }
        true
    }

    fn batch(&mut self, gathered: &mut Gathered) -> Option<Batch> {
        if gathered.durable {
            match self.close_frame() {
                Ok(frame) => gathered.frames.extend(frame),
                Err(source) => {
                    tracing::error!(%source, "the journal cannot be packed");
                    gathered.broken = true;
                }
            }
        }
        if gathered.broken {
            self.give_up("the journal cannot hold what happened; see the log");
            return None;
        }
        let frames = std::mem::take(&mut gathered.frames);
        let mut after = self.head;
        after.next_frame = number(self.frames.seq());
        after.batch += 1;
        after.tick = number(self.frames.last_tick());
        after.next_order = i32::try_from(self.frames.order()).unwrap_or(i32::MAX);
        if let Some(last) = gathered.events.last() {
            after.last_seq = number(last.seq);
            after.stamp_ms = last.stamp_ms;
        }
        Some(Batch {
            before: self.head,
            after,
            frames,
            events: std::mem::take(&mut gathered.events),
            writes: std::mem::take(&mut gathered.writes),
        })
    }

    fn pause(&self, reason: &str) {
        if matches!(*self.published.health(), Health::Ready) {
            tracing::error!(
                reason,
                "the database is gone: the village pauses until it is back"
            );
        }
        self.published.set_health(Health::Paused {
            reason: reason.to_owned(),
        });
    }

    fn give_up(&self, reason: &str) -> bool {
        tracing::error!(reason, "the village stops");
        self.published.set_health(Health::Stopped {
            reason: reason.to_owned(),
        });
        // Where the inbox is full the village finds out by itself: nobody takes its emissions once this thread has ended.
        drop(self.sim.try_control(Control::Stop));
        false
    }

    fn publish(&self, gathered: Gathered) {
        for beat in gathered.beats {
            self.published.show(beat);
        }
        for release in gathered.releases {
            release();
        }
        for batch in gathered.asked {
            let taken = self.thoughts.as_ref().map(|to| to.try_send(batch));
            if taken.is_some_and(|taken| taken.is_err()) {
                tracing::warn!("minds cannot keep up: questions of a tick are let go of");
            }
        }
    }

    /// Writes an image beside the journal, off this thread.
    fn keep_image(&self, image: Box<WorldImage>) {
        let taken = ImageTaken {
            image,
            head: self.head,
            created_ms: self.clock.now_ms(),
        };
        let store = self.store.clone();
        self.runtime.spawn(taken.keep(store, self.keep));
    }
}

/// Says that the village has stopped, should the pump end by a fault of ours: nobody would be answered any more.
struct LastWill(Arc<Published>);

impl Drop for LastWill {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.set_health(Health::Stopped {
                reason: "a fault of the server; see the log, and please report it".to_owned(),
            });
        }
    }
}

/// Whoever crosses the line between two tiers is in the audit log.
fn note_tiers(events: &[EventRecord], draft: &mut Draft<'_>) {
    for record in events {
        if let Event::Economy(EconomyEvent::TierChanged {
            agent, from, to, ..
        }) = &record.event
        {
            let detail = serde_json::json!({ "from": from, "to": to, "seq": record.seq });
            draft.audit(
                "village",
                "economy.tier",
                &format!("agent:{agent}"),
                &detail,
            );
        }
    }
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn now() -> Instant {
    Instant::now()
}

fn sleep(time: Duration) {
    std::thread::sleep(time);
}
