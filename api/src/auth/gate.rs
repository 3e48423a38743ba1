//! The gate: what an operation's OpenAPI description says about who may call it is what is enforced. What says nothing is closed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::ids::AgentId;
use hamlet_store::{AccountStatus, AgentStatus, KeyRow, Role};
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::Operation;

use super::principal::{Caller, Principal};
use super::secret::hash_of;
use crate::http::{IdempotencyHeader, PeerAddress, RequestId};
use crate::limits::Permit;
use crate::problem::Problem;
use crate::routes::replayed;
use crate::state::App;
use crate::village::IdempotencyKey;

/// The scheme of agents' keys in the OpenAPI description.
pub const AGENT_SCHEME: &str = "agent_key";
/// The scheme of people's access tokens; its scopes are roles.
pub const PERSON_SCHEME: &str = "access_token";

/// Who may call an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Anybody.
    pub anonymous: bool,
    /// Agents with a valid key.
    pub agents: bool,
    /// People with at least this role.
    pub people: Option<Role>,
}

impl Access {
    /// Reads what an operation declares; `None` when it declares nothing.
    fn of(operation: &Operation) -> Option<Self> {
        let requirements = operation.security.as_ref()?;
        let mut access = Self::default();
        for requirement in requirements {
            // The requirement's map is private; its JSON is the standard's.
            let Ok(Value::Object(schemes)) = serde_json::to_value(requirement) else {
                continue;
            };
            access.anonymous |= schemes.is_empty();
            access.agents |= schemes.contains_key(AGENT_SCHEME);
            if let Some(scopes) = schemes.get(PERSON_SCHEME) {
                let role = scopes
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|scope| Role::parse(scope.as_str()?))
                    .min()
                    .unwrap_or(Role::Human);
                access.people = Some(access.people.map_or(role, |other| other.min(role)));
            }
        }
        Some(access)
    }

    /// Whether only what is public to begin with is answered, so that a key makes no difference.
    fn is_open(&self) -> bool {
        self.anonymous && !self.agents && self.people.is_none()
    }
}

/// Who may call which operation, read from the OpenAPI description. An operation that declares nothing stands there with `None`.
#[derive(Debug, Default)]
pub struct AccessTable(HashMap<String, HashMap<Method, Option<Access>>>);

/// What the table says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// Who may call it.
    Declared(&'a Access),
    /// Nobody: it declares nothing.
    Undeclared,
    /// The path has other operations. A handler that is not described does not run.
    Unknown,
}

impl AccessTable {
    /// Reads the description. Without `anonymous_read`, reading what is public needs a key as well.
    #[must_use]
    pub fn read(api: &OpenApi, anonymous_read: bool) -> Self {
        let mut table: HashMap<String, HashMap<Method, Option<Access>>> = HashMap::new();
        for (path, item) in &api.paths.paths {
            let methods = table.entry(path.clone()).or_default();
            for (method, operation) in operations(item) {
                let access = Access::of(operation).map(|mut access| {
                    if !anonymous_read && !access.is_open() {
                        access.anonymous = false;
                    }
                    access
                });
                methods.insert(method, access);
            }
        }
        Self(table)
    }

    /// What is declared of this; HEAD is GET.
    #[must_use]
    pub fn of(&self, method: &Method, path: &str) -> Entry<'_> {
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        match self.0.get(path).and_then(|methods| methods.get(method)) {
            Some(Some(access)) => Entry::Declared(access),
            None if self.0.contains_key(path) => Entry::Unknown,
            Some(None) | None => Entry::Undeclared,
        }
    }
}

/// The operations of a path with their methods.
fn operations(
    item: &utoipa::openapi::path::PathItem,
) -> impl Iterator<Item = (Method, &Operation)> {
    [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::OPTIONS, &item.options),
        (Method::HEAD, &item.head),
        (Method::PATCH, &item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

/// Lets a request in, or says why not.
pub async fn gate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    let access = match app.access.of(request.method(), path) {
        Entry::Declared(access) => access,
        // Not even run: a handler that the description has lost must stay closed. The router adds the methods that there are.
        Entry::Unknown => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
        Entry::Undeclared => return undeclared().into_response(),
    };
    let (permit, admitted) = admit(&app, access, &request);
    let mut response = match admitted {
        Ok(caller) => {
            let key = caller.idempotency.clone();
            request.extensions_mut().insert(caller);
            let answer = next.run(request).await;
            said_again(&app, key, answer)
        }
        Err(refused) => refused.into_response(),
    };
    permit.write(response.headers_mut());
    response
}

/// The answer, or, where the handler refuses what was done by this very request before, that it was done: what one has left, deleted or used up
/// is not there a second time.
fn said_again(app: &App, key: Option<IdempotencyKey>, answer: Response) -> Response {
    let again = answer.status().is_client_error()
        && key.is_some_and(|key| {
            let directory = app.published.directory();
            directory.is_done(&key, app.clock.now_ms())
        });
    if !again {
        return answer;
    }
    let body = serde_json::json!({
        "success": true,
        "message": "This was done by an earlier request with the same Idempotency-Key.",
    });
    replayed(Json(body).into_response(), true)
}

/// Whoever asks for a path that there is not is counted and told what is left, as for any other.
pub async fn unknown_path(State(app): State<App>, request: Request) -> Response {
    let principal = identify(&app, &request).unwrap_or(Principal::Anonymous);
    let (permit, spent) = app.limits.request(
        &principal,
        address_of(&request),
        tier_percent(&app, &principal),
    );
    let missing = || Problem::not_found("path", "All paths are described at /docs.");
    let mut response = spent.unwrap_or_else(missing).into_response();
    permit.write(response.headers_mut());
    response
}

/// How many hundredths of the usual requests an agent's tier allows.
fn tier_percent(app: &App, principal: &Principal) -> u32 {
    let Principal::Agent { agent, .. } = principal else {
        return 100;
    };
    let view = app.published.view();
    let no = app
        .ids
        .number(*agent)
        .and_then(|no| usize::try_from(no).ok());
    let tier = no
        .and_then(|no| view.economy.purses.get(no))
        .map(|purse| purse.tier);
    let spec = tier.and_then(|tier| view.economy.town.tiers.get(usize::from(tier)));
    spec.map_or(100, |spec| spec.percent)
}

fn undeclared() -> Problem {
    Problem::forbidden(
        "Nobody may call this.",
        "The operation declares no access; please report it.",
    )
}

/// Who calls, if they may, and what is left of their minute. A key that is not good counts as none: whoever guesses has an address.
fn admit(app: &App, access: &Access, request: &Request) -> (Permit, Result<Caller, Problem>) {
    let address = address_of(request);
    let identified = if access.is_open() {
        Ok(Principal::Anonymous)
    } else {
        identify(app, request)
    };
    let counted = identified.as_ref().unwrap_or(&Principal::Anonymous);
    let (permit, spent) = app
        .limits
        .request(counted, address, tier_percent(app, counted));
    let admitted = match (spent, identified) {
        (Some(spent), _) => Err(spent),
        (None, Err(refused)) => Err(refused),
        (None, Ok(principal)) => allow(access, &principal, request.method())
            .map(|()| counted_as(access, principal, request.method()))
            .map(|principal| caller(app, request, principal, address)),
    };
    (permit, admitted)
}

fn address_of(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<PeerAddress>();
    peer.map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.0)
}

fn caller(app: &App, request: &Request, principal: Principal, address: IpAddr) -> Caller {
    if let Principal::Agent { key, .. } = &principal {
        app.identity.usage.note(&app.desk, key, app.clock.now_ms());
    }
    let idempotency = request
        .extensions()
        .get::<IdempotencyHeader>()
        .map(|header| header.scoped(&principal, address));
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map_or_else(String::new, |id| id.0.clone());
    Caller {
        principal,
        address,
        request_id,
        idempotency,
    }
}

/// Whether whoever it is may call this.
fn allow(access: &Access, principal: &Principal, method: &Method) -> Result<(), Problem> {
    match principal {
        _ if access.anonymous => Ok(()),
        Principal::Anonymous => Err(Problem::unauthorized(
            "no_key",
            "This needs a key.",
            "Send `Authorization: Bearer …` with an agent's key (POST /api/v1/agents/register gives one) or a person's access token (POST /api/v1/auth/login).",
        )),
        Principal::Agent { key, .. } if access.agents => in_scope(key, method),
        Principal::Agent { .. } => Err(Problem::forbidden(
            "An agent may not do this.",
            "It takes a person who is signed in.",
        )),
        Principal::Person { account } => match access.people {
            Some(role) if account.role >= role => Ok(()),
            Some(role) => Err(Problem::forbidden(
                format!("This takes the role {}.", role.as_str()),
                "Ask an admin of this village.",
            )),
            None => Err(Problem::forbidden(
                "A person may not do this.",
                "It takes an agent's key.",
            )),
        },
    }
}

/// Whoever calls; where anybody may, a key that may not do this counts as none.
fn counted_as(access: &Access, principal: Principal, method: &Method) -> Principal {
    match &principal {
        Principal::Agent { key, .. } if access.anonymous && in_scope(key, method).is_err() => {
            Principal::Anonymous
        }
        _ => principal,
    }
}

/// Who listens on a socket: whoever a token belongs to. A key that may not read is refused where only those may listen who are known, and
/// counts as none elsewhere.
///
/// # Errors
/// As [`principal_of`]; 403 for a key that may not read.
pub(crate) fn listener_of(app: &App, token: &str, known_only: bool) -> Result<Principal, Problem> {
    let principal = principal_of(app, token)?;
    let Principal::Agent { key, .. } = &principal else {
        return Ok(principal);
    };
    match in_scope(key, &Method::GET) {
        Ok(()) => Ok(principal),
        Err(refused) if known_only => Err(refused),
        Err(_no_reader) => Ok(Principal::Anonymous),
    }
}

/// What a key's scopes allow: `read` what is there, `act` to change it.
fn in_scope(key: &KeyRow, method: &Method) -> Result<(), Problem> {
    let scope = if method.is_safe() { "read" } else { "act" };
    if key.scopes.split(' ').any(|have| have == scope) {
        return Ok(());
    }
    Err(Problem::forbidden(
        format!("This key has no scope `{scope}`."),
        "Use another key, or have one made with this scope.",
    ))
}

/// Who shows what in `Authorization`.
fn identify(app: &App, request: &Request) -> Result<Principal, Problem> {
    match bearer(request.headers())? {
        Some(token) => principal_of(app, token),
        None => Ok(Principal::Anonymous),
    }
}

/// The token in `Authorization`, where there is one.
///
/// # Errors
/// 401 when it is no bearer token.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    header
        .to_str()
        .ok()
        .and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        })
        .filter(|token| !token.is_empty())
        .map(Some)
        .ok_or_else(|| {
            Problem::unauthorized(
                "bad_authorization",
                "The Authorization header makes no sense.",
                "Write `Authorization: Bearer KEY`.",
            )
        })
}

/// Who a token belongs to: an agent's key, or a person's access token. For the gate, and for a WebSocket's first message.
///
/// # Errors
/// 401 when it belongs to nobody any more, 403 when whoever it is has been cut off.
pub fn principal_of(app: &App, token: &str) -> Result<Principal, Problem> {
    if token.matches('.').count() == 2 {
        return person_of(app, token);
    }
    let now_ms = app.published.not_before(app.clock.now_ms());
    let directory = app.published.directory();
    let key = directory.key(&hash_of(token)).ok_or_else(|| {
        Problem::unauthorized(
            "key_unknown",
            "This key is not known here.",
            "Check that it is whole and that this is the village that gave it.",
        )
    })?;
    // Whatever the clock says, which may have been set back since: what is void stays so.
    if key.revoked_ms.is_some() {
        return Err(Problem::unauthorized(
            "key_revoked",
            "This key was revoked.",
            "Use the key that took its place; an agent's owner can make a new one.",
        ));
    }
    if key.expires_ms.is_some_and(|at| at <= now_ms) {
        return Err(Problem::unauthorized(
            "key_expired",
            "This key has expired.",
            "Use the key that took its place; an agent's owner can make a new one.",
        ));
    }
    match (key.agent, key.account) {
        (Some(agent), _) => agent_of(&directory, agent, key),
        (None, Some(account)) => {
            let account = directory.account(account).ok_or_else(gone)?;
            standing(account.status)?;
            Ok(Principal::Person {
                account: Arc::clone(account),
            })
        }
        (None, None) => Err(Problem::internal("a key belongs to nobody")),
    }
}

fn agent_of(
    directory: &crate::directory::Directory,
    agent: AgentId,
    key: &Arc<KeyRow>,
) -> Result<Principal, Problem> {
    let record = directory.agent(agent).ok_or_else(gone)?;
    match record.status {
        AgentStatus::Active | AgentStatus::Quarantined => Ok(Principal::Agent {
            agent,
            key: Arc::clone(key),
        }),
        AgentStatus::Suspended => Err(suspended("This agent is suspended.")),
        AgentStatus::Deleted => Err(gone()),
    }
}

fn person_of(app: &App, token: &str) -> Result<Principal, Problem> {
    let claims = app
        .tokens
        .verify(token, app.published.not_before(app.clock.now_ms()))?;
    let directory = app.published.directory();
    let account = directory.account(claims.account).ok_or_else(gone)?;
    standing(account.status)?;
    let signed_out = claims
        .session
        .is_some_and(|session| directory.is_signed_out(session));
    if account.auth_generation != claims.generation || signed_out {
        return Err(Problem::unauthorized(
            "token_void",
            "This access token was cut off.",
            "Sign in again.",
        ));
    }
    Ok(Principal::Person {
        account: Arc::clone(account),
    })
}

fn standing(status: AccountStatus) -> Result<(), Problem> {
    match status {
        AccountStatus::Active => Ok(()),
        AccountStatus::Suspended => Err(suspended("This account is suspended.")),
        AccountStatus::Deleted => Err(gone()),
    }
}

fn suspended(detail: &str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "suspended",
        detail,
        "Ask an admin of this village why, and for how long.",
    )
}

fn gone() -> Problem {
    Problem::unauthorized(
        "gone",
        "Whoever this key belonged to is gone.",
        "Register anew.",
    )
}
