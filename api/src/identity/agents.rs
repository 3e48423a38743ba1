//! Agents beside the world: how they stand, and how they go.

use std::sync::Arc;

use hamlet_protocol::command::Command;
use hamlet_protocol::ids::AgentId;
use hamlet_store::{AgentRecordRow, AgentStatus, ClaimRow, Write};
use serde_json::json;

use super::keys::end_keys;
use crate::directory::Directory;
use crate::problem::Problem;
use crate::village::{Desk, Draft, IdempotencyKey};

/// Lets an agent act, or cuts it off, or sets it apart.
///
/// # Errors
/// 404 when no such agent ever registered, or it is gone.
pub async fn set_agent_standing(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    agent: AgentId,
    status: AgentStatus,
    reason: &str,
) -> Result<(), Problem> {
    let (actor, reason) = (actor.to_owned(), reason.to_owned());
    desk.write(key, move |draft| {
        let record = registered(draft.directory(), agent)?;
        if record.status == status {
            return Ok(());
        }
        let act = format!("agent.{}", status.as_str());
        draft.push(Write::AgentRecord(AgentRecordRow {
            status,
            ..AgentRecordRow::clone(&record)
        }));
        draft.audit(&actor, &act, &named(agent), &json!({ "reason": reason }));
        Ok(())
    })
    .await?;
    Ok(())
}

/// Takes an agent out of the town for good. What it wrote stays, its keys end, its name stays taken.
///
/// # Errors
/// 404 when no such agent ever registered, or it is gone.
pub async fn remove_agent(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    agent: AgentId,
) -> Result<bool, Problem> {
    let actor = actor.to_owned();
    let done = desk
        .command(key, Command::Remove { agent }, move |_applied, draft| {
            take_leave(draft, &actor, agent);
        })
        .await?;
    Ok(done.replayed)
}

fn take_leave(draft: &mut Draft<'_>, actor: &str, agent: AgentId) {
    let Some(record) = draft.directory().agent(agent).cloned() else {
        return;
    };
    draft.push(Write::AgentRecord(AgentRecordRow {
        status: AgentStatus::Deleted,
        ..AgentRecordRow::clone(&record)
    }));
    end_keys(draft, agent);
    let webhooks: Vec<_> = draft
        .directory()
        .webhooks()
        .of(agent)
        .map(|hook| hook.id)
        .collect();
    for webhook in webhooks {
        draft.push(Write::WebhookGone(webhook));
    }
    let now_ms = draft.now_ms();
    let claim = draft.directory().claim_of(agent).cloned();
    if let Some(claim) = claim.filter(|claim| claim.expires_ms > now_ms) {
        draft.push(Write::Claim(ClaimRow {
            expires_ms: now_ms,
            ..ClaimRow::clone(&claim)
        }));
    }
    draft.audit(
        actor,
        "agent.remove",
        &named(agent),
        &json!({ "name": record.name }),
    );
}

/// An agent that registered and is not gone.
pub(crate) fn registered(
    directory: &Directory,
    agent: AgentId,
) -> Result<Arc<AgentRecordRow>, Problem> {
    directory
        .agent(agent)
        .filter(|record| record.status != AgentStatus::Deleted)
        .cloned()
        .ok_or_else(|| {
            Problem::not_found(
                "registered agent",
                "Residents of the scenario have neither keys nor owners.",
            )
        })
}

/// How the audit log names an agent.
pub(crate) fn named(agent: AgentId) -> String {
    format!("agent:{agent}")
}
