//! Reading what a client sends, with refusals that say what to do.

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use crate::problem::Problem;
use crate::state::App;

/// Bytes of a statement of accounts: its ten thousand rows have room.
const STATEMENT_BYTES_MAX: usize = 4 << 20;

/// A JSON body that must be there.
#[derive(Clone, Copy, Debug)]
pub struct Input<T>(pub T);

/// A JSON body that may be missing, empty or `null`, as some of Moltbook's clients send it; then it is `T::default()`.
#[derive(Clone, Copy, Debug)]
pub struct OptionalInput<T>(pub T);

/// Parameters of the query.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let body = read(request, app).await?;
        if body.bytes.is_empty() {
            return Err(Problem::invalid(
                "The request has no body.",
                "Send a JSON object.",
            ));
        }
        body.parse().map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<App> for OptionalInput<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let body = read(request, app).await?;
        if body.bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        body.parse::<Option<T>>()
            .map(|given| Self(given.unwrap_or_default()))
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(params)| Self(params))
            .map_err(|refused| {
                Problem::invalid(
                    format!(
                        "A parameter of the query makes no sense: {}.",
                        refused.body_text()
                    ),
                    "The parameters of each path are described at /docs.",
                )
            })
    }
}

struct Received {
    json: bool,
    bytes: Bytes,
}

async fn read(request: Request, app: &App) -> Result<Received, Problem> {
    let json = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_none_or(|value| {
            let kind = value.split(';').next().unwrap_or(value).trim();
            kind.eq_ignore_ascii_case("application/json") || kind.ends_with("+json")
        });
    let max = bytes_max(app, request.uri());
    let bytes = whole(request.into_body(), max).await?;
    Ok(Received { json, bytes })
}

/// Bytes of a body with JSON: as configured, but for statements of accounts, which programs write and are long.
pub(super) fn bytes_max(app: &App, uri: &Uri) -> usize {
    let usual = app.config.body_bytes_max;
    if uri.path().ends_with("/economy/deposits/reconcile") {
        usual.max(STATEMENT_BYTES_MAX)
    } else {
        usual
    }
}

/// A whole body.
///
/// # Errors
/// 413 when it has more than `max` bytes, 400 when it breaks off.
pub(super) async fn whole(body: Body, max: usize) -> Result<Bytes, Problem> {
    if body.size_hint().lower() > max as u64 {
        return Err(too_large(max));
    }
    to_bytes(body, max).await.map_err(|source| {
        if source.into_inner().is::<LengthLimitError>() {
            return too_large(max);
        }
        Problem::invalid(
            "The body broke off or makes no sense.",
            "Send as many bytes as Content-Length says, or whole chunks.",
        )
    })
}

impl Received {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        if !self.json {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "The body is not JSON.",
                "Send JSON with `Content-Type: application/json`.",
            ));
        }
        serde_json::from_slice(&self.bytes).map_err(|source| {
            let (code, status) = if source.is_data() {
                ("invalid", StatusCode::UNPROCESSABLE_ENTITY)
            } else {
                ("malformed_json", StatusCode::BAD_REQUEST)
            };
            Problem::new(
                status,
                code,
                format!("The body makes no sense: {source}."),
                "The body of each operation is described at /docs.",
            )
        })
    }
}

fn too_large(max: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("The body has more than {max} bytes."),
        "Send less.",
    )
}
