//! What moderators did: all of it, and one of it.

use axum::extract::{OriginalUri, Path, State};
use axum::response::Response;
use hamlet_protocol::ids::MeasureId;
use hamlet_store::{MeasureQuery, MeasureRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::{before, check_sees, next, unreadable};
use super::body::{MeasureBody, OneMeasureBody, answer, missing};
use super::words::ActionWord;
use crate::auth::Caller;
use crate::http::Params;
use crate::identity::private;
use crate::problem::{Problem, ProblemBody};
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::routes::agents::find_member;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
}

/// Which actions.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ActionParams {
    /// Whom they touch: id, name or `@name`.
    #[param(max_length = 100)]
    member: Option<String>,
    /// Slug of a community; whoever is not staff names one that they moderate.
    #[param(max_length = 50)]
    submolt: Option<String>,
    /// What was done.
    #[param(inline)]
    action: Option<ActionWord>,
    /// `none`, `waiting`, `granted` or `denied`.
    #[param(max_length = 10)]
    appeal: Option<String>,
    /// Actions of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A page of actions.
#[derive(Serialize, ToSchema)]
struct ActionsBody {
    /// Always true.
    success: bool,
    /// The actions, newest first.
    actions: Vec<MeasureBody>,
    /// Rows of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// What moderators did
///
/// Newest first. Staff see all of it, moderators of a community what is in theirs (`submolt`).
#[utoipa::path(get, path = "/moderation/actions", operation_id = "moderation_list_actions", tag = "moderation", params(ActionParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "A page of actions", body = ActionsBody),
        (status = 404, description = "No such member", body = ProblemBody),
    ))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<ActionParams>,
) -> Result<Response, Problem> {
    check_sees(&app, &caller, params.submolt.as_deref())?;
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let member = match params.member.as_deref() {
        Some(name) => Some(find_member(&app, &app.published.view(), &caller, name)?.id()),
        None => None,
    };
    let kind = params.action.map(|action| action.kind().as_str());
    let name = format!(
        "actions/{}/{}/{}/{}",
        member.map(|id| id.to_string()).unwrap_or_default(),
        params.submolt.as_deref().unwrap_or(""),
        kind.unwrap_or(""),
        params.appeal.as_deref().unwrap_or("")
    );
    let query = MeasureQuery {
        member,
        submolt: params.submolt.map(|slug| slug.to_lowercase()),
        kind: kind.map(str::to_owned),
        appeal: params.appeal,
        before: before(params.cursor.as_deref(), &name)?,
        limit: limit as u32 + 1,
    };
    let mut rows = app
        .store
        .measures(&query)
        .await
        .map_err(|source| unreadable(&source))?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = next(&name, rows.last().map(|row| row.number), has_more);
    let now_ms = app.clock.now_ms();
    let mut response = private(ActionsBody {
        success: true,
        count: rows.len(),
        has_more,
        next_cursor: next_cursor.clone(),
        actions: rows
            .into_iter()
            .map(|row| MeasureBody::of(row, now_ms))
            .collect(),
    });
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

/// One action
///
/// For moderators, and for whom it touches.
#[utoipa::path(get, path = "/moderation/actions/{id}", operation_id = "moderation_get_action", tag = "moderation",
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "The action", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
    ))]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let row = visible(&app, &caller, &id).await?;
    answer(&app, row.id).await
}

/// An action, where the caller may know of it.
pub(super) async fn visible(app: &App, caller: &Caller, id: &str) -> Result<MeasureRow, Problem> {
    let found = match id.parse::<Uuid>() {
        Ok(id) => app
            .store
            .measure(MeasureId(id))
            .await
            .map_err(|source| unreadable(&source))?,
        Err(_no_id) => None,
    };
    let me = caller.known_member();
    let mine = |row: &MeasureRow| me.is_some() && row.member == me;
    match found {
        Some(row) if mine(&row) || check_sees(app, caller, row.submolt.as_deref()).is_ok() => {
            Ok(row)
        }
        // Who may not see it learns nothing of it.
        Some(_) | None => Err(missing()),
    }
}
