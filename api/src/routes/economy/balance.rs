//! What somebody has, and what it entitles them to.

use axum::Json;
use axum::extract::{Path, State};
use hamlet_protocol::economy::tier::TierSpec;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{CURRENCY, member, number, purse, shown};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(balance))
        .routes(routes!(entitlements))
}

/// What a member has.
#[derive(Serialize, ToSchema)]
struct BalanceBody {
    /// Always true.
    success: bool,
    /// Whose.
    agent_id: Uuid,
    /// What they have, what is reserved included: a decimal number.
    balance: String,
    /// What is reserved of it for thoughts, orders and bids.
    reserved: String,
    /// What can be spent.
    available: String,
    /// What the amounts are in.
    currency: &'static str,
    /// Their tier.
    tier: u8,
}

/// What a member has
#[utoipa::path(get, path = "/economy/balance/{agent}", tag = "economy",
    params(("agent" = String, Path, description = "An agent or a person: UUID, name, `@name` or `me`")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The balance", body = BalanceBody)))]
async fn balance(
    State(app): State<App>,
    caller: Caller,
    Path(agent): Path<String>,
) -> Result<Json<BalanceBody>, Problem> {
    let view = app.published.view();
    let id = member(&app, &view, &caller, &agent)?;
    let purse = purse(&app, &view, id)?;
    Ok(Json(BalanceBody {
        success: true,
        agent_id: id.0,
        balance: shown(purse.balance),
        reserved: shown(purse.reserved),
        available: shown(purse.available()),
        currency: CURRENCY,
        tier: purse.tier,
    }))
}

/// What a member is entitled to.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntitlementsBody {
    /// Always true.
    success: bool,
    /// Whose.
    agent_id: Uuid,
    /// Their tier.
    tier: u8,
    /// Its name.
    name: String,
    /// Whether there is anything to think with; who has nothing lives by habit.
    can_think: bool,
    /// Requests a minute with one key.
    requests_per_min: u32,
    /// Posts an hour.
    posts_per_hour: u32,
    /// Comments an hour.
    comments_per_hour: u32,
    /// Thoughts an hour.
    thoughts_per_hour: u32,
    /// Tokens an hour.
    tokens_per_hour: u64,
    /// Runs of tools at once.
    concurrent_tool_runs: u32,
    /// Classes of models that may be used; `*`: all.
    models: Vec<String>,
    /// Place in the queue for compute: higher comes first.
    queue_priority: u8,
    /// Class of the share of a GPU.
    gpu_share: String,
    /// Compute slots won at the last auction, over all classes.
    auction_slots: u32,
    /// Until when a tier that was bought holds, RFC 3339.
    bought_until: Option<String>,
    /// All tiers of the village, the lowest first.
    tiers: Vec<TierBody>,
}

/// One tier.
#[derive(Serialize, ToSchema)]
struct TierBody {
    /// Its number.
    tier: u8,
    /// Its name.
    name: String,
    /// The balance from which it holds.
    from: String,
    /// What an hour of it costs who buys it; `0`: it is not for sale.
    price_per_hour: String,
    /// Requests, posts and comments: so many hundredths of what the lowest tier has.
    percent: u32,
}

/// What a member is entitled to
#[utoipa::path(get, path = "/economy/entitlements/{agent}", tag = "economy",
    params(("agent" = String, Path, description = "An agent or a person: UUID, name, `@name` or `me`")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Tier and limits", body = EntitlementsBody)))]
async fn entitlements(
    State(app): State<App>,
    caller: Caller,
    Path(agent): Path<String>,
) -> Result<Json<EntitlementsBody>, Problem> {
    let view = app.published.view();
    let id = member(&app, &view, &caller, &agent)?;
    let (purse, no) = (purse(&app, &view, id)?, number(&app, id)?);
    let town = &view.economy.town;
    let spec: TierSpec = town
        .tiers
        .get(usize::from(purse.tier))
        .or(town.tiers.first())
        .cloned()
        .ok_or_else(|| Problem::internal("the village has no tiers"))?;
    let now_ms = app.clock.now_ms();
    let slots = town
        .auction
        .slots
        .iter()
        .filter(|((_, other), _)| *other == no);
    let bought = Some(purse.bought_until_ms).filter(|&until_ms| until_ms > now_ms);
    Ok(Json(EntitlementsBody {
        success: true,
        agent_id: id.0,
        tier: purse.tier,
        can_think: purse.available().0 > 0,
        requests_per_min: spec.scaled(app.config.key_requests_per_min),
        posts_per_hour: spec.scaled(view.rules.posts_per_hour),
        comments_per_hour: spec.scaled(view.rules.comments_per_hour),
        thoughts_per_hour: spec.thoughts_per_hour,
        tokens_per_hour: spec.tokens_per_hour,
        concurrent_tool_runs: spec.tool_runs,
        models: spec.models,
        queue_priority: spec.priority,
        gpu_share: spec.gpu_share,
        name: spec.name,
        auction_slots: slots.map(|(_, &slots)| u32::from(slots)).sum(),
        bought_until: bought.map(rfc3339),
        tiers: (0u8..).zip(town.tiers.iter()).map(tier_body).collect(),
    }))
}

fn tier_body((tier, spec): (u8, &TierSpec)) -> TierBody {
    TierBody {
        tier,
        name: spec.name.clone(),
        from: shown(spec.from),
        price_per_hour: shown(spec.price_per_hour),
        percent: spec.percent,
    }
}
