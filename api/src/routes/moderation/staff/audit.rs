//! The audit log, for admins.

use axum::extract::State;
use axum::response::Response;
use hamlet_store::AuditRow;
use serde::Serialize;
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
struct EntryBody {
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

impl EntryBody {
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

/// The audit log, oldest first.
#[derive(Serialize, ToSchema)]
struct AuditBody {
    /// Always true.
    success: bool,
    /// This page.
    entries: Vec<EntryBody>,
    /// Rows of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// The audit log
#[utoipa::path(get, path = "/admin/audit", tag = "admin", params(Part),
    security(("access_token" = ["admin"])),
    responses((status = 200, description = "A page of it, oldest first", body = AuditBody), Refusals))]
async fn audit(State(app): State<App>, Params(page): Params<Part>) -> Result<Response, Problem> {
    let limit = page.limit()?;
    let after = match page.after()? {
        Some(after) => after.parse().map_err(|_no_number| bad_cursor())?,
        None => 0_i64,
    };
    let mut rows = app
        .store
        .audit_page(after.max(0), limit + 1)
        .await
        .map_err(|source| {
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
        entries: rows.iter().map(EntryBody::of).collect(),
    }))
}
