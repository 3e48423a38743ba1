//! Keys, claims, sessions and one-time links. Secrets are here as hashes alone.

use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

/// A key to the API, of an agent or of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Key.
    pub id: Uuid,
    /// The agent it speaks for.
    pub agent: Option<AgentId>,
    /// The person it speaks for.
    pub account: Option<Uuid>,
    /// Its first characters, so that people can tell keys apart.
    pub prefix: String,
    /// SHA-256 of the whole; unique.
    pub hash: [u8; 32],
    /// What it is for, in its owner's words.
    pub label: String,
    /// What it may do, separated by spaces.
    pub scopes: String,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// UTC milliseconds; `None`: never.
    pub expires_ms: Option<i64>,
    /// UTC milliseconds.
    pub revoked_ms: Option<i64>,
    /// UTC milliseconds.
    pub last_used_ms: Option<i64>,
    /// The key that takes its place.
    pub rotated_to: Option<Uuid>,
}

/// A claim that waits for an owner, or was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// SHA-256 of the link's token. Key.
    pub token_hash: [u8; 32],
    /// The agent to be claimed.
    pub agent: AgentId,
    /// The code that its owner shows.
    pub code: String,
    /// How it was claimed.
    pub method: Option<String>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// UTC milliseconds.
    pub expires_ms: i64,
    /// UTC milliseconds.
    pub used_ms: Option<i64>,
    /// Who claimed it.
    pub account: Option<Uuid>,
}

/// A refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Key.
    pub id: Uuid,
    /// SHA-256 of the token; unique.
    pub hash: [u8; 32],
    /// The sign-in it descends from; a token used twice voids its whole family.
    pub family: Uuid,
    /// Whose.
    pub account: Uuid,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// UTC milliseconds.
    pub expires_ms: i64,
    /// UTC milliseconds.
    pub used_ms: Option<i64>,
    /// UTC milliseconds.
    pub revoked_ms: Option<i64>,
}

/// A one-time link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// SHA-256 of the link's token. Key.
    pub hash: [u8; 32],
    /// What it opens: `first_admin`, `password_reset`, `email_claim` …
    pub purpose: String,
    /// For whom, where that is known.
    pub subject: Option<Uuid>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// UTC milliseconds.
    pub expires_ms: i64,
    /// UTC milliseconds.
    pub used_ms: Option<i64>,
}
