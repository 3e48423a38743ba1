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
        .nest(BASE, routes::world::router())
        .nest(BASE, routes::assets::router())
        .nest(BASE, routes::time::router())
        .nest(BASE, routes::capabilities::router())
        .nest(BASE, routes::agents::router())
        .nest(BASE, routes::deeds::router())
        .nest(BASE, routes::perception::router())
        .nest(BASE, routes::posts::router())
        .nest(BASE, routes::comments::router())
        .nest(BASE, routes::votes::router())
        .nest(BASE, routes::submolts::router())
        .nest(BASE, routes::board::router())
        .nest(BASE, ws::router())
        .merge(routes::claim::pages())
        .nest(BASE, routes::register::router())
        .nest(BASE, routes::claim::router())
        .nest(BASE, routes::auth::router())
        .nest(BASE, routes::keys::router())
        .nest(BASE, routes::people::router())
        .nest(BASE, routes::moderation::router())
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
