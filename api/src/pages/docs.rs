//! The API to read and to try: Swagger UI, shipped in the binary.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use utoipa_swagger_ui::Config;

use crate::problem::Problem;

/// What the page may do: its own scripts and styles, and calls to this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/// The API to read and to try
#[utoipa::path(get, path = "/docs", tag = "pages", security(()), responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
pub(super) async fn docs() -> Result<Response, Problem> {
    serve("index.html")
}

/// A part of the page at /docs
#[utoipa::path(get, path = "/docs/{file}", tag = "pages", security(()), params(("file" = String, Path, description = "Its name, such as `swagger-ui.css`")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
pub(super) async fn docs_file(Path(file): Path<String>) -> Result<Response, Problem> {
    serve(&file)
}

fn serve(name: &str) -> Result<Response, Problem> {
    let config = Config::from("/openapi.json").try_it_out_enabled(true);
    let file = utoipa_swagger_ui::serve(name, Arc::new(config))
        .map_err(|source| Problem::internal(&format!("the documentation is broken: {source}")))?
        .ok_or_else(|| Problem::not_found("file", "The page is at /docs."))?;
    let mut bytes = file.bytes.into_owned();
    if name == "index.html" {
        // The page names its parts relative to itself, and it is served without a slash at the end.
        let page = String::from_utf8_lossy(&bytes);
        bytes = page
            .replace("\"./", "\"/docs/")
            .replace("href=\"index.css", "href=\"/docs/index.css")
            .into_bytes();
    }
    let kind = HeaderValue::from_str(&file.content_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (CACHE_CONTROL, HeaderValue::from_static("max-age=3600")),
    ];
    Ok((headers, bytes).into_response())
}
