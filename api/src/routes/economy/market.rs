//! The market: what goods cost, what is offered and asked for, and one's own orders.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::command::Command;
use hamlet_protocol::economy::command::{EconomyAct, EconomyOutcome, Side};
use hamlet_protocol::goods::Item;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::{Amount, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{CURRENCY, act, money_key, number, positive, shown};
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::router::BASE;
use crate::routes::{created, replayed};
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(market))
        .routes(routes!(place_order))
        .routes(routes!(take_back))
}

/// A price in the book.
#[derive(Serialize, ToSchema)]
struct LevelBody {
    /// The price of a piece.
    price: String,
    /// Pieces at it.
    pieces: u32,
}

/// One kind of goods.
#[derive(Serialize, ToSchema)]
struct GoodsBody {
    /// Its word.
    item: &'static str,
    /// The last price paid, or what it was said to be worth.
    price: String,
    /// Pieces sold so far.
    sold: u64,
    /// What is offered, the cheapest first, ten prices at most.
    offers: Vec<LevelBody>,
    /// What is asked for, the dearest first, ten prices at most.
    requests: Vec<LevelBody>,
}

/// An order of the caller's.
#[derive(Serialize, ToSchema)]
struct OwnOrderBody {
    /// Its number.
    order: u64,
    /// `offer` or `request`.
    side: &'static str,
    /// What.
    item: &'static str,
    /// How many are left.
    left: u16,
    /// The price of a piece.
    price: String,
}

/// The market.
#[derive(Serialize, ToSchema)]
struct MarketBody {
    /// Always true.
    success: bool,
    /// What amounts are in.
    currency: &'static str,
    /// All goods.
    goods: Vec<GoodsBody>,
    /// What the town pays for a piece of work.
    wage: String,
    /// What a meal in a café costs.
    meal: String,
    /// Orders in the book.
    orders: usize,
    /// The caller's own.
    own: Vec<OwnOrderBody>,
}

/// The market
#[utoipa::path(get, path = "/economy/market", tag = "economy",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Prices and the book", body = MarketBody)))]
async fn market(State(app): State<App>, caller: Caller) -> Result<Json<MarketBody>, Problem> {
    let view = app.published.view();
    let market = &view.economy.town.market;
    let me = caller
        .known_member()
        .map(|id| number(&app, id))
        .transpose()?;
    let levels = |item: Item, side: Side| -> Vec<LevelBody> {
        let levels = market.book.get(&(item, side)).into_iter().flatten();
        levels
            .map(|&(price, pieces)| LevelBody {
                price: shown(price),
                pieces,
            })
            .collect()
    };
    let own = market
        .own
        .iter()
        .filter(|(_, order)| Some(order.agent) == me);
    Ok(Json(MarketBody {
        success: true,
        currency: CURRENCY,
        goods: Item::ALL
            .into_iter()
            .map(|item| GoodsBody {
                item: item.as_str(),
                price: shown(market.prices.get(&item).copied().unwrap_or_default()),
                sold: market.sold.get(&item).copied().unwrap_or(0),
                offers: levels(item, Side::Offer),
                requests: levels(item, Side::Request),
            })
            .collect(),
        wage: shown(market.wage),
        meal: shown(market.meal),
        orders: market.orders,
        own: own
            .map(|(&order, it)| OwnOrderBody {
                order,
                side: it.side.as_str(),
                item: it.item.as_str(),
                left: it.left,
                price: shown(Money(it.price)),
            })
            .collect(),
    }))
}

/// An order.
#[derive(Debug, Deserialize, ToSchema)]
struct NewOrder {
    /// `offer` to sell, `request` to buy.
    side: String,
    /// What, such as `bread`.
    item: String,
    /// How many: 1 to 100, else 1.
    count: Option<u16>,
    /// The price of a piece, at least or at most: a decimal string or a number, at most 6 decimals.
    #[schema(value_type = String, example = "0.8")]
    price: Amount,
}

/// What came of an order.
#[derive(Serialize, ToSchema)]
struct OrderAnswer {
    /// Always true.
    success: bool,
    /// Its number.
    order: u64,
}

/// Offer goods, or ask for some
///
/// One's body has to stand in the market. What is offered leaves the bag, what is asked for reserves its price; both meet once a tick,
/// by price and then by who came first, at the price of the older order. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/orders", tag = "economy", request_body = NewOrder,
    security(("agent_key" = [])),
    responses((status = 201, description = "It is in the book", body = OrderAnswer),
        (status = 402, description = "Not enough money", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such goods", body = ProblemBody, content_type = "application/problem+json")))]
async fn place_order(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<NewOrder>,
) -> Result<Response, Problem> {
    money_key(&caller)?;
    let side = match body.side.as_str() {
        "offer" | "sell" => Side::Offer,
        "request" | "buy" => Side::Request,
        _ => {
            return Err(Problem::invalid(
                "There is no such side.",
                "Send `offer` to sell or `request` to buy.",
            ));
        }
    };
    let item = Item::parse(&body.item).ok_or_else(|| {
        let words: Vec<&str> = Item::ALL.into_iter().map(Item::as_str).collect();
        Problem::not_found("kind of goods", format!("Goods are: {}.", words.join(", ")))
    })?;
    let order = EconomyAct::Order {
        side,
        item,
        count: body.count.unwrap_or(1),
        price: positive(body.price)?,
    };
    let me = caller.agent()?;
    let (outcome, done) = act(&app, &caller, me, order).await?;
    let EconomyOutcome::Ordered { order } = outcome else {
        return Err(Problem::internal("an order had another outcome"));
    };
    let answer = OrderAnswer {
        success: true,
        order,
    };
    let location = format!("{BASE}/economy/orders/{order}");
    let response = created(Json(answer).into_response(), &location);
    Ok(replayed(response, done.replayed))
}

/// Take an order back
///
/// What it held is free again at once. Needs an `Idempotency-Key`.
#[utoipa::path(delete, path = "/economy/orders/{order}", tag = "economy",
    params(("order" = String, Path, description = "The order's number")),
    security(("agent_key" = [])),
    responses((status = 200, description = "It is taken back", body = OrderAnswer)))]
async fn take_back(
    State(app): State<App>,
    caller: Caller,
    Path(order): Path<String>,
) -> Result<Response, Problem> {
    let key = money_key(&caller)?;
    let order: u64 = order.parse().map_err(|_no_number| {
        Problem::not_found("order", "An order's number is a whole number.")
    })?;
    let agent: AgentId = caller.agent()?;
    let command = Command::Act {
        agent,
        act: Act::Economy(EconomyAct::CancelOrder { order }),
    };
    let done = app.desk.command(Some(key), command, |_, _| {}).await?;
    let answer = OrderAnswer {
        success: true,
        order,
    };
    Ok(replayed(Json(answer).into_response(), done.replayed))
}
