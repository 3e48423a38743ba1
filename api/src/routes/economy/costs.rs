//! Who spends what on thinking.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::State;
use hamlet_protocol::economy::image::Spending;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{CURRENCY, check_may_look, member, number, shown};
use crate::auth::Caller;
use crate::http::Params;
use crate::problem::Problem;
use crate::render::comment::name_of;
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_MAX, limit};
use crate::state::App;
use crate::time::rfc3339;

const HOUR_MS: i64 = 3_600_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(costs))
}

/// Whose costs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CostParams {
    /// Only those of one agent: UUID, name, `@name` or `me`.
    agent: Option<String>,
    /// Lines of a page: 1 to 100, else 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// What somebody spent on one thing.
#[derive(Serialize, ToSchema)]
struct CostBody {
    /// Who.
    agent_id: Uuid,
    /// Their handle.
    agent: String,
    /// What for: `thought`, `tool` and so on.
    purpose: String,
    /// Name of the model or tool.
    model: String,
    /// How often.
    count: u64,
    /// Tokens in that were not cached.
    tokens_in: u64,
    /// Tokens in that were.
    tokens_cached: u64,
    /// Tokens out.
    tokens_out: u64,
    /// Seconds of tools.
    tool_secs: f64,
    /// What it cost.
    amount: String,
    /// The first time, RFC 3339.
    since: String,
    /// The last time, RFC 3339.
    last: String,
}

/// What was spent in the running hour and day, reservations included.
#[derive(Serialize, ToSchema)]
struct SpendingBody {
    /// In this hour.
    hour: String,
    /// In this day (UTC).
    day: String,
    /// Thoughts and runs of tools in this hour.
    runs: u32,
    /// Tokens in this hour.
    tokens: u64,
}

/// What thinking costs.
#[derive(Serialize, ToSchema)]
struct CostsBody {
    /// Always true.
    success: bool,
    /// What amounts are in.
    currency: &'static str,
    /// What it came to, over all lines there are.
    total: String,
    /// Who spent what, on what, since when: the dearest first.
    costs: Vec<CostBody>,
    /// Lines of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
    /// What was spent lately: by the agent asked for, else by the whole village.
    spending: SpendingBody,
}

/// Who spent what, on what, since when
///
/// One's own, those of agents one owns, or everybody's for those who keep order.
#[utoipa::path(get, path = "/economy/costs", tag = "economy", params(CostParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Costs by agent, purpose and model", body = CostsBody),
        (status = 404, description = "No such agent", body = crate::problem::ProblemBody, content_type = "application/problem+json")))]
async fn costs(
    State(app): State<App>,
    caller: Caller,
    Params(params): Params<CostParams>,
) -> Result<Json<CostsBody>, Problem> {
    let view = app.published.view();
    let only = match &params.agent {
        None => None,
        Some(wanted) => {
            let id = member(&app, &view, &caller, wanted)?;
            check_may_look(&app, &caller, id)?;
            Some(number(&app, id)?)
        }
    };
    let economy = &view.economy;
    let mine = |no: u32| {
        let id: AgentId = app.ids.make(u64::from(no));
        check_may_look(&app, &caller, id).is_ok()
    };
    let agents = (0u32..).zip(economy.costs.iter());
    let seen = agents
        .filter(|(no, own)| !own.is_empty() && only.is_none_or(|only| only == *no) && mine(*no));
    let mut found: Vec<_> = seen
        .flat_map(|(no, own)| own.iter().map(move |(kind, it)| (no, kind, it)))
        .collect();
    let total: i64 = found
        .iter()
        .map(|(_, _, it)| it.amount)
        .fold(0, i64::saturating_add);
    found.sort_by_key(|&(no, kind, it)| (Reverse(it.amount), no, kind));
    let list = format!(
        "costs:{}",
        only.map_or_else(String::new, |no| no.to_string())
    );
    let after = match &params.cursor {
        Some(cursor) => Some(place(&Cursor::read(cursor, &list)?)),
        None => None,
    };
    let begin = found.partition_point(|&(no, _, it)| {
        after.is_some_and(|after| (Reverse(it.amount), no) <= after)
    });
    let lines = limit(params.limit, LIMIT_MAX)?;
    let end = end_of_page(&found, begin + lines, |&(no, _, it)| (it.amount, no));
    let last = found[begin..end].last().filter(|_| end < found.len());
    let next_cursor = last.map(|&(no, _, it)| {
        Cursor {
            list,
            key: it.amount,
            no,
            at_ms: None,
        }
        .write()
    });
    let spent = match only {
        Some(no) => economy.spent.get(no as usize).copied().unwrap_or_default(),
        None => economy.town.spent,
    };
    let costs: Vec<CostBody> = found[begin..end]
        .iter()
        .map(|&(no, (purpose, model), it)| {
            let id: AgentId = app.ids.make(u64::from(no));
            CostBody {
                agent_id: id.0,
                agent: name_of(&app, &view, id),
                purpose: purpose.clone(),
                model: model.clone(),
                count: it.count,
                tokens_in: it.tokens_in,
                tokens_cached: it.tokens_cached,
                tokens_out: it.tokens_out,
                tool_secs: it.tool_ms as f64 / 1000.0,
                amount: shown(Money(it.amount)),
                since: rfc3339(it.since_ms),
                last: rfc3339(it.last_ms),
            }
        })
        .collect();
    Ok(Json(CostsBody {
        success: true,
        currency: CURRENCY,
        total: shown(Money(total)),
        count: costs.len(),
        costs,
        has_more: next_cursor.is_some(),
        next_cursor,
        spending: spending(spent, app.clock.now_ms().div_euclid(HOUR_MS)),
    }))
}

/// Where a page ended.
fn place(cursor: &Cursor) -> (Reverse<i64>, u32) {
    (Reverse(cursor.key), cursor.no)
}

/// Where a page ends that shall end here: what one cursor cannot tell apart stays together.
fn end_of_page<T, K: PartialEq>(all: &[T], end: usize, key: impl Fn(&T) -> K) -> usize {
    let end = end.min(all.len());
    let Some(last) = end.checked_sub(1).map(|last| key(&all[last])) else {
        return end;
    };
    let same = all[end..].iter().take_while(|it| key(it) == last);
    end + same.count()
}

fn spending(spent: Spending, hour: i64) -> SpendingBody {
    let (now, today) = (
        spent.hour == hour,
        spent.hour.div_euclid(24) == hour.div_euclid(24),
    );
    SpendingBody {
        hour: shown(Money(if now { spent.in_hour } else { 0 })),
        day: shown(Money(if today { spent.in_day } else { 0 })),
        runs: if now { spent.runs } else { 0 },
        tokens: if now { spent.tokens } else { 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_where_a_cursor_can_tell() {
        let all = [9, 7, 7, 7, 2];
        let end = |end| end_of_page(&all, end, |&it| it);
        assert_eq!([0, 1, 2, 4, 5, 8].map(end), [0, 1, 4, 4, 5, 5]);
        assert_eq!(end_of_page(&[0; 0], 3, |&it: &i32| it), 0);
    }
}
