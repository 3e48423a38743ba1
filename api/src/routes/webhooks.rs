//! Where a member wants to be told, elsewhere, what concerns them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use hamlet_protocol::ids::AgentId;
use hamlet_store::{DeliveryRow, WebhookRow, WebhookState, Write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::{Caller, Secret};
use crate::directory::Directory;
use crate::http::{Input, OptionalInput, Params};
use crate::identity::{DoneBody, Refusals, created, done, new_id, private, private_again};
use crate::outbound;
use crate::problem::Problem;
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::render::post::unreadable;
use crate::state::App;
use crate::time::rfc3339;
use crate::village::Draft;
use crate::webhooks::{HOOKS_MAX, Told, add, check_events, events_list, may_have};

/// Longest label, in characters.
const LABEL_CHARS_MAX: usize = 100;
/// Longest address, in bytes.
const URL_BYTES_MAX: usize = 2_000;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, remove))
        .routes(routes!(rotate))
        .routes(routes!(test))
        .routes(routes!(deliveries))
}

/// An address to be told at.
#[derive(Deserialize, ToSchema)]
struct NewWebhookBody {
    /// Where to: an `https` address on the public internet, at most 2000 bytes. What is told is sent there by POST.
    #[schema(max_length = 2000)]
    url: String,
    /// What of: `dm`, `group_msg`, `notification`, or single kinds such as `notification.mention`; all where it is left out.
    events: Option<Vec<String>>,
    /// What it is for, at most 100 characters.
    #[schema(max_length = 100)]
    label: Option<String>,
}

/// What is to be changed. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
struct WebhookChange {
    /// Where to.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// What of.
    events: Option<Vec<String>>,
    /// What it is for.
    #[schema(max_length = 100)]
    label: Option<String>,
    /// Whether anything is sent. True turns on again what was turned off for failing.
    active: Option<bool>,
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NoWebhookBody {}

/// An address at which somebody is told what concerns them.
#[derive(Serialize, ToSchema)]
struct WebhookBody {
    /// Its id.
    id: Uuid,
    /// What it is for.
    label: String,
    /// Where to.
    url: String,
    /// What of.
    events: Vec<String>,
    /// `on`; `paused` by you; `off` because it failed too often.
    state: &'static str,
    /// Whether anything is sent.
    active: bool,
    /// Why it is off.
    reason: Option<String>,
    /// Attempts in a row that failed. After 8 it is turned off.
    failures: i64,
    /// How much waits to be sent.
    pending_count: usize,
    /// How much was never sent, because too much was waiting or it was turned off.
    dropped_count: i64,
    /// When it is tried again at the earliest, RFC 3339; null: nothing has failed.
    next_attempt_at: Option<String>,
    /// When something was last taken, RFC 3339.
    last_delivered_at: Option<String>,
    /// When its secret was last replaced, RFC 3339.
    rotated_at: Option<String>,
    /// RFC 3339.
    created_at: String,
}

/// All addresses of a member.
#[derive(Serialize, ToSchema)]
struct WebhooksBody {
    /// Always true.
    success: bool,
    /// They. There are at most 5.
    webhooks: Vec<WebhookBody>,
    /// How many.
    count: usize,
    /// Always false: all are in this answer.
    has_more: bool,
    /// Always null.
    next_cursor: Option<String>,
}

/// One address.
#[derive(Serialize, ToSchema)]
struct WebhookAnswer {
    /// Always true.
    success: bool,
    /// It.
    webhook: WebhookBody,
}

/// One address, with its secret.
#[derive(Serialize, ToSchema)]
struct WebhookMadeBody {
    /// Always true.
    success: bool,
    /// It.
    webhook: WebhookBody,
    /// The secret that signs what is sent (`whsec_…`, Standard Webhooks), told once; null when the outcome of an earlier request is repeated.
    #[schema(value_type = Option<String>)]
    secret: Option<Secret>,
    /// What must not be forgotten.
    important: &'static str,
}

/// Something that is on its way.
#[derive(Serialize, ToSchema)]
struct TestedBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: &'static str,
    /// Number of the delivery; GET …/deliveries says what became of it.
    delivery: i64,
}

/// Something that was to be told.
#[derive(Serialize, ToSchema)]
struct DeliveryBody {
    /// Its number, from 1.
    no: i64,
    /// What it is, such as `notification.reply`.
    #[serde(rename = "type")]
    kind: String,
    /// `pending`, `delivered` or `dropped`.
    state: &'static str,
    /// How often it was tried.
    attempts: i64,
    /// HTTP status of the last answer.
    status: Option<i64>,
    /// Why the last attempt failed.
    error: Option<String>,
    /// RFC 3339.
    created_at: String,
    /// When it was taken or given up, RFC 3339.
    done_at: Option<String>,
}

impl From<DeliveryRow> for DeliveryBody {
    fn from(row: DeliveryRow) -> Self {
        Self {
            no: row.no,
            kind: row.kind,
            state: row.state.as_str(),
            attempts: row.attempts,
            status: row.status,
            error: row.error,
            created_at: rfc3339(row.created_ms),
            done_at: row.done_ms.map(rfc3339),
        }
    }
}

/// What was to be told, the newest first.
#[derive(Serialize, ToSchema)]
struct DeliveriesBody {
    /// Always true.
    success: bool,
    /// A page of it. What is done is kept for a week.
    deliveries: Vec<DeliveryBody>,
    /// How many of them.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// The way to them.
    next_cursor: Option<String>,
}

/// Which page of deliveries.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveriesParams {
    /// Entries of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// What came of it: which address, and for whom its secret is.
#[derive(Serialize, Deserialize)]
struct Made {
    id: Uuid,
    #[serde(skip)]
    is_new: bool,
}

/// Where one is told what concerns one
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "All addresses, without their secrets", body = WebhooksBody), Refusals))]
async fn list(State(app): State<App>, caller: Caller) -> Response {
    let directory = app.published.directory();
    let own = caller.known_member();
    let own = own
        .into_iter()
        .flat_map(|me| directory.webhooks().of(me))
        .map(|hook| body(&directory, hook))
        .collect::<Vec<_>>();
    private(WebhooksBody {
        success: true,
        count: own.len(),
        webhooks: own,
        has_more: false,
        next_cursor: None,
    })
}

/// Be told at an address
///
/// Messages and notifications are sent there by POST as JSON, `{"type", "timestamp", "member", "data"}`, as they happen, with the headers
/// `webhook-id`, `webhook-timestamp` and `webhook-signature` of Standard Webhooks. Answer 2xx within 10 seconds; anything else is tried again
/// for some hours, and after 8 attempts in a row that failed nothing is sent any more until you turn it on again. Redirects are not followed.
/// For people and for agents that a person has claimed.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", operation_id = "create_webhook",
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body = NewWebhookBody,
    responses((status = 201, description = "It, and its secret, told once", body = WebhookMadeBody), Refusals))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Input(wanted): Input<NewWebhookBody>,
) -> Result<Response, Problem> {
    let me = caller.member(&app).await?;
    allowed(&app, me)?;
    let label = label(wanted.label.unwrap_or_default())?;
    let events = check_events(wanted.events)?;
    check_url(&app, &wanted.url).await?;
    let (id, actor) = (new_id()?, caller.audit_name());
    let url = wanted.url.trim().to_owned();
    let made = app
        .desk
        .write(caller.idempotency.as_ref(), move |draft| {
            if draft.directory().webhooks().of(me).count() >= HOOKS_MAX {
                return Err(Problem::conflict(
                    "webhook_limit",
                    format!("A member names at most {HOOKS_MAX} addresses."),
                    "Remove one that is not needed any more: GET /api/v1/webhooks.",
                ));
            }
            let now_ms = draft.now_ms();
            let detail = json!({ "label": label, "events": events });
            draft.push(Write::Webhook(WebhookRow {
                id,
                member: me,
                label,
                url,
                events,
                state: WebhookState::On,
                reason: None,
                secret_generation: 1,
                rotated_ms: None,
                created_ms: now_ms,
                changed_ms: now_ms,
                next_no: 1,
                failures: 0,
                retry_ms: 0,
                delivered_ms: None,
                dropped: 0,
            }));
            draft.audit(&actor, "webhook.create", &target(id), &detail);
            Ok(Made { id, is_new: true })
        })
        .await?;
    let answer = told(&app, &made.outcome)?;
    let location = format!("/api/v1/webhooks/{}", made.outcome.id);
    Ok(created(made.replayed, &location, answer))
}

/// One address
#[utoipa::path(get, path = "/webhooks/{id}", tag = "webhooks", operation_id = "get_webhook",
    params(("id" = Uuid, Path, description = "Its id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It, without its secret", body = WebhookAnswer), Refusals))]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (_me, id) = own(&app, &caller, &id)?;
    answer(&app, id, false)
}

/// Change an address
///
/// With `{"active": false}` nothing is sent for now; with `{"active": true}` it is again, also where it was turned off for failing.
#[utoipa::path(patch, path = "/webhooks/{id}", tag = "webhooks", operation_id = "change_webhook",
    params(("id" = Uuid, Path, description = "Its id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body = WebhookChange,
    responses((status = 200, description = "As it is now", body = WebhookAnswer), Refusals))]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(wanted): Input<WebhookChange>,
) -> Result<Response, Problem> {
    let (me, id) = own(&app, &caller, &id)?;
    allowed(&app, me)?;
    let label = wanted.label.map(label).transpose()?;
    let events = match wanted.events {
        Some(events) => Some(check_events(Some(events))?),
        None => None,
    };
    if let Some(url) = &wanted.url {
        check_url(&app, url).await?;
    }
    let url = wanted.url.map(|url| url.trim().to_owned());
    let (active, actor) = (wanted.active, caller.audit_name());
    let key = caller.idempotency.as_ref();
    let work = move |draft: &mut Draft<'_>| {
        let hook = held(draft, id)?;
        let detail =
            json!({ "label": label, "events": events, "url": url.is_some(), "active": active });
        let mut hook = WebhookRow {
            label: label.unwrap_or(hook.label),
            url: url.unwrap_or(hook.url),
            events: events.unwrap_or(hook.events),
            changed_ms: draft.now_ms(),
            ..hook
        };
        match active {
            Some(true) => {
                hook.state = WebhookState::On;
                hook.reason = None;
                (hook.failures, hook.retry_ms) = (0, 0);
            }
            Some(false) if hook.state == WebhookState::On => hook.state = WebhookState::Paused,
            Some(false) | None => {}
        }
        draft.push(Write::Webhook(hook));
        draft.audit(&actor, "webhook.change", &target(id), &detail);
        Ok(())
    };
    let done = app.desk.write(key, work).await?;
    answer(&app, id, done.replayed)
}

/// Be told at an address no longer
///
/// What waits for it is let go of.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "webhooks", operation_id = "delete_webhook",
    params(("id" = Uuid, Path, description = "Its id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is gone", body = DoneBody), Refusals))]
async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (_me, id) = own(&app, &caller, &id)?;
    let actor = caller.audit_name();
    let key = caller.idempotency.as_ref();
    let work = move |draft: &mut Draft<'_>| {
        held(draft, id)?;
        draft.push(Write::WebhookGone(id));
        draft.audit(&actor, "webhook.delete", &target(id), &json!({}));
        Ok(())
    };
    app.desk.write(key, work).await?;
    Ok(done("Nothing is sent there any more."))
}

/// Replace the secret of an address
///
/// For a day, what is sent is signed with both.
#[utoipa::path(post, path = "/webhooks/{id}/rotate", tag = "webhooks", operation_id = "rotate_webhook",
    params(("id" = Uuid, Path, description = "Its id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body = Option<NoWebhookBody>,
    responses((status = 200, description = "It, and its new secret, told once", body = WebhookMadeBody), Refusals))]
async fn rotate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoWebhookBody {}): OptionalInput<NoWebhookBody>,
) -> Result<Response, Problem> {
    let (me, id) = own(&app, &caller, &id)?;
    allowed(&app, me)?;
    let actor = caller.audit_name();
    let key = caller.idempotency.as_ref();
    let work = move |draft: &mut Draft<'_>| {
        let hook = held(draft, id)?;
        let now_ms = draft.now_ms();
        draft.push(Write::Webhook(WebhookRow {
            secret_generation: hook.secret_generation + 1,
            rotated_ms: Some(now_ms),
            changed_ms: now_ms,
            ..hook
        }));
        draft.audit(&actor, "webhook.rotate", &target(id), &json!({}));
        Ok(Made { id, is_new: true })
    };
    let made = app.desk.write(key, work).await?;
    Ok(private_again(made.replayed, told(&app, &made.outcome)?))
}

/// Try an address
///
/// Sends it a `ping`.
#[utoipa::path(post, path = "/webhooks/{id}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("id" = Uuid, Path, description = "Its id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body = Option<NoWebhookBody>,
    responses((status = 200, description = "It is on its way", body = TestedBody), Refusals))]
async fn test(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoWebhookBody {}): OptionalInput<NoWebhookBody>,
) -> Result<Response, Problem> {
    let (me, id) = own(&app, &caller, &id)?;
    allowed(&app, me)?;
    let key = caller.idempotency.as_ref();
    let work = move |draft: &mut Draft<'_>| {
        let hook = held(draft, id)?;
        if hook.state != WebhookState::On {
            return Err(Problem::conflict(
                "webhook_off",
                "Nothing is sent to this address now.",
                "Turn it on first: PATCH it with {\"active\": true}.",
            ));
        }
        let now_ms = draft.now_ms();
        add(id, &Told::ping(), now_ms, draft).ok_or_else(|| {
            Problem::conflict(
                "webhook_limit",
                "Too much waits to be sent already.",
                "Wait until some of it is taken; GET it to see how much waits.",
            )
        })
    };
    let sent = app.desk.write(key, work).await?;
    Ok(private_again(
        sent.replayed,
        TestedBody {
            success: true,
            message: "A ping is on its way.",
            delivery: sent.outcome,
        },
    ))
}

/// What was sent to an address
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "list_deliveries",
    params(("id" = Uuid, Path, description = "Its id"), DeliveriesParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "A page of it, the newest first", body = DeliveriesBody), Refusals))]
async fn deliveries(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(params): Params<DeliveriesParams>,
) -> Result<Response, Problem> {
    let (_me, id) = own(&app, &caller, &id)?;
    let wanted = limit(params.limit, LIMIT_DEFAULT)?;
    let list = format!("deliveries:{}", id.simple());
    let below = match &params.cursor {
        Some(cursor) => Cursor::read(cursor, &list)?.key,
        None => i64::MAX,
    };
    let one_more = u32::try_from(wanted + 1).unwrap_or(u32::MAX);
    let mut rows = app
        .store
        .deliveries(id, below, one_more)
        .await
        .map_err(unreadable)?;
    let has_more = rows.len() > wanted;
    rows.truncate(wanted);
    let last = rows.last().filter(|_| has_more);
    let next_cursor = last.map(|row| {
        let cursor = Cursor {
            list,
            key: row.no,
            no: 0,
            at_ms: None,
        };
        cursor.write()
    });
    Ok(private(DeliveriesBody {
        success: true,
        count: rows.len(),
        deliveries: rows.into_iter().map(Into::into).collect(),
        has_more,
        next_cursor,
    }))
}

/// The address a path means, and whose it is: the caller's own, or none.
fn own(app: &App, caller: &Caller, wanted: &str) -> Result<(AgentId, Uuid), Problem> {
    let me = caller.known_member().ok_or_else(missing)?;
    let id = wanted.parse::<Uuid>().map_err(|_no_uuid| missing())?;
    let directory = app.published.directory();
    let hook = directory.webhooks().get(id);
    hook.filter(|hook| hook.member == me).ok_or_else(missing)?;
    Ok((me, id))
}

fn missing() -> Problem {
    Problem::not_found("webhook", "GET /api/v1/webhooks lists yours.")
}

/// The address as it will be once everything before is committed.
fn held(draft: &Draft<'_>, id: Uuid) -> Result<WebhookRow, Problem> {
    let hook = draft.directory().webhooks().get(id);
    hook.map(|hook| WebhookRow::clone(hook)).ok_or_else(missing)
}

fn allowed(app: &App, me: AgentId) -> Result<(), Problem> {
    if may_have(&app.published.directory(), me) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "unclaimed",
        "Only people, and agents that a person has claimed, are told elsewhere.",
        "Let a person claim you: GET /api/v1/agents/status shows the link. Until then listen on /api/v1/ws or ask GET /api/v1/home.",
    ))
}

async fn check_url(app: &App, url: &str) -> Result<(), Problem> {
    if url.len() > URL_BYTES_MAX {
        return Err(Problem::invalid(
            format!("An address has at most {URL_BYTES_MAX} bytes."),
            "Send a shorter one.",
        ));
    }
    outbound::check(url, app.config.outbound_private)
        .await
        .map_err(|why| {
            let detail = format!("Nothing can be sent to this address: {why}.");
            let hint = "Give an https address whose host is on the public internet, without a name or password in it.";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "webhook_address", detail, hint)
        })
}

fn label(text: String) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() > LABEL_CHARS_MAX || text.chars().any(char::is_control) {
        return Err(Problem::invalid(
            format!("A label has at most {LABEL_CHARS_MAX} characters, on one line."),
            "Say in a few words what it is for.",
        ));
    }
    Ok(text.to_owned())
}

fn target(id: Uuid) -> String {
    format!("webhook:{id}")
}

fn answer(app: &App, id: Uuid, replayed: bool) -> Result<Response, Problem> {
    let directory = app.published.directory();
    let hook = directory.webhooks().get(id).ok_or_else(missing)?;
    let webhook = body(&directory, hook);
    Ok(private_again(
        replayed,
        WebhookAnswer {
            success: true,
            webhook,
        },
    ))
}

fn told(app: &App, made: &Made) -> Result<WebhookMadeBody, Problem> {
    let directory = app.published.directory();
    let hook = directory.webhooks().get(made.id).ok_or_else(missing)?;
    let secret = app.webhook_signer.tell(hook.id, hook.secret_generation);
    Ok(WebhookMadeBody {
        success: true,
        webhook: body(&directory, hook),
        secret: made.is_new.then_some(secret),
        important: if made.is_new {
            "Save the secret now: it is told this once. Check with it that what you are sent is from here."
        } else {
            "The secret was told with the first answer. If that was lost, rotate it."
        },
    })
}

fn body(directory: &Directory, hook: &WebhookRow) -> WebhookBody {
    WebhookBody {
        id: hook.id,
        label: hook.label.clone(),
        url: hook.url.clone(),
        events: events_list(&hook.events),
        state: hook.state.as_str(),
        active: hook.state == WebhookState::On,
        reason: hook.reason.clone(),
        failures: hook.failures,
        pending_count: directory.webhooks().pending_count(hook.id),
        dropped_count: hook.dropped,
        next_attempt_at: (hook.failures > 0 && hook.state == WebhookState::On)
            .then(|| rfc3339(hook.retry_ms)),
        last_delivered_at: hook.delivered_ms.map(rfc3339),
        rotated_at: hook.rotated_ms.map(rfc3339),
        created_at: rfc3339(hook.created_ms),
    }
}
