//! Pictures of the map and of its people.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::world::shelf;
use crate::problem::Problem;
use crate::render::encoded::{Caching, answer};
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(world_asset))
}

/// A picture of the map or of its people
///
/// Named by the SHA-256 of what is in it, so it never changes: keep it for ever.
#[utoipa::path(get, path = "/world/assets/{hash}", tag = "world",
    params(("hash" = String, Path, description = "`sha256` of a tileset or a sheet of `GET /world/map`")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The picture", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "You have it"),
    ))]
async fn world_asset(
    State(app): State<App>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let asset = shelf(&app, &view)
        .get(&hash.to_ascii_lowercase())
        .ok_or_else(|| {
            Problem::not_found(
                "picture",
                "GET /api/v1/world/map names the pictures it needs.",
            )
        })?;
    let etag = HeaderValue::from_str(&format!("\"{}\"", hash.to_ascii_lowercase()))
        .map_err(|_never| Problem::internal("a hash is no header value"))?;
    Ok(answer(
        &headers,
        Caching::Immutable,
        &etag,
        asset.kind.clone(),
        asset.bytes.clone(),
    ))
}
