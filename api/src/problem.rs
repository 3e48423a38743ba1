//! What a client gets when something is refused: problem details (RFC 9457) with the members Moltbook's clients read, in one object.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::command::{Rejection, RejectionCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Media type of a problem.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A refusal with its reason and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {detail}")]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// For programs: one word in snake case, stable.
    pub code: &'static str,
    /// What is wrong, as a sentence.
    pub detail: String,
    /// What to do, as a sentence.
    pub hint: String,
    /// Seconds after which to try again.
    pub retry_after_secs: Option<u64>,
    /// Single faults of a request's parts.
    pub faults: Vec<FieldFault>,
}

/// What is wrong with one part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldFault {
    /// Which part, such as `/title`.
    pub pointer: String,
    /// What is wrong with it.
    pub detail: String,
}

/// The body of every refusal.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProblemBody {
    /// Always false.
    pub success: bool,
    /// A link to what this kind of problem means.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What is wrong, as a sentence.
    pub detail: String,
    /// The same, where Moltbook's clients look for it.
    pub error: String,
    /// The same again, for those that read `message`.
    pub message: String,
    /// What to do, as a sentence.
    pub hint: String,
    /// For programs: one word, stable.
    pub code: String,
    /// Seconds after which to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
    /// The same, for clients that read camel case.
    #[serde(rename = "retryAfter", skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The request's path; filled in on the way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The request's id, as in the logs; filled in on the way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Single faults.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldFault>,
}

impl Problem {
    /// A refusal.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            hint: hint.into(),
            retry_after_secs: None,
            faults: Vec::new(),
        }
    }

    /// 404: there is no such thing.
    pub fn not_found(what: &str, hint: impl Into<String>) -> Self {
        let detail = format!("There is no such {what}.");
        Self::new(StatusCode::NOT_FOUND, "not_found", detail, hint)
    }

    /// 400: a value makes no sense.
    pub fn invalid(detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid", detail, hint)
    }

    /// 403: known, but not allowed.
    pub fn forbidden(detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail, hint)
    }

    /// 401: nobody is known to have sent this.
    pub fn unauthorized(
        code: &'static str,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail, hint)
    }

    /// 409: it contradicts what is there.
    pub fn conflict(
        code: &'static str,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail, hint)
    }

    /// 503: not now.
    pub fn unavailable(code: &'static str, detail: impl Into<String>, after_secs: u64) -> Self {
        let hint = format!("Nothing has happened. Try again in {after_secs} s.");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail, hint).retry_after(after_secs)
    }

    /// 500: a fault of ours. What it was goes to the log, not to the client.
    #[must_use]
    pub fn internal(what: &str) -> Self {
        tracing::error!(what, "a request failed by a fault of the server");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The server has made a mistake.",
            "It is in the server's log under this request id. Please report it.",
        )
    }

    /// With a time to wait.
    #[must_use]
    pub fn retry_after(mut self, secs: u64) -> Self {
        self.retry_after_secs = Some(secs);
        self
    }

    /// With a fault of one part.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.faults.push(FieldFault {
            pointer: pointer.into(),
            detail: detail.into(),
        });
        self
    }

    /// The body, without what only the way out knows.
    #[must_use]
    pub fn body(&self) -> ProblemBody {
        ProblemBody {
            success: false,
            kind: format!("/docs/problems#{}", self.code),
            title: self
                .status
                .canonical_reason()
                .unwrap_or("Refused")
                .to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            error: self.detail.clone(),
            message: self.detail.clone(),
            hint: self.hint.clone(),
            code: self.code.to_owned(),
            retry_after_seconds: self.retry_after_secs,
            retry_after: self.retry_after_secs,
            instance: None,
            request_id: None,
            errors: self.faults.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, PROBLEM_JSON);
        if let Some(secs) = self.retry_after_secs {
            headers.insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Rejection> for Problem {
    fn from(refused: Rejection) -> Self {
        let (status, code) = meaning(refused.code);
        Self {
            retry_after_secs: refused.retry_after_secs.map(u64::from),
            ..Self::new(status, code, refused.detail, refused.hint)
        }
    }
}

/// What a refusal of the village is in HTTP.
fn meaning(code: RejectionCode) -> (StatusCode, &'static str) {
    match code {
        RejectionCode::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        RejectionCode::Unreachable => (StatusCode::CONFLICT, "unreachable"),
        RejectionCode::TooFar => (StatusCode::CONFLICT, "too_far"),
        RejectionCode::Invalid => (StatusCode::BAD_REQUEST, "invalid"),
        RejectionCode::Inventory => (StatusCode::CONFLICT, "inventory"),
        RejectionCode::Closed => (StatusCode::CONFLICT, "closed"),
        RejectionCode::Name => (StatusCode::CONFLICT, "name"),
        RejectionCode::Limit => (StatusCode::CONFLICT, "limit"),
        RejectionCode::Secret => (StatusCode::BAD_REQUEST, "secret"),
        RejectionCode::Filtered => (StatusCode::BAD_REQUEST, "filtered"),
        RejectionCode::Spam => (StatusCode::CONFLICT, "spam"),
        RejectionCode::Barred => (StatusCode::FORBIDDEN, "barred"),
        RejectionCode::Quota => (StatusCode::TOO_MANY_REQUESTS, "quota"),
        RejectionCode::Funds => (StatusCode::PAYMENT_REQUIRED, "insufficient_funds"),
        RejectionCode::Already => (StatusCode::CONFLICT, "already"),
        RejectionCode::Changed => (StatusCode::PRECONDITION_FAILED, "changed"),
        RejectionCode::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
        // The word that Moltbook's clients know.
        RejectionCode::SelfVote => (StatusCode::BAD_REQUEST, "SELF_VOTE"),
    }
}
