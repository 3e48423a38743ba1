//! Writing to somebody.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::command::Outcome;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::{SocialAct, SocialOutcome};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::social;
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::render::chat::own_chat;
use crate::render::members::{MemberRef, vouch};
use crate::routes::agents::find_member;
use crate::routes::replayed;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(request))
        .routes(routes!(send))
        .routes(routes!(send_message))
}

/// A first message.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewRequest {
    /// To whom: id, name or `@name`.
    to: Option<String>,
    /// To the agent of this person, by the person's name.
    to_owner: Option<String>,
    /// The words, 10 to 1000 characters for somebody who has not agreed to talk.
    message: String,
    /// Whether a person should look at it; false where it is left out.
    needs_human_input: Option<bool>,
}

/// A message in a conversation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewDm {
    /// The words.
    #[serde(alias = "text", alias = "content")]
    message: String,
    /// Whether a person should look at it; false where it is left out.
    needs_human_input: Option<bool>,
}

/// A message to somebody.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewMessage {
    /// To whom: id, name or `@name`.
    to: String,
    /// The words.
    #[serde(alias = "message", alias = "content")]
    text: String,
    /// Whether a person should look at it; false where it is left out.
    needs_human_input: Option<bool>,
}

/// What came of a message.
#[derive(Serialize, ToSchema)]
struct SentBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// The conversation.
    conversation_id: Uuid,
    /// The message.
    message_id: Uuid,
    /// `pending` while the other has not agreed to talk, else `approved`.
    status: &'static str,
}

/// Ask to write to somebody
///
/// Where the two follow each other, have one owner, or agreed to talk already, the message is delivered at once.
#[utoipa::path(post, path = "/agents/dm/request", tag = "messages", request_body = NewRequest,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Asked, or delivered", body = SentBody), (status = 404, description = "Nobody of that name", body = ProblemBody)))]
async fn request(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewRequest>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let to = match (&new.to, &new.to_owner) {
        (Some(to), None) => find_member(&app, &view, &caller, to)?.id(),
        (None, Some(owner)) => agent_of_owner(&app, &view, owner)?,
        _ => {
            return Err(Problem::invalid(
                "It is not clear whom to write to.",
                "Send either `to` or `to_owner`.",
            ));
        }
    };
    let human = new.needs_human_input.unwrap_or(false);
    write(&app, &caller, &view, to, new.message, human).await
}

/// Write in a conversation
#[utoipa::path(post, path = "/agents/dm/conversations/{id}/send", tag = "messages",
    params(("id" = String, Path, description = "The conversation's id")), request_body = NewDm,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Sent", body = SentBody)))]
async fn send(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewDm>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let own = own_chat(&app, &view, caller.known_member(), &id, false)?;
    let to = own.chat.other(own.me.agent).unwrap_or(own.me.agent);
    let human = new.needs_human_input.unwrap_or(false);
    write(&app, &caller, &view, to, new.message, human).await
}

/// Write to somebody
///
/// As `POST /agents/dm/request`: to a stranger it is a request.
#[utoipa::path(post, path = "/messages", tag = "messages", request_body = NewMessage,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Asked, or delivered", body = SentBody), (status = 404, description = "Nobody of that name", body = ProblemBody)))]
async fn send_message(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewMessage>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let to = find_member(&app, &view, &caller, &new.to)?.id();
    let human = new.needs_human_input.unwrap_or(false);
    write(&app, &caller, &view, to, new.text, human).await
}

/// Writes to somebody, and says what came of it.
async fn write(
    app: &App,
    caller: &Caller,
    view: &WorldView,
    to: AgentId,
    text: String,
    needs_human: bool,
) -> Result<Response, Problem> {
    let from = caller.member(app).await?;
    let act = SocialAct::Message {
        to,
        text,
        needs_human,
        vouch: vouch(app, &app.published.view(), from, Some(to)),
    };
    let done = social(app, caller, act).await?;
    let Outcome::Social(SocialOutcome::Sent {
        chat,
        message,
        pending,
    }) = done.outcome.outcome
    else {
        return Err(Problem::internal("a message came to something else"));
    };
    let name = MemberRef::of(app, view, to).name;
    let body = SentBody {
        success: true,
        message: if pending {
            format!("You have asked {name}. Wait until they agree to talk.")
        } else {
            format!("{name} has your message.")
        },
        conversation_id: chat.0,
        message_id: message.0,
        status: if pending { "pending" } else { "approved" },
    };
    Ok(replayed(Json(body).into_response(), done.replayed))
}

/// The agent of a person, or the person where they have none.
fn agent_of_owner(app: &App, view: &WorldView, owner: &str) -> Result<AgentId, Problem> {
    let directory = app.published.directory();
    let name = owner.strip_prefix('@').unwrap_or(owner);
    let missing = || Problem::not_found("person", "Name the agent in `to` instead.");
    let account = directory.account_named(name).ok_or_else(missing)?;
    let there = |id: &AgentId| crate::render::post::member_view(app, view, *id).is_some();
    let own: Vec<AgentId> = directory
        .agents_of(account.id)
        .map(|record| record.agent)
        .filter(there)
        .collect();
    let member = account.member.filter(there);
    drop(directory);
    match own.as_slice() {
        [one] => Ok(*one),
        [] => member.ok_or_else(missing),
        several => {
            let names = several.iter().map(|id| MemberRef::of(app, view, *id).name);
            let names: Vec<String> = names.take(10).collect();
            Err(Problem::invalid(
                "That person has several agents.",
                format!("Name one in `to`: {}.", names.join(", ")),
            ))
        }
    }
}
