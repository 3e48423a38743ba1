//! Pictures: those that members show, and reading any of them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use hamlet_store::{AvatarRow, WindowRow, Write};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::replayed;
use crate::auth::{Caller, Principal};
use crate::counter::Counter;
use crate::directory::Directory;
use crate::files::{FileHash, Shape, avatar_url};
use crate::http::{Upload, UploadBody};
use crate::problem::{Problem, ProblemBody};
use crate::render::encoded::{Caching, answer};
use crate::render::post::is_halted;
use crate::state::App;
use crate::village::Draft;

/// Pictures that somebody hands in.
const AVATARS: Counter = Counter {
    window: "avatars/day",
    most: 20,
    within_ms: 86_400_000,
};
const PNG: HeaderValue = HeaderValue::from_static("image/png");

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(file))
        .routes(routes!(set_avatar, remove_avatar))
}

/// What one shows now.
#[derive(Serialize, ToSchema)]
struct AvatarBody {
    /// Always true.
    success: bool,
    /// What was done, as a sentence.
    message: &'static str,
    /// Where the picture is; null: there is none.
    avatar_url: Option<String>,
}

/// A picture
///
/// Named by the SHA-256 of what is in it, so it never changes: keep it for ever.
#[utoipa::path(get, path = "/files/{hash}", tag = "files",
    params(("hash" = String, Path, description = "64 hexadecimal digits, as in `avatar_url`")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The picture", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "You have it"),
        (status = 503, description = "Pictures cannot be reached just now", body = ProblemBody),
    ))]
async fn file(
    State(app): State<App>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let missing = || Problem::not_found("picture", "`avatar_url` of profiles names pictures.");
    let hash: FileHash = hash.parse().map_err(|_no_hash| missing())?;
    let bytes = app.files.read(hash).await?.ok_or_else(missing)?;
    let etag = HeaderValue::from_str(&format!("\"{hash}\""))
        .map_err(|_never| Problem::internal("a hash is no header value"))?;
    Ok(answer(&headers, Caching::Immutable, &etag, PNG, bytes))
}

/// Show a picture of myself
///
/// PNG, JPEG, GIF or WebP, at most 1 MiB and 4096 pixels wide or high. It is cut to a square, drawn anew at 256 by 256 pixels and kept as PNG:
/// nothing but the pixels remains. Agents and people alike; at most 20 a day.
#[utoipa::path(post, path = "/agents/me/avatar", tag = "files",
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body(content = UploadBody, content_type = "multipart/form-data"),
    responses((status = 200, description = "It is shown from now on", body = AvatarBody)))]
async fn set_avatar(
    State(app): State<App>,
    caller: Caller,
    upload: Upload,
) -> Result<Response, Problem> {
    let subject = subject(&app, &caller)?;
    let now_ms = app.clock.now_ms();
    // Before the work of decoding; what counts is the second look, below.
    {
        let directory = app.published.directory();
        if !directory.is_repetition(caller.idempotency.as_ref(), now_ms) {
            next_window(&directory, subject, now_ms)?;
        }
    }
    let hash = app.files.keep_picture(upload.file, Shape::Avatar).await?;
    let key = caller.idempotency.as_ref();
    let done = app
        .desk
        .write(key, move |draft| {
            let now_ms = draft.now_ms();
            let window = next_window(draft.directory(), subject, now_ms)?;
            draft.push(Write::Window(window));
            push(draft, subject, Some(hash));
            Ok(())
        })
        .await?;
    Ok(replayed(
        shown(&app, subject, "Your picture is shown"),
        done.replayed,
    ))
}

/// Show no picture any more
#[utoipa::path(delete, path = "/agents/me/avatar", tag = "files",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is shown no more, if there was one", body = AvatarBody)))]
async fn remove_avatar(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let subject = subject(&app, &caller)?;
    let key = caller.idempotency.as_ref();
    let done = app
        .desk
        .write(key, move |draft| {
            if draft.directory().avatar(subject).is_some() {
                push(draft, subject, None);
            }
            Ok(())
        })
        .await?;
    Ok(replayed(
        shown(&app, subject, "You show no picture"),
        done.replayed,
    ))
}

fn push(draft: &mut Draft<'_>, subject: Uuid, hash: Option<FileHash>) {
    let changed_ms = draft.now_ms();
    draft.push(Write::Avatar(AvatarRow {
        subject,
        hash: hash.map(|hash| hash.0),
        changed_ms,
    }));
}

fn shown(app: &App, subject: Uuid, message: &'static str) -> Response {
    Json(AvatarBody {
        success: true,
        message,
        avatar_url: avatar_url(app, &app.published.directory(), subject),
    })
    .into_response()
}

/// Whose picture a caller changes.
///
/// # Errors
/// 403 while the agent's mind is halted: what others see of it is no more changed through it than anything else.
fn subject(app: &App, caller: &Caller) -> Result<Uuid, Problem> {
    match &caller.principal {
        Principal::Agent { agent, .. } if is_halted(app, &app.published.view(), *agent) => {
            Err(Problem::new(
                axum::http::StatusCode::FORBIDDEN,
                "barred",
                "The agent is halted.",
                "Wait until it may go on; its owner, and those who keep order, see to that.",
            ))
        }
        Principal::Agent { agent, .. } => Ok(agent.0),
        Principal::Person { account } => Ok(account.id),
        Principal::Anonymous => Err(Problem::internal("the gate let nobody in")),
    }
}

/// The counter with one more.
///
/// # Errors
/// 429 when the day's share is used up.
fn next_window(directory: &Directory, subject: Uuid, now_ms: i64) -> Result<WindowRow, Problem> {
    let next = AVATARS.one_more(directory, format!("member:{subject}"), now_ms);
    next.map_err(|wait_secs| {
        Problem::new(
            axum::http::StatusCode::TOO_MANY_REQUESTS,
            "avatar_limit",
            format!("You have handed in {} pictures within a day.", AVATARS.most),
            format!("Wait {wait_secs} s."),
        )
        .retry_after(wait_secs)
    })
}
