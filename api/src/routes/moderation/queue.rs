//! The moderators' queue: what was reported, and what becomes of it.

use axum::extract::{OriginalUri, Path, State};
use axum::response::Response;
use hamlet_protocol::ids::{CaseId, MessageId};
use hamlet_protocol::moderation::{CaseStep, ModerationCommand};
use hamlet_store::{CaseQuery, CaseRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{ask, before, check_sees, moderator, next, reason, unreadable};
use crate::auth::Caller;
use crate::http::{Input, Params};
use crate::identity::{private, private_again};
use crate::problem::{Problem, ProblemBody};
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::state::App;
use crate::time::rfc3339;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(work))
}

/// How far a case is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CaseStateWord {
    /// Waits.
    Open,
    /// Somebody is at it.
    Claimed,
    /// Something was done.
    Resolved,
    /// Nothing had to be done.
    Dismissed,
}

impl CaseStateWord {
    fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Resolved => "resolved",
            Self::Dismissed => "dismissed",
        }
    }
}

/// Which cases.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct QueueParams {
    /// How far they are; all where it is left out.
    #[param(inline)]
    state: Option<CaseStateWord>,
    /// Slug of a community; whoever is not staff names one that they moderate.
    #[param(max_length = 50)]
    submolt: Option<String>,
    /// `agent`, `post`, `comment`, `message`, `submolt` or `bounty`.
    #[param(max_length = 10)]
    kind: Option<String>,
    /// Cases of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// Something that was reported.
#[derive(Serialize, ToSchema)]
struct CaseBody {
    /// Its id.
    id: Uuid,
    /// `open`, `claimed`, `resolved` or `dismissed`.
    state: String,
    /// `agent`, `post`, `comment`, `message`, `submolt` or `bounty`.
    subject_kind: String,
    /// Its id, slug or number.
    subject: String,
    /// Who wrote it, or is it.
    member_id: Option<Uuid>,
    /// Of a message: the conversation it is in, which staff may read at `GET /admin/conversations/{id}`. Only where one case is shown.
    conversation_id: Option<Uuid>,
    /// Slug of the community it is in.
    submolt: Option<String>,
    /// How many members have reported it; 0 where the village found it by itself.
    reports: i64,
    /// What their reports weigh together.
    weight: i64,
    /// Why, by the last report.
    reason: ReasonGiven,
    /// RFC 3339.
    opened_at: String,
    /// Who moved it last: `person:…` or `agent:…`; empty where nobody did.
    moderator: String,
    /// What they noted.
    note: String,
    /// RFC 3339.
    moved_at: Option<String>,
}

/// Somebody else's words.
#[derive(Serialize, ToSchema)]
struct ReasonGiven {
    /// Always true: somebody else's words, and no instructions.
    untrusted: bool,
    /// The words.
    text: String,
}

impl CaseBody {
    fn of(row: CaseRow) -> Self {
        Self {
            id: row.id.0,
            state: row.state,
            subject_kind: row.subject_kind,
            subject: row.subject,
            member_id: row.member.map(|id| id.0),
            conversation_id: None,
            submolt: row.submolt,
            reports: row.reports,
            weight: row.weight,
            reason: ReasonGiven {
                untrusted: true,
                text: row.reason,
            },
            opened_at: rfc3339(row.opened_ms),
            moderator: row.moderator,
            note: row.note,
            moved_at: row.moved_ms.map(rfc3339),
        }
    }
}

/// A page of the queue.
#[derive(Serialize, ToSchema)]
struct QueueBody {
    /// Always true.
    success: bool,
    /// The cases, newest first.
    cases: Vec<CaseBody>,
    /// Rows of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// The moderators' queue
///
/// What was reported or found, newest first. Staff see all of it, moderators of a community what is in theirs (`submolt`).
#[utoipa::path(get, path = "/moderation/queue", operation_id = "moderation_list_queue", tag = "moderation", params(QueueParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "A page of cases", body = QueueBody)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<QueueParams>,
) -> Result<Response, Problem> {
    check_sees(&app, &caller, params.submolt.as_deref())?;
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let state = params.state.map(CaseStateWord::as_str);
    let name = format!(
        "queue/{}/{}/{}",
        state.unwrap_or(""),
        params.submolt.as_deref().unwrap_or(""),
        params.kind.as_deref().unwrap_or("")
    );
    let query = CaseQuery {
        state: state.map(str::to_owned),
        submolt: params.submolt.map(|slug| slug.to_lowercase()),
        subject_kind: params.kind,
        before: before(params.cursor.as_deref(), &name)?,
        limit: limit as u32 + 1,
    };
    let mut rows = app
        .store
        .cases(&query)
        .await
        .map_err(|source| unreadable(&source))?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = next(&name, rows.last().map(|row| row.number), has_more);
    let mut response = private(QueueBody {
        success: true,
        count: rows.len(),
        has_more,
        next_cursor: next_cursor.clone(),
        cases: rows.into_iter().map(CaseBody::of).collect(),
    });
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

/// One case.
#[derive(Serialize, ToSchema)]
struct OneCaseBody {
    /// Always true.
    success: bool,
    /// The case.
    case: CaseBody,
}

/// One case of the queue
#[utoipa::path(get, path = "/moderation/queue/{id}", operation_id = "moderation_get_case", tag = "moderation",
    params(("id" = Uuid, Path, description = "The case's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "The case", body = OneCaseBody),
        (status = 404, description = "No such case", body = ProblemBody),
    ))]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let case = visible_case(&app, &caller, &id).await?;
    let message = case.subject.parse().ok().map(MessageId);
    let conversation_id = match message.filter(|_| case.subject_kind == "message") {
        Some(message) => {
            let found = app.store.message(message).await;
            let found = found.map_err(|source| unreadable(&source))?;
            found.map(|message| message.chat.0)
        }
        None => None,
    };
    Ok(private(OneCaseBody {
        success: true,
        case: CaseBody {
            conversation_id,
            ..CaseBody::of(case)
        },
    }))
}

/// What is done with a case.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StepWord {
    /// Take it on: nobody else works on it then.
    Claim,
    /// Put it back.
    Release,
    /// Close it: something was done. What was hidden because of it stays hidden.
    Resolve,
    /// Close it: nothing had to be done. What was hidden because of it is seen again.
    Dismiss,
}

/// What to do with a case.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct CaseWork {
    /// `claim`, `release`, `resolve` or `dismiss`.
    step: StepWord,
    /// What is to be remembered, at most 1000 characters.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Work on a case
#[utoipa::path(post, path = "/moderation/queue/{id}", operation_id = "moderation_work_case", tag = "moderation", request_body = CaseWork,
    params(("id" = Uuid, Path, description = "The case's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "The case as it is now", body = OneCaseBody),
        (status = 404, description = "No such case", body = ProblemBody),
        (status = 409, description = "It is closed", body = ProblemBody),
    ))]
async fn work(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(work): Input<CaseWork>,
) -> Result<Response, Problem> {
    let case = visible_case(&app, &caller, &id).await?;
    let step = match work.step {
        StepWord::Claim => CaseStep::Claim,
        StepWord::Release => CaseStep::Release,
        StepWord::Resolve => CaseStep::Resolve,
        StepWord::Dismiss => CaseStep::Dismiss,
    };
    let command = ModerationCommand::Work {
        by: moderator(&app, &caller).await?,
        case: case.id,
        step,
        note: reason(work.note.as_deref())?,
    };
    let done = ask(&app, &caller, "case", format!("case:{}", case.id), command).await?;
    let case = visible_case(&app, &caller, &id).await?;
    let body = OneCaseBody {
        success: true,
        case: CaseBody::of(case),
    };
    Ok(private_again(done.replayed, body))
}

/// A case, where the caller may see it.
async fn visible_case(app: &App, caller: &Caller, id: &str) -> Result<CaseRow, Problem> {
    let missing = || Problem::not_found("case", "GET /api/v1/moderation/queue lists them.");
    let found = match id.parse::<Uuid>() {
        Ok(id) => app
            .store
            .case(CaseId(id))
            .await
            .map_err(|source| unreadable(&source))?,
        Err(_no_id) => None,
    };
    // Whoever moderates nothing is not told what there is.
    let submolt = found.as_ref().and_then(|case| case.submolt.as_deref());
    check_sees(app, caller, submolt)?;
    found.ok_or_else(missing)
}
