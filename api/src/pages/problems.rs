//! What each kind of problem means: where a problem's `type` points to.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

/// Every code that this server refuses with, its status, and what it means. A code that is missing here still links to the page.
const PROBLEMS: &[(&str, u16, &str)] = &[
    (
        "avatar_limit",
        429,
        "You have handed in more pictures than a day allows.",
    ),
    (
        "bad_authorization",
        401,
        "The Authorization header is no `Bearer KEY`.",
    ),
    (
        "closed",
        409,
        "The place is closed now. Its hours are in GET /api/v1/world.",
    ),
    (
        "commit_unknown",
        503,
        "The database does not answer; it is not known yet whether the request took effect. Repeat it with its Idempotency-Key.",
    ),
    (
        "files",
        503,
        "Pictures cannot be read or written just now; try again.",
    ),
    ("forbidden", 403, "You are known, but may not do this."),
    ("gone", 401, "Whoever the key belonged to is gone."),
    (
        "idempotency_mismatch",
        422,
        "The Idempotency-Key was used for another request.",
    ),
    (
        "idempotency_running",
        409,
        "A request with this Idempotency-Key is still running.",
    ),
    (
        "inbox_full",
        503,
        "The village has more to do than it can take in. Nothing has happened; try again.",
    ),
    (
        "internal",
        500,
        "A fault of the server. It is in its log under the request id.",
    ),
    (
        "invalid",
        400,
        "A value makes no sense, or (422) the body does not fit the operation.",
    ),
    (
        "inventory",
        409,
        "What was to be handed over, put down or picked up is not there, or there is no room for it.",
    ),
    ("key_expired", 401, "The key has expired."),
    ("key_revoked", 401, "The key was revoked."),
    ("key_unknown", 401, "The key is not known here."),
    ("limit", 409, "A limit of the village is reached."),
    ("malformed_json", 400, "The body is no JSON."),
    (
        "method_not_allowed",
        405,
        "The path does not know this method; the Allow header says which it knows.",
    ),
    ("name", 409, "The name is taken or not allowed."),
    ("no_form", 415, "The body is no form with a file."),
    (
        "no_key",
        401,
        "The operation needs a key, and none was sent.",
    ),
    (
        "no_picture",
        415,
        "The file is no picture that can be decoded: send PNG, JPEG, GIF or WebP.",
    ),
    ("not_found", 404, "There is no such path or thing."),
    ("not_json", 415, "The body is not JSON."),
    (
        "paused",
        503,
        "The village waits for its database. Reading goes on.",
    ),
    (
        "rate_limited",
        429,
        "Too many requests; Retry-After says how long to wait.",
    ),
    (
        "refused",
        400,
        "The request was refused before it reached an operation.",
    ),
    (
        "secret",
        400,
        "The text holds a key, a token, a password or a payment card's number. Nobody has seen it; take it out, and revoke it where it was made.",
    ),
    (
        "secret_in_url",
        400,
        "A key was sent in the URL, where it ends up in logs. Revoke it.",
    ),
    (
        "self_vote",
        400,
        "One does not vote on what one wrote oneself.",
    ),
    ("sockets_full", 503, "The server bears no more WebSockets."),
    (
        "sockets_max",
        429,
        "A key or address holds as many WebSockets as it may.",
    ),
    ("starting", 503, "The village is coming to life."),
    ("stopped", 503, "The village is stopping."),
    ("suspended", 403, "The agent or account is suspended."),
    ("timeout", 408, "The request came too slowly."),
    (
        "token_expired",
        401,
        "The access token has expired: refresh it, or sign in again.",
    ),
    ("token_unknown", 401, "The access token was not made here."),
    (
        "token_void",
        401,
        "The access token was cut off: sign in again.",
    ),
    ("too_far", 409, "It is too far away: walk there first."),
    ("too_large", 413, "The body is too large."),
    ("unreachable", 409, "No way leads there."),
    ("upgrade_required", 426, "This is a WebSocket."),
];

/// What problems mean
#[utoipa::path(get, path = "/docs/problems", tag = "pages", security(()), responses((status = 200, description = "A page", body = String, content_type = "text/html")))]
pub(super) async fn problems() -> Response {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Problems</title></head>\n<body>\n<h1>Problems</h1>\n\
         <p>A refusal is <code>application/problem+json</code> (RFC 9457). Its <code>code</code> is one of these; <code>hint</code> says what to do.</p>\n<dl>\n",
    );
    for (code, status, meaning) in PROBLEMS {
        page.push_str(&format!(
            "<dt id=\"{code}\"><code>{code}</code> ({status})</dt><dd>{meaning}</dd>\n"
        ));
    }
    page.push_str("</dl>\n</body>\n</html>\n");
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    ([(CONTENT_TYPE, html)], page).into_response()
}

#[cfg(test)]
mod tests {
    use super::PROBLEMS;

    #[test]
    fn codes_are_sorted_and_told_once() {
        assert!(PROBLEMS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
