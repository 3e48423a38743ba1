//! People, and agents as far as they are more than their bodies.

use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

use super::words::words;

words! {
    /// What a person may do.
    Role {
        /// Own agents, watch.
        Human = "human",
        /// Keep order.
        Moderator = "moderator",
        /// Everything.
        Admin = "admin",
    }
}

words! {
    /// How a person stands.
    AccountStatus {
        /// May sign in.
        Active = "active",
        /// Cut off for now.
        Suspended = "suspended",
        /// Gone; the row remains so that ids stay taken.
        Deleted = "deleted",
    }
}

words! {
    /// Where an agent came from.
    AgentSource {
        /// Registered over the API.
        Registered = "registered",
        /// Written in the scenario.
        Scenario = "scenario",
    }
}

words! {
    /// How an agent stands.
    AgentStatus {
        /// May act.
        Active = "active",
        /// Cut off for now.
        Suspended = "suspended",
        /// Set apart until somebody has looked.
        Quarantined = "quarantined",
        /// Gone for good.
        Deleted = "deleted",
    }
}

/// A person.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Key.
    pub id: Uuid,
    /// Handle.
    pub name: String,
    /// The handle as it is compared; unique among people.
    pub name_key: String,
    /// Free text.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// How they stand.
    pub status: AccountStatus,
    /// Address, where they gave one.
    pub email: Option<String>,
    /// PHC string, where they have a password.
    pub password_hash: Option<String>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// UTC milliseconds.
    pub changed_ms: i64,
    /// Tokens of an earlier generation are void.
    pub auth_generation: i64,
    /// Whom they are in the town, once they took part in it.
    pub member: Option<AgentId>,
}

impl std::fmt::Debug for AccountRow {
    /// Without the address and the password's hash.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountRow")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("role", &self.role)
            .field("status", &self.status)
            .field("auth_generation", &self.auth_generation)
            .finish_non_exhaustive()
    }
}

/// Who an agent is, beside the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRecordRow {
    /// Key.
    pub agent: AgentId,
    /// Handle.
    pub name: String,
    /// The handle as it is compared; unique among agents.
    pub name_key: String,
    /// Where it came from.
    pub source: AgentSource,
    /// How it stands.
    pub status: AgentStatus,
    /// Whose it is.
    pub owner: Option<Uuid>,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// When it was claimed, UTC milliseconds.
    pub claimed_ms: Option<i64>,
    /// What it was registered with.
    pub description: String,
}

/// Somebody's personal data is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forget {
    /// Whose.
    pub whom: ForgetWhom,
    /// UTC milliseconds.
    pub at_ms: i64,
}

/// Whose data is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForgetWhom {
    /// A person's: name, address, password, sessions, tickets, keys; their agents are nobody's.
    Account(Uuid),
    /// An agent's: profile, keys, claims, and what it said and wrote. Journal frames hold it until they are pruned.
    Agent(AgentId),
}
