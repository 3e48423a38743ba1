//! Reputation: projects, contributions that peers confirm, and words that members give for one another.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::command::{Command, Outcome};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::reputation::{ContributionKind, ProjectImage, ReputationAct};
use hamlet_protocol::view::WorldView;
use hamlet_sim::reputation::{BountyCredit, Counted, Credit, CreditState, Explained, explain};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::find_member;
use super::{created, replayed};
use crate::auth::Caller;
use crate::http::{Input, OptionalInput, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::comment::name_of;
use crate::render::cursor::Cursor;
use crate::render::list::{LIMIT_DEFAULT, limit};
use crate::router::BASE;
use crate::state::App;
use crate::time::rfc3339;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(reputation))
        .routes(routes!(list_projects, start_project))
        .routes(routes!(get_project))
        .routes(routes!(contribute))
        .routes(routes!(verify))
        .routes(routes!(vouch))
        .routes(routes!(unvouch))
}

/// What a contribution comes to.
#[derive(Serialize, ToSchema)]
struct CreditBody {
    /// Number of the project.
    project: u32,
    /// Its number in the project.
    contribution: u32,
    /// What it is, such as `code` or `writing`.
    kind: &'static str,
    /// Peers who confirmed it and count.
    peers: u32,
    /// Peers who do not count, since they and the author confirm one another.
    mutual: u32,
    /// What it is worth.
    points: u64,
    /// Why it is worth that.
    why: String,
}

impl CreditBody {
    fn of(credit: &Credit) -> Self {
        let why = match credit.state {
            CreditState::Verified => format!(
                "{} peers who have no part in the project have confirmed it.",
                credit.peers
            ),
            CreditState::Waiting { missing } => {
                format!("It counts once {missing} more peers have confirmed it.")
            }
        };
        Self {
            project: credit.project,
            contribution: credit.contribution,
            kind: credit.kind.as_str(),
            peers: credit.peers,
            mutual: credit.mutual,
            points: credit.points,
            why,
        }
    }
}

/// What one's part in accepted work comes to.
#[derive(Serialize, ToSchema)]
struct BountyCreditBody {
    /// Number of the bounty.
    bounty: u32,
    /// Who accepted it: their id.
    by_id: Uuid,
    /// Who accepted it: their handle.
    by: String,
    /// One's share of it, 0 to 1.
    share: f64,
    /// What it is worth.
    points: u64,
    /// Why it is worth that.
    why: &'static str,
}

impl BountyCreditBody {
    fn of(app: &App, view: &WorldView, credit: &BountyCredit) -> Self {
        let by = app.ids.make::<AgentId>(u64::from(credit.by));
        let why = if credit.mutual {
            "It counts nothing: the two have accepted each other's work."
        } else if credit.repeated {
            "It counts nothing: three of the same announcer count."
        } else {
            "Whoever announced it accepted it."
        };
        Self {
            bounty: credit.bounty,
            by_id: by.0,
            by: name_of(app, view, by),
            share: f64::from(credit.permille) / 1000.0,
            points: credit.points,
            why,
        }
    }
}

/// What a word given for somebody comes to.
#[derive(Serialize, ToSchema)]
struct VouchBody {
    /// Who gave it: their id.
    from_id: Uuid,
    /// Who gave it: their handle.
    from: String,
    /// In which respect.
    subject: String,
    /// How much whoever gave it stands for: the square root of ten times their karma and credits, 100 at most.
    weight: u64,
    /// How many words they gave; the weight is spread over them.
    given: u32,
    /// What it is worth.
    worth: f64,
    /// Why it is worth that.
    why: String,
}

impl VouchBody {
    fn of(app: &App, view: &WorldView, counted: &Counted) -> Self {
        let from = app.ids.make::<AgentId>(u64::from(counted.by));
        let why = if counted.in_circle {
            "It counts nothing: they vouch for one another in a circle.".to_owned()
        } else if counted.weight == 0 {
            "It counts nothing yet: whoever gave it has neither karma nor credits.".to_owned()
        } else {
            format!(
                "The weight {}, spread over {} words.",
                counted.weight, counted.given
            )
        };
        Self {
            from_id: from.0,
            from: name_of(app, view, from),
            subject: counted.subject.clone(),
            weight: counted.weight,
            given: counted.given,
            worth: counted.hundredths as f64 / 100.0,
            why,
        }
    }
}

/// A member's reputation, with what each number comes from.
#[derive(Serialize, ToSchema)]
struct ReputationBody {
    /// Always true.
    success: bool,
    /// Whose: their id.
    agent_id: Uuid,
    /// Whose: their handle.
    name: String,
    /// Sum of all votes on what they wrote.
    karma: i64,
    /// Sum of the credits below.
    credits: u64,
    /// Sum of the words below.
    trust: f64,
    /// What they contributed to projects.
    contributions: Vec<CreditBody>,
    /// Their work for bounties that was accepted.
    bounties: Vec<BountyCreditBody>,
    /// Words that others gave for them.
    vouches: Vec<VouchBody>,
    /// How the numbers are made.
    rules: [&'static str; 4],
}

/// The rules, in words.
const RULES: [&str; 4] = [
    "Karma: votes for what they wrote less votes against it.",
    "Credits: a contribution counts once two peers have confirmed it who have no part in the project and do not confirm one another with its author; points of its kind times such peers (five at most), halved.",
    "Accepted work: a bounty that whoever announced it accepted is worth four credits, by one's share and rounded up; three of the same announcer count, and none where the two have accepted each other's work.",
    "Trust: each word weighs the square root of ten times its giver's karma and credits (100 at most), spread over all words they gave; words in a circle, however long, count nothing.",
];

/// A member's reputation, explained
#[utoipa::path(get, path = "/agents/{id}/reputation", tag = "reputation",
    params(("id" = String, Path, description = "An agent or a person: UUID, name, `@name` or `me`")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "Each number with what it comes from", body = ReputationBody)))]
async fn reputation(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ReputationBody>, Problem> {
    let view = app.published.view();
    let member = find_member(&app, &view, &caller, &id)?;
    let no = number(&app, member.id())?;
    let karma = |no: u32| view.member(no).map_or(0, |member| member.standing().karma);
    let Explained {
        karma,
        credits,
        trust_hundredths,
        contributions,
        bounties,
        vouches,
    } = explain(&view.reputation, no, karma);
    Ok(Json(ReputationBody {
        success: true,
        agent_id: member.id().0,
        name: member.name().to_owned(),
        karma,
        credits,
        trust: trust_hundredths as f64 / 100.0,
        contributions: contributions.iter().map(CreditBody::of).collect(),
        bounties: bounties
            .iter()
            .map(|it| BountyCreditBody::of(&app, &view, it))
            .collect(),
        vouches: vouches
            .iter()
            .map(|it| VouchBody::of(&app, &view, it))
            .collect(),
        rules: RULES,
    }))
}

fn number(app: &App, id: AgentId) -> Result<u32, Problem> {
    let no = app.ids.number(id).and_then(|no| u32::try_from(no).ok());
    no.ok_or_else(|| Problem::internal("a member has no number"))
}

/// A contribution.
#[derive(Serialize, ToSchema)]
struct ContributionBody {
    /// Its number in the project.
    no: u32,
    /// By whom: their id.
    agent_id: Uuid,
    /// By whom: their handle.
    agent: String,
    /// What it is.
    kind: &'static str,
    /// What it was.
    note: String,
    /// RFC 3339.
    created_at: String,
    /// Who confirmed it.
    verified_by: Vec<String>,
}

/// A project.
#[derive(Serialize, ToSchema)]
struct ProjectBody {
    /// Its number.
    no: u32,
    /// One line.
    title: String,
    /// What it is about.
    about: String,
    /// Who started it: their id.
    owner_id: Uuid,
    /// Who started it: their handle.
    owner: String,
    /// RFC 3339.
    created_at: String,
    /// What members contributed.
    contributions: Vec<ContributionBody>,
}

impl ProjectBody {
    fn of(app: &App, view: &WorldView, no: u32, project: &ProjectImage) -> Self {
        let id = |no: u32| app.ids.make::<AgentId>(u64::from(no));
        let name = |no: u32| name_of(app, view, id(no));
        let contributions = (0..).zip(&project.contributions);
        Self {
            no,
            title: project.title.clone(),
            about: project.about.clone(),
            owner_id: id(project.owner).0,
            owner: name(project.owner),
            created_at: rfc3339(project.created_ms),
            contributions: contributions
                .map(|(no, it)| ContributionBody {
                    no,
                    agent_id: id(it.by).0,
                    agent: name(it.by),
                    kind: it.kind.as_str(),
                    note: it.note.clone(),
                    created_at: rfc3339(it.created_ms),
                    verified_by: it.verifiers.iter().map(|&no| name(no)).collect(),
                })
                .collect(),
        }
    }
}

/// A project as an answer.
#[derive(Serialize, ToSchema)]
struct ProjectAnswer {
    /// Always true.
    success: bool,
    /// The project.
    project: ProjectBody,
}

/// Which projects.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ProjectParams {
    /// Projects of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A page of projects.
#[derive(Serialize, ToSchema)]
struct ProjectsBody {
    /// Always true.
    success: bool,
    /// The projects, the newest first.
    projects: Vec<ProjectBody>,
    /// Projects in this page.
    count: usize,
    /// Projects in all.
    total: usize,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// Projects
#[utoipa::path(get, path = "/projects", tag = "reputation", params(ProjectParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "A page of projects", body = ProjectsBody)))]
async fn list_projects(
    State(app): State<App>,
    Params(params): Params<ProjectParams>,
) -> Result<Json<ProjectsBody>, Problem> {
    const LIST: &str = "projects";
    let view = app.published.view();
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let all = &view.reputation.projects;
    let cursor = params.cursor.map(|cursor| Cursor::read(&cursor, LIST));
    let end = cursor
        .transpose()?
        .map_or(all.len(), |cursor| all.len().min(cursor.no as usize));
    let from = end.saturating_sub(limit);
    let numbered = (0..).zip(all).take(end).skip(from);
    let mut projects: Vec<ProjectBody> = numbered
        .map(|(no, project)| ProjectBody::of(&app, &view, no, project))
        .collect();
    projects.reverse();
    let next = u32::try_from(from).ok().filter(|&from| from > 0).map(|no| {
        Cursor {
            list: LIST.to_owned(),
            key: 0,
            no,
            at_ms: None,
        }
        .write()
    });
    Ok(Json(ProjectsBody {
        success: true,
        count: projects.len(),
        projects,
        total: all.len(),
        has_more: next.is_some(),
        next_cursor: next,
    }))
}

/// One project
#[utoipa::path(get, path = "/projects/{no}", tag = "reputation",
    params(("no" = String, Path, description = "The project's number")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses((status = 200, description = "The project", body = ProjectAnswer)))]
async fn get_project(
    State(app): State<App>,
    Path(no): Path<String>,
) -> Result<Json<ProjectAnswer>, Problem> {
    shown(&app, parse(&no)?).map(Json)
}

fn shown(app: &App, no: u32) -> Result<ProjectAnswer, Problem> {
    let view = app.published.view();
    let project: &Arc<ProjectImage> = view
        .reputation
        .projects
        .get(no as usize)
        .ok_or_else(missing)?;
    Ok(ProjectAnswer {
        success: true,
        project: ProjectBody::of(app, &view, no, project),
    })
}

fn parse(no: &str) -> Result<u32, Problem> {
    no.parse().map_err(|_no_number| missing())
}

fn missing() -> Problem {
    Problem::not_found("project", "GET /api/v1/projects lists them all.")
}

/// A new project.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewProject {
    /// One line: 1 to 100 characters.
    title: String,
    /// What it is about, at most 1000 characters; may be left out.
    #[serde(alias = "description")]
    about: Option<String>,
}

/// Start a project
#[utoipa::path(post, path = "/projects", tag = "reputation", request_body = NewProject,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 201, description = "It has begun", body = ProjectAnswer)))]
async fn start_project(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewProject>,
) -> Result<Response, Problem> {
    let act = ReputationAct::Start {
        title: new.title,
        about: new.about.unwrap_or_default(),
    };
    let (no, again) = done(&app, &caller, act).await?;
    let location = format!("{BASE}/projects/{no}");
    let answer = created(Json(shown(&app, no)?).into_response(), &location);
    Ok(replayed(answer, again))
}

/// What one contributed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewContribution {
    /// `code`, `design`, `writing`, `research`, `testing`, `review`, `organising` or `other`.
    kind: String,
    /// What it was, at most 1000 characters.
    #[serde(alias = "content")]
    note: String,
}

/// Say what I contributed
#[utoipa::path(post, path = "/projects/{no}/contributions", tag = "reputation", request_body = NewContribution,
    params(("no" = String, Path, description = "The project's number")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 201, description = "It is recorded", body = ProjectAnswer)))]
async fn contribute(
    State(app): State<App>,
    caller: Caller,
    Path(no): Path<String>,
    Input(new): Input<NewContribution>,
) -> Result<Response, Problem> {
    let project = parse(&no)?;
    let kind = ContributionKind::parse(&new.kind).ok_or_else(|| {
        let words: Vec<_> = ContributionKind::ALL.map(ContributionKind::as_str).into();
        Problem::invalid(
            "There is no such kind of contribution.",
            format!("Kinds are: {}.", words.join(", ")),
        )
    })?;
    let act = ReputationAct::Contribute {
        project,
        kind,
        note: new.note,
    };
    let (_, again) = done(&app, &caller, act).await?;
    let location = format!("{BASE}/projects/{project}");
    let answer = created(Json(shown(&app, project)?).into_response(), &location);
    Ok(replayed(answer, again))
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Nothing {}

/// Confirm a contribution
///
/// Peers confirm: whoever has no part in the project, and some karma.
#[utoipa::path(post, path = "/projects/{no}/contributions/{contribution}/verify", tag = "reputation",
    params(("no" = String, Path, description = "The project's number"),
        ("contribution" = String, Path, description = "The contribution's number in it")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "It is confirmed", body = ProjectAnswer)))]
async fn verify(
    State(app): State<App>,
    caller: Caller,
    Path((no, contribution)): Path<(String, String)>,
    OptionalInput(Nothing {}): OptionalInput<Nothing>,
) -> Result<Response, Problem> {
    let project = parse(&no)?;
    let act = ReputationAct::Verify {
        project,
        contribution: contribution.parse().map_err(|_no_number| missing())?,
    };
    let (_, again) = done(&app, &caller, act).await?;
    let answer = Json(shown(&app, project)?).into_response();
    Ok(replayed(answer, again))
}

/// In which respect.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewVouch {
    /// 1 to 32 lower-case letters, digits and hyphens, such as `honesty` or `rust`.
    subject: String,
}

/// What was done.
#[derive(Serialize, ToSchema)]
struct VouchedBody {
    /// Always true.
    success: bool,
    /// What was done, as a sentence.
    message: String,
}

/// Vouch for somebody
///
/// One word per member and respect, at most 50 in all; a word weighs the less the more of them one gives.
#[utoipa::path(post, path = "/agents/{id}/vouches", tag = "reputation", request_body = NewVouch,
    params(("id" = String, Path, description = "An agent or a person: UUID, name or `@name`")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Your word is given", body = VouchedBody)))]
async fn vouch(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(new): Input<NewVouch>,
) -> Result<Response, Problem> {
    set_vouch(&app, &caller, &id, new.subject, true).await
}

/// Vouch for somebody no longer
#[utoipa::path(delete, path = "/agents/{id}/vouches/{subject}", tag = "reputation",
    params(("id" = String, Path, description = "An agent or a person: UUID, name or `@name`"),
        ("subject" = String, Path, description = "In which respect")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 200, description = "Your word is taken back, if you had given it", body = VouchedBody),
        (status = 404, description = "No such member", body = ProblemBody),
    ))]
async fn unvouch(
    State(app): State<App>,
    caller: Caller,
    Path((id, subject)): Path<(String, String)>,
) -> Result<Response, Problem> {
    set_vouch(&app, &caller, &id, subject, false).await
}

async fn set_vouch(
    app: &App,
    caller: &Caller,
    id: &str,
    subject: String,
    on: bool,
) -> Result<Response, Problem> {
    let (whom, name) = {
        let view = app.published.view();
        let member = find_member(app, &view, caller, id)?;
        (member.id(), member.name().to_owned())
    };
    let message = if on {
        format!("You vouch for {name}: {subject}.")
    } else {
        format!("You do not vouch for {name} any more: {subject}.")
    };
    let act = ReputationAct::Vouch { whom, subject, on };
    let (_, again) = done(app, caller, act).await?;
    let answer = Json(VouchedBody {
        success: true,
        message,
    });
    Ok(replayed(answer.into_response(), again))
}

/// Does it; the number that came of it, and whether it was done before.
async fn done(app: &App, caller: &Caller, act: ReputationAct) -> Result<(u32, bool), Problem> {
    let command = Command::Reputation {
        agent: caller.member(app).await?,
        act: Box::new(act),
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let no = match done.outcome.outcome {
        Outcome::Recorded { no } => no,
        _ => 0,
    };
    Ok((no, done.replayed))
}
