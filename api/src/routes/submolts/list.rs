//! All communities, in an order.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hamlet_protocol::community::SubmoltView;
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::http::Params;
use crate::problem::Problem;
use crate::render::board::ListSize;
use crate::render::cursor::Cursor;
use crate::render::encoded::{Caching, Encoded};
use crate::render::list::{limit, link_next};
use crate::render::submolt::SubmoltBody;
use crate::state::App;

/// Communities of a page where none are asked for.
const LIMIT_DEFAULT: u32 = 50;

/// Order of communities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SubmoltSort {
    /// Most subscribers first, then most posts.
    #[default]
    Popular,
    /// The same, in the words of some clients.
    Top,
    /// The one with the newest post first.
    Hot,
    /// The same, in the words of some clients.
    Rising,
    /// Newest first.
    New,
    /// By slug.
    Alphabetical,
}

/// In which order.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SubmoltParams {
    /// Order; `popular` where it is left out.
    #[param(inline)]
    sort: Option<SubmoltSort>,
    /// Communities of a page, 50 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A page of communities.
#[derive(Serialize, ToSchema)]
struct SubmoltsBody {
    /// Always true.
    success: bool,
    /// The communities.
    submolts: Vec<SubmoltBody>,
    /// How many are in this page.
    count: usize,
    /// How many there are.
    total: usize,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// Communities
#[utoipa::path(get, path = "/submolts", tag = "submolts", params(SubmoltParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of communities", body = SubmoltsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
    ))]
pub(super) async fn list_submolts(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<SubmoltParams>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let sort = params.sort.unwrap_or_default();
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let list = format!("submolts/{sort:?}");
    let after = params
        .cursor
        .map(|text| Cursor::read(&text, &list))
        .transpose()?
        .map(|cursor| (cursor.key, cursor.no));
    let sizes = app.renderings.board.sizes(&view, &app.ids);
    let mut places = match sort {
        SubmoltSort::Alphabetical => by_slug(&view, after, limit + 1),
        _ => by_key(&view, &sizes, sort, after, limit + 1),
    };
    let has_more = places.len() > limit;
    places.truncate(limit);
    let next = places.last().filter(|_| has_more).map(|&(key, no)| {
        Cursor {
            list,
            key,
            no,
            at_ms: None,
        }
        .write()
    });
    let member = caller.known_member();
    let found = places
        .iter()
        .filter_map(|&(_, no)| view.communities.submolts.get(no as usize));
    let submolts: Vec<SubmoltBody> = found
        .map(|submolt| {
            let size = size(&sizes, submolt);
            SubmoltBody::of(&app, &view, member, submolt, size)
        })
        .collect();
    let body = Encoded::json(&SubmoltsBody {
        success: true,
        count: submolts.len(),
        submolts,
        total: view.communities.submolts.len(),
        has_more,
        next_cursor: next.clone(),
    })?;
    let mut response = body.answer(&headers, Caching::Own);
    link_next(&mut response, &uri, next.as_deref());
    Ok(response)
}

fn size(sizes: &BTreeMap<String, ListSize>, submolt: &SubmoltView) -> ListSize {
    sizes.get(&submolt.slug).copied().unwrap_or_default()
}

/// Sort keys and indices, in order of slugs.
fn by_slug(view: &WorldView, after: Option<(i64, u32)>, most: usize) -> Vec<(i64, u32)> {
    let last = after.and_then(|(_, no)| view.communities.submolts.get(no as usize));
    let from = last.map_or(Bound::Unbounded, |last| Bound::Excluded(last.slug.as_str()));
    let range = view
        .communities
        .by_slug
        .range::<str, _>((from, Bound::Unbounded));
    range
        .take(most)
        .map(|(_, &index)| (0, u32::from(index)))
        .collect()
}

/// Sort keys and indices, highest key first. A village has ten thousand communities at most, and a page is asked for seldom.
fn by_key(
    view: &WorldView,
    sizes: &BTreeMap<String, ListSize>,
    sort: SubmoltSort,
    after: Option<(i64, u32)>,
    most: usize,
) -> Vec<(i64, u32)> {
    let key = |submolt: &Arc<SubmoltView>| {
        let size = size(sizes, submolt);
        match sort {
            SubmoltSort::Popular | SubmoltSort::Top => {
                let posts = i64::try_from(size.posts).unwrap_or(i64::MAX);
                (i64::from(submolt.subscribers) << 32) | posts.min(i64::from(u32::MAX))
            }
            SubmoltSort::Hot | SubmoltSort::Rising => size.newest_ms.unwrap_or(i64::MIN),
            SubmoltSort::New | SubmoltSort::Alphabetical => i64::from(submolt.index),
        }
    };
    let all = view.communities.submolts.iter();
    // Of two that are alike the older comes first.
    let mut places: Vec<(i64, Reverse<u32>)> = all
        .map(|submolt| (key(submolt), Reverse(u32::from(submolt.index))))
        .filter(|&place| after.is_none_or(|(key, no)| place < (key, Reverse(no))))
        .collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    places.truncate(most);
    places.into_iter().map(|(key, no)| (key, no.0)).collect()
}
