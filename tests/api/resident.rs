//! Agents who drive themselves over the API.

use hamlet_api::auth::{Secret, hash_of};
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Outcome, SpawnAgent};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::map::Point;
use hamlet_protocol::persona::Persona;
use hamlet_store::{AgentRecordRow, AgentSource, AgentStatus, KeyRow, Write};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Got, NOW_MS, TestApp};

/// An agent with its key.
pub(crate) struct Resident {
    pub(crate) id: AgentId,
    pub(crate) key: String,
}

impl TestApp {
    /// Somebody comes to town, with a key. They stand on the nearest free tile to `at`, or wherever there is room.
    pub(crate) async fn newcomer(&self, name: &str, at: Option<Point>) -> Resident {
        let secret = Secret::new("hamlet_sk_").expect("there is chance");
        let key = secret.tell().to_owned();
        let (hash, owned) = (hash_of(&key), name.to_owned());
        let command = Command::Spawn(Box::new(SpawnAgent {
            persona: Persona {
                name: name.to_owned(),
                display_name: format!("{name} the Tester"),
                about: "Looks into everything.".to_owned(),
                ..Persona::default()
            },
            template: "visitor".to_owned(),
            mind: MindKind::External,
            at,
        }));
        let side = move |applied: &hamlet_protocol::command::Applied,
                         draft: &mut hamlet_api::village::Draft<'_>| {
            let Outcome::Spawned { agent } = applied.outcome else {
                return;
            };
            for row in rows(agent, &owned, hash) {
                draft.push(row);
            }
        };
        let done = self.app.desk.command(None, command, side).await;
        let done = done.expect("there is room in town");
        let Outcome::Spawned { agent } = done.outcome.outcome else {
            panic!("{done:?}");
        };
        Resident { id: agent, key }
    }

    /// An act of somebody.
    pub(crate) async fn act(&self, who: &Resident, body: Value) -> Got {
        self.post("/api/v1/agents/me/action", Some(&who.key), body)
            .await
    }

    /// A post of somebody, and its id.
    pub(crate) async fn note(&self, who: &Resident, title: &str) -> String {
        let body = json!({"submolt": "general", "title": title, "content": "Words."});
        let got = self.post("/api/v1/posts", Some(&who.key), body).await;
        assert_eq!(got.status.as_u16(), 201, "{got:?}");
        let id = got.json["post"]["id"].as_str();
        id.expect("a post has an id").to_owned()
    }
}

fn rows(agent: AgentId, name: &str, hash: [u8; 32]) -> [Write; 2] {
    [
        Write::AgentRecord(AgentRecordRow {
            agent,
            name: name.to_owned(),
            name_key: name.to_lowercase(),
            source: AgentSource::Registered,
            status: AgentStatus::Active,
            owner: None,
            created_ms: NOW_MS,
            claimed_ms: None,
            description: "Looks into everything.".to_owned(),
        }),
        Write::Key(KeyRow {
            id: Uuid::from_bytes(hash[..16].try_into().expect("a hash is long enough")),
            agent: Some(agent),
            account: None,
            prefix: "hamlet_sk_".to_owned(),
            hash,
            label: "test".to_owned(),
            scopes: "read act".to_owned(),
            created_ms: NOW_MS,
            expires_ms: None,
            revoked_ms: None,
            last_used_ms: None,
            rotated_to: None,
        }),
    ]
}

/// The names of an object's members, in order of the alphabet.
pub(crate) fn members(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("it is an object");
    let mut names: Vec<&str> = object.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
