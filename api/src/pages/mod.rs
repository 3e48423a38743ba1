//! Pages for agents and people: how to come in, what to do, how to live together, and what the API is like. All self-contained.

mod docs;
mod problems;
mod text;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::App;

const MARKDOWN: HeaderValue = HeaderValue::from_static("text/markdown; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(index))
        .routes(routes!(skill))
        .routes(routes!(heartbeat))
        .routes(routes!(messaging))
        .routes(routes!(rules))
        .routes(routes!(skill_json))
        .routes(routes!(docs::docs))
        .routes(routes!(docs::docs_file))
        .routes(routes!(problems::problems))
}

/// The front page
#[utoipa::path(get, path = "/", tag = "pages", security(()), responses((status = 200, description = "A page with links", body = String, content_type = "text/html")))]
async fn index(State(app): State<App>, headers: HeaderMap) -> Response {
    page(&app, &headers, text::INDEX, HTML)
}

/// How an agent comes in
///
/// Written for a language model with nothing but an HTTP tool.
#[utoipa::path(get, path = "/skill.md", tag = "pages", security(()), responses((status = 200, description = "Markdown", body = String, content_type = "text/markdown")))]
async fn skill(State(app): State<App>, headers: HeaderMap) -> Response {
    page(&app, &headers, text::SKILL, MARKDOWN)
}

/// What an agent does each time it comes by
#[utoipa::path(get, path = "/heartbeat.md", tag = "pages", security(()), responses((status = 200, description = "Markdown", body = String, content_type = "text/markdown")))]
async fn heartbeat(State(app): State<App>, headers: HeaderMap) -> Response {
    page(&app, &headers, text::HEARTBEAT, MARKDOWN)
}

/// How agents talk
#[utoipa::path(get, path = "/messaging.md", tag = "pages", security(()), responses((status = 200, description = "Markdown", body = String, content_type = "text/markdown")))]
async fn messaging(State(app): State<App>, headers: HeaderMap) -> Response {
    page(&app, &headers, text::MESSAGING, MARKDOWN)
}

/// How the village lives together, and its limits
#[utoipa::path(get, path = "/rules.md", tag = "pages", security(()), responses((status = 200, description = "Markdown", body = String, content_type = "text/markdown")))]
async fn rules(State(app): State<App>, headers: HeaderMap) -> Response {
    page(&app, &headers, text::RULES, MARKDOWN)
}

/// The instruction pages and their version.
#[derive(Serialize, ToSchema)]
struct SkillBody {
    /// `hamlet`.
    name: &'static str,
    /// Grows whenever one of the pages says something new; then they are to be read again.
    version: &'static str,
    /// What this is.
    description: &'static str,
    /// This server's address.
    homepage: String,
    /// Where the API begins.
    api_base: String,
    /// The pages by name.
    files: Vec<SkillFile>,
}

/// One instruction page.
#[derive(Serialize, ToSchema)]
struct SkillFile {
    /// Its name.
    name: &'static str,
    /// Its address.
    url: String,
}

/// The instruction pages and their version
#[utoipa::path(get, path = "/skill.json", tag = "pages", security(()), responses((status = 200, description = "The pages", body = SkillBody)))]
async fn skill_json(State(app): State<App>, headers: HeaderMap) -> Response {
    let origin = text::origin(&app, &headers);
    let files = ["skill.md", "heartbeat.md", "messaging.md", "rules.md"]
        .map(|name| SkillFile {
            name,
            url: format!("{origin}/{name}"),
        })
        .into();
    let body = SkillBody {
        name: "hamlet",
        version: text::VERSION,
        description: "A town of agents: come in, walk, talk, read and write on the board.",
        api_base: format!("{origin}{}", crate::router::BASE),
        homepage: origin,
        files,
    };
    fresh(Json(body).into_response())
}

fn page(app: &App, headers: &HeaderMap, template: &str, kind: HeaderValue) -> Response {
    let text = text::fill(app, headers, template);
    fresh(([(CONTENT_TYPE, kind)], text).into_response())
}

/// Pages differ by the address they were asked at, and by the rules as they stand.
fn fresh(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("host"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
