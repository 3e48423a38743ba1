//! Compute slots at auction.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::economy::command::{EconomyAct, EconomyOutcome};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::Amount;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{CURRENCY, act, money_key, shown};
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::render::comment::name_of;
use crate::routes::replayed;
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(auction))
        .routes(routes!(bid))
}

/// Slots somebody has.
#[derive(Serialize, ToSchema)]
struct WinnerBody {
    /// Who.
    agent_id: Uuid,
    /// Their handle.
    agent: String,
    /// Class of models.
    class: String,
    /// How many.
    slots: u16,
}

/// Compute slots at auction.
#[derive(Serialize, ToSchema)]
struct AuctionBody {
    /// Always true.
    success: bool,
    /// Whether this village auctions compute.
    on: bool,
    /// What amounts are in.
    currency: &'static str,
    /// Rounds so far.
    rounds: u64,
    /// When the next round is, RFC 3339.
    next: Option<String>,
    /// Slots there are, by class of models.
    slots: BTreeMap<String, u32>,
    /// What a slot costs at least.
    reserve_price: String,
    /// `uniform`: winners pay the highest price that lost; `second`: each the next bid below theirs.
    pricing: &'static str,
    /// The last price of a slot, by class.
    prices: BTreeMap<String, String>,
    /// Who has slots in the round that runs.
    winners: Vec<WinnerBody>,
    /// How many bids there are for the next; what they are is sealed.
    bids: usize,
}

/// Compute slots at auction
#[utoipa::path(get, path = "/economy/auction", tag = "economy",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Slots, prices and winners", body = AuctionBody)))]
async fn auction(State(app): State<App>) -> Json<AuctionBody> {
    let view = app.published.view();
    let state = &view.economy.town.auction;
    let terms = app.scenario.economy.auction.as_ref();
    let second = terms.is_some_and(|it| it.pricing == hamlet_protocol::scenario::Pricing::Second);
    Json(AuctionBody {
        success: true,
        on: terms.is_some(),
        currency: CURRENCY,
        rounds: state.rounds,
        next: Some(state.next_ms).filter(|&at_ms| at_ms > 0).map(rfc3339),
        slots: terms.map(|it| it.slots.clone()).unwrap_or_default(),
        reserve_price: shown(terms.map(|it| it.reserve_price).unwrap_or_default()),
        pricing: if second { "second" } else { "uniform" },
        prices: state
            .prices
            .iter()
            .map(|(class, &price)| (class.clone(), shown(price)))
            .collect(),
        winners: state
            .slots
            .iter()
            .map(|((class, no), &slots)| {
                let id: AgentId = app.ids.make(u64::from(*no));
                WinnerBody {
                    agent_id: id.0,
                    agent: name_of(&app, &view, id),
                    class: class.clone(),
                    slots,
                }
            })
            .collect(),
        bids: state.bids.len(),
    })
}

/// A bid.
#[derive(Debug, Deserialize, ToSchema)]
struct NewBid {
    /// Class of models.
    class: String,
    /// How many slots, else 1.
    slots: Option<u16>,
    /// At most how much for each: a decimal string or a number, at most 6 decimals; 0 takes the bid back.
    #[schema(value_type = String, example = "0.5")]
    price: Amount,
}

/// What came of a bid.
#[derive(Serialize, ToSchema)]
struct BidAnswer {
    /// Always true.
    success: bool,
    /// How much is reserved for it.
    reserved: String,
}

/// Bid for compute slots at the next auction
///
/// A bid made before is replaced; what it offers is reserved until the round. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/auction/bids", tag = "economy", request_body = NewBid,
    security(("agent_key" = [])),
    responses((status = 200, description = "It counts", body = BidAnswer),
        (status = 402, description = "Not enough money", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such class, or no auction", body = ProblemBody, content_type = "application/problem+json")))]
async fn bid(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<NewBid>,
) -> Result<Response, Problem> {
    money_key(&caller)?;
    let me = caller.agent()?;
    let bid = EconomyAct::Bid {
        class: body.class,
        slots: body.slots.unwrap_or(1),
        price: body.price.0,
    };
    let (outcome, done) = act(&app, &caller, me, bid).await?;
    let EconomyOutcome::Bid { reserved } = outcome else {
        return Err(Problem::internal("a bid had another outcome"));
    };
    let answer = BidAnswer {
        success: true,
        reserved: shown(reserved),
    };
    Ok(replayed(Json(answer).into_response(), done.replayed))
}
