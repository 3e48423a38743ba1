//! The handle by which everything else reaches a running village.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use hamlet_protocol::command::{Answer, Command};

use super::pace::Pace;

/// Rows that belong to the same act but not to the world: a key's hash, an idempotency record, an audit entry.
/// Only the consumer of emissions knows what is inside.
pub type SideRows = Box<dyn Any + Send>;

/// Where an answer goes; called once, by the consumer of emissions.
pub type Reply = Box<dyn FnOnce(Answer) + Send>;

/// A command on its way in.
pub struct Envelope {
    /// What is asked.
    pub command: Command,
    /// When it was accepted, UTC milliseconds; `None` leaves it to the village's clock.
    pub stamp_ms: Option<i64>,
    /// Rows to be written with it if it is applied.
    pub side: Option<SideRows>,
    /// Where the answer goes.
    pub reply: Reply,
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("command", &self.command)
            .field("stamp_ms", &self.stamp_ms)
            .finish_non_exhaustive()
    }
}

/// What one may ask of the runner rather than of the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// Runs at another pace from now on.
    Pace(Pace),
    /// Runs this many ticks at once, then is paused.
    Steps(u64),
    /// Sends an image with the next emission.
    Image,
    /// Ends the run after what has been taken in, with a last emission.
    Stop,
}

#[derive(Debug)]
pub(super) enum Inbound {
    Command(Envelope),
    Control(Control),
}

/// Why something did not get into the inbox. Nothing has happened; the envelope comes back.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// Too much is waiting.
    #[error("the village's inbox is full; try again in a moment")]
    Full(Box<Envelope>),
    /// The village has stopped.
    #[error("the village has stopped")]
    Stopped,
}

/// The far end of the inbox. Once nobody drains it any more, whoever puts something in clears it away.
///
/// What came in while the village was ending would else lie there as long as anybody holds a handle, and whoever waits for its answer would wait as long.
#[derive(Debug)]
pub(super) struct Door {
    inbound: Receiver<Inbound>,
    is_closed: AtomicBool,
}

impl Door {
    pub(super) fn new(inbound: Receiver<Inbound>) -> Arc<Self> {
        Arc::new(Self {
            inbound,
            is_closed: AtomicBool::new(false),
        })
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    /// Lets go of what lies in the inbox where nobody drains it any more.
    /// Either whoever put it in sees that the door is closed, or whoever closes it sees what was put in.
    fn sweep(&self) {
        if self.is_closed() {
            while self.inbound.try_recv().is_ok() {}
        }
    }
}

/// Closes the door when the village's thread ends, however it does.
pub(super) struct Closing(pub(super) Arc<Door>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.is_closed.store(true, Ordering::SeqCst);
        self.0.sweep();
    }
}

/// Reaches a running village from any thread. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SimHandle {
    inbox: Sender<Inbound>,
    door: Arc<Door>,
    ticks: Arc<AtomicU64>,
}

impl SimHandle {
    pub(super) fn new(inbox: Sender<Inbound>, door: Arc<Door>, ticks: Arc<AtomicU64>) -> Self {
        Self { inbox, door, ticks }
    }

    /// A handle to a village that does not run: everything is refused. For work on a village that is at rest.
    #[must_use]
    pub fn of_nobody() -> Self {
        let (inbox, inbound) = bounded(1);
        let door = Door::new(inbound);
        drop(Closing(Arc::clone(&door)));
        Self::new(inbox, door, Arc::default())
    }

    /// Puts a command into the inbox without waiting.
    ///
    /// # Errors
    /// [`InboxError::Full`] with the envelope when too much is waiting; [`InboxError::Stopped`] when nobody drains it any more.
    pub fn try_send(&self, envelope: Envelope) -> Result<(), InboxError> {
        if self.door.is_closed() {
            return Err(InboxError::Stopped);
        }
        let sent = self.inbox.try_send(Inbound::Command(envelope));
        self.door.sweep();
        sent.map_err(|refused| match refused {
            TrySendError::Full(Inbound::Command(envelope)) => InboxError::Full(Box::new(envelope)),
            TrySendError::Full(Inbound::Control(_)) | TrySendError::Disconnected(_) => {
                InboxError::Stopped
            }
        })
    }

    /// Puts something into the inbox; waits while it is full.
    fn send(&self, inbound: Inbound) -> Result<(), InboxError> {
        if self.door.is_closed() {
            return Err(InboxError::Stopped);
        }
        let sent = self.inbox.send(inbound);
        self.door.sweep();
        sent.map_err(|_closed| InboxError::Stopped)
    }

    /// Asks for something and waits for the answer. For tests and tools; a server waits in its own way.
    ///
    /// The answer comes when the consumer of emissions releases it.
    ///
    /// # Errors
    /// [`InboxError::Stopped`] when the village stops before it answers.
    pub fn ask(&self, command: Command) -> Result<Answer, InboxError> {
        let (sender, receiver) = bounded(1);
        let reply: Reply = Box::new(move |answer| {
            // Nobody waits any more when the asker has gone.
            drop(sender.send(answer));
        });
        let envelope = Envelope {
            command,
            stamp_ms: None,
            side: None,
            reply,
        };
        self.send(Inbound::Command(envelope))?;
        receiver.recv().map_err(|_closed| InboxError::Stopped)
    }

    /// Steers the runner; waits while the inbox is full.
    ///
    /// # Errors
    /// [`InboxError::Stopped`] when the village has stopped.
    pub fn control(&self, control: Control) -> Result<(), InboxError> {
        self.send(Inbound::Control(control))
    }

    /// Steers the runner without waiting; whether it got in. For whoever the runner may be waiting for itself: the consumer of emissions.
    ///
    /// # Errors
    /// [`InboxError::Stopped`] when the village has stopped.
    pub fn try_control(&self, control: Control) -> Result<bool, InboxError> {
        if self.door.is_closed() {
            return Err(InboxError::Stopped);
        }
        let sent = self.inbox.try_send(Inbound::Control(control));
        self.door.sweep();
        match sent {
            Ok(()) => Ok(true),
            Err(TrySendError::Full(_)) => Ok(false),
            Err(TrySendError::Disconnected(_)) => Err(InboxError::Stopped),
        }
    }

    /// Ticks done so far, for progress.
    #[must_use]
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// Commands waiting in the inbox.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.inbox.len()
    }
}
