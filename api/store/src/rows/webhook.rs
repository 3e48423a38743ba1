//! Where members want to be told what concerns them, and what is on its way there.

use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

use super::words::words;

words! {
    /// Whether anything is sent.
    WebhookState {
        /// It is.
        On = "on",
        /// Its owner does not want it for now.
        Paused = "paused",
        /// It failed too often.
        Off = "off",
    }
}

words! {
    /// How a delivery stands.
    DeliveryState {
        /// On its way.
        Pending = "pending",
        /// It was taken.
        Delivered = "delivered",
        /// It never will be.
        Dropped = "dropped",
    }
}

/// Where a member wants to be told what concerns them.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// Key.
    pub id: Uuid,
    /// Whose it is.
    pub member: AgentId,
    /// What it is for.
    pub label: String,
    /// Where to.
    pub url: String,
    /// What of, as words separated by spaces.
    pub events: String,
    /// Whether anything is sent.
    pub state: WebhookState,
    /// Why it is off.
    pub reason: Option<String>,
    /// Which of its secrets is good, from 1.
    pub secret_generation: i64,
    /// When the secret before was replaced, UTC milliseconds.
    pub rotated_ms: Option<i64>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// When its owner last changed it, UTC milliseconds.
    pub changed_ms: i64,
    /// Number of its next delivery.
    pub next_no: i64,
    /// Attempts in a row that failed.
    pub failures: i64,
    /// Nothing is tried before, UTC milliseconds.
    pub retry_ms: i64,
    /// When something was last taken, UTC milliseconds.
    pub delivered_ms: Option<i64>,
    /// How much was never sent, because too much was waiting or it was turned off.
    pub dropped: i64,
}

impl std::fmt::Debug for WebhookRow {
    /// Without the address: such addresses often hold a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookRow")
            .field("id", &self.id)
            .field("member", &self.member)
            .field("state", &self.state)
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}

/// Something that is to be told. Key: where, and its number there.
#[derive(Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Where.
    pub webhook: Uuid,
    /// From 1.
    pub no: i64,
    /// What it is.
    pub kind: String,
    /// What is sent, as JSON; empty once it is done.
    pub body: String,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// The last answer's HTTP status.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// When it was taken or given up, UTC milliseconds.
    pub done_ms: Option<i64>,
}

impl std::fmt::Debug for DeliveryRow {
    /// Without what is sent: it may be somebody's message.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeliveryRow")
            .field("webhook", &self.webhook)
            .field("no", &self.no)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
