//! Claims: how an agent gets an owner. A link opens a page, and only a person's POST takes the claim.

use std::sync::Arc;

use axum::http::StatusCode;
use hamlet_protocol::ids::AgentId;
use hamlet_store::{AgentRecordRow, ClaimRow, Write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::accounts;
use super::agents::{named, registered};
use super::chance::new_secret;
use super::code::{new_code, same_code};
use crate::auth::Secret;
use crate::directory::Directory;
use crate::problem::Problem;
use crate::village::{Desk, Done, IdempotencyKey};

/// How a claim is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimWay {
    /// By the link, after comparing the code.
    Link,
    /// By a page that shows the code.
    Proof,
}

impl ClaimWay {
    fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Proof => "proof",
        }
    }
}

/// A claim that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// The agent.
    pub agent: AgentId,
    /// Its handle.
    pub name: String,
}

/// A claim that waits, and the secret of its link.
///
/// # Errors
/// 500 when there is no chance.
pub fn new_claim(
    agent: AgentId,
    now_ms: i64,
    ttl_secs: u64,
) -> Result<(Secret, ClaimRow), Problem> {
    let token = new_secret("")?;
    let ttl_ms = i64::try_from(ttl_secs)
        .unwrap_or(i64::MAX)
        .saturating_mul(1000);
    let row = ClaimRow {
        token_hash: token.hash(),
        agent,
        code: new_code()?,
        method: None,
        created_ms: now_ms,
        expires_ms: now_ms.saturating_add(ttl_ms),
        used_ms: None,
        account: None,
    };
    Ok((token, row))
}

/// Makes a new claim link for an agent that nobody owns; the old one is void.
///
/// # Errors
/// 409 when it is claimed already.
pub async fn renew_claim(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    agent: AgentId,
    ttl_secs: u64,
) -> Result<Done<Option<LinkSecret>>, Problem> {
    let (token, row) = new_claim(agent, 0, ttl_secs)?;
    let done = enter_claim(desk, key, row).await?;
    Ok(Done {
        outcome: (!done.replayed).then_some(LinkSecret(token)),
        replayed: done.replayed,
    })
}

/// Enters a claim that was made at time 0, from now on; the agent's old one is void.
///
/// # Errors
/// 409 when it is claimed already.
pub async fn enter_claim(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    row: ClaimRow,
) -> Result<Done<()>, Problem> {
    desk.write(key, move |draft| {
        let agent = row.agent;
        check_unowned(draft.directory(), agent)?;
        let now_ms = draft.now_ms();
        let old = draft.directory().claim_of(agent).cloned();
        if let Some(old) = old.filter(|old| old.used_ms.is_none() && old.expires_ms > now_ms) {
            draft.push(Write::Claim(ClaimRow {
                expires_ms: now_ms,
                ..ClaimRow::clone(&old)
            }));
        }
        draft.push(Write::Claim(ClaimRow {
            created_ms: now_ms,
            expires_ms: now_ms + row.expires_ms,
            ..row
        }));
        draft.audit(&named(agent), "claim.renew", &named(agent), &json!({}));
        Ok(())
    })
    .await
}

/// Whether an agent may still be claimed.
///
/// # Errors
/// 409 when it is claimed already.
pub fn check_unowned(directory: &Directory, agent: AgentId) -> Result<(), Problem> {
    if registered(directory, agent)?.owner.is_none() {
        return Ok(());
    }
    Err(Problem::conflict(
        "already_claimed",
        "This agent has an owner already.",
        "Nothing is left to do.",
    ))
}

/// The secret of a claim's link.
#[derive(Debug)]
pub struct LinkSecret(pub Secret);

/// Makes a person the owner of the agent of a claim. Whoever owns it by this claim already is told so again.
///
/// # Errors
/// 404, 410 or 409 when the claim is unknown, over or taken; 403 when the code is another; 409 when they own too many agents.
pub async fn confirm_claim(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    account: Uuid,
    way: ClaimWay,
    (token_hash, code): ([u8; 32], Option<String>),
    agents_max: usize,
) -> Result<Done<Claimed>, Problem> {
    desk.write(key, move |draft| {
        let directory = draft.directory();
        let now_ms = draft.now_ms();
        let claim = directory.claim(&token_hash).cloned().ok_or_else(unknown)?;
        let record = registered(directory, claim.agent)?;
        let claimed = Claimed {
            agent: claim.agent,
            name: record.name.clone(),
        };
        if claim.used_ms.is_some()
            && claim.account == Some(account)
            && record.owner == Some(account)
        {
            return Ok(claimed);
        }
        check_open(&claim, &record, now_ms)?;
        if code.is_some_and(|code| !same_code(&code, &claim.code)) {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "wrong_code",
                "This is not the code of this claim.",
                "Compare it with the one your agent shows: if they differ, it is not your agent.",
            ));
        }
        accounts::active(directory, account)?;
        if directory.agents_of(account).count() >= agents_max {
            return Err(Problem::conflict(
                "too_many_agents",
                format!("A person owns at most {agents_max} agents here."),
                "Let go of one first.",
            ));
        }
        let detail = json!({ "way": way.as_str() });
        draft.push(Write::Claim(ClaimRow {
            method: Some(way.as_str().to_owned()),
            used_ms: Some(now_ms),
            account: Some(account),
            ..ClaimRow::clone(&claim)
        }));
        draft.push(Write::AgentRecord(AgentRecordRow {
            owner: Some(account),
            claimed_ms: Some(now_ms),
            ..AgentRecordRow::clone(&record)
        }));
        draft.audit(
            &accounts::named(account),
            "claim.take",
            &named(claim.agent),
            &detail,
        );
        Ok(claimed)
    })
    .await
}

/// The open claim with this code.
///
/// # Errors
/// 404 when there is none; 409 when there are two, so that only the link says which is meant.
pub fn find_by_code(
    directory: &Directory,
    code: &str,
    now_ms: i64,
) -> Result<Arc<ClaimRow>, Problem> {
    let open = |claim: &ClaimRow| claim.used_ms.is_none() && claim.expires_ms > now_ms;
    let mut found = directory
        .claims()
        .filter(|claim| same_code(code, &claim.code) && open(claim));
    match (found.next(), found.next()) {
        (Some(claim), None) => Ok(Arc::clone(claim)),
        (Some(_), Some(_)) => Err(Problem::conflict(
            "ambiguous_code",
            "Two claims have this code.",
            "Use the claim link, or have your agent make a new one: POST /api/v1/agents/me/claim.",
        )),
        (None, _) => Err(Problem::not_found(
            "open claim with this code",
            "Write it as your agent got it, such as reef-X4B2.",
        )),
    }
}

fn check_open(claim: &ClaimRow, record: &AgentRecordRow, now_ms: i64) -> Result<(), Problem> {
    if claim.used_ms.is_some() || record.owner.is_some() {
        return Err(Problem::conflict(
            "already_claimed",
            "This agent has an owner already.",
            "If it is yours and you did not claim it, tell an admin of this village.",
        ));
    }
    if claim.expires_ms <= now_ms {
        return Err(Problem::conflict(
            "claim_expired",
            "This claim link is no longer good.",
            "Have your agent make a new one: POST /api/v1/agents/me/claim.",
        ));
    }
    Ok(())
}

fn unknown() -> Problem {
    Problem::not_found(
        "claim",
        "It may be taken already, or over. Your agent can make a new link: POST /api/v1/agents/me/claim.",
    )
}
