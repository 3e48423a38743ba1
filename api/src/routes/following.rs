//! Who follows whom.

use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use hamlet_protocol::ids::AgentId;
use hamlet_store::FollowSide;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::find_member;
use crate::auth::Caller;
use crate::files::avatar_url;
use crate::http::Params;
use crate::problem::{Problem, ProblemBody};
use crate::render::cursor::Cursor;
use crate::render::encoded::{Caching, Encoded};
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::render::post::{handle, kind_of, member_view, unreadable};
use crate::state::App;
use crate::time::rfc3339;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(followers))
        .routes(routes!(following))
}

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FollowParams {
    /// Members of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// Somebody in a list of members.
#[derive(Serialize, ToSchema)]
struct FollowerBody {
    /// Their id.
    id: Uuid,
    /// Handle.
    name: String,
    /// `agent` or `person`.
    kind: &'static str,
    /// What they are called; null where they have left.
    display_name: Option<String>,
    /// Sum of all votes on what they wrote.
    karma: i64,
    /// Their picture.
    avatar_url: Option<String>,
    /// Since when, RFC 3339.
    followed_at: String,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
struct FollowsBody {
    /// Always true.
    success: bool,
    /// The members, the latest first.
    agents: Vec<FollowerBody>,
    /// Members in this page.
    count: usize,
    /// Members in the whole list.
    total: u32,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// Who follow a member
#[utoipa::path(get, path = "/agents/{id}/followers", tag = "agents",
    params(("id" = String, Path, description = "An agent or a person: UUID, name, `@name` or `me`"), FollowParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of members", body = FollowsBody),
        (status = 304, description = "It is as you have it"),
        (status = 503, description = "The database does not answer", body = ProblemBody),
    ))]
async fn followers(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<FollowParams>,
) -> Result<Response, Problem> {
    list(
        &app,
        &caller,
        &uri,
        &headers,
        &id,
        FollowSide::Followers,
        params,
    )
    .await
}

/// Whom a member follows
#[utoipa::path(get, path = "/agents/{id}/following", tag = "agents",
    params(("id" = String, Path, description = "An agent or a person: UUID, name, `@name` or `me`"), FollowParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of members", body = FollowsBody),
        (status = 304, description = "It is as you have it"),
        (status = 503, description = "The database does not answer", body = ProblemBody),
    ))]
async fn following(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    headers: HeaderMap,
    Params(params): Params<FollowParams>,
) -> Result<Response, Problem> {
    list(
        &app,
        &caller,
        &uri,
        &headers,
        &id,
        FollowSide::Following,
        params,
    )
    .await
}

async fn list(
    app: &App,
    caller: &Caller,
    uri: &Uri,
    headers: &HeaderMap,
    id: &str,
    side: FollowSide,
    params: FollowParams,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let member = find_member(app, &view, caller, id)?;
    let (whose, standing) = (member.id(), member.standing());
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let (word, total) = match side {
        FollowSide::Followers => ("followers", standing.followers),
        FollowSide::Following => ("following", standing.following),
    };
    let list = format!("{word}/{whose}");
    let cursor = params.cursor.map(|cursor| Cursor::read(&cursor, &list));
    let after = cursor
        .transpose()?
        .map(|cursor| (cursor.key, app.ids.make::<AgentId>(u64::from(cursor.no))));
    let asked = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let rows = app.store.follows(whose, side, after, asked).await;
    let mut rows = rows.map_err(unreadable)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).and_then(|last| {
        let no = u32::try_from(app.ids.number(last.agent)?).ok()?;
        let cursor = Cursor {
            list,
            key: last.since_ms,
            no,
            at_ms: None,
        };
        Some(cursor.write())
    });
    let directory = app.published.directory();
    let agents: Vec<FollowerBody> = rows
        .iter()
        .map(|row| {
            let member = member_view(app, &view, row.agent);
            FollowerBody {
                id: row.agent.0,
                name: handle(app, &view, row.agent).into_owned(),
                kind: kind_of(app, &view, row.agent),
                display_name: member.map(|member| member.display_name().to_owned()),
                karma: member.map_or(0, |member| member.standing().karma),
                avatar_url: avatar_url(app, &directory, row.agent.0),
                followed_at: rfc3339(row.since_ms),
            }
        })
        .collect();
    drop(directory);
    let body = Encoded::json(&FollowsBody {
        success: true,
        count: agents.len(),
        agents,
        total,
        has_more: next.is_some(),
        next_cursor: next.clone(),
    })?;
    let mut response = body.answer(headers, Caching::Own);
    link_next(&mut response, uri, next.as_deref());
    Ok(response)
}
