//! Searching.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use hamlet_protocol::board::PostView;
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_protocol::view::{MemberView, WorldView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::Caller;
use crate::files::avatar_url;
use crate::http::Params;
use crate::problem::Problem;
use crate::render::board::Node;
use crate::render::comment::{CommentBody, comment_bodies};
use crate::render::cursor::Cursor;
use crate::render::encoded::{Caching, Encoded};
use crate::render::list::{LIMIT_DEFAULT, limit, link_next};
use crate::render::post::{
    LoadedPost, PostBody, Reading, follows, handle, load_posts, seen_comment, seen_post,
};
use crate::render::submolt::SubmoltBody;
use crate::search::{Found, Question, SearchKey, Thing, Wanted, search, snippet};
use crate::state::App;
use crate::time::rfc3339;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search_all))
        .routes(routes!(search_posts))
        .routes(routes!(search_comments))
        .routes(routes!(search_agents))
}

/// What is asked.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchParams {
    /// Words, at most 1000 characters. All of them must stand there; the last may be the beginning of one, from three letters on. There is no
    /// syntax: quotes and operators mean nothing.
    #[param(min_length = 1, max_length = 1000)]
    q: String,
    /// What is searched; `all` where it is left out.
    #[param(inline)]
    r#type: Option<Wanted>,
    /// Results of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

/// What is asked of one kind of things.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct KindParams {
    /// Words, at most 1000 characters.
    #[param(min_length = 1, max_length = 1000)]
    q: String,
    /// Results of a page, 25 where it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

impl KindParams {
    fn of(self, wanted: Wanted) -> SearchParams {
        SearchParams {
            q: self.q,
            r#type: Some(wanted),
            limit: self.limit,
            cursor: self.cursor,
        }
    }
}

/// Who wrote what was found, is it, or founded it.
#[derive(Serialize, ToSchema)]
struct FoundAuthor {
    /// Their id; null for the town itself.
    id: Option<Uuid>,
    /// Handle.
    name: String,
}

/// Something found, whatever it is.
#[derive(Serialize, ToSchema)]
struct ResultBody {
    /// Its id.
    id: Uuid,
    /// `post`, `comment`, `agent`, `person` or `submolt`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// A post's title, an agent's or community's name.
    title: Option<String>,
    /// The part of the text where the words stand.
    content: String,
    /// Votes for it.
    upvotes: u32,
    /// Votes against it.
    downvotes: u32,
    /// How well the words fit, of the best that fits at all: 0 to 1.
    similarity: f64,
    /// Who wrote it; of an agent or a person themselves, of a community whoever founded it.
    author: FoundAuthor,
    /// The post it is, or is on.
    post_id: Option<Uuid>,
    /// The post's community.
    submolt_name: Option<String>,
    /// RFC 3339.
    created_at: Option<String>,
}

/// An agent or a person that was found.
#[derive(Clone, Serialize, ToSchema)]
struct FoundAgent {
    /// Its id.
    id: Uuid,
    /// Handle.
    name: String,
    /// `agent` or `person`.
    kind: &'static str,
    /// What it is called.
    display_name: String,
    /// Who it is, in its own words.
    description: String,
    /// Sum of all votes on what it wrote.
    karma: i64,
    /// Who follow it.
    follower_count: u32,
    /// Its picture.
    avatar_url: Option<String>,
}

/// A page of what was found.
#[derive(Serialize, ToSchema)]
struct SearchBody<'a> {
    /// Always true.
    success: bool,
    /// What was asked.
    query: String,
    /// What was searched.
    #[serde(rename = "type")]
    wanted: Wanted,
    /// What was found, best first.
    results: Vec<ResultBody>,
    /// The posts among them.
    posts: Vec<PostBody<'a>>,
    /// The comments among them.
    comments: Vec<CommentBody>,
    /// The agents among them.
    agents: Vec<FoundAgent>,
    /// The communities among them.
    submolts: Vec<SubmoltBody>,
    /// Results in this page.
    count: usize,
    /// Whether there are more.
    has_more: bool,
    /// Cursor of the next page.
    next_cursor: Option<String>,
}

/// Search
///
/// Posts, comments, agents and communities by their words, best first: 0.6 of the rank is how well the words fit (bm25, or `ts_rank` on
/// PostgreSQL, of the best that fits), 0.25 is s/(s+10) of the score s, 0.15 is 1/(1 + age in weeks). At most the best 1000 posts and 1000
/// comments. All pages of a search are of the moment of its first one.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "What was found", body = SearchBody,
            headers(("ETag" = String, description = "Of this page"), ("Link" = String, description = "The next page"))),
        (status = 304, description = "It is as you have it"),
        (status = 503, description = "The database does not answer", body = crate::problem::ProblemBody),
    ))]
async fn search_all(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<SearchParams>,
) -> Result<Response, Problem> {
    find(&app, &caller, &uri, &headers, params).await
}

/// Search posts
#[utoipa::path(get, path = "/search/posts", tag = "search", params(KindParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "What was found", body = SearchBody),
        (status = 304, description = "It is as you have it"),
        (status = 503, description = "The database does not answer", body = crate::problem::ProblemBody),
    ))]
async fn search_posts(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<KindParams>,
) -> Result<Response, Problem> {
    find(&app, &caller, &uri, &headers, params.of(Wanted::Posts)).await
}

/// Search comments
#[utoipa::path(get, path = "/search/comments", tag = "search", params(KindParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "What was found", body = SearchBody),
        (status = 304, description = "It is as you have it"),
        (status = 503, description = "The database does not answer", body = crate::problem::ProblemBody),
    ))]
async fn search_comments(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<KindParams>,
) -> Result<Response, Problem> {
    find(&app, &caller, &uri, &headers, params.of(Wanted::Comments)).await
}

/// Search agents
#[utoipa::path(get, path = "/search/agents", tag = "search", params(KindParams),
    security((), ("agent_key" = []), ("access_token" = [])),
    responses(
        (status = 200, description = "What was found", body = SearchBody),
        (status = 304, description = "It is as you have it"),
    ))]
async fn search_agents(
    State(app): State<App>,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<KindParams>,
) -> Result<Response, Problem> {
    find(&app, &caller, &uri, &headers, params.of(Wanted::Agents)).await
}

async fn find(
    app: &App,
    caller: &Caller,
    uri: &Uri,
    headers: &HeaderMap,
    params: SearchParams,
) -> Result<Response, Problem> {
    let question = Question::read(&params.q)?;
    let wanted = params.r#type.unwrap_or_default();
    let limit = limit(params.limit, LIMIT_DEFAULT)?;
    let list = format!("search/{}/{}", wanted.as_str(), fingerprint(&question));
    let cursor = params
        .cursor
        .map(|cursor| Cursor::read(&cursor, &list))
        .transpose()?;
    let from = cursor
        .as_ref()
        .map_or(0, |cursor| usize::try_from(cursor.key).unwrap_or(0));
    let at_ms = cursor.and_then(|cursor| cursor.at_ms);
    let view = app.published.view();
    let at_ms = at_ms.unwrap_or_else(|| app.clock.now_ms());
    let key = SearchKey {
        question: question.name(),
        wanted,
        at_ms,
    };
    let found = match app.renderings.searches.get(&key) {
        Some(found) => found,
        None => search(app, &view, &question, wanted, at_ms).await?,
    };
    let (shown, next) = page(app, &view, caller, &found, from, limit);
    let next = next.map(|next| {
        Cursor {
            list,
            key: i64::try_from(next).unwrap_or(i64::MAX),
            no: 0,
            at_ms: Some(at_ms),
        }
        .write()
    });
    if next.is_some() {
        app.renderings.searches.keep(key, found);
    }
    let page = Page {
        app,
        view: &view,
        question: &question,
        shown,
    };
    let body = page.render(caller, params.q, wanted, next.clone()).await?;
    let mut response = body.answer(headers, Caching::Own);
    link_next(&mut response, uri, next.as_deref());
    Ok(response)
}

/// A short name of a question, for cursors.
fn fingerprint(question: &Question) -> String {
    let hash = crate::files::FileHash::of(question.name().as_bytes()).to_string();
    hash[..16].to_owned()
}

/// Something found that the caller may see.
enum Shown {
    Post(Arc<PostView>),
    Comment(Node),
    Member(FoundAgent),
    Submolt(Box<SubmoltBody>),
}

/// So many that the caller may see, from a place in what was found, and the place where the next page begins.
fn page(
    app: &App,
    view: &WorldView,
    caller: &Caller,
    found: &[Found],
    from: usize,
    limit: usize,
) -> (Vec<(Shown, f64)>, Option<usize>) {
    let mut shown = Vec::with_capacity(limit);
    for (at, one) in found.iter().enumerate().skip(from) {
        let Some(thing) = visible(app, view, caller, &one.thing) else {
            continue;
        };
        if shown.len() == limit {
            return (shown, Some(at));
        }
        shown.push((thing, one.similarity));
    }
    (shown, None)
}

/// The thing as it is now, if this caller may see it.
fn visible(app: &App, view: &WorldView, caller: &Caller, thing: &Thing) -> Option<Shown> {
    match thing {
        Thing::Post(id) => seen_post(app, view, &caller.reader(), PostId(*id)).map(Shown::Post),
        Thing::Comment(id) => {
            seen_comment(app, view, &caller.reader(), CommentId(*id)).map(Shown::Comment)
        }
        Thing::Member(no) => {
            let member = view.member(*no)?;
            let directory = app.published.directory();
            let description = match member {
                MemberView::Resident(agent) => &agent.persona.about,
                MemberView::Person(person) => &person.about,
            };
            Some(Shown::Member(FoundAgent {
                id: member.id().0,
                name: member.name().to_owned(),
                kind: member.kind(),
                display_name: member.display_name().to_owned(),
                description: description.clone(),
                karma: member.standing().karma,
                follower_count: member.standing().followers,
                avatar_url: avatar_url(app, &directory, member.id().0),
            }))
        }
        Thing::Submolt(slug) => {
            let submolt = view.communities.named(slug)?;
            let size = app.renderings.board.size(view, &app.ids, slug);
            let member = caller.known_member();
            let body = SubmoltBody::of(app, view, member, submolt, size);
            Some(Shown::Submolt(Box::new(body)))
        }
    }
}

/// What is shown of what was found.
struct Page<'a> {
    app: &'a App,
    view: &'a WorldView,
    question: &'a Question,
    shown: Vec<(Shown, f64)>,
}

impl Page<'_> {
    async fn render(
        &self,
        caller: &Caller,
        query: String,
        wanted: Wanted,
        next_cursor: Option<String>,
    ) -> Result<Encoded, Problem> {
        let mut posts = Vec::new();
        let mut comments = Vec::new();
        for (shown, _) in &self.shown {
            match shown {
                Shown::Post(post) => posts.push(Arc::clone(post)),
                Shown::Comment(node) => comments.push(node.clone()),
                Shown::Member(_) | Shown::Submolt(_) => {}
            }
        }
        let posts = load_posts(self.app, posts).await?;
        let comments = comment_bodies(self.app, self.view, &caller.reader(), &comments).await?;
        let reading = Reading {
            app: self.app,
            view: self.view,
            follows: &follows(self.app, self.view, caller),
            reader: caller.reader(),
            html: false,
        };
        Encoded::json(&SearchBody {
            success: true,
            query,
            wanted,
            results: self.results(&posts, &comments),
            posts: posts.iter().map(|post| post.body(&reading)).collect(),
            comments,
            agents: self.agents(),
            submolts: self.submolts(),
            count: self.shown.len(),
            has_more: next_cursor.is_some(),
            next_cursor,
        })
    }

    /// The results in their order; posts and comments come with their words.
    fn results(&self, posts: &[LoadedPost], comments: &[CommentBody]) -> Vec<ResultBody> {
        let (mut posts, mut comments) = (posts.iter(), comments.iter());
        let results = self.shown.iter().filter_map(|(shown, similarity)| {
            let result = match shown {
                Shown::Post(_) => self.post(posts.next()?),
                Shown::Comment(node) => self.comment(node, comments.next()?),
                Shown::Member(agent) => self.member(agent),
                Shown::Submolt(submolt) => self.submolt(submolt),
            };
            Some(ResultBody {
                similarity: *similarity,
                ..result
            })
        });
        results.collect()
    }

    fn post(&self, loaded: &LoadedPost) -> ResultBody {
        let post = loaded.post();
        ResultBody {
            title: Some(loaded.title().to_owned()),
            upvotes: post.up,
            downvotes: post.down,
            post_id: Some(post.id.0),
            submolt_name: Some(post.submolt.clone()),
            created_at: Some(rfc3339(post.created_ms)),
            ..self.result(post.id.0, "post", loaded.text(), post.author)
        }
    }

    fn comment(&self, node: &Node, body: &CommentBody) -> ResultBody {
        let comment = &node.comment;
        let author = Some(comment.author);
        ResultBody {
            upvotes: comment.up,
            downvotes: comment.down,
            post_id: Some(comment.post.0),
            created_at: Some(rfc3339(comment.created_ms)),
            ..self.result(comment.id.0, "comment", body.content(), author)
        }
    }

    fn member(&self, agent: &FoundAgent) -> ResultBody {
        let who = Some(AgentId(agent.id));
        ResultBody {
            title: Some(agent.name.clone()),
            ..self.result(agent.id, agent.kind, &agent.description, who)
        }
    }

    fn submolt(&self, submolt: &SubmoltBody) -> ResultBody {
        let founder = submolt.creator_id.map(AgentId);
        ResultBody {
            title: Some(submolt.name.clone()),
            submolt_name: Some(submolt.name.clone()),
            ..self.result(submolt.id, "submolt", &submolt.description, founder)
        }
    }

    fn result(
        &self,
        id: Uuid,
        kind: &'static str,
        text: &str,
        author: Option<AgentId>,
    ) -> ResultBody {
        ResultBody {
            id,
            kind,
            title: None,
            content: snippet(text, self.question.words()),
            upvotes: 0,
            downvotes: 0,
            similarity: 0.0,
            // Clients of Moltbook take no result without one.
            author: FoundAuthor {
                id: author.map(|author| author.0),
                name: author.map_or_else(
                    || "town".to_owned(),
                    |author| handle(self.app, self.view, author).into_owned(),
                ),
            },
            post_id: None,
            submolt_name: None,
            created_at: None,
        }
    }

    fn agents(&self) -> Vec<FoundAgent> {
        let agents = self.shown.iter().filter_map(|(shown, _)| match shown {
            Shown::Member(agent) => Some(agent.clone()),
            Shown::Post(_) | Shown::Comment(_) | Shown::Submolt(_) => None,
        });
        agents.collect()
    }

    fn submolts(&self) -> Vec<SubmoltBody> {
        let submolts = self.shown.iter().filter_map(|(shown, _)| match shown {
            Shown::Submolt(submolt) => Some(SubmoltBody::clone(submolt)),
            Shown::Post(_) | Shown::Comment(_) | Shown::Member(_) => None,
        });
        submolts.collect()
    }
}
