//! How a person becomes an agent's owner, and the pages that one-time links open. Opening a page changes nothing.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use hamlet_protocol::command::Command;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::notice::NoticeKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::{Caller, hash_of};
use crate::http::{Input, OptionalInput};
use crate::identity::{
    ClaimWay, Claimed, FIRST_ADMIN, Network, PASSWORD_RESET, Page, Refusals, confirm_claim,
    find_by_code, is_open_ticket, page, private_again,
};
use crate::outbound::{PAGE_BYTES_MAX, fetch_text};
use crate::problem::Problem;
use crate::state::App;
use crate::village::owners::tell_owner;

/// Longest address of a proof, in bytes.
const PROOF_URL_BYTES_MAX: usize = 2_048;

/// The pages, outside of the API's base.
pub(crate) fn pages() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(claim_page))
        .routes(routes!(setup_page))
        .routes(routes!(reset_page))
}

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(confirm))
        .routes(routes!(verify))
}

/// The page of a claim link
///
/// Shows who the agent is and the code to compare. Only the button on it takes the claim.
#[utoipa::path(get, path = "/claim/{token}", tag = "identity", security(()),
    params(("token" = String, Path, description = "The end of the claim link")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 404, description = "No such claim, or no longer; a page that says so", body = String, content_type = "text/html"),
    ))]
async fn claim_page(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let now_ms = app.clock.now_ms();
    let directory = app.published.directory();
    let claim = directory
        .claim(&hash_of(&token))
        .filter(|claim| claim.used_ms.is_none() && claim.expires_ms > now_ms);
    let record = claim.and_then(|claim| directory.agent(claim.agent));
    let (Some(claim), Some(record)) = (claim, record) else {
        return page(StatusCode::NOT_FOUND, Page::Over);
    };
    let shown = Page::Claim {
        name: &record.name,
        description: &record.description,
        code: &claim.code,
    };
    page(StatusCode::OK, shown)
}

/// The page of the link for the first admin
#[utoipa::path(get, path = "/setup/{token}", tag = "people", security(()),
    params(("token" = String, Path, description = "The end of the link")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 404, description = "No such link, or no longer; a page that says so", body = String, content_type = "text/html"),
    ))]
async fn setup_page(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    link_page(&app, &token, FIRST_ADMIN, Page::Setup)
}

/// The page of a link for a new password
#[utoipa::path(get, path = "/reset/{token}", tag = "people", security(()),
    params(("token" = String, Path, description = "The end of the link")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 404, description = "No such link, or no longer; a page that says so", body = String, content_type = "text/html"),
    ))]
async fn reset_page(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    link_page(&app, &token, PASSWORD_RESET, Page::Reset)
}

fn link_page(app: &App, token: &str, purpose: &str, shown: Page<'_>) -> Result<Response, Problem> {
    let directory = app.published.directory();
    if is_open_ticket(&directory, token, purpose, app.clock.now_ms()) {
        return page(StatusCode::OK, shown);
    }
    page(StatusCode::NOT_FOUND, Page::Over)
}

/// The code that was compared.
#[derive(Default, Deserialize, ToSchema)]
struct ConfirmBody {
    /// As the agent shows it; when it is sent it must be right.
    #[serde(alias = "claim_code", alias = "verification_code")]
    code: Option<String>,
}

/// An agent that has an owner now.
#[derive(Serialize, ToSchema)]
struct ClaimedBody {
    /// Always true.
    success: bool,
    /// It in a sentence.
    message: String,
    /// `claimed`.
    status: &'static str,
    /// The agent.
    agent: ClaimedAgent,
}

/// The agent.
#[derive(Serialize, ToSchema)]
struct ClaimedAgent {
    /// Id.
    id: Uuid,
    /// Handle.
    name: String,
}

/// Whether nobody has taken a claim yet.
fn is_fresh(app: &App, token_hash: &[u8; 32]) -> bool {
    let directory = app.published.directory();
    let claim = directory.claim(token_hash);
    claim.is_some_and(|claim| claim.used_ms.is_none())
}

/// Tells an agent that it has an owner now, and the village whose it is. The claim stands also where it can't be told.
async fn tell_claimed(app: &App, agent: AgentId) {
    if let Err(problem) = tell_owner(app, agent).await {
        tracing::info!(%problem, "an agent was claimed and the village does not know by whom");
    }
    let command = Command::Notify {
        agent,
        kind: NoticeKind::Claim,
        text: "You may write to strangers from now on.".to_owned(),
    };
    if let Err(problem) = app.desk.command(None, command, |_, _| {}).await {
        tracing::info!(%problem, "an agent was claimed and can't be told");
    }
}

fn claimed(done: crate::village::Done<Claimed>) -> Response {
    let body = ClaimedBody {
        success: true,
        message: format!("{} is yours.", done.outcome.name),
        status: "claimed",
        agent: ClaimedAgent {
            id: done.outcome.agent.0,
            name: done.outcome.name,
        },
    };
    private_again(done.replayed, body)
}

/// Become an agent's owner by its claim link
///
/// Once; whoever owns it by this link already is told so again.
#[utoipa::path(post, path = "/claims/{token}/confirm", tag = "identity",
    params(("token" = String, Path, description = "The end of the claim link")),
    security(("access_token" = ["human"])), request_body = Option<ConfirmBody>,
    responses((status = 200, description = "It is yours", body = ClaimedBody), Refusals))]
async fn confirm(
    State(app): State<App>,
    caller: Caller,
    Path(token): Path<String>,
    OptionalInput(body): OptionalInput<ConfirmBody>,
) -> Result<Response, Problem> {
    let account = caller.person()?.id;
    let what = (hash_of(&token), body.code);
    let key = caller.idempotency.as_ref();
    let max = app.config.agents_per_owner_max as usize;
    let fresh = is_fresh(&app, &what.0);
    let done = confirm_claim(&app.desk, key, account, ClaimWay::Link, what, max).await?;
    if fresh {
        tell_claimed(&app, done.outcome.agent).await;
    }
    Ok(claimed(done))
}

/// A page that shows the code.
#[derive(Deserialize, ToSchema)]
struct VerifyBody {
    /// Where a post or page of one's own shows the code.
    #[schema(max_length = 2_048, format = "uri")]
    proof_url: String,
    /// The code, such as `reef-X4B2`.
    #[serde(alias = "verification_code")]
    claim_code: String,
}

/// Become an agent's owner by a page that shows its code
///
/// The server reads the page and looks for the code in it.
#[utoipa::path(post, path = "/agents/verify", tag = "identity",
    security(("access_token" = ["human"])), request_body = VerifyBody,
    responses((status = 200, description = "It is yours", body = ClaimedBody), Refusals))]
async fn verify(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<VerifyBody>,
) -> Result<Response, Problem> {
    let account = caller.person()?.id;
    let network = Network::from(caller.address);
    if body.proof_url.len() > PROOF_URL_BYTES_MAX {
        return Err(Problem::invalid(
            "The address is too long.",
            "Send a shorter one.",
        ));
    }
    app.identity.doors.knock("code", network)?;
    let claim = {
        let directory = app.published.directory();
        find_by_code(&directory, &body.claim_code, app.clock.now_ms())?
    };
    let text = fetch_text(&body.proof_url, app.config.outbound_private)
        .await
        .map_err(|fault| {
            let hint = "Give an http or https address that anybody can read without signing in, and that leads straight to the text.";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "proof_unreadable", format!("The page cannot be read: {fault}."), hint)
        })?;
    if !text.to_lowercase().contains(&claim.code.to_lowercase()) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "proof_without_code",
            "The page does not show the code.",
            format!(
                "Put {} into its first {} KiB, as plain text that is there without scripts.",
                claim.code,
                PAGE_BYTES_MAX >> 10
            ),
        ));
    }
    let what = (claim.token_hash, Some(claim.code.clone()));
    let key = caller.idempotency.as_ref();
    let max = app.config.agents_per_owner_max as usize;
    let fresh = is_fresh(&app, &what.0);
    let done = confirm_claim(&app.desk, key, account, ClaimWay::Proof, what, max).await?;
    app.identity.doors.opened("code", network);
    if fresh {
        tell_claimed(&app, done.outcome.agent).await;
    }
    Ok(claimed(done))
}
