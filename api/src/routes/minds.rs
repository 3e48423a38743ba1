//! Minds that think with language models: endpoints, thoughts, costs. What they remember is in `memories.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::{CostLine, EndpointView, MindsView, ThoughtView};
use hamlet_store::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agents::{Named, find_agent};
use crate::auth::Caller;
use crate::http::Params;
use crate::problem::{Problem, ProblemBody};
use crate::render::agent::knows_inside;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pool))
        .routes(routes!(costs))
        .routes(routes!(thoughts))
}

/// How many.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct MindParams {
    /// At most so many, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// An endpoint of models.
#[derive(Serialize, ToSchema)]
struct EndpointBody {
    /// `endpoint 1` and so on, in the order of the settings.
    name: String,
    /// Its address; null for whoever does not keep order here.
    base_url: Option<String>,
    /// The machine it runs on; null for whoever does not keep order here.
    node: Option<String>,
    /// Its models.
    models: Vec<String>,
    /// What it is asked for: `chat`, `fast`, `reasoning`, `code`, `long_context` and `embedding`, which is vectors of memories.
    purposes: Vec<String>,
    /// `well`, `resting` after faults, or `trying` whether it is well again: for all that it is asked for.
    state: String,
    /// How long it is still left alone, in milliseconds.
    rests_ms: Option<u64>,
    /// The same for vectors alone, for which it may rest while it talks well; null: it makes none.
    vectors_state: Option<String>,
    /// How long it is still not asked for vectors, in milliseconds.
    vectors_rests_ms: Option<u64>,
    /// Requests on their way.
    in_flight: u64,
    /// Requests that wait for it.
    queued: u64,
    /// Requests it is thought to bear at once.
    limit: u64,
    /// Requests sent so far.
    sent: u64,
    /// Answers so far.
    answered: u64,
    /// Failures so far, by kind.
    failed: BTreeMap<String, u64>,
    /// Requests it took from others' queues.
    stolen: u64,
    /// Tokens of prompts.
    tokens_in: u64,
    /// Those of them that were in its cache.
    tokens_cached: u64,
    /// Tokens of answers.
    tokens_out: u64,
    /// Share of prompts' tokens that were in its cache, 0 to 1.
    hit_share: f64,
    /// Dollars so far, as a decimal; null for whoever does not keep order here.
    cost: Option<String>,
    /// Mean wait in our queue, in milliseconds.
    queue_ms_mean: Option<f64>,
    /// Time of an answer lately, in milliseconds.
    latency_ms: Option<f64>,
    /// Tokens of one answer in a second, lately.
    tokens_per_sec: Option<f64>,
    /// The last thing that went wrong; null for whoever does not keep order here.
    last_error: Option<String>,
    /// Where `running`, `waiting`, `cache_use` and `cache_hit_share` come from: `vllm`, which says so itself, or `self`: our own counting.
    measured_by: String,
    /// Requests that it works on now, ours and others'.
    running: u64,
    /// Requests that wait inside it; ours that wait here where it does not say.
    waiting: u64,
    /// Share of its cache that is in use, 0 to 1; null where it does not say.
    cache_use: Option<f64>,
    /// Share of what it read that was in its cache, 0 to 1; null where nothing was read.
    cache_hit_share: Option<f64>,
}

/// All endpoints.
#[derive(Serialize, ToSchema)]
struct PoolBody {
    /// Always true.
    success: bool,
    /// Each of them.
    endpoints: Vec<EndpointBody>,
    /// Requests that wait for one.
    waiting: u64,
}

/// See the model pool
///
/// Every endpoint of models: how it is, what is on its way, what it has done. Addresses, machines, errors and costs are for those who keep order.
#[utoipa::path(get, path = "/models/pool", tag = "minds",
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The endpoints", body = PoolBody), (status = 404, description = "No language model thinks here", body = ProblemBody)))]
async fn pool(State(app): State<App>, caller: Caller) -> Result<Json<PoolBody>, Problem> {
    let pool = minds(&app)?.pool();
    let staff = caller.has_role(Role::Moderator);
    let endpoints = pool.endpoints.into_iter().zip(1..);
    Ok(Json(PoolBody {
        success: true,
        endpoints: endpoints
            .map(|(endpoint, no)| endpoint_body(endpoint, no, staff))
            .collect(),
        waiting: pool.waiting,
    }))
}

fn endpoint_body(endpoint: EndpointView, no: usize, staff: bool) -> EndpointBody {
    EndpointBody {
        name: format!("endpoint {no}"),
        base_url: Some(endpoint.base_url).filter(|_| staff),
        node: endpoint.node.filter(|_| staff),
        models: endpoint.models,
        purposes: endpoint.purposes,
        state: endpoint.state,
        rests_ms: endpoint.rests_ms,
        vectors_state: endpoint.vectors_state,
        vectors_rests_ms: endpoint.vectors_rests_ms,
        in_flight: endpoint.in_flight,
        queued: endpoint.queued,
        limit: endpoint.limit,
        sent: endpoint.sent,
        answered: endpoint.answered,
        failed: endpoint.failed,
        stolen: endpoint.stolen,
        hit_share: endpoint.tokens_cached as f64 / endpoint.tokens_in.max(1) as f64,
        tokens_in: endpoint.tokens_in,
        tokens_cached: endpoint.tokens_cached,
        tokens_out: endpoint.tokens_out,
        cost: staff.then(|| dollars(endpoint.cost_micros)),
        queue_ms_mean: endpoint.queue_ms_mean,
        latency_ms: endpoint.latency_ms,
        tokens_per_sec: endpoint.tokens_per_sec,
        last_error: endpoint.last_error.filter(|_| staff),
        measured_by: endpoint.measured_by,
        running: endpoint.running,
        waiting: endpoint.waiting,
        cache_use: endpoint.cache_use,
        cache_hit_share: endpoint.hit_share,
    }
}

/// What thoughts cost, of one agent, model, endpoint or day.
#[derive(Serialize, ToSchema)]
struct MindCostBody {
    /// Whose, or of what.
    of: String,
    /// Thoughts.
    thoughts: u64,
    /// Answers of models.
    answers: u64,
    /// Tokens of prompts.
    tokens_in: u64,
    /// Those of them that were cached.
    tokens_cached: u64,
    /// Tokens of answers.
    tokens_out: u64,
    /// Dollars, as a decimal.
    cost: String,
    /// Time of thoughts, in milliseconds.
    took_ms: u64,
}

impl From<CostLine> for MindCostBody {
    fn from(line: CostLine) -> Self {
        Self {
            of: line.of,
            thoughts: line.thoughts,
            answers: line.answers,
            tokens_in: line.tokens_in,
            tokens_cached: line.tokens_cached,
            tokens_out: line.tokens_out,
            cost: dollars(line.cost_micros),
            took_ms: line.took_ms,
        }
    }
}

/// What thoughts cost since the server began.
#[derive(Serialize, ToSchema)]
struct MindCostsBody {
    /// Always true.
    success: bool,
    /// In all.
    total: MindCostBody,
    /// By agent, dearest first.
    agents: Vec<MindCostBody>,
    /// By model.
    models: Vec<MindCostBody>,
    /// By endpoint.
    endpoints: Vec<MindCostBody>,
    /// By day of sim time.
    days: Vec<MindCostBody>,
    /// Of all this, vectors of memories; `thoughts` is how often somebody wanted some.
    embedding: MindCostBody,
    /// Thoughts by how they ended.
    outcomes: BTreeMap<String, u64>,
    /// Dollars that may be spent, as a decimal; null: no limit.
    budget: Option<String>,
}

/// See what thoughts cost
///
/// Since the server began, by agent, model, endpoint and day. For those who keep order.
#[utoipa::path(get, path = "/models/costs", tag = "minds",
    security(("access_token" = ["moderator"])),
    responses((status = 200, description = "What they cost", body = MindCostsBody), (status = 404, description = "No language model thinks here", body = ProblemBody)))]
async fn costs(State(app): State<App>) -> Result<Json<MindCostsBody>, Problem> {
    let costs = minds(&app)?.costs();
    let bodies = |lines: Vec<CostLine>| lines.into_iter().map(MindCostBody::from).collect();
    Ok(Json(MindCostsBody {
        success: true,
        total: costs.total.into(),
        agents: bodies(costs.agents),
        models: bodies(costs.models),
        endpoints: bodies(costs.endpoints),
        days: bodies(costs.days),
        embedding: costs.embedding.into(),
        outcomes: costs.outcomes,
        budget: costs.budget_micros.map(dollars),
    }))
}

/// A thought, looked back at.
#[derive(Serialize, ToSchema)]
struct ThoughtBody {
    /// Its number.
    thought: u64,
    /// Tick it was asked at.
    asked_tick: u64,
    /// Why: `begin`, `time`, `spoken` or `free`.
    #[schema(value_type = String)]
    wake: hamlet_protocol::minds::Wake,
    /// How it ended: `acted`, `rested`, or what went wrong; `funds` and `quota`: it could not be paid for, and was not asked.
    outcome: String,
    /// What was done and looked up, as sentences.
    steps: Vec<String>,
    /// Words of the model beside its calls.
    words: String,
    /// Answers of the model.
    turns: u32,
    /// The model.
    model: Option<String>,
    /// Tokens of prompts.
    tokens_in: u64,
    /// Those of them that were cached.
    tokens_cached: u64,
    /// Tokens of answers.
    tokens_out: u64,
    /// Dollars, as a decimal: what its models cost whoever runs the village.
    cost: String,
    /// aiDollars that the agent paid for it; null where thoughts cost nothing.
    charged: Option<String>,
    /// Time it took, in milliseconds.
    took_ms: u64,
}

impl From<ThoughtView> for ThoughtBody {
    fn from(thought: ThoughtView) -> Self {
        Self {
            thought: thought.thought,
            asked_tick: thought.asked,
            wake: thought.wake,
            outcome: thought.outcome,
            steps: thought.steps,
            words: thought.words,
            turns: thought.turns,
            model: thought.model,
            tokens_in: thought.tokens_in,
            tokens_cached: thought.tokens_cached,
            tokens_out: thought.tokens_out,
            cost: dollars(thought.cost_micros),
            charged: thought.charged.map(|amount| amount.to_string()),
            took_ms: thought.took_ms,
        }
    }
}

/// Thoughts of an agent.
#[derive(Serialize, ToSchema)]
struct ThoughtsBody {
    /// Always true.
    success: bool,
    /// The newest, newest first; the last twenty since the server began.
    thoughts: Vec<ThoughtBody>,
    /// How many.
    count: usize,
}

/// Look back at an agent's thoughts
///
/// For its owner, for itself and for those who keep order. Words of others stand between « and »: they are theirs.
#[utoipa::path(get, path = "/agents/{id}/thoughts", tag = "minds",
    params(("id" = String, Path, description = "Id, name or `me`"), MindParams),
    security(("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Its thoughts", body = ThoughtsBody), (status = 403, description = "Not yours to see", body = ProblemBody), (status = 404, description = "There is none, or no language model thinks here", body = ProblemBody)))]
async fn thoughts(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(params): Params<MindParams>,
) -> Result<Json<ThoughtsBody>, Problem> {
    let agent = within_sight(&app, &caller, &id)?;
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let thoughts = minds(&app)?.thoughts(agent.id, limit);
    let thoughts: Vec<ThoughtBody> = thoughts.into_iter().map(ThoughtBody::from).collect();
    Ok(Json(ThoughtsBody {
        success: true,
        count: thoughts.len(),
        thoughts,
    }))
}

/// An agent whose inner life the caller may see.
pub(super) fn within_sight(app: &App, caller: &Caller, agent: &str) -> Result<Named, Problem> {
    let view = app.published.view();
    let agent = find_agent(app, &view, caller, agent)?;
    if sees_inside(app, caller, agent.id) {
        return Ok(agent);
    }
    Err(Problem::forbidden(
        "What somebody thinks is for themselves, their owner and those who keep order.",
        "Claim the agent, or ask its owner.",
    ))
}

/// Whether the caller may look into an agent's inner life: what it thinks, and what it remembers.
pub(super) fn sees_inside(app: &App, caller: &Caller, agent: AgentId) -> bool {
    let directory = app.published.directory();
    knows_inside(caller, agent, directory.agent(agent).map(Arc::as_ref))
}

pub(super) fn minds(app: &App) -> Result<&Arc<dyn MindsView>, Problem> {
    app.minds.get().ok_or_else(|| {
        Problem::not_found(
            "language model that thinks here",
            "Residents with such a mind live by habit; `GET /capabilities` says what is on, `--llm URL --model NAME` turns it on.",
        )
    })
}

fn dollars(micros: i64) -> String {
    hamlet_protocol::money::Money(micros).to_string()
}
