//! What admins and moderators do with people and agents. All of it is in the audit log.

mod accounts;
mod agents;
mod audit;
mod part;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::problem::Problem;
use crate::state::App;

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 500;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(accounts::router())
        .merge(agents::router())
        .merge(audit::router())
}

/// Why.
#[derive(Default, Deserialize, ToSchema)]
struct ReasonBody {
    /// For the audit log, at most 500 characters.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

impl ReasonBody {
    fn checked(&self) -> Result<&str, Problem> {
        let reason = self.reason.as_deref().unwrap_or("").trim();
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(Problem::invalid(
                format!("A reason has at most {REASON_CHARS_MAX} characters."),
                "Shorten it.",
            ));
        }
        Ok(reason)
    }
}
