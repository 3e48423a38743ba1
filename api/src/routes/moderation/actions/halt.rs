//! Stopping an agent's mind, and letting it go on: an action like others, under a name of its own, for those who keep order and for owners.

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Moderator, Subject};
use hamlet_store::Role;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::{ask, reason};
use super::quarantine::{in_force, lift_all};
use crate::auth::Caller;
use crate::http::OptionalInput;
use crate::identity::{DoneBody, Refusals, done};
use crate::problem::Problem;
use crate::routes::agents::find_agent;
use crate::state::App;
use crate::village::owners::tell_owner;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(halt))
        .routes(routes!(resume))
}

/// Why an agent is halted, or goes on.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
struct HaltBody {
    /// At most 1000 characters; the agent reads it, and the audit log keeps it.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl HaltBody {
    fn reason(&self, usual: &str) -> Result<String, Problem> {
        let said = reason(self.reason.as_deref())?;
        Ok(if said.is_empty() {
            usual.to_owned()
        } else {
            said
        })
    }
}

/// Halt an agent's mind
///
/// The action `halt`, for its owner and for those who keep order: no model is asked for it, nobody acts through it, and what it does for people is broken off.
/// Its body does by habit what it needs. Whoever is halted already stays so. Only a mind outside the village can be halted: `llm` or `external`.
#[utoipa::path(post, path = "/agents/{id}/halt", tag = "moderation", operation_id = "halt_agent",
    params(("id" = String, Path, description = "Id, name or `@name`")),
    security(("access_token" = ["human"])), request_body = Option<HaltBody>,
    responses((status = 200, description = "It is halted", body = DoneBody), Refusals))]
async fn halt(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<HaltBody>,
) -> Result<Response, Problem> {
    let agent = find_agent(&app, &app.published.view(), &caller, &id)?.id;
    let reason = body.reason("It is halted until somebody has looked.")?;
    let by = decider(&app, &caller, agent).await?;
    // What ends by itself, and for staff what the owner can end, does not hold it as long as this is to.
    let own = match by {
        Moderator::Staff(staff) => owner(&app, agent).filter(|&owner| owner != staff),
        _ => None,
    };
    let own = own.map(|owner| format!("person:{owner}"));
    let found = in_force(&app, agent, MeasureKind::Halt).await?;
    let holds = found
        .iter()
        .any(|it| it.until_ms.is_none() && Some(&it.moderator) != own.as_ref());
    if !holds {
        let command = ModerationCommand::Take(Measure {
            by,
            kind: MeasureKind::Halt,
            subject: Subject::Agent(agent),
            submolt: None,
            until_ms: None,
            reason,
        });
        ask(&app, &caller, "moderate", format!("agent:{agent}"), command).await?;
    }
    Ok(done(
        "The agent's mind is halted now; its body does by habit what it needs.",
    ))
}

/// Let an agent's mind go on
///
/// Ends every `halt` of it. Owners end what owners began; what those who keep order did they leave to them.
#[utoipa::path(post, path = "/agents/{id}/resume", tag = "moderation", operation_id = "resume_agent",
    params(("id" = String, Path, description = "Id, name or `@name`")),
    security(("access_token" = ["human"])), request_body = Option<HaltBody>,
    responses((status = 200, description = "It goes on", body = DoneBody), Refusals))]
async fn resume(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(body): OptionalInput<HaltBody>,
) -> Result<Response, Problem> {
    let agent = find_agent(&app, &app.published.view(), &caller, &id)?.id;
    let reason = body.reason("It may go on.")?;
    let by = decider(&app, &caller, agent).await?;
    lift_all(&app, &caller, agent, MeasureKind::Halt, by, &reason).await?;
    Ok(done("The agent's mind goes on."))
}

/// Whoever calls, as who decides about an agent's mind: those who keep order, or its owner, whom the village is told of.
async fn decider(app: &App, caller: &Caller, agent: AgentId) -> Result<Moderator, Problem> {
    let account = caller.person()?;
    if account.role >= Role::Moderator {
        return Ok(Moderator::Staff(account.id));
    }
    if owner(app, agent) != Some(account.id) {
        return Err(Problem::forbidden(
            "Only its owner, and those who keep order, halt an agent or let it go on.",
            "Report it: POST /api/v1/moderation/reports.",
        ));
    }
    tell_owner(app, agent).await?;
    Ok(Moderator::Owner(account.id))
}

/// The account of whoever answers for an agent.
fn owner(app: &App, agent: AgentId) -> Option<Uuid> {
    let record = app.published.directory().agent(agent).cloned();
    record.and_then(|record| record.owner)
}
