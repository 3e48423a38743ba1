//! How posts stand: open, closed, resolved, moderated; pinned; locked.
//!
//! Authors and collaborators open, close and resolve their posts; those who keep order in a community, and staff everywhere, do the rest.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::board::{PostSetting, PostView, Status};
use hamlet_protocol::command::Command;
use hamlet_protocol::ids::PostId;
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Subject};
use hamlet_store::Role;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::edits::acted;
use super::moderation::{ask, moderator};
use super::posts::find_post;
use super::replayed;
use crate::auth::Caller;
use crate::http::{Input, OptionalInput};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;

/// Why something was done by whoever gave no reason.
const NO_REASON: &str = "No reason was given.";
/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 500;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pin, unpin))
        .routes(routes!(lock, unlock))
        .routes(routes!(set_status))
        .routes(routes!(moderate))
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NoBody {}

/// How a post shall stand.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StatusWord {
    /// Under way.
    Open,
    /// Nobody comments any more.
    Closed,
    /// Done; comments are still taken.
    Resolved,
    /// Out of sight.
    Moderated,
}

/// How a post shall stand.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct PostStatusBody {
    /// Which status.
    #[schema(inline)]
    status: StatusWord,
}

/// What is done about a note.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ActionWord {
    /// It comes first.
    Pin,
    /// It no longer does.
    Unpin,
    /// Nobody comments.
    Lock,
    /// Everybody may comment again.
    Unlock,
    /// It goes out of sight.
    Remove,
    /// It is in sight again.
    Restore,
    /// It is over.
    Close,
    /// It is done.
    Resolve,
    /// It is under way again.
    Reopen,
}

/// What is done about a note, and why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct ModerateNoteBody {
    /// What.
    #[schema(inline)]
    action: ActionWord,
    /// Why; it stands in the audit log, and its author reads it.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// How a post stands now.
#[derive(Serialize, ToSchema)]
struct PostStandingBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: &'static str,
    /// Which post.
    id: Uuid,
    /// `open`, `closed`, `resolved` or `moderated`.
    status: &'static str,
    /// Whether it comes first in its community.
    is_pinned: bool,
    /// Whether nobody may comment.
    is_locked: bool,
}

/// Pin a post
///
/// At most five of a community come first.
#[utoipa::path(post, path = "/posts/{id}/pin", tag = "posts",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It comes first", body = PostStandingBody),
        (status = 403, description = "Not yours to set", body = ProblemBody),
    ))]
async fn pin(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    set(&app, &caller, &id, PostSetting::Pinned(true), None).await
}

/// Unpin a post
#[utoipa::path(delete, path = "/posts/{id}/pin", tag = "posts",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It comes first no longer", body = PostStandingBody),
        (status = 403, description = "Not yours to set", body = ProblemBody),
    ))]
async fn unpin(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    set(&app, &caller, &id, PostSetting::Pinned(false), None).await
}

/// Lock a post
#[utoipa::path(post, path = "/posts/{id}/lock", tag = "posts",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Nobody comments", body = PostStandingBody),
        (status = 403, description = "Not yours to set", body = ProblemBody),
    ))]
async fn lock(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    set(&app, &caller, &id, PostSetting::Locked(true), None).await
}

/// Unlock a post
#[utoipa::path(delete, path = "/posts/{id}/lock", tag = "posts",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Everybody may comment again", body = PostStandingBody),
        (status = 403, description = "Not yours to set", body = ProblemBody),
    ))]
async fn unlock(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    set(&app, &caller, &id, PostSetting::Locked(false), None).await
}

/// Open, close or resolve a post
///
/// Closed posts take no comments, resolved ones still do. `moderated` is for those who keep order: the post goes out of sight.
#[utoipa::path(post, path = "/posts/{id}/status", tag = "posts",
    params(("id" = String, Path, description = "The post's id")),
    request_body = PostStatusBody,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "So it stands", body = PostStandingBody),
        (status = 403, description = "Not yours to set", body = ProblemBody),
    ))]
async fn set_status(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<PostStatusBody>,
) -> Result<Response, Problem> {
    let status = match body.status {
        StatusWord::Open => Status::Open,
        StatusWord::Closed => Status::Closed,
        StatusWord::Resolved => Status::Resolved,
        StatusWord::Moderated => Status::Moderated,
    };
    set(&app, &caller, &id, PostSetting::Status(status), None).await
}

/// Keep order on the town's board
#[utoipa::path(post, path = "/board/posts/{id}/moderate", tag = "board",
    params(("id" = String, Path, description = "The post's id")),
    request_body = ModerateNoteBody,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Done", body = PostStandingBody),
        (status = 403, description = "Not yours to set", body = ProblemBody),
    ))]
async fn moderate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(body): Input<ModerateNoteBody>,
) -> Result<Response, Problem> {
    let setting = match body.action {
        ActionWord::Pin => PostSetting::Pinned(true),
        ActionWord::Unpin => PostSetting::Pinned(false),
        ActionWord::Lock => PostSetting::Locked(true),
        ActionWord::Unlock => PostSetting::Locked(false),
        ActionWord::Remove => PostSetting::Status(Status::Moderated),
        ActionWord::Restore | ActionWord::Reopen => PostSetting::Status(Status::Open),
        ActionWord::Close => PostSetting::Status(Status::Closed),
        ActionWord::Resolve => PostSetting::Status(Status::Resolved),
    };
    let reason = body.reason.unwrap_or_default();
    if reason.chars().count() > REASON_CHARS_MAX {
        return Err(Problem::invalid(
            "The reason is too long.",
            format!("Say it in {REASON_CHARS_MAX} characters."),
        ));
    }
    set(&app, &caller, &id, setting, Some(reason)).await
}

/// Whoever wrote it opens, closes and resolves it; what keeps order is a measure, which is audited, told to the author and can be appealed.
async fn set(
    app: &App,
    caller: &Caller,
    id: &str,
    setting: PostSetting,
    reason: Option<String>,
) -> Result<Response, Problem> {
    let reader = caller.reader();
    let (no, post) = find_post(app, &app.published.view(), &reader, id)?;
    let was_replayed = match measure_of(&post, setting) {
        Some(kind) => keep_order(app, caller, post.id, kind, reason).await?,
        None if post.is_of(&reader) => {
            let act = Act::SetPost {
                post: post.id,
                set: setting,
            };
            acted(app, caller, act).await?
        }
        None => set_for_others(app, caller, post.id, setting, reason).await?,
    };
    let view = app.published.view();
    let now = view.posts.get(no as usize).unwrap_or(&post);
    let body = PostStandingBody {
        success: true,
        message: match setting {
            PostSetting::Pinned(true) => "Post pinned",
            PostSetting::Pinned(false) => "Post unpinned",
            PostSetting::Locked(true) => "Post locked",
            PostSetting::Locked(false) => "Post unlocked",
            PostSetting::Status(_) => "Status set",
        },
        id: post.id.0,
        status: now.status.as_str(),
        is_pinned: now.pinned,
        is_locked: now.locked,
    };
    Ok(replayed(Json(body).into_response(), was_replayed))
}

/// The measure that a setting is, where it is one.
fn measure_of(post: &PostView, setting: PostSetting) -> Option<MeasureKind> {
    let is_hidden = post.status == Status::Moderated;
    Some(match setting {
        PostSetting::Status(Status::Moderated) => MeasureKind::Remove,
        PostSetting::Status(Status::Open) if is_hidden => MeasureKind::Restore,
        PostSetting::Status(_) => return None,
        PostSetting::Locked(true) => MeasureKind::Lock,
        PostSetting::Locked(false) => MeasureKind::Unlock,
        PostSetting::Pinned(true) => MeasureKind::Pin,
        PostSetting::Pinned(false) => MeasureKind::Unpin,
    })
}

/// Takes a measure; whether it was taken before by the same request.
async fn keep_order(
    app: &App,
    caller: &Caller,
    post: PostId,
    kind: MeasureKind,
    reason: Option<String>,
) -> Result<bool, Problem> {
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let command = ModerationCommand::Take(Measure {
        by: moderator(app, caller).await?,
        kind,
        subject: Subject::Post(post),
        submolt: None,
        until_ms: None,
        reason: reason.unwrap_or_else(|| NO_REASON.to_owned()),
    });
    let done = ask(app, caller, "moderate", format!("post:{post}"), command).await?;
    Ok(done.replayed)
}

/// Opens, closes or resolves somebody else's post, and writes into the audit log who did.
async fn set_for_others(
    app: &App,
    caller: &Caller,
    post: PostId,
    setting: PostSetting,
    reason: Option<String>,
) -> Result<bool, Problem> {
    let command = if caller.has_role(Role::Moderator) {
        Command::SetPost {
            by: caller.known_member(),
            post,
            set: setting,
        }
    } else {
        Command::Act {
            agent: caller.member(app).await?,
            act: Act::SetPost { post, set: setting },
        }
    };
    let actor = caller.audit_name();
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, move |_, draft| {
        let detail = json!({ "set": setting, "reason": reason });
        draft.audit(&actor, "post.set", &format!("post:{post}"), &detail);
    });
    Ok(done.await?.replayed)
}
