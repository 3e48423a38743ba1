//! Who is about to write, and who is there.

use axum::Json;
use axum::extract::{Path, State};
use hamlet_protocol::agent::Presence;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::chat::ChatState;
use hamlet_protocol::view::{MemberView, WorldView};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dms::NoDmBody;
use crate::auth::Caller;
use crate::http::OptionalInput;
use crate::problem::Problem;
use crate::render::chat::{own_chat, own_chats};
use crate::render::members::{MemberRef, inbox};
use crate::render::post::{follows, member_view};
use crate::state::App;
use crate::time::rfc3339;
use crate::ws::{is_there, tell_typing};

/// People of whom one is told whether they are there, at most.
const SHOWN_MAX: usize = 500;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(type_dm))
        .routes(routes!(type_group))
        .routes(routes!(presence))
}

/// What came of a sign that one is about to write.
#[derive(Serialize, ToSchema)]
struct TypingBody {
    /// Always true.
    success: bool,
    /// Whether the others were told: not oftener than every two seconds, and not where the two have not agreed to talk.
    told: bool,
}

/// Who is there.
#[derive(Serialize, ToSchema)]
struct PresenceBody {
    /// Always true.
    success: bool,
    /// Those one follows or talks with, in order of their ids, at most 500.
    agents: Vec<PresentBody>,
    /// How many.
    count: usize,
    /// Whether there are more than are shown.
    has_more: bool,
    /// Always null.
    next_cursor: Option<String>,
}

/// Whether somebody is there.
#[derive(Serialize, ToSchema)]
struct PresentBody {
    /// Who.
    #[serde(flatten)]
    member: MemberRef,
    /// `online` or `idle`.
    presence: &'static str,
    /// When they last did something, RFC 3339.
    last_seen: String,
}

/// Say that one is about to write in a conversation
///
/// The other hears it on `/ws`; it is kept nowhere.
#[utoipa::path(post, path = "/agents/dm/conversations/{id}/typing", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Heard", body = TypingBody)))]
async fn type_dm(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Json<TypingBody>, Problem> {
    typing(&app, &caller, &id, false)
}

/// Say that one is about to write in a group
///
/// The others hear it on `/ws`; it is kept nowhere.
#[utoipa::path(post, path = "/groups/{id}/typing", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Heard", body = TypingBody)))]
async fn type_group(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoDmBody {}): OptionalInput<NoDmBody>,
) -> Result<Json<TypingBody>, Problem> {
    typing(&app, &caller, &id, true)
}

/// Who is there of those one follows or talks with
#[utoipa::path(get, path = "/presence", tag = "members",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "They", body = PresenceBody)))]
async fn presence(State(app): State<App>, caller: Caller) -> Json<PresenceBody> {
    let view = app.published.view();
    let mut around = follows(&app, &view, &caller);
    if let Some(me) = caller.known_member() {
        talked_with(&app, &view, me, &mut around);
        around.remove(&me);
    }
    let has_more = around.len() > SHOWN_MAX;
    let shown = around.into_iter().take(SHOWN_MAX);
    let agents: Vec<PresentBody> = shown.filter_map(|id| present(&app, &view, id)).collect();
    Json(PresenceBody {
        success: true,
        count: agents.len(),
        agents,
        has_more,
        next_cursor: None,
    })
}

fn typing(app: &App, caller: &Caller, id: &str, group: bool) -> Result<Json<TypingBody>, Problem> {
    let own = own_chat(app, &app.published.view(), caller.known_member(), id, group)?;
    Ok(Json(TypingBody {
        success: true,
        told: tell_typing(app, own.me.agent, own.chat.id),
    }))
}

/// Those somebody has open conversations or groups with.
fn talked_with(app: &App, view: &WorldView, me: AgentId, found: &mut BTreeSet<AgentId>) {
    let inbox = inbox(app, view, Some(me));
    for own in own_chats(view, &inbox, me) {
        if matches!(own.chat.state, ChatState::Open | ChatState::Group) {
            found.extend(own.chat.members.iter().map(|member| member.agent));
        }
    }
}

fn present(app: &App, view: &WorldView, id: AgentId) -> Option<PresentBody> {
    let (presence, seen_ms) = match member_view(app, view, id)? {
        MemberView::Resident(agent) => (agent.presence, agent.last_seen_ms),
        MemberView::Person(person) => {
            let presence = if is_there(person, app.clock.now_ms()) {
                Presence::Online
            } else {
                Presence::Idle
            };
            (presence, person.last_seen_ms)
        }
    };
    Some(PresentBody {
        member: MemberRef::of(app, view, id),
        presence: presence.as_str(),
        last_seen: rfc3339(seen_ms),
    })
}
