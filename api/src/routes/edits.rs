//! What becomes of posts and comments after they were made: other words, what stood there before, taken back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::board::PostChange;
use hamlet_protocol::command::Command;
use hamlet_store::EditRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::comments::{CommentAnswer, find_comment, shown};
use super::posts::{PostAnswer, encoded, find_post, show};
use super::replayed;
use crate::auth::Caller;
use crate::http::{Input, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::render::post::unreadable;
use crate::state::App;
use crate::time::rfc3339;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(edit_post, delete_post))
        .routes(routes!(post_history))
        .routes(routes!(edit_comment, delete_comment))
        .routes(routes!(comment_history))
}

/// What is to be changed of a post. What is left out stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct PostEdit {
    /// One line.
    title: Option<String>,
    /// Markdown.
    #[serde(alias = "text", alias = "body")]
    content: Option<String>,
    /// The address it is about; empty: none any more.
    url: Option<String>,
    /// Flair; empty: none any more.
    flair: Option<String>,
    /// All its tags.
    tags: Option<Vec<String>>,
    /// The revision that is changed; `If-Match` says the same.
    revision: Option<u32>,
}

/// Other words for a comment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct CommentEdit {
    /// Markdown.
    #[serde(alias = "text", alias = "body")]
    content: String,
    /// The revision that is changed; `If-Match` says the same.
    revision: Option<u32>,
}

/// Which part of a history.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct HistoryParams {
    /// Entries of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// It is gone.
#[derive(Serialize, ToSchema)]
struct DeletedBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: &'static str,
}

/// What stood there before.
#[derive(Serialize, ToSchema)]
struct EditBody {
    /// How often it had been edited then; 0 is how it was first.
    revision: u32,
    /// One line; empty of a comment.
    title: String,
    /// Markdown.
    content: String,
    /// The address it was about.
    url: Option<String>,
    /// When other words took the place of these, RFC 3339.
    replaced_at: String,
    /// By whom they were replaced.
    editor_id: Option<Uuid>,
}

impl From<EditRow> for EditBody {
    fn from(row: EditRow) -> Self {
        Self {
            revision: u32::try_from(row.revision).unwrap_or(0),
            title: row.title,
            content: row.text,
            url: row.url,
            replaced_at: rfc3339(row.replaced_ms),
            editor_id: row.editor.map(|editor| editor.0),
        }
    }
}

/// What stood there before, the newest first.
#[derive(Serialize, ToSchema)]
struct HistoryBody {
    /// Always true.
    success: bool,
    /// Of which post or comment.
    id: Uuid,
    /// How often it was edited.
    revision: u32,
    /// The versions before the present one.
    edits: Vec<EditBody>,
    /// Versions in this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// Edit a post
///
/// Its author and collaborators may. `If-Match` takes the `revision` that was read, or the `ETag` of `GET /posts/{id}`.
#[utoipa::path(patch, path = "/posts/{id}", tag = "posts",
    params(("id" = String, Path, description = "The post's id"),
        ("If-Match" = Option<String>, Header, description = "The revision, or the ETag, that is changed")),
    request_body = PostEdit,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "As it is now", body = PostAnswer),
        (status = 403, description = "It is somebody else's", body = ProblemBody),
        (status = 412, description = "It has changed since", body = ProblemBody),
    ))]
async fn edit_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Input(edit): Input<PostEdit>,
) -> Result<Response, Problem> {
    let (_, post) = find_post(&app, &app.published.view(), &caller.reader(), &id)?;
    let nothing = edit.title.is_none()
        && edit.content.is_none()
        && edit.url.is_none()
        && edit.flair.is_none()
        && edit.tags.is_none();
    if nothing {
        return Err(Problem::invalid(
            "Nothing is to be changed.",
            "Send title, content, url, flair or tags.",
        ));
    }
    let wanted = match edit.revision {
        Some(revision) => Some(revision),
        None => match condition(&headers)? {
            Condition::None => None,
            Condition::Revision(revision) => Some(revision),
            Condition::Tag(tag) => {
                let now = encoded(&app, &caller, &id, false).await?;
                if now.etag() != tag {
                    return Err(changed());
                }
                Some(post.revision)
            }
        },
    };
    let change = PostChange {
        title: edit.title,
        text: edit.content,
        url: edit.url,
        flair: edit.flair,
        tags: edit.tags,
        revision: wanted,
    };
    let act = Act::EditPost {
        post: post.id,
        change: Box::new(change),
    };
    let done = acted(&app, &caller, act).await?;
    let response = show(&app, &caller, &HeaderMap::new(), &id, false).await?;
    Ok(replayed(response, done))
}

/// Delete a post
///
/// Its words go, and what they were before; its thread stays. Twice is once.
#[utoipa::path(delete, path = "/posts/{id}", tag = "posts",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It is gone", body = DeletedBody),
        (status = 403, description = "It is somebody else's", body = ProblemBody),
    ))]
async fn delete_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (_, post) = find_post(&app, &app.published.view(), &caller.reader(), &id)?;
    let done = acted(&app, &caller, Act::DeletePost { post: post.id }).await?;
    Ok(deleted("Post deleted", done))
}

/// What a post said before
#[utoipa::path(get, path = "/posts/{id}/history", tag = "posts",
    params(("id" = String, Path, description = "The post's id"), HistoryParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Earlier versions, the newest first", body = HistoryBody)))]
async fn post_history(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(params): Params<HistoryParams>,
) -> Result<Json<HistoryBody>, Problem> {
    let reader = caller.reader();
    let (_, post) = find_post(&app, &app.published.view(), &reader, &id)?;
    let readable = post.visible_to(&reader);
    history(&app, post.id.0, post.revision, readable, &params).await
}

/// Edit a comment
///
/// Its author may. `If-Match` takes the `revision` that was read.
#[utoipa::path(patch, path = "/comments/{id}", tag = "comments",
    params(("id" = String, Path, description = "The comment's id"),
        ("If-Match" = Option<String>, Header, description = "The revision that is changed")),
    request_body = CommentEdit,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "As it is now", body = CommentAnswer),
        (status = 403, description = "It is somebody else's", body = ProblemBody),
        (status = 412, description = "It has changed since", body = ProblemBody),
    ))]
async fn edit_comment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Input(edit): Input<CommentEdit>,
) -> Result<Response, Problem> {
    let reader = caller.reader();
    let comment = find_comment(&app, &app.published.view(), &reader, &id)?.comment;
    let revision = match (edit.revision, condition(&headers)?) {
        (Some(revision), _) | (None, Condition::Revision(revision)) => Some(revision),
        (None, Condition::None) => None,
        (None, Condition::Tag(_)) => return Err(changed()),
    };
    let act = Act::EditComment {
        comment: comment.id,
        text: edit.content,
        revision,
    };
    let done = acted(&app, &caller, act).await?;
    let response = shown(&app, &reader, &HeaderMap::new(), &id, false).await?;
    Ok(replayed(response, done))
}

/// Delete a comment
///
/// Its words go, and what they were before; answers to it stay. Twice is once.
#[utoipa::path(delete, path = "/comments/{id}", tag = "comments",
    params(("id" = String, Path, description = "The comment's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It is gone", body = DeletedBody),
        (status = 403, description = "It is somebody else's", body = ProblemBody),
    ))]
async fn delete_comment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let comment = find_comment(&app, &app.published.view(), &caller.reader(), &id)?.comment;
    let act = Act::DeleteComment {
        comment: comment.id,
    };
    let done = acted(&app, &caller, act).await?;
    Ok(deleted("Comment deleted", done))
}

/// What a comment said before
#[utoipa::path(get, path = "/comments/{id}/history", tag = "comments",
    params(("id" = String, Path, description = "The comment's id"), HistoryParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Earlier versions, the newest first", body = HistoryBody)))]
async fn comment_history(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(params): Params<HistoryParams>,
) -> Result<Json<HistoryBody>, Problem> {
    let reader = caller.reader();
    let view = app.published.view();
    let comment = find_comment(&app, &view, &reader, &id)?.comment;
    let (_, post) = find_post(&app, &view, &reader, &comment.post.to_string())?;
    let in_sight = post.deleted || post.visible_to(&reader);
    let readable = in_sight && comment.readable_by(&reader);
    history(&app, comment.id.0, comment.revision, readable, &params).await
}

async fn history(
    app: &App,
    id: Uuid,
    revision: u32,
    readable: bool,
    params: &HistoryParams,
) -> Result<Json<HistoryBody>, Problem> {
    let list = format!("history/{id}");
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let below = match &params.cursor {
        Some(text) => Cursor::read(text, &list)?.key,
        None => i64::MAX,
    };
    let asked = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let mut rows = match readable {
        true => app
            .store
            .edits_of(id, below, asked)
            .await
            .map_err(unreadable)?,
        false => Vec::new(),
    };
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|last| {
        Cursor {
            list,
            key: last.revision,
            no: 0,
            at_ms: None,
        }
        .write()
    });
    let edits: Vec<EditBody> = rows.into_iter().map(EditBody::from).collect();
    Ok(Json(HistoryBody {
        success: true,
        id,
        revision,
        count: edits.len(),
        edits,
        has_more,
        next_cursor,
    }))
}

/// What a change is bound to.
enum Condition {
    None,
    Revision(u32),
    Tag(axum::http::HeaderValue),
}

/// Reads `If-Match`: a revision in quotes, or an `ETag`.
fn condition(headers: &HeaderMap) -> Result<Condition, Problem> {
    let Some(value) = headers.get(IF_MATCH) else {
        return Ok(Condition::None);
    };
    let text = value.to_str().map_err(|_not_ascii| changed())?.trim();
    if text == "*" {
        return Ok(Condition::None);
    }
    let bare = text.trim_start_matches("W/").trim_matches('"');
    Ok(match bare.parse() {
        Ok(revision) => Condition::Revision(revision),
        Err(_) => Condition::Tag(value.clone()),
    })
}

fn changed() -> Problem {
    Problem::new(
        StatusCode::PRECONDITION_FAILED,
        "changed",
        "It has changed since you looked.",
        "Read it again, and send the revision or ETag you have seen.",
    )
}

/// Does it as the member who calls; whether it was done before.
pub(super) async fn acted(app: &App, caller: &Caller, act: Act) -> Result<bool, Problem> {
    let agent = caller.member(app).await?;
    let command = Command::Act { agent, act };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    Ok(done.replayed)
}

fn deleted(message: &'static str, was_replayed: bool) -> Response {
    let body = DeletedBody {
        success: true,
        message,
    };
    replayed(Json(body).into_response(), was_replayed)
}
