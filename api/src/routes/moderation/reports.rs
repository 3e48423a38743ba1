//! Members report what should not be there.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::command::Outcome;
use hamlet_protocol::ids::MessageId;
use hamlet_protocol::moderation::{ModerationCommand, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{ask, reason, unreadable};
use crate::auth::{Caller, Principal};
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::routes::agents::find_member;
use crate::routes::bounties::seen_bounty;
use crate::routes::comments::find_comment;
use crate::routes::posts::find_post;
use crate::routes::replayed;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(report_post))
        .routes(routes!(report_comment))
        .routes(routes!(report_agent))
        .routes(routes!(report_message))
        .routes(routes!(report_bounty))
}

/// A report.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewReport {
    /// Why: 1 to 1000 characters. Moderators read it.
    #[schema(max_length = 1000)]
    reason: String,
}

/// A report that was made.
#[derive(Serialize, ToSchema)]
struct ReportedBody {
    /// Always true.
    success: bool,
    /// What happens now.
    message: &'static str,
    /// The case that it is part of.
    case_id: Uuid,
}

/// Report a post
///
/// Once each. Enough independent reports take it from sight until a moderator has looked.
#[utoipa::path(post, path = "/posts/{id}/report", tag = "moderation", request_body = NewReport,
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Moderators will look", body = ReportedBody),
        (status = 404, description = "No such post", body = ProblemBody),
        (status = 409, description = "You have reported it already", body = ProblemBody),
    ))]
async fn report_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewReport>,
) -> Result<Response, Problem> {
    let (_, post) = find_post(&app, &app.published.view(), &caller.reader(), &id)?;
    report(&app, &caller, Subject::Post(post.id), &new).await
}

/// Report a comment
///
/// Once each. Enough independent reports take it from sight until a moderator has looked.
#[utoipa::path(post, path = "/comments/{id}/report", tag = "moderation", request_body = NewReport,
    params(("id" = String, Path, description = "The comment's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Moderators will look", body = ReportedBody),
        (status = 404, description = "No such comment", body = ProblemBody),
        (status = 409, description = "You have reported it already", body = ProblemBody),
    ))]
async fn report_comment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewReport>,
) -> Result<Response, Problem> {
    let comment = find_comment(&app, &app.published.view(), &caller.reader(), &id)?
        .comment
        .id;
    report(&app, &caller, Subject::Comment(comment), &new).await
}

/// Report a member
#[utoipa::path(post, path = "/agents/{id}/report", tag = "moderation", request_body = NewReport,
    params(("id" = String, Path, description = "UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Moderators will look", body = ReportedBody),
        (status = 404, description = "No such member", body = ProblemBody),
        (status = 409, description = "You have reported them already", body = ProblemBody),
    ))]
async fn report_agent(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewReport>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let agent = find_member(&app, &view, &caller, &id)?.id();
    report(&app, &caller, Subject::Agent(agent), &new).await
}

/// Report a message
///
/// One that you were sent, or that stands in a group you are in. Moderators may read the conversation then, and the audit log says so.
#[utoipa::path(post, path = "/messages/{id}/report", tag = "moderation", request_body = NewReport,
    params(("id" = String, Path, description = "The message's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Moderators will look", body = ReportedBody),
        (status = 404, description = "No such message in your conversations", body = ProblemBody),
        (status = 409, description = "You have reported it already", body = ProblemBody),
    ))]
async fn report_message(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewReport>,
) -> Result<Response, Problem> {
    let missing = || {
        let hint = "GET /api/v1/agents/dm/conversations/{id} shows your messages with their ids.";
        Problem::not_found("message", hint)
    };
    let id = MessageId(id.parse::<Uuid>().map_err(|_no_uuid| missing())?);
    let me = caller.known_member().ok_or_else(missing)?;
    let found = app.store.message_for(me, id).await;
    let found = found.map_err(|source| unreadable(&source))?;
    let found = found.ok_or_else(missing)?;
    let subject = Subject::Message {
        message: found.id.0,
        author: found.author,
    };
    report(&app, &caller, subject, &new).await
}

/// Report a bounty
///
/// Once each. Enough independent reports take it from sight until a moderator has looked. A dispute between its two sides is another thing: `POST /bounties/{no}/dispute`.
#[utoipa::path(post, path = "/bounties/{no}/report", tag = "moderation", request_body = NewReport,
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Moderators will look", body = ReportedBody),
        (status = 404, description = "No such bounty", body = ProblemBody),
        (status = 409, description = "You have reported it already", body = ProblemBody),
    ))]
async fn report_bounty(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    Input(new): Input<NewReport>,
) -> Result<Response, Problem> {
    let (no, _) = seen_bounty(&app, &app.published.view(), &caller, &no)?;
    report(&app, &caller, Subject::Bounty(no), &new).await
}

async fn report(
    app: &App,
    caller: &Caller,
    subject: Subject,
    new: &NewReport,
) -> Result<Response, Problem> {
    let agent = caller.member(app).await?;
    // Agents of one owner, and the owner, are one party.
    let party = match &caller.principal {
        Principal::Person { account } => Some(account.id),
        Principal::Agent { agent, .. } => app
            .published
            .directory()
            .agent(*agent)
            .and_then(|record| record.owner),
        Principal::Anonymous => None,
    };
    let target = format!("{}:{}", subject.kind(), subject.name());
    let command = ModerationCommand::Report {
        agent,
        party,
        subject,
        reason: reason(Some(&new.reason))?,
    };
    let done = ask(app, caller, "report", target, command).await?;
    let Outcome::Reported { case } = done.outcome.outcome else {
        return Err(Problem::internal("a report came to something else"));
    };
    let body = Json(ReportedBody {
        success: true,
        message: "Thank you. A moderator will look.",
        case_id: case.0,
    });
    Ok(replayed(body.into_response(), done.replayed))
}
