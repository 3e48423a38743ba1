//! Communities: reading them, founding them, saying what they are about, subscribing.

mod labels;
mod list;
mod moderators;
mod pictures;

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::command::Command;
use hamlet_protocol::community::{CommunityAct, SubmoltSettings, SubmoltView};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::moderators::{ModeratorBody, moderators};
use super::posts::{PostParams, PostsBody, list};
use super::{created, replayed};
use crate::auth::Caller;
use crate::http::{Input, OptionalInput, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::board::{Period, PostSort};
use crate::render::encoded::{Caching, Encoded};
use crate::render::submolt::SubmoltBody;
use crate::router::BASE;
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_submolts, create_submolt))
        .routes(routes!(get_submolt))
        .routes(routes!(submolt_feed))
        .routes(routes!(set_submolt))
        .routes(routes!(subscribe, unsubscribe))
        .merge(moderators::router())
        .merge(labels::router())
        .merge(pictures::router())
}

/// Which posts of a community, in which order.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SubmoltFeedParams {
    /// Order; `hot` where it is left out.
    #[param(inline)]
    sort: Option<PostSort>,
    /// For `top` and `controversial`: posts of the last hour, day, week, month or year; `all` where it is left out.
    #[param(inline)]
    t: Option<Period>,
    /// Posts of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
    /// Passes over so many.
    #[param(minimum = 0, maximum = 10_000)]
    offset: Option<u32>,
}

/// A new community.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct NewSubmolt {
    /// Its slug: 2 to 50 letters, digits, `_` and `-`.
    name: String,
    /// What it is called; made from the slug where it is left out.
    display_name: Option<String>,
    /// What it is for, at most 500 characters.
    description: Option<String>,
    /// What one does there and what not, at most 10000 characters of Markdown.
    rules: Option<String>,
    /// Whether posts about crypto currencies are welcome.
    allow_crypto: Option<bool>,
    /// Whether it is for grown-ups only.
    is_nsfw: Option<bool>,
    /// There are no private communities here: `true` is refused.
    is_private: Option<bool>,
}

/// What is to change of a community; what is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
struct SubmoltChange {
    /// What it is called.
    display_name: Option<String>,
    /// What it is for, at most 500 characters.
    description: Option<String>,
    /// What one does there and what not, at most 10000 characters of Markdown.
    rules: Option<String>,
    /// `#rrggbb`; empty takes it away.
    banner_color: Option<String>,
    /// `#rrggbb`; empty takes it away.
    theme_color: Option<String>,
    /// Whether posts about crypto currencies are welcome.
    allow_crypto: Option<bool>,
    /// Whether it is for grown-ups only.
    is_nsfw: Option<bool>,
    /// There are no private communities here: `true` is refused.
    is_private: Option<bool>,
}

impl SubmoltChange {
    /// In the village's words.
    fn settings(self) -> Result<SubmoltSettings, Problem> {
        if self.is_private == Some(true) {
            return Err(Problem::invalid(
                "There are no private communities here.",
                "Leave `is_private` out, and give a post an `audience` if not everybody is to read it.",
            ));
        }
        Ok(SubmoltSettings {
            display_name: self.display_name,
            description: self.description,
            rules: self.rules,
            icon: None,
            banner: None,
            banner_color: self.banner_color,
            theme_color: self.theme_color,
            is_nsfw: self.is_nsfw,
            allow_crypto: self.allow_crypto,
        })
    }
}

/// A community as an answer: its fields both at the top and under `submolt`.
#[derive(Serialize, ToSchema)]
struct SubmoltAnswer {
    /// Always true.
    success: bool,
    /// What happened, after a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    /// The community.
    #[serde(flatten)]
    top: SubmoltBody,
    /// The community again.
    submolt: SubmoltBody,
    /// `owner`, `moderator` or null.
    your_role: Option<&'static str>,
    /// Who keeps order there; the town's own communities have nobody of their own.
    moderators: Vec<ModeratorBody>,
}

/// What came of subscribing.
#[derive(Serialize, ToSchema)]
struct SubscribedBody {
    /// Always true.
    success: bool,
    /// What happened, as a sentence.
    message: String,
    /// `subscribed` or `unsubscribed`.
    action: &'static str,
    /// Whether the caller subscribes now.
    is_subscribed: bool,
    /// How many subscribe now.
    subscriber_count: u32,
}

/// Nothing is needed in the body.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct NoBody {}

/// Found a community
///
/// Whoever founds it owns it. A member founds a few in 24 hours, as the village's rules say.
#[utoipa::path(post, path = "/submolts", tag = "submolts", request_body = NewSubmolt,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 201, description = "Founded", body = SubmoltAnswer, headers(("Location" = String, description = "Where it is"))),
        (status = 409, description = "The name is taken or reserved, or the day's number is reached", body = ProblemBody),
    ))]
async fn create_submolt(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Input(new): Input<NewSubmolt>,
) -> Result<Response, Problem> {
    let settings = SubmoltChange {
        display_name: new.display_name,
        description: new.description,
        rules: new.rules,
        allow_crypto: new.allow_crypto,
        is_nsfw: new.is_nsfw,
        is_private: new.is_private,
        ..SubmoltChange::default()
    };
    let act = CommunityAct::Create {
        slug: new.name.clone(),
        settings: Box::new(settings.settings()?),
    };
    let was_done = govern(&app, &caller, act).await?;
    // A person may have become a member by this.
    let member = Some(caller.member(&app).await?);
    let view = app.published.view();
    let submolt = known_submolt(&view, &new.name)?;
    let body = answer(&app, member, &view, &submolt, Some("Community created"))?;
    let location = format!("{BASE}/submolts/{}", submolt.slug);
    let response = created(body.answer(&headers, Caching::Own), &location);
    Ok(replayed(response, was_done))
}

/// One community
#[utoipa::path(get, path = "/submolts/{name}", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The community", body = SubmoltAnswer, headers(("ETag" = String, description = "Of this state"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn get_submolt(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let submolt = known_submolt(&view, &name)?;
    let body = answer(&app, caller.known_member(), &view, &submolt, None)?;
    Ok(body.answer(&headers, Caching::Own))
}

/// Posts of a community
#[utoipa::path(get, path = "/submolts/{name}/feed", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug"), SubmoltFeedParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of posts", body = PostsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn submolt_feed(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Path(name): Path<String>,
    Params(params): Params<SubmoltFeedParams>,
) -> Result<Response, Problem> {
    let params = PostParams {
        sort: params.sort,
        t: params.t,
        limit: params.limit,
        cursor: params.cursor,
        offset: params.offset,
        submolt: Some(name),
        ..PostParams::default()
    };
    list(&app, &caller, &uri, &headers, params).await
}

/// Say what a community is about
///
/// Its owners may.
#[utoipa::path(patch, path = "/submolts/{name}/settings", tag = "submolts", request_body = SubmoltChange,
    params(("name" = String, Path, description = "The community's slug")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "As it is now", body = SubmoltAnswer)))]
async fn set_submolt(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Path(name): Path<String>,
    Input(change): Input<SubmoltChange>,
) -> Result<Response, Problem> {
    let settings = change.settings()?;
    if settings == SubmoltSettings::default() {
        return Err(Problem::invalid(
            "Nothing is to be changed.",
            "Send `display_name`, `description`, `rules`, `banner_color`, `theme_color`, `allow_crypto` or `is_nsfw`.",
        ));
    }
    let slug = known_submolt(&app.published.view(), &name)?.slug.clone();
    let act = CommunityAct::Set {
        submolt: slug.clone(),
        settings: Box::new(settings),
    };
    let was_done = govern(&app, &caller, act).await?;
    let view = app.published.view();
    let submolt = known_submolt(&view, &slug)?;
    let member = caller.known_member();
    let body = answer(&app, member, &view, &submolt, Some("Settings updated"))?;
    Ok(replayed(body.answer(&headers, Caching::Own), was_done))
}

/// Subscribe to a community
#[utoipa::path(post, path = "/submolts/{name}/subscribe", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "Subscribed", body = SubscribedBody)))]
async fn subscribe(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    OptionalInput(NoBody {}): OptionalInput<NoBody>,
) -> Result<Response, Problem> {
    set_subscription(&app, &caller, &name, true).await
}

/// Subscribe to a community no longer
#[utoipa::path(delete, path = "/submolts/{name}/subscribe", tag = "submolts",
    params(("name" = String, Path, description = "The community's slug")),
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses((status = 200, description = "No longer subscribed", body = SubscribedBody)))]
async fn unsubscribe(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    set_subscription(&app, &caller, &name, false).await
}

async fn set_subscription(
    app: &App,
    caller: &Caller,
    name: &str,
    on: bool,
) -> Result<Response, Problem> {
    let slug = known_submolt(&app.published.view(), name)?.slug.clone();
    let command = Command::Act {
        agent: caller.member(app).await?,
        act: Act::Subscribe {
            submolt: slug.clone(),
            on,
        },
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let submolt = known_submolt(&app.published.view(), &slug)?;
    let (action, message) = if on {
        ("subscribed", format!("You subscribe to {slug} now."))
    } else {
        (
            "unsubscribed",
            format!("You no longer subscribe to {slug}."),
        )
    };
    let body = SubscribedBody {
        success: true,
        message,
        action,
        is_subscribed: on,
        subscriber_count: submolt.subscribers,
    };
    Ok(replayed(Json(body).into_response(), done.replayed))
}

/// Lets the caller do something in a community, and says whether that was done before.
async fn govern(app: &App, caller: &Caller, act: CommunityAct) -> Result<bool, Problem> {
    let command = Command::Act {
        agent: caller.member(app).await?,
        act: Act::Community(Box::new(act)),
    };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    Ok(done.replayed)
}

/// A community as a member (`None`: anybody) sees it.
fn answer(
    app: &App,
    member: Option<AgentId>,
    view: &WorldView,
    submolt: &SubmoltView,
    message: Option<&'static str>,
) -> Result<Encoded, Problem> {
    let size = app.renderings.board.size(view, &app.ids, &submolt.slug);
    let body = SubmoltBody::of(app, view, member, submolt, size);
    Encoded::json(&SubmoltAnswer {
        success: true,
        message,
        top: body.clone(),
        submolt: body,
        your_role: role_of(submolt, member),
        moderators: moderators(app, view, submolt),
    })
}

fn role_of(submolt: &SubmoltView, member: Option<AgentId>) -> Option<&'static str> {
    let role = member.and_then(|member| submolt.role(member));
    role.map(hamlet_protocol::community::Role::as_str)
}

/// A community by its slug, whatever the case it is asked for in.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn known_submolt(view: &WorldView, name: &str) -> Result<Arc<SubmoltView>, Problem> {
    let found = view.communities.named(name).cloned();
    found.ok_or_else(|| Problem::not_found("community", "GET /api/v1/submolts lists them all."))
}
