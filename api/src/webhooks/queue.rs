//! Writing down what is to be told, in the transaction of what it tells of.

use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::view::WorldView;
use hamlet_store::{DeliveryRow, DeliveryState, WebhookRow, WebhookState, Write};
use uuid::Uuid;

use super::{PENDING_ALL_MAX, PENDING_MAX, Told, may_have};
use crate::village::Draft;
use crate::ws::{Audience, letter};

/// Writes down for whom of those who want it elsewhere something happened.
pub(crate) fn queue(events: &[EventRecord], view: &WorldView, ids: IdCodec, draft: &mut Draft<'_>) {
    for record in events {
        let Some(letter) = letter(record, view, ids) else {
            continue;
        };
        let Some(told) = Told::of(&letter.frame) else {
            continue;
        };
        let writer = match &record.event {
            Event::Social(event) => Some(event.agent()),
            _ => None,
        };
        let hearers = match letter.to {
            Audience::One(member) => vec![member],
            // Whoever wrote it knows.
            Audience::Members(members) => members
                .into_iter()
                .filter(|member| Some(*member) != writer)
                .collect(),
            Audience::Around(_) | Audience::Staff => continue,
        };
        for member in hearers {
            tell(member, &told, record.stamp_ms, draft);
        }
    }
}

/// Writes down that a member is told something, at each address where they want it.
fn tell(member: AgentId, told: &Told, at_ms: i64, draft: &mut Draft<'_>) {
    let directory = draft.directory();
    let wanting: Vec<Uuid> = directory
        .webhooks()
        .of(member)
        .filter(|hook| hook.state == WebhookState::On && told.is_wanted(&hook.events))
        .map(|hook| hook.id)
        .collect();
    if wanting.is_empty() || !may_have(directory, member) {
        return;
    }
    for id in wanting {
        add(id, told, at_ms, draft);
    }
}

/// Writes down that something is to be told at an address; where too much waits for it, that it is not. Its number, where it has one.
pub(crate) fn add(id: Uuid, told: &Told, at_ms: i64, draft: &mut Draft<'_>) -> Option<i64> {
    let webhooks = draft.directory().webhooks();
    let hook = WebhookRow::clone(webhooks.get(id)?);
    if webhooks.pending_count(id) >= PENDING_MAX || webhooks.waiting() >= PENDING_ALL_MAX {
        draft.push(Write::Webhook(WebhookRow {
            dropped: hook.dropped + 1,
            ..hook
        }));
        return None;
    }
    let no = hook.next_no;
    let now_ms = draft.now_ms();
    draft.push(Write::Delivery(DeliveryRow {
        webhook: id,
        no,
        kind: told.kind.clone(),
        body: told.body(hook.member.0, at_ms),
        state: DeliveryState::Pending,
        attempts: 0,
        status: None,
        error: None,
        created_ms: now_ms,
        done_ms: None,
    }));
    draft.push(Write::Webhook(WebhookRow {
        next_no: no + 1,
        ..hook
    }));
    Some(no)
}
