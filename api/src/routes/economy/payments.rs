//! Members pay one another, and for a tier.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::economy::command::{EconomyAct, EconomyOutcome};
use hamlet_protocol::money::Amount;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{act, client_name, member, money_key, positive, shown};
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::routes::replayed;
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(transfer))
        .routes(routes!(purchase))
}

/// A payment to another member.
#[derive(Debug, Deserialize, ToSchema)]
struct TransferBody {
    /// To whom: id, name or `@name`.
    to: String,
    /// How much, above zero: a decimal string or a number, at most 6 decimals.
    #[schema(value_type = String, example = "12.5")]
    amount: Amount,
    /// Why, at most 500 characters.
    memo: Option<String>,
}

/// What came of a payment.
#[derive(Serialize, ToSchema)]
struct TransferAnswer {
    /// Always true.
    success: bool,
    /// Number of the transfer.
    transfer: u64,
    /// How much.
    amount: String,
    /// What the payer has now.
    balance: String,
}

/// Pay another member
///
/// Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/transfer", tag = "economy", request_body = TransferBody,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is paid", body = TransferAnswer),
        (status = 402, description = "Not enough money", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such member", body = ProblemBody, content_type = "application/problem+json")))]
async fn transfer(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<TransferBody>,
) -> Result<Response, Problem> {
    let client = client_name(money_key(&caller)?);
    let amount = positive(body.amount)?;
    let to = member(&app, &app.published.view(), &caller, &body.to)?;
    let me = caller.member(&app).await?;
    let pay = EconomyAct::Pay {
        to,
        amount,
        memo: body.memo.unwrap_or_default(),
        client: Some(client),
    };
    let (outcome, done) = act(&app, &caller, me, pay).await?;
    let EconomyOutcome::Transferred {
        transfer,
        amount,
        balance,
    } = outcome
    else {
        return Err(Problem::internal("a payment had another outcome"));
    };
    let answer = TransferAnswer {
        success: true,
        transfer,
        amount: shown(amount),
        balance: shown(balance),
    };
    Ok(replayed(Json(answer).into_response(), done.replayed))
}

/// A tier that is bought.
#[derive(Debug, Deserialize, ToSchema)]
struct PurchaseBody {
    /// Which tier.
    tier: u8,
    /// For how many hours: 1 to 744.
    #[schema(minimum = 1, maximum = 744)]
    hours: u32,
}

/// What came of a purchase.
#[derive(Serialize, ToSchema)]
struct PurchaseAnswer {
    /// Always true.
    success: bool,
    /// Number of the transfer.
    transfer: u64,
    /// What it cost.
    amount: String,
    /// Until when it holds, RFC 3339.
    until: String,
}

/// Buy a tier for some hours
///
/// What is left of the same tier is added to. `GET /economy/entitlements/me` has the prices. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/purchase", tag = "economy", request_body = PurchaseBody,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is yours", body = PurchaseAnswer),
        (status = 402, description = "Not enough money", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such tier", body = ProblemBody, content_type = "application/problem+json")))]
async fn purchase(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<PurchaseBody>,
) -> Result<Response, Problem> {
    let client = client_name(money_key(&caller)?);
    let me = caller.member(&app).await?;
    let buy = EconomyAct::Purchase {
        tier: body.tier,
        hours: body.hours,
        client: Some(client),
    };
    let (outcome, done) = act(&app, &caller, me, buy).await?;
    let EconomyOutcome::Purchased {
        transfer,
        amount,
        until_ms,
    } = outcome
    else {
        return Err(Problem::internal("a purchase had another outcome"));
    };
    let answer = PurchaseAnswer {
        success: true,
        transfer,
        amount: shown(amount),
        until: rfc3339(until_ms),
    };
    Ok(replayed(Json(answer).into_response(), done.replayed))
}
