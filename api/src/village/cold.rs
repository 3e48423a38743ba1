//! The books of a village that is at rest: what has no part in the world can be written without bringing it to life.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{bounded, never};
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::map::{Bitmap, TownMap};
use hamlet_protocol::rules::Rules;
use hamlet_protocol::time::SimTime;
use hamlet_protocol::view::WorldView;
use hamlet_sim::bridge::SimHandle;
use hamlet_store::Store;
use tokio::runtime::Handle;

use super::boot::{BootError, builder, load_directory};
use super::desk::Desk;
use super::images::Keep;
use super::published::Published;
use super::pump::Pump;
use crate::metrics::Metrics;
use crate::time::Clock;

/// Jobs that may wait.
const JOBS_MAX: usize = 64;

/// A desk over the books alone: jobs are done, commands are refused.
#[derive(Debug)]
pub struct Cold {
    /// Where jobs are handed in.
    pub desk: Desk,
    /// Identity as it is on disk; the world is an empty one.
    pub published: Arc<Published>,
    pump: JoinHandle<()>,
}

impl Cold {
    /// Opens the books. The store is this process' alone from here on.
    ///
    /// # Errors
    /// When a server has the world, or the database refuses.
    pub async fn open(store: &Store, clock: Arc<dyn Clock>) -> Result<Self, BootError> {
        let now_ms = clock.now_ms();
        let head = store.begin_epoch(now_ms).await?;
        let directory = load_directory(store, now_ms).await?;
        let ahead = load_directory(store, now_ms).await?;
        let published = Arc::new(Published::new(Arc::new(nowhere()), directory));
        let sim = SimHandle::of_nobody();
        let (jobs_in, jobs) = bounded(JOBS_MAX);
        let desk = Desk::new(
            sim.clone(),
            jobs_in,
            Arc::clone(&published),
            Arc::clone(&clock),
        );
        let pump = Pump {
            store: store.clone(),
            runtime: Handle::current(),
            sim,
            emissions: never(),
            jobs,
            published: Arc::clone(&published),
            clock,
            metrics: Arc::clone(&Metrics::default().pump),
            ids: IdCodec::new(0),
            directory: ahead,
            frames: builder(&head),
            head,
            image_every: Duration::ZERO,
            keep: Keep::default(),
            cold: true,
            thoughts: None,
            stop_by: Arc::default(),
        };
        let pump = thread::Builder::new()
            .name("hamlet-pump".to_owned())
            .spawn(move || pump.run())?;
        Ok(Self {
            desk,
            published,
            pump,
        })
    }

    /// Closes the books: what was handed in is on disk.
    pub async fn close(self) {
        let Self { desk, pump, .. } = self;
        drop(desk);
        let ended = tokio::task::spawn_blocking(move || pump.join()).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::error!(
                "the books could not be closed in order; what was acknowledged is on disk"
            );
        }
    }
}

/// A world without a single tile.
pub(super) fn nowhere() -> WorldView {
    WorldView {
        ground: Arc::default(),
        tick: 0,
        seq: 0,
        time: SimTime(0),
        stamp_ms: 0,
        map: Arc::new(TownMap {
            name: String::new(),
            width: 0,
            height: 0,
            tile_px: (1, 1),
            blocked: Bitmap::new(0),
            landmarks: Vec::new(),
            zones: Vec::new(),
            layers: Vec::new(),
            tilesets: Vec::new(),
        }),
        rules: Arc::new(Rules::default()),
        landmarks: Arc::default(),
        bodies: Default::default(),
        agents: Default::default(),
        people: Default::default(),
        reputation: Default::default(),
        posts: Default::default(),
        comments: Default::default(),
        communities: Default::default(),
        inboxes: Default::default(),
        chats: Default::default(),
        economy: Default::default(),
    }
}
