//! How a village comes to life: founded from its scenario, or recovered from its newest image and the journal after it.

use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;
use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::event::EventRecord;
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::minds::ThoughtBatch;
use hamlet_protocol::scenario::Scenario;
use hamlet_sim::bridge::{self, BridgeOptions, Control, Outcome, Pace, Stamps};
use hamlet_sim::journal::{FrameBuilder, ImageError, decode_image};
use hamlet_sim::replay::{ReplayError, Replayer};
use hamlet_sim::{Village, VillageError, VillageOptions};
use hamlet_store::{Batch, CommitError, Head, ImageRow, Store, StoreError};
use tokio::runtime::Handle;

use super::desk::Desk;
use super::images::{ImageTaken, Keep, KeepError};
use super::published::Published;
use super::pump::Pump;
use crate::directory::Directory;
use crate::metrics::Metrics;
use crate::render::pace::Paced;
use crate::time::Clock;

/// Commands that may wait for the village.
const INBOX_MAX: usize = 4_096;
/// Emissions that may wait for the pump; then the village waits, so a database that is gone pauses it at once.
const OUTBOX_MAX: usize = 8;
/// Jobs that may wait for the pump.
const JOBS_MAX: usize = 4_096;
/// How long a stopping village waits for a database that is gone.
const STOP_WAIT: Duration = Duration::from_secs(10);
/// Journal frames read at once.
const FRAMES_PAGE: u32 = 256;

/// The village's stamps come from the clock that everything else asks.
struct VillageClock(Arc<dyn Clock>);

impl Stamps for VillageClock {
    fn now_ms(&self) -> Option<i64> {
        Some(self.0.now_ms())
    }
}

/// What a village is booted with.
#[derive(Debug)]
pub struct Boot {
    /// The open store.
    pub store: Store,
    /// The scenario and its map that a new world is founded from.
    pub scenario: (Scenario, TownMap),
    /// Whether a world that is there already must have come from this scenario; else it simply goes on.
    pub must_match: bool,
    /// Threads that may help inside a tick.
    pub threads: usize,
    /// Pace at the start; `None`: the one that people have set, or else the scenario's.
    pub pace: Option<Pace>,
    /// Ticks between two state hashes in the journal.
    pub hash_every_ticks: u64,
    /// How often an image is taken; zero: only at the end.
    pub image_every: Duration,
    /// What is kept of the past; looked at after every image.
    pub keep: Keep,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What is measured.
    pub metrics: Arc<Metrics>,
    /// Who thinks for residents with such a mind, if anybody does.
    pub thoughts: Option<tokio::sync::mpsc::Sender<ThoughtBatch>>,
}

/// A village that lives.
#[derive(Debug)]
pub struct Booted {
    /// Where things are handed in.
    pub desk: Desk,
    /// What readers may see.
    pub published: Arc<Published>,
    /// The scenario it lives by.
    pub scenario: Arc<Scenario>,
    /// Whether the world was there before.
    pub recovered: bool,
    /// Whether its residents were asked for thoughts when it was last there.
    pub minds_attached: bool,
    /// The pace it began at.
    pub(crate) pace: Paced,
    store: Store,
    keep: Keep,
    sim: JoinHandle<Outcome>,
    pump: JoinHandle<()>,
    clock: Arc<dyn Clock>,
    stop_by: Arc<OnceLock<Instant>>,
}

/// Why a village cannot come to life.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The database's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first batch was refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The scenario's fault.
    #[error(transparent)]
    Village(#[from] VillageError),
    /// Another scenario than the one the world lives by.
    #[error(
        "the world here is \"{found}\" with seed {found_seed}, not \"{wanted}\" with seed {wanted_seed}; start without --scenario to go on with it, name another folder with --data, or end it for good: `hamlet admin reset`"
    )]
    OtherWorld {
        /// The scenario of the world that is there.
        found: String,
        /// Its seed.
        found_seed: u64,
        /// The scenario that was named.
        wanted: String,
        /// Its seed.
        wanted_seed: u64,
    },
    /// An image cannot be read.
    #[error("the newest image cannot be read: {0}; restore a backup")]
    Image(#[from] ImageError),
    /// The first image cannot be kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The journal does not lead to where the database stands.
    #[error("the journal cannot be followed: {0}")]
    Replay(#[from] ReplayError),
    /// The journal leads somewhere else.
    #[error(
        "after recovery the world has had {found} events, but the database stands at {expected}; restore a backup and report this"
    )]
    Diverged {
        /// Where the database stands.
        expected: i64,
        /// Where the journal led.
        found: i64,
    },
    /// The system gives no threads.
    #[error("the system gives no thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// Brings a village to life.
///
/// # Errors
/// [`BootError`], each with what to do.
pub async fn boot(boot: Boot) -> Result<Booted, BootError> {
    let now_ms = boot.clock.now_ms();
    let head = boot.store.begin_epoch(now_ms).await?;
    let newest = boot.store.newest_image().await?;
    let founded = newest.is_some();
    let (mut village, head, frames) = match newest {
        Some(row) => {
            let other_rules = i64::from(row.rules) != i64::from(RULES_VERSION);
            let (village, head, frames) = recover(&boot, &row, head).await?;
            if other_rules {
                // What comes now is computed by other rules than what came before: it begins with an image of its own.
                turn_the_page(&boot.store, &village, head, now_ms).await?;
            }
            (village, head, frames)
        }
        None => {
            let (village, head) = found(&boot, head, now_ms).await?;
            (village, head, builder(&head))
        }
    };
    let view = village.view();
    let mut directory = load_directory(&boot.store, now_ms).await?;
    directory.meet(&view);
    let mut ahead = load_directory(&boot.store, now_ms).await?;
    ahead.meet(&view);
    let scenario = Arc::clone(village.scenario());
    let usual = Pace::Realtime {
        hz: scenario.time.tick_hz,
    };
    let pace = match boot.pace {
        Some(pace) => pace.into(),
        None => Paced::kept(&directory).unwrap_or(usual.into()),
    };
    let options = BridgeOptions {
        pace: pace.now,
        inbox_max: INBOX_MAX,
        outbox_max: OUTBOX_MAX,
        hash_every_ticks: boot.hash_every_ticks,
        views: true,
        stamps: Some(Box::new(VillageClock(Arc::clone(&boot.clock)))),
        lockstep: false,
    };
    let published = Arc::new(Published::new(view, directory));
    let minds_attached = village.minds_attached();
    let (sim, emissions, sim_thread) = bridge::spawn(village, options)?;
    let (jobs_in, jobs) = bounded(JOBS_MAX);
    let desk = Desk::new(
        sim.clone(),
        jobs_in,
        Arc::clone(&published),
        Arc::clone(&boot.clock),
    );
    let stop_by = Arc::new(OnceLock::new());
    let pump = Pump {
        store: boot.store.clone(),
        runtime: Handle::current(),
        sim,
        emissions,
        jobs,
        published: Arc::clone(&published),
        clock: Arc::clone(&boot.clock),
        metrics: Arc::clone(&boot.metrics.pump),
        ids: IdCodec::new(scenario.seed),
        directory: ahead,
        frames,
        head,
        image_every: boot.image_every,
        keep: boot.keep,
        cold: false,
        thoughts: boot.thoughts.clone(),
        stop_by: Arc::clone(&stop_by),
    };
    let pump = thread::Builder::new()
        .name("hamlet-pump".to_owned())
        .spawn(move || pump.run())?;
    Ok(Booted {
        desk,
        minds_attached,
        published,
        scenario,
        recovered: founded,
        pace,
        store: boot.store,
        keep: boot.keep,
        sim: sim_thread,
        pump,
        clock: boot.clock,
        stop_by,
    })
}

/// Makes a new world: the arrival of everybody and a first image are on disk before anything else happens.
async fn found(boot: &Boot, head: Head, now_ms: i64) -> Result<(Village, Head), BootError> {
    let (scenario, map) = boot.scenario.clone();
    let mut village = Village::found_at(scenario, map, village_options(boot), now_ms)?;
    let events = village.take_events();
    let last_seq = number(village.seq());
    let after = match head.last_seq {
        0 => arrive(&boot.store, head, village.stamp_ms(), events).await?,
        // A start that was cut short before its first image: the same scenario founds the same world.
        there if there == last_seq => head,
        there => {
            return Err(BootError::Diverged {
                expected: there,
                found: last_seq,
            });
        }
    };
    let taken = ImageTaken {
        image: Box::new(village.image()),
        head: after,
        created_ms: now_ms,
    };
    taken.write(&boot.store).await?;
    Ok((village, after))
}

async fn turn_the_page(
    store: &Store,
    village: &Village,
    head: Head,
    now_ms: i64,
) -> Result<(), BootError> {
    let taken = ImageTaken {
        image: Box::new(village.image()),
        head,
        created_ms: now_ms,
    };
    taken.write(store).await?;
    Ok(())
}

async fn arrive(
    store: &Store,
    before: Head,
    stamp_ms: i64,
    events: Vec<EventRecord>,
) -> Result<Head, BootError> {
    let after = Head {
        batch: before.batch + 1,
        stamp_ms,
        last_seq: events.last().map_or(0, |last| number(last.seq)),
        ..before
    };
    let batch = Batch {
        before,
        after,
        events,
        ..Batch::default()
    };
    store.commit(&batch).await?;
    Ok(after)
}

/// Brings the world to exactly where the database stands.
async fn recover(
    boot: &Boot,
    row: &ImageRow,
    head: Head,
) -> Result<(Village, Head, FrameBuilder), BootError> {
    let image = decode_image(&row.bytes)?;
    let (wanted, map) = &boot.scenario;
    if boot.must_match && (*wanted != *image.scenario || *map != *image.map) {
        return Err(BootError::OtherWorld {
            found: image.scenario.name.clone(),
            found_seed: image.scenario.seed,
            wanted: wanted.name.clone(),
            wanted_seed: wanted.seed,
        });
    }
    let village = Village::resume(image, village_options(boot))?;
    let behind = head.tick - row.tick;
    if behind > 0 {
        tracing::info!(
            from = row.tick,
            to = head.tick,
            "recovering: running the journal after the newest image"
        );
    }
    let mut replayer = Replayer::new(village);
    let mut next = row.next_frame;
    loop {
        let frames = boot.store.frames_from(next, FRAMES_PAGE).await?;
        let Some(last) = frames.last() else { break };
        next = last.seq + 1;
        let at = last.last_tick;
        for frame in &frames {
            replayer.frame(&frame.bytes)?;
        }
        if behind > 0 {
            tracing::info!(tick = at, of = head.tick, "recovering");
        }
    }
    replayer.tick_to(u64::try_from(head.tick).unwrap_or(0));
    // The next frame begins where the last one ended: the head may be some quiet ticks further.
    let mut frames = replayer.frame_builder(u64::try_from(row.next_frame).unwrap_or(0));
    frames.tick(u64::try_from(head.tick).unwrap_or(0))?;
    let village = replayer.into_village();
    let found = number(village.seq());
    if found != head.last_seq {
        return Err(BootError::Diverged {
            expected: head.last_seq,
            found,
        });
    }
    Ok((village, head, frames))
}

fn village_options(boot: &Boot) -> VillageOptions {
    VillageOptions {
        threads: boot.threads,
        views: true,
        transient: true,
        thoughts: boot.thoughts.is_some(),
    }
}

pub(super) fn builder(head: &Head) -> FrameBuilder {
    FrameBuilder::new(
        u64::try_from(head.next_frame).unwrap_or(0),
        u64::try_from(head.tick).unwrap_or(0),
        u32::try_from(head.next_order).unwrap_or(0),
    )
}

pub(super) async fn load_directory(store: &Store, now_ms: i64) -> Result<Directory, BootError> {
    let mut directory = Directory::default();
    store
        .load_directory(now_ms, |row| directory.apply(&row))
        .await?;
    directory.set_audit_end(store.audit_last().await?.as_ref());
    Ok(directory)
}

impl Booted {
    /// Tells the time.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Ends the village: what was taken in is done and committed, then a last image is kept and the database closed.
    ///
    /// A database that is gone is waited for, but not for ever: what was never acknowledged is given up then.
    ///
    /// # Errors
    /// When the database is gone, or the last image cannot be kept; the journal is whole all the same.
    pub async fn stop(self) -> Result<(), BootError> {
        // Set once: nobody stops a village twice.
        self.stop_by.get_or_init(|| Instant::now() + STOP_WAIT);
        // A village that has stopped by itself needs no asking.
        drop(self.desk.control(Control::Stop).await);
        let (sim, pump) = (self.sim, self.pump);
        let ended = tokio::task::spawn_blocking(move || {
            let outcome = sim.join();
            let pumped = pump.join();
            (outcome, pumped)
        })
        .await;
        let Ok((Ok(outcome), Ok(()))) = ended else {
            return Err(BootError::Keep(KeepError::Panicked));
        };
        let head = self.store.head().await?;
        if let Some(head) = head.filter(|head| head.tick == number(outcome.village.tick_count())) {
            let taken = ImageTaken {
                image: Box::new(outcome.village.image()),
                head,
                created_ms: self.clock.now_ms(),
            };
            taken.write(&self.store).await?;
            if let Err(why) = self.store.prune(self.keep.at(self.clock.now_ms())).await {
                tracing::warn!(%why, "what is old could not be cleared away");
            }
        }
        self.store.close().await;
        Ok(())
    }
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
