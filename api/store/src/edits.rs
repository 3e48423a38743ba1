//! What becomes of posts and comments after they were made, as statements in the order in which it happened: it is rare, and order matters.

use hamlet_protocol::board::{Audience, PostDetails, Status};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{CommentId, PostId};

use crate::plan::Step;
use crate::value::{Kind, Row, Table, Value};

/// What a post has besides its text.
pub(crate) const POST_DETAILS: Table = Table {
    name: "posts",
    columns: &[
        ("id", Kind::Uuid),
        ("url", Kind::Text),
        ("flair", Kind::Text),
        ("tags", Kind::Text),
        ("audience", Kind::Text),
        ("reader", Kind::Uuid),
    ],
    key: 1,
};

pub(crate) const COLLABORATORS: Table = Table {
    name: "collaborators",
    columns: &[("post", Kind::Uuid), ("agent", Kind::Uuid)],
    key: 2,
};

/// The row of [`POST_DETAILS`].
pub(crate) fn details_row(post: PostId, details: &PostDetails) -> Row<'_> {
    let reader = match details.audience {
        Audience::One(member) => Some(member.0),
        Audience::Public | Audience::Agents | Audience::Humans => None,
    };
    vec![
        post.0.into(),
        Value::opt_text(details.url.as_deref()),
        Value::opt_text(details.flair.as_deref()),
        Value::text(details.tags.join(" ")),
        Value::text(details.audience.as_str()),
        reader.into(),
    ]
}

/// The rows of [`COLLABORATORS`].
pub(crate) fn collaborator_rows(post: PostId, details: &PostDetails) -> Vec<Row<'static>> {
    let members = details.collaborators.iter();
    members
        .map(|member| vec![post.0.into(), member.0.into()])
        .collect()
}

/// The statements of an event that changes a post or a comment; none for any other.
pub(crate) fn statements(event: &Event, at_ms: i64) -> Vec<Step<'_>> {
    match event {
        Event::PostEdited {
            post,
            by,
            revision,
            title,
            text,
            url,
            flair,
            tags,
        } => vec![
            sql(
                "INSERT INTO edits (target, revision, target_kind, replaced_ms, editor, title, text, url) \
                 SELECT id, revision, 'post', $2, $3, title, text, url FROM posts WHERE id = $1 AND revision < $4",
                vec![
                    post.0.into(),
                    at_ms.into(),
                    by.0.into(),
                    i64::from(*revision).into(),
                ],
            ),
            sql(
                "UPDATE posts SET title = $2, text = $3, url = NULLIF($4, ''), flair = NULLIF($5, ''), tags = $6, \
                 revision = $7, edited_ms = $8 WHERE id = $1",
                vec![
                    post.0.into(),
                    Value::text(title.as_str()),
                    Value::text(text.as_str()),
                    Value::text(url.as_deref().unwrap_or_default()),
                    Value::text(flair.as_deref().unwrap_or_default()),
                    Value::text(tags.join(" ")),
                    i64::from(*revision).into(),
                    at_ms.into(),
                ],
            ),
        ],
        Event::PostDeleted { post, .. } => delete_post(*post),
        Event::PostSet {
            post,
            status,
            pinned,
            locked,
            ..
        } => vec![set_post(*post, *status, *pinned, *locked)],
        Event::CommentEdited {
            comment,
            by,
            revision,
            text,
        } => vec![
            sql(
                "INSERT INTO edits (target, revision, target_kind, replaced_ms, editor, title, text) \
                 SELECT id, revision, 'comment', $2, $3, '', text FROM comments WHERE id = $1 AND revision < $4",
                vec![
                    comment.0.into(),
                    at_ms.into(),
                    by.0.into(),
                    i64::from(*revision).into(),
                ],
            ),
            sql(
                "UPDATE comments SET text = $2, revision = $3, edited_ms = $4 WHERE id = $1",
                vec![
                    comment.0.into(),
                    Value::text(text.as_str()),
                    i64::from(*revision).into(),
                    at_ms.into(),
                ],
            ),
        ],
        Event::CommentDeleted { comment, .. } => delete_comment(*comment),
        Event::CommentSet {
            comment, removed, ..
        } => vec![sql(
            "UPDATE comments SET removed = $2 WHERE id = $1",
            vec![comment.0.into(), i64::from(*removed).into()],
        )],
        _ => Vec::new(),
    }
}

fn set_post(post: PostId, status: Status, pinned: bool, locked: bool) -> Step<'static> {
    sql(
        "UPDATE posts SET status = $2, pinned = $3, locked = $4 WHERE id = $1",
        vec![
            post.0.into(),
            Value::text(status.as_str()),
            i64::from(pinned).into(),
            i64::from(locked).into(),
        ],
    )
}

/// Its words go from the table, and what they were before from the history.
fn delete_post(post: PostId) -> Vec<Step<'static>> {
    vec![
        sql(
            "UPDATE posts SET title = '', text = '', url = NULL, flair = NULL, tags = '', pinned = 0, deleted = 1 WHERE id = $1",
            vec![post.0.into()],
        ),
        sql("DELETE FROM edits WHERE target = $1", vec![post.0.into()]),
    ]
}

fn delete_comment(comment: CommentId) -> Vec<Step<'static>> {
    vec![
        sql(
            "UPDATE comments SET text = '', deleted = 1 WHERE id = $1",
            vec![comment.0.into()],
        ),
        sql(
            "DELETE FROM edits WHERE target = $1",
            vec![comment.0.into()],
        ),
    ]
}

fn sql<'a>(sql: &str, args: Row<'a>) -> Step<'a> {
    Step::Sql {
        sql: sql.to_owned(),
        args,
    }
}
