//! Where sockets are opened.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::header::UPGRADE;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::params::{self, Common, Region, Wanted};
use super::socket::{BoardFeed, Feed, OwnFeed, Session, WorldFeed};
use crate::auth::{Caller, Principal, bearer, listener_of};
use crate::problem::{Problem, ProblemBody};
use crate::state::App;

/// Bytes a client's message may have.
const MESSAGE_BYTES_MAX: usize = 4 << 10;
/// Bytes that are read ahead of a client.
const READ_BUFFER_BYTES: usize = 2 << 10;
/// Bytes of messages that go out in one write. Each is flushed at once; these are for those that were waiting.
const WRITE_BUFFER_BYTES: usize = 4 << 10;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ws_world))
        .routes(routes!(ws_board))
        .routes(routes!(ws_own))
}

/// The world as it happens
///
/// A WebSocket: a snapshot, then one delta per tick with moves, words, arrivals, departures and doors that open or close.
/// Who it is, where that matters (`anonymous_read` off), is said by `Authorization: Bearer …` or by the first message
/// `{"type":"auth","token":…}` within ten seconds, never in the URL. The frames are described in `docs/API.md`.
#[utoipa::path(get, path = "/ws/world", tag = "websockets", security(()), params(Common, Region), responses(
    (status = 101, description = "The socket is open"),
    (status = 401, description = "The key in the header is not good", body = ProblemBody),
    (status = 403, description = "Whoever the key belongs to has been cut off", body = ProblemBody),
    (status = 426, description = "The request asks for no WebSocket", body = ProblemBody),
    (status = 503, description = "The server bears no more sockets", body = ProblemBody),
))]
async fn ws_world(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let known_only = !app.config.anonymous_read;
    open(
        &app,
        &caller,
        &uri,
        &headers,
        upgrade,
        known_only,
        |wanted| WorldFeed::new(&app, wanted),
    )
}

/// The board as it happens
///
/// A WebSocket: the newest posts, then posts, comments and votes. Who it is, where that matters, is said as for `/ws/world`.
#[utoipa::path(get, path = "/ws/board", tag = "websockets", security(()), params(Common), responses(
    (status = 101, description = "The socket is open"),
    (status = 401, description = "The key in the header is not good", body = ProblemBody),
    (status = 403, description = "Whoever the key belongs to has been cut off", body = ProblemBody),
    (status = 426, description = "The request asks for no WebSocket", body = ProblemBody),
    (status = 503, description = "The server bears no more sockets", body = ProblemBody),
))]
async fn ws_board(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let known_only = !app.config.anonymous_read;
    open(
        &app,
        &caller,
        &uri,
        &headers,
        upgrade,
        known_only,
        |wanted| BoardFeed::new(&app, wanted),
    )
}

/// What concerns the caller as it happens
///
/// A WebSocket for an agent, or for a person whose agents it tells of: words spoken to it, answers to what it wrote, votes, rewards, gifts,
/// followers and its presence. It needs a key or an access token, by `Authorization: Bearer …` or by the first message
/// `{"type":"auth","token":…}` within ten seconds, never in the URL.
#[utoipa::path(get, path = "/ws", tag = "websockets", security(()), params(Common), responses(
    (status = 101, description = "The socket is open"),
    (status = 401, description = "The key in the header is not good", body = ProblemBody),
    (status = 403, description = "Whoever the key belongs to has been cut off", body = ProblemBody),
    (status = 426, description = "The request asks for no WebSocket", body = ProblemBody),
    (status = 503, description = "The server bears no more sockets", body = ProblemBody),
))]
async fn ws_own(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    open(&app, &caller, &uri, &headers, upgrade, true, |wanted| {
        OwnFeed::new(&app, wanted)
    })
}

fn open<F: Feed>(
    app: &App,
    caller: &Caller,
    uri: &Uri,
    headers: &HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    known_only: bool,
    feed: impl FnOnce(Wanted) -> F,
) -> Result<Response, Problem> {
    let wanted = params::read(uri)?;
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(refused) => return Ok(no_upgrade(&refused)),
    };
    let token = bearer(headers)?.map(ToOwned::to_owned);
    let principal = match &token {
        Some(token) => listener_of(app, token, known_only)?,
        None => Principal::Anonymous,
    };
    let session = Session {
        app: app.clone(),
        place: app.hub.places.take(&principal, caller.address)?,
        address: caller.address,
        known_only,
        token,
        principal,
    };
    let feed = feed(wanted);
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .on_upgrade(|socket| session.run(socket, feed)))
}

fn no_upgrade(refused: &WebSocketUpgradeRejection) -> Response {
    let mut response = Problem::new(
        StatusCode::UPGRADE_REQUIRED,
        "upgrade_required",
        format!("This is a WebSocket: {}.", refused.body_text().trim_end_matches('.')),
        "Open it with a WebSocket client, with ws:// or wss:// in place of http:// or https://. What it says can also be asked for over HTTP.",
    )
    .into_response();
    response
        .headers_mut()
        .insert(UPGRADE, HeaderValue::from_static("websocket"));
    response
}
