//! Money from outside: credited by hand by an admin, each transaction once, and compared with a statement.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::economy::command::{EconomyCommand, EconomyOutcome};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::{Amount, Money};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::statement;
use super::{member, money_key, order, positive, shown};
use crate::auth::Caller;
use crate::http::{Input, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::comment::name_of;
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::router::BASE;
use crate::routes::{created, replayed};
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, credit))
        .routes(routes!(reconcile))
}

/// Money that came from outside.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewDeposit {
    /// Whom it is for: id, name or `@name`.
    agent_id: String,
    /// How much, above zero: a decimal string or a number, at most 6 decimals.
    #[schema(value_type = String, example = "25")]
    amount: Amount,
    /// The transaction's id with PayPal; each counts once.
    paypal_txn_id: String,
    /// What else is known of it.
    note: Option<String>,
}

/// Money that came from outside.
#[derive(Serialize, ToSchema)]
struct DepositBody {
    /// The transaction's id.
    paypal_txn_id: String,
    /// Who has it.
    agent_id: Uuid,
    /// Their handle.
    agent: String,
    /// How much.
    amount: String,
    /// Number of the transfer.
    transfer: u64,
    /// What else is known of it.
    note: String,
    /// RFC 3339.
    created_at: String,
}

/// What came of a deposit.
#[derive(Serialize, ToSchema)]
struct DepositAnswer {
    /// Always true.
    success: bool,
    /// The deposit.
    deposit: DepositBody,
    /// What the agent has now.
    balance: String,
}

/// Credit money from outside
///
/// Each transaction counts once: the same id again is 409. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/deposits", tag = "economy", request_body = NewDeposit,
    security(("access_token" = ["admin"])),
    responses((status = 201, description = "It is credited", body = DepositAnswer),
        (status = 404, description = "No such agent", body = ProblemBody, content_type = "application/problem+json")))]
async fn credit(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<NewDeposit>,
) -> Result<Response, Problem> {
    money_key(&caller)?;
    let amount = positive(body.amount)?;
    let view = app.published.view();
    let id = member(&app, &view, &caller, &body.agent_id)?;
    let txn = body.paypal_txn_id.trim().to_owned();
    let note = body.note.unwrap_or_default();
    let command = EconomyCommand::Deposit {
        agent: id,
        amount,
        txn: txn.clone(),
        note: note.clone(),
    };
    let target = format!("deposit:{txn}");
    let (outcome, done) = order(&app, &caller, target, "economy.deposit", command).await?;
    let EconomyOutcome::Transferred {
        transfer, balance, ..
    } = outcome
    else {
        return Err(Problem::internal("a deposit had another outcome"));
    };
    let location = format!("{BASE}/economy/deposits?paypal_txn_id={txn}");
    let answer = DepositAnswer {
        success: true,
        deposit: DepositBody {
            paypal_txn_id: txn,
            agent_id: id.0,
            agent: name_of(&app, &view, id),
            amount: shown(amount),
            transfer,
            note,
            created_at: rfc3339(app.clock.now_ms()),
        },
        balance: shown(balance),
    };
    let response = created(Json(answer).into_response(), &location);
    Ok(replayed(response, done.replayed))
}

/// Which deposits.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DepositParams {
    /// Rows of a page: 1 to 100, else 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    cursor: Option<String>,
    /// Only the one with this transaction's id.
    paypal_txn_id: Option<String>,
}

/// Deposits, the newest first.
#[derive(Serialize, ToSchema)]
struct DepositsBody {
    /// Always true.
    success: bool,
    /// This page.
    deposits: Vec<DepositBody>,
    /// Rows of this page.
    count: usize,
    /// All deposits.
    total: usize,
    /// What all of them come to.
    total_amount: String,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// All deposits, for reconciliation
#[utoipa::path(get, path = "/economy/deposits", tag = "economy", params(DepositParams),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "A page of deposits", body = DepositsBody)))]
async fn list(
    State(app): State<App>,
    Params(params): Params<DepositParams>,
) -> Result<Json<DepositsBody>, Problem> {
    const LIST: &str = "deposits";
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let before = match &params.cursor {
        Some(cursor) => Cursor::read(cursor, LIST)?.key,
        None => i64::MAX,
    };
    let view = app.published.view();
    let all = &view.economy.deposits;
    let key = |transfer: u64| i64::try_from(transfer).unwrap_or(i64::MAX);
    let only = params.paypal_txn_id.as_ref();
    let newest = (0..all.len()).rev().filter_map(|at| all.get(at));
    let mut found: Vec<_> = newest
        .filter(|row| key(row.1.transfer) < before && only.is_none_or(|only| *only == row.0))
        .take(limit + 1)
        .collect();
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|row| {
        Cursor {
            list: LIST.to_owned(),
            key: key(row.1.transfer),
            no: 0,
            at_ms: None,
        }
        .write()
    });
    let deposits: Vec<DepositBody> = found
        .into_iter()
        .map(|row| {
            let (txn, it) = row.as_ref();
            let id: AgentId = app.ids.make(u64::from(it.agent));
            DepositBody {
                paypal_txn_id: txn.clone(),
                agent_id: id.0,
                agent: name_of(&app, &view, id),
                amount: shown(Money(it.amount)),
                transfer: it.transfer,
                note: it.note.clone(),
                created_at: rfc3339(it.at_ms),
            }
        })
        .collect();
    let sum: i64 = all
        .iter()
        .map(|row| row.1.amount)
        .fold(0, i64::saturating_add);
    Ok(Json(DepositsBody {
        success: true,
        count: deposits.len(),
        deposits,
        total: all.len(),
        total_amount: shown(Money(sum)),
        has_more,
        next_cursor: next,
    }))
}

/// A statement to compare with.
#[derive(Debug, Deserialize, ToSchema)]
struct StatementBody {
    /// The statement as CSV with a line of names: `Transaction ID,Gross,…` as PayPal writes it, or `txn,amount,agent`.
    csv: String,
    /// Whether what names an agent and was not credited yet is credited now.
    #[serde(default)]
    credit: bool,
}

/// A row of a statement, compared.
#[derive(Serialize, ToSchema)]
struct ComparedBody {
    /// Its line in the statement; null: it is not in it.
    line: Option<usize>,
    /// The transaction's id.
    paypal_txn_id: String,
    /// What the statement says; null: no amount.
    stated: Option<String>,
    /// What was credited; null: nothing.
    credited: Option<String>,
    /// `matched`, `differs`, `not_credited`, `credited_now`, `unreadable`, `unknown_agent`, `repeated` (its transaction stands further up already) or `not_in_statement`.
    state: &'static str,
}

/// What came of comparing.
#[derive(Serialize, ToSchema)]
struct ReconciledBody {
    /// Always true.
    success: bool,
    /// Rows of the statement, then deposits that it does not have.
    rows: Vec<ComparedBody>,
    /// How many of each state there are.
    counts: BTreeMap<&'static str, usize>,
}

/// Compare deposits with a statement
///
/// With `credit` what names an agent and is not credited yet is credited, each transaction once. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/deposits/reconcile", tag = "economy", request_body = StatementBody,
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "Row by row", body = ReconciledBody)))]
async fn reconcile(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<StatementBody>,
) -> Result<Json<ReconciledBody>, Problem> {
    let key = money_key(&caller)?.clone();
    let stated = statement::read(&body.csv)?;
    let view = app.published.view();
    let credited = view.economy.deposits.iter();
    let credited: BTreeMap<&str, i64> =
        credited.map(|row| (row.0.as_str(), row.1.amount)).collect();
    let mut rows = Vec::with_capacity(stated.len());
    let mut seen = BTreeSet::new();
    for row in &stated {
        let mut compared = compare(row, credited.get(row.txn.as_str()).copied());
        if !seen.insert(row.txn.as_str()) {
            compared.state = "repeated";
        }
        if body.credit && compared.state == "not_credited" {
            let mut caller = caller.clone();
            caller.idempotency = Some(crate::village::IdempotencyKey {
                key: format!("{}:{}", key.key, row.txn),
                ..key.clone()
            });
            compared.state = credit_row(&app, &view, &caller, row).await?;
        }
        rows.push(compared);
    }
    let missing = credited.iter().filter(|(txn, _)| !seen.contains(**txn));
    rows.extend(missing.map(|(&txn, &amount)| ComparedBody {
        line: None,
        paypal_txn_id: txn.to_owned(),
        stated: None,
        credited: Some(shown(Money(amount))),
        state: "not_in_statement",
    }));
    let mut counts = BTreeMap::new();
    for row in &rows {
        *counts.entry(row.state).or_default() += 1;
    }
    Ok(Json(ReconciledBody {
        success: true,
        rows,
        counts,
    }))
}

fn compare(row: &statement::StatementRow, known: Option<i64>) -> ComparedBody {
    let state = match (row.amount, known) {
        (None, _) => "unreadable",
        (Some(stated), Some(credited)) if stated.0 == credited => "matched",
        (Some(_), Some(_)) => "differs",
        (Some(_), None) => "not_credited",
    };
    ComparedBody {
        line: Some(row.line),
        paypal_txn_id: row.txn.clone(),
        stated: row.amount.map(shown),
        credited: known.map(|amount| shown(Money(amount))),
        state,
    }
}

async fn credit_row(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    row: &statement::StatementRow,
) -> Result<&'static str, Problem> {
    let Some((amount, wanted)) = row.amount.zip(row.agent.as_deref()) else {
        return Ok("not_credited");
    };
    let Ok(id) = member(app, view, caller, wanted) else {
        return Ok("unknown_agent");
    };
    let command = EconomyCommand::Deposit {
        agent: id,
        amount,
        txn: row.txn.clone(),
        note: format!("statement, line {}", row.line),
    };
    let target = format!("deposit:{}", row.txn);
    match order(app, caller, target, "economy.deposit", command).await {
        Ok(_) => Ok("credited_now"),
        Err(refused) if refused.status.is_client_error() => Ok("not_credited"),
        Err(refused) => Err(refused),
    }
}
