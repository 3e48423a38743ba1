//! What is kept beside acts: audit, outcomes of requests, counters, pictures.

use uuid::Uuid;

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// From 1, without gaps. Key.
    pub no: i64,
    /// UTC milliseconds.
    pub at_ms: i64,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub act: String,
    /// To what.
    pub target: String,
    /// More, as JSON.
    pub detail: String,
    /// Hash of the entry before.
    pub prev: [u8; 32],
    /// Hash of this one.
    pub hash: [u8; 32],
}

/// What came of a request with an `Idempotency-Key`. Key: scope and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// Whose keys they are: the caller.
    pub scope: String,
    /// As the caller sent it.
    pub key: String,
    /// SHA-256 of the request.
    pub fingerprint: [u8; 32],
    /// HTTP status.
    pub status: i32,
    /// The outcome as JSON, without secrets.
    pub outcome: String,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// UTC milliseconds.
    pub expires_ms: i64,
}

/// The picture that somebody shows. Key: whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarRow {
    /// An agent's or an account's id.
    pub subject: Uuid,
    /// SHA-256 of the file; `None` where it was taken away.
    pub hash: Option<[u8; 32]>,
    /// UTC milliseconds.
    pub changed_ms: i64,
}

/// A counter of an hourly or daily limit. Key: subject and window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRow {
    /// Who is counted.
    pub subject: String,
    /// What is counted, and for how long.
    pub window: String,
    /// When the present window began, UTC milliseconds.
    pub start_ms: i64,
    /// How often so far.
    pub count: i64,
}
