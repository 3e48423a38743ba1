//! The audit log, for admins.

use axum::extract::State;
use axum::response::Response;
use hamlet_store::AuditRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::part::{Part, bad_cursor, cursor};
use crate::http::Params;
use crate::identity::{Refusals, private};
use crate::problem::Problem;
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(audit))
}

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
struct AuditedBody {
    /// Its number, from 1.
    no: i64,
    /// RFC 3339.
    at: String,
    /// Who did it: `person:…`, `agent:…`, `anonymous:ADDRESS` or `system`.
    actor: String,
    /// What was done.
    act: String,
    /// To what.
    target: String,
    /// More.
    detail: serde_json::Value,
    /// Hash of this entry, which includes the one before.
    hash: String,
}

impl AuditedBody {
    fn of(row: &AuditRow) -> Self {
        Self {
            no: row.no,
            at: rfc3339(row.at_ms),
            actor: row.actor.clone(),
            act: row.act.clone(),
            target: row.target.clone(),
            detail: serde_json::from_str(&row.detail).unwrap_or_default(),
            hash: row.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
struct AuditBody {
    /// Always true.
    success: bool,
    /// This page.
    entries: Vec<AuditedBody>,
    /// Rows of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Where a list begins.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AuditOrder {
    /// With the first entry.
    #[default]
    Oldest,
    /// With the last one.
    Newest,
}

/// Which part of the audit log.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditParams {
    /// Rows at most: 1 to 100, else 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    cursor: Option<String>,
    /// `oldest`, or `newest`; else `oldest`. A cursor is for the order it was made in.
    #[param(inline)]
    order: Option<AuditOrder>,
}

/// The audit log
#[utoipa::path(get, path = "/admin/audit", tag = "admin", params(AuditParams),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "A page of it, oldest first unless `order=newest`", body = AuditBody), Refusals))]
async fn audit(
    State(app): State<App>,
    Params(params): Params<AuditParams>,
) -> Result<Response, Problem> {
    let page = Part {
        limit: params.limit,
        cursor: params.cursor,
    };
    let limit = page.limit()?;
    let from = match page.after()? {
        Some(from) => Some(from.parse::<i64>().map_err(|_no_number| bad_cursor())?),
        None => None,
    };
    let (store, rows) = (&app.store, limit + 1);
    let rows = match params.order.unwrap_or_default() {
        AuditOrder::Oldest => store.audit_page(from.unwrap_or(0).max(0), rows).await,
        AuditOrder::Newest => store.audit_page_back(from.unwrap_or(i64::MAX), rows).await,
    };
    let mut rows = rows.map_err(|source| {
        tracing::error!(%source, "the audit log cannot be read");
        Problem::unavailable("database", "The audit log cannot be read now.", 5)
    })?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| has_more);
    Ok(private(AuditBody {
        success: true,
        count: rows.len(),
        has_more,
        next_cursor: last.map(|row| cursor(&row.no.to_string())),
        entries: rows.iter().map(AuditedBody::of).collect(),
    }))
}
