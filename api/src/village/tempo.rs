//! The one way in which the village's pace is changed, whoever orders it.

use std::fmt;
use std::sync::Arc;

use hamlet_sim::bridge::{Control, Pace};
use serde::Serialize;
use tokio::sync::Mutex;

use super::desk::{Desk, Done, IdempotencyKey};
use crate::problem::Problem;
use crate::render::pace::{PaceNow, Paced};

/// Changes how fast the village goes, and sees to it that what is kept, what is shown and what is so are the same.
pub struct Tempo {
    desk: Desk,
    pace: Arc<PaceNow>,
    /// Ticks a second at the scenario's own pace.
    usual_hz: f64,
    /// One order at a time: each begins where the one before has ended.
    turn: Mutex<()>,
}

impl fmt::Debug for Tempo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tempo")
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

/// What the runner is told, and the pace it has from then on.
pub(crate) type Turn = (Control, Pace);

impl Tempo {
    pub(crate) fn new(desk: Desk, pace: Arc<PaceNow>, usual_hz: f64) -> Self {
        Self {
            desk,
            pace,
            usual_hz,
            turn: Mutex::default(),
        }
    }

    /// Stops time, or lets it go on at the pace it had.
    ///
    /// # Errors
    /// As [`Desk::write`] and [`Desk::control`].
    pub async fn pause(&self, actor: &str, on: bool) -> Result<(), Problem> {
        let act = if on {
            "village.pause"
        } else {
            "village.resume"
        };
        let detail = serde_json::json!({});
        let decide = |now: Paced| {
            let pace = if on { Pace::Paused } else { self.running(now) };
            Ok((Control::Pace(pace), pace))
        };
        self.order(None, actor, act, detail, decide).await?;
        Ok(())
    }

    /// The pace after a pause.
    pub(crate) fn running(&self, now: Paced) -> Pace {
        now.running.unwrap_or(Pace::Realtime { hz: self.usual_hz })
    }

    /// Keeps the pace that `decide` makes of the present one for the next start, with an entry in the audit log, and then steers the runner.
    /// Gives back what the runner was told.
    ///
    /// # Errors
    /// What `decide` refuses; as [`Desk::write`] and [`Desk::control`].
    pub(crate) async fn order(
        &self,
        key: Option<&IdempotencyKey>,
        actor: &str,
        act: &'static str,
        detail: impl Serialize + Send + 'static,
        decide: impl FnOnce(Paced) -> Result<Turn, Problem>,
    ) -> Result<Done<Control>, Problem> {
        let _turn = self.turn.lock().await;
        let now = self.pace.get();
        let (control, pace) = decide(now)?;
        let row = now.then(pace).row(self.usual_hz);
        let actor = actor.to_owned();
        let done = self
            .desk
            .write(key, move |draft| {
                draft.push(row);
                draft.audit(&actor, act, "world", &detail);
                Ok(())
            })
            .await?;
        if !done.replayed {
            self.desk.control(control).await?;
            self.pace.set(pace);
        }
        Ok(Done {
            outcome: control,
            replayed: done.replayed,
        })
    }
}
