//! The hub: turns beats into news, once for all listeners.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::Message;
use hamlet_protocol::event::EventRecord;
use hamlet_protocol::frame::{SnapshotReason, WorldFrame};
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::view::WorldView;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use super::board::BoardNews;
use super::count::Places;
use super::encode::{Format, Shared};
use super::letters::Letter;
use super::own::OwnNews;
use super::people::PeopleThere;
use super::ring::{Numbered, Ring};
use super::typing::Typists;
use super::world::{self, WorldNews};
use crate::village::{Beat, Published};

/// News that a listener may lag behind before it skips them.
const NEWS_MAX: usize = 64;
/// Ticks that `?since=` can go back over.
const TICKS_KEPT: usize = 256;
/// Beats with something on the board, or for somebody, that `?since=` can go back over.
const BEATS_KEPT: usize = 1_024;
/// Longest time that what happened between two ticks waits for the next tick.
const HOLD: Duration = Duration::from_millis(50);

/// How long sockets are waited for when the village stops, and how often is looked.
const PART_WITHIN: Duration = Duration::from_secs(3);
const PART_LOOK: Duration = Duration::from_millis(10);

/// What is told on a channel.
#[derive(Debug)]
pub(super) enum Told<T> {
    /// News.
    News(Arc<T>),
    /// The hub itself has missed something; only a snapshot helps.
    Gap,
}

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        match self {
            Self::News(news) => Self::News(Arc::clone(news)),
            Self::Gap => Self::Gap,
        }
    }
}

/// One kind of news: its ring and its listeners.
#[derive(Debug)]
pub(super) struct Channel<T> {
    pub(super) ring: Ring<T>,
    sender: broadcast::Sender<Told<T>>,
}

impl<T: Numbered> Channel<T> {
    fn new(kept: usize) -> Self {
        Self {
            ring: Ring::new(kept),
            sender: broadcast::channel(NEWS_MAX).0,
        }
    }

    /// Listens from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Told<T>> {
        self.sender.subscribe()
    }

    fn tell(&mut self, news: T) {
        let news = Arc::new(news);
        self.ring.push(Arc::clone(&news));
        // Nobody may be listening.
        drop(self.sender.send(Told::News(news)));
    }

    /// Tells those who listen now, and keeps nothing.
    fn mention(&self, news: T) {
        drop(self.sender.send(Told::News(Arc::new(news))));
    }

    fn gap(&mut self, from: u64) {
        self.ring.begin(from);
        drop(self.sender.send(Told::Gap));
    }
}

/// Where listeners are: what was told last, and what may be told again.
#[derive(Debug)]
pub(super) struct Desk {
    /// The view that the last news of the world ended at.
    pub(super) view: Arc<WorldView>,
    /// The view that the last beat ended at.
    latest: Arc<WorldView>,
    pub(super) world: Channel<WorldNews>,
    pub(super) board: Channel<BoardNews>,
    pub(super) own: Channel<OwnNews>,
    /// The whole town as it is now, for each reason, once somebody has asked.
    snapshots: [Option<Shared<WorldFrame>>; 2],
}

impl Desk {
    /// The view that the last beat ended at.
    pub(super) fn latest(&self) -> &Arc<WorldView> {
        &self.latest
    }

    /// The whole town as a message; encoded once for all who ask before something changes.
    pub(super) fn snapshot(&mut self, reason: SnapshotReason, format: Format) -> Message {
        let slot = match reason {
            SnapshotReason::Joined => 0,
            SnapshotReason::Lagged => 1,
        };
        self.snapshots[slot]
            .get_or_insert_with(|| Shared::new(world::snapshot(&self.view, reason, None)))
            .message(format)
    }
}

/// Tells listeners what happens. Its task begins with the first listener.
pub struct Hub {
    published: Arc<Published>,
    ids: IdCodec,
    desk: Arc<Mutex<Desk>>,
    begun: AtomicBool,
    pub(super) places: Places,
    closing: watch::Sender<bool>,
    pub(super) typists: Typists,
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Hub {
    /// A hub for a village. A key, a person or an address may hold so many sockets.
    #[must_use]
    pub fn new(published: Arc<Published>, ids: IdCodec, sockets_per_key_max: u32) -> Self {
        let view = published.view();
        let desk = Desk {
            latest: Arc::clone(&view),
            view,
            world: Channel::new(TICKS_KEPT),
            board: Channel::new(BEATS_KEPT),
            own: Channel::new(BEATS_KEPT),
            snapshots: [None, None],
        };
        Self {
            published,
            ids,
            desk: Arc::new(Mutex::new(desk)),
            begun: AtomicBool::new(false),
            places: Places::new(sockets_per_key_max),
            closing: watch::channel(false).0,
            typists: Typists::default(),
        }
    }

    /// Tells every socket that the village is stopping, and waits until all are closed, though not longer than `PART_WITHIN`.
    pub async fn close(&self) {
        self.closing.send_replace(true);
        let end = Instant::now() + PART_WITHIN;
        while self.places.open() > 0 && Instant::now() < end {
            tokio::time::sleep(PART_LOOK).await;
        }
    }

    /// Changes to true when the village is stopping.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Where listeners join: whoever holds it sees no news pass between a snapshot and the first thing they hear.
    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.begin();
        lock(&self.desk)
    }

    /// Passes on what is kept nowhere to those who listen now.
    pub(super) fn pass_on(&self, letter: Letter) {
        let desk = self.desk();
        desk.own.mention(OwnNews {
            seq: desk.latest.seq,
            notices: Vec::new(),
            letters: vec![letter],
        });
    }

    /// Reads ids.
    pub(super) fn ids(&self) -> IdCodec {
        self.ids
    }

    /// Begins to tell, unless it has.
    fn begin(&self) {
        if self.begun.load(Ordering::Acquire) {
            return;
        }
        let (beats, people) = {
            let mut desk = lock(&self.desk);
            // Under the lock: whoever comes second waits until there is something to begin with.
            if self.begun.swap(true, Ordering::AcqRel) {
                return;
            }
            let beats = self.published.listen();
            // What happened before anybody listened is nobody's news.
            desk.view = self.published.view();
            desk.latest = Arc::clone(&desk.view);
            let from = desk.view.seq;
            desk.world.ring.begin(from);
            desk.board.ring.begin(from);
            desk.own.ring.begin(from);
            (beats, PeopleThere::of(&desk.view))
        };
        let teller = Teller {
            desk: Arc::clone(&self.desk),
            published: Arc::downgrade(&self.published),
            ids: self.ids,
            people,
            held: None,
        };
        tokio::spawn(teller.run(beats));
    }
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What has happened since the last news of the world.
struct Held {
    events: Vec<EventRecord>,
    until: Instant,
}

/// The hub's task.
struct Teller {
    desk: Arc<Mutex<Desk>>,
    published: std::sync::Weak<Published>,
    ids: IdCodec,
    people: PeopleThere,
    held: Option<Held>,
}

impl Teller {
    async fn run(mut self, mut beats: broadcast::Receiver<Beat>) {
        loop {
            let until = self.held.as_ref().map(|held| held.until);
            let next = async {
                match until {
                    Some(until) => tokio::time::timeout_at(until, beats.recv()).await.ok(),
                    None => Some(beats.recv().await),
                }
            };
            match next.await {
                Some(Ok(beat)) => self.take(beat),
                Some(Err(RecvError::Lagged(missed))) => {
                    tracing::warn!(missed, "the hub was too slow: its listeners begin anew");
                    self.gap();
                }
                Some(Err(RecvError::Closed)) => return,
                None => self.flush(),
            }
        }
    }

    /// Takes in a beat: the board and single agents hear of it at once, the world with the tick.
    fn take(&mut self, beat: Beat) {
        if beat.leaps {
            self.gap();
            return;
        }
        let Beat {
            view,
            events,
            ticked,
            ..
        } = beat;
        let mut desk = lock(&self.desk);
        if view.seq < desk.latest.seq || view.tick < desk.latest.tick {
            // Told before the first listener came.
            return;
        }
        let before = std::mem::replace(&mut desk.latest, Arc::clone(&view));
        if let Some(news) = BoardNews::of(&view, &events, self.ids) {
            desk.board.tell(news);
        }
        if let Some(news) = OwnNews::of(&before, &view, &events, self.ids, &mut self.people) {
            desk.own.tell(news);
        }
        drop(desk);
        let held = self.held.get_or_insert_with(|| Held {
            events: Vec::new(),
            until: Instant::now() + HOLD,
        });
        held.events.extend_from_slice(&events);
        if ticked {
            self.flush();
        }
    }

    /// Tells the world what was held back for it.
    fn flush(&mut self) {
        let Some(held) = self.held.take() else {
            return;
        };
        let mut desk = lock(&self.desk);
        let now = Arc::clone(&desk.latest);
        let news = WorldNews::between(&desk.view, &now, &held.events, self.ids);
        desk.view = now;
        desk.snapshots = [None, None];
        desk.world.tell(news);
    }

    /// Something was missed: everybody begins anew.
    fn gap(&mut self) {
        self.held = None;
        let Some(published) = self.published.upgrade() else {
            return;
        };
        let mut desk = lock(&self.desk);
        desk.latest = published.view();
        self.people = PeopleThere::of(&desk.latest);
        desk.view = Arc::clone(&desk.latest);
        desk.snapshots = [None, None];
        let from = desk.view.seq;
        desk.world.gap(from);
        desk.board.gap(from);
        desk.own.gap(from);
    }
}
