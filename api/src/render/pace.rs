//! How fast the village goes, as people set it.

use std::sync::Arc;

use arc_swap::ArcSwap;
use hamlet_sim::bridge::Pace;
use hamlet_store::Write;

use crate::directory::Directory;

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

/// The setting under which the pace outlives a restart.
const SETTING: &str = "pace";

impl From<Pace> for Paced {
    fn from(now: Pace) -> Self {
        Self {
            now,
            running: (now != Pace::Paused).then_some(now),
        }
    }
}

impl Paced {
    /// The pace people have set last, as it was kept; `None`: they never did.
    pub(crate) fn kept(directory: &Directory) -> Option<Self> {
        let (paused, hz): (bool, f64) = serde_json::from_str(directory.setting(SETTING)?).ok()?;
        let running = Pace::Realtime { hz };
        let now = if paused { Pace::Paused } else { running };
        Some(Self {
            now,
            running: Some(running),
        })
    }

    /// The row that keeps this pace; `usual_hz` where it never ran by the clock.
    pub(crate) fn row(self, usual_hz: f64) -> Write {
        let hz = match self.running {
            Some(Pace::Realtime { hz }) => hz,
            Some(Pace::Fast | Pace::Paused) | None => usual_hz,
        };
        Write::Setting {
            key: SETTING.to_owned(),
            value: format!("[{},{hz}]", self.now == Pace::Paused),
        }
    }

    /// This pace followed by another.
    pub(crate) fn then(self, now: Pace) -> Self {
        let running = match now {
            Pace::Paused => self.running,
            Pace::Fast | Pace::Realtime { .. } => Some(now),
        };
        Self { now, running }
    }
}

impl PaceNow {
    pub(super) fn new(paced: Paced) -> Self {
        Self(ArcSwap::from_pointee(paced))
    }

    /// How fast it goes.
    pub(crate) fn get(&self) -> Paced {
        **self.0.load()
    }

    /// Notes that it goes at another pace now.
    pub(crate) fn set(&self, now: Pace) {
        self.0.store(Arc::new(self.get().then(now)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_kept_as_it_was() {
        let running = Paced::from(Pace::Realtime { hz: 12.5 });
        for paced in [running, running.then(Pace::Paused)] {
            let mut directory = Directory::default();
            assert_eq!(Paced::kept(&directory), None);
            directory.apply(&paced.row(10.0));
            assert_eq!(Paced::kept(&directory), Some(paced));
        }
        let mut directory = Directory::default();
        directory.apply(&Paced::from(Pace::Paused).row(10.0));
        let kept = Paced::kept(&directory).expect("it was kept");
        assert_eq!(kept.running, Some(Pace::Realtime { hz: 10.0 }));
    }
}
