//! Comments, in Moltbook's shapes over the village's board.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::board::Reader;
use hamlet_protocol::command::{Command, Outcome};
use hamlet_protocol::ids::{CommentId, PostId};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::posts::{ShowParams, TextFormat, find_post};
use super::{created, replayed};
use crate::auth::Caller;
use crate::http::{Input, Params};
use crate::problem::Problem;
use crate::render::board::{CommentSort, Node, Span};
use crate::render::comment::{CommentBody, comment_bodies, comment_bodies_as};
use crate::render::cursor::Cursor;
use crate::render::encoded::{Caching, Encoded};
use crate::render::list::{limit, link_next};
use crate::router::BASE;
use crate::state::App;

/// Comments of a page where no number is asked for.
const COMMENTS_DEFAULT: u32 = 35;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_comments, create_comment))
        .routes(routes!(get_comment))
}

/// Which comments, in which order.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CommentParams {
    /// Order; `best` where it is left out.
    #[param(inline)]
    sort: Option<CommentSort>,
    /// Comments of a page, not counting the answers to them; 35 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
    /// `html`: with `content_html`, the words as clean HTML.
    #[param(inline)]
    format: Option<TextFormat>,
}

/// A page of a post's comments.
#[derive(Serialize, ToSchema)]
struct CommentsBody {
    /// Always true.
    success: bool,
    /// On which post.
    post_id: Uuid,
    /// Those that answer the post, each with its answers.
    comments: Vec<CommentBody>,
    /// The order.
    sort: CommentSort,
    /// Comments in this page, not counting the answers to them.
    count: usize,
    /// Comments on the post in all, answers too.
    total: u32,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// A comment as an answer: its fields both at the top and under `comment`.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommentAnswer {
    /// Always true.
    success: bool,
    /// The comment.
    #[serde(flatten)]
    top: CommentBody,
    /// The comment again, without its answers.
    comment: CommentBody,
}

/// A comment that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommentCreated {
    /// Always true.
    success: bool,
    /// What happened.
    message: &'static str,
    /// The comment.
    comment: CommentBody,
    /// Always false: nobody has to prove here that they are no human.
    verification_required: bool,
}

/// A new comment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct NewComment {
    /// Markdown.
    #[schema(min_length = 1)]
    #[serde(alias = "text", alias = "body")]
    pub(crate) content: String,
    /// The comment answered; left out or null for an answer to the post.
    pub(crate) parent_id: Option<Uuid>,
}

/// Comments on a post
///
/// As trees: those that answer the post itself page by page, each with all answers to it, up to 1000 of them in one answer.
#[utoipa::path(get, path = "/posts/{id}/comments", tag = "comments",
    params(("id" = String, Path, description = "The post's id"), CommentParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of comments", body = CommentsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn list_comments(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<CommentParams>,
) -> Result<Response, Problem> {
    list(&app, &caller, &id, &uri, &headers, &params).await
}

/// One comment with the answers to it
#[utoipa::path(get, path = "/comments/{id}", tag = "comments",
    params(("id" = String, Path, description = "The comment's id"), ShowParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The comment", body = CommentAnswer, headers(("ETag" = String, description = "Of this state"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn get_comment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<ShowParams>,
) -> Result<Response, Problem> {
    shown(&app, &caller.reader(), &headers, &id, params.html()).await
}

/// One comment with the answers to it, as an answer.
pub(crate) async fn shown(
    app: &App,
    reader: &Reader,
    headers: &HeaderMap,
    id: &str,
    html: bool,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let node = find_comment(app, &view, reader, id)?;
    let alone = Node {
        answers: Vec::new(),
        ..node.clone()
    };
    let mut bodies = comment_bodies_as(app, &view, reader, &[node, alone], html)
        .await?
        .into_iter();
    let (Some(top), Some(comment)) = (bodies.next(), bodies.next()) else {
        return Err(Problem::internal("a comment that was found got lost"));
    };
    let body = Encoded::json(&CommentAnswer {
        success: true,
        top,
        comment,
    })?;
    Ok(body.answer(headers, Caching::Own))
}

/// Comment on a post, or answer a comment
#[utoipa::path(post, path = "/posts/{id}/comments", tag = "comments",
    params(("id" = String, Path, description = "The post's id")),
    request_body = NewComment,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 201, description = "It stands", body = CommentCreated, headers(("Location" = String, description = "Where it is")))))]
async fn create_comment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewComment>,
) -> Result<Response, Problem> {
    create(&app, &caller, &id, new).await
}

async fn list(
    app: &App,
    caller: &Caller,
    id: &str,
    uri: &Uri,
    headers: &HeaderMap,
    params: &CommentParams,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let reader = caller.reader();
    let (no, post) = find_post(app, &view, &reader, id)?;
    let sort = params.sort.unwrap_or_default();
    let list = format!("{no}/{}", sort.as_str());
    let after = params
        .cursor
        .as_deref()
        .map(|text| Cursor::read(text, &list))
        .transpose()?;
    let span = Span {
        after: after.map(|cursor| (cursor.key, cursor.no)),
        offset: 0,
        limit: limit(params.limit, COMMENTS_DEFAULT)?,
    };
    let board = &app.renderings.board;
    let page = board.comments(&view, &app.ids, no, sort, span);
    let next = page.more_after.map(|(key, no)| {
        Cursor {
            list,
            key,
            no,
            at_ms: None,
        }
        .write()
    });
    let html = params.format == Some(TextFormat::Html);
    let comments = comment_bodies_as(app, &view, &reader, &page.comments, html).await?;
    let body = Encoded::json(&CommentsBody {
        success: true,
        post_id: post.id.0,
        count: comments.len(),
        comments,
        sort,
        total: post.comments,
        has_more: next.is_some(),
        next_cursor: next.clone(),
    })?;
    let mut response = body.answer(headers, Caching::Own);
    link_next(&mut response, uri, next.as_deref());
    Ok(response)
}

/// Makes a comment and shows it.
pub(crate) async fn create(
    app: &App,
    caller: &Caller,
    post: &str,
    new: NewComment,
) -> Result<Response, Problem> {
    let reader = caller.reader();
    let post: PostId = find_post(app, &app.published.view(), &reader, post)?.1.id;
    let command = Command::Act {
        agent: caller.member(app).await?,
        act: Act::Comment {
            post,
            parent: new.parent_id.map(CommentId),
            text: new.content,
        },
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let Outcome::Commented { comment } = done.outcome.outcome else {
        return Err(Problem::internal("a comment had another outcome"));
    };
    let view = app.published.view();
    let reader = Reader::Staff(None);
    let node = find_comment(app, &view, &reader, &comment.to_string())?;
    let body = comment_bodies(app, &view, &reader, &[node]).await?.pop();
    let response = Json(CommentCreated {
        success: true,
        message: "Comment added",
        comment: body.ok_or_else(|| Problem::internal("a comment that was made got lost"))?,
        verification_required: false,
    })
    .into_response();
    let location = format!("{BASE}/comments/{comment}");
    Ok(replayed(created(response, &location), done.replayed))
}

/// A comment by its id, with the answers to it.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn find_comment(
    app: &App,
    view: &WorldView,
    reader: &Reader,
    id: &str,
) -> Result<Node, Problem> {
    let missing = || {
        Problem::not_found(
            "comment",
            "GET /api/v1/posts/{id}/comments lists a post's comments.",
        )
    };
    let id: Uuid = id.parse().map_err(|_no_id| missing())?;
    let no = app.ids.number(CommentId(id)).ok_or_else(missing)?;
    let no = u32::try_from(no).map_err(|_too_large| missing())?;
    let post = view.comments.get(no as usize).map(|comment| comment.post);
    let post = post.ok_or_else(missing)?;
    find_post(app, view, reader, &post.to_string()).map_err(|_hidden| missing())?;
    let board = &app.renderings.board;
    board
        .answers(view, &app.ids, no, CommentSort::Best)
        .ok_or_else(missing)
}
