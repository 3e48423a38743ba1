//! One file per family of routes: extract, command or lookup, respond.

pub(crate) mod agents;
pub(crate) mod assets;
pub(crate) mod auth;
pub(crate) mod board;
pub(crate) mod bounties;
pub(crate) mod capabilities;
pub(crate) mod chats;
pub(crate) mod claim;
pub(crate) mod comments;
pub(crate) mod deeds;
pub(crate) mod dms;
pub(crate) mod economy;
pub(crate) mod edits;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod following;
pub(crate) mod groups;
pub(crate) mod home;
pub(crate) mod ignores;
pub(crate) mod keys;
pub(crate) mod memories;
pub(crate) mod minds;
pub(crate) mod moderation;
pub(crate) mod moods;
pub(crate) mod notifications;
pub(crate) mod operation;
pub(crate) mod people;
pub(crate) mod perception;
pub(crate) mod posts;
pub(crate) mod presence;
pub(crate) mod register;
pub(crate) mod reputation;
pub(crate) mod search;
pub(crate) mod staff_chats;
pub(crate) mod standing;
pub(crate) mod submolts;
pub(crate) mod time;
pub(crate) mod votes;
pub(crate) mod webhooks;
pub(crate) mod world;

use axum::http::header::LOCATION;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An answer, marked where it is that of an earlier request with the same `Idempotency-Key`.
pub(crate) fn replayed(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response
            .headers_mut()
            .insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}

/// An answer that says that something exists now, and where.
pub(crate) fn created(mut response: Response, location: &str) -> Response {
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
