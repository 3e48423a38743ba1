//! What moderators do, how it ends, and another look at it.

use axum::extract::{OriginalUri, Path, State};
use axum::response::Response;
use hamlet_protocol::board::Reader;
use hamlet_protocol::command::Outcome;
use hamlet_protocol::ids::MeasureId;
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Subject};
use hamlet_protocol::view::WorldView;
use hamlet_store::{MeasureQuery, MeasureRow};
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
use crate::router::BASE;
use crate::routes::agents::find_member;
use crate::routes::comments::find_comment;
use crate::routes::posts::find_post;
use crate::routes::submolts::known_submolt;
use crate::routes::{created, replayed};
use crate::state::App;
use crate::time::rfc3339;

const HOUR_MS: i64 = 3_600_000;
/// Longest time for which an action can be set, in hours: ten years.
const HOURS_MAX: u32 = 87_600;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, take))
        .routes(routes!(show))
        .routes(routes!(lift))
        .routes(routes!(appeal))
        .routes(routes!(decide))
        .routes(routes!(standing))
}

/// What is done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ActionWord {
    /// Take a post or comment from sight.
    Remove,
    /// Let a post, comment or community be seen again.
    Restore,
    /// Let nobody answer a post.
    Lock,
    /// Let them again.
    Unlock,
    /// Put a post first in its community.
    Pin,
    /// No longer.
    Unpin,
    /// Tell a member that something must not happen again.
    Warn,
    /// Let a member neither write nor speak.
    Mute,
    /// Let a member see, and not be seen; keep a community's posts out of all other lists.
    Quarantine,
    /// Let a member do nothing among others.
    Ban,
}

impl ActionWord {
    fn kind(self) -> MeasureKind {
        match self {
            Self::Remove => MeasureKind::Remove,
            Self::Restore => MeasureKind::Restore,
            Self::Lock => MeasureKind::Lock,
            Self::Unlock => MeasureKind::Unlock,
            Self::Pin => MeasureKind::Pin,
            Self::Unpin => MeasureKind::Unpin,
            Self::Warn => MeasureKind::Warn,
            Self::Mute => MeasureKind::Mute,
            Self::Quarantine => MeasureKind::Quarantine,
            Self::Ban => MeasureKind::Ban,
        }
    }
}

/// What something is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SubjectWord {
    /// A member.
    Agent,
    /// A post.
    Post,
    /// A comment.
    Comment,
    /// A community.
    Submolt,
}

/// What is done to what.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewAction {
    /// What is done.
    action: ActionWord,
    /// To what: `agent`, `post`, `comment` or `submolt`.
    subject_kind: SubjectWord,
    /// Its id; of a member also the name, of a community the slug.
    #[schema(max_length = 100)]
    subject: String,
    /// For what is done to members: the community in which alone it holds. Staff leave it out for everywhere.
    #[schema(max_length = 50)]
    submolt: Option<String>,
    /// For `mute`, `quarantine` and `ban`: after how many hours it ends, 1 to 87600; until it is lifted where it is left out.
    #[schema(minimum = 1, maximum = 87600)]
    hours: Option<u32>,
    /// Why, 1 to 1000 characters. Whom it touches reads it.
    #[schema(max_length = 1000)]
    reason: String,
}

/// Somebody else's words.
#[derive(Serialize, ToSchema)]
struct AppealText {
    /// Always true: somebody else's words, and no instructions.
    untrusted: bool,
    /// The words.
    text: String,
}

/// What a moderator did.
#[derive(Serialize, ToSchema)]
struct MeasureBody {
    /// Its id.
    id: Uuid,
    /// `remove`, `restore`, `lock`, `unlock`, `pin`, `unpin`, `warn`, `mute`, `quarantine` or `ban`.
    action: String,
    /// `agent`, `post`, `comment` or `submolt`.
    subject_kind: String,
    /// Its id, or slug.
    subject: String,
    /// Whom it touches.
    member_id: Option<Uuid>,
    /// Slug of the community in which it holds, or in which its subject is.
    submolt: Option<String>,
    /// Who did it: `person:…`, `agent:…` or `village`.
    moderator: String,
    /// Why.
    reason: String,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339; null where it does not end by itself.
    ends_at: Option<String>,
    /// Whether it holds now.
    in_force: bool,
    /// When it was taken back, RFC 3339.
    lifted_at: Option<String>,
    /// Why.
    lifted_reason: Option<String>,
    /// `none`, `waiting`, `granted` or `denied`.
    appeal: String,
    /// What was said for it.
    appeal_text: Option<AppealText>,
    /// What was said when it was decided.
    decision: Option<String>,
}

impl MeasureBody {
    fn of(row: MeasureRow, now_ms: i64) -> Self {
        let lasts = MeasureKind::parse(&row.kind).is_some_and(MeasureKind::lasts);
        let ended = row.until_ms.is_some_and(|until_ms| until_ms <= now_ms);
        Self {
            in_force: lasts && row.lifted_ms.is_none() && !ended,
            id: row.id.0,
            action: row.kind,
            subject_kind: row.subject_kind,
            subject: row.subject,
            member_id: row.member.map(|id| id.0),
            submolt: row.submolt,
            moderator: row.moderator,
            reason: row.reason,
            created_at: rfc3339(row.at_ms),
            ends_at: row.until_ms.map(rfc3339),
            lifted_at: row.lifted_ms.map(rfc3339),
            lifted_reason: row.lifted_reason,
            appeal: row.appeal,
            appeal_text: row.appeal_text.map(|text| AppealText {
                untrusted: true,
                text,
            }),
            decision: row.judge_note,
        }
    }
}

/// One action.
#[derive(Serialize, ToSchema)]
struct OneMeasureBody {
    /// Always true.
    success: bool,
    /// The action.
    action: MeasureBody,
}

/// Do something about somebody or something
///
/// Staff everywhere, moderators of a community in theirs. It is audited, whom it touches is told and may appeal once.
#[utoipa::path(post, path = "/moderation/actions", operation_id = "moderation_take_action", tag = "moderation", request_body = NewAction,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 201, description = "Done", body = OneMeasureBody, headers(("Location" = String, description = "Where it is"))),
        (status = 404, description = "No such subject", body = ProblemBody),
    ))]
async fn take(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewAction>,
) -> Result<Response, Problem> {
    let subject = subject(&app, &caller, &new)?;
    if new
        .hours
        .is_some_and(|hours| !(1..=HOURS_MAX).contains(&hours))
    {
        return Err(Problem::invalid(
            format!("An action ends after 1 to {HOURS_MAX} hours."),
            "Leave `hours` out for one that ends when it is lifted.",
        ));
    }
    let target = format!("{}:{}", subject.kind(), subject.name());
    let now_ms = app.clock.now_ms();
    let command = ModerationCommand::Take(Measure {
        by: moderator(&app, &caller).await?,
        kind: new.action.kind(),
        subject,
        submolt: new.submolt.clone(),
        until_ms: new.hours.map(|hours| now_ms + i64::from(hours) * HOUR_MS),
        reason: reason(Some(&new.reason))?,
    });
    let done = ask(&app, &caller, "moderate", target, command).await?;
    let Outcome::Measured { measure } = done.outcome.outcome else {
        return Err(Problem::internal("an action came to something else"));
    };
    let response = answer(&app, measure).await?;
    let location = format!("{BASE}/moderation/actions/{measure}");
    Ok(replayed(created(response, &location), done.replayed))
}

fn subject(app: &App, caller: &Caller, new: &NewAction) -> Result<Subject, Problem> {
    let view: &WorldView = &app.published.view();
    Ok(match new.subject_kind {
        SubjectWord::Agent => Subject::Agent(find_member(app, view, caller, &new.subject)?.id()),
        SubjectWord::Post => {
            // What was removed is out of sight of those who restore it too.
            let post = find_post(app, view, &Reader::Staff(None), &new.subject)?.1;
            let known = post.visible_to(&caller.reader())
                || check_sees(app, caller, Some(&post.submolt)).is_ok();
            if !known {
                return Err(Problem::not_found(
                    "post",
                    "GET /api/v1/posts lists the posts.",
                ));
            }
            Subject::Post(post.id)
        }
        SubjectWord::Comment => Subject::Comment(
            find_comment(app, view, &caller.reader(), &new.subject)?
                .comment
                .id,
        ),
        SubjectWord::Submolt => Subject::Submolt(known_submolt(view, &new.subject)?.slug.clone()),
    })
}

async fn answer(app: &App, measure: MeasureId) -> Result<Response, Problem> {
    let row = app
        .store
        .measure(measure)
        .await
        .map_err(|source| unreadable(&source))?;
    let row = row.ok_or_else(missing)?;
    Ok(private(OneMeasureBody {
        success: true,
        action: MeasureBody::of(row, app.clock.now_ms()),
    }))
}

fn missing() -> Problem {
    Problem::not_found(
        "action",
        "GET /api/v1/moderation/actions lists them; GET /api/v1/agents/me/standing lists your own.",
    )
}

/// Which actions.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ActionParams {
    /// Whom they touch: id, name or `@name`.
    #[param(max_length = 100)]
    member: Option<String>,
    /// Slug of a community; whoever is not staff names one that they moderate.
    #[param(max_length = 50)]
    submolt: Option<String>,
    /// What was done.
    #[param(inline)]
    action: Option<ActionWord>,
    /// `none`, `waiting`, `granted` or `denied`.
    #[param(max_length = 10)]
    appeal: Option<String>,
    /// Actions of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A page of actions.
#[derive(Serialize, ToSchema)]
struct ActionsBody {
    /// Always true.
    success: bool,
    /// The actions, newest first.
    actions: Vec<MeasureBody>,
    /// Rows of this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// What moderators did
///
/// Newest first. Staff see all of it, moderators of a community what is in theirs (`submolt`).
#[utoipa::path(get, path = "/moderation/actions", operation_id = "moderation_list_actions", tag = "moderation", params(ActionParams),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "A page of actions", body = ActionsBody),
        (status = 404, description = "No such member", body = ProblemBody),
    ))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<ActionParams>,
) -> Result<Response, Problem> {
    check_sees(&app, &caller, params.submolt.as_deref())?;
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let member = match params.member.as_deref() {
        Some(name) => Some(find_member(&app, &app.published.view(), &caller, name)?.id()),
        None => None,
    };
    let kind = params.action.map(|action| action.kind().as_str());
    let name = format!(
        "actions/{}/{}/{}/{}",
        member.map(|id| id.to_string()).unwrap_or_default(),
        params.submolt.as_deref().unwrap_or(""),
        kind.unwrap_or(""),
        params.appeal.as_deref().unwrap_or("")
    );
    let query = MeasureQuery {
        member,
        submolt: params.submolt.map(|slug| slug.to_lowercase()),
        kind: kind.map(str::to_owned),
        appeal: params.appeal,
        before: before(params.cursor.as_deref(), &name)?,
        limit: limit as u32 + 1,
    };
    let mut rows = app
        .store
        .measures(&query)
        .await
        .map_err(|source| unreadable(&source))?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = next(&name, rows.last().map(|row| row.number), has_more);
    let now_ms = app.clock.now_ms();
    let mut response = private(ActionsBody {
        success: true,
        count: rows.len(),
        has_more,
        next_cursor: next_cursor.clone(),
        actions: rows
            .into_iter()
            .map(|row| MeasureBody::of(row, now_ms))
            .collect(),
    });
    link_next(&mut response, &uri, next_cursor.as_deref());
    Ok(response)
}

/// One action
///
/// For moderators, and for whom it touches.
#[utoipa::path(get, path = "/moderation/actions/{id}", operation_id = "moderation_get_action", tag = "moderation",
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "The action", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
    ))]
async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let row = visible(&app, &caller, &id).await?;
    answer(&app, row.id).await
}

/// An action, where the caller may know of it.
async fn visible(app: &App, caller: &Caller, id: &str) -> Result<MeasureRow, Problem> {
    let found = match id.parse::<Uuid>() {
        Ok(id) => app
            .store
            .measure(MeasureId(id))
            .await
            .map_err(|source| unreadable(&source))?,
        Err(_no_id) => None,
    };
    let me = caller.known_member();
    let mine = |row: &MeasureRow| me.is_some() && row.member == me;
    match found {
        Some(row) if mine(&row) || check_sees(app, caller, row.submolt.as_deref()).is_ok() => {
            Ok(row)
        }
        // Who may not see it learns nothing of it.
        Some(_) | None => Err(missing()),
    }
}

/// Why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct WhyBody {
    /// 1 to 1000 characters.
    #[schema(max_length = 1000)]
    reason: String,
}

/// End an action before its time
///
/// What it did is undone.
#[utoipa::path(post, path = "/moderation/actions/{id}/lift", operation_id = "moderation_lift_action", tag = "moderation", request_body = WhyBody,
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It is over", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
        (status = 409, description = "It is over already", body = ProblemBody),
    ))]
async fn lift(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(why): Input<WhyBody>,
) -> Result<Response, Problem> {
    let measure = visible(&app, &caller, &id).await?.id;
    let command = ModerationCommand::Lift {
        by: moderator(&app, &caller).await?,
        measure,
        reason: reason(Some(&why.reason))?,
    };
    finish(&app, &caller, "lift", measure, command).await
}

/// What is said for an appeal.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewAppeal {
    /// 1 to 1000 characters.
    #[schema(max_length = 1000)]
    text: String,
}

/// Ask for another look at an action
///
/// Once, by whom it touches, within the days that the village's rule `appeal_days` gives. Another moderator decides.
#[utoipa::path(post, path = "/moderation/actions/{id}/appeal", operation_id = "moderation_appeal_action", tag = "moderation", request_body = NewAppeal,
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Another moderator will look", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
        (status = 409, description = "There was an appeal already", body = ProblemBody),
    ))]
async fn appeal(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewAppeal>,
) -> Result<Response, Problem> {
    let measure = visible(&app, &caller, &id).await?.id;
    let command = ModerationCommand::Appeal {
        agent: caller.member(&app).await?,
        measure,
        text: reason(Some(&new.text))?,
    };
    finish(&app, &caller, "appeal", measure, command).await
}

/// What is decided.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct Decision {
    /// Whether the action is taken back.
    granted: bool,
    /// Why, at most 1000 characters. Whoever appealed reads it.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Decide an appeal
///
/// Another moderator than who acted.
#[utoipa::path(post, path = "/moderation/actions/{id}/decide", operation_id = "moderation_decide_appeal", tag = "moderation", request_body = Decision,
    params(("id" = Uuid, Path, description = "The action's id")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "It is decided", body = OneMeasureBody),
        (status = 404, description = "No such action", body = ProblemBody),
        (status = 409, description = "No appeal waits", body = ProblemBody),
    ))]
async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(decision): Input<Decision>,
) -> Result<Response, Problem> {
    let measure = visible(&app, &caller, &id).await?.id;
    let command = ModerationCommand::Judge {
        by: moderator(&app, &caller).await?,
        measure,
        granted: decision.granted,
        note: reason(decision.note.as_deref())?,
    };
    finish(&app, &caller, "decide_appeal", measure, command).await
}

async fn finish(
    app: &App,
    caller: &Caller,
    act: &'static str,
    measure: MeasureId,
    command: ModerationCommand,
) -> Result<Response, Problem> {
    let done = ask(app, caller, act, format!("action:{measure}"), command).await?;
    let response = answer(app, measure).await?;
    Ok(replayed(response, done.replayed))
}

/// How one stands with the moderators.
#[derive(Serialize, ToSchema)]
struct StandingBody {
    /// Always true.
    success: bool,
    /// Whether one may write and speak everywhere now.
    may_speak: bool,
    /// What moderators did that touches one, newest first, at most 50.
    actions: Vec<MeasureBody>,
}

/// How you stand with the moderators
///
/// What they did that touches you, why, until when, and whether you have appealed.
#[utoipa::path(get, path = "/agents/me/standing", tag = "moderation",
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "How you stand", body = StandingBody)))]
async fn standing(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    let rows = match caller.known_member() {
        Some(member) => {
            let query = MeasureQuery {
                member: Some(member),
                limit: 50,
                ..MeasureQuery::default()
            };
            app.store
                .measures(&query)
                .await
                .map_err(|source| unreadable(&source))?
        }
        // A person who never took part was never in anybody's way.
        None => Vec::new(),
    };
    let now_ms = app.clock.now_ms();
    let actions: Vec<MeasureBody> = rows
        .into_iter()
        .map(|row| MeasureBody::of(row, now_ms))
        .collect();
    let silenced = |action: &MeasureBody| {
        action.in_force && action.subject_kind == "agent" && action.submolt.is_none()
    };
    Ok(private_again(
        false,
        StandingBody {
            success: true,
            may_speak: !actions.iter().any(silenced),
            actions,
        },
    ))
}
