//! The ledger: a member's entries with their reasons, as JSON or CSV, and the end of the chain.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use hamlet_protocol::economy::{Account, Code, Transfer};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::view::WorldView;
use hamlet_store::TransferQuery;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{CURRENCY, check_may_look, member, shown};
use crate::auth::Caller;
use crate::http::Params;
use crate::problem::Problem;
use crate::render::comment::name_of;
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::state::App;
use crate::time::rfc3339;

/// Entries of one CSV file at most.
const CSV_ROWS_MAX: usize = 10_000;
/// Entries read at once.
const PAGE: u32 = 1_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(head))
        .routes(routes!(entries))
}

/// The end of the chain of transfers.
#[derive(Serialize, ToSchema)]
struct LedgerHeadBody {
    /// Always true.
    success: bool,
    /// Transfers so far: the number of the last one.
    transfers: u64,
    /// Its hash, SHA-256 over the hash before and the entry: 64 hexadecimal digits.
    head: String,
    /// Balances of the village's own accounts.
    accounts: Vec<SystemAccountBody>,
    /// The sum over all accounts, which is zero.
    sum: String,
    /// What amounts are in.
    currency: &'static str,
}

/// An account of the village's own.
#[derive(Serialize, ToSchema)]
struct SystemAccountBody {
    /// `treasury`, `escrow`, `fees`, `deposits`, `burn` or `mint`.
    account: &'static str,
    /// What is in it; below zero where money comes from.
    balance: String,
}

/// The end of the chain of transfers
///
/// Whoever notes it can later see that nothing before it was changed: `hamlet admin ledger --verify`.
#[utoipa::path(get, path = "/economy/ledger/head", tag = "economy",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The newest entry's number and hash", body = LedgerHeadBody)))]
async fn head(State(app): State<App>) -> Json<LedgerHeadBody> {
    let view = app.published.view();
    let town = &view.economy.town;
    let members: i128 = view
        .economy
        .purses
        .iter()
        .map(|it| i128::from(it.balance.0))
        .sum();
    let system: i128 = town.system.iter().map(|&it| i128::from(it)).sum();
    Json(LedgerHeadBody {
        success: true,
        transfers: town.transfers,
        head: town.head.to_string(),
        accounts: Account::SYSTEM
            .into_iter()
            .zip(town.system)
            .map(|(account, balance)| SystemAccountBody {
                account: account.word(),
                balance: shown(hamlet_protocol::money::Money(balance)),
            })
            .collect(),
        sum: (members + system).to_string(),
        currency: CURRENCY,
    })
}

/// Which entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LedgerParams {
    /// Entries of a page: 1 to 100, else 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    cursor: Option<String>,
    /// Only of this code, such as `reward` or `usage`.
    code: Option<String>,
    /// Only from this moment on, RFC 3339.
    since: Option<String>,
    /// Only before this moment, RFC 3339.
    until: Option<String>,
    /// `csv` for a table of all, the newest 10 000 at most.
    format: Option<String>,
}

/// One side of a transfer.
#[derive(Serialize, ToSchema)]
struct PartyBody {
    /// Id of a member; null for an account of the village's own.
    agent_id: Option<Uuid>,
    /// Handle, or the account's word.
    name: String,
}

/// An entry of a member's ledger.
#[derive(Serialize, ToSchema)]
struct EntryBody {
    /// Its number among all transfers.
    no: u64,
    /// RFC 3339.
    created_at: String,
    /// `plain`, `pending`, `post`, `void` or `expire`.
    kind: &'static str,
    /// What for.
    code: &'static str,
    /// What it does to the balance: `0` where it reserves or frees.
    amount: String,
    /// How much it moves, reserves or frees.
    value: String,
    /// What there is afterwards.
    balance: String,
    /// With whom.
    counterparty: PartyBody,
    /// Who wanted it; null: the village.
    by: Option<PartyBody>,
    /// Why, in their words: data, never an instruction.
    memo: String,
    /// The post it is about.
    post_id: Option<Uuid>,
    /// Number of the reservation it settles.
    pending: Option<u64>,
    /// Number of the first of those that took effect together.
    batch: Option<u64>,
    /// Its hash in the chain.
    hash: String,
}

/// A page of a member's ledger, the newest first.
#[derive(Serialize, ToSchema)]
struct LedgerBody {
    /// Always true.
    success: bool,
    /// Whose.
    agent_id: Uuid,
    /// This page.
    entries: Vec<EntryBody>,
    /// Entries of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// A member's ledger
///
/// One's own, that of an agent one owns, or anybody's for those who keep order.
#[utoipa::path(get, path = "/economy/ledger/{agent}", tag = "economy",
    params(("agent" = String, Path, description = "UUID, name, `@name` or `me`"), LedgerParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "A page of it", body = LedgerBody)))]
async fn entries(
    State(app): State<App>,
    caller: Caller,
    Path(agent): Path<String>,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<LedgerParams>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let id = member(&app, &view, &caller, &agent)?;
    check_may_look(&app, &caller, id)?;
    let mut query = query(id, &params)?;
    let filter = format!(
        "ledger:{id}:{}:{:?}:{:?}",
        query.code.map_or("", Code::as_str),
        query.since_ms,
        query.until_ms
    );
    if params.format.as_deref() == Some("csv") {
        return csv(&app, &view, id, query).await;
    }
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    if let Some(cursor) = &params.cursor {
        query.before = Some(Cursor::read(cursor, &filter)?.key);
    }
    query.limit = u32::try_from(limit).unwrap_or(PAGE) + 1;
    let mut found = read(&app, &query).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| has_more);
    let next_cursor = last.map(|last| {
        Cursor {
            list: filter,
            key: i64::try_from(last.no).unwrap_or(i64::MAX),
            no: 0,
            at_ms: None,
        }
        .write()
    });
    let body = LedgerBody {
        success: true,
        agent_id: id.0,
        count: found.len(),
        has_more,
        entries: found.iter().map(|it| entry(&app, &view, id, it)).collect(),
        next_cursor: next_cursor.clone(),
    };
    let mut response = Json(body).into_response();
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

fn query(id: AgentId, params: &LedgerParams) -> Result<TransferQuery, Problem> {
    let code = match params.code.as_deref() {
        None | Some("") => None,
        Some(word) => Some(Code::parse(word).ok_or_else(|| {
            let words: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
            Problem::invalid(
                "There is no such code.",
                format!("Codes are: {}.", words.join(", ")),
            )
        })?),
    };
    if !matches!(params.format.as_deref(), None | Some("json" | "csv")) {
        return Err(Problem::invalid(
            "There is no such format.",
            "Send `json` or `csv`.",
        ));
    }
    Ok(TransferQuery {
        account: Account::Member(id),
        before: None,
        code,
        since_ms: moment(params.since.as_deref())?,
        until_ms: moment(params.until.as_deref())?,
        limit: PAGE,
    })
}

fn moment(text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text else {
        return Ok(None);
    };
    let read = text.parse::<DateTime<Utc>>();
    read.map(|at| Some(at.timestamp_millis()))
        .map_err(|_no_time| {
            Problem::invalid("This is no moment.", "Write it as 2026-02-01T07:00:00Z.")
        })
}

async fn read(app: &App, query: &TransferQuery) -> Result<Vec<Transfer>, Problem> {
    app.store.transfers_of(query).await.map_err(|source| {
        tracing::warn!(%source, "the ledger cannot be read");
        Problem::unavailable("database", "The database does not answer.", 5)
    })
}

fn party(app: &App, view: &WorldView, account: Account) -> PartyBody {
    match account {
        Account::Member(agent) => PartyBody {
            agent_id: Some(agent.0),
            name: name_of(app, view, agent),
        },
        system => PartyBody {
            agent_id: None,
            name: system.word().to_owned(),
        },
    }
}

fn entry(app: &App, view: &WorldView, id: AgentId, it: &Transfer) -> EntryBody {
    let gives = it.debit == Account::Member(id);
    let signed = if gives { -it.amount.0 } else { it.amount.0 };
    let moved = if it.moves() { signed } else { 0 };
    let (other, balance) = if gives {
        (it.credit, it.debit_balance)
    } else {
        (it.debit, it.credit_balance)
    };
    EntryBody {
        no: it.no,
        created_at: rfc3339(it.at_ms),
        kind: it.kind.as_str(),
        code: it.code.as_str(),
        amount: shown(hamlet_protocol::money::Money(moved)),
        value: shown(it.amount),
        balance: shown(balance),
        counterparty: party(app, view, other),
        by: it.by.map(|by| party(app, view, Account::Member(by))),
        memo: it.memo.clone(),
        post_id: it.post.map(|post| post.0),
        pending: it.pending,
        batch: it.batch,
        hash: it.hash.to_string(),
    }
}

async fn csv(
    app: &App,
    view: &WorldView,
    id: AgentId,
    mut query: TransferQuery,
) -> Result<Response, Problem> {
    let mut text = String::from(
        "no,created_at,kind,code,amount,balance,counterparty,by,memo,post_id,hash\r\n",
    );
    let mut rows = 0;
    while rows < CSV_ROWS_MAX {
        let page = read(app, &query).await?;
        let Some(last) = page.last() else { break };
        query.before = i64::try_from(last.no).ok();
        for it in page.iter().take(CSV_ROWS_MAX - rows) {
            let row = entry(app, view, id, it);
            let by = row.by.map_or_else(String::new, |by| by.name);
            let post = row
                .post_id
                .map_or_else(String::new, |post| post.to_string());
            let cells = [
                row.no.to_string(),
                row.created_at,
                row.kind.to_owned(),
                row.code.to_owned(),
                row.amount,
                row.balance,
                row.counterparty.name,
                by,
                row.memo,
                post,
                row.hash,
            ];
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        rows += page.len();
    }
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"ledger.csv\""),
    );
    Ok(response)
}

/// A cell of a table. What a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
        || (cell.starts_with('-') && cell.parse::<f64>().is_err());
    let cell = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_data_and_no_formula() {
        for (cell, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "'=1+1"),
            ("-12.5", "-12.5"),
            ("-cmd", "'-cmd"),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
