//! The world for everybody to look at.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hamlet_protocol::ids::LandmarkId;
use hamlet_protocol::view::WorldView;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::Named;
use crate::problem::Problem;
use crate::render::assets::AssetShelf;
use crate::render::encoded::{Caching, Encoded};
use crate::render::map::MapBody;
use crate::render::place::both;
use crate::render::world::WorldBody;
use crate::state::App;

/// The kind of landmark that means one's own.
const HOME: &str = "home";

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(world))
        .routes(routes!(world_map))
}

/// The town as it is now
///
/// Time, size, landmarks, zones and everybody in it. Of a crowd of more than 10 000 only so many are listed; watch `/ws/world` with a region then.
/// Ask again with `If-None-Match` and get 304 where nothing has happened.
#[utoipa::path(get, path = "/world", tag = "world",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The town as it is now", body = WorldBody, headers(("ETag" = String, description = "Of this state"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn world(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let view = app.published.view();
    let body = app.renderings.world.body(&app.scenario.name, &view)?;
    Ok(body.answer(&headers, Caching::Shared))
}

/// The map
///
/// Layers, tilesets, blocked tiles, landmarks and zones. It never changes while the village lives.
#[utoipa::path(get, path = "/world/map", tag = "world",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The map", body = MapBody, headers(("ETag" = String, description = "Of this map"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn world_map(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(map) = app.renderings.map.get() {
        return Ok(map.answer(&headers, Caching::Shared));
    }
    let view = app.published.view();
    let map = Encoded::json(&MapBody::of(&view, shelf(&app, &view)))?;
    Ok(app
        .renderings
        .map
        .get_or_init(|| map)
        .answer(&headers, Caching::Shared))
}

/// Files of the map's tilesets.
pub(crate) fn shelf<'a>(app: &'a App, view: &WorldView) -> &'a AssetShelf {
    let shelf = &app.renderings.assets;
    shelf.get_or_init(|| AssetShelf::of(&view.map, &app.scenario.map, &*app.assets))
}

/// The landmark an agent means: by id, by name or by kind, without regard to case. Of several of a kind the nearest that is open,
/// or else the nearest; `home` is one's own.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn find_landmark(
    view: &WorldView,
    wanted: &str,
    me: &Named,
) -> Result<LandmarkId, Problem> {
    landmark(view, wanted, me)
        .ok_or_else(|| Problem::not_found("landmark", "GET /api/v1/world lists the landmarks."))
}

fn landmark(view: &WorldView, wanted: &str, me: &Named) -> Option<LandmarkId> {
    if let Ok(id) = wanted.parse::<Uuid>() {
        let id = LandmarkId(id);
        return view.landmarks.iter().any(|it| it.id == id).then_some(id);
    }
    let wanted = wanted.trim().to_lowercase();
    let named = both(view).find(|(place, _)| place.name.to_lowercase() == wanted);
    if let Some((_, now)) = named {
        return Some(now.id);
    }
    let kind = wanted.replace([' ', '-'], "_");
    let home = me.agent.home.filter(|_| kind == HOME);
    let nearest = || {
        both(view)
            .filter(|(place, _)| place.kind.as_str() == kind)
            .min_by_key(|(place, now)| (!now.open, place.entrance.manhattan(me.body.at)))
            .map(|(_, now)| now.id)
    };
    home.or_else(nearest)
}
