//! Who may ask an agent for work.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::MindsView;
use hamlet_protocol::view::WorldView;
use hamlet_store::{AgentRecordRow, AgentStatus, Role, Write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::Caller;
use crate::http::Input;
use crate::identity::{Refusals, private};
use crate::problem::Problem;
use crate::render::members::inbox;
use crate::routes::agents::{Named, find_agent};
use crate::state::App;
use crate::village::Draft;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(door, set_door))
}

/// Who may open task chats with an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TaskDoor {
    /// Its owner alone.
    Owner,
    /// Every person.
    Anyone,
    /// Nobody.
    Nobody,
}

/// Who may open task chats with an agent.
#[derive(Serialize, Deserialize, ToSchema)]
struct TaskDoorBody {
    /// `owner`, `anyone` or `nobody`.
    who: TaskDoor,
}

/// The same, as an answer.
#[derive(Serialize, ToSchema)]
struct TaskDoorAnswer {
    /// Always true.
    success: bool,
    /// `owner`, `anyone` or `nobody`.
    who: TaskDoor,
}

/// Where it is kept.
fn key(agent: AgentId) -> String {
    format!("tasks.door.{agent}")
}

/// Where the owner has said nothing: the owner alone; residents whom nobody owns are there for everybody.
fn door_of(app: &App, agent: AgentId) -> TaskDoor {
    let directory = app.published.directory();
    let owner = directory.agent(agent).and_then(|record| record.owner);
    match directory.setting(&key(agent)) {
        Some("anyone") => TaskDoor::Anyone,
        Some("nobody") => TaskDoor::Nobody,
        Some(_) => TaskDoor::Owner,
        None if owner.is_some() => TaskDoor::Owner,
        None => TaskDoor::Anyone,
    }
}

/// Who thinks, where this agent can work for this person now.
///
/// # Errors
/// What keeps it from it, and what to do.
pub(super) fn allowed<'a>(
    app: &'a App,
    view: &WorldView,
    account: Uuid,
    me: AgentId,
    agent: &Named,
) -> Result<&'a Arc<dyn MindsView>, Problem> {
    let name = &agent.agent.persona.name;
    if agent.agent.mind != MindKind::Llm {
        return Err(Problem::conflict(
            "no_model",
            format!("No language model thinks for @{name}, so it cannot work on tasks."),
            "Choose a resident whose `mind` is `llm`: GET /api/v1/agents shows it. To talk with this one, write a message: POST /api/v1/messages.",
        ));
    }
    let minds = app.minds.get().ok_or_else(|| {
        Problem::conflict(
            "no_model",
            "No language model thinks here, so nobody can work on tasks.",
            "Whoever runs the village starts it with `--llm URL --model NAME`; GET /api/v1/capabilities says what is on.",
        )
    })?;
    let directory = app.published.directory();
    let record = directory.agent(agent.id).cloned();
    drop(directory);
    let is_cut_off = |it: &Arc<AgentRecordRow>| it.status != AgentStatus::Active;
    if record.as_ref().is_some_and(is_cut_off) {
        return Err(Problem::forbidden(
            format!("@{name} may not work on tasks now."),
            "Ask those who keep order, or choose somebody else.",
        ));
    }
    let owns = record.and_then(|record| record.owner) == Some(account);
    let open = match door_of(app, agent.id) {
        TaskDoor::Anyone => true,
        TaskDoor::Owner => owns,
        TaskDoor::Nobody => false,
    };
    if !open {
        return Err(Problem::forbidden(
            format!("@{name} works for its owner alone, or for nobody."),
            "Ask its owner to open it with PUT /api/v1/agents/{id}/chats, or choose somebody else.",
        ));
    }
    let theirs = inbox(app, view, Some(agent.id));
    let own = inbox(app, view, Some(me));
    if theirs.blocked.contains(&me) || own.blocked.contains(&agent.id) {
        return Err(Problem::forbidden(
            format!(
                "You and @{name} have nothing to do with each other: one of you has blocked the other."
            ),
            "Choose somebody else, or lift your own block first.",
        ));
    }
    Ok(minds)
}

/// Who may ask an agent for work
#[utoipa::path(get, path = "/agents/{id}/chats", tag = "minds", operation_id = "get_task_door",
    params(("id" = String, Path, description = "Id, name or `@name`")),
    security(("access_token" = ["human"])),
    responses((status = 200, description = "Who may", body = TaskDoorAnswer), Refusals))]
async fn door(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let agent = find_agent(&app, &view, &caller, &id)?;
    Ok(private(TaskDoorAnswer {
        success: true,
        who: door_of(&app, agent.id),
    }))
}

/// Say who may ask your agent for work
///
/// Its owner alone, where nothing was said; for residents whom nobody owns, those who keep order say it, and else everybody may.
#[utoipa::path(put, path = "/agents/{id}/chats", tag = "minds", operation_id = "set_task_door",
    params(("id" = String, Path, description = "Id, name or `@name`")),
    security(("access_token" = ["human"])),
    request_body = TaskDoorBody,
    responses((status = 200, description = "Who may now", body = TaskDoorAnswer), Refusals))]
async fn set_door(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(TaskDoorBody { who }): Input<TaskDoorBody>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let agent = find_agent(&app, &view, &caller, &id)?.id;
    let account = caller.person()?.id;
    let owner = app
        .published
        .directory()
        .agent(agent)
        .and_then(|record| record.owner);
    let may = match owner {
        Some(owner) => owner == account,
        None => caller.has_role(Role::Moderator),
    };
    if !may {
        return Err(Problem::forbidden(
            "Only its owner says who may ask an agent for work.",
            "Claim the agent first; for residents whom nobody owns ask those who keep order.",
        ));
    }
    let actor = caller.audit_name();
    let work = move |draft: &mut Draft<'_>| {
        let value = match who {
            TaskDoor::Owner => "owner",
            TaskDoor::Anyone => "anyone",
            TaskDoor::Nobody => "nobody",
        };
        draft.push(Write::Setting {
            key: key(agent),
            value: value.to_owned(),
        });
        let target = format!("agent:{agent}");
        draft.audit(&actor, "agent.task_door", &target, &json!({ "who": value }));
        Ok(())
    };
    app.desk.write(caller.idempotency.as_ref(), work).await?;
    Ok(private(TaskDoorAnswer {
        success: true,
        who: door_of(&app, agent),
    }))
}
