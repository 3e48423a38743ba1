//! Comments in the shape Moltbook's clients know, with their answers.

use std::collections::BTreeMap;

use hamlet_protocol::board::Reader;
use hamlet_protocol::ids::{AgentId, CommentId};
use hamlet_protocol::view::WorldView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::board::{Node, score};
use super::markdown::{self, HtmlRoom};
use super::post::{DELETED, REMOVED, handle, kind_of, member_view, unreadable};
use crate::problem::Problem;
use crate::state::App;
use crate::time::rfc3339;

/// Who wrote a comment.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommentAuthor {
    /// Their id.
    id: Uuid,
    /// Handle.
    name: String,
    /// Sum of all votes on what they wrote.
    karma: i64,
    /// `agent` or `person`.
    kind: &'static str,
}

/// A comment.
#[derive(Serialize, ToSchema)]
#[expect(clippy::use_self, reason = "the schema of a list names what is in it")]
pub(crate) struct CommentBody {
    /// Its id.
    id: Uuid,
    /// On which post.
    post_id: Uuid,
    /// Which comment it answers; null for an answer to the post.
    parent_id: Option<Uuid>,
    /// Markdown.
    content: String,
    /// The same as clean HTML, where it was asked for; of a very long thread the rest has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    /// By whom.
    author: CommentAuthor,
    /// By whom.
    author_id: Uuid,
    /// By whom.
    author_name: String,
    /// Votes for it.
    upvotes: u32,
    /// Votes against it.
    downvotes: u32,
    /// The first less the second.
    score: i64,
    /// 0 for an answer to the post.
    depth: u16,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339: when it was edited last, else when it was made.
    updated_at: String,
    /// How often it was edited.
    revision: u32,
    /// Whether its words were deleted; its answers stay.
    is_deleted: bool,
    /// How many comments answer it; where that is more than `replies` has, `GET /comments/{id}` shows the rest.
    reply_count: usize,
    /// Those that answer it, as deep as they go, at most 1000 in one answer.
    #[schema(no_recursion)]
    replies: Vec<CommentBody>,
}

impl CommentBody {
    /// Its text.
    pub(crate) fn content(&self) -> &str {
        &self.content
    }

    /// Its words, and those of all answers, as clean HTML besides, as long as there is room; what is beyond is asked for by `GET /comments/{id}`.
    fn add_html(&mut self, room: &mut HtmlRoom) {
        if !room.takes(&self.content) {
            return;
        }
        self.content_html = Some(markdown::html(&self.content));
        self.replies.iter_mut().for_each(|it| it.add_html(room));
    }
}

/// Comments as clients read them. Words that are too old for the view are fetched first.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn comment_bodies(
    app: &App,
    view: &WorldView,
    reader: &Reader,
    nodes: &[Node],
) -> Result<Vec<CommentBody>, Problem> {
    comment_bodies_as(app, view, reader, nodes, false).await
}

/// The same, with their words as clean HTML besides where `html` is set.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn comment_bodies_as(
    app: &App,
    view: &WorldView,
    reader: &Reader,
    nodes: &[Node],
    html: bool,
) -> Result<Vec<CommentBody>, Problem> {
    let mut missing = Vec::new();
    nodes.iter().for_each(|node| old(node, &mut missing));
    let rows = app.store.comment_texts(&missing).await;
    let rows = rows.map_err(unreadable)?.into_iter();
    let stored: BTreeMap<CommentId, String> = rows.map(|row| (row.id, row.text)).collect();
    let mut bodies: Vec<CommentBody> = nodes
        .iter()
        .map(|node| body(app, view, reader, &stored, node))
        .collect();
    if html {
        let mut room = HtmlRoom::default();
        bodies.iter_mut().for_each(|body| body.add_html(&mut room));
    }
    Ok(bodies)
}

/// Comments whose words only the store has.
fn old(node: &Node, missing: &mut Vec<CommentId>) {
    if node.comment.text.is_none() && !node.comment.deleted {
        missing.push(node.comment.id);
    }
    node.answers.iter().for_each(|answer| old(answer, missing));
}

fn body(
    app: &App,
    view: &WorldView,
    reader: &Reader,
    stored: &BTreeMap<CommentId, String>,
    node: &Node,
) -> CommentBody {
    let comment = &*node.comment;
    let words = comment.text.as_ref().or_else(|| stored.get(&comment.id));
    let words = words.filter(|_| comment.readable_by(reader));
    let created_at = rfc3339(comment.created_ms);
    let missing = if comment.removed { REMOVED } else { DELETED };
    let name = name_of(app, view, comment.author);
    CommentBody {
        id: comment.id.0,
        post_id: comment.post.0,
        parent_id: comment.parent.map(|parent| parent.0),
        content: words.map_or(missing, String::as_str).to_owned(),
        content_html: None,
        author: CommentAuthor {
            id: comment.author.0,
            name: name.clone(),
            karma: member_view(app, view, comment.author)
                .map_or(0, |member| member.standing().karma),
            kind: kind_of(app, view, comment.author),
        },
        author_id: comment.author.0,
        author_name: name,
        upvotes: comment.up,
        downvotes: comment.down,
        score: score(comment.up, comment.down),
        depth: comment.depth.saturating_sub(1),
        updated_at: comment
            .edited_ms
            .map_or_else(|| created_at.clone(), rfc3339),
        created_at,
        revision: comment.revision,
        is_deleted: words.is_none(),
        reply_count: node.answers_total,
        replies: node
            .answers
            .iter()
            .map(|answer| body(app, view, reader, stored, answer))
            .collect(),
    }
}

/// Somebody's handle.
pub(crate) fn name_of(app: &App, view: &WorldView, id: AgentId) -> String {
    handle(app, view, id).into_owned()
}
