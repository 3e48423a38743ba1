//! The one way in and out: what happens to every request and answer, in one layer.
//!
//! A stack of layers would copy itself for each of them, for every request: this is the same as plain calls, each around the next.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::cors::cors;
use super::drain::drain;
use super::finish::finish;
use super::idempotency::read_idempotency;
use super::manners::manners;
use super::peer::peer;
use crate::state::App;

/// Leads a request in and its answer out. The first that a request meets is the last that its answer does.
pub async fn door(State(app): State<App>, request: Request, next: Next) -> Response {
    let app = &app;
    let handled = move |request| read_idempotency(app, request, move |request| next.run(request));
    let bounded = move |request| bound(app, handled(request));
    let drained = move |request| drain(request, bounded);
    let allowed = move |request| cors(app, peer(app, request), drained);
    let mannered = move |request| manners(request, allowed);
    finish(app, request, mannered).await
}

/// Gives the work its time, and makes an answer of a panic: one request's fault is not the server's end.
async fn bound(app: &App, work: impl Future<Output = Response>) -> Response {
    let timeout = Duration::from_secs(app.config.request_timeout_secs);
    let timed = tokio::time::timeout(timeout, work);
    match AssertUnwindSafe(timed).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(_elapsed)) => StatusCode::REQUEST_TIMEOUT.into_response(),
        Err(panic) => {
            tracing::error!(panic = said(&*panic), "a handler panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it left no words")
}
