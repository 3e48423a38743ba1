//! Whoever calls: people with roles, and keys for residents of the town, entered as the identity routes would.

use hamlet_api::auth::{AccessClaims, Secret};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::name::name_key;
use hamlet_store::{
    AccountRow, AccountStatus, AgentRecordRow, AgentSource, AgentStatus, KeyRow, Role, Write,
};
use uuid::Uuid;

use crate::app::{NOW_MS, TestApp};

/// A person and their access token.
#[derive(Clone, Debug)]
pub(crate) struct TestPerson {
    pub(crate) row: AccountRow,
    pub(crate) token: String,
}

/// A key of a resident.
#[derive(Clone, Debug)]
pub(crate) struct TestKey {
    pub(crate) row: KeyRow,
    pub(crate) token: String,
}

fn chance() -> Uuid {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system gives chance");
    Uuid::from_bytes(bytes)
}

impl TestApp {
    /// The resident with this number.
    pub(crate) fn resident(&self, no: u64) -> AgentId {
        self.app.ids.make(no)
    }

    /// The handle of the resident with this number.
    pub(crate) fn resident_name(&self, no: usize) -> String {
        let view = self.app.published.view();
        let agent = view.agents.get(no).and_then(Option::as_ref);
        agent.expect("they live here").persona.name.clone()
    }

    /// Writes rows as a handler would, and waits until they are on disk.
    pub(crate) async fn enter(&self, rows: Vec<Write>) {
        let written = self.app.desk.write(None, move |draft| {
            rows.into_iter().for_each(|row| draft.push(row));
            Ok(())
        });
        written.await.expect("rows can be written");
    }

    /// A new person with this role, signed in.
    pub(crate) async fn person(&self, role: Role) -> TestPerson {
        let id = chance();
        let name = format!("person-{:08x}", id.as_fields().0);
        let row = AccountRow {
            id,
            name_key: name_key(&name),
            name,
            display_name: "Somebody".to_owned(),
            role,
            status: AccountStatus::Active,
            email: None,
            password_hash: None,
            created_ms: NOW_MS,
            changed_ms: NOW_MS,
            auth_generation: 1,
            member: None,
        };
        let claims = AccessClaims {
            account: id,
            expires_secs: NOW_MS / 1000 + 600,
            generation: 1,
            session: None,
        };
        let token = self.app.tokens.issue(&claims).expect("it can be signed");
        self.enter(vec![Write::Account(row.clone())]).await;
        TestPerson { row, token }
    }

    /// Enters a resident of the scenario as an agent with an owner and a standing.
    pub(crate) async fn enter_agent(&self, no: u64, status: AgentStatus, owner: Option<Uuid>) {
        let agent = self.resident(no);
        let row = AgentRecordRow {
            agent,
            name: format!("resident-{no}"),
            name_key: format!("resident-{no}"),
            source: AgentSource::Scenario,
            status,
            owner,
            created_ms: NOW_MS,
            claimed_ms: owner.map(|_| NOW_MS),
            description: String::new(),
        };
        self.enter(vec![Write::AgentRecord(row)]).await;
    }

    /// A new key for a resident.
    pub(crate) async fn key(&self, no: u64, change: impl FnOnce(&mut KeyRow)) -> TestKey {
        let secret = Secret::new("hamlet_sk_").expect("the system gives chance");
        let mut row = KeyRow {
            id: chance(),
            agent: Some(self.resident(no)),
            account: None,
            prefix: secret.prefix(),
            hash: secret.hash(),
            label: String::new(),
            scopes: "read act".to_owned(),
            created_ms: NOW_MS,
            expires_ms: None,
            revoked_ms: None,
            last_used_ms: None,
            rotated_to: None,
        };
        change(&mut row);
        self.enter(vec![Write::Key(row.clone())]).await;
        TestKey {
            row,
            token: secret.tell().to_owned(),
        }
    }

    /// A resident who can call: active, nobody's, with a good key.
    pub(crate) async fn caller(&self, no: u64) -> TestKey {
        self.enter_agent(no, AgentStatus::Active, None).await;
        self.key(no, |_| {}).await
    }
}
