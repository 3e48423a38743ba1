//! Where handlers hand in what is to be done and wait until it is on disk.

mod patience;

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use crossbeam_channel::{Sender, TrySendError};
use hamlet_protocol::command::{Answer, Applied, Command};
use hamlet_sim::bridge::{Control, Envelope, InboxError, SimHandle};
use hamlet_store::{IdempotencyRow, Write};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use super::draft::Draft;
use super::published::{Health, Published};
use super::pump::{Job, Side};
use crate::problem::Problem;
use crate::time::Clock;

/// Seconds an idempotency record is kept.
const IDEMPOTENCY_SECS: i64 = 24 * 3600;
/// Seconds a handler waits for a commit before it says that it does not know.
const COMMIT_WAIT_SECS: u64 = 25;

/// A client's `Idempotency-Key` with what it was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose keys these are: a key's, an account's or an address'.
    pub scope: String,
    /// The key.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

/// What is answered, and whether it was answered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// What came of it.
    pub outcome: T,
    /// Whether this is the outcome of an earlier request with the same `Idempotency-Key`. Secrets are not told twice.
    pub replayed: bool,
}

/// Takes in commands and jobs. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    sim: SimHandle,
    jobs: Sender<Job>,
    published: Arc<Published>,
    clock: Arc<dyn Clock>,
    running: Arc<Mutex<HashSet<(String, String)>>>,
    /// Nothing can be done: what is shown has happened already.
    is_for_reading: bool,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("sim", &self.sim)
            .finish_non_exhaustive()
    }
}

impl Desk {
    pub(super) fn new(
        sim: SimHandle,
        jobs: Sender<Job>,
        published: Arc<Published>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            sim,
            jobs,
            published,
            clock,
            running: Arc::default(),
            is_for_reading: false,
        }
    }

    /// The same desk, which takes nothing in any more: what is shown has happened already.
    pub(super) fn for_reading(self) -> Self {
        Self {
            is_for_reading: true,
            ..self
        }
    }

    /// The village's handle, for control and numbers.
    #[must_use]
    pub fn sim(&self) -> &SimHandle {
        &self.sim
    }

    /// Gives a command to the village and waits until what came of it is committed.
    ///
    /// `side` runs in the pump when the command was applied: its rows are committed with the command or not at all.
    ///
    /// # Errors
    /// The village's refusal; 409 and 422 of idempotency; 503 when too much is waiting or the database is gone.
    pub async fn command(
        &self,
        key: Option<&IdempotencyKey>,
        command: Command,
        side: impl FnOnce(&Applied, &mut Draft<'_>) + Send + 'static,
    ) -> Result<Done<Applied>, Problem> {
        let running = match self.begin::<Answer>(key)? {
            Begun::Before(answer) => {
                return Ok(Done {
                    outcome: answer?,
                    replayed: true,
                });
            }
            Begun::Now(running) => running,
        };
        let record = key.cloned();
        let side: Side = Box::new(move |answer, draft| {
            if let Ok(applied) = answer {
                side(applied, draft);
            }
            if let Some(record) = &record {
                draft.push(keep(record, answer, draft.now_ms()));
            }
        });
        self.send(command, side, running).await.map(fresh)
    }

    /// Does something that has no part in the world: checks and writes in one go, and waits for the commit.
    ///
    /// `work` checks against [`Draft::directory`] first and pushes rows last; what it gives back must hold no secret that it would not give back
    /// from a record (mark such fields `#[serde(skip)]`).
    ///
    /// # Errors
    /// What `work` refuses; else as [`Desk::command`].
    pub async fn write<T>(
        &self,
        key: Option<&IdempotencyKey>,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Done<T>, Problem>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let running = match self.begin::<T>(key)? {
            Begun::Before(outcome) => {
                return Ok(Done {
                    outcome,
                    replayed: true,
                });
            }
            Begun::Now(running) => running,
        };
        let record = key.cloned();
        let work = move |draft: &mut Draft<'_>| {
            let outcome = work(draft)?;
            if let Some(record) = &record {
                draft.push(keep(record, &outcome, draft.now_ms()));
            }
            Ok(outcome)
        };
        self.job(work, running).await.map(fresh)
    }

    /// Hands in rows that nobody waits for. Where too much is waiting already they are let go of.
    pub fn leave(&self, work: impl FnOnce(&mut Draft<'_>) + Send + 'static) {
        let job = Job::new(move |draft| {
            work(draft);
            Box::new(|| {})
        });
        if self.jobs.try_send(job).is_err() {
            tracing::debug!("rows that nobody waits for were let go of");
        }
    }

    /// Steers the runner.
    ///
    /// # Errors
    /// 503 when the village has stopped or too much is waiting.
    pub async fn control(&self, control: Control) -> Result<(), Problem> {
        let sim = self.sim.clone();
        let sent = tokio::task::spawn_blocking(move || sim.control(control)).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(stopped()),
            Err(_) => Err(Problem::internal("steering the village panicked")),
        }
    }

    /// Looks whether this was done before, and keeps others from doing it meanwhile.
    fn begin<T: DeserializeOwned>(
        &self,
        key: Option<&IdempotencyKey>,
    ) -> Result<Begun<T>, Problem> {
        let Some(key) = key else {
            return Ok(Begun::Now(None));
        };
        let running = self.reserve(key)?;
        let directory = self.published.directory();
        let Some(row) = directory
            .idempotent(&key.scope, &key.key)
            .filter(|row| row.expires_ms > self.clock.now_ms())
        else {
            return Ok(Begun::Now(Some(running)));
        };
        if row.fingerprint != key.fingerprint {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_mismatch",
                "This Idempotency-Key was used for another request.",
                "Use a new key for a new request; repeat a request exactly to get its outcome again.",
            ));
        }
        serde_json::from_str(&row.outcome)
            .map(Begun::Before)
            .map_err(|source| {
                Problem::internal(&format!("an idempotency record makes no sense: {source}"))
            })
    }

    fn reserve(&self, key: &IdempotencyKey) -> Result<Running, Problem> {
        let slot = (key.scope.clone(), key.key.clone());
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(slot.clone()) {
            return Err(Problem::conflict(
                "idempotency_running",
                "A request with this Idempotency-Key is still running.",
                "Wait for its answer, then repeat it if you lost it.",
            )
            .retry_after(1));
        }
        Ok(Running {
            slots: Arc::clone(&self.running),
            slot,
        })
    }

    async fn send(
        &self,
        command: Command,
        side: Side,
        running: Option<Running>,
    ) -> Result<Applied, Problem> {
        self.open()?;
        let (sender, receiver) = oneshot::channel();
        let envelope = Envelope {
            command,
            stamp_ms: Some(self.clock.now_ms()),
            side: Some(Box::new(side)),
            reply: Box::new(move |answer: Answer| {
                // First, so that whoever has the answer may repeat the request.
                drop(running);
                drop(sender.send(answer));
            }),
        };
        self.sim
            .try_send(envelope)
            .map_err(|refused| match refused {
                InboxError::Full(_) => Problem::unavailable(
                    "inbox_full",
                    "The village has more to do than it can take in.",
                    1,
                ),
                InboxError::Stopped => stopped(),
            })?;
        let applied = committed(receiver).await?.map_err(Problem::from)?;
        // For the log: its place in history, by which the journal knows it.
        let place = format!("{}/{}", applied.tick, applied.order);
        tracing::Span::current().record("command", place);
        Ok(applied)
    }

    async fn job<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Draft<'_>) -> Result<T, Problem> + Send + 'static,
        running: Option<Running>,
    ) -> Result<T, Problem> {
        self.open()?;
        let (sender, receiver) = oneshot::channel();
        let job = Job::new(move |draft| {
            let outcome = work(draft);
            Box::new(move || {
                drop(running);
                drop(sender.send(outcome));
            })
        });
        self.jobs.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => Problem::unavailable(
                "inbox_full",
                "The village has more to do than it can take in.",
                1,
            ),
            TrySendError::Disconnected(_) => stopped(),
        })?;
        committed(receiver).await?
    }

    /// Nothing is taken in that could not be committed soon.
    fn open(&self) -> Result<(), Problem> {
        if self.is_for_reading {
            return Err(Problem::conflict(
                "replay",
                "This is a replay: what is shown has happened already, and nobody can act in it.",
                "Read and watch; `POST /api/v1/world/time` goes to any moment. To act, go to a village that lives.",
            ));
        }
        match &*self.published.health() {
            Health::Ready => Ok(()),
            Health::Paused { reason } => Err(Problem::unavailable(
                "paused",
                format!("The village is paused: {reason}"),
                5,
            )),
            Health::Stopped { .. } => Err(stopped()),
        }
    }
}

/// Keeps an idempotency key taken until what was asked with it is committed, even when whoever asked has gone.
struct Running {
    slots: Arc<Mutex<HashSet<(String, String)>>>,
    slot: (String, String),
}

impl Drop for Running {
    fn drop(&mut self) {
        self.slots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.slot);
    }
}

enum Begun<T> {
    Before(T),
    Now(Option<Running>),
}

fn fresh<T>(outcome: T) -> Done<T> {
    Done {
        outcome,
        replayed: false,
    }
}

fn keep(key: &IdempotencyKey, outcome: &impl Serialize, now_ms: i64) -> Write {
    Write::Idempotency(IdempotencyRow {
        scope: key.scope.clone(),
        key: key.key.clone(),
        fingerprint: key.fingerprint,
        status: 0,
        outcome: serde_json::to_string(outcome).unwrap_or_else(|_| "null".to_owned()),
        created_ms: now_ms,
        expires_ms: now_ms + IDEMPOTENCY_SECS * 1000,
    })
}

/// Waits for what the pump releases after its commit.
async fn committed<T>(receiver: oneshot::Receiver<T>) -> Result<T, Problem> {
    match tokio::time::timeout(Duration::from_secs(COMMIT_WAIT_SECS), receiver).await {
        Ok(Ok(released)) => Ok(released),
        Ok(Err(_)) => Err(stopped()),
        Err(_) => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "commit_unknown",
            "The database does not answer, so it is not known yet whether this was done.",
            "Look whether it is there before you repeat it; with an Idempotency-Key you can simply repeat it.",
        ).retry_after(5)),
    }
}

fn stopped() -> Problem {
    Problem::unavailable("stopped", "The village is stopping.", 10)
}
