//! Setting a member apart: an action like others, under a name of its own.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Moderator, Subject};
use hamlet_store::{MeasureQuery, MeasureRow};

use super::super::{ask, check_lifts, moderator, unreadable};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Actions of one kind against one member that are looked at, newest first.
const LOOKED_AT_MAX: u32 = 100;

/// Sets a member apart until somebody lifts it; who is apart already stays so.
///
/// # Errors
/// What the village refuses.
pub(in crate::routes::moderation) async fn quarantine(
    app: &App,
    caller: &Caller,
    member: AgentId,
    reason: String,
) -> Result<(), Problem> {
    if !in_force(app, member, MeasureKind::Quarantine)
        .await?
        .is_empty()
    {
        return Ok(());
    }
    let command = ModerationCommand::Take(Measure {
        by: moderator(app, caller).await?,
        kind: MeasureKind::Quarantine,
        subject: Subject::Agent(member),
        submolt: None,
        until_ms: None,
        reason,
    });
    ask(app, caller, "moderate", format!("agent:{member}"), command).await?;
    Ok(())
}

/// Lets a member be seen again.
///
/// # Errors
/// What the village refuses.
pub(in crate::routes::moderation) async fn lift_quarantine(
    app: &App,
    caller: &Caller,
    member: AgentId,
    reason: &str,
) -> Result<(), Problem> {
    let by = moderator(app, caller).await?;
    lift_all(app, caller, member, MeasureKind::Quarantine, by, reason).await
}

/// Ends all of one kind that is done to a member everywhere now.
///
/// # Errors
/// What the village refuses.
pub(super) async fn lift_all(
    app: &App,
    caller: &Caller,
    member: AgentId,
    kind: MeasureKind,
    by: Moderator,
    reason: &str,
) -> Result<(), Problem> {
    for found in in_force(app, member, kind).await? {
        if !matches!(by, Moderator::Owner(_)) {
            check_lifts(app, caller, &found)?;
        }
        let measure = found.id;
        let command = ModerationCommand::Lift {
            by,
            measure,
            reason: reason.to_owned(),
        };
        // One key stands for one command: these are parts of one request, and who repeats it finds them done.
        let alone = Caller {
            idempotency: None,
            ..caller.clone()
        };
        ask(app, &alone, "lift", format!("action:{measure}"), command).await?;
    }
    Ok(())
}

/// What is done to a member everywhere now, of one kind.
pub(super) async fn in_force(
    app: &App,
    member: AgentId,
    kind: MeasureKind,
) -> Result<Vec<MeasureRow>, Problem> {
    let query = MeasureQuery {
        member: Some(member),
        kind: Some(kind.as_str().to_owned()),
        limit: LOOKED_AT_MAX,
        ..MeasureQuery::default()
    };
    let rows = app.store.measures(&query).await;
    let now_ms = app.clock.now_ms();
    let rows = rows.map_err(|source| unreadable(&source))?.into_iter();
    let now = rows.filter(|row| {
        let lasts = row.until_ms.is_none_or(|until_ms| until_ms > now_ms);
        row.subject_kind == "agent" && row.submolt.is_none() && row.lifted_ms.is_none() && lasts
    });
    Ok(now.collect())
}
