//! Ctrl-C and SIGTERM: the first asks for a clean end, the second ends at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use hamlet_sim::bridge::{Control, SimHandle};

/// Exit status after a second Ctrl-C, as shells have it: 128 + SIGINT.
const EXIT_INTERRUPTED: i32 = 130;

/// Signals closer together than this are one: a shell or `timeout` sends one to the process and one to its group.
const ONE_SIGNAL: Duration = Duration::from_millis(300);

/// Listens to Ctrl-C from before the first file is opened, so that none can be left half-written.
pub(crate) struct Stopper {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    asked: Option<Instant>,
    village: Option<SimHandle>,
}

/// Begins to listen. A Ctrl-C that comes before there is a village ends it before its first tick.
pub(crate) fn listen() -> anyhow::Result<Stopper> {
    let state = Arc::new(Mutex::new(State::default()));
    let heard = Arc::clone(&state);
    ctrlc::set_handler(move || {
        let village = {
            let mut state = heard.lock().unwrap_or_else(PoisonError::into_inner);
            match state.asked {
                Some(first) if first.elapsed() >= ONE_SIGNAL => {
                    std::process::exit(EXIT_INTERRUPTED);
                }
                Some(_) => {}
                None => state.asked = Some(Instant::now()),
            }
            state.village.take()
        };
        if let Some(village) = village {
            end(&village);
        }
    })
    .context("the system lets nobody listen to Ctrl-C")?;
    Ok(Stopper { state })
}

impl Stopper {
    /// The village to end.
    pub(crate) fn watch_over(&self, village: SimHandle) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.asked.is_some() {
            drop(state);
            end(&village);
        } else {
            state.village = Some(village);
        }
    }
}

fn end(village: &SimHandle) {
    // A village that has stopped already needs no asking.
    drop(village.control(Control::Stop));
}
