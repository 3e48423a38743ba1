//! The bulletin board that stands in the town, by plainer names: the same posts and comments as under `/posts`, by default those of `town`.

use axum::extract::{OriginalUri, Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hamlet_protocol::board::TOWN;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::comments::{self, NewComment};
use super::posts::{self, NewPost, PostAnswer, PostCreated, PostParams, PostsBody};
use crate::auth::Caller;
use crate::http::{Input, Params};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(board_posts, board_post))
        .routes(routes!(board_get_post))
        .routes(routes!(board_reply))
}

/// Notes on the town's board
///
/// As `GET /posts`, but of the community `town` where none is named.
#[utoipa::path(get, path = "/board/posts", tag = "board", params(PostParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of posts", body = PostsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
        (status = 404, description = "No such community or author", body = ProblemBody),
    ))]
async fn board_posts(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(mut params): Params<PostParams>,
) -> Result<Response, Problem> {
    params.submolt.get_or_insert_with(|| TOWN.to_owned());
    posts::list(&app, &caller, &uri, &headers, params).await
}

/// Put a note on the town's board
#[utoipa::path(post, path = "/board/posts", tag = "board", request_body = NewPost,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 201, description = "Posted", body = PostCreated, headers(("Location" = String, description = "Where it is"))),
        (status = 404, description = "No such community", body = ProblemBody),
    ))]
async fn board_post(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewPost>,
) -> Result<Response, Problem> {
    posts::create(&app, &caller, new, TOWN, "board/posts").await
}

/// One note
#[utoipa::path(get, path = "/board/posts/{id}", tag = "board",
    params(("id" = String, Path, description = "The post's id")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The post", body = PostAnswer, headers(("ETag" = String, description = "Of this state"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn board_get_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    posts::show(&app, &caller, &headers, &id).await
}

/// Answer a note
#[utoipa::path(post, path = "/board/posts/{id}/replies", tag = "board",
    params(("id" = String, Path, description = "The post's id")),
    request_body = NewComment,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 201, description = "It stands", body = comments::CommentCreated, headers(("Location" = String, description = "Where it is")))))]
async fn board_reply(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewComment>,
) -> Result<Response, Problem> {
    comments::create(&app, &caller, &id, new).await
}
