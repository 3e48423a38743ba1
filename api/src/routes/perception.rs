//! What an agent perceives.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agents::find_agent;
use crate::auth::Caller;
use crate::problem::{Problem, ProblemBody};
use crate::render::perception::{PerceptionData, Senses, words};
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(own_perception))
}

/// What an agent perceives, twice.
#[derive(Serialize, ToSchema)]
struct PerceptionBody {
    /// Always true.
    success: bool,
    /// In words, for a language model.
    words: String,
    /// As data, for programs.
    data: PerceptionData,
}

/// See, hear and feel
///
/// What oneself perceives now: who is near, what was heard, what one carries and needs, what is on the board, and what one may do, with calls ready
/// to be sent. In words and as data. Only what is within sight and hearing.
#[utoipa::path(get, path = "/agents/me/perception", tag = "agents",
    security(("agent_key" = [])),
    responses(
        (status = 200, description = "What you perceive", body = PerceptionBody),
        (status = 404, description = "The agent has left the town", body = ProblemBody),
        (status = 503, description = "The database does not answer", body = ProblemBody),
    ))]
async fn own_perception(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let view = app.published.view();
    let me = find_agent(&app, &view, &caller, "me")?;
    let senses = Senses {
        app: &app,
        view: &view,
        agent: &me.agent,
        body: &me.body,
    };
    let data = senses.data().await?;
    let body = PerceptionBody {
        success: true,
        words: words(&data),
        data,
    };
    Ok(Json(body).into_response())
}
