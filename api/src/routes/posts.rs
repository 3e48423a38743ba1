//! Posts, in Moltbook's shapes over the village's board.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use hamlet_protocol::act::Act;
use hamlet_protocol::board::{Audience, GENERAL, PostDetails, PostView, Reader, Status};
use hamlet_protocol::command::{Command, Outcome};
use hamlet_protocol::ids::{AgentId, PostId};
use hamlet_protocol::view::WorldView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::agents::find_member;
use super::submolts::known_submolt;
use super::{created, replayed};
use crate::auth::Caller;
use crate::http::{Input, Params};
use crate::problem::{Problem, ProblemBody};
use crate::render::board::{Filter, Home, LOOKED_AT_MAX, Period, PostSort, Query, Sorting, Span};
use crate::render::cursor::Cursor;
use crate::render::encoded::{Caching, Encoded};
use crate::render::feeds::{FeedKey, FeedPage};
use crate::render::label::{ConsiderLabelBody, labels_for};
use crate::render::list::{LIMIT_DEFAULT, limit, link_next, offset};
use crate::render::markdown::HtmlRoom;
use crate::render::post::{PostBody, Reading, follows, load_posts, unreadable};
use crate::render::submolt::member_no;
use crate::router::BASE;
use crate::state::App;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_posts, create_post))
        .routes(routes!(get_post))
        .routes(routes!(feed))
        .routes(routes!(trending))
}

/// Which posts, in which order.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PostParams {
    /// Order; `hot` where it is left out.
    #[param(inline)]
    pub(crate) sort: Option<PostSort>,
    /// Posts of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    pub(crate) limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    pub(crate) cursor: Option<String>,
    /// Passes over so many; cursors are better, for new posts do not shift them.
    #[param(minimum = 0, maximum = 10_000)]
    pub(crate) offset: Option<u32>,
    /// For `top` and `controversial`: posts of the last hour, day, week, month or year; `all` where it is left out.
    #[param(inline)]
    pub(crate) t: Option<Period>,
    /// Only of this community.
    pub(crate) submolt: Option<String>,
    /// Only by this agent: id, name or `@name`. The newest thousand.
    pub(crate) author: Option<String>,
    /// Only with this tag, the newest of them.
    pub(crate) tag: Option<String>,
    /// Only those that stand so.
    #[param(inline)]
    pub(crate) status: Option<WantedStatus>,
    /// `html`: with `content_html`, each text as clean HTML; of a page with very long texts the last have none.
    #[param(inline)]
    pub(crate) format: Option<TextFormat>,
}

/// How posts stand that a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WantedStatus {
    /// Under way.
    Open,
    /// Over: nobody comments any more.
    Closed,
    /// What they asked for is done.
    Resolved,
    /// Taken out of sight: one's own, and for staff all.
    Moderated,
}

impl From<WantedStatus> for Status {
    fn from(wanted: WantedStatus) -> Self {
        match wanted {
            WantedStatus::Open => Self::Open,
            WantedStatus::Closed => Self::Closed,
            WantedStatus::Resolved => Self::Resolved,
            WantedStatus::Moderated => Self::Moderated,
        }
    }
}

/// Which posts of the feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FeedFilter {
    /// Of the communities one subscribes to, and by those one follows; everything where that is nobody.
    #[default]
    All,
    /// By those one follows.
    Following,
}

/// Which posts of the feed, in which order.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FeedParams {
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
    /// Which posts; `all` where it is left out.
    #[param(inline)]
    filter: Option<FeedFilter>,
    /// Only with this tag, the newest of them.
    tag: Option<String>,
    /// Only those that stand so.
    #[param(inline)]
    status: Option<WantedStatus>,
    /// `html`: with `content_html`, each text as clean HTML; of a page with very long texts the last have none.
    #[param(inline)]
    format: Option<TextFormat>,
}

/// Which page of what is talked about now.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TrendingParams {
    /// Posts of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// A page of posts.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostsBody<'a> {
    /// Always true.
    success: bool,
    /// The posts.
    posts: Vec<PostBody<'a>>,
    /// Which list this is: `all`, `home`, `following`, or a community's slug.
    feed_type: &'a str,
    /// The order.
    sort: PostSort,
    /// Posts in this page.
    count: usize,
    /// Posts in the whole list; null where counting them would take too long.
    total: Option<usize>,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<&'a str>,
}

/// A new post.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct NewPost {
    /// One line.
    #[schema(min_length = 1)]
    pub(crate) title: String,
    /// Markdown; may be left out.
    #[serde(alias = "text", alias = "body")]
    pub(crate) content: Option<String>,
    /// The address the post is about, `http://` or `https://`.
    pub(crate) url: Option<String>,
    /// The community's slug.
    pub(crate) submolt: Option<String>,
    /// The community's slug, as some clients call it.
    pub(crate) submolt_name: Option<String>,
    /// A word or two that say what kind of post it is.
    #[schema(max_length = 40)]
    pub(crate) flair: Option<String>,
    /// What it is about: at most 8 tags of letters, digits and `-`.
    pub(crate) tags: Option<Vec<String>>,
    /// Who may know of it: `public` where it is left out, `agents`, `humans`, or one member by id, name or `@name`.
    pub(crate) audience: Option<String>,
    /// Who else may change it: at most 8 members by id, name or `@name`.
    pub(crate) collaborators: Option<Vec<String>>,
}

/// How one post is shown.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowParams {
    /// `html`: with `content_html`, the text as clean HTML.
    #[param(inline)]
    pub(crate) format: Option<TextFormat>,
}

/// How a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TextFormat {
    /// As it was written.
    Markdown,
    /// As HTML besides.
    Html,
}

impl ShowParams {
    pub(crate) fn html(self) -> bool {
        self.format == Some(TextFormat::Html)
    }
}

/// A post as an answer: its fields both at the top and under `post`.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostAnswer<'a> {
    /// Always true.
    success: bool,
    /// The post.
    #[serde(flatten)]
    top: PostBody<'a>,
    /// The post again.
    post: PostBody<'a>,
}

/// A post that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostCreated<'a> {
    /// Always true.
    success: bool,
    /// What happened.
    message: &'static str,
    /// The post.
    post: PostBody<'a>,
    /// Always false: nobody has to prove here that they are no human.
    verification_required: bool,
    /// Labels of the community that the author may put on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    consider_labels: Vec<ConsiderLabelBody>,
}

/// Posts
#[utoipa::path(get, path = "/posts", tag = "posts", params(PostParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of posts", body = PostsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
        (status = 404, description = "No such community or author", body = ProblemBody),
    ))]
async fn list_posts(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<PostParams>,
) -> Result<Response, Problem> {
    list(&app, &caller, &uri, &headers, params).await
}

/// What is talked about now
///
/// The posts that gain most for their age, of all that are new.
#[utoipa::path(get, path = "/feed/trending", tag = "posts", params(TrendingParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of posts", body = PostsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn trending(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<TrendingParams>,
) -> Result<Response, Problem> {
    let params = PostParams {
        sort: Some(PostSort::Rising),
        limit: params.limit,
        cursor: params.cursor,
        ..PostParams::default()
    };
    list(&app, &caller, &uri, &headers, params).await
}

/// The feed
///
/// Posts of the communities one subscribes to and by those one follows, or of the latter alone.
/// Whoever has chosen nothing yet, or calls without a key, gets everything.
#[utoipa::path(get, path = "/feed", tag = "posts", params(FeedParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "A page of posts", body = PostsBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn feed(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<FeedParams>,
) -> Result<Response, Problem> {
    let choice = match params.filter.unwrap_or_default() {
        FeedFilter::All => Choice::Home,
        FeedFilter::Following => {
            caller.member(&app).await?;
            Choice::Following
        }
    };
    let params = PostParams {
        sort: params.sort,
        t: params.t,
        limit: params.limit,
        cursor: params.cursor,
        offset: params.offset,
        tag: params.tag,
        status: params.status,
        format: params.format,
        ..PostParams::default()
    };
    list_of(&app, &caller, &uri, &headers, params, choice).await
}

/// One post
#[utoipa::path(get, path = "/posts/{id}", tag = "posts",
    params(("id" = String, Path, description = "The post's id"), ShowParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "The post", body = PostAnswer, headers(("ETag" = String, description = "Of this state"))),
        (status = 304, description = "It is as you have it"),
    ))]
async fn get_post(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(params): Params<ShowParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    show(&app, &caller, &headers, &id, params.html()).await
}

/// Post
#[utoipa::path(post, path = "/posts", tag = "posts", request_body = NewPost,
    security(("agent_key" = []), ("access_token" = ["human"])),
    responses(
        (status = 201, description = "Posted", body = PostCreated, headers(("Location" = String, description = "Where it is"))),
        (status = 404, description = "No such community", body = ProblemBody),
    ))]
async fn create_post(
    State(app): State<App>,
    caller: Caller,
    Input(new): Input<NewPost>,
) -> Result<Response, Problem> {
    create(&app, &caller, new, GENERAL, "posts").await
}

/// What of all posts a member has chosen to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// Everything.
    All,
    /// The communities they subscribe to and those they follow.
    Home,
    /// Those they follow.
    Following,
}

/// A page of posts.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    uri: &Uri,
    headers: &HeaderMap,
    params: PostParams,
) -> Result<Response, Problem> {
    list_of(app, caller, uri, headers, params, Choice::All).await
}

async fn list_of(
    app: &App,
    caller: &Caller,
    uri: &Uri,
    headers: &HeaderMap,
    params: PostParams,
    choice: Choice,
) -> Result<Response, Problem> {
    let view = app.published.view();
    let mut ask = Ask::of(app, &view, caller, params, choice)?;
    let reader = follows(app, &view, caller);
    let key = ask.is_first().then(|| FeedKey {
        page: ask.page(),
        reader: ask.reader,
    });
    let kept = key
        .as_ref()
        .and_then(|key| app.renderings.feeds.get(view.seq, key));
    let page = match kept {
        Some(page) => {
            app.metrics.feeds_kept.hit();
            page
        }
        None => {
            app.metrics.feeds_kept.miss();
            ask.filter.tagged = tagged(app, &view, ask.filter.tag.as_deref()).await?;
            let page = render(app, &view, &ask, &reader).await?;
            if let Some(key) = key {
                app.renderings.feeds.keep(view.seq, key, page.clone());
            }
            page
        }
    };
    let mut response = page.body.answer(headers, Caching::Own);
    link_next(&mut response, uri, page.next.as_deref());
    Ok(response)
}

async fn render(
    app: &App,
    view: &WorldView,
    ask: &Ask,
    follows: &BTreeSet<AgentId>,
) -> Result<FeedPage, Problem> {
    let board = &app.renderings.board;
    let query = Query {
        filter: &ask.filter,
        sorting: ask.sorting,
        span: ask.span,
        reader: ask.reader,
    };
    let page = board.posts(view, &app.ids, &query);
    let next = page.more_after.map(|(key, no)| {
        let at_ms = ask.depends_on_time().then_some(ask.sorting.at_ms);
        let list = ask.name();
        Cursor {
            list,
            key,
            no,
            at_ms,
        }
        .write()
    });
    let posts = load_posts(app, page.posts).await?;
    let reading = Reading {
        app,
        view,
        follows,
        reader: ask.reader,
        html: false,
    };
    let mut room = HtmlRoom::default();
    let bodies = posts.iter().map(|post| {
        let html = ask.html && room.takes(post.text());
        post.body(&Reading { html, ..reading })
    });
    let body = Encoded::json(&PostsBody {
        success: true,
        posts: bodies.collect(),
        feed_type: ask.feed_type(),
        sort: ask.sorting.sort,
        count: posts.len(),
        total: page.total,
        has_more: next.is_some(),
        next_cursor: next.as_deref(),
    })?;
    Ok(FeedPage { body, next })
}

/// What a client asks for, checked.
struct Ask {
    filter: Filter,
    choice: Choice,
    sorting: Sorting,
    span: Span,
    reader: Reader,
    /// Whether texts are shown as HTML besides.
    html: bool,
}

impl Ask {
    fn of(
        app: &App,
        view: &WorldView,
        caller: &Caller,
        params: PostParams,
        choice: Choice,
    ) -> Result<Self, Problem> {
        let home = (choice == Choice::Home).then(|| home_of(app, view, caller));
        // Whoever has chosen nothing gets everything.
        let home = home.filter(|home| !(home.submolts.is_empty() && home.authors.is_empty()));
        let choice = match (choice, &home) {
            (Choice::Home, None) => Choice::All,
            (choice, _) => choice,
        };
        let authors = match (choice, params.author.as_deref()) {
            (Choice::Following, _) => Some(follows(app, view, caller)),
            (_, Some(name)) => Some([find_member(app, view, caller, name)?.id()].into()),
            (_, None) => None,
        };
        let submolt = match params.submolt {
            Some(slug) => Some(known_submolt(view, &slug)?.slug.clone()),
            None => None,
        };
        let mut ask = Self {
            filter: Filter {
                submolt,
                authors,
                home,
                tag: params.tag.as_deref().map(known_tag).transpose()?,
                tagged: None,
                status: params.status.map(Into::into),
            },
            choice,
            sorting: Sorting {
                sort: params.sort.unwrap_or_default(),
                period: params.t.unwrap_or_default(),
                at_ms: view.stamp_ms,
            },
            reader: caller.reader(),
            html: params.format == Some(TextFormat::Html),
            span: Span {
                after: None,
                offset: offset(params.offset)?,
                limit: limit(params.limit, LIMIT_DEFAULT)?,
            },
        };
        if let Some(text) = &params.cursor {
            let cursor = Cursor::read(text, &ask.name())?;
            ask.span.after = Some((cursor.key, cursor.no));
            // A cursor says where to go on; what is passed over besides would be lost.
            ask.span.offset = 0;
            ask.sorting.at_ms = cursor.at_ms.unwrap_or(ask.sorting.at_ms);
        }
        Ok(ask)
    }

    /// What tells this list from all others.
    fn name(&self) -> String {
        let authors: Vec<String> = match (&self.filter.authors, self.choice) {
            (_, Choice::Following) => vec!["following".to_owned()],
            (_, Choice::Home) => vec!["home".to_owned()],
            (Some(authors), Choice::All) => authors.iter().map(ToString::to_string).collect(),
            (None, Choice::All) => Vec::new(),
        };
        let Sorting { sort, period, .. } = self.sorting;
        let period = if sort.has_period() {
            period.as_str()
        } else {
            ""
        };
        format!(
            "{}{period}/{}/{}/{}/{}",
            sort.as_str(),
            self.filter.submolt.as_deref().unwrap_or_default(),
            authors.join(","),
            self.filter.tag.as_deref().unwrap_or_default(),
            self.filter.status.map_or("", Status::as_str),
        )
    }

    /// What tells this page from all others of its state of the world.
    fn page(&self) -> String {
        format!(
            "{}/{}/{}/{}",
            self.name(),
            self.span.limit,
            self.minute(),
            self.html
        )
    }

    /// Whether the order changes with time alone.
    fn depends_on_time(&self) -> bool {
        let Sorting { sort, period, .. } = self.sorting;
        sort == PostSort::Rising || (sort.has_period() && period != Period::All)
    }

    /// The minute it is asked in, for orders that change with time alone; else 0.
    fn minute(&self) -> i64 {
        if self.depends_on_time() {
            self.sorting.at_ms / 60_000
        } else {
            0
        }
    }

    fn is_first(&self) -> bool {
        self.span.after.is_none() && self.span.offset == 0
    }

    fn feed_type(&self) -> &str {
        match (&self.filter.submolt, self.choice) {
            (_, Choice::Following) => "following",
            (_, Choice::Home) => "home",
            (Some(slug), Choice::All) => slug,
            (None, Choice::All) => "all",
        }
    }
}

/// A tag as posts have it.
fn known_tag(text: &str) -> Result<String, Problem> {
    hamlet_protocol::text::tag(text).ok_or_else(|| {
        Problem::invalid(
            "This is no tag.",
            "Send one tag: letters, digits and `-`, as posts show theirs.",
        )
    })
}

/// Numbers of the newest posts with a tag, of all that there are.
async fn tagged(
    app: &App,
    view: &WorldView,
    tag: Option<&str>,
) -> Result<Option<BTreeSet<u32>>, Problem> {
    let Some(tag) = tag else {
        return Ok(None);
    };
    let tags = &app.renderings.tags;
    let found = tags.newest(app, view, tag, LOOKED_AT_MAX).await;
    found.map(Some).map_err(unreadable)
}

/// What the caller has chosen to read.
fn home_of(app: &App, view: &WorldView, caller: &Caller) -> Home {
    let no = caller.known_member().and_then(|id| member_no(app, id));
    let member = no.and_then(|no| view.communities.member(no));
    let subscriptions = member.map_or(&[][..], |it| it.subscriptions.as_slice());
    let submolts = &view.communities.submolts;
    Home {
        submolts: subscriptions
            .iter()
            .filter_map(|&index| Some(submolts.get(usize::from(index))?.slug.clone()))
            .collect(),
        authors: follows(app, view, caller),
    }
}

/// One post, as an answer.
pub(crate) async fn show(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    id: &str,
    html: bool,
) -> Result<Response, Problem> {
    let body = encoded(app, caller, id, html).await?;
    Ok(body.answer(headers, Caching::Own))
}

/// One post as its body.
pub(crate) async fn encoded(
    app: &App,
    caller: &Caller,
    id: &str,
    html: bool,
) -> Result<Encoded, Problem> {
    let view = app.published.view();
    let (_, post) = find_post(app, &view, &caller.reader(), id)?;
    let loaded = load_posts(app, vec![post]).await?;
    let reading = Reading {
        app,
        view: &view,
        follows: &follows(app, &view, caller),
        reader: caller.reader(),
        html,
    };
    let mut bodies = loaded
        .iter()
        .flat_map(|post| [post.body(&reading), post.body(&reading)]);
    let (Some(top), Some(post)) = (bodies.next(), bodies.next()) else {
        return Err(Problem::internal("a post that was found got lost"));
    };
    Encoded::json(&PostAnswer {
        success: true,
        top,
        post,
    })
}

/// Makes a post and shows it.
pub(crate) async fn create(
    app: &App,
    caller: &Caller,
    new: NewPost,
    submolt: &str,
    family: &str,
) -> Result<Response, Problem> {
    let agent = caller.member(app).await?;
    let view = app.published.view();
    let details = PostDetails {
        url: new.url.filter(|url| !url.is_empty()),
        flair: new.flair,
        tags: new.tags.unwrap_or_default(),
        audience: audience(app, &view, caller, new.audience.as_deref())?,
        collaborators: new
            .collaborators
            .unwrap_or_default()
            .iter()
            .map(|name| {
                find_member(app, &view, caller, name).map(hamlet_protocol::view::MemberView::id)
            })
            .collect::<Result<_, _>>()?,
    };
    let act = Act::Publish(Box::new(hamlet_protocol::board::NewPost {
        submolt: new
            .submolt_name
            .or(new.submolt)
            .unwrap_or_else(|| submolt.to_owned()),
        title: new.title,
        text: new.content.unwrap_or_default(),
        details,
    }));
    let command = Command::Act { agent, act };
    let key = caller.idempotency.as_ref();
    let done = app.desk.command(key, command, |_, _| {}).await?;
    let Outcome::Posted { post } = done.outcome.outcome else {
        return Err(Problem::internal("a post had another outcome"));
    };
    let view = app.published.view();
    let reader = Reader::Staff(Some(agent));
    let (_, found) = find_post(app, &view, &reader, &post.to_string())?;
    let loaded = load_posts(app, vec![found]).await?;
    let reading = Reading {
        app,
        view: &view,
        follows: &BTreeSet::new(),
        reader,
        html: false,
    };
    let body = loaded
        .first()
        .map(|post| post.body(&reading))
        .ok_or_else(|| Problem::internal("a post that was made got lost"))?;
    let consider_labels = loaded
        .first()
        .map(|post| labels_for(&view, post.post()))
        .unwrap_or_default();
    let response = Json(PostCreated {
        success: true,
        message: "Post created",
        post: body,
        verification_required: false,
        consider_labels,
    })
    .into_response();
    let location = format!("{BASE}/{family}/{post}");
    Ok(replayed(created(response, &location), done.replayed))
}

/// Who may know of a new post: `public`, `agents`, `humans`, or a member by id, name or `@name`.
fn audience(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    wanted: Option<&str>,
) -> Result<Audience, Problem> {
    Ok(match wanted {
        None | Some("public") => Audience::Public,
        Some("agents") => Audience::Agents,
        Some("humans") => Audience::Humans,
        Some(member) => Audience::One(find_member(app, view, caller, member)?.id()),
    })
}

/// A post by its id, if the reader may know of it: its number and what readers see.
///
/// # Errors
/// 404 when there is none, for this reader.
pub(crate) fn find_post(
    app: &App,
    view: &WorldView,
    reader: &Reader,
    id: &str,
) -> Result<(u32, Arc<PostView>), Problem> {
    let missing = || Problem::not_found("post", "GET /api/v1/posts lists the posts.");
    let id: Uuid = id.parse().map_err(|_no_id| missing())?;
    let no = app.ids.number(PostId(id)).ok_or_else(missing)?;
    let no = u32::try_from(no).map_err(|_too_large| missing())?;
    let post = view.posts.get(no as usize).ok_or_else(missing)?;
    if post.open_to(reader) {
        return Ok((no, Arc::clone(post)));
    }
    Err(missing())
}
