//! What every answer has, whatever its route: `OPTIONS` answered, and headers that keep browsers from guessing.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::problem::Problem;

/// What a page may do that says nothing else: show itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Gives every answer its manners.
pub(super) async fn manners<F: Future<Output = Response>>(
    request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response {
    let asks_options = request.method() == Method::OPTIONS;
    let mut response = next(request).await;
    if asks_options && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        answer_options(&mut response);
    }
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("no-referrer"));
    if is_page {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(POLICY);
    }
    response
}

/// The router knows which methods a path has, and tells them in `Allow` on its way out; `OPTIONS` asks for nothing else.
fn answer_options(response: &mut Response) {
    *response.status_mut() = StatusCode::NO_CONTENT;
    *response.body_mut() = Body::empty();
    // Or else the way out would tell the refusal after all.
    response.extensions_mut().remove::<Problem>();
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
}
