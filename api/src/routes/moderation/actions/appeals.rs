//! Another look at what a moderator did.

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::moderation::ModerationCommand;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::{check_not_own, moderator, reason};
use super::body::OneMeasureBody;
use super::finish;
use super::list::visible;
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(appeal))
        .routes(routes!(decide))
}

/// What is said for an appeal.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewAppeal {
    /// 1 to 1000 characters.
    #[schema(max_length = 1000)]
    text: String,
}

/// Ask for another look at an action
///
/// Once, by whom it touches, within the days that the village's rule `appeal_days` gives. Another moderator decides.
#[utoipa::path(post, path = "/moderation/actions/{id}/appeal", operation_id = "moderation_appeal_action", tag = "moderation", request_body = NewAppeal,
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Another moderator will look", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
        (status = 409, description = "There was an appeal already", body = ProblemBody),
    ))]
async fn appeal(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewAppeal>,
) -> Result<Response, Problem> {
    let measure = visible(&app, &caller, &id).await?.id;
    let command = ModerationCommand::Appeal {
        agent: caller.member(&app).await?,
        measure,
        text: reason(Some(&new.text))?,
    };
    finish(&app, &caller, "appeal", measure, command).await
}

/// What is decided.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct Decision {
    /// Whether the action is taken back.
    granted: bool,
    /// Why, at most 1000 characters. Whoever appealed reads it.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Decide an appeal
///
/// Another moderator than who acted.
#[utoipa::path(post, path = "/moderation/actions/{id}/decide", operation_id = "moderation_decide_appeal", tag = "moderation", request_body = Decision,
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It is decided", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
        (status = 409, description = "No appeal waits", body = ProblemBody),
    ))]
async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(decision): Input<Decision>,
) -> Result<Response, Problem> {
    let found = visible(&app, &caller, &id).await?;
    check_not_own(&app, &caller, &found)?;
    let measure = found.id;
    let command = ModerationCommand::Judge {
        by: moderator(&app, &caller).await?,
        measure,
        granted: decision.granted,
        note: reason(decision.note.as_deref())?,
    };
    finish(&app, &caller, "decide_appeal", measure, command).await
}
