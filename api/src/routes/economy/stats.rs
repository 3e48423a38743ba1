//! Money in numbers: how much there is, how it is spread, what it moves for, and who spends what on thinking.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use hamlet_protocol::economy::Account;
use hamlet_protocol::economy::image::Spending;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::{MICROS, Money};
use hamlet_sim::economy::measure::gini;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::bands::{BandBody, bands};
use super::{CURRENCY, check_may_look, member, number, shown};
use crate::auth::Caller;
use crate::http::Params;
use crate::problem::Problem;
use crate::render::comment::name_of;
use crate::state::App;
use crate::time::rfc3339;

const DAY_MS: f64 = 24.0 * 3_600_000.0;
const HOUR_MS: i64 = 3_600_000;
/// Lines of the costs page at most: those that cost most.
const COSTS_MAX: usize = 1_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(stats))
        .routes(routes!(costs))
}

/// What moved for one purpose since the beginning.
#[derive(Serialize, ToSchema)]
struct FlowBody {
    /// How often.
    count: u64,
    /// How much.
    amount: String,
}

/// Money in numbers.
#[derive(Serialize, ToSchema)]
struct EconomyStatsBody {
    /// Always true.
    success: bool,
    /// What amounts are in.
    currency: &'static str,
    /// Money there is.
    supply: String,
    /// What residents and people have of it.
    in_purses: String,
    /// Balances of the village's own accounts.
    accounts: BTreeMap<&'static str, String>,
    /// Inequality of residents' balances, 0 to 1.
    gini: f64,
    /// Mean balance of residents.
    mean: String,
    /// Median balance of residents.
    median: String,
    /// How often the money there is changes hands in a day (by the stamp), since the beginning.
    velocity_per_day: f64,
    /// Transfers so far.
    transfers: u64,
    /// Residents by tier.
    tiers: BTreeMap<String, usize>,
    /// Residents by balance.
    bands: Vec<BandBody>,
    /// What moved so far, by what for.
    flows: BTreeMap<&'static str, FlowBody>,
    /// What the town pays for a piece of work now.
    wage: String,
    /// What a meal in a café costs now.
    meal: String,
}

/// Money in numbers
#[utoipa::path(get, path = "/economy/stats", tag = "economy",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Supply, distribution, flows", body = EconomyStatsBody)))]
async fn stats(State(app): State<App>) -> Result<Json<EconomyStatsBody>, Problem> {
    let view = app.published.view();
    let town = &view.economy.town;
    let account = |account: Account| account.system_index().map_or(0, |at| town.system[at]);
    let owed = account(Account::Mint) + account(Account::Deposits) + account(Account::Burn);
    let supply = Money(-owed);
    let mut balances = Vec::new();
    let mut tiers: BTreeMap<String, usize> = BTreeMap::new();
    for (agent, purse) in view.agents.iter().zip(view.economy.purses.iter()) {
        if agent.is_some() {
            balances.push(purse.balance.0.max(0));
            let name = town.tiers.get(usize::from(purse.tier));
            *tiers
                .entry(name.map_or_else(String::new, |it| it.name.clone()))
                .or_default() += 1;
        }
    }
    let in_purses: i64 = view.economy.purses.iter().map(|it| it.balance.0).sum();
    let gini = gini(&mut balances);
    let count = i64::try_from(balances.len()).unwrap_or(0).max(1);
    let moved: i128 = town.flows.values().map(|&(_, amount)| amount).sum();
    let first = app.store.transfers_after(0, 1).await.map_err(|source| {
        tracing::warn!(%source, "the ledger cannot be read");
        Problem::unavailable("database", "The database does not answer.", 5)
    })?;
    let since_ms = first.first().map_or(view.stamp_ms, |it| it.at_ms);
    let days = ((view.stamp_ms - since_ms) as f64 / DAY_MS).max(1.0 / 24.0);
    let velocity = if supply.0 > 0 {
        moved as f64 / supply.0 as f64 / days
    } else {
        0.0
    };
    Ok(Json(EconomyStatsBody {
        success: true,
        currency: CURRENCY,
        supply: shown(supply),
        in_purses: shown(Money(in_purses)),
        accounts: Account::SYSTEM
            .into_iter()
            .zip(town.system)
            .map(|(account, balance)| (account.word(), shown(Money(balance))))
            .collect(),
        gini: rounded(gini),
        mean: shown(Money(balances.iter().sum::<i64>() / count)),
        median: shown(Money(
            balances.get(balances.len() / 2).copied().unwrap_or(0),
        )),
        velocity_per_day: rounded(velocity),
        transfers: town.transfers,
        tiers,
        bands: bands(&balances),
        flows: town
            .flows
            .iter()
            .map(|(code, &(count, amount))| {
                let amount = i64::try_from(amount).unwrap_or(i64::MAX);
                let flow = FlowBody {
                    count,
                    amount: shown(Money(amount)),
                };
                (code.as_str(), flow)
            })
            .collect(),
        wage: shown(town.market.wage),
        meal: shown(town.market.meal),
    }))
}

fn rounded(value: f64) -> f64 {
    (value * MICROS as f64).round() / MICROS as f64
}

/// Whose costs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CostParams {
    /// Only those of one agent: UUID, name, `@name` or `me`.
    agent: Option<String>,
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
    /// Who spent what, on what, since when: the dearest first, 1000 at most.
    costs: Vec<CostBody>,
    /// Lines of this page.
    count: usize,
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
    found.sort_by_key(|&(no, kind, it)| (std::cmp::Reverse(it.amount), no, kind));
    found.truncate(COSTS_MAX);
    let spent = match only {
        Some(no) => economy.spent.get(no as usize).copied().unwrap_or_default(),
        None => economy.town.spent,
    };
    let costs: Vec<CostBody> = found
        .into_iter()
        .map(|(no, (purpose, model), it)| {
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
        spending: spending(spent, app.clock.now_ms().div_euclid(HOUR_MS)),
    }))
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
