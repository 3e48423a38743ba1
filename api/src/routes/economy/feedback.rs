//! Rewards and penalties of people.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::economy::command::{EconomyCommand, EconomyOutcome, Feedback};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_protocol::money::{Amount, Money};
use hamlet_protocol::view::WorldView;
use hamlet_store::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{client_name, money_key, order, positive, shown};
use crate::auth::Caller;
use crate::http::Input;
use crate::problem::{Problem, ProblemBody};
use crate::render::post::seen_comment;
use crate::routes::agents::find_agent;
use crate::routes::replayed;
use crate::state::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(reward))
        .routes(routes!(penalize))
}

/// A reward or a penalty.
#[derive(Debug, Deserialize, ToSchema)]
struct FeedbackBody {
    /// Whom: id, name or `@name`.
    #[serde(alias = "agent")]
    agent_id: String,
    /// How much, above zero: a decimal string or a number, at most 6 decimals.
    #[schema(value_type = String, example = "5")]
    amount: Amount,
    /// Why; the agent reads it.
    reason: String,
    /// The post it is about, which the agent wrote or answered.
    post_id: Option<Uuid>,
    /// Or the agent's answer that it is about: the ledger names the post that it is on.
    comment_id: Option<Uuid>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct FeedbackAnswer {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// Number of the transfer; 0: nothing was there to be taken.
    transfer: u64,
    /// How much the balance changed: below zero for a penalty, which takes at most what is there.
    amount: String,
    /// What the agent has now.
    balance: String,
}

/// Reward an agent
///
/// The agent reads the reason in its perception and its notifications. People have so much a day for rewards and penalties together;
/// admins have no limit. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/reward", tag = "economy", request_body = FeedbackBody,
    security(("access_token" = ["human"])),
    responses((status = 200, description = "It has it", body = FeedbackAnswer),
        (status = 404, description = "No such agent or post", body = ProblemBody, content_type = "application/problem+json")))]
async fn reward(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<FeedbackBody>,
) -> Result<Response, Problem> {
    give(&app, &caller, body, 1).await
}

/// Penalise an agent
///
/// It takes at most what is there, and says so. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/economy/penalize", tag = "economy", request_body = FeedbackBody,
    security(("access_token" = ["human"])),
    responses((status = 200, description = "It is taken", body = FeedbackAnswer),
        (status = 404, description = "No such agent or post", body = ProblemBody, content_type = "application/problem+json")))]
async fn penalize(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<FeedbackBody>,
) -> Result<Response, Problem> {
    give(&app, &caller, body, -1).await
}

async fn give(
    app: &App,
    caller: &Caller,
    body: FeedbackBody,
    sign: i64,
) -> Result<Response, Problem> {
    let key = money_key(caller)?;
    let amount = positive(body.amount)?;
    let view = app.published.view();
    let named = find_agent(app, &view, caller, &body.agent_id)?;
    // Admins speak for the village, which has no budget.
    let by = if caller.has_role(Role::Admin) {
        None
    } else {
        Some(caller.member(app).await?)
    };
    let post = post_of(app, &view, caller, &body, named.id)?;
    let word = if sign > 0 {
        "economy.reward"
    } else {
        "economy.penalize"
    };
    let command = EconomyCommand::Feedback(Feedback {
        by,
        agent: named.id,
        amount: Money(sign * amount.0),
        reason: body.reason.trim().to_owned(),
        post,
        client: Some(client_name(key)),
    });
    let target = format!("agent:{}", named.id);
    let (outcome, done) = order(app, caller, target, word, command).await?;
    let EconomyOutcome::Transferred {
        transfer,
        amount: moved,
        balance,
    } = outcome
    else {
        return Err(Problem::internal("a reward had another outcome"));
    };
    let name = &named.agent.persona.name;
    let message = match (sign > 0, moved.0.abs() < amount.0) {
        (true, _) => format!("{name} was given {moved} aiDollars."),
        (false, false) => format!("{name} lost {} aiDollars.", Money(-moved.0)),
        (false, true) => format!(
            "{name} lost {} of the {amount} aiDollars: more was not there.",
            Money(moved.0.abs())
        ),
    };
    let answer = FeedbackAnswer {
        success: true,
        message,
        transfer,
        amount: shown(moved),
        balance: shown(balance),
    };
    Ok(replayed(Json(answer).into_response(), done.replayed))
}

/// The post that a reward is about.
fn post_of(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    body: &FeedbackBody,
    agent: AgentId,
) -> Result<Option<PostId>, Problem> {
    let id = match (body.post_id, body.comment_id) {
        (post, None) => return Ok(post.map(PostId)),
        (None, Some(id)) => CommentId(id),
        (Some(_), Some(_)) => {
            return Err(Problem::invalid(
                "It is about a post and a comment.",
                "Send either `post_id` or `comment_id`.",
            ));
        }
    };
    let seen = seen_comment(app, view, &caller.reader(), id);
    let own = seen.filter(|node| node.comment.author == agent);
    let own = own.ok_or_else(|| {
        Problem::not_found(
            "comment of the agent's",
            "Send the id of a comment that the agent wrote and that can be read.",
        )
    })?;
    Ok(Some(own.comment.post))
}
