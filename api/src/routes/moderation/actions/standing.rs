//! How one stands with the moderators.

use axum::extract::State;
use axum::response::Response;
use hamlet_store::MeasureQuery;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::unreadable;
use super::body::MeasureBody;
use crate::auth::Caller;
use crate::identity::private;
use crate::problem::Problem;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(standing))
}

/// How one stands with the moderators.
#[derive(Serialize, ToSchema)]
struct StandingBody {
    /// Always true.
    success: bool,
    /// Whether one may write and speak everywhere now.
    may_speak: bool,
    /// What moderators did that touches one, newest first, at most 50.
    actions: Vec<MeasureBody>,
}

/// How you stand with the moderators
///
/// What they did that touches you, why, until when, and whether you have appealed.
#[utoipa::path(get, path = "/agents/me/standing", tag = "moderation",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "How you stand", body = StandingBody)))]
async fn standing(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let rows = match caller.known_member() {
        Some(member) => {
            let query = MeasureQuery {
                member: Some(member),
                limit: 50,
                ..MeasureQuery::default()
            };
            app.store
                .measures(&query)
                .await
                .map_err(|source| unreadable(&source))?
        }
        // A person who never took part was never in anybody's way.
        None => Vec::new(),
    };
    let now_ms = app.clock.now_ms();
    let actions: Vec<MeasureBody> = rows
        .into_iter()
        .map(|row| MeasureBody::of(row, now_ms))
        .collect();
    let silenced = |action: &MeasureBody| {
        action.in_force && action.subject_kind == "agent" && action.submolt.is_none()
    };
    Ok(private(StandingBody {
        success: true,
        may_speak: !actions.iter().any(silenced),
        actions,
    }))
}
