//! The way out: request ids, problems completed, measured and logged, once and for every route.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use tracing::Instrument;
use tracing::field::Empty;
use uuid::Uuid;

use crate::metrics::RequestLabels;
use crate::problem::Problem;
use crate::state::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Bytes of a client's own request id that are taken over.
const REQUEST_ID_BYTES_MAX: usize = 128;

/// A part of paths that must not be logged: it opens something.
const SECRET_PART: &str = "{token}";

/// A request's id: the client's own, or one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Gives every request an id, and every answer its last touches.
pub(super) async fn finish<F: Future<Output = Response>>(
    app: &App,
    mut request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response {
    let began = Instant::now();
    let id = request_id(&request);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unknown".to_owned(), |route| route.as_str().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));
    let logged = if route.contains(SECRET_PART) {
        route.clone()
    } else {
        path.clone()
    };
    // Which command it became, where it became one, is filled in when it is answered.
    let span = tracing::info_span!("request", id, %method, route, command = Empty);
    let mut response = next(request).instrument(span.clone()).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = complete(response, &problem, &path, &id);
    } else if is_bare(&response) {
        response = complete_bare(response, &path, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status();
    let took = began.elapsed();
    app.metrics
        .requests
        .get_or_create(&RequestLabels {
            method: method_label(&method),
            route,
            status: class(status),
        })
        .observe(took.as_secs_f64());
    let status = status.as_u16();
    span.in_scope(|| match status {
        500.. => tracing::warn!(path = logged, status, ?took, "a request failed"),
        _ if method.is_safe() => {
            tracing::debug!(path = logged, status, ?took, "a request was answered");
        }
        // Whatever may have changed something can be found in the log.
        _ => tracing::info!(path = logged, status, ?took, "a request was answered"),
    });
    response
}

/// Methods that clients make up do not become labels.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

fn request_id(request: &Request) -> String {
    let own = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=REQUEST_ID_BYTES_MAX).contains(&id.len()));
    own.map_or_else(new_id, ToOwned::to_owned)
}

/// The process' own beginning and a count: no two alike, without asking the system for chance each time. It is for logs, not a secret.
pub(super) fn new_id() -> String {
    static BEGINNING: OnceLock<u64> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let beginning = *BEGINNING.get_or_init(|| {
        let mut bytes = [0; 8];
        // A process without chance still counts.
        getrandom::fill(&mut bytes).ok();
        u64::from_le_bytes(bytes)
    });
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Uuid::from_u64_pair(beginning, count).simple().to_string()
}

/// Fills in what only the way out knows.
fn complete(response: Response, problem: &Problem, path: &str, id: &str) -> Response {
    let (mut parts, _body) = response.into_parts();
    let mut body = problem.body();
    body.instance = Some(path.to_owned());
    body.request_id = Some(id.to_owned());
    let json = Json(body).into_response().into_body();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, json)
}

/// Whether an answer is a refusal that the framework made, with no problem in it.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && response
            .headers()
            .get(CONTENT_TYPE)
            .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

fn complete_bare(response: Response, path: &str, id: &str) -> Response {
    let status = response.status();
    let problem = match status {
        StatusCode::NOT_FOUND => Problem::not_found("path", "All paths are described at /docs."),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(
            status,
            "method_not_allowed",
            "This path does not know this method.",
            "The Allow header says which it knows.",
        ),
        StatusCode::REQUEST_TIMEOUT => Problem::new(
            status,
            "timeout",
            "The request took too long.",
            "Send it faster, or send less.",
        ),
        StatusCode::INTERNAL_SERVER_ERROR => Problem::internal("a handler panicked"),
        _ => Problem::new(
            status,
            "refused",
            status.canonical_reason().unwrap_or("Refused").to_owned() + ".",
            "All operations are described at /docs.",
        ),
    };
    let (old, _body) = response.into_parts();
    let (mut parts, body) = problem.clone().into_response().into_parts();
    for (name, value) in &old.headers {
        if *name != CONTENT_TYPE && *name != CONTENT_LENGTH {
            parts.headers.insert(name.clone(), value.clone());
        }
    }
    parts.extensions.remove::<Problem>();
    complete(Response::from_parts(parts, body), &problem, path, id)
}
