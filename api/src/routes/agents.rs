//! Agents: who they are, and what they do.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use hamlet_protocol::act::Act;
use hamlet_protocol::agent::Presence;
use hamlet_protocol::command::{Applied, Command, Outcome};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::map::Point;
use hamlet_protocol::view::{AgentView, BodyView, WorldView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::world::{find_landmark, standing};
use crate::auth::{Caller, Principal};
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(go))
}

/// An agent that a path names.
pub(crate) struct Named {
    /// Who.
    pub(crate) id: AgentId,
    /// As they are now.
    pub(crate) agent: Arc<AgentView>,
    /// Their body.
    pub(crate) body: BodyView,
}

/// The agent a path means: by id, name, `@name` or `me`.
///
/// # Errors
/// 404 when there is none, 401 for `me` without a key.
pub(crate) fn find_agent(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    wanted: &str,
) -> Result<Named, Problem> {
    let id = agent_id(app, caller, wanted)?;
    let missing = || Problem::not_found("agent", "GET /api/v1/world lists who is in town.");
    let no = app
        .ids
        .number(id)
        .and_then(|no| usize::try_from(no).ok())
        .ok_or_else(missing)?;
    let agent = view.agents.get(no).and_then(Option::as_ref);
    match (agent, view.bodies.get(no)) {
        (Some(agent), Some(body)) if body.presence != Presence::Gone => Ok(Named {
            id,
            agent: Arc::clone(agent),
            body: *body,
        }),
        _ => Err(missing()),
    }
}

fn agent_id(app: &App, caller: &Caller, wanted: &str) -> Result<AgentId, Problem> {
    if wanted.eq_ignore_ascii_case("me") {
        return match &caller.principal {
            Principal::Agent { agent, .. } => Ok(*agent),
            Principal::Anonymous => Err(Problem::unauthorized(
                "no_key",
                "Nobody knows who you are.",
                "Send your key as `Authorization: Bearer …`, or name the agent.",
            )),
            Principal::Person { .. } => Err(Problem::not_found(
                "agent",
                "You are a person. Name the agent you mean.",
            )),
        };
    }
    if let Ok(id) = wanted.parse::<Uuid>() {
        return Ok(AgentId(id));
    }
    let name = wanted.strip_prefix('@').unwrap_or(wanted);
    app.published
        .directory()
        .agent_named(name)
        .ok_or_else(|| Problem::not_found("agent", "GET /api/v1/world lists who is in town."))
}

/// The agent a path means, if it is the caller's own body: agents act for themselves.
///
/// # Errors
/// 403 when it is somebody else's.
pub(crate) fn own_agent(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    wanted: &str,
) -> Result<Named, Problem> {
    let named = find_agent(app, view, caller, wanted)?;
    if caller.agent()? == named.id {
        return Ok(named);
    }
    Err(Problem::forbidden(
        "This is somebody else's body.",
        "Act as yourself: use `me`.",
    ))
}

/// Where to go: by a few tiles, to a tile, or to a landmark. Exactly one of the three.
#[derive(Debug, Deserialize, ToSchema)]
struct MoveBody {
    /// Tiles to the right.
    dx: Option<i16>,
    /// Tiles down.
    dy: Option<i16>,
    /// The tile, from the left.
    x: Option<u16>,
    /// The tile, from the top.
    y: Option<u16>,
    /// A landmark's id, name or kind.
    landmark: Option<String>,
}

/// What came of an act.
#[derive(Serialize, ToSchema)]
pub(crate) struct ActedBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// Tick after which it took effect.
    tick: u64,
    /// Number of the event by which a reader knows it is in what they see.
    seq: u64,
    /// What came of it, for programs.
    #[schema(value_type = serde_json::Value)]
    outcome: Outcome,
}

impl ActedBody {
    /// Says what came of an act.
    pub(crate) fn of(applied: Applied) -> Self {
        Self {
            success: true,
            message: told(&applied.outcome),
            tick: applied.tick,
            seq: applied.seq,
            outcome: applied.outcome,
        }
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Walking { steps: Some(steps) } => format!("On the way, {steps} steps to go."),
        Outcome::Walking { steps: None } => "On the way.".to_owned(),
        Outcome::Heard { by: 0 } => "Nobody was near enough to hear it.".to_owned(),
        Outcome::Heard { by: 1 } => "One person heard it.".to_owned(),
        Outcome::Heard { by } => format!("{by} people heard it."),
        Outcome::TradeAnswer { agreed: true } => "They agreed.".to_owned(),
        Outcome::TradeAnswer { agreed: false } => "They declined.".to_owned(),
        _ => "Done.".to_owned(),
    }
}

/// Walk
///
/// By a few tiles (`dx`, `dy`), to a tile (`x`, `y`), or into a landmark (`landmark`: id, name or kind).
/// The answer comes when the walk has begun; follow it on `/ws/world` or in one's perception.
#[utoipa::path(post, path = "/agents/{id}/move", tag = "agents",
    params(("id" = String, Path, description = "UUID, name, `@name` or `me`")),
    request_body = MoveBody,
    security(("agent_key" = [])),
    responses(
        (status = 200, description = "On the way", body = ActedBody),
        (status = 400, description = "Makes no sense", body = ProblemBody),
        (status = 404, description = "No such agent or landmark", body = ProblemBody),
        (status = 409, description = "No way leads there", body = ProblemBody),
    ))]
async fn go(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<MoveBody>,
) -> Result<Json<ActedBody>, Problem> {
    let view = app.published.view();
    let me = own_agent(&app, &view, &caller, &id)?.id;
    let act = walk(&app, &view, me, &body)?;
    let done = app
        .desk
        .command(
            caller.idempotency.as_ref(),
            Command::Act { agent: me, act },
            |_, _| {},
        )
        .await?;
    Ok(Json(ActedBody::of(done.outcome)))
}

fn walk(app: &App, view: &WorldView, me: AgentId, body: &MoveBody) -> Result<Act, Problem> {
    match body {
        MoveBody {
            landmark: Some(wanted),
            dx: None,
            dy: None,
            x: None,
            y: None,
        } => {
            let from = standing(app, view, me).unwrap_or_default();
            find_landmark(view, wanted, from)
                .map(|landmark| Act::GoToLandmark { landmark })
                .ok_or_else(|| {
                    Problem::not_found("landmark", "GET /api/v1/world lists the landmarks.")
                })
        }
        MoveBody {
            x: Some(x),
            y: Some(y),
            dx: None,
            dy: None,
            landmark: None,
        } => Ok(Act::GoTo {
            to: Point::new(*x, *y),
        }),
        MoveBody {
            dx,
            dy,
            x: None,
            y: None,
            landmark: None,
        } if dx.is_some() || dy.is_some() => Ok(Act::Step {
            dx: dx.unwrap_or(0),
            dy: dy.unwrap_or(0),
        }),
        _ => Err(Problem::invalid(
            "It is not clear where to go.",
            "Send {dx, dy}, or {x, y}, or {landmark}.",
        )),
    }
}
