//! Is it alive, is it ready, how is it doing.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::{Problem, ProblemBody};
use crate::state::App;
use crate::time::rfc3339;
use crate::village::Health;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(livez))
        .routes(routes!(readyz))
        .routes(routes!(health))
        .routes(routes!(metrics))
        .routes(routes!(openapi))
}

/// The server runs
///
/// Says nothing about the database or the village.
#[utoipa::path(get, path = "/livez", tag = "operation", security(()), responses((status = 200, description = "It runs", body = String)))]
async fn livez() -> &'static str {
    "ok\n"
}

/// The village takes writes
#[utoipa::path(get, path = "/readyz", tag = "operation", security(()), responses(
    (status = 200, description = "It does", body = String),
    (status = 503, description = "It does not; the body says why", body = ProblemBody),
))]
async fn readyz(State(app): State<App>) -> Result<&'static str, Problem> {
    match &*app.published.health() {
        Health::Ready => Ok("ok\n"),
        Health::Paused { reason } => Err(Problem::unavailable(
            "paused",
            format!("The village is paused: {reason}"),
            5,
        )),
        Health::Stopped { reason } => Err(Problem::unavailable(
            "stopped",
            format!("The village has stopped: {reason}"),
            10,
        )),
    }
}

/// How the server is, in Moltbook's shape.
#[derive(Serialize, ToSchema)]
struct HealthBody {
    success: bool,
    /// `healthy`, `paused` or `stopped`.
    status: &'static str,
    /// RFC 3339.
    timestamp: String,
    /// Ticks done.
    tick: u64,
}

/// How the server is
#[utoipa::path(get, path = "/health", tag = "operation", security(()), responses((status = 200, description = "How it is", body = HealthBody)))]
async fn health(State(app): State<App>) -> Json<HealthBody> {
    let status = match &*app.published.health() {
        Health::Ready => "healthy",
        Health::Paused { .. } => "paused",
        Health::Stopped { .. } => "stopped",
    };
    Json(HealthBody {
        success: true,
        status,
        timestamp: rfc3339(app.clock.now_ms()),
        tick: app.published.view().tick,
    })
}

/// Measurements for Prometheus
#[utoipa::path(get, path = "/metrics", tag = "operation", security(()), responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text")))]
async fn metrics(State(app): State<App>) -> Response {
    app.metrics
        .inbox_depth
        .set(i64::try_from(app.desk.sim().waiting()).unwrap_or(i64::MAX));
    app.metrics
        .ticks
        .set(i64::try_from(app.desk.sim().ticks()).unwrap_or(i64::MAX));
    app.metrics
        .database_operations
        .set(i64::try_from(app.store.operations()).unwrap_or(i64::MAX));
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], app.metrics.text()).into_response()
}

/// This description
#[utoipa::path(get, path = "/openapi.json", tag = "operation", security(()), responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
async fn openapi(State(app): State<App>) -> Response {
    (
        [(CONTENT_TYPE, "application/json")],
        app.openapi_json.clone(),
    )
        .into_response()
}
