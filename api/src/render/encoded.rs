//! JSON bodies with an `ETag`, and 304 for those who have them already.

use std::hash::Hasher;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::problem::Problem;

/// How long an answer may be used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// The same for everybody; to be asked for again each time.
    Shared,
    /// Differs by who asks; to be asked for again each time.
    Own,
    /// The same for everybody and for ever.
    Immutable,
}

/// A JSON body, encoded, with its `ETag`.
#[derive(Clone, Debug)]
pub(crate) struct Encoded {
    bytes: Bytes,
    etag: HeaderValue,
}

impl Encoded {
    /// Encodes a body.
    ///
    /// # Errors
    /// 500 when it cannot be encoded, which is a fault of ours.
    pub(crate) fn json(body: &impl Serialize) -> Result<Self, Problem> {
        let bytes = serde_json::to_vec(body)
            .map_err(|source| Problem::internal(&format!("a body cannot be encoded: {source}")))?;
        Ok(Self {
            etag: etag(&bytes),
            bytes: bytes.into(),
        })
    }

    /// What tells this state of it from others.
    pub(crate) fn etag(&self) -> &HeaderValue {
        &self.etag
    }

    /// The answer: 200 with the body, or 304 for those who have it.
    pub(crate) fn answer(&self, request: &HeaderMap, caching: Caching) -> Response {
        answer(
            request,
            caching,
            &self.etag,
            HeaderValue::from_static("application/json"),
            self.bytes.clone(),
        )
    }
}

/// The answer for a body of any kind: 200, or 304 for those who have it.
pub(crate) fn answer(
    request: &HeaderMap,
    caching: Caching,
    etag: &HeaderValue,
    kind: HeaderValue,
    bytes: Bytes,
) -> Response {
    let mut response = if has(request, etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, kind)], bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, etag.clone());
    let cache_control = match caching {
        Caching::Shared => "no-cache",
        Caching::Own => "private, no-cache",
        Caching::Immutable => "public, max-age=31536000, immutable",
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
    if caching == Caching::Own {
        headers.insert(VARY, HeaderValue::from_static("authorization"));
    }
    response
}

/// The tag of a body: a hash of its bytes. It tells versions apart and keeps no secret.
fn etag(bytes: &[u8]) -> HeaderValue {
    #[expect(
        deprecated,
        reason = "its keys are fixed, so that a tag outlives a restart"
    )]
    let mut hasher = std::hash::SipHasher::new();
    hasher.write(bytes);
    let tag = format!("\"{:016x}\"", hasher.finish());
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// Whether the request says that its sender has this version.
fn has(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else {
        return false;
    };
    request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_have_it_get_no_body() {
        let body = Encoded::json(&serde_json::json!({"a": 1})).unwrap();
        let mut headers = HeaderMap::new();
        let fresh = body.answer(&headers, Caching::Own);
        assert_eq!(fresh.status(), StatusCode::OK);
        let etag = fresh.headers()[ETAG].clone();
        for (value, status) in [
            (etag.to_str().unwrap().to_owned(), StatusCode::NOT_MODIFIED),
            (
                format!("\"x\", W/{}", etag.to_str().unwrap()),
                StatusCode::NOT_MODIFIED,
            ),
            ("*".to_owned(), StatusCode::NOT_MODIFIED),
            ("\"x\"".to_owned(), StatusCode::OK),
        ] {
            headers.insert(IF_NONE_MATCH, HeaderValue::from_str(&value).unwrap());
            assert_eq!(
                body.answer(&headers, Caching::Own).status(),
                status,
                "{value}"
            );
        }
    }
}
