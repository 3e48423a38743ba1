//! Cursors: where a page ended, opaque to clients.
//!
//! A cursor holds the sort key and the number of the last item, so that what is added meanwhile shifts nothing.
//! It is no secret: whoever made one up would find themselves at another place of the same list, which they may read anyway.
//! It ends in a checksum, so that one that was cut, mixed up or put together by hand is refused instead of leading somewhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Bytes a cursor may have.
const CURSOR_BYTES_MAX: usize = 512;

/// Bytes of the checksum.
const CHECK_BYTES: usize = 6;

/// What tells a cursor of ours from a text that looks like one.
fn checksum(bytes: &[u8]) -> [u8; CHECK_BYTES] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(b"hamlet cursor")
        .chain_update(bytes)
        .finalize()
        .into();
    std::array::from_fn(|i| hash[i])
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cursor {
    /// Which list, with its order and filters.
    #[serde(rename = "l")]
    pub(crate) list: String,
    /// Sort key of the last item.
    #[serde(rename = "k")]
    pub(crate) key: i64,
    /// Number of the last item.
    #[serde(rename = "n")]
    pub(crate) no: u32,
    /// For orders that depend on the time: when the first page was made, UTC milliseconds.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub(crate) at_ms: Option<i64>,
}

impl Cursor {
    /// As clients carry it.
    pub(crate) fn write(&self) -> String {
        // A struct of numbers and a string always has a JSON form.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.extend(checksum(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what a client carried back.
    ///
    /// # Errors
    /// 400 when it is no cursor, or one of another list.
    pub(crate) fn read(text: &str, list: &str) -> Result<Self, Problem> {
        let broken = || {
            Problem::new(
                axum::http::StatusCode::BAD_REQUEST,
                "bad_cursor",
                "The cursor makes no sense.",
                "Pass `next_cursor` of the page before on as it is, or leave it out to begin anew.",
            )
        };
        if text.len() > CURSOR_BYTES_MAX {
            return Err(broken());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_not_ours| broken())?;
        let (body, sum) = bytes.split_last_chunk::<CHECK_BYTES>().ok_or_else(broken)?;
        if checksum(body) != *sum {
            return Err(broken());
        }
        let cursor: Self = serde_json::from_slice(body).map_err(|_not_ours| broken())?;
        if cursor.list != list {
            return Err(Problem::new(
                axum::http::StatusCode::BAD_REQUEST,
                "bad_cursor",
                "The cursor is of another list.",
                "Keep `sort` and all filters as they were, or leave the cursor out to begin anew.",
            ));
        }
        Ok(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_whole_or_not_at_all() {
        let cursor = Cursor {
            list: "hot".to_owned(),
            key: -5,
            no: 7,
            at_ms: None,
        };
        let text = cursor.write();
        assert_eq!(Cursor::read(&text, "hot").unwrap(), cursor);
        let long = "A".repeat(10_000);
        let forged = serde_json::to_vec(&Cursor { no: 8, ..cursor }).unwrap();
        let forged = URL_SAFE_NO_PAD.encode(forged);
        for (text, list) in [
            (&*text, "new"),
            ("", "hot"),
            ("%%%", "hot"),
            (&long, "hot"),
            (&forged, "hot"),
        ] {
            let refused = Cursor::read(text, list).unwrap_err();
            assert_eq!((refused.status.as_u16(), refused.code), (400, "bad_cursor"));
        }
    }
}
