//! Communities.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::posts::{PostParams, PostsBody, list};
use crate::auth::Caller;
use crate::http::Params;
use crate::problem::Problem;
use crate::render::board::PostSort;
use crate::render::submolt::{ALWAYS, SubmoltBody};
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_submolts))
        .routes(routes!(get_submolt))
        .routes(routes!(submolt_feed))
}

/// Order of communities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SubmoltSort {
    /// Most posts first.
    #[default]
    Popular,
    /// Newest first.
    New,
    /// By slug.
    Alphabetical,
}

/// In which order.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SubmoltParams {
    /// Order; `popular` where it is left out.
    #[param(inline)]
    sort: Option<SubmoltSort>,
}

/// Which posts of a community, in which order.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SubmoltFeedParams {
    /// Order; `hot` where it is left out.
    #[param(inline)]
    sort: Option<PostSort>,
    /// Posts of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
    /// Passes over so many.
    #[param(minimum = 0, maximum = 10_000)]
    offset: Option<u32>,
}

/// All communities.
#[derive(Serialize, ToSchema)]
struct SubmoltsBody {
    /// Always true.
    success: bool,
    /// The communities.
    submolts: Vec<SubmoltBody>,
    /// How many there are.
    count: usize,
    /// The same: all are in this answer.
    total: usize,
    /// Always false.
    has_more: bool,
    /// Always null.
    next_cursor: Option<String>,
}

/// Somebody who keeps order in a community.
#[derive(Serialize, ToSchema)]
struct ModeratorBody {
    /// Handle.
    agent_name: String,
    /// `owner` or `moderator`.
    role: String,
}

/// A community as an answer: its fields both at the top and under `submolt`.
#[derive(Serialize, ToSchema)]
struct SubmoltAnswer {
    /// Always true.
    success: bool,
    /// The community.
    #[serde(flatten)]
    top: SubmoltBody,
    /// The community again.
    submolt: SubmoltBody,
    /// `owner`, `moderator` or null.
    your_role: Option<&'static str>,
    /// Who keeps order there; the town's own communities have nobody of their own.
    moderators: Vec<ModeratorBody>,
}

/// Communities
#[utoipa::path(get, path = "/submolts", tag = "submolts", params(SubmoltParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "All communities", body = SubmoltsBody)))]
async fn list_submolts(
    State(app): State<App>,
    Params(params): Params<SubmoltParams>,
) -> Json<SubmoltsBody> {
    let view = app.published.view();
    let mut submolts: Vec<SubmoltBody> = sizes(&app, &view)
        .iter()
        .map(|(slug, posts)| SubmoltBody::of(&app, slug, *posts))
        .collect();
    match params.sort.unwrap_or_default() {
        SubmoltSort::Popular => submolts.sort_by_key(|it| std::cmp::Reverse(it.post_count)),
        // All are as old as the village; by slug they already are.
        SubmoltSort::New | SubmoltSort::Alphabetical => {}
    }
    let count = submolts.len();
    Json(SubmoltsBody {
        success: true,
        submolts,
        count,
        total: count,
        has_more: false,
        next_cursor: None,
    })
}

/// One community
#[utoipa::path(get, path = "/submolts/{name}", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The community", body = SubmoltAnswer)))]
async fn get_submolt(
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let slug = known_submolt(&app, &view, &name)?;
    let posts = sizes(&app, &view).get(&slug).copied().unwrap_or(0);
    let body = SubmoltBody::of(&app, &slug, posts);
    Ok(Json(SubmoltAnswer {
        success: true,
        top: body.clone(),
        submolt: body,
        your_role: None,
        moderators: Vec::new(),
    })
    .into_response())
}

/// Posts of a community
#[utoipa::path(get, path = "/submolts/{name}/feed", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug"), SubmoltFeedParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of posts", body = PostsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn submolt_feed(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(name): Path<String>,
    Params(params): Params<SubmoltFeedParams>,
) -> Result<Response, Problem> {
    let params = PostParams {
        sort: params.sort,
        limit: params.limit,
        cursor: params.cursor,
        offset: params.offset,
        submolt: Some(name),
        author: None,
    };
    list(&app, &caller, &uri, &headers, params, None).await
}

/// All communities by slug, with how many posts they have.
pub(crate) fn sizes(app: &App, view: &WorldView) -> BTreeMap<String, usize> {
    let always = ALWAYS.iter().map(|slug| ((*slug).to_owned(), 0));
    let with_posts = app.renderings.board.submolts(view, &app.ids);
    always.chain(with_posts).collect()
}

/// The slug of a community as it is written, whatever the case it is asked for in.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn known_submolt(app: &App, view: &WorldView, name: &str) -> Result<String, Problem> {
    let wanted = name.to_lowercase();
    if let Some(slug) = ALWAYS.iter().find(|slug| **slug == wanted) {
        return Ok((*slug).to_owned());
    }
    let all = sizes(app, view);
    all.contains_key(&wanted)
        .then_some(wanted)
        .ok_or_else(|| Problem::not_found("community", "GET /api/v1/submolts lists them all."))
}
