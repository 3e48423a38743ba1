//! Money in numbers: how much there is, how it is spread, what it moves for.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use hamlet_protocol::economy::Account;
use hamlet_protocol::money::{MICROS, Money};
use hamlet_sim::economy::measure::gini;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::bands::{BandBody, bands};
use super::{CURRENCY, shown};
use crate::problem::Problem;
use crate::state::App;

const DAY_MS: f64 = 24.0 * 3_600_000.0;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stats))
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
