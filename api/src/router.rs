//! All routes on one page, and what happens to every request on its way to them.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::auth::gate;
use crate::http::{complete, cors, drain, finish, manners, peer, read_idempotency};
use crate::openapi;
use crate::pages;
use crate::routes;
use crate::state::App;
use crate::ws;

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Every route with its description.
fn all() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(routes::operation::router())
        .merge(pages::router())
        .merge(routes::claim::pages())
        .nest(BASE, families())
}

/// What lies under [`BASE`]. Merged first and nested once: nesting one by one, a path of two families would lose the description of the first.
fn families() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(routes::world::router())
        .merge(routes::assets::router())
        .merge(routes::time::router())
        .merge(routes::capabilities::router())
        .merge(routes::agents::router())
        .merge(routes::deeds::router())
        .merge(routes::perception::router())
        .merge(routes::posts::router())
        .merge(routes::comments::router())
        .merge(routes::votes::router())
        .merge(routes::submolts::router())
        .merge(routes::board::router())
        .merge(ws::router())
        .merge(routes::register::router())
        .merge(routes::claim::router())
        .merge(routes::auth::router())
        .merge(routes::keys::router())
        .merge(routes::people::router())
        .merge(routes::moderation::router())
}

/// The API's description, from its handlers.
#[must_use]
pub fn description() -> OpenApi {
    let mut api = all().into_openapi();
    complete(&mut api);
    api
}

/// The router that serves a village.
pub fn router(app: &App) -> Router {
    let (router, _description) = all().split_for_parts();
    let timeout = Duration::from_secs(app.config.request_timeout_secs);
    // The last layer is the first that a request meets.
    router
        .route_layer(from_fn_with_state(app.clone(), gate))
        .layer(from_fn_with_state(app.clone(), read_idempotency))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            timeout,
        ))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(drain))
        .layer(from_fn_with_state(app.clone(), peer))
        .layer(from_fn_with_state(app.clone(), cors))
        .layer(from_fn(manners))
        .layer(from_fn_with_state(app.clone(), finish))
        .with_state(app.clone())
}
