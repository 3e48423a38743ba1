//! Who is known: people, agents, keys, claims, sessions and limits, in memory, so that no request waits for a query to be let in.
//!
//! The pump keeps one copy that runs ahead with what is about to be committed, readers share another that follows the commits.
//! Both share their rows.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use hamlet_protocol::event::Event;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::name::name_key;
use hamlet_protocol::view::WorldView;
use hamlet_store::{
    AccountRow, AccountStatus, AgentRecordRow, AgentStatus, AuditRow, ClaimRow, Forget, ForgetWhom,
    IdempotencyRow, KeyRow, OVER_KEPT_MS, SessionRow, TicketRow, WINDOW_KEEP_MS, WindowRow, Write,
};
use uuid::Uuid;

use crate::audit::{END_SETTING, End};
use crate::outcomes::Outcomes;
use crate::village::IdempotencyKey;
use crate::webhooks::Webhooks;

/// Longest life of an access token, in milliseconds, and a minute.
const ACCESS_MS_MAX: i64 = 11 * 60_000;

/// How the record of a command begins that the village refused.
const REFUSED_OUTCOME: &str = "{\"Err\":";

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Everything known of identity.
#[derive(Debug, Default)]
pub struct Directory {
    accounts: HashMap<Uuid, Arc<AccountRow>>,
    account_names: HashMap<String, Uuid>,
    agents: HashMap<AgentId, Arc<AgentRecordRow>>,
    /// Agents by owner.
    owned: HashMap<Uuid, BTreeSet<AgentId>>,
    /// Every handle that ever lived here, by its key; the sim decides who may have it.
    agent_names: HashMap<String, AgentId>,
    /// People by whom they are in the town.
    members: HashMap<AgentId, Uuid>,
    keys: HashMap<Hash, Arc<KeyRow>>,
    key_hashes: HashMap<Uuid, Hash>,
    agent_keys: HashMap<AgentId, Vec<Hash>>,
    claims: HashMap<Hash, Arc<ClaimRow>>,
    claims_of: HashMap<AgentId, Hash>,
    sessions: HashMap<Hash, Arc<SessionRow>>,
    account_sessions: HashMap<Uuid, BTreeSet<Hash>>,
    /// Sign-ins that have ended, and until when their tokens are remembered, UTC milliseconds.
    signed_out: HashMap<Uuid, i64>,
    tickets: HashMap<Hash, Arc<TicketRow>>,
    idempotency: Outcomes,
    windows: HashMap<(String, String), WindowRow>,
    avatars: HashMap<Uuid, Hash>,
    settings: HashMap<String, String>,
    webhooks: Webhooks,
    audit: End,
}

impl Directory {
    /// A person.
    #[must_use]
    pub fn account(&self, id: Uuid) -> Option<&Arc<AccountRow>> {
        self.accounts.get(&id)
    }

    /// A person by name, without regard to case and look-alikes.
    #[must_use]
    pub fn account_named(&self, name: &str) -> Option<&Arc<AccountRow>> {
        let key = name_key(name);
        self.account(*self.account_names.get(&key)?)
            .filter(|account| account.name_key == key)
    }

    /// The person whom a member of the town is.
    #[must_use]
    pub fn account_of(&self, member: AgentId) -> Option<&Arc<AccountRow>> {
        self.account(*self.members.get(&member)?)
    }

    /// Whether a name, or what looks like it, is taken among people. A deleted person's stays so until the next start, lest one
    /// transaction gives it away and takes it.
    #[must_use]
    pub fn account_name_held(&self, name: &str) -> bool {
        self.account_names.contains_key(&name_key(name))
    }

    /// All people, in no order.
    pub fn accounts(&self) -> impl Iterator<Item = &Arc<AccountRow>> {
        self.accounts.values()
    }

    /// What is known of an agent beside the world.
    #[must_use]
    pub fn agent(&self, id: AgentId) -> Option<&Arc<AgentRecordRow>> {
        self.agents.get(&id)
    }

    /// All agents that registered, in no order.
    pub fn agents(&self) -> impl Iterator<Item = &Arc<AgentRecordRow>> {
        self.agents.values()
    }

    /// Agents of an owner, in order of their ids.
    pub fn agents_of(&self, owner: Uuid) -> impl Iterator<Item = &Arc<AgentRecordRow>> {
        let ids = self.owned.get(&owner).into_iter().flatten();
        ids.filter_map(|id| self.agents.get(id))
    }

    /// An agent by handle, without regard to case and look-alikes.
    #[must_use]
    pub fn agent_named(&self, name: &str) -> Option<AgentId> {
        self.agent_names.get(&name_key(name)).copied()
    }

    /// A key by the hash of its secret, whatever its state.
    #[must_use]
    pub fn key(&self, hash: &Hash) -> Option<&Arc<KeyRow>> {
        self.keys.get(hash)
    }

    /// A key by id.
    #[must_use]
    pub fn key_by_id(&self, id: Uuid) -> Option<&Arc<KeyRow>> {
        self.keys.get(self.key_hashes.get(&id)?)
    }

    /// Keys of an agent, oldest first.
    #[must_use]
    pub fn keys_of(&self, agent: AgentId) -> Vec<Arc<KeyRow>> {
        let hashes = self.agent_keys.get(&agent).into_iter().flatten();
        let mut keys: Vec<_> = hashes
            .filter_map(|hash| self.keys.get(hash))
            .cloned()
            .collect();
        keys.sort_by_key(|key| (key.created_ms, key.id));
        keys
    }

    /// A claim by the hash of its token.
    #[must_use]
    pub fn claim(&self, token_hash: &Hash) -> Option<&Arc<ClaimRow>> {
        self.claims.get(token_hash)
    }

    /// Claims, open and taken, in no order.
    pub fn claims(&self) -> impl Iterator<Item = &Arc<ClaimRow>> {
        self.claims.values()
    }

    /// The newest claim of an agent.
    #[must_use]
    pub fn claim_of(&self, agent: AgentId) -> Option<&Arc<ClaimRow>> {
        self.claims.get(self.claims_of.get(&agent)?)
    }

    /// A refresh token by its hash.
    #[must_use]
    pub fn session(&self, hash: &Hash) -> Option<&Arc<SessionRow>> {
        self.sessions.get(hash)
    }

    /// All refresh tokens of a person, used and ended ones too, in order of their hashes.
    pub fn sessions_of(&self, account: Uuid) -> impl Iterator<Item = &Arc<SessionRow>> {
        let hashes = self.account_sessions.get(&account).into_iter().flatten();
        hashes.filter_map(|hash| self.sessions.get(hash))
    }

    /// Whether a sign-in has ended: then no token that came of it is good any more.
    #[must_use]
    pub fn is_signed_out(&self, session: Uuid) -> bool {
        self.signed_out.contains_key(&session)
    }

    /// A one-time link by the hash of its token.
    #[must_use]
    pub fn ticket(&self, hash: &Hash) -> Option<&Arc<TicketRow>> {
        self.tickets.get(hash)
    }

    /// One-time links, in no order.
    pub fn tickets(&self) -> impl Iterator<Item = &Arc<TicketRow>> {
        self.tickets.values()
    }

    /// What came of an earlier request with this key.
    #[must_use]
    pub fn idempotent(&self, scope: &str, key: &str) -> Option<&Arc<IdempotencyRow>> {
        self.idempotency.get(scope, key)
    }

    /// Whether a request with this key, if there is one, would get the outcome of an earlier one.
    #[must_use]
    pub fn is_repetition(&self, key: Option<&IdempotencyKey>, now_ms: i64) -> bool {
        key.and_then(|key| self.idempotent(&key.scope, &key.key))
            .is_some_and(|row| row.expires_ms > now_ms)
    }

    /// Whether this very request was done before: not refused, and not another one with the same key.
    #[must_use]
    pub fn is_done(&self, key: &IdempotencyKey, now_ms: i64) -> bool {
        self.idempotent(&key.scope, &key.key).is_some_and(|row| {
            row.expires_ms > now_ms
                && row.fingerprint == key.fingerprint
                && !row.outcome.starts_with(REFUSED_OUTCOME)
        })
    }

    /// How much of a limit is used up.
    #[must_use]
    pub fn window(&self, subject: &str, window: &str) -> Option<&WindowRow> {
        self.windows.get(&(subject.to_owned(), window.to_owned()))
    }

    /// The file of the picture that an agent or a person shows.
    #[must_use]
    pub fn avatar(&self, subject: Uuid) -> Option<Hash> {
        self.avatars.get(&subject).copied()
    }

    /// Where members want to be told what concerns them.
    #[must_use]
    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// A setting of the village.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(String::as_str)
    }

    /// Where the audit log ends.
    #[must_use]
    pub fn audit_end(&self) -> End {
        self.audit
    }

    /// Takes in a row.
    pub fn apply(&mut self, write: &Write) {
        match write {
            Write::Account(row) => {
                self.account_names.insert(row.name_key.clone(), row.id);
                if let Some(member) = row.member {
                    self.members.insert(member, row.id);
                }
                self.accounts.insert(row.id, Arc::new(row.clone()));
            }
            Write::AgentRecord(row) => {
                self.record(row.clone());
            }
            Write::Key(row) => {
                let known = self.key_hashes.insert(row.id, row.hash);
                if let (None, Some(agent)) = (known, row.agent) {
                    self.agent_keys.entry(agent).or_default().push(row.hash);
                }
                self.keys.insert(row.hash, Arc::new(row.clone()));
            }
            Write::KeyUsed { id, at_ms } => {
                if let Some(key) = self
                    .key_hashes
                    .get(id)
                    .and_then(|hash| self.keys.get_mut(hash))
                {
                    Arc::make_mut(key).last_used_ms = Some(*at_ms);
                }
            }
            Write::Claim(row) => {
                // Rows come in the order of their hashes at a start: the newest is in force.
                let newest = self
                    .claim_of(row.agent)
                    .is_none_or(|known| known.created_ms <= row.created_ms);
                if newest {
                    self.claims_of.insert(row.agent, row.token_hash);
                }
                self.claims.insert(row.token_hash, Arc::new(row.clone()));
            }
            Write::Session(row) => {
                let own = self.account_sessions.entry(row.account).or_default();
                own.insert(row.hash);
                if row.revoked_ms.is_some() {
                    let until = self.signed_out.entry(row.family).or_default();
                    *until = row.expires_ms.max(*until);
                }
                self.sessions.insert(row.hash, Arc::new(row.clone()));
            }
            Write::Ticket(row) => {
                self.tickets.insert(row.hash, Arc::new(row.clone()));
            }
            Write::Audit(row) => self.audit = End::from(row),
            Write::Idempotency(row) => self.idempotency.enter(row),
            Write::Window(row) => {
                let key = (row.subject.clone(), row.window.clone());
                self.windows.insert(key, row.clone());
            }
            Write::Avatar(row) => {
                match row.hash {
                    Some(hash) => self.avatars.insert(row.subject, hash),
                    None => self.avatars.remove(&row.subject),
                };
            }
            Write::Setting { key, value } => {
                self.settings.insert(key.clone(), value.clone());
            }
            Write::Webhook(row) => self.webhooks.enter(row.clone()),
            Write::Delivery(row) => self.webhooks.deliver(row.clone()),
            Write::WebhookGone(id) => self.webhooks.remove(*id),
            // No part of identity: read from the store when it is asked for.
            Write::Memory(_) | Write::TaskChat(_) | Write::TaskMessage(_) | Write::TaskGone(_) => {}
            Write::Forget(forget) => self.forget(*forget),
        }
    }

    /// Enters an agent's record, and whose it is.
    fn record(&mut self, row: AgentRecordRow) {
        let owner = self.agents.get(&row.agent).and_then(|old| old.owner);
        if owner != row.owner {
            if let Some(agents) = owner.and_then(|owner| self.owned.get_mut(&owner)) {
                agents.remove(&row.agent);
            }
            if let Some(owner) = row.owner {
                self.owned.entry(owner).or_default().insert(row.agent);
            }
        }
        self.agents.insert(row.agent, Arc::new(row));
    }

    /// Does in memory what the store does in its tables.
    fn forget(&mut self, forget: Forget) {
        match forget.whom {
            ForgetWhom::Account(id) => self.forget_account(id, forget.at_ms),
            ForgetWhom::Agent(id) => self.forget_agent(id),
        }
    }

    fn forget_account(&mut self, id: Uuid, at_ms: i64) {
        let Some(row) = self.accounts.get_mut(&id).map(Arc::make_mut) else {
            return;
        };
        row.name = format!("deleted-{}", id.simple());
        row.name_key.clone_from(&row.name);
        row.display_name.clear();
        (row.email, row.password_hash) = (None, None);
        row.status = AccountStatus::Deleted;
        row.auth_generation += 1;
        row.changed_ms = at_ms;
        let member = row.member;
        self.avatars.remove(&id);
        if let Some(member) = member {
            self.webhooks.forget(member);
        }
        for hash in self.account_sessions.remove(&id).unwrap_or_default() {
            self.sessions.remove(&hash);
        }
        self.tickets.retain(|_, ticket| ticket.subject != Some(id));
        self.forget_side(&format!("person:{id}"));
        self.keys.retain(|_, key| key.account != Some(id));
        for agent in self.owned.remove(&id).unwrap_or_default() {
            if let Some(record) = self.agents.get_mut(&agent) {
                Arc::make_mut(record).owner = None;
            }
        }
    }

    /// Lets go of what came of somebody's requests, and of how much of their limits they used.
    fn forget_side(&mut self, whose: &str) {
        self.idempotency.forget(whose);
        self.windows.retain(|(subject, _), _| subject != whose);
    }

    fn forget_agent(&mut self, id: AgentId) {
        self.forget_side(&format!("agent:{id}"));
        if let Some(record) = self.agents.get_mut(&id).map(Arc::make_mut) {
            record.status = AgentStatus::Deleted;
            record.description.clear();
        }
        for hash in self.agent_keys.remove(&id).unwrap_or_default() {
            self.keys.remove(&hash);
        }
        self.claims.retain(|_, claim| claim.agent != id);
        self.claims_of.remove(&id);
        self.avatars.remove(&id.0);
        self.webhooks.forget(id);
    }

    /// Goes on with an audit log whose last entry is this, or the one that a setting names, where that came later: then the log was cut off.
    pub fn set_audit_end(&mut self, last: Option<&AuditRow>) {
        let found = last.map(End::from).unwrap_or_default();
        let known = self.setting(END_SETTING).and_then(End::from_text);
        self.audit = known.filter(|it| it.no >= found.no).unwrap_or(found);
    }

    /// Enters the handles of everybody in the town.
    pub fn meet(&mut self, view: &WorldView) {
        for person in view.people.iter().filter(|person| !person.left) {
            self.agent_names.insert(name_key(&person.name), person.id);
        }
        for agent in view.agents.iter().flatten() {
            self.agent_names
                .insert(name_key(&agent.persona.name), agent.id);
        }
    }

    /// Whether [`Directory::hear`] would do something.
    #[must_use]
    pub fn knows(event: &Event) -> bool {
        matches!(
            event,
            Event::AgentJoined { .. } | Event::PersonJoined { .. }
        )
    }

    /// Takes in what happened.
    pub fn hear(&mut self, event: &Event) {
        if let Event::AgentJoined { agent, name, .. } | Event::PersonJoined { agent, name, .. } =
            event
        {
            self.agent_names.insert(name_key(name), *agent);
        }
    }

    /// Lets go of what has expired. The rows themselves are pruned by the store.
    pub fn forget_expired(&mut self, now_ms: i64) {
        self.idempotency.forget_expired(now_ms);
        self.sessions.retain(|_, row| row.expires_ms > now_ms);
        // A little longer than the longest access token lives.
        self.signed_out
            .retain(|_, until| *until + ACCESS_MS_MAX > now_ms);
        self.account_sessions.retain(|_, hashes| {
            hashes.retain(|hash| self.sessions.contains_key(hash));
            !hashes.is_empty()
        });
        self.tickets.retain(|_, row| row.expires_ms > now_ms);
        self.windows
            .retain(|_, row| row.start_ms >= now_ms - WINDOW_KEEP_MS);
        self.forget_over(now_ms.saturating_sub(OVER_KEPT_MS));
    }

    /// Lets go of keys and claims that were over by then, as the next start would: whoever shows one later is told that it is unknown.
    fn forget_over(&mut self, until_ms: i64) {
        let young = |at_ms: Option<i64>| at_ms.is_none_or(|at_ms| at_ms > until_ms);
        self.keys
            .retain(|_, key| young(key.revoked_ms) && young(key.expires_ms));
        let keys = &self.keys;
        self.key_hashes.retain(|_, hash| keys.contains_key(hash));
        self.agent_keys.retain(|_, hashes| {
            hashes.retain(|hash| keys.contains_key(hash));
            !hashes.is_empty()
        });
        self.claims.retain(|_, claim| claim.expires_ms > until_ms);
        let claims = &self.claims;
        self.claims_of.retain(|_, hash| claims.contains_key(hash));
    }
}
