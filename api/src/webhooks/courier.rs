//! Carries what waits to where it is to go.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hamlet_store::{DeliveryRow, DeliveryState, WebhookRow, WebhookState, Write};
use serde_json::json;
use tokio::task::{Id, JoinSet};
use tokio::time::sleep;
use uuid::Uuid;

use super::{FAILURES_MAX, may_have, retry_ms};
use crate::outbound::{OutboundError, post_json};
use crate::problem::Problem;
use crate::state::App;
use crate::village::Draft;

/// Addresses that are written to at the same time.
const RUNNING_MAX: usize = 16;
/// How often is looked whether it is time for another attempt, while something waits for one.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Wait before something is tried again of which it could not be written down what came of it.
const UNWRITTEN_WAIT: Duration = Duration::from_secs(5);
/// The status by which an address says that it wants nothing more.
const GONE: u16 = 410;

/// Carries what waits to where it is to go, for ever: end it by dropping it.
pub async fn deliver(app: App) {
    let mut running: JoinSet<()> = JoinSet::new();
    let mut busy: HashMap<Id, Uuid> = HashMap::new();
    loop {
        let waiting = set_out(&app, &mut running, &mut busy);
        let look = async {
            if waiting {
                sleep(LOOK_EVERY).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            Some(ended) = running.join_next_with_id() => {
                let id = match ended {
                    Ok((id, ())) => id,
                    Err(panicked) => panicked.id(),
                };
                busy.remove(&id);
            }
            () = app.published.webhooks_changed() => {}
            () = look => {}
        }
    }
}

/// Sends what is due, as far as there is room; says whether something waits for its time.
fn set_out(app: &App, running: &mut JoinSet<()>, busy: &mut HashMap<Id, Uuid>) -> bool {
    let now_ms = app.clock.now_ms();
    let mut waiting = false;
    let directory = app.published.directory();
    for (hook, delivery) in directory.webhooks().heads() {
        let is_busy = busy.values().any(|id| *id == hook.id);
        if is_busy || hook.state != WebhookState::On || !may_have(&directory, hook.member) {
            continue;
        }
        if hook.retry_ms > now_ms {
            waiting = true;
        } else if running.len() < RUNNING_MAX {
            let attempt = attempt(app.clone(), Arc::clone(hook), Arc::clone(delivery));
            busy.insert(running.spawn(attempt).id(), hook.id);
        }
    }
    waiting
}

async fn attempt(app: App, hook: Arc<WebhookRow>, delivery: Arc<DeliveryRow>) {
    let headers = app
        .webhook_signer
        .headers(&hook, &delivery, app.clock.now_ms());
    let private = app.config.outbound_private;
    let sent = post_json(&hook.url, private, &headers, delivery.body.clone()).await;
    let (id, no) = (hook.id, delivery.no);
    let written = app
        .desk
        .write(None, move |draft| {
            write_down(draft, (id, no), sent);
            Ok::<(), Problem>(())
        })
        .await;
    if let Err(why) = written {
        tracing::debug!(%why, "what came of a delivery could not be written down; it will be made again");
        sleep(UNWRITTEN_WAIT).await;
    }
}

/// Writes down what came of an attempt, unless its owner has let go of it meanwhile.
fn write_down(draft: &mut Draft<'_>, (id, no): (Uuid, i64), sent: Result<u16, OutboundError>) {
    let now_ms = draft.now_ms();
    let webhooks = draft.directory().webhooks();
    let (Some(hook), Some(delivery)) = (webhooks.get(id), webhooks.delivery(id, no)) else {
        return;
    };
    let hook = WebhookRow::clone(hook);
    let tried = DeliveryRow {
        attempts: delivery.attempts + 1,
        status: sent.as_ref().ok().map(|status| i64::from(*status)),
        ..DeliveryRow::clone(delivery)
    };
    let error = match sent {
        Ok(200..300) => {
            draft.push(Write::Delivery(DeliveryRow {
                state: DeliveryState::Delivered,
                body: String::new(),
                error: None,
                done_ms: Some(now_ms),
                ..tried
            }));
            draft.push(Write::Webhook(WebhookRow {
                failures: 0,
                retry_ms: 0,
                delivered_ms: Some(now_ms),
                ..hook
            }));
            return;
        }
        Ok(status) => format!("its host answered with status {status}"),
        Err(why) => why.to_string(),
    };
    draft.push(Write::Delivery(DeliveryRow {
        error: Some(error.clone()),
        ..tried
    }));
    let failures = hook.failures + 1;
    let hook = WebhookRow {
        failures,
        retry_ms: now_ms + retry_ms(failures),
        ..hook
    };
    if matches!(sent, Ok(GONE)) {
        turn_off(draft, hook, "Its host says that it is gone.".to_owned());
    } else if failures >= FAILURES_MAX {
        let reason = format!("{failures} attempts in a row failed; the last: {error}.");
        turn_off(draft, hook, reason);
    } else {
        draft.push(Write::Webhook(hook));
    }
}

/// Tells an address nothing any more, and lets go of all that waits for it.
fn turn_off(draft: &mut Draft<'_>, hook: WebhookRow, reason: String) {
    let waiting = draft.directory().webhooks().pending(hook.id);
    let waiting: Vec<_> = waiting.cloned().collect();
    let detail = json!({ "reason": reason, "dropped": waiting.len() });
    let dropped = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
    for delivery in waiting {
        draft.push(Write::Delivery(DeliveryRow {
            state: DeliveryState::Dropped,
            body: String::new(),
            done_ms: Some(draft.now_ms()),
            ..DeliveryRow::clone(&delivery)
        }));
    }
    let target = format!("webhook:{}", hook.id);
    draft.push(Write::Webhook(WebhookRow {
        state: WebhookState::Off,
        reason: Some(reason),
        dropped: hook.dropped + dropped,
        ..hook
    }));
    draft.audit("system", "webhook.off", &target, &detail);
}
