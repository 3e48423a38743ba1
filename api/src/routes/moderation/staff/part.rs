//! Which part of a list: where its pages begin and end.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::problem::Problem;

/// Rows of a list when nothing is said.
const LIMIT: u32 = 25;
/// Rows of a list at most.
const LIMIT_MAX: u32 = 100;

/// Which part of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// Rows at most: 1 to 100, else 25.
    #[param(minimum = 1, maximum = 100)]
    pub(super) limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    pub(super) cursor: Option<String>,
}

impl Part {
    pub(super) fn limit(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(LIMIT) {
            limit @ 1..=LIMIT_MAX => Ok(limit),
            _ => Err(Problem::invalid(
                "The limit is out of range.",
                format!("Send 1 to {LIMIT_MAX}."),
            )),
        }
    }

    /// What the last page ended with.
    pub(super) fn after(&self) -> Result<Option<String>, Problem> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
        String::from_utf8(bytes)
            .ok()
            .filter(|after| !after.is_empty())
            .map(Some)
            .ok_or_else(bad_cursor)
    }
}

pub(super) fn cursor(last: &str) -> String {
    URL_SAFE_NO_PAD.encode(last)
}

pub(super) fn bad_cursor() -> Problem {
    Problem::invalid(
        "This cursor was not made here.",
        "Send `next_cursor` of the page before as it is, or leave it out to begin.",
    )
}
