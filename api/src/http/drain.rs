//! Bodies that nobody reads to the end: read and thrown away within bounds, so that a client that is still sending sees why it was refused.
//!
//! Without it the connection would be closed under the client's hands, and it would see a broken pipe instead of its 413.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, EXPECT};
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};

/// Bytes thrown away at most.
const DISCARD_BYTES_MAX: usize = 16 << 20;
/// Time that this may take.
const DISCARD_WITHIN: Duration = Duration::from_secs(5);

/// A body that handlers read, and of which this layer keeps the rest.
struct Tapped(Arc<Mutex<Tap>>);

struct Tap {
    body: Body,
    /// Whether anybody has begun to read: only then a client that waits for `100 Continue` sends.
    begun: bool,
}

impl HttpBody for Tapped {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut tap = lock(&self.0);
        tap.begun = true;
        Pin::new(&mut tap.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.0).body.size_hint()
    }
}

fn lock(tap: &Mutex<Tap>) -> std::sync::MutexGuard<'_, Tap> {
    tap.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads what is left of a request's body before its answer leaves.
pub(super) async fn drain<F: Future<Output = Response>>(
    request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response {
    if request.body().is_end_stream() {
        return next(request).await;
    }
    let waits = request.headers().contains_key(EXPECT);
    let (parts, body) = request.into_parts();
    let tap = Arc::new(Mutex::new(Tap { body, begun: false }));
    let tapped = Body::new(Tapped(Arc::clone(&tap)));
    let mut response = next(Request::from_parts(parts, tapped)).await;
    let (body, begun) = {
        let mut tap = lock(&tap);
        (std::mem::take(&mut tap.body), tap.begun)
    };
    if body.is_end_stream() || (waits && !begun) {
        return response;
    }
    let all = tokio::time::timeout(DISCARD_WITHIN, discard(body)).await;
    if !matches!(all, Ok(true)) {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

/// Whether the whole rest was thrown away.
async fn discard(mut body: Body) -> bool {
    let mut left = DISCARD_BYTES_MAX;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(bytes) else {
            return false;
        };
        left = rest;
    }
    true
}
