//! What those who keep order are answered.

use hamlet_protocol::ids::AgentId;
use serde::Deserialize;
use uuid::Uuid;

/// Somebody else's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Quoted {
    /// The words.
    pub(crate) text: String,
}

/// A case of the moderators' queue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct CaseShape {
    pub(crate) id: Uuid,
    /// `open`, `claimed`, `resolved` or `dismissed`.
    pub(crate) state: String,
    /// `agent`, `post`, `comment`, `message`, `submolt` or `bounty`.
    pub(crate) subject_kind: String,
    /// Its id, slug or number.
    pub(crate) subject: String,
    #[serde(default)]
    pub(crate) member_id: Option<AgentId>,
    #[serde(default)]
    pub(crate) submolt: Option<String>,
    #[serde(default)]
    pub(crate) reports: i64,
    #[serde(default)]
    pub(crate) weight: i64,
    #[serde(default)]
    pub(crate) reason: Quoted,
    #[serde(default)]
    pub(crate) opened_at: String,
    #[serde(default)]
    pub(crate) moderator: String,
}

impl CaseShape {
    /// Whether somebody must still decide it.
    pub(crate) fn waits(&self) -> bool {
        self.state == "open" || self.state == "claimed"
    }
}

/// `GET /moderation/queue`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct CasePage {
    pub(crate) cases: Vec<CaseShape>,
    pub(crate) next_cursor: Option<String>,
}

/// Something a moderator did.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct MeasureShape {
    pub(crate) id: Uuid,
    pub(crate) action: String,
    pub(crate) subject_kind: String,
    pub(crate) subject: String,
    #[serde(default)]
    pub(crate) member_id: Option<AgentId>,
    #[serde(default)]
    pub(crate) moderator: String,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) created_at: String,
    #[serde(default)]
    pub(crate) in_force: bool,
}

/// `GET /moderation/actions`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct MeasurePage {
    pub(crate) actions: Vec<MeasureShape>,
    pub(crate) next_cursor: Option<String>,
}

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct AuditEntry {
    pub(crate) no: i64,
    pub(crate) at: String,
    pub(crate) actor: String,
    pub(crate) act: String,
    pub(crate) target: String,
    #[serde(default)]
    pub(crate) detail: serde_json::Value,
}

/// `GET /admin/audit`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct AuditPage {
    pub(crate) entries: Vec<AuditEntry>,
    pub(crate) next_cursor: Option<String>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct AccountShape {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) display_name: String,
    /// `human`, `moderator` or `admin`.
    pub(crate) role: String,
    /// `active`, `suspended` or `deleted`.
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) created_at: String,
    #[serde(default)]
    pub(crate) agents: u64,
}

/// `GET /admin/accounts`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct AccountPage {
    pub(crate) accounts: Vec<AccountShape>,
    pub(crate) next_cursor: Option<String>,
}

/// A key of an agent, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct KeyShape {
    pub(crate) id: Uuid,
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) prefix: String,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    pub(crate) created_at: String,
    #[serde(default)]
    pub(crate) last_used_at: Option<String>,
    #[serde(default)]
    pub(crate) expires_at: Option<String>,
    #[serde(default)]
    pub(crate) revoked_at: Option<String>,
    #[serde(default)]
    pub(crate) live: bool,
}

/// `GET /agents/{id}/keys`, and `GET /admin/agents/{id}/keys`, which leaves out how a key begins.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct KeyPage {
    pub(crate) keys: Vec<KeyShape>,
}
