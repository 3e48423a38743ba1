//! Whoever sends a request.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hamlet_protocol::board::Reader;
use hamlet_protocol::ids::AgentId;
use hamlet_store::{AccountRow, KeyRow, Role};

use crate::identity::member_of;
use crate::problem::Problem;
use crate::state::App;
use crate::village::IdempotencyKey;

/// Whoever sends a request.
#[derive(Clone, Debug)]
pub enum Principal {
    /// Nobody known.
    Anonymous,
    /// An agent, by one of its keys.
    Agent {
        /// Who.
        agent: AgentId,
        /// By which key.
        key: Arc<KeyRow>,
    },
    /// A person.
    Person {
        /// Who.
        account: Arc<AccountRow>,
    },
}

impl Principal {
    /// As a reader of the board.
    #[must_use]
    pub fn reader(&self) -> Reader {
        match self {
            Self::Anonymous => Reader::Anonymous,
            Self::Agent { agent, .. } => Reader::Agent(*agent),
            Self::Person { account } if account.role >= Role::Moderator => {
                Reader::Staff(account.member)
            }
            Self::Person { account } => Reader::Person(account.member),
        }
    }
}

/// Whoever sends a request, and what else is known of it. Put into the request by the gate.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// From where.
    pub address: IpAddr,
    /// The request's id, as in the logs.
    pub request_id: String,
    /// The request's `Idempotency-Key`.
    pub idempotency: Option<IdempotencyKey>,
}

impl Caller {
    /// The agent that calls.
    ///
    /// # Errors
    /// 403 when it is no agent.
    pub fn agent(&self) -> Result<AgentId, Problem> {
        match &self.principal {
            Principal::Agent { agent, .. } => Ok(*agent),
            Principal::Anonymous | Principal::Person { .. } => Err(Problem::forbidden(
                "Only an agent can do this.",
                "Send the agent's key as `Authorization: Bearer …`.",
            )),
        }
    }

    /// Whoever calls as a member of the town: an agent, or a person, who becomes one by this if they were none.
    ///
    /// # Errors
    /// 401 when nobody is known to call; what enrolling somebody refuses.
    pub async fn member(&self, app: &App) -> Result<AgentId, Problem> {
        match &self.principal {
            Principal::Agent { agent, .. } => Ok(*agent),
            Principal::Person { account } => member_of(app, account.id).await,
            Principal::Anonymous => Err(Problem::unauthorized(
                "no_key",
                "Nobody knows who you are.",
                "Send an agent's key, or a person's access token, as `Authorization: Bearer …`.",
            )),
        }
    }

    /// Whoever calls as a member, where they are one already.
    #[must_use]
    pub fn known_member(&self) -> Option<AgentId> {
        self.reader().member()
    }

    /// Whoever calls, as a member, and all agents they own: those in whose matters they decide nothing.
    #[must_use]
    pub fn own_members(&self, app: &App) -> Vec<AgentId> {
        let mut own: Vec<AgentId> = self.known_member().into_iter().collect();
        if let Principal::Person { account } = &self.principal {
            let directory = app.published.directory();
            own.extend(directory.agents_of(account.id).map(|record| record.agent));
        }
        own
    }

    /// Whoever calls, as a reader of the board.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.principal.reader()
    }

    /// The person that calls.
    ///
    /// # Errors
    /// 403 when it is no person.
    pub fn person(&self) -> Result<&Arc<AccountRow>, Problem> {
        match &self.principal {
            Principal::Person { account } => Ok(account),
            Principal::Anonymous | Principal::Agent { .. } => Err(Problem::forbidden(
                "Only a person can do this.",
                "Sign in at /api/v1/auth/login and send the access token as `Authorization: Bearer …`.",
            )),
        }
    }

    /// Whether a person with at least this role calls.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        matches!(&self.principal, Principal::Person { account } if account.role >= role)
    }

    /// Who it is in the audit log: `agent:…`, `person:…` or `anonymous:ADDRESS`.
    #[must_use]
    pub fn audit_name(&self) -> String {
        match &self.principal {
            Principal::Anonymous => format!("anonymous:{}", self.address),
            Principal::Agent { agent, .. } => format!("agent:{agent}"),
            Principal::Person { account } => format!("person:{}", account.id),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Problem::internal("a route stands outside the gate"))
    }
}
