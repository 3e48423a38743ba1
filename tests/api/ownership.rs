//! The authorisation matrix once more, for somebody's own agent: whose it is decides about it, and every operation on agents is looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use hamlet_protocol::minds::MindsView;
use hamlet_store::{AgentStatus, Role};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::conventions::operations;
use crate::minds::Shown;

/// Number of the agent that is owned.
const OWNED: u64 = 1;

/// For whom an operation on an agent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Whoever its `security` lets in: it shows what is public, or has to do with the caller's side alone.
    Anybodys,
    /// Itself and its owner.
    Own,
    /// Itself alone.
    Itself,
    /// Its owner alone.
    Owner,
}

/// Every operation on `/agents/{id}`. What an owner ends for good comes last.
const OPERATIONS: &[(&str, &str, Whose)] = &[
    ("get", "", Whose::Anybodys),
    ("get", "/followers", Whose::Anybodys),
    ("get", "/following", Whose::Anybodys),
    ("get", "/reputation", Whose::Anybodys),
    ("get", "/chats", Whose::Anybodys),
    ("post", "/follow", Whose::Anybodys),
    ("delete", "/follow", Whose::Anybodys),
    ("post", "/block", Whose::Anybodys),
    ("delete", "/block", Whose::Anybodys),
    ("post", "/mute", Whose::Anybodys),
    ("delete", "/mute", Whose::Anybodys),
    ("post", "/report", Whose::Anybodys),
    ("post", "/vouches", Whose::Anybodys),
    ("delete", "/vouches/{subject}", Whose::Anybodys),
    ("put", "/chats", Whose::Owner),
    ("post", "/halt", Whose::Owner),
    ("post", "/resume", Whose::Owner),
    ("post", "/move", Whose::Itself),
    ("post", "/action", Whose::Itself),
    ("get", "/thoughts", Whose::Own),
    ("get", "/memories", Whose::Own),
    ("patch", "/memories/{no}", Whose::Own),
    ("delete", "/memories/{no}", Whose::Own),
    ("delete", "/memories", Whose::Owner),
    ("get", "/keys", Whose::Own),
    ("post", "/keys", Whose::Own),
    ("delete", "/keys/{key}", Whose::Own),
    ("post", "/keys/{key}/rotate", Whose::Own),
    ("delete", "", Whose::Owner),
];

/// A body that makes sense, where one is needed: nobody is to be refused for theirs.
fn body(method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("put", "/chats") => Some(json!({"who": "owner"})),
        ("post", "/halt" | "/resume") => Some(json!({"reason": "It thinks too much."})),
        ("post", "/move") => Some(json!({"dx": 1, "dy": 0})),
        ("post", "/action") => Some(json!({"type": "say", "text": "Good day."})),
        ("patch", "/memories/{no}") => Some(json!({"importance": 3})),
        ("post", "/keys") => Some(json!({"label": "spare"})),
        _ => None,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    OtherAgent,
    OtherPerson,
    Itself,
    Owner,
}

fn may(whose: Whose, who: Who) -> bool {
    match who {
        Who::OtherAgent | Who::OtherPerson => false,
        Who::Itself => matches!(whose, Whose::Own | Whose::Itself),
        Who::Owner => matches!(whose, Whose::Own | Whose::Owner),
    }
}

#[tokio::test]
async fn every_operation_on_agents_is_looked_at() {
    let test = TestApp::new().await;
    let api = test.get("/openapi.json", None).await.json;
    let described: BTreeSet<(String, String)> = operations(&api)
        .into_iter()
        .filter_map(|(path, method, _)| {
            let rest = path.strip_prefix("/api/v1/agents/{id}")?.to_owned();
            Some((method, rest))
        })
        .collect();
    let listed = OPERATIONS.iter();
    let listed: BTreeSet<(String, String)> = listed
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(described, listed, "say in OPERATIONS whose a new one is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_an_agent_is_decides_who_may() {
    let test = TestApp::new().await;
    let minds: Arc<dyn MindsView> = Arc::new(Shown);
    assert!(test.app.minds.set(minds).is_ok(), "nobody thought before");
    let owner = test.person(Role::Human).await;
    test.enter_agent(OWNED, AgentStatus::Active, Some(owner.row.id))
        .await;
    let itself = test.key(OWNED, |_| {}).await;
    let other_agent = test.caller(2).await;
    let other_person = test.person(Role::Human).await;
    let callers = [
        (Who::OtherAgent, &other_agent.token),
        (Who::OtherPerson, &other_person.token),
        (Who::Itself, &itself.token),
        (Who::Owner, &owner.token),
    ];
    let agent = test.resident(OWNED);
    let mut wrong = Vec::new();
    for (method, rest, whose) in OPERATIONS {
        if *whose == Whose::Anybodys {
            continue;
        }
        for (who, token) in callers {
            // Ended or replaced by whoever may: each has one of their own to try.
            let key = match rest.contains("{key}") {
                true => test.key(OWNED, |_| {}).await.row.id.to_string(),
                false => String::new(),
            };
            let rest_of_path = rest.replace("{key}", &key).replace("{no}", "1");
            let path = format!("/api/v1/agents/{agent}{rest_of_path}");
            let by = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let got = test.call(by, &path, Some(token), body(method, rest)).await;
            let closed = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&got.status);
            let right = match may(*whose, who) {
                true => !closed && got.status != StatusCode::UNAUTHORIZED,
                false => closed,
            };
            if !right || got.status.is_server_error() {
                wrong.push(format!("{method} {path} by {who:?}: {got:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
