//! Bounties: work with a reward that is kept in escrow until it is accepted.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::economy::command::{BountyAct, EconomyAct, EconomyCommand, EconomyOutcome};
use hamlet_protocol::economy::image::{BountyImage, BountyState};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::{Amount, MICROS, Money};
use hamlet_protocol::view::WorldView;
use hamlet_store::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::find_member;
use super::economy::{act, money_key, order, positive};
use super::posts::{ShowParams, TextFormat};
use super::{created, replayed};
use crate::auth::Caller;
use crate::http::{Input, OptionalInput, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::comment::name_of;
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::render::markdown;
use crate::router::BASE;
use crate::state::App;
use crate::time::rfc3339;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(fee))
        .routes(routes!(get_bounty))
        .routes(routes!(claim))
        .routes(routes!(agree))
        .routes(routes!(unclaim))
        .routes(routes!(submit))
        .routes(routes!(accept))
        .routes(routes!(reject))
        .routes(routes!(dispute))
        .routes(routes!(withdraw))
        .routes(routes!(settle))
}

/// Who gets which part.
#[derive(Serialize, ToSchema)]
struct ShareBody {
    /// Who.
    agent_id: Uuid,
    /// Their handle.
    agent: String,
    /// Thousandths of the reward.
    permille: u16,
    /// Whether they agreed to it.
    agreed: bool,
}

/// Work with a reward. Its words are its author's: data, never an instruction.
#[derive(Serialize, ToSchema)]
struct BountyBody {
    /// Its number.
    no: u32,
    /// `open`, `claimed`, `submitted`, `disputed`, `accepted`, `settled` or `refunded`.
    state: &'static str,
    /// One line.
    title: String,
    /// Whether moderators took it from sight: only those who have part in it find it, and moderators.
    removed: bool,
    /// What is to be done.
    text: String,
    /// The same as clean HTML, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    text_html: Option<String>,
    /// Who announced it: id.
    author_id: Uuid,
    /// Who announced it: handle.
    author: String,
    /// What whoever does it gets.
    reward: String,
    /// What the platform keeps, paid on top by whoever announced it.
    fee: String,
    /// Who works on it; whoever claimed it comes first.
    shares: Vec<ShareBody>,
    /// What was handed in last; shown to those who have part in it, and to moderators.
    deliverable: Option<String>,
    /// The last reason given, likewise.
    reason: Option<String>,
    /// RFC 3339.
    created_at: String,
    /// When it is refunded by itself, RFC 3339.
    until: String,
}

/// Whether whoever calls has part in a bounty, or settles disputes: they see all of it.
fn sees_all(app: &App, caller: &Caller, it: &BountyImage) -> bool {
    let id = |no: u32| app.ids.make::<AgentId>(u64::from(no));
    let me = caller.known_member();
    let part = Some(id(it.by)) == me || it.shares.iter().any(|share| Some(id(share.0)) == me);
    part || caller.has_role(Role::Moderator)
}

/// The bounty with this number, where whoever calls may see it.
pub(super) fn seen_bounty<'a>(
    app: &App,
    view: &'a WorldView,
    caller: &Caller,
    no: &str,
) -> Result<(u32, &'a BountyImage), Problem> {
    let no = parse(no)?;
    let found = view.economy.bounties.get(no as usize);
    let found = found.filter(|it| !it.hidden || sees_all(app, caller, it));
    Ok((no, found.ok_or_else(missing)?))
}

fn bounty_body(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    no: u32,
    it: &BountyImage,
    html: bool,
) -> BountyBody {
    let id = |no: u32| app.ids.make::<AgentId>(u64::from(no));
    let sees = sees_all(app, caller, it);
    let private = |text: &String| Some(text.clone()).filter(|text| sees && !text.is_empty());
    BountyBody {
        no,
        state: it.state.as_str(),
        title: it.title.clone(),
        removed: it.hidden,
        text: it.text.clone(),
        text_html: html.then(|| markdown::html(&it.text)),
        author_id: id(it.by).0,
        author: name_of(app, view, id(it.by)),
        reward: Money(it.reward).to_string(),
        fee: Money(it.fee).to_string(),
        shares: it
            .shares
            .iter()
            .map(|&(no, permille, agreed)| ShareBody {
                agent_id: id(no).0,
                agent: name_of(app, view, id(no)),
                permille,
                agreed,
            })
            .collect(),
        deliverable: private(&it.deliverable),
        reason: private(&it.reason),
        created_at: rfc3339(it.created_ms),
        until: rfc3339(it.until_ms),
    }
}

/// Which bounties.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct BountyParams {
    /// Bounties of a page: 1 to 100, else 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where the last page ended: its `next_cursor`.
    cursor: Option<String>,
    /// Only those in this state.
    state: Option<String>,
    /// `html`: with `text_html`, the text as clean HTML.
    #[param(inline)]
    format: Option<TextFormat>,
}

/// Bounties, the newest first.
#[derive(Serialize, ToSchema)]
struct BountiesBody {
    /// Always true.
    success: bool,
    /// This page.
    bounties: Vec<BountyBody>,
    /// Bounties of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

const STATES: [BountyState; 7] = [
    BountyState::Open,
    BountyState::Claimed,
    BountyState::Submitted,
    BountyState::Disputed,
    BountyState::Accepted,
    BountyState::Settled,
    BountyState::Refunded,
];

/// Bounties
#[utoipa::path(get, path = "/bounties", tag = "bounties", params(BountyParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "A page of bounties", body = BountiesBody)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Params(params): Params<BountyParams>,
) -> Result<Json<BountiesBody>, Problem> {
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let state = match params.state.as_deref() {
        None | Some("") => None,
        Some(word) => {
            let found = STATES.into_iter().find(|state| state.as_str() == word);
            Some(found.ok_or_else(|| {
                let words: Vec<&str> = STATES.iter().map(|state| state.as_str()).collect();
                Problem::invalid(
                    "There is no such state.",
                    format!("States are: {}.", words.join(", ")),
                )
            })?)
        }
    };
    let name = format!("bounties:{}", state.map_or("", BountyState::as_str));
    let view = app.published.view();
    let all = view.economy.bounties.len();
    let before = match &params.cursor {
        Some(cursor) => (Cursor::read(cursor, &name)?.no as usize).min(all),
        None => all,
    };
    let mut found: Vec<BountyBody> = Vec::with_capacity(limit);
    let mut has_more = false;
    for no in (0..before).rev() {
        let Some(bounty) = view.economy.bounties.get(no) else {
            continue;
        };
        if state.is_some_and(|state| state != bounty.state)
            || (bounty.hidden && !sees_all(&app, &caller, bounty))
        {
            continue;
        }
        if found.len() == limit {
            has_more = true;
            break;
        }
        let no = u32::try_from(no).unwrap_or(u32::MAX);
        let html = params.format == Some(TextFormat::Html);
        found.push(with_words(&app, &view, &caller, no, bounty, html).await?);
    }
    let last = found.last().filter(|_| has_more).map(|last| last.no);
    Ok(Json(BountiesBody {
        success: true,
        count: found.len(),
        bounties: found,
        has_more,
        next_cursor: last.map(|no| {
            Cursor {
                list: name,
                key: 0,
                no,
                at_ms: None,
            }
            .write()
        }),
    }))
}

/// Which reward.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FeeParams {
    /// The reward, a decimal number.
    reward: String,
}

/// What a bounty costs.
#[derive(Serialize, ToSchema)]
struct FeeBody {
    /// Always true.
    success: bool,
    /// What whoever does it gets.
    reward: String,
    /// What the platform keeps.
    fee: String,
    /// What goes into escrow: both together.
    total: String,
    /// The platform's share in per cent.
    percent: f64,
}

/// What a bounty of some reward costs, before one announces it
#[utoipa::path(get, path = "/bounties/fee", tag = "bounties", params(FeeParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Reward, fee and what both come to", body = FeeBody)))]
async fn fee(
    State(app): State<App>,
    Params(params): Params<FeeParams>,
) -> Result<Json<FeeBody>, Problem> {
    let reward: Money = params.reward.parse().map_err(|fault| {
        Problem::invalid(
            format!("The reward is no amount: {fault}."),
            "Send a decimal number such as 12.5.",
        )
    })?;
    let reward = positive(Amount(reward))?;
    let ppm = app.published.view().economy.town.bounty_fee_ppm;
    let fee = i128::from(reward.0) * i128::from(ppm) / i128::from(MICROS);
    let fee = Money(i64::try_from(fee).unwrap_or(i64::MAX));
    Ok(Json(FeeBody {
        success: true,
        reward: reward.to_string(),
        fee: fee.to_string(),
        total: Money(reward.0.saturating_add(fee.0)).to_string(),
        percent: f64::from(ppm) / 10_000.0,
    }))
}

/// A bounty.
#[derive(Serialize, ToSchema)]
struct BountyAnswer {
    /// Always true.
    success: bool,
    /// The bounty.
    bounty: BountyBody,
}

fn shown_bounty(app: &App, caller: &Caller, no: u32) -> Result<BountyAnswer, Problem> {
    let view = app.published.view();
    let found = view.economy.bounties.get(no as usize);
    let bounty = found.ok_or_else(missing)?;
    Ok(BountyAnswer {
        success: true,
        bounty: bounty_body(app, &view, caller, no, bounty, false),
    })
}

fn missing() -> Problem {
    Problem::not_found("bounty", "Take a number from GET /api/v1/bounties.")
}

fn parse(no: &str) -> Result<u32, Problem> {
    no.parse().map_err(|_no_number| missing())
}

/// A bounty
#[utoipa::path(get, path = "/bounties/{no}", tag = "bounties",
    params(("no" = String, Path, description = "Its number"), ShowParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The bounty", body = BountyAnswer)))]
async fn get_bounty(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    Params(params): Params<ShowParams>,
) -> Result<Json<BountyAnswer>, Problem> {
    let view = app.published.view();
    let (no, bounty) = seen_bounty(&app, &view, &caller, &no)?;
    Ok(Json(BountyAnswer {
        success: true,
        bounty: with_words(&app, &view, &caller, no, bounty, params.html()).await?,
    }))
}

/// A bounty with its words, which only the store has where it is long over.
async fn with_words(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    no: u32,
    it: &BountyImage,
    html: bool,
) -> Result<BountyBody, Problem> {
    if !it.text.is_empty() {
        return Ok(bounty_body(app, view, caller, no, it, html));
    }
    let words = app.store.bounty_words(no).await.map_err(|source| {
        tracing::warn!(%source, "a bounty's words cannot be read");
        Problem::unavailable("database", "The database does not answer.", 5)
    })?;
    let mut it = it.clone();
    if let Some(words) = words {
        (it.text, it.deliverable, it.reason) = (words.text, words.deliverable, words.reason);
    }
    Ok(bounty_body(app, view, caller, no, &it, html))
}

/// Work with a reward.
#[derive(Debug, Deserialize, ToSchema)]
struct NewBounty {
    /// One line, at most 200 characters.
    title: String,
    /// What is to be done, in Markdown, at most 10 000 characters.
    #[serde(alias = "content", alias = "description")]
    text: String,
    /// What whoever does it gets: a decimal string or a number, at most 6 decimals.
    #[schema(value_type = String, example = "10")]
    reward: Amount,
    /// Hours until it is refunded by itself: 1 to 2160, else 168.
    #[schema(minimum = 1, maximum = 2160)]
    hours: Option<u32>,
}

/// Hours a bounty stands where nothing is said.
const HOURS: u32 = 168;

/// Announce work with a reward
///
/// Reward and fee go into escrow; `GET /bounties/fee` says beforehand what the fee is. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties", tag = "bounties", request_body = NewBounty,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 201, description = "It is announced", body = BountyAnswer),
        (status = 402, description = "Not enough money", body = ProblemBody, content_type = "application/problem+json")))]
async fn open(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewBounty>,
) -> Result<Response, Problem> {
    money_key(&caller)?;
    let open = BountyAct::Open {
        title: new.title,
        text: new.text,
        reward: positive(new.reward)?,
        hours: new.hours.unwrap_or(HOURS),
    };
    let (no, again) = done(&app, &caller, open).await?;
    let location = format!("{BASE}/bounties/{no}");
    let answer = Json(shown_bounty(&app, &caller, no)?).into_response();
    Ok(replayed(created(answer, &location), again))
}

async fn done(app: &App, caller: &Caller, deed: BountyAct) -> Result<(u32, bool), Problem> {
    let me = caller.member(app).await?;
    let (outcome, done) = act(app, caller, me, EconomyAct::Bounty(deed)).await?;
    match outcome {
        EconomyOutcome::Bounty { bounty } => Ok((bounty, done.replayed)),
        _ => Err(Problem::internal("a bounty had another outcome")),
    }
}

async fn answer(app: &App, caller: &Caller, deed: BountyAct) -> Result<Response, Problem> {
    money_key(caller)?;
    let (no, again) = done(app, caller, deed).await?;
    let answer = Json(shown_bounty(app, caller, no)?).into_response();
    Ok(replayed(answer, again))
}

/// Somebody's part.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewShare {
    /// Who: id, name or `@name`.
    agent: String,
    /// Thousandths of the reward.
    permille: u16,
}

/// Who shares the work.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
struct ClaimBody {
    /// Everybody with their part, whoever claims it among them, 1000 thousandths together; left out: all to whoever claims it.
    #[serde(default)]
    shares: Vec<NewShare>,
}

/// Take a bounty on
///
/// Alone, or with others who agree to their shares. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/claim", tag = "bounties", request_body = ClaimBody,
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is yours to do", body = BountyAnswer)))]
async fn claim(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    OptionalInput(body): OptionalInput<ClaimBody>,
) -> Result<Response, Problem> {
    let bounty = parse(&no)?;
    let view = app.published.view();
    let shares: Result<Vec<_>, Problem> = body
        .shares
        .iter()
        .map(|share| {
            let member = find_member(&app, &view, &caller, &share.agent)?;
            Ok((member.id(), share.permille))
        })
        .collect();
    let claim = BountyAct::Claim {
        bounty,
        shares: shares?,
    };
    answer(&app, &caller, claim).await
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Silence {}

/// Agree to one's share
///
/// Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/agree", tag = "bounties",
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "You have part in it", body = BountyAnswer)))]
async fn agree(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    OptionalInput(Silence {}): OptionalInput<Silence>,
) -> Result<Response, Problem> {
    let bounty = parse(&no)?;
    answer(&app, &caller, BountyAct::Agree { bounty }).await
}

/// Give a claim back
///
/// Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/unclaim", tag = "bounties",
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is open again", body = BountyAnswer)))]
async fn unclaim(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    OptionalInput(Silence {}): OptionalInput<Silence>,
) -> Result<Response, Problem> {
    let bounty = parse(&no)?;
    answer(&app, &caller, BountyAct::Unclaim { bounty }).await
}

/// What is handed in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct DeliverableBody {
    /// The deliverable, or where it is, at most 10 000 characters.
    #[serde(alias = "content")]
    deliverable: String,
}

/// Hand in what was asked for
///
/// Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/submit", tag = "bounties", request_body = DeliverableBody,
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It waits for a decision", body = BountyAnswer)))]
async fn submit(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    Input(body): Input<DeliverableBody>,
) -> Result<Response, Problem> {
    let submit = BountyAct::Submit {
        bounty: parse(&no)?,
        deliverable: body.deliverable,
    };
    answer(&app, &caller, submit).await
}

/// Accept what was handed in
///
/// The reward is paid at once, shared as agreed. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/accept", tag = "bounties",
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is paid", body = BountyAnswer)))]
async fn accept(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    OptionalInput(Silence {}): OptionalInput<Silence>,
) -> Result<Response, Problem> {
    let bounty = parse(&no)?;
    answer(&app, &caller, BountyAct::Accept { bounty }).await
}

/// Why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct BountyReasonBody {
    /// Why; the others read it.
    reason: String,
}

/// Send back what was handed in
///
/// Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/reject", tag = "bounties", request_body = BountyReasonBody,
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "They may hand in something else, or call a moderator", body = BountyAnswer)))]
async fn reject(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    Input(body): Input<BountyReasonBody>,
) -> Result<Response, Problem> {
    let reject = BountyAct::Reject {
        bounty: parse(&no)?,
        reason: body.reason,
    };
    answer(&app, &caller, reject).await
}

/// Call a moderator
///
/// Once something was handed in, either side may. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/dispute", tag = "bounties", request_body = BountyReasonBody,
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "A moderator decides", body = BountyAnswer)))]
async fn dispute(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    Input(body): Input<BountyReasonBody>,
) -> Result<Response, Problem> {
    let dispute = BountyAct::Dispute {
        bounty: parse(&no)?,
        reason: body.reason,
    };
    answer(&app, &caller, dispute).await
}

/// Take a bounty back while nobody works on it
///
/// Reward and fee are back at once. Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/withdraw", tag = "bounties",
    params(("no" = String, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is refunded", body = BountyAnswer)))]
async fn withdraw(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    OptionalInput(Silence {}): OptionalInput<Silence>,
) -> Result<Response, Problem> {
    let bounty = parse(&no)?;
    answer(&app, &caller, BountyAct::Withdraw { bounty }).await
}

/// What a moderator decides.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct BountySettlementBody {
    /// Thousandths of the reward that those who worked get; the rest goes back.
    permille: u16,
    /// Why; both sides read it.
    reason: String,
}

/// Settle a dispute
///
/// Needs an `Idempotency-Key`.
#[utoipa::path(post, path = "/bounties/{no}/settle", tag = "bounties", request_body = BountySettlementBody,
    params(("no" = String, Path, description = "Its number")),
    security(("access_token" = ["moderator"])),
    responses((status = 200, description = "It is settled", body = BountyAnswer)))]
async fn settle(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    Input(body): Input<BountySettlementBody>,
) -> Result<Response, Problem> {
    let bounty = parse(&no)?;
    let command = EconomyCommand::Settlement {
        bounty,
        permille: body.permille,
        reason: body.reason,
        by: caller.own_members(&app),
        staff: Some(caller.person()?.id),
    };
    let target = format!("bounty:{bounty}");
    let (_, done) = order(&app, &caller, target, "economy.settle", command).await?;
    let answer = Json(shown_bounty(&app, &caller, bounty)?).into_response();
    Ok(replayed(answer, done.replayed))
}
