//! How fast the village goes, as people set it.

use arc_swap::ArcSwap;
use hamlet_sim::bridge::Pace;

/// How fast the village goes now. The runner itself does not tell; whoever steers it notes it here.
#[derive(Debug)]
pub(crate) struct PaceNow(ArcSwap<Paced>);

/// A pace, and the one to go back to after a pause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Paced {
    /// Now.
    pub(crate) now: Pace,
    /// The last that was not a pause.
    pub(crate) running: Option<Pace>,
}

impl PaceNow {
    pub(super) fn new(now: Pace) -> Self {
        Self(ArcSwap::from_pointee(Paced {
            now,
            running: (now != Pace::Paused).then_some(now),
        }))
    }

    /// How fast it goes.
    pub(crate) fn get(&self) -> Paced {
        **self.0.load()
    }

    /// Notes that it goes at another pace now.
    pub(crate) fn set(&self, now: Pace) {
        let running = match now {
            Pace::Paused => self.get().running,
            Pace::Fast | Pace::Realtime { .. } => Some(now),
        };
        self.0.store(std::sync::Arc::new(Paced { now, running }));
    }
}
