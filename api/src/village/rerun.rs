//! A run that is watched again: nobody can act in it, and its time goes both ways.
//!
//! A thread owns the village. It runs the journal's records forwards, and on its way keeps images, so that going back means beginning at the last one before.
//! What happens is published as a living village's is, so that readers, sockets and windows need not know the difference.

mod course;

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use hamlet_protocol::scenario::Scenario;
use hamlet_sim::VillageOptions;
use hamlet_sim::bridge::{Pace, SimHandle};
use hamlet_sim::journal::{ImageError, JournalError, JournalReader};
use hamlet_store::{Batch, Head, Store, Write};
use tokio::runtime::Handle;

use self::course::Course;
pub use self::course::Span;
use super::desk::Desk;
use super::published::{Beat, Health, Published};
use crate::directory::Directory;
use crate::problem::Problem;
use crate::time::Clock;

/// Orders that may wait.
const ORDERS_MAX: usize = 256;
/// Shortest time between two pictures of the world: faster than this nobody sees.
const SHOW_EVERY: Duration = Duration::from_millis(33);
/// Events of one picture that listeners are told; at great speed the rest is only in the world.
const EVENTS_SHOWN_MAX: usize = 2_000;
/// Events that become rows together, at most.
const EVENTS_KEPT_MAX: usize = 4_096;

/// Why a run cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum RerunError {
    /// The journal's fault.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// It does not begin with a world.
    #[error(transparent)]
    Village(#[from] hamlet_sim::VillageError),
    /// An image taken on the way cannot be read again.
    #[error("an image taken on the way cannot be read again: {0}; please report this")]
    Image(#[from] ImageError),
    /// An image cannot be written, or there is no thread.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The database's fault.
    #[error(transparent)]
    Store(#[from] hamlet_store::StoreError),
    /// More records than can be held.
    #[error(
        "the journal has more than {max} commands and hashes: watch a part of it, from an image that `hamlet replay JOURNAL --image-at T -o FILE` and `hamlet run --from FILE` lead on from"
    )]
    TooLong {
        /// How many can be held.
        max: usize,
    },
    /// The run went another way than it was recorded.
    #[error("the run differs from its journal at tick {tick}: {what}")]
    Diverged {
        /// Where.
        tick: u64,
        /// How.
        what: String,
    },
}

/// What a rerun is told.
#[derive(Debug)]
enum Order {
    Pace(Pace),
    Steps(u64),
    Seek(u64),
    Stop,
}

/// Steers a rerun. Cheap to clone.
#[derive(Clone)]
pub struct Steering {
    orders: Sender<Order>,
    span: Span,
}

impl fmt::Debug for Steering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Steering")
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

impl Steering {
    /// The ticks there are.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Goes at this pace from now on.
    ///
    /// # Errors
    /// 503 when too much is waiting or the rerun has ended.
    pub fn pace(&self, pace: Pace) -> Result<(), Problem> {
        self.send(Order::Pace(pace))
    }

    /// Goes so many ticks on and stands still.
    ///
    /// # Errors
    /// As [`Steering::pace`].
    pub fn step(&self, ticks: u64) -> Result<(), Problem> {
        self.send(Order::Steps(ticks))
    }

    /// Goes to a tick, before or after; outside the run to its nearer end.
    ///
    /// # Errors
    /// As [`Steering::pace`].
    pub fn seek(&self, tick: u64) -> Result<(), Problem> {
        self.send(Order::Seek(
            tick.clamp(self.span.first_tick, self.span.last_tick),
        ))
    }

    fn send(&self, order: Order) -> Result<(), Problem> {
        self.orders
            .try_send(order)
            .map_err(|refused| match refused {
                TrySendError::Full(_) => Problem::unavailable(
                    "inbox_full",
                    "The replay has more orders than it can take.",
                    1,
                ),
                TrySendError::Disconnected(_) => {
                    Problem::unavailable("stopped", "The replay has ended.", 10)
                }
            })
    }
}

/// What a rerun is begun with.
#[derive(Debug)]
pub struct Watch {
    /// An empty store of its own: what happens becomes rows there, for old texts and searches.
    pub store: Store,
    /// Threads that may help inside a tick.
    pub threads: usize,
    /// Who may steer.
    pub owner: hamlet_store::AccountRow,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// A run that is watched.
pub struct Rerun {
    /// Where a living village takes acts in; here it refuses all.
    pub desk: Desk,
    /// What readers may see.
    pub published: Arc<Published>,
    /// The scenario of the run.
    pub scenario: Arc<Scenario>,
    /// Steers it.
    pub steering: Steering,
    pub(crate) clock: Arc<dyn Clock>,
    thread: JoinHandle<()>,
}

impl fmt::Debug for Rerun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rerun").finish_non_exhaustive()
    }
}

/// Begins to watch a run, from its first tick, standing still.
///
/// # Errors
/// [`RerunError`], each with what to do.
pub async fn rerun(journal: JournalReader<impl Read>, watch: Watch) -> Result<Rerun, RerunError> {
    let options = VillageOptions {
        threads: watch.threads,
        views: true,
        transient: true,
    };
    let mut course = Course::read(journal, options)?;
    let head = watch.store.begin_epoch(watch.clock.now_ms()).await?;
    let view = course.view();
    let scenario = course.scenario();
    let mut directory = Directory::default();
    directory.meet(&view);
    directory.apply(&Write::Account(watch.owner));
    let published = Arc::new(Published::new(view, directory));
    let (orders, ordered) = bounded(ORDERS_MAX);
    let steering = Steering {
        orders,
        span: course.span(),
    };
    let player = Player {
        course,
        published: Arc::clone(&published),
        store: Some(watch.store),
        head,
        runtime: Handle::current(),
        unkept: Vec::new(),
        kept_seq: head.last_seq,
        pace: Pace::Paused,
        due: Instant::now(),
    };
    let thread = thread::Builder::new()
        .name("hamlet-rerun".to_owned())
        .spawn(move || player.run(&ordered))?;
    let (jobs, _nobody) = bounded(1);
    let clock = watch.clock;
    Ok(Rerun {
        desk: Desk::new(
            SimHandle::of_nobody(),
            jobs,
            Arc::clone(&published),
            Arc::clone(&clock),
        )
        .for_reading(),
        published,
        scenario,
        steering,
        clock,
        thread,
    })
}

impl Rerun {
    /// Ends it.
    pub fn stop(self) {
        // It may have ended by itself.
        drop(self.steering.send(Order::Stop));
        if self.thread.join().is_err() {
            tracing::error!("the replay panicked; please report this");
        }
    }
}

/// The thread that owns the village.
struct Player {
    course: Course,
    published: Arc<Published>,
    /// `None` once it has refused something: then old texts are missing, and all else is there.
    store: Option<Store>,
    head: Head,
    runtime: Handle,
    unkept: Vec<hamlet_protocol::event::EventRecord>,
    /// Number of the last event that is a row, or waits to be one.
    kept_seq: i64,
    pace: Pace,
    due: Instant,
}

impl Player {
    fn run(mut self, orders: &Receiver<Order>) {
        loop {
            let order = match self.wait() {
                None => orders
                    .recv()
                    .map_err(|_closed| RecvTimeoutError::Disconnected),
                Some(wait) => orders.recv_timeout(wait),
            };
            let done = match order {
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(order) => self.obey(order, orders),
                Err(RecvTimeoutError::Timeout) => self.play(),
            };
            if let Err(why) = done {
                tracing::error!(%why, "the replay cannot go on");
                self.pace = Pace::Paused;
                self.published.set_health(Health::Paused {
                    reason: why.to_string(),
                });
            }
        }
    }

    /// How long nothing is due; `None`: until somebody says something.
    fn wait(&self) -> Option<Duration> {
        if self.course.is_at_end() {
            return None;
        }
        match self.pace {
            Pace::Paused => None,
            Pace::Fast => Some(Duration::ZERO),
            Pace::Realtime { .. } => Some(self.due.saturating_duration_since(now())),
        }
    }

    fn obey(&mut self, order: Order, orders: &Receiver<Order>) -> Result<(), RerunError> {
        self.published.set_health(Health::Ready);
        match order {
            Order::Pace(pace) => {
                self.pace = pace;
                self.due = now();
            }
            Order::Steps(ticks) => {
                self.pace = Pace::Paused;
                let until = self.course.tick_count().saturating_add(ticks);
                while self.course.tick_count() < until && !self.course.is_at_end() {
                    self.go_on(1)?;
                }
            }
            Order::Seek(tick) => return self.seek(tick, orders),
            Order::Stop => {}
        }
        Ok(())
    }

    /// Lives on as far as is due, and shows it once.
    fn play(&mut self) -> Result<(), RerunError> {
        let began = now();
        let ticks = match self.pace {
            Pace::Paused => return Ok(()),
            Pace::Fast => u64::MAX,
            Pace::Realtime { hz } => {
                let (ticks, time) = portion(hz);
                self.due = self.due.max(began.checked_sub(time).unwrap_or(began)) + time;
                ticks
            }
        };
        self.go_on(ticks)
    }

    /// Some ticks on, at most as many as one picture's time allows, shown together.
    fn go_on(&mut self, ticks: u64) -> Result<(), RerunError> {
        let began = now();
        let mut events = Vec::new();
        for _ in 0..ticks {
            if self.course.is_at_end() {
                break;
            }
            self.course.tick()?;
            events.append(&mut self.course.take_events());
            if began.elapsed() > SHOW_EVERY {
                break;
            }
        }
        self.keep(&events);
        let spare = events.len().saturating_sub(EVENTS_SHOWN_MAX);
        events.drain(..spare);
        self.show(events, false);
        Ok(())
    }

    /// Goes to a tick; where somebody wants to go elsewhere meanwhile, there.
    fn seek(&mut self, tick: u64, orders: &Receiver<Order>) -> Result<(), RerunError> {
        self.course.turn_towards(tick)?;
        let mut shown = now();
        while self.course.tick_count() < tick {
            if !orders.is_empty() {
                break;
            }
            self.course.tick()?;
            let events = self.course.take_events();
            self.keep(&events);
            if shown.elapsed() > SHOW_EVERY * 8 {
                self.show(Vec::new(), true);
                shown = now();
            }
        }
        self.show(Vec::new(), true);
        self.due = now();
        Ok(())
    }

    /// Makes readers see the world as it is now. After a leap listeners begin anew.
    fn show(&mut self, events: Vec<hamlet_protocol::event::EventRecord>, leaps: bool) {
        self.published.learn(&[], &events);
        self.published.show(Beat {
            view: self.course.view(),
            events: events.into(),
            ticked: true,
            leaps,
            shown: now(),
        });
    }

    /// What happens for the first time becomes rows, for the texts that the world itself forgets.
    fn keep(&mut self, events: &[hamlet_protocol::event::EventRecord]) {
        let new = events
            .iter()
            .filter(|record| record.event.is_durable() && number(record.seq) > self.kept_seq);
        self.unkept.extend(new.cloned());
        if let Some(last) = self.unkept.last() {
            self.kept_seq = number(last.seq);
        }
        let Some(store) = self.store.as_ref().filter(|_| !self.unkept.is_empty()) else {
            self.unkept.clear();
            return;
        };
        let mut kept = std::mem::take(&mut self.unkept);
        while !kept.is_empty() {
            let rest = kept.split_off(kept.len().min(EVENTS_KEPT_MAX));
            let after = Head {
                batch: self.head.batch + 1,
                last_seq: kept.last().map_or(self.head.last_seq, |it| number(it.seq)),
                stamp_ms: kept.last().map_or(self.head.stamp_ms, |it| it.stamp_ms),
                ..self.head
            };
            let batch = Batch {
                before: self.head,
                after,
                events: kept,
                ..Batch::default()
            };
            if let Err(why) = self.runtime.block_on(store.commit(&batch)) {
                tracing::warn!(%why, "old texts of this replay will be missing");
                self.store = None;
                return;
            }
            self.head = after;
            kept = rest;
        }
    }
}

/// Ticks that are shown together at this pace, and how long they take: no picture sooner than anybody sees one.
fn portion(hz: f64) -> (u64, Duration) {
    let hz = hz.clamp(0.01, 100_000.0);
    let ticks = (SHOW_EVERY.as_secs_f64() * hz).ceil().max(1.0);
    (ticks as u64, Duration::from_secs_f64(ticks / hz))
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_kept_whatever_is_shown_together() {
        for hz in [0.5, 10.0, 45.0, 100.0, 1_000.0] {
            let (ticks, time) = portion(hz);
            let kept = ticks as f64 / time.as_secs_f64();
            assert!((kept / hz - 1.0).abs() < 1e-6, "{kept} for {hz}");
            assert!(time >= SHOW_EVERY);
        }
    }
}
