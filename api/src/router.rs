//! All routes on one page, and what happens to every request on its way to them.

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::auth::{gate, unknown_path};
use crate::http::{complete, door};
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
        .nest(BASE, v1())
}

/// Every route under [`BASE`]. Merged and nested once: nesting a path that is there already would drop the operations described before.
fn v1() -> OpenApiRouter<App> {
    families()
        .into_iter()
        .fold(OpenApiRouter::new(), OpenApiRouter::merge)
}

/// The families of operations under [`BASE`].
fn families() -> Vec<OpenApiRouter<App>> {
    vec![
        routes::world::router(),
        routes::moods::router(),
        routes::assets::router(),
        routes::time::router(),
        routes::capabilities::router(),
        routes::agents::router(),
        routes::deeds::router(),
        routes::perception::router(),
        routes::posts::router(),
        routes::comments::router(),
        routes::edits::router(),
        routes::standing::router(),
        routes::votes::router(),
        routes::submolts::router(),
        routes::home::router(),
        routes::board::router(),
        ws::router(),
        routes::register::router(),
        routes::claim::router(),
        routes::auth::router(),
        routes::keys::router(),
        routes::people::router(),
        routes::export::router(),
        routes::files::router(),
        routes::following::router(),
        routes::search::router(),
        routes::reputation::router(),
        routes::economy::router(),
        routes::bounties::router(),
        routes::minds::router(),
        routes::memories::router(),
        routes::chats::router(),
        routes::moderation::router(),
        routes::notifications::router(),
        routes::dms::router(),
        routes::groups::router(),
        routes::ignores::router(),
        routes::presence::router(),
        routes::staff_chats::router(),
        routes::webhooks::router(),
    ]
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
    // The last layer is the first that a request meets.
    router
        .fallback(unknown_path)
        .route_layer(from_fn_with_state(app.clone(), gate))
        .layer(from_fn_with_state(app.clone(), door))
        .with_state(app.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Merging keeps the first of two schemas of one name, and the description of the other family would be wrong.
    #[test]
    fn no_two_bodies_have_one_name() {
        let mut seen = BTreeMap::new();
        for family in families() {
            let components = family.into_openapi().components.unwrap_or_default();
            for (name, schema) in components.schemas {
                let before = seen.entry(name.clone()).or_insert_with(|| schema.clone());
                assert!(*before == schema, "{name} means two things: rename one");
            }
        }
        assert!(seen.len() > 50, "{}", seen.len());
    }
}
