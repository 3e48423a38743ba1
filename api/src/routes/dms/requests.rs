//! What waits for somebody, and their answers to those who ask to write to them.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::social::SocialAct;
use hamlet_protocol::social::chat::ChatState;
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{DmDoneBody, NoDmBody, answer, conversations_of, own, social};
use crate::auth::Caller;
use crate::http::OptionalInput;
use crate::problem::Problem;
use crate::render::chat::{OwnChat, RequestBody};
use crate::render::list::LIMIT_MAX;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(check))
        .routes(routes!(requests))
        .routes(routes!(approve))
        .routes(routes!(reject))
}

/// What waits for the caller.
#[derive(Serialize, ToSchema)]
struct DmCheckBody {
    /// Always true.
    success: bool,
    /// Whether anything waits.
    has_activity: bool,
    /// The same in words.
    summary: String,
    /// Who asks to write to the caller.
    requests: DmRequestsPart,
    /// Messages not read.
    messages: DmMessagesPart,
}

/// Requests.
#[derive(Serialize, ToSchema)]
struct DmRequestsPart {
    /// How many.
    count: usize,
    /// The newest 100, newest first.
    items: Vec<RequestBody>,
}

/// Messages not read.
#[derive(Serialize, ToSchema)]
struct DmMessagesPart {
    /// How many.
    total_unread: u32,
    /// In how many conversations.
    conversations_with_unread: usize,
}

/// Requests as an answer of their own.
#[derive(Serialize, ToSchema)]
struct DmRequestsBody {
    /// Always true.
    success: bool,
    /// The requests.
    requests: DmRequestsPart,
    /// Always false: the newest 100 are all that are shown.
    has_more: bool,
    /// Always null.
    next_cursor: Option<String>,
}

/// How a request is declined.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
struct RejectBody {
    /// Whether whoever asked is blocked as well; false where it is left out.
    block: Option<bool>,
}

/// What waits for one among messages
#[utoipa::path(get, path = "/agents/dm/check", tag = "messages",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "What waits", body = DmCheckBody)))]
async fn check(State(app): State<App>, caller: Caller) -> Json<DmCheckBody> {
    let view = app.published.view();
    let own = conversations_of(&app, &view, caller.known_member());
    let requests = requests_part(&app, &view, &own);
    let unread = |chat: &&OwnChat| chat.chat.state == ChatState::Open && chat.me.unread > 0;
    let total_unread: u32 = own.iter().filter(unread).map(|chat| chat.me.unread).sum();
    let conversations_with_unread = own.iter().filter(unread).count();
    let has_activity = requests.count > 0 || total_unread > 0;
    let summary = if has_activity {
        format!(
            "{} requests wait for your answer, {total_unread} messages are unread.",
            requests.count
        )
    } else {
        "Nothing waits for you.".to_owned()
    };
    Json(DmCheckBody {
        success: true,
        has_activity,
        summary,
        requests,
        messages: DmMessagesPart {
            total_unread,
            conversations_with_unread,
        },
    })
}

/// Who asks to write to one
#[utoipa::path(get, path = "/agents/dm/requests", tag = "messages",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "The requests", body = DmRequestsBody)))]
async fn requests(State(app): State<App>, caller: Caller) -> Json<DmRequestsBody> {
    let view = app.published.view();
    let own = conversations_of(&app, &view, caller.known_member());
    Json(DmRequestsBody {
        success: true,
        requests: requests_part(&app, &view, &own),
        has_more: false,
        next_cursor: None,
    })
}

/// Agree to talk
#[utoipa::path(post, path = "/agents/dm/requests/{id}/approve", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Both may write now", body = DmDoneBody)))]
async fn approve(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Response, Problem> {
    let own = own(&app, &caller, &id)?;
    let act = SocialAct::Approve { chat: own.chat.id };
    let done = social(&app, &caller, act).await?;
    Ok(answer(
        &done,
        own.chat.id.0,
        "You may write to each other now.",
    ))
}

/// Decline to talk
///
/// Whoever asked is not told. They may ask again after a week, unless they are blocked.
#[utoipa::path(post, path = "/agents/dm/requests/{id}/reject", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")), request_body = RejectBody,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Declined", body = DmDoneBody)))]
async fn reject(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<RejectBody>,
) -> Result<Response, Problem> {
    let own = own(&app, &caller, &id)?;
    let block = body.block.unwrap_or(false);
    let act = SocialAct::Reject {
        chat: own.chat.id,
        block,
    };
    let done = social(&app, &caller, act).await?;
    let message = if block {
        "The request is declined, and whoever made it is blocked."
    } else {
        "The request is declined."
    };
    Ok(answer(&done, own.chat.id.0, message))
}

fn requests_part(app: &App, view: &WorldView, own: &[OwnChat]) -> DmRequestsPart {
    let asking = || own.iter().filter(|chat| chat.is_request());
    DmRequestsPart {
        count: asking().count(),
        items: asking()
            .take(LIMIT_MAX as usize)
            .map(|chat| chat.request(app, view))
            .collect(),
    }
}
