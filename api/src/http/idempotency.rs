//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): accepted on every unsafe request.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::body::{self, whole};
use super::upload::{FORM_BYTES_MAX, is_form};
use crate::auth::Principal;
use crate::problem::Problem;
use crate::state::App;
use crate::village::IdempotencyKey;

/// Bytes a key may have.
const KEY_BYTES_MAX: usize = 255;

/// A request's key and what the request says, before it is known who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyHeader {
    key: String,
    fingerprint: [u8; 32],
}

impl IdempotencyHeader {
    /// The key as one of this caller's: nobody gets at the outcomes of others.
    #[must_use]
    pub fn scoped(&self, principal: &Principal, address: IpAddr) -> IdempotencyKey {
        let scope = match principal {
            Principal::Anonymous => format!("address:{address}"),
            Principal::Agent { agent, .. } => format!("agent:{agent}"),
            Principal::Person { account } => format!("person:{}", account.id),
        };
        IdempotencyKey {
            scope,
            key: self.key.clone(),
            fingerprint: self.fingerprint,
        }
    }
}

/// Reads the key of an unsafe request and takes its fingerprint: method, path with query, body.
pub(super) async fn read_idempotency<F: Future<Output = Response>>(
    app: &App,
    request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response {
    if request.method().is_safe() || !request.headers().contains_key("idempotency-key") {
        return next(request).await;
    }
    let bytes_max = if is_form(&request) {
        FORM_BYTES_MAX
    } else {
        body::bytes_max(app, request.uri())
    };
    match with_fingerprint(request, bytes_max).await {
        Ok(request) => next(request).await,
        Err(refused) => refused.into_response(),
    }
}

async fn with_fingerprint(request: Request, bytes_max: usize) -> Result<Request, Problem> {
    let key = request
        .headers()
        .get("idempotency-key")
        .and_then(|value| value.to_str().ok())
        .and_then(key_in)
        .ok_or_else(|| {
            Problem::invalid(
                "The Idempotency-Key makes no sense.",
                "Send 1 to 255 visible ASCII characters, such as a UUID.",
            )
        })?
        .to_owned();
    let (parts, body) = request.into_parts();
    let bytes = whole(body, bytes_max).await?;
    let mut hasher = Sha256::new();
    hasher.update(parts.method.as_str());
    hasher.update([0]);
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    hasher.update(path);
    hasher.update([0]);
    hasher.update(&bytes);
    let fingerprint = hasher.finalize().into();
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request
        .extensions_mut()
        .insert(IdempotencyHeader { key, fingerprint });
    Ok(request)
}

/// The key in a header: as it is, or in quotes as the draft writes it.
fn key_in(value: &str) -> Option<&str> {
    let quoted = |value: &str| value.len() > 1 && value.starts_with('"') && value.ends_with('"');
    let key = if quoted(value) {
        &value[1..value.len() - 1]
    } else {
        value
    };
    let good = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    ((1..=KEY_BYTES_MAX).contains(&key.len()) && key.bytes().all(good)).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_its_description_says() {
        assert_eq!(key_in("a-1!"), Some("a-1!"));
        assert_eq!(key_in("\"a-1\""), Some("a-1"));
        assert!(key_in(&"k".repeat(KEY_BYTES_MAX)).is_some());
        assert!(key_in(&"k".repeat(KEY_BYTES_MAX + 1)).is_none());
        for bad in ["", "\"", "\"\"", "a b", "a\tb", "\"a", "a\"b", "\"\"a\"\""] {
            assert_eq!(key_in(bad), None, "{bad:?}");
        }
    }
}
