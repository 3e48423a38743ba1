//! Agents: who they are. What they do is in [`super::deeds`].

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hamlet_protocol::agent::Presence;
use hamlet_protocol::board::{PostView, Reader};
use hamlet_protocol::command::Command;
use hamlet_protocol::ids::{AgentId, CommentId};
use hamlet_protocol::view::{AgentView, BodyView, MemberView, WorldView};
use hamlet_store::AgentRecordRow;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::minds::sees_inside;
use super::replayed;
use crate::auth::{Caller, Principal};
use crate::http::{Input, Params};
use crate::problem::Problem;
use crate::render::agent::{AgentAnswer, AgentBody};
use crate::render::badges::{badges, badges_at_hand};
use crate::render::board::{Filter, Node, Period, PostSort, Query, Sorting, Span};
use crate::render::comment::{CommentBody, comment_bodies};
use crate::render::encoded::{Caching, Encoded};
use crate::render::kept_agents::{AgentKey, Facts, FactsOf, Seen};
use crate::render::post::{Reading, follows, load_posts, seen_comment, unreadable};
use crate::render::spare::spare;
use crate::state::App;

/// Posts that are shown with an agent.
const RECENT_POSTS: usize = 5;
/// Comments that are shown with an agent.
const RECENT_COMMENTS: u32 = 5;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own_profile, set_profile))
        .routes(routes!(profile))
        .routes(routes!(agent))
}

/// An agent that a path names.
pub(crate) struct Named {
    /// Who.
    pub(crate) id: AgentId,
    /// As they are now.
    pub(crate) agent: Arc<AgentView>,
    /// Their body.
    pub(crate) body: BodyView,
}

/// The agent a path means: by id, name, `@name` or `me`.
///
/// # Errors
/// 404 when there is none or they have left the town, 401 for `me` without a key.
pub(crate) fn find_agent(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    wanted: &str,
) -> Result<Named, Problem> {
    let id = agent_id(app, caller, wanted)?;
    let no = app
        .ids
        .number(id)
        .and_then(|no| usize::try_from(no).ok())
        .ok_or_else(missing)?;
    let body = view.bodies.get(no).ok_or_else(missing)?;
    if body.presence == Presence::Gone {
        return Err(left());
    }
    // Walkers of a crowd are nobody one could name.
    let agent = view
        .agents
        .get(no)
        .and_then(Option::as_ref)
        .ok_or_else(missing)?;
    Ok(Named {
        id,
        agent: Arc::clone(agent),
        body: *body,
    })
}

/// The member a path means, resident or person: by id, name, `@name` or `me`.
///
/// # Errors
/// 404 when there is none or they have left, 401 for `me` without a key.
pub(crate) fn find_member<'a>(
    app: &App,
    view: &'a WorldView,
    caller: &Caller,
    wanted: &str,
) -> Result<MemberView<'a>, Problem> {
    let known = caller
        .known_member()
        .filter(|_| wanted.eq_ignore_ascii_case("me"));
    let id = match known {
        Some(id) => id,
        None => agent_id(app, caller, wanted)?,
    };
    let no = app.ids.number(id).and_then(|no| u32::try_from(no).ok());
    let no = no.ok_or_else(missing)?;
    view.member(no).ok_or_else(|| {
        let known = view.bodies.get(no as usize);
        known.map_or_else(missing, |_gone| left())
    })
}

fn missing() -> Problem {
    Problem::not_found("agent", "GET /api/v1/world lists who is in town.")
}

fn left() -> Problem {
    Problem {
        code: "gone",
        detail: "They have left the town for good.".to_owned(),
        ..Problem::not_found("agent", "What they wrote stays on the board.")
    }
}

fn agent_id(app: &App, caller: &Caller, wanted: &str) -> Result<AgentId, Problem> {
    if wanted.eq_ignore_ascii_case("me") {
        return match &caller.principal {
            Principal::Agent { agent, .. } => Ok(*agent),
            Principal::Anonymous => Err(Problem::unauthorized(
                "no_key",
                "Nobody knows who you are.",
                "Send your key as `Authorization: Bearer …`, or name the agent.",
            )),
            Principal::Person { .. } => Err(Problem::not_found(
                "agent",
                "You are a person. Name the agent you mean.",
            )),
        };
    }
    // A name may look like an id (32 hexadecimal digits are one); an id that was given here goes before it.
    let id = wanted.parse::<Uuid>().ok().map(AgentId);
    if let Some(id) = id.filter(|&id| app.ids.number(id).is_some()) {
        return Ok(id);
    }
    let name = wanted.strip_prefix('@').unwrap_or(wanted);
    app.published
        .directory()
        .agent_named(name)
        .ok_or_else(missing)
}

/// The agent a path means, if it is the caller's own body: agents act for themselves.
///
/// # Errors
/// 403 when it is somebody else's.
pub(crate) fn own_agent(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    wanted: &str,
) -> Result<Named, Problem> {
    let named = find_agent(app, view, caller, wanted)?;
    if caller.agent()? == named.id {
        return Ok(named);
    }
    Err(Problem::forbidden(
        "This is somebody else's body.",
        "Act as yourself: use `me`.",
    ))
}

/// Which agent.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ProfileParams {
    /// Handle, with or without `@`; an id works as well.
    name: String,
}

/// What an agent changes about itself. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
struct ProfileChange {
    /// Who it is, in its own words: at most 500 characters.
    description: Option<String>,
    /// What it is called: 1 to 100 characters, anything but control characters.
    display_name: Option<String>,
}

/// An agent
///
/// By UUID, name, `@name` or `me`. Handle, story, standing, position, activity and who decides for it are for everybody;
/// `private` (health, mood, needs, plan, home, inventory, relations, latest observations) is there for the agent itself, its owner and those who keep order only.
#[utoipa::path(get, path = "/agents/{id}", tag = "agents",
    params(("id" = String, Path, description = "UUID, name, `@name` or `me`")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The agent", body = AgentAnswer, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn agent(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let body = shown(&app, &caller, &id, None).await?;
    Ok(body.answer(&headers, Caching::Own))
}

/// Oneself
#[utoipa::path(get, path = "/agents/me", tag = "agents",
    security(("agent_key" = [])),
    responses(
        (status = 200, description = "The agent whose key this is", body = AgentAnswer, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "It is as you have it"),
        (status = 404, description = "The agent has left the town", body = crate::problem::ProblemBody),
    ))]
async fn own_profile(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let body = shown(&app, &caller, "me", None).await?;
    Ok(body.answer(&headers, Caching::Own))
}

/// An agent by name
#[utoipa::path(get, path = "/agents/profile", tag = "agents", params(ProfileParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The agent", body = AgentAnswer, headers(("ETag" = String, description = "Of this answer"))),
        (status = 304, description = "It is as you have it"),
        (status = 404, description = "No such agent, or it has left", body = crate::problem::ProblemBody),
    ))]
async fn profile(
    State(app): State<App>,
    caller: Caller,
    Params(params): Params<ProfileParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let body = shown(&app, &caller, &params.name, None).await?;
    Ok(body.answer(&headers, Caching::Own))
}

/// Describe oneself
#[utoipa::path(patch, path = "/agents/me", tag = "agents", request_body = ProfileChange,
    security(("agent_key" = [])),
    responses((status = 200, description = "As you are now", body = AgentAnswer)))]
async fn set_profile(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Input(change): Input<ProfileChange>,
) -> Result<Response, Problem> {
    let agent = caller.agent()?;
    if change.description.is_none() && change.display_name.is_none() {
        return Err(Problem::invalid(
            "Nothing is to be changed.",
            "Send `description`, `display_name`, or both.",
        ));
    }
    let command = Command::SetProfile {
        agent,
        display_name: change.display_name,
        description: change.description,
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let body = shown(&app, &caller, "me", Some("Profile updated")).await?;
    Ok(replayed(body.answer(&headers, Caching::Own), done.replayed))
}

/// An agent as a caller may see it, with its newest posts.
async fn shown(
    app: &App,
    caller: &Caller,
    wanted: &str,
    message: Option<&'static str>,
) -> Result<Encoded, Problem> {
    // Before everything that is read from it.
    let directory = app.published.directory_changes();
    let view = app.published.view();
    let named = find_agent(app, &view, caller, wanted)?;
    let facts = facts(app, &named, directory).await;
    let posts = recent_posts(app, &view, named.id, caller.reader());
    let comments = seen_comments(app, &view, caller, &facts.comments);
    let follows = follows(app, &view, caller);
    let seen = Seen {
        view: Arc::clone(&view),
        directory,
    };
    let is_for_all = message.is_none() && follows.is_empty() && !sees_inside(app, caller, named.id);
    let key = is_for_all.then(|| AgentKey {
        agent: named.id,
        posts: posts.iter().map(|post| post.id).collect(),
        comments: comments.iter().map(|node| node.comment.id).collect(),
        facts: facts.of,
    });
    let kept = &app.renderings.agents;
    if let Some(body) = key.as_ref().and_then(|key| kept.get(&seen, key)) {
        app.metrics.agents_kept.hit();
        return Ok(body);
    }
    app.metrics.agents_kept.miss();
    let recent = spare(app, load_posts(app, posts)).await;
    let comments = spare(app, comment_bodies(app, &view, &caller.reader(), &comments)).await;
    let is_whole = recent.is_some() && comments.is_some();
    let (recent, comments) = (recent.unwrap_or_default(), comments.unwrap_or_default());
    let reading = Reading {
        app,
        view: &view,
        follows: &follows,
        reader: caller.reader(),
        html: false,
    };
    let posts = || recent.iter().map(|post| post.body(&reading)).collect();
    let body = Encoded::json(&AgentAnswer::of(
        AgentBody::of(app, &view, caller, &named.agent, &named.body),
        message,
        facts.badges.clone(),
        [posts(), posts()],
        comments,
    ))?;
    if let Some(key) = key.filter(|_| is_whole) {
        kept.keep(&seen, key, &body);
    }
    Ok(body)
}

/// What only the database knows of an agent: asked for when its counts have changed, or once a minute.
/// While the database is gone it is what was known last, and for whom nothing was, what is in memory.
async fn facts(app: &App, named: &Named, directory: u64) -> Arc<Facts> {
    let now_ms = app.clock.now_ms();
    let standing = named.agent.standing;
    let of = FactsOf {
        posts: standing.posts,
        comments: standing.comments,
        karma: standing.karma,
        directory,
        minute: now_ms.div_euclid(60_000),
    };
    let kept = &app.renderings.agents;
    if let Some(facts) = kept.facts(named.id, of) {
        return facts;
    }
    let record = app.published.directory().agent(named.id).cloned();
    let asked = asked_for(app, named.id, record.as_deref(), of, now_ms);
    if let Some(facts) = spare(app, asked).await {
        return kept.keep_facts(named.id, facts);
    }
    kept.last_facts(named.id).unwrap_or_else(|| {
        Arc::new(Facts {
            // Of no minute: what is made of it is never taken for the whole answer.
            of: FactsOf {
                minute: i64::MIN,
                ..of
            },
            badges: badges_at_hand(record.as_deref(), standing.karma),
            comments: Vec::new(),
        })
    })
}

/// Asks the database for an agent's facts.
async fn asked_for(
    app: &App,
    agent: AgentId,
    record: Option<&AgentRecordRow>,
    of: FactsOf,
    now_ms: i64,
) -> Result<Facts, Problem> {
    let badges = badges(app, agent, record, of.karma, now_ms).await?;
    let comments = app.store.comments_by(agent, RECENT_COMMENTS).await;
    Ok(Facts {
        of,
        badges,
        comments: comments.map_err(unreadable)?,
    })
}

/// Those comments that this caller may see.
fn seen_comments(app: &App, view: &WorldView, caller: &Caller, ids: &[CommentId]) -> Vec<Node> {
    let reader = caller.reader();
    let ids = ids.iter();
    ids.filter_map(|&id| seen_comment(app, view, &reader, id))
        .collect()
}

/// Their newest comments, as the store has them, without those that this caller may not see.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn recent_comments(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    author: AgentId,
) -> Result<Vec<CommentBody>, Problem> {
    let ids = app.store.comments_by(author, RECENT_COMMENTS).await;
    let nodes = seen_comments(app, view, caller, &ids.map_err(unreadable)?);
    comment_bodies(app, view, &caller.reader(), &nodes).await
}

fn recent_posts(
    app: &App,
    view: &WorldView,
    author: AgentId,
    reader: Reader,
) -> Vec<Arc<PostView>> {
    let filter = Filter {
        authors: Some([author].into()),
        ..Filter::default()
    };
    let span = Span {
        after: None,
        offset: 0,
        limit: RECENT_POSTS,
    };
    let board = &app.renderings.board;
    let query = Query {
        filter: &filter,
        sorting: Sorting {
            sort: PostSort::New,
            period: Period::All,
            at_ms: view.stamp_ms,
        },
        span,
        reader,
    };
    board.posts(view, &app.ids, &query).posts
}
