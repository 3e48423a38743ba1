//! How fast the village goes.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hamlet_sim::bridge::{Control, Pace};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::replayed;
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::Problem;
use crate::render::pace::Paced;
use crate::state::App;
use crate::time::rfc3339;
use crate::village::{Health, Steering};

/// Most ticks that one request may step.
const STEP_MAX: u64 = 10_000;
/// Slowest and fastest, as multiples of the scenario's pace.
const SPEED_MIN: f64 = 0.01;
const SPEED_MAX: f64 = 1_000.0;
/// How long a request waits for the steps it asked for.
const STEP_WAIT: Duration = Duration::from_secs(20);

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(world_time, set_world_time))
}

/// The village's time.
#[derive(Serialize, ToSchema)]
struct TimeBody {
    /// Always true.
    success: bool,
    /// Ticks done.
    tick: u64,
    /// Sim time, RFC 3339.
    time: String,
    /// Sim time at tick 0.
    start: String,
    /// Seconds of sim time in a tick.
    sim_secs_per_tick: u32,
    /// `running`; `paused` by a person, or because the database is gone; `stopped`.
    state: &'static str,
    /// Why, where the village itself has paused or stopped.
    reason: Option<String>,
    /// Multiple of the scenario's pace; null: as fast as it can.
    speed: Option<f64>,
    /// Ticks per second at speed 1.
    tick_hz: f64,
    /// The run that is watched again; absent where the village lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    replay: Option<ReplayBody>,
    /// After `step`: whether all steps were done when this was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    stepped: Option<bool>,
}

impl TimeBody {
    fn now(app: &App, stepped: Option<bool>) -> Self {
        let view = app.published.view();
        let spec = &app.scenario.time;
        let paced = app.renderings.pace.get();
        let (state, reason) = match &*app.published.health() {
            Health::Ready if paced.now == Pace::Paused => ("paused", None),
            Health::Ready => ("running", None),
            Health::Paused { reason } => ("paused", Some(reason.clone())),
            Health::Stopped { reason } => ("stopped", Some(reason.clone())),
        };
        Self {
            success: true,
            tick: view.tick,
            time: rfc3339(view.time.millis()),
            start: rfc3339(spec.start.timestamp_millis()),
            sim_secs_per_tick: spec.sim_secs_per_tick,
            state,
            reason,
            speed: match paced.running {
                Some(Pace::Realtime { hz }) => Some(hz / spec.tick_hz),
                Some(Pace::Fast) => None,
                Some(Pace::Paused) | None => Some(1.0),
            },
            tick_hz: spec.tick_hz,
            replay: app.replay.as_ref().map(|replay| {
                let span = replay.span();
                ReplayBody {
                    first_tick: span.first_tick,
                    last_tick: span.last_tick,
                    first_time: span.first_time,
                }
            }),
            stepped,
        }
    }
}

/// A run that is watched again.
#[derive(Serialize, ToSchema)]
struct ReplayBody {
    /// Its first tick.
    first_tick: u64,
    /// Its last tick.
    last_tick: u64,
    /// Sim time at its first tick, in seconds since 1970.
    first_time: i64,
}

/// What is to happen to the time.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TimeAction {
    /// Stand still.
    Pause,
    /// Go on at the pace before the pause.
    Resume,
    /// Some ticks at once, then stand still.
    Step,
    /// Go on at another pace.
    Speed,
    /// Go to a tick, before or after; only in a replay.
    Seek,
}

/// An order about the time.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
struct TimeOrder {
    /// What is to happen.
    action: TimeAction,
    /// For `step`: how many ticks, 1 where none are named.
    #[schema(minimum = 1, maximum = 10_000)]
    ticks: Option<u64>,
    /// For `speed`: the multiple of the scenario's pace.
    #[schema(minimum = 0.01, maximum = 1000)]
    speed: Option<f64>,
    /// For `seek`: where to.
    tick: Option<u64>,
}

impl TimeOrder {
    /// What the runner is told, and the pace it has from then on.
    fn control(self, app: &App, now: Paced) -> Result<(Control, Pace), Problem> {
        let pace = match self.action {
            TimeAction::Pause => Pace::Paused,
            TimeAction::Resume => app.tempo.running(now),
            TimeAction::Step => {
                let ticks = self.ticks.unwrap_or(1);
                if !(1..=STEP_MAX).contains(&ticks) {
                    return Err(Problem::invalid(
                        format!("A request steps 1 to {STEP_MAX} ticks, not {ticks}."),
                        "Send several requests, or resume for a while.",
                    ));
                }
                return Ok((Control::Steps(ticks), Pace::Paused));
            }
            TimeAction::Speed => self.pace(app.scenario.time.tick_hz)?,
            TimeAction::Seek => return Err(not_a_replay()),
        };
        Ok((Control::Pace(pace), pace))
    }

    /// Steers a run that is watched again.
    fn steer(self, app: &App, replay: &Steering) -> Result<(), Problem> {
        if let TimeAction::Seek = self.action {
            let tick = self.tick.ok_or_else(|| {
                Problem::invalid(
                    "No tick is named.",
                    "Send {\"action\": \"seek\", \"tick\": 600}.",
                )
            })?;
            return replay.seek(tick);
        }
        let (control, pace) = self.control(app, app.renderings.pace.get())?;
        match control {
            Control::Steps(ticks) => replay.step(ticks)?,
            _ => replay.pace(pace)?,
        }
        app.renderings.pace.set(pace);
        Ok(())
    }

    fn pace(self, tick_hz: f64) -> Result<Pace, Problem> {
        let speed = self.speed.ok_or_else(|| {
            Problem::invalid(
                "No speed is named.",
                "Send {\"action\": \"speed\", \"speed\": 2} for twice the scenario's pace.",
            )
        })?;
        if !(SPEED_MIN..=SPEED_MAX).contains(&speed) {
            return Err(Problem::invalid(
                format!("A speed lies between {SPEED_MIN} and {SPEED_MAX}, not at {speed}."),
                "1 is the scenario's own pace.",
            ));
        }
        Ok(Pace::Realtime {
            hz: tick_hz * speed,
        })
    }
}

/// What time it is, and how fast it goes
#[utoipa::path(get, path = "/world/time", tag = "world",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The village's time", body = TimeBody)))]
async fn world_time(State(app): State<App>) -> Json<TimeBody> {
    Json(TimeBody::now(&app, None))
}

/// Pause, resume, step, or change the pace
///
/// For admins; each order is in the audit log. `seek` goes to any moment of a replay, and is refused with 409 `not_a_replay` elsewhere. After `step` the answer comes when the ticks are done, or after 20 s with `stepped: false`.
#[utoipa::path(post, path = "/world/time", tag = "world", request_body = TimeOrder,
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "So it goes from now on", body = TimeBody)))]
async fn set_world_time(
    State(app): State<App>,
    caller: Caller,
    Input(order): Input<TimeOrder>,
) -> Result<Response, Problem> {
    if let Some(replay) = &app.replay {
        order.steer(&app, replay)?;
        return Ok(Json(TimeBody::now(&app, None)).into_response());
    }
    let before = app.published.view().tick;
    let key = caller.idempotency.as_ref();
    let actor = caller.audit_name();
    let done = app
        .tempo
        .order(key, &actor, "world.time", order, |now| {
            order.control(&app, now)
        })
        .await?;
    let stepped = match done.outcome {
        Control::Steps(ticks) if !done.replayed => Some(wait_until(&app, before + ticks).await),
        _ => None,
    };
    let body = Json(TimeBody::now(&app, stepped)).into_response();
    Ok(replayed(body, done.replayed))
}

fn not_a_replay() -> Problem {
    Problem::conflict(
        "not_a_replay",
        "This village lives: its time goes forwards alone.",
        "`hamlet replay JOURNAL --view` shows a run of which one can go to any moment.",
    )
}

/// Waits until readers see this tick. Whether they do.
async fn wait_until(app: &App, tick: u64) -> bool {
    let mut beats = app.published.listen();
    let seen = async {
        while app.published.view().tick < tick {
            if let Err(RecvError::Closed) = beats.recv().await {
                return;
            }
        }
    };
    // Running out of time is an answer too.
    tokio::time::timeout(STEP_WAIT, seen).await.ok();
    app.published.view().tick >= tick
}
