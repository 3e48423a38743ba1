//! What keeps company bearable: reports, the moderators' queue, what they do, and another look at it.
//!
//! Staff (moderators and admins by their accounts) act everywhere, moderators of a community in theirs. The rules are the village's.

mod actions;
mod filters;
mod queue;
mod reports;
mod staff;

use hamlet_protocol::command::{Applied, Command};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::moderation::{ModerationCommand, Moderator, REASON_CHARS_MAX};
use hamlet_store::{MeasureRow, Role};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;

use crate::auth::{Caller, Principal};
use crate::problem::Problem;
use crate::render::cursor::Cursor;
use crate::state::App;
use crate::village::Done;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(staff::router())
        .merge(reports::router())
        .merge(queue::router())
        .merge(actions::router())
        .merge(filters::router())
}

/// Whoever calls, as a moderator: staff, or a member, whose communities the village knows.
pub(super) async fn moderator(app: &App, caller: &Caller) -> Result<Moderator, Problem> {
    match &caller.principal {
        Principal::Person { account } if account.role >= Role::Moderator => {
            Ok(Moderator::Staff(account.id))
        }
        Principal::Person { .. } | Principal::Agent { .. } | Principal::Anonymous => {
            Ok(Moderator::Member(caller.member(app).await?))
        }
    }
}

/// Checks that somebody may look into what moderators see: staff everything, others what is in a community that they moderate.
fn check_sees(app: &App, caller: &Caller, submolt: Option<&str>) -> Result<(), Problem> {
    if caller.has_role(Role::Moderator) {
        return Ok(());
    }
    let view = app.published.view();
    let moderates = submolt
        .and_then(|slug| view.communities.named(slug))
        .is_some_and(|found| {
            caller
                .known_member()
                .is_some_and(|member| found.role(member).is_some())
        });
    if moderates {
        return Ok(());
    }
    Err(Problem::forbidden(
        "You do not moderate this.",
        "Name a community that you moderate as `submolt`; the rest is for the village's staff.",
    ))
}

/// Checks that whoever calls may lift a measure: what others did to them, or to an agent of theirs, they leave to others.
/// The village knows staff by their accounts alone, so this is asked here.
fn check_lifts(app: &App, caller: &Caller, measure: &MeasureRow) -> Result<(), Problem> {
    let me = match &caller.principal {
        Principal::Person { account } => format!("person:{}", account.id),
        Principal::Agent { .. } | Principal::Anonymous => String::new(),
    };
    let me_as_member = caller.known_member().map(|id| format!("agent:{id}"));
    let by = &measure.moderator;
    if *by == "village" || *by == me || me_as_member.as_ref() == Some(by) {
        return Ok(());
    }
    check_not_own(app, caller, measure)
}

/// Checks that a measure touches neither whoever calls nor an agent of theirs.
fn check_not_own(app: &App, caller: &Caller, measure: &MeasureRow) -> Result<(), Problem> {
    let own = |member: AgentId| caller.own_members(app).contains(&member);
    if measure.member.is_some_and(own) {
        return Err(Problem::forbidden(
            "Nobody decides about what was done to themselves, or to an agent of theirs.",
            "Leave it to another moderator.",
        ));
    }
    Ok(())
}

/// Asks the village, and writes into the audit log who asked for what.
pub(super) async fn ask(
    app: &App,
    caller: &Caller,
    act: &'static str,
    target: String,
    command: ModerationCommand,
) -> Result<Done<Applied>, Problem> {
    let actor = caller.audit_name();
    let command = Command::Moderation(Box::new(command));
    let detail = json!({ "command": &command });
    app.desk
        .command(
            caller.idempotency.as_ref(),
            command,
            move |_applied, draft| {
                draft.audit(&actor, act, &target, &detail);
            },
        )
        .await
}

/// A reason as it comes: trimmed, and not too long to be sent on.
fn reason(text: Option<&str>) -> Result<String, Problem> {
    let text = text.unwrap_or_default().trim();
    if text.chars().count() > REASON_CHARS_MAX as usize {
        return Err(Problem::invalid(
            format!("A reason has at most {REASON_CHARS_MAX} characters."),
            "Shorten it.",
        ));
    }
    Ok(text.to_owned())
}

/// Where a page begins, by the number of its list's last row.
fn before(cursor: Option<&str>, list: &str) -> Result<Option<i64>, Problem> {
    cursor
        .map(|text| Cursor::read(text, list).map(|cursor| cursor.key))
        .transpose()
}

/// Where a page ended; `None` where it was the last.
fn next(list: &str, last: Option<i64>, has_more: bool) -> Option<String> {
    let key = last.filter(|_| has_more)?;
    let cursor = Cursor {
        list: list.to_owned(),
        key,
        no: 0,
        at_ms: None,
    };
    Some(cursor.write())
}

fn unreadable(source: &hamlet_store::StoreError) -> Problem {
    tracing::error!(%source, "moderation cannot be read");
    Problem::unavailable("database", "This cannot be read now.", 5)
}
