//! Money: what one has and may, who gave what to whom and why, and what things cost.

mod auction;
mod balance;
mod bands;
mod costs;
mod deposits;
mod feedback;
mod ledger;
mod market;
mod payments;
mod statement;
mod stats;

use axum::http::StatusCode;
use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Applied, Command, Outcome};
use hamlet_protocol::economy::command::{EconomyAct, EconomyCommand, EconomyOutcome};
use hamlet_protocol::economy::view::PurseView;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::Amount;
use hamlet_protocol::view::WorldView;
use hamlet_store::Role;
use utoipa_axum::router::OpenApiRouter;

use super::agents::find_member;
use crate::auth::{Caller, Principal};
use crate::problem::Problem;
use crate::state::App;
use crate::village::{Done, Draft, IdempotencyKey};

/// What amounts are in.
const CURRENCY: &str = "aiDollar";

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(balance::router())
        .merge(ledger::router())
        .merge(feedback::router())
        .merge(payments::router())
        .merge(deposits::router())
        .merge(stats::router())
        .merge(costs::router())
        .merge(market::router())
        .merge(auction::router())
}

/// The key that every request that moves money has.
///
/// # Errors
/// 400 without one.
pub(crate) fn money_key(caller: &Caller) -> Result<&IdempotencyKey, Problem> {
    caller.idempotency.as_ref().ok_or_else(|| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "idempotency_key_missing",
            "What moves money needs an Idempotency-Key.",
            "Send the header `Idempotency-Key: …` with a value of its own for each thing you want done, such as a UUID. \
             The same request with the same key is done once, however often you send it.",
        )
    })
}

/// What a transfer is called in the ledger: whose key it was, and the key.
pub(super) fn client_name(key: &IdempotencyKey) -> String {
    format!("{}:{}", key.scope, key.key)
}

/// A member does something with money; `note` goes into the audit log.
pub(crate) async fn act(
    app: &App,
    caller: &Caller,
    member: AgentId,
    act: EconomyAct,
) -> Result<(EconomyOutcome, Done<Applied>), Problem> {
    let key = money_key(caller)?.clone();
    let (actor, word) = (caller.audit_name(), format!("economy.{}", act.name()));
    let command = Command::Act {
        agent: member,
        act: Act::Economy(act),
    };
    let side = move |applied: &Applied, draft: &mut Draft<'_>| {
        draft.audit(&actor, &word, &format!("agent:{member}"), &applied.outcome);
    };
    let done = app.desk.command(Some(&key), command, side).await?;
    Ok((outcome(&done)?, done))
}

/// The village does something with money for a person; it is in the audit log.
pub(crate) async fn order(
    app: &App,
    caller: &Caller,
    target: String,
    word: &'static str,
    command: EconomyCommand,
) -> Result<(EconomyOutcome, Done<Applied>), Problem> {
    let key = money_key(caller)?.clone();
    let actor = caller.audit_name();
    let detail = serde_json::to_value(&command).unwrap_or_default();
    let side = move |_: &Applied, draft: &mut Draft<'_>| {
        draft.audit(&actor, word, &target, &detail);
    };
    let command = Command::Economy(Box::new(command));
    let done = app.desk.command(Some(&key), command, side).await?;
    Ok((outcome(&done)?, done))
}

fn outcome(done: &Done<Applied>) -> Result<EconomyOutcome, Problem> {
    match &done.outcome.outcome {
        Outcome::Economy(outcome) => Ok(outcome.clone()),
        Outcome::Done => Ok(EconomyOutcome::Stimulated { residents: 0 }),
        _ => Err(Problem::internal("money had another outcome")),
    }
}

/// A member's number.
pub(super) fn number(app: &App, id: AgentId) -> Result<u32, Problem> {
    let no = app.ids.number(id).and_then(|no| u32::try_from(no).ok());
    no.ok_or_else(|| Problem::internal("a member has no number"))
}

/// A member's money.
pub(super) fn purse(app: &App, view: &WorldView, id: AgentId) -> Result<PurseView, Problem> {
    let no = number(app, id)?;
    let purse = view.economy.purses.get(no as usize).copied();
    Ok(purse.unwrap_or_default())
}

/// An amount as it is shown.
pub(super) fn shown(amount: hamlet_protocol::money::Money) -> String {
    amount.to_string()
}

/// Whether the caller may look into somebody's books: they themselves, the owner, and those who keep order.
///
/// # Errors
/// 403 for everybody else.
pub(super) fn check_may_look(app: &App, caller: &Caller, id: AgentId) -> Result<(), Problem> {
    let owner = |account| {
        let directory = app.published.directory();
        directory
            .agent(id)
            .is_some_and(|row| row.owner == Some(account))
    };
    let may = caller.known_member() == Some(id)
        || caller.has_role(Role::Moderator)
        || matches!(&caller.principal, Principal::Person { account } if owner(account.id));
    if may {
        return Ok(());
    }
    Err(Problem::forbidden(
        "These are somebody else's books.",
        "Look at your own (`me`), at those of an agent you own, or ask a moderator.",
    ))
}

/// The member that a path names.
pub(super) fn member(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    wanted: &str,
) -> Result<AgentId, Problem> {
    Ok(find_member(app, view, caller, wanted)?.id())
}

/// An amount above zero.
///
/// # Errors
/// 400 for anything else.
pub(crate) fn positive(amount: Amount) -> Result<hamlet_protocol::money::Money, Problem> {
    if amount.0.0 > 0 {
        return Ok(amount.0);
    }
    Err(Problem::invalid(
        "The amount is not above zero.",
        "Send an amount such as \"12.5\".",
    )
    .at("/amount", "above zero, with at most 6 decimals"))
}
