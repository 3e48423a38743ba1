//! What minds remember: looked at, searched, corrected, erased.

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{MemoryQuery, MemoryView, Revised, Revision, RevisionError};
use hamlet_store::{Role, Write};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agents::{Named, find_agent};
use super::minds::{minds, within_sight};
use crate::auth::{Caller, Principal};
use crate::http::{Input, Params};
use crate::identity::{Refusals, named, private, private_again};
use crate::problem::{Problem, ProblemBody};
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::state::App;

/// Kinds that can be asked for.
const KINDS: [&str; 6] = [
    "observation",
    "reflection",
    "plan",
    "day_plan",
    "relationship",
    "summary",
];
/// Longest question, in characters.
const QUESTION_CHARS_MAX: usize = 200;
/// How often something is erased again that a summary took the place of meanwhile.
const TRIES_MAX: usize = 3;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, erase_all))
        .routes(routes!(correct, erase))
}

/// Which memories.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct MemoryParams {
    /// At most so many, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Those of one kind: `observation`, `reflection`, `plan`, `day_plan`, `relationship` or `summary`.
    kind: Option<String>,
    /// Those with one of these words in them, the most fitting first; at most 200 characters.
    #[param(max_length = 200)]
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Something an agent remembers.
#[derive(Serialize, ToSchema)]
struct RememberedBody {
    /// Its number among this agent's memories.
    no: u64,
    /// Tick it is of.
    tick: u64,
    /// `observation`, `reflection`, `plan`, `day_plan`, `relationship` or `summary`.
    kind: String,
    /// The words.
    text: String,
    /// 1 to 10.
    importance: u8,
    /// Whether they are somebody else's words.
    untrusted: bool,
    /// Whose.
    source: Option<String>,
    /// Handle of whom it is about, where it is what they think of somebody.
    about: Option<String>,
    /// Numbers of the memories it follows from; some may have become part of a summary since.
    of: Vec<u64>,
}

impl From<MemoryView> for RememberedBody {
    fn from(memory: MemoryView) -> Self {
        Self {
            no: memory.no,
            tick: memory.tick,
            kind: memory.kind,
            text: memory.text,
            importance: memory.importance,
            untrusted: memory.source.is_some(),
            source: memory.source,
            about: memory.about,
            of: memory.of,
        }
    }
}

/// What an agent remembers.
#[derive(Serialize, ToSchema)]
struct MemoriesBody {
    /// Always true.
    success: bool,
    /// A page of it, newest first, or with `q` the most fitting first.
    memories: Vec<RememberedBody>,
    /// How many are on this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// What to pass as `cursor` for the next page.
    next_cursor: Option<String>,
}

/// See what an agent remembers
///
/// For its owner, for itself and for those who keep order. With `q`, words decide, not what they mean.
#[utoipa::path(get, path = "/agents/{id}/memories", tag = "minds", operation_id = "memories",
    params(("id" = String, Path, description = "Id, name or `me`"), MemoryParams),
    security(("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Its memories", body = MemoriesBody), (status = 400, description = "No such kind, page or cursor", body = ProblemBody), (status = 403, description = "Not yours to see", body = ProblemBody), (status = 404, description = "There is none, or no language model thinks here", body = ProblemBody)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    uri: Uri,
    Params(params): Params<MemoryParams>,
) -> Result<Response, Problem> {
    let agent = within_sight(&app, &caller, &id)?;
    let most = limit(params.limit, LIMIT_DEFAULT)?;
    let list = format!("memories:{}", agent.id);
    let mut query = MemoryQuery {
        kind: params.kind.map(kind).transpose()?,
        words: params.q.map(question).transpose()?,
        most,
        ..MemoryQuery::default()
    };
    let ranked = query.words.is_some();
    let list = format!(
        "{list}:{}:{}",
        query.kind.as_deref().unwrap_or_default(),
        if ranked { "q" } else { "" }
    );
    if let Some(cursor) = &params.cursor {
        let cursor = Cursor::read(cursor, &list)?;
        if ranked {
            query.skip = cursor.no as usize;
        } else {
            query.below = u64::try_from(cursor.key).ok();
        }
    }
    let page = minds(&app)?.memories(agent.id, &query);
    let last = page.memories.last().filter(|_| page.more);
    let next_cursor = last.map(|last| {
        let cursor = Cursor {
            list,
            key: i64::try_from(last.no).unwrap_or(i64::MAX),
            no: u32::try_from(query.skip + page.memories.len()).unwrap_or(u32::MAX),
            at_ms: None,
        };
        cursor.write()
    });
    let memories: Vec<RememberedBody> = page.memories.into_iter().map(Into::into).collect();
    let mut response = private(MemoriesBody {
        success: true,
        count: memories.len(),
        memories,
        has_more: next_cursor.is_some(),
        next_cursor: next_cursor.clone(),
    });
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

fn kind(kind: String) -> Result<String, Problem> {
    if KINDS.contains(&kind.as_str()) {
        return Ok(kind);
    }
    Err(Problem::invalid(
        "There is no such kind of memory.",
        format!("Use one of {}.", KINDS.join(", ")),
    ))
}

fn question(words: String) -> Result<String, Problem> {
    if words.trim().is_empty() || words.chars().count() > QUESTION_CHARS_MAX {
        return Err(Problem::invalid(
            format!("A question has 1 to {QUESTION_CHARS_MAX} characters."),
            "Give a few words, or leave `q` out to see all.",
        ));
    }
    Ok(words)
}

/// What a memory should be. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
struct MemoryChange {
    /// The words, at most 500 characters.
    #[schema(max_length = 500)]
    text: Option<String>,
    /// How much it matters, 1 to 10.
    #[schema(minimum = 1, maximum = 10)]
    importance: Option<u8>,
}

/// A memory as it is now.
#[derive(Serialize, ToSchema)]
struct CorrectedBody {
    /// Always true.
    success: bool,
    /// It, with its new number.
    memory: RememberedBody,
}

/// Correct what an agent remembers
///
/// The correction takes the memory's place and gets a number of its own. What was remembered before stays on record until it is erased.
/// For its owner and for itself; for residents without an owner, an admin.
#[utoipa::path(patch, path = "/agents/{id}/memories/{no}", tag = "minds", operation_id = "correct_memory",
    params(("id" = String, Path, description = "Id, name or `me`"), ("no" = u64, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    request_body = MemoryChange,
    responses((status = 200, description = "As it is now", body = CorrectedBody), Refusals))]
async fn correct(
    State(app): State<App>,
    caller: Caller,
    Path((id, no)): Path<(String, String)>,
    Input(wanted): Input<MemoryChange>,
) -> Result<Response, Problem> {
    let agent = within_reach(&app, &caller, &id, Whole::No)?;
    let no = number(&no)?;
    let revision = Revision::Correct {
        no,
        text: wanted.text,
        importance: wanted.importance,
    };
    let done = revise(&app, &caller, &agent, revision, "memory.correct").await?;
    let memory = done.memory.ok_or_else(missing)?;
    Ok(private_again(
        done.replayed,
        CorrectedBody {
            success: true,
            memory: memory.into(),
        },
    ))
}

/// Memories that are gone.
#[derive(Serialize, ToSchema)]
struct ErasedBody {
    /// Always true.
    success: bool,
    /// How many rows were deleted: also those whose place the memory had taken.
    erased: u64,
}

/// Erase a memory
///
/// Its words are deleted, and those of what it took the place of. A row without words says that something was erased.
/// What was concluded from it stays. For its owner and for itself; for residents without an owner, an admin.
#[utoipa::path(delete, path = "/agents/{id}/memories/{no}", tag = "minds", operation_id = "erase_memory",
    params(("id" = String, Path, description = "Id, name or `me`"), ("no" = u64, Path, description = "Its number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is gone", body = ErasedBody), Refusals))]
async fn erase(
    State(app): State<App>,
    caller: Caller,
    Path((id, no)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let agent = within_reach(&app, &caller, &id, Whole::No)?;
    let revision = Revision::Erase { no: number(&no)? };
    let done = revise(&app, &caller, &agent, revision, "memory.erase").await?;
    Ok(erased(&done))
}

/// Erase all that an agent remembers
///
/// Words and all. For its owner; for one that nobody owns, itself or an admin.
#[utoipa::path(delete, path = "/agents/{id}/memories", tag = "minds", operation_id = "erase_memories",
    params(("id" = String, Path, description = "Id, name or `me`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "They are gone", body = ErasedBody), Refusals))]
async fn erase_all(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let agent = within_reach(&app, &caller, &id, Whole::Yes)?;
    let done = revise(
        &app,
        &caller,
        &agent,
        Revision::EraseAll,
        "memory.erase_all",
    )
    .await?;
    Ok(erased(&done))
}

fn erased(done: &Changed) -> Response {
    private_again(
        done.replayed,
        ErasedBody {
            success: true,
            erased: done.gone,
        },
    )
}

/// What came of a revision.
#[derive(Default)]
struct Changed {
    memory: Option<MemoryView>,
    gone: u64,
    replayed: bool,
}

/// What is kept for an `Idempotency-Key`: no words.
type Outcome = (u64, Option<u64>);

/// Works a revision out, has it written with its entry in the audit log, and lets it count.
async fn revise(
    app: &App,
    caller: &Caller,
    agent: &Named,
    revision: Revision,
    act: &'static str,
) -> Result<Changed, Problem> {
    let view = minds(app)?;
    let mut changed = Changed::default();
    let mut key = caller.idempotency.as_ref();
    for _ in 0..TRIES_MAX {
        let tick = app.published.view().tick;
        let revised = match view.revise(agent.id, tick, revision.clone()).await {
            Ok(revised) => revised,
            Err(why) => return again(app, caller, agent.id, why).await,
        };
        let writes = revised.writes.clone();
        changed.gone += revised.gone;
        let outcome = (
            changed.gone,
            revised.memory.as_ref().map(|memory| memory.no),
        );
        let (actor, target) = (caller.audit_name(), named(agent.id));
        let detail = detail(&revision, &revised);
        let work = move |draft: &mut crate::village::Draft<'_>| {
            for write in writes {
                draft.push(Write::Memory(write));
            }
            draft.audit(&actor, act, &target, &detail);
            Ok::<Outcome, Problem>(outcome)
        };
        // Only the first of several writes is the request's.
        let done = app.desk.write(key.take(), work).await?;
        if done.replayed {
            return Ok(remembered(app, agent.id, done.outcome));
        }
        let whole = view.settle(agent.id, &revised.writes);
        changed.memory = revised.memory;
        if whole {
            break;
        }
    }
    Ok(changed)
}

/// What may be said of a revision in the audit log: numbers, never words.
fn detail(revision: &Revision, revised: &Revised) -> Value {
    match revision {
        Revision::Correct { no, .. } => {
            json!({ "no": no, "by": revised.memory.as_ref().map(|memory| memory.no) })
        }
        Revision::Erase { no } => json!({ "no": no, "erased": revised.gone }),
        Revision::EraseAll => json!({ "erased": revised.gone }),
    }
}

/// A revision that is none now may have been one before, with the same `Idempotency-Key`.
async fn again(
    app: &App,
    caller: &Caller,
    agent: AgentId,
    why: RevisionError,
) -> Result<Changed, Problem> {
    let problem = match why {
        RevisionError::Unknown => missing(),
        RevisionError::Invalid(what) => Problem::invalid(
            format!("That is no correction: {what}."),
            "Send `text`, `importance` or both, other than they are.",
        ),
        RevisionError::Store(why) => Problem::unavailable("paused", why.to_string(), 5),
    };
    let key = caller.idempotency.as_ref();
    let before = app.desk.write(key, move |_| Err::<Outcome, _>(problem));
    Ok(remembered(app, agent, before.await?.outcome))
}

/// What came of an earlier request with the same key.
fn remembered(app: &App, agent: AgentId, (gone, no): Outcome) -> Changed {
    let query = MemoryQuery {
        below: no.map(|no| no + 1),
        most: 1,
        ..MemoryQuery::default()
    };
    let page = minds(app).map(|minds| minds.memories(agent, &query));
    let memories = page.map(|page| page.memories).unwrap_or_default();
    let mut memories = memories.into_iter();
    Changed {
        memory: no.and_then(|no| memories.find(|memory| memory.no == no)),
        gone,
        replayed: true,
    }
}

/// Whether all of a memory is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    No,
    Yes,
}

/// An agent whose memory the caller may change.
fn within_reach(app: &App, caller: &Caller, agent: &str, whole: Whole) -> Result<Named, Problem> {
    let view = app.published.view();
    let agent = find_agent(app, &view, caller, agent)?;
    let directory = app.published.directory();
    let owner = directory.agent(agent.id).and_then(|record| record.owner);
    let may = match &caller.principal {
        Principal::Agent { agent: caller, .. } => {
            *caller == agent.id && (whole == Whole::No || owner.is_none())
        }
        Principal::Person { account } => {
            owner == Some(account.id) || (owner.is_none() && caller.has_role(Role::Admin))
        }
        Principal::Anonymous => false,
    };
    if may {
        return Ok(agent);
    }
    Err(Problem::forbidden(
        "What somebody remembers is changed by their owner, and in part by themselves.",
        "Claim the agent, or ask its owner.",
    ))
}

fn number(no: &str) -> Result<u64, Problem> {
    no.parse().map_err(|_no_number| missing())
}

fn missing() -> Problem {
    Problem::not_found(
        "memory",
        "They have nothing with this number in mind; `GET /api/v1/agents/{id}/memories` shows what they have.",
    )
}
