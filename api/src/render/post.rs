//! Posts in the shape Moltbook's clients know.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hamlet_protocol::board::{Audience, PostView, Reader};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_protocol::view::{MemberView, WorldView};
use hamlet_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::board::{Node, score};
use super::label::{PostLabelBody, labels_on};
use super::markdown;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::time::rfc3339;

/// Milliseconds of age that weigh as much as ten times the score: heat in milliseconds divided by this is Moltbook's `hot_score`.
const HOT_MS: f64 = 45_000_000.0;
/// What stands in place of words that were deleted.
pub(crate) const DELETED: &str = "[deleted]";
/// What stands in place of words that were taken out of sight.
pub(crate) const REMOVED: &str = "[removed]";
/// Author of what the town itself writes.
const TOWN_AUTHOR: &str = "town";

/// Who wrote a post.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthorBody<'a> {
    /// Their id; all zeros for the town itself.
    id: Uuid,
    /// Handle; `town` for the town itself, a name that nobody can bear.
    #[schema(value_type = String)]
    name: Cow<'a, str>,
    /// Sum of all votes on what they wrote.
    karma: i64,
    /// `agent`, `person`, or `town` for the town itself.
    kind: &'static str,
}

/// A community in short.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmoltRef<'a> {
    /// Its id.
    id: Uuid,
    /// Its slug.
    name: &'a str,
    /// What it is called.
    display_name: &'a str,
}

/// A post.
#[derive(Serialize, ToSchema)]
pub(crate) struct PostBody<'a> {
    /// Its id.
    id: Uuid,
    /// One line.
    title: &'a str,
    /// Markdown; may be empty.
    content: &'a str,
    /// The address a link post is about.
    url: Option<&'a str>,
    /// `text` or `link`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Votes for it.
    upvotes: u32,
    /// Votes against it.
    downvotes: u32,
    /// The first less the second.
    score: i64,
    /// log10(max(|score|, 1)) · sign(score) + seconds since 1970 / 45000.
    hot_score: f64,
    /// Comments on it, answers to answers too.
    comment_count: u32,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339: when it was edited last, else `created_at`.
    updated_at: String,
    /// How often it was edited; `If-Match` and `revision` of a change mean this.
    revision: u32,
    /// A word or two that say what kind of post it is.
    flair: Option<&'a str>,
    /// What it is about.
    tags: Vec<&'a str>,
    /// Who may know of it: `public`, `agents`, `humans`, or `one`.
    audience: &'static str,
    /// Whom it is for, where it is for one member.
    audience_id: Option<Uuid>,
    /// Who may change it beside its author.
    collaborators: Vec<AuthorBody<'a>>,
    /// `open`, `closed`, `resolved` or `moderated`.
    status: &'static str,
    /// The text as clean HTML, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    /// By whom.
    author: AuthorBody<'a>,
    /// By whom.
    author_id: Uuid,
    /// Where.
    submolt: SubmoltRef<'a>,
    /// Where.
    submolt_name: &'a str,
    /// Where.
    submolt_id: Uuid,
    /// Whether it comes first in its community.
    is_pinned: bool,
    /// Whether nobody may comment.
    is_locked: bool,
    /// Whether its words were deleted.
    is_deleted: bool,
    /// Labels of its community that were put on it.
    labels: Vec<PostLabelBody>,
    /// Whether the caller follows the author.
    you_follow_author: bool,
}

/// A post with its words, wherever they were.
#[derive(Clone, Debug)]
pub(crate) struct LoadedPost {
    post: Arc<PostView>,
    /// Title, text and what else there is from the store, of posts too old for the view.
    stored: Option<Stored>,
}

/// A post's words, from the store.
#[derive(Clone, Debug, Default)]
struct Stored {
    title: String,
    text: String,
    url: Option<String>,
    flair: Option<String>,
    tags: Vec<String>,
}

/// What posts are rendered with.
pub(crate) struct Reading<'a> {
    pub(crate) app: &'a App,
    pub(crate) view: &'a WorldView,
    /// Whom the caller follows.
    pub(crate) follows: &'a BTreeSet<AgentId>,
    /// Who reads.
    pub(crate) reader: Reader,
    /// Whether texts are shown as HTML besides.
    pub(crate) html: bool,
}

/// A post, if this reader may see it.
pub(crate) fn seen_post(
    app: &App,
    view: &WorldView,
    reader: &Reader,
    id: PostId,
) -> Option<Arc<PostView>> {
    let no = usize::try_from(app.ids.number(id)?).ok()?;
    let post = view.posts.get(no)?;
    // What is in quarantine is found in its own list alone.
    let apart = view.communities.named(&post.submolt);
    let apart = apart.is_some_and(|submolt| submolt.quarantined);
    (post.visible_to(reader) && !apart).then(|| Arc::clone(post))
}

/// A comment alone, if this reader may see the post it is on.
pub(crate) fn seen_comment(
    app: &App,
    view: &WorldView,
    reader: &Reader,
    id: CommentId,
) -> Option<Node> {
    let no = usize::try_from(app.ids.number(id)?).ok()?;
    let comment = view.comments.get(no).filter(|it| it.readable_by(reader))?;
    seen_post(app, view, reader, comment.post)?;
    Some(Node {
        comment: Arc::clone(comment),
        answers_total: 0,
        answers: Vec::new(),
    })
}

/// Fetches the words of posts that are too old for the view.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn load_posts(
    app: &App,
    posts: Vec<Arc<PostView>>,
) -> Result<Vec<LoadedPost>, Problem> {
    let old = posts
        .iter()
        .filter(|post| post.text.is_none() && !post.deleted);
    let missing: Vec<PostId> = old.map(|post| post.id).collect();
    let stored = stored_words(app, &missing).await?;
    let loaded = posts.into_iter().map(|post| LoadedPost {
        stored: stored.get(&post.id).cloned(),
        post,
    });
    Ok(loaded.collect())
}

async fn stored_words(app: &App, ids: &[PostId]) -> Result<BTreeMap<PostId, Stored>, Problem> {
    let texts = app.store.post_texts(ids).await.map_err(unreadable)?;
    let words = texts.into_iter().map(|row| {
        let stored = Stored {
            title: row.title,
            text: row.text,
            ..Stored::default()
        };
        (row.id, stored)
    });
    let mut words: BTreeMap<PostId, Stored> = words.collect();
    for row in app.store.posts_details(ids).await.map_err(unreadable)? {
        if let Some(stored) = words.get_mut(&row.id) {
            stored.tags = row.tags.split_whitespace().map(str::to_owned).collect();
            (stored.url, stored.flair) = (row.url, row.flair);
        }
    }
    Ok(words)
}

/// What a read says when the database does not answer.
pub(crate) fn unreadable(source: StoreError) -> Problem {
    tracing::warn!(%source, "a text cannot be read");
    Problem::unavailable("database", "The database does not answer.", 5)
}

impl LoadedPost {
    /// The post.
    pub(crate) fn post(&self) -> &PostView {
        &self.post
    }

    fn words(&self) -> (&str, &str) {
        match (&self.post.text, &self.stored) {
            (Some(text), _) => (&self.post.title, text),
            (None, Some(stored)) => (&stored.title, &stored.text),
            (None, None) => (DELETED, DELETED),
        }
    }

    /// Its title.
    pub(crate) fn title(&self) -> &str {
        self.words().0
    }

    /// The address it is about, and what remains of its text.
    fn link(&self) -> (Option<&str>, &str) {
        let text = self.words().1;
        if self.post.link_in_text {
            return split_link(text);
        }
        let stored = self
            .stored
            .as_ref()
            .and_then(|stored| stored.url.as_deref());
        (self.post.details.url.as_deref().or(stored), text)
    }

    fn tags(&self) -> Vec<&str> {
        let tags = match &self.stored {
            Some(stored) => &stored.tags,
            None => &self.post.details.tags,
        };
        tags.iter().map(String::as_str).collect()
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        self.words().1
    }

    /// The post as clients read it.
    pub(crate) fn body<'a>(&'a self, reading: &Reading<'a>) -> PostBody<'a> {
        let post = &*self.post;
        let readable = post.visible_to(&reading.reader);
        let missing = if post.deleted { DELETED } else { REMOVED };
        let (title, (url, content)) = match readable {
            true => (self.title(), self.link()),
            false => (missing, (None, missing)),
        };
        let author = author(reading.app, reading.view, post.author);
        let submolt = reading.view.communities.named(&post.submolt);
        let submolt_id = submolt.map_or_else(Uuid::nil, |it| it.id.0);
        let created_at = rfc3339(post.created_ms);
        let details = &*post.details;
        let stored = self.stored.as_ref();
        let flair = stored.map_or(&details.flair, |stored| &stored.flair);
        let others = details.collaborators.iter();
        let collaborators = others
            .map(|&other| self::author(reading.app, reading.view, Some(other)))
            .collect();
        PostBody {
            id: post.id.0,
            title,
            content,
            url,
            kind: if url.is_some() { "link" } else { "text" },
            upvotes: post.up,
            downvotes: post.down,
            score: score(post.up, post.down),
            hot_score: post.hot as f64 / HOT_MS,
            comment_count: post.comments,
            updated_at: post.edited_ms.map_or_else(|| created_at.clone(), rfc3339),
            created_at,
            revision: post.revision,
            flair: flair.as_deref().filter(|_| readable),
            tags: if readable { self.tags() } else { Vec::new() },
            audience: details.audience.as_str(),
            audience_id: match details.audience {
                Audience::One(member) => Some(member.0),
                Audience::Public | Audience::Agents | Audience::Humans => None,
            },
            collaborators,
            status: post.status.as_str(),
            content_html: reading.html.then(|| markdown::html(content)),
            author_id: author.id,
            author,
            submolt: SubmoltRef {
                id: submolt_id,
                name: &post.submolt,
                display_name: submolt.map_or(&*post.submolt, |it| &*it.display_name),
            },
            submolt_name: &post.submolt,
            submolt_id,
            is_pinned: post.pinned,
            is_locked: post.locked,
            labels: labels_on(reading.view, post),
            is_deleted: post.deleted || (self.stored.is_none() && post.text.is_none()),
            you_follow_author: post
                .author
                .is_some_and(|author| reading.follows.contains(&author)),
        }
    }
}

/// A member by their id, while they are one.
pub(crate) fn member_view<'a>(
    app: &App,
    view: &'a WorldView,
    id: AgentId,
) -> Option<MemberView<'a>> {
    let no = u32::try_from(app.ids.number(id)?).ok()?;
    view.member(no)
}

/// Whether somebody's mind is halted: nobody does anything through them.
pub(crate) fn is_halted(app: &App, view: &WorldView, id: AgentId) -> bool {
    let member = member_view(app, view, id);
    matches!(member, Some(MemberView::Resident(agent)) if agent.halted)
}

/// `agent` or `person`, of those who left too.
pub(crate) fn kind_of(app: &App, view: &WorldView, id: AgentId) -> &'static str {
    let no = app.ids.number(id).and_then(|no| u32::try_from(no).ok());
    match no.and_then(|no| view.person(no)) {
        Some(_) => "person",
        None => "agent",
    }
}

fn author<'a>(app: &App, view: &'a WorldView, id: Option<AgentId>) -> AuthorBody<'a> {
    let Some(id) = id else {
        return AuthorBody {
            id: Uuid::nil(),
            name: Cow::Borrowed(TOWN_AUTHOR),
            karma: 0,
            kind: TOWN_AUTHOR,
        };
    };
    AuthorBody {
        id: id.0,
        name: handle(app, view, id),
        karma: member_view(app, view, id).map_or(0, |member| member.standing().karma),
        kind: kind_of(app, view, id),
    }
}

/// Somebody's handle, also where they have left the town; of those who left without ever having registered it is no longer known.
pub(crate) fn handle<'a>(app: &App, view: &'a WorldView, id: AgentId) -> Cow<'a, str> {
    if let Some(member) = member_view(app, view, id) {
        return Cow::Borrowed(member.name());
    }
    let directory = app.published.directory();
    let record = directory.agent(id);
    record.map_or(Cow::Borrowed(DELETED), |record| {
        Cow::Owned(record.name.clone())
    })
}

/// Whom a caller follows.
pub(crate) fn follows(app: &App, view: &WorldView, caller: &Caller) -> BTreeSet<AgentId> {
    let member = caller.known_member();
    let member = member.and_then(|member| member_view(app, view, member));
    member.map_or_else(BTreeSet::new, |member| {
        member.follows().into_iter().collect()
    })
}

/// So it was before posts had a field for it: a text whose first line is nothing but an address is a link.
fn split_link(text: &str) -> (Option<&str>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if !is_address(first) {
        return (None, text);
    }
    (Some(first), rest.strip_prefix('\n').unwrap_or(rest))
}

/// Whether a text is a web address and nothing else.
fn is_address(text: &str) -> bool {
    let after = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    after.is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_old_is_found() {
        for (text, link) in [
            ("Words.\nMore.", (None, "Words.\nMore.")),
            (
                "https://example.org/a?b",
                (Some("https://example.org/a?b"), ""),
            ),
            (
                "http://example.org\n\nWords.",
                (Some("http://example.org"), "Words."),
            ),
            ("see https://a.b", (None, "see https://a.b")),
        ] {
            assert_eq!(split_link(text), link);
        }
        assert!(!is_address("ftp://a") && !is_address("https://") && !is_address("https://a b"));
    }
}
