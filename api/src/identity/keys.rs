//! Agents' keys: made, rotated, revoked. Only their hashes are kept.

use std::sync::Arc;

use hamlet_protocol::ids::AgentId;
use hamlet_store::{AgentRecordRow, KeyRow, Write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::agents::{named, registered};
use super::chance::{new_id, new_secret};
use crate::auth::Secret;
use crate::directory::Directory;
use crate::problem::Problem;
use crate::village::{Desk, Done, Draft, IdempotencyKey};

/// What an agent's key begins with.
const KIND: &str = "hamlet_sk_";
/// Keys of one agent that may be good at the same time.
const LIVE_MAX: usize = 20;

/// What a key is to be.
#[derive(Clone, Debug)]
pub(crate) struct KeyPlan {
    /// What it is for.
    pub(crate) label: String,
    /// What it may do, separated by spaces.
    pub(crate) scopes: String,
    /// Until when, UTC milliseconds; `None`: for good.
    pub(crate) expires_ms: Option<i64>,
}

/// A key that was made.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MadeKey {
    /// Which.
    pub(crate) id: Uuid,
    /// In clear text, the first time.
    #[serde(skip)]
    pub(crate) secret: Option<Secret>,
}

/// A new key of an agent.
///
/// # Errors
/// 500 when there is no chance.
pub(crate) fn new_key(
    agent: AgentId,
    now_ms: i64,
    plan: KeyPlan,
) -> Result<(Secret, KeyRow), Problem> {
    let secret = new_secret(KIND)?;
    let row = KeyRow {
        id: new_id()?,
        agent: Some(agent),
        account: None,
        prefix: secret.prefix(),
        hash: secret.hash(),
        label: plan.label,
        scopes: plan.scopes,
        created_ms: now_ms,
        expires_ms: plan.expires_ms,
        revoked_ms: None,
        last_used_ms: None,
        rotated_to: None,
    };
    Ok((secret, row))
}

/// Whether a key is good now. One that was revoked never is again, even where the clock has been set back since.
pub(crate) fn is_live(key: &KeyRow, now_ms: i64) -> bool {
    key.revoked_ms.is_none() && key.expires_ms.is_none_or(|at| at > now_ms)
}

/// Makes another key for an agent.
///
/// # Errors
/// 409 when it has too many.
pub(crate) async fn create_key(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    agent: AgentId,
    plan: KeyPlan,
) -> Result<Done<MadeKey>, Problem> {
    let (secret, row) = new_key(agent, 0, plan)?;
    let actor = actor.to_owned();
    desk.write(key, move |draft| {
        registered(draft.directory(), agent)?;
        let now_ms = draft.now_ms();
        let live = live_keys(draft.directory(), agent, now_ms).len();
        if live >= LIVE_MAX {
            return Err(Problem::conflict(
                "key_limit",
                format!("An agent has at most {LIVE_MAX} keys at a time."),
                "Revoke one that is not used any more: GET /api/v1/agents/me/keys says when each was used.",
            ));
        }
        let id = row.id;
        let detail = json!({ "key": id, "label": row.label, "scopes": row.scopes });
        draft.push(Write::Key(KeyRow { created_ms: now_ms, ..row }));
        draft.audit(&actor, "key.create", &named(agent), &detail);
        Ok(MadeKey { id, secret: Some(secret) })
    })
    .await
}

/// Makes a key that takes the place of another, which stays good for a while.
///
/// # Errors
/// 404 when there is no such key, 409 when it is no longer good, was rotated already, or the agent could be lost.
pub(crate) async fn rotate_key(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    (agent, old): (AgentId, Uuid),
    overlap_secs: i64,
) -> Result<Done<MadeKey>, Problem> {
    let plan = KeyPlan {
        label: String::new(),
        scopes: String::new(),
        expires_ms: None,
    };
    let (secret, fresh) = new_key(agent, 0, plan)?;
    let actor = actor.to_owned();
    desk.write(key, move |draft| {
        let record = registered(draft.directory(), agent)?;
        let now_ms = draft.now_ms();
        let old = own_key(draft.directory(), agent, old)?;
        if !is_live(&old, now_ms) || old.rotated_to.is_some() {
            return Err(Problem::conflict(
                "key_over",
                "This key was revoked, has expired or was rotated already.",
                "Rotate the key that took its place, or make a new one.",
            ));
        }
        if overlap_secs == 0 {
            may_lose(draft.directory(), &record, &old, now_ms)?;
        }
        let id = fresh.id;
        let lifetime_ms = old.expires_ms.map(|at| at - old.created_ms);
        let end_ms = now_ms + overlap_secs * 1000;
        draft.push(Write::Key(KeyRow {
            label: old.label.clone(),
            scopes: old.scopes.clone(),
            created_ms: now_ms,
            expires_ms: lifetime_ms.map(|lifetime| now_ms + lifetime),
            ..fresh
        }));
        draft.push(Write::Key(KeyRow {
            expires_ms: Some(old.expires_ms.map_or(end_ms, |at| at.min(end_ms))),
            rotated_to: Some(id),
            ..KeyRow::clone(&old)
        }));
        let detail = json!({ "from": old.id, "to": id, "overlap_secs": overlap_secs });
        draft.audit(&actor, "key.rotate", &named(agent), &detail);
        Ok(MadeKey {
            id,
            secret: Some(secret),
        })
    })
    .await
}

/// On whose word a key ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Of whoever keeps it: the agent must not be lost by it.
    Keeper,
    /// Of staff: what leaked is void at once, whatever is lost by it.
    Staff,
}

/// Ends a key at once. One that has ended already stays so.
///
/// # Errors
/// 404 when there is no such key, 409 when its keeper would lose the agent.
pub(crate) async fn revoke_key(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    (agent, which): (AgentId, Uuid),
    ending: Ending,
) -> Result<(), Problem> {
    let actor = actor.to_owned();
    desk.write(key, move |draft| {
        let record = registered(draft.directory(), agent)?;
        let now_ms = draft.now_ms();
        let row = own_key(draft.directory(), agent, which)?;
        if row.revoked_ms.is_some() {
            return Ok(());
        }
        if ending == Ending::Keeper {
            may_lose(draft.directory(), &record, &row, now_ms)?;
        }
        draft.push(Write::Key(KeyRow {
            revoked_ms: Some(now_ms),
            ..KeyRow::clone(&row)
        }));
        draft.audit(
            &actor,
            "key.revoke",
            &named(agent),
            &json!({ "key": which }),
        );
        Ok(())
    })
    .await?;
    Ok(())
}

/// Notes in the audit log that somebody who keeps order reads what keys an agent has.
///
/// # Errors
/// 404 when no such agent ever registered.
pub(crate) async fn note_reading(desk: &Desk, actor: &str, agent: AgentId) -> Result<(), Problem> {
    let actor = actor.to_owned();
    desk.write(None, move |draft| {
        registered(draft.directory(), agent)?;
        draft.audit(&actor, "key.read", &named(agent), &json!({}));
        Ok(())
    })
    .await?;
    Ok(())
}

/// Ends all keys of an agent at once; says how many were good.
///
/// # Errors
/// 404 when no such agent ever registered.
pub(crate) async fn revoke_all(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    agent: AgentId,
) -> Result<Done<usize>, Problem> {
    let actor = actor.to_owned();
    desk.write(key, move |draft| {
        registered(draft.directory(), agent)?;
        let ended = end_keys(draft, agent);
        draft.audit(
            &actor,
            "key.revoke_all",
            &named(agent),
            &json!({ "keys": ended }),
        );
        Ok(ended)
    })
    .await
}

/// Ends all keys of an agent; says how many were good.
pub(super) fn end_keys(draft: &mut Draft<'_>, agent: AgentId) -> usize {
    let now_ms = draft.now_ms();
    let live = live_keys(draft.directory(), agent, now_ms);
    for key in &live {
        draft.push(Write::Key(KeyRow {
            revoked_ms: Some(now_ms),
            ..KeyRow::clone(key)
        }));
    }
    live.len()
}

fn live_keys(directory: &Directory, agent: AgentId, now_ms: i64) -> Vec<Arc<KeyRow>> {
    let mut keys = directory.keys_of(agent);
    keys.retain(|key| is_live(key, now_ms));
    keys
}

fn own_key(directory: &Directory, agent: AgentId, id: Uuid) -> Result<Arc<KeyRow>, Problem> {
    directory
        .key_by_id(id)
        .filter(|key| key.agent == Some(agent))
        .cloned()
        .ok_or_else(|| {
            Problem::not_found("key", "GET /api/v1/agents/me/keys lists an agent's keys.")
        })
}

/// Refuses to end the last lasting key of an agent that nobody owns: nobody could ever act for it again.
fn may_lose(
    directory: &Directory,
    record: &AgentRecordRow,
    ending: &KeyRow,
    now_ms: i64,
) -> Result<(), Problem> {
    let outlasts = |key: &KeyRow| match (key.expires_ms, ending.expires_ms) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(its), Some(ends)) => its >= ends,
    };
    let lasting = |key: &KeyRow| key.id != ending.id && key.rotated_to.is_none() && outlasts(key);
    let mut others = live_keys(directory, record.agent, now_ms).into_iter();
    if record.owner.is_some() || !is_live(ending, now_ms) || others.any(|key| lasting(&key)) {
        return Ok(());
    }
    Err(Problem::conflict(
        "last_key",
        "This is the last key of an agent that nobody has claimed: without it the agent would be lost.",
        "Make another key first, rotate this one with `overlap_secs`, or have the agent claimed; its owner can always make a new key.",
    ))
}
