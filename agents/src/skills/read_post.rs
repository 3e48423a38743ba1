//! Reading one note with its answers.

use hamlet_protocol::board::Reader;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};
use crate::untrusted::quoted;

/// Answers that are shown, newest first.
const COMMENTS_MAX: usize = 12;
/// Characters of a note.
const POST_CHARS_MAX: usize = 2_000;
/// Newest comments of the whole board that are looked through.
const LOOKED_AT_MAX: usize = 5_000;

pub(super) struct ReadPost;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Mark of the note, such as #12.
    post: String,
}

impl Skill for ReadPost {
    const NAME: &'static str = "read_post";
    const ABOUT: &'static str = "Read a note on the board with its newest answers.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let post = on.post(&args.post)?;
        let author = post
            .author
            .map_or_else(|| "the town".to_owned(), |author| on.scene.called(author));
        let text = post.text.as_deref().unwrap_or("(too old to be read here)");
        let mut words = format!(
            "{} by {author}: {}\n{}",
            on.scene.mark(post.id),
            quoted(&post.title, 300),
            quoted(text, POST_CHARS_MAX)
        );
        let comments = &on.scene.view.comments;
        let reader = Reader::Agent(on.scene.ask.agent);
        let newest = (0..comments.len())
            .rev()
            .take(LOOKED_AT_MAX)
            .filter_map(|at| comments.get(at))
            .filter(|comment| comment.post == post.id && comment.readable_by(&reader));
        for comment in newest.take(COMMENTS_MAX) {
            let text = comment.text.as_deref().unwrap_or_default();
            words.push_str(&format!(
                "\n- {}: {}",
                on.scene.called(comment.author),
                quoted(text, 300)
            ));
        }
        Ok(Done::Looked(words))
    }
}
