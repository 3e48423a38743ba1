//! The authorisation matrix: every operation of `openapi.json` called by everybody there is; what must come of it follows from its `security` alone.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_store::{AccountStatus, AgentStatus, Role, Write};
use serde_json::{Map, Value, json};

use crate::app::{NOW_MS, TestApp};
use crate::conventions::operations;

/// Whoever calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    /// With something that is no good any more: 401 wherever keys are looked at.
    Bad,
    /// Cut off: 403 wherever keys are looked at.
    CutOff,
    Agent,
    /// An agent whose key may only read.
    Reader,
    /// An agent whose key may only act.
    Actor,
    Person(Role),
}

/// What an operation's `security` says.
#[derive(Debug, Default)]
struct Declared {
    anonymous: bool,
    agents: bool,
    people: Option<Role>,
}

fn declared(operation: &Value) -> Declared {
    let mut declared = Declared::default();
    for requirement in operation["security"].as_array().expect("it is declared") {
        let schemes = requirement.as_object().expect("it is an object");
        declared.anonymous |= schemes.is_empty();
        declared.agents |= schemes.contains_key("agent_key");
        if let Some(roles) = schemes.get("access_token") {
            let roles = roles.as_array().into_iter().flatten();
            let least = roles.filter_map(|role| Role::parse(role.as_str()?)).min();
            declared.people = Some(least.unwrap_or(Role::Human));
        }
    }
    declared
}

/// The refusal that must come, if one must.
fn refusal(declared: &Declared, who: Who, safe: bool) -> Option<StatusCode> {
    let open = declared.anonymous && !declared.agents && declared.people.is_none();
    match who {
        _ if open => None,
        Who::Bad => Some(StatusCode::UNAUTHORIZED),
        Who::CutOff => Some(StatusCode::FORBIDDEN),
        _ if declared.anonymous => None,
        Who::Nobody => Some(StatusCode::UNAUTHORIZED),
        Who::Agent if declared.agents => None,
        Who::Reader if declared.agents && safe => None,
        Who::Actor if declared.agents && !safe => None,
        Who::Person(role) if declared.people.is_some_and(|least| role >= least) => None,
        Who::Agent | Who::Reader | Who::Actor | Who::Person(_) => Some(StatusCode::FORBIDDEN),
    }
}

/// A value that fits a schema, as far as it goes.
fn example(api: &Value, schema: &Value, depth: u32) -> Value {
    if let Some(path) = schema["$ref"].as_str() {
        let found = path.strip_prefix('#').and_then(|path| api.pointer(path));
        return match found {
            Some(found) if depth < 8 => example(api, found, depth + 1),
            _ => Value::Null,
        };
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|all| all.first()) {
            return example(api, first, depth + 1);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().cloned().unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str().unwrap_or_default() {
        "object" => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let members = required.iter().filter_map(Value::as_str).map(|name| {
                let value = example(api, &schema["properties"][name], depth + 1);
                (name.to_owned(), value)
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        "array" => json!([]),
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        _ if schema["format"] == "uuid" => json!("00000000-0000-8000-8000-000000000000"),
        _ => json!("example"),
    }
}

pub(crate) fn request(
    api: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    token: Option<&str>,
) -> Request<Body> {
    let uri: Vec<_> = path
        .split('/')
        .map(|part| match part {
            // Somebody whom no caller of the matrix is or owns.
            "{id}" if path.contains("/agents/") => "00000000-0000-8000-8000-000000000000",
            part if part.starts_with('{') => "example",
            part => part,
        })
        .collect();
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("it is a method");
    let mut request = Request::builder().method(method).uri(uri.join("/"));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = if schema.is_object() {
        request = request.header("content-type", "application/json");
        Body::from(example(api, schema, 0).to_string())
    } else {
        Body::empty()
    };
    request.body(body).expect("it is a request")
}

/// Everybody there is, by the name that a failure tells.
async fn everybody(test: &TestApp) -> Vec<(&'static str, Who, Option<String>)> {
    let owner = test.person(Role::Human).await;
    let agent = test.caller(0).await;
    test.enter_agent(1, AgentStatus::Active, Some(owner.row.id))
        .await;
    let owned = test.key(1, |_| {}).await;
    test.enter_agent(2, AgentStatus::Suspended, None).await;
    let suspended = test.key(2, |_| {}).await;
    test.enter_agent(3, AgentStatus::Deleted, None).await;
    let deleted = test.key(3, |_| {}).await;
    let expired = test.key(0, |key| key.expires_ms = Some(NOW_MS)).await;
    let revoked = test.key(0, |key| key.revoked_ms = Some(NOW_MS)).await;
    let reader = test.key(0, |key| "read".clone_into(&mut key.scopes)).await;
    let actor = test.key(0, |key| "act".clone_into(&mut key.scopes)).await;
    let mut banned = test.person(Role::Admin).await;
    banned.row.status = AccountStatus::Suspended;
    let mut left = test.person(Role::Admin).await;
    left.row.auth_generation += 1;
    test.enter(vec![Write::Account(banned.row), Write::Account(left.row)])
        .await;
    let moderator = test.person(Role::Moderator).await;
    let admin = test.person(Role::Admin).await;
    vec![
        ("no key", Who::Nobody, None),
        ("a bad key", Who::Bad, Some("hamlet_sk_made_up".to_owned())),
        ("a bad token", Who::Bad, Some("a.b.c".to_owned())),
        ("an expired key", Who::Bad, Some(expired.token)),
        ("a revoked key", Who::Bad, Some(revoked.token)),
        ("a deleted agent", Who::Bad, Some(deleted.token)),
        ("a token of before", Who::Bad, Some(left.token)),
        ("a suspended agent", Who::CutOff, Some(suspended.token)),
        ("a suspended admin", Who::CutOff, Some(banned.token)),
        ("an agent", Who::Agent, Some(agent.token)),
        ("a claimed agent", Who::Agent, Some(owned.token)),
        ("a key that only reads", Who::Reader, Some(reader.token)),
        ("a key that only acts", Who::Actor, Some(actor.token)),
        ("an owner", Who::Person(Role::Human), Some(owner.token)),
        (
            "a moderator",
            Who::Person(Role::Moderator),
            Some(moderator.token),
        ),
        ("an admin", Who::Person(Role::Admin), Some(admin.token)),
    ]
}

async fn check(anonymous_read: bool) {
    let test = TestApp::with(ApiConfig {
        anonymous_read,
        key_requests_per_min: 100_000,
        ..ApiConfig::default()
    })
    .await;
    let api = test.get("/openapi.json", None).await.json;
    let everybody = everybody(&test).await;
    let mut wrong = Vec::new();
    for (path, method, operation) in operations(&api) {
        let mut declared = declared(&operation);
        declared.anonymous &= anonymous_read || (!declared.agents && declared.people.is_none());
        let safe = method == "get";
        let answers = operation["responses"].as_object().expect("it has answers");
        for (name, who, token) in &everybody {
            let got = test
                .send(request(&api, &path, &method, &operation, token.as_deref()))
                .await;
            let status = got.status;
            let must = refusal(&declared, *who, safe);
            let kept_out = status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN;
            // A handler may know more than `security` says, such as whose agent it is; then it is 403 or 404, and for who shows no key 401.
            let right = match must {
                Some(must) => status == must,
                None => !kept_out || is_own_refusal(&got.json),
            };
            let declares = answers.contains_key(status.as_str());
            if !right
                || !declares
                || status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE
            {
                wrong.push(format!("{method} {path} by {name}: {status}, must be {must:?}, declared: {declares}; {}", got.json));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of the matrix are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Whether a handler refused, not the gate: the gate's refusals are about the caller's kind, and have these codes and words.
fn is_own_refusal(problem: &Value) -> bool {
    const GATE: [&str; 4] = [
        "An agent may not do this.",
        "A person may not do this.",
        "This needs a key.",
        "Nobody may call this.",
    ];
    let detail = problem["detail"].as_str().unwrap_or_default();
    !GATE.contains(&detail)
        && !detail.starts_with("This takes the role")
        && !detail.starts_with("This key has no scope")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_do_what_is_declared_and_nothing_else() {
    check(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_anonymous_reading_everything_but_what_is_open_needs_a_key() {
    check(false).await;
}
