//! Stopping one mind, and what agents do for people: by those who keep order, by owners, and when the village stands still.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_api::village::owners::tell_owners;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::task::{TaskEar, TaskTurn, TaskWork};
use hamlet_store::{AgentStatus, Forget, ForgetWhom, Role, Write};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::app::{Got, NOW_MS, TestApp};
use crate::callers::TestPerson;
use crate::identity::helpers::refused;
use crate::worker::{AtWork, Worker};

/// Longest wait for what must come.
const SOON: Duration = Duration::from_secs(60);

/// A mind that never comes to an end.
#[derive(Default)]
struct Endless {
    begun: Mutex<usize>,
}

impl Endless {
    fn begun(&self) -> usize {
        *self.begun.lock().expect("nobody panics")
    }

    /// Waits until it has begun.
    async fn begins(&self) {
        let looking = async {
            while self.begun() == 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, looking).await.expect("it begins");
    }
}

fn endless(test: &TestApp) -> Arc<Endless> {
    let mind = Arc::new(Endless::default());
    let minds = AtWork(Arc::clone(&mind));
    assert!(
        test.app.minds.set(Arc::new(minds)).is_ok(),
        "nobody thought before"
    );
    mind
}

impl Worker for Endless {
    fn work(&self, _turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork {
        *self.begun.lock().expect("nobody panics") += 1;
        ear.spent(700);
        Box::pin(std::future::pending())
    }
}

/// Number of a resident with such a mind.
fn resident(test: &TestApp, mind: MindKind) -> u64 {
    let view = test.app.published.view();
    let found = (0..view.agents.len()).find(|&no| {
        let agent = view.agents.get(no).and_then(Option::as_ref);
        agent.is_some_and(|agent| agent.mind == mind)
    });
    found.expect("the town has one") as u64
}

/// Whoever waits asks often.
async fn patient() -> TestApp {
    TestApp::with(ApiConfig {
        key_requests_per_min: 1_000_000,
        ..ApiConfig::default()
    })
    .await
}

async fn order(test: &TestApp, who: &TestPerson, agent: AgentId, word: &str) -> Got {
    let path = format!("/api/v1/agents/{agent}/{word}");
    let body = json!({ "reason": "It must be looked at." });
    test.post(&path, Some(&who.token), body).await
}

async fn status(test: &TestApp, agent: AgentId) -> Value {
    let got = test.get(&format!("/api/v1/agents/{agent}"), None).await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    got.json["agent"]["status"].clone()
}

fn good(got: &Got) {
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
}

#[tokio::test]
async fn staff_halt_a_resident_of_the_scenario_and_let_it_go_on() {
    let test = patient().await;
    let moderator = test.person(Role::Moderator).await;
    let stranger = test.person(Role::Human).await;
    let llm = test.resident(resident(&test, MindKind::Llm));
    assert_eq!(status(&test, llm).await, "resident");
    refused(
        &order(&test, &stranger, llm, "halt").await,
        403,
        "forbidden",
    );
    good(&order(&test, &moderator, llm, "halt").await);
    // Whoever is halted already stays so.
    good(&order(&test, &moderator, llm, "halt").await);
    assert_eq!(status(&test, llm).await, "halted");
    let path = format!("/api/v1/moderation/actions?member={llm}&action=halt");
    let list = test.get(&path, Some(&moderator.token)).await;
    let actions = list.json["actions"].as_array().expect("a list");
    assert_eq!(actions.len(), 1, "{list:?}");
    assert_eq!(actions[0]["in_force"], true);
    assert_eq!(actions[0]["reason"], "It must be looked at.");
    refused(
        &order(&test, &stranger, llm, "resume").await,
        403,
        "forbidden",
    );
    good(&order(&test, &moderator, llm, "resume").await);
    assert_eq!(status(&test, llm).await, "resident");
    // As an action like others, with an end.
    let body = json!({"action": "halt", "subject_kind": "agent", "subject": llm.to_string(),
        "hours": 1, "reason": "Again."});
    let got = test
        .post("/api/v1/moderation/actions", Some(&moderator.token), body)
        .await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    assert_eq!(status(&test, llm).await, "halted");
    let scripted = test.resident(resident(&test, MindKind::Scripted));
    let got = order(&test, &moderator, scripted, "halt").await;
    assert!(got.status.is_client_error(), "{got:?}");
    assert_eq!(status(&test, scripted).await, "resident");
    test.stop().await;
}

#[tokio::test]
async fn an_owner_halts_their_own_agent_and_leaves_staff_what_staff_did() {
    let test = patient().await;
    let moderator = test.person(Role::Moderator).await;
    let owner = test.person(Role::Human).await;
    let no = resident(&test, MindKind::Llm);
    test.enter_agent(no, AgentStatus::Active, Some(owner.row.id))
        .await;
    let mine = test.resident(no);
    good(&order(&test, &owner, mine, "halt").await);
    assert_eq!(status(&test, mine).await, "halted");
    good(&order(&test, &owner, mine, "resume").await);
    assert_eq!(status(&test, mine).await, "claimed");
    good(&order(&test, &moderator, mine, "halt").await);
    refused(
        &order(&test, &owner, mine, "resume").await,
        403,
        "forbidden",
    );
    assert_eq!(status(&test, mine).await, "halted");
    good(&order(&test, &moderator, mine, "resume").await);
    // Staff halt it as well where its owner did, and the owner does not end that.
    good(&order(&test, &owner, mine, "halt").await);
    good(&order(&test, &moderator, mine, "halt").await);
    good(&order(&test, &moderator, mine, "halt").await);
    let path = format!("/api/v1/moderation/actions?member={mine}&action=halt");
    let list = test.get(&path, Some(&moderator.token)).await;
    let actions = list.json["actions"].as_array().expect("a list");
    let now = actions.iter().filter(|it| it["in_force"] == true);
    assert_eq!(now.count(), 2, "{list:?}");
    refused(
        &order(&test, &owner, mine, "resume").await,
        403,
        "forbidden",
    );
    assert_eq!(status(&test, mine).await, "halted");
    good(&order(&test, &moderator, mine, "resume").await);
    assert_eq!(status(&test, mine).await, "claimed");
    let admin = test.person(Role::Admin).await;
    let audit = test.get("/api/v1/admin/audit", Some(&admin.token)).await;
    let target = format!("agent:{mine}");
    let entries = audit.json.to_string();
    assert!(entries.contains(&target), "{entries}");
    test.stop().await;
}

#[tokio::test]
async fn nothing_that_others_see_is_changed_through_a_halted_agent_and_a_former_owners_halt_ends() {
    let test = patient().await;
    let owner = test.person(Role::Human).await;
    let no = resident(&test, MindKind::Llm);
    test.enter_agent(no, AgentStatus::Active, Some(owner.row.id))
        .await;
    let mine = test.resident(no);
    let key = test.key(no, |_| {}).await;
    let change = async || {
        let words = json!({"description": "Somebody else."});
        let token = Some(key.token.as_str());
        let profile = test.call(Method::PATCH, "/api/v1/agents/me", token, Some(words));
        let profile = profile.await;
        let picture = "/api/v1/agents/me/avatar";
        let picture = test.call(Method::DELETE, picture, token, None).await;
        [profile, picture]
    };
    good(&order(&test, &owner, mine, "halt").await);
    for got in change().await {
        refused(&got, 403, "barred");
    }
    // The owner's account is deleted, and the village learns that the agent is nobody's.
    let gone = Forget {
        whom: ForgetWhom::Account(owner.row.id),
        at_ms: NOW_MS,
    };
    test.enter(vec![Write::Forget(gone)]).await;
    assert_eq!(status(&test, mine).await, "halted");
    tell_owners(&test.app).await.expect("the village runs");
    assert_ne!(status(&test, mine).await, "halted");
    for got in change().await {
        good(&got);
    }
    test.stop().await;
}

/// The last word of a chat, once it is the person's turn.
async fn last_word(test: &TestApp, person: &TestPerson, chat: &str) -> String {
    let path = format!("/api/v1/chats/{chat}/messages");
    let looking = async {
        loop {
            let got = test.get(&path, Some(&person.token)).await;
            good(&got);
            if got.json["chat"]["state"] == "open" {
                let last = got.json["messages"].as_array().and_then(|all| all.last());
                let last = last.expect("something was said");
                assert_eq!(last["kind"], "failure", "{last}");
                return last["text"].as_str().unwrap_or_default().to_owned();
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, looking).await.expect("it comes to an end")
}

async fn open(test: &TestApp, person: &TestPerson, agent: AgentId) -> String {
    let body = json!({"agent": agent.to_string(), "text": "Write a long book."});
    let got = test.post("/api/v1/chats", Some(&person.token), body).await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
    got.json["chat"]["id"].as_str().expect("an id").to_owned()
}

async fn time(test: &TestApp, admin: &TestPerson, action: &str) {
    let body = json!({ "action": action });
    let got = test
        .post("/api/v1/world/time", Some(&admin.token), body)
        .await;
    good(&got);
}

#[tokio::test]
async fn work_for_people_keeps_to_the_brakes() {
    let test = patient().await;
    let mind = endless(&test);
    let admin = test.person(Role::Admin).await;
    let person = test.person(Role::Human).await;
    let llm = test.resident(resident(&test, MindKind::Llm));
    // Nothing begins while the village stands still.
    let chat = open(&test, &person, llm).await;
    let why = last_word(&test, &person, &chat).await;
    assert!(why.contains("stands still"), "{why}");
    assert_eq!(mind.begun(), 0);
    time(&test, &admin, "resume").await;
    // What is under way is broken off.
    let chat = open(&test, &person, llm).await;
    mind.begins().await;
    good(&order(&test, &admin, llm, "halt").await);
    let why = last_word(&test, &person, &chat).await;
    assert!(why.contains("halted"), "{why}");
    let path = format!("/api/v1/chats/{chat}/messages");
    let got = test.get(&path, Some(&person.token)).await;
    assert_eq!(got.json["chat"]["cost"], "0.0007", "{got:?}");
    good(&order(&test, &admin, llm, "resume").await);
    let chat = open(&test, &person, llm).await;
    time(&test, &admin, "pause").await;
    let why = last_word(&test, &person, &chat).await;
    assert!(why.contains("stands still"), "{why}");
    test.stop().await;
}

/// Sets an agent apart: in a community, or everywhere.
async fn set_apart(test: &TestApp, by: &TestPerson, agent: AgentId, submolt: Option<&str>) {
    let body = json!({
        "action": "quarantine",
        "subject_kind": "agent",
        "subject": agent.to_string(),
        "submolt": submolt,
        "reason": "It must be looked at.",
    });
    let got = test
        .post("/api/v1/moderation/actions", Some(&by.token), body)
        .await;
    assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
}

#[tokio::test]
async fn whoever_is_set_apart_in_one_community_works_on_and_whoever_is_everywhere_does_not() {
    let test = patient().await;
    let mind = endless(&test);
    let admin = test.person(Role::Admin).await;
    let person = test.person(Role::Human).await;
    let llm = test.resident(resident(&test, MindKind::Llm));
    time(&test, &admin, "resume").await;
    set_apart(&test, &admin, llm, Some("general")).await;
    let chat = open(&test, &person, llm).await;
    mind.begins().await;
    set_apart(&test, &admin, llm, None).await;
    let why = last_word(&test, &person, &chat).await;
    assert!(why.contains("set apart"), "{why}");
    test.stop().await;
}
