//! The orders, and how they are carried out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hamlet_protocol::ids::AgentId;
use hamlet_store::{AgentStatus, PruneOptions, Role, Store, Write};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::SOCKET;
use super::books::back_up;
use super::place::note_place;
use crate::audit::Verifier;
use crate::auth::{Password, Passwords};
use crate::files::FileStore;
use crate::identity::{
    NewAccount, create_account, password_reset_ticket, set_agent_standing, set_role, set_standing,
};
use crate::problem::Problem;
use crate::time::Clock;
use crate::village::{Desk, Draft, Health, Keep, Published, Tempo};

/// Who carries out orders, in the audit log.
const OWNER: &str = "owner";
/// Entries of the audit log that are read at once.
const AUDIT_PAGE: u32 = 1_000;

/// What may be ordered.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Says how the village is.
    Status,
    /// Makes an account.
    CreateAccount {
        /// Its name.
        name: String,
        /// `human`, `moderator` or `admin`.
        role: String,
        /// Its password.
        password: String,
    },
    /// Gives an account another role.
    SetRole {
        /// Whose.
        name: String,
        /// `human`, `moderator` or `admin`.
        role: String,
    },
    /// Voids a password and gives a one-time link to set another.
    ResetPassword {
        /// Whose.
        name: String,
    },
    /// Cuts a person off, or lets them in again.
    SuspendAccount {
        /// Whom.
        name: String,
        /// Whether.
        on: bool,
        /// Why.
        reason: String,
    },
    /// Cuts an agent off, or lets it in again.
    SuspendAgent {
        /// Id or name.
        agent: String,
        /// Whether.
        on: bool,
        /// Why.
        reason: String,
    },
    /// Voids all keys of an agent.
    RevokeKeys {
        /// Id or name.
        agent: String,
    },
    /// Follows the audit log from its first entry.
    VerifyAudit,
    /// Follows the ledger from its first entry.
    VerifyLedger,
    /// Writes a backup of everything into a new file.
    Backup {
        /// Where; absolute.
        file: PathBuf,
    },
    /// Notes in the audit log that the journal was written as a file.
    Exported {
        /// Where; absolute.
        file: PathBuf,
    },
    /// Notes in the audit log that the village came out of a backup.
    Restored {
        /// Which; absolute.
        file: PathBuf,
    },
    /// Deletes what is old.
    Prune {
        /// Newest images that stay.
        images: u32,
        /// Hours of journal that stay.
        journal_hours: u32,
        /// Hours of events that stay.
        events_hours: Option<u32>,
    },
    /// Stops time, or lets it go on.
    Pause {
        /// Whether.
        on: bool,
    },
}

/// Carries out orders.
#[derive(Debug)]
pub struct Office {
    /// Where things are handed in.
    pub desk: Desk,
    /// What readers may see.
    pub published: Arc<Published>,
    /// History.
    pub store: Store,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Pictures; `None` where the village's folder is not known here.
    pub files: Option<FileStore>,
    /// The village's folder.
    pub data: PathBuf,
    /// Address of the village, for links.
    pub url: String,
    /// Changes how fast the village goes; `None` where it is at rest.
    pub tempo: Option<Arc<Tempo>>,
}

impl Office {
    /// Carries out an order and says what came of it.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub async fn carry_out(&self, order: Order) -> Result<Value, Problem> {
        match order {
            Order::Status => Ok(self.status()),
            Order::CreateAccount {
                name,
                role,
                password,
            } => self.create(name, &role, password).await,
            Order::SetRole { name, role } => {
                let id = self.account(&name)?;
                set_role(&self.desk, None, OWNER, id, parse_role(&role)?).await?;
                Ok(json!({ "name": name, "role": role }))
            }
            Order::ResetPassword { name } => {
                let id = self.account(&name)?;
                let secret = password_reset_ticket(&self.desk, OWNER, id).await?;
                Ok(json!({ "name": name, "link": format!("{}/reset/{}", self.url, secret.tell()) }))
            }
            Order::SuspendAccount { name, on, reason } => {
                let id = self.account(&name)?;
                set_standing(&self.desk, None, OWNER, id, on, &reason).await?;
                Ok(json!({ "name": name, "suspended": on }))
            }
            Order::SuspendAgent { agent, on, reason } => {
                let id = self.agent(&agent)?;
                let status = if on {
                    AgentStatus::Suspended
                } else {
                    AgentStatus::Active
                };
                set_agent_standing(&self.desk, None, OWNER, id, status, &reason).await?;
                Ok(json!({ "agent": agent, "suspended": on }))
            }
            Order::RevokeKeys { agent } => self.revoke_keys(&agent).await,
            Order::VerifyAudit => self.verify_audit().await,
            Order::VerifyLedger => self.verify_ledger().await,
            Order::Backup { file } => {
                if self.files.is_none() {
                    return Err(refused(
                        "a backup takes the village's folder along, and it is not known here: name it with --data",
                    ));
                }
                self.note("village.backup", json!({ "file": file })).await;
                let bytes = back_up(&self.store, &self.data, &file)
                    .await
                    .map_err(refused)?;
                Ok(json!({ "file": file, "bytes": bytes }))
            }
            Order::Exported { file } => self.noted("village.journal_export", &file).await,
            Order::Restored { file } => {
                // Until its server starts, orders that name the database alone must not reach the one it was copied from.
                note_place(&self.desk, &self.data, &self.data.join(SOCKET));
                self.noted("village.restore", &file).await
            }
            Order::Prune {
                images,
                journal_hours,
                events_hours,
            } => {
                let keep = Keep {
                    images,
                    journal_hours,
                    events_hours,
                };
                let detail = json!({
                    "images": images,
                    "journal_hours": journal_hours,
                    "events_hours": events_hours,
                });
                self.note("village.prune", detail).await;
                self.prune(keep.at(self.clock.now_ms())).await
            }
            Order::Pause { on } => self.pause(on).await,
        }
    }

    fn status(&self) -> Value {
        let view = self.published.view();
        let health = match &*self.published.health() {
            Health::Ready => "ready".to_owned(),
            Health::Paused { reason } => format!("paused: {reason}"),
            Health::Stopped { reason } => format!("stopped: {reason}"),
        };
        let audit = self.published.directory().audit_end().no;
        json!({
            "health": health,
            "served": self.tempo.is_some(),
            "tick": view.tick,
            "seq": view.seq,
            "accounts": self.published.directory().accounts().count(),
            "agents_registered": self.published.directory().agents().count(),
            "audit_entries": audit,
            "inbox": self.desk.sim().waiting(),
        })
    }

    async fn create(&self, name: String, role: &str, password: String) -> Result<Value, Problem> {
        let role = parse_role(role)?;
        let new = NewAccount {
            name: name.clone(),
            password: Password::from(password),
            display_name: None,
            email: None,
            role,
        };
        let actor = Some(OWNER.to_owned());
        let done =
            create_account(&self.desk, &self.passwords, None, actor, new, Vec::new()).await?;
        Ok(json!({ "id": done.outcome, "name": name, "role": role.as_str() }))
    }

    async fn revoke_keys(&self, agent: &str) -> Result<Value, Problem> {
        let id = self.agent(agent)?;
        let done = self
            .desk
            .write(None, move |draft| {
                let now_ms = draft.now_ms();
                let live: Vec<_> = draft
                    .directory()
                    .keys_of(id)
                    .into_iter()
                    .filter(|key| key.revoked_ms.is_none())
                    .collect();
                for key in &live {
                    let mut row = (**key).clone();
                    row.revoked_ms = Some(now_ms);
                    draft.push(Write::Key(row));
                }
                let target = format!("agent:{id}");
                draft.audit(
                    OWNER,
                    "keys.revoke_all",
                    &target,
                    &json!({ "keys": live.len() }),
                );
                Ok(live.len())
            })
            .await?;
        Ok(json!({ "agent": agent, "revoked": done.outcome }))
    }

    async fn verify_audit(&self) -> Result<Value, Problem> {
        let mut verifier = Verifier::default();
        loop {
            // Before the page: what is written in between is no more than there is.
            let known = self.published.directory().audit_end();
            let page = self
                .store
                .audit_page(verifier.entries(), AUDIT_PAGE)
                .await
                .map_err(refused)?;
            if page.is_empty() {
                verifier.reaches(known).map_err(refused)?;
                return Ok(json!({ "entries": verifier.entries() }));
            }
            for row in &page {
                verifier.follow(row).map_err(refused)?;
            }
        }
    }

    async fn verify_ledger(&self) -> Result<Value, Problem> {
        super::ledger::verify(&self.store, &self.published.view())
            .await
            .map_err(refused)
    }

    async fn prune(&self, options: PruneOptions) -> Result<Value, Problem> {
        let now_ms = options.now_ms;
        let report = self.store.prune(options).await.map_err(refused)?;
        let named = self.store.named_files().await.map_err(refused)?;
        let named = named.iter().filter_map(|name| name.parse().ok()).collect();
        let files = match &self.files {
            Some(files) => files.sweep(&named, now_ms).await?,
            None => 0,
        };
        Ok(json!({
            "files": files,
            "images": report.images,
            "frames": report.frames,
            "events": report.events,
            "expired": report.expired,
        }))
    }

    async fn pause(&self, on: bool) -> Result<Value, Problem> {
        let Some(tempo) = &self.tempo else {
            return Err(refused("the village is at rest: there is nothing to pause"));
        };
        tempo.pause(OWNER, on).await?;
        Ok(json!({ "paused": on }))
    }

    /// Writes into the audit log what was done without this office.
    async fn noted(&self, act: &'static str, file: &Path) -> Result<Value, Problem> {
        let detail = json!({ "file": file });
        let work = move |draft: &mut Draft<'_>| {
            draft.audit(OWNER, act, "village", &detail);
            Ok(())
        };
        self.desk.write(None, work).await?;
        Ok(json!({ "noted": act }))
    }

    /// Writes an order into the audit log, before it is carried out. A disk that is full must not keep its owner from making room.
    async fn note(&self, act: &'static str, detail: Value) {
        let work = move |draft: &mut Draft<'_>| {
            draft.audit(OWNER, act, "village", &detail);
            Ok(())
        };
        if let Err(why) = self.desk.write(None, work).await {
            tracing::warn!(%why, act, "an order is carried out that the audit log does not have");
        }
    }

    fn account(&self, name: &str) -> Result<Uuid, Problem> {
        let directory = self.published.directory();
        let row = directory.account_named(name);
        row.map(|row| row.id)
            .ok_or_else(|| Problem::not_found("account", format!("Nobody is called {name} here.")))
    }

    fn agent(&self, wanted: &str) -> Result<AgentId, Problem> {
        let name = wanted.strip_prefix('@').unwrap_or(wanted);
        let directory = self.published.directory();
        // A name may look like an id; an id that is known goes before it.
        let id = wanted.parse::<Uuid>().ok().map(AgentId);
        if let Some(id) = id.filter(|&id| directory.agent(id).is_some()) {
            return Ok(id);
        }
        let in_town = directory.agent_named(name);
        // The books alone do not know who is in town, but who is registered.
        let registered = || {
            let mut all = directory.agents();
            all.find(|row| row.name.eq_ignore_ascii_case(name))
                .map(|row| row.agent)
        };
        in_town
            .or_else(registered)
            .or(id)
            .ok_or_else(|| Problem::not_found("agent", format!("Nobody is called {wanted} here.")))
    }
}

fn parse_role(role: &str) -> Result<Role, Problem> {
    Role::parse(role).ok_or_else(|| {
        Problem::invalid(
            format!("There is no role {role}."),
            "Choose human, moderator or admin.",
        )
    })
}

fn refused(why: impl ToString) -> Problem {
    Problem::conflict("refused", why.to_string(), "")
}
