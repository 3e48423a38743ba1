//! Everything that is kept of a person, record by record.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::try_unfold;
use hamlet_store::{Kept, StoreError, Whose};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Caller;
use crate::identity::Refusals;
use crate::problem::Problem;
use crate::state::App;

/// Records that are read at once.
const PAGE: u32 = 500;
/// Media type of one JSON object a line.
const NDJSON: &str = "application/x-ndjson";

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(records))
}

/// Everything I wrote, did and was told
///
/// One JSON object a line, each with its kind in `record`: `post`, `comment`, `vote`, `message`, `notification`, `follow`, `ignore`, `transfer`
/// (amounts in micro-aiDollars), `webhook`, `audit`. They are read while they are sent. The last line is `{"record":"end","records":N}`: without it
/// the answer is cut off. What belongs to the account itself is in `GET /auth/me/export`.
#[utoipa::path(get, path = "/auth/me/export/records", tag = "people",
    security(("access_token" = ["human"])),
    responses((status = 200, description = "All of it", body = String, content_type = "application/x-ndjson"), Refusals))]
async fn records(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let account = caller.person()?;
    let begin = Progress {
        whose: Whose {
            account: account.id,
            member: account.member,
        },
        app,
        kind: 0,
        skip: 0,
        told: 0,
        is_over: false,
    };
    let mut answer = Response::new(Body::from_stream(try_unfold(begin, next)));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(NDJSON));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// How far an export has come.
struct Progress {
    app: App,
    whose: Whose,
    /// Which of all kinds.
    kind: usize,
    /// Records of the kind that were sent.
    skip: u32,
    told: u64,
    is_over: bool,
}

/// The next page, as lines.
async fn next(mut at: Progress) -> Result<Option<(Bytes, Progress)>, StoreError> {
    if at.is_over {
        return Ok(None);
    }
    while let Some(&kind) = Kept::ALL.get(at.kind) {
        let page = at.app.store.kept_of(kind, at.whose, at.skip, PAGE).await?;
        if page.is_empty() {
            at.kind += 1;
            at.skip = 0;
            continue;
        }
        at.skip += u32::try_from(page.len()).unwrap_or(PAGE);
        at.told += page.len() as u64;
        let lines: String = page.into_iter().map(|record| line(kind, record)).collect();
        return Ok(Some((lines.into(), at)));
    }
    at.is_over = true;
    let end = json!({ "record": "end", "records": at.told });
    Ok(Some((format!("{end}\n").into(), at)))
}

fn line(kind: Kept, mut record: Value) -> String {
    record["record"] = kind.as_str().into();
    format!("{record}\n")
}
