//! What readers may see: nothing that is not on disk.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Instant;

use arc_swap::ArcSwap;
use hamlet_protocol::event::EventRecord;
use hamlet_protocol::view::WorldView;
use hamlet_store::Write;
use tokio::sync::{Notify, broadcast};

use crate::directory::Directory;

/// Beats that a slow listener may lag behind before it is told to begin anew with a snapshot.
/// One commit under load shows many at once: as many as a batch has items at most.
const BEATS_MAX: usize = 1_024;

/// One step of the public world: what a listener hears of a tick or of commands between ticks.
#[derive(Clone, Debug)]
pub struct Beat {
    /// The world after it.
    pub view: Arc<WorldView>,
    /// What happened, in order; transient events too.
    pub events: Arc<[EventRecord]>,
    /// Whether a tick ended with it.
    pub ticked: bool,
    /// Whether the world did not come here by living on, as when a replay is turned back: listeners begin anew.
    pub leaps: bool,
    /// When it became public; for whoever measures.
    pub shown: Instant,
}

/// Whether the village takes writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It does.
    Ready,
    /// It waits for its database; reads go on.
    Paused {
        /// Why.
        reason: String,
    },
    /// It has ended.
    Stopped {
        /// Why.
        reason: String,
    },
}

/// The public state, shared by all readers.
#[derive(Debug)]
pub struct Published {
    view: ArcSwap<WorldView>,
    health: ArcSwap<Health>,
    directory: RwLock<Directory>,
    /// How often the directory has changed.
    directory_changes: AtomicU64,
    beats: broadcast::Sender<Beat>,
    /// Somebody is to be told something elsewhere.
    webhooks: Notify,
}

impl Published {
    pub(super) fn new(view: Arc<WorldView>, directory: Directory) -> Self {
        Self {
            view: ArcSwap::new(view),
            health: ArcSwap::from_pointee(Health::Ready),
            directory: RwLock::new(directory),
            directory_changes: AtomicU64::new(0),
            beats: broadcast::channel(BEATS_MAX).0,
            webhooks: Notify::new(),
        }
    }

    /// The world as it is on disk.
    #[must_use]
    pub fn view(&self) -> Arc<WorldView> {
        self.view.load_full()
    }

    /// The later of this moment and the last that the world has seen: what has expired stays so where the clock was set back since.
    #[must_use]
    pub fn not_before(&self, now_ms: i64) -> i64 {
        now_ms.max(self.view.load().stamp_ms)
    }

    /// Identity as it is on disk. Hold it for a lookup, never across an await.
    pub fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// How often who is who has changed: while it stays the same, so does what was made of it. Ask before reading.
    #[must_use]
    pub fn directory_changes(&self) -> u64 {
        self.directory_changes.load(Ordering::Acquire)
    }

    /// Whether the village takes writes.
    #[must_use]
    pub fn health(&self) -> Arc<Health> {
        self.health.load_full()
    }

    /// Whether the database can be asked; where it is gone, readers make do with what is in memory.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(*self.health(), Health::Ready)
    }

    /// Listens to what happens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Beat> {
        self.beats.subscribe()
    }

    /// Ready when something has changed of what is to be told elsewhere, since it was ready last. For one task.
    pub(crate) async fn webhooks_changed(&self) {
        self.webhooks.notified().await;
    }

    pub(super) fn set_health(&self, health: Health) {
        if **self.health.load() != health {
            self.health.store(Arc::new(health));
        }
    }

    pub(super) fn learn(&self, writes: &[Write], events: &[EventRecord]) {
        if writes.is_empty() && !events.iter().any(|record| Directory::knows(&record.event)) {
            return;
        }
        let mut directory = self
            .directory
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for write in writes {
            directory.apply(write);
        }
        for record in events {
            directory.hear(&record.event);
        }
        drop(directory);
        self.directory_changes.fetch_add(1, Ordering::AcqRel);
        // Whoever is let in again is told what waited, too.
        let told = |write: &Write| {
            matches!(
                write,
                Write::Webhook(_) | Write::Delivery(_) | Write::AgentRecord(_) | Write::Account(_)
            )
        };
        if writes.iter().any(told) {
            self.webhooks.notify_one();
        }
    }

    pub(super) fn forget_expired(&self, now_ms: i64) {
        self.directory
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .forget_expired(now_ms);
    }

    pub(super) fn show(&self, mut beat: Beat) {
        beat.shown = Instant::now();
        self.view.store(Arc::clone(&beat.view));
        // Nobody may be listening.
        drop(self.beats.send(beat));
    }
}
