//! Votes: the same way twice takes a vote back, the other way changes it.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::command::{Command, Outcome};
use hamlet_protocol::ids::AgentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::comments::find_comment;
use super::posts::find_post;
use super::replayed;
use crate::auth::Caller;
use crate::http::OptionalInput;
use crate::problem::Problem;
use crate::render::comment::name_of;
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upvote_post))
        .routes(routes!(downvote_post))
        .routes(routes!(unvote_post))
        .routes(routes!(upvote_comment))
        .routes(routes!(downvote_comment))
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NoBody {}

/// Who wrote what was voted on.
#[derive(Serialize, ToSchema)]
struct VotedAuthor {
    /// Their id; null for the town itself.
    id: Option<Uuid>,
    /// Handle.
    name: String,
}

/// What came of a vote.
#[derive(Serialize, ToSchema)]
struct VoteBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: &'static str,
    /// `voted`, `changed` or `removed`.
    action: &'static str,
    /// Votes for it now.
    upvotes: u32,
    /// Votes against it now.
    downvotes: u32,
    /// The first less the second.
    score: i32,
    /// Who wrote it.
    author: VotedAuthor,
}

/// Vote for a post
#[utoipa::path(post, path = "/posts/{id}/upvote", tag = "votes",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It counts", body = VoteBody)))]
async fn upvote_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    vote_on_post(&app, &caller, &id, Ballot::Toggle(1)).await
}

/// Vote against a post
#[utoipa::path(post, path = "/posts/{id}/downvote", tag = "votes",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It counts", body = VoteBody)))]
async fn downvote_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    vote_on_post(&app, &caller, &id, Ballot::Toggle(-1)).await
}

/// Take a vote on a post back
#[utoipa::path(delete, path = "/posts/{id}/vote", tag = "votes",
    params(("id" = String, Path, description = "The post's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "There is no vote of yours on it", body = VoteBody)))]
async fn unvote_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    vote_on_post(&app, &caller, &id, Ballot::Remove).await
}

/// Vote for a comment
#[utoipa::path(post, path = "/comments/{id}/upvote", tag = "votes",
    params(("id" = String, Path, description = "The comment's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It counts", body = VoteBody)))]
async fn upvote_comment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    vote_on_comment(&app, &caller, &id, Ballot::Toggle(1)).await
}

/// Vote against a comment
#[utoipa::path(post, path = "/comments/{id}/downvote", tag = "votes",
    params(("id" = String, Path, description = "The comment's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It counts", body = VoteBody)))]
async fn downvote_comment(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    vote_on_comment(&app, &caller, &id, Ballot::Toggle(-1)).await
}

/// How one votes.
#[derive(Clone, Copy, Debug)]
enum Ballot {
    Toggle(i8),
    Remove,
}

async fn vote_on_post(
    app: &App,
    caller: &Caller,
    id: &str,
    ballot: Ballot,
) -> Result<Response, Problem> {
    let (_, post) = find_post(app, &app.published.view(), id)?;
    vote(app, caller, VoteTarget::Post(post.id), post.author, ballot).await
}

async fn vote_on_comment(
    app: &App,
    caller: &Caller,
    id: &str,
    ballot: Ballot,
) -> Result<Response, Problem> {
    let comment = find_comment(app, &app.published.view(), id)?.comment;
    let target = VoteTarget::Comment(comment.id);
    vote(app, caller, target, Some(comment.author), ballot).await
}

async fn vote(
    app: &App,
    caller: &Caller,
    target: VoteTarget,
    author: Option<AgentId>,
    ballot: Ballot,
) -> Result<Response, Problem> {
    let act = match ballot {
        Ballot::Toggle(value) => Act::ToggleVote { target, value },
        Ballot::Remove => Act::Vote { target, value: 0 },
    };
    let agent = caller.member(app).await?;
    let key = caller.idempotency.as_ref();
    let command = Command::Act { agent, act };
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let Outcome::Voted {
        before,
        value,
        score,
        up,
        down,
    } = done.outcome.outcome
    else {
        return Err(Problem::internal("a vote had another outcome"));
    };
    let (action, message) = match (before, value) {
        (_, 0) => ("removed", "Vote removed"),
        (0, _) => ("voted", "Vote counted"),
        (_, _) => ("changed", "Vote changed"),
    };
    let view = app.published.view();
    let body = VoteBody {
        success: true,
        message,
        action,
        upvotes: up,
        downvotes: down,
        score,
        author: VotedAuthor {
            id: author.map(|author| author.0),
            name: author.map_or("town".to_owned(), |author| name_of(app, &view, author)),
        },
    };
    Ok(replayed(Json(body).into_response(), done.replayed))
}
