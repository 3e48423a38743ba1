//! How operations of identity answer: the refusals they share, declared once, and the headers of what they make.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response as Answer};
use serde::Serialize;
use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

/// Declares the refusals.
pub(crate) struct Refusals;

const ALL: [(&str, &str); 12] = [
    ("400", "The request makes no sense"),
    ("401", "No key, or one that is not good"),
    ("403", "Not allowed to whoever asks"),
    ("404", "No such thing"),
    ("408", "The request took too long"),
    ("409", "It contradicts what is there"),
    ("413", "The body is too large"),
    ("415", "The body is not JSON"),
    (
        "422",
        "The body's values make no sense, or the Idempotency-Key was used for another request",
    ),
    (
        "429",
        "Too many requests; Retry-After says when to come again",
    ),
    ("500", "A fault of the server"),
    ("503", "Not now; Retry-After says when to come again"),
];

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let body = || Ref::from_schema_name("ProblemBody");
        let answer = |text: &str| {
            let content = ContentBuilder::new().schema(Some(body())).build();
            ResponseBuilder::new()
                .description(text)
                .content("application/problem+json", content)
                .build()
        };
        ALL.into_iter()
            .map(|(status, text)| (status.to_owned(), RefOr::T(answer(text))))
            .collect()
    }
}

/// An answer that no cache may keep, since it may hold a secret.
pub(crate) fn private(body: impl Serialize) -> Answer {
    let mut answer = Json(body).into_response();
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The same, said to be the outcome of an earlier request where it is.
pub(crate) fn private_again(replayed: bool, body: impl Serialize) -> Answer {
    crate::routes::replayed(private(body), replayed)
}

/// The answer to what made something: 201 and where it is.
pub(crate) fn created(replayed: bool, location: &str, body: impl Serialize) -> Answer {
    crate::routes::created(private_again(replayed, body), location)
}

/// It was done; there is nothing more to say.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct DoneBody {
    /// Always true.
    success: bool,
    /// What was done, as a sentence.
    message: String,
}

/// Says that it was done.
pub(crate) fn done(message: impl Into<String>) -> Answer {
    private(DoneBody {
        success: true,
        message: message.into(),
    })
}
