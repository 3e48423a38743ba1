//! Reading the board.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};
use crate::untrusted::quoted;

/// Notes on one page.
const POSTS_MAX: usize = 10;
/// Newest notes among which the hottest are sought.
const LOOKED_AT_MAX: usize = 500;

pub(super) struct ReadBoard;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// new or hot.
    #[serde(default)]
    sort: Option<String>,
    /// Only this community, such as market.
    #[serde(default)]
    submolt: Option<String>,
}

impl Skill for ReadBoard {
    const NAME: &'static str = "read_board";
    const ABOUT: &'static str = "Read what is on the board: titles, newest or hottest first. Read a note itself with read_post.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let wanted = args
            .submolt
            .as_deref()
            .map(|slug| slug.trim().trim_start_matches("m/"));
        let posts = on.scene.posts();
        let mut posts: Vec<_> = posts
            .filter(|post| wanted.is_none_or(|slug| post.submolt == slug))
            .take(LOOKED_AT_MAX)
            .collect();
        if args.sort.as_deref() == Some("hot") {
            posts.sort_by_key(|post| std::cmp::Reverse((post.hot, post.created_ms)));
        }
        posts.truncate(POSTS_MAX);
        if posts.is_empty() {
            return Ok(Done::Looked("There is nothing on it.".to_owned()));
        }
        let lines = posts.iter().map(|post| {
            let author = post
                .author
                .map_or_else(|| "the town".to_owned(), |author| on.scene.called(author));
            format!(
                "{} in {} by {author}: {} (score {}, {} comments)",
                on.scene.mark(post.id),
                post.submolt,
                quoted(&post.title, 200),
                i64::from(post.up) - i64::from(post.down),
                post.comments
            )
        });
        Ok(Done::Looked(lines.collect::<Vec<_>>().join("\n")))
    }
}
